"""Which part of a picture a zoom shows, and how large; all parts are cut from the picture in its full size.

Mini-o3's rules: a box is relative to the picture that it is taken from, cut down to whole pixels of that picture, and kept inside
it; the crop is enlarged four times, but not beyond the size of the first picture, to sides of at least 28 pixels. A picture has at least
40,000 pixels and at most ``max_pixels``, where the frame of the observation leaves room for that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.actions import shorten
from mtenvs.core.errors import BadAction

MAX_PIXELS: Final = 2_000_000
MIN_PIXELS: Final = 40_000
_ENLARGED: Final = 4
_SHORTEST: Final = 28  # pixels of a side
_SLIMMEST: Final = 200  # aspect ratio
_GAP: Final = 1.5  # what shrinks by twice this or more is first halved by a mean, which costs less than half and looks the same
_SOURCE: Final = re.compile(r"observation_([0-9]{1,6})")
Region = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The limits of what is shown.

    Args:
        width: pixels of the observation.
        height: pixels of the observation.
        max_pixels: of one picture.
    """

    width: int
    height: int
    max_pixels: int = MAX_PIXELS

    def fit(self, width: float, height: float) -> tuple[int, int]:
        """The size at which a picture of this size is shown: within the frame and the limits of pixels, its aspect kept."""
        scale = min(1.0, math.sqrt(self.max_pixels / (width * height)))
        scale = max(scale, math.sqrt(MIN_PIXELS / (width * height)))
        scale = min(scale, self.width / width, self.height / height)
        return max(1, math.floor(width * scale + 1e-9)), max(1, math.floor(height * scale + 1e-9))


@dataclass(frozen=True, slots=True)
class View:
    """A picture that was shown.

    Args:
        source: the number of the picture that it was cut from; -1 for the first.
        region: x0, y0, x1, y1 in pixels of the whole picture in its full size.
        width: pixels, as shown.
        height: pixels, as shown.
    """

    source: int
    region: Region
    width: int
    height: int

    @property
    def sharpness(self) -> float:
        """Pixels shown for one pixel of the whole picture, along a side."""
        return self.width / (self.region[2] - self.region[0])

    def holds(self, box: Sequence[float]) -> bool:
        """Whether a box in pixels of the whole picture is inside."""
        x0, y0, x1, y1 = self.region
        return x0 <= box[0] and y0 <= box[1] and box[2] <= x1 and box[3] <= y1

    def relative(self, box: Sequence[float]) -> list[float]:
        """A box in pixels of the whole picture, relative to this view and kept inside it."""
        x0, y0, x1, y1 = self.region
        sides = (x0, x1 - x0), (y0, y1 - y0)
        return [min(1.0, max(0.0, round((box[i] - sides[i % 2][0]) / sides[i % 2][1], 4))) for i in range(4)]


def first_view(size: tuple[int, int], frame: Frame) -> View:
    """The whole picture, as it is shown first."""
    return View(-1, (0.0, 0.0, float(size[0]), float(size[1])), *frame.fit(*size))


def source_number(source: str, known: int) -> int:
    """The number of the picture that a source means: 0 for ``original_image`` and ``observation_0``, then the crops.

    Raises:
        BadAction: there is no such picture.
    """
    match = _SOURCE.fullmatch(source)
    number = 0 if source == "original_image" else int(match[1]) if match is not None else known
    if number >= known:
        last = f" or observation_1 to observation_{known - 1}" if known > 2 else " or observation_1" if known == 2 else ""
        raise BadAction(f"there is no source {shorten(source)}", kind="arguments", legal=f'source is "original_image"{last}')
    return number


def zoomed(views: Sequence[View], number: int, box: Sequence[float], size: tuple[int, int], frame: Frame) -> View:
    """The view that a box opens.

    Args:
        views: those shown so far; the first is the whole picture.
        number: of the view that the box is relative to.
        box: x0, y0, x1, y1, each in 0..1.
        size: of the whole picture, in pixels.
        frame: limits.

    Raises:
        BadAction: the box is empty, too slim, or not four numbers.
    """
    if len(box) != 4:
        raise BadAction(f"bbox_2d has {len(box)} numbers", kind="arguments", legal="bbox_2d is [x0, y0, x1, y1], each from 0 to 1")
    if not all(math.isfinite(v) and abs(v) <= 1e9 for v in box):
        raise BadAction("bbox_2d has a number far outside the picture", kind="arguments", legal="each number is from 0 to 1")
    source = views[number]
    w, h = size if number == 0 else (source.width, source.height)
    x0, y0, x1, y1 = max(int(box[0] * w), 0), max(int(box[1] * h), 0), min(int(box[2] * w), w - 1), min(int(box[3] * h), h - 1)
    across, down = x1 - x0, y1 - y0
    if across < 1 or down < 1:
        raise BadAction(
            f"the box {shorten(list(box))} is empty: it would be {across} x {down} pixels",
            legal="x0 < x1 and y0 < y1, each from 0 to 1 of the source's width and height",
        )
    if max(across / down, down / across) >= _SLIMMEST:
        raise BadAction(f"the box is too slim: {across} x {down} pixels", legal=f"one side may be less than {_SLIMMEST} times the other")
    left, top, right, bottom = source.region
    k, m = (right - left) / w, (bottom - top) / h  # pixels of the whole picture for one of the source
    region = (left + x0 * k, top + y0 * m, left + x1 * k, top + y1 * m)
    if region[2] - region[0] < 1 or region[3] - region[1] < 1:
        raise BadAction("the box is smaller than a pixel of the picture: there is nothing more to see", legal="take a larger box")
    scale = min(_ENLARGED, views[0].width / across, views[0].height / down)
    shown = max(_SHORTEST, int(across * scale)), max(_SHORTEST, int(down * scale))
    return View(number, region, *frame.fit(*shown))


def pixels_of(picture: Image.Image, view: View) -> Image.Image:
    """What a view shows, cut from the whole picture and resampled once."""
    x0, y0, x1, y1 = view.region
    left, top = math.floor(x0), math.floor(y0)
    outline = left, top, math.ceil(x1), math.ceil(y1)
    part = picture.crop(outline) if outline != (0, 0, *picture.size) else picture  # so that nothing outside shines in at the edges
    box = (x0 - left, y0 - top, min(x1 - left, part.width), min(y1 - top, part.height))
    return part.resize((view.width, view.height), Image.Resampling.LANCZOS, box=box, reducing_gap=_GAP)


def framed(picture: Image.Image, frame: Frame) -> NDArray[np.uint8]:
    """A picture at the top left of a black frame, (height, width, 3) uint8."""
    out = np.zeros((frame.height, frame.width, 3), np.uint8)
    out[: picture.height, : picture.width] = np.asarray(picture)
    return out
