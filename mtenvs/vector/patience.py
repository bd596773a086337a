"""Waiting for a pipe: looking again for a moment where the answer comes at once, or going to sleep."""

from __future__ import annotations

import os
import select
import time
from functools import partial
from typing import Final

_LOOK: Final = 5e-4  # seconds; to wake a sleeping process costs 20 to 60 us, and twice that until both are on processors of their own
_ROW: Final = 4  # longer waits in a row; a policy may think now and then
_TRIAL, _EVERY = 4, 47  # turns for which the other way is tried, and how often; a prime, so that it meets all parts of a caller's loop
_BETTER: Final = 0.9  # of the time of a turn with sleep, below which looking is worth its processor time
_UP, _DOWN, _ODD = 0.1, 0.5, 1.5  # how fast the usual time follows longer turns (at most so many times longer), and shorter ones
_yield = getattr(os, "sched_yield", None) or partial(time.sleep, 0)  # whoever else wants this processor has it first


class Patience:
    """Waits like a poll object. While waits are short it may look again and again before it sleeps, for 0.5 ms at most.

    After some longer waits in a row it sleeps at once, until one was short again, so that an idle batch burns no time.
    """

    def __init__(self) -> None:
        self._longer = _ROW

    def poll(self, poller: select.poll, milliseconds: float | None, *, eager: bool) -> list[tuple[int, int]]:
        """What `select.poll.poll` gives; ``eager`` to look before sleeping."""
        ready = poller.poll(0)
        if ready or milliseconds == 0:
            return ready
        began = time.perf_counter()
        if eager and self._longer < _ROW:
            until = began + _LOOK
            while not ready and time.perf_counter() < until:
                _yield()
                ready = poller.poll(0)
        if not ready:
            ready = poller.poll(milliseconds)
        self._longer = 0 if time.perf_counter() - began < _LOOK else self._longer + 1
        return ready


class Pace:
    """Whether a batch and its workers wait eagerly: it depends on who else uses the processors, so both ways are timed.

    Attributes:
        eager: the way of the present turn.
    """

    def __init__(self) -> None:
        self.eager = True
        self._usual = [0.0, 0.0]  # seconds of a turn with sleep, and without
        self._turn = 0

    def begin(self) -> bool:
        """Choose the way of the next turn."""
        asleep, awake = self._usual
        self._turn += 1
        at = self._turn % _EVERY
        if self._turn < _EVERY:  # at first each way for a while
            self.eager = self._turn < _EVERY // 2
        else:
            self.eager = (awake < _BETTER * asleep) ^ (at < _TRIAL)
        return self.eager

    def end(self, seconds: float) -> None:
        """Learn how long it took."""
        if self._turn % _EVERY in (0, _TRIAL):  # the worker still waits in the other way
            return
        usual = self._usual[self.eager] or seconds
        more = min(seconds, _ODD * usual) - usual
        self._usual[self.eager] = usual + more * (_UP if more > 0 else _DOWN)  # near the time of a turn that nobody disturbs
