"""The batched engine of a family behind the same calls as every other backend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import mtenvs
from mtenvs.core.errors import MtenvsError, ResetNeeded, UnknownOption
from mtenvs.policies import named_policy
from mtenvs.vector.native import NativeVectorEnv

ID = "mtenvs/HeroBench-v0"
TASKS = ["own/1/0", "own/2/0", "own/12/0"]


def make(backend: str, **kwargs: Any) -> Any:
    return mtenvs.make_vec(ID, 5, backend=backend, **kwargs)


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
    if isinstance(one, np.ndarray):
        return bool(one.dtype == other.dtype and one.tolist() == other.tolist())
    return bool(one == other)


def test_it_equals_the_sync_backend_turn_by_turn() -> None:
    native, sync = make("native"), make("sync")
    policy = named_policy("oracle", sync)
    options = {"tasks": TASKS}
    pairs = [(native.reset(seed=3, options=options), sync.reset(seed=3, options=options))]
    obs = pairs[0][1][0]
    for turn in range(60):
        actions = list(policy(obs))
        if turn % 7 == 3:
            actions[turn % 5] = "nonsense"
        pairs.append((native.step(actions), sync.step(actions)))
        obs, _, terminated, truncated, _ = pairs[-1][1]
        if (terminated | truncated).any():
            again = {"reset_mask": terminated | truncated, "tasks": TASKS}
            pairs.append((native.reset(seed=turn, options=again), sync.reset(seed=turn, options=again)))
            obs = pairs[-1][1][0]
    for mine, theirs in pairs:
        assert len(mine) == len(theirs)
        assert all(equal(a, b) for a, b in zip(mine, theirs, strict=True))


def test_rollouts_do_not_differ() -> None:
    episodes = []
    for backend in ("native", "sync"):
        venv = make(backend)
        episodes.append([e.chain() for e in mtenvs.rollout(venv, named_policy("oracle", venv), 7, tasks=TASKS)])
        venv.close()
    assert episodes[0] == episodes[1]


def test_send_and_recv_play_the_same_episode() -> None:
    native, sync = make("native"), make("sync")
    for venv in (native, sync):
        venv.reset(seed=3, options={"tasks": TASKS})
    for turn in range(9):
        actions = list(sync.call("next_oracle_action"))
        theirs = sync.step(actions)
        if turn % 3 == 0:
            mine = native.step(actions)
        else:
            native.send(actions)
            batch = native.recv(min_ready=5)
            assert batch.env_ids.tolist() == [0, 1, 2, 3, 4]
            mine = (batch.obs, batch.rewards, batch.terminated, batch.truncated, batch.infos)
        assert all(equal(a, b) for a, b in zip(mine, theirs, strict=True))
    native.send_reset([2, 0], seed=[8, 9])
    native.send(["nonsense"], [1])
    batch = native.recv(min_ready=3)
    assert {int(i): bool(s) for i, s in zip(batch.env_ids, batch.started, strict=True)} == {2: True, 0: True, 1: False}
    assert native.describe(1) == sync.describe(1)
    for venv in (native, sync):
        venv.close()


def test_misuse_is_typed() -> None:
    with pytest.raises(UnknownOption):
        make("native", obs_mode="all")
    with pytest.raises(UnknownOption):
        make("native", mode="program")
    with pytest.raises(UnknownOption):
        mtenvs.make_vec("mtenvs/LongExecution-v0", 2, backend="native")
    with pytest.raises(UnknownOption):
        make("native", autoreset="same_step")
    venv = make("native")
    with pytest.raises(ResetNeeded):
        venv.step(["fight()"] * 5)
    venv.reset(seed=0)
    with pytest.raises(UnknownOption):
        venv.step(["fight()"])
    venv.close()
    venv.close()
    with pytest.raises(MtenvsError):
        venv.reset(seed=0)


def test_it_is_a_native_one() -> None:
    assert isinstance(make("native"), NativeVectorEnv)
