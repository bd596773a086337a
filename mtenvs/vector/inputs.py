"""What callers hand to a batch, checked and spread over its environments."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import batch_space, iterate

from mtenvs.core.actions import CallText
from mtenvs.core.errors import UnknownOption
from mtenvs.core.spaces import UText

Seeds = int | Sequence[int | None] | None
_VECTOR_OPTIONS = ("tasks", "group_size", "reset_mask")


def plan_resets(seed: Seeds, options: Mapping[str, Any] | None, count: int) -> dict[int, tuple[int | None, dict[str, Any] | None]]:
    """Seed and options of each environment that is to be reset; see `BatchedVectorEnv.reset`.

    Raises:
        UnknownOption: lists of the wrong length.
    """
    own = {k: v for k, v in (options or {}).items() if k not in _VECTOR_OPTIONS}
    given = options or {}
    mask = np.asarray(given.get("reset_mask", np.ones(count, bool)))
    tasks, group = given.get("tasks"), int(given.get("group_size", 1))
    if mask.dtype != np.bool_ or mask.shape != (count,) or group < 1 or (tasks is not None and not len(tasks)):
        raise UnknownOption(f"reset_mask has one flag for each of the {count} environments, group_size is >= 1, tasks not empty")
    if seed is None or isinstance(seed, (int, np.integer)):
        seeds = [None if seed is None else int(seed) + i // group for i in range(count)]
    else:
        seeds = [None if s is None else int(s) for s in seed]
    if len(seeds) != count:
        raise UnknownOption(f"{len(seeds)} seeds for {count} environments; give one for each")
    plan = {}
    for i in np.flatnonzero(mask).tolist():
        chosen = {**own, "task": tasks[i // group % len(tasks)]} if tasks is not None else own
        plan[i] = seeds[i], chosen or None
    return plan


def checked_ids(env_ids: Iterable[Any] | None, count: int) -> list[int]:
    """Indices of environments; None means all.

    Raises:
        UnknownOption: an index that does not exist, or twice the same.
    """
    if env_ids is None:
        return list(range(count))
    ids = list(env_ids)
    for i in ids:
        if isinstance(i, (bool, np.bool_)) or not isinstance(i, (int, np.integer)) or not 0 <= i < count:
            raise UnknownOption(f"there is no environment {i!r} in this batch; ids go from 0 to {count - 1}")
    if len(set(ids)) != len(ids):
        raise UnknownOption(f"env_ids={ids} names an environment twice; one action each")
    return [int(i) for i in ids]


class ActionForm:
    """The form of an action in one environment; looked at once, because checks run for every turn.

    Args:
        space: of its actions.
    """

    def __init__(self, space: gym.Space[Any]) -> None:
        self.space = space
        self.text, self.call = isinstance(space, UText), isinstance(space, CallText)
        self.array = isinstance(space, (spaces.Box, spaces.MultiDiscrete, spaces.MultiBinary))
        self.number = isinstance(space, spaces.Discrete)
        self.nested = isinstance(space, (spaces.Dict, spaces.Tuple))

    def check(self, action: Any, index: int) -> Any:
        """The action, as an array where the space is one.

        Raises:
            UnknownOption: it is no action at all.
        """
        if self.text:
            if type(action) is str or isinstance(action, str) or (self.call and isinstance(action, Mapping)):
                return action
            raise UnknownOption(f"the action of environment {index} is text, or a tool call in a dict; not {type(action).__name__}")
        if self.array:
            return self._array(action, index)
        if self.number and (np.ndim(action) != 0 or np.asarray(action).dtype.kind not in "iu"):
            raise UnknownOption(f"the action of environment {index} is a whole number, not {action!r}")
        return action

    def _array(self, action: Any, index: int) -> Any:
        try:
            array = np.asarray(action)
        except ValueError as e:
            raise UnknownOption(f"the action of environment {index} is ragged: {e}") from e
        if array.shape != self.space.shape or array.dtype.kind not in "biuf":
            raise UnknownOption(
                f"the action of environment {index} has shape {array.shape} and type {array.dtype}, its space is {self.space}"
            )
        return array


def checked_actions(actions: Any, env_ids: Sequence[int], forms: Sequence[ActionForm], skip: Container[int] = ()) -> list[Any]:
    """One action for each of ``env_ids``.

    Args:
        actions: a sequence, an array with one row each, or what Gymnasium batches dictionary actions into.
        env_ids: which environments they are for.
        forms: of the actions of each environment of the batch.
        skip: environments whose action is not looked at.

    Raises:
        UnknownOption: not one for each, or one that is no action at all in its environment.
    """
    if isinstance(actions, (str, bytes)):
        raise UnknownOption("actions is one string; give a list with one action for each environment")
    if forms[0].nested and not isinstance(actions, list):
        acts = list(iterate(batch_space(forms[0].space, len(env_ids)), actions))
    else:
        try:
            acts = list(actions)
        except TypeError as e:
            raise UnknownOption(f"actions is a sequence with one action for each environment, not {type(actions).__name__}") from e
    if len(acts) != len(env_ids):
        raise UnknownOption(f"{len(acts)} actions for {len(env_ids)} environments; give one for each")
    for k, i in enumerate(env_ids):
        if i not in skip:
            acts[k] = forms[i].check(acts[k], i)
    return acts
