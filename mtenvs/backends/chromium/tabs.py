"""Tabs and addresses: open, close, focus, go, and wait until a page has come to rest."""

from __future__ import annotations

import asyncio
import contextlib
import time

from playwright.async_api import Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from mtenvs.backends.chromium.base import Hung, timed
from mtenvs.backends.chromium.errors import BlockedUrl, BrowserTimeout, DialogOpen, NavigationFailed
from mtenvs.backends.chromium.network import ARRIVAL_S, Recording
from mtenvs.backends.chromium.nodes import TabInfo
from mtenvs.backends.chromium.tab import Tab
from mtenvs.core.errors import BadAction

QUIET_MS = 20
"""A page counts as at rest when nothing in it has changed for this long and no request is under way."""
SETTLE_S = 5.0
STALL_S = 1.0
"""A request that hangs for so long while nothing else comes or goes is a long poll."""
MAX_TABS = 20
CRASH_NEWS_S = 0.3


class Tabs(Recording):
    """The part of a session that keeps tabs."""

    follow_new_tabs = True

    def opened(self, page: Page) -> None:
        """A page opened another one: it becomes a tab, and the active one if new tabs are followed."""
        self.job(self._adopt(page))

    async def _adopt(self, page: Page) -> None:
        if page in self.own_pages:
            return
        try:
            await self._take(page)
        finally:
            if self.expected:
                del self.expected[0]

    async def _take(self, page: Page) -> None:
        opener = await page.opener()
        if len(self.open_tabs) >= MAX_TABS or (
            opener is not None and opener in self.own_pages and not any(t.page is opener for t in self.open_tabs)
        ):
            await page.close()  # too many, or a verifier's page opened it
            return
        self.open_tabs.append(await self.attach(page))
        if self.follow_new_tabs:
            self.active = len(self.open_tabs) - 1

    def _left(self, tab: Tab) -> None:
        """A tab is gone, by our hand or by a script's."""
        if tab not in self.open_tabs or self.closed:
            return
        at = self.open_tabs.index(tab)
        del self.open_tabs[at]
        if self.active > at or self.active == len(self.open_tabs):
            self.active = max(0, self.active - 1)

    async def attach(self, page: Page) -> Tab:
        """Listen for the end of the page as well."""
        tab = await super().attach(page)
        page.on("close", lambda _: self._left(tab))
        return tab

    @timed
    async def tabs(self) -> list[TabInfo]:
        """Title and address of each tab; `active_tab` is the index of the one that is acted on."""
        await self._some_tab()
        if self.pending is None:
            await asyncio.gather(*(self._read_title(t) for t in self.open_tabs))
        return [TabInfo(t.title, t.page.url) for t in self.open_tabs]

    async def _read_title(self, tab: Tab) -> None:
        with contextlib.suppress(Error, asyncio.TimeoutError):
            tab.title = await asyncio.wait_for(tab.page.title(), 1)

    async def ready(self) -> None:
        """There is a tab, no dialog holds it, and it is not on its way to somewhere."""
        await self._some_tab()
        if self.pending is not None:
            raise DialogOpen(f"a {self.pending.type} is open: {self.pending.message[:500]!r}", legal="accept or dismiss it")
        if self.navigating(self.tab):  # begun by a script since the last action
            await self.rest()

    async def _some_tab(self) -> None:
        """A script may have closed the last tab; an agent without one could do nothing."""
        if not self.open_tabs and not self.closed:
            self.open_tabs.append(await self.fresh_tab())
            self.active = 0

    @timed
    async def new_tab(self, url: str = "about:blank") -> None:
        """Open a tab behind the last one, make it the active one and load an address."""
        await self.ready()
        if len(self.open_tabs) >= MAX_TABS:
            raise BadAction(f"there are {MAX_TABS} tabs already; close one first")
        address = self.hosts.check(url)
        self.open_tabs.append(await self.fresh_tab())
        self.active = len(self.open_tabs) - 1
        if address != "about:blank":
            await self.goto(address)

    @timed
    async def close_tab(self, index: int | None = None) -> None:
        """Close a tab, the active one unless said otherwise; after the last, an empty one is opened."""
        await self.ready()
        tab = self._at(self.active if index is None else index)
        self._left(tab)
        self.job(tab.page.close())
        await self._some_tab()
        await self.settle()

    @timed
    async def focus_tab(self, index: int) -> None:
        """Make a tab the active one."""
        await self.ready()
        tab = self._at(index)
        self.active = index
        await tab.page.bring_to_front()
        await self.settle()

    def _at(self, index: int) -> Tab:
        if not 0 <= index < len(self.open_tabs):
            raise BadAction(f"there is no tab {index}", legal=f"0 to {len(self.open_tabs) - 1}")
        return self.open_tabs[index]

    @timed
    async def goto(self, url: str) -> int:
        """Load an address in the active tab and wait until the page is at rest.

        Returns:
            the HTTP status, 0 where there is none.

        Raises:
            BlockedUrl: a scheme or host that this browser must not open.
            NavigationFailed: no connection, or redirects without end.
            BrowserTimeout: no answer; the tab stays where it was.
        """
        await self.ready()
        address = self.hosts.check(url)
        tab = self.tab
        try:
            answer = await tab.page.goto(address, wait_until="commit", timeout=self.left() * 1000)
        except PlaywrightTimeout:
            with contextlib.suppress(Error):
                await tab.cdp.send("Page.stopLoading")
            raise BrowserTimeout(f"{address} did not answer within {self.deadline_s:g} s") from None
        except Error as error:
            status = self._bare_status(error)
            if not status:
                if "ERR_ABORTED" in error.message:  # so ends a load whose renderer died as well; news of that may be a moment behind
                    await asyncio.wait({self.alarm}, timeout=CRASH_NEWS_S)
                raise self._why_not(error, address) from None
            await self.rest()
            return status
        await self.rest()
        return answer.status if answer else 0

    def _bare_status(self, error: Error) -> int:
        """The status of an answer that the browser shows a page of its own for, such as a 404 without content; 0 if there is none."""
        if "ERR_HTTP_RESPONSE_CODE_FAILURE" not in error.message and "ERR_INVALID_AUTH_CREDENTIALS" not in error.message:
            return 0
        return next((e.status for e in reversed(self.log) if e.navigation and e.status), 0)

    def _why_not(self, error: Error, address: str) -> Exception:
        text = error.message
        if "ERR_NAME_NOT_RESOLVED" in text or "ERR_UNKNOWN_URL_SCHEME" in text or "ERR_UNSAFE" in text:
            return BlockedUrl(f"{address[:200]} leads outside of what this browser can reach", legal=self.hosts.legal())
        if "Download is starting" in text or "ERR_ABORTED" in text:
            return NavigationFailed(f"{address[:200]} is no page: it was offered as a file, or the load was broken off")
        if "net::" in text:
            code = text.split("net::", 1)[1].split()[0]
            return NavigationFailed(f"{address[:200]} could not be loaded ({code})")
        return error

    @timed
    async def go_back(self) -> None:
        """To the page before this one in the tab's history."""
        await self._travel(-1)

    @timed
    async def go_forward(self) -> None:
        """To the page after this one in the tab's history."""
        await self._travel(1)

    async def _travel(self, by: int) -> None:
        await self.ready()
        history = await self.tab.cdp.send("Page.getNavigationHistory")
        at, entries = history["currentIndex"] + by, history["entries"]
        if not 0 <= at < len(entries) or (at == 0 and entries[0]["url"] == "about:blank" and by < 0):
            raise NavigationFailed(f"there is no page to go {'back' if by < 0 else 'forward'} to")
        await self.tab.cdp.send("Page.navigateToHistoryEntry", {"entryId": entries[at]["id"]})
        await self.rest()

    @timed
    async def reload(self) -> None:
        """Load the page of the active tab again."""
        await self.ready()
        await self.tab.cdp.send("Page.reload")
        await self.rest()

    async def rest(self) -> None:
        """Settle, and tell the agent if the page does not; what does not answer at all is broken off."""
        if await self.settle():
            return
        asked = self.navigating(self.tab)
        if asked:
            await self.tab.cdp.send("Page.stopLoading")
            self.notes.append(f"{asked[:200]} did not answer in time.")
        else:
            self.notes.append("The page is still loading or changing.")

    @timed
    async def settle(self, limit_s: float = SETTLE_S, quiet_ms: int = QUIET_MS) -> bool:
        """Wait until the active page is loaded, asks for nothing and changes nothing.

        A request that hangs for a second while nothing else happens (a long poll) is not waited for. Nor is a page that keeps
        changing a second after it was loaded (a clock, a carousel); the next time, such a page gets a tenth of that.

        Args:
            limit_s: not longer than this.
            quiet_ms: how long nothing must have changed.

        Returns:
            whether it came to rest within the limit.
        """
        end = time.monotonic() + min(limit_s, self.left())
        while (left := end - time.monotonic()) > 0 and self.pending is None:
            await self._some_tab()
            tab = self.tab
            if self.navigating(tab):
                await self.change(left)
                continue
            rest = await self._rest(tab, quiet_ms, left)
            if self._arriving() or tab is not self.tab:
                await asyncio.sleep(0.005)
            elif rest is None:
                continue
            elif self.leaving(tab):
                await self.change(min(left, ARRIVAL_S))
            elif rest == "loading" or not self.busy(tab):
                return rest == "rest"
            else:
                await self.quiet_network(tab, min(left, STALL_S), end)
        return self.pending is not None

    def _arriving(self) -> bool:
        """Whether a page that was opened is still on its way; some never come (a download, a blocked one)."""
        if self.expected and self.expected[0] < time.monotonic() - ARRIVAL_S:
            self.expected.clear()
        return bool(self.expected)

    async def _rest(self, tab: Tab, quiet_ms: int, left: float) -> str | None:
        """Whether the document came to rest: ``rest``, ``changing`` or ``loading``; None if a dialog holds it."""
        asked = asyncio.ensure_future(tab.ask(f"mtenvs.settled({quiet_ms}, {int(left * 1000)})", first=self.next_ref))
        # A page at work, such as one that lays out ten megabytes, answers late; nothing else could be asked of it meanwhile.
        patience = max(left, self.left()) + 0.2
        done, _ = await asyncio.wait({asked, self.dialog_opened}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        if asked not in done:
            asked.cancel()
            if self.navigating(tab):
                return "loading"
            if not done:
                raise Hung("the page does not answer")
            return None
        try:
            return str(asked.result())
        except Error:
            if not tab.page.is_closed():
                raise
            self._left(tab)  # it closed itself
            return None
