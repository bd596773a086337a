"""A model that judges answers, behind an OpenAI-compatible endpoint."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mtenvs.core.errors import MissingRequirement, MtenvsError, UnknownOption

if TYPE_CHECKING:
    import httpx

_AGAIN: Final = frozenset({408, 425, 429})
_GRADE: Final = (
    "Decide whether an answer to a question says the same as the reference answer. Other words, order or form do not matter; missing, "
    "wrong or contradicting facts do. 'N/A' stands for: this cannot be done. Reply with one word: correct, partial or wrong."
)
_REASON: Final = (
    "A task cannot be done, for the reason given as the real one. Somebody reported why they could not do it. Decide whether what they "
    "reported is that reason, even if only implied. Reply with one word: same or different."
)
_LOOK: Final = "Answer the question on the picture in a few words; a question that asks for yes or no with that word."


class JudgeFailed(MtenvsError, RuntimeError):
    """The endpoint gave no usable answer."""


class ChatJudge:
    """Asks a chat model. Every question is one request at temperature 0; thread-safe.

    Args:
        base_url: up to and including the version, such as ``"http://127.0.0.1:8000/v1"``.
        model: its name at the endpoint; one that sees pictures, for `look`.
        api_key: sent as a bearer token; None for none. It never shows in a message.
        timeout_s: for one request.
        retries: further requests after one that had no connection, no time, or an answer that may be another the next time (408, 429, 5xx).
        wait_s: before the first of them; each further wait is twice as long.

    Raises:
        UnknownOption: ``base_url`` is no http address.
        MissingRequirement: httpx is not installed.
    """

    def __init__(
        self, base_url: str, model: str, api_key: str | None = None, timeout_s: float = 60.0, *, retries: int = 2, wait_s: float = 0.5
    ) -> None:
        try:
            import httpx  # noqa: PLC0415 - only who judges needs it
        except ImportError as e:
            raise MissingRequirement("web", "httpx", 'pip install "mtenvs[web]"') from e
        if not base_url.startswith(("http://", "https://")):
            raise UnknownOption(f"base_url={base_url!r} is no http address, such as http://127.0.0.1:8000/v1")
        self._passing: type[Exception] = httpx.TransportError
        self._retries, self._wait = retries, wait_s
        self._failures: tuple[type[Exception], ...] = (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError)
        headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(headers=headers, timeout=timeout_s)
        self._url, self._model = base_url.rstrip("/") + "/chat/completions", model

    def equivalent(self, question: str, reference: str, answer: str) -> bool:
        """Whether an answer means the same as the reference.

        Raises:
            JudgeFailed: no usable answer.
        """
        asked = (
            f"Question: {question}\nReference answer: {reference}\nAnswer: {answer}"
            if question
            else f"Reference: {reference}\nText: {answer}"
        )
        return self._word(_GRADE, asked, ("correct", "partial", "wrong")) == "correct"

    def same_reason(self, task: str, reference: str, answer: str) -> bool:
        """Whether the reported reason for a task's being impossible is the real one.

        Raises:
            JudgeFailed: no usable answer.
        """
        return self._word(_REASON, f"Task: {task}\nReal reason: {reference}\nReported: {answer}", ("same", "different")) == "same"

    def look(self, picture: bytes, question: str) -> str:
        """A short answer to a question on a PNG picture.

        Raises:
            JudgeFailed: no usable answer.
        """
        url = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        return self._ask(_LOOK, [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": question}])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _word(self, system: str, asked: str, words: tuple[str, ...]) -> str:
        said = self._ask(system, asked).lower()
        found = [word for word in words if re.search(rf"\b{word}\b", said)]
        if len(found) != 1:
            raise JudgeFailed(f"the judge said {said[:80]!r}, not one of {', '.join(words)}")
        return found[0]

    def _ask(self, system: str, content: Any) -> str:
        messages = [{"role": "system", "content": system}, {"role": "user", "content": content}]
        body = {"model": self._model, "messages": messages, "temperature": 0, "max_tokens": 768}
        try:
            response = self._posted(body)
            response.raise_for_status()
            text = response.json()["choices"][0]["message"]["content"]
        except self._failures as e:
            raise JudgeFailed(f"the judge at {self._url} gave no answer: {type(e).__name__}: {str(e)[:200]}") from e
        if not isinstance(text, str):
            raise JudgeFailed(f"the judge at {self._url} gave no text")
        return text

    def _posted(self, body: Mapping[str, Any]) -> httpx.Response:
        """The last answer that came, after as many requests as it took."""
        for attempt in range(self._retries):
            try:
                response = self._client.post(self._url, json=body)
                if response.status_code not in _AGAIN and response.status_code < 500:
                    return response
            except self._passing:
                pass
            time.sleep(self._wait * 2**attempt)
        return self._client.post(self._url, json=body)
