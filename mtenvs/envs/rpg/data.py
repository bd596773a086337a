"""The fixed part of a HeroBench world: items, monsters, gathering spots and the map, with what follows from them.

The files' schema is that of the original benchmark (HeroBench, arXiv 2508.12782), read unchanged by `schema`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from mtenvs.envs.rpg.records import (
    SLOT_TYPE,
    Item,
    Monster,
    Position,
    Resource,
    Sources,
    Tile,
)
from mtenvs.envs.rpg.schema import parse_records, read_folder


@dataclass(frozen=True, eq=False)
class WorldData:
    """A whole world, immutable after loading; all mappings are read-only and keep the files' order.

    Attributes:
        items: code -> item.
        monsters: code -> monster.
        resources: code -> gathering spot.
        tiles: (x, y) -> tile.
        noise_items: code -> item that is shown in noisy tasks but cannot be had.
    """

    items: Mapping[str, Item]
    monsters: Mapping[str, Monster]
    resources: Mapping[str, Resource]
    tiles: Mapping[Position, Tile]
    noise_items: Mapping[str, Item] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("items", "monsters", "resources", "tiles", "noise_items"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        # Read-only mappings do not pickle; plain dicts do, and nothing needs to be checked a second time.
        return type(self), (dict(self.items), dict(self.monsters), dict(self.resources), dict(self.tiles), dict(self.noise_items))

    @classmethod
    def load(cls, folder: str | Path) -> WorldData:
        """Read ``maps.json``, ``items.json``, ``monsters.json``, ``resources.json`` and, if there, ``noise_items.json``.

        Raises:
            DataError: a file is missing, half-written, not in the schema or inconsistent with the others.
        """
        return cls.from_json(read_folder(folder))

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> WorldData:
        """Build a world from the files' contents, keyed by file name without ``.json``.

        Raises:
            DataError: an entry is not in the schema or points at something that does not exist.
        """
        return cls(*parse_records(raw))

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """The contents of the files in the original schema; `from_json` gives the same world back."""
        parts: dict[str, Iterable[Item | Monster | Resource | Tile]] = {
            "maps": self.tiles.values(),
            "items": self.items.values(),
            "monsters": self.monsters.values(),
            "resources": self.resources.values(),
            "noise_items": self.noise_items.values(),
        }
        return {name: [entry.to_json() for entry in entries] for name, entries in parts.items()}

    def places(self, kind: str, code: str) -> tuple[Position, ...]:
        """Where that content is, such as ``places("monster", "wolf")``; empty if nowhere."""
        return self._places.get((kind, code), ())

    def workshop(self, skill: str) -> tuple[Position, ...]:
        """Where the workshop of a crafting skill is."""
        return self.places("workshop", skill)

    @cached_property
    def exchanges(self) -> tuple[Position, ...]:
        """Tiles with a grand exchange."""
        return tuple(place for (kind, _), places in self._places.items() if kind == "grand_exchange" for place in places)

    @cached_property
    def content_tiles(self) -> tuple[Position, ...]:
        """Every tile that holds something, in map order."""
        return tuple(place for place, tile in self.tiles.items() if tile.content is not None)

    @cached_property
    def craftable(self) -> tuple[str, ...]:
        """Codes of the items that have a recipe, in file order."""
        return tuple(code for code, item in self.items.items() if item.craft is not None)

    @cached_property
    def wearable(self) -> Mapping[str, tuple[str, ...]]:
        """Slot -> codes of the items that fit into it, in file order."""
        return MappingProxyType({s: tuple(c for c, item in self.items.items() if item.type == kind) for s, kind in SLOT_TYPE.items()})

    def sources_of(self, item: str) -> Sources:
        """The resources and monsters that drop an item; both empty if none does."""
        return self._sources.get(item, _NOWHERE)

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        """Smallest x, smallest y, largest x, largest y of the map."""
        xs, ys = [x for x, _ in self.tiles], [y for _, y in self.tiles]
        return min(xs), min(ys), max(xs), max(ys)

    def tree(self, item: str) -> tuple[str, ...]:
        """The item, its ingredients, their ingredients and so on, each code once, depth first."""
        found: dict[str, None] = {}
        todo = [item]
        while todo:
            code = todo.pop()
            if code not in found:
                found[code] = None
                record = self.items.get(code)
                if record is not None and record.craft is not None:
                    todo.extend(part.code for part in reversed(record.craft.items))
        return tuple(found)

    def difficulty(self, item: str) -> int:
        """Crafting-tree difficulty as the benchmark counts it: 1 for a leaf, 2 + the sum over the ingredients for a craft."""
        known = self._difficulty
        if item not in known:
            record = self.items.get(item)
            craft = None if record is None else record.craft
            known[item] = 1 if craft is None else 2 + sum(self.difficulty(part.code) for part in craft.items)
        return known[item]

    def restricted(
        self,
        *,
        items: Collection[str] | None = None,
        monsters: Collection[str] | None = None,
        resources: Collection[str] | None = None,
        locations: Collection[Position] | None = None,
    ) -> WorldData:
        """A smaller world with only what a task lists; None keeps all of that kind.

        Tiles stay on the map, but those that are not listed, or whose monster or resource is not, are empty. Drops of items
        that are not listed are gone. Recipes stay as they are, also when an ingredient cannot be had any more.
        """
        keep = {code: item for code, item in self.items.items() if items is None or code in items}
        foes = {c: _without_drops(m, keep) for c, m in self.monsters.items() if monsters is None or c in monsters}
        spots = {c: _without_drops(r, keep) for c, r in self.resources.items() if resources is None or c in resources}
        places = None if locations is None else frozenset(locations)
        tiles: dict[Position, Tile] = {}
        for place, tile in self.tiles.items():
            content = tile.content
            gone = content is not None and (
                (places is not None and place not in places)
                or (content.type == "monster" and content.code not in foes)
                or (content.type == "resource" and content.code not in spots)
            )
            tiles[place] = Tile(tile.x, tile.y, tile.name, tile.skin) if gone else tile
        return WorldData(keep, foes, spots, tiles, self.noise_items)

    @cached_property
    def _difficulty(self) -> dict[str, int]:
        return {}

    @cached_property
    def _places(self) -> dict[tuple[str, str], tuple[Position, ...]]:
        found: dict[tuple[str, str], list[Position]] = {}
        for place, tile in self.tiles.items():
            if tile.content is not None:
                found.setdefault((tile.content.type, tile.content.code), []).append(place)
        return {content: tuple(places) for content, places in found.items()}

    @cached_property
    def _sources(self) -> dict[str, Sources]:
        spots: dict[str, dict[str, None]] = {}
        foes: dict[str, dict[str, None]] = {}
        for found, givers in ((spots, self.resources.values()), (foes, self.monsters.values())):
            for giver in givers:
                for drop in giver.drops:
                    found.setdefault(drop.code, {})[giver.code] = None
        return {code: Sources(tuple(spots.get(code, ())), tuple(foes.get(code, ()))) for code in {**spots, **foes}}


_NOWHERE: Final = Sources((), ())
_Dropper = TypeVar("_Dropper", Monster, Resource)


def _without_drops(giver: _Dropper, keep: Collection[str]) -> _Dropper:
    drops = tuple(drop for drop in giver.drops if drop.code in keep)
    if len(drops) == len(giver.drops):
        return giver
    if isinstance(giver, Monster):
        m = giver
        return Monster(m.code, m.name, m.level, m.hp, m.attack, m.res, drops, m.min_gold, m.max_gold)
    return Resource(giver.code, giver.name, giver.skill, giver.level, drops)
