"""Memory that a batch and its workers share. It has no name, so that nothing is left behind however they end."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterable
from typing import Final

from mtenvs.vector.layout import Layout

BLOB: Final = 256 * 1024  # bytes for texts and info of one environment; untouched pages take no memory
_LINE: Final = 64  # bytes of a cache line
_MARKS: Final = _LINE // 8  # numbers in it


def make_memory() -> int:
    """A descriptor of anonymous shared memory, still empty."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("mtenvs")
    with tempfile.TemporaryFile() as file:  # where there is no memfd, a file without a name does the same
        return os.dup(file.fileno())


class Arena:
    """What a batch and its workers share: observations of fixed size, blobs, and what each worker is at and on which processor.

    Each environment has a blob for texts and info of its last request, and another, used together with its neighbours', for those
    of a turn of a whole worker.

    Args:
        fd: descriptor of the memory; it stays the caller's.
        layout: of the observations.
        workers: how many share it.
        slots: places of each observation.
        make: give the memory its size; once, before any worker opens it.
    """

    def __init__(self, fd: int, layout: Layout, workers: int, slots: int, *, make: bool = False) -> None:
        begin = (workers + 1) * _LINE
        self._blobs = begin + slots * layout.size
        self._turns = self._blobs + layout.count * BLOB
        size = self._turns + layout.count * BLOB
        if make:
            os.ftruncate(fd, size)
        self._view = memoryview(mmap.mmap(fd, size))
        self._marks = self._view[:begin].cast("q")
        self.observations = self._view[begin : self._blobs] if layout.size else memoryview(bytearray(1))

    def mark(self, worker: int, request_id: int) -> None:
        """Note what a worker is at, for the case that it dies of it; 0 for nothing."""
        self._marks[worker * _MARKS] = request_id

    def marked(self, worker: int) -> int:
        """What a worker is, or was, at."""
        found: int = self._marks[worker * _MARKS]
        return found

    def come_to(self, party: int, processor: int) -> None:
        """Note which processor a worker is on, or, with the number after the last worker's, the batch itself."""
        self._marks[party * _MARKS + 1] = processor + 1

    def processors(self, parties: Iterable[int]) -> list[int]:
        """Where each of them was lately; -1 for those who never said."""
        return [self._marks[party * _MARKS + 1] - 1 for party in parties]

    def write(self, env: int, body: bytes) -> bool:
        """Put a body into an environment's blob; False when it is too large."""
        return self._write(self._blobs + env * BLOB, body, BLOB)

    def read(self, env: int, length: int) -> memoryview:
        """The body that was put there, not copied."""
        at = self._blobs + env * BLOB
        return self._view[at : at + length]

    def write_turn(self, env: int, body: bytes, envs: int) -> bool:
        """Put the body of a turn of ``envs`` environments, of which ``env`` is the first, into their blobs for turns."""
        return self._write(self._turns + env * BLOB, body, envs * BLOB)

    def read_turn(self, env: int, length: int) -> memoryview:
        """The body that was put there, not copied."""
        at = self._turns + env * BLOB
        return self._view[at : at + length]

    def _write(self, at: int, body: bytes, room: int) -> bool:
        if len(body) > room:
            return False
        self._view[at : at + len(body)] = body
        return True
