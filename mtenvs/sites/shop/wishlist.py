"""Wish lists, comparing products, and the reviews that a customer has written."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.kit.visit import whole
from mtenvs.sites.shop.baskets import MAX_QTY, NotSold, add_to_cart
from mtenvs.sites.shop.listing import COLUMNS, SHOWN
from mtenvs.sites.shop.product import find_product, variant_of
from mtenvs.sites.shop.site import SITE, Row, customer_of, every, members_only, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response

_MOST: Final = 20


@SITE.get("/wishlist/")
@SITE.get("/wishlist/index/index/")
@SITE.get("/wishlist/index/index/wishlist_id/{_ident:int}/")
@members_only
def show(visit: Visit, customer: Row, _ident: int = 0) -> Response:
    """What the customer wants."""
    items = every(
        visit,
        f"SELECT {COLUMNS}, w.id AS item, w.qty AS wanted, w.comment, w.added_at FROM wishlist_item w JOIN product p ON p.id = w.product_id"
        f" WHERE w.customer_id = ? AND {SHOWN} ORDER BY w.id",
        customer["id"],
    )
    return visit.render("wishlist.html", items=items, section="wishlist")


@SITE.post("/wishlist/index/add/")
@SITE.post("/wishlist/index/add/product/{ident:int}/")
def add(visit: Visit, ident: int = 0) -> Response:
    """Want a product."""
    product = find_product(visit, "p.id = ?", ident or visit.number("product"))
    customer = customer_of(visit)
    if customer is None:
        visit.session.data["after_login"] = f"/{product['url_key']}.html"
        visit.flash("You must sign in or register to add items to your wish list.", "notice")
        return visit.redirect("/customer/account/login/")
    visit.db.execute(
        "INSERT INTO wishlist_item (customer_id, product_id, qty, added_at) VALUES (?, ?, ?, ?) ON CONFLICT (customer_id,"
        " product_id) DO UPDATE SET qty = qty + 1",
        (customer["id"], product["id"], max(1, min(visit.number("qty", 1), MAX_QTY)), stamp(visit)),
    )
    visit.flash(f"{product['name']} has been added to your Wish List.")
    return visit.redirect("/wishlist/")


def _item(visit: Visit, customer: Row, ident: int) -> Row:
    found = one(visit, "SELECT * FROM wishlist_item WHERE id = ? AND customer_id = ?", ident, customer["id"])
    if found is None:
        raise Refused(404, "That is not on your wish list.")
    return found


@SITE.post("/wishlist/index/remove/")
@members_only
def remove(visit: Visit, customer: Row) -> Response:
    """Want it no more; asked twice, it is gone already."""
    gone = visit.db.execute("DELETE FROM wishlist_item WHERE id = ? AND customer_id = ?", (visit.number("item"), customer["id"])).rowcount
    visit.flash("It has been removed from your Wish List." if gone else "That is not on your wish list.", "success" if gone else "notice")
    return visit.redirect("/wishlist/")


@SITE.post("/wishlist/index/update/")
@members_only
def update(visit: Visit, customer: Row) -> Response:
    """Keep comments and quantities."""
    for name, value in visit.form.items():
        field, _, rest = name.partition("[")
        if field not in {"description", "qty"} or not rest.endswith("]"):
            continue
        item = _item(visit, customer, whole(rest[:-1], -1))
        if field == "description":
            visit.db.execute("UPDATE wishlist_item SET comment = ? WHERE id = ?", (str(value).strip()[:1000], item["id"]))
        elif 1 <= whole(value, 0) <= MAX_QTY:
            visit.db.execute("UPDATE wishlist_item SET qty = ? WHERE id = ?", (whole(value, 1), item["id"]))
        else:
            visit.flash("Quantities are whole numbers of at least 1.", "error")
    visit.flash("Your Wish List has been updated.")
    return visit.redirect("/wishlist/")


@SITE.post("/wishlist/index/cart/")
@members_only
def to_cart(visit: Visit, customer: Row) -> Response:
    """Buy one of the products, in the quantity that is wanted."""
    item = _item(visit, customer, visit.number("item"))
    product = find_product(visit, "p.id = ?", item["product_id"])
    variant = variant_of(visit, product, {})
    if variant is None:
        visit.flash(f"Please choose the options of {product['name']} first.", "notice")
        return visit.redirect(f"/{product['url_key']}.html")
    try:
        add_to_cart(visit, product["name"], variant, item["qty"])
    except NotSold as e:
        visit.flash(str(e), "error")
        return visit.redirect("/wishlist/")
    visit.db.execute("DELETE FROM wishlist_item WHERE id = ?", (item["id"],))
    visit.flash(f"You added {product['name']} to your shopping cart.")
    return visit.redirect("/wishlist/")


@SITE.post("/wishlist/index/allcart/")
@members_only
def all_to_cart(visit: Visit, customer: Row) -> Response:
    """Buy all that needs no choice."""
    added = 0
    for item in every(
        visit,
        "SELECT w.id AS item, w.qty AS wanted, p.* FROM wishlist_item w JOIN product p ON p.id = w.product_id WHERE w.customer_id ="
        f" ? AND {SHOWN}",
        customer["id"],
    ):
        if item["type"] != "simple":
            visit.flash(f"Please choose the options of {item['name']} on its page.", "notice")
            continue
        try:
            add_to_cart(visit, item["name"], item, item["wanted"])
        except NotSold as e:
            visit.flash(str(e), "error")
            continue
        visit.db.execute("DELETE FROM wishlist_item WHERE id = ?", (item["item"],))
        added += 1
    if added:
        visit.flash(f"{added} product(s) have been added to your shopping cart.")
    return visit.redirect("/wishlist/")


@SITE.get("/catalog/product_compare/")
@SITE.get("/catalog/product_compare/index/")
def compare(visit: Visit) -> Response:
    """The chosen products side by side."""
    ids = visit.session.data.get("compare", [])
    products = [
        row
        for row in (one(visit, f"SELECT {COLUMNS}, p.description FROM product p WHERE p.id = ? AND {SHOWN}", ident) for ident in ids)
        if row
    ]
    for product in products:
        facts = every(
            visit,
            "SELECT label, value FROM product_attribute JOIN attribute USING (code) WHERE product_id = ? ORDER BY label",
            product["id"],
        )
        product["facts"] = {fact["label"]: fact["value"] for fact in facts}
    labels = sorted({label for product in products for label in product["facts"]})
    return visit.render("compare.html", products=products, labels=labels)


@SITE.post("/catalog/product_compare/add/")
def compare_add(visit: Visit) -> Response:
    """Put a product beside the others."""
    product = find_product(visit, "p.id = ?", visit.number("product"))
    ids = [ident for ident in visit.session.data.get("compare", []) if ident != product["id"]]
    visit.session.data["compare"] = [*ids, product["id"]][-_MOST:]
    visit.flash(f"You added product {product['name']} to the comparison list.")
    return visit.back("/catalog/product_compare/")


@SITE.post("/catalog/product_compare/remove/")
def compare_remove(visit: Visit) -> Response:
    """Take a product away from the others."""
    wanted = visit.number("product")
    visit.session.data["compare"] = [ident for ident in visit.session.data.get("compare", []) if ident != wanted]
    return visit.redirect("/catalog/product_compare/")


@SITE.post("/catalog/product_compare/clear/")
def compare_clear(visit: Visit) -> Response:
    """Take all away."""
    visit.session.data["compare"] = []
    visit.flash("You cleared the comparison list.")
    return visit.redirect("/catalog/product_compare/")


@SITE.get("/review/customer/")
@SITE.get("/review/customer/index/")
@members_only
def my_reviews(visit: Visit, customer: Row) -> Response:
    """What the customer has written, read by an administrator or not."""
    rows = every(
        visit,
        "SELECT r.*, p.name, p.url_key FROM review r JOIN product p ON p.id = r.product_id WHERE r.customer_id = ? ORDER BY"
        " r.created_at DESC, r.id DESC",
        customer["id"],
    )
    return visit.render("my_reviews.html", rows=rows, section="reviews")


@SITE.get("/review/customer/view/id/{ident:int}/")
@members_only
def my_review(visit: Visit, customer: Row, ident: int) -> Response:
    """One of them in full."""
    row = one(
        visit,
        "SELECT r.*, p.name, p.url_key, p.picture FROM review r JOIN product p ON p.id = r.product_id WHERE r.id = ? AND r.customer_id = ?",
        ident,
        customer["id"],
    )
    if row is None:
        raise Refused(404, "You have not written such a review.")
    return visit.render("my_review.html", review=row, section="reviews")
