"""Drawing by units on enlarged parts of a picture, which are shrunk back with smooth edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from mtenvs.envs.video.visual.styles import COLOURS, Box, Rgb

Point = tuple[float, float]
INK: Final[Rgb] = (40, 36, 48)
CREAM: Final[Rgb] = (250, 244, 226)
_SKINS: Final[tuple[Rgb, ...]] = ((250, 214, 184), (232, 186, 144), (196, 140, 98), (142, 94, 62), (96, 62, 44))
_HAIRS: Final[tuple[Rgb, ...]] = ((40, 30, 26), (92, 58, 34), (170, 116, 54), (226, 190, 110), (178, 70, 40), (196, 196, 200))
_DOGS: Final = 0.12  # share of the people with free hands who walk a dog
_FINE: Final = 2  # drawn so many times larger than shown


def shade(colour: Rgb, by: float) -> Rgb:
    """Darker for ``by`` < 1, lighter towards white for ``by`` > 1 (2 is white)."""
    if by <= 1:
        return tuple(round(c * by) for c in colour)  # type: ignore[return-value]  # three in, three out
    return tuple(round(c + (255 - c) * (by - 1)) for c in colour)  # type: ignore[return-value]  # same


class Sheet:
    """A part of a picture to draw on in units, several times larger than it is; `lay` shrinks it back with smooth edges.

    Args:
        picture: what is drawn on.
        x: pixels, of the part's left side.
        y: pixels, of its top.
        size: width and height in units.
        scale: pixels of a unit in the picture.
        fine: how many times larger it is drawn.
    """

    def __init__(self, picture: Image.Image, x: float, y: float, size: tuple[float, float], scale: float, fine: int = _FINE) -> None:
        self._picture, self._corner, self._k, self._fine = picture, (round(x), round(y)), scale * fine, fine
        width, height = max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
        part = picture.crop((*self._corner, self._corner[0] + width, self._corner[1] + height))
        self._image = part.resize((width * fine, height * fine), Image.Resampling.NEAREST)
        self._draw, self._glaze = ImageDraw.Draw(self._image), ImageDraw.Draw(self._image, "RGBA")

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._k, y * self._k) for x, y in points]

    def poly(self, points: Sequence[Point], fill: Rgb) -> None:
        """A filled polygon."""
        self._draw.polygon(self._at(points), fill=fill)

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: Rgb, radius: float = 0.0) -> None:
        """A filled rectangle, its corners round if so wished."""
        box = self._at([(x0, y0), (x1, y1)])
        if radius:
            self._draw.rounded_rectangle(box, radius * self._k, fill=fill)
        else:
            self._draw.rectangle(box, fill=fill)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: Rgb) -> None:
        """A filled ellipse in a box."""
        self._draw.ellipse(self._at([(x0, y0), (x1, y1)]), fill=fill)

    def shadow(self, x0: float, y0: float, x1: float, y1: float, fill: tuple[int, int, int, int]) -> None:
        """A filled ellipse through which the ground is seen."""
        self._glaze.ellipse(self._at([(x0, y0), (x1, y1)]), fill=fill)

    def disc(self, x: float, y: float, r: float, fill: Rgb) -> None:
        """A filled circle."""
        self.oval(x - r, y - r, x + r, y + r, fill)

    def ring(self, x: float, y: float, r: float, fill: Rgb, width: float) -> None:
        """A circle's line."""
        self._draw.ellipse(self._at([(x - r, y - r), (x + r, y + r)]), outline=fill, width=max(1, round(width * self._k)))

    def half(self, x0: float, y0: float, x1: float, y1: float, fill: Rgb) -> None:
        """The upper half of an ellipse whose whole box this is."""
        self._draw.pieslice(self._at([(x0, y0), (x1, y1)]), 180, 360, fill=fill)

    def line(self, points: Sequence[Point], fill: Rgb, width: float = 1.0) -> None:
        """A line through points."""
        self._draw.line(self._at(points), fill=fill, width=max(1, round(width * self._k)), joint="curve")

    def star(self, x: float, y: float, r: float, fill: Rgb) -> None:
        """A star with five points."""
        angles = [-math.pi / 2 + i * math.pi / 5 for i in range(10)]
        self.poly([(x + math.cos(a) * r * (1, 0.42)[i % 2], y + math.sin(a) * r * (1, 0.42)[i % 2]) for i, a in enumerate(angles)], fill)

    def lay(self) -> None:
        """Back into the picture."""
        self._picture.paste(self._image.reduce(self._fine), self._corner)


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font inside Pillow, so that pictures are the same wherever they are drawn."""
    return ImageFont.load_default(size=size)


def write(draw: ImageDraw.ImageDraw, box: Box, text: str, size: int, fill: Rgb = INK) -> None:
    """Text in the middle of a box, bold by a second stroke half a pixel away."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    text = spaced(text)
    for dx in (-0.25, 0.25):
        draw.text((x + dx, y), text, font=font(size), fill=fill, anchor="mm")


def spaced(text: str) -> str:
    """With wider gaps between words: so small, a single space is hardly seen."""
    return text.replace(" ", "  ")


def contrast(colour: str) -> Rgb:
    """What is seen well on a colour: dark on the light ones, cream on the others."""
    return INK if colour in ("white", "yellow", "pink", "orange") else CREAM


