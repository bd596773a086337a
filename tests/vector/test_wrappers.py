"""A batch tells the wrappers of each environment: as they are now, and as they were when its episode began."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import pytest
from gymnasium.utils import RecordConstructorArgs
from rough_env import RoughEnv

import mtenvs
from mtenvs.vector import ClosedBatch


class Level(gym.Wrapper[Any, Any, Any, Any], RecordConstructorArgs):
    """Has a setting that may change between episodes."""

    def __init__(self, env: gym.Env[Any, Any], level: int = 0) -> None:
        RecordConstructorArgs.__init__(self, level=level)
        gym.Wrapper.__init__(self, env)

    def set_level(self, level: int) -> None:
        self._saved_kwargs["level"] = level


def wrapped() -> gym.Env[Any, Any]:
    return gym.wrappers.OrderEnforcing(Level(RoughEnv(size=0)))


def bare() -> gym.Env[Any, Any]:
    return gym.wrappers.OrderEnforcing(RoughEnv(size=0))


def levels(found: Any) -> list[int | None]:
    return [each[0]["kwargs"]["level"] if each else None for each in found]


@pytest.mark.parametrize("backend", ["sync", "thread", "process"])
def test_what_changes_during_an_episode_counts_from_the_next(backend: str) -> None:
    venv = mtenvs.make_vec([wrapped, bare, wrapped], backend=backend)
    assert levels(venv.wrappers_at_start()) == [0, None, 0]
    venv.call_one(0, "set_level", 3)
    venv.reset(seed=0)
    venv.call_one(2, "set_level", 5)
    assert levels(venv.describe(i)["wrappers"] for i in range(3)) == [3, None, 5]
    assert levels(venv.wrappers_at_start()) == [3, None, 0]
    assert levels(venv.wrappers_at_start([2, 1])) == [0, None]
    venv.send(["wait 0.01"], [0])  # asking does not disturb what is under way
    assert levels(venv.wrappers_at_start([0])) == [3]
    assert venv.recv().obs["text"] == ("wait 0.01|1|0",)
    venv.send_reset([2], seed=7)
    venv.call_one(2, "set_level", 6)  # comes after the reset that is under way
    venv.recv()
    assert levels(venv.wrappers_at_start()) == [3, None, 5]
    venv.close()
    with pytest.raises(ClosedBatch):
        venv.describe(0)


@pytest.mark.parametrize("backend", ["sync", "thread", "process"])
def test_a_new_environment_in_place_of_a_failed_one_is_as_it_was_made(backend: str) -> None:
    venv = mtenvs.make_vec([wrapped, wrapped], backend=backend)
    venv.call("set_level", 4)
    venv.reset(seed=0)
    venv.step(["raise", "a"])
    venv.reset(seed=1)
    assert levels(venv.wrappers_at_start()) == [0, 4]
    assert levels(venv.describe(i)["wrappers"] for i in range(2)) == [0, 4]
    venv.close()


def test_an_episode_that_begins_in_the_step_that_ends_one_has_the_wrappers_of_its_own_start() -> None:
    venv = mtenvs.make_vec([wrapped, wrapped], backend="sync", autoreset="same_step")
    venv.reset(seed=0)
    venv.call("set_level", 2)
    venv.step(["end", "a"])
    assert levels(venv.wrappers_at_start()) == [2, 0]
    venv.close()
