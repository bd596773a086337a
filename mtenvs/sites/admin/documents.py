"""The grids of invoices, shipments and credit memos, and the page of each."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import sqlite3
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import text
from mtenvs.sites.admin.grid_page import declare
from mtenvs.sites.admin.grids import Column, Grid
from mtenvs.sites.admin.order_data import Order
from mtenvs.sites.admin.orders import STATUSES
from mtenvs.sites.admin.site import Params, number, page, row
from mtenvs.sites.kit import Visit

_INVOICE_STATES: Final = (("open", "Pending"), ("paid", "Paid"), ("canceled", "Canceled"))
_PEOPLE: Final = (
    "o.increment_id AS order_increment_id, o.created_at AS order_created_at, o.status AS order_status, b.firstname || ' '"
    " || b.lastname AS billing_name,"
    " s.firstname || ' ' || s.lastname AS shipping_name"
)
_FROM: Final = (
    "JOIN sales_order o ON o.id = d.order_id LEFT JOIN order_address b ON b.order_id = o.id AND b.kind = 'billing'"
    " LEFT JOIN order_address s ON s.order_id = o.id AND s.kind = 'shipping'"
)
_ORDER: Final = (
    Column("order_increment_id", "Order #"),
    Column("order_created_at", "Order Date", "date"),
)

INVOICES: Final = declare(
    Grid(
        "sales_order_invoice_grid",
        "Invoices",
        "sales/invoice/",
        f"SELECT d.id, d.increment_id, d.created_at, d.state, d.grand_total, {_PEOPLE} FROM invoice d {_FROM}",
        (
            Column("increment_id", "Invoice"),
            Column("created_at", "Invoice Date", "date"),
            *_ORDER,
            Column("billing_name", "Bill-to Name"),
            Column("state", "Status", "select", lambda _: _INVOICE_STATES),
            Column("grand_total", "Grand Total", "money"),
        ),
        sort=("increment_id", "desc"),
        search=("increment_id", "order_increment_id", "billing_name"),
        links=(("View", "/admin/sales/invoice/view/invoice_id/{id}/"),),
        word="invoices",
    )
)
SHIPMENTS: Final = declare(
    Grid(
        "sales_order_shipment_grid",
        "Shipments",
        "sales/shipment/",
        f"SELECT d.id, d.increment_id, d.created_at, (SELECT sum(qty) FROM shipment_item i WHERE i.shipment_id = d.id) AS"
        f" total_qty, {_PEOPLE} FROM shipment d {_FROM}",
        (
            Column("increment_id", "Shipment"),
            Column("created_at", "Ship Date", "date"),
            *_ORDER,
            Column("shipping_name", "Ship-to Name"),
            Column("total_qty", "Total Quantity", "number"),
            Column("order_status", "Order Status", "select", lambda _: STATUSES, shown=False),
        ),
        sort=("increment_id", "desc"),
        search=("increment_id", "order_increment_id", "shipping_name"),
        links=(("View", "/admin/admin/order_shipment/view/shipment_id/{id}/"),),
        word="shipments",
    )
)
CREDITMEMOS: Final = declare(
    Grid(
        "sales_order_creditmemo_grid",
        "Credit Memos",
        "sales/creditmemo/",
        f"SELECT d.id, d.increment_id, d.created_at, d.grand_total, {_PEOPLE} FROM creditmemo d {_FROM}",
        (
            Column("increment_id", "Credit Memo"),
            Column("created_at", "Created", "date"),
            *_ORDER,
            Column("billing_name", "Bill-to Name"),
            Column("order_status", "Order Status", "select", lambda _: STATUSES, shown=False),
            Column("grand_total", "Refunded", "money"),
        ),
        sort=("increment_id", "desc"),
        search=("increment_id", "order_increment_id", "billing_name"),
        links=(("View", "/admin/sales/creditmemo/view/creditmemo_id/{id}/"),),
        word="credit memos",
    )
)


def lines(db: sqlite3.Connection, table: str, ident: int) -> list[dict[str, Any]]:
    """The lines of a document: name, sku, price, quantity and total of each."""
    found = db.execute(
        f"SELECT i.name, i.sku, i.price, d.qty FROM {table}_item d JOIN order_item i ON i.id = d.order_item_id WHERE"
        f" d.{table}_id = ? ORDER BY i.id",
        (ident,),
    )
    return [{**dict(r), "total": r["price"] * r["qty"]} for r in found]


def document(visit: Visit, table: str, title: str, ident: int) -> Response:
    """The page of a document."""
    found = row(visit, f"SELECT * FROM {table} WHERE id = ?", ident, missing=f"The {title.lower()} no longer exists.")
    context: dict[str, Any] = {
        "found": found,
        "heading": f"{title} #{found['increment_id']}",
        "order": Order.load(visit, found["order_id"]),
        "table": table,
        "totals": [],
    }
    context |= {"lines": lines(visit.db, table, ident), "tracks": [], "carriers": list(text.CARRIERS.items())}
    if table == "shipment":
        context["tracks"] = visit.db.execute("SELECT * FROM shipment_track WHERE shipment_id = ? ORDER BY id", (ident,)).fetchall()
    else:
        amounts = [
            ("Subtotal", found["subtotal"]),
            ("Shipping & Handling", found["shipping"]),
            ("Discount", -found["discount"]),
            ("Tax", found["tax"]),
        ]
        if table == "creditmemo":
            amounts += [("Adjustment Refund", found["adjustment_refund"]), ("Adjustment Fee", -found["adjustment_fee"])]
        context["totals"] = [(label, text.money(amount)) for label, amount in (*amounts, ("Grand Total", found["grand_total"]))]
    return visit.render("document.html", **context)


def _declare(paths: tuple[str, ...], table: str, title: str) -> None:
    for path in paths:

        @page(path)
        def _view(visit: Visit, params: Params) -> Response:
            return document(visit, table, title, number(params, f"{table}_id"))


_declare(("sales/invoice/view", "sales/order_invoice/view"), "invoice", "Invoice")
_declare(("admin/order_shipment/view", "sales/shipment/view"), "shipment", "Shipment")
_declare(("sales/creditmemo/view", "sales/order_creditmemo/view"), "creditmemo", "Credit Memo")
