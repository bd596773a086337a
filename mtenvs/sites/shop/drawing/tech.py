"""Drawings of electronics, office goods and games."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mtenvs.sites.shop.drawing.sketch import Sketch


def headphones(s: Sketch, brand: str) -> None:
    s.arc(20, 14, 80, 86, 180, 360, 7, "c")
    s.arc(24, 18, 76, 82, 180, 360, 2, "d")
    for x in (14, 70):
        s.box(x, 46, x + 16, 82, "c", 7)
        s.box(x + (11 if x < 50 else 0), 48, x + (18 if x < 50 else 5), 80, "k", 3)
    s.label(brand, 50, 90, 40)


def earbuds(s: Sketch, brand: str) -> None:
    s.box(25, 54, 75, 88, "c", 10)
    s.line([(25, 66), (75, 66)], 1)
    for x, turn in ((32, 1), (68, -1)):
        s.oval(x - 9, 18, x + 9, 36, "c")
        s.box(x - 4 + 3 * turn, 30, x + 2 + 3 * turn, 50, "l", 3)
        s.oval(x - 9 + 10 * turn, 20, x + 1 + 10 * turn, 32, "k")
    s.label(brand, 50, 77, 34)


def speaker(s: Sketch, brand: str) -> None:
    s.shadow(24, 76)
    s.box(28, 14, 72, 90, "c", 9)
    s.oval(36, 20, 64, 44, "k")
    s.oval(44, 27, 56, 37, "m")
    s.oval(33, 48, 67, 78, "k")
    s.oval(43, 57, 57, 69, "m")
    s.label(brand, 50, 84, 30)


def laptop(s: Sketch, brand: str) -> None:
    s.shadow(10, 90, 82)
    s.box(20, 18, 80, 62, "c", 3)
    s.box(24, 22, 76, 58, "s", 1)
    s.poly([(20, 62), (80, 62), (92, 82), (8, 82)])
    s.poly([(24, 65), (76, 65), (80, 74), (20, 74)], "k")
    s.label(brand, 50, 40, 40)


def keyboard(s: Sketch, brand: str) -> None:
    s.box(6, 36, 94, 74, "c", 3)
    for row in range(4):
        for key in range(12):
            s.box(9 + key * 6.9, 42 + row * 7.6, 14.6 + key * 6.9, 48 + row * 7.6, "w" if sum(s.main) < 400 else "k", 1)
    s.label(brand, 50, 28, 40)


def mouse(s: Sketch, brand: str) -> None:
    s.shadow(28, 72, 86)
    s.oval(30, 14, 70, 88, "c")
    s.line([(50, 15), (50, 44)], 1)
    s.line([(31, 44), (69, 44)], 1)
    s.box(47, 22, 53, 36, "k", 3)
    s.label(brand, 50, 66, 28)


def monitor(s: Sketch, brand: str) -> None:
    s.shadow(30, 70, 88)
    s.box(8, 14, 92, 68, "c", 2)
    s.box(11, 17, 89, 63, "s")
    s.box(46, 68, 54, 84, "d")
    s.box(32, 83, 68, 88, "c", 2)
    s.label(brand, 50, 40, 44)


def phone(s: Sketch, brand: str) -> None:
    s.box(20, 10, 48, 90, "c", 5)
    s.box(23, 15, 45, 30, "d", 3)
    s.oval(25, 17, 32, 24, "k")
    s.oval(35, 17, 42, 24, "k")
    s.box(54, 10, 82, 90, "k", 5)
    s.box(56, 14, 80, 86, "s", 2)
    s.label(brand, 34, 60, 22)


def phonecase(s: Sketch, brand: str) -> None:
    s.box(30, 8, 70, 92, "c", 8)
    s.box(34, 13, 52, 32, "d", 4)
    s.oval(36, 15, 43, 22, "k")
    s.oval(43, 23, 50, 30, "k")
    s.label(brand, 50, 76, 28)


def powerbank(s: Sketch, brand: str) -> None:
    s.shadow(30, 70)
    s.box(32, 12, 68, 90, "c", 6)
    for x in (39, 53):
        s.box(x, 14, x + 8, 19, "k", 1)
    for i in range(4):
        s.oval(40 + i * 6, 28, 43 + i * 6, 31, "w")
    s.label(brand, 50, 60, 30)


def flashdrive(s: Sketch, brand: str) -> None:
    s.box(8, 40, 30, 60, "m", 1)
    s.box(13, 45, 19, 50, "k")
    s.box(13, 52, 19, 57, "k")
    s.box(28, 34, 90, 66, "c", 6)
    s.oval(80, 46, 87, 54, "w")
    s.label(brand, 54, 50, 38)


def ssd(s: Sketch, brand: str) -> None:
    s.shadow(20, 80, 78)
    s.box(20, 28, 80, 78, "c", 8)
    s.box(44, 74, 56, 78, "k", 1)
    s.line([(26, 36), (74, 36)], 1)
    s.label(brand, 50, 54, 44)


def pen(s: Sketch, brand: str) -> None:
    s.poly([(14, 80), (24, 62), (32, 70)], "m")
    s.poly([(24, 62), (70, 16), (78, 24), (32, 70)], "c")
    s.poly([(66, 20), (80, 6), (90, 16), (76, 30)], "d")
    s.line([(82, 12), (64, 32)], 2, "y")
    s.label(brand, 66, 72, 40)


def notebook(s: Sketch, brand: str) -> None:
    s.box(28, 14, 80, 90, "w", 2)
    s.box(24, 12, 76, 88, "c", 3)
    for i in range(9):
        s.oval(21, 16 + i * 8, 27, 20 + i * 8, "m")
    s.label(brand, 50, 32, 36)


def stapler(s: Sketch, brand: str) -> None:
    s.shadow(10, 92, 74)
    s.box(10, 66, 92, 74, "k", 2)
    s.poly([(14, 62), (88, 62), (92, 66), (12, 66)], "m")
    s.poly([(10, 60), (18, 36), (82, 50), (92, 62), (14, 62)], "c")
    s.label(brand, 48, 54, 36)


def organizer(s: Sketch, brand: str) -> None:
    s.shadow(12, 88)
    for x, color in ((24, "k"), (32, "y"), (40, "g")):
        s.line([(x, 44), (x + 3, 12)], 3, color)
    s.box(14, 38, 50, 88, "c", 2)
    s.box(50, 54, 86, 88, "c", 2)
    s.box(56, 68, 80, 72, "d", 1)
    s.label(brand, 32, 64, 28)


def book(s: Sketch, brand: str) -> None:
    s.shadow(24, 80)
    s.poly([(70, 12), (78, 18), (78, 94), (70, 88)], "w")
    s.box(24, 12, 70, 88, "c", 1)
    s.line([(30, 13), (30, 87)], 1)
    s.oval(40, 36, 60, 56, "l")
    s.poly([(40, 52), (47, 42), (52, 48), (56, 43), (60, 52)], "d")
    s.label(brand, 50, 24, 34)
    s.line([(38, 66), (62, 66)], 1, "w")
    s.line([(42, 71), (58, 71)], 1, "w")


def gamebox(s: Sketch, brand: str) -> None:
    s.shadow(12, 90)
    s.poly([(12, 30), (26, 18), (90, 18), (78, 30)], "l")
    s.poly([(78, 30), (90, 18), (90, 74), (78, 88)], "d")
    s.box(12, 30, 78, 88, "c")
    s.box(18, 58, 34, 74, "w", 3)
    for x, y in ((22, 62), (26, 66), (30, 70)):
        s.oval(x - 2, y - 2, x + 2, y + 2, "k")
    s.oval(52, 54, 62, 64, "y")
    s.poly([(57, 62), (66, 80), (48, 80)], "y")
    s.label(brand, 45, 42, 44)


def puzzle(s: Sketch, brand: str) -> None:
    s.shadow(14, 86)
    s.box(14, 24, 86, 88, "c", 1)
    for x in range(4):
        for y in range(3):
            if (x, y) != (3, 0):
                s.box(19 + x * 16, 42 + y * 14, 35 + x * 16, 56 + y * 14, "lsd"[(x + y) % 3])
                s.oval(32 + x * 16, 46 + y * 14, 38 + x * 16, 52 + y * 14, "lsd"[(x + y) % 3])
    s.label(brand, 50, 33, 44)


def controller(s: Sketch, brand: str) -> None:
    s.poly([(22, 32), (78, 32), (94, 74), (84, 82), (68, 64), (32, 64), (16, 82), (6, 74)], "c")
    s.oval(26, 38, 42, 54, "k")
    s.oval(56, 50, 68, 62, "k")
    for x, y, fill in ((74, 38, "y"), (80, 44, "g"), (68, 44, "s"), (74, 50, "w")):
        s.oval(x - 3, y - 3, x + 3, y + 3, fill)
    s.label(brand, 50, 24, 34)


def cardcase(s: Sketch, brand: str) -> None:
    s.box(14, 14, 86, 50, "c", 6)
    for i in range(4):
        s.box(20 + i * 16, 20, 32 + i * 16, 42, "k", 1)
        s.box(22 + i * 16, 24, 30 + i * 16, 36, "sygw"[i], 1)
    s.box(14, 52, 86, 88, "c", 6)
    s.line([(14, 51), (86, 51)], 2, "k")
    s.label(brand, 50, 70, 44)


def blocks(s: Sketch, brand: str) -> None:
    s.shadow(10, 90)
    for x, y, fill in ((10, 62, "c"), (37, 62, "l"), (64, 62, "d"), (24, 35, "d"), (50, 35, "c")):
        s.box(x, y, x + 26, y + 26, fill, 2)
        s.oval(x + 4, y - 5, x + 11, y + 2, fill)
        s.oval(x + 15, y - 5, x + 22, y + 2, fill)
    s.poly([(50, 30), (63, 10), (76, 30)], "l")
    s.label(brand, 50, 75, 44)


DRAWINGS: Final[dict[str, Callable[[Sketch, str], None]]] = {
    draw.__name__: draw
    for draw in (
        headphones, earbuds, speaker, laptop, keyboard, mouse, monitor, phone, phonecase, powerbank, flashdrive, ssd, pen, notebook, stapler, organizer, book,
        gamebox, puzzle, controller, cardcase, blocks,
    )
}  # fmt: skip
