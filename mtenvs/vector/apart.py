"""Keeping a batch and its workers on different processors while turns are short.

The kernel likes to wake a process where the one that woke it runs, and moves one of them away only after milliseconds. Until then
a worker of microseconds and a parent that looks for its answer take turns on one processor, at half the speed.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

_PAUSE: Final = 5e-3  # seconds between two moves; each takes some 50 us, and the kernel may have had its reasons


def _find_here() -> Callable[[], int] | None:
    with suppress(OSError, AttributeError):
        found: Any = ctypes.CDLL(None).sched_getcpu
        if hasattr(os, "sched_setaffinity") and found() >= 0:
            here: Callable[[], int] = found
            return here
    return None


here: Final = _find_here()
"""The number of the processor that this thread is on; None where that cannot be known or changed."""


class Mover:
    """Moves the calling thread away from processors that others of its batch are on."""

    def __init__(self) -> None:
        self._next = 0.0

    def step_aside(self, taken: Sequence[int]) -> None:
        """Go to a processor that is not ``taken``, where there is one; whatever the kernel decides later is free again.

        Args:
            taken: numbers of processors.
        """
        if here is None or here() not in taken:
            return
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _PAUSE
        allowed = os.sched_getaffinity(0)
        free = allowed.difference(taken)
        if free:
            with suppress(OSError):  # a processor may have gone
                os.sched_setaffinity(0, free)
                os.sched_setaffinity(0, allowed)
