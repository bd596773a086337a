"""What wrappers and engines may do to one environment through its public methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from toy import CounterEnv, SliderEnv

from mtenvs.core.actions import Tool, action, tools_of
from mtenvs.core.errors import BadAction, SnapshotError, UnknownOption
from mtenvs.testing.base import difference


class Bells:
    """Tools to add."""

    @action
    def ring(self, times: int = 1) -> str:
        """Ring.

        Args:
            times: how often.
        """
        return "Ding. " * times


class Words:
    """A tool of the same name with another parameter."""

    @action(name="ring")
    def shout(self, times: str) -> str:
        """Shout.

        Args:
            times: what to shout.
        """
        return times.upper()


def bell() -> tuple[Tool, Callable[..., str]]:
    (tool,) = tools_of(Bells)
    return tool, Bells().ring


def begun(**options: Any) -> CounterEnv:
    env = CounterEnv(**options)
    env.reset(seed=0)
    return env


def said(env: Any, act: Any) -> str:
    return str(env.step(act)[0]["text"])


def test_a_tool_is_added_to_one_environment_alone() -> None:
    env, other = begun(), begun()
    env.add_tool(*bell())
    assert (env.extended, other.extended) == (True, False)
    assert said(env, "ring(2)").startswith("Ding. Ding.")
    assert env.step({"name": "ring", "arguments": {}})[4]["action"] == "ring(times=1)"
    assert "ring" in {t["function"]["name"] for t in env.tools}
    assert "ring(" in env.help
    space: Any = env.action_space
    assert "ring" in {t.name for t in space.tools}
    assert other.step("ring(2)")[4]["action_error"].kind == "tool"


def test_two_environments_may_have_tools_of_one_name() -> None:
    env, other = begun(), begun()
    env.add_tool(*bell())
    (tool,) = tools_of(Words)
    other.add_tool(tool, Words().shout)
    assert said(env, "ring(3)").startswith("Ding. Ding. Ding.")
    assert other.step("ring(3)")[4]["action_error"].kind == "arguments"
    assert said(other, "ring('hey')").startswith("HEY")


def test_a_tool_needs_a_free_name_and_text_actions() -> None:
    env = begun()
    env.add_tool(*bell())
    with pytest.raises(UnknownOption, match=r"'ring' already.*replace_tool"):
        env.add_tool(*bell())
    with pytest.raises(UnknownOption, match="text actions"):
        SliderEnv().add_tool(*bell())
    with pytest.raises(UnknownOption, match="did you mean 'submit'"):
        env.replace_tool("submi", Bells().ring)


def test_a_replaced_tool_may_ask_the_former_one() -> None:
    env = begun()
    former: list[Callable[..., str]] = []

    def twice(amount: int) -> str:
        if amount == 3:
            raise BadAction("too much at once")
        return former[0](amount=amount) + former[0](amount=amount)

    former.append(env.replace_tool("add", twice))
    assert said(env, "add(2)").startswith("Added 2.Added 2.")
    assert env.total == 4
    assert env.step("add(3)")[4]["action_error"].message == "too much at once"
    assert env.step("add(9)")[4]["action_error"].kind == "arguments"  # its declaration still holds
    assert env.total == 4


def test_what_stands_around_actions_may_change_refuse_and_answer_them() -> None:
    env = begun()
    seen: list[str] = []

    def outer(act: Any, inner: Callable[[Any], str]) -> str:
        seen.append(f"outer {act}")
        return inner(act) + " Well."

    def inner_one(act: Any, inner: Callable[[Any], str]) -> str:
        seen.append(f"inner {act}")
        if act == "note()":
            raise BadAction("no notes")
        return inner("add(2)" if act == "add(1)" else act)

    env.around_action(inner_one)
    env.around_action(outer)
    obs, _, _, _, info = env.step("add(1)")
    assert obs["text"].startswith("Added 2. Well.")
    assert (env.total, info["action"], info["turn"]) == (2, "add(amount=2)", 1)
    assert seen == ["outer add(1)", "inner add(1)"]
    info = env.step("note()")[4]
    assert (env.total, info["action_error"].message, info["action"], info["turn"]) == (2, "no notes", "", 2)
    env.reset(seed=0, options={"start_at": 1})  # the oracle's actions on the way count too
    assert len(seen) > 4


def test_solutions_learn_of_what_was_added() -> None:
    env = begun()

    def with_notes(actions: Iterator[Any]) -> Iterator[Any]:
        for act in actions:
            yield "note()"
            yield act

    env.around_solutions(with_notes)
    played = []
    while env.running:
        played.append(env.next_oracle_action())
        *_, info = env.step(played[-1])
    assert info["success"]
    assert set(played[::2]) == {"note()"}
    env.reset(seed=0)
    assert next(env.near_miss()) == "note()"


def counted(env: CounterEnv, name: str = "count") -> list[int]:
    count = [-1]
    env.keep_state(name, begin=lambda: count.__setitem__(0, 0), save=lambda: count[0], load=lambda data: count.__setitem__(0, data))
    return count


def test_a_kept_state_lives_for_one_episode_and_travels_in_snapshots() -> None:
    env = CounterEnv(task=["to/3", "to/5"])
    count = counted(env)
    env.reset(seed=0)
    assert count == [0]
    count[0] = 5
    saved = env.snapshot()
    env.step("submit()")
    assert env.running
    assert count == [5]  # a part is over, not the episode
    count[0] = 6
    env.restore(saved)
    assert count == [5]
    env.reset(seed=0)
    assert count == [0]


def test_a_snapshot_without_the_state_is_refused() -> None:
    env = begun()
    saved = env.snapshot()
    counted(env)
    with pytest.raises(SnapshotError, match="count"):
        env.restore(saved)
    assert not env.running


def test_a_state_of_the_same_name_gives_way() -> None:
    env = CounterEnv()
    old, new = counted(env), counted(env)
    env.reset(seed=0)
    assert (old, new) == ([-1], [0])


def test_turns_may_be_played_by_an_engine() -> None:
    env, engine = begun(max_turns=2), begun(max_turns=2)
    for number in (1, 2):
        assert env.turn == number - 1
        expected = env.step("add(1)")
        call, canonical = engine.read_action("add(1)")
        assert call.arguments == {"amount": 1}
        engine.total += 1
        assert engine.begin_turn(canonical) == number == engine.turn
        assert difference(engine.close_turn("Added 1."), expected) == ""
    assert not engine.running
    with pytest.raises(BadAction):
        engine.read_action("nonsense")
