"""The places with few houses: the park, the beach, the castle and the windmill."""

from __future__ import annotations

import math

from mtenvs.envs.video.own.geometry import HEIGHT, WORLD_WIDTH
from mtenvs.envs.video.own.ink import RGB, dark, light
from mtenvs.envs.video.own.scenery import (
    FAR_WIDTH,
    GRASS,
    PATH,
    SAND,
    SEA,
    STONE,
    WOOD,
    Art,
    Mover,
    bench,
    edge,
    hills,
    house,
    lamp,
    meadow,
    path,
    poplar,
    tree,
    water,
)


def park(art: Art) -> None:
    """Trees, benches, a pond and a bandstand."""
    hills(art, 196, 40, (168, 184, 172))
    hills(art, 226, 34, (140, 162, 132), rough=3)
    meadow(art, 236)
    for _ in range(6):
        tree(art, art.some(0, WORLD_WIDTH), art.some(240, 254), art.some(0.7, 1.0))
    x = art.some(120, 700)
    art.near.oval(x, 256, x + 190, 282, dark(SEA, 0.05), edge(GRASS))
    art.near.oval(x + 8, 259, x + 150, 274, light(SEA, 0.3))
    for k in range(5):
        art.near.oval(x + 20 + 30 * k, 268 + 3 * (k % 2), x + 34 + 30 * k, 272 + 3 * (k % 2), (134, 156, 100))
    _bandstand(art, (x + 420) % 860 + 20, 286)
    path(art, 296, 334)
    for x in (70, 320, 590, 880):
        tree(art, x + art.some(-50, 50), 290, art.some(1.25, 1.7))
    bench(art, art.some(140, 420), 296)
    bench(art, art.some(520, 840), 296)
    lamp(art, art.some(200, 760), 296)
    _flowers(art, 350)


def _flowers(art: Art, y: float) -> None:
    for k in range(70):
        x = k * 15 + art.some(-4, 4)
        h = art.some(5, 12)
        art.near.line([(x, y + 8), (x, y - h)], (112, 136, 84), 1.2)
        colour = art.pick(((206, 160, 160), (222, 206, 170), (176, 160, 186), (216, 184, 130)))
        art.near.disc(x, y - h, 3, colour, edge(colour))


def _bandstand(art: Art, x: float, base: float) -> None:
    ink = art.near
    roof: RGB = (110, 124, 120)
    for k in range(5):
        ink.rect(x + 6 + 27 * k, base - 76, x + 9 + 27 * k, base - 12, (228, 220, 202), edge(STONE))
    ink.rect(x, base - 16, x + 124, base, (214, 200, 178), edge(STONE), 1)
    for k in range(14):
        ink.line([(x + 6 + 8.4 * k, base - 32), (x + 6 + 8.4 * k, base - 16)], (228, 220, 202), 1.2)
    ink.line([(x + 4, base - 32), (x + 120, base - 32)], (228, 220, 202), 2)
    ink.poly([(x - 10, base - 74), (x + 62, base - 116), (x + 134, base - 74)], roof, edge(roof))
    for k in (-1, 0, 1):
        ink.line([(x + 62, base - 116), (x + 62 + 44 * k, base - 74)], dark(roof, 0.2), 1)
    ink.disc(x + 62, base - 119, 4, (206, 190, 150), edge(WOOD))


