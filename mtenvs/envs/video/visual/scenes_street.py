"""A town on a hill: rows of little houses with shop signs, street above street."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from mtenvs.envs.video.visual.backdrops import BACKDROP, clouds, hills, sky
from mtenvs.envs.video.visual.brush import CREAM, INK, Sheet, shade
from mtenvs.envs.video.visual.styles import COLOURS, Rgb
from mtenvs.envs.video.visual.world import Scene, Thing

_POTS = (18, 32, 46, 60, 138, 152, 166, 180)
_GLASS: Rgb = (126, 170, 196)


def ground(picture: Image.Image, scene: Scene, rng: Random) -> None:
    """Mountains and towers behind, gardens and paved streets below."""
    draw, s, width = ImageDraw.Draw(picture), scene.size.scale, picture.width
    sky(picture, scene.top, *rng.choice((((132, 190, 236), (240, 244, 236)), ((246, 190, 150), (252, 232, 200)))))
    t = scene.top / BACKDROP
    clouds(draw, width, scene.top, rng)
    hills(draw, width, scene.top, rng, (140, 172, 120))
    for _ in range(int(width / (95 * t))):
        x, w, h = rng.uniform(0, width), rng.uniform(14, 30) * t, rng.uniform(0.3, 0.62) * scene.top
        draw.rectangle((x, scene.top - h, x + w, scene.top), fill=(206, 190, 176))
        draw.polygon(
            [(x - 4 * t, scene.top - h), (x + w / 2, scene.top - h - 34 * t), (x + w + 4 * t, scene.top - h)], fill=(120, 104, 132)
        )
        draw.rectangle((x + w / 2 - 3 * t, scene.top - h + 10 * t, x + w / 2 + 3 * t, scene.top - h + 24 * t), fill=(96, 90, 104))
    for row in range(scene.rows):
        y0, y1, y2 = scene.row_box(row)
        draw.rectangle((0, y0 - 8 * s, width, y1), fill=(132, 170, 104))
        for _ in range(int(width / 24)):
            x, y, r = rng.uniform(0, width), rng.uniform(y0, y1), rng.uniform(5, 13) * s
            draw.ellipse((x - r, y - r, x + r, y + r), fill=shade((108, 150, 88), rng.uniform(0.9, 1.2)))
        draw.rectangle((0, y1 - 4 * s, width, y2), fill=(196, 190, 182))
        for i in range(int(width / (26 * s)) + 1):
            draw.line((i * 26 * s, y1 - 4 * s, i * 26 * s - 8 * s, y1 + 12 * s), fill=(172, 166, 158), width=2)
        draw.rectangle((0, y1 + 12 * s, width, y2 - 8 * s), fill=(128, 126, 132))
        for i in range(int(width / (70 * s)) + 1):
            draw.rectangle((i * 70 * s, y1 + 44 * s, i * 70 * s + 34 * s, y1 + 47 * s), fill=(226, 222, 206))
    draw.rectangle((0, scene.row_box(scene.rows - 1)[2] - 8, width, picture.height), fill=(132, 170, 104))


def thing(sheet: Sheet, house: Thing) -> None:
    """A house with a shop in it."""
    wall, roof, rng = COLOURS[house.a], COLOURS[house.b], Random(house.seed)
    sheet.rect(140, 10, 156, 46, (150, 96, 80))
    sheet.rect(10, 44, 190, 180, shade(wall, 0.8))
    sheet.rect(13, 44, 187, 180, wall)
    sheet.poly([(2, 54), (34, 8), (166, 8), (198, 54)], shade(roof, 0.75))
    sheet.poly([(7, 51), (37, 11), (163, 11), (193, 51)], roof)
    for k in range(3):
        sheet.line([(27 - k * 8, 22 + k * 10), (173 + k * 8, 22 + k * 10)], shade(roof, 0.8), 1)
    for x in (30, 82, 134):
        _window(sheet, x, 62, house.mark, wall)
    sheet.rect(42, 103, 158, 125, INK, 3)
    sheet.rect(44, 105, 156, 123, (250, 240, 214), 3)
    sheet.rect(82, 128, 114, 180, shade((116, 76, 52), 0.8))
    sheet.rect(85, 131, 111, 180, (150, 98, 64))
    sheet.disc(106, 157, 1.8, (240, 208, 110))
    sheet.rect(117, 131, 147, 151, INK, 2)
    sheet.rect(118, 132, 146, 150, (255, 252, 244), 2)
    sheet.rect(20, 130, 58, 162, CREAM)
    sheet.rect(22, 132, 56, 160, _GLASS)
    for x in (26, 36, 46):
        sheet.disc(x + 2, 154, 4, COLOURS[rng.choice(list(COLOURS))])
    sheet.rect(65.2, 149.2, 72.8, 156.8, INK)
    sheet.rect(66, 150, 72, 156, COLOURS[house.detail])
    for x in rng.sample(_POTS, house.count):
        petal = COLOURS[rng.choice(("red", "yellow", "pink", "white", "orange"))]
        sheet.line([(x, 180), (x, 170)], (60, 130, 60), 1.6)
        for dx, dy in ((-2.6, 0), (2.6, 0), (0, -2.6), (0, 2.6)):
            sheet.disc(x + dx, 168.4 + dy, 2.4, petal)
        sheet.disc(x, 168.4, 1.6, INK)
        sheet.poly([(x - 6, 177), (x + 6, 177), (x + 4, 188), (x - 4, 188)], (120, 56, 40))
        sheet.poly([(x - 5, 178), (x + 5, 178), (x + 3.4, 187), (x - 3.4, 187)], (206, 110, 76))


def _window(sheet: Sheet, x: float, y: float, kind: str, wall: Rgb) -> None:
    frame = CREAM if sum(wall) < 560 else (110, 84, 70)
    if kind == "round":
        sheet.disc(x + 18, y + 18, 18, frame)
        sheet.disc(x + 18, y + 18, 15, _GLASS)
        sheet.line([(x + 18, y + 2), (x + 18, y + 34)], frame, 2)
        sheet.line([(x + 2, y + 18), (x + 34, y + 18)], frame, 2)
    elif kind == "arched":
        sheet.half(x + 2, y - 2, x + 34, y + 30, frame)
        sheet.rect(x + 2, y + 14, x + 34, y + 38, frame)
        sheet.half(x + 5, y + 1, x + 31, y + 27, _GLASS)
        sheet.rect(x + 5, y + 14, x + 31, y + 35, _GLASS)
        sheet.line([(x + 18, y), (x + 18, y + 36)], frame, 2)
    else:
        sheet.rect(x, y, x + 36, y + 36, frame)
        sheet.rect(x + 3, y + 3, x + 33, y + 33, _GLASS)
        sheet.line([(x + 18, y), (x + 18, y + 36)], frame, 2)
        sheet.line([(x, y + 18), (x + 36, y + 18)], frame, 2)


def decoration(sheet: Sheet, rng: Random) -> None:
    """Trees, or a parked van."""
    if rng.random() < 0.6:
        for x, y in ((60, 30), (136, 50)):
            sheet.rect(x - 5, y + 60, x + 5, 182, (110, 80, 54))
            for dx, dy, r in ((-18, 44, 24), (18, 46, 24), (0, 22, 28), (0, 58, 26)):
                sheet.disc(x + dx, y + dy, r, shade((92, 146, 80), rng.uniform(0.88, 1.15)))
        return
    colour = COLOURS[rng.choice(list(COLOURS))]
    sheet.rect(24, 98, 132, 168, colour, 8)
    sheet.rect(128, 118, 178, 168, shade(colour, 0.85), 8)
    sheet.rect(140, 124, 168, 142, _GLASS, 3)
    for x in (56, 150):
        sheet.disc(x, 168, 15, INK)
        sheet.disc(x, 168, 6, (190, 190, 196))
