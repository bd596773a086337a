"""A market square: stalls with striped awnings on cobbles, and cats."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from mtenvs.envs.video.visual.backdrops import BACKDROP, clouds, hills, sky
from mtenvs.envs.video.visual.brush import INK, Sheet, shade
from mtenvs.envs.video.visual.goods import GOODS
from mtenvs.envs.video.visual.styles import COLOURS
from mtenvs.envs.video.visual.world import Scene, Thing

_CATS = (24, 46, 68, 90, 112, 134, 156, 178)
_FURS = ((60, 56, 60), (226, 150, 70), (150, 146, 150), (240, 236, 228), (120, 84, 56))


def ground(picture: Image.Image, scene: Scene, rng: Random) -> None:
    """Old houses with lit windows behind, cobbles below."""
    draw, s, width = ImageDraw.Draw(picture), scene.size.scale, picture.width
    sky(picture, scene.top, (150, 196, 232), (250, 238, 210))
    clouds(draw, width, scene.top, rng)
    hills(draw, width, scene.top, rng, (150, 180, 140))
    t = scene.top / BACKDROP
    x = -10.0
    while x < width:
        w, h = rng.uniform(90, 150) * t, rng.uniform(0.45, 0.75) * scene.top
        wall, y = rng.choice(((238, 220, 188), (226, 196, 170), (214, 214, 196), (236, 206, 206), (206, 214, 224))), scene.top - h
        draw.rectangle((x, y, x + w, scene.top), fill=wall)
        for k in range(4):
            draw.rectangle(
                (x + w / 2 - w * (4 - k) / 8, y - k * 14 * t - 14 * t, x + w / 2 + w * (4 - k) / 8, y - k * 14 * t), fill=shade(wall, 0.93)
            )
        for i in range(3):
            for j in range(int(h / (44 * t))):
                wx, wy = x + w * (0.16 + 0.26 * i), y + (12 + 44 * j) * t
                draw.rectangle((wx - 2, wy - 2, wx + 16 * t + 2, wy + 24 * t + 2), fill=shade(wall, 0.7))
                draw.rectangle((wx, wy, wx + 16 * t, wy + 24 * t), fill=rng.choice(((92, 110, 132), (255, 222, 140))))
        x += w + 2
    draw.rectangle((0, scene.top, width, picture.height), fill=(176, 166, 156))
    tile = _cobbles(rng, s)
    for y in range(scene.top, picture.height, tile.height):
        for tx in range(0, width, tile.width):
            picture.paste(tile, (tx, y))


def _cobbles(rng: Random, s: float) -> Image.Image:
    w, h, rows = round(24 * s), round(16 * s), 16
    tile = Image.new("RGB", (w * 16, h * rows), (150, 140, 132))
    draw = ImageDraw.Draw(tile)
    for row in range(rows):
        for column in range(-1, 17):
            x, tone = column * w + (row % 2) * w // 2, shade((182, 172, 162), rng.uniform(0.93, 1.15))
            draw.rounded_rectangle((x + 1, row * h + 1, x + w - 2, row * h + h - 2), round(5 * s), fill=tone)
    return tile


def thing(sheet: Sheet, stall: Thing) -> None:
    """A stall with its seller."""
    a, b, rng = COLOURS[stall.a], COLOURS[stall.b], Random(stall.seed)
    sheet.shadow(6, 158, 194, 176, (60, 50, 44, 90))
    sheet.rect(22, 58, 178, 120, (94, 76, 66))
    sheet.rect(20, 40, 25, 168, (122, 88, 58))
    sheet.rect(175, 40, 180, 168, (122, 88, 58))
    sheet.poly([(84, 122), (89, 99), (111, 99), (116, 122)], shade(rng.choice(((88, 120, 150), (150, 96, 90), (110, 130, 90))), 1.0))
    sheet.disc(100, 89.5, 10, rng.choice(((60, 44, 36), (150, 100, 50), (110, 60, 40), (190, 186, 186))))
    sheet.disc(100, 92, 8.6, (244, 206, 172))
    sheet.disc(97, 91, 1, INK)
    sheet.disc(103, 91, 1, INK)
    sheet.rect(96.4, 78.4, 103.6, 84.6, INK)
    sheet.rect(97, 79, 103, 84, COLOURS[stall.detail])
    for i in range(9):
        x = 10 + i * 20
        colour = (a, b)[i % 2]
        sheet.poly([(x + (100 - x) * 0.12, 30), (x + 20 + (80 - x) * 0.12, 30), (x + 20, 62), (x, 62)], colour)
        sheet.oval(x, 54, x + 20, 72, shade(colour, 0.9))
    sheet.rect(42, 6, 158, 27, (96, 66, 42), 3)
    sheet.rect(44, 8, 156, 26, (250, 240, 214), 3)
    sheet.rect(40, 26, 160, 31, (96, 66, 42))
    for i in range(9):
        GOODS[stall.mark](sheet, 29 + i * 17.5, 115 + rng.uniform(-1, 1), rng)
    sheet.rect(16, 124, 184, 166, (168, 122, 78))
    for x in range(16, 184, 24):
        sheet.rect(x, 126, x + 22, 164, shade((178, 132, 88), rng.uniform(0.92, 1.1)))
    sheet.rect(12, 120, 188, 127, (134, 94, 60))
    sheet.rect(85, 135, 115, 155, INK, 2)
    sheet.rect(86, 136, 114, 154, (255, 252, 244), 2)
    for x in rng.sample(_CATS, stall.count):
        fur = rng.choice(_FURS)
        sheet.oval(x - 6.6, 174, x + 6.6, 188, INK)
        sheet.oval(x - 6, 174.6, x + 6, 187.4, fur)
        for side in (-1, 1):
            sheet.poly([(x + side * 6.4, 172), (x + side * 5.8, 163.6), (x + side * 1, 168)], INK)
            sheet.poly([(x + side * 5.6, 171), (x + side * 5.2, 165.2), (x + side * 1.6, 168.6)], fur)
        sheet.oval(x - 6.6, 166.6, x + 6.6, 177.4, INK)
        sheet.oval(x - 6, 167.2, x + 6, 176.8, fur)
        sheet.disc(x - 2.2, 171.4, 1, (120, 200, 90))
        sheet.disc(x + 2.2, 171.4, 1, (120, 200, 90))


def decoration(sheet: Sheet, rng: Random) -> None:
    """A tree in a tub, or a fountain."""
    if rng.random() < 0.5:
        sheet.rect(94, 100, 106, 160, (112, 78, 50))
        for x, y, r in ((70, 80, 34), (128, 82, 34), (100, 52, 38), (100, 92, 34)):
            sheet.disc(x, y, r, shade((86, 148, 76), rng.uniform(0.9, 1.15)))
        sheet.poly([(72, 146), (128, 146), (120, 178), (80, 178)], (176, 96, 64))
        return
    sheet.oval(20, 130, 180, 178, (140, 136, 140))
    sheet.oval(30, 134, 170, 168, (110, 180, 210))
    sheet.rect(92, 80, 108, 152, (168, 164, 168))
    sheet.oval(62, 72, 138, 92, (150, 146, 150))
    for dx in (-1, 1):
        sheet.line([(100, 56), (100 + dx * 20, 66), (100 + dx * 30, 100), (100 + dx * 34, 148)], (190, 226, 240), 3)
