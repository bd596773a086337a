"""The map as a picture: lands with soft borders and a little growth, icons, level marks, names of lands and places."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mtenvs.envs.rpg.icons import ELEMENT_RGB, PLAIN, Rgb, beast_shape, hue_of, icon
from mtenvs.envs.rpg.map_ground import MapGeometry, draw_ground, draw_growth
from mtenvs.envs.rpg.records import ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.records import Monster, Position, Tile

    Picture = npt.NDArray[np.uint8]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_LABEL_INK: Final[Rgb] = (255, 252, 240)
_HALO: Final[Rgb] = (34, 30, 30)
_PLATE: Final[Rgb] = (250, 244, 226)
_PLATE_EDGE: Final[Rgb] = (150, 128, 98)
_LEAST_LAND: Final = 8  # tiles that a land needs to have its name written on it
_ICON_SHARE: Final = 0.86  # of the tile's side


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that comes inside Pillow, at that size in pixels."""
    return ImageFont.load_default(size=size)


def content_icon(data: WorldData, tile: Tile, size: int) -> Image.Image | None:
    """The icon of what is on a tile, None for nothing."""
    if tile.content is None:
        return None
    kind, code = tile.content
    if kind == "monster":
        monster = data.monsters[code]
        return icon(beast_shape(monster.name), size, element_rgb(monster))
    if kind == "resource":
        name = {"woodcutting": "tree", "mining": "ore", "fishing": "fish"}[data.resources[code].skill]
        return icon(name, size, hue_of(code))
    return icon(code if kind == "workshop" else kind, size)


def element_rgb(monster: Monster) -> Rgb:
    """The colour of the element that a monster hits hardest with; plain when it uses all alike."""
    hardest = max(monster.attack)
    if hardest <= 0 or min(monster.attack) == hardest:
        return PLAIN
    return ELEMENT_RGB[ELEMENTS[monster.attack.index(hardest)]]


def draw_map(
    data: WorldData, geometry: MapGeometry, *, target: str = "", named: Iterable[Position] | None = None, lands: bool = True
) -> MapPicture:
    """The whole map without hero and fog.

    Args:
        data: the world.
        geometry: where tiles are.
        target: code of the monster that is to be beaten; its tiles get a golden ring.
        lands: write the names of the lands on them.
        named: tiles whose content gets its name written beside it as far as there is room; None is all.

    Returns:
        The pixels, and where names of places stand.
    """
    image = Image.fromarray(draw_ground(data, geometry))
    pen = ImageDraw.Draw(image)
    size = geometry.tile
    draw_growth(data, geometry, pen)
    covered = _write_lands(data, geometry, image) if lands else []
    for place in data.content_tiles:
        _put_content(data, geometry, image, pen, place, ring=_is_target(data.tiles[place], target))
    names: list[Box] = []
    if size >= 18:
        names = _name_places(data, geometry, pen, data.content_tiles if named is None else named, target, covered)
    return MapPicture(np.asarray(image), tuple(names))


class MapPicture(NamedTuple):
    """The map as it lies under hero and fog.

    Attributes:
        pixels: (rows * tile, columns * tile, 3) uint8.
        names: boxes of the places' names, in the picture's pixels.
    """

    pixels: Picture
    names: tuple[Box, ...]


def _is_target(tile: Tile, target: str) -> bool:
    return tile.content is not None and bool(target) and tile.content.code == target


