"""Readers of the user's files: JSON lines, and pages in JSONL or SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tqdm import tqdm

from mtenvs.core.errors import DataError
from mtenvs.envs.words.search.pages import Page


def json_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of a JSONL file, or of a JSON file that is one list, with the place that a message can name.

    Raises:
        DataError: the file cannot be read, or a row is not a JSON object.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            if path.suffix == ".json":
                yield from _objects(path, enumerate(json.load(file), 1))
            else:
                yield from _objects(path, ((n, json.loads(line)) for n, line in enumerate(file, 1) if line.strip()))
    except (OSError, ValueError, TypeError, RecursionError) as e:
        if isinstance(e, DataError):
            raise
        raise DataError(f"{path} cannot be read as JSON ({type(e).__name__}: {e}); download it again") from e


def _objects(path: Path, rows: Iterator[tuple[int, Any]] | enumerate[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, row in rows:
        if not isinstance(row, dict):
            raise DataError(f"{path}, row {number} is not a JSON object")
        yield f"{path}, row {number}", row


def jsonl_pages(path: Path) -> Iterator[Page]:
    """The pages of a JSONL file; a progress bar is shown where someone looks.

    Raises:
        DataError: a row has neither ``title`` and ``text`` nor ``contents``, or there is no row.
    """
    number = 0
    for number, (where, row) in enumerate(tqdm(json_rows(path), desc="indexing", unit=" pages", disable=None, leave=False), 1):  # noqa: B007 - counted
        title, text = row.get("title"), row.get("text")
        contents = row.get("contents")
        if isinstance(contents, str):
            head, _, body = contents.partition("\n")
            title, text = (title or head.strip().strip('"')), (text or body.strip() or contents)
        if not isinstance(title, str) or not isinstance(text, str) or not title.strip():
            raise DataError(f"{where} has no title and text (or contents) of type string")
        yield Page(_clean(title.strip()), _clean(text))
    if not number:
        raise DataError(f"{path} holds no page")


def sqlite_pages(path: Path) -> Iterator[Page]:
    """The pages of a SQLite file's table ``pages(title, text)``.

    Raises:
        DataError: there is no such table, or it holds something else than text.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT title, text FROM pages ORDER BY rowid")
            for title, text in tqdm(rows, desc="indexing", unit=" pages", disable=None, leave=False):
                if not isinstance(title, str) or not isinstance(text, str):
                    raise DataError(f"{path} has a page whose title or text is not text")
                yield Page(title, text)
    except sqlite3.DatabaseError as e:
        raise DataError(f"{path} has no readable table pages(title, text) ({e})") from e


def _clean(text: str) -> str:
    """Without NUL and half surrogates, which SQLite does not take."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
