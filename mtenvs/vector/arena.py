"""Memory that a batch and its workers share. It has no name, so that nothing is left behind however they end."""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
from typing import Final

from mtenvs.vector.layout import Layout

BLOB: Final = 256 * 1024  # bytes for texts and info of one environment; untouched pages take no memory
_MARK: Final = struct.Struct("<q")
_LINE: Final = 64  # bytes of a cache line


def make_memory() -> int:
    """A descriptor of anonymous shared memory, still empty."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("mtenvs")
    with tempfile.TemporaryFile() as file:  # where there is no memfd, a file without a name does the same
        return os.dup(file.fileno())


class Arena:
    """Three regions: the request that each worker is at, the observations of fixed size, a blob for each environment.

    Args:
        fd: descriptor of the memory; it stays the caller's.
        layout: of the observations.
        workers: how many share it.
        make: give the memory its size; once, before any worker opens it.
    """

    def __init__(self, fd: int, layout: Layout, workers: int, *, make: bool = False) -> None:
        begin = workers * _LINE
        self._blobs = begin + layout.size
        size = self._blobs + layout.count * BLOB
        if make:
            os.ftruncate(fd, size)
        self._view = memoryview(mmap.mmap(fd, size))
        self.observations = self._view[begin : self._blobs] if layout.size else memoryview(bytearray(1))

    def mark(self, worker: int, request_id: int) -> None:
        """Note what a worker is at, for the case that it dies of it; 0 for nothing."""
        _MARK.pack_into(self._view, worker * _LINE, request_id)

    def marked(self, worker: int) -> int:
        """What a worker is, or was, at."""
        found: int = _MARK.unpack_from(self._view, worker * _LINE)[0]
        return found

    def write(self, env: int, body: bytes) -> bool:
        """Put a body into an environment's blob; False when it is too large."""
        if len(body) > BLOB:
            return False
        at = self._blobs + env * BLOB
        self._view[at : at + len(body)] = body
        return True

    def read(self, env: int, length: int) -> memoryview:
        """The body that was put there, not copied."""
        at = self._blobs + env * BLOB
        return self._view[at : at + length]
