"""Landscapes and the sky above them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mtenvs.sites.forum.draw.brush import COLORS, HEIGHT, WIDTH, Canvas, Color, shade

_SKY: Final[dict[str, tuple[Color, Color]]] = {
    "day": ((96, 168, 226), (206, 232, 246)),
    "sunset": ((96, 70, 134), (250, 164, 92)),
    "night": ((10, 16, 44), (40, 54, 96)),
}
_LIGHT: Final = {"day": 1.0, "sunset": 0.72, "night": 0.36}
_HORIZON: Final = 300


def _sky(c: Canvas, time: str) -> None:
    c.fill(_SKY[time][1])
    c.fade(*_SKY[time], _HORIZON + 20)
    if time == "day":
        c.ball(520, 80, 38, (255, 240, 160))
        for x, y in ((130, 90), (320, 60)):
            for dx, size in ((-34, 22), (0, 32), (36, 24)):
                c.ball(x + dx, y, size * 1.3, (250, 252, 254), size * 0.8)
    elif time == "sunset":
        c.ball(420, _HORIZON - 26, 46, (255, 214, 110))
    else:
        for _ in range(90):
            c.ball(c.rng.uniform(0, WIDTH), c.rng.uniform(0, _HORIZON), c.rng.uniform(0.7, 2), (250, 250, 230))
        c.ball(510, 80, 40, (246, 242, 214))
        c.ball(494, 70, 36, (18, 24, 54))


def landscape(c: Canvas, what: Mapping[str, str]) -> None:
    """``place`` (mountains, lake, beach, desert, forest or city) at a ``time`` (day, sunset or night), with ``extra``.

    That is a boat (on a lake or at a beach), a house, a bird, sheep or nothing.
    """
    time, light = what["time"], _LIGHT[what["time"]]
    _sky(c, time)
    {"mountains": _mountains, "lake": _lake, "beach": _beach, "desert": _desert, "forest": _forest, "city": _city}[what["place"]](
        c, light, time
    )
    extra = what["extra"]
    if extra == "boat":
        c.shape([(150, 366), (270, 366), (248, 394), (172, 394)], shade((150, 66, 44), light + 0.15))
        c.line([(210, 366), (210, 276)], (70, 50, 40), 4)
        c.shape([(216, 280), (216, 356), (268, 356)], shade((250, 246, 236), light + 0.2))
    elif extra == "house":
        c.box(140, 330, 230, 400, shade((232, 220, 196), light + 0.1))
        c.shape([(126, 332), (244, 332), (185, 282)], shade((170, 64, 50), light + 0.1))
        c.box(174, 362, 196, 400, (90, 60, 44))
        c.box(202, 344, 222, 362, (255, 230, 130) if time != "day" else (150, 190, 214))
    elif extra == "bird":
        tone = (214, 220, 236) if time == "night" else (40, 40, 50)
        for x, y in ((210, 130), (262, 108), (300, 142)):
            c.ring(x - 14, y + 8, 16, tone, 4, 200, 330)
            c.ring(x + 14, y + 8, 16, tone, 4, 210, 340)
    elif extra == "sheep":
        for x in (150, 220, 300):
            c.ball(x, 400, 26, shade((248, 246, 240), light + 0.1), 18)
            c.ball(x - 26, 394, 10, (50, 46, 44))
            c.line([(x - 10, 414), (x - 10, 430)], (50, 46, 44), 4)
            c.line([(x + 10, 414), (x + 10, 430)], (50, 46, 44), 4)


def _peaks(c: Canvas, light: float) -> None:
    for x, top, half, color in ((140, 120, 190, (138, 152, 172)), (480, 96, 220, (126, 140, 162)), (310, 150, 200, (104, 118, 140))):
        c.shape([(x - half, _HORIZON + 10), (x, top), (x + half, _HORIZON + 10)], shade(color, light))
        tip = 0.3
        c.shape(
            [
                (x - half * tip, top + (_HORIZON + 10 - top) * tip),
                (x, top),
                (x + half * tip, top + (_HORIZON + 10 - top) * tip),
                (x + half * 0.1, top + 60),
                (x - half * 0.08, top + 74),
            ],
            shade((250, 250, 252), min(1, light + 0.25)),
        )


def _pine(c: Canvas, x: float, y: float, tall: float, color: Color) -> None:
    c.box(x - tall * 0.05, y - tall * 0.15, x + tall * 0.05, y, shade((96, 70, 50), 0.8))
    for k in range(3):
        top, half = y - tall * (0.5 + 0.22 * k), tall * (0.26 - 0.06 * k)
        c.shape([(x - half, y - tall * (0.12 + 0.24 * k)), (x, top - tall * 0.06), (x + half, y - tall * (0.12 + 0.24 * k))], color)


def _mountains(c: Canvas, light: float, time: str) -> None:
    del time
    _peaks(c, light)
    c.box(0, _HORIZON, WIDTH, HEIGHT, shade((112, 156, 84), light))
    c.shape([(0, 360), (300, 320), (WIDTH, 370), (WIDTH, HEIGHT), (0, HEIGHT)], shade((92, 136, 72), light))
    for x in range(400, 640, 34):
        _pine(c, x, 380 + (x * 7) % 60, 86, shade((44, 96, 62), light))


def _lake(c: Canvas, light: float, time: str) -> None:
    _peaks(c, light * 0.95)
    c.box(0, _HORIZON, WIDTH, HEIGHT, shade((72, 132, 168), light) if time != "sunset" else (190, 116, 98))
    for k in range(26):
        y = _HORIZON + 8 + k * 7
        x = c.rng.uniform(0, 560)
        c.line(
            [(x, y), (x + c.rng.uniform(30, 110), y)],
            shade((220, 236, 244), min(1, light + 0.1)) if time != "sunset" else (250, 196, 130),
            2,
        )
    c.shape([(0, 452), (200, 436), (420, 462), (WIDTH, 440), (WIDTH, HEIGHT), (0, HEIGHT)], shade((92, 126, 70), light))
    for x in range(420, 640, 30):
        _pine(c, x, _HORIZON + 18, 60, shade((44, 90, 62), light))


def _beach(c: Canvas, light: float, time: str) -> None:
    c.box(0, _HORIZON - 20, WIDTH, 400, shade((44, 132, 178), light) if time != "sunset" else (170, 104, 110))
    for k in range(18):
        x, y = c.rng.uniform(0, 560), _HORIZON - 14 + k * 6
        c.line([(x, y), (x + 60, y)], shade((214, 236, 246), min(1, light + 0.15)), 2)
    c.shape(
        [(0, 392), (220, 376), (440, 396), (WIDTH, 380), (WIDTH, HEIGHT), (0, HEIGHT)],
        (250, 250, 250) if time == "day" else shade((250, 250, 250), light + 0.2),
    )
    c.shape([(0, 402), (220, 386), (440, 406), (WIDTH, 390), (WIDTH, HEIGHT), (0, HEIGHT)], shade((232, 204, 150), light))
    c.line([(560, 440), (548, 340), (556, 270)], shade((124, 92, 60), light), 12)
    for k in range(7):
        angle = math.pi * (0.95 + k * 0.18)
        c.line(
            [
                (556, 268),
                (556 + 50 * math.cos(angle), 262 + 36 * math.sin(angle)),
                (556 + 84 * math.cos(angle), 290 + 36 * math.sin(angle)),
            ],
            shade((52, 130, 70), light),
            9,
        )


def _desert(c: Canvas, light: float, time: str) -> None:
    del time
    c.box(0, _HORIZON, WIDTH, HEIGHT, shade((226, 178, 108), light))
    c.shape([(0, 340), (180, 286), (400, 350), (400, HEIGHT), (0, HEIGHT)], shade((240, 196, 124), light))
    c.shape([(240, HEIGHT), (470, 320), (WIDTH, 380), (WIDTH, HEIGHT)], shade((210, 158, 92), light))
    green = shade((74, 132, 76), light)
    c.box(440, 250, 470, 420, green, 14)
    c.line([(455, 350), (510, 350), (510, 290)], green, 20)
    c.line([(455, 326), (404, 326), (404, 282)], green, 18)


def _forest(c: Canvas, light: float, time: str) -> None:
    del time
    c.box(0, _HORIZON - 40, WIDTH, HEIGHT, shade((84, 124, 66), light))
    for row, (y, tall, color) in enumerate(((330, 150, (74, 122, 86)), (390, 200, (52, 104, 68)), (460, 240, (34, 84, 54)))):
        for k in range(9):
            _pine(c, k * 84 - 20 + row * 30 + c.rng.uniform(-10, 10), y, tall, shade(color, light))


def _city(c: Canvas, light: float, time: str) -> None:
    c.box(0, _HORIZON, WIDTH, HEIGHT, shade((92, 104, 112), light))
    x = 0.0
    while x < WIDTH:
        wide, tall = c.rng.uniform(44, 86), c.rng.uniform(110, 270)
        color = shade(c.rng.choice([(120, 132, 146), (150, 140, 132), (106, 116, 128), (142, 118, 104)]), light + 0.05)
        c.box(x, 400 - tall, x + wide - 4, 400, color)
        for row in range(int(tall // 24)):
            for column in range(int(wide // 18)):
                lit = time != "day" and c.rng.random() < 0.6
                c.box(
                    x + 7 + column * 18,
                    408 - tall + row * 24,
                    x + 16 + column * 18,
                    420 - tall + row * 24,
                    (255, 226, 130) if lit else shade(color, 0.7),
                )
        x += wide
    c.box(0, 400, WIDTH, HEIGHT, shade((70, 74, 80), light + 0.2))
    for x in range(10, WIDTH, 90):
        c.box(x, 436, x + 46, 442, (236, 226, 170))


def planet(c: Canvas, what: Mapping[str, str]) -> None:
    """A ``planet`` with so many ``moons``."""
    c.fill((8, 10, 22))
    for _ in range(120):
        c.ball(c.rng.uniform(0, WIDTH), c.rng.uniform(0, HEIGHT), c.rng.uniform(0.6, 1.8), (240, 240, 230))
    name = what["planet"]
    color = {"Saturn": (222, 194, 140), "Jupiter": (206, 166, 124), "Mars": (190, 90, 56), "Neptune": (72, 112, 206)}[name]
    c.ball(320, 240, 116, color)
    bands = {"Jupiter": (-70, -38, -6, 30, 64), "Saturn": (60,), "Neptune": (-30, 20)}.get(name, ())
    for k, y in enumerate(bands):
        half = math.sqrt(116**2 - y**2)
        c.box(320 - half + 3, 240 + y - 8, 320 + half - 3, 240 + y + 8, shade(color, 0.82 if k % 2 else 1.2), 8)
    if name == "Jupiter":
        c.ball(372, 284, 26, (178, 84, 56), 15)
    elif name == "Mars":
        c.ball(320, 136, 44, (240, 236, 230), 12)
        for x, y, size in ((280, 220, 22), (362, 260, 30), (300, 300, 16)):
            c.ball(x, y, size, shade(color, 0.82), size * 0.7)
    elif name == "Saturn":
        c.hoop(320, 240, 240, 64, (150, 130, 96), 13)
        c.hoop(320, 240, 220, 50, (196, 174, 132), 14)
        c.slice(320, 240, 116, 180, 360, color)
        c.box(320 - 100, 184, 320 + 100, 198, shade(color, 1.2), 7)
    for k in range(int(what["moons"])):
        c.ball((90, 560, 130, 520)[k], (120, 110, 390, 380)[k], 13, (214, 214, 206))


def rocket(c: Canvas, what: Mapping[str, str]) -> None:
    """A rocket with fins of a ``color``, by ``day`` or ``night``."""
    c.fade(*_SKY[what["time"]])
    if what["time"] == "night":
        for _ in range(80):
            c.ball(c.rng.uniform(0, WIDTH), c.rng.uniform(0, 380), 1.5, (250, 250, 230))
    color = COLORS[what["color"]] if what["color"] != "white" else (226, 228, 232)
    c.shape([(290, 300), (350, 300), (330, 440), (320, 470), (310, 440)], (250, 170, 50))
    c.shape([(304, 300), (336, 300), (320, 400)], (255, 240, 170))
    for x, y, size in ((250, 450, 50), (390, 450, 54), (320, 470, 66), (180, 470, 46), (460, 472, 50)):
        c.ball(x, y, size, (232, 232, 232))
    c.shape([(282, 230), (240, 310), (282, 300)], color)
    c.shape([(358, 230), (400, 310), (358, 300)], color)
    c.box(282, 120, 358, 304, (240, 242, 244), 8)
    c.shape([(282, 126), (358, 126), (320, 40)], color)
    c.ball(320, 170, 20, (90, 140, 180), outline=(120, 126, 132))


def balloon(c: Canvas, what: Mapping[str, str]) -> None:
    """A balloon of a ``color``, perhaps with ``stripes``, over fields at a ``time``."""
    _sky(c, what["time"])
    light = _LIGHT[what["time"]]
    for k, color in enumerate(((140, 180, 92), (214, 194, 106), (112, 160, 84))):
        c.shape([(0, 330 + k * 46), (220, 310 + k * 50), (WIDTH, 340 + k * 44), (WIDTH, HEIGHT), (0, HEIGHT)], shade(color, light))
    color = COLORS[what["color"]]
    c.ball(300, 150, 96, color, 104)
    c.shape([(216, 202), (384, 202), (326, 286), (274, 286)], color)
    if what["stripes"] == "yes":
        for x, half in ((300, 22), (300, 62)):
            c.ball(x, 150, half, (250, 248, 240) if half == 62 else color, 104)
        c.ball(300, 150, 40, color, 104)
        c.shape([(262, 230), (338, 230), (316, 286), (284, 286)], color)
    c.line([(276, 286), (284, 320)], (90, 70, 50), 2)
    c.line([(324, 286), (316, 320)], (90, 70, 50), 2)
    c.box(278, 318, 322, 352, (140, 96, 56), 4)


def fireworks(c: Canvas, what: Mapping[str, str]) -> None:
    """So many (``count``) bursts in a ``color`` or mixed ones."""
    c.fade((8, 10, 34), (36, 32, 70))
    _low = [(0, 430), (80, 400), (160, 424), (260, 392), (360, 420), (470, 398), (560, 426), (WIDTH, 410), (WIDTH, HEIGHT), (0, HEIGHT)]
    c.shape([(float(x), float(y)) for x, y in _low], (14, 14, 24))
    names = ["red", "yellow", "green", "blue", "purple"]
    places = ((170, 140), (460, 120), (320, 230), (110, 280), (540, 270))
    for k in range(int(what["count"])):
        x, y = places[k]
        color = COLORS[names[k]] if what["color"] == "mixed" else COLORS[what["color"]]
        for ray in range(16):
            angle = ray * math.tau / 16
            for part in range(1, 7):
                c.ball(
                    x + part * 13 * math.cos(angle),
                    y + part * 13 * math.sin(angle) + part * part * 0.5,
                    5 - part * 0.5,
                    shade(color, 1.6 - part * 0.08),
                )
        c.ball(x, y, 8, (255, 250, 230))
