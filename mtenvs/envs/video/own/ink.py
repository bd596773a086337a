"""Drawing with smooth edges: shapes in the units of the world, drawn larger and made small again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from mtenvs.envs.video.own.geometry import font

RGB = tuple[int, int, int]
OUTLINE: Final[RGB] = (58, 44, 52)
_SHEET: Final = 1000  # pixels; what is wider is a sheet of scenery


def mix(a: RGB, b: RGB, share: float) -> RGB:
    """A colour between two: `a` at 0, `b` at 1."""
    r, g, bl = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return r, g, bl


def dark(colour: RGB, share: float = 0.25) -> RGB:
    """A shade of a colour."""
    return mix(colour, (36, 30, 56), share)


def light(colour: RGB, share: float = 0.25) -> RGB:
    """A tint of a colour."""
    return mix(colour, (255, 250, 236), share)


class Ink:
    """A sheet to draw on.

    Args:
        width, height: in units of the world.
        scale: how many times larger it is drawn.
        paper: the colour that it has before anything is drawn; None for a transparent sheet.
    """

    def __init__(self, width: float, height: float, scale: int = 2, paper: RGB | None = None) -> None:
        size = (round(width * scale), round(height * scale))
        self._scale = scale
        self.image = Image.new("RGBA", size, (0, 0, 0, 0) if paper is None else (*paper, 255))
        self._draw = ImageDraw.Draw(self.image)

    def _points(self, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        return [(x * self._scale, y * self._scale) for x, y in points]

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        s = self._scale
        return min(x0, x1) * s, min(y0, y1) * s, max(x0, x1) * s, max(y0, y1) * s

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: RGB, edge: RGB | None = None, round_: float = 0) -> None:
        """A rectangle, with rounded corners where asked for."""
        width = max(1, round(self._scale * 0.9)) if edge else 0
        self._draw.rounded_rectangle(self._box(x0, y0, x1, y1), round_ * self._scale, fill=fill, outline=edge, width=width)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: RGB, edge: RGB | None = None) -> None:
        """An ellipse in a box."""
        self._draw.ellipse(self._box(x0, y0, x1, y1), fill=fill, outline=edge, width=max(1, round(self._scale * 0.9)) if edge else 0)

    def disc(self, x: float, y: float, r: float, fill: RGB, edge: RGB | None = None) -> None:
        """A circle."""
        self.oval(x - r, y - r, x + r, y + r, fill, edge)

    def poly(self, points: Sequence[tuple[float, float]], fill: RGB, edge: RGB | None = None) -> None:
        """A polygon."""
        at = self._points(points)
        self._draw.polygon(at, fill=fill)
        if edge:
            self._draw.line([*at, at[0]], fill=edge, width=max(1, round(self._scale * 0.9)), joint="curve")

    def line(self, points: Sequence[tuple[float, float]], fill: RGB, width: float = 1.0) -> None:
        """A line through points."""
        self._draw.line(self._points(points), fill=fill, width=max(1, round(width * self._scale)), joint="curve")

    def limb(self, points: Sequence[tuple[float, float]], fill: RGB, width: float) -> None:
        """A line with an outline and round ends, such as an arm."""
        r = width / 2
        for colour, more in ((OUTLINE, 0.9), (fill, 0.0)):
            self.line(points, colour, width + 2 * more)
            for x, y in points:
                self.disc(x, y, r + more, colour)

    def arc(self, box: tuple[float, float, float, float], start: float, end: float, fill: RGB, width: float = 1.0) -> None:
        """A part of an ellipse's edge, angles in degrees from the right, clockwise."""
        self._draw.arc(self._box(*box), start, end, fill=fill, width=max(1, round(width * self._scale)))

    def pie(self, box: tuple[float, float, float, float], start: float, end: float, fill: RGB) -> None:
        """A slice of an ellipse."""
        self._draw.pieslice(self._box(*box), start, end, fill=fill)

    def text(self, x: float, y: float, words: str, pixels: int, fill: RGB) -> None:
        """Words around a point."""
        self._draw.text((x * self._scale, y * self._scale), words, font=font(pixels * self._scale), fill=fill, anchor="mm")

    def done(self) -> Image.Image:
        """The sheet in the units of the world, RGBA."""
        if self.image.width < _SHEET:
            return self.image.reduce(self._scale)
        bands = [b.reduce(self._scale) for b in self.image.split()]  # a sheet with outlines needs no weights at its edges
        return Image.merge("RGBA", bands)


def gradient(width: int, height: int, stops: Sequence[tuple[float, RGB]]) -> npt.NDArray[np.floating[Any]]:
    """Colours from top to bottom, float32 (height, width, 3) from 0 to 255; stops are (share of the height, colour)."""
    y = np.linspace(0, 1, height)
    column = np.stack([np.interp(y, [s for s, _ in stops], [c[i] for _, c in stops]) for i in range(3)], axis=1)
    return np.repeat(column[:, None].astype(np.float32), width, axis=1)


def glow(pixels: npt.NDArray[np.floating[Any]], x: float, y: float, radius: float, colour: RGB, strength: float) -> None:
    """Add a soft light to a picture, in place."""
    x0, x1 = max(0, int(x - radius)), min(pixels.shape[1], int(x + radius) + 1)
    y0, y1 = max(0, int(y - radius)), min(pixels.shape[0], int(y + radius) + 1)
    if x0 >= x1 or y0 >= y1:
        return
    yy, xx = np.mgrid[y0:y1, x0:x1]
    fall = np.clip(1 - np.hypot(xx - x, yy - y) / radius, 0, 1) ** 2 * strength
    part = pixels[y0:y1, x0:x1]
    part += (np.array(colour, np.float32) - part) * fall[..., None].astype(np.float32)
