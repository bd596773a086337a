"""Addresses as the checks compare them: a base with placeholders, and query parameters."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlparse, urlunparse

from url_normalize import url_normalize

from mtenvs.envs.web.evaluators.verified.addresses import Sites
from mtenvs.envs.web.evaluators.verified.texts import is_pattern

_BASE64: Final = re.compile(r"[A-Za-z0-9_-]{4,}={0,2}")
_SSH: Final = re.compile(r"(?:ssh://(?:([^@/]*)@)?[^/]*|([^@]*)@[^:]*:)(.*)", re.IGNORECASE | re.DOTALL)
Query = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """How addresses are read for one check.

    Args:
        sites: of the task.
        ignored: names of query parameters that do not count.
        ignored_patterns: the same, as regular expressions that may match anywhere.
        base64: parts of a path that are a query in Base64 are read as one.
        typed: makes values out of the parameters; None to compare them as texts.
    """

    sites: Sites
    ignored: frozenset[str] = frozenset()
    ignored_patterns: tuple[str, ...] = ()
    base64: bool = False
    typed: Callable[[Query], Query] | None = None

    def query(self, query: Mapping[str, Any]) -> Query:
        """Query parameters without those that do not count, in lower case, each one's values sorted."""
        kept = {k: tuple(sorted(str(v).lower().strip() for v in values)) for k, values in query.items() if not self._skips(k)}
        return dict(self.typed(kept) if self.typed is not None and kept else kept)

    def _skips(self, name: str) -> bool:
        return name in self.ignored or any(_found(p, name) for p in self.ignored_patterns)


def _found(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name, re.IGNORECASE) is not None
    except re.error:
        return False


@dataclass(frozen=True, slots=True)
class Address:
    """One address that was read.

    Args:
        base: without its query.
        query: values by parameter.
        pattern: whether ``base`` is a regular expression.
    """

    base: str
    query: Query = field(default_factory=dict)
    pattern: bool = False


@dataclass(frozen=True, slots=True)
class Url:
    """An address, or several alternatives.

    Args:
        alternatives: one or more.
        sites: for filling in placeholders.
    """

    alternatives: tuple[Address, ...]
    sites: Sites

    def fits(self, other: object) -> bool:
        """Whether an address that the browser asked for is one of these, query included; patterns may stand in ``self`` only."""
        if not isinstance(other, Url):
            return False
        return any(self._same_base(a, b) and _same_query(a.query, b.query) for a in self.alternatives for b in other.alternatives)

    def fits_base(self, other: Url) -> bool:
        """The same without the query."""
        return any(self._same_base(a, b) for a in self.alternatives for b in other.alternatives)

    def _same_base(self, wanted: Address, given: Address) -> bool:
        if not wanted.pattern:
            return not given.pattern and wanted.base.lower().rstrip("/") == given.base.lower().rstrip("/")
        inner = wanted.base[1:-1] if is_pattern(wanted.base) else wanted.base
        pattern = f"^{self._filled(inner)}$" if is_pattern(wanted.base) else self._filled(inner)
        return re.match(pattern, self._filled(given.base)) is not None

    def _filled(self, text: str) -> str:
        return self.sites.filled(text) if text.startswith("__") else text


def _same_query(wanted: Query, given: Query) -> bool:
    return all(_same_parameter(_first(wanted.get(key)), _first(given.get(key))) for key in {*wanted, *given})


def _first(values: Any) -> Any:
    """The first value; nothing, null and an empty text are the same."""
    found = values[0] if values else ""
    return "" if found is None else found


def _same_parameter(wanted: Any, given: Any) -> bool:
    if is_pattern(wanted):
        return re.match(wanted, str(given)) is not None
    return bool(wanted.fits(given)) if hasattr(wanted, "fits") else bool(wanted == given)


def read_url(raw: Any, reading: Reading, *, query: Query | None = None, strict: bool = True) -> Url:
    """An address, or a list of alternatives.

    Args:
        raw: with placeholders or addresses.
        reading: how.
        query: replaces what the address itself asks.
        strict: it has to be one of the task's sites.

    Raises:
        ValueError: it is none, or a list of one.
    """
    if isinstance(raw, (list, tuple)):
        if len(raw) < 2:
            raise ValueError("alternatives are two or more")
        return Url(tuple(_address(one, reading, query, strict=strict) for one in raw), reading.sites)
    return Url((_address(raw, reading, query, strict=strict),), reading.sites)


def _address(raw: Any, reading: Reading, query: Query | None, *, strict: bool) -> Address:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("an address is a text")
    text = raw.strip()
    if is_pattern(text):
        if not strict:
            raise ValueError("an address from the browser is no pattern")
        return Address(text.rstrip("/"), reading.query(query or {}), pattern=True)
    text = text.rstrip("/")
    if text.startswith("__"):
        text = reading.sites.filled(text)
    lower = text.lower()
    if lower.startswith("ssh://") or (lower.startswith("git@") and ":" in text and "://" not in text):
        return _ssh(lower)
    normal = url_normalize(text)
    if normal is None:
        raise ValueError(f"{text!r} is no address")
    parts = urlparse(reading.sites.marked(normal, strict=strict))
    netloc = parts.netloc.lower()
    if (parts.scheme, _port(parts)) in {("http", 80), ("https", 443)}:
        netloc = (parts.hostname or netloc).lower()
    path = f"{parts.path};{parts.params}" if parts.params else parts.path
    if query is None:
        pieces: list[str] = []
        if reading.base64:
            path, pieces = _hidden_query(path)
        query = _parsed("&".join([*pieces, *([parts.query.strip()] if parts.query else [])]))
    base = urlunparse((parts.scheme.lower(), netloc, path, "", "", parts.fragment))
    return Address(base, reading.query(query))


def _port(parts: Any) -> int | None:
    try:
        return int(parts.port) if parts.port is not None else None
    except ValueError:
        return None


def _ssh(text: str) -> Address:
    found = _SSH.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no address")
    user = found[1] or found[2] or "git"
    return Address(f"{user}@__SSH_HOST__:{found[3].lstrip('/')}")


def _parsed(query: str) -> dict[str, tuple[str, ...]]:
    return {unquote(k): tuple(sorted(unquote(v) for v in values)) for k, values in parse_qs(query, keep_blank_values=True).items()}


def _hidden_query(path: str) -> tuple[str, list[str]]:
    """A path without its parts that are a query in Base64, and those."""
    kept: list[str] = []
    queries: list[str] = []
    for part in path.split("/"):
        query = _decoded(part)
        if query:
            queries.append(query.lstrip("?&"))
        elif part:
            kept.append(part)
    if not path:
        return path, []
    joined = "/".join(kept)
    start = "/" if path.startswith("/") else ""
    end = "/" if joined and path.endswith("/") else ""
    return start + joined + end, queries


def _decoded(part: str) -> str:
    if not _BASE64.fullmatch(part):
        return ""
    try:
        text = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except ValueError:
        return ""
    return unquote(text).strip() if "=" in text else ""
