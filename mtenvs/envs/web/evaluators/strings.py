"""Comparing one text with one reference, in the manner of either suite.

Where they differ: WebArena strips an answer and looks up a single *character* among whole words, and only when it is the one
reference; VisualWebArena does not strip and looks up every single *word* so. The same task can thus get different verdicts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Final

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.score import Suite
from mtenvs.envs.web.evaluators.words import words

OR: Final = " |OR| "
TOLERANCE: Final = 1e-8
_COMPARE: Final[dict[str, tuple[Callable[[float, float], bool], float]]] = {
    "<=": (operator.le, TOLERANCE),
    ">=": (operator.ge, -TOLERANCE),
    "==": (operator.eq, 0.0),
    "<": (operator.lt, TOLERANCE),
    ">": (operator.gt, -TOLERANCE),
}  # longest signs first: "<" is also in "<="


def clean(text: str, suite: Suite) -> str:
    """Without one pair of quotes around it, in lower case; WebArena strips spaces first."""
    if suite == "webarena":
        text = text.strip()
    for quote in ("'", '"'):
        if text.startswith(quote) and text.endswith(quote):
            text = text[1:-1]
            break
    return text.lower()


def equal(reference: str, text: str, suite: Suite) -> bool:
    """Whether both are the same when cleaned."""
    return clean(text, suite) == clean(reference, suite)


def includes(reference: str, text: str, suite: Suite, *, alone: bool = False) -> bool:
    """Whether a reference occurs in a text.

    Args:
        reference: what to look for.
        text: where.
        suite: whose rule.
        alone: it is the only reference of an answer; WebArena then looks for a single character among whole words.
    """
    wanted, given = clean(reference, suite), clean(text, suite)
    whole = alone and len(wanted) == 1 if suite == "webarena" else True
    if whole and len(words(wanted)) == 1:
        return wanted in words(given)
    return wanted in given


def whole_number(text: str) -> int | None:
    """A text as a whole number, thousands separated by commas or not; None if it is none."""
    try:
        return int(text.strip().replace(",", ""))
    except ValueError:
        return None


def holds(value: float, inequality: str) -> bool:
    """Whether a number satisfies an inequality such as ``">= 12"``.

    Raises:
        DataError: the inequality is not readable.
    """
    for sign, (compare, slack) in _COMPARE.items():
        if sign in inequality:
            _, _, number = inequality.partition(sign)
            try:
                limit = float(number.strip())
            except ValueError:
                break
            return abs(value - limit) <= TOLERANCE if sign == "==" else compare(value, limit + slack)
    raise DataError(f"{inequality!r} is no inequality such as '>= 12'")


def all_hold(value: float | None, inequalities: Iterable[str]) -> bool:
    """Whether a number satisfies every inequality, each of which may give alternatives; no number satisfies none."""
    return value is not None and all(any(holds(value, one) for one in each.split(OR)) for each in inequalities)
