"""The chat policy asked now and answering later, against a real server: whose answer is whose, and what becomes of late ones."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from chat_server import Canned, ChatServer, says
from toy import CounterEnv

from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout import Interrupted, rollout
from mtenvs.vector import make_vec

pytest.importorskip("httpx", reason="httpx is not installed: pip install 'mtenvs[chat]'")

from mtenvs.policies.chat import ChatPolicy
from mtenvs.policies.endpoint import Limits

PATIENCE = 60  # seconds, after which a test is broken
TURNS = 4


class Nonce(CounterEnv):
    """Shows words that no other turn of another episode shows."""

    def __init__(self) -> None:
        super().__init__(task="to/3", max_turns=TURNS)

    def _report(self) -> str:
        return f"nonce-{self.episode_seed}-{self._turn}."


def nonces(words: str) -> list[str]:
    return re.findall(r"nonce-\d+-\d+", words)


def newest(body: dict[str, Any]) -> str:
    return nonces(json.dumps(body["messages"][-1]))[-1]


def echo(body: dict[str, Any]) -> Canned:
    """A model that writes down the words which it was shown last."""
    return says(f"note('{newest(body)}')")


def all_echoed(episodes: list[Trajectory]) -> bool:
    return all(t.action == f"note('{nonces(t.text)[-1]}')" for e in episodes for t in e.turns) and all(
        [nonces(t.text)[-1] for t in e.turns] == [f"nonce-{e.seed}-{k}" for k in range(TURNS)] for e in episodes
    )


@pytest.fixture
def make(server: ChatServer) -> Iterator[Callable[..., ChatPolicy]]:
    made: list[ChatPolicy] = []

    def build(venv: Any, **options: Any) -> ChatPolicy:
        limits = Limits(backoff_s=0.001, timeout_s=PATIENCE, retries=0)
        made.append(ChatPolicy(venv, server.url, "toy-model", limits=limits, mode="text", **options))
        return made[-1]

    yield build
    for policy in made:
        policy.close()


@pytest.fixture
def venv() -> Iterator[Any]:
    with closing(make_vec([Nonce] * 4, backend="thread")) as batch:
        yield batch


def test_answers_in_the_opposite_order_are_played_each_on_its_own_turn(server: ChatServer, make: Any, venv: Any) -> None:
    lock, first = threading.Lock(), list[str]()
    everyone, gone = threading.Event(), [threading.Event() for _ in range(5)]
    gone[4].set()

    def answer(body: dict[str, Any]) -> Canned:
        with lock:
            first.append(newest(body))
            place = len(first) - 1
            if place == 3:
                everyone.set()
        if place < 4:  # the opening turns of all environments: last come, first served
            assert everyone.wait(PATIENCE)
            assert gone[place + 1].wait(PATIENCE)
            gone[place].set()
        return echo(body)

    server.answer = answer
    episodes = rollout(venv, make(venv), 9)
    assert sorted(first[:4]) == [f"nonce-{k}-0" for k in range(4)]
    assert all_echoed(episodes)


def test_a_slow_answer_holds_no_other_episode_up(server: ChatServer, make: Any, venv: Any) -> None:
    others_done = threading.Event()
    done: list[int] = []

    def answer(body: dict[str, Any]) -> Canned:
        if newest(body) == "nonce-0-1":
            assert others_done.wait(PATIENCE)
        return echo(body)

    def tick(trajectory: Trajectory) -> None:
        done.append(trajectory.seed)
        if len(done) == 8:
            others_done.set()

    server.answer = answer
    episodes = rollout(venv, make(venv), 9, on_episode=tick)
    assert done[-1] == 0
    assert all_echoed(episodes)


def test_an_answer_to_an_episode_that_a_rollout_broke_off_is_not_played_in_the_next(server: ChatServer, make: Any, venv: Any) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def answer(body: dict[str, Any]) -> Canned:
        if newest(body) == "nonce-0-2":
            asked.set()
            assert may_answer.wait(PATIENCE)
        return echo(body)

    def stop(_: Trajectory) -> None:
        assert asked.wait(PATIENCE)
        raise KeyboardInterrupt

    server.answer = answer
    policy = make(venv)
    with pytest.raises(Interrupted):
        rollout(venv, policy, 9, on_episode=stop)
    may_answer.set()
    assert policy.poll() == {}, "nothing is waited for any more"
    assert all_echoed(rollout(venv, policy, 9, seed=100))
    assert policy.failures == []


@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "on-the-way"])
def test_a_late_answer_is_dropped_and_is_never_that_of_the_next_episode(server: ChatServer, make: Any, venv: Any, arrived: bool) -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def answer(body: dict[str, Any]) -> Canned:
        if not arrived and newest(body) == "nonce-0-0":
            asked.set()
            assert may_answer.wait(PATIENCE)
        return echo(body)

    server.answer = answer
    policy = make(venv)
    policy.submit(venv.reset(seed=0)[0], range(4))
    if arrived:
        until(lambda: policy.report()["answers"] == 4)
    else:
        assert asked.wait(PATIENCE)
    policy.reset([0])
    obs, _ = venv.reset(seed=50, options={"reset_mask": [True, False, False, False]})
    policy.submit({key: column[:1] for key, column in obs.items()}, [0])
    may_answer.set()
    found: dict[int, Any] = {}
    while len(found) < 4:
        some = policy.poll(PATIENCE)
        assert not some.keys() & found.keys(), "two answers for one question"
        found.update(some)
    assert {i: reply.action for i, reply in found.items()} == {0: "note('nonce-50-0')"} | {i: f"note('nonce-{i}-0')" for i in (1, 2, 3)}
    assert policy.poll(0) == {}
    policy.submit({key: column[:1] for key, column in obs.items()}, [0])
    assert policy.poll(PATIENCE)[0].action == "note('nonce-50-0')"
    assert "nonce-0-0" not in json.dumps(server.requests[-1]), "the old episode left no trace in the new conversation"


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline


def test_polling_waits_no_longer_than_it_is_told_and_closing_lets_go(server: ChatServer, make: Any, venv: Any) -> None:
    server.answer = lambda _: Canned(hang=True)
    policy = make(venv)
    assert policy.poll() == {}
    policy.submit(venv.reset(seed=0)[0], range(4))
    until(lambda: len(server.requests) == 4)
    assert policy.poll(0) == policy.poll(0.01) == {}
    policy.close()
    assert policy.poll() == {}
    assert policy.failures == []


def test_an_endpoint_that_fails_costs_only_the_episode_that_it_fails(server: ChatServer, make: Any, venv: Any) -> None:
    server.answer = lambda body: Canned({"error": "boom"}, 500) if newest(body) == "nonce-2-1" else echo(body)
    policy = make(venv)
    episodes = rollout(venv, policy, 7)
    assert [e.stop_reason for e in episodes] == ["policy_error" if e.seed == 2 else "max_turns" for e in episodes]
    assert all_echoed([e for e in episodes if not e.failed])
    assert [(f.turn, f.kind) for f in policy.failures] == [(2, "http")]


def test_a_mistake_in_a_window_is_raised_and_not_waited_for(make: Any, venv: Any) -> None:
    def window(_: Any) -> Any:
        raise ValueError("a window of one's own is broken")

    with pytest.raises(ValueError, match="is broken"):
        rollout(venv, make(venv, windows=[window]), 4)
