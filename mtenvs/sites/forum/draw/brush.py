"""A canvas with coordinates from 0 to 640 and from 0 to 480, drawn at twice the size for smooth edges."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]
Point = tuple[float, float]
WIDTH: Final = 640
HEIGHT: Final = 480
_SCALE: Final = 2
COLORS: Final[dict[str, Color]] = {
    "red": (205, 52, 48),
    "blue": (46, 98, 188),
    "green": (62, 146, 84),
    "yellow": (240, 196, 56),
    "white": (245, 244, 240),
    "black": (42, 42, 46),
    "orange": (232, 134, 48),
    "brown": (134, 90, 56),
    "grey": (140, 142, 146),
    "purple": (128, 76, 160),
    "pink": (236, 150, 170),
    "cream": (246, 236, 212),
    "terracotta": (196, 104, 68),
    "chocolate": (96, 60, 40),
    "strawberry": (240, 140, 156),
    "vanilla": (248, 232, 180),
    "pistachio": (176, 206, 130),
    "blueberry": (104, 96, 176),
    "lemon": (250, 226, 96),
}


def shade(color: Color, by: float) -> Color:
    """A colour made darker (``by`` below 1) or lighter (above 1)."""
    red, green, blue = (max(0, min(255, round(part * by if by <= 1 else part + (255 - part) * (by - 1)))) for part in color)
    return red, green, blue


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


class Canvas:
    """A picture in the making.

    Args:
        rng: the chance in it.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE))
        self._draw = ImageDraw.Draw(self._image)

    def picture(self) -> Image.Image:
        """What was drawn, in its final size."""
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * _SCALE, y * _SCALE) for x, y in points]

    def fill(self, color: Color) -> None:
        """One colour everywhere."""
        self._draw.rectangle((0, 0, WIDTH * _SCALE, HEIGHT * _SCALE), fill=color)

    def fade(self, top: Color, bottom: Color, until: float = HEIGHT) -> None:
        """From one colour at the top to another at ``until``."""
        for row in range(int(until * _SCALE)):
            part = row / (until * _SCALE)
            mixed = tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
            self._draw.line((0, row, WIDTH * _SCALE, row), fill=mixed)

    def box(
        self, left: float, top: float, right: float, bottom: float, color: Color, round_by: float = 0, outline: Color | None = None
    ) -> None:
        """A rectangle."""
        (a, b), (c, d) = self._scaled([(left, top), (right, bottom)])
        self._draw.rounded_rectangle((a, b, c, d), round_by * _SCALE, fill=color, outline=outline, width=3 * _SCALE if outline else 0)

    def ball(self, x: float, y: float, across: float, color: Color, down: float | None = None, outline: Color | None = None) -> None:
        """An ellipse around a point; ``across`` and ``down`` are its half axes."""
        tall = across if down is None else down
        corners = self._scaled([(x - across, y - tall), (x + across, y + tall)])
        self._draw.ellipse((*corners[0], *corners[1]), fill=color, outline=outline, width=3 * _SCALE if outline else 0)

    def shape(self, points: Sequence[Point], color: Color) -> None:
        """A filled polygon."""
        self._draw.polygon(self._scaled(points), fill=color)

    def line(self, points: Sequence[Point], color: Color, width: float = 3) -> None:
        """A line through points."""
        self._draw.line(self._scaled(points), fill=color, width=round(width * _SCALE), joint="curve")

    def hoop(self, x: float, y: float, across: float, down: float, color: Color, width: float) -> None:
        """The rim of an ellipse around a point."""
        corners = self._scaled([(x - across, y - down), (x + across, y + down)])
        self._draw.ellipse((*corners[0], *corners[1]), outline=color, width=round(width * _SCALE))

    def ring(self, x: float, y: float, radius: float, color: Color, width: float, start: float = 0, end: float = 360) -> None:
        """A part of a circle, in degrees clockwise from the right."""
        corners = self._scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.arc((*corners[0], *corners[1]), start, end, fill=color, width=round(width * _SCALE))

    def slice(self, x: float, y: float, radius: float, start: float, end: float, color: Color) -> None:
        """A sector of a circle, in degrees clockwise from the right."""
        corners = self._scaled([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.pieslice((*corners[0], *corners[1]), start, end, fill=color)

    def text(self, x: float, y: float, words: str, size: float, color: Color, *, edge: Color | None = None, wide: float = 0) -> None:
        """Words around a point, made smaller until they are no wider than ``wide``."""
        points = round(size * _SCALE)
        while wide and points > 12 and self._draw.textlength(words, font=_font(points)) > wide * _SCALE:
            points -= 2
        thick = max(1, points // 12) if edge else 0
        self._draw.text((x * _SCALE, y * _SCALE), words, fill=color, font=_font(points), anchor="mm", stroke_width=thick, stroke_fill=edge)

    def around(self, x: float, y: float, radius: float, corners: int, turn: float = 0) -> list[Point]:
        """The corners of a regular polygon."""
        return [
            (x + radius * math.cos(turn + k * math.tau / corners), y + radius * math.sin(turn + k * math.tau / corners))
            for k in range(corners)
        ]

    def star(self, x: float, y: float, radius: float, color: Color) -> None:
        """A star with five points."""
        outer, inner = self.around(x, y, radius, 5, -math.pi / 2), self.around(x, y, radius * 0.42, 5, -math.pi / 2 + math.pi / 5)
        self.shape([point for pair in zip(outer, inner, strict=True) for point in pair], color)
