"""Pictures that are read: signs, charts, scores, and two kinds of painting."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from mtenvs.sites.forum.draw.brush import COLORS, HEIGHT, WIDTH, Canvas, Color, shade

_INK: Final = (40, 40, 46)


def sign(c: Canvas, what: Mapping[str, str]) -> None:
    """A sign of a ``color`` and ``shape`` (rectangle, circle or diamond) that says ``text``."""
    c.fade((170, 206, 230), (226, 236, 236), 330)
    c.box(0, 320, WIDTH, HEIGHT, (130, 160, 100))
    c.box(306, 300, 334, 470, (120, 122, 126))
    color = COLORS[what["color"]]
    ink = _INK if what["color"] in ("yellow", "white") else (250, 250, 248)
    words = what["text"].split()
    if what["shape"] == "circle":
        c.ball(320, 190, 178, ink)
        c.ball(320, 190, 168, color)
        wide = 250
    elif what["shape"] == "diamond":
        c.shape([(320, -6), (524, 190), (320, 386), (116, 190)], ink)
        c.shape([(320, 8), (510, 190), (320, 372), (130, 190)], color)
        wide = 200
    else:
        c.box(90, 50, 550, 330, ink, 16)
        c.box(100, 60, 540, 320, color, 12)
        wide = 410
    lines = _lines(words, 3 if len(words) > 2 else 2)
    size = min(74.0, 210 / len(lines))
    for k, line in enumerate(lines):
        c.text(320, 190 + (k - (len(lines) - 1) / 2) * size * 1.05, line, size, ink, wide=wide)


def _lines(words: list[str], most: int) -> list[str]:
    """Words spread over lines of about the same length."""
    many = min(most, len(words))
    target = sum(map(len, words)) / many
    lines: list[str] = []
    now = ""
    for place, word in enumerate(words):
        now = f"{now} {word}".strip()
        left = len(words) - place - 1
        if len(lines) < many - 1 and (len(now) >= target or left <= many - 1 - len(lines)):
            lines.append(now)
            now = ""
    return [*lines, now] if now else lines


def values(c: Canvas, what: Mapping[str, str]) -> list[int]:
    """The values of a chart, of which ``peak`` has the largest."""
    labels = what["labels"].split(",")
    made = [c.rng.randrange(15, 66) for _ in labels]
    made[labels.index(what["peak"])] = c.rng.randrange(80, 96)
    return made


def chart(c: Canvas, what: Mapping[str, str]) -> None:
    """A chart in a ``style`` (bars, line or pie) with a ``title`` and ``labels``; ``peak`` is the label of the largest value."""
    c.fill((252, 251, 247))
    c.text(320, 38, what["title"], 32, _INK, wide=580)
    labels, numbers = what["labels"].split(","), values(c, what)
    tones = [COLORS[name] for name in ("blue", "orange", "green", "red", "purple", "yellow", "brown")]
    if what["style"] == "pie":
        start = -90.0
        for k, number in enumerate(numbers):
            end = start + 360 * number / sum(numbers)
            c.slice(250, 260, 180, start, end, tones[k])
            start = end
            c.box(470, 160 + k * 50, 496, 186 + k * 50, tones[k], 4)
            c.text(556, 173 + k * 50, f"{labels[k]} {round(100 * number / sum(numbers))}%", 22, _INK, wide=110)
        return
    for level in range(0, 101, 20):
        y = 410 - level * 3.2
        c.line([(70, y), (610, y)], (220, 218, 210), 1.5)
        c.text(44, y, str(level), 18, (110, 110, 114))
    step = 540 / len(labels)
    points = []
    for k, number in enumerate(numbers):
        x, y = 70 + step * (k + 0.5), 410 - number * 3.2
        points.append((x, y))
        c.text(x, 434, labels[k], 22, _INK)
        if what["style"] == "bars":
            c.box(x - step * 0.34, y, x + step * 0.34, 410, tones[k % 5] if labels[k] == what["peak"] else COLORS["blue"], 4)
            c.text(x, y - 14, str(number), 20, _INK)
    if what["style"] == "line":
        c.line(points, COLORS["red"], 5)
        for (x, y), number in zip(points, numbers, strict=True):
            c.ball(x, y, 8, COLORS["red"])
            c.text(x, y - 22, str(number), 20, _INK)
    c.line([(70, 90), (70, 410), (610, 410)], _INK, 3)


def scoreboard(c: Canvas, what: Mapping[str, str]) -> None:
    """A board with ``home``, ``away`` and the ``score``."""
    c.fade((30, 40, 70), (70, 90, 120))
    for x in range(30, WIDTH, 40):
        for y in (380, 410, 440):
            c.ball(x + (y % 3) * 12, y, 13, COLORS[c.rng.choice(("red", "blue", "yellow", "white", "orange"))])
    c.box(60, 60, 580, 330, (16, 18, 20), 14, outline=(120, 124, 130))
    home, away = what["score"].split(":")
    for x, name, points in ((190, what["home"], home), (450, what["away"], away)):
        c.text(x, 118, name.upper(), 34, (250, 226, 120), wide=230)
        c.box(x - 60, 160, x + 60, 296, (40, 14, 12), 8)
        c.text(x, 226, points, 110, (255, 74, 52))
    c.text(320, 226, ":", 90, (255, 74, 52))


def shapes(c: Canvas, what: Mapping[str, str]) -> None:
    """A painting on a wall: so many (``count``) of a ``shape`` (circles, squares or triangles) in a ``color`` on a ``ground``."""
    c.fill((206, 202, 196))
    c.box(70, 30, 570, 450, (110, 80, 54), 4)
    ground: Color = COLORS[what["ground"]]
    c.box(88, 48, 552, 432, ground)
    color, count = COLORS[what["color"]], int(what["count"])
    cells = [(150 + 85 * k, 120 + 120 * row) for row in range(3) for k in range(5)]
    for number, (x, y) in enumerate(c.rng.sample(cells, count)):
        size = c.rng.uniform(28, 42)
        tone = shade(color, (1.0, 0.8, 1.2)[number % 3])
        if what["shape"] == "circles":
            c.ball(x, y, size, tone)
        else:
            corners = 4 if what["shape"] == "squares" else 3
            c.shape(c.around(x, y, size * 1.15, corners, math.pi / 4 if corners == 4 else -math.pi / 2), tone)


_UNIT: Final = 16  # side of a block
_HEROES: Final = {
    "knight": ("..ggg...", ".ggggg..", ".gkkkg..", ".ggggg..", "..sss..w", ".sssss.w", ".sssssbw", "..g.g..."),
    "wizard": ("...p....", "..ppp...", ".ppppp..", "..fkf...", "..www..y", ".ppppp.b", ".ppppp.b", ".ppppp.b"),
    "robot": ("...r....", "..sss...", ".sssss..", ".sysys..", ".sssss..", "..ggg...", ".sgggs..", "..s.s..."),
    "cat": (".o...o..", ".ooooo..", ".okoko..", ".ooooo.o", "..www..o", ".ooooo.o", ".oooooo.", ".o.o.o.."),
}
_PIXELS: Final = {
    "g": (120, 124, 132),
    "k": (20, 20, 24),
    "s": (176, 182, 190),
    "w": (250, 250, 250),
    "b": (120, 80, 50),
    "p": (96, 64, 160),
    "f": (240, 200, 160),
    "y": (250, 220, 80),
    "r": (220, 60, 50),
    "o": (232, 134, 48),
}
_WORLDS: Final[dict[str, tuple[Color, Color, Color]]] = {
    "castle": ((110, 150, 210), (130, 126, 130), (150, 146, 150)),
    "forest": ((140, 200, 230), (80, 140, 70), (40, 100, 56)),
    "cave": ((30, 26, 40), (70, 58, 60), (96, 80, 80)),
    "beach": ((120, 200, 240), (236, 210, 150), (60, 150, 200)),
}


def pixels(c: Canvas, what: Mapping[str, str]) -> None:
    """A scene of an old game: a ``hero`` in a ``place`` with so many ``hearts`` left.

    Heroes are knight, wizard, robot and cat; places are castle, forest, cave and beach.
    """
    sky, ground, back = _WORLDS[what["place"]]
    c.fill(sky)
    _background(c, what["place"], back)
    c.box(0, 384, WIDTH, HEIGHT, ground)
    for k in range(0, WIDTH, _UNIT * 2):
        c.box(k, 384, k + _UNIT, 384 + _UNIT, shade(ground, 0.85))
    for row, line in enumerate(_HEROES[what["hero"]]):
        for column, letter in enumerate(line):
            if letter != ".":
                c.box(224 + column * 20, 224 + row * 20, 243 + column * 20, 243 + row * 20, _PIXELS[letter])
    for k in range(5):
        tone = (226, 46, 56) if k < int(what["hearts"]) else (70, 70, 76)
        x = 30 + k * 54
        for dx, dy, wide in ((4, 0, 12), (24, 0, 12), (0, 6, 40), (4, 16, 32), (10, 24, 20), (16, 32, 8)):
            c.box(x + dx, 26 + dy, x + dx + wide, 26 + dy + 10, tone)


def _background(c: Canvas, place: str, back: Color) -> None:
    for k in range(0, WIDTH, _UNIT * 5):
        if place == "castle":
            c.box(k, 192, k + _UNIT * 5, 384, back)
            c.box(k, 160, k + _UNIT * 2, 192, back)
            c.box(k + 24, 240, k + 56, 304, shade(back, 0.6))
        elif place == "forest":
            c.box(k + _UNIT * 2, 288, k + _UNIT * 3, 384, (100, 70, 50))
            c.box(k, 192, k + _UNIT * 4, 288, back)
            c.box(k + _UNIT, 160, k + _UNIT * 3, 192, back)
        elif place == "cave":
            c.box(k, 0, k + _UNIT * 4, 48 + (k * 3) % 80, back)
            c.box(k, 352, k + _UNIT * 2, 384, back)
        else:
            c.box(k, 320, k + _UNIT * 5, 384, shade(back, 1 + (k // 80 % 2) * 0.15))
