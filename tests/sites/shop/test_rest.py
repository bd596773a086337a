"""The interface for programs, asked as verifiers ask it."""

from __future__ import annotations

from typing import Any

import pytest
from shopping import Shopper

ADMIN = {"username": "admin", "password": "admin1234"}
LATEST = {
    "searchCriteria[sortOrders][0][field]": "created_at",
    "searchCriteria[sortOrders][0][direction]": "DESC",
    "searchCriteria[pageSize]": "1",
}


@pytest.fixture
def token(stranger: Shopper) -> str:
    found: str = stranger.http.post("/rest/default/V1/integration/admin/token", json=ADMIN).json()
    return found


def ask(shopper: Shopper, token: str, path: str, query: dict[str, str] | None = None) -> Any:
    return shopper.http.get(path, params=query or {}, headers={"authorization": f"Bearer {token}"})


@pytest.mark.parametrize("start", ["/rest/V1", "/rest/default/V1"])
def test_the_latest_order_leads_to_its_page(stranger: Shopper, emma: Shopper, token: str, start: str) -> None:
    emma.post(f"/checkout/cart/add/product/{emma.plain_product()['id']}/", qty=1)
    emma.buy()
    found = ask(stranger, token, f"{start}/orders", LATEST).json()
    assert found["total_count"] == 901
    number = int(found["items"][0]["increment_id"])
    page = emma.get(f"/sales/order/view/order_id/{number}/")
    assert found["items"][0]["items"][0]["sku"] in page.text


def test_the_latest_review_is_last_read_or_not(stranger: Shopper, token: str) -> None:
    product = stranger.plain_product()
    stranger.post(f"/review/product/post/id/{product['id']}/", {"nickname": "Zoe", "title": "Hm", "detail": "So so", "ratings[4]": "17"})
    last = ask(stranger, token, f"/rest/V1/products/{product['sku']}/reviews").json()[-1]
    assert (last["nickname"], last["title"], last["detail"], last["review_status"]) == ("Zoe", "Hm", "So so", 2)
    assert [(r["rating_name"], r["percent"]) for r in last["ratings"]] == [("Rating", 40)]


def test_a_product_tells_its_address(stranger: Shopper, token: str) -> None:
    product = stranger.plain_product()
    found = ask(stranger, token, f"/rest/V1/products/{product['sku']}").json()
    key = next(a["value"] for a in found["custom_attributes"] if a["attribute_code"] == "url_key")
    assert stranger.get(f"/{key}.html").status_code == 200
    assert found["price"] == product["price"] / 100


def test_orders_are_filtered(stranger: Shopper, token: str) -> None:
    query = {
        "searchCriteria[filter_groups][0][filters][0][field]": "status",
        "searchCriteria[filter_groups][0][filters][0][value]": "canceled,closed",
        "searchCriteria[filter_groups][0][filters][0][condition_type]": "in",
        "searchCriteria[filter_groups][1][filters][0][field]": "grand_total",
        "searchCriteria[filter_groups][1][filters][0][value]": "100.5",
        "searchCriteria[filter_groups][1][filters][0][condition_type]": "gt",
    }
    found = ask(stranger, token, "/rest/V1/orders", query).json()
    expected = stranger.one("SELECT count(*) AS n FROM sales_order WHERE status IN ('canceled', 'closed') AND grand_total > 10050")["n"]
    assert found["total_count"] == expected
    assert all(order["grand_total"] > 100.5 for order in found["items"])


@pytest.mark.parametrize(
    "query",
    [
        {"searchCriteria[sortOrders][0][field]": "password; DROP TABLE product"},
        {"searchCriteria[filter_groups][0][filters][0][field]": "1=1 --"},
        {
            "searchCriteria[filter_groups][0][filters][0][field]": "status",
            "searchCriteria[filter_groups][0][filters][0][condition_type]": "regexp",
        },
    ],
)
def test_questions_about_what_is_not_there(stranger: Shopper, token: str, query: dict[str, str]) -> None:
    assert ask(stranger, token, "/rest/V1/orders", query).status_code == 400


@pytest.mark.parametrize("size", ["-1", "0", "99999999999", "x"])
def test_odd_page_sizes(stranger: Shopper, token: str, size: str) -> None:
    found = ask(stranger, token, "/rest/V1/orders", {"searchCriteria[pageSize]": size, "searchCriteria[currentPage]": size})
    assert found.status_code == 200
    assert len(found.json()["items"]) <= 300


def test_only_administrators_with_a_token_of_this_episode(stranger: Shopper, token: str) -> None:
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    customer = stranger.http.post(
        "/rest/V1/integration/customer/token", json={"username": "emma.lopez@gmail.com", "password": "Password.123"}
    ).json()
    for wrong in (".", "x", forged, customer, "a1" + "0" * 32):
        assert ask(stranger, wrong, "/rest/V1/orders").status_code == 401
        assert ask(stranger, wrong, "/rest/V1/products/X/reviews").status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b'{"username": "admin"}', b'{"username": {"a": 1}, "password": []}', b"[" * 100_000]
)
def test_no_token_for_nonsense(stranger: Shopper, body: bytes) -> None:
    answer = stranger.http.post("/rest/V1/integration/admin/token", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 401)


def test_no_token_for_a_wrong_password(stranger: Shopper) -> None:
    assert stranger.http.post("/rest/V1/integration/admin/token", json={**ADMIN, "password": "admin"}).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"username": {"a": 1}}', b"x" * (25 * 2**20)])
def test_programs_are_told_their_errors_in_their_own_language(stranger: Shopper, body: bytes) -> None:
    answer = stranger.http.post("/rest/V1/integration/admin/token", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 401, 413)
    assert list(answer.json()) == ["message"]


@pytest.mark.parametrize(
    "path", ["orders?searchCriteria[sortOrders][0][field]=id;drop", "orders/99999999999999999999", "nothing", "orders/-1"]
)
def test_so_are_those_who_ask_for_what_is_not_there(stranger: Shopper, token: str, path: str) -> None:
    answer = stranger.http.get(f"/rest/V1/{path}", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code in (400, 404, 422)
    assert list(answer.json()) == ["message"]
