"""One address that takes a POST and gives JSON, or a named error."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from mtenvs.core.errors import MissingRequirement, MtenvsError, UnknownOption

_SHOWN: Final = 200  # characters of a strange body that go into the message
_AGAIN: Final = frozenset({408, 409, 425, 429})  # and every 5xx: what may be different the next time


class EndpointError(MtenvsError, RuntimeError):
    """A model behind an address gave no answer that can be used, after all retries. The message never holds the key.

    Args:
        url: that was asked, without a user or password in it.
        kind: ``"http"`` (an error status), ``"timeout"``, ``"connection"``, ``"body"`` (nothing, HTML, broken or wrongly shaped
            JSON) or ``"size"`` (more bytes than the limit).
        detail: status and beginning of the body, or what else happened.
    """

    def __init__(self, url: str, kind: str, detail: str) -> None:
        self.url, self.kind, self.detail = url, kind, detail
        super().__init__(f"{url}: {detail}")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.url, self.kind, self.detail)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often an address is asked.

    Args:
        timeout_s: of one wait: for the connection, or for the next bytes.
        deadline_s: of one request from beginning to end.
        retries: further requests after the first.
        backoff_s: the wait before the first retry; each further one is twice as long.
        max_bytes: the longest answer that is read.
    """

    timeout_s: float = 60.0
    deadline_s: float = 120.0
    retries: int = 2
    backoff_s: float = 0.5
    max_bytes: int = 8 * 2**20


class _Failure(NamedTuple):
    kind: str
    detail: str
    again: bool = True


class Address:
    """A client of one address, for any thread.

    Args:
        base_url: up to and including the version, such as ``"http://127.0.0.1:8000/v1"``.
        path: of the service, such as ``"/chat/completions"``.
        api_key: sent as a bearer token; None for none.
        patience: timeouts and retries.

    Raises:
        MissingRequirement: httpx is not installed.
        UnknownOption: no http address.
    """

    def __init__(self, base_url: str, path: str, api_key: str | None, patience: Patience) -> None:
        try:
            import httpx  # noqa: PLC0415 - an extra
        except ImportError as e:
            raise MissingRequirement("video", "httpx", 'pip install "mtenvs[chat]"') from e
        try:
            parsed = httpx.URL(base_url.rstrip("/") + path)
        except httpx.InvalidURL as e:
            raise UnknownOption(f"the base URL is not an address: {e}") from e
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise UnknownOption(f"the base URL {base_url!r} is no http address, such as http://127.0.0.1:8000/v1")
        self._httpx, self._url, self._key, self._patience = httpx, parsed, api_key, patience
        self.shown = str(parsed.copy_with(username=None, password=None, query=None))
        headers = {"accept": "application/json", "accept-encoding": "identity"}  # a packed body would hide its size
        if api_key:
            headers["authorization"] = f"Bearer {api_key}"
        self._client = httpx.Client(headers=headers, timeout=patience.timeout_s)

    def post(self, content: bytes, kind: str) -> dict[str, Any]:
        """The JSON object that comes back.

        Args:
            content: of the request.
            kind: its content type.

        Raises:
            EndpointError: none came, after all retries.
        """
        attempt = 1
        while isinstance(found := self._attempt(content, kind), _Failure):
            if not found.again or attempt > self._patience.retries:
                raise EndpointError(self.shown, found.kind, f"{found.detail} (attempt {attempt}, the last)")
            time.sleep(self._patience.backoff_s * 2 ** (attempt - 1))
            attempt += 1
        return found

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def strange(self, what: str, data: Any) -> EndpointError:
        """The error for an answer of another shape."""
        return EndpointError(self.shown, "body", f"status 200 and JSON, but {what}: {self._excerpt(json.dumps(data).encode())}")

    def _attempt(self, content: bytes, kind: str) -> dict[str, Any] | _Failure:
        httpx, end = self._httpx, time.monotonic() + self._patience.deadline_s
        body = bytearray()
        try:
            with self._client.stream("POST", self._url, content=content, headers={"content-type": kind}) as response:
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > self._patience.max_bytes:
                        return _Failure(
                            "size", f"status {response.status_code} with more than {self._patience.max_bytes} bytes", again=False
                        )
                    if time.monotonic() > end:
                        return _Failure("timeout", f"no complete answer within {self._patience.deadline_s:g} s")
        except httpx.TimeoutException as e:
            return _Failure("timeout", f"nothing came for {self._patience.timeout_s:g} s ({type(e).__name__})")
        except (httpx.HTTPError, OSError) as e:
            return _Failure("connection", f"{type(e).__name__}: {e}")
        return self._read(response.status_code, body)

    def _read(self, status: int, body: bytearray) -> dict[str, Any] | _Failure:
        if status != 200:
            return _Failure("http", f"status {status}: {self._excerpt(body)}", again=status in _AGAIN or status >= 500)
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return _Failure("body", f"status 200, but not JSON: {self._excerpt(body)}")
        return data if isinstance(data, dict) else _Failure("body", f"status 200 and JSON, but no object: {self._excerpt(body)}")

    def _excerpt(self, body: bytes | bytearray) -> str:
        text = body.decode("utf-8", "replace")
        if self._key:
            text = text.replace(self._key, "***")  # some servers repeat it; before the cut, which might leave a half of it
        text = " ".join(text[: 4 * _SHOWN].split())
        return text[:_SHOWN] + ("..." if len(text) > _SHOWN else "") or "(empty)"
