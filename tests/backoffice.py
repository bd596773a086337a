"""A browser without a screen for the tests of the shop's sites: logs in, reads pages, fills in their forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

import httpx

from mtenvs.sites.admin import SITE
from mtenvs.sites.kit import Episode, Site, SiteServer


@dataclass
class Form:
    """A form as it stands in a page: what it would send, and the kinds of its fields."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Takes a page apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._field: tuple[Form, str] | None = None  # the select or textarea that is being read
        self._first: str | None = None  # of the options of a select
        self._quiet = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {key: value or "" for key, value in attrs}
        self.elements.append((tag, a))
        if tag == "a":
            self.links.append(a.get("href", ""))
        elif tag in {"script", "style"}:
            self._quiet = True
        elif tag == "form":
            self.forms.append(Form(a.get("action", ""), a.get("method", "get").lower()))
            self._by_id[a.get("id", "")] = self.forms[-1]
        elif tag in {"input", "select", "textarea", "button", "option"}:
            form = self._by_id.get(a["form"]) if "form" in a else self.forms[-1] if self.forms else None
            if form is not None:
                self._control(tag, a, form)

    def _control(self, tag: str, a: dict[str, str], form: Form) -> None:
        name = a.get("name", "")
        if tag == "button":
            form.buttons.append(a)
        elif tag == "option":
            self._option(a)
        elif name and "disabled" not in a:
            form.kinds[name] = a.get("type", "text") if tag == "input" else tag
            values = form.fields.setdefault(name, [])
            if tag != "input":
                self._field, self._first = (form, name), None
            elif a.get("type") not in {"checkbox", "radio"} or "checked" in a:
                values.append(a.get("value", ""))

    def _option(self, a: dict[str, str]) -> None:
        if self._field is not None:
            form, name = self._field
            self._first = a.get("value", "") if self._first is None else self._first
            if "selected" in a:
                form.fields[name].append(a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self._quiet = False
        elif tag == "select" and self._field is not None:
            form, name = self._field
            if not form.fields[name] and self._first is not None:
                form.fields[name] = [self._first]
            self._field = None
        elif tag == "textarea":
            self._field = None

    def handle_data(self, data: str) -> None:
        if self._field is not None and self._field[0].kinds[self._field[1]] == "textarea":
            form, name = self._field
            form.fields[name] = ["".join(form.fields[name]) + data if form.fields[name] else data.removeprefix("\n")]
        elif not self._quiet:
            self.words.append(data)


class Page:
    """Forms, links, elements and text of an answer, which is read when one of them is asked for."""

    def __init__(self, response: httpx.Response) -> None:
        self.response, self.html, self.status = response, response.text, response.status_code

    @cached_property
    def _read(self) -> _Reader:
        return _Reader(self.html)

    @property
    def forms(self) -> list[Form]:
        """All forms."""
        return self._read.forms

    @property
    def links(self) -> list[str]:
        """Where the links lead."""
        return self._read.links

    @property
    def elements(self) -> list[tuple[str, dict[str, str]]]:
        """Tag and attributes of every element."""
        return self._read.elements

    @property
    def text(self) -> str:
        """All that a reader sees, with single spaces."""
        return " ".join(" ".join(self._read.words).split())

    def form(self, action: str) -> Form:
        """The form whose action begins like this."""
        return next(form for form in self.forms if form.action.startswith(action))

    def element(self, **attributes: str) -> dict[str, str]:
        """The first element with these attributes."""
        return next(a for _, a in self.elements if all(a.get(key) == value for key, value in attributes.items()))


class Office:
    """One visitor of a site of an episode."""

    def __init__(self, server: SiteServer, episode: Episode, site: Site = SITE, user: str = "") -> None:
        self.episode, self.site = episode, site
        cookies = {site.cookie: str(episode.log_in(site.name, user)["value"])} if user else {}
        headers = {**server.headers(episode), "host": site.host}
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{server.port}", headers=headers, cookies=cookies, trust_env=False, timeout=30, follow_redirects=True
        )

    def get(self, path: str, **query: Any) -> Page:
        """A page; redirects are followed."""
        return Page(self.client.get(path, params=query or None))

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, key: str | None = None) -> Page:
        """Send a form; redirects are followed. The form key is that of the session unless another is given."""
        token = self.episode.session(self.site.name, self.client.cookies.get(self.site.cookie)).token if key is None else key
        return Page(self.client.post(path, data={"form_key": token, **(data or {})}))

    def submit(self, page: Page, action: str, **changes: Any) -> Page:
        """Send a form of a page as it stands, with some fields changed."""
        form = page.form(action)
        return self.post(form.action, {**form.fields, **changes})

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What the database says."""
        return self.episode.rows(self.site.name, sql, *values)

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row."""
        return next(iter(self.rows(sql, *values)[0].values()))


@contextmanager
def visiting(server: SiteServer, *, user: str = "admin", seed: int = 0) -> Iterator[Office]:
    """A new episode with one visitor of the administration, logged in unless ``user`` is empty."""
    episode = server.begin([SITE], seed=seed)
    episode.database(SITE.name)  # the first one builds it, which takes longer than a visitor waits
    office = Office(server, episode, SITE, user)
    try:
        yield office
    finally:
        office.client.close()
        server.end(episode)
