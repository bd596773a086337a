"""What places are made of: houses, trees, clouds, lamps and water, in colours that no one who acts wears."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from mtenvs.envs.video.own.geometry import HEIGHT, WIDTH, WORLD_WIDTH
from mtenvs.envs.video.own.ink import RGB, Ink, dark, light, mix

PARALLAX: Final = 0.5
FAR_WIDTH: Final = round(WIDTH + (WORLD_WIDTH - WIDTH) * PARALLAX)
HORIZON: Final = 214.0

WALLS: Final[tuple[RGB, ...]] = (
    (232, 218, 194),
    (206, 166, 144),
    (172, 184, 162),
    (150, 168, 182),
    (204, 182, 138),
    (190, 164, 162),
    (218, 200, 168),
)
ROOFS: Final[tuple[RGB, ...]] = ((158, 96, 78), (94, 102, 116), (126, 92, 74), (142, 110, 92), (78, 88, 98))
WOOD: Final[RGB] = (134, 104, 78)
STONE: Final[RGB] = (170, 160, 146)
IRON: Final[RGB] = (62, 66, 72)
LEAVES: Final[tuple[RGB, ...]] = ((112, 136, 88), (94, 122, 84), (132, 146, 92), (150, 142, 88))
GRASS: Final[RGB] = (152, 168, 106)
SEA: Final[RGB] = (112, 152, 160)
SAND: Final[RGB] = (226, 206, 164)
PATH: Final[RGB] = (214, 196, 162)


@dataclass(slots=True)
class Mover:
    """A part of the scenery that moves: "gull", "walker", "sails", "smoke", "boat" or "flag", at a point of the world."""

    kind: str
    x: float
    y: float
    speed: float = 0.0
    size: float = 1.0
    seed: int = 0


@dataclass(slots=True)
class Art:
    """A place while it is drawn: sheets for what is far and near, and what is added when the light is known."""

    rng: np.random.Generator
    far: Ink = field(default_factory=lambda: Ink(FAR_WIDTH, HEIGHT))
    near: Ink = field(default_factory=lambda: Ink(WORLD_WIDTH, HEIGHT))
    windows: list[tuple[float, float, float, float]] = field(default_factory=list)
    lamps: list[tuple[float, float]] = field(default_factory=list)
    movers: list[Mover] = field(default_factory=list)

    def pick(self, colours: Sequence[RGB]) -> RGB:
        """One of some colours."""
        return colours[int(self.rng.integers(len(colours)))]

    def some(self, low: float, high: float) -> float:
        """A number between two."""
        return float(self.rng.uniform(low, high))


def edge(colour: RGB) -> RGB:
    """The colour of the outlines of scenery: softer than that of those who act."""
    return dark(colour, 0.42)


def hills(art: Art, base: float, height: float, colour: RGB, *, rough: float = 1.0) -> None:
    """A ridge across the far sheet."""
    a, b = art.some(0, 6), art.some(0, 6)
    points: list[tuple[float, float]] = [(-5.0, HEIGHT)]
    for x in range(-5, FAR_WIDTH + 12, 8):
        y = math.sin(x / 110 + a) * 0.6 + math.sin(x / 47 + b) * 0.3 + math.sin(x / 17 + a) * 0.08 * rough
        points.append((x, base - height * (0.5 + 0.5 * y)))
    art.far.poly([*points, (FAR_WIDTH + 5, HEIGHT)], colour)


def water(art: Art, ink: Ink, width: float, top: float, bottom: float, colour: RGB = SEA) -> None:
    """Water with small waves."""
    for k in range(8):
        y0, y1 = top + (bottom - top) * k / 8, top + (bottom - top) * (k + 1) / 8 + 1
        ink.rect(0, y0, width, y1, mix(light(colour, 0.25), dark(colour, 0.12), k / 7))
    for _ in range(int(width * (bottom - top) / 420)):
        x, y = art.some(0, width), art.some(top + 3, bottom - 2)
        w = 3 + 14 * (y - top) / (bottom - top)
        ink.line([(x, y), (x + w, y)], light(colour, art.some(0.25, 0.6)), 0.8)


def house(art: Art, x: float, base: float, width: float, height: float, *, shop: bool = False, gable: bool | None = None) -> None:
    """A house with windows; of a shop, the ground floor is a window with an awning."""
    wall, roof = art.pick(WALLS), art.pick(ROOFS)
    ink, top = art.near, base - height
    pointed = art.rng.random() < 0.6 if gable is None else gable
    if pointed:
        peak = art.some(0.35, 0.6) * width
        ink.poly([(x - 5, top), (x + width / 2, top - peak), (x + width + 5, top)], roof, edge(roof))
        for k in range(1, 4):
            y = top - peak * k / 4
            half = (width / 2 + 5) * (1 - k / 4)
            ink.line([(x + width / 2 - half, y), (x + width / 2 + half, y)], dark(roof, 0.16), 0.8)
    else:
        slope = art.some(16, 28)
        ink.poly([(x - 4, top), (x + 6, top - slope), (x + width - 6, top - slope), (x + width + 4, top)], roof, edge(roof))
    if art.rng.random() < 0.7:
        cx = x + width * art.some(0.62, 0.8)
        ink.rect(cx, top - 30, cx + 9, top - 8, dark(wall, 0.3), edge(wall))
        if art.rng.random() < 0.5:
            art.movers.append(Mover("smoke", cx + 4.5, top - 32, seed=int(cx)))
    ink.rect(x, top - 0.5, x + width, base, wall, edge(wall))
    ink.rect(x + 1, top, x + 7, base, light(wall, 0.2))
    ink.rect(x + width - 9, top, x + width - 1, base, dark(wall, 0.1))
    ground = base - min(62.0, height * 0.42)
    columns = max(1, int(width // 32))
    gap = width / columns
    y = top + 9
    while y + 26 < ground:
        for c in range(columns):
            window(art, x + gap * (c + 0.5) - 7.5, y, 15, 21, wall)
        y += 35
    if shop:
        _shop(art, x, ground, width, base)
    else:
        door = x + gap * (int(art.rng.integers(columns)) + 0.5)
        _door(art, door - 9, base - 40, wall)
        for c in range(columns):
            cx = x + gap * (c + 0.5)
            if abs(cx - door) > 18 and ground + 12 < base - 24:
                window(art, cx - 8, base - 42, 16, 22, wall)


def window(art: Art, x: float, y: float, w: float, h: float, wall: RGB) -> None:
    """A window with a frame, and sometimes shutters or flowers."""
    ink = art.near
    glass: RGB = (120, 142, 152)
    if art.rng.random() < 0.35:
        shutter = dark(wall, 0.35)
        ink.rect(x - 5.5, y, x - 1, y + h, shutter, edge(shutter))
        ink.rect(x + w + 1, y, x + w + 5.5, y + h, shutter, edge(shutter))
    ink.rect(x - 1.2, y - 1.2, x + w + 1.2, y + h + 1.2, light(wall, 0.55), edge(wall), 1)
    ink.rect(x, y, x + w, y + h, glass)
    ink.poly([(x, y + h * 0.7), (x + w * 0.7, y), (x + w, y), (x, y + h)], light(glass, 0.3))
    ink.line([(x + w / 2, y), (x + w / 2, y + h)], light(wall, 0.5), 1)
    ink.line([(x, y + h * 0.42), (x + w, y + h * 0.42)], light(wall, 0.5), 1)
    if art.rng.random() < 0.25:
        ink.rect(x - 2, y + h + 1, x + w + 2, y + h + 4.5, WOOD, edge(WOOD))
        for k in range(4):
            ink.disc(x + 1 + k * w / 3.4, y + h + 0.5, 2.1, (186, 142, 136) if k % 2 else (128, 144, 96))
    if art.rng.random() < 0.55:
        art.windows.append((x, y, x + w, y + h))


def _door(art: Art, x: float, y: float, wall: RGB) -> None:
    colour = art.pick(((106, 84, 70), (88, 104, 100), (112, 92, 98), (84, 92, 108)))
    art.near.rect(x - 2, y - 2, x + 20, y + 40, light(wall, 0.4), edge(wall), 2)
    art.near.rect(x, y, x + 18, y + 40, colour, edge(colour), 2)
    art.near.rect(x + 3, y + 4, x + 15, y + 15, (120, 142, 152), edge(colour))
    art.near.disc(x + 14.5, y + 23, 1.3, (214, 196, 140))


def _shop(art: Art, x: float, top: float, width: float, base: float) -> None:
    ink = art.near
    frame = art.pick(((92, 106, 100), (112, 88, 74), (92, 98, 116), (118, 100, 104)))
    ink.rect(x + 2, top, x + width - 2, base, frame, edge(frame))
    ink.rect(x + 7, top + 14, x + width - 30, base - 9, (150, 168, 170), edge(frame))
    art.windows.append((x + 7, top + 14, x + width - 30, base - 9))
    for k in range(int((width - 44) // 11)):
        h = art.some(5, 13)
        ink.rect(x + 11 + k * 11, base - 11 - h, x + 18 + k * 11, base - 11, art.pick(WALLS), edge(STONE), 1.5)
    ink.rect(x + width - 25, top + 14, x + width - 8, base, dark(frame, 0.15), edge(frame), 1)
    ink.rect(x + width - 22, top + 18, x + width - 11, base - 18, (150, 168, 170), edge(frame))
    awning(art, x - 2, top - 4, width + 4, 17)


def awning(art: Art, x: float, y: float, width: float, drop: float) -> None:
    """A striped cloth."""
    cloth = art.pick(((186, 128, 112), (138, 156, 130), (140, 154, 172), (196, 172, 122), (164, 138, 152)))
    stripes = max(4, int(width // 11))
    w = width / stripes
    for k in range(stripes):
        colour = cloth if k % 2 else (236, 226, 206)
        a, b = x + k * w, x + (k + 1) * w
        art.near.poly([(a + 2, y), (b + 2 if k == stripes - 1 else b, y), (b, y + drop), (a, y + drop)], colour)
        art.near.pie((a, y + drop - w / 2, b, y + drop + w / 2), 0, 180, colour)
    art.near.line([(x, y), (x + width, y)], edge(cloth), 1)


def tree(art: Art, x: float, base: float, size: float) -> None:
    """A round tree."""
    leaf = art.pick(LEAVES)
    ink = art.near
    ink.poly(
        [(x - 4 * size, base), (x - 2.4 * size, base - 46 * size), (x + 2.4 * size, base - 46 * size), (x + 4 * size, base)],
        WOOD,
        edge(WOOD),
    )
    blobs = [(art.some(-24, 24) * size, art.some(-86, -50) * size, art.some(15, 23) * size) for _ in range(8)]
    for dx, dy, r in blobs:
        ink.disc(x + dx, base + dy, r + 1.1, edge(leaf))
    for dx, dy, r in blobs:
        ink.disc(x + dx, base + dy, r, dark(leaf, 0.1))
    for dx, dy, r in blobs:
        ink.disc(x + dx - r * 0.18, base + dy - r * 0.22, r * 0.72, leaf)
    for dx, dy, r in blobs[:6]:
        ink.disc(x + dx - r * 0.35, base + dy - r * 0.42, r * 0.3, light(leaf, 0.2))


def poplar(art: Art, x: float, base: float, height: float) -> None:
    """A slender tree."""
    leaf = art.pick(LEAVES)
    art.near.rect(x - 1.6, base - 14, x + 1.6, base, WOOD)
    art.near.oval(x - height * 0.13, base - height, x + height * 0.13, base - 8, leaf, edge(leaf))
    art.near.oval(x - height * 0.09, base - height + 5, x + height * 0.02, base - 26, light(leaf, 0.16))


def lamp(art: Art, x: float, base: float) -> None:
    """A street lamp."""
    ink = art.near
    ink.rect(x - 1.6, base - 92, x + 1.6, base, IRON)
    ink.rect(x - 4, base - 6, x + 4, base, IRON, None, 1.5)
    ink.poly([(x - 5, base - 108), (x + 5, base - 108), (x + 3.4, base - 93), (x - 3.4, base - 93)], (232, 224, 196), IRON)
    ink.poly([(x - 6.5, base - 108), (x, base - 115), (x + 6.5, base - 108)], IRON)
    art.lamps.append((x, base - 101))


def bench(art: Art, x: float, base: float) -> None:
    """A bench."""
    for dy in (0, -7, -14):
        art.near.rect(x, base - 16 + dy, x + 58, base - 12 + dy, WOOD, edge(WOOD), 1)
    for dx in (5, 49):
        art.near.rect(x + dx, base - 30, x + dx + 3, base, IRON)


def crate(art: Art, x: float, base: float, size: float = 22) -> None:
    """A wooden box."""
    art.near.rect(x, base - size, x + size, base, light(WOOD, 0.2), edge(WOOD), 1)
    for k in (0.33, 0.66):
        art.near.line([(x, base - size * k), (x + size, base - size * k)], edge(WOOD), 0.8)


def cobbles(art: Art, top: float, colour: RGB) -> None:
    """A paved ground down to the foot of the picture."""
    ink = art.near
    ink.rect(0, top, WORLD_WIDTH, HEIGHT, colour)
    ink.rect(0, top, WORLD_WIDTH, top + 4, light(colour, 0.3))
    row, y = 0, top + 5
    while y < HEIGHT:
        step = 8 + 5 * row
        for k in range(int(WORLD_WIDTH / (step * 2.4)) + 2):
            x = k * step * 2.4 - (row % 2) * step
            ink.line([(x, y), (x + step * 1.3, y)], dark(colour, 0.13), 0.9)
        y += 5 + 3.2 * row
        row += 1


def meadow(art: Art, top: float, colour: RGB = GRASS) -> None:
    """Grass down to the foot of the picture, with blades and small pale flowers."""
    ink = art.near
    ink.rect(0, top, WORLD_WIDTH, HEIGHT, colour)
    for k in range(4):
        y = top + (HEIGHT - top) * k / 4
        ink.rect(0, y, WORLD_WIDTH, HEIGHT, mix(light(colour, 0.1), dark(colour, 0.12), k / 3))
    for _ in range(420):
        x, y = art.some(0, WORLD_WIDTH), art.some(top + 2, HEIGHT)
        ink.line(
            [(x, y), (x + art.some(-2, 2), y - art.some(3, 6))], dark(colour, 0.22) if art.rng.random() < 0.6 else light(colour, 0.25), 0.8
        )
    for _ in range(60):
        x, y = art.some(0, WORLD_WIDTH), art.some(top + 3, HEIGHT)
        ink.disc(x, y, 1.5, art.pick(((236, 226, 196), (206, 190, 204), (226, 206, 150))))


def path(art: Art, top: float, bottom: float, colour: RGB = PATH) -> None:
    """A footpath across the picture."""
    art.near.rect(0, top, WORLD_WIDTH, bottom, colour)
    art.near.line([(0, top), (WORLD_WIDTH, top)], dark(colour, 0.2), 1.2)
    art.near.line([(0, bottom), (WORLD_WIDTH, bottom)], dark(colour, 0.25), 1.4)
    for _ in range(120):
        x, y = art.some(0, WORLD_WIDTH), art.some(top + 2, bottom - 2)
        art.near.oval(x, y, x + 3, y + 1.4, dark(colour, 0.12))
