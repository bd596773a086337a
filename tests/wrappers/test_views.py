"""Views of a conversation: constant memory and the sliding window over tool outputs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.errors import UnknownOption
from mtenvs.policies.basic import OraclePolicy
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec
from mtenvs.wrappers import ToolWindow, constant_memory, constant_memory_samples


def talk(turns: int) -> list[dict[str, Any]]:
    """p, a0, o1, a1, o2, ..., ending with the last assistant turn."""
    out: list[dict[str, Any]] = [{"role": "user", "content": "p"}]
    for i in range(turns):
        if i:
            out.append({"role": "tool", "content": f"o{i}"})
        out.append({"role": "assistant", "content": f"a{i}"})
    return out


def shown(messages: Any) -> str:
    return " ".join("-" if m["content"].startswith("[") else m["content"] for m in messages)


def test_constant_memory_keeps_prompt_last_turn_and_last_output() -> None:
    assert shown(constant_memory(talk(4)[:-1])) == "p a2 o3"
    assert shown(constant_memory([{"role": "system", "content": "s"}, {"role": "user", "content": "p"}])) == "s p"


def test_constant_memory_trains_each_turn_in_the_context_it_was_written_in() -> None:
    samples = constant_memory_samples(talk(3))
    assert [(shown(s.messages), s.trainable, s.positions) for s in samples] == [
        ("p a0", (0,), (1,)),
        ("p a0 o1 a1", (1,), (3,)),
        ("p a1 o2 a2", (2,), (3,)),
    ]


def test_the_window_of_the_papers_figure() -> None:
    window = ToolWindow(3, 2)  # at three visible outputs the oldest two go
    talked = talk(6)
    assert shown(window(talked[:5])) == "p a0 o1 a1 o2"
    assert shown(window(talked[:7])) == "p a0 - a1 - a2 o3"
    assert shown(window(talked[:9])) == "p a0 - a1 - a2 o3 a3 o4"
    assert shown(window(talked[:11])) == "p a0 - a1 - a2 - a3 - a4 o5"


def test_each_window_is_a_sequence_that_trains_only_what_was_written_under_it() -> None:
    samples = ToolWindow(3, 2).samples(talk(6))
    assert [(shown(s.messages), s.trainable) for s in samples] == [
        ("p a0 o1 a1 o2 a2", (0, 1, 2)),
        ("p a0 - a1 - a2 o3 a3 o4 a4", (3, 4)),
        ("p a0 - a1 - a2 - a3 - a4 o5 a5", (5,)),
    ]


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 40))
def test_every_turn_is_trained_once_in_the_context_it_was_written_in(window: int, slide: int, turns: int) -> None:
    if slide > window:
        window, slide = slide, window
    view, messages = ToolWindow(window, slide), talk(turns)
    samples = view.samples(messages)
    assert [n for s in samples for n in s.trainable] == list(range(turns))
    for sample in samples:
        for number, place in zip(sample.trainable, sample.positions, strict=True):
            assert sample.messages[place]["content"] == f"a{number}"
            assert list(sample.messages[:place]) == view(messages[:place])
            visible = sum(m["content"].startswith("o") for m in sample.messages[:place])
            assert visible < window
    assert messages == talk(turns)  # nothing was changed in place


def test_views_refuse_what_has_no_prompt_and_windows_that_cannot_slide() -> None:
    with pytest.raises(UnknownOption, match="prompt"):
        constant_memory([{"role": "assistant", "content": "a"}])
    for window, slide in ((3, 4), (3, 0), (0, 0)):
        with pytest.raises(UnknownOption, match="slide"):
            ToolWindow(window, slide)


@pytest.mark.parametrize(
    ("env_id", "task"), [("mtenvs/HeroBench-v0", "own/1/0"), ("mtenvs/Search-v0", "objectives4/0")], ids=["hero", "search"]
)
def test_views_of_a_played_episode(env_id: str, task: str) -> None:
    venv = make_vec(env_id, 1, task=task)
    (trajectory,) = rollout(venv, OraclePolicy(venv), 1)
    venv.close()
    messages, turns = trajectory.messages(), len(trajectory.turns)
    for turn in range(1, turns):
        assert constant_memory(messages[: 2 * turn + 1]) == [messages[0], *messages[2 * turn - 1 : 2 * turn + 1]]
    samples = ToolWindow(3, 2).samples(messages)
    assert [n for s in samples for n in s.trainable] == list(range(turns))
    window = ToolWindow(3, 2)(messages[:-1])
    assert len(window) == 2 * turns - 1
    assert sum(len(m["content"]) for m in window) < sum(len(m["content"]) for m in messages[:-1])
