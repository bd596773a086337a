"""Text in pictures, read by the models that come inside the package rapidocr-onnxruntime: no download, no GPU."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import threading
from collections import OrderedDict
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.errors import MissingRequirement, UnknownOption

_SHORT_SIDE: Final = 252  # a picture with a shorter side is enlarged to it; more makes reading slower and no better (measured at 12-24 px)
_MOST_ENLARGED: Final = 4.0
_LONG_SIDE: Final = 1920  # a picture with a longer side is made smaller: what it costs grows with its area
_LEAST_SIDE: Final = 32  # a picture with a shorter side, enlarged, gets a margin: the models fail below
_KEPT: Final = 1024  # pictures whose text is remembered
_LEAST_SCORE: Final = 0.5
_SAME_LINE: Final = 0.5  # share of the lower box's height by which two boxes overlap when they are on one line
_WORD_GAP: Final = 1.0  # widest gap inside one line, in heights of the line
_ZERO_IN_WORD: Final = re.compile(r"(?<=[A-Za-z])0+(?=[A-Za-z])")
_LIBRARIES: Final = "sudo apt-get install -y libgl1 libglib2.0-0"
_PACKAGE: Final = 'pip install "mtenvs[ocr]"'


class TextBox(NamedTuple):
    """One line of text in a picture.

    Attributes:
        text: as read; zeros between letters are written as the letter O, which the model mixes up. It also loses some spaces.
        score: 0.5 to 1, how sure the model is.
        box: ``(x0, y0, x1, y1)`` in 0..1 of the picture.
    """

    text: str
    score: float
    box: tuple[float, float, float, float]


class _Reader:
    """One engine a process, made at the first use: its models take 16 MB and half a second. Any thread may use it."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: a lock or an engine of the parent is of no use after a fork."""
        self._lock = threading.Lock()
        self._engine: Any = None
        self._known: OrderedDict[bytes, tuple[TextBox, ...]] = OrderedDict()

    def read(self, image: NDArray[np.uint8]) -> tuple[TextBox, ...]:
        """See `read_text`."""
        key = hashlib.blake2b(repr(image.shape).encode() + image.tobytes(), digest_size=16).digest()
        with self._lock:  # the engine keeps what it is at in itself, so one picture at a time
            if key not in self._known:
                if self._engine is None:
                    self._engine = _engine()
                self._known[key] = _joined(_read(self._engine, image))
                if len(self._known) > _KEPT:
                    self._known.popitem(last=False)
            self._known.move_to_end(key)
            return self._known[key]


_reader: Final = _Reader()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reader.forget)


def read_text(image: NDArray[np.uint8]) -> list[TextBox]:
    """Read the lines of text in a picture, from top to bottom. The same picture is read once.

    Args:
        image: uint8 ``(h, w, 3)``, RGB. Small pictures, such as crops, are enlarged before they are read; those with a side above
            1920 are made smaller, so read a large scene in parts.

    Raises:
        MissingRequirement: the package, or a library of the system that it needs, is not installed.
        UnknownOption: the picture has another shape or type.
    """
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
        raise UnknownOption(f"image={getattr(image, 'shape', image)!r} {getattr(image, 'dtype', '')} is an array of uint8 (h, w, 3)")
    return list(_reader.read(image)) if min(image.shape[:2]) >= 2 else []


def requirement(error: ImportError) -> MissingRequirement:
    """What to install after an import of the package, or of its OpenCV, that failed."""
    if isinstance(error, ModuleNotFoundError):
        old = "" if sys.version_info < (3, 13) else "  # in an environment of Python 3.12 or older: there is no release for newer ones"
        return MissingRequirement("video", error.name or "rapidocr-onnxruntime", _PACKAGE + old)
    return MissingRequirement("video", str(error).partition(":")[0] or "libGL", _LIBRARIES)  # a shared library of the system


def _engine() -> Any:
    try:
        from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415 - heavy, and an extra
    except ImportError as e:
        raise requirement(e) from e
    # One thread: environments run side by side, and an engine without a pool of threads also survives a fork of its process.
    engine = RapidOCR(det_limit_side_len=32, det_limit_type="min", use_cls=False, intra_op_num_threads=1, inter_op_num_threads=1)
    engine.text_det.limit_side_len = 32  # it would enlarge every picture to 736, whatever the keyword says in some releases
    return engine


def _read(engine: Any, image: NDArray[np.uint8]) -> list[TextBox]:
    height, width = image.shape[:2]
    scale = min(_MOST_ENLARGED, max(1.0, _SHORT_SIDE / min(height, width)), _LONG_SIDE / max(height, width))
    if scale != 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = np.asarray(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC))
    whole = np.array([image.shape[1], image.shape[0]], float)
    short = [max(0, _LEAST_SIDE - n) for n in image.shape[:2]]
    if any(short):
        image = np.pad(image, ((0, short[0]), (0, short[1]), (0, 0)), mode="edge")
    found, _ = engine(np.ascontiguousarray(image[:, :, ::-1]))  # it takes BGR
    boxes = []
    for corners, text, score in found or ():
        points = np.asarray(corners, float) / whole
        (x0, y0), (x1, y1) = points.min(0).clip(0, 1), points.max(0).clip(0, 1)
        clean = _ZERO_IN_WORD.sub(lambda m: "O" * len(m[0]), " ".join(str(text).split()))
        if clean and float(score) >= _LEAST_SCORE:
            boxes.append(TextBox(clean, float(score), (float(x0), float(y0), float(x1), float(y1))))
    return boxes


def _joined(boxes: list[TextBox]) -> tuple[TextBox, ...]:
    """Boxes with the words of one line as one box, in the order of reading."""
    lines: list[TextBox] = []
    for box in sorted(boxes, key=lambda b: b.box[0]):
        i = next((i for i, line in enumerate(lines) if _goes_on(line.box, box.box)), None)
        if i is None:
            lines.append(box)
            continue
        a, b = lines[i], box
        around = (a.box[0], min(a.box[1], b.box[1]), max(a.box[2], b.box[2]), max(a.box[3], b.box[3]))
        lines[i] = TextBox(f"{a.text} {b.text}", min(a.score, b.score), around)
    return tuple(sorted(lines, key=lambda b: (b.box[1], b.box[0])))


def _goes_on(line: tuple[float, float, float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a box is the next words of a line. Widths and heights are shares of the picture, so a gap is taken for 16:9."""
    low, high = sorted((line[3] - line[1], box[3] - box[1]))
    overlap = min(line[3], box[3]) - max(line[1], box[1])
    gap = (box[0] - line[2]) * 16 / 9
    return overlap > _SAME_LINE * low and high < 1.7 * low and -_WORD_GAP * low < gap < _WORD_GAP * low
