"""Scores that may be undecided: 1, 0, anything between, or None where only a judge could tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from mtenvs.envs.web.evaluators.pages import JudgeError

Score = float | None
Suite = Literal["webarena", "visualwebarena"]
"""The two suites share a task format and differ in how they compare; see `mtenvs.envs.web.evaluators.strings`."""


def product(scores: Iterable[Score]) -> Score:
    """The product: zero as soon as one is zero, else undecided as soon as one is undecided."""
    out: Score = 1.0
    for score in scores:
        if score == 0:
            return 0.0
        out = None if out is None or score is None else out * score
    return out


def any_of(scores: Iterable[Score]) -> Score:
    """1 if one holds, else undecided if one is undecided, else 0."""
    found = list(scores)
    return 1.0 if any(found) else None if None in found else 0.0


def asked(question: Callable[[], bool] | None) -> Score:
    """What a judge says; undecided without one, or when it fails."""
    if question is None:
        return None
    try:
        return float(question())
    except JudgeError:
        return None
