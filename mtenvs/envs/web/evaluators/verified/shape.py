"""Reads data by a schema, and compares what was read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from mtenvs.envs.web.evaluators.verified.addresses import Sites
from mtenvs.envs.web.evaluators.verified.kinds import KINDS, Value
from mtenvs.envs.web.evaluators.verified.urls import Reading, Url, read_url

Schema = Mapping[str, Any]
_DEEPEST: Final = 40  # no real answer nests so far


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values.

    Args:
        sites: whose addresses become placeholders in texts.
        given: by the agent or the browser: what is not of its kind stays as it is and fits nothing, and patterns mean nothing. Otherwise
            it comes from the task file, and raises.
    """

    sites: Sites
    given: bool

    def one(self, raw: Any, kind: str) -> Any:
        """A value of a kind.

        Raises:
            ValueError: it is not, and is the task's.
        """
        if kind != "url" and kind not in KINDS:
            raise ValueError(f"the schema has the kind {kind!r}")
        try:
            if kind == "url":
                return read_url(raw, Reading(self.sites), strict=not self.given)
            return Value.of(kind, raw, self.sites, given=self.given)
        except ValueError:
            if self.given:
                return raw
            raise

    def items(self, raw: Sequence[Any], schema: Schema) -> tuple[Any, ...]:
        """The entries of an answer.

        Raises:
            ValueError: the schema is not of a list, or an entry of the task does not fit it.
        """
        if schema.get("type", "array") != "array":
            raise ValueError(f"the schema is of {schema.get('type')!r}, not of a list")
        inner = schema.get("items") or {}
        if inner.get("type") == "object":
            return tuple(self._objects(item, inner) for item in raw)
        return tuple(self.one(item, str(inner.get("format") or inner.get("type", "string"))) for item in raw)

    def fields(self, raw: Mapping[str, Any], schema: Schema | None) -> dict[str, Any]:
        """The fields of an object; those that the schema does not name are texts.

        Raises:
            ValueError: a field of the task does not fit.
        """
        properties = (schema or {}).get("properties") or {}
        return {name: self._field(value, properties.get(name)) for name, value in raw.items()}

    def _field(self, value: Any, schema: Schema | None) -> Any:
        if value is None:
            return None
        if schema is None:
            return self.one(value, "string")
        if schema.get("type") == "array":
            return self._list(value, schema.get("items") or {})
        if schema.get("type") == "object":
            return self._objects(value, schema)
        return self.one(value, str(schema.get("format") or schema.get("type") or "string"))

    def _list(self, value: Any, inner: Schema) -> Any:
        value = _parsed(value, list)
        if not isinstance(value, (list, tuple)):
            if self.given:
                return value
            raise ValueError(f"{value!r} is no list")
        if inner.get("type") == "object":
            return tuple(self._objects(item, inner) for item in value)
        return tuple(self.one(item, str(inner.get("format") or inner.get("type") or "string")) for item in value)

    def _objects(self, value: Any, schema: Schema) -> Any:
        if isinstance(value, (list, tuple)):
            return tuple(self._objects(item, schema) for item in value)
        value = _parsed(value, dict)
        if isinstance(value, Mapping):
            return self.fields(value, schema)
        if self.given:
            return value
        raise ValueError(f"{value!r} is no object")


def _parsed(value: Any, kind: type) -> Any:
    """JSON text as data, where it is of a kind."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, kind) else value


def same(wanted: Any, given: Any, *, ordered: bool = False, more: bool = False, depth: int = 0) -> bool:
    """Whether what was given is what was wanted.

    Args:
        wanted: read from the task.
        given: read from the agent or the browser.
        ordered: lists have to be in order; otherwise each wanted entry takes the first given one that fits and is still free.
        more: objects may have further fields.
        depth: of the recursion.
    """
    if depth > _DEEPEST or wanted is None or given is None:
        return wanted is None and given is None
    if isinstance(wanted, Mapping):
        fits = isinstance(given, Mapping) and wanted.keys() <= given.keys() and (more or len(given) == len(wanted))
        return fits and all(same(wanted[key], given[key], ordered=ordered, more=more, depth=depth + 1) for key in wanted)
    if isinstance(wanted, (list, tuple)):
        fits = isinstance(given, (list, tuple)) and len(wanted) == len(given)
        return fits and _same_list(wanted, list(given), ordered=ordered, more=more, depth=depth + 1)
    return wanted.fits(given) if isinstance(wanted, (Value, Url)) else bool(wanted == given)


def _same_list(wanted: Sequence[Any], free: list[Any], *, ordered: bool, more: bool, depth: int) -> bool:
    for one in wanted:
        places = range(1) if ordered else range(len(free))
        at = next((i for i in places if same(one, free[i], ordered=ordered, more=more, depth=depth)), None)
        if at is None:
            return False
        del free[at]
    return True
