"""Whole turns: a worker that answers for all its environments at once, places written in turn, engines, waiting."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from picture_env import Pictures, shown
from rough_env import RoughEnv, rough

import mtenvs
from mtenvs.core.errors import UnknownOption
from mtenvs.vector import ProcessVectorEnv
from mtenvs.vector.patience import Pace


class Together(RoughEnv):
    """Has a batched engine, which says of itself that it was there and which fails as a whole."""

    def fits_batch(self) -> bool:
        return self.size == 0

    @staticmethod
    def step_many(envs: Sequence[RoughEnv], actions: Sequence[str]) -> Any:
        steps = [env.step(action) for env, action in zip(envs, actions, strict=True)]
        infos = {key: np.array([step[4][key] for step in steps]) for key in ("seed", "turn")}
        infos["anchor"] = np.array([f"{step[4]['anchor']}" for step in steps], object)
        infos["by"] = np.full(len(envs), "engine", object)
        ends = [np.array([step[k] for step in steps]) for k in (1, 2, 3)]
        return SimpleNamespace(obs=[step[0] for step in steps], rewards=ends[0], terminated=ends[1], truncated=ends[2], infos=infos)


@pytest.mark.parametrize("workers", [1, 2])
def test_pictures_are_the_last_ones_however_environments_move(workers: int) -> None:
    venv = mtenvs.make_vec(Pictures, 3, backend="process", workers=workers, context="forkserver")
    obs, _ = venv.reset(seed=7)
    assert shown(obs) == [7, 8, 9]
    rng, now = np.random.default_rng(0), [7, 8, 9]
    for k in range(60):
        if k % 3 == 2:
            i = int(rng.integers(3))
            now[i] = 100 + k
            venv.send([now[i]], [i])
            assert shown(venv.recv().obs) == [now[i]]
        else:
            now = rng.integers(0, 250, 3).tolist()
            obs, *_ = venv.step(now)
            assert shown(obs) == now
    assert venv.step([1, 255, 2])[2].tolist() == [False, True, False]
    for k in range(30):
        assert shown(venv.step([k, 0, k])[0]) == [k, 255, k]
    obs, _ = venv.reset(seed=40, options={"reset_mask": np.array([False, True, False])})
    assert shown(obs) == [29, 41, 29]
    venv.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_slow_environment_does_not_hold_the_others_up(workers: int) -> None:
    venv = mtenvs.make_vec(rough(), 4, backend="process", workers=workers, context="forkserver", step_timeout=0.6)
    venv.reset(seed=0)
    _, _, _, truncated, _ = venv.step(["wait 0.25"] * 4)  # together longer than the deadline of each
    assert not truncated.any()
    venv.send(["wait 0.002", "a", "b", "wait 0.5"])
    assert 0 in venv.recv(timeout=0.4).env_ids
    venv.recv(min_ready=4, timeout=30)
    assert venv.step(["c"] * 4)[0]["text"][3] == "c|3|3"
    venv.close()


def test_a_fault_among_rows_is_its_own() -> None:
    venv = mtenvs.make_vec(rough(), 4, backend="process", workers=1, context="forkserver")
    venv.reset(seed=0)
    obs, _, _, truncated, infos = venv.step(["a", "raise", "odd", "shape"])
    assert truncated.tolist() == [False, True, False, True]
    assert "as asked" in infos["error"][1]
    assert "has the shape (3,)" in infos["error"][3]
    assert obs["text"][0] == "a|1|0"
    assert infos["action"].tolist()[::2] == ["a", "odd"]
    venv.close()


def test_ctrl_c_in_a_turn_leaves_it_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    venv = mtenvs.make_vec(rough(), 2, backend="process", workers=1, context="forkserver")
    venv.reset(seed=0)
    poll = venv._transport.poll

    def interrupted(timeout: float | None) -> Any:  # noqa: ARG001 - that of the real one
        monkeypatch.setattr(venv._transport, "poll", poll)
        raise KeyboardInterrupt

    monkeypatch.setattr(venv._transport, "poll", interrupted)
    with pytest.raises(KeyboardInterrupt):
        venv.step(["a", "b"])
    with pytest.raises(UnknownOption, match="recv"):
        venv.step(["c", "d"])
    batch = venv.recv(2)
    assert dict(zip(batch.env_ids.tolist(), batch.obs["text"], strict=True)) == {0: "a|1|0", 1: "b|1|1"}
    assert venv.step(["c", "d"])[0]["text"] == ("c|2|0", "d|2|1")
    venv.close()


def test_a_worker_uses_the_engine_and_a_fault_is_still_of_one() -> None:
    venv = mtenvs.make_vec(partial(Together, size=0), 4, backend="process", workers=2, context="forkserver")
    venv.reset(seed=0)
    *_, infos = venv.step(["a"] * 4)
    assert infos["by"].tolist() == ["engine"] * 4
    assert infos["seed"].dtype == np.int64
    obs, _, _, truncated, infos = venv.step(["b", "b", "raise", "b"])
    assert truncated.tolist() == [False, False, True, False]
    assert "as asked" in infos["error"][2]
    assert obs["text"] == ("b|2|0", "b|2|1", "a|1|2", "b|2|3")
    obs, *_ = venv.step(["c"] * 4)
    assert obs["text"] == ("c|3|0", "c|3|1", "a|1|2", "c|3|3")
    venv.reset(seed=9)
    assert venv.step(["d"] * 4)[4]["by"].tolist() == ["engine"] * 4
    venv.close()


def test_no_engine_goes_around_a_wrapper() -> None:
    make: Any = partial(_clipped, 0)
    venv = mtenvs.make_vec(make, 2, backend="process", workers=1, context="forkserver")
    venv.reset(seed=0)
    _, rewards, _, _, infos = venv.step(["a"] * 2)
    assert rewards.tolist() == [-1.0, -1.0]
    assert "by" not in infos
    venv.close()
    with pytest.raises(UnknownOption, match="environment 0"):
        mtenvs.make_vec(make, 2, backend="native")


def _clipped(size: int) -> gym.Env[Any, Any]:
    return gym.wrappers.TransformReward(Together(size=size), _less)


def _less(reward: Any) -> float:
    return float(reward) - 2.0


def test_heroes_in_workers_equal_those_in_line() -> None:
    kwargs: dict[str, Any] = {"task": "own/2/0", "obs_mode": "text"}
    process = mtenvs.make_vec("mtenvs/HeroBench-v0", 4, backend="process", workers=2, **kwargs)
    sync = mtenvs.make_vec("mtenvs/HeroBench-v0", 4, backend="sync", **kwargs)
    for venv in (process, sync):
        venv.reset(seed=5)
    for turn in range(12):
        actions = list(sync.call("next_oracle_action"))
        actions[turn % 4] = "nonsense" if turn % 5 == 3 else actions[turn % 4]
        mine, theirs = process.step(actions), sync.step(actions)
        assert mine[0] == theirs[0]
        assert all((x == y).all() for x, y in zip(mine[1:4], theirs[1:4], strict=True))
        assert mine[4].keys() == theirs[4].keys()
        for key, column in theirs[4].items():
            other = mine[4][key]
            same = [(c.dtype, c.tolist()) for c in (column, other)] if isinstance(column, np.ndarray) else [repr(column), repr(other)]
            assert same[0] == same[1], key
    for venv in (process, sync):
        venv.close()


def test_a_batch_waits_in_the_way_that_is_faster_now() -> None:
    pace = Pace()

    def share(turns: int, seconds: dict[bool, float]) -> float:
        eager = 0
        for k in range(turns):
            way = pace.begin()
            pace.end(seconds[way] if k % 7 else 0.004)  # now and then somebody else has the processor
            eager += way
        return eager / turns

    share(200, {True: 6e-5, False: 1.5e-4})
    assert share(200, {True: 6e-5, False: 1.5e-4}) > 0.8
    share(1000, {True: 4e-4, False: 1.2e-4})
    assert share(200, {True: 4e-4, False: 1.2e-4}) < 0.2
    share(1000, {True: 6e-5, False: 1.5e-4})
    assert share(200, {True: 6e-5, False: 1.5e-4}) > 0.8


def test_an_idle_batch_burns_no_time() -> None:
    venv = mtenvs.make_vec(rough(), 2, backend="process", workers=2, context="forkserver")
    assert isinstance(venv, ProcessVectorEnv)
    venv.reset(seed=0)
    for _ in range(300):
        venv.step(["a", "b"])
    pids = [*venv.worker_pids, os.getpid()]
    before = _seconds(pids)
    time.sleep(1.0)
    assert _seconds(pids) - before < 0.05
    venv.close()


def _seconds(pids: Sequence[int]) -> float:
    """Processor time of these processes so far."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
