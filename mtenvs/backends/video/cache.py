"""Small pictures that were decoded lately: least recently used go first, counted in bytes, shared by the process."""

from __future__ import annotations

import os
import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from typing import TypeAlias

from mtenvs.backends.video.convert import Small, size_of
from mtenvs.backends.video.frames import Image

BUDGET_VARIABLE = "MTENVS_VIDEO_CACHE_BYTES"
DEFAULT_BUDGET = 128 * 1024 * 1024
"""Some 790 pictures of 448 x 252; not more, since every process of a vector env has a cache of its own."""
LARGEST_SHARE = 16
"""A picture above this part of the budget is not kept: a few would push out all small ones."""


LEND_FROM = 32
"""Pictures of a request from which the caller's own array serves as the cache, rather than a copy of all of them beside it."""
LENT_SHARE = 4
"""An array above this part of the budget is copied from all the same: a few pictures that are left would hold all of it."""


class Lent:
    """A picture in an array that a caller has, and may write to.

    Args:
        batch: uint8 ``(k, h, w, 3)``.
        row: of the picture, which is whole now.
    """

    def __init__(self, batch: Image, row: int) -> None:
        self._picture = batch[row]
        self._check = zlib.crc32(self._picture)
        self.nbytes = self._picture.nbytes

    def copy(self) -> Image | None:
        """The picture, or None where it was written to."""
        picture = self._picture.copy()
        return picture if zlib.crc32(picture) == self._check else None


Kept: TypeAlias = Small | Lent


class FrameCache:
    """A thread-safe map from (file, frame, size) to a picture.

    Args:
        budget: bytes of pixels that may be kept.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._pictures: OrderedDict[Hashable, tuple[Kept, int]] = OrderedDict()
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
        """Keep at most so many bytes from now on."""
        with self._lock:
            self._budget = budget
            self._evict()

    def get(self, key: Hashable) -> Small | None:
        """The picture, which must not be written to, or None."""
        with self._lock:
            kept = self._pictures.get(key)
            if kept is None:
                return None
            self._pictures.move_to_end(key)
        picture = kept[0]
        if not isinstance(picture, Lent):
            return picture
        copy = picture.copy()
        if copy is None:
            self._drop(key, picture)
        else:
            self.put(key, copy)  # so that a picture that is asked for again and again does not hold all of the array
        return copy

    def may_lend(self, batch: Image, missing: int) -> bool:
        """Whether pictures are to be kept as `Lent`: ``missing`` of those in an array are not in the cache yet."""
        return len(batch) >= LEND_FROM and 2 * missing >= len(batch) and batch.nbytes * LENT_SHARE <= self._budget

    def put(self, key: Hashable, picture: Kept) -> None:
        """Keep a picture that nobody writes to any more, or that is seen to have been."""
        size = picture.nbytes if isinstance(picture, Lent) else size_of(picture)
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
            self._bytes = 0

    def renew_lock(self) -> None:
        """In a forked child: the lock may be held by a thread that does not exist there."""
        self._lock = threading.Lock()

    def _drop(self, key: Hashable, picture: Kept) -> None:
        with self._lock:
            kept, size = self._pictures.get(key, (None, 0))
            if kept is picture:
                del self._pictures[key]
                self._bytes -= size

    def _evict(self) -> None:
        while self._bytes > self._budget:
            _, (_, size) = self._pictures.popitem(last=False)
            self._bytes -= size


def _budget_of_user() -> int:
    text = os.environ.get(BUDGET_VARIABLE, "")
    return int(text) if text.isdecimal() else DEFAULT_BUDGET


CACHE = FrameCache(_budget_of_user())
"""The one that all stores of the process share."""
if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=CACHE.renew_lock)
