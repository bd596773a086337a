"""What all parts of a session share: its tabs, the deadline around each call, and what happens when the browser fails."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from typing import Any, Concatenate, ParamSpec, TypeVar

from playwright.async_api import Browser, BrowserContext, Dialog, Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from mtenvs.backends.chromium.errors import BrowserDied, BrowserError, BrowserTimeout, PageCrashed, SessionClosed
from mtenvs.backends.chromium.hosts import Hosts
from mtenvs.backends.chromium.nodes import DialogInfo, DownloadInfo
from mtenvs.backends.chromium.tab import Tab

P = ParamSpec("P")
T = TypeVar("T")
S = TypeVar("S", bound="Base")
_ends: ContextVar[float] = ContextVar("when the call with a deadline that we are in must end", default=0.0)
ALIVE_S = 2.0
"""How long a page may take to answer 1 + 1 before it counts as hung."""
MARGIN_S = 0.25
REPLACE_S = 15.0


class Hung(BrowserTimeout):
    """Within a call: the page does not answer, so that it must be stopped."""


def timed(method: Callable[Concatenate[S, P], Awaitable[T]]) -> Callable[Concatenate[S, P], Coroutine[Any, Any, T]]:
    """A public coroutine method: it ends within the session's deadline, and with one of our errors or none."""

    @functools.wraps(method)
    async def call(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if _ends.get():
            return await method(self, *args, **kwargs)
        return await self.within_deadline(lambda: method(self, *args, **kwargs), method.__name__)

    return call


class Base:
    """The state of a session. All of it lives on the loop thread.

    Args:
        browser: Playwright's browser.
        context: one browser context.
        hosts: where requests may go.
        deadline_s: for each call.
    """

    def __init__(self, browser: Browser, context: BrowserContext, hosts: Hosts, deadline_s: float) -> None:
        self.browser, self.context, self.hosts, self.deadline_s = browser, context, hosts, deadline_s
        self.open_tabs: list[Tab] = []
        self.active = 0
        self.notes: list[str] = []
        """What happened that the agent should be told, oldest first; `feedback` hands it over."""
        self.dialogs: list[DialogInfo] = []
        self.downloads: list[DownloadInfo] = []
        self.pending: Dialog | None = None
        self.next_ref = 1
        self.closed = False
        self.alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.own_pages: set[Page] = set()
        self._arrived: list[Page] = []
        self._opening = 0
        self._jobs: set[asyncio.Task[Any]] = set()

    @property
    def tab(self) -> Tab:
        """The active tab."""
        if not self.open_tabs:
            raise SessionClosed("this session has no tab")
        return self.open_tabs[self.active]

    async def attach(self, page: Page) -> Tab:
        """Make a tab of a page; the parts that listen to pages extend it."""
        tab = await Tab.attach(self.context, page)
        page.on("crash", lambda _: self._crashed(tab))
        return tab

    async def new_page(self) -> Page:
        """A page that we open ourselves, so that it is not taken for one that a page opened."""
        self._opening += 1
        try:
            page = await self.context.new_page()
            self.own_pages.add(page)
        finally:
            self._opening -= 1
        for other in self._arrived:
            self.opened(other)
        self._arrived.clear()
        return page

    async def fresh_tab(self) -> Tab:
        """An empty tab that is not in the list yet."""
        return await self.attach(await self.new_page())

    def arrived(self, page: Page) -> None:
        """A page exists, ours or one that a page opened."""
        if self._opening:
            self._arrived.append(page)  # which of the two is known when ours is there
        else:
            self.opened(page)

    def opened(self, page: Page) -> None:
        """For the part that keeps the tabs: a page has opened this one."""

    def job(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begin with something that nobody waits for; it ends with the session."""
        task = asyncio.ensure_future(_quietly(work))
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        return task

    def left(self) -> float:
        """Seconds until the call that we are in must end, less a moment to say what was found."""
        end = _ends.get()
        return max(0.0, end - time.monotonic() - MARGIN_S) if end else self.deadline_s

    def raise_alarm(self, error: BaseException) -> None:
        """Break off the call that is under way, if any, and the next one otherwise."""
        if not self.alarm.done():
            self.alarm.set_exception(error)
            self.alarm.exception()  # so that an alarm that nobody waits for is not reported as forgotten

    def _crashed(self, tab: Tab) -> None:
        tab.crashed = True
        if tab in self.open_tabs and tab is self.tab:
            self.raise_alarm(PageCrashed(f"the page at {tab.page.url} crashed"))

    async def within_deadline(self, begin: Callable[[], Awaitable[T]], what: str, limit: float | None = None) -> T:
        """The result of the work, or one of our errors, soon after the deadline at the latest."""
        if self.closed:
            raise SessionClosed("the session is closed")
        limit = self.deadline_s if limit is None else limit

        async def work() -> T:
            _ends.set(time.monotonic() + limit)
            return await begin()

        task = asyncio.ensure_future(work())
        events: list[asyncio.Future[Any]] = [task, self.alarm]
        try:
            await asyncio.wait(events, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not self.alarm.done():
                return task.result()
        except Hung:
            await self.unhang()
            raise BrowserTimeout(f"{what} did not end: the page did not answer for {limit:g} s") from None
        except PlaywrightTimeout as error:
            raise BrowserTimeout(f"{what}: {error.message}") from error
        except Error as error:
            await self._explain(error)
            raise BrowserError(f"{what}: {error.message}") from error
        finally:
            if not task.done():
                task.cancel()
                task.add_done_callback(_forget)
        if self.alarm.done():
            await self._after_alarm()
        await self.unhang()
        raise BrowserTimeout(f"{what} did not end within {limit:g} s")

    async def _explain(self, error: Error) -> None:
        """Raise the error that a failure of Playwright stands for, if it stands for one."""
        if self.closed:
            raise SessionClosed("the session was closed during the call") from error
        if "crashed" in error.message or "closed" in error.message:
            with contextlib.suppress(asyncio.TimeoutError):  # the news of the crash may be a moment behind
                await asyncio.wait({self.alarm}, timeout=0.5)
            if self.alarm.done():
                await self._after_alarm()
        if not self.browser.is_connected():
            raise BrowserDied("the browser process ended") from error

    async def _after_alarm(self) -> None:
        error = self.alarm.exception()
        if isinstance(error, PageCrashed):
            self.alarm = asyncio.get_running_loop().create_future()
            address = await self.replace(self.tab)
            raise PageCrashed(f"{error}; a fresh tab shows {address}") from None
        if error is not None:
            raise type(error)(*error.args)

    async def unhang(self) -> None:
        """After a deadline: stop what loads and what runs; a page that still does not answer is replaced."""
        tab = self.tab
        if self.pending is not None:
            return
        with contextlib.suppress(Error, asyncio.TimeoutError):
            await asyncio.wait_for(tab.cdp.send("Page.stopLoading"), ALIVE_S)
        if await _answers(tab):
            return
        with contextlib.suppress(Error, asyncio.TimeoutError):
            await asyncio.wait_for(tab.cdp.send("Runtime.terminateExecution"), ALIVE_S)
        if await _answers(tab):
            self.notes.append("A script of the page ran without end and was stopped.")
            return
        address = await self.replace(tab)
        raise BrowserTimeout(f"the page hung and was replaced by a fresh tab at {address}")

    async def replace(self, tab: Tab) -> str:
        """Put a fresh tab, at the same address if that loads, in the place of one that is lost; the address it shows."""
        try:
            return await asyncio.wait_for(self._replace(tab), REPLACE_S)
        except (Error, asyncio.TimeoutError) as error:
            raise BrowserDied("the browser does not open a fresh tab any more") from error

    async def _replace(self, tab: Tab) -> str:
        at, address = self.open_tabs.index(tab), tab.page.url
        fresh = self.open_tabs[at] = await self.fresh_tab()
        self.job(tab.page.close())
        try:
            await fresh.page.goto(self.hosts.check(address), wait_until="domcontentloaded", timeout=3000)
        except Exception:  # noqa: BLE001 - whatever is wrong with that address, an empty page is a page
            self.open_tabs[at] = await self.fresh_tab()
            self.job(fresh.page.close())
            address = "about:blank"
        self.notes.append(f"The page was lost and opened anew at {address}.")
        return address

    async def close(self) -> None:
        """Close the context and everything in it."""
        if self.closed:
            return
        self.closed = True
        self.raise_alarm(SessionClosed("the session was closed during the call"))
        for task in list(self._jobs):
            task.cancel()
        with contextlib.suppress(Error, asyncio.TimeoutError):
            await asyncio.wait_for(self.context.close(), 10)


async def _answers(tab: Tab) -> bool:
    try:
        await asyncio.wait_for(tab.cdp.send("Runtime.evaluate", {"expression": "1+1"}), ALIVE_S)
    except (Error, asyncio.TimeoutError):
        return False
    return True


async def _quietly(work: Coroutine[Any, Any, Any]) -> None:
    with contextlib.suppress(Error):
        await work


def _forget(task: asyncio.Task[Any]) -> None:
    if not task.cancelled():
        task.exception()
