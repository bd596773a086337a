"""A page for verifiers: beside the agent's tabs, with the same cookies, never listed and never in the network log."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from mtenvs.backends.chromium.errors import BrowserTimeout, NavigationFailed, ScriptError
from mtenvs.backends.chromium.hosts import Hosts

if TYPE_CHECKING:
    from mtenvs.backends.chromium.base import Base


@dataclass(frozen=True)
class Answer:
    """An HTTP answer.

    Args:
        status: HTTP status.
        headers: names in lower case.
        body: as received.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class AsyncProbe:
    """Made by a session's `probe`; all of it on the loop thread.

    Args:
        session: whose cookies and headers it shares.
        page: a page of the same context.
        headers: sent with `request`.
    """

    def __init__(self, session: Base, page: Page, headers: Mapping[str, str]) -> None:
        self.session, self._page, self._headers = session, page, dict(headers)

    @property
    def hosts(self) -> Hosts:
        """Where it may go."""
        return self.session.hosts

    async def goto(self, url: str) -> int:
        """Load an address and wait for its load event; the HTTP status."""
        address = self.hosts.check(url)
        try:
            answer = await self._page.goto(address, timeout=self.session.deadline_s * 1000)
        except PlaywrightTimeout:
            raise BrowserTimeout(f"{address} did not load in time") from None
        except Error as error:
            raise NavigationFailed(f"{address} could not be loaded: {error.message.splitlines()[0]}") from None
        return answer.status if answer else 0

    async def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression or function."""
        try:
            return await asyncio.wait_for(self._page.evaluate(script), self.session.deadline_s)
        except asyncio.TimeoutError:
            raise BrowserTimeout("the script did not end in time") from None
        except Error as error:
            raise ScriptError(error.message) from None

    async def content(self) -> str:
        """The document as HTML."""
        return await asyncio.wait_for(self._page.content(), self.session.deadline_s)

    async def url(self) -> str:
        """Where it is."""
        return self._page.url

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, json: Any = None, data: Any = None, params: Any = None
    ) -> Answer:
        """Ask a server directly, with the session's cookies and headers; redirects are not followed.

        Raises:
            BlockedUrl: a host that the browser may not reach either.
            NavigationFailed: no answer.
        """
        address = self.hosts.check(url)
        served, parts = self.hosts.served(address), urlsplit(address)
        cookies = await self.session.context.cookies(address)
        sent = {**self._headers, "Host": parts.netloc.rpartition("@")[2]}
        if cookies:
            sent["Cookie"] = "; ".join(f"{c['name']}={c['value']}" for c in cookies)
        sent |= dict(headers or {})
        target = parts._replace(netloc=str(served)).geturl()
        try:
            async with httpx.AsyncClient(timeout=self.session.deadline_s, trust_env=False) as client:
                body = {"content": data} if isinstance(data, (str, bytes)) else {"data": data}
                got = await client.request(method, target, headers=sent, json=json, params=params, **body)
        except httpx.HTTPError as error:
            raise NavigationFailed(f"{method} {address} failed: {error!r}") from None
        return Answer(got.status_code, dict(got.headers), got.content)

    async def close(self) -> None:
        """Close the page."""
        self.session.job(self._page.close())
