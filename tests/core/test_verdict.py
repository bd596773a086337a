"""Verdicts: built from checkpoints, joined over parts, carried as data."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.verdict import Verdict, join

verdicts = st.builds(
    Verdict,
    score=st.none() | st.floats(0, 1),
    success=st.booleans(),
    checkpoints=st.dictionaries(st.text(max_size=5), st.booleans(), max_size=3),
    metrics=st.dictionaries(st.text(max_size=5), st.floats(allow_nan=False), max_size=3),
    needs=st.sampled_from(["", "judge"]),
)


def test_checkpoints_make_the_score() -> None:
    half = Verdict.from_checkpoints({"a": True, "b": False}, speed=2.0)
    assert (half.score, half.success, half.metrics) == (0.5, False, {"speed": 2.0})
    assert Verdict.from_checkpoints({"a": True}).success
    assert Verdict.from_checkpoints({"a": True}, success=False).score == 1.0
    assert Verdict.from_checkpoints({}).score == 1.0
    assert Verdict.from_checkpoints({}, success=False).score == 0.0


def test_the_whole_is_the_mean_and_succeeds_only_with_every_part() -> None:
    whole = join([Verdict(1.0, success=True, checkpoints={"a": True}), Verdict(0.5, success=False, metrics={"m": 3.0})])
    assert whole == Verdict(0.75, success=False, checkpoints={"1.a": True}, metrics={"2.m": 3.0})
    assert join([Verdict(1.0, success=True)] * 3).success
    assert join([]) == Verdict(None, success=False)


def test_a_part_without_a_judge_leaves_the_whole_without_a_score() -> None:
    whole = join([Verdict(1.0, success=True), Verdict(None, success=False, needs="judge")])
    assert (whole.score, whole.needs) == (None, "judge")


@given(verdicts)
def test_verdicts_survive_json(verdict: Verdict) -> None:
    assert Verdict.from_dict(json.loads(json.dumps(verdict.to_dict()))) == verdict


@given(st.lists(verdicts.filter(lambda v: v.score is not None), min_size=1, max_size=4))
def test_a_joined_score_lies_between_its_parts(parts: list[Verdict]) -> None:
    scores = [v.score for v in parts if v.score is not None]
    whole = join(parts)
    assert whole.score == pytest.approx(sum(scores) / len(scores))
    assert whole.success == all(v.success for v in parts)
    assert len(whole.checkpoints) == sum(len(v.checkpoints) for v in parts)
