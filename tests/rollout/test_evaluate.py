"""The figures of an evaluation against hand counts, and reports that name every failure."""

from __future__ import annotations

import itertools
import json
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtenvs
from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Trajectory, Turn
from mtenvs.core.verdict import Verdict
from mtenvs.policies import named_policy
from mtenvs.rollout import Prices, evaluate, report, to_json, to_markdown
from mtenvs.rollout.statistics import mean_pass_at_k, pass_at_k, wilson


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.integers(1, 7))
def test_pass_at_k_is_the_share_of_draws_with_a_success(outcomes: list[bool], k: int) -> None:
    if k > len(outcomes):
        with pytest.raises(UnknownOption):
            pass_at_k(len(outcomes), sum(outcomes), k)
        return
    draws = [any(draw) for draw in itertools.combinations(outcomes, k)]
    assert pass_at_k(len(outcomes), sum(outcomes), k) == pytest.approx(sum(draws) / len(draws))


def test_pass_at_k_of_many_attempts_does_not_overflow() -> None:
    assert pass_at_k(100_000, 1, 1) == pytest.approx(1e-5)


def test_tasks_with_too_few_attempts_are_left_out_of_pass_at_k() -> None:
    mean, tasks = mean_pass_at_k([(2, 1), (4, 2), (1, 1)], 2)
    assert mean == pytest.approx((1.0 + 5 / 6) / 2)
    assert tasks == 2
    assert mean_pass_at_k([(1, 1)], 2) == (None, 0)


@pytest.mark.parametrize(
    ("wins", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1.0),
        (1, 1, 0.2065, 1.0),
        (0, 0, 0.0, 1.0),
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_agrees_with_published_tables(wins: int, n: int, low: float, high: float) -> None:
    assert list(wilson(wins, n)) == pytest.approx([low, high], abs=5e-5)


def turn(**changes: Any) -> Turn:
    return Turn(**{"text": "", "action": "go", "parsed": "", "reward": 0.0, "components": {}, "error": None, "anchor": "", **changes})


def played(task: str, seed: int, *, success: bool = True, reason: str = "goal_reached", error: str = "", **changes: Any) -> Trajectory:
    verdict = None if error else Verdict(float(success), success=success)
    return Trajectory("mtenvs/X-v0", {}, task, seed, turns=[turn(**changes)], verdict=verdict, stop_reason=reason, error=error, policy="p")


EPISODES = [
    played("a", 0, usage={"prompt_tokens": 1_000_000, "completion_tokens": 500_000}),
    played("b", 1, success=False, reason="max_turns"),
    played("a", 2, reason="env_error", error="Traceback ...\n  File x\nKeyError: 'a|b'\n", success=False, trainable=False),
    played("b", 3, reason="policy_error", error="HTTP 503", success=False, failure={"kind": "given_up", "message": "HTTP 503"}),
    played("c", 4, success=False, reason="goal_failed"),
]
EPISODES[4].turns.append(turn(error={"kind": "parse", "message": "?"}))


def test_a_report_counts_everything_once() -> None:
    found = report(EPISODES, 2.0, k=[1, 2], prices=Prices(2.0, 10.0))
    assert (found.episodes, found.success, found.errors, found.turns, found.steps_per_s) == (5, 0.2, 2, 1.2, 3.0)
    assert found.score == pytest.approx(1 / 3)  # two episodes have no verdict
    assert found.interval == wilson(1, 5)
    assert found.pass_at == {1: pytest.approx((0.5 + 0 + 0) / 3), 2: 0.5}
    assert found.pass_tasks == {1: 3, 2: 2}
    assert (found.prompt_tokens, found.completion_tokens, found.cost, found.priced) == (1_000_000, 500_000, 7.0, 1)
    assert found.stops == {"goal_reached": 1, "max_turns": 1, "env_error": 1, "policy_error": 1, "goal_failed": 1}
    assert (found.bad_actions, found.failures) == ({"parse": 1}, {"given_up": 1})
    assert [(row.task, row.episodes, row.success, row.errors) for row in found.tasks] == [
        ("a", 2, 0.5, 1),
        ("b", 2, 0.0, 1),
        ("c", 1, 0.0, 0),
    ]


def test_every_episode_that_did_not_succeed_is_named() -> None:
    found = report(EPISODES, 1.0)
    named = [(f.index, f.task, f.seed, f.stop_reason, f.error) for f in found.failed]
    assert named == [
        (1, "b", 1, "max_turns", ""),
        (2, "a", 2, "env_error", "KeyError: 'a|b'"),
        (3, "b", 3, "policy_error", "HTTP 503"),
        (4, "c", 4, "goal_failed", ""),
    ]


def test_json_carries_the_whole_report() -> None:
    data = json.loads(to_json(report(EPISODES, 1.0, k=[2], planned=9)))
    assert (data["planned"], data["episodes"], data["pass_at"], data["errors"]) == (9, 5, {"2": 0.5}, 2)
    assert len(data["failed"]) == 4
    assert len(data["tasks"]) == 3


def test_markdown_is_a_page_with_whole_tables() -> None:
    page = to_markdown(report(EPISODES, 1.0, k=[1, 2], prices=Prices(2.0, 10.0), planned=9))
    assert "Stopped after 5 of 9 episodes." in page
    assert "pass@2 is over the 2 of 3 tasks with at least 2 episodes." in page
    assert "2 episodes were ended by an error; they count as not successful." in page
    assert "Tokens are of the 1 episodes that report any." in page
    assert "## 4 episodes that did not succeed" in page
    assert "KeyError: 'a\\|b'" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    tables = [list(group) for _, group in itertools.groupby(page.splitlines(), lambda line: line.startswith("|")) if _]
    assert len(tables) == 3
    assert all(len({line.replace("\\|", "").count("|") for line in t}) == 1 for t in tables)
    assert len(rows) == 3 + 5 + 6


def test_a_report_on_nothing_is_empty() -> None:
    found = report([], 0.0, env_id="e", policy="p", planned=3)
    assert (found.episodes, found.success, found.score, found.interval, found.planned) == (0, 0.0, None, (0.0, 1.0), 3)
    assert "Stopped after 0 of 3" in to_markdown(found)
    with pytest.raises(UnknownOption, match="k >= 1"):
        report([], 0.0, k=[0])


def test_evaluate_gives_each_task_its_attempts() -> None:
    tasks = ["k1-t10/0", "k2-t10/0"]
    with closing(mtenvs.make_vec("mtenvs/LongExecution-v0", 2, split=None)) as venv:
        found = evaluate(venv, named_policy("oracle", venv), 6, tasks=tasks, k=[1, 3])
    assert found.pass_at == {1: 1.0, 3: 1.0}
    assert {row.task: row.episodes for row in found.tasks} == dict.fromkeys(tasks, 3)
    assert found.policy == "oracle"
    assert found.failed == ()
    assert found.steps_per_s > 0
