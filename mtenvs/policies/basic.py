"""Policies that need no model: random, idle, oracle, near miss and replay."""

from __future__ import annotations

import copy
import importlib
import inspect
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import gymnasium as gym
import numpy as np

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.policies.asking import ask


class Policy(Protocol):
    """A batch of observations in, one action, or `mtenvs.core.trajectory.Reply`, for each environment out.

    A plain function will do; `reset`, where there is one, is told which environments start a new episode. A policy that takes
    ``env_ids`` can be asked about some of the environments: the rows of the observations are then those of ``env_ids``.
    """

    def __call__(self, obs: Any, /) -> Sequence[Any]:
        """The actions, in the order of the environments."""
        ...


class _EnvPolicy:
    """A policy that asks the environments themselves, through the batch's ``call_one`` where they run elsewhere."""

    name = ""

    def __init__(self, venv: Any) -> None:
        self.venv = venv

    def reset(self, env_ids: Sequence[int]) -> None:
        """Forget what belongs to the old episodes of these environments."""

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Any]:  # noqa: ARG002 - looks at the environments instead
        """The actions of these environments, or of all; where the episode is over, one that only passes time."""
        if env_ids is not None:
            return [self._act(int(i)) for i in env_ids]
        return [self._act(i) if self._ask(i, "running") else self._ask(i, "idle_action") for i in range(self.venv.num_envs)]

    def _act(self, index: int) -> Any:
        raise NotImplementedError

    def _ask(self, index: int, name: str) -> Any:
        return ask(self.venv, index, name)


class RandomPolicy:
    """Draws from the action space, and from the legal actions where the observation has a mask for a discrete space.

    What is drawn depends on the seed, the seed of the episode and the turn alone: which environment plays an episode, where
    it runs and who is ready first make no difference. Episodes of one seed, such as the copies of a group, are told apart by
    the order in which this policy began them. Environments that do not tell their ``episode_seed`` go by their number instead.

    Args:
        venv: the batch.
        seed: of the draws; at least 0.

    Raises:
        UnknownOption: a negative seed.
    """

    name = "random"

    def __init__(self, venv: Any, seed: int = 0) -> None:
        if seed < 0:
            raise UnknownOption(f"seed={seed} of the random policy is at least 0")
        self._venv, self._seed = venv, seed
        self._space = copy.deepcopy(venv.single_action_space)  # it is seeded for every draw
        self._episodes: dict[int, tuple[int, ...]] = {}  # environment -> what tells its episode from others
        self._turns: Counter[int] = Counter()
        self._begun: Counter[int] = Counter()  # episodes of each seed

    def reset(self, env_ids: Sequence[int]) -> None:
        """These environments begin new episodes."""
        for i in map(int, env_ids):
            self._turns[i] = 0
            try:
                of = int(ask(self._venv, i, "episode_seed"))
            except AttributeError:
                self._episodes[i] = (1, i)
            else:
                self._episodes[i] = (0, of, self._begun[of])
                self._begun[of] += 1

    def __call__(self, obs: Any, /, env_ids: Sequence[int] | None = None) -> list[Any]:
        """One sample for each environment."""
        envs = range(self._venv.num_envs) if env_ids is None else [int(i) for i in env_ids]
        self.reset([i for i in envs if i not in self._episodes])
        masks = obs.get("action_mask") if isinstance(obs, dict) and isinstance(self._space, gym.spaces.Discrete) else None
        return [self._draw(i, None if masks is None else masks[row]) for row, i in enumerate(envs)]

    def _draw(self, env: int, mask: Any) -> Any:
        self._turns[env] += 1
        mixed = np.random.SeedSequence([self._seed, self._turns[env], *self._episodes[env]])
        self._space.seed(int(mixed.generate_state(1, np.uint64)[0]))
        return self._space.sample() if mask is None else self._space.sample(mask.astype("int8"))


class OraclePolicy(_EnvPolicy):
    """Plays each environment's own oracle."""

    name = "oracle"

    def _act(self, index: int) -> Any:
        return self._ask(index, "next_oracle_action")


class IdlePolicy(_EnvPolicy):
    """Only passes time."""

    name = "idle"

    def _act(self, index: int) -> Any:
        return self._ask(index, "idle_action")


class NearMissPolicy(_EnvPolicy):
    """Plays what looks like a solution and is not one; only for environments in this process, as its plan is a generator."""

    name = "near-miss"

    def __init__(self, venv: Any) -> None:
        if not hasattr(venv, "envs"):
            raise UnknownOption("the near-miss policy needs its environments in this process: use backend='sync'")
        super().__init__(venv)
        self._plans: dict[int, Iterator[Any]] = {}

    def reset(self, env_ids: Sequence[int]) -> None:
        """Start the plans of these environments anew."""
        for i in env_ids:
            self._plans.pop(i, None)

    def _act(self, index: int) -> Any:
        if index not in self._plans:
            self._plans[index] = self._ask(index, "near_miss")
        action = next(self._plans[index], None)
        return self._ask(index, "idle_action") if action is None else action


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


_BY_NAME: dict[str, str] = {
    "random": "mtenvs.policies.basic:RandomPolicy",
    "oracle": "mtenvs.policies.basic:OraclePolicy",
    "idle": "mtenvs.policies.basic:IdlePolicy",
    "near-miss": "mtenvs.policies.basic:NearMissPolicy",
    "seeing": "mtenvs.policies.seeing:seeing_policy",  # needs the extra ocr
    "human": "mtenvs.policies.human:HumanPolicy",  # needs pillow
    "chat": "mtenvs.policies.chat:ChatPolicy",  # needs httpx
}


def named_policy(name: str, venv: Any, **options: Any) -> Any:
    """One of the policies by its name.

    Args:
        name: ``"random"``, ``"oracle"``, ``"idle"``, ``"near-miss"``, ``"seeing"``, ``"human"`` or ``"chat"``.
        venv: the batch that it plays.
        options: keywords of the policy's class; ``"chat"`` needs ``base_url`` and ``model``.

    Raises:
        UnknownOption: there is none of that name, or it does not take these keywords.
        MissingRequirement: it needs a package that is not installed.
    """
    if name not in _BY_NAME:
        raise UnknownOption(f"there is no policy {name!r}: {did_you_mean(name, _BY_NAME)}")
    module, _, of = _BY_NAME[name].partition(":")
    cls = getattr(importlib.import_module(module), of)
    try:
        inspect.signature(cls).bind(venv, **options)
    except TypeError as e:
        raise UnknownOption(f"keywords of the policy {name!r}: {e}; it takes {', '.join(inspect.signature(cls).parameters)}") from None
    return cls(venv, **options)
