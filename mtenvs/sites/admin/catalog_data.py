"""What the pages of products and categories share: the category tree, the attributes and their values, free names."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass, field
from typing import Any, Final

ROOT: Final = 2  # the category under which all of the shop's are


@dataclass
class Category:
    """A category in the tree, with those below it in ``children``."""

    id: int
    name: str
    active: bool
    depth: int
    children: list[Category] = field(default_factory=list)


def tree(db: sqlite3.Connection) -> list[Category]:
    """All categories below the root, each before those below it."""
    below: dict[int, list[sqlite3.Row]] = {}
    for row in db.execute("SELECT id, parent_id, name, active FROM category WHERE id > ? ORDER BY position, id", (ROOT,)):
        below.setdefault(row["parent_id"], []).append(row)
    found: list[Category] = []
    waiting = [(row, 0, None) for row in reversed(below.get(ROOT, []))]  # type: list[tuple[sqlite3.Row, int, Category | None]]
    while waiting:
        row, depth, parent = waiting.pop()
        made = Category(row["id"], row["name"], bool(row["active"]), depth)
        found.append(made)
        if parent is not None:
            parent.children.append(made)
        waiting += [(child, depth + 1, made) for child in reversed(below.get(row["id"], []))]
    return found


def slug(name: str) -> str:
    """A name as it stands in addresses."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:120] or "item"


def free(db: sqlite3.Connection, table: str, column: str, wanted: str, own: int = 0) -> str:
    """The wanted value, or with the first number after it that no other record has."""
    taken = {str(row[0]) for row in db.execute(f"SELECT {column} FROM {table} WHERE id <> ? AND {column} LIKE ? || '%'", (own, wanted))}
    return next(name for name in (wanted, *(f"{wanted}-{number}" for number in range(1, len(taken) + 2))) if name not in taken)


def options(db: sqlite3.Connection, code: str) -> list[tuple[str, str]]:
    """Id and label of an attribute's values."""
    return [
        (str(row["id"]), row["label"])
        for row in db.execute("SELECT id, label FROM attribute_option WHERE code = ? ORDER BY position, id", (code,))
    ]


def attributes_of(db: sqlite3.Connection, product: int) -> list[dict[str, Any]]:
    """Code, label, value and whether it has fixed values, of what describes a product."""
    return [
        dict(row)
        for row in db.execute(
            "SELECT a.code, a.label, a.configurable, p.value FROM product_attribute p JOIN attribute a USING (code) WHERE"
            " product_id = ? ORDER BY a.configurable DESC, a.label",
            (product,),
        )
    ]


def configurable_attributes(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """The attributes that have fixed values."""
    return db.execute(
        "SELECT code, label FROM attribute WHERE configurable ORDER BY CASE code WHEN 'color' THEN 0 WHEN 'size' THEN 1 ELSE 2 END, label"
    ).fetchall()


def add_option(db: sqlite3.Connection, code: str, label: str) -> int:
    """An attribute's value; made when there is none of that label."""
    known = db.execute("SELECT id FROM attribute_option WHERE code = ? AND label = ? COLLATE NOCASE", (code, label)).fetchone()
    if known is not None:
        return int(known[0])
    made = db.execute(
        "INSERT INTO attribute_option (code, label, position) VALUES (?, ?, (SELECT coalesce(max(position), -1) + 1 FROM"
        " attribute_option WHERE code = ?))",
        (code, label, code),
    )
    return int(made.lastrowid or 0)
