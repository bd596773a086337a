"""Carts: whose they are, what is in them and what that costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.site import Row, customer_of, every, one, stamp
from mtenvs.sites.shop.totals import SHIPPING, Line, Rule, Totals, shipping_price, totals

MAX_QTY: Final = 10_000


class NotSold(Exception):
    """Why something can not be put in a cart, in words for the visitor."""


@dataclass(frozen=True)
class Basket:
    """A cart as it is now, at today's prices.

    Args:
        id: of the cart; 0 where there is none yet.
        items: rows with product, variant, options, price, quantity and row total.
        coupon: code that is entered, or "".
        rules: the price rules that apply.
        group: of the customer.
    """

    id: int
    items: list[Row]
    coupon: str
    rules: tuple[Rule, ...]
    group: int

    @property
    def lines(self) -> list[Line]:
        """What totals are made of."""
        return [Line(item["price"], item["qty"], item["weight"], item["tax_class"] != 0) for item in self.items]

    @property
    def qty(self) -> int:
        """Number of pieces."""
        return sum(item["qty"] for item in self.items)

    @property
    def problems(self) -> list[str]:
        """Why it can not be ordered as it is."""
        return [item["problem"] for item in self.items if item["problem"]]

    def methods(self) -> list[tuple[str, str, str, int]]:
        """Shipping methods that are offered: code, carrier, title, price in cents."""
        found = []
        for code, (carrier, title) in SHIPPING.items():
            try:
                found.append((code, carrier, title, shipping_price(code, self.lines)))
            except ValueError:
                continue
        return found

    def costs(self, *, method: str = "", rate: int = 0) -> Totals:
        """What it costs with this shipping method (none yet: no shipping) and tax rate."""
        return totals(self.lines, shipping=shipping_price(method, self.lines) if method else 0, rate=rate, rules=self.rules)


def cart_id(visit: Visit, *, make: bool = False) -> int:
    """The visitor's cart, 0 where there is none."""
    customer = customer_of(visit)
    if customer:
        row = one(visit, "SELECT id FROM cart WHERE customer_id = ?", customer["id"])
    else:
        row = one(visit, "SELECT id FROM cart WHERE id = ? AND customer_id IS NULL", visit.session.data.get("cart", 0))
    if row is None and make:
        now = stamp(visit)
        made = visit.db.execute("INSERT INTO cart (customer_id, created_at, updated_at) VALUES (?, ?, ?)", (customer["id"] if customer else None, now, now))
        if not customer:
            visit.session.data["cart"] = made.lastrowid
        return int(made.lastrowid or 0)
    return int(row["id"]) if row else 0


def basket(visit: Visit) -> Basket:
    """The visitor's cart with prices of now."""
    ident = cart_id(visit)
    customer = customer_of(visit)
    items = every(
        visit,
        "SELECT i.id, i.product_id, i.qty, v.sku, v.final_price AS price, v.weight, v.tax_class, v.qty AS stock, v.in_stock, v.enabled, p.enabled AS shown, p.id AS shown_id,"
        " p.name, p.url_key, coalesce(nullif(v.picture, ''), p.picture) AS picture"
        " FROM cart_item i JOIN product v ON v.id = i.product_id JOIN product p ON p.id = coalesce(v.parent_id, v.id) WHERE i.cart_id = ? ORDER BY i.id",
        ident,
    )
    for item in items:
        item["options"] = chosen_options(visit, item["product_id"]) if item["shown_id"] != item["product_id"] else {}
        item["row_total"] = item["price"] * item["qty"]
        item["problem"] = problem(item["name"], item, item["qty"]) if item["shown"] else f"{item['name']} is not sold any more."
    row = one(visit, "SELECT coupon_code FROM cart WHERE id = ?", ident)
    coupon = row["coupon_code"] if row else ""
    group = customer["group_id"] if customer else 0
    return Basket(ident, items, coupon, rules_for(visit, coupon, group), group)


def chosen_options(visit: Visit, product: int) -> dict[str, str]:
    """What a variant is: label -> value."""
    rows = every(
        visit,
        "SELECT a.label, pa.value FROM product v JOIN configurable_attribute c ON c.product_id = v.parent_id JOIN attribute a ON a.code = c.code"
        " JOIN product_attribute pa ON pa.product_id = v.id AND pa.code = c.code WHERE v.id = ? ORDER BY c.position",
        product,
    )
    return {row["label"]: row["value"] for row in rows}


