"""Batched engines that families bring: whole turns of many environments of one class in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import gymnasium as gym
import numpy as np

StepMany = Callable[[Sequence[Any], Sequence[Any]], Any]
_HOLLOW: Final = (gym.wrappers.OrderEnforcing, gym.wrappers.PassiveEnvChecker)  # they change nothing in what a step gives


def engine_of(envs: Sequence[gym.Env[Any, Any]]) -> tuple[StepMany | None, int]:
    """The class's ``step_many``, which is called with unwrapped environments and their actions.

    Returns:
        The engine, or None and the index of the first environment that does not fit: of another class than the first, made in a
        way that its class's ``fits_batch`` denies, or inside a wrapper that the engine would go around.
    """
    kind = type(envs[0].unwrapped)
    for i, env in enumerate(envs):
        world: Any = env.unwrapped
        if type(world) is not kind or not getattr(world, "fits_batch", lambda: False)() or not _bare(env):
            return None, i
    engine: StepMany = kind.step_many  # type: ignore[attr-defined]  # whoever has fits_batch has it
    return engine, -1


def info_rows(columns: dict[str, Any], like: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """The infos of ``count`` environments, from an engine's columns; ``like`` is one of them, for the types of the values."""
    if not columns:
        return [{} for _ in range(count)]
    lists: list[Any] = []
    for key, column in columns.items():
        if isinstance(column, dict):
            lists.append(info_rows(column, like.get(key, {}), count))
        else:
            lists.append(list(column) if isinstance(like.get(key), np.generic) else column.tolist())
    keys = tuple(columns)
    return [dict(zip(keys, values, strict=True)) for values in zip(*lists, strict=True)]


def _bare(env: gym.Env[Any, Any]) -> bool:
    while isinstance(env, gym.Wrapper):
        if type(env) not in _HOLLOW:
            return False
        env = env.env
    return True
