"""The long videos that `video.py` measures on: made once, kept in the cache folder, each frame with its number drawn into it."""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer, OutputContainer
from av.video.stream import VideoStream

WIDTH, HEIGHT, RATE = 640, 360, 25
SEGMENT_FRAMES = 9000
"""Six minutes; a multiple of both distances between keyframes."""
COPIES = 10
BITS = 20
_BLOCK = 16
_OPTIONS = {"preset": "ultrafast", "sc_threshold": "0", "bf": "2", "crf": "28"}


def folder() -> Path:
    """Where the files are kept."""
    given = os.environ.get("MTENVS_CACHE")
    return (Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mtenvs") / "bench-video"


def long_video(gop: int, *, quick: bool) -> Path:
    """One hour of 640 x 360 at 25 frames/s with a keyframe every ``gop`` frames; six minutes for ``quick``."""
    segment = folder() / f"segment-{gop}-v1.mp4"
    if not segment.exists():
        _write(segment, lambda path: _render(path, gop))
    if quick:
        return segment
    hour = folder() / f"hour-{gop}-v1.mp4"
    if not hour.exists():
        _write(hour, lambda path: _repeat(segment, path))
    return hour


def number_in(picture: npt.NDArray[np.uint8]) -> int:
    """The number drawn into a frame of any size, modulo `SEGMENT_FRAMES`."""
    x, y = picture.shape[1] / WIDTH, picture.shape[0] / HEIGHT
    rows = slice(round(7 * y), round(17 * y))
    blocks = [picture[rows, round((12 + k * _BLOCK) * x) : round((20 + k * _BLOCK) * x)] for k in range(BITS)]
    return sum(1 << k for k, block in enumerate(blocks) if block.mean() > 128)


def _write(path: Path, work: Callable[[Path], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{os.getpid()}-{path.name}")
    work(part)
    part.replace(path)


def _render(path: Path, gop: int) -> None:
    """A camera that wanders over a coarse pattern under fine noise."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 128, (45, 88, 3)).repeat(16, axis=0).repeat(16, axis=1) + 64
    world = np.clip(coarse + rng.integers(-5, 6, coarse.shape), 0, 255).astype(np.uint8)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE, options={**_OPTIONS, "g": str(gop), "keyint_min": str(gop)})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.thread_count = 2
        for number in range(SEGMENT_FRAMES):
            x, y = int(380 + 370 * np.sin(number / 90)), int(180 + 170 * np.cos(number / 130))
            picture = world[y : y + HEIGHT, x : x + WIDTH].copy()
            for bit in range(BITS):
                picture[4:20, 8 + bit * _BLOCK : 24 + bit * _BLOCK] = 255 * (number >> bit & 1)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def _repeat(segment: Path, path: Path) -> None:
    """The same packets again and again, each time later."""
    with av.open(str(path), "w") as out:
        for copy in range(COPIES):
            with av.open(str(segment)) as source:
                if not copy:
                    target = out.add_stream_from_template(source.streams.video[0])
                _append(out, source, target, copy * SEGMENT_FRAMES)


def _append(out: OutputContainer, source: InputContainer, target: VideoStream, offset: int) -> None:
    picture = source.streams.video[0]
    shift = round(offset / RATE / (picture.time_base or 1))
    for packet in source.demux(picture):
        if packet.pts is not None and packet.dts is not None:
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            packet.stream = target
            out.mux(packet)
