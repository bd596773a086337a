"""Answers are compared by what they say, and nothing that merely contains the truth passes for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.envs.web.answers import answer_fits


@pytest.mark.parametrize(
    ("form", "truth", "answer"),
    [
        ("text", "Blue Kettle", "blue kettle"),
        ("text", "Blue Kettle", ' "Blue  Kettle". '),
        ("number", 12, "12"),
        ("number", 12, "There are 12 of them"),
        ("number", 1200, "1,200"),
        ("money", "12.50", "$12.50"),
        ("money", "12.50", "12.5 dollars"),
        ("date", "2026-03-05", "March 5, 2026"),
        ("date", "2026-03-05", "05 Mar 2026"),
        ("date", "2026-03-05", "3/5/26"),
        ("date", "2026-03-05", "It was on 2026-03-05."),
        ("set", ["a", "b"], "B, a"),
        ("set", ["Doe, J", "Roe, K"], "Roe, K; doe, j"),
        ("set", ["a", "b"], "- b\n- a"),
        ("list", ["a", "b"], "a; b"),
        ("one_of", ["cat", "kitten"], "Kitten"),
        ("none", None, "N/A"),
    ],
)
def test_the_truth_in_other_words(form: str, truth: object, answer: str) -> None:
    assert answer_fits(form, truth, answer)


@pytest.mark.parametrize(
    ("form", "truth", "answer"),
    [
        ("text", "Blue Kettle", "the Blue Kettle or the Red Kettle"),
        ("text", "Blue Kettle", ""),
        ("number", 12, "12 or 13"),
        ("number", 12, "120"),
        ("number", 12, "none"),
        ("money", "12.50", "$12.05"),
        ("date", "2026-03-05", "March 6, 2026"),
        ("date", "2026-03-05", "2026-03-05 or 2026-03-06"),
        ("date", "2026-03-05", "2026-13-45"),
        ("set", ["a", "b"], "a"),
        ("set", ["a", "b"], "a, b, c"),
        ("set", ["a", "b"], "a, a"),
        ("list", ["a", "b"], "b, a"),
        ("one_of", ["cat", "kitten"], "cat, kitten"),
        ("none", None, "N/A, but maybe 5"),
    ],
)
def test_near_the_truth_is_not_the_truth(form: str, truth: object, answer: str) -> None:
    assert not answer_fits(form, truth, answer)


@given(st.sampled_from(["text", "number", "money", "date", "set", "list", "one_of", "none"]), st.text())
def test_no_text_breaks_it(form: str, answer: str) -> None:
    truth: object = {"date": "2026-01-01", "number": 1, "money": "1.00"}.get(form, ["x"] if form in ("set", "list", "one_of") else "x")
    answer_fits(form, truth, answer)
