"""Whether the browser asked a server for what a task expects."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from jsonpath_ng.exceptions import JSONPathError
from jsonpath_ng.ext.parser import parse

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.verified.addresses import Sites
from mtenvs.envs.web.evaluators.verified.events import Event
from mtenvs.envs.web.evaluators.verified.shape import Reader, same
from mtenvs.envs.web.evaluators.verified.texts import is_pattern
from mtenvs.envs.web.evaluators.verified.urls import Reading, Url, read_url

_ADDRESSES: Final = frozenset({"redirect_url", "referer"})  # headers that hold one


@dataclass(frozen=True, slots=True)
class Check:
    """One ``NetworkEventEvaluator`` of a task.

    Args:
        config: as in the task file.
        sites: of the task.
        navigates: whether the task is to go somewhere; then only the last navigation counts.
    """

    config: Mapping[str, Any]
    sites: Sites
    navigates: bool

    @property
    def expected(self) -> Mapping[str, Any]:
        """What an event has to be."""
        return self.config["expected"]  # type: ignore[no-any-return]  # a mapping, as checked when the file was opened

    @property
    def method(self) -> str:
        """The wanted method."""
        return str(self.expected.get("http_method") or "GET")

    def holds(self, events: Sequence[Event]) -> bool:
        """Whether the events satisfy it."""
        try:
            found = self._candidates([event for event in events if event.is_counted])
            if self.config.get("should_not_exist"):
                return not found
            if self.config.get("last_event_only", True):
                found = found[-1:]
            if not found:
                return False
            wanted = self._read(self._wanted(), given=False)
            return any(same(wanted, self._read(self._of(event), given=True), more=True) for event in found)
        except ValueError:  # upstream ends the check with an error, which scores 0
            return False

    def _candidates(self, events: Sequence[Event]) -> list[Event]:
        if self.navigates and self.method == "GET":
            return [event for event in events if event.is_navigation][-1:]
        wanted = self._url(self.expected["url"], given=False)
        referer = (self.expected.get("headers") or {}).get("referer")
        wanted_referer = self._url(referer, given=False) if referer else None
        found = []
        for event in events:
            if event.method.lower() != self.method.lower() or not wanted.fits_base(self._url(event.url, given=True)):
                continue
            came_from = event.headers.get("referer")
            if wanted_referer and came_from and not wanted_referer.fits_base(self._url(came_from.lower(), given=True)):
                continue
            found.append(event)
        return found

    def _url(self, raw: Any, *, given: bool, query: Mapping[str, Any] | None = None) -> Url:
        schema = self.config.get("query_params_schema")
        reading = Reading(
            self.sites,
            frozenset(self.config.get("ignored_query_params") or ()),
            tuple(self.config.get("ignored_query_params_patterns") or ()),
            bool(self.config.get("decode_base64_query")),
            (lambda kept: Reader(self.sites, given).fields(kept, schema)) if schema else None,
        )
        return read_url(raw, reading, query=query, strict=not given)

    def _wanted(self) -> dict[str, Any]:
        out = {key: value for key, value in self.expected.items() if value is not None}
        return {"http_method": "GET", "response_status": 200, **out}

    def _of(self, event: Event) -> dict[str, Any]:
        """What an event says of that which is wanted."""
        expected = self.expected
        headers = {n: event.headers[n.lower()] for n in expected.get("headers") or () if n.lower() in event.headers}
        cookies = {n: event.cookies_set[n] for n in expected.get("response_cookies") or () if n in event.cookies_set}
        out = {
            "url": event.url,
            "http_method": event.method,
            "response_status": event.status,
            "headers": headers,
            "response_cookies": cookies,
            "post_data": event.posted if expected.get("post_data") else None,
            "response_content": event.answered if expected.get("response_content") else None,
        }
        return {key: value for key, value in out.items() if value or key in {"url", "http_method", "response_status"}}

    def _read(self, data: dict[str, Any], *, given: bool) -> dict[str, Any]:
        reader = Reader(self.sites, given)
        out = {key: data[key] for key in ("http_method", "response_status")}
        out["url"] = self._url(data["url"], given=given, query=data.get("query_params"))
        if "headers" in data:
            out["headers"] = {name: self._header(reader, name, value) for name, value in data["headers"].items()}
        for key, wanted in (("post_data", self._post_keys()), ("response_content", self._keys("response_content"))):
            fields = data.get(key) or None
            if fields and key == "post_data":
                fields = {k: v for k, v in fields.items() if not self._ignores(k)}
            if fields and given and wanted:
                fields = {k: picked(fields, k) for k in wanted if k in fields or key == "post_data" or _is_path(k)}
            if fields and key == "post_data":
                fields = reader.fields(fields, self.config.get("post_data_schema"))
            out[key] = fields
        cookies = data.get("response_cookies")
        out["response_cookies"] = {n: reader.one(v, "string") for n, v in cookies.items()} if cookies else None
        return out

    def _header(self, reader: Reader, name: str, value: str) -> Any:
        if name in _ADDRESSES and value:
            try:
                return self._url(value, given=reader.given)
            except ValueError:
                if reader.given:
                    return value
                raise
        return reader.one(self.sites.marked(value), "string")

    def _post_keys(self) -> tuple[str, ...]:
        return tuple(key for key in self._keys("post_data") if not self._ignores(key))

    def _keys(self, of: str) -> tuple[str, ...]:
        return tuple(key.strip() for key in self.expected.get(of) or ())

    def _ignores(self, name: str) -> bool:
        return any(re.search(pattern, name) for pattern in self.config.get("ignored_post_data_params_patterns") or ())


def _is_path(key: str) -> bool:
    return key.startswith("$") or is_pattern(key)


def picked(fields: Mapping[str, Any], key: str) -> Any:
    r"""A field, or what a JSON path or a pattern of names (``$.^name_\d+$``) finds; several as a tuple, nothing as None.

    Raises:
        DataError: the path is none.
    """
    if not _is_path(key):
        return fields.get(key)
    if key.startswith("$.^") and key.endswith("$"):
        key = key.removeprefix("$.")
    if is_pattern(key):
        values = [value for name, value in fields.items() if re.match(key, name)]
        return values[0] if len(values) == 1 else tuple(values) or None
    path = _path(key)
    found = [match.value for match in path.find(fields) or path.find(_opened(fields))]
    if len(found) == 1 and "?(" not in key:
        return found[0]
    return tuple(found) or None


@cache
def _path(text: str) -> Any:
    try:
        return parse(text)
    except JSONPathError as e:
        raise DataError(f"{text!r} is no JSON path: {e}") from e


def _opened(data: Any) -> Any:
    """Data with JSON texts in it read, one level deep in each object."""
    if isinstance(data, Mapping):
        return {key: _json(value) if isinstance(value, str) else _opened(value) for key, value in data.items()}
    return [_opened(item) for item in data] if isinstance(data, list) else data


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
