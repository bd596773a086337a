"""The search in the head of every page: products, orders and customers at once."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import customers, orders, products
from mtenvs.sites.admin.grids import State, find
from mtenvs.sites.admin.site import Params, page
from mtenvs.sites.kit import Visit

_PLACES: Final = (
    (products.GRID, ("name", "sku")),
    (orders.GRID, ("increment_id", "customer_name")),
    (customers.GRID, ("name", "email")),
)


@page("admin/search/index")
def search(visit: Visit, _params: Params) -> Response:
    """The first records of each kind, and where all of them are."""
    query = visit.query.get("query", "").strip()[:100]
    found: list[dict[str, Any]] = []
    for grid, columns in _PLACES if query else ():
        state = State.read(grid, {"search": query, "paging[pageSize]": "10"}, f"/admin/{grid.path}")
        listed = find(visit.db, state)
        link = grid.links[0][1]
        rows = [(" - ".join(str(r[column]) for column in columns), link.replace("{id}", str(r[grid.key]))) for r in listed.rows]
        found.append({"title": grid.title, "total": listed.total, "rows": rows, "all": state.url(size=20)})
    return visit.render("search.html", query=query, found=found)
