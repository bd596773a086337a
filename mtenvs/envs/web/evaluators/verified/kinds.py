"""The kinds of values that a schema names: how each is read, and when two are the same."""

from __future__ import annotations

import base64
import calendar
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from dateutil import parser as dates
from geopy import Point
from price_parser import Price
from pytimeparse2 import parse as seconds_of
from rapidfuzz import fuzz
from rapidfuzz.utils import default_process
from word2number.w2n import word_to_num

from mtenvs.envs.web.evaluators.verified.addresses import Sites
from mtenvs.envs.web.evaluators.verified.texts import bare, is_pattern, matches, plain

CENTS: Final = Decimal("0.1")
NEAR_M, NEAR_SHARE = Decimal(10), Decimal("0.02")  # two distances: within 10 m, or 2 % of the longer one
NEAR_S, NEAR_S_SHARE = 180.0, 0.10  # two durations: within 3 minutes, or 10 % of the longer one
NEAR_DEGREES: Final = 1e-5
ALIKE: Final = 80  # of 100, for names of places
_METRES: Final[Mapping[str, Decimal]] = {
    unit: Decimal(metres)
    for metres, units in {
        "1": "m meter meters metre metres",
        "1000": "km kilometer kilometers kilometre kilometres",
        "0.01": "cm centimeter centimeters centimetre centimetres",
        "0.001": "mm millimeter millimeters millimetre millimetres",
        "1609.344": "mi mile miles",
        "0.9144": "yd yard yards",
        "0.3048": "ft foot feet",
        "0.0254": "in inch inches",
    }.items()
    for unit in units.split()
}
_DISTANCE: Final = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?)\s*\*?\s*([a-z]+)")
_YES, _NO = frozenset({"true", "yes", "y", "1", "t", "on"}), frozenset({"false", "no", "n", "0", "f", "off"})
_NOTHING: Final = frozenset({"n/a", "na", "nan", "null", "none"})
_LONGEST: Final = 2_000  # characters of a value that is read as a date, a duration and the like


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value.

    Args:
        read: a raw value as what is compared; raises `ValueError` or `TypeError` for one that is not of the kind.
        prepare: applied to texts before.
        same: whether two read values are the same.
        first_only: of several alternatives, upstream compares only the first.
    """

    read: Callable[[Any], Any]
    prepare: Callable[[str, Sites | None], str] = plain
    same: Callable[[Any, Any], bool] = lambda a, b: bool(a == b)
    first_only: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A value that was read.

    Args:
        kind: its name.
        alternatives: of which one has to be the same; one or more.
        given: by the agent, so that patterns in it mean nothing.
    """

    kind: str
    alternatives: tuple[Any, ...]
    given: bool

    @classmethod
    def of(cls, kind: str, raw: Any, sites: Sites | None, *, given: bool) -> Value:
        """A raw value of a kind; a list of two or more is one of alternatives.

        Raises:
            ValueError: it is not of the kind, or a list of fewer.
        """
        how = KINDS[kind]
        if isinstance(raw, (list, tuple)) and not (kind == "coordinates" and _is_pair(raw)):
            if len(raw) < 2:
                raise ValueError("alternatives are two or more")
            parts = list(raw)
        else:
            parts = [raw]
        try:
            return cls(kind, tuple(how.read(how.prepare(p, sites) if isinstance(p, str) else p) for p in parts), given)
        except (ValueError, TypeError, AttributeError, ArithmeticError, LookupError, RecursionError) as e:
            raise ValueError(f"{raw!r} is no {kind}") from e

    def fits(self, other: object) -> bool:
        """Whether another value is of the same kind and shares an alternative."""
        if not isinstance(other, Value) or other.kind != self.kind:
            return False
        how = KINDS[self.kind]
        if how.first_only:
            return how.same(self.alternatives[0], other.alternatives[0])
        if self.kind in _PATTERNED and (_any_pattern(self, other) or _any_pattern(other, self)):
            return True
        return any(how.same(a, b) for a in self.alternatives for b in other.alternatives)


