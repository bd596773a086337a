"""One tab: Playwright's page, a DevTools session beside it, and the JavaScript world that reads the page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from functools import cache
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple

from playwright.async_api import BrowserContext, CDPSession, Error, Page

from mtenvs.backends.chromium.errors import BrowserTimeout

WORLD = "mtenvs"
ABSENT = "\0absent"


@cache
def _source() -> str:
    return (Path(__file__).parent / "js" / "world.js").read_text(encoding="utf-8")


def gone(error: Error) -> bool:
    """Whether it says that the document was left while it was asked, so that asking again makes sense."""
    text = error.message
    return any(
        part in text
        for part in (
            "Cannot find context",
            "context was destroyed",
            "navigated or closed",
            "No frame for given id",
            "Cannot find default execution context",
        )
    )


class Stranger(NamedTuple):
    """A frame of another origin: our world of the page cannot look into it, so it has a world of its own.

    Args:
        first: of the numbers that were given to elements in it at one time.
        last: of them, and one more.
        frame: its id.
        owner: number of the frame's element, in the world around it.
    """

    first: int
    last: int
    frame: str
    owner: int


class Wire:
    """A DevTools session without Playwright's search for its own objects in every answer.

    That search visits each of the ten thousand values of an accessibility tree, and there is never anything to find in DevTools'
    answers; it takes a quarter of the time of reading a tree.

    Args:
        session: Playwright's session. Where its inside does not look like one of those known, it is used as it is.
    """

    def __init__(self, session: CDPSession) -> None:
        inside: Any = getattr(session, "_impl_obj", session)
        known = tuple(signature(inside.send).parameters)
        if known not in {("method", "params"), ("method", "params", "timeout")}:
            inside = session
        self._inside, self._more = inside, (None,) if inside is not session and len(known) == 3 else ()

    async def send(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask DevTools."""
        answer: dict[str, Any] = await self._inside.send(method, params, *self._more)
        return answer

    def on(self, event: str, handler: Callable[[dict[str, Any]], None]) -> None:
        """Hear DevTools' news."""
        self._inside.on(event, handler)


class Tab:
    """Made with `Tab.attach`.

    Args:
        page: Playwright's page.
        cdp: a DevTools session of its own.
        frame: id of the main frame.
    """

    def __init__(self, page: Page, cdp: Wire, frame: str) -> None:
        self.page, self.cdp, self.frame = page, cdp, frame
        self.title = ""
        self.crashed = False
        self.called_away = 0.0
        """When the page asked for another document that was not heard of since, on the monotonic clock; else 0."""
        self.strangers: list[Stranger] = []
        self.worlds: dict[str, int] = {}
        """DevTools' number of our world in each frame, until the frame's document is left."""
        cdp.on("Page.frameNavigated", lambda event: self._forget(event["frame"]))

    @classmethod
    async def attach(cls, context: BrowserContext, page: Page) -> Tab:
        """Open a DevTools session on a page."""
        cdp = Wire(await context.new_cdp_session(page))
        tree = await cdp.send("Page.getFrameTree")
        return cls(page, cdp, tree["frameTree"]["frame"]["id"])

    async def ask(self, call: str, *, first: int = 1, by_value: bool = True, frame: str = "") -> Any:
        """The result of an expression in our world, such as ``mtenvs.next()``; a promise is waited for.

        Args:
            call: the expression.
            first: number of the first element, if this document was not seen before.
            by_value: the value itself; else DevTools' remote object.
            frame: id of a frame of another origin; the page itself if empty.
        """
        for attempt in range(6):
            try:
                return await self._ask(call, first, frame or self.frame, by_value=by_value)
            except Error as error:  # noqa: PERF203 - six times at most
                if not gone(error) or attempt == 5:
                    raise
                await asyncio.sleep(0.01 * attempt)  # the new document is being made
        raise BrowserTimeout("the page changes faster than it can be read")

    async def _ask(self, call: str, first: int, frame: str, *, by_value: bool) -> Any:
        known = frame in self.worlds
        world = self.worlds[frame] if known else await self._world(frame)
        params = {
            "contextId": world, "returnByValue": by_value, "awaitPromise": True,
            "expression": f"globalThis.mtenvs ? ({call}) : {json.dumps(ABSENT)}",
        }  # fmt: skip
        try:
            answer = await self.cdp.send("Runtime.evaluate", params)
        except Error:
            self.worlds.pop(frame, None)
            raise
        if answer["result"].get("value") == ABSENT:
            if known:  # a document that was left had this number for its world; who has it now is not known
                params["contextId"] = await self._world(frame)
            params["expression"] = f"({_source()})({first}), ({call})"
            answer = await self.cdp.send("Runtime.evaluate", params)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Error(details.get("exception", {}).get("description") or details.get("text", "script failed"))
        return answer["result"].get("value") if by_value else answer["result"]

    async def _world(self, frame: str) -> int:
        """DevTools' number of our world in the frame's present document; made if it is not there yet."""
        made = await self.cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
        world = self.worlds[frame] = int(made["executionContextId"])
        return world

    def _forget(self, frame: dict[str, Any]) -> None:
        """A document was left, and with it our worlds there and in its frames."""
        if "parentId" in frame:
            self.worlds.pop(frame["id"], None)
        else:
            self.worlds.clear()
