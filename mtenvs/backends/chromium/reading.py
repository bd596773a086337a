"""What can be read of a page: the outline, the accessibility tree, a screenshot, HTML, the result of a script."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.async_api import Error

from mtenvs.backends.chromium.base import timed
from mtenvs.backends.chromium.errors import ScriptError, StaleElement
from mtenvs.backends.chromium.nodes import AXNode, Outline, put_inside, read_outline
from mtenvs.backends.chromium.pictures import decode_png
from mtenvs.backends.chromium.tab import Stranger, Tab
from mtenvs.backends.chromium.tabs import Tabs
from mtenvs.backends.chromium.trees import ax_nodes, boxes

MAX_NODES = 4000
MAX_CHARS = 200_000
MAX_FULL_PAGE = 16_384
"""Height in pixels at which a picture of a whole page ends."""


class Reading(Tabs):
    """The part of a session that reads."""

    @timed
    async def outline(self, max_nodes: int = MAX_NODES, max_chars: int = MAX_CHARS) -> Outline:
        """What a reader of the active page would find, in reading order, in one pass over the page.

        Frames and open shadow roots are included; what is hidden is not. Numbers (`Node.ref`) are given in document order at
        first sight, stay with an element as long as it lives, and are never used for another one within a session.

        Args:
            max_nodes: where to stop.
            max_chars: of names, texts and values together.
        """
        await self.ready()
        return await self._outline(self.tab, "", max_nodes, max_chars)

    async def _outline(self, tab: Tab, frame: str, max_nodes: int, max_chars: int) -> Outline:
        # Another tab may have used the numbers that this document would give next.
        text = await tab.ask(f"mtenvs.outline({self.next_ref}, {max_nodes}, {max_chars})", first=self.next_ref, frame=frame)
        nodes, self.next_ref, strangers = read_outline(text)
        if strangers:
            inside = await self._paths(tab)
            for at, owner, path in reversed(strangers):  # from behind, so that the indices before stay right
                if path in inside and not nodes.truncated:
                    origin = await tab.ask(f"mtenvs.contentOrigin({owner})", frame=frame)
                    before = self.next_ref
                    inner = await self._outline(tab, inside[path], max_nodes - len(nodes), max_chars)
                    tab.strangers.append(Stranger(before, self.next_ref, inside[path], owner))
                    put_inside(nodes, at, inner, origin)
        return nodes

    async def _paths(self, tab: Tab) -> dict[str, str]:
        """The id of every frame below the page, by its path of positions."""
        frames = _frames((await tab.cdp.send("Page.getFrameTree"))["frameTree"])[1:]
        paths = await asyncio.gather(*(tab.ask("mtenvs.path()", first=self.next_ref, frame=f) for f in frames))
        return dict(zip(paths, frames, strict=True))

    async def of(self, ref: int, call: str, *, by_value: bool = True) -> Any:
        """Ask the world that numbered an element."""
        tab, ref = self.tab, int(ref)
        frame = next((s.frame for s in tab.strangers if s.first <= ref < s.last), "")
        try:
            return await tab.ask(call, first=self.next_ref, by_value=by_value, frame=frame)
        except Error:
            if frame:  # it went, and its elements with it
                raise StaleElement(f"there is no element {ref} on this page now") from None
            raise

    @timed
    async def axtree(self, *, boxed: bool = True) -> list[AXNode]:
        """Chromium's own accessibility tree of the active page and its frames.

        Args:
            boxed: with the box of every node, which costs a second look at the page; else their ``rect`` is None.
        """
        await self.ready()
        cdp, top = self.tab.cdp, self.tab.frame

        async def trees(frames: Sequence[str]) -> list[dict[str, Any]]:
            return await asyncio.gather(*(cdp.send("Accessibility.getFullAXTree", {"frameId": frame}) for frame in frames))

        found, first = await asyncio.gather(cdp.send("Page.getFrameTree"), trees([top]))
        frames = _frames(found["frameTree"])
        read = [*first, *await trees(frames[1:])]
        # How wide the borders of frames are is part of the "DOM rects", which double the size of the answer.
        params = {"computedStyles": [], "includePaintOrder": False, "includeDOMRects": len(frames) > 1}
        snapshot = await cdp.send("DOMSnapshot.captureSnapshot", params) if boxed else None
        rects = boxes(snapshot) if snapshot is not None else {}
        return [node for frame, tree in zip(frames, read, strict=True) for node in ax_nodes(tree["nodes"], frame, rects)]

    @timed
    async def resolve(self, ref: int = 0, *, backend: int = 0) -> int:
        """The number of an element that is still there.

        Args:
            ref: its number; or
            backend: its backend node id, from `axtree`.

        Raises:
            StaleElement: it is gone.
        """
        await self.ready()
        if backend:
            return await self._ref_of_backend(backend)
        if not await self.of(ref, f"!!mtenvs.elementOf({int(ref)})"):
            raise StaleElement(f"there is no element {ref} on this page now")
        return ref

    @timed
    async def screenshot(self, *, full_page: bool = False) -> npt.NDArray[np.uint8]:
        """The viewport, or the page from top to bottom (at most 16384 pixels).

        Returns:
            uint8 (H, W, 3), RGB. While a dialog is open: the picture before it.
        """
        await self._some_tab()
        if self.pending is not None and self.last_picture is not None:
            return self.last_picture.copy()
        params: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
        if full_page:
            size = (await self.tab.cdp.send("Page.getLayoutMetrics"))["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], MAX_FULL_PAGE), "scale": 1}
            params |= {"captureBeyondViewport": True, "clip": clip}
        tab = self.tab
        caret = await tab.ask("mtenvs.hideCaret()", first=self.next_ref)
        shot = await tab.cdp.send("Page.captureScreenshot", params)
        if caret:
            await tab.ask("mtenvs.showCaret()", first=self.next_ref)
        picture = decode_png(base64.b64decode(shot["data"]))
        if not full_page:
            self.last_picture = picture
        return picture

    last_picture: npt.NDArray[np.uint8] | None = None

    @timed
    async def html(self) -> str:
        """The document of the active tab as HTML, as it is now."""
        await self.ready()
        return str(await self.tab.ask("document.documentElement ? document.documentElement.outerHTML : ''", first=self.next_ref))

    @timed
    async def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression (or of a function, which is called) in the page's own world.

        Raises:
            ScriptError: it threw.
        """
        await self.ready()
        answer = await self.tab.cdp.send(
            "Runtime.evaluate", {"expression": _called(script), "returnByValue": True, "awaitPromise": True, "userGesture": True}
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise ScriptError(details.get("exception", {}).get("description") or details.get("text", "the script failed"))
        return answer["result"].get("value")

    async def url(self) -> str:
        """Address of the active tab."""
        await self._some_tab()
        return self.tab.page.url

    @timed
    async def title(self) -> str:
        """Title of the active tab."""
        await self.ready()
        return str(await self.tab.ask("document.title", first=self.next_ref))

    async def _ref_of_backend(self, backend: int) -> int:
        await self.tab.ask("0", first=self.next_ref)  # so that our world is there
        context = self.tab.worlds.get(self.tab.frame, 0)
        try:
            node = await self.tab.cdp.send("DOM.resolveNode", {"backendNodeId": backend, "executionContextId": context})
        except Error:
            raise StaleElement(f"there is no element with node id {backend} on this page now") from None
        answer = await self.tab.cdp.send(
            "Runtime.callFunctionOn",
            {
                "functionDeclaration": "function(floor) { return JSON.stringify(mtenvs.number(this, floor)) }",
                "objectId": node["object"]["objectId"],
                "arguments": [{"value": self.next_ref}],
                "returnByValue": True,
            },
        )
        got = json.loads(answer["result"]["value"])
        if got is None:
            raise StaleElement(f"there is no element with node id {backend} on this page now")
        ref, self.next_ref = got
        return int(ref)


def _called(script: str) -> str:
    """An expression that calls the script if it is a function."""
    return f"(() => {{ const it = (\n{script}\n); return typeof it === 'function' ? it() : it; }})()"


def _frames(tree: dict[str, Any]) -> list[str]:
    found = [tree["frame"]["id"]]
    for child in tree.get("childFrames", ()):
        found += _frames(child)
    return found
