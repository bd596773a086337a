"""Pictures of the goods: their kind, colour, pattern and printed brand can be told by looking."""

from __future__ import annotations

import hashlib
import importlib.resources
from functools import cache

from PIL import Image

from mtenvs.sites.shop.drawing import home, life, tech
from mtenvs.sites.shop.drawing.sketch import Sketch
from mtenvs.sites.shop.seed.kinds import slug
from mtenvs.sites.shop.seed.products import KINDS

__all__ = ["draw", "version"]
_DRAWINGS = {**tech.DRAWINGS, **home.DRAWINGS, **life.DRAWINGS}


@cache
def _brands() -> dict[str, str]:
    return {slug(brand): brand for kind in KINDS for brand in kind.brands.split()}


def draw(name: str, size: int) -> Image.Image:
    """The picture of this name, a pure function of it.

    Args:
        name: ``"chair-red-plain-oakmere-7"``: drawing, colour, pattern, brand, variant.
        size: of the square, in pixels.

    Raises:
        ValueError: no picture has this name.
    """
    if name == "placeholder":
        return _nothing(size)
    try:
        shape, color, pattern, *brand, variant = name.split("-")
        sketch = Sketch(size, color, pattern, int(variant))
        _DRAWINGS[shape](sketch, _brands()["-".join(brand)])
    except (KeyError, ValueError) as e:
        raise ValueError(f"no picture is called {name!r}") from e
    return sketch.finished()


def _nothing(size: int) -> Image.Image:
    """What is shown of a product of which there is no picture: a frame around hills, and the words."""
    sketch = Sketch(size, "grey", "plain", 0)
    sketch.box(24, 24, 76, 66, "w", 3)
    sketch.oval(33, 31, 42, 40, "y")
    sketch.poly([(28, 62), (45, 43), (55, 54), (62, 47), (72, 62)], "m")
    sketch.label("No picture yet", 50, 78, 58, plate=False)
    return sketch.finished()


@cache
def version() -> str:
    """Of the drawings: a digest of what makes them, so that no stale picture is taken from the cache."""
    digest = hashlib.blake2b(digest_size=4)
    for file in sorted((importlib.resources.files(__name__)).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
