"""Maps of new worlds: lands around a town, the mild ones near it, and everything placed in the land where it belongs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.envs.rpg.design import Biome, code_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mtenvs.envs.rpg.design import Monster, Source
    from mtenvs.envs.rpg.names import NameMaker

Place = tuple[int, int]

_WILD: Final = (
    ("f", "forest"),
    ("r", "hills"),
    ("n", "fen"),
    ("s", "snow"),
    ("d", "desert"),
    ("v", "lava"),
    ("b", "barrow"),
    ("c", "coast"),
)
_MEADOW, _TOWN, _WATER = "m", "t", "w"
_TOWN_RADIUS: Final = 2.3  # tiles; 21 of them, 9 with a building
_MEADOW_RADIUS: Final = 4.2
_GROUND: Final = {"mining": "rdvsb", "woodcutting": "fmns", "fishing": "wcn"}
_TOWN_PLANS: Final = {
    (-2, -1): ("workshop", "weaponcrafting"),
    (0, -2): ("workshop", "gearcrafting"),
    (2, -1): ("workshop", "jewelrycrafting"),
    (-2, 1): ("workshop", "cooking"),
    (2, 1): ("workshop", "mining"),
    (-1, 2): ("workshop", "woodcutting"),
    (1, 1): ("bank", "bank"),
    (1, 2): ("grand_exchange", "grand_exchange"),
    (-1, 0): ("tasks_master", "monsters"),
}


@dataclass(frozen=True)
class Lands:
    """The terrain of a drawn map: biomes, rows of their keys (north first), and the tile of the first letter."""

    biomes: tuple[Biome, ...]
    terrain: tuple[str, ...]
    origin: Place

    def tiles(self) -> dict[Place, str]:
        """Tile -> biome key."""
        left, top = self.origin
        return {(left + i, top + j): key for j, row in enumerate(self.terrain) for i, key in enumerate(row)}


def draw_lands(rng: np.random.Generator, names: NameMaker, width: int, height: int) -> Lands:
    """Lands of `width` x `height` tiles: a town at (0, 0), a meadow around it, wild lands as cells of scattered sites, a lake."""
    left, top = -(width // 2), -(height // 2)
    wild = [_WILD[i] for i in rng.permutation(len(_WILD))[: 6 if width * height < 250 else len(_WILD)]]
    # One site per land on a ring around the town, so that every land has room; the ring makes the wedges.
    turn = float(rng.uniform(0, 2 * np.pi))
    angles = turn + 2 * np.pi * (np.arange(len(wild)) + rng.uniform(-0.2, 0.2, len(wild))) / len(wild)
    sites = np.stack([np.cos(angles) * width * 0.40, np.sin(angles) * height * 0.40], axis=1)
    lake_angle = float(rng.uniform(0, 2 * np.pi))
    lake = np.array([np.cos(lake_angle) * width * 0.30, np.sin(lake_angle) * height * 0.30])
    rows: list[str] = []
    for y in range(top, top + height):
        row = ""
        for x in range(left, left + width):
            here = np.array([x, y], dtype=float)
            away = float(np.hypot(x, y))
            wobble = rng.normal(0, 0.45, size=2)
            if away <= _TOWN_RADIUS:
                row += _TOWN
            elif float(np.hypot(*(here - lake + wobble * 0.5))) < 2.3 and away > _TOWN_RADIUS + 1:
                row += _WATER
            elif away + float(wobble[0]) <= _MEADOW_RADIUS:
                row += _MEADOW
            else:
                row += wild[int(np.argmin(((sites - here - wobble) ** 2).sum(axis=1)))][0]
        rows.append(row)
    named = [Biome(key, skin, names.coined("land")) for key, skin in (*wild, (_MEADOW, "meadow"), (_TOWN, "town"), (_WATER, "water"))]
    return Lands(tuple(named), tuple(rows), (left, top))


def draw_places(
    rng: np.random.Generator, lands: Lands, monsters: Sequence[Monster], sources: Sequence[Source]
) -> dict[Place, tuple[str, str]]:
    """Where everything is: buildings in town, beasts and spots in their land, the higher their level the farther out."""
    tiles = lands.tiles()
    far = max(float(np.hypot(*place)) for place in tiles)
    places: dict[Place, tuple[str, str]] = dict(_TOWN_PLANS)
    free = {place: key for place, key in tiles.items() if key != _TOWN}

    def put(kind: str, code: str, keys: Iterable[str], level: int) -> None:
        wanted = [place for place, key in free.items() if key in keys] or [place for place, key in free.items() if key != _WATER]
        crowd = [sum(abs(x - px) + abs(y - py) <= 1 for px, py in places) for x, y in wanted]
        off = [abs(float(np.hypot(*p)) - (3 + (far - 5) * level / 40)) + 2.0 * c for p, c in zip(wanted, crowd, strict=True)]
        best = wanted[int(np.argmin(np.array(off) + rng.uniform(0, 2.5, len(off))))]
        places[best] = (kind, code)
        del free[best]

    for source in sources:
        put("resource", code_of(source.name), _GROUND[source.skill], source.level)
    for monster in monsters:
        for _ in range(2 if monster.level < 30 else 1):
            put("monster", code_of(monster.name), monster.biome, monster.level)
    return places
