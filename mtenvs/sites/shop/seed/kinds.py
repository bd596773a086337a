"""`Kind`: what all products of one leaf of the category tree have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

COLORS: Final = ("Black", "White", "Grey", "Red", "Blue", "Green", "Yellow", "Orange", "Purple", "Pink", "Brown", "Beige", "Navy", "Teal")
PATTERNS: Final = ("plain", "striped", "dotted", "checked")
BOLD: Final = "Black White Red Blue Green Yellow"
SOFT: Final = "White Grey Beige Pink Teal Navy Blue"
WOOD: Final = "Brown Beige White Black Grey"
ALL: Final = " ".join(COLORS)
SIZES: Final = "XS|S|M|L|XL"
SHOE_SIZES: Final = "6|7|8|9|10|11"
LABELS: Final = {"color": "Color", "size": "Size", "capacity": "Capacity", "pack": "Pack Size"}


@dataclass(frozen=True)
class Kind:
    """One leaf of the category tree.

    Args:
        path: names of its categories, apart by slashes.
        noun: what one such product is called.
        shape: name of the drawing, see `mtenvs.sites.shop.drawing`.
        price: lowest and highest in dollars.
        weight: of one, in grams.
        brands: who makes it, by words.
        words: what may stand before the noun, apart by ``|``.
        colors: by words.
        options: what variants differ in: ``"size=S|M|L color"``; "color" alone takes some of ``colors``.
        specs: ``"Label=a|b|c"`` or ``"Label=low..high/step unit"`` each.
        themes: what reviews are about, by words.
        features: sentences of descriptions.
        patterns: whether some are striped, dotted or checked.
        per_name: label of the spec that stands in the name as well, or "".
    """

    path: str
    noun: str
    shape: str
    price: tuple[int, int]
    weight: int
    brands: str
    words: str
    colors: str
    options: str
    specs: tuple[str, ...]
    themes: str
    features: tuple[str, ...]
    patterns: bool = False
    per_name: str = ""

    @property
    def leaf(self) -> str:
        """Name of its category."""
        return self.path.rpartition("/")[2]


def slug(text: str) -> str:
    """A text as it stands in addresses."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("&", "and").replace("'", "")).strip("-")


def code(label: str) -> str:
    """The attribute code of a label."""
    return slug(label).replace("-", "_")
