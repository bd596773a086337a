"""Policies that need no model: random, idle, oracle, near miss and replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import gymnasium as gym

from mtenvs.core.errors import UnknownOption, did_you_mean


class Policy(Protocol):
    """A batch of observations in, one action for each environment out.

    A plain function will do; `reset`, where there is one, is told which environments start a new episode.
    """

    def __call__(self, obs: Any, /) -> Sequence[Any]:
        """The actions, in the order of the environments."""
        ...


class _EnvPolicy:
    """A policy that asks the environments themselves, so it works only where they are in this process."""

    name = ""

    def __init__(self, venv: Any) -> None:
        self.venv = venv

    def reset(self, env_ids: Sequence[int]) -> None:
        """Forget what belongs to the old episodes of these environments."""

    def __call__(self, obs: Any, /) -> list[Any]:  # noqa: ARG002 - looks at the environments instead
        """The actions of all environments."""
        return [self._act(i) for i in range(self.venv.num_envs)]

    def _act(self, index: int) -> Any:
        raise NotImplementedError

    def _env(self, index: int) -> Any:
        return self.venv.envs[index].unwrapped


class RandomPolicy:
    """Draws from the action space, and from the legal actions where the observation has a mask for a discrete space.

    Args:
        venv: the batch.
        seed: of the draws.
    """

    name = "random"

    def __init__(self, venv: Any, seed: int = 0) -> None:
        self._space = venv.single_action_space
        self._num_envs = venv.num_envs
        self._space.seed(seed)

    def __call__(self, obs: Any, /) -> list[Any]:
        """One sample for each environment."""
        masks = obs.get("action_mask") if isinstance(obs, dict) and isinstance(self._space, gym.spaces.Discrete) else None
        if masks is None:
            return [self._space.sample() for _ in range(self._num_envs)]
        return [self._space.sample(mask.astype("int8")) for mask in masks]


class OraclePolicy(_EnvPolicy):
    """Plays each environment's own oracle."""

    name = "oracle"

    def _act(self, index: int) -> Any:
        env = self._env(index)
        return env.next_oracle_action() if env.running else env.idle_action()


class IdlePolicy(_EnvPolicy):
    """Only passes time."""

    name = "idle"

    def _act(self, index: int) -> Any:
        return self._env(index).idle_action()


class NearMissPolicy(_EnvPolicy):
    """Plays what looks like a solution and is not one."""

    name = "near-miss"

    def __init__(self, venv: Any) -> None:
        super().__init__(venv)
        self._plans: dict[int, Iterator[Any]] = {}

    def reset(self, env_ids: Sequence[int]) -> None:
        """Start the plans of these environments anew."""
        for i in env_ids:
            self._plans.pop(i, None)

    def _act(self, index: int) -> Any:
        env = self._env(index)
        if not env.running:
            return env.idle_action()
        plan = self._plans.setdefault(index, env.near_miss())
        action = next(plan, None)
        return env.idle_action() if action is None else action


class ReplayPolicy:
    """Plays recorded actions, the same in every environment.

    Args:
        actions: in order; after the last one the policy raises IndexError.
        num_envs: how many environments follow them.
    """

    name = "replay"

    def __init__(self, actions: Sequence[Any], num_envs: int = 1) -> None:
        self._actions, self._num_envs, self._next = list(actions), num_envs, 0

    def reset(self, env_ids: Sequence[int]) -> None:  # noqa: ARG002 - all of them together
        """Begin again."""
        self._next = 0

    def __call__(self, obs: Any, /) -> list[Any]:  # noqa: ARG002 - the actions are fixed
        """The next recorded action."""
        self._next += 1
        return [self._actions[self._next - 1]] * self._num_envs


_BY_NAME: dict[str, Callable[[Any], Any]] = {
    "random": RandomPolicy,
    "oracle": OraclePolicy,
    "idle": IdlePolicy,
    "near-miss": NearMissPolicy,
}


def named_policy(name: str, venv: Any) -> Any:
    """One of the policies above by its name.

    Raises:
        UnknownOption: there is none of that name.
    """
    if name not in _BY_NAME:
        raise UnknownOption(f"there is no policy {name!r}: {did_you_mean(name, _BY_NAME)}")
    return _BY_NAME[name](venv)
