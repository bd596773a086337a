"""Seeded databases: built once, kept in the cache folder, copied into memory for each episode."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mtenvs.core.assets import cache_dir

_STEPS_BETWEEN_LOOKS: Final = 100_000  # of SQLite's machine, about 5 ms
_LOOKS: Final = 300  # in one visit, about two seconds; no honest page needs a hundredth of it


class Database(sqlite3.Connection):
    """A connection with rows by name and with a limit on the work of one visit, so that no search text of an agent stops the others."""

    _looks = 0

    def prepare(self) -> None:
        """Set it up, once."""
        self.row_factory = sqlite3.Row
        self.execute("PRAGMA foreign_keys = ON")
        self.set_progress_handler(self._look, _STEPS_BETWEEN_LOOKS)

    def allow(self) -> None:
        """Begin a visit: the work counts from zero."""
        self._looks = 0

    def _look(self) -> int:
        self._looks += 1
        return int(self._looks > _LOOKS)


@dataclass(frozen=True)
class Image:
    """A database as it is when an episode begins.

    Args:
        name: of the database, such as ``"shop"``.
        version: changes whenever ``build`` would build something else.
        build: fills an empty database, the same for the same seed.
        seed: of the data; every episode's world has the same unless it asks for another.
    """

    name: str
    version: str
    build: Callable[[sqlite3.Connection, int], None]
    seed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)
    _pages: dict[int, bytes] = field(default_factory=dict, repr=False, compare=False)

    def path(self, seed: int | None = None) -> Path:
        """Where the built file lies or will lie."""
        number = self.seed if seed is None else seed
        key = hashlib.blake2b(f"{self.name} {self.version} {number} {sqlite3.sqlite_version}".encode(), digest_size=6).hexdigest()
        return cache_dir() / "sites" / f"{self.name}-{key}.sqlite"

    def content(self, seed: int | None = None) -> bytes:
        """The file's content; built when it is not there yet (some seconds, once a machine).

        Two processes that need it at once both build it; the file is put in place in one piece, so neither sees half of it. Where the
        cache cannot be written, each process builds its own.
        """
        number = self.seed if seed is None else seed
        with self._lock:
            if number not in self._pages:
                path = self.path(number)
                try:
                    self._pages[number] = path.read_bytes()
                except OSError:
                    self._pages[number] = self._built(number)
                    with suppress(OSError):
                        replace_file(path, self._pages[number])
            return self._pages[number]

    def copy(self, seed: int | None = None) -> Database:
        """A new database in memory with this content, for one episode alone."""
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None, factory=Database)
        content = self.content(seed)
        if sys.version_info >= (3, 11):
            connection.deserialize(content)
        else:
            with tempfile.NamedTemporaryFile(prefix="mtenvs-site-") as whole:
                whole.write(content)
                whole.flush()
                with closing(sqlite3.connect(whole.name)) as file:
                    file.backup(connection)
        connection.prepare()
        return connection

    def _built(self, seed: int) -> bytes:
        with tempfile.TemporaryDirectory(prefix="mtenvs-site-") as folder:
            path = Path(folder) / "image.sqlite"
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("BEGIN")
                self.build(connection, seed)
                connection.execute("COMMIT")
                connection.execute("VACUUM")
            return path.read_bytes()


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in place in one piece: whoever reads it sees the old or the new one, never half of it.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(part).replace(path)
    except OSError:
        Path(part).unlink(missing_ok=True)
        raise