def _any_pattern(one: Value, other: Value) -> bool:
    """Upstream takes patterns of the agent too, so that an answer ``^.*$`` fits every text; see DEVIATIONS."""
    flags = _PATTERNED[one.kind]
    return not one.given and any(is_pattern(p) and matches(p, t, flags) for p in one.alternatives for t in other.alternatives)


def _present(value: Any) -> Any:
    if not value and not isinstance(value, (int, float)):
        raise ValueError("nothing is given")
    return value


def _short(value: Any) -> str:
    text = str(_present(value))
    if len(text) > _LONGEST:
        raise ValueError("too long")
    return text


def _string(value: Any) -> str:
    return "" if not value else value.strip() if is_pattern(value) else str(value).lower().strip()


def _same_string(a: str, b: str) -> bool:
    return a == b or bare(a) == bare(b)


def _number(value: Any) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    text = _short(value)
    try:
        return float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        return float(word_to_num(text))


def _boolean(value: Any) -> bool:
    if isinstance(value, (bool, int, float)):
        return bool(value)
    if not isinstance(value, str) or value.strip().lower() not in _YES | _NO:
        raise ValueError("neither yes nor no")
    return value.strip().lower() in _YES


def _currency(value: Any) -> Decimal:
    text = _short(value)
    below = text.startswith("-")
    text = text.replace("-", "") if below else text
    found = Price.fromstring(text, decimal_separator="." if text.rfind(".") > text.rfind(",") else ",").amount_float
    if found is None:
        raise ValueError("no amount")
    return -Decimal(str(found)) if below else Decimal(str(found))


def _date(value: Any) -> date:
    if not isinstance(value, str):
        raise TypeError("a date is a text")
    found: datetime = dates.parse(re.sub(r",(?! )", ", ", _short(value)), dayfirst=False)
    return found.date()


def _month(value: Any) -> str:
    if isinstance(value, (int, float)) and value != int(value):
        raise ValueError("no whole number")
    text = str(int(value)) if isinstance(value, (int, float)) else _short(value).strip()
    try:
        number = int(text)
    except ValueError:
        number = dates.parse(text, default=datetime(2000, 1, 1)).month  # noqa: DTZ001 - only its month is read
    if not 1 <= number <= 12:
        raise ValueError("no month")
    return calendar.month_name[number]


def _seconds(value: Any) -> float:
    text = _short(value) if value else ""
    if not text or _is_number(text):
        raise ValueError("a duration has a unit")
    found = seconds_of(text)
    if found is None:
        raise ValueError("no duration")
    return float(found)


def _duration_text(text: str, sites: Sites | None) -> str:
    return re.sub(r"(\d+):(\d+)\s*hours?", r"\1h\2m", plain(text, sites))


def _distance(value: Any) -> Decimal:
    text = re.sub(r"(\d+(?:\.\d+)?)\s*k(?=\s|$)", r"\1 km", _short(value), flags=re.IGNORECASE)
    found = _DISTANCE.fullmatch(text.replace(",", "").strip())
    if found is None or found[2] not in _METRES:
        raise ValueError("no number with a unit of length")
    return Decimal(found[1]) * _METRES[found[2]]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _near(a: Any, b: Any, absolute: Any, share: Any) -> bool:
    return bool(abs(a - b) <= max(absolute, max(a, b) * share))


def _is_pair(raw: Any) -> bool:
    return len(raw) == 2 and all(isinstance(v, (int, float, str)) for v in raw)


