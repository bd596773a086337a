"""Drawings of clothes, sports, beauty and toys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mtenvs.sites.shop.drawing.sketch import Sketch


def tshirt(s: Sketch, brand: str) -> None:
    s.poly([(34, 14), (66, 14), (94, 34), (84, 50), (74, 43), (74, 88), (26, 88), (26, 43), (16, 50), (6, 34)], "c")
    s.oval(40, 8, 60, 22, "w")
    s.label(brand, 50, 48, 34)


def jacket(s: Sketch, brand: str) -> None:
    s.poly([(34, 14), (66, 14), (84, 26), (94, 78), (80, 82), (74, 50), (74, 90), (26, 90), (26, 50), (20, 82), (6, 78), (16, 26)], "c")
    s.poly([(36, 14), (64, 14), (58, 28), (50, 22), (42, 28)], "d")
    s.line([(50, 24), (50, 90)], 1.2, "y")
    s.box(30, 66, 44, 69, "d")
    s.box(56, 66, 70, 69, "d")
    s.label(brand, 62, 44, 18)


def trousers(s: Sketch, brand: str) -> None:
    s.poly([(30, 10), (70, 10), (76, 92), (56, 92), (50, 36), (44, 92), (24, 92)], "c")
    s.box(30, 8, 70, 15, "d", 1)
    s.box(47, 9, 53, 14, "y", 1)
    s.line([(50, 15), (50, 34)], 0.8)
    s.label(brand, 50, 24, 26)


def dress(s: Sketch, brand: str) -> None:
    s.poly([(38, 8), (42, 8), (46, 18), (54, 18), (58, 8), (62, 8), (66, 30), (62, 42), (84, 90), (16, 90), (38, 42), (34, 30)], "c")
    s.poly([(38, 41), (62, 41), (64, 46), (36, 46)], "d")
    s.label(brand, 50, 31, 20)


def skirt(s: Sketch, brand: str) -> None:
    s.poly([(34, 18), (66, 18), (86, 84), (14, 84)], "c")
    s.box(33, 14, 67, 22, "d", 1)
    for a, b in ((42, 32), (50, 50), (58, 68)):
        s.line([(a, 24), (b, 83)], 0.7)
    s.label(brand, 50, 52, 30)


def sweater(s: Sketch, brand: str) -> None:
    s.poly([(36, 16), (64, 16), (82, 26), (96, 76), (82, 82), (74, 54), (74, 84), (26, 84), (26, 54), (18, 82), (4, 76), (18, 26)], "c")
    s.box(39, 8, 61, 20, "d", 3)
    s.box(26, 82, 74, 90, "d", 1)
    for x in (38, 50, 62):
        s.line([(x, 60), (x, 80)], 1.6, "l")
    s.label(brand, 50, 42, 32)


def sneaker(s: Sketch, brand: str) -> None:
    s.shadow(6, 94, 80)
    s.poly([(10, 34), (30, 30), (36, 40), (62, 54), (88, 60), (94, 72), (10, 74)], "c")
    s.poly([(8, 72), (94, 70), (92, 82), (10, 82)], "w")
    for x, y in ((40, 42), (47, 46), (54, 50)):
        s.line([(x - 3, y + 5), (x + 4, y - 1)], 1.6, "w")
    s.line([(22, 66), (46, 56)], 3, "l")
    s.label(brand, 50, 20, 36)


def boot(s: Sketch, brand: str) -> None:
    s.shadow(14, 90, 90)
    s.poly([(24, 10), (56, 10), (56, 52), (84, 62), (90, 80), (24, 80)], "c")
    s.poly([(22, 80), (92, 80), (92, 88), (46, 88), (44, 84), (38, 90), (22, 90)], "k")
    for y in (22, 32, 42, 52):
        s.line([(46, y), (58, y + 2)], 1.6, "y")
    s.label(brand, 40, 68, 26)


def hat(s: Sketch, brand: str) -> None:
    s.oval(6, 52, 94, 82, "c")
    s.poly([(28, 66), (32, 26), (50, 20), (68, 26), (72, 66)], "c")
    s.oval(28, 58, 72, 74, "d")
    s.box(29, 54, 71, 64, "d", 1)
    s.label(brand, 50, 42, 28)


def scarf(s: Sketch, brand: str) -> None:
    s.poly([(34, 40), (50, 44), (44, 86), (24, 84)], "c")
    s.poly([(50, 42), (66, 40), (74, 88), (54, 90)], "c")
    s.arc(24, 8, 76, 52, 0, 360, 12, "c")
    for i in range(4):
        s.line([(26 + i * 5, 85), (25 + i * 5, 93)], 1, "d")
        s.line([(56 + i * 5, 89), (57 + i * 5, 96)], 1, "d")
    s.label(brand, 50, 48, 24)


def tent(s: Sketch, brand: str) -> None:
    s.shadow(4, 96, 86)
    s.poly([(50, 16), (94, 84), (6, 84)], "c")
    s.poly([(50, 16), (94, 84), (70, 84)], "d")
    s.poly([(44, 40), (60, 84), (28, 84)], "k")
    s.line([(6, 84), (0, 90)], 0.8, "k")
    s.label(brand, 46, 33, 18)


def sleepingbag(s: Sketch, brand: str) -> None:
    s.poly([(34, 14), (50, 8), (66, 14), (72, 30), (66, 92), (34, 92), (28, 30)], "c")
    s.oval(36, 14, 64, 36, "k")
    s.oval(40, 18, 60, 34, "w")
    for y in (46, 58, 80):
        s.line([(31, y), (69, y)], 0.8)
    s.line([(64, 36), (58, 90)], 1.2, "m")
    s.label(brand, 49, 69, 26)


def backpack(s: Sketch, brand: str) -> None:
    s.shadow(22, 78)
    s.arc(40, 4, 60, 24, 180, 360, 3, "d")
    s.box(24, 16, 76, 90, "c", 12)
    s.arc(28, 20, 72, 60, 180, 360, 1.2, "d")
    s.box(31, 54, 69, 84, "d", 6)
    s.line([(34, 62), (66, 62)], 1, "m")
    for x in (16, 76):
        s.box(x, 48, x + 8, 80, "d", 3)
    s.label(brand, 50, 40, 32)


def dumbbell(s: Sketch, brand: str) -> None:
    s.shadow(6, 94, 76)
    s.box(30, 46, 70, 54, "m", 2)
    for x in (8, 68):
        s.poly([(x + 4, 26), (x + 20, 26), (x + 24, 36), (x + 24, 64), (x + 20, 74), (x + 4, 74), (x, 64), (x, 36)], "c")
    s.label(brand, 50, 88, 40)


def yogamat(s: Sketch, brand: str) -> None:
    s.shadow(8, 92, 86)
    s.poly([(30, 42), (92, 42), (92, 82), (30, 82)], "c")
    s.oval(10, 40, 50, 84, "c")
    for inset in (5, 10, 15):
        s.arc(10 + inset, 40 + inset, 50 - inset, 84 - inset, 0, 360, 1, "d")
    s.line([(64, 42), (64, 82)], 3, "d")
    s.label(brand, 79, 62, 20)


def bicycle(s: Sketch, brand: str) -> None:
    for x in (4, 60):
        s.arc(x, 46, x + 36, 82, 0, 360, 2.4, "k")
        for turn in range(0, 180, 45):
            s.arc(x + 2, 48, x + 34, 80, turn, turn + 2, 15, "m")
    s.line([(22, 64), (36, 38), (68, 38), (48, 64), (22, 64)], 3, "c")
    s.line([(48, 64), (34, 32)], 3, "c")
    s.line([(78, 64), (66, 28), (76, 24)], 3, "c")
    s.box(26, 27, 42, 32, "k", 2)
    s.oval(43, 59, 53, 69, "m")
    s.label(brand, 50, 92, 40)


def helmet(s: Sketch, brand: str) -> None:
    s.poly([(8, 62), (14, 36), (34, 20), (60, 18), (82, 32), (94, 60), (60, 64), (24, 66)], "c")
    for x in (26, 44, 62):
        s.poly([(x, 34), (x + 12, 28), (x + 10, 42), (x, 46)], "k")
    s.line([(30, 66), (46, 88), (62, 64)], 2, "k")
    s.label(brand, 52, 56, 34)


def ball(s: Sketch, brand: str) -> None:
    s.shadow(22, 78, 88)
    s.oval(14, 12, 86, 84, "c")
    s.line([(50, 12), (50, 84)], 1.4)
    s.line([(14, 48), (86, 48)], 1.4)
    s.arc(-22, 12, 34, 84, 290, 70, 1.4, "d")
    s.arc(66, 12, 122, 84, 110, 250, 1.4, "d")
    s.label(brand, 50, 36, 28)


def jar(s: Sketch, brand: str) -> None:
    s.shadow(20, 80)
    s.box(20, 44, 80, 88, "c", 8)
    s.box(17, 26, 83, 46, "w", 4)
    s.label(brand, 50, 66, 40)


def tube(s: Sketch, brand: str) -> None:
    s.poly([(28, 8), (72, 8), (64, 74), (36, 74)], "c")
    s.box(26, 6, 74, 12, "d")
    s.box(36, 74, 64, 92, "w", 3)
    s.oval(42, 48, 58, 64, "y")
    s.label(brand, 50, 32, 32)


def bottle(s: Sketch, brand: str) -> None:
    s.shadow(30, 70)
    s.box(45, 8, 55, 26, "k")
    s.poly([(40, 6), (62, 6), (62, 11), (45, 12)], "k")
    s.box(30, 24, 70, 90, "c", 9)
    s.box(34, 42, 66, 76, "w", 2)
    s.label(brand, 50, 54, 26)


def toothbrush(s: Sketch, brand: str) -> None:
    s.shadow(36, 64)
    s.box(40, 40, 60, 90, "c", 7)
    s.poly([(46, 40), (54, 40), (52, 18), (48, 18)], "m")
    s.box(43, 8, 57, 20, "w", 3)
    for i in range(4):
        s.line([(45.5 + i * 3, 4), (45.5 + i * 3, 10)], 1.4, "s")
    s.oval(46, 48, 54, 56, "w")
    s.label(brand, 50, 73, 18)


def case(s: Sketch, brand: str) -> None:
    s.arc(18, 10, 82, 90, 190, 350, 11, "s")
    s.arc(24, 16, 76, 84, 200, 340, 2, "w")
    s.box(18, 54, 82, 88, "c", 8)
    s.line([(18, 64), (82, 64)], 1)
    s.label(brand, 50, 76, 40)


def plush(s: Sketch, brand: str) -> None:
    s.shadow(20, 80, 92)
    for x in (30, 70):
        s.oval(x - 10, 8, x + 10, 28, "c")
        s.oval(x - 5, 13, x + 5, 23, "l")
        s.oval(x - 12, 76, x + 12, 94, "c")
    s.oval(26, 46, 74, 92, "c")
    s.oval(36, 56, 64, 86, "l")
    s.oval(26, 12, 74, 56, "c")
    s.oval(40, 34, 60, 50, "l")
    s.oval(46, 36, 54, 42, "k")
    for x in (39, 61):
        s.oval(x - 3, 26, x + 3, 32, "k")
    s.label(brand, 50, 70, 24)


DRAWINGS: Final[dict[str, Callable[[Sketch, str], None]]] = {
    draw.__name__: draw
    for draw in (
        tshirt, jacket, trousers, dress, skirt, sweater, sneaker, boot, hat, scarf, tent, sleepingbag, backpack, dumbbell, yogamat, bicycle, helmet, ball, jar,
        tube, bottle, toothbrush, case, plush,
    )
}  # fmt: skip
