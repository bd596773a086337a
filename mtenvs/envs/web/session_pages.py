"""What official verdicts look at, out of a browser session: the agent's tab, a page of the verifier's own, the network log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from mtenvs.backends.chromium import BrowserError, Probe, Session
from mtenvs.core.errors import BadAction
from mtenvs.envs.web.evaluators.pages import HarEntry, Page, PageError

T = TypeVar("T")


class SessionPages:
    """`Pages` of an episode.

    Args:
        session: the episode's browser context.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._probe: Probe | None = None

    @property
    def last_url(self) -> str:
        """The address of the agent's active tab."""
        return self._session.url

    def last(self) -> Page:
        """The agent's active tab, where it stands."""
        return _Last(self._session)

    def fresh(self) -> Page:
        """A page beside the agent's tabs, with the agent's cookies."""
        return _Fresh(self._own())

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[int, str]:
        """A request outside the browser."""
        answer = _told(lambda: self._own().request(method, url, headers=headers, data=body or None))
        return answer.status, answer.text

    def download(self, url: str) -> bytes:
        """The bytes at an address."""
        answer = _told(lambda: self._own().request("GET", url))
        if answer.status != 200:
            raise PageError(f"{url} answers with status {answer.status}")
        return answer.body

    def events(self) -> Sequence[HarEntry]:
        """All requests of the agent's tabs so far."""
        entries: Sequence[HarEntry] = self._session.har()["log"]["entries"]
        return entries

    def close(self) -> None:
        """Close the verifier's page."""
        if self._probe is not None:
            with suppress(BrowserError):
                self._probe.close()
            self._probe = None

    def _own(self) -> Probe:
        if self._probe is None:
            self._probe = self._session.probe()
        return self._probe


class _Last:
    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def url(self) -> str:
        return self._session.url

    def goto(self, url: str) -> None:
        raise PageError(f"the agent's tab is not moved, also not to {url}")

    def evaluate(self, js: str) -> Any:
        return _told(lambda: self._session.evaluate(js))

    def content(self) -> str:
        return _told(self._session.html)


class _Fresh:
    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    @property
    def url(self) -> str:
        return self._probe.url

    def goto(self, url: str) -> None:
        _told(lambda: self._probe.goto(url))

    def evaluate(self, js: str) -> Any:
        return _told(lambda: self._probe.evaluate(js))

    def content(self) -> str:
        return _told(self._probe.content)


def _told(work: Callable[[], T]) -> T:
    try:
        return work()
    except (BrowserError, BadAction) as error:
        raise PageError(str(error)) from error
