"""The network log of an episode: what the agent's tabs asked for and what came back, in the order in which it was asked.

It listens to the DevTools events of the agent's tabs alone, so that a verifier's own requests are never in it.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Dialog, Error, Page

from mtenvs.backends.chromium.base import Base
from mtenvs.backends.chromium.nodes import DialogInfo
from mtenvs.backends.chromium.tab import Tab

MAX_EVENTS = 20_000
"""An episode that asks for more keeps the first ones; pages that poll for ever must not fill the memory."""
BODY_CHARS = 200_000
LASTING = ("EventSource", "WebSocket", "Ping", "Media", "Manifest")
"""Kinds of requests that a page at rest may have open."""
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


class Recording(Base):
    """The part of a session that listens: requests, dialogs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.log: list[NetworkEvent] = []
        self.record_bodies = False
        self.ask_dialogs = False
        self.attaching = 0
        self.dialog_opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._flying: dict[tuple[int, str], tuple[NetworkEvent, float, Tab]] = {}
        self._changed = asyncio.Event()
        self._dialog_count = 0

    async def attach(self, page: Page) -> Tab:
        """Listen to a tab's network and dialogs."""
        page.on("dialog", self._dialog)
        tab = await super().attach(page)
        on = tab.cdp.on
        on("Network.requestWillBeSent", lambda e: self._asked(tab, e))
        on("Network.requestWillBeSentExtraInfo", lambda e: self._sent(tab, e))
        on("Network.responseReceived", lambda e: self._answered(tab, e))
        on("Network.loadingFinished", lambda e: self._ended(tab, e, ""))
        on("Network.loadingFailed", lambda e: self._ended(tab, e, e.get("blockedReason") or e.get("errorText", "failed")))
        await tab.cdp.send("Network.enable", {"maxPostDataSize": 65536})
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
        self.dialogs.append(DialogInfo(kind, dialog.message, dialog.default_value, "accepted"))
        if kind != "beforeunload":
            self.notes.append(f"The page showed this {kind}, which was accepted: {dialog.message[:500]!r}")
        if self._dialog_count > 10:
            tab = next((t for t in self.open_tabs if t.page is dialog.page), None)
            if tab is not None:
                self.job(tab.cdp.send("Runtime.terminateExecution"))
        try:
            await dialog.accept(dialog.default_value or None)
        except Error:  # it went away with its page
            return

    # --- requests ---------------------------------------------------------------------------------------------------

    def _asked(self, tab: Tab, event: dict[str, Any]) -> None:
        key, request = (id(tab), event["requestId"]), event["request"]
        if "redirectResponse" in event and key in self._flying:
            self._fill(self._flying[key][0], event["redirectResponse"])
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
        if kind not in LASTING:
            self._flying[key] = (log, event["timestamp"], tab)
            self._changed.set()

    def _sent(self, tab: Tab, event: dict[str, Any]) -> None:
        flying = self._flying.get((id(tab), event["requestId"]))
        if flying:
            flying[0].request_headers = dict(event["headers"])

    def _answered(self, tab: Tab, event: dict[str, Any]) -> None:
        flying = self._flying.get((id(tab), event["requestId"]))
        if flying:
            self._fill(flying[0], event["response"])

    @staticmethod
    def _fill(log: NetworkEvent, response: dict[str, Any]) -> None:
        log.status, log.status_text = response["status"], response.get("statusText", "")
        log.response_headers, log.content_type = dict(response["headers"]), response.get("mimeType", "")

    def _ended(self, tab: Tab, event: dict[str, Any], failed: str) -> None:
        flying = self._flying.pop((id(tab), event["requestId"]), None)
        if flying is None:
            return
        log, began, _ = flying
        log.failed, log.duration_s, log.size = failed, event["timestamp"] - began, int(event.get("encodedDataLength", 0))
        self._changed.set()
        if self.record_bodies and not failed and log.status and any(t in log.content_type for t in TEXTS):
            self.job(self._body(tab, event["requestId"], log))

    async def _body(self, tab: Tab, request: str, log: NetworkEvent) -> None:
        got = await tab.cdp.send("Network.getResponseBody", {"requestId": request})
        if not got["base64Encoded"]:
            log.body = got["body"][:BODY_CHARS]

    def busy(self, tab: Tab) -> bool:
        """Whether the tab waits for an answer."""
        return any(t is tab for _, _, t in self._flying.values())

    async def quiet_network(self, tab: Tab, stall_s: float) -> None:
        """Wait until the tab waits for nothing, or nothing has come or gone for ``stall_s`` seconds."""
        while self.busy(tab):
            self._changed.clear()
            before = time.monotonic()
            try:
                await asyncio.wait_for(self._changed.wait(), stall_s)
            except asyncio.TimeoutError:
                if time.monotonic() - before >= stall_s:
                    for key in [k for k, (log, _, t) in self._flying.items() if t is tab and not log.navigation]:
                        del self._flying[key]  # a long poll: nobody waits for it any more
                return
