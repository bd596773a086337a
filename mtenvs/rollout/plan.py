"""Which episodes are to be played, and which of them a store has already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task
from mtenvs.core.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Planned:
    """One episode to play.

    Args:
        index: place in the result.
        seed: of the episode.
        task: a task, its id or several to compose; None lets the environment draw one by the seed.
    """

    index: int
    seed: int
    task: Any = None

    @property
    def task_id(self) -> str | None:
        """The id that info will carry; None where the environment draws the task."""
        return _task_id(self.task)


def plan(n: int, *, seed: int = 0, tasks: Sequence[Any] | None = None, group_size: int = 1) -> list[Planned]:
    """``n`` episodes: episode ``k`` is of group ``g = k // group_size``, with seed ``seed + g`` and task ``g mod len(tasks)``.

    Raises:
        UnknownOption: no episodes, no tasks or no group.
    """
    if n < 1 or group_size < 1 or (tasks is not None and not len(tasks)):
        raise UnknownOption(f"rollout needs n >= 1, group_size >= 1 and tasks=None or some tasks; not n={n}, group_size={group_size}")
    groups = [k // group_size for k in range(n)]
    return [Planned(k, seed + g, tasks[g % len(tasks)] if tasks is not None else None) for k, g in enumerate(groups)]


def already_played(
    wanted: Sequence[Planned], stored: Iterable[Trajectory], description: Sequence[dict[str, Any]], policy: str
) -> dict[int, Trajectory]:
    """The episodes that need not be played again, by their place.

    A stored episode counts when environment, keywords, wrappers, policy, seed and task are those of the plan and no error ended it;
    one that an error ended is played again. Equal episodes, such as a group's copies, count once each.

    Args:
        wanted: the plan.
        stored: what there is.
        description: ``env_id``, ``make_kwargs`` and ``wrappers`` of each environment of the batch, see `Assignment`.
        policy: its name.
    """
    have: dict[str, list[Trajectory]] = {}
    for trajectory in stored:
        if not trajectory.failed and trajectory.policy == policy:
            for task in (trajectory.task_id, None):
                played = {"env_id": trajectory.env_id, "make_kwargs": trajectory.make_kwargs, "wrappers": trajectory.wrappers}
                key = _key(played, trajectory.seed, task)
                have.setdefault(key, []).append(trajectory)
    found: dict[int, Trajectory] = {}
    for episode in wanted:
        env = description[episode.index % len(description)]
        known = have.get(_key(env, episode.seed, episode.task_id), [])
        if known:
            found[episode.index] = known.pop(0)
    return found


def _task_id(task: Any) -> str | None:
    if task is None or isinstance(task, str):
        return task
    return task.id if isinstance(task, Task) else "+".join(str(_task_id(part)) for part in task)


def _key(description: dict[str, Any], seed: int, task: str | None) -> str:
    return json.dumps([description, seed, task], sort_keys=True)


class Assignment:
    """Hands the planned episodes to environments as they become free.

    In a batch of equal environments any of them takes the next episode. In a batch of different ones environment ``i``
    plays episodes ``i, i + num_envs, ...``, so that which world an episode is played in does not depend on who was faster.

    Args:
        wanted: the episodes that are still to be played.
        description: ``env_id``, ``make_kwargs`` and ``wrappers`` of each environment of the batch.
    """

    def __init__(self, wanted: Iterable[Planned], description: Sequence[dict[str, Any]]) -> None:
        self._lanes = len(description) if any(d != description[0] for d in description) else 1
        self._queues: list[list[Planned]] = [[] for _ in range(self._lanes)]
        for episode in wanted:
            self._queues[episode.index % self._lanes].append(episode)
        for queue in self._queues:
            queue.reverse()

    def next_for(self, env: int) -> Planned | None:
        """The next episode of this environment; None when it has no more to do."""
        queue = self._queues[env % self._lanes]
        return queue.pop() if queue else None
