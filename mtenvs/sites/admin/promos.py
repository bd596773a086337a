"""Cart price rules with their coupon."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import store, text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import declare
from mtenvs.sites.admin.grids import Column, Grid
from mtenvs.sites.admin.orders import groups
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Visit
from mtenvs.sites.kit.visit import whole

ACTIONS: Final = (
    ("by_percent", "Percent of product price discount"),
    ("by_fixed", "Fixed amount discount"),
    ("cart_fixed", "Fixed amount discount for whole cart"),
    ("buy_x_get_y", "Buy X get Y free (discount amount is Y)"),
)
_ACTIVE: Final = (("1", "Active"), ("0", "Inactive"))
NEW: Final[Mapping[str, Any]] = {
    "id": 0, "name": "", "description": "", "active": 1, "from_date": "", "to_date": "", "groups": "",
    "action": "by_percent", "amount": 0, "step": 0, "min_subtotal": 0,
    "free_shipping": 0, "uses_per_coupon": 0, "uses_per_customer": 0, "sort_order": 0,
}  # fmt: skip

GRID: Final = declare(
    Grid(
        "promo_quote_grid",
        "Cart Price Rules",
        "sales_rule/promo_quote/",
        "SELECT r.id, r.name, coalesce(c.code, '') AS code, nullif(r.from_date, '') AS from_date, nullif(r.to_date, '') AS"
        " to_date, r.active, r.sort_order,"
        " coalesce(c.times_used, 0) AS times_used FROM sales_rule r LEFT JOIN coupon c ON c.rule_id = r.id",
        (
            Column("id", "ID", "number"),
            Column("name", "Rule"),
            Column("code", "Coupon Code"),
            Column("from_date", "Start", "date", show=text.day),
            Column("to_date", "End", "date", show=text.day),
            Column("active", "Status", "select", lambda _: _ACTIVE),
            Column("times_used", "Uses", "number"),
            Column("sort_order", "Priority", "number"),
        ),
        search=("name", "code"),
        links=(("Edit", "/admin/sales_rule/promo_quote/edit/id/{id}/"),),
        buttons=(("Add New Rule", "/admin/sales_rule/promo_quote/new/"),),
        word="rules",
    )
)


@page("sales_rule/promo_quote/new")
def new(visit: Visit, _params: Params) -> Response:
    """An empty form."""
    return _form(visit, NEW, [])


@page("sales_rule/promo_quote/edit")
def edit(visit: Visit, params: Params) -> Response:
    """A rule."""
    return _form(visit, _rule(visit, number(params, "id")), [])


def _rule(visit: Visit, ident: int) -> sqlite3.Row:
    return row(visit, "SELECT * FROM sales_rule WHERE id = ?", ident, missing="This rule no longer exists.")


def _day(written: str) -> str:
    found = text.date_of(written)
    return f"{found.month}/{found.day}/{found.year}" if found else ""


def _form(visit: Visit, rule: Mapping[str, Any] | sqlite3.Row, errors: list[str]) -> Response:
    coupon = visit.db.execute("SELECT code, times_used FROM coupon WHERE rule_id = ?", (rule["id"],)).fetchone()
    pieces = rule["action"] == "buy_x_get_y"
    values: dict[str, Any] = {
        "name": rule["name"],
        "description": rule["description"],
        "is_active": str(rule["active"]),
        "coupon_type": "2" if coupon is not None else "1",
        "coupon_code": coupon["code"] if coupon is not None else "",
        "uses_per_coupon": str(rule["uses_per_coupon"]),
        "uses_per_customer": str(rule["uses_per_customer"]),
        "from_date": _day(rule["from_date"]),
        "to_date": _day(rule["to_date"]),
        "sort_order": str(rule["sort_order"]),
        "simple_action": rule["action"],
        "discount_amount": str(rule["amount"]) if pieces else text.hundredths(rule["amount"]),
        "discount_step": str(rule["step"]),
        "min_subtotal": text.plain(rule["min_subtotal"]),
        "simple_free_shipping": str(rule["free_shipping"]),
    }
    chosen = [part for part in rule["groups"].split(",") if part]
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
        chosen = [str(value) for key in ("customer_group_ids", "customer_group_ids[]") for value in visit.form.getlist(key)]
    context = {
        "rule": rule,
        "v": values,
        "groups": groups(visit.db),
        "chosen": chosen,
        "actions": ACTIONS,
        "active": _ACTIVE,
        "errors": errors,
    }
    return visit.render("promo.html", 422 if errors else 200, used=coupon["times_used"] if coupon is not None else 0, **context)


@action("sales_rule/promo_quote/save")
def save(visit: Visit, _params: Params) -> Response:
    """Keep a rule."""
    ident = whole(visit.text("rule_id"), 0)
    rule: Mapping[str, Any] | sqlite3.Row = _rule(visit, ident) if ident else NEW
    sent, db = Form(visit), visit.db
    kind = sent.choice("simple_action", "Apply", dict(ACTIONS), "by_percent")
    amount = _amount(sent, kind)
    since, until = sent.date("from_date", "From"), sent.date("to_date", "To")
    columns: dict[str, Any] = {
        "name": sent.text("name", "Rule Name", required=True),
        "description": sent.text("description", "Description", limit=2_000),
        "active": int(sent.choice("is_active", "Active", {"0", "1"}, "1") or 0),
        "from_date": since.isoformat() if since else "",
        "to_date": until.isoformat() if until else "",
        "groups": ",".join(sent.choices("customer_group_ids", "Customer Groups", dict(groups(db)), required=True)),
        "action": kind,
        "amount": amount,
        "step": sent.whole("discount_step", "Discount Qty Step (Buy X)", most=10_000) or 0,
        "min_subtotal": sent.cents("min_subtotal", "Minimum Subtotal") or 0,
        "free_shipping": int(sent.choice("simple_free_shipping", "Free Shipping", {"0", "1"}, "0") or 0),
        "uses_per_coupon": sent.whole("uses_per_coupon", "Uses per Coupon") or 0,
        "uses_per_customer": sent.whole("uses_per_customer", "Uses per Customer") or 0,
        "sort_order": sent.whole("sort_order", "Priority", most=1_000_000) or 0,
    }
    sent.choices("website_ids", "Websites", {"1"}, required=True)
    if since and until and until < since:
        sent.errors.append("End Date must follow Start Date.")
    code = _code(sent, ident)
    if sent.errors:
        return _form(visit, rule, sent.errors)
    if ident:
        store.update(db, "sales_rule", ident, columns)
    else:
        ident = store.insert(db, "sales_rule", columns)
    _keep_coupon(db, ident, code)
    visit.flash("You saved the rule.")
    return visit.redirect(f"/admin/sales_rule/promo_quote/edit/id/{ident}/")


def _amount(sent: Form, kind: str) -> int:
    """The discount: hundredths of a percent, cents or pieces."""
    if kind == "buy_x_get_y":
        return sent.whole("discount_amount", "Discount Amount", most=10_000, required=True) or 0
    found = sent.cents("discount_amount", "Discount Amount", required=True) or 0
    if kind == "by_percent" and found > 100_00:
        sent.errors.append("Percentage discount should be between 0 and 100.")
    return found


def _code(sent: Form, rule: int) -> str:
    """The coupon's code; empty for a rule that needs none."""
    if sent.choice("coupon_type", "Coupon", {"1", "2"}, "1") != "2":
        return ""
    code = sent.text("coupon_code", "Coupon Code", limit=60, required=True)
    if sent.visit.db.execute("SELECT 1 FROM coupon WHERE code = ? AND rule_id <> ?", (code, rule)).fetchone():
        sent.errors.append("Coupon with the same code already exists.")
    return code


def _keep_coupon(db: sqlite3.Connection, rule: int, code: str) -> None:
    known = db.execute("SELECT id FROM coupon WHERE rule_id = ?", (rule,)).fetchone()
    if not code:
        db.execute("DELETE FROM coupon WHERE rule_id = ?", (rule,))
    elif known is not None:
        db.execute("UPDATE coupon SET code = ? WHERE id = ?", (code, known["id"]))
    else:
        db.execute("INSERT INTO coupon (rule_id, code) VALUES (?, ?)", (rule, code))


@action("sales_rule/promo_quote/delete")
def delete(visit: Visit, params: Params) -> Response:
    """Remove a rule with its coupon."""
    rule = _rule(visit, number(params, "id"))
    visit.db.execute("DELETE FROM sales_rule WHERE id = ?", (rule["id"],))
    visit.flash("You deleted the rule.")
    return visit.redirect("/admin/sales_rule/promo_quote/")
