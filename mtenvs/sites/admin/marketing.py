"""Search terms and newsletter subscribers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import back_to, declare, none_selected, selected
from mtenvs.sites.admin.grids import Column, Grid, Mass
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Visit
from mtenvs.sites.kit.visit import whole

_SUBSCRIPTION: Final = (("subscribed", "Subscribed"), ("not_active", "Not Activated"), ("unsubscribed", "Unsubscribed"))
_TERM_COLUMNS: Final = (
    Column("query_text", "Search Query"),
    Column("num_results", "Results", "number"),
    Column("popularity", "Uses", "number"),
    Column("updated_at", "Last Used", "date"),
)

TERMS: Final = declare(
    Grid(
        "search_term_grid",
        "Search Terms",
        "search/term/",
        "SELECT id, query_text, num_results, popularity, updated_at FROM search_query",
        _TERM_COLUMNS,
        sort=("id", "asc"),
        search=("query_text",),
        links=(("Edit", "/admin/search/term/edit/id/{id}/"),),
        buttons=(("Add New Search Term", "/admin/search/term/new/"),),
        mass=(Mass("Delete", "search/term/massDelete/", "Are you sure you want to delete the selected search terms?"),),
        word="search terms",
    )
)
REPORT: Final = declare(
    Grid(
        "search_report_grid",
        "Search Terms Report",
        "reports/index/search/",
        "SELECT id, query_text, num_results, popularity, updated_at FROM search_query",
        (Column("id", "ID", "number"), *_TERM_COLUMNS[:3]),
        sort=("popularity", "desc"),
        search=("query_text",),
        word="search terms",
    )
)
SUBSCRIBERS: Final = declare(
    Grid(
        "subscriber_grid",
        "Newsletter Subscribers",
        "newsletter/subscriber/",
        "SELECT s.id, s.email, CASE WHEN s.customer_id IS NULL THEN 'Guest' ELSE 'Customer' END AS type, c.firstname,"
        " c.lastname, s.status, s.changed_at"
        " FROM newsletter_subscriber s LEFT JOIN customer c ON c.id = s.customer_id",
        (
            Column("id", "ID", "number"),
            Column("email", "Email"),
            Column("type", "Type", "select", lambda _: (("Customer", "Customer"), ("Guest", "Guest"))),
            Column("firstname", "Customer First Name"),
            Column("lastname", "Customer Last Name"),
            Column("status", "Status", "select", lambda _: _SUBSCRIPTION),
            Column("changed_at", "Changed", "date"),
        ),
        search=("email", "firstname", "lastname"),
        mass=(
            Mass("Unsubscribe", "newsletter/subscriber/massUnsubscribe/"),
            Mass("Delete", "newsletter/subscriber/massDelete/", "Are you sure you want to delete the selected subscribers?"),
        ),
        word="subscribers",
    )
)


def _many(path: str, grid: Grid, sql: str, said: str) -> None:
    @action(path)
    def _do(visit: Visit, _params: Params) -> Response:
        idents = selected(visit, grid)
        if not idents:
            return none_selected(visit, grid)
        done = sum(visit.db.execute(sql, (ident,)).rowcount for ident in idents)
        visit.flash(f"A total of {done} record(s) were {said}.")
        return back_to(visit, grid)


_many("search/term/massDelete", TERMS, "DELETE FROM search_query WHERE id = ?", "deleted")
_many("newsletter/subscriber/massDelete", SUBSCRIBERS, "DELETE FROM newsletter_subscriber WHERE id = ?", "deleted")
_many(
    "newsletter/subscriber/massUnsubscribe", SUBSCRIBERS, "UPDATE newsletter_subscriber SET status = 'unsubscribed' WHERE id = ?", "updated"
)


def _term(visit: Visit, ident: int) -> sqlite3.Row:
    return row(visit, "SELECT * FROM search_query WHERE id = ?", ident, missing="This search no longer exists.")


@page("search/term/edit")
def edit(visit: Visit, params: Params) -> Response:
    """A search term."""
    return _form(visit, _term(visit, number(params, "id")), [])


@page("search/term/new")
def new(visit: Visit, _params: Params) -> Response:
    """An empty form."""
    return _form(visit, {"id": 0, "query_text": "", "num_results": 0, "popularity": 0}, [])


def _form(visit: Visit, term: Mapping[str, Any] | sqlite3.Row, errors: list[str]) -> Response:
    values = {key: str(term[key]) for key in ("query_text", "popularity")}
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    return visit.render("search_term.html", 422 if errors else 200, term=term, v=values, errors=errors)


@action("search/term/save")
def save(visit: Visit, _params: Params) -> Response:
    """Keep a search term."""
    ident, sent = whole(visit.text("query_id"), 0), Form(visit)
    term: Mapping[str, Any] | sqlite3.Row = _term(visit, ident) if ident else {"id": 0, "query_text": "", "num_results": 0, "popularity": 0}
    query, uses = sent.text("query_text", "Search Query", required=True, limit=128), sent.whole("popularity", "Number of Uses") or 0
    if visit.db.execute("SELECT 1 FROM search_query WHERE query_text = ? AND id <> ?", (query, ident)).fetchone():
        sent.errors.append("You already have an identical search term query.")
    if sent.errors:
        return _form(visit, term, sent.errors)
    now = text.stamp(visit.now)
    if ident:
        visit.db.execute("UPDATE search_query SET query_text = ?, popularity = ? WHERE id = ?", (query, uses, ident))
    else:
        visit.db.execute(
            "INSERT INTO search_query (query_text, num_results, popularity, updated_at) VALUES (?, 0, ?, ?)", (query, uses, now)
        )
    visit.flash("You saved the search term.")
    return visit.redirect("/admin/search/term/")
