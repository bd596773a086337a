"""Wrap an environment again as a recording says.

A recording may come from anywhere, so it does not choose what is run: a name must be that of a Gymnasium wrapper, in mtenvs, in
Gymnasium or in a module that this program has imported already, and a wrapper that runs code is left to who replays.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.errors import MtenvsError
from mtenvs.core.wrapping import WATCHERS

_ADVICE: Final = "replay(..., wrappers=[...]), one function for each wrapper, from the environment to the wrapped one"
Wrap = Callable[[Any], "gym.Env[Any, Any]"]
_IMPORTED: Final = ("mtenvs", "gymnasium")  # packages whose modules a recording may have imported


class WrapperNeeded(MtenvsError, ValueError):
    """A recording was made through a wrapper that it cannot make again; the message names it and says what to pass."""


def again(wrappers: Sequence[Mapping[str, Any]]) -> list[Wrap]:
    """Functions that wrap an environment as it was recorded, the innermost first.

    Args:
        wrappers: as in `Trajectory.wrappers`.

    Raises:
        WrapperNeeded: one of them cannot be made again, or may not be by a recording alone.
    """
    try:
        names = ", ".join(str(w["name"]) for w in wrappers)
        wanted = [(str(w["name"]), w["kwargs"], str(w.get("why", ""))) for w in wrappers]
    except (AttributeError, KeyError, TypeError) as e:
        raise WrapperNeeded(f"the recording's wrappers are not in their form ({type(e).__name__}: {e}); pass {_ADVICE}") from None
    made = [_wrap(name, kwargs, why, names) for name, kwargs, why in wanted]
    return [wrap for wrap in made if wrap is not None]


def _wrap(name: str, kwargs: Any, why: str, names: str) -> Wrap | None:
    """How to wrap in one of them; None for a watcher, which is never recorded and not needed."""
    if not isinstance(kwargs, dict):
        raise _needed(name, why or "the recording has no arguments for it", names)
    try:
        kind = _found(name)
    except (ImportError, AttributeError, ValueError) as e:
        raise _needed(name, str(e), names) from None
    if f"{kind.__module__}:{kind.__qualname__}" in WATCHERS:
        return None
    refusal = getattr(kind, "replay_refusal", "")
    if refusal:
        raise _needed(name, refusal, names)
    return partial(_made, kind, kwargs, name, names)


def _found(name: str) -> Any:
    module, _, path = name.partition(":")
    if module not in sys.modules:
        if module.partition(".")[0] not in _IMPORTED:
            raise ValueError(f"its module {module!r} is not imported in this program: import it first (mtenvs replay --import {module})")
        importlib.import_module(module)
    kind: Any = sys.modules[module]
    for part in path.split("."):
        kind = getattr(kind, part)
    if isinstance(kind, type) and issubclass(kind, gym.Wrapper):
        return kind
    raise ValueError("it is no wrapper of Gymnasium")


def _made(kind: Any, kwargs: dict[str, Any], name: str, names: str, env: Any) -> gym.Env[Any, Any]:
    try:
        wrapped: gym.Env[Any, Any] = kind(env, **kwargs)
    except MtenvsError:
        raise
    except Exception as e:
        raise _needed(name, f"it does not take the recorded arguments {kwargs} ({type(e).__name__}: {e})", names) from e
    return wrapped


def _needed(name: str, why: str, names: str) -> WrapperNeeded:
    return WrapperNeeded(f"the recording was made through {name}, which cannot be made again from it: {why}. Pass {_ADVICE}: {names}")
