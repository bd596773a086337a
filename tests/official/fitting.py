"""A text that fits a regular expression of the kinds that task files use."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable
from typing import Any

_PARSER = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")  # how Python itself takes a pattern apart
_CATEGORIES = {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " "}


def fitting(pattern: str) -> str:
    """A short text that a pattern matches.

    What a look-ahead asks for is written where it stands, for the ``.*`` that follows to cover.

    Raises:
        ValueError: none was found.
    """
    for anything in ("x", ""):
        text = _text(_PARSER.parse(pattern), anything)
        if re.search(pattern, text):
            return text
    raise ValueError(f"no text for {pattern!r}")


def _text(parsed: Iterable[tuple[Any, Any]], anything: str) -> str:
    return "".join(_one(str(kind), value, anything) for kind, value in parsed)


def _one(kind: str, value: Any, anything: str) -> str:
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, _, inner = value
        return anything if str(inner[0][0]) == "ANY" and least == 0 else _text(inner, anything) * least
    if kind == "SUBPATTERN":
        return _text(value[-1], anything)
    if kind == "ASSERT":
        return f" {_text(value[1], '')} "
    if kind == "BRANCH":
        return _text(value[1][0], anything)
    if kind == "IN":
        return next(filter(None, (_member(str(what), of) for what, of in value)))
    return chr(value) if kind == "LITERAL" else "x" if kind == "ANY" else ""


def _member(kind: str, value: Any) -> str:
    if kind == "CATEGORY":
        return _CATEGORIES[str(value)]
    return "-" if kind == "NEGATE" else chr(value[0] if kind == "RANGE" else value)
