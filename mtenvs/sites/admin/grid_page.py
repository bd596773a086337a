"""The page of a grid, and what is done with the records that are selected in it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from mtenvs.sites.admin.grids import SIZES, Grid, State, all_keys, find, shown
from mtenvs.sites.admin.site import page
from mtenvs.sites.kit import Visit
from mtenvs.sites.kit.visit import whole

GRIDS: dict[str, Grid] = {}


def declare(grid: Grid) -> Grid:
    """Serve a grid at its path."""
    GRIDS[grid.namespace] = grid

    @page("/".join([*grid.path.rstrip("/").split("/"), "index"][:3]))
    def _show(visit: Visit, _params: Any) -> Response:
        return show(visit, grid)

    return grid


def show(visit: Visit, grid: Grid, **context: Any) -> Response:
    """The grid's page in the state that the address describes."""
    return visit.render("grid.html", **parts(visit, grid), **context)


def parts(visit: Visit, grid: Grid, base: str = "") -> dict[str, Any]:
    """What the template of a grid needs; also for a grid inside another page."""
    state = State.read(grid, visit.query, base or f"/admin/{grid.path}")
    found = find(visit.db, state)
    options = {column.key: list(column.options(visit.db)) for column in grid.columns}
    labels = {key: dict(pairs) for key, pairs in options.items()}
    columns = [column for column in grid.columns if column.shown]
    return {
        "grid": grid,
        "state": state,
        "found": found,
        "columns": columns,
        "rows": [(row, [shown(column, row[column.key], labels[column.key]) for column in columns]) for row in found.rows],
        "filters": [(column, options[column.key]) for column in grid.columns if column.filtered],
        "chips": state.chips(visit.db),
        "sizes": sorted({*SIZES, state.size}),
    }


def selected(visit: Visit, grid: Grid) -> list[int]:
    """The records to which a mass action applies: those that are ticked, or all that the grid lists on all pages."""
    if visit.text("all") == "1":
        return all_keys(visit.db, State.read(grid, visit.query, ""))
    keys = {whole(value, -1) for value in visit.form.getlist("selected[]") if isinstance(value, str)}
    return sorted(key for key in keys if key >= 0)


def back_to(visit: Visit, grid: Grid) -> Response:
    """The grid's page, in the state in which the action was chosen."""
    state = State.read(grid, visit.query, f"/admin/{grid.path}")
    return visit.redirect(state.url(page=state.page))


def none_selected(visit: Visit, grid: Grid) -> Response:
    """Say that something must be ticked first."""
    visit.flash("An item needs to be selected. Select and try again.", "error")
    return back_to(visit, grid)
