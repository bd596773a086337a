"""Tasks in the shop that change something."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.shop_common import EMMA, MINE, SHOP, only, rows
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

_STREETS: Final = ("12 Willow Street", "704 Harbor Road", "55 Mill Lane", "9 Orchard Court", "318 Cedar Avenue")
_CITIES: Final = (
    ("San Jose", "California", "95112"),
    ("Austin", "Texas", "78701"),
    ("Boston", "Massachusetts", "02108"),
    ("Dayton", "Ohio", "45402"),
)
_CART: Final = f"SELECT i.product_id, i.qty FROM cart_item i JOIN cart c ON c.id = i.cart_id WHERE {MINE} ORDER BY i.product_id"  # noqa: S608 - a constant
_TITLES: Final = ("Just right", "Not for me", "A good buy", "Could be better", "Would buy again")
_TEXTS: Final = ("I use it every day.", "It did not last a month.", "My sister wants one too.", "It is smaller than it looks.")


def _made(goal: str, checks: tuple[dict[str, Any], ...], plan: tuple[Step, ...], miss: tuple[Step, ...]) -> Made:
    return Made(goal, (f"{SHOP}/",), checks, (*plan, Step("stop")), (*miss, Step("stop")), login={"shop": EMMA})


def _simple(ask: Ask, rng: Random, count: int = 1) -> list[dict[str, Any]]:
    """Products without options that are on show and in stock, with names of their own."""
    found = ask(
        "shop",
        """SELECT id, name, url_key FROM product p WHERE visible AND enabled AND in_stock AND qty > 20 AND type = 'simple' AND id NOT IN
        (SELECT product_id FROM wishlist_item) AND (SELECT count(*) FROM product q WHERE q.name = p.name) = 1 ORDER BY id""",
    )
    return rng.sample(found, count)


def _page(product: dict[str, Any]) -> Step:
    return Step("goto", f"{SHOP}/{product['url_key']}.html")


def _wish(ask: Ask, rng: Random) -> Made:
    wanted, other = _simple(ask, rng, 2)
    sql = f"SELECT count(*) FROM wishlist_item WHERE {MINE} AND product_id = ?"  # noqa: S608 - a constant
    add = Step("click", "Add to Wish List", "button")
    return _made(
        f'Put "{wanted["name"]}" on my wish list.',
        (rows("on the list", sql, [wanted["id"]], [[1]]), only("nothing else", wishlist_item=[1, 0, 0])),
        (_page(wanted), add),
        (_page(other), add),
    )


def _cart(ask: Ask, rng: Random) -> Made:
    (wanted,) = _simple(ask, rng)
    qty = rng.randint(2, 6)
    add = Step("click", "Add to Cart", "button")
    return _made(
        f'Put {qty} pieces of "{wanted["name"]}" into my cart.',
        (rows("in the cart", _CART, [], [[wanted["id"], qty]]), only("nothing else", cart=None, cart_item=[1, 0, 0])),
        (_page(wanted), Step("type", "Qty", "spinbutton", str(qty)), add),
        (_page(wanted), add),
    )


def _variant(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        """SELECT p.id, p.name, p.url_key, v.id AS variant, group_concat(a.label || '=' || pa.value, '|') AS options, count(*) AS n
        FROM product p JOIN product v ON v.parent_id = p.id JOIN product_attribute pa ON pa.product_id = v.id
        JOIN attribute a ON a.code = pa.code JOIN configurable_attribute ca ON ca.product_id = p.id AND ca.code = pa.code
        WHERE p.visible AND p.enabled AND v.enabled AND v.in_stock AND v.qty > 10
        AND (SELECT count(*) FROM product q WHERE q.name = p.name AND q.visible) = 1 GROUP BY v.id ORDER BY v.id""",
    )
    wanted = rng.choice(found)
    options = dict(part.split("=", 1) for part in wanted["options"].split("|"))
    other = rng.choice([row for row in found if row["id"] == wanted["id"] and row["variant"] != wanted["variant"]])
    wrong = dict(part.split("=", 1) for part in other["options"].split("|"))
    said = " and ".join(f"{label.lower()} {value}" for label, value in sorted(options.items()))
    add = Step("click", "Add to Cart", "button")
    return _made(
        f'Put "{wanted["name"]}" into my cart, in {said}.',
        (rows("in the cart", _CART, [], [[wanted["variant"], 1]]), only("nothing else", cart=None, cart_item=[1, 0, 0])),
        (_page(wanted), *(Step("select", label, value=value) for label, value in options.items()), add),
        (_page(wanted), *(Step("select", label, value=value) for label, value in wrong.items()), add),
    )


def _buy(ask: Ask, rng: Random) -> Made:
    (wanted,) = _simple(ask, rng)
    method, label = rng.choice((("flatrate_flatrate", "Fixed Flat Rate"), ("tablerate_bestway", "Table Rate Best Way")))
    sql = f"""SELECT o.shipping_method, i.product_id, i.qty_ordered, a.city FROM sales_order o JOIN order_item i ON i.order_id = o.id
      JOIN order_address a ON a.order_id = o.id AND a.kind = 'shipping' WHERE o.{MINE} AND o.created_at >= '2026-06-15' """  # noqa: S608 - same
    to_checkout = (
        _page(wanted),
        Step("click", "Add to Cart", "button"),
        Step("goto", f"{SHOP}/checkout/"),
        Step("click", label, "radio"),
        Step("click", "Next", "button"),
    )
    what = {"sales_order": [1, 0, 0], "order_item": [1, 0, 0], "order_address": [2, 0, 0], "order_comment": None}
    return _made(
        f'Buy one "{wanted["name"]}" for me. Ship it to my default address by "{label}".',
        (
            rows("ordered", sql, [], [[method, wanted["id"], 1, "Redwood City"]]),
            only("nothing else", **what, cart=None, cart_item=None, product=None),
        ),
        (*to_checkout, Step("click", "Place Order", "button")),
        to_checkout,
    )


def _reorder(ask: Ask, rng: Random) -> Made:
    orders = ask(
        "shop",
        f"""SELECT o.id, printf('%09d', o.id) AS number FROM sales_order o WHERE o.{MINE} AND NOT EXISTS
        (SELECT 1 FROM order_item i LEFT JOIN product p ON p.id = i.product_id WHERE i.order_id = o.id AND
        (p.id IS NULL OR NOT p.enabled OR NOT p.in_stock OR p.qty < i.qty_ordered * 2)) ORDER BY o.id""",  # noqa: S608 - a constant
    )
    order, other = rng.sample(orders, 2)
    items = ask("shop", "SELECT product_id, sum(qty_ordered) AS qty FROM order_item WHERE order_id = ? GROUP BY 1 ORDER BY 1", order["id"])
    view = f"{SHOP}/sales/order/view/order_id"
    return _made(
        f"Put everything from my order number {order['number']} into my cart once more.",
        (
            rows("in the cart", _CART, [], [[row["product_id"], row["qty"]] for row in items]),
            only("nothing else", cart=None, cart_item=None),
        ),
        (Step("goto", f"{view}/{order['id']}/"), Step("click", "Reorder")),
        (Step("goto", f"{view}/{other['id']}/"), Step("click", "Reorder")),
    )


def _review(ask: Ask, rng: Random) -> Made:
    (product,) = _simple(ask, rng)
    stars, title, text = rng.randint(1, 5), rng.choice(_TITLES), rng.choice(_TEXTS)
    nickname = rng.choice(("Emmy", "EL", "Lopez94"))

    def written(given: int) -> tuple[Step, ...]:
        return (
            _page(product),
            Step("click", "Review", "tab", exact=False),
            Step("click", f"{given} star" + "s" * (given > 1), "radio"),
            Step("type", "Nickname", value=nickname),
            Step("type", "Summary", value=title),
            Step("type", "Review", "textbox", text),
            Step("click", "Submit Review", "button"),
        )

    sql = "SELECT nickname, title, detail, rating FROM review WHERE product_id = ? AND created_at >= '2026-06-15'"
    given = f"{stars} star{'s' * (stars > 1)}"
    return _made(
        f'Review "{product["name"]}" with {given} under the nickname {nickname}, summary "{title}", review "{text}"',
        (rows("reviewed", sql, [product["id"]], [[nickname, title, text, stars]]), only("nothing else", review=[1, 0, 0])),
        written(stars),
        written(stars % 5 + 1),
    )


def _new_address(_ask: Ask, rng: Random) -> Made:
    street, (city, region, postcode) = rng.choice(_STREETS), rng.choice(_CITIES)
    phone = f"555-01{rng.randint(10, 99)}"

    def filled(zip_code: str) -> tuple[Step, ...]:
        return (
            Step("goto", f"{SHOP}/customer/address/new/"),
            Step("type", "Phone Number", value=phone),
            Step("type", "Street Address: Line 1", value=street),
            Step("type", "City", value=city),
            Step("select", "State/Province", value=region),
            Step("type", "Zip/Postal Code", value=zip_code),
            Step("click", "Save Address", "button"),
        )

    sql = f"SELECT street, city, region, postcode, telephone FROM address WHERE {MINE} ORDER BY id DESC LIMIT 1"  # noqa: S608 - a constant
    return _made(
        f"Add an address to my address book: {street}, {city}, {region} {postcode}, phone {phone}. Leave my default addresses as they are.",
        (rows("added", sql, [], [[street, city, region, postcode, phone]]), only("nothing else", address=[1, 0, 0])),
        filled(postcode),
        filled("00501"),
    )


def _newsletter(_ask: Ask, rng: Random) -> Made:
    sql = f"SELECT status FROM newsletter_subscriber WHERE {MINE} OR email = ?"  # noqa: S608 - a constant
    page = Step("goto", f"{SHOP}/newsletter/manage/")
    goal = rng.choice(
        ("Subscribe me to the newsletter.", "I would like to get your newsletter. Please see to it.", "Sign me up for the newsletter.")
    )
    return _made(
        goal,
        (rows("subscribed", sql, [EMMA], [["subscribed"]]), only("nothing else", newsletter_subscriber=None)),
        (page, Step("click", "General Subscription", "checkbox"), Step("click", "Save", "button")),
        (page, Step("click", "General Subscription", "checkbox")),
    )


def _contact(ask: Ask, rng: Random) -> Made:
    orders = ask("shop", f"SELECT printf('%09d', id) AS number FROM sales_order WHERE {MINE} AND status = 'complete' ORDER BY id")  # noqa: S608
    number = rng.choice(orders)["number"]
    text = f"Please send me a copy of the invoice for order {number}."
    send = (Step("goto", f"{SHOP}/contact/"), Step("type", "on your mind?", value=text, exact=False))
    return _made(
        f'Send the shop a message through its contact form, under my name and e-mail address, that says exactly: "{text}"',
        (rows("sent", "SELECT email, comment FROM contact_message WHERE created_at >= '2026-06-15'", [], [[EMMA, text]]),
         only("nothing else", contact_message=[1, 0, 0])),
        (*send, Step("click", "Submit", "button")),
        send,
    )  # fmt: skip


def _name(_ask: Ask, rng: Random) -> Made:
    first, last = rng.choice(("Emily", "Ema", "Emmeline")), rng.choice(("Lopez-Reed", "Harper", "Castillo"))
    page = Step("goto", f"{SHOP}/customer/account/edit/")
    return _made(
        f"I have changed my name. Change it to {first} {last} in my account.",
        (
            rows("renamed", "SELECT firstname, lastname FROM customer WHERE email = ?", [EMMA], [[first, last]]),
            only("nothing else", customer=[0, 1, 0]),
        ),
        (page, Step("type", "First Name", value=first), Step("type", "Last Name", value=last), Step("click", "Save", "button")),
        (page, Step("type", "First Name", value=first), Step("click", "Save", "button")),
    )


def _address_gone(ask: Ask, rng: Random) -> Made:
    extra = ask(
        "shop",
        """SELECT a.id, a.city FROM address a JOIN customer c ON c.id = a.customer_id
        WHERE c.email = ? AND a.id NOT IN (c.default_billing, c.default_shipping)""",
        EMMA,
    )[0]
    phone = f"555-02{rng.randint(10, 99)}"
    page = Step("goto", f"{SHOP}/customer/address/")
    edit = (page, Step("click", "Edit", "link", within=extra["city"]))
    sql = "SELECT telephone FROM address WHERE id = ?"
    return _made(
        f"Change the phone number of my address in {extra['city']} to {phone}.",
        (rows("changed", sql, [extra["id"]], [[phone]]), only("nothing else", address=[0, 1, 0])),
        (*edit, Step("type", "Phone Number", value=phone), Step("click", "Save Address", "button")),
        (*edit, Step("type", "Phone Number", value=phone)),
    )


TEMPLATES: Final = (
    Template("shop/wish", ("shop",), _wish, turns=15),
    Template("shop/cart", ("shop",), _cart, turns=15),
    Template("shop/variant", ("shop",), _variant, turns=20),
    Template("shop/buy", ("shop",), _buy, turns=25),
    Template("shop/reorder", ("shop",), _reorder, turns=15),
    Template("shop/review", ("shop",), _review, turns=25),
    Template("shop/new-address", ("shop",), _new_address, turns=25),
    Template("shop/newsletter", ("shop",), _newsletter, turns=15),
    Template("shop/contact", ("shop",), _contact, turns=15),
    Template("shop/name", ("shop",), _name, turns=15),
    Template("shop/phone", ("shop",), _address_gone, turns=20),
)
