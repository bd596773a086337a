"""The way that an episode goes: open, look, act, look again, verify."""

from __future__ import annotations

import numpy as np
from small_site import Site

from mtenvs.backends.chromium import Node, Session

SHOP = """<title>Shop</title><h1>Welcome</h1><p>Two <b>nice</b> things.</p>
<label>Search <input id=q placeholder="what?"></label> <button onclick="out.textContent = 'found ' + q.value">Go</button>
<p id=out></p><a href=/cart>Cart</a>"""


def find(nodes: list[Node], role: str, name: str) -> Node:
    return next(n for n in nodes if n.role == role and n.name == name)


def test_an_episode_looks_acts_and_is_verified(site: Site, session: Session) -> None:
    site.pages |= {"/": SHOP, "/cart": "<title>Cart</title><h1>Your cart</h1>"}
    assert session.goto("shop.localhost") == 200
    page = session.outline()
    assert [(n.role, n.name) for n in page] == [
        ("heading", "Welcome"), ("text", "Two nice things."), ("text", "Search"), ("textbox", "Search"), ("button", "Go"), ("link", "Cart"),
    ]  # fmt: skip
    session.type(find(page, "textbox", "Search").ref, "lamp")
    session.click(find(page, "button", "Go").ref)
    again = session.outline()
    assert find(again, "text", "found lamp")
    assert find(again, "textbox", "Search").value == "lamp"
    assert find(again, "link", "Cart").ref == find(page, "link", "Cart").ref
    picture = session.screenshot()
    assert picture.shape == (720, 1280, 3)
    assert picture.dtype == np.uint8
    assert picture.min() < 100 < picture.max()
    session.click(find(again, "link", "Cart").ref)
    assert session.url == "http://shop.localhost/cart"
    assert session.tabs() == [("Cart", "http://shop.localhost/cart")]
    probe = session.probe()
    probe.goto("http://shop.localhost/")
    assert probe.evaluate("document.title") == "Shop"
    probe.close()
    assert len(session.tabs()) == 1
    assert [(e.method, e.url, e.status) for e in session.network()] == [
        ("GET", "http://shop.localhost/", 200), ("GET", "http://shop.localhost/cart", 200),
    ]  # fmt: skip
