"""``string_match``: the agent's answer against the reference answers, by every approach that the task names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.pages import Judge
from mtenvs.envs.web.evaluators.score import Score, Suite, asked, product
from mtenvs.envs.web.evaluators.strings import OR, all_hold, clean, equal, includes, whole_number

NOT_ACHIEVABLE: Final = "N/A"
APPROACHES: Final[dict[str, frozenset[str]]] = {
    "webarena": frozenset({"exact_match", "must_include", "fuzzy_match"}),
    "visualwebarena": frozenset({"exact_match", "must_include", "must_exclude", "one_of", "required_values", "fuzzy_match"}),
}


def string_match(
    check: Mapping[str, Any], intent: str, answer: str, suite: Suite, judge: Judge | None = None, *, compat: bool = True
) -> Score:
    """The product over the approaches.

    Args:
        check: the task's ``eval`` object.
        intent: what was asked, for the judge.
        answer: what the agent gave when it stopped.
        suite: whose rules.
        judge: decides ``fuzzy_match``. Without one, only an answer equal to the reference is decided.
        compat: keep upstream's mistakes, see `mtenvs.envs.web.evaluators.deviations`.

    Returns:
        1 or 0; None where a judge is needed and there is none.

    Raises:
        DataError: an approach that does not exist, or references of the wrong type.
    """
    given = clean(answer, suite)
    score: Score = 1.0
    for approach, wanted in (check.get("reference_answers") or {}).items():
        if approach == "fuzzy_match" and wanted == NOT_ACHIEVABLE:
            said_so = equal(wanted, given, suite)
            if not said_so or (compat and score != 1.0):
                second = asked(_second_chance(judge, intent, str(check.get("string_note") or ""), given))
                score = second if compat else product([score, second])
        else:
            score = product([score, _approach(approach, wanted, intent, given, suite, judge)])
    return score


def _second_chance(judge: Judge | None, intent: str, reason: str, given: str) -> Callable[[], bool] | None:
    return None if judge is None else lambda: judge.same_reason(intent, reason, given)


def _approach(approach: str, wanted: Any, intent: str, given: str, suite: Suite, judge: Judge | None) -> Score:
    if approach not in APPROACHES[suite]:
        raise DataError(f"reference_answers has no approach {approach!r}: known are {', '.join(sorted(APPROACHES[suite]))}")
    if approach == "exact_match":
        return float(equal(str(wanted), given, suite))
    if not isinstance(wanted, list) or not all(isinstance(w, str) for w in wanted):
        raise DataError(f"reference_answers.{approach} is a list of texts, not {wanted!r}")
    if approach == "fuzzy_match":
        return product(equivalent(judge, intent, one, given, suite) for one in wanted)
    return float(_COMPARISONS[approach](given, wanted, suite))


def _include(given: str, wanted: list[str], suite: Suite) -> bool:
    if suite == "webarena":
        return all(includes(one, given, suite, alone=len(wanted) == 1) for one in wanted)
    return all(any(includes(one, given, suite) for one in each.split(OR)) for each in wanted)


_COMPARISONS: Final[Mapping[str, Callable[[str, list[str], Suite], bool]]] = {
    "must_include": _include,
    "must_exclude": lambda given, wanted, suite: not any(includes(one, given, suite) for one in wanted),
    "one_of": lambda given, wanted, suite: any(clean(one, suite) in given for one in wanted),
    "required_values": lambda given, wanted, _: all_hold(whole_number(given), wanted),
}


def equivalent(judge: Judge | None, question: str, reference: str, given: str, suite: Suite) -> Score:
    """Whether a judge finds two texts to say the same; without one, equal texts do and others are undecided."""
    if judge is None:
        return 1.0 if equal(reference, given, suite) else None
    return asked(lambda: judge.equivalent(question, reference, given))
