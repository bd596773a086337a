"""The ground of the map picture: coloured lands with wandering borders, and what grows on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

from mtenvs.envs.rpg.icons import Rgb, shade

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.records import Position, Tile

    Picture = npt.NDArray[np.uint8]

LANDS: Final[dict[str, Rgb]] = {
    "meadow": (158, 194, 104),
    "forest": (96, 148, 84),
    "hills": (182, 160, 122),
    "lava": (118, 74, 68),
    "snow": (226, 232, 238),
    "desert": (230, 208, 146),
    "fen": (124, 146, 110),
    "barrow": (150, 142, 150),
    "coast": (236, 222, 178),
    "water": (96, 158, 204),
    "town": (214, 196, 168),
}
# The official map tells its lands apart by the tile's name; all of its skins begin with "forest".
_NAMED_LANDS: Final = {"city": "town", "spawn": "town", "graveyard": "barrow", "lake": "water"}
_WOBBLE: Final = 0.30  # how far borders wander, in tiles
_SEED: Final = 20


def land_of(tile: Tile) -> str:
    """The kind of land of a tile, one of `LANDS`."""
    named = _NAMED_LANDS.get(tile.name.lower().split(" ")[0] if tile.name else "")
    if named:
        return named
    skin = tile.skin.split("_")[0]
    return skin if skin in LANDS else "meadow"


@dataclass(frozen=True)
class MapGeometry:
    """Where tiles are in the picture.

    Attributes:
        left: x of the first tile of the world.
        top: y of the first tile of the world.
        columns: tiles from west to east.
        rows: tiles from north to south.
        tile: pixels of a tile's side.
    """

    left: int
    top: int
    columns: int
    rows: int
    tile: int

    @classmethod
    def fit(cls, data: WorldData, width: int, height: int) -> MapGeometry:
        """The largest tiles with which the whole map fits into width x height pixels; at least 6."""
        x0, y0, x1, y1 = data.bounds
        columns, rows = x1 - x0 + 1, y1 - y0 + 1
        return cls(x0, y0, columns, rows, max(6, min(width // columns, height // rows, 44)))

    def corner(self, place: Position) -> tuple[int, int]:
        """Pixel of a tile's upper left corner."""
        return (place[0] - self.left) * self.tile, (place[1] - self.top) * self.tile


def draw_ground(data: WorldData, geometry: MapGeometry) -> Picture:
    """Land colours with wandering borders and grain."""
    size, rows, columns = geometry.tile, geometry.rows, geometry.columns
    lands = list(LANDS)
    grid = np.zeros((rows, columns), dtype=np.intp)
    for (x, y), tile in data.tiles.items():
        grid[y - geometry.top, x - geometry.left] = lands.index(land_of(tile))
    rng = np.random.default_rng(_SEED)
    height, width = rows * size, columns * size
    bend = [_smooth(rng, rows, columns, (height, width)) * _WOBBLE * size for _ in range(2)]
    ys = np.clip(np.arange(height)[:, None] + bend[0], 0, height - 1).astype(np.intp) // size
    xs = np.clip(np.arange(width)[None, :] + bend[1], 0, width - 1).astype(np.intp) // size
    kind = grid[ys, xs]
    colour = np.array([LANDS[name] for name in lands], dtype=np.float32)[kind]
    # A darker seam where two lands meet, as on a hand-coloured map.
    seam = np.zeros(kind.shape, dtype=np.float32)
    seam[:, 1:] += kind[:, 1:] != kind[:, :-1]
    seam[1:] += kind[1:] != kind[:-1]
    broad = np.maximum.reduce([seam, np.roll(seam, 1, 0), np.roll(seam, 1, 1)])
    colour *= (1 - 0.16 * np.minimum(broad, 1))[..., None]
    colour *= (1 + 0.035 * _smooth(rng, rows * 2, columns * 2, (height, width)))[..., None]
    colour += rng.normal(0, 2.2, size=(height, width, 1)).astype(np.float32)
    return np.clip(colour, 0, 255).astype(np.uint8)


def _smooth(rng: np.random.Generator, rows: int, columns: int, shape: tuple[int, int]) -> npt.NDArray[np.float32]:
    """Smooth noise in about -1..1: random values on a coarse grid, blown up."""
    coarse = Image.fromarray(rng.uniform(-1, 1, size=(rows + 1, columns + 1)).astype(np.float32))
    return np.asarray(coarse.resize((shape[1], shape[0]), Image.Resampling.BICUBIC), dtype=np.float32)


