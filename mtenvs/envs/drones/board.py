"""What is written over the picture: the score, whose turn it is, the last event and each drone's order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from mtenvs.envs.drones.backdrop import CREAM, INK, TEAM_COLOURS
from mtenvs.envs.drones.scene import TEAM_NAMES

if TYPE_CHECKING:
    from mtenvs.envs.drones.backdrop import Rgb

_FINE: Final = 3
_LONGEST: Final = 64  # characters of an event or an order that are looked at


@lru_cache(maxsize=32)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font inside Pillow, so that pictures are the same wherever they are drawn."""
    return ImageFont.load_default(size=size)


@lru_cache(maxsize=64)
def scoreboard(unit: int, score: tuple[int, int], turn: int, phase: str) -> Image.Image:
    """Both teams' names and points, the far one at the left as on the court, an arrow at whose turn it is.

    Args:
        unit: pixels of the letters.
        score: of team 0 and team 1.
        turn: the team that may play the ball, -1 for nobody.
        phase: in small letters below; empty is left out.
    """
    k = unit * _FINE
    name, point = k * 4.1, k * 1.9
    width, height = int(2 * (name + point)) + k, int(k * (2.9 if phase else 1.75))
    plate = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(plate)
    bar = int(k * 1.75)
    pen.rounded_rectangle((0, 0, width - 1, bar - 1), k * 0.5, fill=(*INK, 226))
    for team, left, points in ((1, k * 0.35, width / 2 - point), (0, width - k * 0.35 - name, width / 2)):
        pen.rounded_rectangle((left, k * 0.28, left + name, bar - k * 0.28), k * 0.35, fill=(*TEAM_COLOURS[team], 255))
        middle = left + name / 2
        shift = (0.42 if team == 1 else -0.42) * k if turn == team else 0.0  # room for the arrow at the outer end
        _bold(pen, (middle + shift, bar / 2), TEAM_NAMES[team].upper(), int(k * 0.92), CREAM)
        if turn == team:
            tip = left + (name - k * 0.45 if team == 0 else k * 0.45)
            inner = tip - k * 0.62 if team == 0 else tip + k * 0.62
            pen.polygon([(tip, bar / 2 - k * 0.36), (tip, bar / 2 + k * 0.36), (inner, bar / 2)], fill=(255, 220, 90, 255))
        _bold(pen, (points + point / 2, bar / 2), str(score[team]), int(k * 1.2), CREAM)
    pen.line([(width / 2, k * 0.45), (width / 2, bar - k * 0.45)], fill=(*CREAM, 120), width=max(1, k // 12))
    if phase:
        half = k * 2.1
        pen.rounded_rectangle((width / 2 - half, bar - k * 0.1, width / 2 + half, height - 1), k * 0.35, fill=(*INK, 226))
        _bold(pen, (width / 2, (bar + height) / 2 - k * 0.05), phase.upper(), int(k * 0.72), (255, 220, 90))
    return plate.reduce(_FINE)


@lru_cache(maxsize=64)
def banner(unit: int, text: str, team: int) -> Image.Image:
    """The last event, on a plate in the colour of the team that it belongs to."""
    k = unit * _FINE
    text = _cut(text)
    wide = int(font(k).getlength(text) + 1.8 * k)
    plate = Image.new("RGBA", (wide, int(k * 1.85)))
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle((0, 0, wide - 1, plate.height - 1), k * 0.6, fill=(*INK, 226))
    if team >= 0:
        pen.rounded_rectangle((k * 0.3, k * 0.4, k * 0.62, plate.height - k * 0.4), k * 0.16, fill=(*TEAM_COLOURS[team], 255))
    _bold(pen, (wide / 2 + (k * 0.16 if team >= 0 else 0), plate.height / 2), text, k, CREAM)
    return plate.reduce(_FINE)


@lru_cache(maxsize=256)
def tag(unit: int, text: str, team: int) -> Image.Image:
    """A drone's order, small, in its team's colour."""
    k = unit * _FINE
    text = _cut(text)
    wide = int(font(k).getlength(text) + 0.9 * k)
    plate = Image.new("RGBA", (wide, int(k * 1.4)))
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle((0, 0, wide - 1, plate.height - 1), k * 0.45, fill=(*CREAM, 222))
    pen.text((wide / 2, plate.height / 2), text, font=font(k), fill=tuple(int(c * 0.72) for c in TEAM_COLOURS[team]), anchor="mm")
    return plate.reduce(_FINE)


@lru_cache(maxsize=256)
def note(unit: int, text: str) -> Image.Image:
    """A few dark letters with a pale rim, to stand on anything."""
    k = unit * _FINE
    wide = int(font(k).getlength(text) + 0.6 * k)
    plate = Image.new("RGBA", (wide, int(k * 1.4)))
    pen = ImageDraw.Draw(plate)
    rim = max(1, k // 7)
    pen.text((wide / 2, plate.height / 2), text, font=font(k), fill=(*INK, 255), stroke_width=rim, stroke_fill=(*CREAM, 220), anchor="mm")
    return plate.reduce(_FINE)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "\u2026"


def _bold(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: Rgb) -> None:
    """Text around a point, bold by a second stroke beside it."""
    shift = size / 44
    for dx in (-shift, shift):
        pen.text((at[0] + dx, at[1]), text, font=font(size), fill=(*colour, 255), anchor="mm")
