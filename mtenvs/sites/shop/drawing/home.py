"""Drawings of what stands in homes, kitchens and gardens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mtenvs.sites.shop.drawing.sketch import Sketch


def chair(s: Sketch, brand: str) -> None:
    s.shadow(24, 80)
    for x in (31, 70):
        s.line([(x, 56), (x - 2, 90)], 4, "c")
    for x in (42, 60):
        s.line([(x, 50), (x, 80)], 3, "d")
    s.box(30, 10, 70, 34, "c", 5)
    for x in (34, 50, 66):
        s.line([(x, 34), (x, 54)], 3, "c")
    s.poly([(30, 50), (70, 50), (78, 60), (24, 60)], "c")
    s.label(brand, 50, 22, 30)


def table(s: Sketch, brand: str) -> None:
    s.shadow(8, 92)
    for x in (16, 84):
        s.line([(x, 44), (x, 90)], 5, "c")
    for x in (30, 70):
        s.line([(x, 40), (x, 76)], 4, "d")
    s.poly([(20, 30), (80, 30), (96, 44), (4, 44)], "c")
    s.box(4, 44, 96, 50, "d", 1)
    s.label(brand, 50, 37, 36)


def bookcase(s: Sketch, brand: str) -> None:
    s.shadow(20, 80)
    s.box(22, 8, 78, 90, "c", 1)
    for row in range(4):
        y = 12 + row * 19
        s.box(26, y, 74, y + 16, "k" if sum(s.main) > 200 else "m")
        for i in range(5 if row % 2 else 3):
            s.box(28 + i * 6, y + 3 + i % 3, 33 + i * 6, y + 16, "lsygw"[(i + row) % 5])
    s.label(brand, 50, 10, 30)


def sofa(s: Sketch, brand: str) -> None:
    s.shadow(8, 92, 84)
    s.box(14, 30, 86, 66, "c", 8)
    s.box(18, 52, 50, 70, "l", 4)
    s.box(50, 52, 82, 70, "l", 4)
    for x in (6, 80):
        s.box(x, 44, x + 14, 78, "c", 5)
    s.box(18, 68, 82, 78, "d", 2)
    for x in (14, 82):
        s.box(x, 78, x + 4, 85, "b")
    s.label(brand, 50, 41, 40)


def coffeemaker(s: Sketch, brand: str) -> None:
    s.shadow(24, 80)
    s.box(26, 12, 76, 30, "c", 4)
    s.box(26, 28, 42, 88, "c", 2)
    s.box(26, 80, 78, 90, "d", 3)
    s.poly([(46, 46), (74, 46), (72, 78), (48, 78)], "s")
    s.poly([(47, 58), (73, 58), (72, 78), (48, 78)], "k")
    s.arc(68, 50, 84, 72, 270, 90, 3, "k")
    s.box(54, 30, 66, 42, "d")
    s.label(brand, 51, 21, 40)


def kettle(s: Sketch, brand: str) -> None:
    s.shadow(22, 78)
    s.arc(54, 22, 92, 74, 270, 90, 5, "k")
    s.poly([(34, 26), (66, 26), (76, 88), (24, 88)], "c")
    s.poly([(30, 40), (14, 30), (18, 26), (34, 30)], "c")
    s.oval(34, 20, 66, 32, "d")
    s.oval(46, 12, 54, 22, "k")
    s.label(brand, 50, 62, 34)


def pan(s: Sketch, brand: str) -> None:
    s.shadow(8, 66, 76)
    s.line([(64, 42), (95, 34)], 6, "k")
    s.poly([(4, 44), (68, 44), (58, 76), (14, 76)], "c")
    s.oval(4, 32, 68, 56, "c")
    s.oval(9, 35, 63, 53, "d")
    s.oval(24, 39, 44, 49, "w")
    s.oval(30, 42, 38, 47, "y")
    s.label(brand, 36, 65, 34)


def knife(s: Sketch, brand: str) -> None:
    s.poly([(8, 42), (60, 42), (60, 58), (22, 58)], "m")
    s.box(58, 40, 94, 58, "c", 4)
    for x in (66, 76, 86):
        s.oval(x - 1.5, 47, x + 1.5, 50, "m")
    s.label(brand, 50, 74, 40)


def tablelamp(s: Sketch, brand: str) -> None:
    s.shadow(28, 72)
    s.poly([(36, 12), (64, 12), (78, 48), (22, 48)], "c")
    s.poly([(40, 48), (60, 48), (56, 54), (44, 54)], "y")
    s.line([(50, 50), (50, 82)], 5, "m")
    s.oval(32, 80, 68, 92, "m")
    s.label(brand, 50, 34, 30)


def floorlamp(s: Sketch, brand: str) -> None:
    s.shadow(32, 68, 92)
    s.poly([(38, 6), (62, 6), (72, 30), (28, 30)], "c")
    s.oval(44, 28, 56, 36, "y")
    s.line([(50, 32), (50, 90)], 3, "k")
    s.oval(36, 88, 64, 95, "k")
    s.label(brand, 50, 19, 24)


def pillow(s: Sketch, brand: str) -> None:
    s.poly([(10, 26), (30, 30), (50, 26), (72, 30), (90, 24), (86, 50), (92, 76), (70, 72), (50, 78), (28, 72), (8, 78), (14, 50)], "c")
    s.line([(18, 34), (24, 46)], 0.8)
    s.line([(82, 34), (76, 46)], 0.8)
    s.label(brand, 50, 52, 36)


def towel(s: Sketch, brand: str) -> None:
    s.line([(10, 16), (90, 16)], 4, "m")
    s.box(24, 14, 76, 88, "c", 1)
    s.box(24, 72, 76, 78, "d")
    s.line([(30, 16), (30, 70)], 0.6)
    s.label(brand, 50, 52, 36)


def blanket(s: Sketch, brand: str) -> None:
    s.shadow(12, 88)
    for i in range(4):
        s.box(14, 70 - i * 16, 86, 88 - i * 16, "cldc"[i], 7)
    for i in range(12):
        s.line([(16 + i * 6.2, 88), (16 + i * 6.2, 93)], 1, "c")
    s.label(brand, 50, 31, 40)


def wateringcan(s: Sketch, brand: str) -> None:
    s.shadow(26, 78)
    s.arc(54, 24, 90, 76, 250, 90, 4, "d")
    s.poly([(34, 60), (12, 26), (18, 22), (42, 50)], "c")
    s.poly([(6, 28), (22, 18), (24, 22), (8, 32)], "d")
    s.box(32, 40, 72, 88, "c", 3)
    s.oval(32, 34, 72, 46, "d")
    s.label(brand, 52, 66, 32)


def planter(s: Sketch, brand: str) -> None:
    s.shadow(24, 76)
    for x, y in ((36, 22), (50, 10), (64, 22), (28, 36), (72, 36)):
        s.line([(50, 50), (x, y)], 2, "g")
        s.oval(x - 8, y - 7, x + 8, y + 7, "g")
    s.poly([(26, 52), (74, 52), (66, 90), (34, 90)], "c")
    s.box(22, 46, 78, 56, "c", 2)
    s.label(brand, 50, 72, 28)


def collar(s: Sketch, brand: str) -> None:
    s.arc(14, 14, 86, 80, 0, 360, 9, "c")
    s.box(40, 8, 60, 26, "m", 2)
    s.box(45, 12, 55, 22, "k", 1)
    s.oval(42, 78, 58, 94, "y")
    s.label(brand, 50, 48, 36)


def cattree(s: Sketch, brand: str) -> None:
    s.shadow(14, 86, 92)
    s.line([(36, 30), (36, 88)], 7, "b")
    s.line([(68, 54), (68, 88)], 7, "b")
    s.box(12, 86, 88, 93, "c", 2)
    s.box(50, 50, 88, 56, "c", 2)
    s.box(16, 26, 56, 32, "c", 2)
    s.oval(44, 62, 84, 86, "c")
    s.oval(54, 68, 74, 84, "k")
    s.oval(24, 14, 44, 27, "k")
    s.poly([(26, 18), (27, 8), (33, 14)], "k")
    s.poly([(36, 14), (41, 8), (42, 18)], "k")
    s.label(brand, 74, 14, 40)


def bag(s: Sketch, brand: str) -> None:
    s.shadow(26, 76)
    s.poly([(30, 16), (70, 16), (76, 90), (24, 90)], "c")
    s.box(30, 10, 70, 18, "d", 1)
    s.line([(30, 22), (70, 22)], 0.8)
    s.oval(40, 64, 60, 82, "w")
    s.oval(45, 67, 55, 79, "b")
    s.label(brand, 50, 44, 36)


def tin(s: Sketch, brand: str) -> None:
    s.shadow(26, 74)
    s.box(28, 26, 72, 88, "c", 2)
    s.oval(28, 82, 72, 94, "c")
    s.oval(26, 14, 74, 32, "d")
    s.oval(32, 16, 68, 28, "l")
    s.poly([(50, 62), (60, 70), (50, 82), (40, 70)], "g")
    s.label(brand, 50, 48, 34)


def chocolate(s: Sketch, brand: str) -> None:
    s.box(26, 8, 74, 40, "b", 2)
    for x in range(3):
        for y in range(2):
            s.box(28 + x * 15, 10 + y * 14, 42 + x * 15, 23 + y * 14, "b", 1)
    s.poly([(22, 36), (30, 39), (38, 36), (46, 39), (54, 36), (62, 39), (70, 36), (78, 38), (78, 92), (22, 92)], "c")
    s.label(brand, 50, 62, 40)


DRAWINGS: Final[dict[str, Callable[[Sketch, str], None]]] = {
    draw.__name__: draw
    for draw in (
        chair, table, bookcase, sofa, coffeemaker, kettle, pan, knife, tablelamp, floorlamp, pillow, towel, blanket, wateringcan, planter, collar, cattree, bag,
        tin, chocolate,
    )
}  # fmt: skip
