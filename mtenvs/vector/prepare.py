"""What a class may do before several of its environments are stepped, such as read what all of them will show in one go."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import gymnasium as gym

from mtenvs.core.wrapping import wrappers_of
from mtenvs.vector.runner import Runner


def offered(env: gym.Env[Any, Any]) -> bool:
    """Whether the environment's class has ``prepare_many``, and no wrapper stands between it and the batch's action."""
    return hasattr(type(env.unwrapped), "prepare_many") and not wrappers_of(env)


def prepare(turns: Iterable[tuple[Runner, Any]]) -> None:
    """Call ``prepare_many(worlds, actions)`` once for each class of which several environments are about to be stepped.

    It must change nothing in what they do. Whatever it raises is dropped: the turn is played without it.

    Args:
        turns: environments and their actions; those whose class offers nothing are left out.
    """
    together: dict[Any, tuple[list[Any], list[Any]]] = {}
    for runner, action in turns:
        if offered(runner.env) and not runner.broken:
            world = runner.env.unwrapped
            worlds, actions = together.setdefault(type(world), ([], []))
            worlds.append(world)
            actions.append(action)
    for kind, (worlds, actions) in together.items():
        if len(worlds) > 1:
            with suppress(Exception):
                kind.prepare_many(worlds, actions)
