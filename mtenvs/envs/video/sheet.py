"""Contact sheets: the question, the frames that were asked for, what was said, and where in the video they lie."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

_WIDTH: Final = 960
_FEW, _MANY = 4, 8  # columns, of up to 12 pictures and of more
_GAP: Final = 10
_INK, _FAINT, _PAPER, _ACCENT = (32, 34, 38), (120, 124, 130), (250, 249, 246), (214, 92, 54)
_LINE: Final = 20
_CHARS: Final = 112  # of a line of the default font at 16 px over the sheet's width
_MOST_LINES: Final = 9


def contact_sheet(
    images: Sequence[NDArray[np.uint8]],
    labels: Sequence[str],
    *,
    title: str,
    footer: str = "",
    marks: Sequence[float] = (),
    height: int | None = None,
) -> NDArray[np.uint8]:
    """A sheet that a person can read, always of the same width.

    Args:
        images: uint8 ``(h, w, 3)`` each.
        labels: one for each image.
        title: stands above; the question.
        footer: stands below; the answer, or what the turn said.
        marks: positions 0..1 in the video of all frames shown so far, drawn on a bar.
        height: of the sheet, so that several make a film; None for what it takes.

    Returns:
        uint8 ``(H, 960, 3)``.
    """
    columns = _FEW if len(images) <= _FEW * 3 else _MANY
    head, foot = _wrapped(title), _wrapped(footer)
    cell = (_WIDTH - _GAP * (columns + 1)) // columns
    tall = max((round(cell * image.shape[0] / image.shape[1]) for image in images), default=0)
    rows = -(-len(images) // columns)
    bar_y = _GAP + len(head) * _LINE + _GAP
    grid_y = bar_y + 3 * _GAP
    foot_y = grid_y + rows * (tall + _LINE + _GAP)
    sheet = Image.new("RGB", (_WIDTH, height or foot_y + len(foot) * _LINE + _GAP), _PAPER)
    draw = ImageDraw.Draw(sheet)
    text, small = ImageFont.load_default(16), ImageFont.load_default(13)
    for i, line in enumerate(head):
        draw.text((_GAP, _GAP + i * _LINE), line, _INK, text)
    draw.rectangle((_GAP, bar_y, _WIDTH - _GAP, bar_y + 6), fill=(222, 220, 214))
    for mark in marks:
        x = _GAP + mark * (_WIDTH - 2 * _GAP)
        draw.rectangle((x - 1, bar_y - 4, x + 1, bar_y + 10), fill=_ACCENT)
    for i, (image, label) in enumerate(zip(images, labels, strict=True)):
        x, y = _GAP + i % columns * (cell + _GAP), grid_y + i // columns * (tall + _LINE + _GAP)
        high = round(cell * image.shape[0] / image.shape[1])
        sheet.paste(Image.fromarray(image).resize((cell, high), Image.Resampling.LANCZOS), (x, y))
        draw.text((x, y + tall + 2), label, _FAINT, small)
    for i, line in enumerate(foot):
        draw.text((_GAP, foot_y + i * _LINE), line, _INK, text)
    return np.asarray(sheet)


def _wrapped(text: str) -> list[str]:
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, _CHARS) or [""]]
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"]
