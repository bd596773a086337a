"""Reports by period: a form of dates, a table, and sums. A report is declared, not written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.export import csv_file
from mtenvs.sites.admin.reports.filters import PERIODS, Filter, period_label
from mtenvs.sites.admin.site import Params, page
from mtenvs.sites.kit import Visit

Kind = Literal["text", "number", "money", "percent"]
MOST: Final = 1_000  # rows that are shown
ORDER_DATES: Final = (("created_at_order", "Order Created"), ("updated_at_order", "Order Updated"))
_SHOW: Final[Mapping[str, Callable[[Any], str]]] = {
    "text": str,
    "number": lambda value: f"{value:,}",
    "money": text.money,
    "percent": lambda value: text.hundredths(value) + "%",
}


class Figure(NamedTuple):
    """A column of a report.

    Args:
        key: its name in the query's result.
        label: its heading.
        kind: how it is written.
        summed: whether it has a sum.
    """

    key: str
    label: str
    kind: Kind = "money"
    summed: bool = True


@dataclass(frozen=True)
class Report:
    """A declared report.

    Args:
        title: of its page.
        path: of its page, after ``/admin/``.
        columns: from left to right, after the interval.
        sql: the query, given the filter; its first column is ``period``.
        kinds: whose date may count.
        statuses: whether order statuses can be chosen.
        note: what its figures mean.
    """

    title: str
    path: str
    columns: Sequence[Figure]
    sql: Callable[[Filter], str]
    kinds: Sequence[tuple[str, str]] = ORDER_DATES
    statuses: bool = True
    note: str = ""

    @property
    def file_path(self) -> str:
        """Of the report as a file, after ``/admin/``, such as ``"reports/report_sales/exportSalesCsv"``."""
        folder, _, name = self.path.rstrip("/").rpartition("/")
        return f"{folder}/export{name.capitalize()}Csv"


def declare(report: Report) -> Report:
    """Serve a report at its path."""

    @page(report.path.rstrip("/"))
    def _show(visit: Visit, params: Params) -> Response:
        kinds = [code for code, _ in report.kinds]
        if "filter" not in params and visit.query:
            wanted = Filter.read(visit.query.multi_items(), kinds)
            if wanted.ready:
                return visit.redirect(f"/admin/{report.path}filter/{wanted.encoded()}/")
            return show(visit, report, wanted)
        return show(visit, report, Filter.decoded(params["filter"], kinds) if "filter" in params else Filter.read((), kinds))

    @page(report.file_path)
    def _file(visit: Visit, params: Params) -> Response:
        wanted = Filter.decoded(params.get("filter", ""), [code for code, _ in report.kinds])
        if not wanted.ready:
            return visit.redirect(f"/admin/{report.path}")
        rows = rows_of(visit.db, report, wanted)
        lines = [["Interval", *(column.label for column in report.columns)]]
        lines += [[period_label(row["period"]), *_cells(report, row)] for row in rows]
        return csv_file(report.path.rstrip("/").rpartition("/")[2], [*lines, ["Total", *_totals(report, rows)]])

    return report


def rows_of(db: sqlite3.Connection, report: Report, wanted: Filter) -> list[dict[str, Any]]:
    """The report's rows, with the periods in which nothing happened if these are wanted."""
    found = [dict(row) for row in db.execute(report.sql(wanted), wanted.values())]
    if wanted.empty_rows:
        there = {row["period"] for row in found}
        found += [{"period": period} for period in wanted.periods() if period not in there]
        found.sort(key=lambda row: str(row["period"]))
    return found


def show(visit: Visit, report: Report, wanted: Filter) -> Response:
    """The report's page."""
    rows = rows_of(visit.db, report, wanted) if wanted.ready else []
    sides = ["text" if column.kind == "text" else "money" for column in report.columns]
    last = None
    cells: list[list[tuple[str, str]]] = []  # side of the cell and what is in it; pairs, since there are thousands of them
    for row in rows[:MOST]:
        label = "" if row["period"] == last else period_label(row["period"])
        cells.append([("text", label), *zip(sides, _cells(report, row), strict=True)])
        last = row["period"]
    context: dict[str, Any] = {
        "report": report,
        "filter": wanted,
        "cells": cells,
        "count": len(rows),
        "most": MOST,
        "totals": _totals(report, rows),
        "periods": list(PERIODS),
        "statuses": text.STATUSES,
    }
    return visit.render("report.html", errors=wanted.errors, **context)


def _cells(report: Report, row: Mapping[str, Any]) -> list[str]:
    return [_written(column, row.get(column.key)) for column in report.columns]


def _totals(report: Report, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    sums = [sum(row.get(column.key) or 0 for row in rows) if column.summed and column.kind != "text" else None for column in report.columns]
    return ["" if total is None else _SHOW[column.kind](total) for column, total in zip(report.columns, sums, strict=True)]


def _written(column: Figure, value: Any) -> str:
    if value is None:
        return "" if column.kind in {"text", "percent"} else _SHOW[column.kind](0)
    return _SHOW[column.kind](value)
