"""From a decoded frame to a small one, and from that to RGB.

Scaling 4:2:0 planes first and turning the small picture into RGB afterwards takes a third of the time of doing both at once, since
libswscale has fast code for either, but none for the two together. The small planes are also what is cached: half the bytes of RGB, and
the same RGB comes out of them every time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any, TypeAlias

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from mtenvs.backends.video.frames import Image, Size
from mtenvs.backends.video.index import Rotation
from mtenvs.backends.video.rotation import show

Small: TypeAlias = VideoFrame | Image
"""A picture at the size that was asked for: planes that are yet to be turned and coloured, or finished RGB."""
PLANAR = {"yuv420p", "yuvj420p"}
_BILINEAR = "BILINEAR"
_MOST_TOOLS = 8
# Frames are small, and more threads cost more than they gain; older PyAV has no choice and uses one.
_ONE_THREAD: dict[str, Any] = {"threads": 1} if "threads" in (VideoReformatter.reformat.__doc__ or "") else {}


class _Tools(threading.local):
    """libswscale contexts of a thread, by what they do; setting one up costs more than using it."""

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[str, Size], VideoReformatter] = OrderedDict()

    def get(self, task: str, size: Size) -> VideoReformatter:
        tool = self.known.pop((task, size), None) or VideoReformatter()
        self.known[task, size] = tool
        if len(self.known) > _MOST_TOOLS:
            self.known.popitem(last=False)
        return tool


_TOOLS = _Tools()


def shrink(frame: VideoFrame, size: Size, rotation: Rotation) -> VideoFrame:
    """The frame, not yet turned, so that it has exactly ``size`` once it is."""
    width, height = size if rotation.quarters % 2 == 0 else (size[1], size[0])
    if frame.format.name not in PLANAR:
        return _TOOLS.get("both", size).reformat(frame, width, height, "rgb24", interpolation=_BILINEAR, **_ONE_THREAD)
    if (frame.width, frame.height) == (width, height):
        return frame
    return _TOOLS.get("scale", size).reformat(frame, width, height, interpolation=_BILINEAR, **_ONE_THREAD)


def paint(small: Small, rotation: Rotation, out: Image) -> None:
    """Write a small picture as RGB into ``(h, w, 3)``."""
    if isinstance(small, np.ndarray):
        out[...] = small
        return
    width, height = small.width, small.height
    rgb = _TOOLS.get("color", (width, height)).reformat(small, width, height, "rgb24", interpolation=_BILINEAR, **_ONE_THREAD)
    plane = rgb.planes[0]
    pixels = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(height, plane.line_size)[:, : width * 3]
    out[...] = show(pixels.reshape(height, width, 3), rotation)


def size_of(small: Small) -> int:
    """Bytes of pixels."""
    if isinstance(small, np.ndarray):
        return small.nbytes
    return sum(plane.buffer_size for plane in small.planes)
