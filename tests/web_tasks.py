"""Small tasks of our own in the official schemas, and pages to judge them by."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from PIL import Image, ImageDraw

from mtenvs.envs.web.evaluators.pages import PageError

SHOP = "http://shop.test"


def task(number: int, **checks: Any) -> dict[str, Any]:
    """A task of WebArena or VisualWebArena with the given ``eval`` fields; every other key as in the files."""
    return {
        "sites": ["shopping"],
        "task_id": number,
        "require_login": True,
        "storage_state": "./.auth/shopping_state.json",
        "start_url": "__SHOPPING__/start |AND| __SHOPPING__/second",
        "geolocation": None,
        "intent_template": "Find {{it}}",
        "instantiation_dict": {"it": "tea"},
        "intent": "Find tea",
        "require_reset": False,
        "eval": {"reference_answers": None, "reference_url": "", "program_html": [], **checks},
        "intent_template_id": 1,
    }


def disc(colour: str, size: int = 64, inset: int = 8) -> bytes:
    """A PNG of a disc."""
    picture = Image.new("RGB", (size, size), "white")
    ImageDraw.Draw(picture).ellipse((inset, inset, size - inset, size - inset), fill=colour)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


class Web:
    """Pages by address, each with its content and what scripts give; requests by path; pictures by address."""

    def __init__(
        self, last_url: str = f"{SHOP}/here", pages: Mapping[str, Mapping[str, Any]] | None = None, rest: Mapping[str, Any] | None = None
    ) -> None:
        self.last_url = last_url
        self.pages, self.rest = dict(pages or {}), dict(rest or {})
        self.pictures: dict[str, bytes] = {}
        self.asked: list[str] = []

    def last(self) -> WebPage:
        return WebPage(self, self.last_url)

    def fresh(self) -> WebPage:
        return WebPage(self, "about:blank")

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[int, str]:  # noqa: ARG002 - the protocol's signature
        self.asked.append(f"{method} {url}")
        if method == "POST":
            return 200, '"a-token"'
        if headers.get("Authorization") != "Bearer a-token":
            return 401, ""
        found = next((data for path, data in self.rest.items() if path in url), None)
        return (404, "") if found is None else (200, json.dumps(found))

    def download(self, url: str) -> bytes:
        if url not in self.pictures:
            raise PageError(f"nothing at {url}")
        return self.pictures[url]

    def events(self) -> list[Any]:
        return []


class WebPage:
    """A page of `Web`."""

    def __init__(self, web: Web, url: str) -> None:
        self._web, self.url = web, url

    def goto(self, url: str) -> None:
        if url not in self._web.pages:
            raise PageError(f"no page at {url}")
        self.url = url

    def evaluate(self, js: str) -> Any:
        page = self._web.pages.get(self.url, {})
        if "flatMap" in js:
            return page.get("pictures", [])
        for part, value in page.items():
            if part in js:
                return value
        raise PageError("the script throws")

    def content(self) -> str:
        return str(self._web.pages.get(self.url, {}).get("content", ""))
