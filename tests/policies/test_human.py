"""A person at the terminal."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium import spaces
from PIL import Image
from toy import CounterEnv, SliderEnv

from mtenvs.core.errors import UnknownOption
from mtenvs.policies import named_policy
from mtenvs.policies.human import HumanPolicy, read_numbers
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec


class KeyedSlider(SliderEnv):
    """A slider that is pushed with the keys of Gymnasium's convention."""

    def get_keys_to_action(self) -> dict[Any, Any]:
        return {"d": np.ones(2, np.float32), ("d", "w"): np.array([1, 0], np.float32), ord("a"): -np.ones(2, np.float32)}


def play(venv: Any, typed: str, n: int = 1, **options: Any) -> tuple[Any, str]:
    shown = io.StringIO()
    policy = HumanPolicy(venv, reading=io.StringIO(typed), writing=shown, **options)
    return rollout(venv, policy, n), shown.getvalue()


def test_a_person_sees_goal_actions_and_text_and_types_calls() -> None:
    episodes, shown = play(make_vec([lambda: CounterEnv(task="to/3")]), "hint\nadd 3\nsubmit\n")
    assert [t.action for t in episodes[0].turns] == ["add 3", "submit"]
    assert "the oracle would play: add(3)" in shown
    for words in ("Goal: Count up", "add(amount: int 1..3)", "[turn 2]", "Added 3."):
        assert words in shown
    assert episodes[0].policy == "human"


def test_several_environments_are_played_in_turn() -> None:
    episodes, shown = play(make_vec([lambda: CounterEnv(task="to/3")] * 2), "submit\nnote\nsubmit\n", 2)
    assert [len(e.turns) for e in episodes] == [1, 2]
    assert "[environment 1, turn 2]" in shown
    assert "[environment 0, turn 2]" not in shown


@pytest.mark.parametrize("typed", ["quit\n", ""], ids=["quit", "end"])
def test_leaving_interrupts(typed: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        play(make_vec([CounterEnv]), typed)


def test_keys_mean_what_the_environment_says_in_any_order_and_numbers_work_too() -> None:
    episodes, shown = play(make_vec([lambda: KeyedSlider(max_turns=6)]), "a\nwd\nd\nx\n0.5 0.5\nd\nd\n")
    assert [t.action for t in episodes[0].turns] == [[-1, -1], [1, 0], [1, 1], [0.5, 0.5], [1, 1], [1, 1]]
    assert "Keys: 'd' " in shown
    assert "'x' is not written in numbers" in shown


def test_pictures_are_saved_where_asked(tmp_path: Path) -> None:
    _, shown = play(make_vec([lambda: CounterEnv(obs_mode="text+vision")]), "submit\n", picture_dir=tmp_path)
    saved = tmp_path / "env0-turn0001-0.png"
    assert f"picture: {saved}" in shown
    assert Image.open(saved).size == (32, 32)


@pytest.mark.parametrize(
    ("space", "line", "value"),
    [
        (spaces.Discrete(3, start=1), "3", 3),
        (spaces.Box(-1, 1, (2,), np.float32), "0.5, -1", [0.5, -1]),
        (spaces.MultiDiscrete([2, 3]), "1 2", [1, 2]),
        (spaces.MultiBinary(2), "0 1", [0, 1]),
    ],
    ids=["discrete", "box", "multidiscrete", "multibinary"],
)
def test_numbers_are_read_for_the_space(space: gym.Space[Any], line: str, value: Any) -> None:
    assert np.array_equal(read_numbers(line, space), value)
    for wrong in ("", "9 9 9 9", "9 9", "a", "[", "1e999", "null", '"x"', "{}"):
        with pytest.raises(ValueError, match="number"):
            read_numbers(wrong, space)


def test_what_cannot_be_typed_is_said() -> None:
    with pytest.raises(UnknownOption, match="cannot type"):
        read_numbers("1", spaces.Dict({}))
    assert named_policy("human", make_vec([CounterEnv])).name == "human"
