"""A product's page, its pictures and its reviews."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

import json
import mimetypes
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response as Answer

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.kit.pictures import drawn
from mtenvs.sites.shop.drawing import draw, version
from mtenvs.sites.shop.listing import COLUMNS, SHOWN
from mtenvs.sites.shop.site import SITE, Row, customer_of, every, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response

REVIEWS_ON_PAGE: Final = 10
SIZES: Final = {"": 480, "small": 240, "thumbnail": 90}
FIRST_STAR: Final = 15  # Magento's option 16 of rating 4 is one star


def find_product(visit: Visit, where: str, value: object) -> Row:
    """A product that is on sale.

    Raises:
        Refused: there is none, with 404.
    """
    columns = f"{COLUMNS}, p.description, p.qty, p.in_stock, p.enabled, p.created_at"
    found = one(visit, f"SELECT {columns} FROM product p WHERE {where} AND {SHOWN}", value)
    if found is None:
        raise Refused(404, "We can not find that product.")
    return found


def product_page(visit: Visit, url_key: str, *, form: dict[str, str] | None = None, errors: dict[str, str] | None = None) -> Response:
    """The page, perhaps with a review that could not be sent."""
    product = find_product(visit, "p.url_key = ?", url_key)
    ident = product["id"]
    customer = customer_of(visit)
    category = one(
        visit,
        "SELECT c.* FROM product_category pc JOIN category c ON c.id = category_id WHERE product_id = ? AND c.active ORDER BY level DESC",
        ident,
    )
    return visit.render(
        "product.html",
        422 if errors else 200,
        product=product,
        category=category,
        options=options_of(visit, ident) if product["type"] == "configurable" else [],
        variants=json.dumps(_variants(visit, ident)) if product["type"] == "configurable" else "",
        facts=every(
            visit, "SELECT label, value FROM product_attribute JOIN attribute USING (code) WHERE product_id = ? ORDER BY label", ident
        ),
        related=every(
            visit,
            f"SELECT {COLUMNS} FROM related_product r JOIN product p ON p.id = r.related_id WHERE r.product_id = ? AND {SHOWN} ORDER"
            " BY position",
            ident,
        ),
        reviews=_reviews(visit, ident),
        form=form or {"nickname": customer["firstname"] if customer else "", "title": "", "detail": "", "rating": ""},
        errors=errors or {},
    )


def options_of(visit: Visit, ident: int) -> list[Row]:
    """What must be chosen of a configurable product, each with its choices in order."""
    rows = every(
        visit,
        "SELECT a.code, a.label FROM configurable_attribute c JOIN attribute a USING (code) WHERE c.product_id = ? ORDER BY c.position",
        ident,
    )
    for row in rows:
        row["values"] = [
            value["value"]
            for value in every(
                visit,
                "SELECT DISTINCT pa.value FROM product v JOIN product_attribute pa ON pa.product_id = v.id AND pa.code = ? LEFT JOIN"
                " attribute_option o"
                " ON o.code = pa.code AND o.label = pa.value WHERE v.parent_id = ? AND v.enabled ORDER BY o.position, pa.value",
                row["code"],
                ident,
            )
        ]
    return rows


def _variants(visit: Visit, ident: int) -> list[dict[str, Any]]:
    """What the page's script shows when a choice is made: price, picture and stock."""
    found = []
    for row in every(
        visit, "SELECT id, final_price, picture, in_stock AND qty > 0 AS salable FROM product WHERE parent_id = ? AND enabled", ident
    ):
        choice = every(visit, "SELECT code, value FROM product_attribute WHERE product_id = ?", row["id"])
        found.append(
            {
                "price": row["final_price"],
                "picture": row["picture"],
                "salable": row["salable"],
                "choice": {c["code"]: c["value"] for c in choice},
            }
        )
    return found


