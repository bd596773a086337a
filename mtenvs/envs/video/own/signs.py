"""Words in the picture: boards, banners and captions."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw

from mtenvs.envs.video.own.geometry import GROUND, ROPE, font, sign_lines, sign_size
from mtenvs.envs.video.own.ink import OUTLINE, RGB, Ink, light
from mtenvs.envs.video.own.scenery import WOOD, edge
from mtenvs.envs.video.own.script import Sign

_SLATE: Final[RGB] = (56, 66, 64)
_CHALK: Final[RGB] = (244, 240, 228)
_CLOTH: Final[RGB] = (244, 236, 214)
_LEGS: Final = 38


@lru_cache(maxsize=64)
def plate(sign: Sign) -> Image.Image:
    """The plate with the words, RGBA of `geometry.sign_size`, letters in black or white for the contrast."""
    wide, high = sign_size(sign)
    ink = Ink(wide, high, 2)
    letters: RGB = _CHALK
    if sign.kind == "board":
        ink.rect(0, 0, wide - 0.5, high - 0.5, light(WOOD, 0.12), edge(WOOD), 3)
        ink.rect(4, 4, wide - 4.5, high - 4.5, _SLATE)
    elif sign.kind == "banner":
        ink.rect(0, 0, wide - 0.5, high - 0.5, _CLOTH, OUTLINE)
        letters = (44, 36, 44)
    else:
        ink.rect(0, 0, wide - 0.5, high - 0.5, (30, 30, 42), None, 3)
        ink.rect(0, 0, 5, high - 0.5, (206, 178, 120), None, 2)
    picture = ink.done()
    draw = ImageDraw.Draw(picture)  # letters at their own size: made small they would be soft
    lines = sign_lines(sign)
    step = sign.pixels * 1.25
    for k, line in enumerate(lines):
        y = high / 2 + (k - (len(lines) - 1) / 2) * step
        draw.text((round(wide / 2), round(y)), line, font=font(sign.pixels), fill=letters, anchor="mm")
    return picture


@lru_cache(maxsize=32)
def easel(wide: int, high: int) -> Image.Image:
    """What a board stands on, RGBA; its top is the top of the board, its foot is on the ground."""
    ink = Ink(wide + 20, high + _LEGS, 3)
    for x0, x1 in ((16, 4), (wide + 4, wide + 16)):
        ink.line([(x0, 2), (x1, high + _LEGS)], edge(WOOD), 5)
        ink.line([(x0, 2), (x1, high + _LEGS - 1)], WOOD, 3)
    return ink.done()


@lru_cache(maxsize=8)
def rope() -> Image.Image:
    """What ties a banner to its plane, RGBA."""
    ink = Ink(ROPE, 20, 3)
    ink.line([(0, 2), (ROPE, 10), (0, 18)], OUTLINE, 0.9)
    return ink.done()


def board_top(sign: Sign) -> float:
    """The top of a board in the world."""
    return GROUND - _LEGS - sign_size(sign)[1]
