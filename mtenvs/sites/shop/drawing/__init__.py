"""Pictures of the goods: their kind, colour, pattern and printed brand can be told by looking."""

from __future__ import annotations

from functools import cache

from PIL import Image

from mtenvs.sites.shop.drawing import home, life, tech
from mtenvs.sites.shop.drawing.sketch import Sketch
from mtenvs.sites.shop.seed.kinds import slug
from mtenvs.sites.shop.seed.products import KINDS

__all__ = ["draw"]
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
    try:
        shape, color, pattern, *brand, variant = name.split("-")
        sketch = Sketch(size, color, pattern, int(variant))
        _DRAWINGS[shape](sketch, _brands()["-".join(brand)])
    except (KeyError, ValueError) as e:
        raise ValueError(f"no picture is called {name!r}") from e
    return sketch.finished()
