"""The simplest backend: one environment after the other in this process."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

import gymnasium as gym

from mtenvs.vector.base import BatchedVectorEnv
from mtenvs.vector.layout import Layout, Store
from mtenvs.vector.messages import Factory, Reply, Request, Transport, facts_of
from mtenvs.vector.prepare import offered, prepare
from mtenvs.vector.runner import Runner


class _InProcess(Transport):
    """Requests are carried out one at a time, when someone waits for them."""

    def __init__(self, factories: Sequence[Factory], *, same_step: bool) -> None:
        self.runners = [Runner(make, same_step=same_step) for make in factories]
        self.facts = [facts_of(runner.env) for runner in self.runners]
        self._queue: deque[Request] = deque()
        self._prepares = any(offered(runner.env) for runner in self.runners)
        self._unprepared: list[Request] = []  # the steps among those that came last

    def open(self, layout: Layout, *, copy: bool) -> Store:  # noqa: ARG002 - both from the same memory
        return Store(layout)

    def submit(self, requests: Sequence[Request]) -> None:
        self._queue.extend(requests)
        if self._prepares:
            self._unprepared = [r for r in requests if r.kind == "step"]

    def poll(self, timeout: float | None) -> list[Reply]:  # noqa: ARG002 - nothing is waited for here
        if self._unprepared:
            steps, self._unprepared = self._unprepared, []
            prepare((self.runners[r.env], r.payload) for r in steps)
        if not self._queue:
            return []
        request = self._queue.popleft()
        return [self.runners[request.env].carry_out(request)]

    def close(self) -> None:
        self._queue.clear()
        self._unprepared.clear()
        for runner in self.runners:
            runner.close()


class SyncVectorEnv(BatchedVectorEnv):
    """Environments in this process, one after the other; nothing can be interrupted, so there are no deadlines.

    Args:
        factories: one function without arguments for each environment.
        autoreset: see `BatchedVectorEnv`.
        copy: see `BatchedVectorEnv`.

    Raises:
        UnknownOption: the environments cannot share a batch.
    """

    steps_together = True

    def __init__(self, factories: Sequence[Factory], *, autoreset: str = "disabled", copy: bool = True) -> None:
        self._local = _InProcess(factories, same_step=autoreset == "same_step")
        super().__init__(self._local, autoreset=autoreset, copy=copy)

    @property
    def envs(self) -> list[gym.Env[Any, Any]]:
        """The environments."""
        return [runner.env for runner in self._local.runners]
