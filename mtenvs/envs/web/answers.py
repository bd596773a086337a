"""Comparing an answer with the truth: by number, money, date, set or text, never by a model.

An answer may be dressed ("The total is $12.50."), but it may not hedge, deny or offer several: "not 12", "12 or 13" and "at least 12" are
wrong where 12 is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from mtenvs.envs.web.days import days_in

LONGEST: Final = 4_000
"""Characters of an answer; no truth of ours is near that."""
_NUMBER: Final = re.compile(
    r"(?:[^\d]*[:=])?[(*_\"'`]*([-+]?)(?:usd|us)?\$?([-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)(?:\$|usd)?[)*_\"'`.,;:!]*"
)
_DIGIT: Final = re.compile(r"\d")
_MAIL: Final = re.compile("@")
_COUNTED: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TURNED: Final = re.compile(
    r"\b(?:not|never|neither|nor|except|wrong|false|incorrect|unsure|uncertain|maybe|perhaps|possibly|either|or|cannot|unknown|"
    r"percent|hundred|thousand|million|billion|dozen|half)\b|\w+n't\b|%|\d[\d.,]*[km]\b|\d\s*\?|"
    r"(?:\b(?:than|about|around|approximately|approx\.?|roughly|almost|nearly|least|most|up to|over|under)|[~≈≠≤≥<>])\s*\$?\d"
)
"""What makes something else of a number, in the text as `plain` gives it."""
_NONE: Final = frozenset(
    {"n/a", "na", "none", "not available", "not applicable", "not found", "impossible", "not possible", "unachievable", "cannot be done"}
)
_NO_SUCH: Final = re.compile(
    r"(?:there is )?no such [a-z]+(?: exists)?|(?:the|this|that) [a-z]+ does not exist|[a-z]+ (?:does not exist|not found)"
)
_PLAIN: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"})  # noqa: RUF001 - what others write
_MARK: Final = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")
_AND: Final = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)


def answer_fits(form: str, truth: Any, answer: str) -> bool:
    """Whether an answer says the truth.

    Args:
        form: ``text`` (equal but for case, quotes, spaces and a final full stop), ``code`` (the only word in the answer that is of the
            truth's kind: with a digit, or an e-mail address), ``number`` or ``money`` (the only number in it; a number up to twenty may be
            the word alone), ``date`` (the only date in it), ``set`` (each of several texts, separated by commas, semicolons, lines or
            "and", in any order, nothing else), ``list`` (the same in order), ``one_of`` (equal to one of several texts), ``none`` (says
            that there is no answer).
        truth: text, number, ISO date or list of texts.
        answer: what the agent wrote.
    """
    return len(answer) <= LONGEST and _FORMS[form](truth, answer)


def plain(text: str) -> str:
    """Lower case, single spaces, plain quotes and dashes, nothing invisible, no quotes around, no full stop behind."""
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN).casefold()
    text = " ".join("".join(c for c in text if c.isspace() or not unicodedata.category(c).startswith("C")).split())
    text = text.removesuffix(".").strip()
    while len(text) > 1 and text[0] == text[-1] and text[0] in "\"'`":
        text = text[1:-1].strip().removesuffix(".").strip()
    return text


def _text(truth: Any, answer: str) -> bool:
    return plain(str(truth)) == plain(answer)


def _code(truth: Any, answer: str) -> bool:
    wanted = _unpadded(plain(str(truth)))
    alike = _MAIL if "@" in wanted else _DIGIT
    said = {_unpadded(word.strip("\"'`.,;:!?()[]<>*_#")) for word in plain(answer).split() if alike.search(word)}
    return said == {wanted} and not _TURNED.search(plain(answer))


def _unpadded(word: str) -> str:
    """Order 000000693 is also number 693."""
    return word.lstrip("0") if word.isdigit() else word


def _number(truth: Any, answer: str) -> bool:
    said = plain(answer)
    if said in _COUNTED:
        return Decimal(_COUNTED.index(said)) == Decimal(str(truth))
    words = [word for word in said.split() if _DIGIT.search(word)]
    found = _NUMBER.fullmatch(words[0]) if len(words) == 1 else None
    if found is None or _TURNED.search(said):
        return False
    try:
        return Decimal((found[1] + found[2]).replace(",", "")) == Decimal(str(truth))
    except InvalidOperation:
        return False


def _date(truth: Any, answer: str) -> bool:
    return {day.isoformat() for day in days_in(answer)} == {str(truth)} and not _TURNED.search(plain(answer))


def _list(truth: Any, answer: str) -> bool:
    return any(pieces == [plain(str(t)) for t in truth] for pieces in _readings(truth, answer))


def _set(truth: Any, answer: str) -> bool:
    return any(set(pieces) == {plain(str(t)) for t in truth} for pieces in _readings(truth, answer))


def _readings(truth: Sequence[Any], answer: str) -> tuple[list[str], list[str]]:
    """The answer's parts, without and with "and" between them; commas separate only where no part of the truth has one itself."""
    answer = answer.strip()
    if answer[:1] + answer[-1:] in ("[]", "()", "{}"):
        answer = answer[1:-1]
    marks = r"[;\n]" if any("," in str(t) for t in truth) else r"[;,\n]"
    parts = [_MARK.sub("", part) for part in re.split(marks, answer)]
    smaller = [piece for part in parts for piece in _AND.split(f" {part}")]
    return [p for part in parts if (p := plain(part))], [p for part in smaller if (p := plain(part))]


def _one_of(truth: Any, answer: str) -> bool:
    return any(_text(t, answer) for t in truth)


def _none(_truth: Any, answer: str) -> bool:
    said = plain(answer)
    return said in _NONE or _NO_SUCH.fullmatch(said) is not None


_FORMS: Final[Mapping[str, Callable[[Any, str], bool]]] = {
    "text": _text,
    "code": _code,
    "number": lambda truth, answer: "$" not in answer and _number(truth, answer),
    "money": _number,
    "date": _date,
    "set": _set,
    "list": _list,
    "one_of": _one_of,
    "none": _none,
}
