"""The parts of the scenery that move: boats, gulls, passers-by in grey, smoke, flags, and the sails of the windmill."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from PIL import Image

from mtenvs.envs.video.own.figures import GREYS, PHASES, figure
from mtenvs.envs.video.own.geometry import GROUND, PERSON_SIZE, WORLD_WIDTH
from mtenvs.envs.video.own.ink import OUTLINE, RGB, Ink, dark, light
from mtenvs.envs.video.own.lighting import grade, grade_actor
from mtenvs.envs.video.own.scenery import SEA, WOOD, Mover, edge

_SAIL_STEPS: Final = 36
_SAILS: Final = 150


def place(mover: Mover, seconds: float, light_: str) -> tuple[Image.Image, float, float]:
    """The picture of a mover at a time, and the left and top of it in the world.

    Args:
        mover: what moves.
        seconds: since the scene began.
        light_: a name of `vocabulary.LIGHTS`.
    """
    kind, seed = mover.kind, mover.seed
    if kind == "boat":
        picture = _boat(seed % 20, round(mover.size, 1), light_)
        bob = 1.6 * math.sin(seconds * 1.5 + seed) * mover.size
        return picture, (mover.x + mover.speed * seconds) - picture.width / 2, mover.y - 110 * mover.size + bob
    if kind == "gull":
        picture = _gull(int(seconds * 5 + seed) % 6, round(mover.size, 1), mover.speed < 0, light_)
        x = (mover.x + mover.speed * seconds + 60) % (WORLD_WIDTH + 120) - 60
        return picture, x, mover.y + 8 * math.sin(seconds * 0.9 + seed)
    if kind == "walker":
        gone = mover.speed * seconds
        phase = int(seconds * 9 + seed) % PHASES if mover.speed else -1
        picture = _walker(seed % 20, phase, mover.speed < 0, light_)
        return picture, mover.x + gone - PERSON_SIZE[0] / 2, GROUND + mover.y - PERSON_SIZE[1]
    if kind == "smoke":
        picture = _smoke(int(seconds * 6 + seed) % 24, light_)
        return picture, mover.x - 20, mover.y - 58
    if kind == "flag":
        return _flag(int(seconds * 7 + seed) % 8, light_), mover.x, mover.y - 16
    turn = int(seconds * mover.speed / 90 * _SAIL_STEPS) % _SAIL_STEPS
    return _sails(turn, light_), mover.x - _SAILS / 2, mover.y - _SAILS / 2


@lru_cache(maxsize=64)
def _boat(seed: int, size: float, light_: str) -> Image.Image:
    """A sailing boat of 120 by 130 at size 1, with its waterline at 110."""
    ink = Ink(120 * size, 130 * size, 3)
    hull: RGB = ((150, 106, 86), (206, 196, 178), (112, 130, 140), (136, 144, 116))[seed % 4]
    sail: RGB = ((234, 224, 202), (222, 204, 176), (208, 196, 190))[seed % 3]

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x * size, y * size) for x, y in points]

    ink.line(at((60, 100), (60, 8)), edge(WOOD), 2.2 * size)
    if seed % 5 < 3:
        ink.poly(at((63, 12), (63, 88), (104, 88)), sail, edge(sail))
        ink.poly(at((57, 22), (57, 86), (24, 86)), light(sail, 0.3), edge(sail))
        ink.line(at((63, 50), (82, 50)), dark(sail, 0.12), size)
    else:
        ink.limb(at((64, 88), (100, 84)), sail, 5 * size)
    ink.poly(at((8, 96), (112, 96), (98, 114), (24, 114)), hull, edge(hull))
    ink.poly(at((9, 96), (111, 96), (108, 101), (12, 101)), light(hull, 0.35))
    ink.poly(at((40, 88), (84, 88), (88, 96), (38, 96)), light(hull, 0.5), edge(hull))
    for k in range(5):
        w = 42 - 6 * k + 3 * math.sin(seed + k)
        ink.line(at((60 - w, 116 + 3 * k), (60 + w, 116 + 3 * k)), dark(SEA, 0.18), 1.1 * size)
    return _as_scenery(ink.done(), light_)


@lru_cache(maxsize=128)
def _gull(phase: int, size: float, left: bool, light_: str) -> Image.Image:
    ink = Ink(26 * size, 18 * size, 4)
    up = (5, 7, 3, -2, -5, 0)[phase] * size
    x, y = 13 * size, 9 * size
    colour: RGB = (226, 226, 224)
    for s in (-1, 1):
        ink.line([(x, y), (x + s * 6 * size, y - up), (x + s * 12 * size, y - up * 0.3)], OUTLINE, 2.6 * size)
        ink.line([(x, y), (x + s * 6 * size, y - up), (x + s * 12 * size, y - up * 0.3)], colour, 1.6 * size)
    ink.oval(x - 4 * size, y - 1.6 * size, x + 5 * size, y + 2.2 * size, colour, OUTLINE)
    picture = ink.done()
    return grade_actor(picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if left else picture, light_)


@lru_cache(maxsize=512)
def _walker(seed: int, phase: int, left: bool, light_: str) -> Image.Image:
    return grade_actor(figure(GREYS[seed % len(GREYS)], None, seed, phase, 1 if left else -1), light_)


@lru_cache(maxsize=64)
def _smoke(phase: int, light_: str) -> Image.Image:
    ink = Ink(40, 60, 3)
    for k in range(3):
        u = ((phase / 24) + k / 3) % 1
        r = 3 + 7 * u
        grey = light((186, 184, 184), 0.4 * u)
        ink.disc(20 + 9 * u + 3 * math.sin(6 * u + k), 56 - 44 * u, r, grey)
    picture = ink.done()
    picture.putalpha(picture.getchannel("A").point([round(v * 0.45) for v in range(256)]))
    return grade_actor(picture, light_)


@lru_cache(maxsize=64)
def _flag(phase: int, light_: str) -> Image.Image:
    ink = Ink(26, 18, 4)
    wave = [math.sin(2 * math.pi * phase / 8 - k) * 1.6 for k in range(5)]
    top = [(1 + 5.5 * k, 3 + wave[k]) for k in range(5)]
    cloth: RGB = (166, 150, 152)
    ink.poly([*top, *[(x, y + 8) for x, y in reversed(top)]], cloth, edge(cloth))
    ink.line([(1, 0), (1, 18)], OUTLINE, 1.2)
    return _as_scenery(ink.done(), light_)


@lru_cache(maxsize=128)
def _sails(turn: int, light_: str) -> Image.Image:
    ink = Ink(_SAILS, _SAILS, 3)
    middle = _SAILS / 2
    for k in range(4):
        a = math.pi / 2 * (k + turn / _SAIL_STEPS)
        dx, dy = math.cos(a), math.sin(a)
        nx, ny = -dy * 13, dx * 13

        def at(along: float, across: float, d: tuple[float, float] = (dx, dy), n: tuple[float, float] = (nx, ny)) -> tuple[float, float]:
            return middle + d[0] * along + n[0] * across, middle + d[1] * along + n[1] * across

        ink.poly([at(18, 0), at(72, 0), at(72, 1), at(18, 1)], (226, 214, 190), edge(WOOD))
        for j in range(1, 6):
            ink.line([at(18 + 9 * j, 0), at(18 + 9 * j, 1)], edge(WOOD), 0.8)
        ink.line([at(0, 0), at(73, 0)], dark(WOOD, 0.2), 2.6)
    ink.disc(middle, middle, 5, WOOD, OUTLINE)
    return _as_scenery(ink.done(), light_)


def _as_scenery(picture: Image.Image, light_: str) -> Image.Image:
    graded = grade(picture, light_, far=False)
    graded.putalpha(picture.getchannel("A"))
    return graded
