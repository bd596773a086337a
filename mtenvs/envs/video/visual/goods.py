"""What the stalls of a market sell, one piece at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from mtenvs.envs.video.visual.brush import CREAM, INK, Sheet, shade
from mtenvs.envs.video.visual.styles import COLOURS


def _pumpkin(sheet: Sheet, x: float, y: float, _: Random) -> None:
    for dx, tone in ((-4, 0.86), (4, 0.86), (0, 1.0)):
        sheet.oval(x + dx - 5, y - 6, x + dx + 5, y + 7, shade((240, 128, 24), tone))
    sheet.rect(x - 1, y - 9, x + 1, y - 5, (80, 110, 50))


def _fish(sheet: Sheet, x: float, y: float, _: Random) -> None:
    sheet.oval(x - 8, y - 1, x + 5, y + 6, (150, 176, 196))
    sheet.poly([(x + 4, y + 2.5), (x + 9, y - 1), (x + 9, y + 6)], (120, 150, 176))
    sheet.disc(x - 5, y + 2, 1, INK)


def _flower(sheet: Sheet, x: float, y: float, rng: Random) -> None:
    sheet.line([(x, y + 8), (x, y - 4)], (70, 140, 70), 1.6)
    petal = COLOURS[rng.choice(("red", "yellow", "pink", "purple"))]
    for dx, dy in ((-3, 0), (3, 0), (0, -3), (0, 3)):
        sheet.disc(x + dx, y - 6 + dy, 3, petal)
    sheet.disc(x, y - 6, 2, (255, 236, 150))


def _bread(sheet: Sheet, x: float, y: float, _: Random) -> None:
    sheet.oval(x - 8.5, y - 3, x + 8.5, y + 7, (196, 134, 70))
    for dx in (-4, 0, 4):
        sheet.line([(x + dx - 1, y + 3), (x + dx + 1, y - 2)], (236, 192, 130), 1.2)


def _cheese(sheet: Sheet, x: float, y: float, _: Random) -> None:
    sheet.poly([(x - 8, y + 6), (x + 8, y + 6), (x + 8, y - 4), (x - 8, y + 2)], (248, 206, 84))
    sheet.disc(x + 3, y + 2, 1.4, (214, 160, 50))
    sheet.disc(x - 2, y + 4, 1, (214, 160, 50))


def _apple(sheet: Sheet, x: float, y: float, rng: Random) -> None:
    tone = (198, 40, 44) if rng.random() < 0.7 else (120, 180, 60)
    for dx, dy in ((-4.5, 3), (4.5, 3), (0, -2)):
        sheet.disc(x + dx, y + dy, 4.2, tone)
        sheet.disc(x + dx - 1, y + dy - 1.4, 1.1, CREAM)


GOODS: Final[Mapping[str, Callable[[Sheet, float, float, Random], None]]] = {
    "pumpkins": _pumpkin,
    "fish": _fish,
    "flowers": _flower,
    "bread": _bread,
    "cheese": _cheese,
    "apples": _apple,
}
