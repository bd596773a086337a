"""The first page, categories, searches and pages of text."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.shop.listing import COLUMNS, SHOWN, Listing, make_listing
from mtenvs.sites.shop.product import product_page
from mtenvs.sites.shop.site import SITE, Row, every, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response

_IN_CATEGORY: Final = {
    "position": ("Position", "p.id", "asc"),
    "name": ("Product Name", "p.name COLLATE NOCASE", "asc"),
    "price": ("Price", "p.final_price", "asc"),
}
_WORD: Final = re.compile(r"\w+", re.UNICODE)
_MAX_WORDS: Final = 12
_LITTLE_WORDS: Final = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
# bm25 is smaller for better matches, and people expect the most relevant first when they sort downwards
_RELEVANCE: Final = "-bm25(product_search, 10.0, 6.0, 8.0, 2.0, 1.0)"


@SITE.get("/")
def home(visit: Visit) -> Response:
    """What is new, on sale and liked."""
    rows = "SELECT {} FROM product p WHERE {} AND {} ORDER BY {} LIMIT 5"
    return visit.render(
        "home.html",
        new=every(visit, rows.format(COLUMNS, SHOWN, "1", "p.created_at DESC")),
        sale=every(
            visit,
            rows.format(
                COLUMNS,
                SHOWN,
                "(p.sale OR p.type = 'simple' AND p.special_price < p.price)",
                "p.sale DESC, p.special_price * 100 / p.price, p.id",
            ),
        ),
        liked=every(visit, rows.format(COLUMNS, SHOWN, "p.review_count >= 8", "p.rating_sum * 1.0 / p.review_count DESC, p.id")),
        tops=every(visit, "SELECT id, name, url_path FROM category WHERE level = 1 AND active ORDER BY position"),
    )


@SITE.get("/{path:path}.html")
def by_address(visit: Visit, path: str) -> Response:
    """A category, or a product (under its own address or below a category's)."""
    category = one(visit, "SELECT * FROM category WHERE url_path = ? AND active AND level > 0", path)
    if category is not None:
        return _category(visit, category)
    return product_page(visit, path.rpartition("/")[2])


def _category(visit: Visit, category: Row) -> Response:
    listing = make_listing(
        visit,
        "product p",
        "p.id IN (SELECT pc.product_id FROM product_category pc JOIN category c ON c.id = pc.category_id WHERE c.active AND (c.id ="
        " ? OR c.url_path GLOB ?))",
        [category["id"], category["url_path"] + "/*"],
        _IN_CATEGORY,
    )
    return visit.render(
        "category.html", category=category, listing=listing, crumbs=crumbs(visit, category["url_path"]), children=_children(visit, category)
    )


def _children(visit: Visit, category: Row) -> list[Row]:
    """Subcategories with the number of products in and below each."""
    return every(
        visit,
        "SELECT c.name, c.url_path, (SELECT count(DISTINCT p.id) FROM product_category pc JOIN category d ON d.id = pc.category_id"
        " AND d.active"
        f" JOIN product p ON p.id = pc.product_id WHERE {SHOWN} AND (d.id = c.id OR d.url_path GLOB c.url_path || '/*')) AS n"
        " FROM category c WHERE c.parent_id = ? AND c.active ORDER BY c.position",
        category["id"],
    )


def crumbs(visit: Visit, url_path: str) -> list[Row]:
    """The categories on the way to one, from the top."""
    parts = url_path.split("/")
    paths = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    marks = ", ".join("?" * len(paths))
    return every(visit, f"SELECT name, url_path FROM category WHERE url_path IN ({marks}) ORDER BY level", *paths)


@SITE.get("/catalogsearch/result/")
@SITE.get("/catalogsearch/result/index/")
def search(visit: Visit) -> Response:
    """What is found, by relevance at first."""
    text = " ".join(visit.query.get("q", "").split())[:128]
    if not text:
        return visit.redirect("/")
    listing, partly = find(visit, text)
    if "p" not in visit.query and not partly:
        _remember(visit, text, listing.total)
    return visit.render("search.html", text=text, listing=listing, partly=partly, related=_related_terms(visit, text))


def find(visit: Visit, text: str) -> tuple[Listing, bool]:
    """The products that have all words, or else those that have some, and whether it is the latter."""
    words = [word for word in _WORD.findall(text) if word.strip("_")][:_MAX_WORDS]
    words = [word for word in words if word.lower() not in _LITTLE_WORDS] or words
    partly = False
    for glue in (" ", " OR "):
        query = glue.join(f'"{word}"*' if len(word) > 2 else f'"{word}"' for word in words) or '""'
        orders = {"relevance": ("Relevance", _RELEVANCE, "desc"), "name": _IN_CATEGORY["name"], "price": _IN_CATEGORY["price"]}
        listing = make_listing(
            visit, "product_search JOIN product p ON p.id = product_search.rowid", "product_search MATCH ?", [query], orders
        )
        if listing.total or len(words) < 2 or listing.chosen:
            break
        partly = True
    return listing, partly and listing.total > 0


def _remember(visit: Visit, text: str, found: int) -> None:
    visit.db.execute(
        "INSERT INTO search_query (query_text, num_results, updated_at) VALUES (?, ?, ?)"
        " ON CONFLICT (query_text) DO UPDATE SET popularity = popularity + 1, num_results = excluded.num_results, updated_at ="
        " excluded.updated_at",
        (text, found, stamp(visit)),
    )


def _related_terms(visit: Visit, text: str) -> list[str]:
    word = max(_WORD.findall(text) or [""], key=len)
    rows = every(
        visit,
        "SELECT query_text FROM search_query WHERE instr(lower(query_text), lower(?)) AND query_text <> ? AND num_results ORDER BY"
        " popularity DESC LIMIT 5",
        word,
        text,
    )
    return [row["query_text"] for row in rows]


@SITE.get("/search/term/popular/")
def popular(visit: Visit) -> Response:
    """What people look for."""
    return visit.render(
        "terms.html", terms=every(visit, "SELECT query_text, popularity FROM search_query WHERE num_results ORDER BY query_text LIMIT 100")
    )


@SITE.get("/catalogsearch/advanced/")
def advanced(visit: Visit) -> Response:
    """The form for looking in single fields."""
    return visit.render("advanced.html", values=visit.query, note="")


@SITE.get("/catalogsearch/advanced/result/")
def advanced_result(visit: Visit) -> Response:
    """What has these texts in these fields."""
    where, values = "1", list[Any]()
    for name in ("name", "sku", "description", "short_description"):
        text = visit.query.get(name, "").strip()[:128]
        if text:
            where += f" AND instr(lower(p.{name}), lower(?))"
            values.append(text)
    for name, sign in (("price[from]", ">="), ("price[to]", "<=")):
        text = visit.query.get(name, "").strip().lstrip("$")
        if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text):
            where += f" AND p.final_price {sign} ?"
            values.append(round(float(text) * 100))
        elif text:
            return visit.render("advanced.html", 422, values=visit.query, note="Prices are numbers such as 12.50.")
    if not values:
        return visit.render("advanced.html", 422, values=visit.query, note="Please fill in at least one field.")
    orders = {"name": _IN_CATEGORY["name"], "price": _IN_CATEGORY["price"]}
    return visit.render("search.html", text="", listing=make_listing(visit, "product p", where, values, orders), partly=False, related=[])


def text_page(visit: Visit, identifier: str) -> Response:
    """A page of text that administrators write."""
    page = one(visit, "SELECT * FROM cms_page WHERE identifier = ? AND active AND identifier <> 'home'", identifier)
    if page is None:
        raise Refused(404, "We can not find that page.")
    return visit.render("page.html", page=page)
