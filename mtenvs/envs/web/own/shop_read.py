"""Tasks in the shop that ask for information, or for the right page."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.template import Ask, Made, Step, Template

SHOP: Final = "http://shop.localhost"
EMMA: Final = "emma.lopez@gmail.com"
NOTHING_CHANGED: Final[dict[str, Any]] = {"kind": "only", "name": "nothing changed", "site": "shop"}
_NEWEST: Final = """SELECT printf('%09d', o.id) AS number, grand_total FROM sales_order o
  JOIN customer c ON c.id = o.customer_id WHERE c.email = ? AND status = ? ORDER BY o.created_at DESC LIMIT 1"""
_WORDS: Final = {"holded": "on hold"}


def money(cents: int) -> str:
    """Dollars and cents, such as ``"12.50"``."""
    return f"{cents / 100:.2f}"


def _status(ask: Ask, rng: Random) -> str:
    rows = ask("shop", "SELECT DISTINCT status FROM sales_order o JOIN customer c ON c.id = o.customer_id WHERE c.email = ?", EMMA)
    return str(rng.choice(sorted(row["status"] for row in rows)))


def _order_total(ask: Ask, rng: Random) -> Made:
    status = _status(ask, rng)
    order = ask("shop", _NEWEST, EMMA, status)[0]
    said = _WORDS.get(status, status)
    other = money(order["grand_total"] + 100)
    visit = (
        Step("click", "My Account", "link"),
        Step("click", "My Orders", "link"),
        Step("click", "View Order", "link", within=order["number"]),
    )
    return Made(
        goal=f"What is the grand total of my most recent order with the status {said}? Answer with the amount.",
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=({"kind": "answer", "name": "total", "form": "money", "value": money(order["grand_total"])}, NOTHING_CHANGED),
        plan=(*visit, Step("stop", f"${money(order['grand_total'])}")),
        miss=(*visit, Step("stop", f"${other}")),
    )


def _dearest(ask: Ask, rng: Random) -> Made:
    categories = ask(
        "shop",
        """SELECT c.id, c.name, c.url_path, max(p.final_price) AS top FROM category c JOIN product_category pc ON pc.category_id = c.id
        JOIN product p ON p.id = pc.product_id WHERE p.visible AND p.enabled AND c.active AND NOT EXISTS
        (SELECT 1 FROM category k WHERE k.parent_id = c.id) GROUP BY c.id HAVING count(*) >= 8 AND
        sum(p.final_price = (SELECT max(q.final_price) FROM product q JOIN product_category qc ON qc.product_id = q.id
        WHERE qc.category_id = c.id AND q.visible AND q.enabled)) = 1 ORDER BY c.id""",
    )
    category = rng.choice(categories)
    products = ask(
        "shop",
        """SELECT p.name, p.url_key FROM product p JOIN product_category pc ON pc.product_id = p.id
        WHERE pc.category_id = ? AND p.visible AND p.enabled ORDER BY p.final_price DESC, p.id""",
        category["id"],
    )
    listing = f"{SHOP}/{category['url_path']}.html?product_list_order=price&product_list_dir=desc"
    path = f"/{products[0]['url_key']}\\.html"
    return Made(
        goal=f'I am comparing prices. Show me the page of the most expensive product in the category "{category["name"]}".',
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=({"kind": "url", "name": "on its page", "site": "shop", "path": path}, NOTHING_CHANGED),
        plan=(Step("goto", listing), Step("click", products[0]["name"], "link"), Step("stop")),
        miss=(Step("goto", listing), Step("click", products[1]["name"], "link"), Step("stop")),
    )


TEMPLATES: Final = (
    Template("shop/order-total", ("shop",), _order_total, turns=20),
    Template("shop/most-expensive", ("shop",), _dearest, turns=20),
)
