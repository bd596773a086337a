"""Orders as text."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import BadAction, UnknownOption
from mtenvs.envs.drones.orders import HEADS, NVEC, WIDE, format_orders, parse_orders

choices = st.tuples(*[st.integers(0, count - 1) for count in WIDE])


@given(choices, choices)
def test_what_is_written_is_read_back(action: tuple[int, ...], held: tuple[int, ...]) -> None:
    assert parse_orders(format_orders(action), held) == action


@given(st.text(max_size=60))
def test_any_text_gives_orders_or_a_refusal(text: str) -> None:
    with suppress(BadAction):
        assert all(0 <= number < count for number, count in zip(parse_orders(text), WIDE, strict=True))


def test_who_is_not_named_goes_on() -> None:
    assert parse_orders(" Setter : SET \n attacker: attack_right", (3, 0, 0)) == (3, 1, 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "parse"),
        (";;", "parse"),
        ("set!", "parse"),
        ("setter:", "parse"),
        ("libero: set", "tool"),
        ("setter: attack_left", "arguments"),
        ("setter: set; setter: hover", "parse"),
        ("setter: set " * 100, "parse"),
    ],
    ids=["empty", "separators", "no-colon", "no-order", "nobody", "not-theirs", "twice", "long"],
)
def test_a_refusal_says_what_is_legal(text: str, kind: str) -> None:
    with pytest.raises(BadAction) as refused:
        parse_orders(text)
    assert refused.value.kind == kind
    assert all(head in refused.value.legal for head in HEADS)


def test_numbers_that_no_head_has_cannot_be_written() -> None:
    with pytest.raises(UnknownOption):
        format_orders((6, 0, 0))


def test_the_first_choices_are_those_of_hcsp() -> None:
    assert NVEC == (6, 3, 4)
    assert [choices[:count] for choices, count in zip(HEADS.values(), NVEC, strict=True)] == [
        ("goto_left", "goto_middle", "goto_right", "pass_left", "pass_right", "hover"),
        ("goto", "set", "hover"),
        ("goto", "attack_left", "attack_right", "hover"),
    ]
