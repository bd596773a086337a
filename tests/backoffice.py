"""A browser without a screen for the tests of the administration: logs in, reads pages, fills in their forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import httpx

from mtenvs.sites.admin import SITE
from mtenvs.sites.kit import Episode, SiteServer


class Page(HTMLParser):
    """Forms, links and text of a page."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.response, self.html = response, response.text
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._select = self._area = ""
        self._option: dict[str, str] | None = None
        self._quiet = False
        self._owner: dict[str, dict[str, Any]] = {}
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {key: value or "" for key, value in attrs}
        self.elements.append((tag, a))
        if tag == "form":
            self.forms.append({"action": a.get("action", ""), "method": a.get("method", "get"), "fields": {}, "buttons": [], "kinds": {}})
            if "id" in a:
                self._owner[a["id"]] = self.forms[-1]
        form = self._owner.get(a["form"]) if "form" in a else self.forms[-1] if self.forms else None
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        elif tag in {"script", "style"}:
            self._quiet = True
        elif form is not None and tag == "input" and a.get("name"):
            form["kinds"][a["name"]] = a.get("type", "text")
            if a.get("type") not in {"checkbox", "radio"} or "checked" in a:
                form["fields"].setdefault(a["name"], []).append(a.get("value", ""))
        elif form is not None and tag == "select" and a.get("name"):
            self._select = a["name"]
            form["kinds"][self._select] = "select"
            form["fields"].setdefault(self._select, [])
            self._first, self._form = None, form
        elif tag == "option" and self._select:
            if self._first is None:
                self._first = a.get("value", "")
            if "selected" in a:
                self._form["fields"][self._select].append(a.get("value", ""))
        elif form is not None and tag == "textarea":
            self._area, self._form = a["name"], form
            form["kinds"][self._area] = "area"
            form["fields"][self._area] = [""]
        elif form is not None and tag == "button":
            form["buttons"].append(a)

    _first: str | None = None
    _form: dict[str, Any]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            if not self._form["fields"][self._select] and self._first is not None:
                self._form["fields"][self._select] = [self._first]
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag in {"script", "style"}:
            self._quiet = False

    def handle_data(self, data: str) -> None:
        if self._area:
            self._form["fields"][self._area][0] += data.removeprefix("\n") if not self._form["fields"][self._area][0] else data
        elif not self._quiet:
            self.words.append(data)

    @property
    def text(self) -> str:
        """All that a reader sees, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def form(self, action: str) -> dict[str, Any]:
        """The form whose action begins like this."""
        return next(form for form in self.forms if form["action"].startswith(action))

    def element(self, **attributes: str) -> dict[str, str]:
        """The first element with these attributes."""
        return next(a for _, a in self.elements if all(a.get(key) == value for key, value in attributes.items()))


class Office:
    """One visitor of the administration."""

    def __init__(self, server: SiteServer, episode: Episode, cookie: str = "") -> None:
        self.episode = episode
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{server.port}",
            headers={**server.headers(episode), "host": SITE.host},
            cookies={SITE.cookie: cookie} if cookie else {},
            trust_env=False,
            timeout=30,
        )

    def get(self, path: str, **query: Any) -> Page:
        """A page; redirects are followed."""
        return Page(self.client.get(path, params=query or None, follow_redirects=True))

    def post(self, path: str, data: Mapping[str, Any], *, key: str | None = None) -> Page:
        """Send a form; redirects are followed. The form key is that of the session unless another is given."""
        token = self.token if key is None else key
        return Page(self.client.post(path, data={"form_key": token, **data}, follow_redirects=True))

    @property
    def token(self) -> str:
        """The session's form key."""
        cookie = self.client.cookies.get(SITE.cookie)
        return self.episode.session("admin", cookie).token

    def submit(self, page: Page, action: str, **changes: Any) -> Page:
        """Send a form of a page as it stands, with some fields changed."""
        form = page.form(action)
        return self.post(form["action"], {**form["fields"], **changes})

    def rows(self, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What the database says."""
        return self.episode.rows("admin", sql, *values)

    def one(self, sql: str, *values: Any) -> Any:
        """The first value of the first row."""
        return next(iter(self.rows(sql, *values)[0].values()))

    def close(self) -> None:
        """Leave."""
        self.client.close()


@contextmanager
def visiting(server: SiteServer, *, user: str = "admin", seed: int = 0) -> Iterator[Office]:
    """A new episode with one visitor, logged in unless ``user`` is empty."""
    episode = server.begin([SITE], seed=seed)
    cookie = str(episode.log_in("admin", user)["value"]) if user else ""
    office = Office(server, episode, cookie)
    try:
        yield office
    finally:
        office.close()
        server.end(episode)
