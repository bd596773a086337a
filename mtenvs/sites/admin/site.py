"""The administration's `SITE`, and how its addresses lead to handlers: ``/admin/<front>/<controller>/<action>/<name>/<value>/...``."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.menu import menu_of
from mtenvs.sites.kit import Refused, Site, Visit
from mtenvs.sites.kit.visit import whole
from mtenvs.sites.shop.seed import IMAGE

START: Final = "/admin"
DASHBOARD: Final = "/admin/admin/dashboard/"
Params = Mapping[str, str]
Action = Callable[[Visit, Params], Response]
A = TypeVar("A", bound=Action)
_actions: dict[tuple[str, str], Action] = {}
_open: set[str] = set()


def page(path: str, *, public: bool = False) -> Callable[[A], A]:
    """Declare what is shown at ``/admin/<path>/``; the handler gets the visit and the further ``/name/value/`` pairs of the address."""
    return _declare("GET", path, public=public)


def action(path: str, *, public: bool = False) -> Callable[[A], A]:
    """Declare where a form is sent."""
    return _declare("POST", path, public=public)


def _declare(method: str, path: str, *, public: bool) -> Callable[[A], A]:
    def keep(handler: A) -> A:
        _actions[method, path] = handler
        if public:
            _open.add(path)
        return handler

    return keep


def number(params: Params, name: str) -> int:
    """A whole number in the address.

    Raises:
        Refused: there is none.
    """
    written = params.get(name, "")
    found = whole(written, -1) if written.isascii() and written.isdigit() else -1
    if found < 0:
        raise Refused(404, "We can not find that page.")
    return found


def row(visit: Visit, sql: str, *values: Any, missing: str = "This record no longer exists.") -> sqlite3.Row:
    """The one row that a query finds.

    Raises:
        Refused: there is none.
    """
    found: sqlite3.Row | None = visit.db.execute(sql, values).fetchone()
    if found is None:
        raise Refused(404, missing)
    return found


def log_in(db: sqlite3.Connection, user: str) -> Mapping[str, Any]:
    """The session of an administrator."""
    found = db.execute("SELECT id FROM admin_user WHERE username = ? AND active", (user,)).fetchone()
    if found is None:
        raise KeyError(user)
    return {"admin": found[0]}


def administrator(visit: Visit) -> sqlite3.Row | None:
    """Who is logged in, if anyone."""
    found: sqlite3.Row | None = visit.db.execute(
        "SELECT * FROM admin_user WHERE id = ? AND active", (visit.session.data.get("admin"),)
    ).fetchone()
    return found


def _context(visit: Visit) -> Mapping[str, Any]:
    user = administrator(visit)
    return {"user": user, "menu": menu_of(visit.path) if user else (), "now": visit.now}


SITE = Site(
    name="admin",
    title="Administration",
    host="admin.localhost",
    package="mtenvs.sites.admin",
    image=IMAGE,
    log_in=log_in,
    accounts={"admin": "admin1234"},  # an imaginary shop's, and the original's
    start=START,
    port=7780,
    variables=("SHOPPING_ADMIN", "MTENVS_SHOPPING_ADMIN", "WA_SHOPPING_ADMIN", "VWA_SHOPPING_ADMIN"),
    cookie="admin",
    filters=text.FILTERS,
    context=_context,
)


def _parts(rest: str) -> tuple[str, Params]:
    """``"sales/order/view/order_id/7/"`` -> ``"sales/order/view"`` and ``{"order_id": "7"}``."""
    parts = [part for part in rest.split("/") if part]
    path = "/".join((parts + ["index"] * 3)[:3]) if parts else "admin/index/index"
    pairs = parts[3:]
    return path, dict(zip(pairs[::2], pairs[1::2], strict=False))


def _here(visit: Visit) -> str:
    """The address that is visited, without the host."""
    query = visit.request.url.query
    return visit.path + ("?" + query if query and visit.request.method == "GET" else "")


def _dispatch(visit: Visit, method: str, rest: str) -> Response:
    path, params = _parts(rest)
    found = _actions.get((method, path))
    if path not in _open and administrator(visit) is None:
        return visit.render("login.html", 200 if method == "GET" else 403, next=_here(visit), username="")
    if found is None:
        known = any(there == path for _, there in _actions)
        raise Refused(405 if known else 404, "That can not be done here." if known else "We can not find that page.")
    return found(visit, params)


@SITE.get("/")
def root(visit: Visit) -> Response:
    """Nothing but the administration is here."""
    return visit.redirect(START)


@SITE.get("/admin")
def first(visit: Visit) -> Response:
    """The log-in form, or the dashboard."""
    return _dispatch(visit, "GET", "")


@SITE.get("/admin/{rest:path}")
def show(visit: Visit, rest: str) -> Response:
    """Every page."""
    return _dispatch(visit, "GET", rest)


@SITE.post("/admin/{rest:path}")
def change(visit: Visit, rest: str) -> Response:
    """Every form."""
    return _dispatch(visit, "POST", rest)
