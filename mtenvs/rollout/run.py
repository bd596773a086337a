"""`rollout`: play episodes with a policy and keep what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mtenvs.core.trajectory import Trajectory, Turn, jsonable
from mtenvs.rollout.store import TrajectoryStore

Progress = Callable[[Trajectory], None]


def rollout(
    venv: Any,
    policy: Callable[[Any], Sequence[Any]],
    n: int,
    *,
    seed: int = 0,
    tasks: Sequence[Any] | None = None,
    store: TrajectoryStore | None = None,
    on_episode: Progress | None = None,
    on_step: Callable[[int], None] | None = None,
) -> list[Trajectory]:
    """Play ``n`` episodes.

    Args:
        venv: a batch with autoreset disabled, such as `mtenvs.make_vec` gives.
        policy: from a batch of observations to one action for each environment; ``policy.reset(env_ids)`` is called if it exists.
        n: how many episodes.
        seed: episode ``k`` is played with ``seed + k``.
        tasks: episode ``k`` plays task ``k mod len(tasks)``; None lets the environments choose.
        store: where each finished episode is written, pictures included.
        on_episode: called with each finished episode.
        on_step: called with the index of the environment after each of its turns, for recording pictures.

    Returns:
        The episodes in the order of their seeds.
    """
    done: dict[int, Trajectory] = {}
    running: dict[int, tuple[int, Trajectory]] = {}
    queue = list(range(n))
    obs = None
    while len(done) < n:
        idle = [i for i in range(venv.num_envs) if i not in running][: len(queue)]
        if idle:
            begun = {i: queue.pop(0) for i in idle}
            obs = _start(venv, policy, begun, running, seed, tasks, everything=obs is None)
        actions = list(policy(obs))
        before = obs
        obs, rewards, terminated, truncated, infos = venv.step(actions)
        for i, (k, trajectory) in list(running.items()):
            trajectory.turns.append(_turn(before, actions[i], rewards[i], infos, i, store))
            if on_step is not None:
                on_step(i)
            if terminated[i] or truncated[i]:
                trajectory.verdict, trajectory.stop_reason = infos["verdict"][i], str(infos["stop_reason"][i])
                del running[i]
                done[k] = trajectory
                if store is not None:
                    store.append(trajectory)
                if on_episode is not None:
                    on_episode(trajectory)
    return [done[k] for k in range(n)]


def _start(
    venv: Any,
    policy: Any,
    begun: dict[int, int],
    running: dict[int, tuple[int, Trajectory]],
    seed: int,
    tasks: Sequence[Any] | None,
    *,
    everything: bool,
) -> Any:
    """Start episode ``begun[i]`` in environment ``i``; the first time every environment is reset, as Gymnasium wants."""
    seeds: list[int | None] = [None] * venv.num_envs
    chosen: list[Any] = [tasks[0] if tasks else None] * venv.num_envs
    mask = np.full(venv.num_envs, everything)
    for i, k in begun.items():
        seeds[i], mask[i] = seed + k, True
        if tasks is not None:
            chosen[i] = tasks[k % len(tasks)]
        running[i] = (k, Trajectory("", {}, "", seed + k, policy=str(getattr(policy, "name", ""))))
    options: dict[str, Any] = {"reset_mask": mask} if tasks is None else {"reset_mask": mask, "tasks": chosen}
    obs, infos = venv.reset(seed=seeds, options=options)
    reset = getattr(policy, "reset", None)
    if reset is not None:
        reset(list(begun))
    for i in begun:
        trajectory = running[i][1]
        trajectory.env_id, trajectory.task_id = str(infos["env_id"][i]), str(infos["task_id"][i])
        trajectory.start_anchor = str(infos["anchor"][i])
        trajectory.make_kwargs = _make_kwargs(venv, i)
        trajectory.goal = obs["goal"][i] if "goal" in obs else ""
        trajectory.versions = dict(venv.call_one(i, "versions"))
    return obs


def _make_kwargs(venv: Any, index: int) -> dict[str, Any]:
    spec = venv.envs[index].spec
    kwargs = {} if spec is None else dict(spec.kwargs)
    return {k: jsonable(v) for k, v in kwargs.items() if isinstance(v, (str, int, float, bool, list, tuple, type(None)))}


def _turn(obs: Any, action: Any, reward: Any, infos: dict[str, Any], i: int, store: TrajectoryStore | None) -> Turn:
    images = [] if store is None or "image" not in obs else [store.save_image(obs["image"][i])]
    error = infos["action_error"][i]
    return Turn(
        text=obs["text"][i] if "text" in obs else "",
        images=images,
        action=action,
        parsed=str(infos["action"][i]),
        reward=float(reward),
        components={k: float(v[i]) for k, v in infos["reward_components"].items() if not k.startswith("_")},
        error=None if error is None else error.to_dict(),
        anchor=str(infos["anchor"][i]),
        trainable=str(infos["stop_reason"][i]) != "env_error",
    )
