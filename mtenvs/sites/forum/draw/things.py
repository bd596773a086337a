"""Things that stand on tables, hang on walls and are shown around."""

from __future__ import annotations

import math
from collections.abc import Mapping

from mtenvs.sites.forum.draw.brush import COLORS, HEIGHT, WIDTH, Canvas, Color, shade


def _room(c: Canvas, wall: Color = (228, 220, 206), floor: Color = (160, 122, 90), at: float = 400) -> None:
    c.fade(shade(wall, 1.1), wall, at)
    c.box(0, at, WIDTH, HEIGHT, floor)


def plant(c: Canvas, what: Mapping[str, str]) -> None:
    """A ``plant`` with so many ``leaves`` in a ``pot`` of a colour."""
    _room(c)
    pot, leaves = COLORS[what["pot"]], int(what["leaves"])
    green = (62, 132, 72)
    for k in range(leaves):
        angle = math.pi * (1.12 + 0.76 * (k / (leaves - 1) if leaves > 1 else 0.5))
        long = 170 - 30 * (k % 2)
        x, y = 320 + long * math.cos(angle), 306 + long * math.sin(angle)
        c.line([(320, 320), ((320 + x) / 2, (306 + y) / 2 - 6), (x, y)], shade(green, 0.7), 5)
        side = angle + math.pi / 2
        points = []
        for step in range(21):
            t = step / 20
            wide = 34 * math.sin(math.pi * t) ** 0.8
            points.append(
                (
                    x + (t - 0.5) * 110 * math.cos(angle) + wide * math.cos(side),
                    y + (t - 0.5) * 110 * math.sin(angle) + wide * math.sin(side),
                )
            )
        for step in range(20, -1, -1):
            t = step / 20
            wide = 34 * math.sin(math.pi * t) ** 0.8
            points.append(
                (
                    x + (t - 0.5) * 110 * math.cos(angle) - wide * math.cos(side),
                    y + (t - 0.5) * 110 * math.sin(angle) - wide * math.sin(side),
                )
            )
        c.shape(points, shade(green, 1 + 0.12 * (k % 3)))
        c.line(
            [(x - 50 * math.cos(angle), y - 50 * math.sin(angle)), (x + 44 * math.cos(angle), y + 44 * math.sin(angle))],
            shade(green, 1.4),
            2,
        )
    c.shape([(250, 318), (390, 318), (370, 430), (270, 430)], pot)
    c.box(240, 304, 400, 334, shade(pot, 1.12), 6)
    c.shape([(350, 334), (386, 334), (368, 430), (344, 430)], shade(pot, 0.84))


def shelf(c: Canvas, what: Mapping[str, str]) -> None:
    """A shelf of a ``color`` with so many ``boards`` full of ``items``: books, jars or plants."""
    _room(c, (214, 222, 220))
    color, boards = COLORS[what["color"]], int(what["boards"])
    gap = 330 / boards
    c.box(130, 40, 148, 400, shade(color, 0.8))
    c.box(492, 40, 510, 400, shade(color, 0.8))
    for k in range(boards):
        y = 52 + gap * (k + 1)
        for place in range(6):
            x = 168 + place * 54
            tone = COLORS[["red", "blue", "yellow", "green", "purple", "orange"][(place * 5 + k * 2) % 6]]
            if what["items"] == "books":
                for book in range(2):
                    c.box(x + book * 20, y - 58 + (place * 7 + book * 5) % 18, x + 17 + book * 20, y, shade(tone, 1 - 0.2 * book))
            elif what["items"] == "jars":
                c.box(x + 2, y - 46, x + 38, y, (226, 234, 236), 6)
                c.box(x + 5, y - 32, x + 35, y - 2, tone, 4)
                c.box(x, y - 54, x + 40, y - 44, (120, 120, 124), 3)
            else:
                c.box(x + 6, y - 26, x + 34, y, COLORS["terracotta"], 3)
                for angle in (-0.7, 0, 0.7):
                    c.ball(x + 20 + 18 * math.sin(angle), y - 40 + 6 * abs(angle), 9, (74, 140, 78), 16)
        c.box(130, y, 510, y + 14, color)


