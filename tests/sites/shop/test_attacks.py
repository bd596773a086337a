"""Every form and parameter of the shop, found by walking its pages, filled with what attackers send."""

# ruff: noqa: S608 - questions to our own database, in our own words

from __future__ import annotations

from collections.abc import Callable

import pytest
from shopping import EMMA, Form, Shopper, forms

PAGES = [
    "/",
    "/electronics/audio/headphones.html",
    "/catalogsearch/result/?q=lamp",
    "/catalogsearch/advanced/",
    "/search/term/popular/",
    "/checkout/cart/",
    "/checkout/",
    "/checkout/payment/",
    "/customer/account/login/",
    "/customer/account/create/",
    "/customer/account/forgotpassword/",
    "/customer/account/",
    "/customer/account/edit/",
    "/newsletter/manage/",
    "/customer/address/",
    "/customer/address/new/",
    "/sales/order/history/",
    "/wishlist/",
    "/catalog/product_compare/",
    "/review/customer/",
    "/contact/",
    "/sales/guest/form/",
]
MARK = "zq7"
PAYLOADS = [
    f"{MARK}<script>alert(1)</script>",
    f'{MARK}"><img src=x onerror=alert(1)>',
    f"{MARK}' onmouseover='alert(1)",
    "' OR '1'='1' --",
    '"; DROP TABLE customer; --',
    "1) UNION SELECT password FROM admin_user --",
    "{{98765*9}}${98765*9}<%= 98765*9 %>",
    "javascript:alert(1)//../../etc/passwd",
    "\u202e\U0001fa91\u0000\r\nSet-Cookie: a=b",
    "-99999999999999999999999",
    "A" * 20_000,
]
TABLES = ("customer", "product", "sales_order", "admin_user", "review", "address")


def harmless(answer_text: str) -> bool:
    """Whether nothing of a payload stands in the page as code."""
    return not any(bad in answer_text for bad in ("<script>alert", "<img src=x", "' onmouseover='alert", "888885", "Traceback"))


def walk(shopper: Shopper) -> list[tuple[str, Form]]:
    """Each different form that the visitor can reach, with the page on which it is."""
    product = shopper.one(
        "SELECT p.url_key FROM product p JOIN product v ON v.parent_id = p.id WHERE p.enabled AND p.review_count > 11 GROUP BY p.id"
        " HAVING min(v.qty) > 9 LIMIT 1"
    )
    found: dict[tuple[str, ...], tuple[str, Form]] = {}
    for page in [*PAGES, f"/{product['url_key']}.html"]:
        answer = shopper.get(page)
        assert answer.status_code == 200, page
        for form in forms(answer.text):
            shape = "".join("#" if c.isdigit() else c for c in form.action)
            found.setdefault(
                (shape, form.method, *sorted("".join(c for c in name if not c.isdigit()) for name in form.kinds)), (page, form)
            )
    return list(found.values())


@pytest.mark.parametrize("who", ["", EMMA])
def test_no_form_breaks_or_echoes_what_it_is_sent(visitor: Callable[[str], Shopper], who: str) -> None:
    shopper = visitor(who)
    for product in shopper.rows("SELECT id FROM product WHERE type = 'simple' AND parent_id IS NULL AND enabled AND qty > 50 LIMIT 2"):
        shopper.post(f"/checkout/cart/add/product/{product['id']}/", qty=1)
        shopper.post("/catalog/product_compare/add/", product=product["id"])
    before = {table: shopper.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in TABLES}
    reached = walk(shopper)
    assert len(reached) > (25 if who else 18)
    tried = 0
    for page, form in reached:
        for name, kind in form.kinds.items():
            if name == "form_key":
                continue
            for payload in PAYLOADS:
                fields = {**form.fields, name: payload}
                if form.method == "post":
                    answer = shopper.post(form.action, fields, follow=kind != "hidden")
                else:
                    answer = shopper.get(form.action, **{key: value[:4_000] for key, value in fields.items()})
                tried += 1
                assert answer.status_code < 500, (page, form.action, name, payload[:40])
                assert harmless(answer.text), (page, form.action, name, payload[:40])
                assert "set-cookie: a=b" not in str(answer.headers).lower()
    assert tried > 400
    for page in PAGES:  # what was stored is shown without harm as well
        answer = shopper.get(page)
        assert answer.status_code < 500
        assert harmless(answer.text), page
    after = {table: shopper.one(f"SELECT count(*) AS n FROM {table}")["n"] for table in TABLES}
    assert all(after[table] >= before[table] for table in ("customer", "product", "sales_order", "admin_user", "review"))
    assert shopper.rows("SELECT 1 FROM sales_order WHERE grand_total <> subtotal + shipping + tax - discount OR grand_total < 0") == []
    assert shopper.rows("PRAGMA foreign_key_check") == []


PARAMETERS = [
    "q",
    "p",
    "price",
    "color",
    "brand",
    "product_list_order",
    "product_list_dir",
    "product_list_mode",
    "product_list_limit",
    "limit",
    "name",
    "price[from]",
]


@pytest.mark.parametrize(
    "page", ["/electronics.html", "/catalogsearch/result/", "/catalogsearch/advanced/result/", "/sales/order/history/", "/wishlist/"]
)
def test_no_parameter_breaks_or_echoes(emma: Shopper, page: str) -> None:
    for name in PARAMETERS:
        for payload in PAYLOADS:
            answer = emma.get(page, **{"q": "lamp", "name": "lamp", name: payload[:4_000]})
            assert answer.status_code < 500, (name, payload)
            assert harmless(answer.text), (name, payload)


@pytest.mark.parametrize(
    "path",
    [
        "/sales/order/foo/order_id/1/",
        "/rest/V1/orders/abc",
        "/rest/V1/products/%2e%2e%2f/reviews",
        "/media/../../etc/passwd",
        "/checkout/cart/add/product/0x1/",
        "//evil.example/",
        "/customer/account/login/referer/aHR0cDovL2V2aWwuZXhhbXBsZQ==/",
        "/%0d%0aSet-Cookie:x=y",
        "/" + "a" * 5_000,
        "/" + "a/" * 800,
        "/wishlist/index/index/wishlist_id/-1/",
    ],
)
def test_odd_paths(emma: Shopper, path: str) -> None:
    answer = emma.http.get(path)
    assert answer.status_code in (200, 302, 401, 404, 405)
    assert "evil" not in answer.headers.get("location", "")


@pytest.mark.parametrize("here", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"])
def test_no_form_leads_away_from_the_shop(emma: Shopper, here: str) -> None:
    product = emma.plain_product()
    answer = emma.post(f"/checkout/cart/add/product/{product['id']}/", {"qty": 1, "return_url": here}, follow=False)
    assert answer.headers["location"] == f"/{product['url_key']}.html"
    other = emma.http.post("/newsletter/subscriber/new/", data={"form_key": emma.key, "email": "a@example.com"}, headers={"referer": here})
    assert other.headers["location"] == "/"


def test_a_form_with_thousands_of_fields_is_refused(emma: Shopper) -> None:
    assert emma.post("/wishlist/index/update/", {f"qty[{i}]": "1" for i in range(5_000)}).status_code == 413
