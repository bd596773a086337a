"""One pass over the packets of a file, which tells what is really in it."""

from __future__ import annotations

import contextlib

import av
import av.error
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from mtenvs.backends.video.files import HeldFile
from mtenvs.backends.video.frames import Subtitle
from mtenvs.backends.video.index import Index, narrow
from mtenvs.backends.video.packets import NONE, read_packets
from mtenvs.backends.video.rotation import rotation_of
from mtenvs.core.errors import VideoOpenError

TEXT_CODECS = {"mov_text", "subrip", "srt", "ass", "ssa", "webvtt", "text"}
ATTACHED_PICTURE = 0x400
"""AV_DISPOSITION_ATTACHED_PIC: the cover of a song is no video."""
_USUAL_NAMES = {"srt": "subrip", "ssa": "ass"}


def build_index(file: HeldFile) -> Index:
    """Read all packets of a file once, and decode its first frame.

    Raises:
        VideoOpenError: it is no video, or has no picture that can be decoded.
    """
    with file.open() as container:
        stream = _picture_stream(container, file.key.path)
        audio = next((s for s in container.streams.audio if s.codec_context is not None), None)
        texts = {s.index: s for s in container.streams.subtitles if s.codec_context is not None and s.codec_context.name in TEXT_CODECS}
        tick = float(stream.time_base or 1)
        packets = read_packets(file, container, stream, set(texts))
        first = _first_frame(file, stream.index, container.format.name.split(",")[0])
        if first is None or not packets.shown.any():
            raise VideoOpenError(f"{file.key.path!r} has a picture track, but no picture in it can be decoded. Copy or download it again")
        zero = (container.start_time or 0) / av.time_base
        promised, rate, codec = stream.frames, float(stream.average_rate or 25), stream.codec_context.name
        name, stream_index, audio_index = container.format.name.split(",")[0], stream.index, -1 if audio is None else audio.index
        kinds = {k: _USUAL_NAMES.get(s.codec_context.name, s.codec_context.name) for k, s in texts.items()}
    cut = packets.damaged or file.is_cut(name) or (name == "mov" and promised > len(packets))
    positions = packets.certain() if cut else np.flatnonzero(packets.shown).astype(np.int64)
    pts, keys = packets.pts[positions], np.flatnonzero(packets.key).astype(np.int64)
    order = np.argsort(pts, kind="stable")
    pts, positions = pts[order], positions[order]
    last = packets.last_duration * tick
    ordinal = not len(pts) or bool((pts == NONE).any() or (np.diff(pts) == 0).any() or (packets.pts[keys] == NONE).any())
    if ordinal:
        pts, positions = np.arange(max(1, _count_by_decoding(file, stream_index, name))), np.empty(0, np.int64)
        tick, origin = 1 / rate, zero
    else:
        origin = float(pts[0] * tick)
    gaps = np.diff(pts) * tick
    gap = last or (float(np.median(gaps)) if len(gaps) else 1 / rate)
    duration = float(pts[-1] - pts[0]) * tick + gap
    return Index(
        pts=narrow(pts),
        position=narrow(positions),
        key_position=keys,
        key_pts=packets.pts[keys],
        key_dts=np.where(packets.dts[keys] == NONE, packets.pts[keys], packets.dts[keys]),
        tick=tick,
        origin=origin,
        zero=zero,
        end_s=max(duration, packets.end - origin),
        duration_s=duration,
        stream=stream_index,
        audio=audio_index,
        container=name,
        codec=codec,
        width=first.width,
        height=first.height,
        rotation=rotation_of(first),
        promised=max(promised if name == "mov" else 0, len(packets), len(pts)),
        truncated=cut,
        ordinal=ordinal,
        variable_rate=bool(len(gaps) and gaps.max() - gaps.min() > max(2.01 * tick, 0.02 * float(gaps.mean()))),
        reorder=packets.reorder,
        subtitles=tuple((kinds[k], _timed(packets.lines.get(k, []), origin)) for k in sorted(texts)),
    )


def _picture_stream(container: InputContainer, path: str) -> VideoStream:
    for stream in container.streams.video:
        if stream.codec_context is not None and not int(getattr(stream, "disposition", 0)) & ATTACHED_PICTURE:
            return stream
    kinds = ", ".join(sorted({str(s.type) for s in container.streams})) or "nothing"
    raise VideoOpenError(f"{path!r} has no picture track (it holds: {kinds}). Give a file with pictures")


def _timed(lines: list[Subtitle], origin: float) -> tuple[Subtitle, ...]:
    """Lines on our clock, in order."""
    return tuple(
        sorted((Subtitle(round(s.start - origin, 6), round(s.end - origin, 6), s.text) for s in lines), key=lambda s: (s.start, s.end))
    )


def _first_frame(file: HeldFile, stream: int, name: str) -> VideoFrame | None:
    """The first picture that comes out: its real size and how it is turned."""
    with file.open(name) as container:
        try:
            for frame in container.decode(container.streams[stream]):
                if isinstance(frame, VideoFrame):
                    return frame
        except (av.error.FFmpegError, OSError):
            return None
    return None


def _count_by_decoding(file: HeldFile, stream: int, name: str) -> int:
    """Frames of a file whose packets do not tell when they are shown: decode all of it and count."""
    count = 0
    with file.open(name) as container, contextlib.suppress(av.error.FFmpegError, OSError):
        for _ in container.decode(container.streams[stream]):
            count += 1
    return count
