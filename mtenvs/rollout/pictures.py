"""Episodes as moving pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mtenvs.core.errors import UnknownOption


def save_gif(frames: Sequence[NDArray[np.uint8]], path: str | Path, *, fps: float = 8, hold_s: float = 1.5) -> None:
    """Write an endless GIF.

    Args:
        frames: uint8 ``(H, W, 3)`` each, all of one size.
        path: the folder is made when it is not there.
        fps: frames a second; GIF players show at most 50.
        hold_s: how long the last frame stays.

    Raises:
        UnknownOption: there are no frames.
    """
    if not frames:
        raise UnknownOption("a GIF needs at least one frame")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # One palette for all frames, taken from a few of them: no flicker, and several times faster than one for each.
    sample = np.concatenate([frames[i] for i in np.linspace(0, len(frames) - 1, min(16, len(frames))).astype(int)], axis=0)
    palette = Image.fromarray(sample).quantize(256, method=Image.Quantize.FASTOCTREE)
    images = [Image.fromarray(f).quantize(palette=palette, dither=Image.Dither.NONE) for f in frames]
    durations = [max(20, round(1000 / fps))] * (len(images) - 1) + [round(1000 * hold_s)]
    images[0].save(target, save_all=True, append_images=images[1:], duration=durations, loop=0, optimize=False)
