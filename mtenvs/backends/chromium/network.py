"""The network log of an episode: what the agent's tabs asked for and what came back, in the order in which it was asked.

It listens to the DevTools events of the agent's tabs alone, so that a verifier's own requests are never in it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from playwright.async_api import Dialog, Error, Page

from mtenvs.backends.chromium.base import Base
from mtenvs.backends.chromium.nodes import DialogInfo
from mtenvs.backends.chromium.tab import Tab

MAX_EVENTS = 20_000
"""An episode that asks for more keeps the first ones; pages that poll for ever must not fill the memory."""
BODY_CHARS = 200_000
DIALOGS_PER_ACTION = 10
"""A page that opens more of them in one action is stopped."""
MAX_DIALOGS = 1000
MAX_HOPS = 500
"""Requests whose headers may still be told."""
LASTING = ("EventSource", "WebSocket", "Ping", "Media", "Manifest")
"""Kinds of requests that a page at rest may have open."""
ARRIVAL_S = 2.0
"""How long a document or page that a page asks for may take to be heard of."""
TEXTS = ("text/", "application/json", "application/xml", "application/x-www-form-urlencoded", "+json", "+xml")


@dataclass(slots=True)
class NetworkEvent:
    """One request and its answer.

    Args:
        method: ``GET``, ``POST``, ...
        url: absolute.
        kind: DevTools' word for what asked: ``Document``, ``XHR``, ``Fetch``, ``Image``, ...
        started: seconds since 1970.
        request_headers: names as sent.
        post_data: the body as text, or None.
        status: HTTP status; 0 while, or if, nothing came back.
        status_text: beside it.
        response_headers: names as received.
        content_type: without parameters.
        body: text of the answer, where bodies are recorded.
        size: bytes received.
        duration_s: from request to the end of the answer.
        failed: DevTools' reason, "" if it did not fail.
        navigation: whether it loads a document of the tab.
    """

    method: str
    url: str
    kind: str
    started: float
    request_headers: dict[str, str]
    post_data: str | None = None
    status: int = 0
    status_text: str = ""
    response_headers: dict[str, str] = field(default_factory=dict)
    content_type: str = ""
    body: str | None = None
    size: int = 0
    duration_s: float = 0.0
    failed: str = ""
    navigation: bool = False


@dataclass(slots=True)
class Hops:
    """The requests behind one id: a redirect is another one under the same id.

    DevTools tells the headers as sent and received apart from the rest, in the same order, but before or after it.
    """

    events: list[NetworkEvent] = field(default_factory=list)
    sent: list[dict[str, str]] = field(default_factory=list)
    received: list[dict[str, str]] = field(default_factory=list)

    def match(self) -> None:
        """Give each request the headers that are known of it."""
        for event, headers in zip(self.events, self.sent, strict=False):
            event.request_headers = headers
        for event, headers in zip(self.events, self.received, strict=False):
            event.response_headers = headers


class Flying(NamedTuple):
    """A request that waits for its answer.

    Args:
        log: what is known of it.
        began: DevTools' clock.
        tab: that asked.
        loader: DevTools' id of the document that asked, or that it is.
    """

    log: NetworkEvent
    began: float
    tab: Tab
    loader: str


class Recording(Base):
    """The part of a session that listens: requests, dialogs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.log: list[NetworkEvent] = []
        self.record_bodies = False
        self.ask_dialogs = False
        self.expected: list[float] = []
        """When pages began to open other pages that are not here yet."""
        self.dialog_opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._flying: dict[tuple[int, str], Flying] = {}
        self._hops: dict[tuple[int, str], Hops] = {}
        self._changed = asyncio.Event()
        self._dialog_count = 0

    async def attach(self, page: Page) -> Tab:
        """Listen to a tab's network and dialogs."""
        page.on("dialog", self._dialog)
        tab = await super().attach(page)
        on = tab.cdp.on
        on("Network.requestWillBeSent", lambda e: self._asked(tab, e))
        on("Network.requestWillBeSentExtraInfo", lambda e: self._sent(tab, e))
        on("Network.responseReceivedExtraInfo", lambda e: self._received(tab, e))
        on("Network.responseReceived", lambda e: self._answered(tab, e))
        on("Network.loadingFinished", lambda e: self._ended(tab, e, ""))
        on("Network.loadingFailed", lambda e: self._ended(tab, e, e.get("blockedReason") or e.get("errorText", "failed")))
        on("Page.windowOpen", lambda _: self._expect())
        on("Page.frameNavigated", lambda e: self._left_behind(tab, e["frame"]))
        on("Page.frameRequestedNavigation", lambda e: self._called_away(tab, e))
        for stays in ("Page.frameStoppedLoading", "Page.navigatedWithinDocument", "Page.downloadWillBegin"):
            on(stays, lambda e: self._stays(tab, e["frameId"]))
        await asyncio.gather(tab.cdp.send("Network.enable", {"maxPostDataSize": 65536}), tab.cdp.send("Page.enable"))
        return tab

    # --- dialogs ----------------------------------------------------------------------------------------------------

    async def _dialog(self, dialog: Dialog) -> None:
        kind = dialog.type
        if self.ask_dialogs and kind in {"confirm", "prompt"}:
            self.pending = dialog
            if not self.dialog_opened.done():
                self.dialog_opened.set_result(None)
            return
        self._dialog_count += 1
        if self._dialog_count <= DIALOGS_PER_ACTION and len(self.dialogs) < MAX_DIALOGS:
            self.dialogs.append(DialogInfo(kind, dialog.message, dialog.default_value, "accepted"))
        if kind != "beforeunload" and self._dialog_count <= DIALOGS_PER_ACTION:
            self.notes.append(f"The page showed this {kind}, which was accepted: {dialog.message[:500]!r}")
        tab = next((t for t in self.open_tabs if t.page is dialog.page), None)
        if self._dialog_count == DIALOGS_PER_ACTION + 1:
            self.notes.append("The page went on to open dialogs; its script was stopped.")
            if tab is not None:  # V8 looks for this now and then only: some five hundred dialogs later, which take half a second
                self.job(tab.cdp.send("Runtime.terminateExecution"))
        try:
            await dialog.accept(dialog.default_value or None)
        except Error:  # it went away with its page
            return

    # --- requests ---------------------------------------------------------------------------------------------------

    def _asked(self, tab: Tab, event: dict[str, Any]) -> None:
        key, request = (id(tab), event["requestId"]), event["request"]
        if "redirectResponse" in event and key in self._flying:
            self._fill(self._flying[key].log, event["redirectResponse"])
            self._ended(tab, event, "")
        if request["url"].startswith("data:"):
            return
        kind = event.get("type", "Other")
        log = NetworkEvent(
            request["method"], request["url"], kind, event["wallTime"], dict(request["headers"]), request.get("postData"),
            navigation=kind == "Document" and event.get("requestId") == event.get("loaderId"),
        )  # fmt: skip
        if len(self.log) < MAX_EVENTS:
            self.log.append(log)
        if log.navigation:
            self._stays(tab, event.get("frameId", tab.frame))  # from now on it is known by this request
        hops = self._hop(key)
        hops.events.append(log)
        hops.match()
        if kind not in LASTING:
            self._flying[key] = Flying(log, event["timestamp"], tab, event.get("loaderId", ""))
            self._changed.set()

    def _sent(self, tab: Tab, event: dict[str, Any]) -> None:
        hops = self._hop((id(tab), event["requestId"]))
        hops.sent.append(event["headers"])
        hops.match()

    def _received(self, tab: Tab, event: dict[str, Any]) -> None:
        hops = self._hop((id(tab), event["requestId"]))
        hops.received.append(event["headers"])
        hops.match()

    def _hop(self, key: tuple[int, str]) -> Hops:
        if key not in self._hops:
            if len(self._hops) >= MAX_HOPS:
                del self._hops[next(iter(self._hops))]
            self._hops[key] = Hops()
        return self._hops[key]

    def _answered(self, tab: Tab, event: dict[str, Any]) -> None:
        flying = self._flying.get((id(tab), event["requestId"]))
        if flying:
            self._fill(flying.log, event["response"])
            self._changed.set()

    @staticmethod
    def _fill(log: NetworkEvent, response: dict[str, Any]) -> None:
        log.status, log.status_text = response["status"], response.get("statusText", "")
        log.content_type = response.get("mimeType", "")
        if not log.response_headers:
            log.response_headers = dict(response["headers"])

    def _ended(self, tab: Tab, event: dict[str, Any], failed: str) -> None:
        flying = self._flying.pop((id(tab), event["requestId"]), None)
        if flying is None:
            return
        log, began = flying.log, flying.began
        log.failed, log.duration_s, log.size = failed, event["timestamp"] - began, int(event.get("encodedDataLength", 0))
        self._changed.set()
        if self.record_bodies and not failed and log.status and any(t in log.content_type for t in TEXTS):
            self.job(self._body(tab, event["requestId"], log))

    def _expect(self) -> None:
        """A page is about to open another one, which will take a moment to arrive."""
        self.expected.append(time.monotonic())

    def _left_behind(self, tab: Tab, frame: dict[str, Any]) -> None:
        """A document has gone; whatever it still asked for is not always reported as broken off."""
        if "parentId" not in frame:
            self._stays(tab, tab.frame)
            for key in [k for k, f in self._flying.items() if f.tab is tab and f.loader != frame["loaderId"]]:
                del self._flying[key]
            self._changed.set()

    async def _body(self, tab: Tab, request: str, log: NetworkEvent) -> None:
        got = await tab.cdp.send("Network.getResponseBody", {"requestId": request})
        if not got["base64Encoded"]:
            log.body = got["body"][:BODY_CHARS]

    def busy(self, tab: Tab) -> bool:
        """Whether the tab waits for an answer."""
        return any(f.tab is tab for f in self._flying.values())

    def navigating(self, tab: Tab) -> str:
        """The address that the tab waits for the first answer of, or "". Until then DevTools holds back all that is asked of the page."""
        return next((f.log.url for f in self._flying.values() if f.tab is tab and f.log.navigation and not f.log.status), "")

    def _called_away(self, tab: Tab, event: dict[str, Any]) -> None:
        """The page asked the browser for another document. Its request is the browser's, and may come a while later on a busy machine."""
        if event["frameId"] == tab.frame and event.get("disposition") == "currentTab":
            tab.called_away = time.monotonic()

    def _stays(self, tab: Tab, frame: str) -> None:
        """What the page asked for has been done, or will not be."""
        if frame == tab.frame and tab.called_away:
            tab.called_away = 0.0
            self._changed.set()

    def leaving(self, tab: Tab) -> bool:
        """Whether the page has asked for another document that the browser has not begun to load yet; some it never does."""
        return tab.called_away > time.monotonic() - ARRIVAL_S

    async def change(self, limit_s: float) -> bool:
        """Wait for news of any request; whether there was any within the limit."""
        self._changed.clear()
        try:
            await asyncio.wait_for(self._changed.wait(), limit_s)
        except asyncio.TimeoutError:
            return False
        return True

    async def quiet_network(self, tab: Tab, stall_s: float, end: float) -> None:
        """Wait until the tab waits for nothing, or nothing has come or gone for ``stall_s`` seconds, or ``end`` on the monotonic clock."""
        while self.busy(tab) and (left := end - time.monotonic()) > 0:
            if not await self.change(min(stall_s, left)):
                if left > stall_s:  # a long poll: nobody waits for it any more
                    for key in [k for k, f in self._flying.items() if f.tab is tab and not f.log.navigation]:
                        del self._flying[key]
                return
