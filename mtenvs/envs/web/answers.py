"""Comparing an answer with the truth: by number, money, date, set or text, never by a model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

_NUMBER: Final = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?|[-+]?\.\d+")
_NONE: Final = frozenset({"n/a", "na", "none", "not available", "not found", "no such item", "impossible", "not possible"})
_DATES: Final = (
    re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b"),
    re.compile(r"\b\d{1,2}/\d{1,2}/\d{2,4}\b"),
    re.compile(r"\b[A-Za-z]{3,9}\.? \d{1,2},? \d{4}\b"),
    re.compile(r"\b\d{1,2} [A-Za-z]{3,9}\.?,? \d{4}\b"),
)
_FORMATS: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y")


def answer_fits(form: str, truth: Any, answer: str) -> bool:
    """Whether an answer says the truth.

    Args:
        form: ``text`` (equal but for case, quotes, spaces and a final full stop), ``number`` or ``money`` (the only number in the answer),
            ``date`` (the only date in it), ``set`` (each of several texts, separated by commas, semicolons or lines, in any order, nothing
            else), ``list`` (the same in order), ``one_of`` (equal to one of several texts), ``none`` (says that there is no answer).
        truth: text, number, ISO date or list of texts.
        answer: what the agent wrote.
    """
    return _FORMS[form](truth, answer)


def plain(text: str) -> str:
    """Lower case, single spaces, no quotes around, no full stop behind."""
    text = " ".join(unicodedata.normalize("NFKC", text).casefold().split()).removesuffix(".").strip()
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`":
        text = text[1:-1].strip().removesuffix(".").strip()
    return text


def _text(truth: Any, answer: str) -> bool:
    return plain(str(truth)) == plain(answer)


def _number(truth: Any, answer: str) -> bool:
    found = _NUMBER.findall(answer)
    if len(found) != 1:
        return False
    try:
        return Decimal(found[0].replace(",", "")) == Decimal(str(truth))
    except InvalidOperation:
        return False


def _date(truth: Any, answer: str) -> bool:
    found = {day for pattern in _DATES for text in pattern.findall(answer) if (day := _day(text)) is not None}
    return found == {date.fromisoformat(str(truth))}


def _day(text: str) -> date | None:
    clean = " ".join(text.replace(",", " ").replace(".", " ").split())
    return next((day for form in _FORMATS if (day := _parsed(clean, form)) is not None), None)


def _parsed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no time zone
    except ValueError:
        return None


def _list(truth: Any, answer: str) -> bool:
    return _pieces(truth, answer) == [plain(str(t)) for t in truth]


def _set(truth: Any, answer: str) -> bool:
    pieces = _pieces(truth, answer)
    return len(pieces) == len(truth) and sorted(pieces) == sorted(plain(str(t)) for t in truth)


def _pieces(truth: Sequence[Any], answer: str) -> list[str]:
    """The answer's parts; commas separate only where no part of the truth has one itself."""
    marks = r"[;\n]" if any("," in str(t) for t in truth) else r"[;,\n]"
    return [piece for part in re.split(marks, answer) if (piece := plain(part.strip().lstrip("-*•").strip()))]


def _one_of(truth: Any, answer: str) -> bool:
    return any(_text(t, answer) for t in truth)


def _none(_truth: Any, answer: str) -> bool:
    return plain(answer) in _NONE


_FORMS: Final[Mapping[str, Callable[[Any, str], bool]]] = {
    "text": _text,
    "number": _number,
    "money": _number,
    "date": _date,
    "set": _set,
    "list": _list,
    "one_of": _one_of,
    "none": _none,
}