def mug(c: Canvas, what: Mapping[str, str]) -> None:
    """A mug of a ``color`` with a ``mark``: star, heart, anchor or stripe."""
    _room(c, (232, 226, 212), (150, 112, 80), 350)
    color = COLORS[what["color"]]
    ink = (250, 246, 236) if what["color"] != "white" else (190, 60, 50)
    c.ring(444, 250, 62, shade(color, 0.88), 24)
    c.box(200, 140, 440, 400, color, 22)
    c.ball(320, 142, 120, shade(color, 0.8), 26)
    c.ball(320, 148, 104, (88, 56, 38), 20)
    if what["mark"] == "star":
        c.star(320, 284, 66, ink)
    elif what["mark"] == "heart":
        c.ball(292, 262, 34, ink)
        c.ball(348, 262, 34, ink)
        c.shape([(261, 276), (379, 276), (320, 346)], ink)
    elif what["mark"] == "anchor":
        c.ring(320, 226, 14, ink, 8)
        c.line([(320, 240), (320, 340)], ink, 11)
        c.line([(286, 264), (354, 264)], ink, 9)
        c.ring(320, 290, 50, ink, 10, 20, 160)
    else:
        c.box(200, 244, 440, 286, ink)
        c.box(200, 304, 440, 320, ink)


def headphones(c: Canvas, what: Mapping[str, str]) -> None:
    """Headphones of a ``color``, on a ``stand`` or not."""
    _room(c, (196, 206, 214), (122, 92, 70))
    color = COLORS[what["color"]]
    if what["stand"] == "yes":
        c.box(310, 110, 330, 420, (190, 150, 100))
        c.box(240, 410, 400, 430, (170, 130, 84), 8)
    c.ring(320, 250, 150, shade(color, 0.8), 26, 180, 360)
    c.ring(320, 250, 140, (60, 60, 64), 10, 190, 350)
    for side in (-1, 1):
        x = 320 + side * 138
        c.ball(x, 300, 54, color, 78)
        c.ball(x - side * 34, 300, 34, (50, 50, 54), 70)
        c.ball(x + side * 14, 300, 22, shade(color, 1.25), 40)


def console(c: Canvas, what: Mapping[str, str]) -> None:
    """A television, and a controller of a ``color`` with so many ``buttons``."""
    _room(c, (80, 88, 110), (92, 70, 56), 370)
    c.box(140, 40, 500, 260, (30, 30, 34), 10)
    c.box(154, 54, 486, 246, (112, 186, 226))
    c.box(154, 200, 486, 246, (96, 160, 76))
    c.ball(430, 90, 20, (255, 236, 140))
    for x in (200, 300, 380):
        c.box(x, 160, x + 46, 172, (176, 116, 70))
    c.box(228, 120, 252, 160, (206, 60, 50))
    c.ball(240, 112, 13, (244, 206, 170))
    c.box(300, 260, 340, 280, (30, 30, 34))
    color = COLORS[what["color"]]
    c.ball(220, 392, 60, shade(color, 0.9), 54)
    c.ball(420, 392, 60, shade(color, 0.9), 54)
    c.box(200, 338, 440, 420, color, 34)
    tone = (70, 70, 76) if what["color"] != "black" else (190, 190, 196)
    c.box(226, 366, 282, 382, tone, 3)
    c.box(246, 346, 262, 402, tone, 3)
    places = ((388, 354), (388, 394), (366, 374), (410, 374)) if what["buttons"] == "4" else ((374, 384), (410, 364))
    for (x, y), name in zip(places, ("yellow", "green", "blue", "red"), strict=False):
        c.ball(x, y, 12, COLORS[name])


def keyboard(c: Canvas, what: Mapping[str, str]) -> None:
    """A keyboard with keys of a ``color`` and some of an ``accent``, perhaps with a ``knob``."""
    c.fill((120, 104, 92))
    c.box(40, 30, 600, 450, (150, 128, 108), 30)
    c.box(60, 130, 580, 364, (62, 64, 70), 16)
    key, accent = COLORS[what["color"]], COLORS[what["accent"]]
    if what["color"] == what["accent"]:
        accent = shade(accent, 0.55)
    for row, keys in enumerate((13, 13, 12, 11)):
        wide = (500 - (60 if row == 0 and what["knob"] == "yes" else 0)) / keys
        for k in range(keys):
            special = k in (0, keys - 1) or (row == 0 and k == 0)
            tone = accent if special else key
            x, y = 70 + k * wide, 140 + row * 44
            c.box(x + 2, y + 2, x + wide - 2, y + 40, shade(tone, 0.8), 5)
            c.box(x + 5, y + 3, x + wide - 5, y + 34, tone, 5)
    for x, wide in ((70, 60), (132, 50), (184, 50), (236, 200), (438, 60), (500, 70)):
        tone = accent if wide in (60, 70) else key
        c.box(x + 2, 318, x + wide - 2, 356, shade(tone, 0.8), 5)
        c.box(x + 5, 319, x + wide - 5, 350, tone, 5)
    if what["knob"] == "yes":
        c.ball(540, 160, 22, (200, 200, 206), outline=(120, 120, 124))
        c.line([(540, 160), (540, 142)], (60, 60, 64), 3)


