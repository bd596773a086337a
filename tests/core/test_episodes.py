"""Episodes of several objectives, and episodes that are saved and continued."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv, SliderEnv

from mtenvs.core import wire
from mtenvs.core.errors import SnapshotError
from mtenvs.core.tasks import Task
from mtenvs.core.verdict import Verdict
from mtenvs.testing.base import difference

TWO = ["to/3", "to/8"]


class PaidCounter(CounterEnv):
    """Pays for each addition at once."""

    def _begin(self, task: Task) -> str:
        self.paid = 0
        return super()._begin(task)

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:  # noqa: ARG002 - pays by the world alone
        new, self.paid = self.total - self.paid, self.total
        return {"added": float(new)}


def play(env: Any, *, wrong_in: int = -1) -> list[dict[str, Any]]:
    """Infos of an episode played by the oracle, which submits too early in part ``wrong_in``."""
    infos = []
    while env.running:
        early = len(env._part_verdicts) == wrong_in
        infos.append(env.step("submit()" if early else env.next_oracle_action())[4])
    return infos


def test_two_objectives_are_played_one_after_the_other() -> None:
    env = CounterEnv(task=TWO, verdict_every_turn=True)
    obs, info = env.reset(seed=3)
    assert info["task_id"] == "to/3+to/8"
    assert "2 objectives" in obs["goal"]
    infos, texts = [], []
    while env.running:
        obs, *_, info = env.step(env.next_oracle_action())
        infos.append(info)
        texts.append(obs["text"])
    second = next(t for t in texts if "Objective 2 of 2" in t)
    assert "Objective 1 is over." in second
    assert "0 of" in second
    assert infos[-1]["verdict"] == Verdict(
        1.0, success=True, checkpoints={"1.half": True, "1.counted": True, "2.half": True, "2.counted": True}
    )
    assert [i["stop_reason"] for i in infos] == [""] * (len(infos) - 1) + ["goal_reached"]
    scores = [i["verdict"].score for i in infos]
    assert scores == sorted(scores)
    assert [i["turn"] for i in infos] == list(range(1, len(infos) + 1))


@pytest.mark.parametrize(("wrong", "score"), [(0, 0.5), (1, 0.5)])
def test_a_failed_objective_does_not_end_the_episode(wrong: int, score: float) -> None:
    env = CounterEnv(task=TWO)
    env.reset(seed=3)
    verdict = play(env, wrong_in=wrong)[-1]["verdict"]
    assert (verdict.score, verdict.success) == (score, False)


def test_each_objective_is_paid_in_full() -> None:
    env = PaidCounter(task=TWO)
    env.reset(seed=3)
    targets, paid = [env.target], 0.0
    while env.running:
        paid += env.step(env.next_oracle_action())[1]
        if env.target != targets[-1]:
            targets.append(env.target)
    assert paid == sum(targets)


def test_the_cap_covers_the_whole_episode_and_what_was_not_reached_scores_nothing() -> None:
    env = CounterEnv(task=TWO, max_turns=4)
    env.reset(seed=3)
    *_, last = play(env)
    assert (last["stop_reason"], last["turn"], last["verdict"].success) == ("max_turns", 4, False)
    assert last["verdict"].score < 1
    env = CounterEnv(task=["to/3"] * 3, max_turns=1)
    env.reset(seed=3)
    assert env.step("submit()")[4]["verdict"].score == 0.0


def test_without_a_cap_of_the_users_each_objective_brings_its_own() -> None:
    class Timed(CounterEnv):
        def _task_limit(self, task: Task) -> int:
            return int(task.setup["low"])

    assert Timed(task=TWO, max_turns=None).reset(seed=0)[1]["turns_left"] == 11
    assert Timed(task=TWO, max_turns=5).reset(seed=0)[1]["turns_left"] == 5


def test_one_objective_in_a_list_is_a_plain_task() -> None:
    assert CounterEnv(task=["to/3"]).reset(seed=0)[1]["task_id"] == "to/3"


# ---- snapshots -----------------------------------------------------------------------------------------------------

ACTIONS = ["add 1", "add 3", "note", "keep cup", "?", "submit"]


@given(
    st.sampled_from(["to/5", TWO, ["to/3", "to/3", "to/5"]]),
    st.lists(st.sampled_from(ACTIONS), max_size=12),
    st.lists(st.sampled_from(ACTIONS), max_size=8),
    st.integers(0, 9),
)
def test_an_episode_continues_from_any_point(task: Any, before: list[str], after: list[str], seed: int) -> None:
    env, other = CounterEnv(task=task, verdict_every_turn=True), CounterEnv(verdict_every_turn=True)
    env.reset(seed=seed)
    for action in before:
        if env.running:
            env.step(action)
    saved = env.snapshot()
    wanted = [env.step(a) for a in after if env.running]
    for restored in (other, env):
        restored.restore(saved)
        assert restored.snapshot() == saved
        assert difference([restored.step(a) for a in after if restored.running], wanted) == ""


def test_a_task_that_is_in_no_set_continues_where_it_was_made() -> None:
    env = CounterEnv(task=Task("mine", "Count.", {"low": 9}))
    env.reset(seed=0)
    env.step("add 2")
    saved = env.snapshot()
    env.step("add 3")
    env.restore(saved)
    assert (env.total, env.task.id) == (2, "mine")
    with pytest.raises(SnapshotError, match="mine"):
        CounterEnv().restore(saved)


def test_snapshots_are_refused_where_there_are_none() -> None:
    env = SliderEnv()
    env.reset(seed=0)
    with pytest.raises(SnapshotError, match="cannot be saved"):
        env.snapshot()
    with pytest.raises(SnapshotError, match=r"reset\(\) before"):
        CounterEnv().snapshot()


@pytest.mark.parametrize(
    "message",
    [
        {"class": "CounterEnv"},
        {"class": "SliderEnv", "task": ["push"]},
        {"class": "CounterEnv", "task": "to/3", "part_verdicts": 5},
        {"class": "CounterEnv", "task": ["to/3"], "part_verdicts": [], "seed": 0, "counters": [], "rng": {}, "text": "", "world": {}},
        [1, 2],
        None,
    ],
    ids=str,
)
def test_messages_that_are_no_snapshot_of_this_class_are_refused(message: Any) -> None:
    env = CounterEnv()
    env.reset(seed=0)
    with pytest.raises(SnapshotError):
        env.restore(wire.sealed(message))
    env.reset(seed=0)
    assert env.step("note()")[4]["turn"] == 1


def test_every_damaged_byte_is_noticed_and_changes_nothing() -> None:
    env = CounterEnv()
    env.reset(seed=0)
    env.step("add 3")
    saved = env.snapshot()
    for i in range(0, len(saved), 7):
        with pytest.raises(SnapshotError, match="damaged"):
            env.restore(saved[:i] + bytes([saved[i] ^ 4]) + saved[i + 1 :])
    assert env.snapshot() == saved
    assert env.step("add 1")[4]["turn"] == 2
