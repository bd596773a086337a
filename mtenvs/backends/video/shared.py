"""What all handles of one file share in a process: its index, its open readers, and locks."""

from __future__ import annotations

import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mtenvs.backends.video.files import FileKey, HeldFile
from mtenvs.backends.video.index import Index
from mtenvs.backends.video.ordinal import OrdinalReader
from mtenvs.backends.video.probe import build_index
from mtenvs.backends.video.proxy import Proxy
from mtenvs.backends.video.reader import ExactReader, Reader
from mtenvs.backends.video.sidecar import load, save, sidecar_path

IDLE_READERS = 2
"""Readers of one file that stay open while nobody uses them; each holds a decoder with its reference frames."""
REMEMBERED = 32
"""Files whose index stays in memory after their last handle is closed."""
STRIPES = 32


class SharedVideo:
    """One state of one file.

    Args:
        key: the file and its state.
        index: of that file.
    """

    def __init__(self, key: FileKey, index: Index, held: HeldFile) -> None:
        self.key, self.index = key, index
        self.lost: set[int] = set()
        """Frames that did not come out of the decoder; asked again, they fail at once."""
        self.proxy: Proxy | None = None
        self.frames_decoded = 0
        self.seeks = 0
        self._held: HeldFile | None = held
        self._users = 0
        self._idle: list[ExactReader | OrdinalReader] = []
        self.renew_locks()
        _LIVE.add(self)

    def renew_locks(self) -> None:
        """New locks; in a forked child, where the old ones may be held by threads that do not exist there."""
        self._lock = threading.Lock()
        self.stripes = [threading.Lock() for _ in range(STRIPES)]

    def after_fork(self) -> None:
        """In a forked child: leave the parent's readers alone, since a parent and its child share one place in an open file."""
        self.renew_locks()
        idle, self._idle = self._idle, []
        _INHERITED.extend(idle)

    def enter(self) -> None:
        """One more handle."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """One handle less; the last one closes the file, the index stays."""
        with self._lock:
            self._users -= 1
            if self._users > 0:
                return
            idle, self._idle = self._idle, []
            self._held = None  # closed once no reader uses it any more
            self.proxy = None
        for reader in idle:
            reader.close()

    def keep_proxy(self, folder: Path | None) -> None:
        """Keep small keyframes on disk from now on, where that can be done."""
        with self._lock:
            if self.proxy is None and not self.index.ordinal:
                self.proxy = Proxy.of(self.key, self.index, folder)

    def held(self) -> HeldFile:
        """The open file, seen to be the one that the index describes.

        Raises:
            VideoError: it was written to or replaced.
        """
        with self._lock:
            if self._held is None:
                self._held = HeldFile(self.key)
            held = self._held
        held.check()
        return held

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """A reader for the calling thread alone."""
        held = self.held()
        with self._lock:
            reader = self._idle.pop() if self._idle else None
        if reader is None:
            reader = OrdinalReader(held, self.index) if self.index.ordinal else ExactReader(held, self.index)
        before = reader.decoded, reader.seeks
        try:
            yield reader
        except BaseException:
            reader.close()
            raise
        finally:
            with self._lock:
                self.frames_decoded += reader.decoded - before[0]
                self.seeks += reader.seeks - before[1]
        with self._lock:
            if len(self._idle) < IDLE_READERS and self._held is held:
                self._idle.append(reader)
                return
        reader.close()


_LIVE: weakref.WeakSet[SharedVideo] = weakref.WeakSet()
_KNOWN: OrderedDict[FileKey, SharedVideo] = OrderedDict()
_OPENING: dict[FileKey, threading.Lock] = {}
_INHERITED: list[object] = []
"""Readers of a parent process, never touched again: closing them is left to the end of the process."""
_LOCK = threading.Lock()


def shared_video(path: str | os.PathLike[str], sidecar: bool | Path) -> SharedVideo:
    """The shared part of a file; builds its index, or loads it from its sidecar, when it is not known yet."""
    key = FileKey.of(path)
    with _LOCK:
        opening = _OPENING.setdefault(key, threading.Lock())
    with opening:  # another thread may be reading the same file for the first time; other files do not wait for it
        with _LOCK:
            found = _KNOWN.get(key)
        if found is None:
            found = _load(key, sidecar)
        else:
            where = _sidecar(key, sidecar)
            if where is not None and not where.exists():
                save(where, key, found.index)
    with _LOCK:
        _KNOWN[key] = found
        _KNOWN.move_to_end(key)
        if len(_KNOWN) > REMEMBERED:
            _KNOWN.popitem(last=False)
        _OPENING.pop(key, None)
    found.enter()
    return found


def _sidecar(key: FileKey, sidecar: bool | Path) -> Path | None:
    return sidecar_path(key, sidecar if isinstance(sidecar, Path) else None) if sidecar else None


def _load(key: FileKey, sidecar: bool | Path) -> SharedVideo:
    held = HeldFile(key)
    where = _sidecar(key, sidecar)
    index = load(where, key) if where is not None else None
    if index is None:
        index = build_index(held)
        held.check()  # what was written to while it was read is refused
        if where is not None:
            save(where, key, index)
    return SharedVideo(key, index, held)


def _after_fork() -> None:
    global _LOCK  # noqa: PLW0603 - the lock may be held by a thread that does not exist in the child
    _LOCK = threading.Lock()
    _OPENING.clear()
    for video in list(_LIVE):
        video.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_after_fork)
