"""Policies that ask the environments, here and elsewhere; part of a batch at a time."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv

from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Trajectory
from mtenvs.policies import NearMissPolicy, RandomPolicy, named_policy
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec


class Elsewhere:
    """A batch that lets nobody touch its environments, as those of other processes; `call_one` alone goes through."""

    def __init__(self, venv: Any) -> None:
        self._venv = venv
        self.asked: list[tuple[int, str]] = []

    def __getattr__(self, name: str) -> Any:
        if name == "envs":
            raise AttributeError(name)
        return getattr(self._venv, name)

    def call_one(self, index: int, name: str, *args: Any) -> Any:
        self.asked.append((index, name))
        found = getattr(self._venv.envs[index].unwrapped, name)
        return found(*args) if callable(found) else found


def counters(n: int) -> Any:
    return make_vec([lambda: CounterEnv(task="to/3")] * n)


def test_the_oracle_solves_what_runs_elsewhere() -> None:
    venv = Elsewhere(counters(2))
    obs, _ = venv.reset(seed=0)
    policy = named_policy("oracle", venv)
    over = np.zeros(2, bool)
    while not over.all():
        obs, _, terminated, truncated, infos = venv.step(policy(obs))
        over |= terminated | truncated
    assert infos["success"].any()
    assert {name for _, name in venv.asked} == {"running", "next_oracle_action", "idle_action"}


@pytest.mark.parametrize("name", ["oracle", "idle", "random", "near-miss"])
def test_some_of_the_environments_can_be_asked_about(name: str) -> None:
    venv = counters(3)
    obs, _ = venv.reset(seed=0)
    policy = named_policy(name, venv)
    assert len(policy(obs)) == 3
    assert len(policy({k: v[:1] for k, v in obs.items()}, env_ids=[2])) == 1


def test_the_policies_play_as_their_names_say() -> None:
    venv = counters(2)
    outcome = {name: rollout(venv, named_policy(name, venv), 4) for name in ("oracle", "idle", "near-miss")}
    assert all(e.success for e in outcome["oracle"])
    assert {e.stop_reason for e in outcome["idle"]} == {"max_turns"}
    assert {e.stop_reason for e in outcome["near-miss"]} == {"goal_failed"}


def test_random_actions_repeat_with_their_seed() -> None:
    venv = counters(1)
    obs, _ = venv.reset(seed=0)
    draws = [[RandomPolicy(venv, seed=s)(obs) for _ in range(1)] for s in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    with pytest.raises(UnknownOption, match="at least 0"):
        RandomPolicy(venv, seed=-1)


def actions(episodes: list[Trajectory]) -> list[list[str]]:
    return [[turn.action for turn in episode.turns] for episode in episodes]


@pytest.mark.parametrize("backend", ["thread", "process"])
def test_random_actions_do_not_depend_on_where_and_when_environments_run(backend: str) -> None:
    # Tasks of unequal lengths on fewer environments than episodes: who plays which episode differs from backend to backend.
    tasks = ["k1-t10/0", "k1-t20/0", "k2-t10/0"]
    played = []
    for where, num_envs in (("sync", 1), ("sync", 3), (backend, 3)):
        with closing(make_vec("mtenvs/LongExecution-v0", num_envs, backend=where, split=None)) as venv:
            played.append(rollout(venv, RandomPolicy(venv, seed=4), 8, tasks=tasks, seed=10))
    assert actions(played[0]) == actions(played[1]) == actions(played[2])
    assert [e.chain() for e in played[0]] == [e.chain() for e in played[2]]
    assert len({str(line) for line in actions(played[0])}) == 8


@given(order=st.permutations([0, 0, 0, 1, 1, 1, 2, 2, 2]))
def test_random_actions_do_not_depend_on_who_is_ready_first(order: list[int]) -> None:
    venv = counters(3)
    obs, _ = venv.reset(seed=0)
    together, apart = RandomPolicy(venv), RandomPolicy(venv)
    for policy in (together, apart):
        policy.reset([0, 1, 2])
    expected = list(zip(*[together(obs) for _ in range(3)], strict=True))
    got: dict[int, list[Any]] = {0: [], 1: [], 2: []}
    for env in order:
        got[env] += apart({k: v[env : env + 1] for k, v in obs.items()}, env_ids=[env])
    assert [tuple(got[env]) for env in range(3)] == expected


def test_copies_of_one_start_draw_actions_of_their_own() -> None:
    venv = counters(2)
    episodes = rollout(venv, RandomPolicy(venv), 4, group_size=4)
    assert len({e.seed for e in episodes}) == 1
    assert len({str(line) for line in actions(episodes)}) == 4


def test_random_actions_keep_to_the_mask_and_leave_the_batchs_own_space_alone() -> None:
    venv = make_vec("mtenvs/HeroBench-v0", 2, control="discrete", obs_mode="all", task="own/1/0")
    obs, _ = venv.reset(seed=0)
    venv.single_action_space.seed(3)
    expected = venv.single_action_space.sample()
    venv.single_action_space.seed(3)
    policy = RandomPolicy(venv)
    drawn = [policy(obs) for _ in range(20)]
    assert all(obs["action_mask"][row][action] for pair in drawn for row, action in enumerate(pair))
    assert len({action for pair in drawn for action in pair}) > 1
    assert venv.single_action_space.sample() == expected


def test_random_actions_for_batches_of_others() -> None:
    venv = gym.make_vec("CartPole-v1", 3, vectorization_mode="sync")
    first, again = RandomPolicy(venv, seed=1), RandomPolicy(venv, seed=1)
    drawn = [first(None) for _ in range(8)]
    assert drawn == [again(None) for _ in range(8)]
    assert len({str(column) for column in zip(*drawn, strict=True)}) == 3


def test_wrong_names_and_keywords_are_typed() -> None:
    venv = counters(1)
    with pytest.raises(UnknownOption, match="oracle"):
        named_policy("oracel", venv)
    with pytest.raises(UnknownOption, match="it takes venv, seed"):
        named_policy("random", venv, sed=1)
    assert named_policy("random", venv, seed=1).name == "random"
    with pytest.raises(UnknownOption, match="in this process"):
        NearMissPolicy(Elsewhere(venv))


@pytest.mark.parametrize("backend", ["thread", "process"])
def test_the_oracle_plays_where_the_environments_really_run(backend: str) -> None:
    venv = make_vec("mtenvs/LongExecution-v0", 2, backend=backend, split=None)
    try:
        episodes = rollout(venv, named_policy("oracle", venv), 3)
    finally:
        venv.close()
    assert [e.success for e in episodes] == [True] * 3
