"""The backend of families that bring their own batched engine: whole turns of a batch in one call, in this process."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.vector.base import Arrays
from mtenvs.vector.engine import engine_of, info_rows
from mtenvs.vector.inputs import checked_actions
from mtenvs.vector.messages import Factory
from mtenvs.vector.sync import SyncVectorEnv


class NativeVectorEnv(SyncVectorEnv):
    """Environments of one class that has ``step_many``: `step` plays them together, everything else goes one by one.

    The engine gives what single environments give. Autoreset is disabled, there are no deadlines, and an exception of the engine
    is the caller's.

    Args:
        factories: one function without arguments for each environment.

    Raises:
        UnknownOption: environments without such an engine, made in a way that it does not know, or inside wrappers.
    """

    def __init__(self, factories: Sequence[Factory]) -> None:
        super().__init__(factories)
        engine, odd = engine_of(self.envs)
        if engine is None:
            self.close()
            raise UnknownOption(f"environment {odd} has no batched engine for the way it was made; use another backend")
        self._engine = engine
        self._unread: tuple[list[int], dict[str, Any]] = ([], {})  # infos of the last turn, not yet in `_last`

    def step(self, actions: Any) -> Arrays:
        """Play one turn in every environment whose episode is not over; arguments and errors are those of `BatchedVectorEnv.step`."""
        self._check_open()
        if self._flight or self._ready or self._failed:
            return super().step(actions)
        began = time.perf_counter()
        live, n = sorted(self._live), self.num_envs
        if not live:
            raise ResetNeeded("every episode is over: call reset()")
        acts = checked_actions(actions, range(n), self._forms, () if len(live) == n else set(range(n)) - self._live)
        envs = self.envs
        turn = self._engine([envs[i].unwrapped for i in live], [acts[i] for i in live])
        self._unread = live, turn.infos
        self._env_seconds = time.perf_counter() - began
        self._store.put_all(live, turn.obs)
        rewards, terminated, truncated = np.zeros(n), np.zeros(n, bool), np.zeros(n, bool)
        rewards[live], terminated[live], truncated[live] = turn.rewards, turn.terminated, turn.truncated
        self._live.difference_update(np.flatnonzero(terminated | truncated).tolist())
        mask = np.zeros(n, bool)
        mask[live] = True
        infos = _spread(turn.infos, live, mask)
        infos.update({key: column.copy() for key, column in self._faultless.items()}, _error=mask.copy(), _trainable=mask)
        obs = self._store.batch(None, copy=self.copy)
        self._measure("step", began)
        return obs, rewards, terminated, truncated, infos

    def _begin(self, kind: str, plan: Mapping[int, tuple[int | None, dict[str, Any] | None]]) -> None:
        self._catch_up()
        super()._begin(kind, plan)

    def _play(self, ids: Sequence[int], actions: Sequence[Any]) -> None:
        self._catch_up()
        super()._play(ids, actions)

    def _catch_up(self) -> None:
        """Give each environment its own info of the last turn, which a fault would be reported with."""
        live, columns = self._unread
        if live:
            for i, info in zip(live, info_rows(columns, self._last[live[0]] or {}, len(live)), strict=True):
                self._last[i] = info
            self._unread = [], {}


def _spread(columns: dict[str, Any], rows: list[int], mask: Any) -> dict[str, Any]:
    """Columns of the running environments as columns of all, with Gymnasium's masks."""
    out: dict[str, Any] = {}
    count = len(mask)
    for key, column in columns.items():
        if isinstance(column, dict):
            out[key] = _spread(column, rows, mask)
        elif len(rows) == count:
            out[key] = column
        else:
            out[key] = np.full(count, None, object) if column.dtype == object else np.zeros(count, column.dtype)
            out[key][rows] = column
        out[f"_{key}"] = mask.copy()
    return out
