"""One picture of a whole search: where was looked, what was seen there, the question and the answer."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from mtenvs.envs.video.visual.styles import Rgb
from mtenvs.envs.video.visual.views import View, pixels_of

WIDTH, HEIGHT = 1280, 800
_GAP: Final = 12
_PICTURE: Final = (816, 612)
_INK, _PAPER, _FAINT = (32, 34, 38), (250, 249, 246), (222, 220, 214)
_LINES: Final = 6
_SHORT: Final = 30  # characters; such lines are options
_CHARS: Final = 118  # of a line at 18 pixels over the sheet's width
_COLOURS: Final[tuple[Rgb, ...]] = (
    (232, 62, 48), (255, 214, 10), (20, 120, 255), (255, 110, 220), (30, 180, 90), (255, 140, 20), (120, 70, 220), (0, 190, 200),
)  # fmt: skip


def contact_sheet(picture: Image.Image, views: Sequence[View], question: str, answer: str = "", *, last_only: bool = False) -> Image.Image:
    """A sheet of `WIDTH` x `HEIGHT` pixels, RGB.

    Args:
        picture: the whole picture in its full size.
        views: those shown, the first included.
        question: stands below, with its options.
        answer: stands below the question; empty where there is none yet.
        last_only: show the last crop large, in place of all crops.
    """
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(sheet)
    scale = min(_PICTURE[0] / picture.width, _PICTURE[1] / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    x, y = _GAP + (_PICTURE[0] - size[0]) // 2, _GAP + (_PICTURE[1] - size[1]) // 2
    sheet.paste(picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), (x, y))
    for number, view in reversed(list(enumerate(views))[1:]):
        x0, y0, x1, y1 = (v * scale for v in view.region)
        _outline(draw, (x + x0, y + y0, x + x1, y + y1), number, newest=number == len(views) - 1)
    numbered = list(enumerate(views))[1:]
    _crops(sheet, picture, numbered[-1:] if last_only else numbered)
    _text(draw, question, answer)
    return sheet


def _outline(draw: ImageDraw.ImageDraw, box: tuple[float, float, float, float], number: int, *, newest: bool) -> None:
    x0, y0, x1, y1 = box
    x1, y1 = max(x1, x0 + 6), max(y1, y0 + 6)
    draw.rectangle((x0 - 3, y0 - 3, x1 + 3, y1 + 3), outline=_INK, width=1)
    draw.rectangle((x0 - 2, y0 - 2, x1 + 2, y1 + 2), outline=_colour(number), width=4 if newest else 2)
    _badge(draw, x0 - 2, max(_GAP, y0 - 22), number)


def _badge(draw: ImageDraw.ImageDraw, x: float, y: float, number: int) -> None:
    draw.rounded_rectangle((x, y, x + 22, y + 20), 4, fill=_colour(number), outline=_INK)
    draw.text((x + 11, y + 10), str(number), font=ImageFont.load_default(15), fill=_INK, anchor="mm")


def _colour(number: int) -> Rgb:
    return _COLOURS[(number - 1) % len(_COLOURS)]


def _crops(sheet: Image.Image, picture: Image.Image, numbered: Sequence[tuple[int, View]]) -> None:
    left, width, height = 2 * _GAP + _PICTURE[0], WIDTH - 3 * _GAP - _PICTURE[0], _PICTURE[1]
    draw = ImageDraw.Draw(sheet)
    if not numbered:
        draw.rectangle((left, _GAP, left + width, _GAP + height), fill=_FAINT)
        draw.text((left + width / 2, _GAP + height / 2), "nothing zoomed into yet", _INK, ImageFont.load_default(18), anchor="mm")
        return
    columns = 1 if len(numbered) <= 3 else 2
    rows = -(-len(numbered) // columns)
    cell = (width - (columns - 1) * _GAP) // columns, (height - (rows - 1) * _GAP) // rows
    for i, (number, view) in enumerate(numbered):
        x, y = left + i % columns * (cell[0] + _GAP), _GAP + i // columns * (cell[1] + _GAP)
        scale = min(cell[0] / view.width, cell[1] / view.height)
        size = max(1, round(view.width * scale)), max(1, round(view.height * scale))
        sheet.paste(pixels_of(picture, view).resize(size, Image.Resampling.LANCZOS), (x, y))
        draw.rectangle((x, y, x + size[0] - 1, y + size[1] - 1), outline=_colour(number), width=3)
        _badge(draw, x + 4, y + 4, number)


def _text(draw: ImageDraw.ImageDraw, question: str, answer: str) -> None:
    whole = question.splitlines()
    short = [line for line in whole if len(line) < _SHORT]
    if len(short) > 2:  # options side by side
        whole = [line for line in whole if len(line) >= _SHORT] + ["     ".join(short)]
    lines = [part for line in whole for part in textwrap.wrap(line, _CHARS) or [""]]
    lines = lines if len(lines) <= _LINES else [*lines[: _LINES - 1], "..."]
    y = 2 * _GAP + _PICTURE[1]
    for line in lines:
        draw.text((_GAP, y), line, _INK, ImageFont.load_default(18))
        y += 22
    if answer:
        text = " ".join(answer[:400].split())
        draw.text((_GAP, HEIGHT - 30), f"Answer: {text[:_CHARS]}", (176, 60, 30), ImageFont.load_default(18))
