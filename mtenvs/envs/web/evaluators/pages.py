"""What a verdict may look at: pages, REST answers, pictures and the network log; and the judge that some official checks need.

Nothing here depends on a browser. Whoever drives one hands in an object with these methods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mtenvs.backends.judge import JudgeFailed as JudgeError
from mtenvs.core.errors import MtenvsError

__all__ = ["HarEntry", "Judge", "JudgeError", "Page", "PageError", "Pages"]

HarEntry = Mapping[str, Any]
"""One entry of ``log.entries`` in HAR 1.2."""


class PageError(MtenvsError, RuntimeError):
    """A page or an address that cannot be reached, or a script that failed on it."""


class Page(Protocol):
    """One page of a browser; the verifier's own, or the agent's."""

    @property
    def url(self) -> str:
        """The address it stands at."""

    def goto(self, url: str) -> None:
        """Go there and wait until it has loaded.

        Raises:
            PageError: it does not load.
        """

    def evaluate(self, js: str) -> Any:
        """The value of a JavaScript expression, as JSON data.

        Raises:
            PageError: the script throws.
        """

    def content(self) -> str:
        """The page's HTML as it is now."""


class Pages(Protocol):
    """What is left of an episode for the verifier."""

    @property
    def last_url(self) -> str:
        """The address of the agent's active tab."""

    def last(self) -> Page:
        """The agent's active tab, where it stands; only to be read."""

    def fresh(self) -> Page:
        """A page of the verifier's own in the agent's browser context, so with the agent's cookies; the same object may come again."""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str) -> tuple[int, str]:
        """A request outside the browser: HTTP status and text.

        Raises:
            PageError: no answer.
        """

    def download(self, url: str) -> bytes:
        """The bytes at an address, for pictures.

        Raises:
            PageError: no answer, or not status 200.
        """

    def events(self) -> Sequence[HarEntry]:
        """All requests of the agent's browser so far, in the order in which they started."""


class Judge(Protocol):
    """A model that decides what comparing cannot, such as `mtenvs.backends.judge.ChatJudge`.

    Each method raises `JudgeError` when no usable answer comes; the check then stays undecided.
    """

    def equivalent(self, question: str, reference: str, answer: str) -> bool:
        """Whether an answer means the same as the reference."""

    def same_reason(self, task: str, reference: str, answer: str) -> bool:
        """Whether the reason given for a task's being impossible is the real one."""

    def look(self, picture: bytes, question: str) -> str:
        """A short answer to a question on a PNG picture."""
