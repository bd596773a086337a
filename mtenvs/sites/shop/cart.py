"""The cart's page, and the forms that change what is in it."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.kit.visit import whole
from mtenvs.sites.shop.baskets import MAX_QTY, NotSold, add_to_cart, basket, cart_id, coupon_problem, problem
from mtenvs.sites.shop.listing import SHOWN
from mtenvs.sites.shop.product import find_product, options_of, variant_of
from mtenvs.sites.shop.site import SITE, Row, members_only, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response


@SITE.get("/checkout/cart/")
@SITE.get("/checkout/cart/index/")
def show(visit: Visit) -> Response:
    """What is in the cart."""
    mine = basket(visit)
    return visit.render("cart.html", basket=mine, costs=mine.costs())


def choice_of(visit: Visit) -> dict[str, str]:
    """What the form says of options: code -> value."""
    start = "super_attribute["
    return {
        name[len(start) : -1]: value
        for name, value in visit.form.items()
        if name.startswith(start) and name.endswith("]") and isinstance(value, str)
    }


@SITE.post("/checkout/cart/add/product/{ident:int}/")
def add_named(visit: Visit, ident: int) -> Response:
    """Put a product in the cart."""
    product = find_product(visit, "p.id = ?", ident)
    variant = variant_of(visit, product, choice_of(visit))
    if variant is None:
        names = " and ".join(option["label"].lower() for option in options_of(visit, ident))
        visit.flash(f"Please choose {names} of {product['name']} first.", "notice")
        return visit.redirect(f"/{product['url_key']}.html")
    qty = whole(visit.text("qty", "1"), -1)
    try:
        add_to_cart(visit, product["name"], variant, qty)
    except NotSold as e:
        visit.flash(str(e), "error")
        return visit.redirect(f"/{product['url_key']}.html")
    visit.flash(f"You added {product['name']} to your shopping cart.")
    here = visit.text("return_url")
    return visit.redirect(
        here
        if here.startswith("/") and not here.startswith(("//", "/\\"))
        else "/checkout/cart/"
        if visit.text("to_cart")
        else f"/{product['url_key']}.html"
    )


@SITE.post("/checkout/cart/add/")
def add(visit: Visit) -> Response:
    """Put the product that the form names in the cart."""
    return add_named(visit, visit.number("product"))


def _item(visit: Visit, ident: int) -> Row:
    found = one(
        visit,
        "SELECT i.id, i.product_id, i.qty AS wanted, v.qty, v.in_stock, v.enabled, p.name, p.id AS shown_id FROM cart_item i JOIN"
        " product v ON v.id = i.product_id"
        " JOIN product p ON p.id = coalesce(v.parent_id, v.id) WHERE i.id = ? AND i.cart_id = ?",
        ident,
        cart_id(visit),
    )
    if found is None:
        raise Refused(404, "That is not in your cart.")
    return found


@SITE.post("/checkout/cart/updatePost/")
def update(visit: Visit) -> Response:
    """Change quantities; zero takes a product out."""
    if visit.text("update_cart_action") == "empty_cart":
        visit.db.execute("DELETE FROM cart_item WHERE cart_id = ?", (cart_id(visit),))
        return visit.redirect("/checkout/cart/")
    for name, value in visit.form.items():
        if not (name.startswith("cart[") and name.endswith("][qty]")):
            continue
        item = _item(visit, whole(name[5:-6], -1))
        qty = whole(value, -1)
        if not 0 <= qty <= MAX_QTY:
            visit.flash("Please enter a whole number of pieces.", "error")
        elif qty == 0:
            visit.db.execute("DELETE FROM cart_item WHERE id = ?", (item["id"],))
        elif qty != item["wanted"]:
            wrong = problem(item["name"], item, qty, key="qty")
            if wrong:
                visit.flash(wrong, "error")
            else:
                visit.db.execute("UPDATE cart_item SET qty = ? WHERE id = ?", (qty, item["id"]))
    visit.db.execute("UPDATE cart SET updated_at = ? WHERE id = ?", (stamp(visit), cart_id(visit)))
    return visit.redirect("/checkout/cart/")


@SITE.post("/checkout/cart/delete/")
def delete(visit: Visit) -> Response:
    """Take a product out; asked twice, it is out already."""
    gone = visit.db.execute("DELETE FROM cart_item WHERE id = ? AND cart_id = ?", (visit.number("id"), cart_id(visit))).rowcount
    if not gone:
        visit.flash("That is not in your cart.", "notice")
    return visit.redirect("/checkout/cart/")


@SITE.post("/checkout/cart/couponPost/")
def coupon(visit: Visit) -> Response:
    """Enter or cancel a coupon."""
    ident = cart_id(visit)
    code = visit.text("coupon_code", limit=64)
    if visit.text("remove") == "1":
        visit.db.execute("UPDATE cart SET coupon_code = '' WHERE id = ?", (ident,))
        visit.flash("You canceled the coupon code.")
    elif not code:
        visit.flash("Please enter a coupon code.", "error")
    else:
        wrong = coupon_problem(visit, code)
        if wrong:
            visit.flash(wrong, "error")
        else:
            visit.db.execute("UPDATE cart SET coupon_code = (SELECT code FROM coupon WHERE code = ?) WHERE id = ?", (code, ident))
            visit.flash(f'You used coupon code "{code}".')
    return visit.redirect("/checkout/cart/")


@SITE.post("/wishlist/index/fromcart/")
@members_only
def to_wishlist(visit: Visit, customer: dict[str, Any]) -> Response:
    """Move a product from the cart to the wish list."""
    item = _item(visit, visit.number("item"))
    visit.db.execute("DELETE FROM cart_item WHERE id = ?", (item["id"],))
    visit.db.execute(
        "INSERT OR IGNORE INTO wishlist_item (customer_id, product_id, qty, added_at) VALUES (?, ?, ?, ?)",
        (customer["id"], item["shown_id"], item["wanted"], stamp(visit)),
    )
    visit.flash(f"{item['name']} has been moved to your wish list.")
    return visit.redirect("/checkout/cart/")


def again(visit: Visit, order: int) -> int:
    """Put an order's products in the cart once more; how many of its lines could be."""
    done = 0
    rows = visit.db.execute("SELECT name, product_id, qty_ordered FROM order_item WHERE order_id = ? ORDER BY id", (order,)).fetchall()
    for row in rows:
        variant = one(
            visit,
            f"SELECT v.* FROM product v JOIN product p ON p.id = coalesce(v.parent_id, v.id) WHERE v.id = ? AND {SHOWN}",
            row["product_id"],
        )
        if variant is None:
            visit.flash(f"{row['name']} is not sold any more.", "error")
            continue
        try:
            add_to_cart(visit, row["name"], variant, row["qty_ordered"])
            done += 1
        except NotSold as e:
            visit.flash(str(e), "error")
    return done
