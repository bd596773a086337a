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
        return Image.new("RGB", (size, size), (232, 234, 238))
    try:
        shape, color, pattern, *brand, variant = name.split("-")
        sketch = Sketch(size, color, pattern, int(variant))
        _DRAWINGS[shape](sketch, _brands()["-".join(brand)])
    except (KeyError, ValueError) as e:
        raise ValueError(f"no picture is called {name!r}") from e
    return sketch.finished()


@cache
def version() -> str:
    """Of the drawings: a digest of what makes them, so that no stale picture is taken from the cache."""
    digest = hashlib.blake2b(digest_size=4)
    for file in sorted((importlib.resources.files(__name__)).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()
