"""A small web without a network: pages in SQLite's full-text index, ranked by BM25."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import BadAction, DataError, MissingRequirement, UnknownOption, did_you_mean

KINDS: Final = ("web", "image")
MOST_RESULTS: Final = 10
_WORD: Final = re.compile(r"[^\W_]+")
_READ_CHARS, _MOST_WORDS, _LONGEST_WORD = 2000, 24, 64  # of what an agent writes
_SNIPPET_WORDS: Final = 20
_STOP: Final = frozenset(
    (
        *("a", "an", "and", "are", "at", "by", "did", "do", "does", "for", "from", "has", "have", "how", "in", "is", "it", "of", "on"),
        *("or", "that", "the", "this", "to", "was", "were", "what", "when", "where", "which", "who", "with"),
    )
)
_SCHEMA: Final = """
CREATE VIRTUAL TABLE pages USING fts5(title, text, image_caption, url UNINDEXED, tokenize='unicode61 remove_diacritics 2');
CREATE TABLE addresses(address TEXT PRIMARY KEY, page INTEGER NOT NULL) WITHOUT ROWID;
"""
_WEB: Final = f"""
SELECT title, url, snippet(pages, 1, '', '', '...', {_SNIPPET_WORDS}) FROM pages
WHERE pages MATCH ? AND rank MATCH 'bm25(4.0, 1.0, 1.0)' ORDER BY rank, rowid LIMIT ?
"""  # noqa: S608 - put together from numbers of ours
_IMAGE: Final = """
SELECT title, url, image_caption FROM pages WHERE pages MATCH ? AND rank MATCH 'bm25(2.0, 0.0, 4.0)' ORDER BY rank, rowid LIMIT ?
"""


class Result(NamedTuple):
    """One result of a search.

    Attributes:
        title: of the page.
        url: what `WebCorpus.page` takes.
        snippet: the words around the best match; of an image, its caption.
    """

    title: str
    url: str
    snippet: str


class WebCorpus:
    """Pages that can be searched and read. It may be used from any thread; after a fork the child goes on with its own copy.

    Args:
        pages: each with ``url``, ``title`` and ``text``, and ``image_caption`` where there is an image on it.
        where: names the source in errors.

    Raises:
        DataError: a page without these, or two with one address.
    """

    def __init__(self, pages: Iterable[Mapping[str, Any]], where: str = "the pages") -> None:
        self._lock = threading.Lock()
        self._sql = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            self._sql.executescript(_SCHEMA)
        except sqlite3.OperationalError as e:
            if "no such module" in str(e):
                python = "uv python install 3.11  # or any Python whose SQLite has FTS5"
                raise MissingRequirement("video", "FTS5 in Python's sqlite3", python) from e
            raise
        for number, page in enumerate(pages, 1):
            self._add(number, page, where)
        self._sql.commit()
        self._size = int(self._sql.execute("SELECT count(*) FROM addresses").fetchone()[0])

    def __len__(self) -> int:
        return self._size

    def search(self, query: str, n: int = 3, kind: str = "web") -> list[Result]:
        """The pages, or the images, that fit best; empty when no word of the query is in any.

        Args:
            query: any text; its words are looked for, whatever signs stand between them.
            n: how many at most; taken as the nearest number in 1..10.
            kind: ``"web"`` or ``"image"``.

        Raises:
            BadAction: no such kind.
        """
        if kind not in KINDS:
            raise BadAction(f"search_type is 'web' or 'image', not {str(kind)[:40]!r}", kind="arguments")
        words = words_of(query)
        if not words:
            return []
        match = " OR ".join(f'"{w}"' for w in words)
        statement, match = (_WEB, match) if kind == "web" else (_IMAGE, f"{{title image_caption}} : ({match})")
        if kind == "image":
            statement = statement.replace("ORDER BY", "AND image_caption != '' ORDER BY")
        with self._lock:
            rows = self._sql.execute(statement, (match, max(1, min(MOST_RESULTS, n)))).fetchall()
        return [Result(title, url, " ".join(snippet.split())) for title, url, snippet in rows]

    def page(self, url: str, max_chars: int = 5000) -> str:
        """The title and text of a page, and the caption of its image.

        Args:
            url: an address out of a search; the scheme, ``www.`` and a slash at the end do not matter.
            max_chars: at most so many characters of it.

        Raises:
            BadAction: there is no such page here.
        """
        address = _address(url)
        rows = []
        if _encodable(address):
            with self._lock:
                found = "SELECT title, text, image_caption FROM pages JOIN addresses ON pages.rowid = page WHERE address = ?"
                rows = self._sql.execute(found, (address,)).fetchall()
        if not rows:
            raise BadAction(f"no page at {url[:120]!r}: take an address that a search gave", kind="arguments")
        title, text, caption = rows[0]
        whole = f"{title}\n\n{text}" + (f"\n\n[Image: {caption}]" if caption else "")
        limit = max(1, max_chars)
        return whole if len(whole) <= limit else f"{whole[:limit]}\n[cut after {limit} of {len(whole)} characters]"

    def _add(self, number: int, page: Mapping[str, Any], where: str) -> None:
        fields = [page.get(k) for k in ("title", "text", "url")] if isinstance(page, Mapping) else [None]
        caption = (page.get("image_caption") or "") if isinstance(page, Mapping) else ""
        if not all(isinstance(f, str) and _encodable(f) for f in (*fields, caption)) or not fields[2]:
            raise DataError(f"{where}, page {number}: a page needs url, title and text as strings, and may have an image_caption")
        title, text, url = fields
        try:
            self._sql.execute("INSERT INTO addresses VALUES (?, ?)", (_address(str(url)), number))
        except sqlite3.IntegrityError as e:
            raise DataError(f"{where}, page {number}: another page has the same url {url!r}") from e
        row = (number, title, text, caption, url)
        self._sql.execute("INSERT INTO pages(rowid, title, text, image_caption, url) VALUES (?, ?, ?, ?, ?)", row)


def words_of(query: str) -> list[str]:
    """The words of a query that are looked for: without stop words if it has others, each once, in order."""
    words = [w[:_LONGEST_WORD] for w in _WORD.findall(query[:_READ_CHARS].lower())]
    found = [w for w in dict.fromkeys(words) if _encodable(w)]
    return ([w for w in found if w not in _STOP] or found)[:_MOST_WORDS]


@lru_cache(maxsize=4)
def own_web() -> WebCorpus:
    """The pages that belong to our own videos; the same object for all environments of a process."""
    from mtenvs.envs.video.own.webfacts import pages  # noqa: PLC0415 - only our own videos need the generator

    return WebCorpus(pages(), "our own pages")


def open_web(path: Path | str) -> WebCorpus:
    """The pages that a user has; kept as long as the file stays the same.

    Args:
        path: a JSONL file, each row with ``url``, ``title`` and ``text``, and perhaps ``image_caption``. It is read into memory.

    Raises:
        DataError: the file is missing, or not in this form; the message names the row.
    """
    path = Path(path)
    try:
        state = path.stat()
    except OSError as e:
        raise DataError(f"{path} cannot be read ({e}); name a JSONL file of pages") from e
    return _opened(path.resolve(), state.st_mtime_ns, state.st_size)


def web_of(given: str | Path | WebCorpus) -> WebCorpus:
    """A corpus by name: ``"own"``, a path, or one that is there already.

    Raises:
        UnknownOption: neither.
        DataError: as of `open_web`.
    """
    if isinstance(given, WebCorpus):
        return given
    if given == "own":
        return own_web()
    if isinstance(given, Path) or (isinstance(given, str) and (Path(given).suffix or "/" in given)):
        return open_web(given)
    raise UnknownOption(f"web={given!r} is neither a JSONL file nor a corpus: {did_you_mean(str(given), ('own',))}")


@lru_cache(maxsize=2)
def _opened(path: Path, _mtime_ns: int, _size: int) -> WebCorpus:
    def rows() -> Iterable[Mapping[str, Any]]:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        yield json.loads(line)
                    except ValueError as e:
                        raise DataError(f"{path}, line {number} is not JSON: {e}") from e

    try:
        return WebCorpus(rows(), str(path))
    except UnicodeDecodeError as e:
        raise DataError(f"{path} is not UTF-8: {e}") from e


def _address(url: str) -> str:
    bare = url.strip().partition("#")[0]
    return re.sub(r"^(https?://)?(www\.)?", "", bare, flags=re.IGNORECASE).rstrip("/").lower()[:2000]


def _encodable(text: str) -> bool:
    """Whether SQLite can take it: no half surrogates, no NUL."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False
