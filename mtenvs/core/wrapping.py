"""The wrappers around an environment as data, so that a recording can say what it was played through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import gymnasium as gym
import numpy as np

WATCHERS: Final = frozenset(
    f"gymnasium.wrappers.{name}"
    for name in (
        "common:OrderEnforcing",
        "common:PassiveEnvChecker",
        "common:RecordEpisodeStatistics",
        "rendering:HumanRendering",
        "rendering:RecordVideo",
        "rendering:RenderCollection",
    )
)
"""Wrappers that change no observation, no reward and no end: nobody needs them to play an episode again."""


class _NoJsonError(ValueError):
    """A value that would not come back from JSON as it was."""


def wrappers_of(env: gym.Env[Any, Any]) -> list[dict[str, Any]]:
    """The wrappers of an environment, the innermost first; those in `WATCHERS` are left out.

    Each is ``{"name": "module:Class", "kwargs": {...}}`` with the keywords that the wrapper left with Gymnasium's
    `RecordConstructorArgs`. Where it left none, or some that JSON cannot carry, ``kwargs`` is None and ``why`` says so.

    Args:
        env: the environment, in its wrappers.
    """
    found = []
    while isinstance(env, gym.Wrapper):
        name = f"{type(env).__module__}:{type(env).__qualname__}"
        if name not in WATCHERS:
            found.append(wrapper_entry(name, vars(env).get("_saved_kwargs")))  # what Gymnasium's own `Wrapper.spec` reads
        env = env.env
    return found[::-1]


def wrapper_entry(name: str, kwargs: Mapping[str, Any] | None) -> dict[str, Any]:
    """One entry of `wrappers_of`.

    Args:
        name: ``module:Class``.
        kwargs: of its constructor, without ``env``; None where it did not record them.
    """
    if kwargs is None:
        return {"name": name, "kwargs": None, "why": "it does not record its arguments (gymnasium.utils.RecordConstructorArgs)"}
    try:
        return {"name": name, "kwargs": {key: _plain(key, value) for key, value in kwargs.items() if key != "env"}}
    except _NoJsonError as e:
        return {"name": name, "kwargs": None, "why": str(e)}


def _plain(key: str, value: Any) -> Any:
    """A value as JSON gives it back; a tuple becomes a list."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value) in (str, int, float, bool):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(key, v) for v in value]
    if isinstance(value, dict) and all(type(k) is str for k in value):
        return {k: _plain(key, v) for k, v in value.items()}
    what = "a dict with keys that are no text" if isinstance(value, dict) else f"a {type(value).__name__}"
    raise _NoJsonError(f"JSON cannot carry its argument {key!r}, {what}")
