"""`Sketch`: a canvas of 100 by 100 units on which the goods are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

RGB = tuple[int, int, int]
Points = Sequence[tuple[float, float]]

COLORS: Final[dict[str, RGB]] = {
    "black": (38, 38, 42), "white": (244, 244, 240), "grey": (140, 143, 148), "red": (200, 38, 42), "blue": (36, 96, 200), "green": (44, 140, 70),
    "yellow": (245, 205, 50), "orange": (240, 130, 35), "purple": (125, 60, 165), "pink": (240, 140, 175), "brown": (125, 80, 48), "beige": (222, 202, 168),
    "navy": (26, 42, 92), "teal": (20, 140, 140),
}  # fmt: skip
FIXED: Final[dict[str, RGB]] = {"k": (45, 45, 48), "w": (250, 250, 248), "m": (178, 182, 188), "b": (160, 115, 70), "g": (70, 130, 60), "s": (205, 222, 235), "y": (255, 224, 130)}
_SCALE: Final = 2  # drawn this much larger, then reduced


def mix(a: RGB, b: RGB, part: float) -> RGB:
    """A colour between two."""
    return (round(a[0] + (b[0] - a[0]) * part), round(a[1] + (b[1] - a[1]) * part), round(a[2] + (b[2] - a[2]) * part))


class Sketch:
    """A picture in the making.

    Args:
        size: of the finished square, in pixels.
        color: name of the main colour.
        pattern: on all that is filled with the main colour.
        variant: small differences between pictures of one kind.

    Fills are ``"c"`` (the main colour), ``"d"`` and ``"l"`` (darker and lighter), or one of `FIXED`. Coordinates run from 0 to 100, down and right.
    """

    def __init__(self, size: int, color: str, pattern: str, variant: int) -> None:
        self.size, self.pattern, self.variant = size, pattern, variant
        self.main = COLORS[color]
        self.unit = size * _SCALE / 100
        tint = [(246, 246, 248), (250, 246, 240), (241, 247, 243), (243, 244, 250), (250, 243, 245)][variant % 5]
        self.image = Image.new("RGB", (size * _SCALE, size * _SCALE), tint)
        self.mask = Image.new("L", self.image.size, 0)
        self._draw, self._mark = ImageDraw.Draw(self.image), ImageDraw.Draw(self.mask)
        self.fills = {**FIXED, "c": self.main, "d": mix(self.main, (0, 0, 0), 0.32), "l": mix(self.main, (255, 255, 255), 0.35)}
        self.outline = mix(self.main, (0, 0, 0), 0.55)

    def shadow(self, x0: float, x1: float, y: float = 90) -> None:
        """Below what stands on the ground."""
        soft = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(soft).ellipse([v * self.unit for v in (x0, y - 3, x1, y + 4)], fill=70)
        self.image.paste((120, 120, 125), mask=soft.filter(ImageFilter.GaussianBlur(2.2 * self.unit)))

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: str = "c", r: float = 0) -> None:
        """A rectangle with round corners."""
        where = [v * self.unit for v in (x0, y0, x1, y1)]
        self._both(lambda d, f, o: d.rounded_rectangle(where, r * self.unit, fill=f, outline=o, width=self._thin), fill)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: str = "c") -> None:
        """An ellipse in this box."""
        where = [v * self.unit for v in (x0, y0, x1, y1)]
        self._both(lambda d, f, o: d.ellipse(where, fill=f, outline=o, width=self._thin), fill)

    def poly(self, points: Points, fill: str = "c") -> None:
        """A polygon."""
        where = [(x * self.unit, y * self.unit) for x, y in points]
        self._both(lambda d, f, o: d.polygon(where, fill=f, outline=o, width=self._thin), fill)

    def line(self, points: Points, width: float = 1, fill: str = "d") -> None:
        """A thick line with round ends."""
        where, half = [(x * self.unit, y * self.unit) for x, y in points], width * self.unit / 2
        if fill == "c":  # a rim, or white would vanish on the ground
            self._draw.line(where, fill=self.outline, width=round(2 * half) + 2 * self._thin, joint="curve")
        self._both(lambda d, f, _o: d.line(where, fill=f, width=max(1, round(2 * half)), joint="curve"), fill)
        for x, y in (where[0], where[-1]):
            spot = (x - half, y - half, x + half, y + half)
            self._both(lambda d, f, _o, spot=spot: d.ellipse(spot, fill=f), fill)  # type: ignore[misc]

    def arc(self, x0: float, y0: float, x1: float, y1: float, start: float, end: float, width: float = 2, fill: str = "d") -> None:
        """A piece of an ellipse's rim, from one angle to another, clockwise from the right."""
        where = [v * self.unit for v in (x0, y0, x1, y1)]
        if fill == "c":
            rim = [where[0] - self._thin, where[1] - self._thin, where[2] + self._thin, where[3] + self._thin]
            self._draw.arc(rim, start, end, fill=self.outline, width=max(1, round(width * self.unit)) + 2 * self._thin)
        self._both(lambda d, f, _o: d.arc(where, start, end, fill=f, width=max(1, round(width * self.unit))), fill)

    def label(self, text: str, x: float, y: float, width: float = 30, *, fill: str = "w", plate: bool = True) -> None:
        """The brand's name, centred at a point, on a plate."""
        size = min(8.5, width * 1.7 / max(4, len(text))) * self.unit
        font = ImageFont.load_default(size)
        left, top, right, bottom = self._draw.textbbox((x * self.unit, y * self.unit), text, font=font, anchor="mm")
        if plate:
            pad = 1.4 * self.unit
            where = [left - pad, top - pad, right + pad, bottom + pad]
            self._both(lambda d, f, o: d.rounded_rectangle(where, self.unit, fill=f, outline=o, width=self._thin), fill)
        ink = FIXED["k"] if sum(self.fills[fill]) > 380 else FIXED["w"]
        self._draw.text((x * self.unit, y * self.unit), text, font=font, fill=ink, anchor="mm")
        self._mark.rectangle([left, top, right, bottom], fill=0)

    def finished(self) -> Image.Image:
        """The picture, with the pattern printed on it."""
        if self.pattern != "plain":
            light = sum(self.main) < 620
            ink = mix(self.main, (255, 255, 255) if light else (60, 70, 110), 0.75)
            self.image.paste(ink, mask=Image.composite(self._printed(), Image.new("L", self.mask.size, 0), self.mask))
        return self.image.resize((self.size, self.size), Image.Resampling.LANCZOS)

    def _printed(self) -> Image.Image:
        made = Image.new("L", self.mask.size, 0)
        draw, end, step = ImageDraw.Draw(made), made.width, 7 * self.unit
        for i in range(16):
            at = i * step
            if self.pattern == "striped":
                draw.rectangle([0, at, end, at + step * 0.4], fill=255)
            elif self.pattern == "checked":
                draw.rectangle([0, at, end, at + step * 0.4], fill=150)
                for j in range(16):
                    draw.rectangle([j * step, at, j * step + step * 0.4, at + step], fill=220 if j % 2 else 150)
            else:
                for j in range(16):
                    x = (j + i % 2 / 2) * step
                    draw.ellipse([x, at, x + step * 0.42, at + step * 0.42], fill=255)
        return made

    @property
    def _thin(self) -> int:
        return max(1, round(0.5 * self.unit))

    def _both(self, stroke: Callable[[ImageDraw.ImageDraw, object, object], None], fill: str) -> None:
        """Into the picture, and into the mask of where the main colour is."""
        stroke(self._draw, self.fills[fill], self.outline)
        inside = 255 if fill == "c" else 0
        stroke(self._mark, inside, 0)
