"""Where the scenes of a film lie: those that hold something between the frames that are shown first, and filler around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

MARGIN: Final = 3  # frames kept free on either side of a frame that is shown first
SHORTEST: Final = 36  # frames: a shot that is shorter than this is a flash
LEAST: Final = 62  # frames that something is in sight at least
_LEAD: Final = (8, 26)  # frames before something comes into a picture that it crosses, where there is room
_APART: Final = 20  # frames from a scene that may not grow to the end of its slot, so that a shot fits between two of them


@dataclass(frozen=True, slots=True)
class Slot:
    """Frames, from `first` to before `after`, none of which is shown first."""

    first: int
    after: int

    @property
    def frames(self) -> int:
        """How many."""
        return self.after - self.first


@dataclass(slots=True)
class Shot:
    """A scene that holds something.

    Args:
        beat: number of what it holds.
        slot: where what it holds may be in sight.
        rigid: what it holds is in sight through the whole scene, which thus must stay in its slot.
        first, after: frames of the scene.
        seen_first, seen_after: frames in which what it holds is in sight.
    """

    beat: int
    slot: Slot
    rigid: bool
    first: int
    after: int
    seen_first: int
    seen_after: int


def slots(frames: int, shown: Sequence[int], longest: int) -> list[Slot]:
    """What lies between the frames that are shown first; long stretches are cut in equal parts.

    Args:
        frames: of the film.
        shown: indices, in any order, repeats allowed.
        longest: frames of the longest slot.
    """
    marks = sorted({0, frames - 1, *shown})
    found = []
    for a, b in pairwise(marks):
        first, after = a + 1 + MARGIN, b - MARGIN
        parts = max(1, -(-(after - first) // longest))
        cuts = [first + round(k * (after - first) / parts) for k in range(parts + 1)]
        found += [Slot(x, y) for x, y in pairwise(cuts) if y - x >= LEAST + 4]
    return found


def place_shots(
    rng: np.random.Generator, chosen: Sequence[Slot], rigid: Sequence[bool], wish: Sequence[tuple[int, int]], frames: int
) -> list[Shot]:
    """A scene in each slot.

    Args:
        rng: where the randomness comes from.
        chosen: one slot for each beat, in the order of time.
        rigid: for each beat, whether its scene shows it from cut to cut.
        wish: for each beat, the least and the most frames that it would like to be in sight.
        frames: of the film.

    Returns:
        Shots in the order of time, with nothing, or at least `SHORTEST` frames, between any two of them.

    Raises:
        ValueError: two of them stand too close; other slots will do.
    """
    shots = []
    for k, slot in enumerate(chosen):
        room = slot.frames - (2 * _APART if rigid[k] and slot.frames > LEAST + 2 * _APART else 0)
        low = min(max(LEAST, wish[k][0]), room)
        seen = int(rng.integers(low, min(room, max(low, wish[k][1])) + 1))
        first = slot.first + (slot.frames - seen) // 2 + int(rng.integers(-1, 2)) * max(0, (room - seen) // 2 - 1)
        lead, tail = (0, 0) if rigid[k] else (int(rng.integers(*_LEAD)) for _ in range(2))
        shots.append(Shot(k, slot, rigid[k], first - lead, first + seen + tail, first, first + seen))
    for shot in shots:
        shot.first, shot.after = max(0, shot.first), min(frames, shot.after)
    for a, b in pairwise(shots):
        _part(a, b)
    _edges(shots, frames)
    return shots


def _part(a: Shot, b: Shot) -> None:
    """Leave nothing or enough between two shots that follow each other."""
    if a.after > b.first and a.rigid:
        b.first = a.after
    elif a.after > b.first:
        a.after = b.first = b.first if b.rigid else (a.seen_after + b.seen_first) // 2
    if 0 < b.first - a.after < SHORTEST:
        _grow(a, b.first)
    if 0 < b.first - a.after < SHORTEST:
        _grow_back(b, a.after)
    if 0 < b.first - a.after < SHORTEST:
        raise ValueError("two shots stand too close")


def _edges(shots: Sequence[Shot], frames: int) -> None:
    for gap in (shots[0].first, frames - shots[-1].after):
        if 0 < gap < SHORTEST:
            raise ValueError("a shot stands too close to an end of the film")


def _grow(shot: Shot, to: int) -> None:
    shot.after = min(to, shot.slot.after) if shot.rigid else to
    if shot.rigid:
        shot.seen_after = shot.after


def _grow_back(shot: Shot, to: int) -> None:
    shot.first = max(to, shot.slot.first) if shot.rigid else to
    if shot.rigid:
        shot.seen_first = shot.first
