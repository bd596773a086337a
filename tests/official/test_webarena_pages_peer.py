"""Our text of a live page against WebArena's and VisualWebArena's own, in one Chromium that both are connected to."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from live_pages import FORM, HELPERS, LONG
from peers import Peer, peer

from mtenvs.envs.web.compat_tree import MARKS_SCRIPT, Box, marks_text, tab_line, tree_text
from mtenvs.envs.web.evaluators.helpers import PAGE_HELPERS
from mtenvs.envs.web.evaluators.pages import PageError

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SIZE = {"width": 900, "height": 700}
_RECT = """function() {
  if (this.nodeType !== 3) return this.getBoundingClientRect().toJSON();
  const range = document.createRange();
  range.selectNode(this);
  return range.getBoundingClientRect().toJSON();
}"""


@dataclass
class Live:
    """The browser's one tab, from our side and from theirs."""

    page: Any
    they: Peer
    failure: type[Exception]

    @property
    def url(self) -> str:
        return str(self.page.url)

    def goto(self, url: str) -> None:
        self.page.goto(url)

    def content(self) -> str:
        return str(self.page.content())

    def evaluate(self, js: str) -> Any:
        try:
            return self.page.evaluate(js)
        except self.failure as e:
            raise PageError(str(e)) from e


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            "", executable_path=CHROMIUM, viewport=SIZE, screen=SIZE, args=[f"--remote-debugging-port={port}", "--no-sandbox"]
        )
        try:
            with peer("webarena", "peer_browser.py", {"browser": f"http://127.0.0.1:{port}"}) as they:
                yield Live(browser.pages[0], they, sync_api.Error)
        finally:
            browser.close()


def nodes(page: Any) -> tuple[list[Any], tuple[float, float]]:
    """The accessibility tree as the browser gives it, with each node's box."""
    client = page.context.new_cdp_session(page)
    client.send("Accessibility.enable")
    out = []
    for raw in client.send("Accessibility.getFullAXTree")["nodes"]:
        rect = None
        if "backendDOMNodeId" in raw:
            found = client.send("DOM.resolveNode", {"backendNodeId": raw["backendDOMNodeId"]})["object"]["objectId"]
            given = client.send("Runtime.callFunctionOn", {"objectId": found, "functionDeclaration": _RECT, "returnByValue": True})[
                "result"
            ]
            if given.get("subtype") != "error":
                rect = tuple(given["value"][k] for k in ("x", "y", "width", "height"))
        out.append(
            SimpleNamespace(
                id=raw["nodeId"],
                role=raw["role"]["value"],
                name=str(raw.get("name", {}).get("value") or ""),
                properties={p["name"]: p["value"].get("value") for p in raw.get("properties", ())},
                children=raw.get("childIds", []),
                backend=raw.get("backendDOMNodeId", 0),
                rect=rect,
                ignored=raw.get("ignored", False),
            )
        )
    return out, tuple(page.evaluate("[window.screen.width, window.screen.height]"))


@pytest.mark.slow
@pytest.mark.parametrize("in_view", [True, False])
@pytest.mark.parametrize("suite", ["webarena", "visualwebarena"])
@pytest.mark.parametrize("html", [FORM, LONG], ids=["form", "long"])
@pytest.mark.parametrize("scrolled", [0, 400])
def test_the_tree_reads_as_the_released_text(live: Live, html: str, suite: str, scrolled: int, *, in_view: bool) -> None:
    live.page.set_content(html)
    live.page.evaluate(f"window.scrollTo(0, {scrolled})")
    tree, screen = nodes(live.page)
    theirs, their_info = live.they.ask({"tree": True, "suite": suite, "in_view": in_view, "size": SIZE})
    text, info = tree_text(tree, screen if in_view else None)
    assert f"{tab_line([live.page.title()], 0)}\n\n{text}" == theirs
    assert {k: (v.backend, list(v.rect) if v.rect else None, v.text) for k, v in info.items()} == {
        k: (v["backend_id"], v["union_bound"], v["text"]) for k, v in their_info.items()
    }
    assert len(text.splitlines()) > 20


@pytest.mark.slow
def test_the_repaired_share_leaves_out_what_is_hardly_in_view(live: Live) -> None:
    live.page.set_content(LONG)
    tree, screen = nodes(live.page)
    assert "button 'tall button'" in tree_text(tree, screen)[0]
    live.page.evaluate("window.scrollTo(0, 500)")
    tree, screen = nodes(live.page)
    assert "button 'tall button'" in tree_text(tree, screen)[0]
    assert "button 'tall button'" not in tree_text(tree, screen, compat=False)[0]


@pytest.mark.slow
@pytest.mark.parametrize("html", [FORM, LONG], ids=["form", "long"])
@pytest.mark.parametrize("scrolled", [0, 400])
def test_marks_read_as_the_released_text(live: Live, html: str, scrolled: int) -> None:
    live.page.set_content(html)
    live.page.evaluate(f"window.scrollTo(0, {scrolled})")
    theirs, centres = live.they.ask({"marks": True, "size": SIZE})
    boxes = [Box(tag, (x, y, w, h), alt, text, acted) for tag, x, y, w, h, alt, text, acted in live.page.evaluate(MARKS_SCRIPT)]
    text, places = marks_text(boxes, (SIZE["width"], SIZE["height"]))
    assert text == theirs
    assert {k: pytest.approx([x + w / 2, y + h / 2, w, h]) for k, (x, y, w, h) in places.items()} == centres
    assert len(places) > 10


@pytest.mark.slow
def test_helpers_read_from_real_pages_what_the_released_ones_read(live: Live) -> None:
    count = 0
    for html, name, *arguments in HELPERS:
        live.page.set_content(html)
        theirs = live.they.ask({"helper": name, "arguments": arguments})
        assert PAGE_HELPERS[name][0](live, *arguments) == theirs, (name, arguments)
        count += theirs not in ("", 0)
    assert count == 15  # the others find nothing, on purpose
