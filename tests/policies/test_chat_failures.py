"""Endpoints that misbehave: every failure is named and counted, and none of them stops the batch."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from chat_server import Canned, ChatServer, says
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv

from mtenvs.rollout import rollout
from mtenvs.vector import make_vec

pytest.importorskip("httpx", reason="httpx is not installed: pip install 'mtenvs[chat]'")

from mtenvs.policies.answer import read_answer
from mtenvs.policies.chat import ChatPolicy
from mtenvs.policies.endpoint import Limits, retry_after

QUICK = Limits(timeout_s=20, deadline_s=60, retries=2, backoff_s=0.001, max_bytes=10_000)
Make = Callable[..., ChatPolicy]


def counters(n: int = 1) -> Any:
    return make_vec([lambda: CounterEnv(task="to/3", max_invalid=3)] * n)


@pytest.fixture
def make(server: ChatServer) -> Iterator[Make]:
    made: list[ChatPolicy] = []

    def build(venv: Any, limits: Limits = QUICK, url: str = server.url, **options: Any) -> ChatPolicy:
        made.append(ChatPolicy(venv, url, "m", limits=limits, **options))
        return made[-1]

    yield build
    for policy in made:
        policy.close()


BAD = {
    "error-500": (Canned({"error": "boom"}, 500), QUICK, "http", "status 500", 3),
    "error-429": (Canned({"error": "slow down"}, 429, {"retry-after": "0"}), QUICK, "http", "status 429", 3),
    "error-401": (Canned({"error": "bad key sk-secret"}, 401), QUICK, "http", "bad key ***", 1),
    "redirect": (Canned(b"", 302, {"location": "/elsewhere"}), QUICK, "http", "status 302: (empty)", 1),
    "html": (Canned(b"<html><body>Gateway</body></html>", 200, {"content-type": "text/html"}), QUICK, "body", "not JSON: <html>", 3),
    "nothing": (Canned(b""), QUICK, "body", "empty body", 3),
    "half-json": (Canned(b'{"choices": [{"mess'), QUICK, "body", "not JSON", 3),
    "deep-json": (Canned(b"[" * 9000), QUICK, "body", "JSON", 3),
    "no-choices": (Canned({"choices": []}), QUICK, "body", "no choices[0].message", 3),
    "a-list": (Canned([1]), QUICK, "body", "no choices[0].message", 3),
    "no-message": (Canned({"choices": [{"message": "hi"}]}), QUICK, "body", "no object", 3),
    "not-utf8": (Canned(b"\xff\xfe\x00"), QUICK, "body", "not JSON", 3),
    "huge": (Canned(b"x" * 20_000), QUICK, "size", "more than 10000 bytes", 1),
    "cut": (Canned(b'{"cho', cut=True), QUICK, "connection", "RemoteProtocolError", 3),
    "hang": (Canned(hang=True), Limits(timeout_s=0.2, deadline_s=60, retries=1, backoff_s=0.001), "timeout", "no complete answer", 2),
    "drip": (Canned(b'{"choices"', hang=True), Limits(timeout_s=9, deadline_s=0.3, backoff_s=0.001), "timeout", "no complete answer", 1),
    "wait-too-long": (Canned({}, 503, {"retry-after": "3600"}), QUICK, "http", "would pass the deadline", 1),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_failure_ends_the_episode_with_its_name_and_is_counted(server: ChatServer, make: Make, name: str) -> None:
    canned, limits, kind, words, attempts = BAD[name]
    server.answer = lambda _: canned
    venv = counters()
    policy = make(venv, limits, api_key="sk-secret")
    episode = rollout(venv, policy, 1)[0]
    assert (episode.stop_reason, episode.failed, episode.turns[0].trainable) == ("policy_error", True, False)
    assert words in episode.error
    assert [(f.env, f.turn, f.kind) for f in policy.failures] == [(0, 1, kind)]
    report = policy.report()
    assert (report["requests"], report["failures"], report["answers"]) == (attempts, {kind: 1}, 0)
    assert sum(report["retried"].values()) == attempts - 1


def test_nobody_listens(make: Make) -> None:
    with socket.socket() as held:  # bound, but not listening: nobody else can take the port, and it refuses
        held.bind(("127.0.0.1", 0))
        venv = counters(2)
        policy = make(venv, url=f"http://127.0.0.1:{held.getsockname()[1]}/v1")
        episodes = rollout(venv, policy, 2)
    assert {e.stop_reason for e in episodes} == {"policy_error"}
    assert [f.kind for f in policy.failures] == ["connection"] * 2


@pytest.mark.parametrize("name", ["error-500", "error-429", "html", "nothing", "half-json", "cut"])
def test_what_fails_once_is_asked_again_and_counted(server: ChatServer, make: Make, name: str) -> None:
    queue = [BAD[name][0]]
    server.answer = lambda _: queue.pop() if queue else says("submit()")
    venv = counters()
    policy = make(venv)
    assert rollout(venv, policy, 1)[0].stop_reason == "goal_failed"
    assert policy.failures == []
    assert policy.report()["retried"] == {BAD[name][2]: 1}


def test_one_bad_conversation_does_not_spoil_the_others(server: ChatServer, make: Make) -> None:
    server.answer = lambda body: Canned(b"<html>") if re.search(r"0 of \d*[02468],", str(body["messages"])) else says("submit()")
    venv = counters(8)
    policy = make(venv)
    episodes = rollout(venv, policy, 8, seed=0)
    spoilt = [e for e in episodes if e.failed]
    assert len(spoilt) == len(policy.failures)
    assert 0 < len(spoilt) < 8
    assert all(e.stop_reason == "goal_failed" for e in episodes if not e.failed)


def test_giving_up_later_plays_empty_turns_that_are_not_trained_on(server: ChatServer, make: Make) -> None:
    answers = [Canned({}, 400), says("add(1)"), Canned({}, 400), Canned({}, 400)]
    server.answer = lambda _: answers.pop(0)
    venv = counters()
    policy = make(venv, give_up_after=2)
    episode = rollout(venv, policy, 1)[0]
    assert [(t.action, t.trainable) for t in episode.turns] == [("", False), ("add(1)", True), ("", False), ("", False)]
    assert episode.stop_reason == "policy_error"
    assert [f.turn for f in policy.failures] == [1, 3, 4]
    roles = [m["role"] for m in server.requests[1]["messages"]]
    assert roles == ["system", "user"], "the observation that was not answered is joined with the next"
    assert "the action is empty" in server.requests[1]["messages"][1]["content"]


def test_a_busy_endpoint_says_when_to_come_back() -> None:
    assert retry_after("0.5") == 0.5
    soon = datetime.now(timezone.utc) + timedelta(seconds=100)
    wait = retry_after(format_datetime(soon, usegmt=True))
    assert wait is not None
    assert 90 < wait <= 100
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [retry_after(v) for v in (None, "", "soon", "-3", "nan", "inf", "Wed, 99 Foo")] == [None] * 7


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["function", "name", "arguments", "id", "text", "type", "x"]), inner)
    ),
    max_leaves=12,
)


@given(ANY_JSON, ANY_JSON, ANY_JSON, ANY_JSON)
def test_any_answer_is_an_action_that_an_environment_takes(content: Any, tool_calls: Any, usage: Any, extra: Any) -> None:
    message = {"content": content, "tool_calls": tool_calls, "function_call": extra}
    answer = read_answer({"choices": [{"message": message, "finish_reason": extra, "logprobs": extra, "token_ids": usage}], "usage": usage})
    assert ENV.action_space.contains(answer.reply.action) or len(answer.reply.action) > 20_000
    ENV.reset(seed=0)
    ENV.step(answer.reply.action)
    json.dumps(answer.message).encode("utf-8")


ENV = CounterEnv(task="to/3")
