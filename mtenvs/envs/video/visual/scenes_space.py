"""A space station: modules along gantries before stars and planets, with robots on top."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from mtenvs.envs.video.visual.brush import CREAM, INK, Sheet, contrast, shade
from mtenvs.envs.video.visual.styles import COLOURS, Rgb
from mtenvs.envs.video.visual.world import Scene, Thing

_METAL: Rgb = (132, 140, 156)
_ROBOTS = (26, 44, 62, 80, 120, 138, 156, 174)


def ground(picture: Image.Image, scene: Scene, rng: Random) -> None:
    """Stars, clouds of gas and planets; gantries below each row."""
    draw, s, width, height = ImageDraw.Draw(picture), scene.size.scale, *picture.size
    gas = Image.new("RGB", (16, 12))
    gas.putdata([tuple(rng.randint(low, high) for low, high in ((14, 52), (14, 40), (34, 84))) for _ in range(16 * 12)])
    picture.paste(gas.resize((width // 8, height // 8), Image.Resampling.BICUBIC).resize((width, height), Image.Resampling.BILINEAR))
    for _ in range(int(width * height / 4000)):
        x, y, r = rng.uniform(0, width), rng.uniform(0, height), rng.choice((0.5, 0.5, 1, 1.6)) * s
        draw.ellipse((x - r, y - r, x + r, y + r), fill=rng.choice(((255, 255, 255), (200, 216, 255), (255, 236, 200))))
    for _ in range(3):
        x, y, r = rng.uniform(0, width), rng.uniform(0.2, 0.7) * scene.top, rng.uniform(0.16, 0.34) * scene.top
        colour = rng.choice(((214, 130, 92), (110, 160, 190), (190, 170, 130), (150, 110, 170)))
        draw.ellipse((x - r, y - r, x + r, y + r), fill=shade(colour, 0.6))
        draw.ellipse((x - r * 0.9, y - r, x + r, y + r * 0.86), fill=colour)
        for k in (-0.4, 0.1, 0.5):
            draw.arc(
                (x - r * 0.95, y + k * r - r * 0.2, x + r * 0.95, y + k * r + r * 0.2), 20, 160, fill=shade(colour, 1.3), width=round(5 * s)
            )
    for row in range(scene.rows):
        _, y1, y2 = scene.row_box(row)
        for y in (y1 + 4 * s, y2 - 10 * s):
            draw.rectangle((0, y, width, y + 7 * s), fill=_METAL)
            draw.rectangle((0, y + 5 * s, width, y + 7 * s), fill=shade(_METAL, 0.6))
        step = 36 * s
        for i in range(int(width / step) + 2):
            x = i * step
            draw.line((x, y1 + 10 * s, x + step / 2, y2 - 10 * s), fill=shade(_METAL, 0.7), width=round(2 * s))
            draw.line((x + step / 2, y2 - 10 * s, x + step, y1 + 10 * s), fill=shade(_METAL, 0.7), width=round(2 * s))


def thing(sheet: Sheet, module: Thing) -> None:
    """A module of the station."""
    hull, bands = COLOURS[module.a], COLOURS[module.b]
    sheet.rect(0, 88, 200, 106, _METAL)
    sheet.rect(60, 150, 72, 194, shade(_METAL, 0.8))
    sheet.rect(128, 150, 140, 194, shade(_METAL, 0.8))
    sheet.rect(12, 50, 188, 154, (206, 212, 222), 26)
    sheet.rect(14, 52, 186, 152, shade(hull, 0.78), 24)
    sheet.rect(14, 52, 186, 136, hull, 24)
    for x in (34, 152):
        sheet.rect(x, 52, x + 14, 152, shade(bands, 0.85))
        sheet.rect(x, 52, x + 14, 136, bands)
    sheet.line([(100, 50), (100, 22)], _METAL, 2.4)
    sheet.rect(96.2, 16.2, 103.8, 23.8, (206, 212, 222))
    sheet.rect(97, 17, 103, 23, COLOURS[module.detail])
    _emblem(sheet, module.mark, contrast(module.a), hull)
    sheet.rect(47, 106, 153, 126, INK, 3)
    sheet.rect(49, 108, 151, 124, (236, 240, 246), 3)
    sheet.rect(85, 128, 115, 152, INK, 3)
    sheet.rect(87, 129.4, 113, 145, (255, 252, 244), 2)
    for x in (24, 66, 134, 176):
        sheet.disc(x, 80, 6, (206, 212, 222))
        sheet.disc(x, 80, 4.4, (90, 130, 168))
    for x in Random(module.seed).sample(_ROBOTS, module.count):
        sheet.rect(x - 5.5, 42, x + 5.5, 51, INK, 2)
        sheet.rect(x - 4.8, 42.6, x + 4.8, 50.6, (222, 226, 232), 2)
        sheet.rect(x - 4.8, 33.4, x + 4.8, 41, INK, 2)
        sheet.rect(x - 4.2, 34, x + 4.2, 40.4, (240, 242, 246), 2)
        sheet.disc(x - 1.8, 37, 1.1, (210, 50, 50))
        sheet.disc(x + 1.8, 37, 1.1, (210, 50, 50))
        sheet.line([(x, 34), (x, 30)], (222, 226, 232), 1)


def _emblem(sheet: Sheet, kind: str, colour: Rgb, back: Rgb) -> None:
    if kind == "a star":
        sheet.star(100, 80, 20, colour)
    elif kind == "a ring":
        sheet.ring(100, 79, 18, colour, 6)
    elif kind == "a moon":
        sheet.disc(100, 79, 19, colour)
        sheet.disc(109, 75, 16, back)
    else:
        sheet.rect(95, 60, 105, 98, colour)
        sheet.rect(81, 74, 119, 84, colour)


def decoration(sheet: Sheet, rng: Random) -> None:
    """Solar panels, or a rocket."""
    if rng.random() < 0.5:
        sheet.rect(94, 30, 106, 190, _METAL)
        for x in (14, 112):
            sheet.rect(x, 44, x + 74, 132, (40, 60, 120), 3)
            for k in range(1, 4):
                sheet.line([(x + k * 18.5, 44), (x + k * 18.5, 132)], (130, 160, 220), 1.4)
                sheet.line([(x, 44 + k * 22), (x + 74, 44 + k * 22)], (130, 160, 220), 1.4)
        return
    colour = COLOURS[rng.choice(("red", "orange", "blue", "green"))]
    sheet.poly([(74, 150), (50, 186), (82, 176)], colour)
    sheet.poly([(126, 150), (150, 186), (118, 176)], colour)
    sheet.oval(70, 10, 130, 200, CREAM)
    sheet.half(76, 10, 124, 92, colour)
    sheet.disc(100, 92, 13, _METAL)
    sheet.disc(100, 92, 9, (110, 170, 210))
    sheet.oval(86, 172, 114, 190, (250, 170, 60))