def draw_person(
    picture: Image.Image, at: tuple[int, int], scale: float, look: tuple[str, str, str, str], seed: int, *, helmet: bool = False
) -> None:
    """Somebody whose feet are at a pixel.

    Args:
        picture: is drawn on.
        at: of the feet.
        scale: pixels of a unit; a person is 45 units high.
        look: colours of coat and scarf, what is held (or empty) and its colour.
        seed: of skin, hair and so on.
        helmet: with a glass helmet, as in space.
    """
    coat, scarf, item, item_colour = look
    rng = Random(seed)
    x, feet = 20.0, 66.0
    sheet = Sheet(picture, at[0] - x * scale, at[1] - feet * scale, (44, 68), scale, 3)
    sheet.shadow(x - 9, feet - 3, x + 9, feet + 1, (0, 0, 0, 60))
    legs = shade(rng.choice(((58, 62, 84), (80, 62, 50), (52, 52, 56), (96, 92, 110))), 1.0)
    sheet.rect(x - 5, feet - 14, x - 1, feet, legs)
    sheet.rect(x + 1, feet - 14, x + 5, feet, legs)
    body, skin, hair = COLOURS[coat], rng.choice(_SKINS), rng.choice(_HAIRS)
    sheet.poly([(x - 5, feet - 31), (x + 5, feet - 31), (x + 8, feet - 11), (x - 8, feet - 11)], body)
    sheet.line([(x - 5, feet - 27), (x - 9, feet - 17)], shade(body, 0.8), 3)
    sheet.line([(x + 5, feet - 27), (x + 11, feet - 26 if item else feet - 17)], shade(body, 0.8), 3)
    sheet.disc(x + 11 if item else x + 9, feet - 26 if item else feet - 16, 1.8, skin)
    sheet.disc(x, feet - 38, 6.4, hair)
    sheet.disc(x, feet - 36.6, 5.2, skin)
    if rng.random() < 0.4:
        sheet.half(x - 6.6, feet - 46, x + 6.6, feet - 36, shade(COLOURS[rng.choice(list(COLOURS))], 0.9))
    sheet.disc(x - 2, feet - 37, 0.8, INK)
    sheet.disc(x + 2, feet - 37, 0.8, INK)
    if helmet:
        sheet.ring(x, feet - 38, 9, (210, 226, 240), 1.2)
    sheet.rect(x - 3.4, feet - 32.4, x + 3.4, feet - 26.6, INK)  # an outline, so that a scarf is seen on a coat of its own colour
    sheet.rect(x - 3, feet - 32, x + 3, feet - 27, COLOURS[scarf])
    if not item and rng.random() < _DOGS:
        _dog(sheet, x + 14, feet, rng.choice(_HAIRS))
        if helmet:
            sheet.ring(x + 19, feet - 10, 5.4, (210, 226, 240), 1)
    if item:
        _ITEM[item](sheet, x + 11, feet - 26, COLOURS[item_colour])
    sheet.lay()


def _dog(sheet: Sheet, x: float, y: float, fur: Rgb) -> None:
    sheet.line([(x - 6, y - 17), (x + 3, y - 9)], INK, 0.8)
    for dx in (-3, 3):
        sheet.rect(x + dx - 1, y - 4, x + dx + 1, y, shade(fur, 0.8))
    sheet.oval(x - 6, y - 9, x + 6, y - 3, fur)
    sheet.line([(x - 5, y - 7), (x - 8, y - 11)], fur, 1.6)
    sheet.disc(x + 5, y - 10, 3.6, fur)
    sheet.oval(x + 2, y - 12, x + 4.4, y - 7, shade(fur, 0.7))
    sheet.disc(x + 8, y - 9.4, 1, INK)


def _umbrella(sheet: Sheet, x: float, y: float, colour: Rgb) -> None:
    sheet.line([(x, y + 2), (x, y - 36)], INK, 1.2)
    sheet.half(x - 16, y - 38, x + 12, y - 14, shade(colour, 0.86))
    sheet.half(x - 8, y - 38, x + 4, y - 14, colour)


def _balloon(sheet: Sheet, x: float, y: float, colour: Rgb) -> None:
    sheet.line([(x, y), (x + 3, y - 20)], INK, 0.8)
    sheet.oval(x - 5, y - 38, x + 11, y - 18, shade(colour, 0.86))
    sheet.oval(x - 3, y - 37, x + 9, y - 20, colour)
    sheet.oval(x, y - 35, x + 3, y - 31, shade(colour, 1.6))


def _lantern(sheet: Sheet, x: float, y: float, colour: Rgb) -> None:
    sheet.line([(x, y), (x + 4, y - 8), (x + 6, y - 2)], INK, 1.2)
    sheet.rect(x + 1, y - 2, x + 12, y + 12, INK, 2)
    sheet.rect(x + 2.4, y, x + 10.6, y + 10, colour, 1.5)
    sheet.oval(x + 4.5, y + 2, x + 8.5, y + 8, shade(colour, 1.5))


def _flag(sheet: Sheet, x: float, y: float, colour: Rgb) -> None:
    sheet.line([(x, y + 8), (x, y - 38)], (110, 80, 50), 1.4)
    sheet.poly([(x + 1, y - 38), (x + 13, y - 35), (x + 8, y - 31), (x + 13, y - 27), (x + 1, y - 25)], colour)


def _kite(sheet: Sheet, x: float, y: float, colour: Rgb) -> None:
    sheet.line([(x, y), (x + 5, y - 12), (x + 2, y - 20)], INK, 0.8)
    sheet.poly([(x + 2, y - 39), (x + 11, y - 30), (x + 2, y - 16), (x - 7, y - 30)], shade(colour, 0.8))
    sheet.poly([(x + 2, y - 39), (x + 11, y - 30), (x + 2, y - 30)], colour)
    sheet.poly([(x + 2, y - 16), (x - 7, y - 30), (x + 2, y - 30)], colour)


_ITEM: Final = {"umbrella": _umbrella, "balloon": _balloon, "lantern": _lantern, "flag": _flag, "kite": _kite}
