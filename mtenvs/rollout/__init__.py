"""Rollouts, evaluation and the trajectory store.

The package itself is callable, because `mtenvs.rollout` is both the public function and the folder of that name:
``mtenvs.rollout(venv, policy, n)`` works whether or not the package has been imported before.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout.evaluate import Failed, Prices, Report, Row, evaluate, report
from mtenvs.rollout.export import rl_rows, sft_rows, write_jsonl, write_parquet
from mtenvs.rollout.replay import Replay, replay
from mtenvs.rollout.rewrap import WrapperNeeded
from mtenvs.rollout.run import Interrupted, rollout
from mtenvs.rollout.store import StoreWriteError, TrajectoryStore
from mtenvs.rollout.tables import table, to_json, to_markdown

__all__ = [
    "Failed",
    "Interrupted",
    "Prices",
    "Replay",
    "Report",
    "Row",
    "StoreWriteError",
    "TrajectoryStore",
    "WrapperNeeded",
    "evaluate",
    "replay",
    "report",
    "rl_rows",
    "rollout",
    "sft_rows",
    "table",
    "to_json",
    "to_markdown",
    "write_jsonl",
    "write_parquet",
]


class _CallablePackage(ModuleType):
    def __call__(self, *args: Any, **kwargs: Any) -> list[Trajectory]:
        return rollout(*args, **kwargs)


sys.modules[__name__].__class__ = _CallablePackage
