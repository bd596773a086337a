"""`SITE` itself, who is visiting, and what all its templates see."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from mtenvs.sites.kit import Site, Visit
from mtenvs.sites.shop.seed import IMAGE
from mtenvs.sites.shop.seed.people import ACCOUNT
from mtenvs.sites.shop.totals import PAYMENT, SHIPPING

if TYPE_CHECKING:
    from starlette.responses import Response

Row = dict[str, Any]
STATUSES: Final = {
    "pending": "Pending",
    "processing": "Processing",
    "complete": "Complete",
    "canceled": "Canceled",
    "closed": "Closed",
    "holded": "On Hold",
}


def log_in(db: sqlite3.Connection, user: str) -> Mapping[str, Any]:
    """Session data of a customer by e-mail address."""
    row = db.execute("SELECT id FROM customer WHERE email = ?", (user,)).fetchone()
    if row is None:
        raise KeyError(user)
    return {"customer": row["id"]}


def money(cents: int | None) -> str:
    """``$1,234.50``."""
    value = cents or 0
    return f"{'-' if value < 0 else ''}${abs(value) // 100:,}.{abs(value) % 100:02d}"


def short_date(text: str) -> str:
    """``6/15/26``."""
    when = datetime.fromisoformat(text)
    return f"{when.month}/{when.day}/{when:%y}"


def long_date(text: str) -> str:
    """``June 15, 2026``."""
    when = datetime.fromisoformat(text)
    return f"{when:%B} {when.day}, {when.year}"


def picture(name: str, size: str = "") -> str:
    """Where a product's picture is: in full, or ``"small"`` or ``"thumbnail"``."""
    return f"/media/catalog/product/{size + '/' if size else ''}{name or 'placeholder'}.jpg"


def shipping_title(method: str) -> str:
    """``Flat Rate - Fixed``."""
    return " - ".join(SHIPPING.get(method, (method,)))


def with_query(visit: Visit, **changes: object) -> str:
    """This page's address with other parameters; None removes one, and the page number unless it is given."""
    kept = {key: value for key, value in visit.query.items() if key != "p"}
    kept.update({key: str(value) for key, value in changes.items() if value is not None})
    for key, value in changes.items():
        if value is None:
            kept.pop(key, None)
    return visit.path + ("?" + urlencode(kept) if kept else "")


def one(visit: Visit, sql: str, *values: object) -> Row | None:
    """The first row that a query finds."""
    row = visit.db.execute(sql, values).fetchone()
    return None if row is None else dict(row)


def every(visit: Visit, sql: str, *values: object) -> list[Row]:
    """All rows that a query finds."""
    return [dict(row) for row in visit.db.execute(sql, values)]


def customer_of(visit: Visit) -> Row | None:
    """Who is logged in."""
    ident = visit.session.data.get("customer")
    return one(visit, "SELECT * FROM customer WHERE id = ?", ident) if ident else None


def members_only(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Call ``handler(visit, customer, ...)``, or ask a stranger to sign in first and come back."""

    @wraps(handler)
    def guarded(visit: Visit, **parts: Any) -> Response:
        customer = customer_of(visit)
        if customer is None:
            visit.session.data["after_login"] = visit.path if visit.request.method == "GET" else "/customer/account/"
            return visit.redirect("/customer/account/login/")
        return handler(visit, customer, **parts)

    return guarded


def stamp(visit: Visit) -> str:
    """The time inside the shop, as the database keeps it."""
    return visit.now.replace(microsecond=0).isoformat(" ")


def context(visit: Visit) -> Mapping[str, Any]:
    """What every template sees."""
    customer = customer_of(visit)
    if customer is not None:
        cart = one(visit, "SELECT sum(qty) AS n FROM cart_item JOIN cart ON cart.id = cart_id WHERE customer_id = ?", customer["id"])
    else:
        cart = one(visit, "SELECT sum(qty) AS n FROM cart_item WHERE cart_id = ?", visit.session.data.get("cart", 0))
    return {
        "customer": customer,
        "cart_count": (cart or {}).get("n") or 0,
        "compare_count": len(visit.session.data.get("compare", [])),
        "menu": every(visit, "SELECT name, url_path FROM category WHERE level = 1 AND active ORDER BY position"),
        "config": {row["path"]: row["value"] for row in visit.db.execute("SELECT path, value FROM config")},
        "with_query": lambda **changes: with_query(visit, **changes),
        "statuses": STATUSES,
        "payments": PAYMENT,
    }


SITE = Site(
    name="shop",
    title="One Lane Market",
    host="shop.localhost",
    package="mtenvs.sites.shop",
    image=IMAGE,
    log_in=log_in,
    accounts={ACCOUNT[0]: ACCOUNT[1]},
    port=7770,
    variables=("SHOPPING", "MTENVS_SHOPPING", "WA_SHOPPING", "VWA_SHOPPING"),
    filters={
        "money": money,
        "short_date": short_date,
        "long_date": long_date,
        "picture": picture,
        "shipping_title": shipping_title,
        "options": json.loads,
        "paragraphs": lambda text: [part for part in str(text).split("\n\n") if part.strip()],
        "street": lambda text: str(text).split("\n"),
    },
    context=context,
    for_programs=lambda path: path.startswith("/rest/"),
)
