"""Tasks in the shop with what one has gathered: the cart and its coupon, the wish list, two things to choose from."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.shop_common import EMMA, MINE, NOTHING_CHANGED, SHOP, only, rows
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_STOP: Final = Step("stop")
_NAMED: Final = "(SELECT count(*) FROM product q WHERE q.name = p.name) = 1"
"""In SQL: products whose name no other has."""


def _made(goal: str, checks: tuple[dict[str, Any], ...], plan: tuple[Step, ...], miss: tuple[Step, ...]) -> Made:
    return Made(goal, (f"{SHOP}/",), checks, plan, miss, login={"shop": EMMA})


def _page(product: dict[str, Any]) -> Step:
    return Step("goto", f"{SHOP}/{product['url_key']}.html")


def _coupon(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        f"""SELECT id, name, url_key FROM product p WHERE visible AND enabled AND in_stock AND qty > 20 AND type = 'simple'
        AND final_price > 12000 AND {_NAMED} ORDER BY id""",  # noqa: S608 - a constant
    )
    product, code = rng.choice(found), rng.choice(("WELCOME10", "TAKE20", "FREESHIP"))
    sql = f"SELECT i.product_id, i.qty, c.coupon_code FROM cart_item i JOIN cart c ON c.id = i.cart_id WHERE {MINE}"  # noqa: S608 - same
    fill = (
        _page(product),
        Step("click", "Add to Cart", "button"),
        Step("goto", f"{SHOP}/checkout/cart/"),
        Step("type", "Enter discount code", value=code),
    )
    return _made(
        f'Put one "{product["name"]}" into my cart and apply the discount code {code} to it. Do not order yet.',
        (rows("in the cart", sql, [], [[product["id"], 1, code]]), only("nothing else", cart=[1, 0, 0], cart_item=[1, 0, 0])),
        (*fill, Step("click", "Apply Discount", "button"), _STOP),
        (*fill, _STOP),
    )


def _unwish(ask: Ask, rng: Random) -> Made:
    mine = ask(
        "shop",
        f"SELECT w.id, p.name FROM wishlist_item w JOIN product p ON p.id = w.product_id WHERE w.{MINE} ORDER BY w.id",  # noqa: S608 - same
    )
    wanted, other = rng.sample(mine, 2)
    sql = "SELECT count(*) FROM wishlist_item WHERE id = ?"
    look = Step("goto", f"{SHOP}/wishlist/")
    goal = rng.choice(
        (
            'Take "{name}" off my wish list.',
            'I have bought "{name}" elsewhere. Remove it from my wish list.',
            'Drop "{name}" from my wish list.',
        )
    )
    return _made(
        goal.format(name=wanted["name"]),
        (rows("gone", sql, [wanted["id"]], [[0]]), only("nothing else", wishlist_item=[0, 0, 1])),
        (look, Step("click", f"Remove {wanted['name']}", "button"), _STOP),
        (look, Step("click", f"Remove {other['name']}", "button"), _STOP),
    )


def _cheaper(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        f"""SELECT name, url_key, final_price, attribute_set FROM product p WHERE visible AND enabled AND type = 'simple'
        AND {_NAMED} ORDER BY id""",  # noqa: S608 - same
    )
    one = rng.choice(found)
    alike = [row for row in found if row["attribute_set"] == one["attribute_set"] and row["final_price"] != one["final_price"]]
    two = rng.choice(alike)
    cheap, dear = sorted((one, two), key=lambda row: int(row["final_price"]))
    return _made(
        f'Which of the two costs less at the moment: "{one["name"]}" or "{two["name"]}"? Answer with its whole name.',
        ({"kind": "answer", "name": "answer", "form": "text", "value": cheap["name"]}, NOTHING_CHANGED),
        (_page(one), _page(two), Step("stop", cheap["name"])),
        (_page(one), _page(two), Step("stop", dear["name"])),
    )


_COLORS: Final = """SELECT a.label, c.value FROM product v JOIN product_attribute s ON s.product_id = v.id AND s.code = 'size'
  JOIN product_attribute c ON c.product_id = v.id JOIN configurable_attribute ca ON ca.product_id = v.parent_id AND ca.code = c.code
  JOIN attribute a ON a.code = c.code WHERE c.code != 'size'"""
"""In SQL: what else is to be chosen beside the size."""


def _size_or_none(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        f"""SELECT p.id, p.name, p.url_key, group_concat(DISTINCT pa.value) AS sizes FROM product p JOIN product v ON v.parent_id = p.id
        JOIN product_attribute pa ON pa.product_id = v.id AND pa.code = 'size' WHERE p.visible AND p.enabled AND {_NAMED}
        GROUP BY p.id HAVING min(v.enabled AND v.in_stock AND v.qty > 5) ORDER BY p.id""",  # noqa: S608 - same
    )
    product = rng.choice(found)
    sizes, look = product["sizes"].split(","), _page(product)
    size = rng.choice((rng.choice(sorted(sizes)), rng.choice([s for s in ("XXXS", "XXS", "XXL", "XXXL", "4XL") if s not in sizes])))
    goal = (
        f'Put one "{product["name"]}" into my cart in size {size}, in whatever color there is. If it does not come in that size, put '
        "nothing in and answer N/A."
    )
    if size not in sizes:
        check = {"kind": "answer", "name": "answer", "form": "none", "value": None}
        return _made(goal, (check, NOTHING_CHANGED), (look, Step("stop", "N/A")), (look, Step("stop", "Done")))
    sql = f"""SELECT a.value, i.qty FROM cart_item i JOIN cart c ON c.id = i.cart_id JOIN product v ON v.id = i.product_id
      JOIN product_attribute a ON a.product_id = v.id AND a.code = 'size' WHERE c.{MINE} AND v.parent_id = ?"""  # noqa: S608 - same
    color = ask("shop", f"{_COLORS} AND v.parent_id = ? AND s.value = ? ORDER BY v.id LIMIT 1", product["id"], size)
    choose = tuple(Step("select", row["label"], value=row["value"]) for row in color)
    return _made(
        goal,
        (rows("in the cart", sql, [product["id"]], [[size, 1]]), only("nothing else", cart=[1, 0, 0], cart_item=[1, 0, 0])),
        (look, *choose, Step("select", "Size", value=size), Step("click", "Add to Cart", "button"), _STOP),
        (look, Step("stop", "N/A")),
    )


TEMPLATES: Final = (
    Template("shop/coupon", ("shop",), _coupon, turns=20),
    Template("shop/unwish", ("shop",), _unwish, turns=15),
    Template("shop/cheaper", ("shop",), _cheaper, turns=20),
    Template("shop/size-or-none", ("shop",), _size_or_none, turns=20),
)
