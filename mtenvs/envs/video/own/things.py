"""The things that pass: each a handful of pictures that make it fly, run or roll."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from PIL import Image

from mtenvs.envs.video.own.figures import figure
from mtenvs.envs.video.own.geometry import PLANE_SIZE, SIZES
from mtenvs.envs.video.own.ink import OUTLINE, RGB, Ink, dark, light
from mtenvs.envs.video.own.vocabulary import COLOURS

PHASES: Final = 8
_SCALE: Final = 4
_TYRE: Final[RGB] = (44, 42, 48)
_GLASS: Final[RGB] = (196, 216, 222)
_BEAK: Final[RGB] = (226, 160, 72)


def _balloon(ink: Ink, c: RGB, turn: float) -> None:
    sway = 2 * math.sin(turn)
    ink.line([(23, 52), (23 + sway, 66), (23 - sway, 83)], OUTLINE, 0.9)
    ink.oval(3, 1, 43, 48, c, OUTLINE)
    ink.pie((6, 3, 40, 46), 60, 150, dark(c, 0.12))
    ink.oval(8, 4, 38, 41, c)
    ink.oval(12, 8, 20, 20, light(c, 0.6))
    ink.poly([(20, 53), (26, 53), (23, 47)], c, OUTLINE)


def _kite(ink: Ink, c: RGB, turn: float) -> None:
    w = 3 * math.sin(turn)
    tail = [(30, 42), (20 + w, 48), (24 - w, 55), (10 + w, 58), (4 - w, 64)]
    ink.line(tail, OUTLINE, 1)
    for x, y in tail[1:4]:
        ink.poly([(x - 4, y - 3), (x + 4, y + 3), (x + 4, y - 3), (x - 4, y + 3)], light(c, 0.3), OUTLINE)
    ink.poly([(58, 3), (50, 34), (30, 44), (24, 16)], c, OUTLINE)
    ink.poly([(58, 3), (50, 34), (30, 44)], dark(c, 0.2))
    ink.line([(58, 3), (30, 44)], OUTLINE, 0.9)
    ink.line([(24, 16), (50, 34)], OUTLINE, 0.9)


def _airship(ink: Ink, c: RGB, turn: float) -> None:
    ink.poly([(4, 6), (22, 14), (22, 32), (4, 40)], dark(c, 0.3), OUTLINE)
    ink.rect(48, 40, 78, 52, (128, 100, 78), OUTLINE, 4)
    for x in (53, 61, 69):
        ink.rect(x, 43, x + 5, 48, _GLASS, OUTLINE, 1)
    ink.oval(8, 3, 110, 43, c, OUTLINE)
    ink.arc((8, -12, 110, 36), 20, 160, dark(c, 0.3), 1.2)
    ink.arc((8, 12, 110, 58), 200, 340, light(c, 0.4), 1.2)
    ink.oval(84, 10, 98, 18, light(c, 0.5))
    blade = 7 * math.sin(turn * 3)
    ink.line([(46, 46 - blade), (46, 46 + blade)], OUTLINE, 1.6)


def _parrot(ink: Ink, c: RGB, turn: float) -> None:
    up = math.sin(turn * 2)
    ink.poly([(2, 24), (20, 18), (22, 26), (4, 32)], dark(c, 0.3), OUTLINE)
    ink.poly([(30, 20), (16, 20 - 15 * up), (24, 21 - 19 * up), (38, 20)], dark(c, 0.35), OUTLINE)
    ink.oval(14, 14, 44, 30, c, OUTLINE)
    ink.disc(43, 15, 8.5, c, OUTLINE)
    ink.poly([(50, 12), (55.5, 17), (49, 20)], _BEAK, OUTLINE)
    ink.disc(45, 13, 1.7, OUTLINE)
    ink.poly([(26, 22), (12, 22 - 17 * up), (22, 23 - 20 * up), (36, 21)], light(c, 0.15), OUTLINE)


def _four_legs(ink: Ink, xs: tuple[float, float], top: float, foot: float, colour: RGB, turn: float, width: float) -> None:
    for k, x in enumerate((*xs, *xs)):
        step = 9 * math.sin(turn * 2 + math.pi * (k % 2 + k // 2))
        shade = dark(colour, 0.3) if k < 2 else colour
        ink.limb([(x, top), (x + step * 0.4 - 1, (top + foot) / 2), (x + step, foot)], shade, width)


def _cat(ink: Ink, c: RGB, turn: float) -> None:
    wave = 3 * math.sin(turn * 2)
    ink.limb([(12, 22), (5, 16), (4, 8 + wave), (9, 3 + wave)], c, 4)
    _four_legs(ink, (17, 44), 26, 40.5, c, turn, 4.4)
    ink.oval(9, 14, 52, 33, c, OUTLINE)
    for x in (22, 29, 36):
        ink.line([(x, 15.5), (x - 2, 22)], dark(c, 0.3), 1.6)
    for x in (47, 56):
        ink.poly([(x - 3, 9), (x + 1, 1.5), (x + 6, 9)], c, OUTLINE)
    ink.disc(53, 15, 10, c, OUTLINE)
    ink.disc(57, 13.5, 1.7, OUTLINE)
    ink.disc(62, 17, 1.4, (196, 112, 112))
    ink.line([(56, 18), (65, 20)], OUTLINE, 0.6)
    ink.line([(56, 19), (64, 23)], OUTLINE, 0.6)


def _dog(ink: Ink, c: RGB, turn: float) -> None:
    wave = 4 * math.sin(turn * 3)
    ink.limb([(12, 26), (5, 18), (4 + wave, 9)], c, 4.4)
    _four_legs(ink, (17, 50), 34, 52, c, turn, 5.6)
    ink.rect(8, 18, 58, 40, c, OUTLINE, 10)
    ink.oval(24, 19, 42, 33, dark(c, 0.22))
    ink.rect(50, 8, 70, 28, c, OUTLINE, 8)
    ink.rect(62, 15, 77, 27, light(c, 0.25), OUTLINE, 5)
    ink.disc(76, 18, 2.4, OUTLINE)
    ink.oval(48, 6, 57, 26, dark(c, 0.4), OUTLINE)
    ink.disc(65, 14, 1.7, OUTLINE)
    ink.line([(52, 29), (60, 30)], (238, 226, 200), 2)


def _van(ink: Ink, c: RGB, turn: float) -> None:
    ink.rect(2, 6, 96, 66, c, OUTLINE, 5)
    ink.poly([(94, 18), (112, 18), (124, 42), (126, 66), (94, 66)], c, OUTLINE)
    ink.rect(3, 50, 125, 57, dark(c, 0.25))
    ink.poly([(97, 22), (110, 22), (119, 41), (97, 41)], _GLASS, OUTLINE)
    ink.rect(12, 16, 84, 42, light(c, 0.16), dark(c, 0.3), 3)
    ink.line([(94, 18), (94, 66)], OUTLINE, 0.9)
    ink.rect(98, 45, 105, 47, OUTLINE)
    ink.disc(124, 53, 3.4, (250, 240, 190), OUTLINE)
    for x in (28, 103):
        ink.disc(x, 66, 11.5, _TYRE, OUTLINE)
        ink.disc(x, 66, 5.5, (176, 178, 182), OUTLINE)
        a = turn * 2
        ink.line([(x - 5 * math.cos(a), 66 - 5 * math.sin(a)), (x + 5 * math.cos(a), 66 + 5 * math.sin(a))], OUTLINE, 1)


def _scooter(ink: Ink, c: RGB, turn: float) -> None:
    for x in (14, 60):
        ink.disc(x, 92, 10.5, _TYRE, OUTLINE)
        ink.disc(x, 92, 4.6, (176, 178, 182), OUTLINE)
        a = turn * 2
        ink.line([(x - 4 * math.cos(a), 92 - 4 * math.sin(a)), (x + 4 * math.cos(a), 92 + 4 * math.sin(a))], OUTLINE, 1)
    rider = figure((116, 116, 122), None, 7, -1, -1)
    big = rider.resize((rider.width * _SCALE, rider.height * _SCALE), Image.Resampling.BICUBIC).crop((0, 0, 44 * _SCALE, 74 * _SCALE))
    ink.image.alpha_composite(big, (8 * _SCALE, 2 * _SCALE))
    ink.limb([(32, 72), (46, 74), (47, 88)], (66, 66, 84), 7)
    ink.poly(
        [(4, 80), (10, 68), (40, 68), (44, 84), (50, 84), (54, 50), (60, 50), (68, 88), (60, 82), (50, 93), (22, 93), (16, 80)], c, OUTLINE
    )
    ink.rect(12, 64, 40, 70, _TYRE, OUTLINE, 3)
    ink.line([(57, 52), (50, 44)], _TYRE, 2.4)
    ink.disc(63, 58, 3.6, (250, 240, 190), OUTLINE)
    ink.limb([(30, 38), (40, 48), (49, 46)], (116, 116, 122), 6)


def _ball(ink: Ink, c: RGB, turn: float) -> None:
    ink.disc(18, 18, 16, c, OUTLINE)
    for k in range(3):
        a = turn + k * 2 * math.pi / 3
        ink.line([(18, 18), (18 + 15 * math.cos(a), 18 + 15 * math.sin(a))], light(c, 0.7), 2.4)
    ink.disc(18, 18, 5, light(c, 0.7))
    ink.arc((2, 2, 34, 34), 20, 100, dark(c, 0.35), 2)


def _duck(ink: Ink, c: RGB, turn: float) -> None:
    tilt = 1.5 * math.sin(turn * 2)
    for x, s in ((20, 1), (26, -1)):
        step = 4 * s * math.sin(turn * 2)
        ink.line([(x, 33), (x + step, 41)], _BEAK, 2)
        ink.poly([(x + step - 2, 42.5), (x + step + 7, 42.5), (x + step, 38.5)], _BEAK, OUTLINE)
    ink.poly([(2, 14 + tilt), (14, 20), (10, 28)], c, OUTLINE)
    ink.oval(5, 16 + tilt, 38, 37 + tilt / 2, c, OUTLINE)
    ink.oval(11, 19 + tilt, 29, 31 + tilt, dark(c, 0.22), OUTLINE)
    ink.disc(34, 11 + tilt, 9, c, OUTLINE)
    ink.poly([(41, 9 + tilt), (47.5, 13 + tilt), (41, 16 + tilt)], _BEAK, OUTLINE)
    ink.disc(36.5, 9 + tilt, 1.6, OUTLINE)


_DRAW: Final[dict[str, Callable[[Ink, RGB, float], None]]] = {
    "balloon": _balloon,
    "kite": _kite,
    "airship": _airship,
    "parrot": _parrot,
    "cat": _cat,
    "dog": _dog,
    "van": _van,
    "scooter": _scooter,
    "ball": _ball,
    "duck": _duck,
}


@lru_cache(maxsize=256)
def thing(subject: str, colour: str, phase: int, side: int) -> Image.Image:
    """One picture of a thing that passes.

    Args:
        subject: a name of `vocabulary.SUBJECTS`.
        colour: a name of `vocabulary.COLOURS`.
        phase: 0 to `PHASES` - 1.
        side: -1 goes to the right, 1 to the left.

    Returns:
        RGBA of `SIZES[subject]`.
    """
    ink = Ink(*SIZES[subject], _SCALE)
    _DRAW[subject](ink, COLOURS[colour], 2 * math.pi * phase / PHASES)
    picture = ink.done()
    return picture if side < 0 else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


@lru_cache(maxsize=16)
def plane(phase: int, side: int) -> Image.Image:
    """The small plane that pulls banners, RGBA of `PLANE_SIZE`."""
    ink = Ink(*PLANE_SIZE, _SCALE)
    body: RGB = (196, 188, 176)
    ink.poly([(2, 4), (11, 4), (18, 16), (6, 18)], dark(body, 0.35), OUTLINE)
    ink.poly([(4, 15), (34, 11), (50, 13), (53, 19), (46, 25), (20, 24)], body, OUTLINE)
    ink.poly([(22, 8), (36, 8), (40, 14), (26, 14)], _GLASS, OUTLINE)
    ink.poly([(18, 20), (42, 20), (36, 25), (12, 27)], dark(body, 0.3), OUTLINE)
    ink.line([(30, 25), (28, 31)], OUTLINE, 1)
    ink.disc(28, 31, 2.6, _TYRE)
    blade = 12 * math.cos(2 * math.pi * phase / PHASES * 3)
    ink.line([(54.5, 18 - blade), (54.5, 18 + blade)], OUTLINE, 1.6)
    picture = ink.done()
    return picture if side < 0 else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
