"""Policies that ask the environments, here and elsewhere; part of a batch at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from toy import CounterEnv

from mtenvs.core.errors import UnknownOption
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
