"""Tasks in the shop that ask for a product, a page, or what reviewers say."""

from __future__ import annotations

from random import Random
from typing import Any, Final
from urllib.parse import quote_plus

from mtenvs.envs.web.own.shop_common import EMMA, NOTHING_CHANGED, SHOP, money
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_THEMES: Final = {
    "battery": "the battery",
    "smell": "the smell",
    "packaging": "the packaging",
    "assembly": "putting it together",
    "noise": "the noise it makes",
    "delivery": "the delivery",
    "instructions": "the instructions",
}


def _made(goal: str, check: dict[str, Any], plan: tuple[Step, ...], miss: tuple[Step, ...]) -> Made:
    return Made(goal, (f"{SHOP}/",), ({"name": "answer", **check}, NOTHING_CHANGED), plan, miss, login={"shop": EMMA})


def _product(ask: Ask, rng: Random, having: str = "1", *values: Any) -> dict[str, Any]:
    """A product that is on show and whose name no other has."""
    found = ask(
        "shop",
        f"""SELECT * FROM product p WHERE visible AND enabled AND {having} AND
        (SELECT count(*) FROM product q WHERE q.name = p.name) = 1 ORDER BY id""",  # noqa: S608 - our own conditions
        *values,
    )
    return dict(rng.choice(found))


def _extreme(ask: Ask, rng: Random, *, dearest: bool) -> Made:
    function, order = ("max", "DESC") if dearest else ("min", "ASC")
    categories = ask(
        "shop",
        f"""SELECT c.id, c.name, c.url_path FROM category c JOIN product_category pc ON pc.category_id = c.id
        JOIN product p ON p.id = pc.product_id WHERE p.visible AND p.enabled AND c.active AND NOT EXISTS
        (SELECT 1 FROM category k WHERE k.parent_id = c.id) GROUP BY c.id HAVING count(*) >= 8 AND
        sum(p.final_price = (SELECT {function}(q.final_price) FROM product q JOIN product_category qc ON qc.product_id = q.id
        WHERE qc.category_id = c.id AND q.visible AND q.enabled)) = 1 ORDER BY c.id""",  # noqa: S608 - max or min
    )
    category = rng.choice(categories)
    products = ask(
        "shop",
        f"""SELECT p.name, p.url_key FROM product p JOIN product_category pc ON pc.product_id = p.id
        WHERE pc.category_id = ? AND p.visible AND p.enabled ORDER BY p.final_price {order}, p.id""",  # noqa: S608 - same
        category["id"],
    )
    listing = Step("goto", f"{SHOP}/{category['url_path']}.html?product_list_order=price&product_list_dir={order.lower()}")
    return _made(
        f'Show me the page of the {"most" if dearest else "least"} expensive product in the category "{category["name"]}".',
        {"kind": "url", "site": "shop", "path": f"/{products[0]['url_key']}\\.html"},
        (listing, Step("click", products[0]["name"], "link"), Step("stop")),
        (listing, Step("click", products[1]["name"], "link"), Step("stop")),
    )


def _dearest(ask: Ask, rng: Random) -> Made:
    return _extreme(ask, rng, dearest=True)


def _cheapest(ask: Ask, rng: Random) -> Made:
    return _extreme(ask, rng, dearest=False)


def _category(ask: Ask, rng: Random) -> Made:
    leaves = "SELECT name, url_path FROM category c WHERE active AND level > 1 GROUP BY name HAVING count(*) = 1 ORDER BY id"
    wanted, other = rng.sample(ask("shop", leaves), 2)
    return _made(
        f'I want to browse the category "{wanted["name"]}". Open it for me.',
        {"kind": "url", "site": "shop", "path": f"/{wanted['url_path']}\\.html"},
        (Step("goto", f"{SHOP}/{wanted['url_path']}.html"), Step("stop")),
        (Step("goto", f"{SHOP}/{other['url_path']}.html"), Step("stop")),
    )


def _search(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng)
    words = " ".join(product["name"].split(",")[0].split()[-2:]).lower()
    return _made(
        f'Search the shop for "{words}".',
        {"kind": "url", "site": "shop", "path": "/catalogsearch/result/?", "query": {"q": words}},
        (Step("type", "Search", value=words), Step("press", "Enter"), Step("stop")),
        (Step("goto", f"{SHOP}/catalogsearch/result/?q={quote_plus(words + ' x')}"), Step("stop")),
    )


def _sku(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng)
    page = Step("goto", f"{SHOP}/{product['url_key']}.html")
    goal = f'What is the SKU of "{product["name"]}"?'
    return _made(
        goal,
        {"kind": "answer", "form": "code", "value": product["sku"]},
        (page, Step("stop", product["sku"])),
        (page, Step("stop", "HX0000")),
    )


