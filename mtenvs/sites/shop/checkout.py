"""From the cart to the order: where to, how, how paid; two pages, and one that says thank you."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.shop.baskets import Basket, basket
from mtenvs.sites.shop.forms import ADDRESS_FIELDS, Answers
from mtenvs.sites.shop.seed.names import REGIONS
from mtenvs.sites.shop.site import SITE, Row, customer_of, every, one, stamp
from mtenvs.sites.shop.totals import PAYMENT

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.shop.totals import Totals

_NEW = "new"


@SITE.get("/checkout/")
@SITE.get("/checkout/index/")
def shipping(visit: Visit) -> Response:
    """Where to and how."""
    return _shipping_page(visit, None)


def _shipping_page(visit: Visit, answers: Answers | None) -> Response:
    mine = basket(visit)
    refused = _not_ready(visit, mine)
    if refused is not None:
        return refused
    kept = visit.session.data.get("checkout", {})
    customer = customer_of(visit)
    addresses = every(visit, "SELECT * FROM address WHERE customer_id = ? ORDER BY id", customer["id"]) if customer else []
    chosen = str(kept.get("address_id") or (customer and customer["default_shipping"]) or (addresses[0]["id"] if addresses else _NEW))
    if answers is not None:
        chosen = visit.text("address_id") or _NEW
    if chosen not in {str(address["id"]) for address in addresses}:
        chosen = _NEW
    named = {name: customer[name] for name in ("firstname", "lastname")} if customer else {}
    values = answers.values if answers else {**dict.fromkeys((*ADDRESS_FIELDS, "email"), ""), **named, **kept.get("address", {})}
    methods = mine.methods()
    method = visit.text("shipping_method") or kept.get("method") or ""
    return visit.render(
        "checkout.html",
        422 if answers and answers.errors else 200,
        basket=mine,
        costs=mine.costs(),
        addresses=addresses,
        chosen=chosen,
        values=values,
        errors=answers.errors if answers else {},
        methods=methods,
        method=method if method in {code for code, *_ in methods} else methods[0][0] if len(methods) == 1 else method,
        regions=REGIONS,
    )


def _not_ready(visit: Visit, mine: Basket) -> Response | None:
    """Back to the cart, where there is nothing to order or not all of it can be had."""
    if not mine.items:
        return visit.redirect("/checkout/cart/")
    if mine.problems:
        for text in mine.problems:
            visit.flash(text, "error")
        return visit.redirect("/checkout/cart/")
    return None


@SITE.post("/checkout/")
def choose_shipping(visit: Visit) -> Response:
    """Remember where to and how, and go on to the payment."""
    mine = basket(visit)
    refused = _not_ready(visit, mine)
    if refused is not None:
        return refused
    answers, customer = Answers(visit), customer_of(visit)
    kept: dict[str, Any] = {}
    picked = visit.text("address_id")
    owned = (
        one(visit, "SELECT * FROM address WHERE id = ? AND customer_id = ?", visit.number("address_id"), customer["id"])
        if customer
        else None
    )
    if customer and picked and picked != _NEW and owned is None:
        raise Refused(404, "You have no such address.")
    if owned is not None and picked != _NEW:
        kept["address_id"] = owned["id"]
    else:
        kept["address"] = answers.address()
        kept["save"] = bool(customer) and visit.text("save_in_address_book") == "1"
    if customer is None:
        kept["address"]["email"] = answers.email("email")
    method = visit.text("shipping_method")
    if method not in {code for code, *_ in mine.methods()}:
        answers.errors["shipping_method"] = "The shipping method is missing. Select the shipping method and try again."
    if answers.errors:
        return _shipping_page(visit, answers)
    visit.session.data["checkout"] = {**kept, "method": method}
    return visit.redirect("/checkout/payment/")


def _plan(visit: Visit, mine: Basket) -> tuple[Row, str, Totals] | None:
    """Address, shipping method and costs as chosen, or None if something is to be chosen again."""
    kept, customer = visit.session.data.get("checkout", {}), customer_of(visit)
    address: Row | None = kept.get("address")
    if kept.get("address_id") and customer:
        address = one(visit, "SELECT * FROM address WHERE id = ? AND customer_id = ?", kept["address_id"], customer["id"])
    method = kept.get("method", "")
    if address is None or method not in {code for code, *_ in mine.methods()} or (customer is None and not address.get("email")):
        return None
    rate = one(visit, "SELECT rate FROM tax_rate WHERE region = ?", address["region"])
    return address, method, mine.costs(method=method, rate=rate["rate"] if rate else 0)


@SITE.get("/checkout/payment/")
def payment(visit: Visit) -> Response:
    """How it is paid, and all that it costs."""
    mine = basket(visit)
    refused = _not_ready(visit, mine)
    if refused is not None:
        return refused
    plan = _plan(visit, mine)
    if plan is None:
        return visit.redirect("/checkout/")
    address, method, costs = plan
    return visit.render("payment.html", basket=mine, costs=costs, address=address, method=method)


@SITE.post("/checkout/payment/")
def place(visit: Visit) -> Response:
    """Place the order. Sent twice, the second finds the cart empty and shows the order of the first."""
    mine = basket(visit)
    if not mine.items and visit.session.data.get("last_order"):
        return visit.redirect("/checkout/onepage/success/")
    refused = _not_ready(visit, mine)
    if refused is not None:
        return refused
    plan = _plan(visit, mine)
    if plan is None:
        return visit.redirect("/checkout/")
    pay = visit.text("payment[method]")
    if pay not in PAYMENT:
        visit.flash("Please select a payment method.", "error")
        return visit.redirect("/checkout/payment/")
    ident = _write_order(visit, mine, plan, pay)
    visit.session.data.pop("checkout", None)
    visit.session.data["last_order"] = ident
    return visit.redirect("/checkout/onepage/success/")


def _write_order(visit: Visit, mine: Basket, plan: tuple[Row, str, Totals], pay: str) -> int:
    address, method, costs = plan
    customer, now = customer_of(visit), stamp(visit)
    buyer = customer or {
        "id": None,
        "email": address["email"],
        "firstname": address["firstname"],
        "lastname": address["lastname"],
        "group_id": 0,
    }
    discounted = mine.coupon if costs.discount or any(rule.free_shipping for rule in mine.rules) else ""
    made = visit.db.execute(
        "INSERT INTO sales_order (status, customer_id, customer_email, customer_firstname, customer_lastname, customer_group,"
        " subtotal, shipping, tax, discount, grand_total,"
        " total_qty, coupon_code, shipping_method, payment_method, created_at, updated_at) VALUES ('pending', ?, ?, ?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            buyer["id"],
            buyer["email"],
            buyer["firstname"],
            buyer["lastname"],
            buyer["group_id"],
            costs.subtotal,
            costs.shipping,
            costs.tax,
            costs.discount,
            costs.grand_total,
            mine.qty,
            discounted,
            method,
            pay,
            now,
            now,
        ),
    )
    ident = int(made.lastrowid or 0)
    billing = (
        one(visit, "SELECT * FROM address WHERE id = ?", customer["default_billing"]) if customer and customer["default_billing"] else None
    )
    for kind, place_ in (("billing", billing or address), ("shipping", address)):
        visit.db.execute(
            f"INSERT INTO order_address (order_id, kind, {', '.join(ADDRESS_FIELDS)}) VALUES (?, ?,"
            f" {', '.join('?' * len(ADDRESS_FIELDS))})",
            (ident, kind, *(place_[name] for name in ADDRESS_FIELDS)),
        )
    for item, tax, discount in zip(mine.items, costs.taxes, costs.discounts, strict=True):
        visit.db.execute(
            "INSERT INTO order_item (order_id, product_id, sku, name, options, price, qty_ordered, row_total, tax, discount) VALUES"
            " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                ident,
                item["product_id"],
                item["sku"],
                item["name"],
                json.dumps(item["options"]),
                item["price"],
                item["qty"],
                item["row_total"],
                tax,
                discount,
            ),
        )
        visit.db.execute("UPDATE product SET qty = qty - ? WHERE id = ?", (item["qty"], item["product_id"]))
    if discounted:
        visit.db.execute("UPDATE coupon SET times_used = times_used + 1 WHERE code = ?", (discounted,))
    if customer and visit.session.data.get("checkout", {}).get("save"):
        visit.db.execute(
            f"INSERT INTO address (customer_id, {', '.join(ADDRESS_FIELDS)}) VALUES (?, {', '.join('?' * len(ADDRESS_FIELDS))})",
            (customer["id"], *(address[name] for name in ADDRESS_FIELDS)),
        )
    visit.db.execute("DELETE FROM cart_item WHERE cart_id = ?", (mine.id,))
    visit.db.execute("UPDATE cart SET coupon_code = '' WHERE id = ?", (mine.id,))
    return ident


@SITE.get("/checkout/onepage/success/")
def success(visit: Visit) -> Response:
    """The number of the order that was just placed."""
    order = one(visit, "SELECT * FROM sales_order WHERE id = ?", visit.session.data.get("last_order", 0))
    if order is None:
        return visit.redirect("/checkout/cart/")
    return visit.render("success.html", order=order)
