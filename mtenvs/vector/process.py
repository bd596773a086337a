"""Environments in worker processes: requests through pipes, observations through shared memory."""

from __future__ import annotations

import math
import os
import pickle
import select
import time
import weakref
from collections.abc import Sequence
from itertools import count
from typing import Any, Final

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.vector.apart import here
from mtenvs.vector.arena import Arena, make_memory
from mtenvs.vector.base import BatchedVectorEnv
from mtenvs.vector.launch import CONTEXTS, ForkServer, Spawner
from mtenvs.vector.layout import Layout, Store
from mtenvs.vector.link import Link
from mtenvs.vector.messages import Deadlines, Factory, Facts, Reply, Request, Transport, Turn
from mtenvs.vector.patience import Pace, Patience
from mtenvs.vector.plain import dump_code
from mtenvs.vector.worker import Setup

_LOOK: Final = 1.0  # seconds between looks whether a silent worker still lives
_FEW, _SMALL = 4, 2  # environments and processors for which one worker is faster than two


class ProcessVectorEnv(BatchedVectorEnv):
    """Environments in worker processes, several to a worker, with one arena of shared memory.

    A worker whose environment hangs or dies is killed with its whole process group and started again. Its other environments
    go on where they were: their episodes are played again from seed and actions (those of environments that cannot be repeated,
    such as a real browser's, end as faults too; give those a worker each).

    Args:
        factories: one picklable function without arguments for each environment.
        autoreset: see `BatchedVectorEnv`.
        copy: see `BatchedVectorEnv`.
        workers: how many processes; by default one for each processor and no more than environments, but a single one for up to
            four environments on two processors (see `make_vec`).
        context: ``"spawn"`` (fresh interpreters) or ``"forkserver"`` (forks of one that has imported ``preload``).
        step_timeout: seconds that one step may take; None for as long as it takes.
        reset_timeout: the same for a reset.
        preload: modules for the fork server.

    Raises:
        UnknownOption: the environments cannot share a batch, a factory does not pickle, or an option does not exist.
        WorkerFailed: a worker could not start; its stderr is in the message.
    """

    def __init__(
        self,
        factories: Sequence[Factory],
        *,
        autoreset: str = "disabled",
        copy: bool = True,
        workers: int | None = None,
        context: str = "spawn",
        step_timeout: float | None = None,
        reset_timeout: float | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        if context not in CONTEXTS:
            raise UnknownOption(f"context={context!r} does not exist: {did_you_mean(context, CONTEXTS)}")
        number = _usual_workers(len(factories), os.cpu_count() or 1) if workers is None else workers
        if not 1 <= number <= len(factories):
            raise UnknownOption(f"workers={workers} does not fit {len(factories)} environments: at least 1, at most one for each")
        deadlines = Deadlines(step_timeout, reset_timeout)
        deadlines.check()
        launcher = ForkServer(preload) if context == "forkserver" else Spawner()
        self._processes = Processes(factories, number, launcher, deadlines, same_step=autoreset == "same_step")
        super().__init__(self._processes, autoreset=autoreset, copy=copy)

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that run now; each leads a process group of the same number."""
        return [link.process.pid for link in self._processes.links if link.process is not None]


class Processes(Transport):
    """The workers of a batch.

    Args:
        factories: of the environments; environment ``i`` lives in worker ``i * workers // len(factories)``.
        workers: how many.
        launcher: starts them.
        deadlines: for requests.
        same_step: see `Runner`.
    """

    def __init__(
        self, factories: Sequence[Factory], workers: int, launcher: Spawner | ForkServer, deadlines: Deadlines, *, same_step: bool
    ) -> None:
        total = len(factories)
        self._memory = make_memory()
        self._poller, self._patience = select.poll(), Patience()
        self._by_fd: dict[int, Link] = {}
        self._replies: list[Reply | Turn] = []
        self._slots, self._slot = 1, 0
        self._pace, self._asked_at = Pace(), 0.0
        self._home = [i * workers // total for i in range(total)]
        self.links: list[Link] = []
        ids = count(-1, -1)  # of our own requests; the batch's are positive
        self._close = weakref.finalize(self, _close_all, self.links, launcher, self._memory, os.getpid())
        try:
            for w in range(workers):
                envs = tuple(i for i in range(total) if self._home[i] == w)
                setup = Setup(w, workers, total, envs, _dump([factories[i] for i in envs]), same_step, deadlines.step is not None)
                link = Link(setup, launcher, self._memory, deadlines, ids)
                self.links.append(link)
                link.start()
                self._watch(link)
            self.facts = self._first_facts()
        except BaseException:
            self._close()
            raise

    def open(self, layout: Layout, *, copy: bool) -> Store:
        """Give the shared memory its size and tell the workers what lies where."""
        self._slots = layout.slots if copy else 1
        self._arena = arena = Arena(self._memory, layout, len(self.links), self._slots, make=True)
        form = dump_code((layout.space, self._slots))
        for link in self.links:
            link.open(arena, form)
        self._store = Store(layout, arena.observations, self._slots)
        return self._store

    def submit(self, requests: Sequence[Request]) -> None:
        """Hand requests to the workers of their environments."""
        self._begin([r.env for r in requests], whole=len(requests) == len(self._home) and requests[0].kind == "step")
        for w, link in enumerate(self.links):
            own = [r for r in requests if self._home[r.env] == w] if len(self.links) > 1 else requests
            if own:
                self._hand(link, own)

    def submit_turn(self, first: int, actions: Sequence[Any]) -> None:
        """Hand a step of every environment to the workers, with ids that count up from ``first``."""
        self._begin(range(len(self._home)), whole=True)
        begin = 0
        for link in self.links:
            end = begin + link.size
            if not link.submit_turn(first + begin, actions[begin:end], self._slot, eager=self._pace.eager):
                self._hand(link, [Request(first + i, i, "step", actions[i]) for i in range(begin, end)])
            elif link.outbox:
                self._poller.modify(link.request_fd, select.POLLOUT)
            begin = end

    def poll(self, timeout: float | None) -> list[Reply | Turn]:
        """Read what workers have written, and see to those that hang or have died."""
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            now = time.monotonic()
            due = min([at for link in self.links if (at := link.due()) is not None], default=math.inf)
            wait = 0.0 if self._replies else min(_LOOK, max(0.0, due - now), math.inf if until is None else max(0.0, until - now))
            ready = self._patience.poll(self._poller, wait * 1e3, eager=self._pace.eager)
            for fd, event in ready:
                self._serve(fd, event)
            now = time.monotonic()
            if not ready or now >= due or any(link.process is None for link in self.links):
                self._look_after(now, idle=not ready)
            if self._asked_at and all(link.idle for link in self.links):
                self._pace.end(time.perf_counter() - self._asked_at)
                self._asked_at = 0.0
            if self._replies or (until is not None and time.monotonic() >= until):
                found, self._replies = self._replies, []
                return found

    def close(self) -> None:
        """End all workers."""
        self._close()

    def _first_facts(self) -> list[Facts]:
        waiting = {link.reply_fd: link for link in self.links}
        while waiting:
            for fd, event in self._poller.poll(_LOOK * 1e3):
                link = self._by_fd[fd]
                if fd == link.request_fd and event & select.POLLOUT:
                    self._serve(fd, event)
                elif fd in waiting:
                    link.check_start(ended=link.read(self._replies))
            waiting = {fd: link for fd, link in waiting.items() if not link.hello}
            for link in waiting.values():
                link.check_start(ended=False)
        facts: list[Facts] = []
        for link in self.links:
            facts += pickle.loads(link.hello)  # noqa: S301 - from our own worker
        for link in self.links:
            link.know(facts)
        return facts

    def _begin(self, envs: Sequence[int], *, whole: bool) -> None:
        self._slot = self._store.slot_for(envs) if self._slots > 1 else 0
        self._asked_at = time.perf_counter() if whole else 0.0
        if self._pace.begin() and here is not None:
            self._arena.come_to(len(self.links), here())

    def _hand(self, link: Link, requests: Sequence[Request]) -> None:
        self._replies += link.submit(requests, self._slot, eager=self._pace.eager)
        if link.outbox:
            self._poller.modify(link.request_fd, select.POLLOUT)

    def _serve(self, fd: int, event: int) -> None:
        link = self._by_fd.get(fd)
        if link is None:
            return
        if fd == link.request_fd and event & select.POLLERR:
            self._lost(link, "the worker process ended")
        elif fd == link.request_fd:
            link.flush()
            if not link.outbox:
                self._poller.modify(fd, 0)
        elif event & (select.POLLIN | select.POLLHUP | select.POLLERR):
            ended = link.read(self._replies)
            if ended:
                self._lost(link, "the worker process ended")

    def _look_after(self, now: float, *, idle: bool) -> None:
        for link in self.links:
            late = link.overdue(now)
            if late:
                self._lost(link, late)
            elif link.process is None:
                if link.restart_due(now):
                    self._replies += link.restart()
                    self._watch(link)
            elif idle and not link.process.alive():
                self._lost(link, "the worker process ended")

    def _lost(self, link: Link, reason: str) -> None:
        self._unwatch(link)
        self._replies += link.bury(reason)

    def _watch(self, link: Link) -> None:
        self._by_fd[link.request_fd] = self._by_fd[link.reply_fd] = link
        self._poller.register(link.reply_fd, select.POLLIN)
        self._poller.register(link.request_fd, select.POLLOUT if link.outbox else 0)

    def _unwatch(self, link: Link) -> None:
        for fd in (link.request_fd, link.reply_fd):
            del self._by_fd[fd]
            self._poller.unregister(fd)


def _usual_workers(envs: int, processors: int) -> int:
    """A caller and two workers on two processors take turns, which costs a few light environments more than they gain."""
    return 1 if envs <= _FEW and processors <= _SMALL else min(envs, processors)


def _dump(factories: list[Factory]) -> bytes:
    try:
        raw = dump_code(factories)
    except Exception as e:
        raise UnknownOption(f"backend='process' needs factories that pickle; this one does not ({e}): use ids or plain functions") from e
    return raw


def _close_all(links: list[Link], launcher: Spawner | ForkServer, memory: int, owner: int) -> None:
    if os.getpid() != owner:  # a fork of the process that made them
        return
    for link in links:
        link.ask_to_end()
    until = time.monotonic() + 3.0
    for link in links:
        link.end(until)
    launcher.close()
    os.close(memory)
