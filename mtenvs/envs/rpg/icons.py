"""Drawings for the map and the legend: trees, ore, fish, beasts, workshops, the hero. Vector shapes on a 0..100 square.

Each is drawn four times too large and scaled down, so that the edges come out soft at any size.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Rgb = tuple[int, int, int]

_SCALE: Final = 4
INK: Final[Rgb] = (38, 30, 28)
GOLD: Final[Rgb] = (236, 190, 74)
PAPER: Final[Rgb] = (240, 228, 200)
STEEL: Final[Rgb] = (176, 186, 198)
WOOD: Final[Rgb] = (146, 98, 58)
ELEMENT_RGB: Final[dict[str, Rgb]] = {"fire": (226, 84, 52), "earth": (150, 120, 66), "water": (58, 128, 208), "air": (142, 196, 206)}
PLAIN: Final[Rgb] = (168, 150, 140)

# What a beast's name says about its shape; the first hit counts.
_SHAPES: Final = (
    ("bird", "crow owl harrier roc heron gull vulture griffin chicken hawk eagle phoenix"),
    ("bug", "scorpion spider beetle mantis wasp moth scarab crab"),
    ("serpent", "wyrm hydra drake newt viper serpent leviathan dragon salamander eel leech lizard snake"),
    ("undead", "skeleton guard wight ghoul lich revenant king reaper skull death undead vampire zombie"),
    ("caster", "crone shaman witch wizard siren cultist sphinx mushmush priest dryad"),
    ("brute", "golem troll ogre titan knight giant cyclops bandit corsair mammoth turtle"),
    ("blob", "slime blob toad sprite ooze pudding"),
    ("spirit", "wisp ghost spirit djinn specter wendigo elemental"),
    ("horned", "imp demon devil rosenblood fiend bat"),
)


class Brush:
    """Draws on a square of 100 x 100 units.

    Args:
        image: RGBA picture, side a multiple of the units.
    """

    def __init__(self, image: Image.Image) -> None:
        self._draw = ImageDraw.Draw(image)
        self._unit = image.width / 100

    def _at(self, points: Sequence[float]) -> list[tuple[float, float]]:
        return [(points[i] * self._unit, points[i + 1] * self._unit) for i in range(0, len(points), 2)]

    def shape(self, *points: float, fill: Rgb, ink: Rgb | None = INK, width: float = 5) -> None:
        """A closed polygon with a round-jointed outline."""
        self._draw.polygon(self._at(points), fill=(*fill, 255))
        if ink is not None:
            self.line(*points, *points[:4], ink=ink, width=width)

    def line(self, *points: float, ink: Rgb = INK, width: float = 5) -> None:
        """An open stroke."""
        self._draw.line(self._at(points), fill=(*ink, 255), width=max(1, round(width * self._unit)), joint="curve")

    def oval(self, x: float, y: float, rx: float, ry: float, *, fill: Rgb, ink: Rgb | None = INK, width: float = 5) -> None:
        """An ellipse around (x, y)."""
        box = self._at((x - rx, y - ry, x + rx, y + ry))
        self._draw.ellipse(box, fill=(*fill, 255), outline=(*ink, 255) if ink else None, width=max(1, round(width * self._unit)))

    def arc(self, x: float, y: float, r: float, start: float, end: float, *, ink: Rgb = INK, width: float = 5) -> None:
        """A part of a circle; angles in degrees, clockwise from the right."""
        self._draw.arc(self._at((x - r, y - r, x + r, y + r)), start, end, fill=(*ink, 255), width=max(1, round(width * self._unit)))

    def box(
        self, x0: float, y0: float, x1: float, y1: float, *, fill: Rgb, ink: Rgb | None = INK, width: float = 5, radius: float = 8
    ) -> None:
        """A rectangle with round corners."""
        self._draw.rounded_rectangle(
            self._at((x0, y0, x1, y1)),
            radius=radius * self._unit,
            fill=(*fill, 255),
            outline=(*ink, 255) if ink else None,
            width=max(1, round(width * self._unit)),
        )

    def eyes(self, x: float, y: float, gap: float, size: float = 4, ink: Rgb = INK) -> None:
        """Two dots."""
        self.oval(x - gap, y, size, size, fill=ink, ink=None)
        self.oval(x + gap, y, size, size, fill=ink, ink=None)


def shade(colour: Rgb, factor: float) -> Rgb:
    """The colour darker (below 1) or lighter (above 1)."""
    r, g, b = (min(255, int(c * factor)) for c in colour)
    return r, g, b


def hue_of(code: str) -> Rgb:
    """A colour that a code always has, bright enough to stand on rock."""
    turn = sum((i + 1) * byte for i, byte in enumerate(code.encode())) % 360
    r, g, b = (int(165 + 80 * math.cos(math.radians(turn + shift))) for shift in (0, -120, 120))
    return r, g, b


def _tree(b: Brush, tint: Rgb) -> None:
    b.box(43, 62, 57, 94, fill=WOOD, radius=3)
    leaf = (60 + tint[0] // 5, 110 + tint[1] // 6, 50 + tint[2] // 5)
    for x, y, r in ((32, 52, 21), (68, 52, 21), (50, 32, 25)):
        b.oval(x, y, r, r * 0.92, fill=leaf)
    for x, y, r in ((34, 50, 15), (66, 50, 15), (50, 34, 20), (50, 52, 18)):
        b.oval(x, y, r, r * 0.9, fill=leaf, ink=None)
    b.oval(43, 28, 9, 7, fill=shade(leaf, 1.25), ink=None)
    for x, y in ((62, 38), (36, 56), (60, 58)):
        b.oval(x, y, 4.5, 4.5, fill=tint, ink=None)


def _ore(b: Brush, tint: Rgb) -> None:
    rock = (124, 122, 128)
    b.shape(8, 86, 16, 52, 38, 28, 62, 22, 86, 48, 93, 86, fill=rock)
    b.shape(38, 28, 50, 54, 16, 52, fill=shade(rock, 1.18), ink=None)
    b.shape(62, 22, 86, 48, 66, 56, 50, 54, fill=shade(rock, 0.86), ink=None)
    for x, y in ((32, 66), (58, 40), (72, 70), (50, 78)):
        b.shape(x - 9, y, x, y - 10, x + 9, y, x, y + 10, fill=tint, width=3.5)
        b.line(x - 3, y - 2, x, y - 5, ink=shade(tint, 1.35), width=3)


def _fish(b: Brush, tint: Rgb) -> None:
    b.oval(50, 55, 46, 38, fill=(92, 158, 206), ink=(54, 104, 150), width=4)
    b.arc(50, 88, 34, 215, 325, ink=(190, 224, 242), width=4)
    b.shape(68, 52, 90, 34, 88, 70, fill=shade(tint, 0.85))
    b.oval(46, 52, 27, 16, fill=tint)
    b.oval(32, 48, 3.5, 3.5, fill=INK, ink=None)
    b.arc(40, 52, 12, -60, 60, width=3)


def _quadruped(b: Brush, tint: Rgb) -> None:
    for x in (26, 40, 60, 74):
        b.box(x - 5, 62, x + 5, 90, fill=shade(tint, 0.75), radius=3, width=4)
    b.oval(52, 56, 34, 20, fill=tint)
    b.line(84, 50, 94, 36, width=6)
    b.shape(8, 28, 16, 40, 22, 30, fill=tint, width=4)
    b.shape(34, 26, 32, 40, 24, 34, fill=tint, width=4)
    b.oval(23, 46, 18, 16, fill=shade(tint, 1.12))
    b.oval(18, 43, 3.5, 3.5, fill=INK, ink=None)
    b.oval(8, 50, 4, 3.5, fill=INK, ink=None)


def _bird(b: Brush, tint: Rgb) -> None:
    b.shape(46, 50, 8, 20, 16, 60, 40, 68, fill=shade(tint, 0.85))
    b.shape(54, 50, 92, 20, 84, 60, 60, 68, fill=shade(tint, 0.85))
    b.shape(42, 72, 34, 92, 50, 84, 66, 92, 58, 72, fill=shade(tint, 0.7))
    b.oval(50, 56, 17, 24, fill=tint)
    b.oval(50, 30, 14, 13, fill=shade(tint, 1.12))
    b.shape(44, 34, 56, 34, 50, 46, fill=GOLD, width=3)
    b.eyes(50, 27, 6, 3.5)


def _bug(b: Brush, tint: Rgb) -> None:
    for side in (-1, 1):
        for y, reach in ((44, 24), (58, 18), (74, 24)):
            b.line(50, 58, 50 + side * 28, y, 50 + side * 42, y + reach - 12, width=5)
        b.arc(50 + side * 22, 24, 12, 200 if side < 0 else 230, 400 if side > 0 else 330, width=5)
    b.oval(50, 66, 24, 24, fill=tint)
    b.line(50, 46, 50, 88, width=4)
    b.oval(50, 36, 16, 14, fill=shade(tint, 1.15))
    b.eyes(50, 34, 7)


def _serpent(b: Brush, tint: Rgb) -> None:
    coil = (22, 84, 48, 88, 74, 82, 76, 66, 54, 60, 34, 56, 32, 42, 48, 34)
    b.line(*coil, width=26)
    b.line(*coil, ink=tint, width=16)
    b.line(8, 80, 24, 84, width=11)
    b.oval(58, 28, 22, 16, fill=shade(tint, 1.1))
    b.oval(64, 24, 3.5, 4, fill=INK, ink=None)
    b.line(78, 32, 94, 34, ink=(200, 40, 50), width=4)
    b.shape(42, 18, 34, 4, 52, 13, fill=tint, width=4)


def _undead(b: Brush, tint: Rgb) -> None:
    bone = (236, 230, 214)
    b.oval(50, 42, 33, 31, fill=bone)
    b.box(34, 62, 66, 86, fill=bone, radius=6)
    for x in (42, 50, 58):
        b.line(x, 70, x, 86, width=3.5)
    b.oval(37, 44, 9, 10, fill=INK, ink=None)
    b.oval(63, 44, 9, 10, fill=INK, ink=None)
    b.eyes(50, 45, 13, 4, ink=shade(tint, 1.2))
    b.shape(50, 52, 45, 62, 55, 62, fill=INK, ink=None)


def _caster(b: Brush, tint: Rgb) -> None:
    b.shape(50, 38, 82, 92, 18, 92, fill=shade(tint, 0.8))
    b.oval(50, 46, 15, 14, fill=(226, 196, 164))
    b.eyes(50, 47, 6, 3)
    b.shape(22, 40, 50, 2, 78, 40, fill=tint)
    b.line(86, 34, 82, 94, ink=WOOD, width=6)
    b.oval(86, 28, 8, 8, fill=GOLD, width=4)


def _brute(b: Brush, tint: Rgb) -> None:
    b.box(28, 72, 44, 94, fill=shade(tint, 0.75), radius=4)
    b.box(56, 72, 72, 94, fill=shade(tint, 0.75), radius=4)
    b.box(4, 36, 24, 76, fill=shade(tint, 0.88), radius=9)
    b.box(76, 36, 96, 76, fill=shade(tint, 0.88), radius=9)
    b.box(20, 32, 80, 78, fill=tint, radius=14)
    b.box(34, 8, 66, 38, fill=shade(tint, 1.12), radius=9)
    b.eyes(50, 22, 8, 4)
    b.line(42, 31, 58, 31, width=4)


def _blob(b: Brush, tint: Rgb) -> None:
    b.shape(10, 84, 14, 56, 28, 34, 50, 22, 72, 34, 86, 56, 90, 84, 70, 90, 30, 90, fill=tint)
    b.oval(36, 42, 9, 6, fill=shade(tint, 1.35), ink=None)
    b.eyes(50, 60, 14, 5.5)
    b.arc(50, 66, 11, 20, 160, width=4)


def _spirit(b: Brush, tint: Rgb) -> None:
    pale = shade(tint, 1.2)
    b.shape(18, 90, 18, 44, 28, 22, 50, 12, 72, 22, 82, 44, 82, 90, 66, 78, 50, 92, 34, 78, fill=pale)
    b.oval(38, 44, 6.5, 9, fill=INK, ink=None)
    b.oval(62, 44, 6.5, 9, fill=INK, ink=None)
    b.oval(50, 64, 6, 7, fill=INK, ink=None)


def _horned(b: Brush, tint: Rgb) -> None:
    b.shape(22, 40, 8, 8, 40, 26, fill=(230, 216, 190))
    b.shape(78, 40, 92, 8, 60, 26, fill=(230, 216, 190))
    b.shape(50, 96, 22, 74, 16, 46, 32, 24, 68, 24, 84, 46, 78, 74, fill=tint)
    b.shape(28, 46, 46, 54, 32, 60, fill=GOLD, width=3)
    b.shape(72, 46, 54, 54, 68, 60, fill=GOLD, width=3)
    b.line(38, 76, 50, 82, 62, 76, width=5)


def _plate(b: Brush) -> None:
    """The sign board that all buildings share."""
    b.box(4, 4, 96, 96, fill=PAPER, ink=(110, 78, 48), width=6, radius=16)


def _weaponsmith(b: Brush, _: Rgb) -> None:
    _plate(b)
    for x0, x1 in ((22, 78), (78, 22)):
        b.line(x0, 80, x1, 18, width=13)
        b.line(x0, 80, x1, 18, ink=STEEL, width=6)
        side = 1 if x1 > x0 else -1
        b.line(x0 - 2 * side, 58, x0 + 22 * side, 78, ink=WOOD, width=8)


def _armourer(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.shape(20, 22, 50, 14, 80, 22, 78, 54, 50, 88, 22, 54, fill=(92, 124, 168))
    b.shape(50, 14, 80, 22, 78, 54, 50, 88, fill=(70, 98, 140), ink=None)
    b.line(50, 24, 50, 74, ink=GOLD, width=7)
    b.line(30, 40, 70, 40, ink=GOLD, width=7)


def _jeweller(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.oval(50, 64, 23, 23, fill=PAPER, ink=INK, width=14)
    b.arc(50, 64, 21, 0, 360, ink=GOLD, width=9)
    b.shape(34, 26, 42, 14, 58, 14, 66, 26, 50, 44, fill=(206, 62, 110), width=4)
    b.line(34, 26, 66, 26, width=3)


def _kitchen(b: Brush, _: Rgb) -> None:
    _plate(b)
    for x in (34, 50, 66):
        b.arc(x, 26, 6, 90, 270, ink=(150, 140, 132), width=4)
    b.shape(18, 44, 82, 44, 76, 80, 62, 88, 38, 88, 24, 80, fill=(84, 88, 96))
    b.line(10, 46, 90, 46, width=8)


def _forge(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.shape(8, 34, 84, 34, 84, 50, 64, 56, 64, 70, 78, 84, 26, 84, 40, 70, 40, 54, 24, 50, fill=(96, 102, 112))
    b.shape(46, 30, 52, 10, 60, 20, 66, 12, 70, 30, fill=(244, 140, 50), width=3.5)


def _sawmill(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.box(12, 56, 88, 82, fill=WOOD, radius=10)
    b.oval(80, 69, 9, 13, fill=(214, 172, 118))
    b.oval(80, 69, 4, 6, fill=WOOD, ink=None)
    b.shape(14, 20, 74, 20, 74, 36, 64, 44, 54, 36, 44, 44, 34, 36, 24, 44, 14, 36, fill=STEEL, width=4)
    b.box(72, 16, 90, 40, fill=(120, 70, 44), radius=5, width=4)


def _bank(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.box(16, 40, 84, 84, fill=(150, 96, 52))
    b.shape(16, 42, 22, 24, 78, 24, 84, 42, fill=(176, 118, 66))
    b.box(42, 42, 58, 60, fill=GOLD, radius=4, width=4)


def _exchange(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.line(50, 16, 50, 84, width=6)
    b.line(18, 30, 82, 30, width=6)
    b.line(30, 86, 70, 86, width=7)
    for x in (22, 78):
        b.line(x, 30, x - 12, 56, width=3)
        b.line(x, 30, x + 12, 56, width=3)
        b.shape(x - 14, 56, x + 14, 56, x + 7, 68, x - 7, 68, fill=GOLD, width=4)


def _board(b: Brush, _: Rgb) -> None:
    _plate(b)
    b.box(22, 16, 78, 84, fill=(252, 246, 230), radius=5, width=4)
    for y in (32, 46, 60):
        b.line(34, y, 66, y, ink=(130, 116, 104), width=4)
    b.oval(62, 74, 8, 8, fill=(190, 46, 46), width=3)


def _hero(b: Brush, _: Rgb) -> None:
    b.line(78, 8, 78, 62, width=11)
    b.line(78, 10, 78, 60, ink=STEEL, width=5)
    b.line(66, 58, 90, 58, ink=GOLD, width=7)
    b.shape(26, 94, 30, 50, 50, 42, 70, 50, 74, 94, fill=(196, 46, 56))
    b.shape(34, 94, 38, 56, 62, 56, 66, 94, fill=(62, 86, 140), width=4)
    b.oval(50, 29, 19, 19, fill=(242, 210, 176))
    b.shape(30, 28, 32, 12, 50, 4, 68, 12, 70, 28, 60, 20, 40, 20, fill=(120, 74, 40), width=4)
    b.eyes(50, 31, 7, 3)


_DRAWN: Final[dict[str, Callable[[Brush, Rgb], None]]] = {
    "tree": _tree,
    "ore": _ore,
    "fish": _fish,
    "quadruped": _quadruped,
    "bird": _bird,
    "bug": _bug,
    "serpent": _serpent,
    "undead": _undead,
    "caster": _caster,
    "brute": _brute,
    "blob": _blob,
    "spirit": _spirit,
    "horned": _horned,
    "weaponcrafting": _weaponsmith,
    "gearcrafting": _armourer,
    "jewelrycrafting": _jeweller,
    "cooking": _kitchen,
    "mining": _forge,
    "woodcutting": _sawmill,
    "bank": _bank,
    "grand_exchange": _exchange,
    "tasks_master": _board,
    "hero": _hero,
}
NAMES: Final = tuple(_DRAWN)
"""Every drawing there is."""


def beast_shape(name: str) -> str:
    """The drawing that fits a monster's display name; a four-legged beast where the name says nothing."""
    words = name.lower().split()
    for shape, known in _SHAPES:
        if any(word in known.split() for word in reversed(words)):
            return shape
    return "blob" if any("slime" in word for word in words) else "quadruped"


@lru_cache(maxsize=512)
def icon(name: str, size: int, tint: Rgb = PLAIN) -> Image.Image:
    """One drawing as an RGBA picture of size x size pixels; do not draw on it.

    Args:
        name: one of `NAMES`.
        size: pixels of a side.
        tint: main colour, where the drawing has one.
    """
    large = Image.new("RGBA", (size * _SCALE, size * _SCALE), (0, 0, 0, 0))
    _DRAWN[name](Brush(large), tint)
    return large.resize((size, size), Image.Resampling.LANCZOS)
