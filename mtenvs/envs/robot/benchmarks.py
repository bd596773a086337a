"""Meta-World's benchmarks: which tasks, which goals, what is visible. The protocols to evaluate on them are in `evaluation.py`.

MT benchmarks show the goal and have no test tasks. ML benchmarks hide it and test on tasks, or for ML1 on goals, that were not
trained on. metaworld 3.1.1 registers both splits of ML1 with the test goals (a loop variable caught by its last value); here
each split has its own. ML25 trains and tests on `basketball-v3`, as the package has it; the goals differ.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import UnknownOption, UnknownTask, did_you_mean
from mtenvs.envs.robot.custom import task_ids
from mtenvs.envs.robot.goals import GoalSet, Split
from mtenvs.envs.robot.upstream import env_dict
from mtenvs.envs.robot.world import RobotWorld

BENCHMARKS: Final = ("MT1", "MT10", "MT25", "MT50", "ML1", "ML10", "ML25", "ML45")


def tasks_of(benchmark: str, split: str = "train", task: str | None = None) -> tuple[str, ...]:
    """The tasks of a benchmark, in the package's order.

    Args:
        benchmark: one of `BENCHMARKS`.
        split: ``"train"`` or ``"test"``; MT benchmarks have only ``"train"``.
        task: one task of it; the ones of MT1 and ML1 are any robot task, and without it all of metaworld's 50.

    Raises:
        UnknownOption: no such benchmark or split.
        UnknownTask: the task is not part of it.
    """
    if benchmark not in BENCHMARKS:
        raise UnknownOption(f"benchmark={benchmark!r} does not exist; {did_you_mean(benchmark, BENCHMARKS)}")
    if split not in ("train", "test"):
        raise UnknownOption(f"split={split!r} does not exist; choose 'train' or 'test'")
    if split == "test" and benchmark.startswith("MT"):
        raise UnknownOption(f"{benchmark} has no test split: multi-task benchmarks evaluate on their training tasks; use split='train'")
    if task is not None and benchmark.endswith("1") and task in task_ids():
        return (task,)
    table: Any = getattr(env_dict, f"{benchmark}_V3", None) or env_dict.ALL_V3_ENVIRONMENTS
    names = tuple(table if benchmark.startswith("MT") else table[split])
    if task is None:
        return names
    if task not in names:
        raise UnknownTask(f"{task!r} is not a {split} task of {benchmark}; {did_you_mean(task, names)}")
    return (task,)


def task_goals(benchmark: str, task: str, split: Split = "train", *, seed: int = 0) -> GoalSet:
    """The 50 goals of a task in a benchmark: fixed by the seed, drawn when they are played, other ones for each split.

    Raises:
        UnknownOption: no such benchmark or split.
        UnknownTask: the task is not part of it.
    """
    (name,) = tasks_of(benchmark, split, task)
    return GoalSet(name, split, seed, benchmark=benchmark)


def goal_visible(benchmark: str) -> bool:
    """Whether the benchmark's observations show the goal."""
    return benchmark.startswith("MT")


def make_world(benchmark: str, task: str, split: Split = "train", *, seed: int = 0) -> RobotWorld:
    """A world that plays a benchmark's goals of one task."""
    return RobotWorld(task, goals=task_goals(benchmark, task, split, seed=seed), goal_observable=goal_visible(benchmark))


def one_hot(task: str, tasks: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """Which of the tasks it is, as multi-task policies read it: float64 ``(len(tasks),)`` with a single 1."""
    hot = np.zeros(len(tasks))
    hot[tasks.index(task)] = 1.0
    return hot
