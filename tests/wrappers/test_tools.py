"""Tools and texts that wrappers add: reminders of the goal, the scratchpad, the gate before what cannot be undone."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv, SliderEnv

from mtenvs.core.actions import Call, CallText, action
from mtenvs.core.env import anchor_of
from mtenvs.core.errors import SnapshotError, UnknownOption
from mtenvs.core.spaces import UText
from mtenvs.wrappers import ConfirmIrreversible, GoalReminder, Scratchpad, ToolWrapper, TurnBudget
from mtenvs.wrappers.base import with_note

HERO = "mtenvs/HeroBench-v0"


def text_of(env: gym.Env[Any, Any], act: Any) -> str:
    return str(env.step(act)[0]["text"])


def test_the_goal_comes_back_every_k_turns() -> None:
    env = GoalReminder(gym.make(HERO, task="own/1/0"), 3)
    obs, _ = env.reset(seed=0)
    core: Any = env.unwrapped
    found = []
    for _ in range(7):
        obs, _, _, _, info = env.step(core.idle_action())
        found.append(obs["text"].endswith(f"[Reminder of the goal: {obs['goal']}]"))
        assert obs in env.observation_space
        assert info["anchor"] == anchor_of(obs)
    assert found == [False, False, True, False, False, True, False]
    with pytest.raises(UnknownOption, match="obs_mode"):
        GoalReminder(SliderEnv(), 3)


@given(st.text(max_size=60), st.text(min_size=1, max_size=60), st.integers(1, 80))
def test_a_note_survives_when_the_text_is_cut(text: str, note: str, room: int) -> None:
    space = UText(room)
    out = with_note(space, text, note)
    assert out in space
    if len(note) + 3 <= room:
        assert out.endswith(note)


def test_notes_are_kept_for_one_episode() -> None:
    env = Scratchpad(gym.make(HERO, task="own/1/0"))
    env.reset(seed=0)
    assert text_of(env, "recall()").startswith("The scratchpad is empty.")
    text_of(env, 'remember("ash is at (6, 1)")')
    text_of(env, {"name": "remember", "arguments": {"text": "then craft"}})
    assert text_of(env, "recall()").startswith("1. ash is at (6, 1)\n2. then craft")
    text_of(env, 'remember(text="all anew", replace=True)')
    assert env.notes == ["all anew"]
    env.reset(seed=0)
    assert env.notes == []


def test_a_full_pad_refuses_and_keeps_what_it_has() -> None:
    env = Scratchpad(CounterEnv(), max_chars=10)
    env.reset(seed=0)
    env.step('remember("12345678")')
    info = env.step('remember("abc")')[4]
    assert "room for 2" in info["action_error"].message
    assert "replace" in info["action_error"].legal
    assert env.notes == ["12345678"]
    assert env.step('remember("abc", replace=true)')[4]["action_error"] is None
    assert env.notes == ["abc"]


def test_added_tools_are_tools_like_any_other() -> None:
    env = Scratchpad(gym.make(HERO))
    core: Any = env.unwrapped
    assert {"remember", "recall", "craft"} <= {t["function"]["name"] for t in core.tools}
    assert "recall()" in core.help
    assert isinstance(env.action_space, CallText)
    assert "remember" in {t.name for t in env.action_space.tools}
    env.action_space.seed(0)
    assert any(env.action_space.sample().startswith("remember(") for _ in range(200))
    env.reset(seed=0)
    info = env.step('```json\n{"name": "remember", "arguments": {"text": "x"}}\n```')[4]
    assert info["action"] == 'remember(text="x", replace=False)'
    assert info["turn"] == 1


def test_notes_are_in_snapshots() -> None:
    env = Scratchpad(CounterEnv())
    core: Any = env.unwrapped
    env.reset(seed=0)
    env.step('remember("keep")')
    saved = core.snapshot()
    env.step('remember("lose", replace=true)')
    core.restore(saved)
    assert env.notes == ["keep"]
    other = CounterEnv()
    other.reset(seed=0)
    with pytest.raises(SnapshotError):
        core.restore(other.snapshot())


def test_notes_outlive_the_parts_of_a_composed_task() -> None:
    env = Scratchpad(CounterEnv(task=["to/3", "to/5"]))
    core: Any = env.unwrapped
    env.reset(seed=0)
    env.step('remember("part one")')
    env.step("submit()")
    assert core.running
    assert env.notes == ["part one"]


def test_tools_need_text_actions_and_free_names() -> None:
    with pytest.raises(UnknownOption, match="text actions"):
        Scratchpad(gym.make(HERO, control="discrete"))
    env = Scratchpad(CounterEnv())
    with pytest.raises(UnknownOption, match="already"):
        Scratchpad(env)
    with pytest.raises(UnknownOption, match="mtenvs"):
        Scratchpad(gym.make("CartPole-v1"))


class Bell(ToolWrapper):
    """A tool of a user's own."""

    @action
    def ring(self) -> str:
        """Ring a bell."""
        return f"Ding at {self.core.turn_limit}."


