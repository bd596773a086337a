"""Drones that play volleyball: one batched world for single drones, pairs and teams."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtenvs.envs.drones.parallel import aec_env, parallel_env

__all__ = ["aec_env", "parallel_env"]


def __getattr__(name: str) -> Any:
    """The PettingZoo environments, imported when used: the rest of the family needs no PettingZoo."""
    if name in __all__:
        return getattr(import_module("mtenvs.envs.drones.parallel"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
