"""Two years of orders with invoices, shipments, refunds and comments."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from mtenvs.sites.shop.seed.content import RULES
from mtenvs.sites.shop.seed.names import TAX
from mtenvs.sites.shop.seed.people import EMMA, Person, guest
from mtenvs.sites.shop.seed.products import Made, Variant
from mtenvs.sites.shop.totals import FREE_SHIPPING_FROM, PAYMENT, Line, Totals, shipping_price, totals

START: Final = datetime(2024, 6, 3, 7, 0)  # noqa: DTZ001 - the sites' world has one time zone
END: Final = datetime(2026, 6, 15, 7, 30)  # noqa: DTZ001
ORDERS: Final = 900
EMMAS: Final = 40
_CARRIERS: Final = (
    ("ups", "United Parcel Service", "1Z"),
    ("fedex", "Federal Express", "77"),
    ("usps", "United States Postal Service", "94"),
    ("dhl", "DHL", "JD"),
)
_STORED: Final = {
    "sales_order": (
        "id, status, customer_id, customer_email, customer_firstname, customer_lastname, customer_group, subtotal, shipping, tax,"
        " discount, grand_total, total_paid, total_refunded, total_qty, coupon_code, shipping_method, payment_method, held_from,"
        " created_at, updated_at"
    ),
    "order_address": "order_id, kind, firstname, lastname, company, street, city, region, postcode, country, telephone",
    "order_item": (
        "id, order_id, product_id, sku, name, options, price, qty_ordered, qty_invoiced, qty_shipped, qty_refunded, qty_canceled,"
        " row_total, tax, discount"
    ),
    "invoice": "id, order_id, subtotal, shipping, tax, discount, grand_total, created_at",
    "invoice_item": "invoice_id, order_item_id, qty",
    "shipment": "id, order_id, created_at",
    "shipment_item": "shipment_id, order_item_id, qty",
    "shipment_track": "id, shipment_id, carrier, title, number, created_at",
    "creditmemo": "id, order_id, subtotal, shipping, tax, discount, grand_total, comment, created_at",
    "creditmemo_item": "creditmemo_id, order_item_id, qty",
    "order_comment": "order_id, status, comment, notified, visible, created_at",
}


def add_orders(db: sqlite3.Connection, seed: int, made: list[Made], people: list[Person]) -> dict[tuple[int, int], datetime]:
    """All orders; returns which customer has bought which product (as people see it, not the variant), and when first."""
    rng = Random(f"{seed}/orders")
    writer = _Writer(rng, [product for product in made if product.enabled])
    moments = _moments(rng, people)
    emmas = [when for when, person in moments if person.id == EMMA]
    for number, (when, person) in enumerate(moments, 1):
        status = _emmas_status(emmas.index(when), len(emmas)) if person.id == EMMA else _status(rng, (END - when).days)
        writer.add(number, when, person, status)
    for table, columns in _STORED.items():
        rows = writer.rows[table]
        db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(rows[0]))})", rows)
    db.execute("UPDATE coupon SET times_used = (SELECT count(*) FROM sales_order o WHERE o.coupon_code = coupon.code)")
    return writer.bought


def _moments(rng: Random, people: list[Person]) -> list[tuple[datetime, Person]]:
    """When who buys, in order, no two at the same time."""
    found: list[tuple[datetime, Person]] = []
    step = (END - START - timedelta(days=3)) / (EMMAS - 1)
    for i in range(EMMAS):
        when = (
            START
            + timedelta(days=1)
            + step * i
            + timedelta(days=rng.uniform(-6, 6) if 0 < i < EMMAS - 2 else 0, minutes=rng.randrange(600))
        )
        found.append((min(when, END - timedelta(hours=20)), people[EMMA - 1]))
    others = [person for person in people if person.id != EMMA]
    weights = [rng.paretovariate(1.3) for _ in others]
    while len(found) < ORDERS:
        when = START + (END - START) * rng.random() ** 0.85
        if when.month not in (11, 12) and rng.random() < 0.25:
            continue
        person = guest(rng, when) if rng.random() < 0.08 else rng.choices(others, weights)[0]
        if person.since <= when:
            found.append((when, person))
    found.sort(key=lambda pair: pair[0])
    seconds = sorted({when.replace(microsecond=0) for when, _ in found})
    while len(seconds) < len(found):
        seconds = sorted({*seconds, seconds[-1] - timedelta(seconds=len(seconds))})
    return [(when, person) for when, (_, person) in zip(seconds, found, strict=True)]


def _status(rng: Random, days: int) -> str:
    if days < 5:
        return rng.choices(("pending", "processing", "canceled"), (65, 28, 7))[0]
    if days < 16:
        return rng.choices(("pending", "processing", "complete", "holded", "canceled"), (15, 38, 36, 4, 7))[0]
    return rng.choices(("complete", "canceled", "closed", "holded"), (80, 12, 7, 1))[0]


def _emmas_status(i: int, count: int) -> str:
    """All statuses, so that tasks can ask for each."""
    last = ("holded", "complete", "processing", "pending", "processing", "pending")
    if i >= count - len(last):
        return last[i - (count - len(last))]
    return "canceled" if i % 5 == 3 else "closed" if i % 9 == 5 else "complete"


class _Writer:
    """Makes the rows of one order after the other."""

    def __init__(self, rng: Random, made: Sequence[Made]) -> None:
        self.rng, self.made = rng, sorted(made, key=lambda product: product.created_at)
        self.rows: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self.bought: dict[tuple[int, int], datetime] = {}

    def add(self, number: int, when: datetime, person: Person, status: str) -> None:
        """One order."""
        rng = self.rng
        chosen = self._chosen(when)
        lines = [Line(variant.price, qty, product.weight) for product, variant, qty in chosen]
        place = rng.choice(person.addresses) if rng.random() < 0.2 else person.addresses[0]
        coupon, rules = "", [rule for code, _, _, _, groups, rule, *_ in RULES if not code and str(person.group) in groups]
        for code, _, since, until, groups, rule, *_ in RULES:
            fits = (
                (since or "0") <= when.isoformat() <= (until or "9")
                and str(person.group) in groups
                and sum(line.total for line in lines) >= rule.min_subtotal
            )
            if code and fits and not coupon and rng.random() < 0.06:
                coupon, rules = code, [*rules, rule]
        method = rng.choices(("flatrate_flatrate", "tablerate_bestway"), (75, 25))[0]
        if sum(line.total for line in lines) >= FREE_SHIPPING_FROM and rng.random() < 0.6:
            method = "freeshipping_freeshipping"
        costs = totals(lines, shipping=shipping_price(method, lines), rate=TAX[place[5]], rules=rules)
        self.rows["order_address"] += [(number, "billing", *person.addresses[0]), (number, "shipping", *place)]
        first = len(self.rows["order_item"]) + 1
        items = list(range(first, first + len(chosen)))
        quantities = [qty for _, _, qty in chosen]
        invoiced = status in {"processing", "complete", "closed"}
        paid = costs.grand_total if invoiced else 0
        ended = when
        if invoiced:
            ended = self._invoice(number, when, costs, items, quantities)
        if status in {"complete", "closed"}:
            ended = self._ship(number, ended, items, quantities)
        refunded = [0] * len(items)
        if status == "closed" or (status == "complete" and rng.random() < 0.05 and len(items) > 1):
            refunded, ended = self._refund(number, ended, costs, items, chosen, whole=status == "closed")
        shipped = status in {"complete", "closed"}
        for i, (product, variant, qty) in enumerate(chosen):
            counts = (qty if invoiced else 0, qty if shipped else 0, refunded[i], qty if status == "canceled" else 0)
            self.rows["order_item"].append(
                (
                    items[i],
                    number,
                    variant.id,
                    variant.sku,
                    product.name,
                    json.dumps(variant.options),
                    variant.price,
                    qty,
                    *counts,
                    lines[i].total,
                    costs.taxes[i],
                    costs.discounts[i],
                )
            )
            self.bought.setdefault((person.id, product.id), when)
        if status in {"canceled", "holded"}:
            ended = min(when + timedelta(hours=rng.randrange(1, 70), minutes=rng.randrange(60)), END)
            text = (
                rng.choice(("Canceled at the customer's wish.", "The payment did not arrive.", ""))
                if status == "canceled"
                else "We wait for the customer's answer."
            )
            self._comment(number, status, text, ended, visible=bool(text))
        returned = sum(int(str(row[6])) for row in self.rows["creditmemo"][-1:] if row[1] == number)
        buyer = (person.id or None, person.email, person.first, person.last, person.group)
        money = (costs.subtotal, costs.shipping, costs.tax, costs.discount, costs.grand_total, paid, returned, sum(quantities))
        ways = (coupon, method, rng.choices(list(PAYMENT), (80, 12, 8))[0], "pending" if status == "holded" else "")
        self.rows["sales_order"].append((number, status, *buyer, *money, *ways, _text(when), _text(ended)))

    def _chosen(self, when: datetime) -> list[tuple[Made, Variant, int]]:
        rng = self.rng
        known = [product for product in self.made if product.created_at < when]
        found = dict[int, tuple[Made, Variant, int]]()
        for _ in range(rng.choices((1, 2, 3, 4, 5), (38, 30, 18, 9, 5))[0]):
            product = min(rng.sample(known, 2), key=lambda p: -p.charm if rng.random() < 0.5 else p.variants[0].price)
            many = product.kind.path.startswith(("Grocery", "Office")) and rng.random() < 0.5
            found[product.id] = product, rng.choice(product.variants), rng.randint(2, 4) if many else 1 + (rng.random() < 0.08)
        return list(found.values())

    def _invoice(self, number: int, when: datetime, costs: Totals, items: list[int], quantities: list[int]) -> datetime:
        at = min(when + timedelta(hours=self.rng.randrange(1, 40), minutes=self.rng.randrange(60)), END)
        ident = len(self.rows["invoice"]) + 1
        self.rows["invoice"].append(
            (ident, number, costs.subtotal, costs.shipping, costs.tax, costs.discount, costs.grand_total, _text(at))
        )
        self.rows["invoice_item"] += [(ident, item, qty) for item, qty in zip(items, quantities, strict=True)]
        self._comment(number, "processing", "", at, visible=False)
        return at

    def _ship(self, number: int, when: datetime, items: list[int], quantities: list[int]) -> datetime:
        rng, cut = self.rng, len(items)
        if len(items) > 2 and rng.random() < 0.2:
            cut = rng.randrange(1, len(items))
        for part in (slice(0, cut), slice(cut, None)):
            if not items[part]:
                continue
            when = min(when + timedelta(hours=rng.randrange(4, 60), minutes=rng.randrange(60)), END)
            ident = len(self.rows["shipment"]) + 1
            self.rows["shipment"].append((ident, number, _text(when)))
            self.rows["shipment_item"] += [(ident, item, qty) for item, qty in zip(items[part], quantities[part], strict=True)]
            carrier, title, start = rng.choice(_CARRIERS)
            tracking = f"{start}{rng.randrange(10**13, 10**14)}"
            self.rows["shipment_track"].append((len(self.rows["shipment_track"]) + 1, ident, carrier, title, tracking, _text(when)))
        self._comment(number, "complete", "Your order is on its way." if rng.random() < 0.4 else "", when, visible=True)
        return when

    def _refund(
        self, number: int, when: datetime, costs: Totals, items: list[int], chosen: list[tuple[Made, Variant, int]], *, whole: bool
    ) -> tuple[list[int], datetime]:
        rng = self.rng
        when = min(when + timedelta(days=rng.randrange(2, 20), minutes=rng.randrange(900)), END)
        picked = list(range(len(items))) if whole else [rng.randrange(len(items))]
        ident = len(self.rows["creditmemo"]) + 1
        subtotal = sum(chosen[i][1].price * chosen[i][2] for i in picked)
        tax, discount, shipping = (
            sum(costs.taxes[i] for i in picked),
            sum(costs.discounts[i] for i in picked),
            costs.shipping if whole else 0,
        )
        why = rng.choice(("Returned within 30 days.", "Arrived damaged.", "Wrong size."))
        self.rows["creditmemo"].append(
            (ident, number, subtotal, shipping, tax, discount, subtotal + shipping + tax - discount, why, _text(when))
        )
        self.rows["creditmemo_item"] += [(ident, items[i], chosen[i][2]) for i in picked]
        self._comment(number, "closed" if whole else "complete", why, when, visible=True)
        return [chosen[i][2] if i in picked else 0 for i in range(len(items))], when

    def _comment(self, number: int, status: str, text: str, when: datetime, *, visible: bool) -> None:
        self.rows["order_comment"].append((number, status, text, int(visible), int(visible and bool(text)), _text(when)))


def _text(when: datetime) -> str:
    return when.replace(microsecond=0).isoformat(" ")
