"""The indexes that the search looks into. They are kept by hand: databases of episodes let no trigger write to such tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_COLUMNS: Final = {"submission": "title, body, url", "comment": "body"}


def added(db: sqlite3.Connection, what: str, number: int) -> None:
    """Take a new ``"submission"`` or ``"comment"`` into its index."""
    columns = _COLUMNS[what]
    db.execute(f"INSERT INTO {what}_words (rowid, {columns}) SELECT id, {columns} FROM {what} WHERE id = ?", (number,))


@contextmanager
def changing(db: sqlite3.Connection, what: str, number: int) -> Iterator[None]:
    """Change the texts of a submission or a comment inside of this, and its index follows."""
    columns = _COLUMNS[what]
    db.execute(
        f"INSERT INTO {what}_words ({what}_words, rowid, {columns}) SELECT 'delete', id, {columns} FROM {what} WHERE id = ?", (number,)
    )
    yield
    added(db, what, number)
