"""The shipped world: what is in the files, that they come from the tables, and that it is a game."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from mtenvs.core.assets import asset, official_root
from mtenvs.envs.rpg import combat
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.generate import file_text, main, own_records
from mtenvs.envs.rpg.generate_tasks import own_world
from mtenvs.envs.rpg.loadout import Armory, best_outfit, fit_level, gear_before, monster_need
from mtenvs.envs.rpg.records import ELEMENTS, SKILLS, SLOT_TYPE
from mtenvs.envs.rpg.spec import HeroStart
from mtenvs.envs.rpg.state import HeroState

FILES = ("maps", "items", "monsters", "resources", "noise_items")


def recipe_depth(data: WorldData, code: str) -> int:
    craft = data.items[code].craft
    return 0 if craft is None else 1 + max(recipe_depth(data, part.code) for part in craft.items)


def wins(data: WorldData, level: int, slots: dict[str, str], monster: str) -> bool:
    hero = HeroState.from_start(HeroStart(level=level, slots=slots), data)
    return combat.fight(hero.stats, data.monsters[monster]).won


@pytest.mark.parametrize("name", FILES)
def test_the_committed_files_are_what_the_tables_give(name: str) -> None:
    assert (asset("rpg") / f"{name}.json").read_text(encoding="utf-8") == file_text(own_records()[name])


def test_the_documented_command_writes_the_same_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.count(".json") == len(FILES)
    for name in FILES:
        assert (tmp_path / "new" / f"{name}.json").read_bytes() == (asset("rpg") / f"{name}.json").read_bytes()


def test_it_is_as_rich_as_the_original() -> None:
    data = own_world()
    kinds = Counter(item.type for item in data.items.values())
    assert len(data.items) >= 200
    assert len(data.craftable) >= 130
    assert len(data.monsters) == 25
    assert len(data.resources) == 17
    assert len(data.tiles) == 357
    x0, y0, x1, y1 = data.bounds
    assert (x1 - x0 + 1, y1 - y0 + 1) == (17, 21)
    assert set(SLOT_TYPE.values()) | {"resource", "currency"} == set(kinds)
    assert {recipe.skill for code in data.craftable if (recipe := data.items[code].craft)} == set(SKILLS) - {"fishing"}
    assert {resource.skill for resource in data.resources.values()} == {"mining", "woodcutting", "fishing"}
    assert max(recipe_depth(data, code) for code in data.craftable) == 2
    assert data.exchanges
    assert (0, 0) in data.tiles


def test_everything_has_a_place_and_a_source() -> None:
    data = own_world()
    assert all(data.places("monster", code) for code in data.monsters)
    assert all(data.places("resource", code) for code in data.resources)
    assert all(data.workshop(item.craft.skill) for item in data.items.values() if item.craft)
    need = monster_need(data)
    assert [code for code, item in data.items.items() if code not in need and item.type != "currency"] == []


def test_no_material_is_useless() -> None:
    data = own_world()
    used = {part.code for code in data.craftable if (craft := data.items[code].craft) for part in craft.items}
    assert [code for code, item in data.items.items() if item.type == "resource" and code not in used] == []


def test_distractors_cannot_be_had() -> None:
    data = own_world()
    assert len(data.noise_items) >= 30
    for code, item in data.noise_items.items():
        assert code not in data.items
        assert item.craft is not None
        assert any(part.code not in data.items for part in item.craft.items)


def test_every_monster_falls_to_gear_of_its_tier() -> None:
    data = own_world()
    need = monster_need(data)
    for monster in data.monsters.values():
        level = fit_level(monster)
        outfit, _ = best_outfit(Armory.of(data, gear_before(data, monster, level, need)), monster, level)
        assert wins(data, level, outfit, monster.code), monster.name


def test_no_monster_falls_to_gear_that_is_two_tiers_old() -> None:
    data = own_world()
    need = monster_need(data)
    for monster in data.monsters.values():
        if monster.level < 15:
            continue  # the first tiers do not have a piece for every slot yet
        old = {code for code in gear_before(data, monster, monster.level, need) if data.items[code].level <= monster.level - 10}
        outfit, _ = best_outfit(Armory.of(data, old), monster, monster.level)
        assert not wins(data, monster.level, outfit, monster.code), monster.name


def test_the_weapon_of_a_weakness_beats_the_weapon_of_a_resistance() -> None:
    data = own_world()
    for monster in data.monsters.values():
        if monster.level < 5 or max(monster.res) - min(monster.res) < 40:
            continue  # there is not a weapon of every element before level 5
        weak, strong = (ELEMENTS[monster.res.index(pick(monster.res))] for pick in (min, max))
        damage = {weak: 0.0, strong: 0.0}
        for item in data.items.values():
            fits = [element for element in (weak, strong) if item.effect(f"attack_{element}")]
            if item.level <= monster.level and len(fits) == 1:
                hero = HeroState.from_start(HeroStart(level=40, slots={"weapon": item.code}), data)
                damage[fits[0]] = max(damage[fits[0]], sum(combat.hero_hits(hero.stats, monster)))
        assert damage[weak] > damage[strong], monster.name


@pytest.mark.skipif(not (official_root() / "herobench" / "items.json").is_file(), reason="the official files are not here")
def test_no_name_or_code_is_the_originals() -> None:
    ours, theirs = own_world(), official_root() / "herobench"
    for name, mine in (
        ("items", ours.items),
        ("monsters", ours.monsters),
        ("resources", ours.resources),
        ("noise_items", ours.noise_items),
    ):
        records = json.loads((theirs / f"{name}.json").read_text(encoding="utf-8"))
        assert not {record["code"] for record in records} & set(mine), name
        assert not {record["name"].lower() for record in records} & {entry.name.lower() for entry in mine.values()}, name
