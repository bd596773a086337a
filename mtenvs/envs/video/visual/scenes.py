"""From a scene to its picture, and the pictures that are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from random import Random
from types import ModuleType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mtenvs.envs.video.visual import scenes_harbour, scenes_library, scenes_market, scenes_space, scenes_street
from mtenvs.envs.video.visual.brush import Sheet, draw_person, write
from mtenvs.envs.video.visual.world import CELL, Scene, scene_of

_PAINTERS: Final[dict[str, ModuleType]] = {
    "harbour": scenes_harbour,
    "market": scenes_market,
    "library": scenes_library,
    "street": scenes_street,
    "space": scenes_space,
}
_KEPT_BYTES: Final = 160_000_000  # four pictures of the largest size, or seventeen of the smallest


def paint(scene: Scene) -> Image.Image:
    """The picture of a scene, RGB, in its full size; the same scene gives the same pixels."""
    painter, s = _PAINTERS[scene.style.name], scene.size.scale
    picture = Image.new("RGB", (scene.size.width, scene.size.height))
    painter.ground(picture, scene, Random(f"ground/{scene.seed}"))
    for corner, seed in scene.decorations:
        sheet = Sheet(picture, *corner, CELL, s)
        painter.decoration(sheet, Random(seed))
        sheet.lay()
    draw = ImageDraw.Draw(picture)
    for thing in scene.things:
        sheet = Sheet(picture, *thing.corner, (CELL[0], CELL[1] + 4), s)
        painter.thing(sheet, thing)
        sheet.lay()
        write(draw, scene.box_of(thing, "name"), thing.name, scene.size.letters)
        write(draw, scene.box_of(thing, "number"), str(thing.number), scene.size.letters)
    for person in sorted(scene.people, key=lambda p: p.at[1]):
        look = (person.coat, person.scarf, person.item, person.item_colour)
        draw_person(picture, person.at, s, look, person.seed, helmet=scene.style.name == "space")
    return picture


class _Kept:
    """The pictures that were painted last, by name, up to so many bytes; shared by all environments of a process."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._pictures: OrderedDict[tuple[str, str, int], Image.Image] = OrderedDict()

    def get(self, key: tuple[str, str, int]) -> Image.Image:
        with self._lock:  # two threads never paint the same scene
            found = self._pictures.pop(key, None)
            self._pictures[key] = found if found is not None else paint(scene_of(*key))
            while len(self._pictures) > 1 and sum(p.width * p.height * 3 for p in self._pictures.values()) > self._most:
                self._pictures.popitem(last=False)
            return self._pictures[key]


_KEPT: Final = _Kept(_KEPT_BYTES)


def picture_of(style: str, size: str, seed: int) -> Image.Image:
    """The picture of `scene_of` with these arguments, painted once and kept for a while. Nobody may draw on it."""
    return _KEPT.get((style, size, seed))


def as_array(picture: Image.Image) -> NDArray[np.uint8]:
    """The pixels, (height, width, 3) uint8, of one's own."""
    return np.array(picture, dtype=np.uint8)