def test_a_wrapper_of_ones_own_declares_tools_as_an_environment_does() -> None:
    env = Bell(Scratchpad(TurnBudget(CounterEnv(), 7, reminder="never")))
    env.reset(seed=0)
    assert text_of(env, "ring()").startswith("Ding at 7.")
    assert text_of(env, 'remember("x")').startswith("Noted")


def test_what_cannot_be_undone_waits_for_confirmation() -> None:
    env = ConfirmIrreversible(CounterEnv())
    assert env.guarded == ("submit",)
    env.reset(seed=0)
    obs, _, terminated, _, info = env.step("submit()")
    assert not terminated
    assert info["held"] == "submit()"
    assert "confirm()" in obs["text"]
    assert info["action_error"] is None
    _, _, terminated, _, info = env.step("confirm()")
    assert terminated
    assert info["held"] == ""
    assert info["stop_reason"] == "goal_failed"


def test_another_action_drops_what_was_held_and_a_bad_one_does_not() -> None:
    env = ConfirmIrreversible(CounterEnv())
    env.reset(seed=0)
    env.step("submit()")
    assert env.step("???")[4]["held"] == "submit()"
    assert env.step("note()")[4]["held"] == ""
    info = env.step("confirm()")[4]
    assert "nothing waits" in info["action_error"].message
    assert "submit" in info["action_error"].legal


def test_a_hero_confirms_before_throwing_things_away() -> None:
    env = ConfirmIrreversible(gym.make(HERO, task="own/1/0"), also=["delete"])
    env.reset(seed=0)
    env.step('delete("no_such_thing")')
    info = env.step("confirm()")[4]
    assert info["action_error"] is not None  # the world has its say when the call is carried out
    assert info["held"] == 'delete(item="no_such_thing", quantity=1)'


def test_a_verifier_may_object() -> None:
    def check(call: Call) -> str:
        return "count further first" if call.name == "submit" else ""

    env = ConfirmIrreversible(CounterEnv(), check=check)
    env.reset(seed=0)
    info = env.step("submit()")[4]
    assert "count further first" in info["action_error"].message
    assert info["held"] == ""


def test_the_oracle_confirms_too() -> None:
    env = ConfirmIrreversible(CounterEnv(task="to/5"))
    core: Any = env.unwrapped
    env.reset(seed=0)
    done = False
    while not done:
        _, _, terminated, truncated, info = env.step(core.next_oracle_action())
        done = terminated or truncated
    assert info["success"]
    assert info["action"] == "confirm()"


def test_the_gate_refuses_when_there_is_nothing_to_guard() -> None:
    plain = gym.make("mtenvs/LongExecution-v0")
    with pytest.raises(UnknownOption, match="irreversible"):
        ConfirmIrreversible(plain)
    with pytest.raises(UnknownOption, match="did you mean 'answer'"):
        ConfirmIrreversible(plain, also=["anser"])
    assert "confirm" not in plain.unwrapped.help  # type: ignore[attr-defined]  # a refused wrapper leaves no trace


def test_a_held_call_is_in_snapshots() -> None:
    env = ConfirmIrreversible(CounterEnv())
    core: Any = env.unwrapped
    env.reset(seed=0)
    env.step("submit()")
    saved = core.snapshot()
    env.step("note()")
    core.restore(saved)
    assert env.step("confirm()")[2]
