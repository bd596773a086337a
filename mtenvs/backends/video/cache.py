"""Small pictures that were decoded lately: least recently used go first, counted in bytes, shared by the process.

Many programs never ask for a picture twice, and those that do mostly ask for one of the last few. So the cache keeps only these at first,
and takes all the room that it may have once a picture that it let go is asked for again.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Hashable

from mtenvs.backends.video.convert import Small, size_of

BUDGET_VARIABLE = "MTENVS_VIDEO_CACHE_BYTES"
DEFAULT_BUDGET = 128 * 1024 * 1024
"""Some 790 pictures of 448 x 252; not more, since every process of a vector env has a cache of its own."""
FIRST_SHARE = 40
"""The part of the default budget that is used until a picture is missed: 19 pictures, more than an agent sees at once."""
MOST_MISSED = 4096
"""Pictures let go that are remembered by name."""
LARGEST_SHARE = 16
"""A picture above this part of the budget is not kept: a few would push out all small ones."""


class FrameCache:
    """A thread-safe map from (file, frame, size) to a picture.

    Args:
        budget: bytes of pixels that may be kept.
        first: bytes that are kept until a picture is missed; None for ``budget``.
    """

    def __init__(self, budget: int, first: int | None = None) -> None:
        self._budget, self._room = budget, budget if first is None else first
        self._pictures: OrderedDict[Hashable, tuple[Small, int]] = OrderedDict()
        self._let_go: dict[Hashable, None] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Bytes of pixels kept now."""
        return self._bytes

    @property
    def budget(self) -> int:
        """Bytes that may be kept."""
        return self._budget

    def set_budget(self, budget: int) -> None:
        """Keep so many bytes from now on."""
        with self._lock:
            self._budget = budget
            self._take_all()
            self._evict()

    def expect(self) -> None:
        """Take all the room there is: pictures are about to be put in that will be asked for."""
        with self._lock:
            self._take_all()

    def get(self, key: Hashable) -> Small | None:
        """The picture, which must not be written to, or None."""
        with self._lock:
            kept = self._pictures.get(key)
            if kept is None:
                if key in self._let_go:
                    self._take_all()
                return None
            self._pictures.move_to_end(key)
            return kept[0]

    def put(self, key: Hashable, picture: Small) -> None:
        """Keep a picture that nobody writes to any more."""
        size = size_of(picture)
        if size * LARGEST_SHARE > self._budget:
            return
        with self._lock:
            _, before = self._pictures.pop(key, (None, 0))
            self._bytes += size - before
            self._pictures[key] = picture, size
            self._evict()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._pictures.clear()
            self._let_go.clear()
            self._bytes = 0

    def renew_lock(self) -> None:
        """In a forked child: the lock may be held by a thread that does not exist there."""
        self._lock = threading.Lock()

    def _take_all(self) -> None:
        self._room = self._budget
        self._let_go.clear()

    def _evict(self) -> None:
        while self._bytes > self._room:
            key, (_, size) = self._pictures.popitem(last=False)
            self._bytes -= size
            if self._room < self._budget:
                self._let_go[key] = None
                if len(self._let_go) > MOST_MISSED:
                    del self._let_go[next(iter(self._let_go))]


def _of_user() -> FrameCache:
    text = os.environ.get(BUDGET_VARIABLE, "")
    return FrameCache(int(text)) if text.isdecimal() else FrameCache(DEFAULT_BUDGET, DEFAULT_BUDGET // FIRST_SHARE)


CACHE = _of_user()
"""The one that all stores of the process share."""
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=CACHE.renew_lock)
