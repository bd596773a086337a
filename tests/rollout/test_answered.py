"""Policies that are asked now and answer later, each environment in its own time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy import CounterEnv

import mtenvs
from mtenvs.core.errors import UnknownOption
from mtenvs.core.trajectory import Reply, Trajectory
from mtenvs.rollout import Interrupted, rollout
from mtenvs.rollout.loops import as_answered
from mtenvs.rollout.plan import plan
from mtenvs.rollout.session import Session


class Faulty(CounterEnv):
    """Breaks where the seed says so."""

    def _begin(self, task: Any) -> str:
        if self.episode_seed == 2:
            raise RuntimeError("the world would not start")
        return super()._begin(task)

    def _ended(self) -> str:
        if self.episode_seed == 5 and self.total >= 2:
            raise RuntimeError("the world fell apart")
        return ""


def decide(total: float, target: float) -> Reply:
    """What this observation asks for; its words tell it from every other turn's, and in some episodes it gives up."""
    if total == 2 and target % 2 == 0:
        return Reply("", failure={"kind": "given_up", "message": "HTTP 503"})
    return Reply("submit()" if total >= target else "add(1)", text=f"{total:g} of {target:g}")


class Pending:
    """Answers when the test says so: ``release`` is given whom it was asked about and picks at least one where it must."""

    name = "pending"

    def __init__(self, release: Callable[[list[int]], Sequence[int]]) -> None:
        self.open: dict[int, Reply] = {}
        self.asked = self.called = 0
        self._release = release

    def reset(self, env_ids: Sequence[int]) -> None:
        for i in env_ids:
            self.open.pop(i, None)

    def __call__(self, obs: Any, env_ids: Sequence[int]) -> list[Reply]:
        self.called += len(env_ids)
        return [decide(*seen) for seen in obs["state"].tolist()]

    def submit(self, obs: Any, env_ids: Sequence[int]) -> None:
        assert not self.open.keys() & set(env_ids), "asked twice at a time"
        assert len(obs["text"]) == len(obs["state"]) == len(env_ids) > 0
        self.asked += len(env_ids)
        self.open.update(zip(env_ids, (decide(*seen) for seen in obs["state"].tolist()), strict=True))

    def poll(self, timeout: float | None) -> Mapping[int, Reply]:
        chosen = self._release(list(self.open))
        if timeout is None and not chosen:
            chosen = list(self.open)[:1]
        return {i: self.open.pop(i) for i in chosen}


def at_once(envs: list[int]) -> list[int]:
    return envs


class Schedule:
    """So many answers at each look, from this place on, backwards or not."""

    def __init__(self, looks: Sequence[tuple[int, int, bool]]) -> None:
        self._looks, self._next = looks, 0

    def __call__(self, envs: list[int]) -> list[int]:
        count, place, backwards = self._looks[self._next % len(self._looks)]
        self._next += 1
        turned = envs[place % len(envs) :] + envs[: place % len(envs)]
        return (turned[::-1] if backwards else turned)[:count]


def told(episodes: Sequence[Trajectory]) -> list[Any]:
    return [(e.seed, e.chain(), e.stop_reason, [(t.text, t.reply) for t in e.turns]) for e in episodes]


@cache
def expected(n: int) -> list[Any]:
    """The same episodes, played one after the other by a policy that answers at once."""
    with closing(mtenvs.make_vec(partial(Faulty, obs_mode="all"), 1, backend="sync")) as venv:
        episodes = rollout(venv, Pending(at_once), n)
        assert {"goal_reached", "env_error", "policy_error"} == {e.stop_reason for e in rollout(venv, Pending(at_once), 9)}
        return told(episodes)


looks = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.booleans()), min_size=1, max_size=12)


@settings(max_examples=40)
@given(num_envs=st.integers(1, 4), n=st.integers(1, 9), schedule=looks, broken_off_after=st.integers(1, 9))
def test_whenever_and_in_whatever_order_answers_come_each_is_played_on_its_own_turn(
    num_envs: int, n: int, schedule: Sequence[tuple[int, int, bool]], broken_off_after: int
) -> None:
    finished: list[Trajectory] = []

    def stop(trajectory: Trajectory) -> None:
        finished.append(trajectory)
        if len(finished) == broken_off_after:
            raise KeyboardInterrupt

    policy = Pending(Schedule(schedule))
    with closing(mtenvs.make_vec(partial(Faulty, obs_mode="all"), num_envs, backend="sync")) as venv:
        broken = Session(venv, policy, None, stop, None)
        try:
            as_answered(broken, plan(n))
        except KeyboardInterrupt:
            assert len(finished) == broken_off_after
        assert not policy.open, "nothing that was broken off is still waited for"
        policy.asked = 0
        session = Session(venv, policy, None, None, None)
        as_answered(session, plan(n))
    episodes = [session.done[k] for k in range(n)]
    assert told(episodes) == expected(n)
    assert policy.asked == sum(len(e.turns) for e in episodes)
    assert all(told([e])[0] in expected(n) for e in finished)


def test_an_answer_that_is_long_in_coming_holds_nobody_up() -> None:
    done: list[int] = []

    def all_but_the_first(envs: list[int]) -> list[int]:
        return envs if len(done) == 5 else [i for i in envs if i != 0]

    policy = Pending(all_but_the_first)
    with closing(mtenvs.make_vec(partial(CounterEnv, obs_mode="all", task="to/3"), 2, backend="thread")) as venv:
        episodes = rollout(venv, policy, 6, on_episode=lambda trajectory: done.append(trajectory.seed))
    assert done[-1] == 0, "the other environment played all others meanwhile"
    assert [e.seed for e in episodes] == list(range(6))
    assert policy.called == 0


@pytest.mark.parametrize(("backend", "min_ready"), [("thread", 1), ("sync", None)], ids=["min_ready", "in-step"])
def test_it_is_called_where_there_is_something_to_wait_for(backend: str, min_ready: int | None) -> None:
    policy = Pending(at_once)
    with closing(mtenvs.make_vec(partial(CounterEnv, obs_mode="all"), 2, backend=backend)) as venv:
        episodes = rollout(venv, policy, 3, min_ready=min_ready)
    assert (policy.asked, policy.called) == (0, sum(len(e.turns) for e in episodes))


def test_an_answer_that_nobody_asked_for_is_named_and_not_played() -> None:
    class Confused(Pending):
        def poll(self, timeout: float | None) -> Mapping[int, Reply]:
            return {**super().poll(timeout), 7: Reply("add(1)")}

    with (
        closing(mtenvs.make_vec(partial(CounterEnv, obs_mode="all"), 2, backend="thread")) as venv,
        pytest.raises(UnknownOption, match="'pending' answered about environment 7, which it was not asked about"),
    ):
        rollout(venv, Confused(at_once), 2)


def test_ctrl_c_while_it_thinks_gives_what_is_done_and_drops_the_rest() -> None:
    def release(envs: list[int]) -> list[int]:
        if len(done) == 2:
            raise KeyboardInterrupt
        return [i for i in envs if i != 0]

    done: list[Trajectory] = []
    policy = Pending(release)
    with closing(mtenvs.make_vec(partial(CounterEnv, obs_mode="all", task="to/3"), 3, backend="thread")) as venv:
        with pytest.raises(Interrupted) as caught:
            rollout(venv, policy, 9, on_episode=done.append)
        assert [e.seed for e in caught.value.episodes] == sorted(e.seed for e in done)
        assert 0 not in [e.seed for e in done]
        assert policy.open == {}
