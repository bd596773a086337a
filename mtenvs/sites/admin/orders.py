"""The orders grid and the page of an order."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.grid_page import declare
from mtenvs.sites.admin.grids import Column, Grid, Mass
from mtenvs.sites.admin.order_data import Order, comments, history
from mtenvs.sites.admin.site import Params, number, page
from mtenvs.sites.kit import Visit

STATUSES: Final = tuple(text.STATUSES.items())
TABS: Final = (
    ("order_info", "Information"),
    ("order_invoices", "Invoices"),
    ("order_creditmemos", "Credit Memos"),
    ("order_shipments", "Shipments"),
    ("order_history", "Comments History"),
)


def groups(db: sqlite3.Connection) -> Iterable[tuple[str, str]]:
    """All customer groups."""
    return [(str(r["id"]), r["code"]) for r in db.execute("SELECT id, code FROM customer_group ORDER BY id")]


GRID: Final = declare(
    Grid(
        "sales_order_grid",
        "Orders",
        "sales/order/",
        "SELECT o.id, o.increment_id, o.created_at, b.firstname || ' ' || b.lastname AS billing_name, s.firstname || ' ' ||"
        " s.lastname AS shipping_name,"
        " o.grand_total, o.total_qty, o.status, o.customer_email, o.customer_firstname || ' ' || o.customer_lastname AS"
        " customer_name, o.customer_group, o.subtotal,"
        " o.shipping, o.total_refunded, o.payment_method, o.coupon_code, o.updated_at, s.telephone, s.region"
        " FROM sales_order o LEFT JOIN order_address b ON b.order_id = o.id AND b.kind = 'billing' LEFT JOIN order_address s"
        " ON s.order_id = o.id AND s.kind = 'shipping'",
        (
            Column("increment_id", "ID"),
            Column("created_at", "Purchase Date", "date"),
            Column("billing_name", "Bill-to Name"),
            Column("shipping_name", "Ship-to Name"),
            Column("grand_total", "Grand Total", "money"),
            Column("total_qty", "Items", "number"),
            Column("status", "Status", "select", lambda _: STATUSES),
            Column("customer_email", "Customer Email", shown=False),
            Column("customer_group", "Customer Group", "select", groups, shown=False),
            Column("subtotal", "Subtotal", "money", shown=False),
            Column("total_refunded", "Total Refunded", "money", shown=False),
            Column("telephone", "Phone", shown=False),
            Column("coupon_code", "Coupon Code", shown=False),
        ),
        sort=("created_at", "desc"),
        search=("increment_id", "billing_name", "shipping_name", "customer_email", "customer_name"),
        links=(("View", "/admin/sales/order/view/order_id/{id}/"),),
        mass=(
            Mass("Cancel", "sales/order/massCancel/", "Cancel the selected orders?"),
            Mass("Hold", "sales/order/massHold/"),
            Mass("Unhold", "sales/order/massUnhold/"),
        ),
        word="orders",
    )
)


@page("sales/order/view")
def view(visit: Visit, params: Params) -> Response:
    """An order, with the tab that the address names."""
    order = Order.load(visit, number(params, "order_id"))
    tab = params.get("active_tab", "order_info")
    return show(visit, order, tab if tab in dict(TABS) else "order_info")


@page("sales/order/commentsHistory")
def comments_history(visit: Visit, params: Params) -> Response:
    """Everything that happened to an order."""
    return show(visit, Order.load(visit, number(params, "order_id")), "order_history")


def show(visit: Visit, order: Order, tab: str = "order_info", errors: list[str] | None = None) -> Response:
    """The page of an order."""
    documents = {
        "order_invoices": ("invoice", "sales/invoice/view/invoice_id", "grand_total"),
        "order_creditmemos": ("creditmemo", "sales/creditmemo/view/creditmemo_id", "grand_total"),
        "order_shipments": ("shipment", "admin/order_shipment/view/shipment_id", "NULL AS grand_total"),
    }
    rows: list[Any] = []
    path = ""
    if tab in documents:
        table, path, total = documents[tab]
        rows = visit.db.execute(
            f"SELECT id, increment_id, created_at, {total} FROM {table} WHERE order_id = ? ORDER BY id DESC", (order.id,)
        ).fetchall()
    group = dict(groups(visit.db)).get(str(order.c["customer_group"]), "")
    context = {"order": order, "tab": tab, "tabs": TABS, "documents": rows, "document_path": path, "group": group, "totals": totals(order)}
    context |= {"history": history(order) if tab == "order_history" else [], "notes": comments(order), "errors": errors or []}
    return visit.render("order.html", 422 if errors else 200, **context)


def totals(order: Order) -> list[tuple[str, str]]:
    """The sums of an order, for people."""
    c = order.c
    found = [("Subtotal", c["subtotal"]), ("Shipping & Handling", c["shipping"]), ("Discount", -c["discount"]), ("Tax", c["tax"])]
    found = [(label, amount) for label, amount in found if label != "Discount" or amount]
    canceled = c["grand_total"] - c["total_paid"] if any(item.c["qty_canceled"] for item in order.items) else 0
    found += [
        ("Total Paid", c["total_paid"]),
        ("Total Refunded", c["total_refunded"]),
        ("Total Due", c["grand_total"] - c["total_paid"] - canceled),
    ]
    return [(label, text.money(amount)) for label, amount in found] + [("Grand Total", text.money(c["grand_total"]))]
