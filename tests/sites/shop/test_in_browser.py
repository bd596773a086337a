"""The shop in a real Chromium: what its scripts do, and that the checks of official task files read it as they read the original."""

# ruff: noqa: S608 - questions to our own database, in our own words

from __future__ import annotations

import pytest
from shopping import EMMA, Shopper

from mtenvs.backends.chromium import Session
from mtenvs.envs.web.evaluators.helpers import address_by, value_by
from mtenvs.envs.web.evaluators.magento import Magento
from mtenvs.envs.web.evaluators.pages import Page
from mtenvs.envs.web.session_pages import SessionPages
from mtenvs.sites.kit import Episode

pytestmark = pytest.mark.slow
HOME = "http://shop.localhost"


@pytest.fixture
def logged_in(emma: Shopper) -> tuple[Episode, str, str]:
    return emma.episode, "shop", EMMA


def test_the_helpers_of_official_checks_read_an_order(emma: Shopper, pages: SessionPages, page: Page) -> None:
    variant = emma.one(
        "SELECT v.id, v.sku, v.parent_id FROM product v JOIN product p ON p.id = v.parent_id WHERE p.enabled AND v.qty > 9 LIMIT 1"
    )
    chosen = {
        row["code"]: row["value"] for row in emma.rows("SELECT code, value FROM product_attribute WHERE product_id = ?", variant["id"])
    }
    emma.post(f"/checkout/cart/add/product/{variant['parent_id']}/", {"qty": 2, **{f"super_attribute[{c}]": v for c, v in chosen.items()}})
    emma.post(f"/checkout/cart/add/product/{emma.plain_product()['id']}/", qty=1)
    emma.buy()
    shop = Magento(pages, HOME)
    latest = address_by("func:shopping_get_latest_order_url()", "", shop)
    assert latest == f"{HOME}/sales/order/view/order_id/901/"
    page.goto(latest)
    code, value = next(iter(chosen.items()))
    label = emma.one("SELECT label FROM attribute WHERE code = ?", code)["label"]
    sku = variant["sku"]
    assert value_by(f"func:shopping_get_order_product_quantity(__page__, '{sku}')", page, "", shop) == 2
    assert value_by(f"func:shopping_get_order_product_option(__page__, '{sku}', '{label}')", page, "", shop) == value
    names = value_by("func:shopping_get_order_product_name_list(__page__)", page, "", shop)
    assert emma.plain_product()["name"] in str(names)
    shown = page.evaluate("document.querySelector('.order-details-items.ordered').outerText")
    assert sku in shown


def test_the_helpers_of_official_checks_read_a_product(emma: Shopper, pages: SessionPages, page: Page) -> None:
    shop = Magento(pages, HOME)
    for kind in ("simple", "configurable"):
        for special in ("IS NULL", "IS NOT NULL"):
            found = emma.rows(
                "SELECT * FROM product p WHERE type = ? AND parent_id IS NULL AND enabled AND review_count > 1 AND special_price"
                f" {special} LIMIT 1",
                kind,
            )
            for product in found:
                sku = product["sku"]
                assert value_by(f"func:shopping_get_sku_product_page_url('{sku}')", page, "", shop) == f"{HOME}/{product['url_key']}.html"
                page.goto(f"{HOME}/{product['url_key']}.html")
                assert value_by("func:shopping_get_product_price(__page__)", page, "", shop) == product["final_price"] / 100
                assert value_by("func:shopping_get_num_reviews(__page__)", page, "", shop) == product["review_count"]
                percent = round(product["rating_sum"] * 20 / product["review_count"])
                assert abs(float(value_by("func:shopping_get_rating_as_percentage(__page__)", page, "", shop)) - percent) <= 1
                assert value_by("func:shopping_get_product_attributes(__page__, 'brand')", page, "", shop) == product["brand"]
                last = emma.one("SELECT * FROM review WHERE product_id = ? ORDER BY id DESC LIMIT 1", product["id"])
                assert value_by(f"func:shopping_get_sku_latest_review_author('{sku}')", page, "", shop) == last["nickname"]
                assert value_by(f"func:shopping_get_sku_latest_review_rating('{sku}')", page, "", shop) == str(last["rating"] * 20)
                assert value_by(f"func:shopping_get_sku_latest_review_text('{sku}')", page, "", shop) == last["detail"]


