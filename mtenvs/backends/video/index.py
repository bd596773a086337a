"""Where every frame of a file is: the table that makes reading exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from mtenvs.backends.video.frames import Subtitle

Ints = npt.NDArray[np.signedinteger[Any]]


def narrow(numbers: Ints) -> Ints:
    """The same numbers in half the memory, where they fit."""
    limits = np.iinfo(np.int32)
    fit = not len(numbers) or (int(numbers.min()) >= limits.min and int(numbers.max()) <= limits.max)
    return numbers.astype(np.int32) if fit else numbers


class Rotation(NamedTuple):
    """How the stored picture becomes the shown one: first turned by quarters clockwise, then mirrored left to right."""

    quarters: int = 0
    mirrored: bool = False


@dataclass(frozen=True, eq=False)
class Index:
    """The result of one pass over a file's packets.

    *Position* counts the packets of the picture stream in the order in which they are stored and decoded; *number* counts frames in
    the order in which they are shown.

    Attributes:
        pts: presentation time stamp of each frame, ascending, in ticks; where ``ordinal``, its number. int32 where that is enough.
        position: position of each frame's packet, same; empty where ``ordinal``.
        key_position: positions of packets that decoding can start from, ascending.
        key_pts: their presentation time stamps.
        key_dts: their decoding time stamps.
        tick: seconds per tick.
        origin: seconds on the container's clock at which the first frame is shown.
        zero: seconds on the container's clock at which it starts.
        end_s: seconds after the first frame at which the last track ends.
        duration_s: seconds after the first frame at which the last frame ends.
        stream: number of the picture stream.
        audio: number of the sound stream, or -1.
        container: short name of the format, as libavformat spells it.
        codec: of the picture.
        width: of the stored picture.
        height: same.
        rotation: how to show it.
        promised: frames that the header speaks of.
        truncated: data are missing or damaged.
        ordinal: the time stamps are missing or not unique, so frames can only be found by counting from the start.
        variable_rate: frames are further apart in some places, by more than rounding to ticks explains.
        reorder: how many packets after a frame's own a decoder must see, at most, to know that the frame is next.
        subtitles: kind and lines of each text stream.
    """

    pts: Ints
    position: Ints
    key_position: Ints
    key_pts: Ints
    key_dts: Ints
    tick: float
    origin: float
    zero: float
    end_s: float
    duration_s: float
    stream: int
    audio: int
    container: str
    codec: str
    width: int
    height: int
    rotation: Rotation
    promised: int
    truncated: bool
    ordinal: bool
    variable_rate: bool
    reorder: int
    subtitles: tuple[tuple[str, tuple[Subtitle, ...]], ...] = field(default=())

    def __len__(self) -> int:
        return len(self.pts)

    def times(self) -> npt.NDArray[np.float64]:
        """Seconds at which each frame is shown, the first at 0."""
        return (self.pts.astype(np.float64) - float(self.pts[0])) * self.tick

    @property
    def span_s(self) -> float:
        """Seconds from when the first frame is shown to when the last one is."""
        return (int(self.pts[-1]) - int(self.pts[0])) * self.tick

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height after rotation."""
        return (self.height, self.width) if self.rotation.quarters % 2 else (self.width, self.height)

    @property
    def keyframes(self) -> npt.NDArray[np.int64]:
        """Numbers of the frames that can be decoded on their own."""
        if not len(self.position):
            return np.zeros(1, np.int64)
        is_key = np.zeros(int(max(self.position.max(), self.key_position.max(initial=0))) + 1, np.bool_)
        is_key[self.key_position] = True
        return np.flatnonzero(is_key[self.position]).astype(np.int64)

    def key_before(self, number: int) -> int:
        """Which key (an index into ``key_position``) decoding must start from to show a frame; -1 for the start of the file.

        A frame that is stored after a keyframe but shown before it may also need what lies before that keyframe (an open group of
        pictures).
        """
        key = int(np.searchsorted(self.key_position, self.position[number], side="right")) - 1
        if key > 0 and self.pts[number] < self.key_pts[key]:
            key -= 1
        return key
