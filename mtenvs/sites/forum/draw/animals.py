"""Animals, sitting where they are told to, and the memes made of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mtenvs.sites.forum.draw.brush import COLORS, HEIGHT, WIDTH, Canvas, Color, shade

_DARK: Final = (40, 34, 32)
_NOSE: Final = (226, 130, 140)


def animal(c: Canvas, what: Mapping[str, str]) -> None:
    """``animal``, ``color`` and ``place``: sofa, garden, box, window, snow or branch."""
    _place(c, what["place"])
    color = COLORS[what["color"]]
    if what["place"] == "branch":
        (_owl if what["animal"] == "owl" else _bird)(c, color)
        return
    y = {"window": 292, "box": 246, "sofa": 268}.get(what["place"], 290)
    if what["animal"] == "owl":
        _owl(c, color)
    else:
        _sitting(c, what["animal"], color, y)
    if what["place"] == "box":
        c.shape([(190, 330), (450, 330), (436, 450), (204, 450)], (196, 152, 100))
        c.shape([(190, 330), (140, 362), (152, 372), (200, 348)], (214, 174, 124))
        c.shape([(450, 330), (500, 362), (488, 372), (440, 348)], (214, 174, 124))
        c.line([(320, 330), (320, 450)], (176, 132, 84), 4)


def _place(c: Canvas, place: str) -> None:
    if place == "sofa":
        c.fade((226, 218, 204), (206, 194, 176))
        c.box(0, 400, WIDTH, HEIGHT, (146, 106, 76))
        c.box(60, 190, 580, 400, (92, 122, 142), 26)
        c.box(90, 330, 550, 420, (110, 142, 162), 16)
        c.box(40, 270, 110, 430, (82, 110, 130), 22)
        c.box(530, 270, 600, 430, (82, 110, 130), 22)
    elif place in ("garden", "snow"):
        c.fade((150, 202, 236), (224, 240, 248), 300)
        ground = (112, 168, 84) if place == "garden" else (240, 244, 250)
        c.box(0, 270, WIDTH, HEIGHT, ground)
        for _ in range(26):
            x, y = c.rng.uniform(0, WIDTH), c.rng.uniform(300, 470)
            if place == "garden":
                c.line([(x, y), (x, y - 12)], shade(ground, 0.75), 3)
                c.ball(x, y - 14, 5, c.rng.choice([COLORS["yellow"], COLORS["white"], COLORS["red"], COLORS["purple"]]))
            else:
                c.ball(x, y - 260 * c.rng.random(), 3, (255, 255, 255))
        c.box(520, 150, 548, 280, (110, 80, 56))
        c.ball(534, 130, 66, (70, 130, 76) if place == "garden" else (216, 226, 234))
    elif place == "box":
        c.fade((238, 228, 212), (222, 206, 184))
        c.box(0, 380, WIDTH, HEIGHT, (172, 136, 100))
    elif place == "window":
        c.fill((234, 224, 206))
        c.box(110, 30, 530, 390, (250, 250, 246), 6)
        c.box(126, 46, 514, 376, (154, 206, 238))
        c.ball(440, 100, 30, (252, 232, 150))
        c.ball(220, 120, 34, (248, 250, 252))
        c.ball(256, 126, 28, (248, 250, 252))
        c.box(314, 46, 326, 376, (250, 250, 246))
        c.box(80, 384, 560, 412, (250, 250, 246), 4)
    else:
        c.fade((178, 216, 236), (222, 238, 226))
        for _ in range(12):
            c.ball(c.rng.uniform(0, WIDTH), c.rng.uniform(0, 180), c.rng.uniform(30, 60), (122, 176, 110))
        c.line([(0, 372), (250, 350), (WIDTH, 366)], (112, 82, 58), 22)


def _sitting(c: Canvas, kind: str, color: Color, y: float) -> None:
    """A four-legged one, seen from the front; ``y`` is where its body is."""
    light, dark = shade(color, 1.35), shade(color, 0.72)
    c.ball(320, y + 60, 82, color, 96)
    c.ball(320, y + 78, 46, light, 66)
    if kind in ("cat", "fox"):
        c.line([(392, y + 120), (452, y + 96), (470, y + 36)], color, 24)
        c.ball(470, y + 34, 13, light if kind == "fox" else color)
    for x in (286, 354):
        c.ball(x, y + 138, 28, light, 19)
    head = y - 62
    if kind == "rabbit":
        for x in (284, 356):
            c.ball(x, head - 96, 20, color, 74)
            c.ball(x, head - 92, 9, _NOSE, 54)
    elif kind in ("cat", "fox"):
        for side in (-1, 1):
            c.shape([(320 + side * 78, head - 24), (320 + side * 72, head - 108), (320 + side * 18, head - 62)], color)
            c.shape(
                [(320 + side * 68, head - 38), (320 + side * 66, head - 88), (320 + side * 34, head - 60)], _NOSE if kind == "cat" else dark
            )
    c.ball(320, head, 84, color, 74)
    if kind == "dog":
        for side in (-1, 1):
            c.ball(320 + side * 84, head + 8, 26, dark, 58)
    if kind == "fox":
        c.shape([(240, head + 8), (400, head + 8), (320, head + 74)], (248, 244, 238))
    else:
        c.ball(320, head + 30, 46 if kind == "dog" else 40, light, 32)
    _face(c, kind, color, head)


def _face(c: Canvas, kind: str, color: Color, head: float) -> None:
    iris = {"cat": (120, 180, 70), "fox": (190, 130, 40)}.get(kind, (70, 46, 34))
    for side in (-1, 1):
        c.ball(320 + side * 33, head - 10, 16, (252, 252, 248), 17)
        c.ball(320 + side * 33, head - 9, 12, iris, 14)
        c.ball(320 + side * 33, head - 9, 5 if kind == "cat" else 7, _DARK, 12 if kind == "cat" else 8)
        c.ball(320 + side * 33 - 4, head - 14, 3, (255, 255, 255))
    c.ball(320, head + 20, 12, _DARK if kind in ("dog", "fox") else _NOSE, 8)
    c.line([(320, head + 26), (320, head + 38)], _DARK, 2.5)
    c.ring(308, head + 38, 12, _DARK, 2.5, 0, 160)
    c.ring(332, head + 38, 12, _DARK, 2.5, 20, 180)
    if kind == "dog":
        c.ball(320, head + 58, 11, (226, 100, 110), 14)
    if kind in ("cat", "rabbit"):
        tone = (250, 250, 250) if sum(color) < 300 else _DARK
        for side in (-1, 1):
            for lift in (-6, 4, 14):
                c.line([(320 + side * 46, head + 28 + lift / 3), (320 + side * 104, head + 24 + lift)], tone, 1.5)


def _bird(c: Canvas, color: Color) -> None:
    c.line([(300, 350), (300, 310)], (120, 90, 50), 5)
    c.line([(340, 352), (340, 310)], (120, 90, 50), 5)
    c.shape([(420, 262), (520, 320), (500, 340), (400, 300)], shade(color, 0.6))
    c.ball(324, 250, 104, color, 74)
    c.ball(306, 274, 74, shade(color, 1.5), 46)
    c.ball(238, 190, 54, color)
    c.shape([(330, 214), (450, 262), (356, 302)], shade(color, 0.75))
    c.shape([(190, 182), (138, 196), (190, 206)], (236, 160, 40))
    c.ball(226, 180, 10, (250, 250, 250))
    c.ball(224, 180, 6, _DARK)


def _owl(c: Canvas, color: Color) -> None:
    c.ball(320, 250, 92, color, 112)
    c.ball(320, 274, 62, shade(color, 1.4), 80)
    for row in range(4):
        for x in (286, 320, 354):
            c.ring(x, 250 + row * 24, 12, shade(color, 0.7), 3, 20, 160)
    for side in (-1, 1):
        c.ball(320 + side * 86, 262, 24, shade(color, 0.72), 80)
        c.shape([(320 + side * 78, 168), (320 + side * 84, 96), (320 + side * 24, 146)], color)
        c.ball(320 + side * 38, 180, 38, shade(color, 1.5))
        c.ball(320 + side * 38, 180, 27, (250, 200, 60))
        c.ball(320 + side * 38, 180, 15, _DARK)
        c.ball(320 + side * 38 - 6, 173, 5, (255, 255, 255))
        c.line([(320 + side * 30, 350), (320 + side * 30, 366)], (220, 150, 40), 12)
    c.shape([(306, 196), (334, 196), (320, 226)], (226, 150, 40))


def _frog(c: Canvas, color: Color) -> None:
    c.ball(320, 340, 150, color, 110)
    c.ball(320, 376, 92, shade(color, 1.5), 70)
    c.ball(320, 232, 118, color, 74)
    for side in (-1, 1):
        c.ball(320 + side * 66, 166, 38, color)
        c.ball(320 + side * 66, 164, 26, (252, 252, 240))
        c.ball(320 + side * 66, 166, 12, _DARK, 9)
        c.ball(320 + side * 140, 418, 56, shade(color, 0.8), 26)
    c.ring(320, 210, 74, _DARK, 4, 20, 160)


def meme(c: Canvas, what: Mapping[str, str]) -> None:
    """``animal`` in a ``color`` between two lines of text, ``top`` and ``bottom``."""
    c.fade(c.rng.choice([(120, 170, 190), (190, 150, 170), (150, 180, 130), (200, 170, 120)]), (236, 226, 206))
    color = COLORS[what["color"]]
    if what["animal"] == "frog":
        _frog(c, color)
    elif what["animal"] == "owl":
        _owl(c, color)
    else:
        _sitting(c, what["animal"], color, 290)
    white, black = (255, 255, 255), (0, 0, 0)
    c.text(320, 42, what["top"].upper(), 38, white, edge=black, wide=600)
    c.text(320, 440, what["bottom"].upper(), 38, white, edge=black, wide=600)
