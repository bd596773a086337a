"""A great library: bookcases floor above floor, mice among the books."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from mtenvs.envs.video.visual.backdrops import BACKDROP
from mtenvs.envs.video.visual.brush import CREAM, INK, Sheet, shade
from mtenvs.envs.video.visual.styles import COLOURS, Rgb
from mtenvs.envs.video.visual.world import Scene, Thing

_BOOKS: tuple[Rgb, ...] = (
    (142, 52, 46), (58, 84, 124), (68, 104, 76), (176, 136, 70), (96, 62, 96), (200, 180, 146), (74, 58, 50), (150, 88, 52), (88, 120, 130),
)  # fmt: skip
_WOOD: Rgb = (112, 72, 44)
_MICE = (26, 48, 70, 92, 114, 136, 158)


def ground(picture: Image.Image, scene: Scene, rng: Random) -> None:
    """Arched windows full of stars above, panelled walls and carpets below."""
    draw, s, width = ImageDraw.Draw(picture), scene.size.scale, picture.width
    draw.rectangle((0, 0, width, picture.height), fill=(150, 112, 76))
    t = scene.top / BACKDROP
    step = 150 * t
    for i in range(int(width / step) + 1):
        x, y = i * step + 20 * t, scene.top * 0.3
        draw.rectangle((x - 6 * t, y - 6 * t, x + 116 * t, scene.top - 18 * t), fill=(96, 62, 40))
        draw.pieslice((x - 6 * t, y - 61 * t, x + 116 * t, y + 61 * t), 180, 360, fill=(96, 62, 40))
        draw.rectangle((x, y, x + 110 * t, scene.top - 24 * t), fill=(36, 50, 96))
        draw.pieslice((x, y - 55 * t, x + 110 * t, y + 55 * t), 180, 360, fill=(36, 50, 96))
        for _ in range(26):
            sx, sy, r = x + rng.uniform(6, 104) * t, rng.uniform(y - 20 * t, scene.top - 30 * t), rng.uniform(0.6, 1.8) * t
            draw.ellipse((sx - r, sy - r, sx + r, sy + r), fill=(255, 246, 206))
        draw.line((x + 55 * t, y - 55 * t, x + 55 * t, scene.top - 24 * t), fill=(96, 62, 40), width=round(4 * t))
    for row in range(scene.rows):
        y0, y1, y2 = scene.row_box(row)
        draw.rectangle((0, y0 - 4, width, y1), fill=(134, 98, 66))
        for i in range(int(width / (50 * s)) + 1):
            draw.line((i * 50 * s, y0, i * 50 * s, y1), fill=(122, 88, 58), width=2)
        draw.rectangle((0, y1, width, y2 - 6 * s), fill=rng.choice(((128, 50, 54), (52, 84, 90), (92, 60, 100))))
        for i in range(int(width / (40 * s)) + 1):
            x, y = i * 40 * s, (y1 + y2) / 2
            draw.polygon([(x, y - 12 * s), (x + 10 * s, y), (x, y + 12 * s), (x - 10 * s, y)], fill=(206, 168, 96))
        draw.rectangle((0, y2 - 6 * s, width, y2), fill=(84, 54, 36))
    draw.rectangle((0, scene.row_box(scene.rows - 1)[2], width, picture.height), fill=(84, 54, 36))


def thing(sheet: Sheet, case: Thing) -> None:
    """A bookcase."""
    rng = Random(case.seed)
    sheet.rect(4, 2, 196, 188, shade(_WOOD, 0.7), 3)
    sheet.rect(14, 20, 186, 160, (58, 38, 28))
    sheet.rect(14, 2, 186, 21, _WOOD)
    for x in (4, 180):
        sheet.rect(x, 8, x + 16, 184, shade(COLOURS[case.a], 0.8), 3)
        sheet.rect(x + 3, 12, x + 12, 180, COLOURS[case.a], 3)
    sheet.rect(85, 3, 115, 20, INK, 2)
    sheet.rect(86, 4, 114, 19, (255, 252, 244), 2)
    for shelf, (first, last) in enumerate(((20, 180), (20, 180), (0, 0))):
        bottom = (64, 112, 160)[shelf]
        _books(sheet, rng, first, last, bottom, gap=(78, 122) if shelf == 1 else (0, 0))
        sheet.rect(18, bottom, 182, bottom + 5, _WOOD)
    sheet.rect(59.4, 57.4, 66.6, 64.6, INK)
    sheet.rect(60, 58, 66, 64, COLOURS[case.detail])
    _ornament(sheet, case.mark, COLOURS[case.b])
    sheet.rect(4, 160, 196, 188, _WOOD, 3)
    sheet.rect(47, 161, 153, 181, (120, 88, 30), 2)
    sheet.rect(49, 163, 151, 179, (240, 208, 124), 2)
    for x in rng.sample(_MICE, case.count):
        fur = rng.choice(((170, 168, 176), (214, 206, 200), (150, 130, 116)))
        sheet.line([(x + 7, 157), (x + 13, 154), (x + 15, 150)], (230, 160, 160), 1.2)
        sheet.oval(x - 7, 149, x + 8, 160, fur)
        sheet.disc(x - 6, 153, 4.4, fur)
        sheet.disc(x - 4, 148, 3, (236, 170, 176))
        sheet.disc(x - 8, 152, 0.9, INK)
        sheet.disc(x - 10.4, 154, 1, (230, 120, 130))


def _books(sheet: Sheet, rng: Random, first: float, last: float, bottom: float, gap: tuple[float, float]) -> None:
    x = first
    while x < last - 4:
        w, h = rng.uniform(4, 9), rng.uniform(27, 38)
        if gap[0] < x + w and x < gap[1]:
            x = gap[1]
            continue
        colour = rng.choice(_BOOKS)
        sheet.rect(x, bottom - h, x + w - 0.6, bottom, shade(colour, rng.uniform(0.85, 1.15)))
        sheet.rect(x + 0.8, bottom - h + 5, x + w - 1.4, bottom - h + 8, shade(colour, 1.5))
        x += w


def _ornament(sheet: Sheet, kind: str, colour: Rgb) -> None:
    dark = shade(colour, 0.75)
    sheet.rect(78, 70, 122, 112, (92, 64, 48))
    if kind == "globe":
        sheet.rect(90, 107, 110, 111, (196, 156, 80))
        sheet.disc(100, 91, 17, (196, 156, 80))
        sheet.disc(100, 91, 15, colour)
        sheet.oval(90, 82, 102, 92, dark)
        sheet.oval(99, 92, 110, 102, dark)
    elif kind == "vase":
        sheet.poly([(93, 72), (107, 72), (104, 82), (114, 96), (107, 111), (93, 111), (86, 96), (96, 82)], colour)
        sheet.rect(90, 92, 110, 97, dark)
    elif kind == "clock":
        sheet.rect(81, 72, 119, 111, dark, 6)
        sheet.rect(83, 74, 117, 111, colour, 5)
        sheet.disc(100, 91, 12, CREAM)
        sheet.line([(100, 91), (100, 82)], INK, 2)
        sheet.line([(100, 91), (107, 94)], INK, 2)
    else:
        sheet.ring(88, 96, 9, dark, 4)
        sheet.poly([(112, 94), (122, 84), (120, 92), (112, 106)], dark)
        sheet.oval(84, 82, 118, 111, colour)
        sheet.oval(94, 78, 108, 86, dark)
        sheet.disc(101, 77, 3, colour)


def decoration(sheet: Sheet, rng: Random) -> None:
    """A ladder with a plant, or an armchair under a lamp."""
    if rng.random() < 0.5:
        for x in (70, 104):
            sheet.line([(x, 188), (x + 20, 6)], (190, 142, 84), 5)
        for k in range(9):
            sheet.line([(72 + k * 2, 172 - k * 19), (106 + k * 2, 172 - k * 19)], (170, 124, 72), 4)
        sheet.poly([(140, 150), (176, 150), (170, 188), (146, 188)], (178, 100, 66))
        for dx in (-22, -10, 4, 16, 26):
            sheet.line([(158, 150), (158 + dx, 110 + abs(dx))], (76, 134, 72), 6)
        return
    sheet.line([(160, 186), (160, 70)], (90, 70, 50), 4)
    sheet.poly([(140, 74), (180, 74), (170, 46), (150, 46)], (246, 222, 150))
    chair = shade(rng.choice(((126, 60, 54), (64, 96, 84), (84, 76, 120))), 1.0)
    sheet.rect(34, 84, 128, 170, shade(chair, 0.85), 16)
    sheet.rect(46, 128, 116, 160, shade(chair, 1.2), 8)
    sheet.rect(26, 118, 50, 178, chair, 10)
    sheet.rect(112, 118, 136, 178, chair, 10)
