"""Reading a world's files: every field checked, every mistake named with its file and entry.

The schema is that of the original benchmark's ``items.json``, ``monsters.json``, ``resources.json``, ``maps.json`` and
``noise_items.json``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import DataError
from mtenvs.envs.rpg.records import (
    CONTENT_TYPES,
    ELEMENTS,
    SKILLS,
    Content,
    Drop,
    Effect,
    Ingredient,
    Item,
    Monster,
    Position,
    Recipe,
    Resource,
    Tile,
)

FILES: Final = ("maps", "items", "monsters", "resources")  # required; noise_items is optional
_LIMIT: Final = 10**9  # no figure of a world file is larger; keeps all arithmetic inside 64 bits
_DEEPEST: Final = 64  # levels of a recipe; the original's deepest has 2


class Records(NamedTuple):
    """What the files hold, by code and by place; consistent with each other."""

    items: dict[str, Item]
    monsters: dict[str, Monster]
    resources: dict[str, Resource]
    tiles: dict[Position, Tile]
    noise_items: dict[str, Item]


def read_folder(folder: str | Path) -> dict[str, Any]:
    """The contents of a world's files by file name without ``.json``; ``noise_items.json`` may be absent.

    Raises:
        DataError: a file is missing or half-written.
    """
    root = Path(folder)
    raw = {name: read_json(root / f"{name}.json") for name in FILES}
    if (root / "noise_items.json").is_file():
        raw["noise_items"] = read_json(root / "noise_items.json")
    return raw


def parse_records(raw: Mapping[str, Any]) -> Records:
    """The records in the files' contents.

    Raises:
        DataError: an entry is not in the schema or points at something that does not exist.
    """
    if not isinstance(raw, Mapping):
        raise DataError(f"a world is an object with {', '.join(FILES)}, not {type(raw).__name__}")
    tiles: dict[Position, Tile] = {}
    for entry in _entries("maps", raw):
        tile = _tile(entry)
        if (tile.x, tile.y) in tiles:
            raise entry.wrong(f"there are two tiles at ({tile.x}, {tile.y}); keep one of them")
        tiles[tile.x, tile.y] = tile
    found = Records(
        items=_by_code("items", raw, _item),
        monsters=_by_code("monsters", raw, _monster),
        resources=_by_code("resources", raw, _resource),
        tiles=tiles,
        noise_items=_by_code("noise_items", raw, _noise_item) if "noise_items" in raw else {},
    )
    _check_references(found)
    return found


def read_json(path: Path) -> Any:
    """The JSON content of a file.

    Raises:
        DataError: the file is not there, cannot be read, or is not whole JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path} is not there: data_dir must hold {', '.join(f'{name}.json' for name in FILES)}") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}): check its permissions") from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not whole JSON ({error}): it may be half-written; copy it again") from error


class _Entry:
    """One record of a file with checked access to its fields; knows how to say where it is."""

    __slots__ = ("data", "where")

    def __init__(self, where: str, data: Any) -> None:
        self.where = where
        if not isinstance(data, Mapping):
            raise self.wrong(f"this is {type(data).__name__}, not an object")
        self.data: Mapping[str, Any] = data

    def wrong(self, why: str) -> DataError:
        return DataError(f"{self.where}: {why}; correct the file, or copy the original again")

    def get(self, key: str) -> Any:
        if key not in self.data:
            raise self.wrong(f"the field {key!r} is missing")
        return self.data[key]

    def text(self, key: str, default: str | None = None) -> str:
        value = self.get(key) if default is None else self.data.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.wrong(f"{key!r} must be a text, not {value!r}")
        return value

    def whole(self, key: str, low: int = -_LIMIT, high: int = _LIMIT, default: int | None = None) -> int:
        value = self.get(key) if default is None else self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(f"{key!r} must be a whole number from {low} to {high}, not {value!r}")
        return value

    def parts(self, key: str) -> Iterator[_Entry]:
        value = self.data.get(key)
        if value is None:
            value = []
        if not isinstance(value, list):
            raise self.wrong(f"{key!r} must be a list")
        return (_Entry(f"{self.where}, {key}[{i}]", part) for i, part in enumerate(value))


def _entries(name: str, raw: Mapping[str, Any]) -> Iterator[_Entry]:
    records = raw.get(name)
    if not isinstance(records, list):
        raise DataError(f"{name}.json must hold a list of entries, not {type(records).__name__}; copy the original again")
    for i, record in enumerate(records):
        label = record.get("code") if isinstance(record, Mapping) else None
        yield _Entry(f"{name}.json, entry {i}" + (f" ({label})" if isinstance(label, str) else ""), record)


