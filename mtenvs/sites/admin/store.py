"""Writing rows by column names; the names are always our own, only the values are the visitor's."""

# ruff: noqa: S608 - table and column names cannot be bound, and they never come from a visitor

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any


def insert(db: sqlite3.Connection, table: str, columns: Mapping[str, Any]) -> int:
    """A new row; its id."""
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    return int(db.execute(sql, list(columns.values())).lastrowid or 0)


def update(db: sqlite3.Connection, table: str, ident: int, columns: Mapping[str, Any]) -> int:
    """Change a row; how many there were of that id."""
    sql = f"UPDATE {table} SET {', '.join(f'{key} = ?' for key in columns)} WHERE id = ?"
    return db.execute(sql, [*columns.values(), ident]).rowcount


def delete(db: sqlite3.Connection, table: str, *idents: int) -> int:
    """Remove rows; how many there were."""
    return sum(db.execute(f"DELETE FROM {table} WHERE id = ?", (ident,)).rowcount for ident in idents)
