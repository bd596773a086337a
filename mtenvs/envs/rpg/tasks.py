"""HeroBench's tasks as task sets: our own by level and seed, and the official ones from a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.generate_tasks import MAX_LEVEL, task_of
from mtenvs.envs.rpg.oracle import solve
from mtenvs.envs.rpg.scoring import Milestones
from mtenvs.envs.rpg.spec import HeroStart, HeroTask, TaskRules
from mtenvs.envs.rpg.text import goal_of
from mtenvs.envs.rpg.world import HeroWorld, Rules

SEEDS_LISTED: Final = 50
_OWN_ID: Final = re.compile(r"(own|gen/\d{1,9})/(\d{1,2})/\d{1,9}")


def own_tasks(world: str = "own", levels: Iterable[int] | None = None) -> TaskSet:
    """Tasks of the shipped world (``"own"``) or of a generated one (``"gen/<seed>"``).

    Listed are seeds 0 to 49 of each level; any other seed can be asked for by id.

    Raises:
        UnknownOption: a level that does not exist.
    """
    wanted = list(levels) if levels is not None else list(range(1, MAX_LEVEL + 1))
    if any(not 1 <= level <= MAX_LEVEL for level in wanted):
        raise UnknownOption(f"level={wanted} does not exist; levels go from 1 to {MAX_LEVEL}")
    ids = [f"{world}/{level}/{seed}" for level in wanted for seed in range(SEEDS_LISTED)]
    return TaskSet(ids, _own_task, open_build=lambda i: _own_task(i) if _is_of(i, world) else None)


def _is_of(task_id: str, world: str) -> bool:
    match = _OWN_ID.fullmatch(task_id)
    return match is not None and match.group(1) == world and 1 <= int(match.group(2)) <= MAX_LEVEL


def honest_length(data: WorldData, task: HeroTask) -> int | None:
    """Single actions of the plan that solves a draft; None for a draft that cannot be solved or is not as hard as it says.

    Refused are drafts whose milestones cannot all be reached (their reference gear cannot be had, or is worn already), and drafts
    with a way that is less than half as long as the one over all milestones.
    """
    world = HeroWorld(data, Rules.for_task(task.rules), np.random.default_rng(0))
    plan = solve(world, task)
    if plan is None:
        return None
    if not {str(event) for event in Milestones.of(task, data).ideal} <= set(plan.milestones):
        return None
    short = solve(world, task, thorough=False)
    return None if short is None or 2 * short.primitive_steps < plan.primitive_steps else plan.primitive_steps


@lru_cache(maxsize=4096)
def _own_task(task_id: str) -> Task:
    return as_task(task_of(task_id, honest_length))


def official_tasks(data_dir: str | Path, levels: Iterable[int] | None = None) -> TaskSet:
    """The official prompts in a folder, levelling prompts included (ids ``"leveling/<level>/<name>"``).

    Raises:
        DataError: the folder or a file in it is missing or broken.
    """
    from mtenvs.envs.rpg.official import load_official  # noqa: PLC0415 - only who has the files pays for it

    found = load_official(data_dir)
    wanted = None if levels is None else set(levels)
    ids = [i for i in found if wanted is None or found.level(i) in wanted]
    return TaskSet(ids, lambda i: as_task(found[i]))


def as_task(hero: HeroTask) -> Task:
    """The task in the form that all environments share."""
    official = hero.prompt is not None
    return Task(
        hero.id,
        goal_of(hero),
        {"hero": hero.to_dict()},
        tags=(hero.kind, f"level{hero.level}", hero.world),
        source="HeroBench (arXiv 2508.12782)" if official else "mtenvs",
        licence="MIT" if official else "CC0-1.0",
    )


def hero_task(task: Task) -> HeroTask:
    """The inverse of `as_task`; also reads tasks that users wrote themselves.

    Raises:
        DataError: the setup is not of that form.
    """
    try:
        raw: Mapping[str, Any] = task.setup["hero"]
        fields = dict(raw)
        start = dict(fields.pop("start", {}))
        start["position"] = tuple(start.get("position", (0, 0)))
        rules = dict(fields.pop("rules", {}))
        if rules.get("exchange") is not None:
            rules["exchange"] = tuple(rules["exchange"])
        for name in ("items", "monsters", "resources"):
            if fields.get(name) is not None:
                fields[name] = tuple(fields[name])
        if fields.get("locations") is not None:
            fields["locations"] = tuple((x, y) for x, y in fields["locations"])
        fields["noise_items"] = tuple(fields.get("noise_items", ()))
        return HeroTask(start=HeroStart(**start), rules=TaskRules(**rules), **fields)
    except (KeyError, TypeError, ValueError) as e:
        raise DataError(
            f"the setup of task {task.id!r} is not that of a hero task ({type(e).__name__}: {e}); see mtenvs.envs.rpg.spec"
        ) from e


def world_data(data_dir: str | Path | None, world: str) -> WorldData:
    """The world that the tasks play in."""
    from mtenvs.envs.rpg.generate_tasks import world_of  # noqa: PLC0415 - the official world needs no generator

    return WorldData.load(data_dir) if data_dir is not None else world_of(world)