def books(c: Canvas, what: Mapping[str, str]) -> None:
    """So many (``count``) books standing in a row, of a ``color`` or mixed ones."""
    _room(c, (222, 212, 196), (140, 100, 70), 390)
    count = int(what["count"])
    names = ["red", "blue", "green", "yellow", "purple", "orange"]
    x = 320 - count * 27.0
    for k in range(count):
        color = COLORS[names[k % 6]] if what["color"] == "mixed" else shade(COLORS[what["color"]], (1, 0.86, 1.15)[k % 3])
        tall = 200 + (k * 37) % 60
        c.box(x, 390 - tall, x + 48, 390, color, 4, outline=shade(color, 0.65))
        c.box(x + 10, 390 - tall + 26, x + 38, 390 - tall + 78, (248, 240, 220), 2)
        c.line([(x + 8, 360), (x + 40, 360)], (248, 240, 220), 3)
        x += 54
    c.box(60, 390, 580, 408, (120, 84, 56))


def clock(c: Canvas, what: Mapping[str, str]) -> None:
    """A clock with a rim of a ``color`` that shows ``hour`` and ``minute``."""
    c.fade((218, 210, 196), (196, 186, 170))
    color = COLORS[what["color"]]
    c.ball(320, 240, 206, shade(color, 0.7))
    c.ball(320, 240, 198, color)
    c.ball(320, 240, 172, (252, 252, 248))
    for number in range(1, 13):
        angle = math.tau * number / 12 - math.pi / 2
        c.text(320 + 142 * math.cos(angle), 240 + 142 * math.sin(angle), str(number), 32, (40, 40, 44))
    minute, hour = int(what["minute"]), int(what["hour"])
    for turn, long, wide in ((math.tau * (hour + minute / 60) / 12, 80, 11), (math.tau * minute / 60, 118, 7)):
        c.line([(320, 240), (320 + long * math.cos(turn - math.pi / 2), 240 + long * math.sin(turn - math.pi / 2))], (40, 40, 44), wide)
    c.ball(320, 240, 11, (180, 50, 40))


def bicycle(c: Canvas, what: Mapping[str, str]) -> None:
    """A bicycle of a ``color``, with a ``basket`` or without."""
    _room(c, (196, 216, 226), (150, 152, 150), 390)
    c.box(0, 250, WIDTH, 390, (190, 120, 92))
    for row in range(6):
        for k in range(12):
            c.box(k * 60 - 30 * (row % 2) + 2, 252 + row * 23, k * 60 - 30 * (row % 2) + 56, 252 + row * 23 + 19, (178, 104, 78))
    color = COLORS[what["color"]]
    for x in (190, 450):
        c.ring(x, 340, 84, (40, 40, 44), 9)
        for spoke in range(8):
            angle = spoke * math.pi / 8
            c.line(
                [(x - 78 * math.cos(angle), 340 - 78 * math.sin(angle)), (x + 78 * math.cos(angle), 340 + 78 * math.sin(angle))],
                (150, 150, 154),
                1.5,
            )
        c.ball(x, 340, 8, (90, 90, 94))
    c.line([(190, 340), (300, 345), (420, 220), (262, 226), (190, 340)], color, 11)
    c.line([(300, 345), (250, 200)], color, 11)
    c.line([(450, 340), (408, 186)], color, 11)
    c.line([(408, 186), (370, 176), (440, 176)], (50, 50, 54), 9)
    c.box(216, 190, 286, 204, (50, 40, 36), 7)
    c.ball(300, 345, 22, (120, 120, 124))
    if what["basket"] == "yes":
        c.shape([(430, 186), (530, 186), (514, 256), (446, 256)], (196, 152, 96))
        for k in range(4):
            c.line([(432 + k * 4, 200 + k * 15), (528 - k * 4, 200 + k * 15)], (150, 108, 62), 3)
