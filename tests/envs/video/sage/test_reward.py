"""SAGE's reward against turns worked out by hand."""

from __future__ import annotations

import math

import pytest

from mtenvs.envs.video.sage.grammar import CONTEXT, REASONING, Reply
from mtenvs.envs.video.sage.reward import Ledger, answer_part, turn_parts


def total(reply: Reply | None, *, repeats: int = 0, bad: bool = False, sound: float | None = None) -> float:
    return sum(turn_parts(reply, repeats=repeats, bad_arguments=bad, sound=sound).values())


@pytest.mark.parametrize(
    ("got", "wanted"),
    [
        (total(Reply({}, repaired=False, exact=True)), 0.05),
        (total(Reply({}, repaired=True, exact=True)), 0.0),
        (total(Reply({}, repaired=False, exact=False)), -0.1),
        (total(None), -2.0),
        (total(Reply({}, repaired=False, exact=True), repeats=4), 0.05 - 0.05 * math.sqrt(4)),
        (total(Reply({}, repaired=False, exact=True), bad=True), -0.05),
        (total(Reply({}, repaired=False, exact=True), sound=1.0), 0.15),
        (total(Reply({}, repaired=False, exact=True), sound=0.0), -0.05),
    ],
)
def test_the_parts_of_a_turn(got: float, wanted: float) -> None:
    assert got == pytest.approx(wanted)


def ledger(*names: str) -> Ledger:
    made = Ledger()
    for name in names:
        made.note(name, {})
    return made


@pytest.mark.parametrize(
    ("names", "right", "stage", "worth"),
    [
        ((), True, CONTEXT, 1.0),
        (("verbal_transcript",), True, REASONING, 1.0),
        (("extract_parts_from_timestamp",), True, REASONING, 1.25),
        (("identify_timestamps_visually", "verbal_transcript"), True, REASONING, 1.25),
        (("verbal_transcript",), False, REASONING, -0.5),
        ((), False, CONTEXT, 0.0),
        ((), False, REASONING, 0.0),
        (("unified_web_search", "unified_web_search"), False, CONTEXT, -1.0),
        ((), None, REASONING, -0.5),
    ],
)
def test_what_an_answer_is_worth(names: tuple[str, ...], right: bool | None, stage: str, worth: float) -> None:
    assert answer_part(ledger(*names), right=right, stage=stage) == worth


def test_a_call_is_a_repeat_only_with_the_same_arguments() -> None:
    made = Ledger()
    assert [made.note("a", {"x": 1}), made.note("a", {"x": 2}), made.note("a", {"x": 1}), made.note("b", {"x": 1})] == [0, 0, 1, 0]
    assert Ledger.from_dict(made.to_dict()) == made
