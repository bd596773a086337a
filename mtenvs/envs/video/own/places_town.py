"""The places with houses: the harbour, the market, the station and the shopping street."""

from __future__ import annotations

from mtenvs.envs.video.own.geometry import HEIGHT, WORLD_WIDTH
from mtenvs.envs.video.own.ink import RGB, dark, light
from mtenvs.envs.video.own.scenery import (
    FAR_WIDTH,
    IRON,
    STONE,
    WALLS,
    WOOD,
    Art,
    Mover,
    awning,
    bench,
    cobbles,
    crate,
    edge,
    hills,
    house,
    lamp,
    water,
    window,
)

_BUNTING: tuple[RGB, ...] = ((196, 150, 132), (150, 166, 138), (206, 184, 136), (150, 164, 184))


def harbour(art: Art) -> None:
    """Water with boats, a lighthouse far out, a quay of stone."""
    hills(art, 200, 26, (150, 170, 170))
    water(art, art.far, FAR_WIDTH, 192, HEIGHT)
    _lighthouse(art, art.some(120, FAR_WIDTH - 160))
    for _ in range(3):
        art.movers.append(
            Mover("boat", art.some(60, 900), art.some(214, 226), art.some(2, 7), art.some(0.35, 0.5), int(art.rng.integers(9)))
        )
    if art.rng.random() < 0.8:
        x = art.some(-40, 60)
        for _ in range(int(art.rng.integers(2, 4))):
            width = art.some(96, 130)
            house(art, x, 268, width, art.some(110, 160))
            x += width
    at = art.some(330, 420)
    while at < WORLD_WIDTH + 40:
        art.movers.append(Mover("boat", at, art.some(262, 266), 0.0, art.some(0.9, 1.25), int(art.rng.integers(99))))
        at += art.some(140, 230)
    cobbles(art, 268, STONE)
    for k in range(9):
        x = 40 + k * 118 + art.some(-20, 20)
        art.near.rect(x - 6, 274, x + 6, 286, IRON, dark(IRON, 0.4), 2)
        art.near.oval(x - 9, 269, x + 9, 277, light(IRON, 0.2), dark(IRON, 0.4))
    for _ in range(3):
        x = art.some(40, 920)
        crate(art, x, 290)
        crate(art, x + 24, 290, 18)
        if art.rng.random() < 0.6:
            crate(art, x + 6, 268, 17)
    x = art.some(200, 800)
    for r in (13, 9, 5):
        art.near.oval(x - r, 284 - r * 0.4, x + r, 284 + r * 0.4, (196, 176, 136), edge(WOOD))
    for x in (180, 520, 860):
        lamp(art, x + art.some(-30, 30), 284)
    art.movers += [Mover("gull", art.some(0, 1000), art.some(70, 170), art.some(22, 44), art.some(0.7, 1.1), k) for k in range(4)]


def _lighthouse(art: Art, x: float) -> None:
    ink = art.far
    ink.poly([(x - 46, 206), (x - 20, 190), (x + 18, 188), (x + 52, 206)], (134, 128, 118))
    ink.poly([(x - 12, 192), (x - 7, 112), (x + 7, 112), (x + 12, 192)], (226, 216, 200), edge(STONE))
    for y in (130, 158):
        ink.poly([(x - 8.6 - (y - 130) * 0.06, y), (x + 8.6 + (y - 130) * 0.06, y), (x + 9.6, y + 13), (x - 9.6, y + 13)], (178, 120, 106))
    ink.rect(x - 9, 106, x + 9, 112, IRON)
    ink.rect(x - 5, 96, x + 5, 106, (246, 232, 186), IRON)
    ink.poly([(x - 7, 96), (x, 88), (x + 7, 96)], IRON)


