"""Grids: lists of records that are filtered, searched, sorted and paged by what stands in the address. A grid is declared, not written."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlencode

from mtenvs.sites.admin import text
from mtenvs.sites.kit.visit import whole

Kind = Literal["text", "number", "money", "date", "select"]
Options = Callable[[sqlite3.Connection], Iterable[tuple[str, str]]]
SIZES: Final = (20, 30, 50, 100, 200)
_LIMIT: Final = 200  # characters of a filter


@dataclass(frozen=True)
class Column:
    """A column of a grid.

    Args:
        key: its name in the query's result and in the address.
        label: its heading.
        kind: how it is filtered and shown: ``"number"``, ``"money"`` (cents) and ``"date"`` by from and to,
            ``"select"`` by one of ``options``.
        options: value and label of each choice.
        filtered: whether it has a filter.
        shown: whether it is seen; others only filter.
        show: writes a value that is not shown as it is.
    """

    key: str
    label: str
    kind: Kind = "text"
    options: Options = lambda _: ()
    filtered: bool = True
    shown: bool = True
    show: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Mass:
    """What can be done with all selected records at once.

    Args:
        label: of the button.
        path: where it is sent, after ``/admin/``.
        confirm: the question that is asked before.
        group: heading above several buttons.
    """

    label: str
    path: str
    confirm: str = ""
    group: str = ""


@dataclass(frozen=True)
class Grid:
    """A declared grid.

    Args:
        namespace: its name for programs, such as ``"sales_order_grid"``.
        title: of its page.
        path: of its page, after ``/admin/``.
        source: a SELECT with all columns of the grid, and the key.
        columns: from left to right.
        key: column that identifies a record.
        sort: column and direction at first.
        search: columns in which the keyword is looked for.
        links: label and address of the links in each row; ``{id}`` stands for the key.
        buttons: label and address above the grid.
        mass: what can be done with the selected records.
        word: what it lists, for headings and messages.
    """

    namespace: str
    title: str
    path: str
    source: str
    columns: Sequence[Column]
    key: str = "id"
    sort: tuple[str, str] = ("id", "desc")
    search: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()
    buttons: Sequence[tuple[str, str]] = ()
    mass: Sequence[Mass] = ()
    word: str = "records"
    by_key: Mapping[str, Column] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})


class Chip(NamedTuple):
    """A filter that is in force: what it says, and the address without it."""

    label: str
    value: str
    without: str


@dataclass
class State:
    """What the address says about a grid.

    Args:
        grid: which.
        search: the keyword.
        filters: column -> text or choice; for ranges ``column[from]`` and ``column[to]``.
        sort: column and ``"asc"`` or ``"desc"``.
        page: from 1.
        size: records on a page.
        base: the page's path.
        problems: what could not be understood, for the visitor.
    """

    grid: Grid
    search: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    sort: tuple[str, str] = ("id", "desc")
    page: int = 1
    size: int = SIZES[0]
    base: str = ""
    problems: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, grid: Grid, query: Mapping[str, str], base: str) -> State:
        """The state that an address describes; what makes no sense is left out and told."""
        made = cls(grid, base=base)
        made.search = query.get("search", "").strip()[:_LIMIT]
        for column in grid.columns:
            ends = ("",) if column.kind in {"text", "select"} else ("[from]", "[to]")
            for end in ends:
                value = query.get(f"filters[{column.key}]{end}", "").strip()[:_LIMIT]
                if value and column.filtered:
                    made._keep(column, end, value)
        key, direction = query.get("sorting[field]", ""), query.get("sorting[direction]", "asc")
        made.sort = (key, "desc" if direction == "desc" else "asc") if key in grid.by_key else grid.sort
        made.page = max(1, min(whole(query.get("paging[current]"), 1), 10**9))
        made.size = max(1, min(whole(query.get("paging[pageSize]"), SIZES[0]), SIZES[-1]))
        return made

    def _keep(self, column: Column, end: str, value: str) -> None:
        if column.kind in {"number", "money"} and text.cents_of(value) is None:
            self.problems.append(f"{column.label}: “{value}” is not a number.")
        elif column.kind == "date" and text.date_of(value) is None:
            self.problems.append(f"{column.label}: “{value}” is not a date; write it as month/day/year.")
        else:
            self.filters[column.key + end] = value

    def pairs(self, **changed: Any) -> list[tuple[str, str]]:
        """The state as parameters of an address, with some of it changed."""
        search, sort = changed.get("search", self.search), changed.get("sort", self.sort)
        filters: Mapping[str, str] = changed.get("filters", self.filters)
        page, size = changed.get("page", self.page), changed.get("size", self.size)
        found = [(f"filters[{key.partition('[')[0]}]{''.join(key.partition('[')[1:])}", value) for key, value in filters.items()]
        found += [("search", search)] if search else []
        found += [("sorting[field]", sort[0]), ("sorting[direction]", sort[1])] if sort != self.grid.sort else []
        found += [("paging[pageSize]", str(size))] if size != SIZES[0] else []
        found += [("paging[current]", str(page))] if page != 1 else []
        return found

    def url(self, **changed: Any) -> str:
        """The address of the grid with some of its state changed; a change of what is listed leads to the first page."""
        pairs = self.pairs(**{"page": 1, **changed})
        return self.base + ("?" + urlencode(pairs) if pairs else "")

    @property
    def query(self) -> str:
        """The whole state, for the end of an address."""
        return urlencode(self.pairs())

    def chips(self, db: sqlite3.Connection) -> list[Chip]:
        """The filters in force."""
        found = [Chip("Keyword", self.search, self.url(search=""))] if self.search else []
        for column in self.grid.columns:
            keys = [key for key in (column.key, column.key + "[from]", column.key + "[to]") if key in self.filters]
            if keys:
                rest = {key: value for key, value in self.filters.items() if key not in keys}
                found.append(Chip(column.label, self._said(column, db), self.url(filters=rest)))
        return found

    def _said(self, column: Column, db: sqlite3.Connection) -> str:
        if column.kind == "select":
            value = self.filters[column.key]
            return dict(column.options(db)).get(value, value)
        if column.kind == "text":
            return self.filters[column.key]
        low, high = self.filters.get(column.key + "[from]"), self.filters.get(column.key + "[to]")
        return f"{low} - {high}" if low and high else f"from {low}" if low else f"up to {high}"

    def where(self) -> tuple[str, list[Any]]:
        """The condition that listed records fulfil, and its values."""
        terms: list[str] = ["1"]
        values: list[Any] = []
        for key, value in self.filters.items():
            name, _, end = key.partition("[")
            sql, bound = _condition(self.grid.by_key[name], end.rstrip("]"), value)
            terms.append(sql)
            values.append(bound)
        for word in self.search.split()[:10] if self.grid.search else ():
            terms.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in self.grid.search) + ")")
            values += [_like(word)] * len(self.grid.search)
        return " AND ".join(terms), values


@dataclass
class Found:
    """A page of a grid.

    Args:
        rows: the records on it.
        total: how many there are on all pages.
        pages: how many pages there are, 1 at least.
    """

    rows: list[sqlite3.Row]
    total: int
    pages: int


def find(db: sqlite3.Connection, state: State) -> Found:
    """The page that the state describes; a page beyond the last becomes the last."""
    where, values = state.where()
    total = int(db.execute(f"SELECT count(*) FROM ({state.grid.source}) WHERE {where}", values).fetchone()[0])
    pages = max(1, -(-total // state.size))
    state.page = min(state.page, pages)
    return Found(listed(db, state, state.size, (state.page - 1) * state.size), total, pages)


def listed(db: sqlite3.Connection, state: State, most: int = -1, skipped: int = 0) -> list[sqlite3.Row]:
    """The records that the state describes, in order: all of them, or ``most`` after the first ``skipped``."""
    where, values = state.where()
    key, direction = state.sort
    order = f'"{key}" {direction}' + (f', "{state.grid.key}" {direction}' if key != state.grid.key else "")
    sql = f"SELECT * FROM ({state.grid.source}) WHERE {where} ORDER BY {order} LIMIT ? OFFSET ?"
    return db.execute(sql, [*values, most, skipped]).fetchall()


def all_keys(db: sqlite3.Connection, state: State) -> list[int]:
    """The keys of all records on all pages."""
    where, values = state.where()
    return [int(row[0]) for row in db.execute(f'SELECT "{state.grid.key}" FROM ({state.grid.source}) WHERE {where}', values)]


def shown(column: Column, value: Any, labels: Mapping[str, str]) -> str:
    """A value as people read it; ``labels`` are those of the column's options."""
    if value is None:
        return ""
    if column.show is not None:
        return column.show(value)
    if column.kind == "money":
        return text.money(value)
    if column.kind == "date":
        return text.when(value)
    if column.kind == "select":
        return labels.get(str(value), str(value))
    return str(value)


def _condition(column: Column, end: str, value: str) -> tuple[str, Any]:
    name = f'"{column.key}"'
    if column.kind == "select":
        return f"CAST({name} AS TEXT) = ?", value
    if column.kind == "text":
        return f"{name} LIKE ? ESCAPE '\\'", _like(value)
    sign = ">=" if end == "from" else "<="
    if column.kind == "date":
        found = text.date_of(value)
        return f"{name} {sign} ?", f"{found} {'00:00:00' if end == 'from' else '23:59:59'}"
    cents = text.cents_of(value) or 0
    return f"{name} {sign} ?", cents if column.kind == "money" else cents / 100


def _like(value: str) -> str:
    return "%" + value.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
