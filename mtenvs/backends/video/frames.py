"""What the frame store takes and gives: plain data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""
Image: TypeAlias = npt.NDArray[np.uint8]
"""RGB, ``(h, w, 3)``, or ``(k, h, w, 3)`` where several are meant."""


@dataclass(frozen=True, eq=False)
class VideoInfo:
    """What a file holds, counted rather than read from its header.

    Attributes:
        path: the file.
        width: of a frame as shown, after rotation, in pixels.
        height: same.
        num_frames: the frames that are really there.
        duration_s: from the first frame to the end of the last one, in seconds.
        fps: mean rate.
        variable_rate: the time between frames changes.
        rotation: degrees clockwise by which the stored picture is turned before it is shown (0, 90, 180 or 270).
        codec: the picture's codec, such as ``"h264"``.
        keyframes: int64 numbers of the frames that can be decoded on their own.
        has_audio: whether there is a sound track.
        subtitle_streams: what `VideoStore.subtitles` reads from, such as ``("mov_text",)`` or ``("file:film.srt",)``.
        truncated: the file ends before its header says it does, or is damaged.
    """

    path: Path
    width: int
    height: int
    num_frames: int
    duration_s: float
    fps: float
    variable_rate: bool
    rotation: int
    codec: str
    keyframes: npt.NDArray[np.int64]
    has_audio: bool
    subtitle_streams: tuple[str, ...]
    truncated: bool
    _clock: Callable[[], npt.NDArray[np.float64]] = field(repr=False)

    @cached_property
    def times(self) -> npt.NDArray[np.float64]:
        """When each frame appears, float64 seconds; the first one at 0."""
        return self._clock()


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """One frame: its number, the time at which it appears, its picture."""

    index: int
    time: float
    image: Image


@dataclass(frozen=True, eq=False, slots=True)
class Frames:
    """Several frames: numbers ``(k,)``, times ``(k,)``, pictures ``(k, h, w, 3)``."""

    indices: npt.NDArray[np.int64]
    times: npt.NDArray[np.float64]
    images: Image


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A line of text and the seconds during which it is shown."""

    start: float
    end: float
    text: str


def fit(width: int, height: int, box: Size = (448, 252)) -> Size:
    """The largest size that keeps the aspect, lies inside ``box`` and does not enlarge; each side at least 2 px."""
    scale = min(1.0, box[0] / width, box[1] / height)
    return max(2, math.floor(width * scale + 0.5)), max(2, math.floor(height * scale + 0.5))