def market(art: Art) -> None:
    """Stalls under striped cloths, with old houses behind."""
    hills(art, 190, 50, (168, 178, 164))
    x = art.some(-60, -10)
    while x < WORLD_WIDTH:
        width = art.some(78, 128)
        house(art, x, 262, width, art.some(110, 168))
        x += width + (art.some(0, 2) if art.rng.random() < 0.8 else art.some(14, 34))
    cobbles(art, 258, (186, 172, 152))
    x = art.some(20, 70)
    while x < WORLD_WIDTH - 60:
        _stall(art, x, 292)
        x += art.some(170, 250)
    _garland(art, 96)
    art.movers += [Mover("gull", art.some(0, 1000), art.some(30, 80), art.some(22, 40), 0.7, k) for k in range(2)]


def _stall(art: Art, x: float, base: float) -> None:
    ink, width = art.near, art.some(104, 138)
    for dx in (4, width - 8):
        ink.rect(x + dx, base - 92, x + dx + 4, base, WOOD, edge(WOOD))
    ink.rect(x, base - 36, x + width, base, light(WOOD, 0.15), edge(WOOD), 1)
    for k in range(4):
        ink.line([(x + 4, base - 28 + 8 * k), (x + width - 4, base - 28 + 8 * k)], edge(WOOD), 0.6)
    goods: tuple[RGB, ...] = ((188, 120, 96), (150, 162, 98), (214, 184, 120), (150, 116, 138), (198, 152, 110))
    for k in range(int((width - 10) // 24)):
        colour = art.pick(goods)
        cx = x + 7 + 24 * k
        ink.rect(cx, base - 43, cx + 21, base - 34, light(WOOD, 0.35), edge(WOOD), 1)
        for j in range(7):
            ink.disc(cx + 3.5 + (j % 4) * 4.8 + (2.4 if j > 3 else 0), base - 45 - (4 if j > 3 else 0), 3, colour, edge(colour))
    awning(art, x - 6, base - 104, width + 12, 20)


def _garland(art: Art, y: float) -> None:
    for start in range(-60, WORLD_WIDTH, 260):
        points = [(start + 260 * k / 16, y + 34 * (1 - (k / 8 - 1) ** 2)) for k in range(17)]
        art.near.line(points, (112, 100, 96), 0.9)
        for k, (px, py) in enumerate(points[1:-1]):
            colour = _BUNTING[k % 4]
            art.near.poly([(px - 5, py), (px + 5, py), (px, py + 11)], colour, edge(colour))


def street(art: Art) -> None:
    """Tall houses with shops, trees in a row, rails of a tram."""
    hills(art, 200, 60, (160, 168, 170))
    x = art.some(-70, -20)
    while x < WORLD_WIDTH:
        width = art.some(92, 140)
        house(art, x, 272, width, art.some(158, 214), shop=art.rng.random() < 0.75)
        x += width + (0.5 if art.rng.random() < 0.85 else 30)
    cobbles(art, 270, (178, 172, 166))
    art.near.rect(0, 292, WORLD_WIDTH, 296, (150, 146, 144))
    for y in (330, 346):
        art.near.line([(0, y), (WORLD_WIDTH, y)], (128, 126, 130), 2.2)
        art.near.line([(0, y - 1), (WORLD_WIDTH, y - 1)], (206, 204, 202), 0.8)
    for k in range(5):
        x = 90 + 215 * k + art.some(-30, 30)
        if k % 2:
            lamp(art, x, 290)
        else:
            art.near.oval(x - 15, 284, x + 15, 291, dark(STONE, 0.2), edge(STONE))
            _small_tree(art, x, 288)
    bench(art, art.some(130, 800), 292)


def _small_tree(art: Art, x: float, base: float) -> None:
    leaf: RGB = art.pick(((112, 136, 88), (132, 146, 92)))
    art.near.rect(x - 2.2, base - 60, x + 2.2, base, WOOD, edge(WOOD))
    art.near.disc(x, base - 76, 27, leaf, edge(leaf))
    art.near.disc(x - 6, base - 83, 16, light(leaf, 0.14))
    art.near.disc(x - 10, base - 89, 6, light(leaf, 0.28))


def station(art: Art) -> None:
    """A hall with arches and a clock, a roof on iron columns, a waiting train."""
    hills(art, 196, 54, (158, 172, 166))
    _hall(art, art.some(120, 520))
    _train(art, 244, art.some(-30, 80))
    cobbles(art, 262, (194, 184, 170))
    art.near.rect(0, 262, WORLD_WIDTH, 268, (228, 218, 196), edge(STONE))
    roof: RGB = (112, 118, 112)
    art.near.poly([(0, 58), (WORLD_WIDTH, 58), (WORLD_WIDTH, 78), (0, 78)], roof, edge(roof))
    for k in range(50):
        art.near.pie((k * 20, 70, k * 20 + 20, 88), 0, 180, roof)
    for x in map(float, range(70, WORLD_WIDTH, 215)):
        art.near.rect(x - 3, 78, x + 3, 278, IRON)
        art.near.rect(x - 8, 268, x + 8, 280, IRON, None, 2)
        for s in (-1, 1):
            art.near.line([(x, 116), (x + 12 * s, 92), (x + 30 * s, 80)], IRON, 2.2)
        art.lamps.append((x + 30, 96))
        art.near.disc(x + 30, 96, 4, (240, 228, 190), IRON)
    x = art.some(220, 700)
    art.near.line([(x, 78), (x, 98)], IRON, 2)
    art.near.disc(x, 112, 15, (240, 234, 218), IRON)
    art.near.line([(x, 112), (x, 102)], IRON, 1.6)
    art.near.line([(x, 112), (x + 7, 115)], IRON, 1.6)
    for x in (art.some(80, 240), art.some(560, 860)):
        bench(art, x, 288)
    x = art.some(320, 520)
    for k, (w, h) in enumerate(((34, 24), (26, 18), (20, 26))):
        art.near.rect(x + 32 * k, 290 - h, x + 32 * k + w, 290, light(WOOD, 0.1 * k), edge(WOOD), 2)
        art.near.arc((x + 32 * k + w / 2 - 5, 286 - h, x + 32 * k + w / 2 + 5, 294 - h), 180, 360, edge(WOOD), 1.4)


def _hall(art: Art, x: float) -> None:
    wall: RGB = WALLS[1]
    ink = art.near
    ink.poly([(x - 8, 112), (x + 150, 74), (x + 308, 112)], (142, 110, 92), edge(WOOD))
    ink.rect(x, 112, x + 300, 262, wall, edge(wall))
    for k in range(6):
        wx = x + 14 + 48 * k
        ink.pie((wx, 126, wx + 34, 160), 180, 360, (232, 222, 200))
        ink.rect(wx, 142, wx + 34, 190, (232, 222, 200))
        ink.pie((wx + 3, 129, wx + 31, 157), 180, 360, (120, 142, 152))
        window(art, wx + 3, 143, 28, 44, wall)


def _train(art: Art, base: float, x: float) -> None:
    body: RGB = (122, 136, 126)
    ink = art.near
    ink.rect(0, base + 6, WORLD_WIDTH, base + 24, (122, 114, 106))
    for k in range(60):
        ink.rect(k * 18, base + 12, k * 18 + 9, base + 16, (98, 86, 76))
    for c in range(int(art.rng.integers(3, 5))):
        cx = x + 226 * c
        ink.rect(cx, base - 72, cx + 216, base + 4, body, edge(body), 6)
        ink.rect(cx + 1, base - 26, cx + 215, base - 19, (226, 214, 184))
        ink.rect(cx + 4, base - 78, cx + 212, base - 69, dark(body, 0.3), edge(body), 4)
        for k in range(6):
            wx = cx + 14 + 33 * k
            ink.rect(wx, base - 60, wx + 24, base - 34, (150, 170, 174), edge(body), 3)
            art.windows.append((wx, base - 60, wx + 24, base - 34))
        for k in (36, 66, 150, 180):
            ink.disc(cx + k, base + 5, 8, IRON, dark(IRON, 0.4))
        ink.rect(cx + 216, base - 8, cx + 226, base - 3, IRON)
