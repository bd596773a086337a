"""A shopper for the tests of the shop: a visitor over real HTTP who finds forms in pages and fills them in."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx

from mtenvs.sites.kit import Episode, SiteServer
from mtenvs.sites.shop import SITE

EMMA = "emma.lopez@gmail.com"


@dataclass
class Form:
    """A form of a page: where it is sent, how, and its fields with what is in them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(a["action"], a.get("method", "get").lower())
            self.found.append(self._open)
        elif self._open is None or not a.get("name"):
            if tag == "option" and self._open is not None and self._select and ("selected" in a or self._select not in self._open.fields):
                self._open.fields[self._select] = a.get("value", "")
        elif tag == "input" and (a.get("type") not in {"radio", "checkbox"} or "checked" in a):
            self._open.fields[a["name"]] = a.get("value", "")
            self._open.kinds[a["name"]] = a.get("type", "text")
        elif tag == "input":
            self._open.kinds.setdefault(a["name"], a["type"])
        elif tag == "select":
            self._select, self._open.kinds[a["name"]] = a["name"], "select"
        elif tag == "textarea":
            self._area, self._open.kinds[a["name"]] = a["name"], "textarea"
            self._open.fields[a["name"]] = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._open is not None:
            self._open.fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def forms(page: str) -> list[Form]:
    """All forms of a page."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


class Shopper:
    """One visitor of one episode.

    Args:
        server: that serves the episode.
        episode: whose shop it is.
        user: e-mail address of the customer who is logged in, or "" for a stranger.
    """

    def __init__(self, server: SiteServer, episode: Episode, user: str = "") -> None:
        self.episode = episode
        cookies = {SITE.cookie: episode.log_in("shop", user)["value"]} if user else {}
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{server.port}",
            headers={**server.headers(episode), "host": SITE.host},
            cookies=cookies,
            trust_env=False,
            follow_redirects=False,
        )
        self.key = ""
        self.get("/contact/")

    def get(self, path: str, **query: Any) -> httpx.Response:
        """Open a page, following redirects."""
        answer = self.http.get(path + ("?" + urlencode(query) if query else ""))
        for _ in range(5):
            if answer.status_code != 302:
                break
            answer = self.http.get(answer.headers["location"].partition("#")[0])
        found = re.search(r'name="form_key" value="([0-9a-f]+)"', answer.text) if "html" in answer.headers.get("content-type", "") else None
        self.key = found[1] if found else self.key
        return answer

    def post(self, path: str, fields: Mapping[str, Any] | None = None, *, follow: bool = True, **more: Any) -> httpx.Response:
        """Send a form with the visitor's token."""
        answer = self.http.post(path, data={"form_key": self.key, **(fields or {}), **more})
        if follow and answer.status_code == 302:
            return self.get(answer.headers["location"].partition("#")[0])
        return answer

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What is in the episode's database."""
        return self.episode.rows("shop", sql, *values)

    def one(self, sql: str, *values: Any) -> dict[str, Any]:
        """The first row of it."""
        return self.rows(sql, *values)[0]

    def messages(self, answer: httpx.Response) -> str:
        """What the page tells the visitor, errors of fields included."""
        found = re.findall(r'role="alert"[^>]*>(?:<div>)?([^<]*)', answer.text)
        return html.unescape(" | ".join(found))

    def plain_product(self, least: int = 50) -> dict[str, Any]:
        """A simple product with some in stock."""
        return self.one(
            "SELECT * FROM product WHERE type = 'simple' AND parent_id IS NULL AND enabled AND qty >= ? ORDER BY id LIMIT 1", least
        )

    def buy(self, method: str = "flatrate_flatrate", pay: str = "checkmo") -> httpx.Response:
        """Order what is in the cart, to the usual address."""
        address = self.one("SELECT default_shipping AS id FROM customer WHERE email = ?", EMMA)["id"]
        self.post("/checkout/", address_id=address, shipping_method=method)
        return self.post("/checkout/payment/", {"payment[method]": pay})
