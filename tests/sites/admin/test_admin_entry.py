"""Who may enter the administration, and what forms must bring."""

from __future__ import annotations

import pytest
from backoffice import Office, visiting

from mtenvs.sites import admin
from mtenvs.sites.admin.site import _actions
from mtenvs.sites.kit import SiteServer
from mtenvs.sites.shop import SITE as SHOP

PAGES = sorted(path for method, path in _actions if method == "GET" and "auth/" not in path)
ACTIONS = sorted(path for method, path in _actions if method == "POST" and "auth/" not in path)


def test_no_page_and_no_action_without_logging_in(server: SiteServer) -> None:
    with visiting(server, user="") as stranger:
        before = list(stranger.episode.database("admin").iterdump())
        for path in PAGES:
            page = stranger.get(f"/admin/{path}/id/1/order_id/1/")
            assert "Welcome, please sign in" in page.text, path
            assert "Sign Out" not in page.text
        for path in ACTIONS:
            assert stranger.post(f"/admin/{path}/id/1/order_id/899/", {"selected[]": "1", "all": "1"}).status == 403, path
        assert list(stranger.episode.database("admin").iterdump()) == before


def test_a_customers_session_is_no_administrators(server: SiteServer) -> None:
    episode = server.begin([admin.SITE, SHOP])
    customer = Office(server, episode, SHOP, "emma.lopez@gmail.com")
    cookie = customer.client.cookies[SHOP.cookie]
    thief = Office(server, episode)
    thief.client.cookies.set(admin.SITE.cookie, cookie)
    assert "Welcome, please sign in" in thief.get("/admin/sales/order/").text
    thief.client.cookies.clear()
    thief.client.cookies.set(SHOP.cookie, cookie)
    assert "Welcome, please sign in" in thief.get("/admin/").text
    with pytest.raises(KeyError):
        episode.log_in("admin", "emma.lopez@gmail.com")
    server.end(episode)


@pytest.mark.parametrize(
    ("name", "password"), [("admin", "wrong"), ("", ""), ("emma.lopez@gmail.com", "Password.123"), ("admin' --", "x"), ("admin", "")]
)
def test_wrong_passwords_do_not_open(server: SiteServer, name: str, password: str) -> None:
    with visiting(server, user="") as stranger:
        page = stranger.submit(stranger.get("/admin"), "/admin/admin/auth/login/", **{"login[username]": name, "login[password]": password})
        assert page.status == 401
        assert "The account sign-in was incorrect" in page.text
        assert "Welcome, please sign in" in stranger.get("/admin").text


def test_logging_in_leads_to_the_page_that_was_wanted_with_a_new_cookie(server: SiteServer) -> None:
    with visiting(server, user="") as visitor:
        page = visitor.get("/admin/sales/order/", **{"filters[status]": "pending"})
        old = visitor.client.cookies["admin"]
        page = visitor.submit(page, "/admin/admin/auth/login/", **{"login[username]": "admin", "login[password]": "admin1234"})
        assert page.response.url.path == "/admin/sales/order/"
        assert page.response.url.params["filters[status]"] == "pending"
        assert visitor.client.cookies["admin"] != old
        gone = visitor.get("/admin/admin/auth/logout/")
        assert "You have logged out" in gone.text
        assert "Welcome, please sign in" in visitor.get("/admin/sales/order/").text


@pytest.mark.parametrize(
    "next_page", ["//evil.example/admin/", "https://evil.example/", "/admin/../..//evil.example", "javascript:alert(1)"]
)
def test_logging_in_leads_nowhere_else(server: SiteServer, next_page: str) -> None:
    with visiting(server, user="") as visitor:
        page = visitor.get("/admin")
        fields = {"login[username]": "admin", "login[password]": "admin1234", "next": next_page}
        visitor.client.follow_redirects = False
        answer = visitor.submit(page, "/admin/admin/auth/login/", **fields)
        assert answer.response.headers.get("location", "/admin/").startswith("/admin/")


def test_actions_need_the_sessions_own_form_key(office: Office, server: SiteServer) -> None:
    with visiting(server) as other:
        stolen = other.episode.session("admin", other.client.cookies["admin"]).token + "x"
        before = list(office.episode.database("admin").iterdump())
        for path in ACTIONS:
            for key in ("", stolen):
                assert office.post(f"/admin/{path}/id/1/order_id/899/", {"all": "1"}, key=key).status == 403, path
        assert list(office.episode.database("admin").iterdump()) == before


def test_actions_are_not_done_by_following_a_link(office: Office) -> None:
    before = list(office.episode.database("admin").iterdump())
    for path in sorted({path for path in ACTIONS if ("GET", path) not in _actions}):
        assert office.get(f"/admin/{path}/id/1/order_id/899/").status == 405, path
    assert list(office.episode.database("admin").iterdump()) == before


@pytest.mark.parametrize("path", ["/admin/nowhere/", "/admin/sales/order/nothing/", "/admin/" + "x/" * 500, "/admin/catalog//product/%00"])
def test_pages_that_are_not_there(office: Office, path: str) -> None:
    assert office.get(path).status == 404


def test_an_account_that_is_switched_off_is_out_at_once(office: Office) -> None:
    office.episode.database("admin").execute("UPDATE admin_user SET active = 0")
    assert "Welcome, please sign in" in office.get("/admin/sales/order/").text


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/", "/admin/admin/dashboard", "/admin/admin/dashboard/index/key/0123abcd/"])
def test_the_dashboard_is_the_first_page(office: Office, path: str) -> None:
    page = office.get(path)
    assert "Lifetime Sales" in page.text
    (figures,) = office.rows("SELECT sum(total_paid) - sum(total_refunded) AS life, count(*) AS n FROM sales_order")
    assert f"${figures['life'] / 100:,.2f}" in page.text
    assert f"Orders {figures['n']}" in page.text
