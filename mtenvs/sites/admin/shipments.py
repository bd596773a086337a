"""Sending an order, and the tracking numbers of its parcels."""

from __future__ import annotations

import re
from typing import Final

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.invoices import quantities, refused
from mtenvs.sites.admin.order_data import Order
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Visit

_TRACK: Final = re.compile(r"tracking\[(\d{1,3})\]\[number\]\Z", re.ASCII)


@page("admin/order_shipment/new")
def new(visit: Visit, params: Params) -> Response:
    """The form of a shipment."""
    order = Order.load(visit, number(params, "order_id"))
    return _form(visit, order, []) if order.can_ship else refused(visit, order, "a shipment")


def _form(visit: Visit, order: Order, errors: list[str]) -> Response:
    values = {key: str(value) for key, value in visit.form.multi_items()}
    return visit.render(
        "shipment_new.html", 422 if errors else 200, order=order, v=values, carriers=list(text.CARRIERS.items()), errors=errors
    )


@action("admin/order_shipment/save")
def save(visit: Visit, params: Params) -> Response:
    """Send the pieces that the form names."""
    order, sent = Order.load(visit, number(params, "order_id")), Form(visit)
    if not order.can_ship:
        return refused(visit, order, "a shipment")
    wanted = quantities(sent, order, "shipment[items][{}]", {item.id: item.to_ship for item in order.items})
    tracks = [
        _track(sent, f"tracking[{found.group(1)}]") for key in visit.form if (found := _TRACK.match(key)) and _named(sent, found.group(1))
    ]
    comment = sent.text("shipment[comment_text]", "Comment", limit=5_000)
    if not wanted and not sent.errors:
        sent.errors.append("The shipment can't be created without products. Add products and try again.")
    if sent.errors:
        return _form(visit, order, sent.errors)
    made = visit.db.execute("INSERT INTO shipment (order_id, created_at) VALUES (?, ?)", (order.id, text.stamp(visit.now))).lastrowid or 0
    visit.db.executemany("INSERT INTO shipment_item VALUES (?, ?, ?)", [(made, ident, qty) for ident, qty in wanted.items()])
    visit.db.executemany(
        "UPDATE order_item SET qty_shipped = qty_shipped + ? WHERE id = ?", [(qty, ident) for ident, qty in wanted.items()]
    )
    for track in tracks:
        _add(visit, made, *track)
    order.settle(
        visit,
        comment,
        notified=sent.raw("shipment[send_email]") == "1",
        visible=bool(comment) and sent.raw("shipment[comment_customer_notify]") == "1",
    )
    visit.flash("The shipment has been created.")
    return visit.redirect(f"/admin/sales/order/view/order_id/{order.id}/")


def _named(sent: Form, index: str) -> bool:
    """Whether anything was written into this line of tracking numbers."""
    return bool(sent.raw(f"tracking[{index}][number]"))


def _track(sent: Form, prefix: str) -> tuple[str, str, str]:
    """Carrier, title and number of a parcel."""
    join = (lambda name: f"{prefix}[{name}]") if prefix else str
    carrier = sent.choice(join("carrier_code" if prefix else "carrier"), "Carrier", text.CARRIERS, "custom")
    title = sent.text(join("title"), "Title", limit=100) or text.CARRIERS.get(carrier, carrier)
    return carrier, title, sent.text(join("number"), "Tracking number", limit=100, required=True)


def _add(visit: Visit, shipment: int, carrier: str, title: str, tracking: str) -> None:
    visit.db.execute(
        "INSERT INTO shipment_track (shipment_id, carrier, title, number, created_at) VALUES (?, ?, ?, ?, ?)",
        (shipment, carrier, title, tracking, text.stamp(visit.now)),
    )


@action("admin/order_shipment/addTrack")
def add_track(visit: Visit, params: Params) -> Response:
    """A tracking number for a shipment that is on its way."""
    shipment = row(visit, "SELECT id FROM shipment WHERE id = ?", number(params, "shipment_id"), missing="The shipment no longer exists.")
    sent = Form(visit)
    track = _track(sent, "")
    if sent.errors:
        visit.flash(" ".join(sent.errors), "error")
    else:
        _add(visit, shipment["id"], *track)
        visit.flash("You added the tracking number.")
    return visit.redirect(f"/admin/admin/order_shipment/view/shipment_id/{shipment['id']}/")


@action("admin/order_shipment/removeTrack")
def remove_track(visit: Visit, params: Params) -> Response:
    """Take a tracking number away."""
    track = row(
        visit,
        "SELECT id, shipment_id FROM shipment_track WHERE id = ?",
        number(params, "track_id"),
        missing="The tracking number no longer exists.",
    )
    visit.db.execute("DELETE FROM shipment_track WHERE id = ?", (track["id"],))
    visit.flash("You removed the tracking number.")
    return visit.redirect(f"/admin/admin/order_shipment/view/shipment_id/{track['shipment_id']}/")