def test_the_selectors_of_official_checks_find_what_they_want(emma: Shopper, page: Page) -> None:
    variant = emma.one(
        "SELECT v.id, v.parent_id FROM product v JOIN product p ON p.id = v.parent_id WHERE p.enabled AND v.qty > 9"
        " AND p.attribute_set = 'T-Shirts'"
    )
    size, color = (
        row["value"] for row in emma.rows("SELECT value FROM product_attribute WHERE product_id = ? ORDER BY code DESC", variant["id"])
    )
    parent = emma.one("SELECT name, url_key, picture FROM product WHERE id = ?", variant["parent_id"])
    emma.post("/wishlist/index/add/", product=variant["parent_id"])
    emma.post(
        f"/checkout/cart/add/product/{variant['parent_id']}/", {"qty": 3, "super_attribute[size]": size, "super_attribute[color]": color}
    )
    row = f"Array.from(document.querySelectorAll('.item-info')).find(e => e.textContent.includes('{parent['name']}'))"
    main = "#maincontent > div.columns > div.column.main > div.block"
    looks = (
        ("/wishlist/", "document.querySelector('.products-grid.wishlist').outerText", parent["name"]),
        (
            "/wishlist/",
            "Array.from(document.querySelectorAll('.products-grid .wishlist .product-image-photo')).map(e => e.src).join()",
            parent["picture"],
        ),
        ("/customer/address", "document.querySelector('.box.box-address-shipping > .box-content').outerText", "2210 Larkspur Lane"),
        (
            "/customer/address",
            "document.querySelector('.box.box-address-billing > .box-content').outerText",
            "Redwood City, California, 94061",
        ),
        ("/customer/address", "document.querySelector('.box-address-billing > div.box-content > address > a').outerText", "650-555-0127"),
        (
            "/customer/account/",
            (
                f"document.querySelector('{main}.block-dashboard-addresses > div.block-content > div.box.box-shipping-address >"
                " div.box-content > address')"
                ".textContent"
            ),
            "Larkspur",
        ),
        (
            "/sales/order/view/order_id/46/",
            (
                f"document.querySelector('{main}.block-order-details-view > div.block-content > div.box.box-order-shipping-address > div"
                " > address')"
                ".textContent"
            ),
            "California",
        ),
        ("/newsletter/manage", "document.querySelector('[title=\"General Subscription\"').checked.toString()", "false"),
        ("/contact", "document.querySelector('[title=\"What\u2019s on your mind?\"').value + '.'", "."),
        ("/checkout/cart", f"{row}.querySelector('td.col.item > div > dl > dd').textContent", size),
        ("/checkout/cart", f"{row}.querySelector('td.col.item > div > dl > dd:nth-child(4)').textContent", color),
        ("/checkout/cart", f"{row}.querySelector('input').getAttribute('data-item-qty')", "3"),
        ("/checkout/cart", "document.querySelector('#shopping-cart-table').outerText", parent["name"]),
        (
            "/checkout/#payment",
            "document.querySelector('#opc-sidebar > div.opc-block-summary > div > div.content.minicart-items > div > ol').outerText",
            parent["name"],
        ),
        (
            f"/{parent['url_key']}.html",
            "document.querySelector('#maincontent > div.page-title-wrapper.product > h1 > span').textContent",
            parent["name"],
        ),
        (f"/{parent['url_key']}.html", "document.querySelector('.fotorama__stage__frame img').src", parent["picture"]),
    )
    for path, script, wanted in looks:
        page.goto(HOME + path)
        assert wanted in page.evaluate(script), (path, script)


def test_options_change_price_and_picture(emma: Shopper, page: Page) -> None:
    parent = emma.one(
        "SELECT p.* FROM product p JOIN configurable_attribute c ON c.product_id = p.id WHERE code = 'capacity' AND p.enabled LIMIT 1"
    )
    page.goto(f"{HOME}/{parent['url_key']}.html")
    price = "document.querySelector('.product-info-price .price').textContent"
    before = page.evaluate(price)
    page.evaluate(
        "(() => { const s = document.querySelector('.super-attribute-select'); s.selectedIndex = 3; s.dispatchEvent(new"
        " Event('change')); })()"
    )
    dearest = emma.one("SELECT max(final_price) AS cents FROM product WHERE parent_id = ?", parent["id"])["cents"]
    assert page.evaluate(price) != before
    assert page.evaluate(price) == f"${dearest / 100:,.2f}"
    tee = emma.one(
        "SELECT p.* FROM product p JOIN configurable_attribute c ON c.product_id = p.id WHERE code = 'color' AND p.enabled AND"
        " p.attribute_set = 'Sofas' LIMIT 1"
    )
    page.goto(f"{HOME}/{tee['url_key']}.html")
    color = page.evaluate(
        "(() => { const s = document.querySelector('#attribute_color'); s.selectedIndex = 2; s.dispatchEvent(new"
        " Event('change')); return s.value })()"
    )
    assert f"sofa-{color.lower()}-" in page.evaluate("document.getElementById('main-picture').src")


def test_tabs_show_one_panel_and_links_into_it_work(emma: Shopper, page: Page) -> None:
    product = emma.one("SELECT * FROM product WHERE review_count > 3 AND enabled LIMIT 1")
    visible = "['description', 'reviews'].filter(id => document.getElementById(id).offsetHeight > 0).join()"
    page.goto(f"{HOME}/{product['url_key']}.html")
    assert page.evaluate(visible) == "description"
    page.evaluate("document.getElementById('tab-label-reviews-title').click()")
    assert page.evaluate(visible) == "reviews"
    page.goto(f"{HOME}/contact/")
    page.goto(f"{HOME}/{product['url_key']}.html#reviews")
    assert page.evaluate(visible) == "reviews"


def test_a_button_that_is_clicked_twice_sends_once(emma: Shopper, session: Session, page: Page) -> None:
    product = emma.plain_product()
    page.goto(f"{HOME}/{product['url_key']}.html")
    with emma.episode.lock:  # the shop thinks for a while, and the visitor is impatient
        page.evaluate(
            "(async () => { for (let i = 0; i < 3; i++) { document.getElementById('product-addtocart-button').click();"
            " await new Promise(done => setTimeout(done, 60)); } })()"
        )
    session.settle()
    page.goto(f"{HOME}/checkout/cart/")
    assert page.evaluate("document.querySelector('.counter-number').textContent") == "1"
