"""One OpenAI-compatible endpoint: a request goes out, an answer or a named failure comes back; nothing is raised."""

from __future__ import annotations

import asyncio
import json
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import MissingRequirement, UnknownOption, did_you_mean

try:
    import httpx
except ImportError as e:
    raise MissingRequirement("chat", "httpx", 'pip install "mtenvs[chat]"') from e

RETRIED: Final = frozenset({408, 409, 425, 429})  # and every 5xx: what may be different the next time
_SHOWN: Final = 200  # characters of a strange body that go into the message


class Failure(NamedTuple):
    """Why a request, or a whole turn, came to nothing.

    Attributes:
        kind: ``"http"`` (an error status), ``"timeout"``, ``"connection"``, ``"body"`` (nothing, HTML, broken or wrongly shaped
            JSON) or ``"size"`` (more bytes than the limit).
        message: what happened, in one line.
    """

    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often an endpoint is asked.

    Args:
        timeout_s: of one request, from connecting to the last byte.
        deadline_s: of one turn from its first request on, retries and waiting included.
        retries: further requests after the first.
        backoff_s: the wait before the first retry; each further one is twice as long.
        backoff_max_s: the longest wait that we choose ourselves.
        max_bytes: the longest body that is read.
        concurrency: requests on the way at a time.
    """

    timeout_s: float = 60.0
    deadline_s: float = 180.0
    retries: int = 4
    backoff_s: float = 0.5
    backoff_max_s: float = 30.0
    max_bytes: int = 8 * 2**20
    concurrency: int = 32

    def __post_init__(self) -> None:
        for name in ("timeout_s", "deadline_s", "backoff_s", "backoff_max_s"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
                raise UnknownOption(f"{name}={value!r} is a number of seconds above 0")
        for name, least in (("retries", 0), ("max_bytes", 1), ("concurrency", 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise UnknownOption(f"{name}={value!r} is a whole number of at least {least}")

    @classmethod
    def of(cls, given: Limits | Mapping[str, Any] | None) -> Limits:
        """Limits from data, such as ``{"timeout_s": 5}``.

        Raises:
            UnknownOption: a name or value that does not exist.
        """
        if given is None or isinstance(given, cls):
            return given or cls()
        if not isinstance(given, Mapping):
            raise UnknownOption(f"limits={given!r} is a Limits or a mapping of its fields")
        for name in given:
            if name not in cls.__slots__:
                raise UnknownOption(f"limits has no {name!r}: {did_you_mean(str(name), cls.__slots__)}")
        return cls(**given)


@dataclass(slots=True)
class Completion:
    """What came of one turn's requests.

    Args:
        data: the endpoint's answer, a chat completion with at least one choice whose message is a mapping; None after a failure.
        error: the failure, None after a success.
        attempts: requests that were made.
        seconds: all of it.
        failures: what went wrong on the way, the last one included.
    """

    data: dict[str, Any] | None = None
    error: Failure | None = None
    attempts: int = 0
    seconds: float = 0.0
    failures: list[Failure] = field(default_factory=list)


class _Failed(Exception):
    def __init__(self, kind: str, message: str, *, again: bool, wait_s: float | None = None) -> None:
        self.error, self.again, self.wait_s = Failure(kind, message), again, wait_s
        super().__init__(message)


class Endpoint:
    """An OpenAI-compatible chat-completions endpoint. To be used from one event loop.

    Args:
        base_url: up to and including the version, such as ``"http://127.0.0.1:8000/v1"``.
        api_key: sent as a bearer token; None for none. It never shows in a message.
        limits: time, retries, size, concurrency; a `Limits` or its fields as data.
        seed: of the jitter.
    """

    def __init__(self, base_url: str, api_key: str | None = None, limits: Limits | Mapping[str, Any] | None = None, seed: int = 0) -> None:
        try:
            parsed = httpx.URL(base_url)
        except (httpx.InvalidURL, TypeError) as e:
            raise UnknownOption(f"base_url={base_url!r} is not an address: {e}") from e
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise UnknownOption(f"base_url={base_url!r} is no http address, such as http://127.0.0.1:8000/v1")
        self.url = base_url.rstrip("/") + "/chat/completions"
        self.limits = Limits.of(limits)
        self._key = api_key
        self._random = random.Random(seed)
        self._slots = asyncio.Semaphore(self.limits.concurrency)
        headers = {"accept": "application/json", "accept-encoding": "identity"}  # a packed body would hide its size
        if api_key:
            headers["authorization"] = f"Bearer {api_key}"
        n = self.limits.concurrency
        pool = httpx.Limits(max_connections=n, max_keepalive_connections=n)
        self._client = httpx.AsyncClient(headers=headers, timeout=self.limits.timeout_s, limits=pool)

    async def complete(self, body: Mapping[str, Any]) -> Completion:
        """Ask until there is an answer, the retries are used up or the deadline has come; it runs from the first request on."""
        began = time.monotonic()
        out = Completion()
        content = json.dumps(body).encode()
        end: float | None = None
        while out.data is None and out.error is None:
            async with self._slots:
                end = time.monotonic() + self.limits.deadline_s if end is None else end
                failed = await self._attempt(out, content, min(self.limits.timeout_s, end - time.monotonic()))
            if failed is not None:
                await self._pause_or_end(out, failed, end)
        out.seconds = time.monotonic() - began
        return out

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _attempt(self, out: Completion, content: bytes, seconds: float) -> _Failed | None:
        """One request of at most so many seconds; the answer goes into ``out``."""
        if seconds <= 0:
            return _Failed("timeout", f"the deadline of {self.limits.deadline_s:g} s passed while waiting for a free slot", again=False)
        out.attempts += 1
        try:
            out.data = await asyncio.wait_for(self._once(content), seconds)
        except (asyncio.TimeoutError, httpx.TimeoutException):  # the first is not the built-in one before Python 3.11
            return _Failed("timeout", f"no complete answer within {seconds:.3g} s", again=True)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as e:
            return _Failed("connection", f"{type(e).__name__}: {e}", again=True)
        except _Failed as e:
            return e
        return None

    async def _once(self, content: bytes) -> dict[str, Any]:
        headers = {"content-type": "application/json"}
        async with self._client.stream("POST", self.url, content=content, headers=headers) as response:
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self.limits.max_bytes:
                    raise _Failed("size", f"status {response.status_code} with more than {self.limits.max_bytes} bytes", again=False)
        status = response.status_code
        if status != 200:
            again = status in RETRIED or status >= 500
            wait_s = retry_after(response.headers.get("retry-after")) if again else None
            raise _Failed("http", f"status {status}: {_excerpt(body)}", again=again, wait_s=wait_s)
        return _read(bytes(body))

    async def _pause_or_end(self, out: Completion, failed: _Failed, end: float) -> None:
        """Wait for the next attempt, or settle for the failure."""
        error = failed.error
        if self._key:
            error = Failure(error.kind, error.message.replace(self._key, "***"))
        out.failures.append(error)
        grown = min(self.limits.backoff_max_s, self.limits.backoff_s * 2.0 ** min(out.attempts - 1, 60))
        wait = grown * self._random.uniform(0.5, 1.0)  # jitter: callers that failed together do not come back together
        if failed.wait_s is not None:
            wait = max(wait, failed.wait_s)
        if not failed.again or out.attempts > self.limits.retries:
            out.error = Failure(error.kind, f"{error.message} (attempt {out.attempts}, the last)")
        elif time.monotonic() + wait > end:
            out.error = Failure(error.kind, f"{error.message} (attempt {out.attempts}; {wait:.3g} s more would pass the deadline)")
        else:
            await asyncio.sleep(wait)


def retry_after(value: str | None) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or a date; None when it says nothing that makes sense."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            then = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return None
        then = then if then.tzinfo is not None else then.replace(tzinfo=timezone.utc)
        seconds = (then - datetime.now(timezone.utc)).total_seconds()
        return max(0.0, seconds)
    return seconds if 0 <= seconds < math.inf else None


def _read(body: bytes) -> dict[str, Any]:
    """A chat completion with a message in it.

    Raises:
        _Failed: there is none in the body.
    """
    if not body.strip():
        raise _Failed("body", "status 200 with an empty body", again=True)
    try:
        data = json.loads(body)
        message = data["choices"][0]["message"]
    except RecursionError:
        raise _Failed("body", "status 200 with JSON that is nested too deeply", again=True) from None
    except ValueError:
        raise _Failed("body", f"status 200, but not JSON: {_excerpt(body)}", again=True) from None
    except (LookupError, TypeError):
        raise _Failed("body", f"status 200 and JSON, but no choices[0].message: {_excerpt(body)}", again=True) from None
    if not isinstance(message, dict):
        raise _Failed("body", f"status 200 and JSON, but the message is no object: {_excerpt(body)}", again=True)
    return dict(data)


def _excerpt(body: bytes | bytearray) -> str:
    text = " ".join(bytes(body[: 4 * _SHOWN]).decode("utf-8", "replace").split())
    return text[:_SHOWN] + ("..." if len(text) > _SHOWN else "") or "(empty)"
