"""Looking around: categories, filters, orders, pages, searches with hostile words, product pages and pictures."""

# ruff: noqa: S608 - questions to our own database, in our own words

from __future__ import annotations

import html
import io
import re

import httpx
import numpy as np
import pytest
from PIL import Image
from shopping import Shopper

from mtenvs.sites.shop.drawing import draw
from mtenvs.sites.shop.listing import price_range

CHAIRS = "/home-and-kitchen/furniture/chairs.html"


def names(answer: httpx.Response) -> list[str]:
    return [html.unescape(name) for name in re.findall(r'<a class="product-item-link" href="[^"]*">([^<]*)</a>', answer.text)]


def prices(answer: httpx.Response) -> list[float]:
    return [float(price) for price in re.findall(r'data-price-amount="([\d.]+)"', answer.text)]


def test_a_category_shows_what_is_in_it_and_below(stranger: Shopper) -> None:
    for path in ("home-and-kitchen", "home-and-kitchen/furniture", "home-and-kitchen/furniture/chairs"):
        answer = stranger.get(f"/{path}.html")
        total = stranger.one(
            "SELECT count(DISTINCT p.id) AS n FROM product p JOIN product_category ON product_id = p.id JOIN category c ON c.id ="
            " category_id"
            " WHERE p.enabled AND p.visible AND (c.url_path = ? OR c.url_path GLOB ? || '/*')",
            path,
            path,
        )["n"]
        assert f'of <span class="toolbar-number">{total}</span>' in answer.text
        assert len(names(answer)) == 12


def test_sorting_by_price_goes_up_and_down_over_all_pages(stranger: Shopper) -> None:
    seen: list[float] = []
    for page in (1, 2, 3):
        seen += prices(stranger.get(CHAIRS, product_list_order="price", p=page))
    assert len(seen) == 25
    assert seen == sorted(seen)
    down = prices(stranger.get(CHAIRS, product_list_order="price", product_list_dir="desc", product_list_limit=36))
    assert down == sorted(down, reverse=True)


@pytest.mark.parametrize(("text", "low", "high"), [("0-50", 0, 50), ("50-100", 50, 100), ("100-", 100, 1e9), ("-60.5", 0, 60.5)])
def test_the_price_filter_keeps_what_costs_so_much(stranger: Shopper, text: str, low: float, high: float) -> None:
    found = prices(stranger.get(CHAIRS, price=text, product_list_limit=36))
    everything = prices(stranger.get(CHAIRS, product_list_limit=36))
    assert sorted(found) == sorted(price for price in everything if low <= price < high)


@pytest.mark.parametrize("text", ["", "-", "abc", "1-2-3", "1e9-2", "9999999999999-1", "\u0661-\u0662", "0;DROP-1"])
def test_a_range_that_is_none_is_no_filter(text: str) -> None:
    assert price_range(text) is None or text == "\u0661-\u0662"  # digits of other scripts are digits


def test_other_filters_narrow_further(stranger: Shopper) -> None:
    found = names(stranger.get(CHAIRS, color="Red", product_list_limit=36))
    assert found
    assert all(name.endswith(", Red") for name in found)
    brands = names(stranger.get(CHAIRS, brand="Fjordal", product_list_limit=36))
    assert brands
    assert all(name.startswith("Fjordal ") for name in brands)


def test_list_mode_and_limits(stranger: Shopper) -> None:
    assert len(names(stranger.get("/electronics.html", product_list_mode="list"))) == 10
    assert len(names(stranger.get("/electronics.html", product_list_mode="list", product_list_limit=25))) == 25
    assert len(names(stranger.get("/electronics.html", product_list_limit=36))) == 36
    assert len(names(stranger.get("/electronics.html", product_list_limit=999999))) == 12


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "x", "1e3", "\u0662", ""])
def test_a_page_that_is_not_there_is_the_nearest(stranger: Shopper, page: str) -> None:
    assert names(stranger.get(CHAIRS, p=page))