def beach(art: Art) -> None:
    """The sea, a pier far out, bathing huts on the sand."""
    hills(art, 196, 18, (160, 176, 176))
    water(art, art.far, FAR_WIDTH, 188, HEIGHT)
    x = art.some(0, 200)
    art.far.rect(x, 184, x + 330, 188, (132, 118, 108))
    for k in range(17):
        art.far.line([(x + 5 + 20 * k, 188), (x + 5 + 20 * k, 202)], (118, 106, 98), 1.6)
    art.far.rect(x + 250, 164, x + 300, 184, (206, 196, 180), edge(STONE))
    art.far.pie((x + 252, 146, x + 298, 182), 180, 360, (150, 152, 146))
    for _ in range(2):
        art.movers.append(
            Mover("boat", art.some(100, 900), art.some(216, 226), art.some(3, 8), art.some(0.4, 0.6), int(art.rng.integers(9)))
        )
    ink = art.near
    shore = (
        [(0.0, HEIGHT)]
        + [(x, 252 + 5 * math.sin(x / 83) + 3 * math.sin(x / 31)) for x in range(0, WORLD_WIDTH + 9, 8)]
        + [(WORLD_WIDTH, HEIGHT)]
    )
    ink.poly([(px, py - 7) for px, py in shore[1:-1]] + [(WORLD_WIDTH, HEIGHT), (0, HEIGHT)], (240, 236, 224))
    ink.poly(shore, dark(SAND, 0.14))
    ink.poly([(px, py + 8 if py < HEIGHT else py) for px, py in shore], SAND)
    for _ in range(260):
        px, py = art.some(0, WORLD_WIDTH), art.some(266, HEIGHT)
        ink.oval(px, py, px + 2.4, py + 1.2, dark(SAND, 0.2) if art.rng.random() < 0.7 else light(SAND, 0.4))
    x = art.some(30, 90)
    while x < WORLD_WIDTH - 60:
        if art.rng.random() < 0.62:
            _hut(art, x, 296)
            x += 62
        else:
            _parasol(art, x + 34, 298)
            x += 120
        x += art.some(6, 60)
    for _ in range(9):
        px = art.some(0, WORLD_WIDTH)
        for _k in range(7):
            ink.line([(px + art.some(-9, 9), 352), (px + art.some(-16, 16), 352 - art.some(12, 26))], (150, 152, 100), 1.2)
    art.movers += [Mover("gull", art.some(0, 1000), art.some(50, 170), art.some(22, 44), art.some(0.7, 1.1), k) for k in range(4)]


def _hut(art: Art, x: float, base: float) -> None:
    wall: RGB = art.pick(((196, 160, 146), (160, 174, 178), (206, 188, 146), (168, 180, 156)))
    ink = art.near
    for k in range(5):
        ink.rect(x + 10 * k, base - 56, x + 10 * k + 10, base, wall if k % 2 else (238, 230, 212))
    ink.rect(x + 15, base - 42, x + 35, base, dark(wall, 0.25), edge(wall), 1)
    ink.disc(x + 31, base - 20, 1.4, (226, 210, 160))
    ink.poly([(x - 5, base - 54), (x + 25, base - 82), (x + 55, base - 54)], dark(wall, 0.3), edge(wall))
    ink.rect(x - 2, base - 3, x + 52, base + 3, WOOD, edge(WOOD))


def _parasol(art: Art, x: float, base: float) -> None:
    cloth: RGB = art.pick(((190, 140, 124), (146, 162, 178), (204, 180, 132)))
    ink = art.near
    ink.line([(x + 4, base), (x - 2, base - 66)], WOOD, 2)
    ink.pie((x - 44, base - 90, x + 40, base - 30), 184, 352, cloth)
    for k in (0, 2):
        ink.pie((x - 44, base - 90, x + 40, base - 30), 184 + 42 * k + 20, 184 + 42 * k + 62, (238, 228, 208))
    ink.arc((x - 44, base - 90, x + 40, base - 30), 184, 352, edge(cloth), 1)
    ink.poly([(x - 30, base + 3), (x + 34, base + 3), (x + 40, base + 9), (x - 26, base + 9)], light(cloth, 0.4), edge(cloth))


def castle(art: Art) -> None:
    """A castle on its hill, fields and a few houses below."""
    hills(art, 200, 70, (152, 172, 170))
    ink, x = art.near, art.some(380, 620)
    slope: RGB = (138, 150, 108)
    ink.poly([(x - 330, 250), (x - 190, 196), (x - 90, 150), (x + 100, 146), (x + 200, 186), (x + 350, 250)], slope, edge(slope))
    for _ in range(70):
        px = art.some(-240, 250)
        py = 245 - (95 - abs(px) * 0.3) * art.some(0, 0.85)
        ink.disc(x + px, py, art.some(4, 8), art.pick(((112, 132, 88), (124, 140, 92), (100, 122, 84))), dark(slope, 0.3))
    _keep(art, x, 156)
    meadow(art, 244, (164, 172, 112))
    for px in (60, 170, 820):
        house(art, px + art.some(-30, 30), 262, art.some(52, 70), art.some(44, 58), gable=True)
    for _ in range(5):
        poplar(art, art.some(0, WORLD_WIDTH), 268, art.some(40, 66))
    path(art, 296, 334)
    wall = light(STONE, 0.05)
    for k in range(66):
        h = 13 + 4 * math.sin(k * 1.7)
        ink.rect(k * 16 - 4, 294 - h, k * 16 + 11, 295, wall if k % 3 else dark(wall, 0.12), edge(STONE), 3)


