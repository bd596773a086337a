"""Generated worlds and tasks: the same everywhere, of the size asked for, solvable, and not won at the start."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.envs.rpg import combat
from mtenvs.envs.rpg.briefing import TaskOptions
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.draw_design import WorldConfig
from mtenvs.envs.rpg.generate import generate_world
from mtenvs.envs.rpg.generate_tasks import MAX_LEVEL, OFFICIAL_LEVELS, bracket, generate_task, own_world, task_of, world_of
from mtenvs.envs.rpg.loadout import Armory, best_outfit, fit_level, gear_before, monster_need
from mtenvs.envs.rpg.names import NameMaker
from mtenvs.envs.rpg.oracle import solve
from mtenvs.envs.rpg.spec import HeroStart, HeroTask
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.tasks import honest_length
from mtenvs.envs.rpg.world import HeroWorld, Rules

PRINT = """
import hashlib, json
from mtenvs.envs.rpg.generate import generate_world
from mtenvs.envs.rpg.generate_tasks import task_of
from mtenvs.envs.rpg.tasks import honest_length
parts = [generate_world(3).to_json(), task_of("own/4/1", honest_length).to_dict(), task_of("gen/3/6/2", honest_length).to_dict()]
print(hashlib.sha256(json.dumps(parts).encode()).hexdigest())
"""


def depth(data: WorldData, code: str, known: dict[str, int]) -> int:
    if code not in known:
        craft = data.items[code].craft
        known[code] = 0 if craft is None else 1 + max(depth(data, part.code, known) for part in craft.items)
    return known[code]


def starts_won(data: WorldData, task: HeroTask) -> bool:
    if task.kind == "craft":
        return task.target in task.start.inventory or task.target in task.start.slots.values()
    hero = HeroState.from_start(task.start, data)
    return combat.fight(hero.stats, data.monsters[task.target]).won


def replayed(data: WorldData, task: HeroTask) -> bool:
    """Plan, then play the plan's calls on a fresh hero and look at the end alone."""
    world = HeroWorld(data, Rules.for_task(task.rules), np.random.default_rng(0))
    plan = solve(world, task)
    if plan is None:
        return False
    hero = HeroState.from_start(task.start, data)
    world = HeroWorld(data, Rules.for_task(task.rules), np.random.default_rng(0))
    results = [call.apply(world, hero) for call in plan.calls]
    wanted = "fight" if task.kind == "kill" else "craft"
    last = results[-1]
    reached = last.kind == wanted and last.code == task.target and (wanted == "craft" or getattr(last, "won", False))
    return reached and all(result.ok for result in results) and plan.primitive_steps == task.oracle_steps


# -- worlds ------------------------------------------------------------------------------------------------------------


def test_worlds_and_tasks_are_the_same_in_another_process() -> None:
    here = [generate_world(3).to_json(), task_of("own/4/1", honest_length).to_dict(), task_of("gen/3/6/2", honest_length).to_dict()]
    digest = hashlib.sha256(json.dumps(here).encode()).hexdigest()
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    there = subprocess.run([sys.executable, "-c", PRINT], capture_output=True, text=True, check=True, env=environment)  # noqa: S603  # our own program
    assert there.stdout.strip() == digest


def test_seeds_give_different_worlds_with_names_of_their_own() -> None:
    first, second = generate_world(1), generate_world(2)
    assert not set(first.resources) & set(second.resources)
    assert len(set(first.items) & set(second.items)) < len(first.items) / 3
    assert first.to_json() != second.to_json()


@pytest.mark.parametrize("steps", range(1, 7))
def test_recipes_are_as_deep_as_asked(steps: int) -> None:
    data = generate_world(40 + steps, WorldConfig(recipe_depth=steps))
    known: dict[str, int] = {}
    assert max(depth(data, code, known) for code in data.craftable) == steps


@pytest.mark.parametrize("config", [WorldConfig(), WorldConfig(11, 11, 3, 1, 8), WorldConfig(40, 30, 5, 6, 40)])
def test_worlds_have_the_size_asked_for(config: WorldConfig) -> None:
    data = generate_world(9, config)
    assert len(data.tiles) == config.width * config.height
    assert len(data.monsters) == config.monsters
    assert len({item.level for item in data.items.values() if item.type == "weapon"}) == config.tiers
    assert (0, 0) in data.tiles
    assert all(data.places("monster", code) for code in data.monsters)
    assert all(data.places("resource", code) for code in data.resources)
    assert all(data.workshop(item.craft.skill) for item in data.items.values() if item.craft)


@pytest.mark.parametrize("seed", [0, 5, 8])
def test_everything_can_be_had_and_beaten(seed: int) -> None:
    data = generate_world(seed)
    need = monster_need(data)
    assert [code for code, item in data.items.items() if code not in need and item.type != "currency"] == []
    for monster in data.monsters.values():
        level = fit_level(monster)
        outfit, _ = best_outfit(Armory.of(data, gear_before(data, monster, level, need)), monster, level)
        hero = HeroState.from_start(HeroStart(level=level, slots=outfit), data)
        assert combat.fight(hero.stats, monster).won, monster.name


@pytest.mark.parametrize(
    "wrong", [{"width": 5}, {"tiers": 10}, {"recipe_depth": 0}, {"recipe_depth": 7}, {"monsters": 3}, {"height": True}, {"tiers": "9"}]
)
def test_sizes_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption, match=next(iter(wrong))):
        WorldConfig(**wrong)


def test_names_never_come_twice() -> None:
    maker = NameMaker(np.random.default_rng(1))
    made = [maker.unique(lambda: "Ember Newt") for _ in range(50)] + [maker.coined("metal") for _ in range(300)]
    assert len({name.lower() for name in made}) == len(made)
    assert all(name.isprintable() and 3 <= len(name) < 40 for name in made)


