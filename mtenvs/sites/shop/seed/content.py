"""Settings, price rules with coupons, pages of text, themes, search terms and messages."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from random import Random
from typing import Final

from mtenvs.sites.shop.seed.names import TAX
from mtenvs.sites.shop.seed.products import KINDS, Made
from mtenvs.sites.shop.totals import Rule

CONFIG: Final = {
    "general/name": "One Lane Market",
    "general/phone": "1-555-0100-772",
    "general/email": "help@onelane.example",
    "general/hours": "Monday to Friday, 8 am to 6 pm",
    "general/address": "One Lane Market, 88 Station Street, Pittsburgh, Pennsylvania 15213",
    "design/theme": "1",
}
# coupon code or "" -> name, description, from, to, groups, rule, uses per coupon, uses per customer, active
RULES: Final = (
    ("WELCOME10", "Ten percent for new customers", "", "", "0,1,2,3", Rule("by_percent", 1_000), 0, 0, True),
    ("SPRING15", "Spring sale", "2025-03-01", "2025-05-31", "0,1,2,3", Rule("by_percent", 1_500, min_subtotal=50_00), 0, 0, True),
    ("TAKE20", "20 dollars off large carts", "2024-01-01", "2026-12-31", "1,2,3", Rule("cart_fixed", 20_00, min_subtotal=100_00), 0, 0, True),
    ("FREESHIP", "Free shipping", "2024-01-01", "2026-12-31", "0,1,2,3", Rule("by_percent", 0, free_shipping=True), 0, 0, True),
    ("TEA4TWO", "Buy two, get one free", "2026-01-01", "2026-12-31", "0,1,2,3", Rule("buy_x_get_y", 1, step=2), 500, 3, True),
    ("WINTER25", "Winter sale", "2024-12-01", "2025-01-31", "0,1,2,3", Rule("by_percent", 2_500, min_subtotal=80_00), 0, 0, False),
    ("", "Wholesale: three percent off everything", "2024-01-01", "", "2", Rule("by_percent", 300), 0, 0, True),
)
PAGES: Final = (
    ("home", "Home page", "", "What is new, what is on sale and what people like."),
    ("about-us", "About us", "About us", "We began with one lane of shelves and kept the name.\n\nToday we ship from one warehouse to every state, and each question is answered by a person who has held the product."),
    ("customer-service", "Customer service", "Customer service", "Call 1-555-0100-772, Monday to Friday, 8 am to 6 pm, or write through the contact form.\n\n"
     "Returns: within 30 days, in the state in which you received it. Refunds arrive within five working days after the parcel is back with us.\n\n"
     "Shipping: Flat Rate takes two to four days, Best Way is priced by weight. From 150 dollars on shipping can be free."),
    ("privacy-policy", "Privacy policy", "Privacy policy", "We keep what we need to send you what you order, and nothing else.\n\nWrite to us and we tell you what we know of you, or forget it."),
    ("enable-cookies", "Enable cookies", "Cookies", "The cart and the account need a cookie. Please allow cookies for this shop."),
    ("no-route", "404 Not Found", "We can not find that page", "Perhaps the address has a slip, or the product is gone."),
)  # fmt: skip
THEMES: Final = (("Lane", "Lane/default", None), ("Lane Night", "Lane/night", 1), ("Lane Contrast", "Lane/contrast", 1), ("Blank", "Blank/blank", None))
_WORDS: Final = ("black", "small", "cheap", "kids", "gift", "wireless", "red", "travel", "best", "blue")
_NONSENSE: Final = ("gift card", "hollister", "nike air", "hoodie xxl", "gluten free ramen", "cat pyjamas", "vinyl record", "umbrela")


def add_content(db: sqlite3.Connection) -> None:
    """What does not depend on chance."""
    stamp = "2024-01-02 09:00:00"
    db.executemany("INSERT INTO config VALUES (?, ?)", list(CONFIG.items()))
    db.executemany("INSERT INTO tax_rate VALUES (?, ?)", list(TAX.items()))
    for number, (coupon, name, since, until, groups, rule, per_coupon, per_customer, active) in enumerate(RULES, 1):
        db.execute(
            "INSERT INTO sales_rule (id, name, active, from_date, to_date, groups, action, amount, step, min_subtotal, free_shipping, uses_per_coupon,"
            " uses_per_customer, sort_order) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, name, active, since, until, groups, rule.action, rule.amount, rule.step, rule.min_subtotal, rule.free_shipping, per_coupon, per_customer, number),
        )
        if coupon:
            db.execute("INSERT INTO coupon (rule_id, code) VALUES (?, ?)", (number, coupon))
    db.executemany(
        "INSERT INTO cms_page (identifier, title, heading, content, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)", [(*page, stamp, stamp) for page in PAGES]
    )
    db.executemany("INSERT INTO theme (title, path, parent_id) VALUES (?, ?, ?)", THEMES)


def add_searches(db: sqlite3.Connection, seed: int, made: list[Made]) -> None:
    """What visitors have looked for, with how much they found."""
    rng = Random(f"{seed}/searches")
    terms = {kind.noun.lower() for kind in rng.sample(KINDS, 34)}
    terms |= {f"{rng.choice(_WORDS)} {kind.noun.lower()}" for kind in rng.sample(KINDS, 20)}
    terms |= {product.brand.lower() for product in rng.sample(made, 12)}
    terms |= {" ".join(product.name.lower().split()[:2]) for product in rng.sample(made, 16)}
    now = datetime(2026, 6, 15, 10, 0)  # noqa: DTZ001 - the sites' world has one time zone
    for term in (*sorted(terms), *_NONSENSE):
        words = " ".join('"' + word.replace('"', "") + '"' for word in term.split())
        (found,) = db.execute(
            "SELECT count(*) FROM product_search s JOIN product p ON p.id = s.rowid WHERE product_search MATCH ? AND p.enabled AND p.visible", (words,)
        ).fetchone()
        uses = int(1 + 60 * rng.random() ** 4)
        when = now - timedelta(days=rng.randrange(1, 500), minutes=rng.randrange(1440))
        db.execute("INSERT INTO search_query (query_text, num_results, popularity, updated_at) VALUES (?, ?, ?, ?)", (term, found, uses, when.isoformat(" ")))
