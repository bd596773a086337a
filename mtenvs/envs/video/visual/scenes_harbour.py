"""A harbour: boats on calm water, planks to walk on, a lighthouse and a town behind."""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from mtenvs.envs.video.visual.backdrops import BACKDROP, clouds, hills, sky
from mtenvs.envs.video.visual.brush import CREAM, INK, Sheet, contrast, shade
from mtenvs.envs.video.visual.styles import COLOURS, Rgb
from mtenvs.envs.video.visual.world import Scene, Thing

_SEA, _PLANK = (70, 148, 178), (186, 142, 96)
_GULLS = (24, 44, 66, 124, 144, 164, 180)


def ground(picture: Image.Image, scene: Scene, rng: Random) -> None:
    """Sky, town, water and piers."""
    draw, s, width = ImageDraw.Draw(picture), scene.size.scale, picture.width
    sky(
        picture,
        scene.top,
        *rng.choice((((120, 180, 226), (248, 226, 196)), ((104, 110, 178), (250, 176, 140)), ((96, 170, 220), (226, 240, 244)))),
    )
    t = scene.top / BACKDROP
    sun = rng.uniform(0.1, 0.9) * width
    draw.ellipse((sun - 40 * t, scene.top * 0.25, sun + 40 * t, scene.top * 0.25 + 80 * t), fill=(255, 238, 190))
    clouds(draw, width, scene.top, rng)
    hills(draw, width, scene.top, rng, (128, 160, 148))
    x = -20.0
    while x < width:
        w, h = rng.uniform(34, 70) * t, rng.uniform(30, 80) * t
        wall = shade(COLOURS[rng.choice(list(COLOURS))], 1.55)
        draw.rectangle((x, scene.top - h, x + w, scene.top), fill=wall)
        draw.polygon([(x - 3 * t, scene.top - h), (x + w / 2, scene.top - h - 22 * t), (x + w + 3 * t, scene.top - h)], fill=(178, 92, 70))
        for k in range(2):
            wx = x + w * (0.2 + 0.4 * k)
            draw.rectangle((wx, scene.top - h + 10 * t, wx + 8 * t, scene.top - h + 20 * t), fill=(76, 90, 112))
        x += w + rng.uniform(0, 10) * t
    _lighthouse(draw, rng.uniform(0.2, 0.8) * width, scene.top, 0.75 * t)
    for row in range(scene.rows):
        y0, y1, y2 = scene.row_box(row)
        draw.rectangle((0, y0, width, y1 + 6 * s), fill=_SEA)
        for _ in range(int(width / 14)):
            x, y, w = rng.uniform(0, width), rng.uniform(y0, y1), rng.uniform(8, 34) * s
            draw.line((x, y, x + w, y), fill=rng.choice(((98, 172, 196), (56, 130, 164), (130, 192, 208))), width=max(1, round(1.5 * s)))
        _planks(draw, width, y1 + 6 * s, y2, s, _PLANK, rng)
    draw.rectangle((0, scene.row_box(scene.rows - 1)[2], width, picture.height), fill=shade(_SEA, 0.8))


def _planks(draw: ImageDraw.ImageDraw, width: int, top: float, bottom: float, s: float, colour: Rgb, rng: Random) -> None:
    """A wooden floor with a shadow below its edge."""
    draw.rectangle((0, top, width, bottom), fill=colour)
    x = 0.0
    while x < width:
        w = rng.uniform(16, 30) * s
        draw.rectangle((x, top, x + w - 2, bottom - 5 * s), fill=shade(colour, rng.uniform(0.92, 1.12)))
        x += w
    draw.rectangle((0, bottom - 5 * s, width, bottom), fill=shade(colour, 0.6))


