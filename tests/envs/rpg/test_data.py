"""World files: read unchanged, and refused with a message that names the place when something is wrong."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_world import raw_world, tiny_world

from mtenvs.core.errors import DataError
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.schema import FILES


def test_a_world_survives_the_way_through_files_and_pickle(tmp_path: Path) -> None:
    raw = tiny_world().to_json()
    for name, entries in raw.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(entries), encoding="utf-8")
    loaded = WorldData.load(tmp_path)
    assert loaded.to_json() == raw
    assert {name: raw[name] for name in FILES} == raw_world()
    assert pickle.loads(pickle.dumps(loaded)).to_json() == raw  # noqa: S301 - our own bytes


def test_indexes_answer_what_planners_ask() -> None:
    data = tiny_world()
    assert data.places("monster", "boar") == ((4, 0),)
    assert data.places("monster", "dragon") == ()
    assert data.workshop("cooking") == ((4, 1),)
    assert data.exchanges == ((0, 2),)
    assert data.sources_of("gem") == (("tree",), ())
    assert data.sources_of("charm") == ((), ("boar",))
    assert data.sources_of("stick") == ((), ())
    assert data.craftable == ("plank", "club", "helm", "band", "apple", "tonic")
    assert data.wearable["ring1"] == data.wearable["ring2"] == ("band",)
    assert data.items["charm"].slots == ("artifact1", "artifact2", "artifact3")
    assert data.bounds == (0, 0, 4, 2)


def test_crafting_trees_and_their_difficulty() -> None:
    data = tiny_world()
    assert data.tree("club") == ("club", "plank", "wood", "feather", "stick")
    assert data.difficulty("wood") == 1
    assert data.difficulty("plank") == 3
    assert data.difficulty("club") == 2 + 3 + 1 + 1


def test_loaded_data_cannot_be_changed() -> None:
    data = tiny_world()
    with pytest.raises(TypeError):
        data.items["new"] = data.items["wood"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        data.items["wood"].level = 3  # type: ignore[misc]


def test_a_restricted_world_keeps_the_map_and_drops_the_rest() -> None:
    data = tiny_world()
    small = data.restricted(items={"wood", "plank", "charm"}, monsters={"boar"}, locations={(1, 0), (3, 0), (4, 0), (0, 1)})
    assert set(small.tiles) == set(data.tiles)
    assert small.content_tiles == ((1, 0), (4, 0), (0, 1))
    assert tuple(small.items) == ("wood", "plank", "charm")
    assert [drop.code for drop in small.resources["tree"].drops] == ["wood"]
    assert small.sources_of("gem") == ((), ())
    assert data.sources_of("gem") == (("tree",), ())


def _break(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set the field at ``"items/5/craft/level"`` to a value; ``...`` removes it."""

    def change(raw: dict[str, Any]) -> None:
        *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
        place: Any = raw
        for part in way:
            place = place[part]
        if value is ...:
            del place[last]
        else:
            place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_break("items", {}), "items.json must hold a list"),
        (_break("maps", ...), "maps.json must hold a list"),
        (_break("items/0/code", ...), "items.json, entry 0: the field 'code' is missing"),
        (_break("items/1", "ore"), "items.json, entry 1: this is str"),
        (_break("items/1/level", "five"), r"items.json, entry 1 \(ore\): 'level' must be a whole number"),
        (_break("items/1/level", True), "'level' must be a whole number"),
        (_break("monsters/0/hp", float("nan")), "'hp' must be a whole number"),
        (_break("monsters/0/hp", 0), "'hp' must be a whole number from 1"),
        (_break("items/4/craft/items/0/quantity", 0), r"items.json, entry 4 \(plank\), craft, items\[0\]: 'quantity'"),
        (_break("items/4/craft/skill", "sorcery"), "there is no skill 'sorcery'"),
        (_break("items/4/craft/items/0/code", "unobtainium"), r"items.json \(plank\): needs 'unobtainium'"),
        (_break("items/4/craft/items/0/code", "plank"), "needs 'plank' itself"),
        (_break("items/1/code", "wood"), "two entries with the code 'wood'"),
        (_break("monsters/0/drops/0/code", "nothing"), r"monsters.json \(chick\): drops 'nothing'"),
        (_break("maps/1/content/code", "rock_of_ages"), r"tile \(1, 0\): there is no resource 'rock_of_ages'"),
        (_break("maps/1/content/type", "volcano"), "no content type 'volcano'"),
        (_break("maps/1/x", 0), r"two tiles at \(0, 0\)"),
        (_break("maps", []), "maps.json holds no tile"),
    ],
)
def test_what_is_wrong_is_named(change: Callable[[dict[str, Any]], None], message: str) -> None:
    raw = raw_world()
    change(raw)
    with pytest.raises(DataError, match=message):
        WorldData.from_json(raw)


def test_circles_through_several_recipes_are_found() -> None:
    raw = raw_world()
    raw["items"][0]["craft"] = {"skill": "cooking", "level": 1, "quantity": 1, "items": [{"code": "club", "quantity": 1}]}
    with pytest.raises(DataError, match="break the circle"):
        WorldData.from_json(raw)


def test_missing_and_half_written_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"maps\.json is not there"):
        WorldData.load(tmp_path)
    for name, entries in raw_world().items():
        (tmp_path / f"{name}.json").write_text(json.dumps(entries), encoding="utf-8")
    whole = (tmp_path / "items.json").read_text(encoding="utf-8")
    (tmp_path / "items.json").write_text(whole[: len(whole) // 2], encoding="utf-8")
    with pytest.raises(DataError, match=r"items\.json is not whole JSON"):
        WorldData.load(tmp_path)
    (tmp_path / "items.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=r"items\.json is not whole JSON"):
        WorldData.load(tmp_path)


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), st.lists, max_leaves=5)


@given(name=st.sampled_from(["maps", "items", "monsters", "resources"]), entry=st.integers(0, 20), data=st.data())
def test_damage_anywhere_is_a_data_error_or_harmless(name: str, entry: int, data: st.DataObject) -> None:
    raw = raw_world()
    record = raw[name][entry % len(raw[name])]
    record[data.draw(st.sampled_from(sorted(record)))] = data.draw(_JSON)
    try:
        WorldData.from_json(raw)
    except DataError as error:
        assert ".json" in str(error)  # noqa: PT017 - both outcomes are fine
