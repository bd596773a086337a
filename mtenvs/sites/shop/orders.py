"""Orders as their buyers see them, and how to order again."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.shop.account import ORDERS
from mtenvs.sites.shop.cart import again
from mtenvs.sites.shop.forms import Answers
from mtenvs.sites.shop.site import SITE, Row, every, members_only, one

if TYPE_CHECKING:
    from starlette.responses import Response

_LIMITS: Final = (10, 20, 50)
_TABS: Final = {"invoice": "invoice", "shipment": "shipment", "creditmemo": "creditmemo"}


@SITE.get("/sales/order/history/")
@members_only
def history(visit: Visit, customer: Row) -> Response:
    """All orders, the newest first."""
    (total,) = visit.db.execute("SELECT count(*) FROM sales_order WHERE customer_id = ?", (customer["id"],)).fetchone()
    asked = visit.query.get("limit", "")
    limit = int(asked) if asked in {str(n) for n in _LIMITS} else _LIMITS[0]
    pages = max(1, -(-total // limit))
    page = min(visit.page_number(), pages)
    rows = every(visit, ORDERS + " ORDER BY o.id DESC LIMIT ? OFFSET ?", customer["id"], limit, (page - 1) * limit)
    return visit.render("orders.html", orders=rows, total=total, page=page, pages=pages, limit=limit, limits=_LIMITS, section="orders")


def _owned(visit: Visit, customer: Row, ident: int) -> Row:
    found = one(visit, "SELECT * FROM sales_order WHERE id = ? AND customer_id = ?", ident, customer["id"])
    if found is None:
        raise Refused(404, "You have no such order.")
    return found


def parts_of(visit: Visit, order: Row) -> Row:
    """All that belongs to an order: items, addresses, invoices, shipments, refunds and comments."""
    ident = order["id"]
    found: Row = {
        "items": every(visit, "SELECT * FROM order_item WHERE order_id = ? ORDER BY id", ident),
        "comments": every(visit, "SELECT * FROM order_comment WHERE order_id = ? AND visible AND comment <> '' ORDER BY id DESC", ident),
    }
    for row in every(visit, "SELECT * FROM order_address WHERE order_id = ?", ident):
        found[row["kind"]] = row
    for table in _TABS.values():
        found[table] = every(visit, f"SELECT * FROM {table} WHERE order_id = ? ORDER BY id", ident)
        for row in found[table]:
            row["items"] = every(
                visit,
                f"SELECT i.*, t.qty, i.price * t.qty AS part_total FROM {table}_item t JOIN order_item i ON i.id = t.order_item_id"
                f" WHERE t.{table}_id = ? ORDER BY i.id",
                row["id"],
            )
    for row in found["shipment"]:
        row["tracks"] = every(visit, "SELECT * FROM shipment_track WHERE shipment_id = ? ORDER BY id", row["id"])
    return found


@SITE.get("/sales/order/view/order_id/{ident:int}/")
@members_only
def view(visit: Visit, customer: Row, ident: int) -> Response:
    """What was ordered."""
    order = _owned(visit, customer, ident)
    return visit.render("order.html", order=order, parts=parts_of(visit, order), tab="view", section="orders")


@SITE.get("/sales/order/{tab}/order_id/{ident:int}/")
@members_only
def tab(visit: Visit, customer: Row, tab: str, ident: int) -> Response:
    """Invoices, shipments or refunds of an order; or all of it, to print."""
    order = _owned(visit, customer, ident)
    if tab == "print":
        return visit.render("order.html", order=order, parts=parts_of(visit, order), tab="view", section="orders")
    parts = parts_of(visit, order)
    if tab not in _TABS or not parts[tab]:
        raise Refused(404, "We can not find that page.")
    return visit.render("order.html", order=order, parts=parts, tab=tab, section="orders")


@SITE.post("/sales/order/reorder/order_id/{ident:int}/")
@members_only
def reorder(visit: Visit, customer: Row, ident: int) -> Response:
    """Put it all in the cart once more."""
    again(visit, _owned(visit, customer, ident)["id"])
    return visit.redirect("/checkout/cart/")


@SITE.get("/sales/guest/form/")
def guest_form(visit: Visit) -> Response:
    """The form by which guests find their order."""
    return visit.render("guest.html", values={}, errors={})


@SITE.post("/sales/guest/view/")
def guest_view(visit: Visit) -> Response:
    """An order by number, name and e-mail address or zip code."""
    answers = Answers(visit)
    number, last = answers.text("oar_order_id").lstrip("#0"), answers.text("oar_billing_lastname")
    kind = visit.text("oar_type", "email")
    proof = answers.text("oar_zip" if kind == "zip" else "oar_email")
    if answers.errors:
        return visit.render("guest.html", 422, values=answers.values, errors=answers.errors)
    order = one(
        visit,
        "SELECT o.* FROM sales_order o JOIN order_address a ON a.order_id = o.id AND a.kind = 'billing' WHERE o.id = ? AND"
        " lower(a.lastname) = lower(?)"
        f" AND lower({'a.postcode' if kind == 'zip' else 'o.customer_email'}) = lower(?)",
        int(number) if number.isascii() and number.isdigit() and len(number) < 15 else 0,
        last,
        proof,
    )
    if order is None:
        visit.flash("You entered incorrect data. Please try again.", "error")
        return visit.render("guest.html", 404, values=answers.values, errors={})
    return visit.render("order.html", order=order, parts=parts_of(visit, order), tab="guest", section="")
