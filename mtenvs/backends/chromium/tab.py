"""One tab: Playwright's page, a DevTools session beside it, and the JavaScript world that reads the page."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import Any

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


class Tab:
    """Made with `Tab.attach`.

    Args:
        page: Playwright's page.
        cdp: a DevTools session of its own.
        frame: id of the main frame.
    """

    def __init__(self, page: Page, cdp: CDPSession, frame: str) -> None:
        self.page, self.cdp, self.frame = page, cdp, frame
        self.title = ""
        self.crashed = False

    @classmethod
    async def attach(cls, context: BrowserContext, page: Page) -> Tab:
        """Open a DevTools session on a page."""
        cdp = await context.new_cdp_session(page)
        tree = await cdp.send("Page.getFrameTree")
        return cls(page, cdp, tree["frameTree"]["frame"]["id"])

    async def ask(self, call: str, *, first: int = 1, by_value: bool = True) -> Any:
        """The result of an expression in our world, such as ``mtenvs.next()``; a promise is waited for.

        Args:
            call: the expression.
            first: number of the first element, if this document was not seen before.
            by_value: the value itself; else DevTools' remote object.
        """
        for attempt in range(6):
            try:
                return await self._ask(call, first, by_value=by_value)
            except Error as error:  # noqa: PERF203 - six times at most
                if not gone(error) or attempt == 5:
                    raise
                await asyncio.sleep(0.01 * attempt)  # the new document is being made
        raise BrowserTimeout("the page changes faster than it can be read")

    async def _ask(self, call: str, first: int, *, by_value: bool) -> Any:
        # Made anew each time: a name stands for one world for the life of a document, and this way a world of a document
        # that was left is never mistaken for the present one.
        world = await self.cdp.send("Page.createIsolatedWorld", {"frameId": self.frame, "worldName": WORLD, "grantUniveralAccess": True})
        params = {
            "contextId": world["executionContextId"], "returnByValue": by_value, "awaitPromise": True,
            "expression": f"globalThis.mtenvs ? ({call}) : {json.dumps(ABSENT)}",
        }  # fmt: skip
        answer = await self.cdp.send("Runtime.evaluate", params)
        if answer["result"].get("value") == ABSENT:
            params["expression"] = f"({_source()})({first}), ({call})"
            answer = await self.cdp.send("Runtime.evaluate", params)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise Error(details.get("exception", {}).get("description") or details.get("text", "script failed"))
        return answer["result"].get("value") if by_value else answer["result"]
