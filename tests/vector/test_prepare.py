"""A class that looks at a whole turn before its environments are stepped."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gymnasium as gym
import pytest
from gymnasium.wrappers import RecordEpisodeStatistics, TransformAction
from rough_env import RoughEnv

import mtenvs
from mtenvs.vector import BatchedVectorEnv, ProcessVectorEnv

BACKENDS = ("sync", "thread", "process")


class Foresight(RoughEnv):
    """Writes down what its class was told: together with how many, which action, at which turn, in which thread."""

    def __init__(self) -> None:
        super().__init__(size=0)
        self.told: list[tuple[int, str, int]] = []
        self.thread = 0

    @classmethod
    def prepare_many(cls, worlds: Sequence[Foresight], actions: Sequence[str]) -> None:
        assert {type(world) for world in worlds} == {cls}
        for world, action in zip(worlds, actions, strict=True):
            world.told.append((len(worlds), action, world.turn))
            world.thread = threading.get_ident()
        if "stumble" in actions:
            raise ValueError("this helps nobody")
        if "die" in actions:
            os._exit(7)


class Other(Foresight):
    """Another class that does the same."""


def watched() -> gym.Env[Any, Any]:
    return RecordEpisodeStatistics(Foresight())


def changed() -> gym.Env[Any, Any]:
    return TransformAction(Foresight(), str.upper, None)


def batch(backend: str, envs: Sequence[Callable[[], Any]], **options: Any) -> BatchedVectorEnv:
    if backend == "process":
        options = {"workers": 1, "context": "forkserver", **options}
    return mtenvs.make_vec(list(envs), backend=backend, **options)


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_class_is_told_once_before_anybody_moves(backend: str) -> None:
    bare = partial(RoughEnv, size=0)
    venv = batch(backend, [Foresight, Other, bare, watched, changed, Other, Foresight])
    venv.reset(seed=0)
    obs, *_ = venv.step(list("abcdefg"))
    assert obs["text"] == tuple(f"{a}|1|{i}" for i, a in enumerate("abcdEfg"))
    told = [venv.call_one(i, "told") for i in (0, 1, 3, 4, 5, 6)]
    assert told == [[(3, "a", 0)], [(2, "b", 0)], [(3, "d", 0)], [], [(2, "f", 0)], [(3, "g", 0)]]
    if backend != "process":
        assert venv.call_one(0, "thread") == threading.get_ident()
    venv.close()


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_is_told_about_those_that_move(backend: str) -> None:
    venv = batch(backend, [Foresight] * 3)
    venv.reset(seed=0)
    venv.step(["a", "end", "b"])
    venv.step(["c", "", "d"])
    assert venv.call("told") == ([(3, "a", 0), (2, "c", 1)], [(3, "end", 0)], [(3, "b", 0), (2, "d", 1)])
    venv.send(["e"], [2])  # nobody to share with
    assert venv.recv().obs["text"] == ("e|3|2",)
    venv.send_reset([1], seed=9)
    venv.recv()
    venv.send(["f", "g"], [2, 1])
    venv.recv(min_ready=2)
    assert [told[1:] for told in venv.call("told")] == [[(2, "c", 1)], [(2, "g", 0)], [(2, "d", 1), (2, "f", 3)]]
    venv.close()


@pytest.mark.parametrize("backend", BACKENDS)
def test_its_exceptions_harm_nobody(backend: str) -> None:
    venv = batch(backend, [Foresight] * 3)
    venv.reset(seed=0)
    obs, _, terminated, truncated, infos = venv.step(["a", "stumble", "b"])
    assert obs["text"] == ("a|1|0", "stumble|1|1", "b|1|2")
    assert not (terminated | truncated).any()
    assert infos["error"].tolist() == [""] * 3
    venv.step(["c"] * 3)
    assert [len(told) for told in venv.call("told")] == [2, 2, 2]
    venv.close()


def test_a_worker_that_it_takes_down_plays_the_turn_without_it() -> None:
    venv = batch("process", [Foresight] * 3)
    assert isinstance(venv, ProcessVectorEnv)
    venv.reset(seed=0)
    venv.step(["a"] * 3)
    pids = venv.worker_pids
    for turn, action in ((2, "die"), (3, "die"), (4, "b")):
        obs, _, _, truncated, infos = venv.step([action, "x", "y"])
        assert obs["text"] == (f"{action}|{turn}|0", f"x|{turn}|1", f"y|{turn}|2")
        assert not truncated.any()
        assert infos["error"].tolist() == [""] * 3
        assert len({*pids, *venv.worker_pids}) == 2  # one death, not one a turn
    venv.reset(seed=5)
    venv.step(["c"] * 3)
    assert venv.call_one(0, "told") == [(3, "c", 0)]
    venv.close()


@pytest.mark.parametrize(("backend", "told"), [("thread", 1), ("process", 0)])
def test_it_takes_nobody_s_time_where_steps_have_a_deadline(backend: str, told: int) -> None:
    venv = batch(backend, [Foresight] * 2, step_timeout=30.0)
    venv.reset(seed=0)
    venv.step(["a", "b"])
    assert [len(each) for each in venv.call("told")] == [told] * 2
    venv.close()


def test_ctrl_c_in_it_leaves_the_turn_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    for backend in ("sync", "thread"):
        venv = batch(backend, [Foresight] * 2)
        venv.reset(seed=0)
        with monkeypatch.context() as patch:
            patch.setattr(Foresight, "prepare_many", interrupted)
            with pytest.raises(KeyboardInterrupt):
                venv.step(["a", "b"])
        assert dict(zip((got := venv.recv(min_ready=2)).env_ids.tolist(), got.obs["text"], strict=True)) == {0: "a|1|0", 1: "b|1|1"}
        venv.close()
