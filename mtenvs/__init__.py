"""mtenvs: multi-turn environments behind one Gymnasium contract.

`import mtenvs` registers every environment with Gymnasium and imports nothing heavy: families, vector backends and
rollouts are imported when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mtenvs.catalog import CATALOG, EnvCard
from mtenvs.registry import register_envs

if TYPE_CHECKING:
    from mtenvs.registry import make, tasks
    from mtenvs.rollout import evaluate, rollout
    from mtenvs.vector import make_vec

__version__ = "0.1.0"
__all__ = ["EnvCard", "evaluate", "list_envs", "make", "make_vec", "register_envs", "rollout", "tasks"]

_LAZY = {
    "evaluate": "mtenvs.rollout",
    "make": "mtenvs.registry",
    "make_vec": "mtenvs.vector",
    "rollout": "mtenvs.rollout",
    "tasks": "mtenvs.registry",
}


def list_envs(family: str | None = None) -> list[EnvCard]:
    """The cards of all environments, or of one family."""
    return [entry.card for entry in CATALOG if family in (None, entry.family)]


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(importlib.import_module(_LAZY[name]), name)
    raise AttributeError(f"module 'mtenvs' has no attribute {name!r}")


register_envs()
