"""An order with all that belongs to it, what can be done with it, and what each step costs."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from mtenvs.sites.admin import text
from mtenvs.sites.admin.site import row
from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.totals import PAYMENT, SHIPPING

OPEN: Final = frozenset({"pending", "processing"})


class Item:
    """A line of an order.

    Args:
        columns: of the database's ``order_item``.
    """

    def __init__(self, columns: Mapping[str, Any] | sqlite3.Row) -> None:
        self.c = columns
        self.id, self.ordered = int(columns["id"]), int(columns["qty_ordered"])
        self.to_invoice = self.ordered - columns["qty_invoiced"] - columns["qty_canceled"]
        self.to_ship = max(0, self.ordered - columns["qty_shipped"] - columns["qty_refunded"] - columns["qty_canceled"])
        self.to_refund = int(columns["qty_invoiced"] - columns["qty_refunded"])

    @property
    def options(self) -> Mapping[str, str]:
        """What was chosen, such as size and color."""
        found = json.loads(self.c["options"])
        return found if isinstance(found, dict) else {}

    @property
    def status(self) -> str:
        """As people read it."""
        c = self.c
        if c["qty_canceled"] == self.ordered:
            return "Canceled"
        if c["qty_refunded"] == self.ordered:
            return "Refunded"
        if c["qty_shipped"] == self.ordered and c["qty_invoiced"] == self.ordered:
            return "Shipped"
        if c["qty_invoiced"] == self.ordered:
            return "Invoiced"
        return "Ordered" if not (c["qty_invoiced"] or c["qty_shipped"]) else "Mixed"

    @property
    def quantities(self) -> list[tuple[str, int]]:
        """What has become of the pieces, without what is zero."""
        c = self.c
        pairs = (
            ("Ordered", self.ordered),
            ("Invoiced", c["qty_invoiced"]),
            ("Shipped", c["qty_shipped"]),
            ("Refunded", c["qty_refunded"]),
            ("Canceled", c["qty_canceled"]),
        )
        return [(label, count) for label, count in pairs if count]

    @property
    def total(self) -> int:
        """Of the line, with tax and discount."""
        return int(self.c["row_total"] + self.c["tax"] - self.c["discount"])

    def part(self, column: str, before: int, qty: int) -> int:
        """Of the tax or the discount, in cents, what falls on ``qty`` pieces after ``before`` others; all parts together are the whole."""
        whole = int(self.c[column])
        return whole * (before + qty) // self.ordered - whole * before // self.ordered


class Order:
    """An order.

    Args:
        db: the database.
        columns: of ``sales_order``.
    """

    def __init__(self, db: sqlite3.Connection, columns: sqlite3.Row) -> None:
        self.db, self.c, self.id = db, columns, int(columns["id"])

    @classmethod
    def load(cls, visit: Visit, ident: int) -> Order:
        """An order by its id.

        Raises:
            Refused: there is none.
        """
        return cls(visit.db, row(visit, "SELECT * FROM sales_order WHERE id = ?", ident, missing="This order no longer exists."))

    @cached_property
    def items(self) -> list[Item]:
        """Its lines."""
        return [Item(r) for r in self.db.execute("SELECT * FROM order_item WHERE order_id = ? ORDER BY id", (self.id,))]

    @cached_property
    def addresses(self) -> dict[str, sqlite3.Row]:
        """``"billing"`` and ``"shipping"``."""
        return {r["kind"]: r for r in self.db.execute("SELECT * FROM order_address WHERE order_id = ?", (self.id,))}

    @property
    def number(self) -> str:
        """As people know it."""
        return str(self.c["increment_id"])

    @property
    def payment(self) -> str:
        """How it is paid, for people."""
        return PAYMENT.get(self.c["payment_method"], str(self.c["payment_method"]))

    @property
    def shipping(self) -> str:
        """How it is sent, for people."""
        return " - ".join(SHIPPING.get(self.c["shipping_method"], (self.c["shipping_method"],)))

    @property
    def can_invoice(self) -> bool:
        """Whether something may be invoiced."""
        return self.c["status"] in OPEN and any(item.to_invoice for item in self.items)

    @property
    def can_ship(self) -> bool:
        """Whether something may be sent."""
        return self.c["status"] in OPEN and any(item.to_ship for item in self.items)

    @property
    def can_cancel(self) -> bool:
        """Whether what is not invoiced may be cancelled: only while none of that has been sent."""
        return self.can_invoice and all(item.to_ship >= item.to_invoice for item in self.items)

    @property
    def can_hold(self) -> bool:
        """Whether it may be put on hold."""
        return self.c["status"] in OPEN

    @property
    def can_unhold(self) -> bool:
        """Whether it is on hold."""
        return bool(self.c["status"] == "holded")

    @property
    def can_refund(self) -> bool:
        """Whether there is money to give back."""
        return self.c["status"] in OPEN | {"complete"} and self.c["total_paid"] > self.c["total_refunded"]

    def invoiced_shipping(self) -> int:
        """What has been invoiced of the shipping price, in cents."""
        return int(self.db.execute("SELECT coalesce(sum(shipping), 0) FROM invoice WHERE order_id = ?", (self.id,)).fetchone()[0])

    def refunded_shipping(self) -> int:
        """What has been given back of the shipping price, in cents."""
        return int(self.db.execute("SELECT coalesce(sum(shipping), 0) FROM creditmemo WHERE order_id = ?", (self.id,)).fetchone()[0])

    def settle(self, visit: Visit, comment: str = "", *, notified: bool = False, visible: bool = False) -> str:
        """Give it the status that follows from its lines, and note that in its history; the status."""
        fresh = Order.load(visit, self.id)
        status = _status(fresh)
        self.db.execute("UPDATE sales_order SET status = ?, updated_at = ? WHERE id = ?", (status, text.stamp(visit.now), self.id))
        note(visit, self.id, status, comment, notified=notified, visible=visible)
        return status


def _status(order: Order) -> str:
    items, c = order.items, order.c
    if all(item.c["qty_canceled"] == item.ordered for item in items):
        return "canceled"
    if 0 < c["total_paid"] <= c["total_refunded"] and not any(item.to_invoice for item in items):
        return "closed"
    if not any(item.to_invoice or item.to_ship for item in items):
        return "complete"
    started = any(item.c["qty_invoiced"] or item.c["qty_shipped"] for item in items)
    return "processing" if started else "pending"


def note(visit: Visit, order: int, status: str, comment: str, *, notified: bool = False, visible: bool = False) -> None:
    """Add to an order's history."""
    visit.db.execute(
        "INSERT INTO order_comment (order_id, status, comment, notified, visible, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (order, status, comment, int(notified), int(visible), text.stamp(visit.now)),
    )