def draw_growth(data: WorldData, geometry: MapGeometry, pen: ImageDraw.ImageDraw) -> None:
    """Small marks of each land on tiles that hold nothing: grass, bushes, ridges, waves, graves, snow."""
    rng = np.random.default_rng(_SEED + 1)
    size = geometry.tile
    if size < 14:
        return
    for place, tile in data.tiles.items():
        spots = rng.uniform(0.18, 0.82, size=(3, 2)) * size
        if tile.content is not None:
            continue
        x, y = geometry.corner(place)
        for dx, dy in spots[: 2 if land_of(tile) in ("town", "snow", "coast") else 3]:
            _MARKS[land_of(tile)](pen, x + float(dx), y + float(dy), size / 28)


Pen = ImageDraw.ImageDraw


def _inks(land: str) -> tuple[Rgb, Rgb]:
    return shade(LANDS[land], 0.8), shade(LANDS[land], 1.13)


def _bush(pen: Pen, x: float, y: float, u: float) -> None:
    dark, light = _inks("forest")
    for dx, dy in ((-2.4, 0.6), (2.4, 0.6), (0, -2)):
        pen.ellipse([x + (dx - 2.8) * u, y + (dy - 2.6) * u, x + (dx + 2.8) * u, y + (dy + 2.6) * u], fill=dark)
    pen.ellipse([x - 2 * u, y - 4 * u, x + 0.6 * u, y - 1.6 * u], fill=light)


def _ridge(pen: Pen, x: float, y: float, u: float, land: str = "hills") -> None:
    pen.line([x - 5 * u, y + 2 * u, x - u, y - 3 * u, x + 4 * u, y + 2 * u], fill=_inks(land)[0], width=max(1, round(1.4 * u)))


def _crack(pen: Pen, x: float, y: float, u: float) -> None:
    _ridge(pen, x, y, u, "lava")
    pen.line([x - u, y - 3 * u, x, y, x - u, y + 2 * u], fill=(240, 128, 52), width=max(1, round(1.4 * u)))


def _wave(pen: Pen, x: float, y: float, u: float) -> None:
    for left in (x - 5 * u, x):
        pen.arc([left, y - 2 * u, left + 5 * u, y + 2 * u], 180, 360, fill=_inks("water")[1], width=max(1, round(1.2 * u)))


def _grave(pen: Pen, x: float, y: float, u: float) -> None:
    dark = _inks("barrow")[0]
    pen.arc([x - 3 * u, y - 4 * u, x + 3 * u, y + 2 * u], 180, 360, fill=dark, width=max(1, round(1.4 * u)))
    for side in (x - 3 * u, x + 3 * u):
        pen.line([side, y - u, side, y + 3 * u], fill=dark)


def _reeds(pen: Pen, x: float, y: float, u: float) -> None:
    for dx in (-2, 0, 2):
        pen.line([x + dx * u, y + 3 * u, x + dx * 1.6 * u, y - 3 * u], fill=_inks("fen")[0])
    pen.line([x - 4 * u, y + 3.4 * u, x + 4 * u, y + 3.4 * u], fill=(122, 164, 170), width=max(1, round(1.2 * u)))


def _tuft(pen: Pen, x: float, y: float, u: float, ink: Rgb | None = None) -> None:
    for dx in (-1.8, 0, 1.8):
        pen.line([x, y + 1.6 * u, x + dx * u, y - 2.2 * u], fill=ink or _inks("meadow")[0])


def _snow(pen: Pen, x: float, y: float, u: float) -> None:
    _tuft(pen, x, y, u, (198, 208, 222))


def _dune(pen: Pen, x: float, y: float, u: float, land: str = "desert") -> None:
    pen.arc([x - 4 * u, y - 1.5 * u, x + 4 * u, y + 4 * u], 200, 340, fill=_inks(land)[0])


_MARKS: Final[dict[str, Callable[[Pen, float, float, float], None]]] = {
    "meadow": _tuft,
    "forest": _bush,
    "hills": _ridge,
    "lava": _crack,
    "snow": _snow,
    "desert": _dune,
    "fen": _reeds,
    "barrow": _grave,
    "coast": partial(_dune, land="coast"),
    "water": _wave,
    "town": partial(_dune, land="town"),
}
