"""Set-of-marks: what can be used is framed and numbered in the screenshot, and listed in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mtenvs.backends.chromium import Node
from mtenvs.envs.web.outline_text import numbered

_COLOURS: Final = ("#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#e377c2", "#8c564b")
_LARGEST: Final = 0.8  # of the viewport; larger frames say nothing
_LABELLED: Final = 8  # pixels; smaller boxes have a number and no label


def marked(image: NDArray[np.uint8], nodes: Sequence[Node]) -> tuple[NDArray[np.uint8], list[str], dict[int, int]]:
    """The screenshot with numbered frames, a line for each of them and for running text, and mark -> the browser's number.

    Args:
        image: the screenshot, uint8 ``(H, W, 3)``.
        nodes: the page's outline at the same moment.
    """
    height, width = image.shape[:2]
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    lines: list[str] = []
    ids: dict[int, int] = {}
    for node in nodes:
        if not node.in_viewport:
            continue
        if not numbered(node):
            if node.name and node.role in {"text", "heading", "paragraph"}:
                lines.append(f"[] [StaticText] [{node.name[:200]}]")
            continue
        if node.rect.w * node.rect.h > _LARGEST * width * height:
            continue
        mark = len(ids) + 1
        ids[mark] = node.ref
        lines.append(f"[{mark}] [{node.role.upper()}] [{node.name[:200]}]")
        _frame(draw, node, mark)
    return np.asarray(picture), lines, ids


def _frame(draw: ImageDraw.ImageDraw, node: Node, mark: int) -> None:
    colour = _COLOURS[mark % len(_COLOURS)]
    x, y, w, h = node.rect
    draw.rectangle((x, y, x + max(w, 1), y + max(h, 1)), outline=colour, width=2)
    if min(w, h) < _LABELLED:
        return
    left, top, right, bottom = draw.textbbox((0, 0), str(mark), font=_font())
    wide, tall = int(right - left) + 6, int(bottom - top) + 6
    at_x, at_y = max(0, x), max(0, y - tall) if y >= tall else y
    draw.rectangle((at_x, at_y, at_x + wide, at_y + tall), fill=colour)
    draw.text((at_x + 3 - left, at_y + 3 - top), str(mark), fill="white", font=_font())


@cache
def _font() -> Any:
    return ImageFont.load_default(14)