def _keep(art: Art, x: float, base: float) -> None:
    ink, wall = art.near, (188, 176, 160)
    for dx, w, h in ((-86, 172, 44), (-30, 62, 92)):
        ink.rect(x + dx, base - h, x + dx + w, base + 6, wall, edge(wall))
        for k in range(int(w // 10)):
            ink.rect(x + dx + k * 10, base - h - 6, x + dx + k * 10 + 6, base - h + 1, wall, edge(wall))
    for dx, h in ((-94, 78), (78, 86), (-40, 112), (22, 122)):
        ink.rect(x + dx, base - h, x + dx + 20, base + 8, light(wall, 0.12), edge(wall))
        ink.rect(x + dx + 13, base - h + 1, x + dx + 19, base + 8, dark(wall, 0.12))
        ink.poly([(x + dx - 4, base - h), (x + dx + 10, base - h - 32), (x + dx + 24, base - h)], (112, 104, 112), edge(STONE))
        art.movers.append(Mover("flag", x + dx + 10, base - h - 32, seed=int(h)))
        for k in range(int(h // 34)):
            ink.rect(x + dx + 8, base - h + 14 + 30 * k, x + dx + 12, base - h + 24 + 30 * k, (74, 72, 84))
            art.windows.append((x + dx + 8, base - h + 14 + 30 * k, x + dx + 12, base - h + 24 + 30 * k))
    ink.pie((x - 12, base - 26, x + 14, base + 26), 180, 360, (84, 72, 68))


def mill(art: Art) -> None:
    """A windmill in the fields, beside a canal."""
    hills(art, 206, 26, (160, 178, 158))
    for _ in range(7):
        px = art.some(0, FAR_WIDTH)
        art.far.oval(px, 168, px + 12, 212, (128, 148, 120))
    meadow(art, 222, (172, 172, 108))
    for k in range(9):
        y = 226 + k * 3.6
        art.near.line([(0, y), (WORLD_WIDTH, y + 4)], (196, 182, 116), 1.5)
    for _ in range(4):
        poplar(art, art.some(0, WORLD_WIDTH), 244, art.some(60, 96))
    water(art, art.near, WORLD_WIDTH, 258, 284, (122, 152, 156))
    art.near.line([(0, 258), (WORLD_WIDTH, 258)], (118, 130, 82), 2.4)
    _mill(art, art.some(260, 720), 258)
    house(art, art.some(30, 160), 256, 78, 46, gable=True)
    art.near.rect(0, 284, WORLD_WIDTH, HEIGHT, (160, 168, 104))
    path(art, 294, 336, PATH)
    for k in range(29):
        x = k * 36 + 4
        art.near.rect(x, 266, x + 4, 296, light(WOOD, 0.25), edge(WOOD), 1)
    for y in (272, 284):
        art.near.line([(0, y), (WORLD_WIDTH, y)], light(WOOD, 0.25), 2.6)
    for _ in range(150):
        px, h = art.some(0, WORLD_WIDTH), art.some(8, 22)
        art.near.line([(px, HEIGHT), (px + art.some(-3, 3), HEIGHT - h)], (150, 154, 90), 1.2)
    art.movers += [Mover("gull", art.some(0, 1000), art.some(50, 120), art.some(16, 30), 0.6, k) for k in range(2)]


def _mill(art: Art, x: float, base: float) -> None:
    ink = art.near
    wall: RGB = (222, 208, 184)
    ink.poly([(x - 42, base), (x - 25, base - 116), (x + 25, base - 116), (x + 42, base)], wall, edge(wall))
    ink.poly([(x + 14, base), (x + 12, base - 116), (x + 25, base - 116), (x + 42, base)], dark(wall, 0.12))
    for y in (30, 62):
        ink.rect(x - 6, base - y - 30, x + 6, base - y - 14, (112, 132, 140), edge(wall), 1)
        art.windows.append((x - 6, base - y - 30, x + 6, base - y - 14))
    ink.pie((x - 9, base - 40, x + 9, base + 8), 180, 360, (118, 88, 70))
    ink.rect(x - 9, base - 16, x + 9, base, (118, 88, 70))
    ink.poly([(x - 29, base - 114), (x - 18, base - 142), (x + 14, base - 146), (x + 29, base - 114)], (120, 90, 74), edge(WOOD))
    art.movers.append(Mover("sails", x, base - 124, art.some(14, 26), 1.0))
