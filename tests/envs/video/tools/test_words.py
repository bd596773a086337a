from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.envs.video.tools.words import fit_of, query_of, text_fit_of

BALLOON = "A red balloon drifts across the sky from left to right, at the harbour."
ORANGE = "The person in the orange coat walks from right to left, at the station."
TWO = "The person in the yellow coat and the orange hat stands on the left, below the castle."
SIGN = 'A board, in the park, says "BOOK FAIR".'


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("a red balloon", BALLOON),
        ("When does the red balloon drift across the sky?", BALLOON),
        ("balloons over the harbor", BALLOON),
        ("someone in an orange jacket", ORANGE),
        ("the sign in the park", SIGN),
        ('where is "book fair" written', SIGN),
    ],
    ids=lambda x: x[:24],
)
def test_what_is_asked_for_is_found(asked: str, sentence: str) -> None:
    assert fit_of(asked, sentence) >= 0.5


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("a green balloon", BALLOON),
        ("the person in the orange coat", TWO),
        ("the person in the yellow hat", TWO),
        ('the sign "PIER 4"', SIGN),
        ("a submarine", BALLOON),
        ("", BALLOON),
        ("what is it?", BALLOON),
    ],
    ids=lambda x: x[:24],
)
def test_something_else_is_not(asked: str, sentence: str) -> None:
    assert fit_of(asked, sentence) < 0.5


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_a_fit_between_0_and_1(asked: str, sentence: str) -> None:
    assert 0 <= fit_of(asked, sentence) <= 1


@given(st.text(alphabet="abcdefg RED", min_size=1, max_size=60))
def test_a_sentence_fits_itself(text: str) -> None:
    assert fit_of(text, text) == (1.0 if query_of(text).words else 0.0)


@pytest.mark.parametrize(
    ("asked", "read", "found"),
    [
        ("the sign PIER 19", "PIER19", True),
        ('the words "Soup of the Day"', "SOUPOFTHEDAY", True),
        ("a board that says KEEP LEFT", "BOOK FAIR", False),
        ('"PIER 4"', "PIER19", False),
        ("a red balloon", "LEMON CAKE", False),
        ("what?", "LEMON CAKE", False),
    ],
    ids=lambda x: str(x)[:20],
)
def test_text_that_was_read_is_found_without_its_spaces(asked: str, read: str, found: bool) -> None:
    assert (text_fit_of(asked, read) >= 0.5) == found
