"""The packets of a picture track: when each is shown and decoded, which can be decoded on its own, which are whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import av.error
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from mtenvs.backends.video.files import HeldFile
from mtenvs.backends.video.frames import Subtitle
from mtenvs.backends.video.subtitles import line_of_packet
from mtenvs.backends.video.tracks import read_only

NONE = np.iinfo(np.int64).min
"""A time stamp that is missing."""
AT_THE_END = 64
"""A damaged packet further from the end is a hole in the file, not the end of it."""
_PROBES, _PROBED = 5, 6  # places of a file, and packets at each, where the table of an MP4 is held against what is read there
_INDEX_KEY, _INDEX_DISCARD = 1, 2  # AVINDEX_KEYFRAME, AVINDEX_DISCARD_FRAME
Lines = dict[int, list[Subtitle]]


@dataclass(eq=False)
class Packets:
    """All packets of a picture track, in the order in which they are stored.

    Attributes:
        pts: int64 presentation times in ticks, or `NONE`.
        dts: int64 decoding times, or `NONE`.
        key: decoding can start here.
        shown: gives a frame that is to be seen.
        corrupt: not whole.
        last_duration: ticks for which the last one is shown, 0 where the file does not say.
        damaged: something is missing.
        lines: of text tracks, on the container's clock, by number of the track.
        end: seconds on the container's clock at which the last packet of another track ends.
    """

    pts: npt.NDArray[np.int64]
    dts: npt.NDArray[np.int64]
    key: npt.NDArray[np.bool_]
    shown: npt.NDArray[np.bool_]
    corrupt: npt.NDArray[np.bool_]
    last_duration: int = 0
    damaged: bool = False
    lines: Lines = field(default_factory=dict)
    end: float = 0.0

    def __len__(self) -> int:
        return len(self.pts)

    @property
    def reorder(self) -> int:
        """By how many places a frame is decoded later than it is shown, at most."""
        shown_as = np.empty(len(self), np.int64)
        shown_as[np.argsort(self.pts, kind="stable")] = np.arange(len(self))
        return int((np.arange(len(self)) - shown_as).max(initial=0))

    def certain(self) -> npt.NDArray[np.int64]:
        """Positions of the frames whose number is certain though the data end too early.

        What is missing would be decoded after the last whole packet, so it would not be shown before that packet's decoding time. Frames
        shown later than that may have lost a neighbour that comes before them.
        """
        tail = np.flatnonzero(self.corrupt[-AT_THE_END:])
        whole = max(0, len(self) - AT_THE_END) + int(tail[0]) if len(tail) else len(self)
        last = self.dts[:whole].max(initial=NONE)
        sure = self.shown[:whole] & ((self.pts[:whole] <= last) | (last == NONE))
        return np.flatnonzero(sure).astype(np.int64)


def read_packets(file: HeldFile, container: InputContainer, stream: VideoStream, texts: set[int]) -> Packets:
    """The packets of a file that was just opened, from its sample table where there is a good one, else by reading all of it."""
    if not container.format.name.startswith("mov"):
        return _by_reading(container, stream.index, texts)
    found = _from_table(file, container, stream)
    if found is None:
        with file.open("mov") as again:  # the table may have been held against packets further on
            return _by_reading(again, stream.index, texts)
    tracks = [s for s in container.streams if s.type == "audio" and s.duration and s.time_base is not None]
    found.end = max((float(((s.start_time or 0) + (s.duration or 0)) * (s.time_base or 1)) for s in tracks), default=0.0)
    if texts:
        with file.open("mov") as again:
            read_only(again, texts)
            rest = _by_reading(again, stream.index, texts)
        found.lines, found.end = rest.lines, max(found.end, rest.end)
    return found


def _from_table(file: HeldFile, container: InputContainer, stream: VideoStream) -> Packets | None:
    """What the sample table of an MP4 says, held against the packets in several places; None where it cannot be relied upon."""
    if not hasattr(stream, "index_entries"):  # in older PyAV
        return None
    entries = [(e.timestamp, e.flags, e.pos + e.size) for e in stream.index_entries]
    offsets = file.presentation_offsets(stream.id, len(entries)) if entries and len(entries) == stream.frames else None
    if offsets is None:
        return None
    dts, flags, ends = np.asarray(entries, dtype=np.int64).T
    if ends.max() > file.key.size:
        return None
    pts = dts + offsets - min(0, int(offsets.min()))
    duration = int(dts[-1] - dts[-2]) if len(dts) > 1 else 0
    key, shown = (flags & _INDEX_KEY) > 0, (flags & _INDEX_DISCARD) == 0
    found = Packets(pts, dts, key, shown, np.zeros(len(dts), np.bool_), duration)
    keys = np.flatnonzero(key)
    places = {int(keys[k]) for k in np.linspace(0, len(keys) - 1, _PROBES).astype(int)} if len(keys) else set()
    try:
        good = bool(places) and all(_agrees(container, stream, found, at) for at in places)
    except (av.error.FFmpegError, OSError):
        return None
    return found if good else None


def _agrees(container: InputContainer, stream: VideoStream, found: Packets, at: int) -> bool:
    """Whether the packets from a position on are as the table says; behind the last keyframe, all of them are looked at."""
    until = at + _PROBED if found.key[at + 1 :].any() else len(found)
    container.seek(int(found.pts[at]), stream=stream)
    position = at
    for packet in container.demux(stream):
        if not packet.size or position == until:
            break
        said = (found.pts[position], found.dts[position], found.key[position], found.shown[position])
        if (packet.pts, packet.dts, packet.is_keyframe, not packet.is_discard) != said or packet.is_corrupt:
            return False
        if position == len(found) - 1:
            found.last_duration = packet.duration or found.last_duration
        position += 1
    return position == min(until, len(found))


def _by_reading(container: InputContainer, picture: int, texts: set[int]) -> Packets:
    """All packets of all tracks that are not discarded."""
    pts: list[int] = []
    dts: list[int] = []
    flags: list[tuple[bool, bool, bool]] = []
    lines: Lines = defaultdict(list)
    ends: dict[int, float] = {}
    duration, damaged = 0, False
    packet: Packet[Any]
    try:
        for packet in container.demux():
            if not packet.size:
                continue
            if packet.stream.index == picture:
                corrupt = packet.is_corrupt
                pts.append(NONE if packet.pts is None else packet.pts)
                dts.append(NONE if packet.dts is None else packet.dts)
                flags.append((packet.is_keyframe and not corrupt, not (corrupt or packet.is_discard), corrupt))
                damaged |= corrupt
                duration = packet.duration or duration
            elif packet.pts is not None and packet.time_base is not None:
                ends[packet.stream.index] = float((packet.pts + (packet.duration or 0)) * packet.time_base)
                line = line_of_packet(packet) if packet.stream.index in texts else None
                if line is not None:
                    lines[packet.stream.index].append(line)
    except (av.error.FFmpegError, OSError):
        damaged = True  # the data end here; what came before stands
    key, shown, corrupted = np.asarray(flags, dtype=np.bool_).reshape(-1, 3).T
    end = max(ends.values(), default=0.0)
    return Packets(np.asarray(pts, np.int64), np.asarray(dts, np.int64), key, shown, corrupted, duration, damaged, dict(lines), end)
