"""Customers, reviews, pages of text, price rules and search terms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from backoffice import Office

from mtenvs.sites import admin
from mtenvs.sites.kit import SiteServer
from mtenvs.sites.shop import SITE as SHOP


@pytest.fixture
def both(server: SiteServer) -> Iterator[tuple[Office, Office]]:
    """An administrator and a stranger in the shop, in the same world."""
    episode = server.begin([admin.SITE, SHOP])
    office, stranger = Office(server, episode, admin.SITE, "admin"), Office(server, episode, SHOP)
    yield office, stranger
    for visitor in (office, stranger):
        visitor.client.close()
    server.end(episode)


def product_page(office: Office, product: int) -> str:
    key = office.one("SELECT url_key FROM product WHERE id = ?", product)
    return f"/{key}.html"


def test_an_approved_review_is_seen_in_the_shop_and_a_deleted_one_is_gone(both: tuple[Office, Office]) -> None:
    office, stranger = both
    (review,) = office.rows(
        "SELECT r.* FROM review r JOIN product p ON p.id = r.product_id WHERE status = 'pending' AND p.enabled AND p.visible"
        " AND NOT EXISTS (SELECT 1 FROM review o WHERE o.product_id = p.id AND o.created_at > r.created_at) ORDER BY r.id DESC LIMIT 1"
    )
    where = product_page(office, review["product_id"])
    page = office.get(f"/admin/review/product/edit/id/{review['id']}/")
    fields = {"status_id": "1", "title": "A <b>title</b> of its own", "detail": "Words & more"}
    assert "You saved the review." in office.submit(page, "/admin/review/product/save/", **fields).text
    assert "A <b>title</b> of its own" in stranger.get(where).text
    assert office.get(f"/admin/review/product/edit/id/{review['id']}/").form("/admin/review/product/save/").fields["status_id"] == ["1"]
    office.submit(page, "/admin/review/product/delete/")
    assert "A <b>title</b> of its own" not in stranger.get(where).text
    gone = office.get(f"/admin/review/product/edit/id/{review['id']}/")
    assert (gone.status, "Rating isn't Available" in gone.text) == (404, True)
    count, stars = office.rows("SELECT review_count, rating_sum FROM product WHERE id = ?", review["product_id"])[0].values()
    assert (count, stars or None) == tuple(
        office.rows("SELECT count(*), sum(rating) FROM review WHERE status = 'approved' AND product_id = ?", review["product_id"])[
            0
        ].values()
    )


def test_all_pending_reviews_at_once(office: Office) -> None:
    total = office.one("SELECT count(*) FROM review WHERE status = 'pending' AND rating >= 4")
    page = office.post("/admin/review/product/massUpdateStatus/status/1/ret/pending/?filters%5Brating%5D%5Bfrom%5D=4", {"all": "1"})
    assert f"A total of {total} record(s) have been updated." in page.text
    assert page.response.url.path == "/admin/review/product/pending/"
    assert office.one("SELECT count(*) FROM review WHERE status = 'pending' AND rating >= 4") == 0
    rest = office.one("SELECT count(*) FROM review WHERE status = 'pending'")
    office.post("/admin/review/product/massDelete/ret/pending/", {"all": "1"})
    assert rest > 0
    assert office.one("SELECT count(*) FROM review WHERE status = 'pending'") == 0
    wrong = office.rows(
        "SELECT p.id FROM product p LEFT JOIN (SELECT product_id, count(*) AS n FROM review WHERE status = 'approved' GROUP BY 1) r"
        " ON r.product_id = p.id WHERE p.review_count <> coalesce(r.n, 0)"
    )
    assert wrong == []


@pytest.mark.parametrize(("field", "value"), [("status_id", "4"), ("ratings[1]", "6"), ("nickname", ""), ("title", ""), ("detail", "")])
def test_a_review_needs_all_its_parts(office: Office, field: str, value: str) -> None:
    page = office.submit(office.get("/admin/review/product/edit/id/4/"), "/admin/review/product/save/", **{field: value})
    assert page.status == 422


def test_a_customer_is_renamed_and_regrouped_and_can_still_log_in(both: tuple[Office, Office]) -> None:
    office, stranger = both
    emma = office.one("SELECT id FROM customer WHERE email = 'emma.lopez@gmail.com'")
    fields = {"customer[firstname]": "Emmy", "customer[group_id]": "2", "customer[email]": "emmy@example.com"}
    page = office.submit(office.get(f"/admin/customer/index/edit/id/{emma}/"), "/admin/customer/index/save/", **fields)
    assert "You saved the customer." in page.text
    page = stranger.get("/customer/account/login/")
    page = stranger.submit(
        page, "/customer/account/loginPost", **{"login[username]": "emmy@example.com", "login[password]": "Password.123"}
    )
    assert "Emmy" in stranger.get("/customer/account/").text
    other = office.submit(
        office.get(f"/admin/customer/index/edit/id/{emma}/"),
        "/admin/customer/index/save/",
        **{"customer[email]": "HANNAH.roth38@yahoo.com"},
    )
    assert "same email address already exists" in other.text


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@c.de", "<a@b.de>", "@", "a@b@c.de"])
def test_what_is_no_email_is_refused(office: Office, email: str) -> None:
    page = office.submit(office.get("/admin/customer/index/new/"), "/admin/customer/index/save/", **{
        "customer[firstname]": "A", "customer[lastname]": "B", "customer[email]": email,
    })  # fmt: skip
    assert page.status == 422
    assert office.one("SELECT count(*) FROM customer") == 200


def test_a_deleted_customer_leaves_the_orders(office: Office) -> None:
    customer = office.one("SELECT customer_id FROM sales_order WHERE customer_id GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    office.submit(office.get(f"/admin/customer/index/edit/id/{customer}/"), "/admin/customer/index/delete/")
    assert office.one("SELECT count(*) FROM sales_order") == 900
    assert office.one("SELECT count(*) FROM address WHERE customer_id = ?", customer) == 0
    assert office.get(f"/admin/customer/index/edit/id/{customer}/").status == 404


def test_a_new_customer_has_no_password_that_fits(both: tuple[Office, Office]) -> None:
    office, stranger = both
    fields = {"customer[firstname]": "New", "customer[lastname]": "Person", "customer[email]": "new.person@example.com"}
    office.submit(office.get("/admin/customer/index/new/"), "/admin/customer/index/save/", **fields)
    for password in ("", ":", "new.person@example.com"):
        page = stranger.get("/customer/account/login/")
        stranger.submit(page, "/customer/account/loginPost", **{"login[username]": "new.person@example.com", "login[password]": password})
        assert "New Person" not in stranger.get("/customer/account/").text


def test_addresses_of_a_customer(office: Office) -> None:
    page = office.get("/admin/customer/address/edit/customer_id/1/")
    fields = {
        "street[0]": "1 Test Way",
        "city": "Erie",
        "region": "Pennsylvania",
        "postcode": "16501",
        "telephone": "814-555-0100",
        "default_shipping": "1",
    }
    saved = office.submit(page, "/admin/customer/address/save/", **fields)
    assert "1 Test Way" in saved.text
    (customer,) = office.rows("SELECT * FROM customer WHERE id = 1")
    assert office.one("SELECT street FROM address WHERE id = ?", customer["default_shipping"]) == "1 Test Way"
    assert customer["default_billing"] != customer["default_shipping"]
    office.post(f"/admin/customer/address/delete/id/{customer['default_shipping']}/")
    assert office.one("SELECT default_shipping FROM customer WHERE id = 1") is None


def test_the_title_of_a_page_is_seen_in_the_shop(both: tuple[Office, Office]) -> None:
    office, stranger = both
    page = office.get("/admin/cms/page/edit/page_id/2/")
    saved = office.submit(page, "/admin/cms/page/save/back/edit", title="Bruh, the wrong page")
    assert saved.response.history[0].status_code == 302
    assert saved.element(name="title")["value"] == "Bruh, the wrong page"
    assert "<title>Bruh, the wrong page" in stranger.get("/about-us").html


def test_a_new_price_rule_is_shown_as_it_was_entered(office: Office) -> None:
    page = office.get("/admin/sales_rule/promo_quote/new/")
    fields = {"name": "Spring sale", "customer_group_ids": ["0", "1", "2", "3"], "simple_action": "by_percent", "discount_amount": "20"}
    fields |= {"coupon_type": "2", "coupon_code": "TWENTY"}
    saved = office.submit(page, "/admin/sales_rule/promo_quote/save", **fields)
    assert "You saved the rule." in saved.text
    assert saved.element(name="discount_amount")["value"] == "20"
    form = saved.form("/admin/sales_rule/promo_quote/save")
    assert (form.fields["simple_action"], form.fields["customer_group_ids"]) == (["by_percent"], ["0", "1", "2", "3"])
    (rule,) = office.rows("SELECT * FROM sales_rule ORDER BY id DESC LIMIT 1")
    assert (rule["amount"], rule["groups"], rule["active"]) == (2000, "0,1,2,3", 1)
    again = office.submit(page, "/admin/sales_rule/promo_quote/save", **fields)
    assert "Coupon with the same code already exists." in again.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("discount_amount", "101"), ("discount_amount", "-1"), ("discount_amount", ""), ("name", ""), ("simple_action", "all"),
        ("customer_group_ids", "9"), ("customer_group_ids", ""), ("from_date", "x"), ("to_date", "1/1/2020"),
    ],
)  # fmt: skip
def test_price_rules_that_make_no_sense(office: Office, field: str, value: str) -> None:
    fields = {"name": "A", "customer_group_ids": "1", "discount_amount": "5", "from_date": "1/1/2026", field: value}
    page = office.submit(office.get("/admin/sales_rule/promo_quote/new/"), "/admin/sales_rule/promo_quote/save", **fields)
    assert page.status == 422
    assert office.one("SELECT count(*) FROM sales_rule") == 7


def test_search_terms(office: Office) -> None:
    top = office.one("SELECT query_text FROM search_query ORDER BY popularity DESC, id DESC LIMIT 1")
    assert top in office.get("/admin/admin/dashboard/").text
    page = office.get("/admin/search/term/edit/id/2/")
    office.submit(page, "/admin/search/term/save/", query_text="éclairs", popularity="7")
    assert office.rows("SELECT query_text, popularity FROM search_query WHERE id = 2") == [{"query_text": "éclairs", "popularity": 7}]
    other = office.one("SELECT query_text FROM search_query WHERE id = 3")
    assert "identical search term" in office.submit(page, "/admin/search/term/save/", query_text=other.upper()).text


def test_the_search_above_finds_products_orders_and_customers(office: Office) -> None:
    page = office.get("/admin/admin/search/", query="lopez")
    assert "Emma Lopez" in page.text
    assert any("/customer/index/edit/" in link for link in page.links)
    assert any("/sales/order/view/" in link for link in page.links)
