"""The library as the agent uses it: a SQLite file with a full-text index, ranked by BM25, read-only and shared by all environments.

A library is built once, into a cache, under a name that no other content has. Who builds writes a file of his own and moves it into place
in one go, so that any number of processes may build the same library at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from mtenvs.core.assets import cache_dir
from mtenvs.core.errors import DataError, MissingRequirement
from mtenvs.envs.words.search.pages import Page, pages_of

_WORD: Final = re.compile(r"[^\W_]+")
_READ_CHARS, _MOST_WORDS, _LONGEST_WORD = 4000, 24, 64
_TITLE_WEIGHT: Final = 4.0  # a word in the title counts as four in the text
_SNIPPET_WORDS, _SNIPPET_CHARS = 14, 300
_KEPT_RESULTS: Final = 1024
_COMMON: Final = (0.02, 50)  # a word in more pages than this share and number tells little and costs much: it counts in titles only
_STOP: Final = frozenset(
    (
        *("a", "about", "an", "and", "are", "as", "at", "be", "been", "by", "did", "do", "does", "for", "from", "had", "has"),
        *("have", "her", "his", "how", "i", "in", "into", "is", "it", "its", "list", "many", "me", "most", "of", "on", "or"),
        *("that", "the", "their", "them", "there", "these", "they", "this", "to", "was", "were", "what", "when", "where"),
        *("which", "who", "whom", "whose", "will", "with", "you"),
    )
)
_SCHEMA: Final = """
CREATE TABLE pages(id INTEGER PRIMARY KEY, title TEXT NOT NULL COLLATE NOCASE, text TEXT NOT NULL);
CREATE VIRTUAL TABLE page_index USING fts5(title, text, content='pages', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE INDEX pages_by_title ON pages(title);
CREATE TABLE common(word TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_FORMAT: Final = hashlib.blake2b(f"{_SCHEMA}{_COMMON}".encode(), digest_size=4).hexdigest()
# Sorted by FTS5 itself, so that only the rows that are shown get a snippet.
_SEARCH: Final = f"""
SELECT rowid, title, snippet(page_index, 1, '', '', '...', {_SNIPPET_WORDS}) FROM page_index
WHERE page_index MATCH ? AND rank MATCH 'bm25({_TITLE_WEIGHT}, 1.0)' ORDER BY rank LIMIT ?
"""  # noqa: S608 - put together from numbers of ours


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of a search.

    Args:
        number: of the page in its library, from 1.
        title: of the page.
        snippet: the words around the best match.
    """

    number: int
    title: str
    snippet: str


class Corpus:
    """A read-only library. It may be used from any thread and after a fork: each gets a connection of its own.

    Args:
        connect: opens a connection to it.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect, self._local = connect, threading.local()
        self._find = lru_cache(maxsize=_KEPT_RESULTS)(self._look_up)  # groups of episodes ask the same, and a library never changes
        self._size = int(self._sql("SELECT count(*) FROM pages")[0][0])
        self._common = frozenset(str(row[0]) for row in self._sql("SELECT word FROM common"))

    def __len__(self) -> int:
        return self._size

    def search(self, query: str, k: int = 5) -> tuple[Hit, ...]:
        """The ``k`` pages that fit best by BM25; empty when no word of the query is in any page.

        Args:
            query: any text. Its words are looked for, whatever signs stand between them; the first `_MOST_WORDS` that are no
                stop words count.
            k: at least 1.
        """
        words = words_of(query)
        return self._find(words, k) if words else ()

    def _look_up(self, words: tuple[str, ...], k: int) -> tuple[Hit, ...]:
        found = self._sql(_SEARCH, (_match(words, self._common), k))
        if not found and not self._common.isdisjoint(words):
            found = self._sql(_SEARCH, (_match(words, frozenset()), k))
        return tuple(Hit(number, title, " ".join(snippet.split())[:_SNIPPET_CHARS]) for number, title, snippet in found)

    def page(self, name: str) -> tuple[int, Page] | None:
        """A page by its title (whatever its case, also in square brackets) or by ``#number``; None when there is none."""
        wanted = name.strip().removeprefix("[[").removesuffix("]]").strip()
        if not _encodable(wanted):
            return None
        rows = self._sql("SELECT id, title, text FROM pages WHERE title = ? ORDER BY id LIMIT 1", (wanted,))
        number = wanted.removeprefix("#")
        if not rows and number.isascii() and number.isdigit() and len(number) < 16:
            rows = self._sql("SELECT id, title, text FROM pages WHERE id = ?", (int(number),))
        return (int(rows[0][0]), Page(rows[0][1], rows[0][2])) if rows else None

    def _sql(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        process = os.getpid()
        try:
            if getattr(self._local, "process", None) != process:
                self._local.connection, self._local.process = self._connect(), process
            found: list[Any] = self._local.connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as e:
            raise DataError(f"the library cannot be read ({e}); delete the file, so that it is built again") from e
        return found


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query that are looked for: no stop words if it has others, each once, in order."""
    words = (w[:_LONGEST_WORD] for w in _WORD.findall(query[:_READ_CHARS].lower()))
    found = list(dict.fromkeys(w for w in words if _encodable(w)))
    return tuple([w for w in found if w not in _STOP] or found)[:_MOST_WORDS]


def _match(words: tuple[str, ...], in_titles: frozenset[str]) -> str:
    """The FTS5 expression for pages that have any of the words: each in quotes, some of them in titles only."""
    return " OR ".join(f'{"title : " if word in in_titles else ""}"{word}"' for word in words)


def _encodable(text: str) -> bool:
    """Whether SQLite can take it: no half surrogates, no NUL."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=4)
def own_corpus(seed: int) -> Corpus:
    """Our own library of the world of a seed, built at first use and kept."""
    pages = pages_of(seed)
    digest = hashlib.blake2b(digest_size=8)
    for page in pages.values():
        digest.update(f"{page.title}\0{page.text}\0".encode())
    return cached_corpus(f"library-{seed}-{digest.hexdigest()}", pages.values)


def cached_corpus(name: str, pages: Callable[[], Iterable[Page]]) -> Corpus:
    """The library of a name out of the cache, built first if it is not there or damaged; in memory where the cache cannot be written.

    Args:
        name: one that stands for this content alone.
        pages: gives the pages, if they are needed.
    """
    path = cache_dir() / f"{name}-{_FORMAT}.sqlite"
    with suppress(DataError):
        if _whole(path):
            return Corpus(lambda: _read_only(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_corpus(path, pages())
    except (OSError, sqlite3.OperationalError):
        return Corpus(lambda: _in_memory(pages()))
    return Corpus(lambda: _read_only(path))


def write_corpus(path: Path, pages: Iterable[Page]) -> None:
    """Write a library that `open_corpus` reads; what is at ``path`` is replaced in one go.

    Raises:
        OSError, sqlite3.OperationalError: the folder cannot be written, or the disk is full; nothing is left behind.
    """
    handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        with closing(sqlite3.connect(part)) as connection:
            _fill(connection, pages)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _fill(connection: sqlite3.Connection, pages: Iterable[Page]) -> None:
    connection.execute("PRAGMA synchronous = OFF")  # a file that is not whole is never moved into place
    connection.execute("PRAGMA journal_mode = MEMORY")
    try:
        connection.executescript(_SCHEMA)
    except sqlite3.OperationalError as e:
        if "no such module" in str(e):
            raise MissingRequirement(
                "words", "FTS5 in Python's sqlite3", "uv python install 3.11  # or any Python whose SQLite has FTS5"
            ) from e
        raise
    connection.executemany("INSERT INTO pages(title, text) VALUES (?, ?)", ((p.title, p.text) for p in pages))
    connection.execute("INSERT INTO page_index(page_index) VALUES ('rebuild')")
    connection.execute("INSERT INTO page_index(page_index) VALUES ('optimize')")
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, page_index, row)")
    many = "SELECT term FROM temp.vocabulary WHERE doc > max(? * (SELECT count(*) FROM pages), ?)"
    connection.execute(f"INSERT INTO common {many}", _COMMON)
    connection.commit()


def _in_memory(pages: Iterable[Page]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    _fill(connection, pages)
    return connection


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def _whole(path: Path) -> bool:
    """Whether a file has the length that its header names: a library that was cut short is not read."""
    try:
        with path.open("rb") as file:
            head = file.read(32)
        size = int.from_bytes(head[16:18], "big")
        return head[:15] == b"SQLite format 3" and path.stat().st_size == (65536 if size == 1 else size) * int.from_bytes(
            head[28:32], "big"
        )
    except OSError:
        return False


def open_corpus(path: Path) -> Corpus:
    """A library that the user has.

    Args:
        path: a SQLite file with a table ``pages(title, text)``, or JSONL with a row for each page: ``title`` and ``text``, or the
            ``contents`` of FlashRAG's corpora, whose first line is the title. Its index is built at first use and kept in the cache.
            Words are what stands between spaces and signs, so languages without spaces are found by whole phrases only.

    Raises:
        DataError: the file is missing or not in one of these forms.
    """
    from mtenvs.envs.words.search.readers import jsonl_pages, sqlite_pages  # noqa: PLC0415 - only who brings a library needs it

    try:
        state = path.stat()
        with path.open("rb") as file:
            sqlite = file.read(16) == b"SQLite format 3\0"
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e}); point corpus at a SQLite or JSONL file of pages") from e
    if sqlite and _has_index(path):
        return Corpus(lambda: _read_only(path))
    key = hashlib.blake2b(f"{path.resolve()}\0{state.st_size}\0{state.st_mtime_ns}".encode(), digest_size=8).hexdigest()
    read = sqlite_pages if sqlite else jsonl_pages
    return cached_corpus(f"corpus-{key}", lambda: read(path))


def _has_index(path: Path) -> bool:
    try:
        with closing(_read_only(path)) as connection:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            return {"pages", "page_index", "common"} <= names
    except sqlite3.DatabaseError as e:
        raise DataError(f"{path} is not a SQLite file that can be read ({e}); download or build it again") from e