def test_search_finds_all_words_first_and_orders_by_relevance(stranger: Shopper) -> None:
    answer = stranger.get("/catalogsearch/result/", q="red chair")
    assert all("Chair" in name and name.endswith("Red") for name in names(answer))
    sku = stranger.plain_product()["sku"]
    assert names(stranger.get("/catalogsearch/result/", q=sku)) == [stranger.plain_product()["name"]]
    by_price = prices(stranger.get("/catalogsearch/result/", q="lamp", product_list_order="price", product_list_dir="asc"))
    assert by_price == sorted(by_price)


def test_search_knows_the_colors_of_variants_and_passes_over_little_words(stranger: Shopper) -> None:
    found = stranger.one(
        "SELECT p.name, p.url_key FROM product p JOIN product v ON v.parent_id = p.id WHERE p.enabled AND v.name GLOB '*Headphones-Red'"
    )
    answer = stranger.get("/catalogsearch/result/", q="headphones for the red", product_list_limit=36)
    assert found["name"] in names(answer)
    assert "some of them" not in answer.text


def test_search_falls_back_to_some_of_the_words_and_says_so(stranger: Shopper) -> None:
    answer = stranger.get("/catalogsearch/result/", q="lamp xyzzyplugh")
    assert "some of them" in answer.text
    assert names(answer)
    nothing = stranger.get("/catalogsearch/result/", q="xyzzyplugh")
    assert "Your search returned no results." in nothing.text


def test_a_search_is_remembered_once_a_visit(stranger: Shopper) -> None:
    for _ in range(3):
        stranger.get("/catalogsearch/result/", q="Zebra lamp")
        stranger.get("/catalogsearch/result/", q="zebra LAMP", p=2)
    assert [row["popularity"] for row in stranger.rows("SELECT popularity FROM search_query WHERE query_text = 'zebra lamp'")] in ([3], [])
    stranger.get("/catalogsearch/result/", q="tent")
    before = stranger.one("SELECT popularity FROM search_query WHERE query_text = 'tent'")["popularity"]
    stranger.get("/catalogsearch/result/", q="tent")
    assert stranger.one("SELECT popularity FROM search_query WHERE query_text = 'tent'")["popularity"] == before + 1


