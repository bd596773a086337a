"""What is done with orders: cancel, hold, comment, notify, correct an address."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import sqlite3
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import back_to, none_selected, selected
from mtenvs.sites.admin.order_data import Order, note
from mtenvs.sites.admin.orders import GRID, show
from mtenvs.sites.admin.site import Params, action, number, page
from mtenvs.sites.kit import Refused, Visit

ADDRESS: Final = (
    ("firstname", "First Name"),
    ("lastname", "Last Name"),
    ("company", "Company"),
    ("city", "City"),
    ("region", "State/Province"),
    ("postcode", "Zip/Postal Code"),
    ("telephone", "Phone Number"),
)


def cancel(visit: Visit, order: Order) -> bool:
    """Cancel all that is not invoiced, and put it back on the shelf; whether that was possible."""
    if not order.can_cancel:
        return False
    for item in order.items:
        visit.db.execute("UPDATE order_item SET qty_canceled = qty_canceled + ? WHERE id = ?", (item.to_invoice, item.id))
        visit.db.execute("UPDATE product SET qty = qty + ? WHERE id = ?", (item.to_invoice, item.c["product_id"]))
    order.settle(visit)
    return True


def hold(visit: Visit, order: Order) -> bool:
    """Put it on hold; whether that was possible."""
    if not order.can_hold:
        return False
    visit.db.execute(
        "UPDATE sales_order SET status = 'holded', held_from = status, updated_at = ? WHERE id = ?", (text.stamp(visit.now), order.id)
    )
    note(visit, order.id, "holded", "")
    return True


def unhold(visit: Visit, order: Order) -> bool:
    """Release it; whether it was on hold."""
    if not order.can_unhold:
        return False
    to = order.c["held_from"] if order.c["held_from"] in {"pending", "processing"} else "pending"
    visit.db.execute(
        "UPDATE sales_order SET status = ?, held_from = '', updated_at = ? WHERE id = ?", (to, text.stamp(visit.now), order.id)
    )
    note(visit, order.id, to, "")
    return True


# name in the address -> what it does, what is said then, and when it can not be done
_STEPS: Final = {
    "cancel": (cancel, "You canceled the order.", "You have not canceled the item: the order can not be canceled.", "canceled"),
    "hold": (hold, "You put the order on hold.", "You have not put the order on hold.", "put on hold"),
    "unhold": (unhold, "You released the order from holding status.", "Can't unhold order.", "released from holding status"),
}


def _serve(name: str) -> None:
    step, done, refused, many = _STEPS[name]

    @action(f"sales/order/{name}")
    def _one(visit: Visit, params: Params) -> Response:
        order = Order.load(visit, number(params, "order_id"))
        if step(visit, order):
            visit.flash(done)
        else:
            visit.flash(refused, "error")
        return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")

    @action(f"sales/order/mass{name.capitalize()}")
    def _many(visit: Visit, _params: Params) -> Response:
        idents = selected(visit, GRID)
        if not idents:
            return none_selected(visit, GRID)
        rows = [visit.db.execute("SELECT * FROM sales_order WHERE id = ?", (ident,)).fetchone() for ident in idents]
        worked = sum(step(visit, Order(visit.db, found)) for found in rows if found is not None)
        if worked:
            visit.flash(f"{worked} order(s) have been {many}.")
        if worked < len(idents):
            visit.flash(f"{len(idents) - worked} order(s) could not be {many}.", "error")
        return back_to(visit, GRID)


for _name in _STEPS:
    _serve(_name)


@action("sales/order/addComment")
def comment(visit: Visit, params: Params) -> Response:
    """Add a note, and perhaps tell the customer."""
    order, sent = Order.load(visit, number(params, "order_id")), Form(visit)
    written = sent.text("history[comment]", "Comment", limit=5_000, required=True)
    if sent.errors:
        return show(visit, order, errors=["Please provide a comment text or update the order status and try again."])
    notified, visible = sent.raw("history[is_customer_notified]") == "1", sent.raw("history[is_visible_on_front]") == "1"
    note(visit, order.id, order.c["status"], written, notified=notified, visible=visible)
    visit.flash("You added the comment." + (" The customer was notified." if notified else ""))
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")


@action("sales/order/email")
def email(visit: Visit, params: Params) -> Response:
    """Send the customer what the order says."""
    order = Order.load(visit, number(params, "order_id"))
    note(visit, order.id, order.c["status"], "", notified=True)
    visit.flash("You sent the order email.")
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")


def address_id(order: int, kind: str) -> int:
    """Of an order's address, in addresses of pages: two numbers for each order."""
    return 2 * order - (kind == "billing")


def _address(visit: Visit, params: Params) -> tuple[Order, sqlite3.Row]:
    ident = number(params, "address_id")
    order, kind = Order.load(visit, (ident + 1) // 2), "billing" if ident % 2 else "shipping"
    if kind not in order.addresses:
        raise Refused(404, "This address no longer exists.")
    return order, order.addresses[kind]


@page("sales/order/address")
def address(visit: Visit, params: Params) -> Response:
    """The form of an address."""
    return _address_form(visit, *_address(visit, params), [])


def _address_form(visit: Visit, order: Order, found: sqlite3.Row, errors: list[str]) -> Response:
    values: dict[str, Any] = {key: found[key] for key, _ in ADDRESS} | {"country_id": found["country"]}
    values |= {f"street[{i}]": line for i, line in enumerate([*found["street"].split("\n"), "", ""][:2])}
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    regions = [r[0] for r in visit.db.execute("SELECT region FROM tax_rate ORDER BY region")]
    context = {
        "order": order,
        "v": values,
        "kind": found["kind"],
        "ident": address_id(order.id, found["kind"]),
        "regions": regions,
        "countries": list(text.COUNTRIES.items()),
    }
    return visit.render("order_address.html", 422 if errors else 200, errors=errors, **context)


@action("sales/order/addressSave")
def save_address(visit: Visit, params: Params) -> Response:
    """Correct an address; what has been charged stays as it is."""
    order, found = _address(visit, params)
    sent = Form(visit)
    columns = address_columns(sent)
    if sent.errors:
        return _address_form(visit, order, found, sent.errors)
    sets = ", ".join(f"{key} = ?" for key in columns)
    visit.db.execute(f"UPDATE order_address SET {sets} WHERE order_id = ? AND kind = ?", [*columns.values(), order.id, found["kind"]])
    visit.flash("You updated the order address.")
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")


def address_columns(sent: Form) -> dict[str, str]:
    """What a form says of an address."""
    columns = {key: sent.text(key, label, limit=100, required=key != "company") for key, label in ADDRESS}
    lines = [sent.text(f"street[{i}]", f"Street Address {i + 1}", limit=100, required=i == 0) for i in range(2)]
    columns["street"] = "\n".join(line for line in lines if line)
    columns["country"] = sent.choice("country_id", "Country", text.COUNTRIES, "US")
    return columns
