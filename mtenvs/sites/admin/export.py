"""Grids and reports as files for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response

from mtenvs.sites.admin.grid_page import GRIDS
from mtenvs.sites.admin.grids import State, listed, shown
from mtenvs.sites.admin.site import Params, page
from mtenvs.sites.kit import Refused, Visit


def csv_file(name: str, rows: Iterable[Sequence[str]]) -> Response:
    """A file to download: one line a row, the values in quotes where they need them, UTF-8."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return Response(
        text.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )


@page("mui/export/gridToCsv")
def grid_file(visit: Visit, _params: Params) -> Response:
    """All records that a grid lists in the state that the address describes, on all its pages."""
    grid = GRIDS.get(visit.query.get("namespace", ""))
    if grid is None:
        raise Refused(404, "There is no such list.")
    columns = [column for column in grid.columns if column.shown]
    labels = [dict(column.options(visit.db)) for column in columns]
    found = listed(visit.db, State.read(grid, visit.query, ""))
    lines = [[shown(column, row[column.key], known) for column, known in zip(columns, labels, strict=True)] for row in found]
    return csv_file(grid.namespace, [[column.label for column in columns], *lines])
