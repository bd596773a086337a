"""A session for plain blocking code: callable from any thread, also while an event loop runs there."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

from mtenvs.backends.chromium.base import Base
from mtenvs.backends.chromium.live import AsyncSession
from mtenvs.backends.chromium.nodes import DialogInfo
from mtenvs.backends.chromium.probe import AsyncProbe

if TYPE_CHECKING:
    from typing_extensions import Self

P = ParamSpec("P")
T = TypeVar("T")


class Host(Protocol):
    """What a session needs of the browser that it lives in."""

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine on the loop thread."""

    def run_for(self, aio: Base, work: Coroutine[Any, Any, T]) -> T:
        """The result of a session's coroutine on the loop thread; refused if the browser is not the session's any more."""

    def forget(self, session: Session, *, wait: bool) -> None:
        """Close a session."""


def _blocking(
    method: Callable[Concatenate[AsyncSession, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[Session, P], T]:
    """The same method, waited for."""

    @functools.wraps(method)
    def call(self: Session, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.browser.run_for(self.aio, method(self.aio, *args, **kwargs))

    return call


def _blocking_probe(method: Callable[Concatenate[AsyncProbe, P], Coroutine[Any, Any, T]]) -> Callable[Concatenate[Probe, P], T]:
    """The same method, waited for."""

    @functools.wraps(method)
    def call(self: Probe, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.browser.run_for(self.aio.session, method(self.aio, *args, **kwargs))

    return call


class Probe:
    """A page for verifiers, see `mtenvs.backends.chromium.probe`.

    Args:
        browser: whose loop runs it.
        aio: the async twin.
    """

    def __init__(self, browser: Host, aio: AsyncProbe) -> None:
        self.browser, self.aio = browser, aio

    goto = _blocking_probe(AsyncProbe.goto)
    evaluate = _blocking_probe(AsyncProbe.evaluate)
    content = _blocking_probe(AsyncProbe.content)
    request = _blocking_probe(AsyncProbe.request)
    close = _blocking_probe(AsyncProbe.close)

    @property
    def url(self) -> str:
        """Where it is."""
        return self.browser.run_for(self.aio.session, self.aio.url())


class Session:
    """One browser context: one episode of one env. Made by `Chromium.open`.

    The methods are those of `mtenvs.backends.chromium.live.AsyncSession`, which is there as ``aio`` for code on the loop thread:
    ``chromium.run(step_many([s.aio for s in sessions]))``. Each ends within the deadline.

    Args:
        browser: the browser that it belongs to.
        aio: the async twin.
    """

    def __init__(self, browser: Host, aio: AsyncSession) -> None:
        self.browser, self.aio = browser, aio

    # Tabs and addresses.
    tabs = _blocking(AsyncSession.tabs)
    new_tab = _blocking(AsyncSession.new_tab)
    close_tab = _blocking(AsyncSession.close_tab)
    focus_tab = _blocking(AsyncSession.focus_tab)
    goto = _blocking(AsyncSession.goto)
    go_back = _blocking(AsyncSession.go_back)
    go_forward = _blocking(AsyncSession.go_forward)
    reload = _blocking(AsyncSession.reload)
    settle = _blocking(AsyncSession.settle)
    # Reading.
    outline = _blocking(AsyncSession.outline)
    axtree = _blocking(AsyncSession.axtree)
    resolve = _blocking(AsyncSession.resolve)
    locator = _blocking(AsyncSession.locator)
    screenshot = _blocking(AsyncSession.screenshot)
    html = _blocking(AsyncSession.html)
    evaluate = _blocking(AsyncSession.evaluate)
    # Acting.
    click = _blocking(AsyncSession.click)
    dblclick = _blocking(AsyncSession.dblclick)
    hover = _blocking(AsyncSession.hover)
    type = _blocking(AsyncSession.type)
    clear = _blocking(AsyncSession.clear)
    focus = _blocking(AsyncSession.focus)
    press = _blocking(AsyncSession.press)
    scroll = _blocking(AsyncSession.scroll)
    select = _blocking(AsyncSession.select)
    check = _blocking(AsyncSession.check)
    uncheck = _blocking(AsyncSession.uncheck)
    drag = _blocking(AsyncSession.drag)
    upload = _blocking(AsyncSession.upload)
    click_at = _blocking(AsyncSession.click_at)
    mouse_move = _blocking(AsyncSession.mouse_move)
    mouse_down = _blocking(AsyncSession.mouse_down)
    mouse_up = _blocking(AsyncSession.mouse_up)
    mouse_drag = _blocking(AsyncSession.mouse_drag)
    keyboard_type = _blocking(AsyncSession.keyboard_type)
    wait = _blocking(AsyncSession.wait)
    answer_dialog = _blocking(AsyncSession.answer_dialog)
    pause_clock = _blocking(AsyncSession.pause_clock)
    advance_clock = _blocking(AsyncSession.advance_clock)
    # What happened.
    feedback = _blocking(AsyncSession.feedback)
    network = _blocking(AsyncSession.network)
    har = _blocking(AsyncSession.har)
    dialogs = _blocking(AsyncSession.dialog_log)
    downloads = _blocking(AsyncSession.download_log)
    # State.
    storage_state = _blocking(AsyncSession.storage_state)
    add_cookies = _blocking(AsyncSession.add_cookies)
    clear_cookies = _blocking(AsyncSession.clear_cookies)

    @property
    def active(self) -> int:
        """Index of the tab that is acted on."""
        return self.browser.run_for(self.aio, self.aio.active_tab())

    @property
    def url(self) -> str:
        """Address of the active tab."""
        return self.browser.run_for(self.aio, self.aio.url())

    @property
    def title(self) -> str:
        """Title of the active tab."""
        return self.browser.run_for(self.aio, self.aio.title())

    @property
    def dialog(self) -> DialogInfo | None:
        """The dialog that waits for an answer, or None."""
        return self.browser.run_for(self.aio, self.aio.dialog())

    def probe(self) -> Probe:
        """A page for a verifier: the same cookies, but no tab of the agent's, and not in its network log."""
        return Probe(self.browser, self.browser.run_for(self.aio, self.aio.probe()))

    def close(self, *, wait: bool = True) -> None:
        """Close everything of this session; again does nothing.

        Args:
            wait: until it is done; else it goes on in the background.
        """
        self.browser.forget(self, wait=wait)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
