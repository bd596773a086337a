"""Tasks from a seed, for the shipped world and for generated ones: levels 1 to 9 as the official ones, 10 to 14 beyond.

Difficulty is counted as in the original (a leaf 1, a craft 2 + the sum of its ingredients, summed over what is missing);
level n of the first nine holds the ten values from 10 n - 7 on. A kill task takes an outfit that beats the monster, made of
nothing that this monster or a stronger one drops, and takes pieces away until the fight is lost. Each draft goes to a
solver that plans and replays it; what is not solved is drawn anew, so every task that comes out is solvable.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from mtenvs.core.assets import asset
from mtenvs.core.errors import UnknownTask
from mtenvs.envs.rpg.briefing import TaskOptions
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.draft import Drafter
from mtenvs.envs.rpg.generate import generate_world

if TYPE_CHECKING:
    from collections.abc import Callable

    from mtenvs.envs.rpg.spec import HeroTask

MAX_LEVEL: Final = 14
OFFICIAL_LEVELS: Final = 9
_STREAM: Final = 0x5441
_DRAFTS: Final = 160  # after so many failures the world cannot offer that level
_LONGEST: Final = 3000  # primitive actions; a longer plan (bad luck with rare drops) makes no good task


Solver: TypeAlias = "Callable[[WorldData, HeroTask], int | None]"
"""Plans a task and replays the plan: its number of primitive actions, or None; `tasks.honest_length` for the tasks that users get."""


def bracket(level: int) -> tuple[int, int]:
    """Lowest and highest difficulty of a level."""
    return 10 * level - 7, 10 * level + 2


@lru_cache(maxsize=1)
def own_world() -> WorldData:
    """The shipped world, read once.

    Raises:
        DataError: its files are missing or damaged.
    """
    return WorldData.load(asset("rpg"))


def world_of(name: str) -> WorldData:
    """The world of a task: "own", or "gen/<world_seed>".

    Raises:
        UnknownTask: it is neither.
    """
    if name == "own":
        return own_world()
    head, _, seed = name.partition("/")
    if head == "gen" and seed.isdecimal() and len(seed) < 10:
        return generate_world(int(seed))
    raise UnknownTask(f'there is no world {name!r}; there are "own" and "gen/<seed>" such as "gen/3"')


def task_of(task_id: str, solver: Solver) -> HeroTask:
    """The task of an id, "own/<level>/<seed>" or "gen/<world_seed>/<level>/<seed>"; one id always gives one task.

    Args:
        task_id: the id.
        solver: plans and replays the drafts.

    Raises:
        UnknownTask: the id has another form, or the world offers nothing for it.
    """
    world, _, rest = task_id.rpartition("/")
    world, _, level = world.rpartition("/")
    if not (rest.isdecimal() and level.isdecimal() and len(rest) < 10 and 1 <= int(level[:3]) <= MAX_LEVEL):
        raise UnknownTask(
            f'{task_id!r} is no task id of ours; they are "own/<level>/<seed>" and "gen/<world_seed>/<level>/<seed>" '
            f"with a level from 1 to {MAX_LEVEL}, such as own/5/17 or gen/3/10/0"
        )
    return generate_task(world_of(world), int(level), int(rest), solver=solver, world=world)


def generate_task(
    data: WorldData, level: int, seed: int, options: TaskOptions | None = None, *, solver: Solver, world: str = "own"
) -> HeroTask:
    """Draw one task.

    Args:
        data: the world.
        level: 1 to `MAX_LEVEL`.
        seed: which task of that level.
        options: what it holds; None takes `TaskOptions.of_level(level)`.
        solver: plans and replays the drafts.
        world: the world's name, which goes into the id and the stream of randomness.

    Returns:
        A task that the solver has solved and that is not won at the start; `oracle_steps` is the length of its plan.

    Raises:
        UnknownTask: this world offers no task of that level.
    """
    if not 1 <= level <= MAX_LEVEL:
        raise UnknownTask(f"there is no level {level}; levels go from 1 to {MAX_LEVEL}")
    wish = options or TaskOptions.of_level(level)
    drafter = drafter_of(data)
    stream = [_STREAM, *(int(part) + 1 for part in world.split("/") if part.isdecimal()), 0, level, seed]
    low, high = bracket(level)
    if wish.kind is None:
        # Drawn once and not per draft, because drafts of the easier kind would pass more often.
        wish = replace(wish, kind=drafter.kind(np.random.default_rng([*stream, _DRAFTS]), (low, high)))
    for attempt in range(_DRAFTS):
        rng = np.random.default_rng([*stream, attempt])
        # A world may have nothing solvable in the bracket: the second half of the drafts asks for less and less.
        late = max(0.0, 2 * attempt / _DRAFTS - 1)
        draft = drafter.draw(rng, (int(low * (1 - 0.8 * late)), high), wish, spare=1 + attempt / 10)
        if draft is None:
            continue
        task = replace(draft, id=f"{world}/{level}/{seed}", level=level, world=world)
        steps = solver(data, task)
        if steps is not None and steps <= _LONGEST:
            return replace(task, oracle_steps=steps)
    raise UnknownTask(f"the world {world!r} offers no task {level}/{seed} (difficulty about {bracket(level)[0]}); take a lower level")


@lru_cache(maxsize=16)
def drafter_of(data: WorldData) -> Drafter:
    """The drafter of a world, kept because it precomputes what items need."""
    return Drafter(data)