def _coordinates(value: Any) -> tuple[float, float]:
    _present(value)
    if isinstance(value, Mapping):
        keys = [k for k in value if isinstance(k, str) and len(k) >= 2]
        lat = [k for k in keys if "latitude".startswith(k.lower())]
        lon = [k for k in keys if "longitude".startswith(k.lower()) or k.lower() == "lng"]
        point = Point(latitude=value[lat[0]], longitude=value[lon[0]])
    elif isinstance(value, str):
        point = Point(_short(value))
    else:
        latitude, longitude = value
        point = Point(latitude=latitude, longitude=longitude)
    return float(point.latitude), float(point.longitude)


def _same_place(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return all(abs(p - q) <= NEAR_DEGREES for p, q in zip(a, b, strict=True))


def _location(value: Any) -> str:
    if value is None:
        raise ValueError("nothing is given")
    return str(value).lower().strip() if value else ""


def _same_location(a: str, b: str) -> bool:
    return a == b if not a or not b else round(fuzz.token_sort_ratio(a, b, processor=default_process)) >= ALIKE


def _empty(value: Any) -> None:
    if isinstance(value, (int, float)) or (value and value not in _NOTHING):
        raise ValueError("this is something")


def _empty_text(text: str, _: Sites | None) -> str:
    return re.sub(r"\s*/\s*", "/", re.sub(r"\s+", " ", text.strip().lower()))


def _string_list(value: Any) -> tuple[str, ...]:
    items = sorted(item for part in str(_present(value) or "").split(",") if (item := part.strip()))
    if not value or not items:
        raise ValueError("no items")
    return tuple(items)


def _json(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no JSON text")
    return json.dumps(json.loads(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _stripped(text: str, _: Sites | None) -> str:
    return text.strip()


def _base64(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    if is_pattern(value):
        return value.strip()
    return base64.b64decode(value, validate=True).decode().replace("\r\n", "\n").replace("\r", "\n").strip()


_MARKDOWN: Final = (
    (re.compile(r"\r\n?"), "\n"),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
    (re.compile(r"\n{3,}"), "\n\n"),
    (re.compile(r"^(\s*)(#{1,6})[ \t]+", re.MULTILINE), r"\1\2 "),
    (re.compile(r"^(\s*)[*+][ \t]+", re.MULTILINE), r"\1- "),
    (re.compile(r"^[ \t]+(-)", re.MULTILINE), r"  \1"),
    (re.compile(r"\[([^\]\n]*)\n\s*([^\]]*?)\](\([^)]+\))"), r"[\1 \2]\3"),
)
_IN_BRACKETS: Final = re.compile(r"\[([^\]]+)\]")
_IN_PARENTHESES: Final = re.compile(r"\(([^)]+)\)")


def _markdown(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("no text")
    for pattern, by in _MARKDOWN:
        value = pattern.sub(by, value)
    value = _IN_BRACKETS.sub(lambda m: f"[{' '.join(m[1].split())}]", value)
    return _IN_PARENTHESES.sub(lambda m: f"({m[1].strip() or m[1][-1:]})", value).strip()


_PATTERNED: Final[Mapping[str, int]] = {"string": re.IGNORECASE, "base64": re.DOTALL}
KINDS: Final[Mapping[str, Kind]] = {
    "string": Kind(_string, same=_same_string),
    "number": Kind(_number),
    "integer": Kind(_number),
    "boolean": Kind(_boolean),
    "currency": Kind(_currency, same=lambda a, b: abs(a - b) <= CENTS, first_only=True),
    "date": Kind(_date),
    "month": Kind(_month),
    "duration": Kind(_seconds, _duration_text, lambda a, b: _near(a, b, NEAR_S, NEAR_S_SHARE)),
    "distance": Kind(_distance, same=lambda a, b: _near(a, b, NEAR_M, NEAR_SHARE)),
    "coordinates": Kind(_coordinates, same=_same_place, first_only=True),
    "location-name": Kind(_location, same=_same_location),
    "null": Kind(_empty, _empty_text),
    "string_list": Kind(_string_list),
    "json": Kind(_json),
    "markdown": Kind(_markdown, _stripped),
    "base64": Kind(_base64, _stripped),
}
