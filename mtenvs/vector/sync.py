"""The simplest backend: one environment after the other in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array
from numpy.typing import NDArray

from mtenvs.core.errors import ResetNeeded, UnknownOption

Seeds = int | Sequence[int | None] | None
VECTOR_OPTIONS = ("tasks", "group_size", "reset_mask")


class SyncVectorEnv(gym.vector.VectorEnv[Any, Any, Any]):
    """Environments with equal spaces, stepped one after the other.

    Autoreset is disabled: an environment whose episode is over is skipped by `step` (its last observation is repeated,
    reward 0) until `reset` with a ``reset_mask`` starts it again.

    Args:
        factories: one picklable function without arguments for each environment.

    Raises:
        UnknownOption: the environments' spaces differ.
    """

    metadata = {"autoreset_mode": gym.vector.AutoresetMode.DISABLED}

    def __init__(self, factories: Sequence[Callable[[], gym.Env[Any, Any]]]) -> None:
        self.envs = [make() for make in factories]
        self.num_envs = len(self.envs)
        first = self.envs[0]
        self.single_observation_space, self.single_action_space = first.observation_space, first.action_space
        for i, env in enumerate(self.envs):
            if env.observation_space != first.observation_space or type(env.action_space) is not type(first.action_space):
                raise UnknownOption(f"environment {i} has other spaces than environment 0: batch only environments with equal spaces")
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.spec, self.render_mode = first.spec, first.render_mode
        self.metadata = {**first.metadata, **type(self).metadata}
        self._obs: list[Any] = [None] * self.num_envs
        self._live = np.zeros(self.num_envs, bool)

    def reset(self, *, seed: Seeds = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Start episodes.

        Args:
            seed: one for all (environment ``i`` gets ``seed + i``, or ``seed + i // group_size`` in groups), or one for each.
            options: those of the environments, and ``tasks`` (a list of tasks, played in order), ``group_size`` (that many
                copies of each task, with the same seed), ``reset_mask`` (bool ``(num_envs,)``: only these are started).

        Raises:
            UnknownOption: lists of the wrong length.
        """
        own = dict(options or {})
        mask = np.asarray(own.pop("reset_mask", np.ones(self.num_envs, bool)), bool)
        tasks, group = own.pop("tasks", None), int(own.pop("group_size", 1))
        if mask.shape != (self.num_envs,) or group < 1 or (tasks is not None and not len(tasks)):
            raise UnknownOption(
                f"reset_mask has one flag for each of the {self.num_envs} environments, group_size is >= 1, tasks not empty"
            )
        if seed is None or isinstance(seed, (int, np.integer)):
            seeds = [None if seed is None else int(seed) + i // group for i in range(self.num_envs)]
        else:
            seeds = [None if s is None else int(s) for s in seed]
        if len(seeds) != self.num_envs:
            raise UnknownOption(f"{len(seeds)} seeds for {self.num_envs} environments; give one for each")
        infos: dict[str, Any] = {}
        for i in np.flatnonzero(mask):
            chosen = {**own, "task": tasks[i // group % len(tasks)]} if tasks is not None else own
            self._obs[i], info = self.envs[i].reset(seed=seeds[i], options=chosen or None)
            infos = self._add_info(infos, info, int(i))
        if any(o is None for o in self._obs):
            raise ResetNeeded("the first reset must start every environment; leave reset_mask out")
        self._live |= mask
        return self._batch(), infos

    def step(self, actions: Any) -> tuple[Any, NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play one turn in every environment whose episode is not over.

        Args:
            actions: one for each environment; those of ended ones are not looked at.

        Raises:
            ResetNeeded: no episode is running.
            UnknownOption: not one action for each.
        """
        if not self._live.any():
            raise ResetNeeded("every episode is over: call reset()")
        acts = list(actions)
        if len(acts) != self.num_envs:
            raise UnknownOption(f"{len(acts)} actions for {self.num_envs} environments; give one for each")
        rewards = np.zeros(self.num_envs)
        terminated, truncated = np.zeros(self.num_envs, bool), np.zeros(self.num_envs, bool)
        infos: dict[str, Any] = {}
        for i in np.flatnonzero(self._live):
            self._obs[i], rewards[i], terminated[i], truncated[i], info = self.envs[i].step(acts[i])
            infos = self._add_info(infos, info, int(i))
        self._live &= ~(terminated | truncated)
        return self._batch(), rewards, terminated, truncated, infos

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """Call a method, or read an attribute, of every unwrapped environment."""
        found = [getattr(env.unwrapped, name) for env in self.envs]
        return tuple(f(*args, **kwargs) if callable(f) else f for f in found)

    def call_one(self, index: int, name: str, *args: Any) -> Any:
        """Call a method of one unwrapped environment."""
        return getattr(self.envs[index].unwrapped, name)(*args)

    def render(self) -> tuple[Any, ...] | None:
        """A picture of every environment; None without a render mode."""
        return tuple(env.render() for env in self.envs) if self.render_mode is not None else None

    def close_extras(self, **kwargs: Any) -> None:  # noqa: ARG002 - Gymnasium's signature
        """Close every environment."""
        for env in self.envs:
            env.close()

    def _batch(self) -> Any:
        space = self.single_observation_space
        out: Any = create_empty_array(space, self.num_envs, fn=np.empty)
        return concatenate(space, self._obs, out)
