"""Somebody who reads the forum over HTTP: pages as parsed elements, forms with their tokens."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import httpx

from mtenvs.sites.forum import SITE
from mtenvs.sites.kit import Episode, SiteServer

ME = "MarvelsGrantMan136"
_EMPTY = {"input", "img", "br", "hr", "meta", "link"}


@dataclass
class Element:
    """An element of a page with the text inside of it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str = "", css: str = "", **attributes: str) -> list[Element]:
        """The elements inside with a tag, a class and attributes, in order."""
        found = []
        waiting = list(reversed(self.children))
        while waiting:
            element = waiting.pop()
            if (not tag or element.tag == tag) and (not css or css in element.classes) and attributes.items() <= element.attributes.items():
                found.append(element)
            waiting += reversed(element.children)
        return found

    def one(self, tag: str = "", css: str = "", **attributes: str) -> Element:
        """The first of them."""
        return self.all(tag, css, **attributes)[0]

    @property
    def fields(self) -> dict[str, str]:
        """What a form would send as it stands."""
        sent = {e.attributes["name"]: e.attributes.get("value", "") for e in self.all("input") if "name" in e.attributes and _sent(e)}
        sent |= {e.attributes["name"]: e.text for e in self.all("textarea")}
        for select in self.all("select"):
            options = select.all("option")
            chosen = [o for o in options if "selected" in o.attributes] or options
            sent[select.attributes["name"]] = chosen[0].attributes.get("value", "")
        return sent


def _sent(element: Element) -> bool:
    kind = element.attributes.get("type", "text")
    return kind != "file" and (kind not in ("radio", "checkbox") or "checked" in element.attributes)


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(made)
        if tag not in _EMPTY:
            self.at = made

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self.at
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self.at = element.parent

    def handle_data(self, data: str) -> None:
        element: Element | None = self.at
        while element is not None:
            element.words.append(data)
            element = element.parent


def parse(html: str) -> Element:
    """A page's elements."""
    parser = _Parser()
    parser.feed(html)
    return parser.root


class Visitor:
    """A browser without scripts and pictures.

    Args:
        server: where the sites are.
        episode: whose copy of the forum.
        user: who is logged in; empty for a stranger.
    """

    def __init__(self, server: SiteServer, episode: Episode, user: str = ME) -> None:
        self.episode = episode
        cookies = {SITE.cookie: episode.log_in("forum", user)["value"]} if user else {}
        headers = {**server.headers(episode), "host": SITE.host}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{server.port}", headers=headers, cookies=cookies, trust_env=False, timeout=30)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(path, params=query or None)

    def page(self, path: str, **query: Any) -> Element:
        """A page that is there."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, (path, answer.status_code)
        return parse(answer.text)

    @property
    def token(self) -> str:
        return self.page("/registration").one("input", name="token").attributes["value"]

    def send(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form with a good token."""
        return self.http.post(path, data={"token": self.token, **(fields or {})}, **more)

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        return self.episode.rows("forum", sql, *values)

    def value(self, sql: str, *values: Any) -> Any:
        """The only value that a query finds."""
        ((found,),) = [tuple(row.values()) for row in self.rows(sql, *values)]
        return found
