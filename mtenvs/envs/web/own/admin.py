"""Tasks in the shop's administration, to be told something and to change something."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from mtenvs.envs.web.own.shop_common import NOTHING_CHANGED, money, only, rows
from mtenvs.envs.web.own.template import Ask, Made, Step, Template

ADMIN: Final = "http://admin.localhost/admin"
_COMMENTS: Final = ("Your parcel leaves tomorrow.", "We have found the missing piece.", "We are sorry for the delay.", "Please call us.")
_STATUS: Final = ("pending", "processing", "complete", "canceled", "closed")


def _made(goal: str, checks: tuple[dict[str, Any], ...], plan: tuple[Step, ...], miss: tuple[Step, ...]) -> Made:
    return Made(goal, (ADMIN,), checks, plan, miss, login={"admin": "admin"})


def _told(goal: str, form: str, value: Any, look: Step, right: str, wrong: str) -> Made:
    check = {"kind": "answer", "name": "answer", "form": form, "value": value}
    return _made(goal, (check, NOTHING_CHANGED), (look, Step("stop", right)), (look, Step("stop", wrong)))


def _product(ask: Ask, rng: Random) -> dict[str, Any]:
    return dict(rng.choice(ask("shop", "SELECT * FROM product WHERE visible AND enabled AND in_stock AND type = 'simple' ORDER BY id")))


def of_status(ask: Ask, status: str) -> list[dict[str, Any]]:
    """The latest orders of a status."""
    return ask("shop", "SELECT *, printf('%09d', id) AS number FROM sales_order WHERE status = ? ORDER BY id DESC LIMIT 60", status)


def _order(ask: Ask, rng: Random, status: str) -> dict[str, Any]:
    return dict(rng.choice(of_status(ask, status)))


def _edit(product: dict[str, Any]) -> Step:
    return Step("goto", f"{ADMIN}/catalog/product/edit/id/{product['id']}/")


def view(order: dict[str, Any]) -> Step:
    """Open an order."""
    return Step("goto", f"{ADMIN}/sales/order/view/order_id/{order['id']}/")


def _status_count(ask: Ask, rng: Random) -> Made:
    status, year = rng.choice(_STATUS), rng.choice(("2024", "2025", "2026"))
    sql = "SELECT count(*) AS n FROM sales_order WHERE status = ? AND created_at LIKE ?"
    count = ask("shop", sql, status, f"{year}-%")[0]["n"]
    goal = f"How many of the orders that were placed in {year} have the status {status} now? Answer with a number."
    return _told(goal, "number", count, Step("goto", f"{ADMIN}/sales/order/"), str(count), str(count + 1))


def _customer_of(ask: Ask, rng: Random) -> Made:
    order = _order(ask, rng, rng.choice(_STATUS))
    goal = f"What is the e-mail address of the customer who placed order #{order['number']}?"
    return _told(goal, "code", order["customer_email"], view(order), order["customer_email"], "emma@lopez.example")


def _phone(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        """SELECT a.telephone, c.email FROM address a JOIN customer c ON c.id = a.customer_id
        GROUP BY a.telephone HAVING count(DISTINCT c.id) = 1 ORDER BY c.id""",
    )
    row = rng.choice(found)
    goal = f"Which customer has the phone number {row['telephone']}? Answer with the e-mail address."
    return _told(goal, "code", row["email"], Step("goto", f"{ADMIN}/customer/index/"), row["email"], "nobody@shop.example")


def _stock(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng)
    goal = f"How many pieces of the product with the SKU {product['sku']} do we have? Answer with a number."
    return _told(goal, "number", product["qty"], _edit(product), str(product["qty"]), str(product["qty"] + 1))


def _pending_reviews(ask: Ask, rng: Random) -> Made:
    stars = rng.randint(1, 5)
    count = ask("shop", "SELECT count(*) AS n FROM review WHERE status = 'pending' AND rating = ?", stars)[0]["n"]
    goal = f"How many reviews with {stars} star{'s' * (stars > 1)} wait for approval? Answer with a number."
    return _told(goal, "number", count, Step("goto", f"{ADMIN}/review/product/pending/"), str(count), str(count + 1))


def _sku_or_none(ask: Ask, rng: Random) -> Made:
    """A product, or none; nobody can tell which from the question."""
    product, look = _product(ask, rng), Step("goto", f"{ADMIN}/catalog/product/")
    question = "What is the regular price of the product with the SKU {}? If there is no such product, answer N/A."
    right = f"${money(product['price'])}"
    if rng.random() < 0.5:
        return _told(question.format(product["sku"]), "money", right[1:], look, right, "N/A")
    taken = {row["sku"] for row in ask("shop", "SELECT sku FROM product")}
    sku = rng.choice([sku for n in range(1000, 10_000) if (sku := f"{product['sku'][:2]}{n}") not in taken])
    return _told(question.format(sku), "none", None, look, "N/A", right)


def _changed(product: dict[str, Any], goal: str, column: str, label: str, value: Any, typed: str, wrong: str) -> Made:
    """A change of one field of a product."""
    check = rows("changed", f"SELECT {column} FROM product WHERE id = ?", [product["id"]], [[value]])  # noqa: S608 - our own columns
    fill = (_edit(product), Step("type", label, value=typed))
    fill_wrong = (_edit(product), Step("type", label, value=wrong))
    save = (Step("click", "Save", "button"), Step("stop"))
    return _made(goal, (check, only("nothing else", product=[0, 1, 0])), (*fill, *save), (*fill_wrong, *save))


def _price(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng)
    new = product["price"] + rng.choice((-100, 100, 250, 500))
    goal = f"Change the price of the product with the SKU {product['sku']} to ${money(new)}."
    return _changed(product, goal, "price", "Price", new, money(new), money(new + 10))


def _quantity(ask: Ask, rng: Random) -> Made:
    product, more = _product(ask, rng), rng.randint(5, 90)
    goal = f"{more} more pieces of the product with the SKU {product['sku']} have come in. Update its quantity."
    return _changed(product, goal, "qty", "Quantity", product["qty"] + more, str(product["qty"] + more), str(more))


def _disable(ask: Ask, rng: Random) -> Made:
    product = _product(ask, rng)
    check = rows("disabled", "SELECT enabled FROM product WHERE id = ?", [product["id"]], [[0]])
    choose = (_edit(product), Step("select", "Enable Product", value="Disabled"))
    return _made(
        f"Take the product with the SKU {product['sku']} off the site: disable it.",
        (check, only("nothing else", product=[0, 1, 0])),
        (*choose, Step("click", "Save", "button"), Step("stop")),
        (*choose, Step("stop")),
    )


def _comment(ask: Ask, rng: Random) -> Made:
    order, text = _order(ask, rng, rng.choice(("pending", "processing"))), rng.choice(_COMMENTS)
    sql = "SELECT comment, notified FROM order_comment WHERE order_id = ? AND created_at >= '2026-06-15'"
    write = (view(order), Step("type", "Comment", "textbox", text))
    send = (Step("click", "Submit Comment", "button"), Step("stop"))
    return _made(
        f'Add the comment "{text}" to order #{order["number"]} and notify the customer by e-mail.',
        (rows("commented", sql, [order["id"]], [[text, 1]]), only("nothing else", order_comment=[1, 0, 0], sales_order=None)),
        (*write, Step("click", "Notify Customer by Email", "checkbox"), *send),
        (*write, *send),
    )


def _hold(ask: Ask, rng: Random) -> Made:
    order, other = _order(ask, rng, "pending"), _order(ask, rng, "processing")
    check = rows("on hold", "SELECT status FROM sales_order WHERE id = ?", [order["id"]], [["holded"]])
    hold = (Step("click", "Hold", "button"), Step("stop"))
    return _made(
        f"Put order #{order['number']} on hold.",
        (check, only("nothing else", sales_order=[0, 1, 0], order_comment=None)),
        (view(order), *hold),
        (view(other), *hold),
    )


def _approve(ask: Ask, rng: Random) -> Made:
    found = ask(
        "shop",
        """SELECT r.id, r.nickname, p.name FROM review r JOIN product p ON p.id = r.product_id WHERE r.status = 'pending' AND
        (SELECT count(*) FROM review q WHERE q.product_id = r.product_id AND q.nickname = r.nickname) = 1 ORDER BY r.id""",
    )
    review = rng.choice(found)
    check = rows("approved", "SELECT status FROM review WHERE id = ?", [review["id"]], [["approved"]])
    edit = Step("goto", f"{ADMIN}/review/product/edit/id/{review['id']}/")

    def saved(status: str) -> tuple[Step, ...]:
        return edit, Step("select", "Status", value=status), Step("click", "Save Review", "button"), Step("stop")

    return _made(
        f'Approve the pending review of {review["nickname"]} on "{review["name"]}".',
        (check, only("nothing else", review=[0, 1, 0], product=None)),
        saved("Approved"),
        saved("Not Approved"),
    )


TEMPLATES: Final = (
    Template("admin/status-count", ("admin",), _status_count, turns=25),
    Template("admin/customer-of", ("admin",), _customer_of, turns=20),
    Template("admin/phone", ("admin",), _phone, turns=20),
    Template("admin/stock", ("admin",), _stock, turns=20),
    Template("admin/pending-reviews", ("admin",), _pending_reviews, turns=20),
    Template("admin/sku-or-none", ("admin",), _sku_or_none, turns=20),
    Template("admin/price", ("admin",), _price, turns=20),
    Template("admin/quantity", ("admin",), _quantity, turns=20),
    Template("admin/disable", ("admin",), _disable, turns=20),
    Template("admin/comment", ("admin",), _comment, turns=20),
    Template("admin/hold", ("admin",), _hold, turns=20),
    Template("admin/approve", ("admin",), _approve, turns=20),
)
