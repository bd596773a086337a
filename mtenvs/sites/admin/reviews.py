"""Reviews: the grids of all and of pending ones, moderation and correction."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import back_to, declare, none_selected, selected
from mtenvs.sites.admin.grids import Column, Grid, Mass
from mtenvs.sites.admin.site import Params, action, number, page
from mtenvs.sites.admin.text import REVIEW_STATUSES
from mtenvs.sites.kit import Refused, Visit

STATUS_IDS: Final = {"1": "approved", "2": "pending", "3": "not_approved"}
_IDS: Final = {code: ident for ident, code in STATUS_IDS.items()}
_RATINGS: Final = tuple((str(n), f"{n} star{'s' if n > 1 else ''}") for n in range(1, 6))
_SOURCE: Final = (
    "SELECT r.id, r.created_at, r.status, r.title, r.nickname, r.detail, r.rating, CASE WHEN r.customer_id IS NULL THEN"
    " 'Guest' ELSE 'Customer' END AS type,"
    " p.name AS product_name, p.sku AS product_sku, p.id AS product_id FROM review r JOIN product p ON p.id = r.product_id"
)


def _grid(namespace: str, title: str, path: str, *, pending: bool) -> Grid:
    status = () if pending else (Column("status", "Status", "select", lambda _: REVIEW_STATUSES.items()),)
    where = f"ret/{'pending' if pending else 'index'}/"
    return declare(
        Grid(
            namespace,
            title,
            path,
            _SOURCE + (" WHERE r.status = 'pending'" if pending else ""),
            (
                Column("id", "ID", "number"),
                Column("created_at", "Created", "date"),
                *status,
                Column("title", "Title"),
                Column("nickname", "Nickname"),
                Column("detail", "Review"),
                Column("rating", "Stars", "number"),
                Column("type", "Type", "select", lambda _: (("Customer", "Customer"), ("Guest", "Guest")), shown=False),
                Column("product_name", "Product"),
                Column("product_sku", "SKU"),
            ),
            search=("title", "nickname", "detail", "product_name"),
            links=(("Edit", "/admin/review/product/edit/id/{id}/"),),
            mass=(
                Mass("Delete", f"review/product/massDelete/{where}", "Are you sure you want to delete the selected reviews?"),
                *(
                    Mass(label, f"review/product/massUpdateStatus/status/{_IDS[code]}/{where}", group="Update Status")
                    for code, label in REVIEW_STATUSES.items()
                ),
            ),
            word="reviews",
        )
    )


GRIDS: Final = {
    "index": _grid("review_grid", "Reviews", "review/product/index/", pending=False),
    "pending": _grid("review_pending_grid", "Pending Reviews", "review/product/pending/", pending=True),
}


def _listed(params: Params) -> Grid:
    return GRIDS.get(params.get("ret", ""), GRIDS["index"])


@action("review/product/massDelete")
def delete_many(visit: Visit, params: Params) -> Response:
    """Remove reviews."""
    grid = _listed(params)
    idents = selected(visit, grid)
    if not idents:
        return none_selected(visit, grid)
    gone = sum(visit.db.execute("DELETE FROM review WHERE id = ?", (ident,)).rowcount for ident in idents)
    visit.flash(f"A total of {gone} record(s) have been deleted.")
    return back_to(visit, grid)


@action("review/product/massUpdateStatus")
def update_many(visit: Visit, params: Params) -> Response:
    """Approve, disapprove or put back reviews."""
    grid, status = _listed(params), STATUS_IDS.get(params.get("status", ""))
    if status is None:
        raise Refused(404, "There is no such status.")
    idents = selected(visit, grid)
    if not idents:
        return none_selected(visit, grid)
    changed = sum(visit.db.execute("UPDATE review SET status = ? WHERE id = ?", (status, ident)).rowcount for ident in idents)
    visit.flash(f"A total of {changed} record(s) have been updated.")
    return back_to(visit, grid)


def _review(visit: Visit, params: Params) -> sqlite3.Row | None:
    found: sqlite3.Row | None = visit.db.execute(
        "SELECT r.*, p.name AS product, p.sku, c.firstname || ' ' || c.lastname AS customer FROM review r JOIN product p ON"
        " p.id = r.product_id"
        " LEFT JOIN customer c ON c.id = r.customer_id WHERE r.id = ?",
        (number(params, "id"),),
    ).fetchone()
    return found


@page("review/product/edit")
def edit(visit: Visit, params: Params) -> Response:
    """A review; the page of one that is gone says that it has no rating, as the original does."""
    found = _review(visit, params)
    return visit.render("review_missing.html", 404) if found is None else _form(visit, found, [])


def _form(visit: Visit, found: sqlite3.Row, errors: list[str]) -> Response:
    values: dict[str, Any] = {
        "status_id": _IDS[found["status"]],
        "ratings[1]": str(found["rating"]),
        **{key: found[key] for key in ("nickname", "title", "detail")},
    }
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    statuses = [(ident, REVIEW_STATUSES[code]) for ident, code in STATUS_IDS.items()]
    return visit.render("review.html", 422 if errors else 200, review=found, v=values, statuses=statuses, ratings=_RATINGS, errors=errors)


def _existing(visit: Visit, params: Params) -> sqlite3.Row:
    found = _review(visit, params)
    if found is None:
        raise Refused(404, "The review was removed by another user or does not exist.")
    return found


@action("review/product/save")
def save(visit: Visit, params: Params) -> Response:
    """Keep a review's status and words."""
    found, sent = _existing(visit, params), Form(visit)
    status = STATUS_IDS.get(sent.choice("status_id", "Status", STATUS_IDS, _IDS[found["status"]]))
    rating = sent.choice("ratings[1]", "Detailed Rating", dict(_RATINGS), str(found["rating"]))
    words = [
        sent.text("nickname", "Nickname", limit=100, required=True),
        sent.text("title", "Summary of Review", required=True),
        sent.text("detail", "Review", limit=10_000, required=True),
    ]
    if sent.errors:
        return _form(visit, found, sent.errors)
    visit.db.execute(
        "UPDATE review SET status = ?, rating = ?, nickname = ?, title = ?, detail = ? WHERE id = ?",
        [status, int(rating), *words, found["id"]],
    )
    visit.flash("You saved the review.")
    return visit.redirect("/admin/review/product/" if params.get("back") != "edit" else f"/admin/review/product/edit/id/{found['id']}/")


@action("review/product/delete")
def delete(visit: Visit, params: Params) -> Response:
    """Remove a review."""
    found = _existing(visit, params)
    visit.db.execute("DELETE FROM review WHERE id = ?", (found["id"],))
    visit.flash("The review has been deleted.")
    return visit.redirect("/admin/review/product/")