HOSTILE = [
    '"',
    '""',
    '"chair',
    "*",
    "chair*",
    "NEAR(red chair)",
    "name:chair",
    "chair AND",
    "OR",
    "NOT chair",
    "(",
    ")",
    "^chair",
    "{name} : x",
    "a + b",
    "-chair",
    "'; DROP TABLE product; --",
    "chair\x00",
    "x" * 10_000,
    "chair " * 2_000,
    "\U0001fa91",
    "%",
    "_",
    "ch\u00e4r",
    "\u202echair",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "\t\n",
    "___",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_search_text_is_too_much(stranger: Shopper, text: str) -> None:
    for path in ("/catalogsearch/result/", "/catalogsearch/advanced/result/"):
        answer = stranger.get(path, q=text, name=text, sku=text, description=text)
        assert answer.status_code in (200, 422)
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize(("field", "value"), [("price[from]", "abc"), ("price[to]", "-5"), ("price[from]", "1e400")])
def test_advanced_search_wants_numbers_for_prices(stranger: Shopper, field: str, value: str) -> None:
    assert stranger.get("/catalogsearch/advanced/result/", **{field: value}).status_code == 422


def test_advanced_search_looks_into_single_fields(stranger: Shopper) -> None:
    found = stranger.get("/catalogsearch/advanced/result/", **{"name": "tent", "price[from]": "100", "price[to]": "200"})
    assert names(found)
    assert all("Tent" in name for name in names(found))
    assert all(100 <= price <= 200 for price in prices(found))


def test_a_product_page_says_what_the_database_says(stranger: Shopper) -> None:
    product = stranger.plain_product()
    answer = stranger.get(f"/{product['url_key']}.html")
    assert html.escape(product["name"]) in answer.text
    assert product["sku"] in answer.text
    assert prices(answer)[0] == product["final_price"] / 100
    under = stranger.get(f"/home-and-kitchen/{product['url_key']}.html")
    assert under.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html",
        "/.html",
        "/../etc/passwd.html",
        "/%00.html",
        "/a/b/c/d.html",
        "/-.html",
        "/%F0%9F%AA%91.html",
        "/review/product/listAjax/id/99999999/",
    ],
)
def test_addresses_that_lead_nowhere_say_so(stranger: Shopper, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert "Go to the first page" in answer.text


def test_disabled_products_and_variants_have_no_page(stranger: Shopper) -> None:
    for where in ("NOT enabled AND parent_id IS NULL", "parent_id IS NOT NULL"):
        key = stranger.one(f"SELECT url_key FROM product WHERE {where} LIMIT 1")["url_key"]
        assert stranger.get(f"/{key}.html").status_code == 404


def test_reviews_come_ten_at_a_time_and_only_the_approved(stranger: Shopper) -> None:
    product = stranger.one("SELECT id, url_key, review_count FROM product ORDER BY review_count DESC LIMIT 1")
    seen: list[str] = []
    for page in range(1, product["review_count"] // 10 + 2):
        seen += re.findall(r'class="review-details-value">([^<]*)</strong>', stranger.get(f"/{product['url_key']}.html", p=page).text)
    approved = stranger.rows(
        "SELECT nickname FROM review WHERE product_id = ? AND status = 'approved' ORDER BY created_at DESC, id DESC", product["id"]
    )
    assert [html.unescape(name) for name in seen] == [row["nickname"] for row in approved]


def test_pictures_are_there_in_each_size(stranger: Shopper) -> None:
    name = stranger.one("SELECT picture FROM product WHERE picture GLOB 'chair-red-*'")["picture"]
    for folder, size in (("", 480), ("small/", 240), ("thumbnail/", 90)):
        answer = stranger.get(f"/media/catalog/product/{folder}{name}.jpg")
        assert Image.open(io.BytesIO(answer.content)).size == (size, size)


@pytest.mark.parametrize(
    "path", ["huge/x", "small/../../etc/passwd", "small/chair-red-plain-oakmere-99999", "chair", "%2e%2e/%2e%2e/x", "small/%00"]
)
def test_there_are_no_other_pictures(stranger: Shopper, path: str) -> None:
    assert stranger.get(f"/media/catalog/product/{path}.jpg").status_code == 404


@pytest.mark.parametrize(
    "name", ["", "chair", "chair-red-plain-oakmere", "tank-red-plain-oakmere-1", "chair-mauve-plain-oakmere-1", "chair-red-plain-nobody-1"]
)
def test_a_name_that_is_no_pictures_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no picture"):
        draw(name, 90)


def test_a_picture_shows_colour_and_pattern_and_is_always_the_same() -> None:
    red, blue = draw("chair-red-plain-oakmere-7", 120), draw("chair-blue-plain-oakmere-7", 120)
    assert red.tobytes() == draw("chair-red-plain-oakmere-7", 120).tobytes()
    for picture, channel in ((red, 0), (blue, 2)):
        pixels = np.asarray(picture, dtype=int)
        others = np.delete(pixels, channel, axis=2).max(axis=2)
        assert ((pixels[..., channel] > 150) & (pixels[..., channel] > others + 60)).sum() > 800
    plain, striped = (np.asarray(draw(f"towel-green-{pattern}-softwick-1", 120), dtype=int) for pattern in ("plain", "striped"))
    assert (np.abs(plain - striped).max(axis=2) > 60).mean() > 0.1


@pytest.mark.parametrize(
    "path",
    [
        "/clothing.html",
        "/clothing.html?price=0-50&brand=Harlow",
        "/electronics.html?color=Red",
        "/catalogsearch/result/?q=lamp&price=50-100",
    ],
)
def test_a_filter_leaves_as_many_products_as_it_says(emma: Shopper, path: str) -> None:
    said = re.findall(r'<li class="item"><a href="([^"]+)">(?:(?!</a>).)*<span class="count">(\d+)', emma.get(path).text)
    assert len(said) > 4
    for address, count in said:
        amount = re.search(r'class="toolbar-amount".*?</p>', emma.get(html.unescape(address)).text, re.DOTALL)
        assert amount is not None, address
        assert re.findall(r"\d+", re.sub("<[^>]+>", "", amount[0]))[-1] == count, address