def variant_of(visit: Visit, product: Row, choice: dict[str, str]) -> Row | None:
    """The variant with these values, or the product itself where there is nothing to choose; None: not complete, or not offered."""
    if product["type"] == "simple":
        return product
    where, values = "v.parent_id = ? AND v.enabled", list[Any]([product["id"]])
    for option in options_of(visit, product["id"]):
        where += " AND EXISTS (SELECT 1 FROM product_attribute a WHERE a.product_id = v.id AND a.code = ? AND a.value = ?)"
        values += [option["code"], choice.get(option["code"], "")]
    return one(visit, f"SELECT v.* FROM product v WHERE {where}", *values)


def _reviews(visit: Visit, ident: int) -> Row:
    (total,) = visit.db.execute("SELECT count(*) FROM review WHERE product_id = ? AND status = 'approved'", (ident,)).fetchone()
    pages = max(1, -(-total // REVIEWS_ON_PAGE))
    page = min(visit.page_number(), pages)
    rows = every(
        visit,
        "SELECT nickname, title, detail, rating, created_at FROM review WHERE product_id = ? AND status = 'approved' ORDER BY"
        " created_at DESC, id DESC LIMIT ? OFFSET ?",
        ident,
        REVIEWS_ON_PAGE,
        (page - 1) * REVIEWS_ON_PAGE,
    )
    return {"rows": rows, "total": total, "page": page, "pages": pages}


@SITE.get("/review/product/listAjax/id/{ident:int}/")
def reviews_alone(visit: Visit, ident: int) -> Response:
    """The reviews without the page around them."""
    product = find_product(visit, "p.id = ?", ident)
    return visit.render("reviews.html", product=product, reviews=_reviews(visit, ident))


@SITE.post("/review/product/post/id/{ident:int}/")
def post_review(visit: Visit, ident: int) -> Response:
    """Keep a review until an administrator has read it."""
    product = find_product(visit, "p.id = ?", ident)
    form = {
        "nickname": visit.text("nickname", limit=128),
        "title": visit.text("title", limit=255),
        "detail": visit.text("detail", limit=5_000),
    }
    form["rating"] = visit.text("ratings[4]")
    errors = {name: "This is a required field." for name in ("nickname", "title", "detail") if not form[name]}
    stars = visit.number("ratings[4]") - FIRST_STAR
    if not 1 <= stars <= 5:
        errors["rating"] = "Please select one of each of the ratings above."
    if errors:
        return product_page(visit, product["url_key"], form=form, errors=errors)
    customer = customer_of(visit)
    visit.db.execute(
        "INSERT INTO review (product_id, customer_id, nickname, title, detail, rating, status, created_at) VALUES (?, ?, ?, ?, ?, ?,"
        " 'pending', ?)",
        (ident, customer["id"] if customer else None, form["nickname"], form["title"], form["detail"], stars, stamp(visit)),
    )
    visit.flash("Thank you. Your review is submitted and will show once we have read it.")
    return visit.redirect(f"/{product['url_key']}.html#reviews")


@SITE.get("/media/catalog/product/{size}/{name}.jpg")
def small_picture(visit: Visit, size: str, name: str) -> Response:
    """A picture in a smaller size."""
    if size not in SIZES:
        raise Refused(404, "There is no such picture.")
    known = name == "placeholder" or one(visit, "SELECT 1 FROM product WHERE picture = ?", name)
    if not known:
        raise Refused(404, "There is no such picture.")
    if name in visit.episode.uploads:
        return Answer(visit.episode.uploads[name], media_type=mimetypes.guess_type(name)[0])
    pixels = SIZES[size]
    try:
        content = drawn(f"shop-{version()}-{pixels}", name, lambda: draw(name, pixels))
    except ValueError as e:
        raise Refused(404, "There is no such picture.") from e
    return Answer(content, media_type="image/jpeg", headers={"cache-control": "max-age=86400"})


@SITE.get("/media/catalog/product/{name}.jpg")
def full_picture(visit: Visit, name: str) -> Response:
    """A picture in full."""
    return small_picture(visit, "", name)
