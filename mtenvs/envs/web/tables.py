"""What an episode has changed in a site's database, table by table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from weakref import WeakKeyDictionary

from mtenvs.sites.kit import Episode, Image
from mtenvs.sites.kit.image import Database

_PLAIN: Final = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL TABLE%'"
_VIRTUAL: Final = "SELECT name FROM sqlite_schema WHERE sql LIKE '%VIRTUAL TABLE%'"
_Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is at the start.

    Args:
        sql: reads it, in the order of its keys.
        key: places of the primary key in a row; of SQLite's own number of the row, which then comes first, where there is none.
        rows: all of them.
    """

    sql: str
    key: tuple[int, ...]
    rows: Sequence[_Row]

    def difference(self, now: Sequence[_Row]) -> list[int]:
        """How many rows were added, changed and removed."""
        if now == self.rows:  # nearly always, and quick
            return [0, 0, 0]
        before, after = self._by_key(self.rows), self._by_key(now)
        changed = sum(after[key] != row for key, row in before.items() if key in after)
        return [len(after.keys() - before.keys()), changed, len(before.keys() - after.keys())]

    def _by_key(self, rows: Sequence[_Row]) -> dict[_Row, _Row]:
        return {tuple(row[place] for place in self.key): row for row in rows}


def differences(episode: Episode, site: str) -> Mapping[str, Sequence[int]]:
    """Table -> rows ``[added, changed, removed]`` since the start, for those tables that differ.

    Search indexes are left out, they follow their tables. What was found is kept until something is written again.
    """
    image = episode.sites[site].image
    with episode.lock:
        database = episode.database(site)
        writes = int(read(database, "SELECT total_changes()")[0][0])
        if not writes:
            return {}
        known = _FOUND.setdefault(episode, {})
        if image.name not in known or known[image.name][0] != writes:
            tables = contents(image, episode.world_seed)
            found = {name: table.difference(read(database, table.sql)) for name, table in tables.items()}
            known[image.name] = writes, {name: times for name, times in found.items() if any(times)}
        return known[image.name][1]


_FOUND: Final[WeakKeyDictionary[Episode, dict[str, tuple[int, dict[str, list[int]]]]]] = WeakKeyDictionary()


@lru_cache(maxsize=8)
def contents(image: Image, seed: int | None) -> Mapping[str, Table]:
    """Every table of a database at the start."""
    database = image.copy(seed)
    try:
        virtual = [str(name) for (name,) in read(database, _VIRTUAL)]
        names = [str(name) for (name,) in read(database, _PLAIN)]
        plain = [name for name in names if not name.startswith("sqlite_") and not any(name.startswith(f"{v}_") for v in virtual)]
        return {name: _table(database, name) for name in plain}
    finally:
        database.close()


def _table(database: Database, name: str) -> Table:
    key = tuple(place for place, (*_, part) in enumerate(read(database, f'PRAGMA table_info("{name}")')) if part)
    sql = f'SELECT * FROM "{name}"' if key else f'SELECT rowid, * FROM "{name}"'  # noqa: S608 - our own schema
    return Table(sql, key or (0,), read(database, sql))


def read(database: Database, sql: str) -> list[_Row]:
    """Rows as plain tuples, which is quicker than by name."""
    database.allow()
    cursor = database.cursor()
    cursor.row_factory = None
    found: list[_Row] = cursor.execute(sql).fetchall()
    return found