def history(order: Order) -> list[dict[str, Any]]:
    """Everything that happened to an order, the newest first: ``at``, ``title``, ``comment``, ``notified``."""

    def rows(sql: str) -> list[sqlite3.Row]:
        return order.db.execute(sql, (order.id,)).fetchall()

    found = [
        {"at": r["created_at"], "title": text.status(r["status"]), "comment": r["comment"], "notified": bool(r["notified"])}
        for r in rows("SELECT * FROM order_comment WHERE order_id = ?")
    ]
    for table, word in (("invoice", "Invoice"), ("shipment", "Shipment"), ("creditmemo", "Credit memo")):
        made = rows(f"SELECT * FROM {table} WHERE order_id = ?")
        found += [{"at": r["created_at"], "title": f"{word} #{r['increment_id']} created", "comment": "", "notified": False} for r in made]
    tracks = rows("SELECT t.* FROM shipment_track t JOIN shipment s ON s.id = t.shipment_id WHERE s.order_id = ?")
    found += [
        {"at": t["created_at"], "title": f"Tracking number {t['number']} for {t['title']} assigned", "comment": "", "notified": False}
        for t in tracks
    ]
    return sorted(found, key=lambda event: str(event["at"]), reverse=True)


def comments(order: Order) -> Sequence[sqlite3.Row]:
    """The notes on an order, the newest first."""
    return order.db.execute("SELECT * FROM order_comment WHERE order_id = ? ORDER BY created_at DESC, id DESC", (order.id,)).fetchall()
