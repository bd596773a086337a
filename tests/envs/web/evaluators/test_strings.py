"""How either suite compares texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.answers import string_match
from mtenvs.envs.web.evaluators.pages import JudgeError
from mtenvs.envs.web.evaluators.score import Suite, any_of, product
from mtenvs.envs.web.evaluators.strings import clean, holds, includes, whole_number
from mtenvs.envs.web.evaluators.words import words


class Yes:
    """A judge that agrees with everything and remembers what it was asked."""

    def __init__(self, *, broken: bool = False) -> None:
        self.asked: list[tuple[str, str]] = []
        self.broken = broken

    def equivalent(self, _question: str, reference: str, answer: str) -> bool:
        self.asked.append((reference, answer))
        if self.broken:
            raise JudgeError("out of order")
        return True

    same_reason = equivalent

    def look(self, _picture: bytes, _question: str) -> str:
        return "yes"


def score(
    references: dict[str, object], answer: str, suite: Suite = "webarena", judge: Yes | None = None, *, compat: bool = True
) -> float | None:
    return string_match({"reference_answers": references, "string_note": "it is not there"}, "Where?", answer, suite, judge, compat=compat)


def test_webarena_strips_and_visualwebarena_does_not() -> None:
    assert clean(" 'A' ", "webarena") == "a"
    assert clean(" 'A' ", "visualwebarena") == " 'a' "
    assert clean("'", "webarena") == ""


@pytest.mark.parametrize(
    ("reference", "text", "webarena", "visual"),
    [
        ("5", "15 apples", 0.0, 0.0),  # one character: both look among whole words
        ("15", "115 apples", 1.0, 0.0),  # one word: only VisualWebArena does
        ("5", "It costs 5.", 1.0, 1.0),  # the full stop ends the sentence, so it is a word of its own
        ("5", "It costs 5. Next", 0.0, 0.0),  # in lower case this is no end of a sentence to the model, as upstream
        ("red car", "a red carpet", 1.0, 1.0),
    ],
)
def test_short_references_are_whole_words_by_each_suites_rule(reference: str, text: str, webarena: float, visual: float) -> None:
    assert score({"must_include": [reference]}, text) == webarena
    assert score({"must_include": [reference]}, text, "visualwebarena") == visual


def test_a_character_counts_anywhere_when_it_is_not_the_only_reference() -> None:
    assert score({"must_include": ["5", "apples"]}, "15 apples") == 1.0
    assert includes("5", "15", "webarena")
    assert not includes("5", "15", "webarena", alone=True)


def test_words_are_nltks() -> None:
    assert words("It's $3.50, isn't it? Dr. No left at 5.") == [
        *["It", "'s", "$", "3.50", ",", "is", "n't", "it", "?", "Dr.", "No", "left", "at", "5", "."]
    ]


def test_approaches_of_visualwebarena() -> None:
    assert score({"must_include": ["red |OR| blue", "car"]}, "the car is blue", "visualwebarena") == 1.0
    assert score({"must_exclude": ["red"]}, "it is blue", "visualwebarena") == 1.0
    assert score({"must_exclude": ["red"]}, "it is red", "visualwebarena") == 0.0
    assert score({"one_of": ["Ann", "Bob"]}, "it was bobby", "visualwebarena") == 1.0
    assert score({"required_values": ["> 10", "< 20 |OR| == 30"]}, " 1,2 ", "visualwebarena") == 1.0
    assert score({"required_values": ["> 10"]}, "many", "visualwebarena") == 0.0
    with pytest.raises(DataError, match="one_of"):
        score({"one_of": ["Ann"]}, "Ann")


def test_without_a_judge_only_the_reference_itself_is_decided() -> None:
    assert score({"fuzzy_match": ["2 km"]}, " '2 KM' ") == 1.0
    assert score({"fuzzy_match": ["2 km"]}, "two kilometres") is None
    assert score({"fuzzy_match": ["2 km"], "must_include": ["Pit"]}, "two kilometres") == 0.0  # decided all the same
    judge = Yes()
    assert score({"fuzzy_match": ["2 km", "car"]}, "two kilometres by car", judge=judge) == 1.0
    assert [reference for reference, _ in judge.asked] == ["2 km", "car"]
    assert score({"fuzzy_match": ["2 km"]}, "two kilometres", judge=Yes(broken=True)) is None


def test_not_achievable_has_a_second_chance() -> None:
    assert score({"fuzzy_match": "N/A"}, "n/a") == 1.0
    assert score({"fuzzy_match": "N/A"}, "there is none") is None
    judge = Yes()
    assert score({"fuzzy_match": "N/A"}, "there is none", judge=judge) == 1.0
    assert judge.asked == [("it is not there", "there is none")]


def test_the_second_chance_forgets_other_failures_only_in_compat() -> None:
    references: dict[str, object] = {"must_include": ["zebra"], "fuzzy_match": "N/A"}
    assert score(references, "none", judge=Yes()) == 1.0
    assert score(references, "none", judge=Yes(), compat=False) == 0.0


def test_inequalities() -> None:
    assert holds(5, "< 5")  # the tolerance widens strict signs too, as upstream
    assert not holds(6, "<= 5")
    assert holds(5.0, "== 5")
    assert whole_number(" 1,234 ") == 1234
    assert whole_number("12.5") is None
    with pytest.raises(DataError, match="inequality"):
        holds(5, "about 5")


@given(st.lists(st.sampled_from([0.0, 1.0, None])))
def test_what_is_decided_does_not_depend_on_what_is_not(scores: list[float | None]) -> None:
    assert product(scores) == (0.0 if 0.0 in scores else None if None in scores else 1.0)
    assert any_of(scores) == (1.0 if 1.0 in scores else None if None in scores else 0.0)


@given(st.text(), st.sampled_from(["webarena", "visualwebarena"]))
def test_any_text_is_equal_to_itself(text: str, suite: Suite) -> None:
    assert score({"exact_match": text}, text, suite) == 1.0
