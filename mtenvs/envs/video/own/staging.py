"""Makes scenes of what happens: gives each its camera, its light and its times, and lays plain shots and filler between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from mtenvs.envs.video.own.geometry import DROP_AT, WIDTH, WORLD_WIDTH
from mtenvs.envs.video.own.script import Appearance, Camera, Event, Scene, Sign
from mtenvs.envs.video.own.timeline import SHORTEST, Shot
from mtenvs.envs.video.own.vocabulary import LIGHTS, PLACES

_LIGHTS: Final = (0.34, 0.18, 0.14, 0.12, 0.12, 0.10)  # chances, in the order of LIGHTS
_LONG: Final = 300  # frames of a scene in which the camera is slow
_PLAIN: Final = (60, 200)  # frames of a plain shot, in a film without filler


@dataclass(slots=True)
class Beat:
    """What one scene holds.

    Args:
        order: beats with a greater number come later than those with a smaller one.
        sights: what is in sight; their scene and times are filled in when the scene has its place.
        place: where it must play, or "" for anywhere.
        wish: frames in sight, least and most.
        rigid: it is in sight from cut to cut.
        still: the camera stands still.
    """

    order: float
    sights: list[Appearance | Event | Sign]
    place: str = ""
    wish: tuple[int, int] = (60, 100)
    rigid: bool = False
    still: bool = False


class _Stage:
    """Draws how scenes look, and lays them one after the other."""

    def __init__(self, rng: np.random.Generator, fps: int, gop: int, fillers: int, filler_gops: int) -> None:
        self._rng, self._fps, self._gop, self._filler_gops = rng, fps, gop, filler_gops
        self.scenes: list[Scene] = []
        places = [str(p) for p in rng.permutation(list(PLACES))]
        self._fillers = [self._scene(f"f{k + 1}", places[k % len(places)], filler_gops * gop) for k in range(fillers)]
        self._last_filler = ""

    def _scene(self, filler: str, place: str, frames: int, *, still: bool = False) -> Scene:
        """A scene without times."""
        light = str(self._rng.choice(LIGHTS, p=_LIGHTS))
        return Scene("", 0, 0, place, light, self._camera(frames, still=still), filler, int(self._rng.integers(1 << 30)))

    def _camera(self, frames: int, *, still: bool) -> Camera:
        x = round(float(self._rng.random()), 3)
        if still:
            return Camera(x, x)
        if self._rng.random() < 0.2:
            zooms = [1.0, round(float(self._rng.uniform(1.12, 1.3)), 3)]
            return Camera(x, x, *(zooms if self._rng.random() < 0.6 else zooms[::-1]))
        room = WORLD_WIDTH - WIDTH  # a pixel a frame, or half of one in a long scene, is smooth
        way = (frames - 1) // (1 if frames <= _LONG else 2)
        start = int(self._rng.integers(0, max(1, room - way)))
        ends = (start / room, min(1.0, (start + way) / room))
        return Camera(*(ends if self._rng.random() < 0.5 else ends[::-1]))

    def add(self, place: str, first: int, after: int, *, still: bool) -> Scene:
        """A scene of its own."""
        return self._put(self._scene("", place, after - first, still=still), first, after)

    def lay(self, first: int, after: int) -> None:
        """Fill some frames with scenes that hold nothing: a plain shot, and filler where there is room for it."""
        room = after - first
        if not room:
            return
        if not self._fillers:
            cuts = self._cuts(first, after)
            for a, b in pairwise(cuts):
                self.add(self.other_place(), a, b, still=False)
            return
        gops, rest = divmod(room, self._gop)
        if 0 < rest < SHORTEST:
            gops, rest = gops - 1, rest + self._gop
        if gops < 0:  # too short for a GOP of filler: a plain shot alone
            gops, rest = 0, room
        plain_first = self._rng.random() < 0.5
        at = first
        if rest and plain_first:
            self.add(self.other_place(), at, at + rest, still=False)
            at += rest
        while gops:
            n = min(gops, int(self._rng.integers(2, self._filler_gops + 1)))
            n = gops if gops - n == 1 and gops <= self._filler_gops else n
            self._put(self._next_filler(), at, at + n * self._gop)
            at, gops = at + n * self._gop, gops - n
        if rest and not plain_first:
            self.add(self.other_place(), at, at + rest, still=False)

    def other_place(self) -> str:
        """Anywhere but where the last scene was."""
        before = self.scenes[-1].place if self.scenes else ""
        return str(self._rng.choice([p for p in PLACES if p != before]))

    def _next_filler(self) -> Scene:
        before = self.scenes[-1].place if self.scenes else ""
        options = [f for f in self._fillers if f.filler != self._last_filler and f.place != before] or self._fillers
        filler = options[int(self._rng.integers(len(options)))]
        self._last_filler = filler.filler
        return filler

    def _put(self, scene: Scene, first: int, after: int) -> Scene:
        scene = replace(scene, id=f"s{len(self.scenes) + 1}", start=first / self._fps, end=after / self._fps)
        self.scenes.append(scene)
        return scene

    def _cuts(self, first: int, after: int) -> list[int]:
        cuts = [first]
        while after - cuts[-1] > _PLAIN[1]:
            cuts.append(cuts[-1] + int(self._rng.integers(_PLAIN[0], min(_PLAIN[1], after - cuts[-1] - _PLAIN[0]) + 1)))
        return [*cuts, after]


def stage(
    rng: np.random.Generator, beats: Sequence[Beat], shots: Sequence[Shot], frames: int, fps: int, gop: int, fillers: int, filler_gops: int
) -> tuple[list[Scene], list[Appearance | Event | Sign]]:
    """Lay the whole film.

    Args:
        rng: where the randomness comes from.
        beats: what happens, in the order of time.
        shots: when, one for each beat.
        frames: of the film.
        fps: frames a second.
        gop: frames from keyframe to keyframe.
        fillers: how many different ones; with 0, all that is between is seen once.
        filler_gops: how many GOPs of a filler are shown at a time, at most.

    Returns:
        All scenes in the order of time, and what is in sight in them, with its scene and its times.
    """
    film = _Stage(rng, fps, gop, fillers, filler_gops)
    sights: list[Appearance | Event | Sign] = []
    at = 0
    for beat, shot in zip(beats, shots, strict=True):
        film.lay(at, shot.first)
        scene = film.add(beat.place or film.other_place(), shot.first, shot.after, still=beat.still)
        sights += [_timed(s, scene, shot, fps) for s in beat.sights]
        at = shot.after
    film.lay(at, frames)
    return film.scenes, sights


def _timed(sight: Appearance | Event | Sign, scene: Scene, shot: Shot, fps: int) -> Appearance | Event | Sign:
    first, after = shot.seen_first, shot.seen_after
    if isinstance(sight, Event) and sight.kind == "drop":
        first += round(DROP_AT * (after - first))
    return replace(sight, scene=scene.id, start=first / fps, end=after / fps)
