"""Turns: budgets that are fixed, extended or asked for, and a horizon that grows."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest
from toy import CounterEnv, SliderEnv

from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers import HorizonSchedule, TurnBudget, TurnRequest, percentile_limit
from mtenvs.wrappers.horizon import PUBLISHED

HERO = "mtenvs/HeroBench-v0"


def idle_until_over(env: gym.Env[Any, Any], most: int = 60) -> list[dict[str, Any]]:
    core: Any = env.unwrapped
    infos = []
    for _ in range(most):
        obs, _, terminated, truncated, info = env.step(core.idle_action())
        infos.append({**info, "text": obs.get("text", "")})
        if terminated or truncated:
            break
    return infos


def test_a_fixed_budget_counts_down_and_truncates() -> None:
    env = TurnBudget(CounterEnv(), 3)
    obs, info = env.reset(seed=0)
    assert info["turns_left"] == 3
    assert "3 turns left" in obs["text"]
    infos = idle_until_over(env)
    assert [i["turns_left"] for i in infos] == [2, 1, 0]
    assert "2 turns left" in infos[0]["text"]
    assert "last turn" in infos[1]["text"]
    assert "budget" not in infos[2]["text"]
    assert infos[-1]["stop_reason"] == "max_turns"
    assert infos[-1]["extended"] is False


def test_reminders_can_be_silent_or_come_late() -> None:
    for reminder, wanted in (("never", [False] * 4), (2, [False, True, True, False])):
        env = TurnBudget(CounterEnv(), 4, reminder=reminder)
        obs, _ = env.reset(seed=0)
        assert "budget" not in obs["text"]
        assert ["budget" in i["text"] for i in idle_until_over(env)] == wanted


def test_a_dynamic_budget_is_extended_once() -> None:
    env = TurnBudget(CounterEnv(), 3, extended_limit=5)
    env.reset(seed=0)
    infos = idle_until_over(env)
    assert [i["turns_left"] for i in infos] == [2, 1, 2, 1, 0]
    assert [i["extended"] for i in infos] == [False, False, True, True, True]
    env.reset(seed=0)
    assert env.unwrapped.turn_limit == 3  # type: ignore[attr-defined]  # of MultiTurnEnv


def test_who_finishes_in_time_was_not_extended() -> None:
    env = TurnBudget(CounterEnv(), 2, extended_limit=9)
    env.reset(seed=0)
    env.step("note()")
    _, _, terminated, _, info = env.step("submit()")
    assert terminated
    assert info["extended"] is False


def test_the_extension_may_depend_on_the_episode() -> None:
    asked: list[int] = []

    def grant(info: Any) -> bool:
        asked.append(info["turn"])
        return False

    env = TurnBudget(CounterEnv(), 3, extended_limit=5, grant=grant)
    env.reset(seed=0)
    assert len(idle_until_over(env)) == 3
    assert asked == [2]


def test_an_unlimited_budget_has_no_cap() -> None:
    env = TurnBudget(CounterEnv(max_turns=4), None)
    _, info = env.reset(seed=0)
    assert info["turns_left"] == -1
    assert len(idle_until_over(env, most=10)) == 10


def test_the_option_of_reset_wins() -> None:
    for env in (TurnBudget(CounterEnv(), 9), TurnBudget(CounterEnv(), None), HorizonSchedule(CounterEnv(), [9], 1)):
        _, info = env.reset(seed=0, options={"max_turns": 2})
        assert info["turns_left"] == 2


def test_the_budget_survives_a_snapshot() -> None:
    env = TurnBudget(CounterEnv(), 3, extended_limit=5)
    core: Any = env.unwrapped
    env.reset(seed=0)
    env.step("note()")
    env.step("note()")
    saved = core.snapshot()
    first = [i["turns_left"] for i in idle_until_over(env)]
    env.reset(seed=5)
    core.restore(saved)
    assert [i["turns_left"] for i in idle_until_over(env)] == first == [2, 1, 0]


def test_budgets_and_schedules_refuse_what_makes_no_sense() -> None:
    for wrong in ({"limit": 0}, {"limit": 3, "extended_limit": 3}, {"limit": None, "extended_limit": 3}, {"limit": 3, "reminder": "often"}):
        with pytest.raises(UnknownOption):
            TurnBudget(CounterEnv(), **wrong)
    with pytest.raises(UnknownOption, match="obs_mode"):
        TurnBudget(SliderEnv(), 3)
    TurnBudget(SliderEnv(), 3, reminder="never").reset(seed=0)
    for rounds, steps in (([], 1), ([0], 1), ([3], 0)):
        with pytest.raises(UnknownOption):
            HorizonSchedule(CounterEnv(), rounds, steps)


def test_the_limit_of_a_baseline_is_a_nearest_rank_percentile() -> None:
    turns = [10, 20, 30, 40]
    assert [percentile_limit(turns, p) for p in (25, 50, 75, 100)] == [10, 20, 30, 40]
    assert percentile_limit([7], 1) == 7
    for wrong in ([], 50), ([1], 0), ([1], 101):
        with pytest.raises(UnknownOption):
            percentile_limit(*wrong)


def test_an_agent_may_ask_for_turns_even_on_its_last_one() -> None:
    env = TurnRequest(TurnBudget(CounterEnv(), 2), 2, times=1)
    env.reset(seed=0)
    env.step("note()")
    _, _, _, truncated, info = env.step("request_turns()")
    assert not truncated
    assert info["turns_left"] == 2
    assert info["action"] == "request_turns()"
    _, _, _, _, info = env.step("request_turns()")
    assert "no more turns" in info["action_error"].message
    env.reset(seed=0)
    assert env.step("request_turns()")[4]["turns_left"] == 3


def test_the_horizon_grows_at_the_next_reset() -> None:
    rounds, steps = PUBLISHED["webarena"]
    env = HorizonSchedule(CounterEnv(), rounds, steps)
    seen = []
    for step in (0, 79, 80, 159, 160, 10_000):
        env.set_global_step(step)
        _, info = env.reset(seed=0)
        seen.append((info["horizon"], info["turns_left"]))
    assert seen == [(h, h) for h in (8, 8, 12, 12, 15, 15)]
    env.set_global_step(0)
    assert env.step("note()")[4]["horizon"] == 15  # the running episode keeps its own
    with pytest.raises(UnknownOption):
        env.set_global_step(-1)


def test_a_hero_with_a_budget_is_told_and_stopped() -> None:
    env = TurnBudget(gym.make(HERO, task="own/1/0"), 2)
    obs, _ = env.reset(seed=0)
    assert obs["text"].endswith("[Turn budget: 2 turns left.]")
    assert obs in env.observation_space
    assert idle_until_over(env)[-1]["stop_reason"] == "max_turns"
