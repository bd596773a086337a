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
        ("money", "10.35", "It costs $10.35 less than regularly."),
        ("number", 12, "How many? 12"),
        ("number", 12, "The number of orders is about what you think: 12"),
        ("money", "12.00", "$12.00"),
        ("money", "12.00", "12"),
        ("money", "12.00", "12 dollars"),
        ("money", "12.00", "$12"),
        ("money", "12.00", "USD 12.00"),
        ("money", "12.00", "The total is $12.00."),
        ("money", "12.00", "US$12.00"),
        ("money", "12.00", "$ 12.00"),
        ("money", "1234.5", "$1,234.50"),
        ("money", "12.00", "12.00$"),
        ("money", "12.00", "**$12.00**"),
        ("number", 12, "twelve"),
        ("number", 12, "12."),
        ("number", 12, "12, thanks"),
        ("number", 0, "0"),
        ("number", 0, "zero"),
        ("number", 12, "\uff11\uff12"),
        ("number", 12, "answer:12"),
        ("number", 12, "12 orders"),
        ("number", 12, "(12)"),
        ("date", "2026-03-05", "March 5th, 2026"),
        ("date", "2026-03-05", "5th of March 2026"),
        ("date", "2026-03-05", "2026/03/05"),
        ("date", "2026-03-05", "Thursday, March 5, 2026"),
        ("date", "2026-03-05", "2026-03-05T10:00"),
        ("date", "2026-09-05", "Sept. 5, 2026"),
        ("date", "2026-03-05", "I placed it on 2026-03-05 (March 5, 2026)."),
        ("set", ["a", "b"], "a and b"),
        ("set", ["a", "b", "c"], "a, b, and c"),
        ("set", ["a", "b"], '["a","b"]'),
        ("set", ["a", "b"], "1. a\n2. b"),
        ("set", ["a & b", "c"], "a & b, c"),
        ("set", ["a", "b"], "a & b"),
        ("set", ["a", "b"], "a, b."),
        ("set", ["a"], "a"),
        ("code", "BX6505", "The SKU is BX6505."),
        ("code", "BX6505", "bx6505"),
        ("code", "a@b.c", "It is a@b.c."),
        ("code", "000000693", "#000000693"),
        ("code", "a@b.c", "<a@b.c>"),
        ("none", None, "There is no such order."),
        ("none", None, "N/A."),
        ("none", None, "n/a"),
        ("text", "My grandfather's mug", "My grandfather\u2019s mug"),
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
        ("number", 12, "less than 12"),
        ("number", 12, "from 3 to 12"),
        ("number", 12, "I don\u2019t think it is 12"),
        ("number", 12, "12 not"),
        ("number", 12, "it is not 12"),
        ("number", 12, "1,2"),
        ("number", 12, "12,50"),
        ("number", 12, "12k"),
        ("number", 12, "12%"),
        ("number", 12, "it isn't 12"),
        ("number", 12, "more than 12"),
        ("number", 12, "at least 12"),
        ("number", 12, "12?"),
        ("number", 12, "between 1 and 12"),
        ("number", 12, "-12"),
        ("number", 12, "12-13"),
        ("number", 12, "x12"),
        ("number", 12, "12 hundred"),
        ("number", 12, "1 2"),
        ("number", 12, "12e3"),
        ("number", 12, "12.5.3"),
        ("number", 12, ""),
        ("number", 12, " ".join(map(str, range(100)))),
        ("number", 12, "12/3"),
        ("money", "12.00", "about $12"),
        ("date", "2026-03-05", "not March 5, 2026"),
        ("date", "2026-03-05", "March 5, 2026 or March 6"),
        ("date", "2026-03-05", "5/3/2026"),
        ("code", "BX6505", "BX6505 or BX6506"),
        ("code", "BX6505", "BX6505, BX6506"),
        ("code", "BX6505", "not BX6505"),
        ("code", "BX6505", "BX65055"),
        ("code", "a@b.c", "a@b.c d@e.f"),
        ("code", "a@b.c", ""),
        ("set", ["a", "b"], ""),
        ("set", ["a", "b"], "not a, b"),
        ("none", None, ""),
        ("none", None, "0"),
        ("text", "a", "not a"),
    ],
)
def test_near_the_truth_is_not_the_truth(form: str, truth: object, answer: str) -> None:
    assert not answer_fits(form, truth, answer)


@given(st.sampled_from(["text", "code", "number", "money", "date", "set", "list", "one_of", "none"]), st.text())
def test_no_text_breaks_it(form: str, answer: str) -> None:
    truth: object = {"date": "2026-01-01", "number": 1, "money": "1.00"}.get(form, ["x"] if form in ("set", "list", "one_of") else "x")
    answer_fits(form, truth, answer)


@pytest.mark.parametrize("form", ["text", "code", "number", "money", "date", "set", "list", "one_of", "none"])
def test_an_endless_answer_fits_nothing_and_costs_nothing(form: str) -> None:
    for answer in ("'" * 10**6, "12" * 10**6, "a, " * 10**6, "2026-01-01 " * 10**6, "\u200b" * 10**6 + "x"):
        truth: object = {"date": "2026-01-01", "number": 12, "money": "12"}.get(form, ["a"] if form in ("set", "list", "one_of") else "x")
        assert not answer_fits(form, truth, answer)
