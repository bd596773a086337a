"""Comparing an answer with the truth: SQuAD's exact match and F1, and the cell rules of WideSearch's tables."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

_PUNCTUATION: Final = str.maketrans("", "", string.punctuation)
_ARTICLES: Final = re.compile(r"\b(a|an|the)\b")
_CLOSED: Final = frozenset({"yes", "no", "noanswer"})
_NUMBER: Final = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?\s*%?|[-+]?\.\d+\s*%?")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = "(" + "|".join(_MONTHS) + r")[a-z]*\.?"
_DATES: Final = (
    (re.compile(r"^(\d{4})[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?$"), ("y", "m", "d")),
    (re.compile(r"^(\d{4})[-/年]\s*(\d{1,2})月?$"), ("y", "m")),
    (re.compile(r"^(\d{4})年?$"), ("y",)),
    (re.compile(rf"^(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(\d{{4}})$"), ("d", "m", "y")),
    (re.compile(rf"^{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})$"), ("m", "d", "y")),
    (re.compile(rf"^{_MONTH},?\s+(\d{{4}})$"), ("m", "y")),
    (re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$"), ("m", "d", "y")),
)
_NEAR_DAYS: Final = 31

Judge = Callable[[str, str, str], bool]


def normalise(text: str) -> str:
    """SQuAD's normalisation: lower case, no punctuation, no articles, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, golden: Sequence[str]) -> float:
    """1 if the answer is one of the golden ones after `normalise`, else 0. What is nothing but articles and signs is compared as it is."""
    return float((normalise(answer) or answer.strip().lower()) in {normalise(g) or g.strip().lower() for g in golden})


def f1(answer: str, golden: Sequence[str]) -> float:
    """The best F1 over words against any golden answer; 0 where one of both is yes, no or noanswer and the other is not the same."""
    return max((_f1(normalise(answer), normalise(g)) for g in golden), default=0.0)


def _f1(answer: str, golden: str) -> float:
    if answer != golden and (answer in _CLOSED or golden in _CLOSED):
        return 0.0
    ours, theirs = answer.split(), golden.split()
    same = sum((Counter(ours) & Counter(theirs)).values())
    if not ours or not theirs:
        return float(ours == theirs)
    return 2 * same / (len(ours) + len(theirs))


def normalise_cell(value: str) -> str:
    """WideSearch's ``norm_str``: lower case, without spaces and asterisks."""
    return re.sub(r"[\s*]", "", value.lower())


def extract_number(value: str) -> str:
    """The first number of a cell, without thousands commas and with its percent sign; the cell itself where there is none."""
    match = _NUMBER.search(value)
    return re.sub(r"[,\s]", "", match[0]) if match is not None else value


def normalise_date(value: str) -> str:
    """A date as ``YYYY-MM-DD``, its missing parts as 01; the cell itself where it is no date that we can read.

    Read are ``1871-03-14``, ``1871/3``, ``1871``, ``14 March 1871``, ``March 14, 1871``, ``Mar 1871``, ``3/14/1871`` and the
    forms with year, month and day in Chinese characters.
    """
    text = " ".join(value.lower().replace("*", "").split())
    for pattern, order in _DATES:
        match = pattern.match(text)
        if match is None:
            continue
        parts = dict(zip(order, match.groups(), strict=True))
        month = parts.get("m", "1")
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
        try:
            return date(int(parts["y"]), number, int(parts.get("d", "1"))).isoformat()
        except ValueError:
            return value
    return value


PREPROCESS: Final[dict[str, Callable[[str], str]]] = {
    "norm_str": normalise_cell,
    "extract_number": extract_number,
    "norm_date": normalise_date,
}


def _number_near(answer: str, golden: str, share: float) -> float:
    ours, theirs = _as_number(answer), _as_number(golden)
    if ours is None or theirs is None:
        return float(ours is theirs and answer == golden)
    return float(abs(ours - theirs) <= abs(theirs) * share)


def _as_number(text: str) -> float | None:
    percent = text.endswith("%")
    try:
        number = float(text.removesuffix("%").replace(",", ""))
    except ValueError:
        return None
    return (number / 100 if percent else number) if math.isfinite(number) else None


def _date_near(answer: str, golden: str) -> float:
    ours, theirs = _as_date(answer), _as_date(golden)
    if ours is None or theirs is None:
        return float(ours is theirs)
    return float(abs((ours - theirs).days) <= _NEAR_DAYS)


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(normalise_date(text)[:10])
    except ValueError:
        return None


def _sites(text: str) -> set[str]:
    return {urlsplit(u).netloc.lower() for u in re.findall(r"https?://[^\s)\]|,]+", text)}


def match_cell(metric: str, answer: str, golden: str, criterion: object = None, judge: Judge | None = None) -> float:
    """The score of one cell in [0, 1], after its preprocessing.

    Args:
        metric: ``exact_match``, ``in_match`` (the answer stands in the truth), ``url_match`` (the
            same set of sites), ``number_near``, ``date_near`` or ``llm_judge``.
        answer: what the agent wrote.
        golden: the truth.
        criterion: the allowed share for ``number_near``, the judge's text for ``llm_judge``.
        judge: decides ``llm_judge``; without one only an equal cell counts.
    """
    if metric == "in_match":
        return float(answer in golden)
    if metric == "url_match":
        return float(_sites(answer) == _sites(golden))
    if metric == "number_near":
        return _number_near(answer, golden, float(criterion) if isinstance(criterion, (int, float, str)) and str(criterion) else 0.0)
    if metric == "date_near":
        return _date_near(answer, golden)
    if metric == "llm_judge" and normalise_cell(answer) != normalise_cell(golden):
        return float(judge is not None and judge(str(criterion or ""), answer, golden))
    return float(answer == golden or metric == "llm_judge")