# -- tasks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", range(1, MAX_LEVEL + 1))
def test_a_task_of_each_level_is_solved_by_replay_and_not_won_at_the_start(level: int) -> None:
    task = task_of(f"own/{level}/0", honest_length)
    data = own_world()
    assert not starts_won(data, task)
    assert replayed(data, task)
    if level <= OFFICIAL_LEVELS:
        low, high = bracket(level)
        assert low <= task.difficulty <= high
    assert task.id == f"own/{level}/0"
    assert (task.level, task.world) == (level, "own")


@pytest.mark.parametrize("task_id", ["gen/1/2/0", "gen/4/7/1", "gen/8/10/0", "gen/8/14/2"])
def test_tasks_of_generated_worlds_too(task_id: str) -> None:
    task = task_of(task_id, honest_length)
    data = world_of(task.world)
    assert not starts_won(data, task)
    assert replayed(data, task)


@pytest.mark.slow
@pytest.mark.parametrize("world", ["own", "gen/0", "gen/1", "gen/2"])
def test_many_tasks_are_solvable_and_not_won_at_the_start(world: str) -> None:
    data = world_of(world)
    for level in range(1, MAX_LEVEL + 1):
        for seed in range(6):
            task = generate_task(data, level, seed, solver=honest_length, world=world)
            assert not starts_won(data, task), task.id
            assert replayed(data, task), task.id


def test_difficulty_is_that_of_what_is_missing() -> None:
    data = own_world()
    for seed in range(4):
        task = task_of(f"own/5/{seed}", honest_length)
        pieces = task.missing.values() if task.kind == "kill" else [task.target]
        assert task.difficulty == sum(data.difficulty(code) for code in pieces)
        assert all(task.start.slots.get(slot) != code for slot, code in task.missing.items())


def test_the_reference_outfit_wins() -> None:
    data = own_world()
    tasks = [task_of(f"own/{level}/{seed}", honest_length) for level in (3, 6) for seed in range(3)]
    for task in tasks:
        if task.kind == "kill":
            start = replace(task.start, slots={**task.start.slots, **task.missing})
            assert combat.fight(HeroState.from_start(start, data).stats, data.monsters[task.target]).won


def test_the_hero_is_told_of_all_that_he_needs() -> None:
    data = own_world()
    task = task_of("own/6/0", honest_length)
    assert task.items is not None
    assert task.monsters is not None
    assert task.resources is not None
    assert task.locations is not None
    for code in task.missing.values():
        assert set(data.tree(code)) <= set(task.items)
    for code in task.monsters:
        assert set(data.places("monster", code)) <= set(task.locations)
    leaves = {leaf for code in task.missing.values() for leaf in data.tree(code) if data.items[leaf].craft is None}
    for leaf in leaves:
        sources = data.sources_of(leaf)
        assert set(sources.resources) & set(task.resources) or set(sources.monsters) & set(task.monsters), leaf
    made = {part for code in task.missing.values() for part in data.tree(code)}
    skills = {craft.skill for code in made if (craft := data.items[code].craft)}
    assert all(set(data.workshop(skill)) & set(task.locations) for skill in skills)


def test_levels_beyond_nine_bring_their_rules() -> None:
    tasks = {level: task_of(f"own/{level}/1", honest_length) for level in range(9, MAX_LEVEL + 1)}
    assert tasks[9].rules.inventory_limit is None
    assert not tasks[9].rules.drop_rates
    assert not tasks[9].rules.fog
    assert not tasks[9].noise_items
    assert tasks[10].noise_items
    assert tasks[10].start.skills.get("mining", 1) == 1
    assert tasks[11].rules.drop_rates
    assert tasks[12].rules.inventory_limit is not None
    assert tasks[13].rules.fog
    assert tasks[14].rules.drop_rates
    assert tasks[14].rules.fog
    assert tasks[14].rules.inventory_limit is not None


def test_options_can_be_asked_for() -> None:
    data = generate_world(5)
    made = generate_task(data, 2, 0, TaskOptions(kind="craft"), solver=honest_length, world="gen/5")
    fought = generate_task(data, 2, 0, TaskOptions(kind="kill", fog=True, noise=3), solver=honest_length, world="gen/5")
    assert (made.kind, fought.kind) == ("craft", "kill")
    assert fought.rules.fog
    assert 0 < len(fought.noise_items) <= 3


def test_drafts_that_the_solver_refuses_are_drawn_anew() -> None:
    asked: list[HeroTask] = []

    def picky(_: WorldData, task: HeroTask) -> int | None:
        asked.append(task)
        return 7 if len(asked) == 3 else None

    task = generate_task(own_world(), 3, 0, solver=picky)
    assert task.oracle_steps == 7
    assert len({(t.target, str(t.start), str(t.missing)) for t in asked}) == 3


def test_when_nothing_can_be_solved_it_says_so() -> None:
    with pytest.raises(UnknownTask, match="lower level"):
        generate_task(own_world(), 1, 0, solver=lambda _data, _task: None)


@pytest.mark.parametrize(
    "task_id",
    ["", "own", "own/0/1", "own/15/1", "own/1/x", "own/1/-1", "gen/1/1", "gen/x/1/1", "official/1/1", "own/1/1/1", "own/1/" + "9" * 99],
)
def test_unknown_ids_are_refused_with_a_hint(task_id: str) -> None:
    with pytest.raises(UnknownTask, match="own"):
        task_of(task_id, honest_length)


def test_task_data_goes_through_json() -> None:
    task = task_of("own/12/0", honest_length)
    assert json.loads(json.dumps(task.to_dict()))["start"]["slots"] == dict(task.start.slots)
