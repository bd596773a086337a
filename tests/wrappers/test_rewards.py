"""Rewards: gated accumulation, over-turn masking, information gain; each against an example worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from toy import CounterEnv

from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers import GatedReward, InformationGain, OutcomeLadder, OverTurn, loss_weight, masked_advantages
from mtenvs.wrappers.gated_reward import passing

LONG = "mtenvs/LongExecution-v0"
HERO = "mtenvs/HeroBench-v0"


def play(env: gym.Env[Any, Any], actions: list[Any], seed: int = 0) -> list[tuple[float, dict[str, Any]]]:
    env.reset(seed=seed)
    out = []
    for action in actions:
        _, reward, terminated, truncated, info = env.step(action)
        out.append((float(reward), info))
        if terminated or truncated:
            break
    return out


def totals(env: gym.Env[Any, Any]) -> list[int]:
    env.reset(seed=0)
    found: list[int] = env.unwrapped.totals  # type: ignore[attr-defined]  # LongExecution's own
    return found


def answers(env: gym.Env[Any, Any], wrong_at: int = -1) -> list[str]:
    return [f"answer({total + (i == wrong_at)})" for i, total in enumerate(totals(env))]


def gated(**options: Any) -> gym.Env[Any, Any]:
    return GatedReward(gym.make(LONG, task="k1-t3/0"), {"outcome": 1.0, "correct": 0.0}, outcome=OutcomeLadder(), **options)


def test_small_rewards_are_withheld_until_the_large_one_passes_its_gate() -> None:
    env = gated()
    won = play(env, answers(env))
    # Three correct answers of 1 each and the outcome 1: all of it is paid on the last turn.
    assert [r for r, _ in won] == [0.0, 0.0, 4.0]
    assert won[0][1]["turn_rewards"] == ()
    assert won[-1][1]["turn_rewards"] == (1.0, 1.0, 2.0)
    assert won[-1][1]["withheld"] == 0.0


def test_a_closed_gate_keeps_what_is_below_it() -> None:
    env = gated()
    lost = play(env, answers(env, wrong_at=1))
    # The outcome is 0.5 < 1, so the two correct answers do not count.
    assert [r for r, _ in lost] == [0.0, 0.0, 0.5]
    assert lost[-1][1]["turn_rewards"] == (0.0, 0.0, 0.5)
    assert lost[-1][1]["withheld"] == 2.0


def test_direct_mode_pays_as_it_comes_and_gates_nothing() -> None:
    env = gated(mode="direct")
    lost = play(env, answers(env, wrong_at=1))
    assert [r for r, _ in lost] == [1.0, 0.0, 1.5]
    assert lost[-1][1]["turn_rewards"] == (1.0, 0.0, 1.5)


@pytest.mark.parametrize("mode", ["gated", "direct"])
def test_the_reward_is_the_sum_of_its_components_and_of_the_turns(mode: str) -> None:
    env = gated(mode=mode)
    turns = play(env, answers(env, wrong_at=2))
    for reward, info in turns:
        assert reward == pytest.approx(sum(info["reward_components"].values()))
    assert sum(r for r, _ in turns) == pytest.approx(sum(turns[-1][1]["turn_rewards"]))


def test_what_is_no_channel_is_paid_at_once() -> None:
    env = GatedReward(gym.make(LONG, task="k1-t3/0", invalid_action_reward=-0.25), {"correct": 0.0})
    turns = play(env, ["nonsense", *answers(env)])
    # The bad action spends one of three turns, so two answers are left.
    assert [r for r, _ in turns] == [-0.25, 0.0, 2.0]


def test_three_channels_open_one_after_the_other() -> None:
    gates = {"tests": 1.0, "style": 0.5, "speed": 9.0}
    assert passing({"tests": 0.0, "style": 1.0, "speed": 1.0}, gates) == {"tests"}
    assert passing({"tests": 1.0, "style": 0.4, "speed": 1.0}, gates) == {"tests", "style"}
    assert passing({"tests": 1.0, "style": 0.5, "speed": 1.0}, gates) == {"tests", "style", "speed"}


def test_the_outcome_ladder_has_three_rungs() -> None:
    ladder = OutcomeLadder(not_submitted=-1.0, failed=0.0, solved=2.0)
    assert ladder({"success": False, "stop_reason": "max_turns"}) == -1.0
    assert ladder({"success": False, "stop_reason": "goal_failed"}) == 0.0
    assert ladder({"success": True, "stop_reason": "goal_reached"}) == 2.0


def test_gates_on_hero_bench_pay_progress_only_for_a_win() -> None:
    for follow, paid in (("oracle", 1.0 + 1.0), ("near_miss", 0.0)):
        env = GatedReward(gym.make(HERO, task="own/1/0"), {"outcome": 1.0, "progress": 0.0}, outcome=OutcomeLadder())
        env.reset(seed=0)
        plan = list(getattr(env.unwrapped, follow)()) if follow == "near_miss" else None
        total, done = 0.0, False
        while not done:
            core: Any = env.unwrapped
            action = core.next_oracle_action() if plan is None else plan.pop(0) if plan else core.idle_action()
            _, reward, terminated, truncated, info = env.step(action)
            total, done = total + float(reward), terminated or truncated
            assert done or reward == 0.0
        assert total == pytest.approx(paid)
        assert (info["withheld"] > 0) == (follow == "near_miss")


def test_gates_refuse_what_makes_no_sense() -> None:
    with pytest.raises(UnknownOption, match="mode"):
        gated(mode="later")
    with pytest.raises(UnknownOption, match="at least one"):
        GatedReward(gym.make(LONG), {})
    with pytest.raises(UnknownOption, match="did you mean 'correct'"):
        GatedReward(gym.make(LONG), {"corect": 0.0}).reset()
    with pytest.raises(UnknownOption, match="did you mean 'solved'"):
        GatedReward(gym.make(LONG), {"outcome": 1.0}, outcome={"solve": 2.0})


def test_gated_rewards_continue_from_a_snapshot() -> None:
    env = GatedReward(CounterEnv(task="to/3"), {"score": 0.0}, outcome=OutcomeLadder())
    core: Any = env.unwrapped
    env.reset(seed=1)
    env.step("add(1)")
    saved = core.snapshot()
    first = env.step("submit()")[4]["turn_rewards"]
    core.restore(saved)
    assert env.step("submit()")[4]["turn_rewards"] == first
    assert len(first) == 2


def test_two_wrappers_of_a_kind_keep_their_states_apart() -> None:
    env = GatedReward(GatedReward(CounterEnv(task="to/3"), {"score": 0.0}), {"invalid_action": 0.0})
    core: Any = env.unwrapped
    env.reset(seed=1)
    env.step("???")
    saved = core.snapshot()
    core.restore(saved)
    assert env.step("submit()")[4]["turn_rewards"] == (0.0, 0.0)
    assert core.snapshot() != saved


def test_running_out_of_turns_is_marked_and_weighs_nothing() -> None:
    env = OverTurn(gym.make(LONG, task="k1-t3/0", max_turns=2))
    over = play(env, ["repeat()", "repeat()"])
    assert [(i["over_turn"], i["loss_weight"]) for _, i in over] == [(False, 1.0), (True, 0.0)]
    won = play(OverTurn(gym.make(LONG, task="k1-t3/0")), answers(env))
    assert won[-1][1]["over_turn"] is False
    assert (loss_weight("max_turns"), loss_weight("goal_failed"), loss_weight("invalid_actions")) == (0.0, 1.0, 1.0)


def test_masked_episodes_still_count_for_the_group() -> None:
    # mean 0.5, population deviation 0.5; the masked reward 0 is in both.
    found = masked_advantages([1.0, 0.0, 1.0, 0.0], [False, True, False, False], epsilon=0.0)
    assert np.allclose(found, [1.0, 0.0, 1.0, -1.0])
    with pytest.raises(UnknownOption, match="one flag"):
        masked_advantages([1.0], [True, False])


def test_information_gain_is_the_growth_of_the_answers_probability() -> None:
    p = iter([0.1, 0.4, 0.25])  # at reset, after turn 1, after turn 2; the last turn asks nothing
    asked: list[tuple[int, str]] = []

    def scorer(messages: list[dict[str, Any]], answer: str) -> float:
        asked.append((len(messages), answer))
        return math.log(next(p))

    env = InformationGain(gym.make(LONG, task="k1-t3/0"), scorer, lambda task: task.id)
    turns = play(env, answers(gym.make(LONG, task="k1-t3/0")))
    assert [i["reward_components"]["information_gain"] for _, i in turns] == pytest.approx([0.3, -0.15, 0.0])
    assert [r for r, _ in turns] == pytest.approx([1.3, 0.85, 1.0])
    assert [i["answer_probability"] for _, i in turns] == pytest.approx([0.4, 0.25, 0.25])
    assert asked == [(1, "k1-t3/0"), (3, "k1-t3/0"), (5, "k1-t3/0")]
    assert turns[0][1]["ground_truth_text"] == "k1-t3/0"


def test_the_scorer_reads_the_conversation_and_cannot_change_it() -> None:
    seen: list[list[dict[str, Any]]] = []

    def scorer(messages: list[dict[str, Any]], answer: str) -> float:  # noqa: ARG001 - a scorer's signature
        seen.append([dict(m) for m in messages])
        messages.clear()
        return -1.0

    env = InformationGain(gym.make(HERO, task="own/1/0"), scorer, lambda task: task.goal)
    obs, _ = env.reset(seed=0)
    env.step({"name": "inspect", "arguments": {"code": "zz"}})
    assert [m["role"] for m in seen[1]] == ["user", "assistant", "user"]
    assert obs["goal"] in seen[0][0]["content"]
    assert "inspect" in seen[1][1]["content"]


def test_without_a_true_answer_nothing_is_asked_and_nothing_gained() -> None:
    env = InformationGain(gym.make(LONG, task="k1-t3/0"), lambda _m, _a: 1 / 0, lambda _task: "")
    assert play(env, ["repeat()"])[0][1]["reward_components"]["information_gain"] == 0.0


@pytest.mark.parametrize("logp", [math.nan, 0.5])
def test_a_scorer_that_gives_no_log_probability_is_named(logp: float) -> None:
    env = InformationGain(gym.make(LONG), lambda _m, _a: logp, lambda _task: "x")
    with pytest.raises(UnknownOption, match="scorer"):
        env.reset()


def test_on_search_the_page_with_the_answer_is_what_is_rewarded() -> None:
    def scorer(messages: list[dict[str, Any]], answer: str) -> float:
        return math.log(0.9 if any(answer in m["content"] for m in messages[1:]) else 0.1)

    env = InformationGain(gym.make("mtenvs/Search-v0", task="single/0"), scorer, lambda task: str(task.checks[0]["golden"][0][0]))
    core: Any = env.unwrapped
    env.reset(seed=0)
    gains, done = [], False
    while not done:
        _, reward, done, _, info = env.step(core.next_oracle_action())
        gains.append(info["reward_components"]["information_gain"])
    assert max(gains) == pytest.approx(0.8)
    assert sum(gains) == pytest.approx(0.8)
    assert (gains[-1], reward) == (0.0, 1.0)
