"""Tasks in the shop that change something."""

from __future__ import annotations

from random import Random
from typing import Final

from mtenvs.envs.web.own.shop_read import EMMA, SHOP
from mtenvs.envs.web.own.template import Ask, Made, Step, Template


def _wish(ask: Ask, rng: Random) -> Made:
    products = ask(
        "shop",
        """SELECT id, name, url_key FROM product p WHERE visible AND enabled AND in_stock AND type = 'simple' AND id NOT IN
        (SELECT product_id FROM wishlist_item) AND (SELECT count(*) FROM product q WHERE q.name = p.name) = 1 ORDER BY id""",
    )
    wanted, other = rng.sample(products, 2)
    return Made(
        goal=f'Put "{wanted["name"]}" on my wish list.',
        start=(f"{SHOP}/",),
        login={"shop": EMMA},
        checks=(
            {
                "kind": "rows",
                "name": "on the list",
                "site": "shop",
                "sql": "SELECT count(*) FROM wishlist_item w JOIN customer c ON c.id = w.customer_id WHERE c.email = ? AND product_id = ?",
                "values": [EMMA, wanted["id"]],
                "equals": [[1]],
            },
            {"kind": "only", "name": "nothing else", "site": "shop", "tables": {"wishlist_item": [1, 0, 0]}},
        ),
        plan=(Step("goto", f"{SHOP}/{wanted['url_key']}.html"), Step("click", "Add to Wish List"), Step("stop")),
        miss=(Step("goto", f"{SHOP}/{other['url_key']}.html"), Step("click", "Add to Wish List"), Step("stop")),
    )


TEMPLATES: Final = (Template("shop/wish", ("shop",), _wish, turns=15),)
