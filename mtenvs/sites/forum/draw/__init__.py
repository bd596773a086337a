"""Pictures of the seed, drawn from what their scene says: whoever looks can tell what is on them, and the data knows it, too."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final

from PIL import Image

from mtenvs.sites.forum.draw import animals, food, outdoors, things, words
from mtenvs.sites.forum.draw.brush import Canvas

VERSION: Final = "1"
KINDS: Final[Mapping[str, Callable[[Canvas, Mapping[str, str]], None]]] = {
    "animal": animals.animal,
    "meme": animals.meme,
    "pizza": food.pizza,
    "cake": food.cake,
    "burger": food.burger,
    "icecream": food.icecream,
    "bento": food.bento,
    "landscape": outdoors.landscape,
    "planet": outdoors.planet,
    "rocket": outdoors.rocket,
    "balloon": outdoors.balloon,
    "fireworks": outdoors.fireworks,
    "plant": things.plant,
    "shelf": things.shelf,
    "mug": things.mug,
    "headphones": things.headphones,
    "console": things.console,
    "keyboard": things.keyboard,
    "books": things.books,
    "clock": things.clock,
    "bicycle": things.bicycle,
    "sign": words.sign,
    "chart": words.chart,
    "scoreboard": words.scoreboard,
    "shapes": words.shapes,
    "pixels": words.pixels,
}


def scene(what: Mapping[str, str], name: str) -> Image.Image:
    """The picture of a scene, the same for the same name.

    Args:
        what: ``kind``, a key of `KINDS`, and what that kind asks for.
        name: what the chance in it comes from.
    """
    canvas = Canvas(random.Random(name))
    KINDS[what["kind"]](canvas, what)
    return canvas.picture()