def _price(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng, "type = 'simple' AND special_price < price")
    page = Step("goto", f"{SHOP}/{product['url_key']}.html")
    saved = product["price"] - product["final_price"]
    return _made(
        f'"{product["name"]}" is reduced. How much less does it cost now than regularly, in dollars?',
        {"kind": "answer", "form": "money", "value": money(saved)},
        (page, Step("stop", f"${money(saved)}")),
        (page, Step("stop", f"${money(product['final_price'])}")),
    )


def _reviewers(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng, "review_count BETWEEN 4 AND 10")
    reviews = ask("shop", "SELECT nickname, rating FROM review WHERE product_id = ? AND status = 'approved'", product["id"])
    stars = rng.choice(sorted({row["rating"] for row in reviews}))
    names = sorted({row["nickname"] for row in reviews if row["rating"] == stars})
    page = Step("goto", f"{SHOP}/{product['url_key']}.html")
    return _made(
        f'Who gave {stars} {"star" if stars == 1 else "stars"} to "{product["name"]}"? Answer with the nicknames, separated by commas.',
        {"kind": "answer", "form": "set", "value": names},
        (page, Step("click", "Review", "tab", exact=False), Step("stop", ", ".join(names))),
        (page, Step("stop", ", ".join([*names[1:], "Nobody"]))),
    )


def _complaints(ask: Ask, rng: Random) -> Made:
    theme = rng.choice(sorted(_THEMES))
    product = _product(
        ask,
        rng,
        """review_count BETWEEN 3 AND 12 AND 1 <= (SELECT count(*) FROM review r JOIN review_theme t ON t.review_id = r.id
        WHERE r.product_id = p.id AND r.status = 'approved' AND t.theme = ? AND NOT t.likes)""",
        theme,
    )
    found = ask(
        "shop",
        """SELECT DISTINCT nickname FROM review r JOIN review_theme t ON t.review_id = r.id
        WHERE r.product_id = ? AND r.status = 'approved' AND t.theme = ? AND NOT t.likes ORDER BY 1""",
        product["id"],
        theme,
    )
    names = [row["nickname"] for row in found]
    page = Step("goto", f"{SHOP}/{product['url_key']}.html")
    return _made(
        f'Which reviewers of "{product["name"]}" complain about {_THEMES[theme]}? Answer with their nicknames, separated by commas.',
        {"kind": "answer", "form": "set", "value": names},
        (page, Step("click", "Review", "tab", exact=False), Step("stop", ", ".join(names))),
        (page, Step("stop", ", ".join([*names, "Nobody"]))),
    )


def _order_or_none(ask: Ask, rng: Random) -> Made:
    """An order of mine, one of somebody else, or none at all; nobody can tell which from the question."""
    orders = ask("shop", "SELECT o.id, o.grand_total, c.email FROM sales_order o JOIN customer c ON c.id = o.customer_id ORDER BY o.id")
    mine = [row for row in orders if row["email"] == EMMA]
    others = [row for row in orders if row["email"] != EMMA]
    chosen = rng.choice((mine, others, None))
    order = rng.choice(chosen) if chosen else {"id": orders[-1]["id"] + rng.randint(1, 99), "grand_total": 0}
    total = f"${money(order['grand_total'])}"
    look = Step("goto", f"{SHOP}/sales/order/history/?limit=50")
    goal = f"What is the grand total of my order number {order['id']:09d}? If I have no such order, answer N/A."
    if chosen is mine:
        return _made(
            goal, {"kind": "answer", "form": "money", "value": total[1:]}, (look, Step("stop", total)), (look, Step("stop", "N/A"))
        )
    return _made(goal, {"kind": "answer", "form": "none", "value": None}, (look, Step("stop", "N/A")), (look, Step("stop", total)))


TEMPLATES: Final = (
    Template("shop/most-expensive", ("shop",), _dearest, turns=20),
    Template("shop/least-expensive", ("shop",), _cheapest, turns=20),
    Template("shop/category", ("shop",), _category, turns=15),
    Template("shop/search", ("shop",), _search, turns=10),
    Template("shop/sku", ("shop",), _sku, turns=15),
    Template("shop/reduced", ("shop",), _price, turns=15),
    Template("shop/reviewers", ("shop",), _reviewers, turns=20),
    Template("shop/complaints", ("shop",), _complaints, turns=20),
    Template("shop/order-or-none", ("shop",), _order_or_none, turns=15),
)
