"""How a stored picture is turned and mirrored before it is shown (the display matrix of a file)."""

from __future__ import annotations

import math

import numpy as np
from av.video.frame import VideoFrame

from mtenvs.backends.video.frames import Image
from mtenvs.backends.video.index import Rotation


def rotation_of(frame: VideoFrame) -> Rotation:
    """Read a frame's display matrix: nine integers, of which the 2 x 2 part (16.16 fixed point) turns and mirrors."""
    matrix = frame.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return Rotation()
    # a point (x, y), y downwards, goes to (a x + c y, b x + d y)
    a, b, _, c, d = np.frombuffer(bytes(matrix), dtype="=i4")[:5].astype(float)  # type: ignore[call-overload]  # a buffer
    mirrored = bool(a * d - b * c < 0)
    clockwise = math.atan2(b, -a if mirrored else a)
    return Rotation(round(math.degrees(clockwise) / 90) % 4, mirrored)


def show(image: Image, rotation: Rotation) -> Image:
    """The picture as a viewer sees it."""
    if rotation.quarters:
        image = np.rot90(image, -rotation.quarters)
    if rotation.mirrored:
        image = image[:, ::-1]
    return image
