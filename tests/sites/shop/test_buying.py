"""Cart, coupons, checkout and ordering again, with all that must not work."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from shopping import EMMA, Shopper

from mtenvs.sites.kit import SiteServer
from mtenvs.sites.shop import SITE


def add(shopper: Shopper, product: int, qty: object = 1, **options: str) -> str:
    fields = {"product": product, "qty": qty, **{f"super_attribute[{code}]": value for code, value in options.items()}}
    return shopper.messages(shopper.post(f"/checkout/cart/add/product/{product}/", fields))


def mine(shopper: Shopper) -> dict[int, int]:
    rows = shopper.rows(
        "SELECT product_id, qty FROM cart_item JOIN cart ON cart.id = cart_id JOIN customer c ON c.id = customer_id WHERE email = ?", EMMA
    )
    return {row["product_id"]: row["qty"] for row in rows}


def orders(shopper: Shopper) -> int:
    return int(shopper.one("SELECT count(*) AS n FROM sales_order")["n"])


def test_what_is_bought_is_ordered_at_its_price_and_leaves_the_stock(emma: Shopper) -> None:
    product = emma.plain_product()
    assert "You added" in add(emma, product["id"], 3)
    success = emma.buy()
    assert "Thank you for your purchase!" in success.text
    order = emma.one("SELECT * FROM sales_order ORDER BY id DESC LIMIT 1")
    assert f"{order['id']:09d}" in success.text
    assert (order["status"], order["customer_email"], order["total_qty"]) == ("pending", EMMA, 3)
    assert order["subtotal"] == 3 * product["final_price"]
    assert order["shipping"] == 500
    assert order["tax"] == (order["subtotal"] * 725 + 5000) // 10_000
    assert order["grand_total"] == order["subtotal"] + order["shipping"] + order["tax"]
    assert emma.one("SELECT qty FROM product WHERE id = ?", product["id"])["qty"] == product["qty"] - 3
    assert mine(emma) == {}
    page = emma.get(f"/sales/order/view/order_id/{order['id']}/").text
    assert re.search(r'class="order-details-items ordered"', page)
    assert f'<td class="col sku" data-th="SKU">{product["sku"]}</td>' in page
    assert '<span class="title">Ordered</span><span class="content">3</span>' in page


def test_options_must_be_chosen_and_are_kept(emma: Shopper) -> None:
    parent = emma.one(
        "SELECT p.id, p.url_key FROM product p JOIN product v ON v.parent_id = p.id WHERE p.enabled AND p.attribute_set = 'T-Shirts'"
        " GROUP BY p.id HAVING min(v.qty) > 5 LIMIT 1"
    )
    assert "Please choose size and color" in add(emma, parent["id"])
    assert "Please choose" in add(emma, parent["id"], size="M")
    assert "Please choose" in add(emma, parent["id"], size="M", color="Plaid")
    variant = emma.one("SELECT v.id FROM product v WHERE parent_id = ? LIMIT 1", parent["id"])
    chosen = {
        row["code"]: row["value"] for row in emma.rows("SELECT code, value FROM product_attribute WHERE product_id = ?", variant["id"])
    }
    assert "You added" in add(emma, parent["id"], 2, **chosen)
    assert mine(emma) == {variant["id"]: 2}
    cart = emma.get("/checkout/cart/").text
    assert f"<dt>Size</dt><dd>{chosen['size']}</dd>" in cart
    emma.buy()
    item = emma.one("SELECT options, product_id FROM order_item ORDER BY id DESC LIMIT 1")
    assert item["product_id"] == variant["id"]
    assert f'"Size": "{chosen["size"]}"' in item["options"]


@pytest.mark.parametrize(
    "qty", ["0", "-1", "-99999999999999999999", "1.5", "abc", "", "\u0663\u0663", "1e3", "99999999", "2147483648", " "]
)
def test_no_odd_quantity_gets_into_the_cart(emma: Shopper, qty: str) -> None:
    product = emma.plain_product()
    message = add(emma, product["id"], qty)
    assert mine(emma) in ({}, {product["id"]: 33})
    assert message


def test_no_more_is_sold_than_there_is(emma: Shopper) -> None:
    product = emma.plain_product()
    assert "not available" in add(emma, product["id"], product["qty"] + 1)
    assert "You added" in add(emma, product["id"], product["qty"])
    assert "not available" in add(emma, product["id"], 1)
    assert mine(emma) == {product["id"]: product["qty"]}
    item = emma.one("SELECT id FROM cart_item ORDER BY id DESC LIMIT 1")["id"]
    answer = emma.post("/checkout/cart/updatePost/", {f"cart[{item}][qty]": product["qty"] + 1})
    assert "not available" in emma.messages(answer)
    assert mine(emma) == {product["id"]: product["qty"]}


def test_what_is_gone_meanwhile_can_not_be_ordered(emma: Shopper) -> None:
    product = emma.plain_product()
    add(emma, product["id"], 2)
    emma.episode.database("shop").execute("UPDATE product SET qty = 1 WHERE id = ?", (product["id"],))
    before = orders(emma)
    assert "not available" in emma.messages(emma.buy())
    assert orders(emma) == before


def test_out_of_stock_and_disabled_products_are_not_sold(emma: Shopper) -> None:
    gone = emma.one("SELECT id, url_key FROM product WHERE type = 'simple' AND parent_id IS NULL AND qty = 0 AND enabled LIMIT 1")
    assert "out of stock" in add(emma, gone["id"])
    assert 'title="Add to Cart"' not in emma.get(f"/{gone['url_key']}.html").text
    hidden = emma.one("SELECT id FROM product WHERE NOT enabled AND parent_id IS NULL LIMIT 1")
    assert emma.post(f"/checkout/cart/add/product/{hidden['id']}/", product=hidden["id"]).status_code == 404
    variant = emma.one("SELECT id FROM product WHERE parent_id IS NOT NULL LIMIT 1")
    assert emma.post(f"/checkout/cart/add/product/{variant['id']}/").status_code == 404
    assert mine(emma) == {}


def test_prices_can_not_be_sent_along(emma: Shopper) -> None:
    product = emma.plain_product()
    sent = {"qty": 1, "price": "0.01", "final_price": "1", "product[price]": "0.01"}
    emma.post(f"/checkout/cart/add/product/{product['id']}/", sent)
    address = emma.one("SELECT default_shipping AS id FROM customer WHERE email = ?", EMMA)["id"]
    emma.post("/checkout/", address_id=address, shipping_method="flatrate_flatrate", shipping="0", grand_total="1")
    emma.post("/checkout/payment/", {"payment[method]": "checkmo", "grand_total": "0.01", "subtotal": "0", "tax": "-5", "shipping": "0"})
    assert emma.one("SELECT subtotal FROM sales_order ORDER BY id DESC LIMIT 1")["subtotal"] == product["final_price"]


def test_an_order_that_is_sent_twice_is_one_order(emma: Shopper) -> None:
    add(emma, emma.plain_product()["id"])
    address = emma.one("SELECT default_shipping AS id FROM customer WHERE email = ?", EMMA)["id"]
    emma.post("/checkout/", address_id=address, shipping_method="flatrate_flatrate")
    before = orders(emma)
    fields = {"form_key": emma.key, "payment[method]": "checkmo"}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: emma.http.post("/checkout/payment/", data=fields), range(6)))
    assert orders(emma) == before + 1
    assert {answer.headers["location"] for answer in answers} == {"/checkout/onepage/success/"}


@pytest.mark.parametrize("method", ["", "free", "freeshipping_freeshipping", "flatrate_flatrate'--"])
def test_only_offered_shipping_methods_can_be_had(emma: Shopper, method: str) -> None:
    product = emma.one(
        "SELECT id FROM product WHERE type = 'simple' AND parent_id IS NULL AND enabled AND qty > 5 AND final_price < 5000 LIMIT 1"
    )
    add(emma, product["id"])
    before = orders(emma)
    emma.buy(method=method)
    assert orders(emma) == before


@pytest.mark.parametrize("pay", ["", "free", "checkmo "])
def test_only_offered_payment_methods_can_be_had(emma: Shopper, pay: str) -> None:
    add(emma, emma.plain_product()["id"])
    before = orders(emma)
    emma.buy(pay=pay)
    assert orders(emma) == before + (pay.strip() == "checkmo")


def test_payment_comes_after_shipping(emma: Shopper) -> None:
    add(emma, emma.plain_product()["id"])
    before = orders(emma)
    assert "Shipping Methods" in emma.post("/checkout/payment/", {"payment[method]": "checkmo"}).text
    assert orders(emma) == before


def test_another_customers_address_can_not_be_shipped_to(emma: Shopper) -> None:
    add(emma, emma.plain_product()["id"])
    other = emma.one("SELECT a.id FROM address a JOIN customer c ON c.id = a.customer_id WHERE c.email <> ? LIMIT 1", EMMA)["id"]
    assert emma.post("/checkout/", address_id=other, shipping_method="flatrate_flatrate").status_code == 404


NEW = {
    "firstname": "Emma",
    "lastname": "Lopez",
    "street[0]": "1 Elm Way",
    "city": "Boston",
    "region_id": "22",
    "postcode": "02116",
    "country_id": "US",
    "telephone": "617-555-0100",
}


def test_a_new_address_is_taxed_where_it_is_and_kept_if_wished(emma: Shopper) -> None:
    add(emma, emma.plain_product()["id"])
    emma.post("/checkout/", {**NEW, "address_id": "new", "save_in_address_book": "1", "shipping_method": "flatrate_flatrate"})
    emma.post("/checkout/payment/", {"payment[method]": "checkmo"})
    order = emma.one(
        "SELECT o.*, a.region, a.street FROM sales_order o JOIN order_address a ON a.order_id = o.id AND kind ="
        " 'shipping' ORDER BY o.id DESC LIMIT 1"
    )
    assert (order["region"], order["street"]) == ("Massachusetts", "1 Elm Way")
    assert order["tax"] == (order["subtotal"] * 625 + 5000) // 10_000
    assert emma.one("SELECT street FROM address ORDER BY id DESC LIMIT 1")["street"] == "1 Elm Way"


@pytest.mark.parametrize(
    ("field", "value"),
    [("firstname", ""), ("street[0]", " "), ("postcode", "abc"), ("telephone", "call me"), ("region_id", "99"), ("region_id", "")],
)
def test_an_address_that_is_wrong_is_shown_again(emma: Shopper, field: str, value: str) -> None:
    add(emma, emma.plain_product()["id"])
    answer = emma.post("/checkout/", {**NEW, "address_id": "new", "shipping_method": "flatrate_flatrate", field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert 'value="Boston"' in answer.text


def test_strangers_buy_with_their_address_and_find_the_order_by_it(stranger: Shopper) -> None:
    add(stranger, stranger.plain_product()["id"])
    assert stranger.post("/checkout/", {**NEW, "email": "nonsense", "shipping_method": "flatrate_flatrate"}).status_code == 422
    stranger.post("/checkout/", {**NEW, "email": "guest@example.com", "shipping_method": "flatrate_flatrate"})
    assert "Thank you" in stranger.post("/checkout/payment/", {"payment[method]": "checkmo"}).text
    order = stranger.one("SELECT * FROM sales_order ORDER BY id DESC LIMIT 1")
    assert (order["customer_id"], order["customer_email"], order["customer_group"]) == (None, "guest@example.com", 0)
    find = {"oar_order_id": f"{order['id']:09d}", "oar_billing_lastname": "lopez", "oar_type": "email", "oar_email": "guest@example.com"}
    assert "1 Elm Way" in stranger.post("/sales/guest/view/", find).text
    assert stranger.post("/sales/guest/view/", {**find, "oar_email": "x@example.com"}).status_code == 404


def test_a_strangers_cart_is_kept_when_the_stranger_signs_in(stranger: Shopper) -> None:
    product = stranger.plain_product()
    add(stranger, product["id"], 2)
    stranger.post("/customer/account/loginPost/", {"login[username]": EMMA, "login[password]": "Password.123"})
    assert mine(stranger) == {product["id"]: 2}
    stranger.get("/customer/account/logout/")
    assert "no items" in stranger.get("/checkout/cart/").text


def test_coupons_take_off_what_they_say_and_no_more(emma: Shopper) -> None:
    product = emma.plain_product()
    add(emma, product["id"])
    assert "not valid" in emma.messages(emma.post("/checkout/cart/couponPost/", coupon_code="NOPE' OR 1=1 --"))
    assert "not valid" in emma.messages(emma.post("/checkout/cart/couponPost/", coupon_code="SPRING15"))  # it is June
    assert "not valid" in emma.messages(emma.post("/checkout/cart/couponPost/", coupon_code="WINTER25"))  # switched off
    assert "You used coupon" in emma.messages(emma.post("/checkout/cart/couponPost/", coupon_code="welcome10"))
    used = emma.one("SELECT times_used FROM coupon WHERE code = 'WELCOME10'")["times_used"]
    emma.buy()
    order = emma.one("SELECT * FROM sales_order ORDER BY id DESC LIMIT 1")
    assert (order["discount"], order["coupon_code"]) == ((order["subtotal"] + 5) // 10, "WELCOME10")
    assert order["grand_total"] == order["subtotal"] + order["shipping"] + order["tax"] - order["discount"]
    assert emma.one("SELECT times_used FROM coupon WHERE code = 'WELCOME10'")["times_used"] == used + 1


def test_the_cart_changes_as_its_forms_say(emma: Shopper) -> None:
    one, two = emma.rows("SELECT id FROM product WHERE type = 'simple' AND parent_id IS NULL AND enabled AND qty > 9 LIMIT 2")
    for product in (one, two):
        add(emma, product["id"])
    items = {row["product_id"]: row["id"] for row in emma.rows("SELECT id, product_id FROM cart_item ORDER BY id DESC LIMIT 2")}
    emma.post("/checkout/cart/updatePost/", {f"cart[{items[one['id']]}][qty]": 5, f"cart[{items[two['id']]}][qty]": 0})
    assert mine(emma) == {one["id"]: 5}
    emma.post("/wishlist/index/fromcart/", item=items[one["id"]])
    assert mine(emma) == {}
    assert one["id"] in [row["product_id"] for row in emma.rows("SELECT product_id FROM wishlist_item WHERE customer_id = 27")]


def test_nobody_reaches_into_anothers_cart(emma: Shopper, visitor: Callable[[str], Shopper]) -> None:
    theirs = emma.one("SELECT i.id, i.qty FROM cart_item i JOIN cart ON cart.id = i.cart_id WHERE customer_id <> 27 LIMIT 1")
    for shopper in (emma, visitor("")):
        assert "not in your cart" in shopper.messages(shopper.post("/checkout/cart/delete/", id=theirs["id"]))
        assert shopper.post("/checkout/cart/updatePost/", {f"cart[{theirs['id']}][qty]": 0}).status_code == 404
        for ident in (-1, 0, 2**63, "x", "9" * 30):
            assert "not in your cart" in shopper.messages(shopper.post("/checkout/cart/delete/", id=ident))
    assert emma.one("SELECT qty FROM cart_item WHERE id = ?", theirs["id"])["qty"] == theirs["qty"]


def test_an_order_can_be_had_again(emma: Shopper) -> None:
    order = emma.one(
        "SELECT o.id FROM sales_order o WHERE customer_id = 27 AND status = 'canceled' AND NOT EXISTS (SELECT 1 FROM order_item i"
        " JOIN product p"
        " ON p.id = i.product_id WHERE i.order_id = o.id AND p.qty < i.qty_ordered) ORDER BY id LIMIT 1"
    )
    emma.post(f"/sales/order/reorder/order_id/{order['id']}/")
    items = emma.rows("SELECT product_id, qty_ordered FROM order_item WHERE order_id = ?", order["id"])
    assert mine(emma) == {item["product_id"]: item["qty_ordered"] for item in items}


def test_two_episodes_buy_the_last_piece_of_the_same_product(server: SiteServer) -> None:
    episodes = [server.begin([SITE], seed=seed) for seed in (1, 2)]
    shoppers = [Shopper(server, episode, EMMA) for episode in episodes]
    product = shoppers[0].plain_product(least=1)["id"]
    for shopper in shoppers:
        shopper.episode.database("shop").execute("UPDATE product SET qty = 1 WHERE id = ?", (product,))
    start = Barrier(2)

    def take(shopper: Shopper) -> list[bool]:
        """Twice, so that each finds its own shelf empty the second time."""
        start.wait()
        done = []
        for _ in range(2):
            done.append("You added" in add(shopper, product))
            shopper.buy()
        return done

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, shoppers)) == [[True, False], [True, False]]
    for shopper in shoppers:
        assert orders(shopper) == 901
        assert shopper.one("SELECT qty FROM product WHERE id = ?", product)["qty"] == 0
        server.end(shopper.episode)
