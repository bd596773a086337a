"""In a batch every episode is recorded with the wrappers of the environment that played it, as they were when it began."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import gymnasium as gym
import pytest

import mtenvs
from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout import TrajectoryStore, replay, rollout
from mtenvs.wrappers import HorizonSchedule, TurnBudget

BACKENDS = ("sync", "thread", "process")
HERO: dict[str, Any] = {"id": "mtenvs/HeroBench-v0", "disable_env_checker": True, "task": "own/1/0", "max_turns": 3}


class All:
    """Answers the whole batch."""

    name = "fighter"

    def __call__(self, obs: Any) -> list[str]:
        return ["fight()"] * len(obs["text"])


class Some(All):
    """Answers whoever is ready."""

    def __call__(self, obs: Any, env_ids: Sequence[int] = ()) -> list[str]:
        assert len(obs["text"]) == len(env_ids)
        return ["fight()"] * len(env_ids)


def bare() -> gym.Env[Any, Any]:
    return gym.make(**HERO)


def budgeted() -> gym.Env[Any, Any]:
    return TurnBudget(bare(), 2)


def scheduled() -> gym.Env[Any, Any]:
    return HorizonSchedule(bare(), rounds=(2, 4), steps_per_stage=10)


def same_again(episode: Trajectory) -> bool:
    stored = Trajectory.from_dict(json.loads(json.dumps(episode.to_dict())))
    return replay(stored, episode.chain()).same


def steps(episodes: Sequence[Trajectory]) -> list[int]:
    return [e.wrappers[0]["kwargs"]["global_step"] for e in episodes]


@pytest.mark.parametrize("policy", [All, Some], ids=["all", "some"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_each_environment_with_its_own(backend: str, policy: Any) -> None:
    with closing(mtenvs.make_vec([budgeted, bare], backend=backend)) as venv:
        episodes = rollout(venv, policy(), 4, seed=3)
    assert [[w["name"].partition(":")[2] for w in e.wrappers] for e in episodes] == [["TurnBudget"], []] * 2
    assert [len(e.turns) for e in episodes] == [2, 3] * 2
    assert all(same_again(e) for e in episodes)


def test_the_stage_of_training_is_that_of_the_rollout() -> None:
    with closing(mtenvs.make_vec(scheduled, 1)) as venv:
        short = rollout(venv, All(), 1)
        venv.call("set_global_step", 10)
        longer = rollout(venv, All(), 1)
    assert [len(e.turns) for e in (*short, *longer)] == [2, 4]
    assert steps([*short, *longer]) == [0, 10]
    assert all(same_again(e) for e in (*short, *longer))


@pytest.mark.parametrize("policy", [All, Some], ids=["all", "some"])
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_stage_of_training_is_that_of_each_start(backend: str, policy: Any) -> None:
    with closing(mtenvs.make_vec(scheduled, 2, backend=backend)) as venv:

        def train(_: Trajectory) -> None:  # while the other environment may be at its turn or its reset
            venv.call("set_global_step", 10)

        episodes = rollout(venv, policy(), 6, on_episode=train)
    found = steps(episodes)
    assert (found[0], found[-1]) == (0, 10)
    assert [len(e.turns) for e in episodes] == [2 if step == 0 else 4 for step in found]
    assert all(same_again(e) for e in (episodes[0], episodes[-1]))


def test_resume_takes_what_was_played_at_the_stage_that_holds_now(tmp_path: Path) -> None:
    store = TrajectoryStore(tmp_path)
    with closing(mtenvs.make_vec(scheduled, 1)) as venv:
        rollout(venv, All(), 2, store=store)
        venv.call("set_global_step", 10)
        again = rollout(venv, All(), 2, store=store, resume=True)
        assert steps(again) == [10, 10]
        assert len(rollout(venv, All(), 2, store=store, resume=True)[0].turns) == 4
    assert len(list(store)) == 4
