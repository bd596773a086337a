"""How the light of a scene colours its sky, its scenery and who is in it; and the hand of a film, laid over all scenery."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageFilter

from mtenvs.envs.video.own.geometry import HEIGHT
from mtenvs.envs.video.own.ink import RGB

Pixels = npt.NDArray[np.floating[Any]]


_RIM: Final = [round(v * 0.55) for v in range(256)]
PALE: Final[RGB] = (226, 224, 232)


@dataclass(frozen=True, slots=True)
class Light:
    """The light of one scene.

    Args:
        sky: colours from the top to the horizon.
        cloud: colour of the clouds.
        gain: by which red, green and blue of the scenery are multiplied.
        haze: colour in which far things end.
        near, far: share of the haze on near and on far scenery.
        lit: whether windows and lamps shine.
        sun: colour of sun or moon, or None.
    """

    sky: tuple[RGB, RGB, RGB]
    cloud: RGB
    gain: tuple[float, float, float]
    haze: RGB
    near: float
    far: float
    lit: bool = False
    sun: RGB | None = None


LIGHT: Final[dict[str, Light]] = {
    "day": Light(
        ((104, 170, 218), (178, 216, 232), (238, 240, 224)), (252, 250, 244), (1, 1, 1), (206, 226, 232), 0, 0.3, sun=(255, 246, 206)
    ),
    "golden": Light(
        ((116, 150, 190), (244, 206, 156), (252, 226, 170)),
        (255, 232, 200),
        (1.04, 0.94, 0.8),
        (250, 206, 146),
        0.08,
        0.4,
        sun=(255, 232, 170),
    ),
    "dusk": Light(
        ((74, 80, 122), (186, 132, 118), (246, 182, 136)),
        (228, 174, 146),
        (0.74, 0.66, 0.8),
        (146, 104, 118),
        0.12,
        0.4,
        lit=True,
        sun=(255, 206, 160),
    ),
    "night": Light(
        ((16, 22, 52), (32, 46, 88), (66, 84, 122)),
        (58, 70, 108),
        (0.42, 0.46, 0.64),
        (34, 44, 84),
        0.15,
        0.4,
        lit=True,
        sun=(240, 238, 220),
    ),
    "mist": Light(((196, 204, 206), (214, 218, 214), (230, 230, 222)), (222, 226, 224), (0.95, 0.96, 0.97), (222, 226, 222), 0.24, 0.72),
    "rain": Light(
        ((108, 120, 134), (142, 154, 164), (178, 188, 190)), (150, 160, 168), (0.76, 0.8, 0.86), (150, 162, 172), 0.1, 0.5, lit=True
    ),
}


_TONE: Final = {"gouache": (1.0, 1.02, 0.0), "print": (1.12, 1.0, 0.0), "pastel": (0.88, 0.94, 15.0)}
"""For each style: strength of its colours, gain, and what is added."""


def grade(picture: Image.Image, light: str, *, far: bool) -> Image.Image:
    """Scenery as it looks in that light, RGB."""
    of = LIGHT[light]
    share = of.far if far else of.near
    bands = picture.convert("RGB").split()
    return Image.merge("RGB", [b.point(_table(g * (1 - share), h * share)) for b, g, h in zip(bands, of.gain, of.haze, strict=True)])


@lru_cache(maxsize=512)
def actor_gain(light: str) -> tuple[float, ...]:
    """By which the colours of those who act are multiplied: a quarter of what the scenery gets, so that red stays red."""
    return tuple(0.75 + 0.25 * min(1.0, g) for g in LIGHT[light].gain)


def grade_actor(picture: Image.Image, light: str) -> Image.Image:
    """A sprite in that light."""
    gain = actor_gain(light)
    if min(gain) == 1:
        return picture
    bands = picture.split()
    return Image.merge("RGBA", [*(b.point(_table(g)) for b, g in zip(bands[:3], gain, strict=True)), bands[3]])


def rim(picture: Image.Image, light: str) -> Image.Image | None:
    """A mask, a pixel larger on all sides than a sprite, for the pale light around who acts in the dark; None by day."""
    if light not in {"night", "dusk"}:
        return None
    wide = Image.new("L", (picture.width + 2, picture.height + 2))
    wide.paste(picture.getchannel("A"), (1, 1))
    return wide.filter(ImageFilter.MaxFilter(3)).point(_RIM)


@lru_cache(maxsize=256)
def _table(gain: float, more: float = 0.0) -> list[int]:
    return [min(255, round(v * gain + more)) for v in range(256)]


def finish(picture: Image.Image, style: str) -> Image.Image:
    """Scenery by the hand of a style, RGB: print has stronger colours, pastel paler ones, and each its own paper."""
    strength, gain, more = _TONE[style]
    own, other = gain * (strength + (1 - strength) / 3), gain * (1 - strength) / 3
    rows = [own if i == j else other if j < 3 else more for i in range(3) for j in range(4)]
    return ImageChops.multiply(picture.convert("RGB", tuple(rows)), texture(style, picture.width))


@lru_cache(maxsize=4)
def texture(style: str, width: int) -> Image.Image:
    """The paper of a style, by which scenery is multiplied: RGB of 360 by that width, nearly white."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[0:HEIGHT, 0:width].astype(np.float32)
    coarse = _noise(rng, width, 24) * 0.4 + _noise(rng, width, 60) * 0.6
    if style == "print":  # dots of a printed page
        shade = 0.04 * (np.cos((x + y) * np.pi / 3) * np.cos((x - y) * np.pi / 3) > 0.25)
    elif style == "pastel":  # strokes of chalk, slanting
        shade = 0.05 - 0.011 * np.sin((x * 0.5 + y) * 0.7 + coarse * 5) - 0.04 * coarse
    else:
        shade = 0.06 - 0.06 * coarse - 0.015 * _noise(rng, width, 3)
    paper = Image.fromarray(np.clip(255 * (1 - shade), 0, 255).astype(np.uint8))
    return Image.merge("RGB", [paper] * 3)


def _noise(rng: np.random.Generator, width: int, cell: int) -> Pixels:
    """Soft noise from -1 to 1."""
    small = rng.uniform(0, 255, (HEIGHT // cell + 2, width // cell + 2)).astype(np.uint8)
    big = Image.fromarray(small).resize((width, HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(big, np.float32) / 127.5 - 1
