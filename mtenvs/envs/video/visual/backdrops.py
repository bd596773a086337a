"""What stands behind several scenes: sky, clouds and hills."""

from __future__ import annotations

from random import Random
from typing import Final

from PIL import Image, ImageDraw

from mtenvs.envs.video.visual.brush import shade
from mtenvs.envs.video.visual.styles import Rgb

BACKDROP: Final = 220  # units from the top of the picture to the first row, for what stands behind


def sky(picture: Image.Image, height: int, above: Rgb, below: Rgb) -> None:
    """A sky that changes from one colour to another."""
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), above)
    strip.putpixel((0, 1), below)
    picture.paste(strip.resize((1, max(2, height)), Image.Resampling.BILINEAR).resize((picture.width, max(2, height))), (0, 0))


def hills(draw: ImageDraw.ImageDraw, width: int, base: int, rng: Random, colour: Rgb) -> None:
    """Two chains of hills."""
    for layer in (1.25, 1.0):
        x = -0.1 * width
        while x < width:
            w, h = rng.uniform(0.15, 0.4) * width, rng.uniform(0.25, 0.5) * base * (layer if layer > 1 else 0.8)
            draw.ellipse((x, base - h, x + w, base + h), fill=shade(colour, layer))
            x += w * 0.5


def clouds(draw: ImageDraw.ImageDraw, width: int, base: int, rng: Random) -> None:
    """White clouds above a horizon at ``base``."""
    t = base / BACKDROP
    for _ in range(int(width / (190 * t))):
        x, y, w = rng.uniform(0, width), rng.uniform(0.08, 0.4) * base, rng.uniform(50, 110) * t
        for dx, r in ((0, 0.22), (0.3, 0.3), (0.62, 0.24)):
            draw.ellipse((x + dx * w, y - r * w, x + (dx + 0.4) * w, y + r * w * 0.5), fill=(255, 255, 255))
