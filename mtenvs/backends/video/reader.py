"""One open file and one decoder: reads forward, skips what nobody asked for, and checks what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Protocol, TypeAlias

import av.error
import numpy as np
from av.codec.context import ThreadType
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mtenvs.backends.video.files import HeldFile
from mtenvs.backends.video.index import Index
from mtenvs.backends.video.tracks import read_only
from mtenvs.core.errors import VideoError

Emit: TypeAlias = Callable[[int, VideoFrame], None]
"""Takes the number of a frame, and the frame."""
SKIPPABLE = {"h264", "hevc", "mpeg4", "mpeg2video", "mpeg1video"}
"""Codecs whose decoders in libavcodec can leave out frames that no other frame needs."""
LONGEST_DELAY = 64
"""Packets after which a frame has come out or never will; H.264 and HEVC hold back at most 16."""
REORDERING = {"h264", "hevc"}
"""Codecs whose decoders find out while they decode how far frames are reordered, where the stream does not say."""
STASH = 8
"""Decoded frames kept that were not asked for yet."""


def picture_stream(container: InputContainer, number: int) -> VideoStream:
    """The picture stream of that number."""
    stream = container.streams[number]
    if not isinstance(stream, VideoStream):
        raise VideoError(f"track {number} of {container.name!r} holds no pictures any more. Open the file again")
    return stream


def one_thread(decoder: VideoCodecContext) -> None:
    """Decode in the calling thread: more threads cost CPU time, add latency to every seek, and do not survive a fork."""
    decoder.thread_count = 1
    decoder.thread_type = ThreadType.NONE


class Reader(Protocol):
    """What decodes the frames of one file."""

    def read(self, start: int, numbers: Sequence[int], emit: Emit, *, final: bool) -> set[int]:
        """Emit each of some frames.

        Args:
            start: the key (an index into ``key_position``) from which all of them can be decoded, -1 for the start of the file.
            numbers: ascending.
            emit: called once for each frame that came out.
            final: nothing right behind these will be asked for, so that the decoder may be drained.

        Returns:
            the numbers that did not come out.
        """

    def close(self) -> None:
        """Let go of file and decoder."""


class ExactReader:
    """Reads a file whose packets have unique presentation times; not thread-safe.

    Args:
        file: to read from.
        index: of that file.
    """

    def __init__(self, file: HeldFile, index: Index) -> None:
        self._file, self._index = file, index
        self._container: InputContainer | None = None
        self._packets: Iterator[Packet[Any]] = iter(())
        self._skippable = index.codec in SKIPPABLE
        self._from, self._next = 0, -1  # positions: where decoding began, and the packet to be fed next; -1: nowhere
        self._pending: set[int] = set()  # fed, to be shown, not yet come out
        self._stash: dict[int, VideoFrame] = {}  # came out before anybody asked
        self.decoded = 0
        self.seeks = 0

    def close(self) -> None:
        """Let go of file and decoder."""
        self._packets, self._next = iter(()), -1
        self._pending.clear()
        self._stash.clear()
        if self._container is not None:
            self._container.close()
            self._container = None

    def read(self, start: int, numbers: Sequence[int], emit: Emit, *, final: bool) -> set[int]:
        """See `Reader.read`."""
        index = self._index
        wanted = {int(index.pts[n]): n for n in numbers}
        last, latest = int(index.position[numbers].max()), int(index.pts[numbers[-1]])
        if not self._continues(start, numbers):
            self._seek(start)
        for pts in [p for p in wanted if p in self._stash]:
            emit(wanted.pop(pts), self._stash.pop(pts))
        while wanted:
            if self._next > last and (final or self._next > last + LONGEST_DELAY):
                frames, ended = self._drain(), True
            else:
                frames, ended = self._feed(wanted, last, latest)
            self._hand_out(frames, wanted, latest, emit)
            if ended:
                break
        return set(wanted.values())

    def _hand_out(self, frames: list[VideoFrame], wanted: dict[int, int], latest: int, emit: Emit) -> None:
        """Emit what is wanted, and keep what comes after it; the list is emptied, so that the decoder has its memory back."""
        while frames:
            frame = frames.pop(0)
            stamp = frame.pts
            if stamp is None:
                continue
            self._pending.discard(stamp)
            if stamp in wanted:
                if not frame.is_corrupt:
                    emit(wanted.pop(stamp), frame)
            elif stamp > latest:
                self._keep(stamp, frame)

    def _continues(self, start: int, numbers: Sequence[int]) -> bool:
        """Whether decoding on gives all of them, and is no longer than beginning at their keyframe."""
        index = self._index
        begin = int(index.key_position[start]) if start >= 0 else 0
        if self._next < 0 or begin < self._from or begin > self._next:
            return False
        held = self._pending | self._stash.keys()
        return all(index.position[n] >= self._next or int(index.pts[n]) in held for n in numbers)

    def _feed(self, wanted: dict[int, int], last: int, latest: int) -> tuple[list[VideoFrame], bool]:
        """Decode one packet: what came out, and whether that was the end."""
        packet = next(self._packets, None)
        if packet is None or not packet.size:
            return self._drain(), True
        position, self._next = self._next, self._next + 1
        stamp = packet.pts
        skip = self._skippable and position <= last and stamp is not None and stamp < latest and stamp not in wanted
        self._decoder.skip_frame = "NONREF" if skip else "DEFAULT"
        if not skip and stamp is not None:
            self._pending.add(stamp)
        self.decoded += not skip
        try:
            return packet.decode(), False
        except (av.error.FFmpegError, OSError):
            self._next = -1
            return [], True

    def _drain(self) -> list[VideoFrame]:
        self._next = -1
        try:
            return self._decoder.decode(None)
        except (av.error.FFmpegError, OSError):
            return []

    def _keep(self, stamp: int, frame: VideoFrame) -> None:
        if len(self._stash) >= STASH:
            del self._stash[next(iter(self._stash))]
        self._stash[stamp] = frame

    def _seek(self, start: int) -> None:
        """Stand before the packet of a key, with an empty decoder; try earlier and earlier places until one is found."""
        self._pending.clear()
        self._stash.clear()
        self.seeks += 1
        index = self._index
        if start >= 0:
            begin = int(index.key_position[start])
            for back in (0, 1, 4):
                key = max(start - back, 0)
                for stamp in (int(index.key_pts[key]), int(index.key_dts[key])):
                    if self._jump(stamp, begin):
                        return
        self.close()
        self._open()
        self._next = self._from = 0
        while start >= 0 and self._next < index.key_position[start]:
            if next(self._packets, None) is None:
                break
            self._next += 1
        self._from = self._next

    def _jump(self, stamp: int, begin: int) -> bool:
        """Seek to a time stamp, and read on to a position; False where the container cannot, or lands behind it."""
        container = self._open()
        try:
            container.seek(stamp, stream=self._stream)
            self._expect_reordering()
            self._packets = self._demux()
            for packet in self._packets:
                this = np.flatnonzero(self._index.key_pts == (packet.pts if packet.is_keyframe else None))
                if len(this):
                    self._next = int(self._index.key_position[this[0]])
                    break
            else:
                return False
            if self._next > begin:
                return False
            while self._next < begin:
                packet = next(self._packets)
                self._next += 1
        except (av.error.FFmpegError, OSError, StopIteration):
            self._next = -1
            return False
        self._packets = chain((packet,), self._packets)
        self._from = begin
        return True

    def _expect_reordering(self) -> None:
        """Tell the decoder how far frames are reordered: after a seek it would guess, and drop frames while it guesses too low."""
        if self._index.codec in REORDERING and hasattr(self._decoder, "reorder_depth"):  # not in older PyAV
            self._decoder.reorder_depth = max(self._decoder.reorder_depth, min(self._index.reorder, 16))

    def _demux(self) -> Iterator[Packet[Any]]:
        return self._open().demux(self._stream)

    def _open(self) -> InputContainer:
        if self._container is None:
            self._container = self._file.open(self._index.container)
            read_only(self._container, {self._index.stream})
            self._stream = picture_stream(self._container, self._index.stream)
            self._decoder = self._stream.codec_context
            one_thread(self._decoder)
            self._expect_reordering()
            self._packets = self._demux()
            self._next = self._from = 0
        return self._container