def _by_code(name: str, raw: Mapping[str, Any], build: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in _entries(name, raw):
        record = build(entry)
        if record.code in found:
            raise entry.wrong(f"there are two entries with the code {record.code!r}; keep one of them")
        found[record.code] = record
    return found


def _skill(entry: _Entry) -> str:
    skill = entry.text("skill")
    if skill not in SKILLS:
        raise entry.wrong(f"there is no skill {skill!r}; there are {', '.join(SKILLS)}")
    return skill


def _noise_item(entry: _Entry) -> Item:
    # Distractors are only shown: the original's name skills and ingredients that exist nowhere.
    return _item(entry, skill=lambda recipe: recipe.text("skill"))


def _item(entry: _Entry, skill: Callable[[_Entry], str] = _skill) -> Item:
    effects = tuple(Effect(part.text("name"), part.whole("value")) for part in entry.parts("effects"))
    craft: Recipe | None = None
    if entry.data.get("craft") is not None:
        recipe = _Entry(f"{entry.where}, craft", entry.data["craft"])
        parts = tuple(Ingredient(part.text("code"), part.whole("quantity", 1)) for part in recipe.parts("items"))
        if len({part.code for part in parts}) != len(parts):
            raise recipe.wrong("one ingredient is listed twice; add the quantities up")
        craft = Recipe(skill(recipe), recipe.whole("level", 1), parts, recipe.whole("quantity", 1, default=1))
    return Item(
        code=entry.text("code"),
        name=entry.text("name"),
        level=entry.whole("level", 0),
        type=entry.text("type"),
        subtype=entry.text("subtype", ""),
        description=entry.text("description", ""),
        effects=effects,
        craft=craft,
    )


def _drops(entry: _Entry) -> tuple[Drop, ...]:
    found = []
    for part in entry.parts("drops"):
        low = part.whole("min_quantity", 0)
        found.append(Drop(part.text("code"), part.whole("rate", 1), low, part.whole("max_quantity", low)))
    return tuple(found)


def _four(entry: _Entry, stat: str, low: int) -> tuple[int, int, int, int]:
    fire, earth, water, air = (entry.whole(f"{stat}_{element}", low) for element in ELEMENTS)
    return fire, earth, water, air


def _monster(entry: _Entry) -> Monster:
    return Monster(
        code=entry.text("code"),
        name=entry.text("name"),
        level=entry.whole("level", 0),
        hp=entry.whole("hp", 1),
        attack=_four(entry, "attack", 0),
        res=_four(entry, "res", -_LIMIT),
        drops=_drops(entry),
        min_gold=entry.whole("min_gold", 0, default=0),
        max_gold=entry.whole("max_gold", 0, default=0),
    )


def _resource(entry: _Entry) -> Resource:
    return Resource(entry.text("code"), entry.text("name"), _skill(entry), entry.whole("level", 0), _drops(entry))


def _tile(entry: _Entry) -> Tile:
    content: Content | None = None
    if entry.data.get("content") is not None:
        inner = _Entry(f"{entry.where}, content", entry.data["content"])
        content = Content(inner.text("type"), inner.text("code"))
        if content.type not in CONTENT_TYPES:
            raise inner.wrong(f"there is no content type {content.type!r}; there are {', '.join(CONTENT_TYPES)}")
    return Tile(entry.whole("x"), entry.whole("y"), entry.text("name", ""), entry.text("skin", ""), content)


def _check_references(world: Records) -> None:
    """Everything that is named exists, and no recipe needs its own product."""
    if not world.tiles:
        raise DataError("maps.json holds no tile; a world needs at least one")
    known: dict[str, Collection[str]] = {"monster": world.monsters, "resource": world.resources, "workshop": SKILLS}
    for tile in world.tiles.values():
        if tile.content is not None and tile.content.code not in known.get(tile.content.type, (tile.content.code,)):
            kind, code = tile.content
            raise DataError(f"maps.json, tile ({tile.x}, {tile.y}): there is no {kind} {code!r}; add it, or empty the tile")
    for name, givers in (("monsters", world.monsters.values()), ("resources", world.resources.values())):
        for giver in givers:
            for drop in giver.drops:
                if drop.code not in world.items:
                    raise DataError(f"{name}.json ({giver.code}): drops {drop.code!r}, which items.json does not have; add it there")
    _check_recipes(world.items)


def _check_recipes(items: Mapping[str, Item]) -> None:
    done: set[str] = set()
    for start in items:
        path: dict[str, Iterator[str]] = {start: _ingredients(items, start)}
        while path:
            code, rest = next(reversed(path.items()))
            part = next(rest, None)
            if part is None:
                path.pop(code)
                done.add(code)
            elif part in path:
                raise DataError(f"items.json ({part}): its recipe needs {part!r} itself in the end; break the circle")
            elif len(path) > _DEEPEST:
                raise DataError(f"items.json ({start}): its recipe is more than {_DEEPEST} levels deep; make it flatter")
            elif part not in done:
                path[part] = _ingredients(items, part)


def _ingredients(items: Mapping[str, Item], code: str) -> Iterator[str]:
    craft = items[code].craft
    for part in craft.items if craft is not None else ():
        if part.code not in items:
            raise DataError(f"items.json ({code}): needs {part.code!r}, which items.json does not have; add it there")
        yield part.code
