"""The browser process: started when first needed, shared by all who ask for the same, closed when the last of them leaves.

One thread runs one event loop with Playwright's async API in it; everybody else hands it work and waits. So sessions can be
used from any thread, from within a running event loop, and many at once.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import threading
from collections.abc import Coroutine, Mapping
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Browser, Error, Playwright, async_playwright

from mtenvs.backends.chromium.base import Base
from mtenvs.backends.chromium.errors import BrowserDied
from mtenvs.backends.chromium.find import DRIVER_INSTALL, driver_fault, find_chromium
from mtenvs.backends.chromium.hosts import Hosts
from mtenvs.backends.chromium.launch import flags, prelude, surroundings
from mtenvs.backends.chromium.live import AsyncSession
from mtenvs.backends.chromium.session import Session
from mtenvs.core.errors import MissingRequirement
from mtenvs.core.loop_thread import LoopThread

T = TypeVar("T")
DEADLINE_S = 10.0
START_S = 60.0


class Chromium:
    """One browser process and the loop thread that drives it. Get one with `Chromium.shared`.

    Args:
        hosts: where requests may go.
        args: further flags of the command line.
        executable: path of the browser; found by `find_chromium` if not given.
    """

    _shared: dict[tuple[Any, ...], Chromium] = {}
    _lock = threading.RLock()

    def __init__(self, hosts: Hosts, *, args: tuple[str, ...] = (), executable: str | None = None) -> None:
        self.hosts, self._args, self._executable = hosts, args, executable or find_chromium()
        self._users, self._process = 0, os.getpid()
        self._key: tuple[Any, ...] = ()
        self._sessions: set[Session] = set()
        self._starting = threading.Lock()
        self._loop: LoopThread | None = None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    @classmethod
    def shared(cls, hosts: Hosts, **launch: Any) -> Chromium:
        """The browser for these hosts and options, which may be there already; `release` it when done.

        It is started at the first `open`, and anew at the first `open` after it died.

        Args:
            hosts: where requests may go.
            launch: keywords of `Chromium`.
        """
        key = (hosts, tuple(sorted(launch.items())))
        with cls._lock:
            found = cls._shared.get(key)
            if found is None:
                found = cls._shared[key] = cls(hosts, **launch)
                found._key = key
            found._users += 1
            return found

    @classmethod
    def after_fork(cls) -> None:
        """Forget the parent's browsers."""
        cls._shared.clear()
        cls._lock = threading.RLock()

    def release(self) -> None:
        """One user less; the last one closes the browser."""
        with self._lock:
            self._users -= 1
            if self._users > 0:
                return
            if self._shared.get(self._key) is self:
                del self._shared[self._key]
        self.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine on the loop thread."""
        loop = self._running(work)
        try:
            return loop.run(work)
        except CancelledError as error:  # the loop ended meanwhile
            raise BrowserDied("the browser was closed") from error

    def run_for(self, aio: Base, work: Coroutine[Any, Any, T]) -> T:
        """`run` for a session; refused once the browser that it was opened in has been replaced, as its loop is gone as well."""
        if aio.browser is not self._browser:
            work.close()
            raise BrowserDied("the browser process ended")
        return self.run(work)

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin with a coroutine on the loop thread; the result comes later."""
        loop = self._running(work)
        try:
            return loop.start(work)
        except CancelledError as error:
            raise BrowserDied("the browser was closed") from error

    def _running(self, work: Coroutine[Any, Any, Any]) -> LoopThread:
        if self._loop is None or not self._loop.running or self._process != os.getpid():
            work.close()
            raise BrowserDied("the browser was closed, or belongs to the process that this one was forked from")
        return self._loop

    def open(
        self,
        *,
        viewport: tuple[int, int] = (1280, 720),
        headers: Mapping[str, str] = {},
        storage_state: Any = None,
        locale: str = "en-US",
        timezone: str = "America/New_York",
        http_credentials: Any = None,
        record_har: bool = False,
        clock: float | None = None,
        follow_new_tabs: bool = True,
        ask_dialogs: bool = False,
        uploads: tuple[str | Path, ...] = (),
        deadline_s: float = DEADLINE_S,
    ) -> Session:
        """A fresh session with one empty tab.

        Args:
            viewport: width and height in pixels.
            headers: sent with every request of the session.
            storage_state: cookies and local storage, see `Session.storage_state`: a dict, or the path of a file.
            locale: such as ``"en-US"``.
            timezone: such as ``"America/New_York"``.
            http_credentials: ``{"username": ..., "password": ...}`` for sites that ask by HTTP.
            record_har: keep the text of answers in the network log as well.
            clock: what time it is for the pages when the session begins, in seconds since 1970; None for the real time.
            follow_new_tabs: whether a tab that a page opens becomes the active one.
            ask_dialogs: leave confirm and prompt dialogs to the agent; else they are accepted. Alerts always are.
            uploads: folders that files may be uploaded from.
            deadline_s: for each call of the session.
        """
        self._ensure()
        options: dict[str, Any] = {
            "viewport": {"width": viewport[0], "height": viewport[1]}, "screen": {"width": viewport[0], "height": viewport[1]},
            "extra_http_headers": dict(headers), "storage_state": storage_state, "locale": locale, "timezone_id": timezone,
            "http_credentials": http_credentials, "reduced_motion": "reduce", "device_scale_factor": 1, "service_workers": "block",
            "accept_downloads": True, "color_scheme": "light",
        }  # fmt: skip
        aio = self.run(self._open(options, clock, deadline_s, record_har, follow_new_tabs, ask_dialogs, uploads, headers))
        session = Session(self, aio)
        self._sessions.add(session)
        return session

    async def _open(
        self, options: dict[str, Any], clock: float | None, deadline_s: float, bodies: bool, follow: bool, ask: bool,
        uploads: tuple[str | Path, ...], headers: Mapping[str, str],
    ) -> AsyncSession:  # fmt: skip
        if self._browser is None:
            raise BrowserDied("the browser was closed")
        try:
            context = await asyncio.wait_for(self._browser.new_context(**options), START_S)
            aio = AsyncSession(self._browser, context, self.hosts, deadline_s)
            aio.record_bodies, aio.follow_new_tabs, aio.ask_dialogs = bodies, follow, ask
            aio.uploads, aio.headers = tuple(Path(u) for u in uploads), dict(headers)
            context.on("page", aio.arrived)
            await context.add_init_script(script=prelude(clock))
            aio.open_tabs.append(await aio.fresh_tab())
        except Error as error:
            if not self._browser.is_connected():
                raise BrowserDied("the browser process ended while a session was opened") from error
            raise
        return aio

    def _ensure(self) -> None:
        """Start the browser if it is not running."""
        if self._process != os.getpid():  # forked: the browser and the threads are our parent's
            self._starting, self._process = threading.Lock(), os.getpid()
            self._loop = self._playwright = self._browser = None
            self._sessions = set()
        with self._starting:
            if self._browser is not None and self._browser.is_connected():
                return
            self._stop()
            self._loop = LoopThread("mtenvs-chromium")
            try:
                self._loop.run(asyncio.wait_for(self._launch(), START_S))
            except BaseException:
                self._stop()
                raise
            _open_browsers.add(self)

    async def _launch(self) -> None:
        try:
            self._playwright = await async_playwright().start()
        except Exception as error:
            fault = driver_fault()
            if fault:
                raise MissingRequirement("web", f"what Playwright's driver runs on ({fault})", DRIVER_INSTALL) from error
            raise
        self._browser = await self._playwright.chromium.launch(
            executable_path=self._executable, headless=True, args=flags(self.hosts.rules(), self._args),
            env=surroundings(),
            handle_sigint=False, handle_sigterm=False, handle_sighup=False,
        )  # fmt: skip
        self._browser.on("disconnected", self._died)

    def _died(self, _: Browser) -> None:
        for session in list(self._sessions):
            session.aio.raise_alarm(BrowserDied("the browser process ended"))

    def forget(self, session: Session, *, wait: bool) -> None:
        """Close a session."""
        self._sessions.discard(session)
        if self._loop is None or not self._loop.running or self._process != os.getpid() or session.aio.browser is not self._browser:
            return
        with contextlib.suppress(CancelledError):  # the loop ended, and the session with it
            closing = self._loop.start(session.aio.close())
            if wait:
                closing.result()

    def close(self) -> None:
        """Close the browser and every session in it; the next `open` would start it again."""
        with self._starting:
            self._stop()
            self._sessions.clear()

    def _stop(self) -> None:
        if self._process != os.getpid():
            return
        _open_browsers.discard(self)
        loop, self._loop = self._loop, None
        if loop is not None and loop.running:
            with contextlib.suppress(Exception):
                loop.run(asyncio.wait_for(self._shut(), 15))
            loop.close()
        self._browser = self._playwright = None

    async def _shut(self) -> None:
        if self._browser is not None:
            with contextlib.suppress(Error):
                await self._browser.close()
        if self._playwright is not None:
            await self._playwright.stop()


_open_browsers: set[Chromium] = set()


def _close_all() -> None:
    for browser in list(_open_browsers):
        browser.close()


def _after_fork() -> None:
    """The child has no part in its parent's browsers: their threads are not in it."""
    Chromium.after_fork()
    _open_browsers.clear()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
