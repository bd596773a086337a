"""A part of a picture to draw on, larger than it is, for smooth edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from mtenvs.envs.drones.backdrop import Rgba
    from mtenvs.envs.drones.camera import Array


class Patch:
    """A part of a picture to draw on in the picture's pixels, several times larger; `lay` shrinks it back with smooth edges.

    Args:
        picture: what is drawn on.
        box: left, top, right, bottom in pixels.
        fine: how many times larger it is drawn.
    """

    def __init__(self, picture: Image.Image, box: tuple[float, float, float, float], fine: int = 3) -> None:
        left, top = max(0, int(box[0])), max(0, int(box[1]))
        right, bottom = min(picture.width, int(box[2]) + 1), min(picture.height, int(box[3]) + 1)
        self._picture, self._corner, self._fine = picture, (left, top), fine
        self._empty = right <= left or bottom <= top
        if self._empty:  # outside of the picture: what is drawn goes nowhere
            self._image = Image.new("RGB", (fine, fine))
        else:
            part = picture.crop((left, top, right, bottom))
            self._image = part.resize((part.width * fine, part.height * fine), Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def flat(self, points: Array) -> list[float]:
        """Pixels of the picture, (n, 2), as x, y, x, y, ... of the part: what the pens below take."""
        numbers: list[float] = ((points - self._corner) * self._fine).ravel().tolist()
        return numbers

    def poly(self, flat: list[float], fill: Rgba) -> None:
        """A filled polygon."""
        self._pen.polygon(flat, fill=fill)

    def line(self, flat: list[float], fill: Rgba, width: float) -> None:
        """A line through points, its width in pixels of the picture."""
        self._pen.line(flat, fill=fill, width=max(1, round(width * self._fine)))

    def loop(self, flat: list[float], fill: Rgba, width: float) -> None:
        """A closed line."""
        self.line(flat + flat[:4], fill, width)

    def disc(self, x: float, y: float, radius: float, fill: Rgba) -> None:
        """A filled circle; the radius in pixels of the picture."""
        r = radius * self._fine
        self._pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)

    def lay(self) -> None:
        """Back into the picture."""
        if not self._empty:
            self._picture.paste(self._image.reduce(self._fine), self._corner)


def around(points: Array, margin: float) -> tuple[float, float, float, float]:
    """The box around points, wider by a margin."""
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
