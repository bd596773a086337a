"""From PNG bytes to pixels, by the quickest decoder that is installed."""

from __future__ import annotations

import io
from importlib import import_module
from types import ModuleType

import numpy as np
import numpy.typing as npt
from PIL import Image


def _opencv() -> ModuleType | None:
    try:
        return import_module("cv2")
    except ImportError:  # it is optional, and only quicker
        return None


cv2 = _opencv()


def decode_png(data: bytes) -> npt.NDArray[np.uint8]:
    """uint8 (H, W, 3), RGB, of a PNG file."""
    if cv2 is not None:
        bgr = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8).copy()
