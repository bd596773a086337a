"""Environments in threads: for those that wait for a network, a browser or another program most of the time."""

from __future__ import annotations

import queue
import threading
import time
import traceback
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from mtenvs.vector.base import BatchedVectorEnv
from mtenvs.vector.layout import Layout, Store
from mtenvs.vector.messages import Deadlines, Factory, Facts, Reply, Request, Transport, facts_of
from mtenvs.vector.prepare import offered, prepare
from mtenvs.vector.runner import Runner

_GRACE: Final = 3.0  # seconds that closing waits for environments that are busy
_LATE: Final = 1.0  # seconds between looks at the clock when nothing has a deadline


class ThreadVectorEnv(BatchedVectorEnv):
    """Environments in this process, each in a thread of its own.

    A thread cannot be killed: an environment that misses its deadline is left to itself, its late reply is dropped, and a new one
    takes its place in a new thread.

    Args:
        factories: one function without arguments for each environment; each is called in its thread.
        autoreset: see `BatchedVectorEnv`.
        copy: see `BatchedVectorEnv`.
        step_timeout: seconds that one step may take; None for as long as it takes.
        reset_timeout: the same for a reset.

    Raises:
        UnknownOption: the environments cannot share a batch, or a timeout is not above 0.
    """

    def __init__(
        self,
        factories: Sequence[Factory],
        *,
        autoreset: str = "disabled",
        copy: bool = True,
        step_timeout: float | None = None,
        reset_timeout: float | None = None,
    ) -> None:
        threads = _Threads(factories, Deadlines(step_timeout, reset_timeout), same_step=autoreset == "same_step")
        super().__init__(threads, autoreset=autoreset, copy=copy)


class _Said(NamedTuple):
    """A thread's message: the facts or the error of its start, or a reply."""

    seat: _Seat
    reply: Reply | None = None
    facts: Facts | None = None
    error: Exception | None = None


class _Seat:
    """A thread with one environment."""

    def __init__(self, env: int, factory: Factory, said: queue.SimpleQueue[_Said], *, same_step: bool) -> None:
        self.env = env
        self.runner: Runner | None = None  # while its environment is not built
        self.asked: deque[Request] = deque()  # and not answered; the first has run since `since`
        self.since = 0.0
        self._inbox: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._said, self._factory, self._same_step = said, factory, same_step
        self.thread = threading.Thread(target=self._work, name=f"mtenvs-env-{env}", daemon=True)
        self.thread.start()

    def ask(self, request: Request) -> None:
        if not self.asked:
            self.since = time.monotonic()
        self.asked.append(request)
        self._inbox.put(request)

    def end(self) -> None:
        self._inbox.put(None)

    def _work(self) -> None:
        try:
            self.runner = runner = Runner(self._factory, same_step=self._same_step)
            self._said.put(_Said(self, facts=facts_of(runner.env)))
        except Exception as e:  # noqa: BLE001 - raised where the batch is made
            self._said.put(_Said(self, error=e))
            return
        while (request := self._inbox.get()) is not None:
            self._said.put(_Said(self, runner.carry_out(request)))
        runner.close()


class _Threads(Transport):
    def __init__(self, factories: Sequence[Factory], deadlines: Deadlines, *, same_step: bool) -> None:
        deadlines.check()
        self._factories, self._deadlines, self._same_step = factories, deadlines, same_step
        self._said: queue.SimpleQueue[_Said] = queue.SimpleQueue()
        self._seats = [_Seat(i, make, self._said, same_step=same_step) for i, make in enumerate(factories)]
        facts: dict[int, Facts] = {}
        while len(facts) < len(self._seats):
            said = self._said.get()
            if said.error is not None:
                self.close()
                raise said.error
            if said.facts is not None:
                facts[said.seat.env] = said.facts
        self.facts = [facts[i] for i in range(len(facts))]
        self._prepares = any(seat.runner is not None and offered(seat.runner.env) for seat in self._seats)

    def open(self, layout: Layout, *, copy: bool) -> Store:  # noqa: ARG002 - both from the same memory
        return Store(layout)

    def submit(self, requests: Sequence[Request]) -> None:
        try:
            if self._prepares:
                self._prepare(requests)
        finally:  # also when Ctrl-C came between: the batch counts on them
            for request in requests:
                self._seats[request.env].ask(request)

    def _prepare(self, requests: Sequence[Request]) -> None:
        idle = [(seat.runner, r.payload) for r in requests if r.kind == "step" and not (seat := self._seats[r.env]).asked]
        prepare((runner, action) for runner, action in idle if runner is not None)

    def poll(self, timeout: float | None) -> list[Reply]:
        until = None if timeout is None else time.monotonic() + timeout
        replies: list[Reply] = []
        while True:
            now = time.monotonic()
            wait = _LATE if until is None else min(_LATE, max(0.0, until - now))
            if self._deadlines.step is not None or self._deadlines.reset is not None:
                wait = min([wait, *(max(0.0, due - now) for seat in self._seats if (due := self._due(seat)) is not None)])
            try:
                self._hear(self._said.get(timeout=wait) if wait else self._said.get_nowait(), replies)
                while True:
                    self._hear(self._said.get_nowait(), replies)
            except queue.Empty:
                self._look_at_deadlines(replies)
            if replies or (until is not None and time.monotonic() >= until):
                return replies

    def close(self) -> None:
        for seat in self._seats:
            seat.end()
        until = time.monotonic() + _GRACE
        for seat in self._seats:
            seat.thread.join(max(0.0, until - time.monotonic()))

    def _hear(self, said: _Said, replies: list[Reply]) -> None:
        seat = said.seat
        if self._seats[seat.env] is not seat:
            return  # it was given up before
        if said.error is not None:
            why = "".join(traceback.format_exception(said.error))
            replies += [_failed(request, why) for request in seat.asked]
            seat.asked.clear()
            self._replace(seat)
        elif said.reply is not None:
            seat.asked.popleft()
            seat.since = time.monotonic()
            replies.append(said.reply)

    def _due(self, seat: _Seat) -> float | None:
        limit = self._deadlines.of(seat.asked[0]) if seat.asked else None
        return None if limit is None else seat.since + limit

    def _look_at_deadlines(self, replies: list[Reply]) -> None:
        now = time.monotonic()
        for seat in self._seats:
            due = self._due(seat)
            if due is None or now < due:
                continue
            late = seat.asked.popleft()
            replies.append(_failed(late, f"the {late.kind} took longer than {self._deadlines.of(late):g} s"))
            self._replace(seat)

    def _replace(self, seat: _Seat) -> None:
        seat.end()  # should it ever come back
        fresh = _Seat(seat.env, self._factories[seat.env], self._said, same_step=self._same_step)
        self._seats[seat.env] = fresh
        for request in seat.asked:
            fresh.ask(request)


def _failed(request: Request, why: str) -> Reply:
    if request.kind in ("step", "reset"):
        return Reply(request.id, request.env, fault=why)
    return Reply(request.id, request.env, raised=RuntimeError(f"environment {request.env}: {why}"))
