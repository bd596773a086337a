"""People: small figures in a coat that walk, stand and carry parcels."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

from PIL import Image

from mtenvs.envs.video.own.geometry import PARCEL_SIZE, PERSON_SIZE
from mtenvs.envs.video.own.ink import OUTLINE, RGB, Ink, dark, light, mix
from mtenvs.envs.video.own.vocabulary import COLOURS

PHASES: Final = 8
"""Pictures of one double step."""
GREYS: Final[tuple[RGB, ...]] = ((112, 112, 118), (136, 130, 124), (92, 96, 104), (124, 112, 104), (152, 148, 144))
"""Coats of passers-by, who are scenery."""
_SKINS: Final[tuple[RGB, ...]] = ((238, 200, 172), (214, 168, 132), (166, 116, 86), (122, 82, 62))
_HAIRS: Final[tuple[RGB, ...]] = ((62, 44, 38), (108, 74, 48), (38, 34, 40), (150, 128, 104))
_TROUSERS: Final[tuple[RGB, ...]] = ((66, 66, 84), (84, 72, 66), (58, 70, 74))
_SCALE: Final = 4


@lru_cache(maxsize=256)
def figure(coat: RGB, hat: RGB | None, kind: int, phase: int, side: int, parcel: RGB | None = None) -> Image.Image:
    """One picture of a person.

    Args:
        coat: colour.
        hat: colour, or None for bare-headed.
        kind: which skin, hair and trousers; any whole number.
        phase: 0 to `PHASES` - 1 while walking, -1 while standing.
        side: -1 faces right (it came from the left), 1 faces left.
        parcel: colour of what is carried, or None.

    Returns:
        RGBA of `PERSON_SIZE`; the feet are at the bottom.
    """
    wide, high = PERSON_SIZE
    ink = Ink(wide, high, _SCALE)
    skin, hair, cloth = _SKINS[kind % 4], _HAIRS[kind // 4 % 4], _TROUSERS[kind // 3 % 3]
    swing = math.sin(2 * math.pi * phase / PHASES) if phase >= 0 else 0.0
    bob = abs(math.cos(2 * math.pi * phase / PHASES)) * 1.6 if phase >= 0 else 0.0
    x, top = wide / 2, 3.0 + bob
    hip, foot = top + 66, high - 4
    for s, shade in ((-swing, 0.25), (swing, 0.0)):  # far leg first
        step = s * 11
        lift = max(0.0, math.cos(2 * math.pi * phase / PHASES) * (1 if shade else -1)) * 5 if phase >= 0 else 0.0
        toe = x + step + (3 if phase < 0 and not shade else -3 if phase < 0 else 0)
        ink.limb([(x + s * 2, hip - 4), (x + step * 0.6 + 1.5, (hip + foot) / 2), (toe, foot - 2 - lift)], dark(cloth, shade), 6.5)
        ink.oval(toe - 4, foot - 4.5 - lift, toe + 8, foot + 2 - lift, (48, 38, 40), OUTLINE)
    arm = swing * 10
    if parcel is None:
        ink.limb([(x, top + 35), (x - arm * 0.5, top + 48), (x - arm, top + 60)], dark(coat, 0.3), 6.5)
    hem = hip + 9
    ink.poly([(x - 8, top + 29), (x + 7, top + 29), (x + 11, top + 42), (x + 13, hem), (x - 14, hem), (x - 11, top + 42)], coat, OUTLINE)
    ink.poly([(x - 8, top + 30), (x - 3, top + 30), (x - 7, hem - 1), (x - 13, hem - 1), (x - 10.5, top + 42)], dark(coat, 0.18))
    ink.line([(x + 4, top + 31), (x + 5, hem - 1)], dark(coat, 0.35), 0.8)
    for k in range(3):
        ink.disc(x + 7.2, top + 39 + 10 * k, 1.1, light(coat, 0.7))
    ink.poly([(x - 6, top + 27), (x + 6, top + 27), (x + 8, top + 32), (x - 7, top + 33)], light(coat, 0.35), OUTLINE)
    if parcel is None:
        ink.limb([(x, top + 35), (x + arm * 0.6, top + 48), (x + arm * 1.1 + 2, top + 59)], coat, 6.5)
        ink.disc(x + arm * 1.1 + 2, top + 62, 3, skin, OUTLINE)
    else:
        _parcel(ink, x + 10, top + 54, 0.62, parcel)
        ink.limb([(x - 1, top + 35), (x + 2, top + 52), (x + 9, top + 58)], coat, 6.5)
        ink.disc(x + 11, top + 58, 3, skin, OUTLINE)
    _head(ink, x + 1, top + 17, skin, hair, hat, kind)
    picture = ink.done()
    return picture if side < 0 else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def _head(ink: Ink, x: float, y: float, skin: RGB, hair: RGB, hat: RGB | None, kind: int) -> None:
    ink.rect(x - 3, y + 6, x + 3, y + 12, dark(skin, 0.15))
    if kind % 3 == 0:  # long hair
        ink.oval(x - 12, y - 10, x + 6, y + 13, hair, OUTLINE)
    ink.disc(x, y, 10, skin, OUTLINE)
    ink.pie((x - 11, y - 11, x + 10, y + 9), 170, 330, hair)
    ink.oval(x + 8, y - 1, x + 12.5, y + 4, skin, OUTLINE)
    ink.oval(x + 7, y - 0.5, x + 10, y + 3.5, skin)
    ink.disc(x + 4.5, y - 1, 1.3, OUTLINE)
    ink.disc(x + 3.5, y + 4, 1.8, mix(skin, (214, 84, 84), 0.35))
    ink.arc((x + 2, y + 1, x + 9, y + 7), 40, 130, OUTLINE, 0.8)
    if hat is None:
        return
    ink.oval(x - 15, y - 10.5, x + 17, y - 4, dark(hat, 0.12), OUTLINE)
    ink.rect(x - 9.5, y - 19.5, x + 9.5, y - 6.5, hat, OUTLINE, 4)
    ink.rect(x - 9, y - 10.5, x + 9, y - 7.5, dark(hat, 0.45))


def _parcel(ink: Ink, x: float, y: float, size: float, colour: RGB) -> None:
    w, h = PARCEL_SIZE[0] / 2 * size, PARCEL_SIZE[1] / 2 * size
    ink.rect(x - w, y - h, x + w, y + h, colour, OUTLINE, 1.2)
    ink.line([(x, y - h), (x, y + h)], light(colour, 0.75), 2 * size)
    ink.line([(x - w, y - h * 0.1), (x + w, y - h * 0.1)], light(colour, 0.75), 2 * size)
    ink.oval(x - 5 * size, y - h - 2 * size, x, y - h + 3 * size, light(colour, 0.75), OUTLINE)
    ink.oval(x, y - h - 2 * size, x + 5 * size, y - h + 3 * size, light(colour, 0.75), OUTLINE)


@lru_cache(maxsize=32)
def parcel(colour: str) -> Image.Image:
    """A parcel on the ground, RGBA of `PARCEL_SIZE`."""
    wide, high = PARCEL_SIZE
    ink = Ink(wide, high, _SCALE)
    _parcel(ink, wide / 2, high / 2 + 1, 0.9, COLOURS[colour])
    return ink.done()