def _put_content(
    data: WorldData, geometry: MapGeometry, image: Image.Image, pen: ImageDraw.ImageDraw, place: Position, *, ring: bool
) -> None:
    tile, size = data.tiles[place], geometry.tile
    x, y = geometry.corner(place)
    side = max(5, round(size * _ICON_SHARE))
    drawing = content_icon(data, tile, side)
    if drawing is None or tile.content is None:
        return
    pad = (size - side) // 2
    if ring:
        pen.ellipse([x, y, x + size - 1, y + size - 1], fill=(255, 226, 120), outline=(214, 152, 20), width=2)
    image.paste(drawing, (x + pad, y + pad), drawing)
    level = data.monsters[tile.content.code].level if tile.content.type == "monster" else 0
    level = data.resources[tile.content.code].level if tile.content.type == "resource" else level
    if level and size >= 20:
        mark = font(max(8, size * 9 // 28))
        pen.text((x + size - 2, y + size - 2), str(level), font=mark, fill=_LABEL_INK, anchor="rs", stroke_width=2, stroke_fill=_HALO)


def _write_lands(data: WorldData, geometry: MapGeometry, image: Image.Image) -> list[Box]:
    """The name of each large land, faint, on its emptiest row; returns the boxes that the names cover."""
    size, covered = geometry.tile, list[Box]()
    if size < 14:
        return covered
    letter = font(max(10, size * 12 // 28))
    layer = Image.new("RGBA", image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for name in dict.fromkeys(tile.name for tile in data.tiles.values()):
        own = [place for place, tile in data.tiles.items() if tile.name == name]
        words = " ".join(name.upper())
        span = pen.textlength(words, font=letter)
        best = max(
            _runs(data, own), key=lambda run: (min(run[2] * size, span + size), -abs(run[1] - np.mean([y for _, y in own]))), default=None
        )
        if len(own) < _LEAST_LAND or best is None or best[2] * size < span:
            continue
        x, y = geometry.corner((best[0], best[1]))
        pen.text((x + best[2] * size / 2, y + size / 2), words, font=letter, fill=(44, 34, 30, 150), anchor="mm")
        covered.append((x, y + size * 0.2, x + best[2] * size, y + size * 0.8))
    image.paste(layer, (0, 0), layer)
    return covered


def _runs(data: WorldData, own: list[Position]) -> list[tuple[int, int, int]]:
    """Stretches of empty tiles of one land in one row: (x, y, length)."""
    free = {place for place in own if data.tiles[place].content is None}
    runs = []
    for x, y in free:
        if (x - 1, y) not in free:
            length = 1
            while (x + length, y) in free:
                length += 1
            runs.append((x, y, length))
    return sorted(runs)


def _name_places(
    data: WorldData, geometry: MapGeometry, pen: ImageDraw.ImageDraw, named: Iterable[Position], target: str, covered: list[Box]
) -> list[Box]:
    """Names beside the content of tiles, where they cover neither an icon nor another name; returns their boxes."""
    size = geometry.tile
    letter = font(max(9, size * 10 // 28))
    width, height = geometry.columns * size, geometry.rows * size
    corners = [geometry.corner(place) for place in data.content_tiles]
    taken: list[Box] = [*covered, *((x, y, x + size, y + size) for x, y in corners)]
    names: list[Box] = []
    done: set[str] = set()
    wanted = [place for place in named if place in data.tiles and data.tiles[place].content is not None]
    wanted.sort(key=lambda place: not _is_target(data.tiles[place], target))
    for place in wanted:
        text = place_name(data, data.tiles[place])
        if text in done:
            continue
        corner, line = geometry.corner(place), size * 13 // 28
        # The name of what is to be beaten matters most, so that it may take two lines where one has no room.
        tries = [[text], _two_lines(text)] if _is_target(data.tiles[place], target) else [[text]]
        for lines in tries:
            w, h = max(pen.textlength(part, font=letter) for part in lines) + 7, line * len(lines)
            spots = (box for box in _beside(corner, size, w, h) if _inside(box, width, height))
            box = next((box for box in spots if not any(overlap(box, other) for other in taken)), None)
            if box is not None:
                pen.rounded_rectangle([round(edge) for edge in box], radius=3, fill=_PLATE, outline=_PLATE_EDGE)
                for i, part in enumerate(lines):
                    pen.text((round(box[0]) + 4, box[1] + line * (i + 0.5) + 0.5), part, font=letter, fill=_HALO, anchor="lm")
                taken.append(box)
                names.append(box)
                done.add(text)
                break
    return names


def _two_lines(text: str) -> list[str]:
    """The words in two lines of about equal length; one word stays one line."""
    words = text.split()
    cuts = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    return min(cuts, key=lambda cut: max(map(len, cut)), default=[text])


def _beside(corner: tuple[int, int], size: int, w: float, h: float) -> list[Box]:
    """Where a name of that size can stand beside a tile, best first."""
    x, y = corner
    middle = x + size / 2 - w / 2
    spots = [(middle, y + size + 1), (middle, y - h), (x + size, y + (size - h) / 2), (x - w, y + (size - h) / 2)]
    spots += [(left, top) for top in (y + size + 1, y - h) for left in (x + 2, x + size - 2 - w)]
    return [(left, top, left + w, top + h) for left, top in spots]


def _inside(box: Box, width: int, height: int) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height


def overlap(a: Box, b: Box) -> bool:
    """Whether two boxes share any area."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place_name(data: WorldData, tile: Tile) -> str:
    """What is on a tile, in words; the land's name where there is nothing."""
    if tile.content is None:
        return tile.name
    kind, code = tile.content
    if kind == "monster":
        return data.monsters[code].name
    if kind == "resource":
        return data.resources[code].name
    return WORKSHOPS.get(code, code.replace("_", " ").capitalize()) if kind == "workshop" else PLACES.get(kind, kind)


WORKSHOPS: Final = {
    "weaponcrafting": "Smithy",
    "gearcrafting": "Armourer",
    "jewelrycrafting": "Jeweller",
    "cooking": "Kitchen",
    "mining": "Smelter",
    "woodcutting": "Sawmill",
}
PLACES: Final = {"bank": "Bank", "grand_exchange": "Exchange", "tasks_master": "Task board"}
