"""Meta-World's evaluation protocols over any policy: a callable from observation to action.

Multi-task: 50 episodes of each task, ended by the first success. Meta-learning: ten times, a new goal for each test task, ten
episodes to adapt in and three that count. (`metaworld/evaluation.py` and the Meta-World+ paper, arXiv 2505.11289.)

Beside the protocol's success (ever) each result has the share of episodes that were solved at their last step, which differs when
episodes play on after a success (``stop_on_success=False``): many tasks do not stay solved by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.robot.benchmarks import make_world, one_hot, tasks_of
from mtenvs.envs.robot.goals import Split
from mtenvs.envs.robot.world import RobotWorld

Observation = npt.NDArray[np.float64]
Policy = Callable[[Observation], Any]
"""From an observation, float64 ``(39,)`` or with the one-hot of the task behind it, to 4 numbers in [-1, 1].

Where the callable has them, these methods are called too: ``begin(world)`` before each episode, ``forget(world)`` before a new
goal is adapted to, ``learn(observation, action, reward, next_observation, done)`` after each adaptation step, and ``adapt()``
after the adaptation episodes.
"""

MT_EPISODES: Final = 50
ML_EVALS, ML_ADAPTATION, ML_EPISODES = 10, 10, 3


@dataclass(frozen=True)
class Evaluation:
    """What an evaluation found.

    Attributes:
        success: mean over tasks of the share of episodes solved at any step.
        success_at_end: the same for solved at the last step played.
        mean_return: mean over all episodes of the sum of rewards.
        tasks: per task, the three figures above as ``success``, ``success_at_end``, ``mean_return``.
        episodes: episodes that counted, per task.
        versions: of mujoco and metaworld.
    """

    success: float
    success_at_end: float
    mean_return: float
    tasks: Mapping[str, Mapping[str, float]]
    episodes: int
    versions: Mapping[str, str]


@dataclass(frozen=True)
class _Episode:
    success: bool
    success_at_end: bool
    total: float


def evaluate_multitask(
    policy: Policy,
    benchmark: str = "MT10",
    *,
    task: str | None = None,
    seed: int = 0,
    episodes: int = MT_EPISODES,
    task_one_hot: bool = False,
    stop_on_success: bool = True,
    progress: bool = False,
) -> Evaluation:
    """Meta-World's multi-task evaluation.

    Args:
        policy: see `Policy`.
        benchmark: an MT benchmark.
        task: evaluate on this task alone.
        seed: of goals and episodes.
        episodes: per task; episode i plays goal i mod 50.
        task_one_hot: append the one-hot of the task among the benchmark's to the observation.
        stop_on_success: end an episode with its first success, as the protocol does.
        progress: show a progress bar.
    """
    if not benchmark.startswith("MT"):
        raise UnknownOption(f"benchmark={benchmark!r} is not a multi-task one; use evaluate_metalearning for ML benchmarks")
    names, found = tasks_of(benchmark), {}
    for name in _shown(tasks_of(benchmark, task=task), progress):
        world = make_world(benchmark, name, seed=seed)
        hot = one_hot(name, names) if task_one_hot else None
        found[name] = [_play(policy, world, seed, i % 50, hot=hot, stop=stop_on_success) for i in range(episodes)]
    return _summary(found)


def evaluate_metalearning(
    policy: Policy,
    benchmark: str = "ML10",
    split: Split = "test",
    *,
    task: str | None = None,
    seed: int = 0,
    evals: int = ML_EVALS,
    adaptation_episodes: int = ML_ADAPTATION,
    episodes: int = ML_EPISODES,
    stop_on_success: bool = True,
    progress: bool = False,
) -> Evaluation:
    """Meta-World's meta-learning evaluation.

    Args:
        policy: see `Policy`; its ``forget``, ``learn`` and ``adapt`` are what is tested.
        benchmark: an ML benchmark.
        split: whose tasks and goals to evaluate on.
        task: evaluate on this task alone; needed for ML1.
        seed: of goals and episodes.
        evals: goals per task.
        adaptation_episodes: full-length episodes before those that count; the goal stays the same.
        episodes: episodes that count, per goal.
        stop_on_success: end those with their first success, as the protocol does.
        progress: show a progress bar.
    """
    if not benchmark.startswith("ML"):
        raise UnknownOption(f"benchmark={benchmark!r} is not a meta-learning one; use evaluate_multitask for MT benchmarks")
    if benchmark == "ML1" and task is None:
        raise UnknownOption("ML1 is about one task: pass task=, such as task='reach-v3'")
    found: dict[str, list[_Episode]] = {}
    for name in _shown(tasks_of(benchmark, split, task), progress):
        world = make_world(benchmark, name, split, seed=seed)
        order = np.random.default_rng(seed).permutation(50)
        found[name] = []
        for k in range(evals):
            goal = int(order[k % 50])
            _tell(policy, "forget", world)
            for _ in range(adaptation_episodes):
                _play(policy, world, seed, goal, learn=True)
            _tell(policy, "adapt")
            found[name] += [_play(policy, world, seed, goal, stop=stop_on_success) for _ in range(episodes)]
    return _summary(found)


def _play(
    policy: Policy,
    world: RobotWorld,
    seed: int,
    goal: int,
    *,
    hot: Observation | None = None,
    stop: bool = False,
    learn: bool = False,
) -> _Episode:
    seen = _joined(world.reset(seed, goal=goal), hot)
    _tell(policy, "begin", world)
    total, at_end = 0.0, False
    while world.steps < world.max_steps:
        action = np.clip(np.asarray(policy(seen), np.float32), -1, 1)
        observation, reward, info = world.step(action)
        total, at_end = total + reward, info.success_at_end
        after = _joined(observation, hot)
        if learn:
            _tell(policy, "learn", seen, action, reward, after, world.steps == world.max_steps)
        seen = after
        if stop and info.success:
            break
    return _Episode(world.success, at_end, total)


def _joined(observation: Observation, hot: Observation | None) -> Observation:
    return observation if hot is None else np.concatenate([observation, hot])


def _tell(policy: Policy, name: str, *arguments: Any) -> None:
    method = getattr(policy, name, None)
    if method is not None:
        method(*arguments)


def _shown(names: tuple[str, ...], progress: bool) -> Iterable[str]:
    return tqdm(names, desc="tasks", unit="task") if progress else names


def _summary(found: Mapping[str, list[_Episode]]) -> Evaluation:
    tasks = {
        name: {
            "success": float(np.mean([e.success for e in played])),
            "success_at_end": float(np.mean([e.success_at_end for e in played])),
            "mean_return": float(np.mean([e.total for e in played])),
        }
        for name, played in found.items()
    }
    over_tasks = {key: float(np.mean([figures[key] for figures in tasks.values()])) for key in ("success", "success_at_end", "mean_return")}
    return Evaluation(**over_tasks, tasks=tasks, episodes=len(next(iter(found.values()))), versions=dict(RobotWorld.versions))