def _lighthouse(draw: ImageDraw.ImageDraw, x: float, base: int, s: float) -> None:
    for k in range(6):
        w, y = (26 - 2 * k) * s, base - k * 34 * s
        draw.polygon(
            [(x - w, y), (x + w, y), (x + w - 2 * s, y - 34 * s), (x - w + 2 * s, y - 34 * s)], fill=((246, 244, 236), (206, 60, 52))[k % 2]
        )
    draw.rectangle((x - 12 * s, base - 226 * s, x + 12 * s, base - 204 * s), fill=(255, 236, 150))
    draw.pieslice((x - 16 * s, base - 246 * s, x + 16 * s, base - 206 * s), 180, 360, fill=(70, 60, 66))


def thing(sheet: Sheet, boat: Thing) -> None:
    """A sailing boat."""
    hull, sail, mark = COLOURS[boat.a], COLOURS[boat.b], contrast(boat.b)
    sheet.shadow(24, 158, 180, 172, (40, 96, 128, 120))
    sheet.line([(100, 14), (100, 132)], (110, 78, 50), 3)
    sheet.poly([(104, 22), (104, 112), (172, 112)], shade(sail, 0.8))
    sheet.poly([(104, 24), (104, 110), (168, 110)], sail)
    if boat.mark == "stripes":
        for y in (48, 68, 88):
            sheet.poly([(104, y), (104 + (y - 24) * 0.744, y), (104 + (y - 16) * 0.744, y + 8), (104, y + 8)], mark)
    elif boat.mark == "dots":
        for x, y in ((111, 58), (124, 76), (112, 84), (128, 98), (146, 100), (112, 102)):
            sheet.disc(x, y, 4, mark)
    elif boat.mark == "a star":
        sheet.star(123, 86, 16, mark)
    else:
        sheet.ring(123, 88, 14, mark, 5)
    sheet.poly([(96, 30), (96, 112), (46, 112)], shade(CREAM, 0.86))
    sheet.poly([(95, 34), (95, 110), (50, 110)], CREAM)
    sheet.poly([(100, 10), (108.4, 10.6), (108.4, 17.4), (100, 18)], INK)
    sheet.rect(102, 11, 108, 17, COLOURS[boat.detail])
    sheet.poly([(16, 126), (188, 126), (166, 162), (42, 162)], shade(hull, 0.72))
    sheet.poly([(16, 126), (188, 126), (176, 146), (29, 146)], hull)
    sheet.rect(15, 124, 189, 129, (150, 108, 70))
    sheet.rect(48, 133, 154, 151, shade(CREAM, 0.7), 2)
    sheet.rect(49, 134, 153, 150, CREAM, 2)
    for x in Random(boat.seed).sample(_GULLS, boat.count):
        sheet.line([(x, 120), (x, 125)], (230, 140, 40), 1.2)
        sheet.oval(x - 5.5, 114, x + 5.5, 121.5, (150, 158, 172))
        sheet.oval(x - 5.5, 115, x + 3.5, 121.8, (250, 250, 250))
        sheet.disc(x - 4.5, 113, 3, (250, 250, 250))
        sheet.poly([(x - 7, 112.6), (x - 10.5, 114), (x - 7, 115)], (240, 150, 40))


def decoration(sheet: Sheet, rng: Random) -> None:
    """A buoy, or a rock with a seal."""
    if rng.random() < 0.5:
        sheet.shadow(70, 150, 130, 166, (40, 96, 128, 120))
        sheet.poly([(80, 156), (120, 156), (106, 104), (94, 104)], (216, 74, 52))
        sheet.poly([(87, 130), (113, 130), (109, 116), (91, 116)], CREAM)
        sheet.disc(100, 98, 7, (255, 226, 120))
        return
    sheet.oval(40, 130, 164, 170, (112, 112, 120))
    sheet.oval(50, 126, 150, 160, (134, 134, 142))
    sheet.oval(74, 108, 140, 142, (92, 84, 84))
    sheet.disc(78, 104, 15, (92, 84, 84))
    sheet.disc(73, 101, 2, INK)
    sheet.disc(66, 107, 3, INK)
