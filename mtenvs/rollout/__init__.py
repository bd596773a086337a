"""Rollouts, evaluation and the trajectory store.

The package itself is callable, because `mtenvs.rollout` is both the public function and the folder of that name:
``mtenvs.rollout(venv, policy, n)`` works whether or not the package has been imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout.evaluate import Row, evaluate, table
from mtenvs.rollout.replay import Replay, replay
from mtenvs.rollout.run import rollout
from mtenvs.rollout.store import TrajectoryStore

__all__ = ["Replay", "Row", "TrajectoryStore", "evaluate", "replay", "rollout", "table"]


class _CallablePackage(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> list[Trajectory]:
        return rollout(*args, **kwargs)


sys.modules[__name__].__class__ = _CallablePackage