def problem(name: str, variant: Row, qty: int, *, key: str = "stock") -> str:
    """Why this many can not be had, or ""."""
    if not variant["enabled"]:
        return f"{name} is not sold any more."
    if not variant["in_stock"] or variant[key] <= 0:
        return f"{name} is out of stock."
    if qty > variant[key]:
        return f"The requested qty is not available: we have {variant[key]} of {name}."
    return ""


def add_to_cart(visit: Visit, name: str, variant: Row, qty: int) -> None:
    """Put pieces of a simple product or variant in the visitor's cart.

    Args:
        visit: of the visitor.
        name: of the product as people see it.
        variant: row of the product table.
        qty: how many more.

    Raises:
        NotSold: there are not so many.
    """
    if not 1 <= qty <= MAX_QTY:
        raise NotSold("Please enter a quantity of at least 1." if qty < 1 else f"The most you may buy at once is {MAX_QTY}.")
    ident = cart_id(visit)
    row = one(visit, "SELECT qty FROM cart_item WHERE cart_id = ? AND product_id = ?", ident, variant["id"])
    wrong = problem(name, variant, qty + (row["qty"] if row else 0), key="qty")
    if wrong:
        raise NotSold(wrong)
    ident = cart_id(visit, make=True)
    visit.db.execute(
        "INSERT INTO cart_item (cart_id, product_id, qty) VALUES (?, ?, ?) ON CONFLICT (cart_id, product_id) DO UPDATE SET qty = qty + excluded.qty",
        (ident, variant["id"], qty),
    )
    visit.db.execute("UPDATE cart SET updated_at = ? WHERE id = ?", (stamp(visit), ident))


def adopt_cart(visit: Visit, guest: int, customer: int) -> None:
    """Move what a stranger has in the cart to the customer that the stranger turns out to be."""
    if not guest:
        return
    rows = every(visit, "SELECT i.product_id, i.qty, v.qty AS stock FROM cart_item i JOIN product v ON v.id = i.product_id WHERE cart_id = ?", guest)
    visit.db.execute("DELETE FROM cart WHERE id = ? AND customer_id IS NULL", (guest,))
    now = stamp(visit)
    visit.db.execute("INSERT OR IGNORE INTO cart (customer_id, created_at, updated_at) VALUES (?, ?, ?)", (customer, now, now))
    for row in rows:
        visit.db.execute(
            "INSERT INTO cart_item (cart_id, product_id, qty) SELECT id, ?, ? FROM cart WHERE customer_id = ?"
            " ON CONFLICT (cart_id, product_id) DO UPDATE SET qty = max(qty, min(qty + excluded.qty, ?))",
            (row["product_id"], row["qty"], customer, row["stock"]),
        )


def rules_for(visit: Visit, coupon: str, group: int) -> tuple[Rule, ...]:
    """The price rules that apply today: those without a coupon, and that of the coupon."""
    today = visit.now.date().isoformat()
    rows = every(
        visit,
        "SELECT r.* FROM sales_rule r LEFT JOIN coupon c ON c.rule_id = r.id WHERE r.active AND (r.from_date = '' OR r.from_date <= ?) AND (r.to_date = '' OR r.to_date >= ?)"
        " AND (c.id IS NULL OR (c.code = ? AND (NOT r.uses_per_coupon OR c.times_used < r.uses_per_coupon))) GROUP BY r.id ORDER BY r.sort_order, r.id",
        today,
        today,
        coupon,
    )
    return tuple(_rule(row) for row in rows if str(group) in str(row["groups"]).split(","))


def _rule(row: dict[str, Any]) -> Rule:
    return Rule(row["action"], row["amount"], row["min_subtotal"], row["step"], bool(row["free_shipping"]))


def coupon_problem(visit: Visit, code: str) -> str:
    """Why a coupon can not be used now, or ""."""
    mine = basket(visit)
    usual = rules_for(visit, "", mine.group)
    rules = rules_for(visit, code, mine.group)
    if len(rules) <= len(usual):
        return f'The coupon code "{code}" is not valid.'
    subtotal = sum(line.total for line in mine.lines)
    if all(subtotal < rule.min_subtotal for rule in rules if rule not in usual):
        return f'The coupon code "{code}" needs a larger cart.'
    customer = customer_of(visit)
    row = one(
        visit, "SELECT r.uses_per_customer AS most, c.code FROM coupon c JOIN sales_rule r ON r.id = c.rule_id WHERE c.code = ?", code
    )
    if row and row["most"] and customer:
        used = one(visit, "SELECT count(*) AS n FROM sales_order WHERE customer_id = ? AND coupon_code = ? AND status <> 'canceled'", customer["id"], row["code"])
        if used and used["n"] >= row["most"]:
            return f'The coupon code "{code}" is used up.'
    return ""
