"""Accounts: signing in, names, passwords, addresses, orders, wish lists, reviews, messages, and what others may not see."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from shopping import EMMA, Shopper

Visitor = Callable[[str], Shopper]


def sign_in(shopper: Shopper, email: str, password: str) -> str:
    return str(shopper.post("/customer/account/loginPost/", {"login[username]": email, "login[password]": password}).text)


def test_signing_in_and_out(stranger: Shopper) -> None:
    assert "incorrect" in sign_in(stranger, EMMA, "password.123")
    assert "incorrect" in sign_in(stranger, "' OR 1=1 --", "x")
    assert "This is a required field." in sign_in(stranger, "", "")
    assert "Welcome, Emma Lopez!" in sign_in(stranger, EMMA.upper(), "Password.123")
    stranger.get("/customer/account/logout/")
    assert "Customer Login" in stranger.get("/customer/account/").text


def test_who_is_sent_to_sign_in_comes_back_where_they_wanted_to_go(stranger: Shopper) -> None:
    assert "Customer Login" in stranger.get("/sales/order/history/").text
    assert "My Orders" in sign_in(stranger, EMMA, "Password.123")


def test_signing_in_gives_a_new_cookie(stranger: Shopper) -> None:
    before = stranger.http.cookies["PHPSESSID"]
    sign_in(stranger, EMMA, "Password.123")
    assert stranger.http.cookies["PHPSESSID"] != before


NEW = {"firstname": "Ann", "lastname": "Ng", "email": "ann@example.com", "password": "Secret.99", "password_confirmation": "Secret.99"}


def test_an_account_can_be_made_and_used(stranger: Shopper) -> None:
    assert "Welcome, Ann Ng!" in stranger.post("/customer/account/createpost/", {**NEW, "is_subscribed": "1"}).text
    assert stranger.one("SELECT status FROM newsletter_subscriber WHERE email = 'ann@example.com'")["status"] == "subscribed"
    assert "placed no orders" in stranger.get("/sales/order/history/").text
    assert "Add New Address" in stranger.get("/customer/address/").text
    stranger.get("/customer/account/logout/")
    assert "Welcome, Ann Ng!" in sign_in(stranger, "Ann@Example.com", "Secret.99")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "", "required field"),
        ("email", "ann", "valid email"),
        ("email", "a@b@c.de", "valid email"),
        ("email", EMMA, "already an account"),
        ("email", "EMMA.lopez@Gmail.com", "already an account"),
        ("firstname", " ", "required field"),
        ("password", "Ab.1", "Minimum length"),
        ("password", "abcdefgh", "three of these"),
        ("password_confirmation", "Secret.98", "same value"),
    ],
)
def test_an_account_that_can_not_be_made(stranger: Shopper, field: str, value: str, says: str) -> None:
    before = stranger.one("SELECT count(*) AS n FROM customer")["n"]
    answer = stranger.post("/customer/account/createpost/", {**NEW, field: value})
    assert answer.status_code == 422
    assert says in stranger.messages(answer)
    assert "Secret.99" not in answer.text
    assert stranger.one("SELECT count(*) AS n FROM customer")["n"] == before


def test_changing_the_name_needs_no_password_but_email_and_password_do(emma: Shopper) -> None:
    base = {"firstname": "Emily", "lastname": "Lopez"}
    assert "You saved the account information." in emma.messages(emma.post("/customer/account/editPost/", base))
    change = {**base, "change_password": "1", "password": "New.Secret1", "password_confirmation": "New.Secret1"}
    assert "required field" in emma.messages(emma.post("/customer/account/editPost/", change))
    assert "match this account" in emma.messages(emma.post("/customer/account/editPost/", {**change, "current_password": "guess"}))
    assert "You saved" in emma.messages(emma.post("/customer/account/editPost/", {**change, "current_password": "Password.123"}))
    taken = emma.one("SELECT email FROM customer WHERE email <> ? LIMIT 1", EMMA)["email"]
    mail = {**base, "change_email": "1", "current_password": "New.Secret1"}
    assert "already exists" in emma.messages(emma.post("/customer/account/editPost/", {**mail, "email": taken}))
    assert "You saved" in emma.messages(emma.post("/customer/account/editPost/", {**mail, "email": "emily@example.com"}))
    emma.get("/customer/account/logout/")
    assert "incorrect" in sign_in(emma, EMMA, "New.Secret1")
    assert "Welcome, Emily Lopez!" in sign_in(emma, "emily@example.com", "New.Secret1")


ADDRESS = {
    "firstname": "Emma",
    "lastname": "Lopez",
    "street[]": ["231 Willow Way", "Suite 100"],
    "city": "Chicago",
    "region_id": "14",
    "postcode": "60601",
    "country_id": "US",
    "telephone": "312-555-0100",
}


def test_the_address_book(emma: Shopper) -> None:
    emma.post("/customer/address/formPost/", {**ADDRESS, "default_shipping": "1"})
    page = emma.get("/customer/address/").text
    box = re.search(r'class="box box-address-shipping"><h3[^>]*>[^<]*</h3><div class="box-content">(.*?)</div>', page, re.DOTALL)
    assert box
    assert "231 Willow Way" in box[1]
    assert "Chicago, Illinois, 60601" in box[1]
    ident = emma.one("SELECT id FROM address ORDER BY id DESC LIMIT 1")["id"]
    assert "another default" in emma.messages(emma.post(f"/customer/address/delete/id/{ident}/"))
    emma.post(f"/customer/address/formPost/id/{ident}/", {**ADDRESS, "city": "Springfield"})
    assert emma.one("SELECT city, street FROM address WHERE id = ?", ident) == {
        "city": "Springfield",
        "street": "231 Willow Way\nSuite 100",
    }
    other = emma.one(
        "SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE email = ? AND a.id NOT IN"
        " (default_billing, default_shipping)",
        EMMA,
    )
    assert "You deleted" in emma.messages(emma.post(f"/customer/address/delete/id/{other['id']}/"))


BAD_IDS = (0, -1, 99_999, 2**31, 2**63, 2**80, "x", "1'", "\u0661", "1/../2")


def test_nobody_sees_or_changes_what_is_anothers(emma: Shopper, stranger: Shopper) -> None:
    order = emma.one("SELECT id FROM sales_order WHERE customer_id <> 27 AND status = 'complete' LIMIT 1")["id"]
    address = emma.one("SELECT id, city FROM address WHERE customer_id <> 27 LIMIT 1")
    review = emma.one("SELECT id FROM review WHERE customer_id <> 27 LIMIT 1")["id"]
    wish = emma.one("SELECT id FROM wishlist_item WHERE customer_id <> 27 LIMIT 1")["id"]
    for part in ("view", "invoice", "shipment", "creditmemo", "print"):
        assert emma.get(f"/sales/order/{part}/order_id/{order}/").status_code == 404
    assert emma.post(f"/sales/order/reorder/order_id/{order}/").status_code == 404
    assert emma.get(f"/customer/address/edit/id/{address['id']}/").status_code == 404
    assert emma.post(f"/customer/address/formPost/id/{address['id']}/", ADDRESS).status_code == 404
    assert emma.post(f"/customer/address/delete/id/{address['id']}/").status_code == 404
    assert emma.get(f"/review/customer/view/id/{review}/").status_code == 404
    assert "not on your wish list" in emma.messages(emma.post("/wishlist/index/remove/", item=wish))
    assert emma.post("/wishlist/index/cart/", item=wish).status_code == 404
    assert emma.post("/wishlist/index/update/", {f"description[{wish}]": "mine"}).status_code == 404
    assert emma.one("SELECT city FROM address WHERE id = ?", address["id"])["city"] == address["city"]
    assert emma.rows("SELECT comment FROM wishlist_item WHERE id = ?", wish) == [{"comment": ""}]
    own = emma.one("SELECT id FROM sales_order WHERE customer_id = 27 LIMIT 1")["id"]
    assert "Customer Login" in stranger.get(f"/sales/order/view/order_id/{own}/").text


@pytest.mark.parametrize("ident", BAD_IDS)
def test_ids_that_are_none(emma: Shopper, ident: object) -> None:
    for path in (f"/sales/order/view/order_id/{ident}/", f"/customer/address/edit/id/{ident}/", f"/review/customer/view/id/{ident}/"):
        assert emma.get(path).status_code in (404, 422)
    for path in ("/wishlist/index/add/", "/wishlist/index/remove/", "/catalog/product_compare/add/"):
        assert emma.post(path, product=ident, item=ident).status_code in (200, 404)
    assert emma.post(f"/review/product/post/id/{ident}/").status_code in (404, 405, 422)


def test_orders_come_ten_at_a_time_the_newest_first(emma: Shopper) -> None:
    seen: list[int] = []
    for page in range(1, 5):
        seen += [int(number) for number in re.findall(r'class="col id">(\d{9})</td>', emma.get("/sales/order/history/", p=page).text)]
    assert seen == [row["id"] for row in emma.rows("SELECT id FROM sales_order WHERE customer_id = 27 ORDER BY id DESC")]
    assert len(re.findall(r'class="col id">\d', emma.get("/sales/order/history/", limit=50).text)) == 40


def test_an_order_shows_its_shipments_invoices_and_refunds(emma: Shopper) -> None:
    order = emma.one("SELECT * FROM sales_order WHERE customer_id = 27 AND status = 'closed' LIMIT 1")
    track = emma.one("SELECT number FROM shipment_track JOIN shipment s ON s.id = shipment_id WHERE order_id = ?", order["id"])["number"]
    assert track in emma.get(f"/sales/order/shipment/order_id/{order['id']}/").text
    money = f"${order['grand_total'] // 100:,}.{order['grand_total'] % 100:02d}"
    assert money in emma.get(f"/sales/order/creditmemo/order_id/{order['id']}/").text
    assert money in emma.get(f"/sales/order/invoice/order_id/{order['id']}/").text
    pending = emma.one("SELECT id FROM sales_order WHERE customer_id = 27 AND status = 'pending' LIMIT 1")["id"]
    assert emma.get(f"/sales/order/invoice/order_id/{pending}/").status_code == 404


def test_the_wish_list(emma: Shopper) -> None:
    product = emma.plain_product()
    page = emma.post("/wishlist/index/add/", product=product["id"]).text
    assert "has been added to your Wish List" in page
    assert product["name"] in page.partition('class="products-grid wishlist"')[2]
    item = emma.one("SELECT id FROM wishlist_item ORDER BY id DESC LIMIT 1")["id"]
    emma.post("/wishlist/index/update/", {f"description[{item}]": "for <Ann>", f"qty[{item}]": "2"})
    assert emma.one("SELECT comment, qty FROM wishlist_item WHERE id = ?", item) == {"comment": "for <Ann>", "qty": 2}
    assert "for &lt;Ann&gt;" in emma.get("/wishlist/").text
    emma.post("/wishlist/index/cart/", item=item)
    assert emma.one("SELECT qty FROM cart_item ORDER BY id DESC LIMIT 1")["qty"] == 2
    assert emma.rows("SELECT 1 FROM wishlist_item WHERE id = ?", item) == []


def test_a_stranger_must_sign_in_to_wish(stranger: Shopper) -> None:
    assert "Customer Login" in stranger.post("/wishlist/index/add/", product=stranger.plain_product()["id"]).text


def test_a_review_waits_until_it_is_read(emma: Shopper) -> None:
    product = emma.plain_product()
    path = f"/review/product/post/id/{product['id']}/"
    empty = emma.post(path, nickname="Emma")
    assert empty.status_code == 422
    assert emma.messages(empty).count("required field") == 2
    assert "ratings above" in emma.messages(empty)
    for stars in ("15", "21", "-1", "x"):
        assert emma.post(path, {"nickname": "E", "title": "t", "detail": "d", "ratings[4]": stars}).status_code == 422
    answer = emma.post(path, {"nickname": "Emma", "title": "Good <b>one</b>", "detail": "Fine.", "ratings[4]": "19"})
    assert "submitted" in emma.messages(answer)
    assert "Good &lt;b&gt;one" not in emma.get(f"/{product['url_key']}.html").text
    row = emma.one("SELECT * FROM review ORDER BY id DESC LIMIT 1")
    assert (row["rating"], row["status"], row["nickname"], row["customer_id"]) == (4, "pending", "Emma", 27)
    assert "Good &lt;b&gt;one&lt;/b&gt;" in emma.get("/review/customer/").text


def test_messages_and_newsletters(emma: Shopper, stranger: Shopper) -> None:
    assert "required field" in stranger.messages(stranger.post("/contact/index/post/", name="A", email="a@example.com"))
    emma.post("/contact/index/post/", name="Emma Lopez", email=EMMA, telephone="1", comment="It broke.")
    assert emma.one("SELECT comment FROM contact_message ORDER BY id DESC LIMIT 1")["comment"] == "It broke."
    assert "Thank you" in stranger.messages(stranger.post("/newsletter/subscriber/new/", email="new@example.com"))
    assert "already subscribed" in stranger.messages(stranger.post("/newsletter/subscriber/new/", email="NEW@example.com"))
    assert "valid email" in stranger.messages(stranger.post("/newsletter/subscriber/new/", email="new@"))
    emma.post("/newsletter/manage/save/", is_subscribed="1")
    assert re.search(r'title="General Subscription"[^>]* checked', emma.get("/newsletter/manage/").text)
    emma.post("/newsletter/manage/save/")
    assert emma.one("SELECT status FROM newsletter_subscriber WHERE email = ?", EMMA)["status"] == "unsubscribed"


def test_products_side_by_side(stranger: Shopper) -> None:
    ids = [row["id"] for row in stranger.rows("SELECT id FROM product WHERE parent_id IS NULL AND enabled LIMIT 3")]
    for ident in (*ids, ids[0]):
        stranger.post("/catalog/product_compare/add/", product=ident)
    assert "Compare Products (3)" in stranger.get("/").text
    stranger.post("/catalog/product_compare/remove/", product=ids[1])
    assert "Compare Products (2)" in stranger.get("/catalog/product_compare/").text
    stranger.post("/catalog/product_compare/clear/")
    assert "no items to compare" in stranger.get("/catalog/product_compare/").text


def test_no_form_works_without_its_token(emma: Shopper, visitor: Visitor) -> None:
    theirs = visitor("").key
    for token in ("", "x", theirs):
        assert emma.http.post("/newsletter/manage/save/", data={"form_key": token, "is_subscribed": "1"}).status_code == 403
        assert emma.http.post("/checkout/payment/", data={"form_key": token}).status_code == 403
