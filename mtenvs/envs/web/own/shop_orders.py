"""Tasks in the shop that ask for information on one's orders."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Final

from mtenvs.envs.web.own.shop_common import EMMA, NOTHING_CHANGED, SHOP, money
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_NEWEST: Final = """SELECT printf('%09d', o.id) AS number, grand_total FROM sales_order o
  JOIN customer c ON c.id = o.customer_id WHERE c.email = ? AND status = ? ORDER BY o.created_at DESC LIMIT 1"""
_WORDS: Final = {"holded": "on hold"}


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


_MINE: Final = """SELECT o.id, printf('%09d', o.id) AS number, o.status, o.grand_total, date(o.created_at) AS day FROM sales_order o
  JOIN customer c ON c.id = o.customer_id WHERE c.email = ? ORDER BY o.created_at"""


def _read(goal: str, order: int, check: Mapping[str, object], right: str, wrong: str) -> Made:
    """A question on one order, answered on its page."""
    visit = Step("goto", f"{SHOP}/sales/order/view/order_id/{order}/")
    return Made(
        goal=goal,
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=({"kind": "answer", "name": "answer", **check}, NOTHING_CHANGED),
        plan=(visit, Step("stop", right)),
        miss=(visit, Step("stop", wrong)),
    )


def _order_number(ask: Ask, rng: Random) -> Made:
    status = _status(ask, rng)
    numbers = [row for row in ask("shop", _MINE, EMMA) if row["status"] == status]
    newest, said = numbers[-1], _WORDS.get(status, status)
    check = {"form": "code", "value": newest["number"]}
    return _read(
        f"What is the order number of my most recent order with the status {said}?", newest["id"], check, newest["number"], "000000001"
    )


def _order_day(ask: Ask, rng: Random) -> Made:
    order = rng.choice(ask("shop", _MINE, EMMA))
    wrong = order["day"][:8] + ("11" if order["day"][8:] != "11" else "12")
    check = {"form": "date", "value": order["day"]}
    return _read(f"On which date did I place my order number {order['number']}?", order["id"], check, order["day"], wrong)


def _order_city(ask: Ask, rng: Random) -> Made:
    order = rng.choice(ask("shop", _MINE, EMMA))
    city = ask("shop", "SELECT city FROM order_address WHERE order_id = ? AND kind = 'shipping'", order["id"])[0]["city"]
    goal = f"To which city was my order number {order['number']} to be shipped? Answer with the name of the city alone."
    return _read(goal, order["id"], {"form": "text", "value": city}, city, "Sacramento")


def _order_count(ask: Ask, rng: Random) -> Made:
    status = _status(ask, rng)
    year = rng.choice(("2024", "2025", "2026"))
    count = sum(row["status"] == status and row["day"].startswith(year) for row in ask("shop", _MINE, EMMA))
    goal = f"How many of the orders that I placed in {year} have the status {_WORDS.get(status, status)} now? Answer with a number."
    return Made(
        goal=goal,
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=({"kind": "answer", "name": "count", "form": "number", "value": count}, NOTHING_CHANGED),
        plan=(Step("goto", f"{SHOP}/sales/order/history/?limit=50"), Step("stop", str(count))),
        miss=(Step("goto", f"{SHOP}/sales/order/history/?limit=50"), Step("stop", str(count + 1))),
    )


def _spent(ask: Ask, rng: Random) -> Made:
    orders = [row for row in ask("shop", _MINE, EMMA) if row["status"] == "complete"]
    first = rng.randrange(len(orders) - 2)
    chosen = orders[first : first + rng.randint(2, min(4, len(orders) - first))]
    total = sum(row["grand_total"] for row in chosen)
    goal = (
        f"How much did I spend in all on orders that I placed from {chosen[0]['day']} to {chosen[-1]['day']}, both days included, and "
        "that are complete now? Add up their grand totals and answer with the amount."
    )
    return Made(
        goal=goal,
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=({"kind": "answer", "name": "sum", "form": "money", "value": money(total)}, NOTHING_CHANGED),
        plan=(Step("goto", f"{SHOP}/sales/order/history/?limit=50"), Step("stop", f"${money(total)}")),
        miss=(Step("goto", f"{SHOP}/sales/order/history/?limit=50"), Step("stop", f"${money(total - chosen[0]['grand_total'])}")),
    )


def _option(ask: Ask, rng: Random) -> Made:
    items = ask(
        "shop",
        """SELECT o.id, printf('%09d', o.id) AS number, i.name, j.key, j.value FROM order_item i JOIN sales_order o ON o.id = i.order_id
        JOIN customer c ON c.id = o.customer_id JOIN json_each(i.options) j WHERE c.email = ? AND
        (SELECT count(*) FROM order_item k WHERE k.order_id = o.id AND k.name = i.name) = 1 ORDER BY i.id, j.key""",
        EMMA,
    )
    item = rng.choice(items)
    goal = f'Which {item["key"].lower()} did I choose for "{item["name"]}" in my order number {item["number"]}?'
    return _read(goal, item["id"], {"form": "text", "value": item["value"]}, item["value"], f"not {item['value']}")


TEMPLATES: Final = (
    Template("shop/order-total", ("shop",), _order_total, turns=20),
    Template("shop/order-number", ("shop",), _order_number, turns=20),
    Template("shop/order-day", ("shop",), _order_day, turns=20),
    Template("shop/order-city", ("shop",), _order_city, turns=20),
    Template("shop/order-count", ("shop",), _order_count, turns=20),
    Template("shop/spent", ("shop",), _spent, turns=25),
    Template("shop/option-bought", ("shop",), _option, turns=20),
)
