"""Things to eat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mtenvs.sites.forum.draw.brush import COLORS, HEIGHT, WIDTH, Canvas, shade

_TABLE: Final = ((176, 132, 92), (196, 160, 120), (120, 132, 140), (214, 202, 180))


def _table(c: Canvas) -> None:
    color = c.rng.choice(_TABLE)
    c.fill(color)
    for y in range(0, HEIGHT, 60):
        c.line([(0, y), (WIDTH, y + c.rng.uniform(-6, 6))], shade(color, 0.9), 2)


def _plate(c: Canvas, across: float = 200, down: float | None = None, y: float = 244) -> None:
    c.ball(320, y + 6, across + 4, (90, 80, 70), None if down is None else down + 4)
    c.ball(320, y, across, (248, 248, 244), down)
    c.ball(320, y, across * 0.9, (234, 234, 228), None if down is None else down * 0.88)


def pizza(c: Canvas, what: Mapping[str, str]) -> None:
    """``topping`` on ``slices``, seen from above."""
    _table(c)
    _plate(c, 222)
    c.ball(320, 244, 196, (206, 146, 82))
    c.ball(320, 244, 172, (198, 66, 40))
    c.ball(320, 244, 166, (246, 208, 110))
    spots = [
        (320 + r * math.cos(a), 244 + r * math.sin(a))
        for k in range(18)
        for a, r in [(k * 2.4 + c.rng.uniform(-0.2, 0.2), 36 + 26 * math.sqrt(k))]
    ]
    for x, y in spots:
        _topping(c, what["topping"], x, y)
    slices = int(what["slices"])
    for k in range(slices):
        angle = k * math.tau / slices + 0.2
        c.line([(320, 244), (320 + 196 * math.cos(angle), 244 + 196 * math.sin(angle))], (150, 96, 50), 4)


def _topping(c: Canvas, name: str, x: float, y: float) -> None:
    if name == "olives":
        c.ball(x, y, 12, (50, 54, 44))
        c.ball(x, y, 5, (214, 90, 60))
    elif name == "mushrooms":
        c.ball(x, y - 4, 17, (222, 204, 178), 11)
        c.box(x - 5, y - 2, x + 5, y + 14, (238, 226, 206), 3)
    elif name == "basil":
        turn = c.rng.uniform(0, math.tau)
        c.shape(
            [
                (x + 22 * math.cos(turn), y + 22 * math.sin(turn)),
                (x + 10 * math.cos(turn + 2), y + 10 * math.sin(turn + 2)),
                (x - 18 * math.cos(turn), y - 18 * math.sin(turn)),
                (x + 10 * math.cos(turn - 2), y + 10 * math.sin(turn - 2)),
            ],
            (52, 128, 58),
        )
    elif name == "salami":
        c.ball(x, y, 22, (176, 46, 44))
        for _ in range(4):
            c.ball(x + c.rng.uniform(-12, 12), y + c.rng.uniform(-12, 12), 3, (236, 180, 170))
    elif name == "peppers":
        c.ring(x, y, 15, c.rng.choice([(216, 60, 40), (80, 160, 70)]), 6, 20, 330)
    else:
        c.shape([(x - 18, y + 12), (x + 18, y + 12), (x + 8, y - 14), (x - 8, y - 14)], (250, 222, 70))
        c.line([(x - 6, y - 12), (x - 10, y + 10)], (216, 176, 40), 2)
        c.line([(x + 6, y - 12), (x + 10, y + 10)], (216, 176, 40), 2)


def cake(c: Canvas, what: Mapping[str, str]) -> None:
    """``flavor``, ``layers`` and ``candles``."""
    c.fade((238, 220, 224), (250, 240, 232))
    c.box(0, 390, WIDTH, HEIGHT, (184, 146, 112))
    c.ball(320, 400, 220, (248, 248, 246), 34)
    color, layers, candles = COLORS[what["flavor"]], int(what["layers"]), int(what["candles"])
    top = 390 - layers * 62
    for layer in range(layers):
        y = 390 - (layer + 1) * 62
        half = 176 - layer * 26
        c.box(320 - half, y, 320 + half, y + 66, color, 10)
        c.box(320 - half, y, 320 + half, y + 18, shade(color, 1.45) if what["flavor"] != "vanilla" else (255, 250, 236), 9)
        for drop in range(9):
            x = 320 - half + 14 + drop * (2 * half - 28) / 8
            c.ball(x, y + 20, 9, shade(color, 1.45) if what["flavor"] != "vanilla" else (255, 250, 236), 12 + 6 * (drop % 3))
    half = 176 - (layers - 1) * 26 - 30
    for k in range(candles):
        x = 320 if candles == 1 else 320 - half + k * 2 * half / (candles - 1)
        c.box(x - 5, top - 56, x + 5, top + 4, [COLORS["blue"], COLORS["red"], COLORS["green"], COLORS["yellow"]][k % 4], 2)
        c.ball(x, top - 70, 7, (250, 170, 40), 13)
        c.ball(x, top - 66, 3, (255, 240, 160), 7)


def burger(c: Canvas, what: Mapping[str, str]) -> None:
    """``patties``, and ``yes`` or ``no`` to ``cheese`` and ``lettuce``."""
    _table(c)
    _plate(c, 240, 60, 400)
    y = 392.0
    c.box(180, y - 44, 460, y, (216, 156, 84), 20)
    y -= 44
    for _ in range(int(what["patties"])):
        if what["lettuce"] == "yes":
            c.shape(
                [
                    (168, y),
                    *[(168 + k * 19, y - (16 if k % 2 else 4)) for k in range(17)],
                    (472, y),
                    *[(472 - k * 19, y + (10 if k % 2 else 2)) for k in range(17)],
                ],
                (112, 178, 74),
            )
            y -= 10
        c.box(176, y - 44, 464, y, (98, 60, 40), 18)
        y -= 44
        if what["cheese"] == "yes":
            c.box(178, y - 12, 462, y, (248, 190, 50), 4)
            c.shape([(220, y), (290, y), (255, y + 26)], (248, 190, 50))
            c.shape([(360, y), (430, y), (395, y + 26)], (248, 190, 50))
            y -= 12
    c.box(190, y - 16, 450, y, (206, 58, 46), 8)
    y -= 14
    c.slice(320, y + 22, 150, 188, 352, (222, 164, 90))
    c.box(172, y - 8, 468, y + 10, (222, 164, 90), 8)
    for k in range(14):
        c.ball(230 + (k * 53) % 190, y - 24 - (k * 37) % 76, 4, (250, 236, 206), 3)


def icecream(c: Canvas, what: Mapping[str, str]) -> None:
    """``scoops`` of a ``flavor`` in a cone."""
    c.fade((176, 222, 236), (244, 236, 220))
    color, scoops = COLORS[what["flavor"]], int(what["scoops"])
    c.shape([(262, 270), (378, 270), (320, 458)], (214, 160, 96))
    for k in range(1, 5):
        c.line([(262 + k * 14, 270 + k * 45), (378 - (k - 1) * 8, 270 + (k - 1) * 24)], (184, 128, 70), 2)
        c.line([(378 - k * 14, 270 + k * 45), (262 + (k - 1) * 8, 270 + (k - 1) * 24)], (184, 128, 70), 2)
    for scoop in range(scoops):
        y = 244 - scoop * 70
        c.ball(320, y, 68 - scoop * 4, shade(color, 1 - 0.06 * scoop))
        c.ball(296, y - 22, 16, shade(color, 1.3), 11)
    c.ball(320, 244 - scoops * 70 + 4, 14, (200, 30, 50))
    c.line([(322, 236 - scoops * 70), (340, 206 - scoops * 70)], (90, 120, 50), 3)


def bento(c: Canvas, what: Mapping[str, str]) -> None:
    """A box of a ``color`` with two ``items``: rice and fish, egg or peas."""
    _table(c)
    color = COLORS[what["color"]]
    c.box(110, 100, 530, 390, shade(color, 0.7), 26)
    c.box(124, 114, 516, 376, color, 20)
    c.box(136, 126, 312, 364, (252, 252, 250), 14)
    for _ in range(120):
        x, y = c.rng.uniform(146, 302), c.rng.uniform(136, 354)
        c.ball(x, y, 4, (238, 238, 232), 2)
    c.ball(224, 245, 16, (190, 40, 60))
    c.box(328, 126, 504, 364, shade(color, 0.85), 14)
    if what["items"].endswith("fish"):
        c.ball(408, 244, 70, (236, 140, 104), 44)
        c.shape([(466, 244), (500, 204), (500, 284)], (236, 140, 104))
        for k in range(4):
            c.line([(366 + k * 24, 214), (376 + k * 24, 274)], (250, 196, 172), 4)
        c.ball(358, 234, 6, (40, 40, 40))
    elif what["items"].endswith("egg"):
        for y in (190, 300):
            c.ball(416, y, 66, (252, 250, 244), 48)
            c.ball(416, y, 28, (246, 180, 40))
    else:
        for k in range(60):
            c.ball(344 + (k % 8) * 20 + c.rng.uniform(-3, 3), 146 + (k // 8) * 27 + c.rng.uniform(-3, 3), 11, (104, 170, 70))
    c.line([(80, 440), (560, 424)], (90, 50, 36), 8)
    c.line([(80, 458), (560, 446)], (90, 50, 36), 8)
