"""Tasks that need more than one site."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own import forum_common as forum
from mtenvs.envs.web.own import shop_common as shop
from mtenvs.envs.web.own.admin import ADMIN
from mtenvs.envs.web.own.template import Ask, Made, Step, Template


def _product(ask: Ask, rng: Random) -> dict[str, Any]:
    sql = (
        "SELECT * FROM product WHERE visible AND enabled AND in_stock AND qty > 5 AND type = 'simple' AND special_price IS NULL ORDER BY id"
    )
    return dict(rng.choice(ask("shop", sql)))


def _tell_price(ask: Ask, rng: Random) -> Made:
    product, place = _product(ask, rng), forum.some_forum(ask, rng)

    def posted(cents: int) -> tuple[Step, ...]:
        return (
            Step("goto", f"{shop.SHOP}/{product['url_key']}.html"),
            Step("goto", f"{forum.FORUM}/submit/{place['name']}"),
            Step("type", "Title", value=f"It costs ${shop.money(cents)}"),
            Step("click", "Create submission", "button"),
            Step("stop"),
        )

    sql = f"""SELECT forum_id, title FROM submission WHERE user_id = {forum.ME}
      AND created >= unixepoch('2026-06-15 10:00')"""  # noqa: S608 - a constant
    return Made(
        goal=f'Find out what "{product["name"]}" costs in the shop, and post it in the forum {place["name"]} with the title '
        '"It costs $..." and no text, where the dots stand for the price such as 12.50.',
        start=(f"{shop.SHOP}/", f"{forum.FORUM}/"),
        login={"shop": shop.EMMA, "forum": forum.MARVEL},
        checks=(
            forum.rows("posted", sql, [], [[place["id"], f"It costs ${shop.money(product['final_price'])}"]]),
            forum.only("nothing else in the forum", submission=[1, 0, 0], submission_vote=None),
            {**shop.NOTHING_CHANGED, "name": "nothing in the shop"},
        ),
        plan=posted(product["final_price"]),
        miss=posted(product["final_price"] + 5),
    )


def _price_then_cart(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng)
    new = product["price"] - 50
    sql = f"SELECT i.product_id, i.qty FROM cart_item i JOIN cart c ON c.id = i.cart_id WHERE {shop.MINE}"  # noqa: S608 - a constant
    edit = (
        Step("goto", f"{ADMIN}/catalog/product/edit/id/{product['id']}/"),
        Step("type", "Price", value=shop.money(new)),
        Step("click", "Save", "button"),
    )
    buy = (Step("goto", f"{shop.SHOP}/{product['url_key']}.html"), Step("click", "Add to Cart", "button"))
    return Made(
        goal=f"In the administration, lower the price of the product with the SKU {product['sku']} by $0.50. "
        "Then put one of it into my cart in the shop.",
        start=(ADMIN, f"{shop.SHOP}/"),
        login={"shop": shop.EMMA, "admin": "admin"},
        checks=(
            shop.rows("lowered", "SELECT price FROM product WHERE id = ?", [product["id"]], [[new]]),
            shop.rows("in the cart", sql, [], [[product["id"], 1]]),
            shop.only("nothing else", product=[0, 1, 0], cart=None, cart_item=[1, 0, 0]),
        ),
        plan=(*edit, *buy, Step("stop")),
        miss=(*buy, Step("stop")),
    )


TEMPLATES: Final = (
    Template("across/tell-price", ("shop", "forum"), _tell_price, turns=30),
    Template("across/price-then-cart", ("shop", "admin"), _price_then_cart, turns=30),
)
