"""Turn rewards by matching with a reference plan, against matchings that are done by hand."""

from __future__ import annotations

import math
import sys
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.actions import Call
from mtenvs.core.errors import MissingRequirement, UnknownOption
from mtenvs.policies.basic import OraclePolicy
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec
from mtenvs.wrappers import calls_of, hard_turn_rewards, similarity, soft_turn_rewards
from mtenvs.wrappers.turn_matching import transport_plan

SEARCH = Call("search", {"query": "a", "k": 3})


@pytest.mark.parametrize(
    ("predicted", "wanted"),
    [
        (Call("search", {"query": "a", "k": 3}), 1.0),  # (1 + 1 + 2) / 4
        (Call("search", {"query": "b", "k": 3}), 0.75),  # (1 + 1 + 1) / 4
        (Call("search", {"query": "a"}), 0.625),  # (1 + 1/2 + 1) / 4
        (Call("search", {"query": "b", "n": 1}), (1 + 1 / 3) / 4),
        (Call("open", {"query": "a", "k": 3}), 0.0),
    ],
)
def test_similarity_of_names_parameters_and_values(predicted: Call, wanted: float) -> None:
    assert similarity(predicted, SEARCH) == pytest.approx(wanted)


def test_calls_without_parameters_are_alike() -> None:
    assert similarity(Call("fight"), Call("fight")) == 1.0


def test_the_exact_matching_beats_the_greedy_one() -> None:
    # S = [[1, 5/6], [3/4, 1/2]]: by descending similarity 1 + 1/2 are taken, but 5/6 + 3/4 is worth more.
    reference = [Call("f", {"x": 1, "y": 1}), Call("f", {"x": 1})]
    assert hard_turn_rewards([[Call("f", {"x": 1, "y": 1})], [Call("f", {"x": 2, "y": 1})]], reference) == pytest.approx([5 / 6, 3 / 4])


def test_the_better_call_gets_the_only_partner() -> None:
    near, far = Call("g", {"x": 1, "y": 1, "z": 1}), Call("g", {"x": 1, "y": 1, "z": 2})
    reference = [Call("g", {"x": 1, "y": 1, "z": 1}), Call("h")]
    assert hard_turn_rewards([[far], [near]], reference) == [0.0, 1.0]


def test_a_turn_is_worth_the_mean_of_its_calls() -> None:
    reference = [Call("move", {"x": 1}), Call("fight")]
    turns = [[Call("move", {"x": 1}), Call("craft")], [], [Call("fight")]]
    assert hard_turn_rewards(turns, reference) == [0.5, 0.0, 1.0]
    assert hard_turn_rewards(turns, reference, unmatched=-0.5) == [0.25, 0.0, 1.0]
    assert hard_turn_rewards([[Call("fight")], []], []) == [0.0, 0.0]
    assert soft_turn_rewards([[Call("fight")], []], []) == [0.0, 0.0]
    assert hard_turn_rewards([], reference) == soft_turn_rewards([], reference) == []


CALLS = st.builds(Call, st.sampled_from("fg"), st.dictionaries(st.sampled_from("xy"), st.integers(0, 1), max_size=2))


@given(st.lists(CALLS, min_size=1, max_size=4), st.lists(CALLS, min_size=1, max_size=4))
def test_no_other_assignment_is_worth_more(calls: list[Call], reference: list[Call]) -> None:
    scores = [[similarity(c, r) for r in reference] for c in calls]
    if len(calls) <= len(reference):
        best = max(sum(scores[i][j] for i, j in enumerate(p)) for p in permutations(range(len(reference)), len(calls)))
    else:
        best = max(sum(scores[i][j] for j, i in enumerate(p)) for p in permutations(range(len(calls)), len(reference)))
    assert sum(hard_turn_rewards([[c] for c in calls], reference)) == pytest.approx(best)


def test_the_transport_plan_of_two_calls_is_known() -> None:
    # By symmetry both scalings are equal: T_ii = e / (e + 1) / 2 with e = exp(S / regularisation).
    e = math.exp(1.0 / 0.5)
    plan = transport_plan(np.eye(2), 0.5)
    assert np.allclose(plan, [[e / (e + 1) / 2, 1 / (e + 1) / 2], [1 / (e + 1) / 2, e / (e + 1) / 2]])
    rewards = soft_turn_rewards([[Call("f")], [Call("g")]], [Call("f"), Call("g")], regularisation=0.5)
    assert rewards == pytest.approx([e / (e + 1) / 2] * 2)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 99))
def test_the_transport_plan_keeps_its_marginals(n: int, m: int, seed: int) -> None:
    scores = np.random.default_rng(seed).random((n, m))
    plan = transport_plan(scores, 0.1, rounds=5000)
    assert np.allclose(plan.sum(axis=0), 1 / m)
    assert np.allclose(plan.sum(axis=1), 1 / n, atol=1e-6)
    assert (plan >= 0).all()


def test_a_small_regularisation_does_not_overflow() -> None:
    rewards = soft_turn_rewards([[Call("f")], [Call("g")]], [Call("f"), Call("g")], regularisation=1e-4)
    assert rewards == pytest.approx([0.5, 0.5])
    with pytest.raises(UnknownOption, match="regularisation"):
        soft_turn_rewards([], [], regularisation=0.0)


def test_without_scipy_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(MissingRequirement, match="pip install scipy"):
        hard_turn_rewards([[Call("f")]], [Call("f")])


def test_a_heros_turns_are_matched_with_the_oracles_plan() -> None:
    venv = make_vec("mtenvs/HeroBench-v0", 1, task="own/1/0")
    tools = {t.name: t for t in venv.single_action_space.tools}  # type: ignore[attr-defined]  # a CallText
    (perfect,) = rollout(venv, OraclePolicy(venv), 1)
    reference = [call for turn in calls_of(perfect, tools) for call in turn]

    def clumsy(obs: Any) -> list[str]:  # noqa: ARG001 - a policy's signature
        return [next(script)]

    script = iter(["nonsense", *(turn.parsed for turn in perfect.turns)])
    (other,) = rollout(venv, clumsy, 1)
    venv.close()
    assert hard_turn_rewards(calls_of(perfect, tools), reference) == [1.0] * len(perfect.turns)
    assert hard_turn_rewards(calls_of(other, tools), reference) == [0.0, *[1.0] * len(perfect.turns)]
    assert calls_of(perfect, {}) == [[]] * len(perfect.turns)
