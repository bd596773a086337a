"""The chat policy against a real server: what it asks, what it plays."""

from __future__ import annotations

import base64
import io
import json
import re
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from chat_server import Canned, ChatServer, calls, says
from PIL import Image
from toy import CounterEnv, SliderEnv

from mtenvs.core.errors import UnknownOption
from mtenvs.policies import named_policy
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec

pytest.importorskip("httpx", reason="httpx is not installed: pip install 'mtenvs[chat]'")

from mtenvs.policies.chat import ChatPolicy
from mtenvs.policies.conversation import last_images, last_turns
from mtenvs.policies.endpoint import Limits

Make = Callable[..., ChatPolicy]


def counters(n: int = 1, **options: Any) -> Any:
    return make_vec([lambda: CounterEnv(**{"task": "to/3", **options})] * n)


@pytest.fixture
def make(server: ChatServer) -> Iterator[Make]:
    """Policies that ask the server, and are closed after the test."""
    made: list[ChatPolicy] = []

    def build(venv: Any, **options: Any) -> ChatPolicy:
        limits = options.pop("limits", Limits(backoff_s=0.001, timeout_s=20))
        made.append(ChatPolicy(venv, server.url, "toy-model", limits=limits, **options))
        return made[-1]

    yield build
    for policy in made:
        policy.close()


def next_move(body: dict[str, Any]) -> tuple[str, dict[str, int]]:
    """What brings the counter forward, from the newest text that shows it."""
    total, target = map(int, re.findall(r"(\d+) of (\d+)", json.dumps(body["messages"]))[-1])
    return ("add", {"amount": min(3, target - total)}) if total < target else ("submit", {})


def by_tools(body: dict[str, Any]) -> Canned:
    name, arguments = next_move(body)
    return calls((name, json.dumps(arguments)))


def by_text(body: dict[str, Any]) -> Canned:
    name, arguments = next_move(body)
    return says(f"Let me see.\n{name}({', '.join(f'{k}={v}' for k, v in arguments.items())})")


@pytest.mark.parametrize(("mode", "answer"), [("tools", by_tools), ("text", by_text)], ids=["tools", "text"])
def test_a_model_that_can_play_wins_every_episode_and_its_tokens_are_counted(
    server: ChatServer, make: Make, mode: str, answer: Any
) -> None:
    server.answer = answer
    venv = counters(3)
    policy = make(venv, mode=mode, api_key="secret", sampling={"temperature": 0.5})
    episodes = rollout(venv, policy, 5)
    turns = sum(len(e.turns) for e in episodes)
    assert all(e.success and e.policy == "chat:toy-model" for e in episodes)
    assert policy.report() == {
        "requests": turns,
        "answers": turns,
        "failures": {},
        "retried": {},
        "usage": {"prompt_tokens": 7 * turns, "completion_tokens": 3 * turns},
        "cut_off": 0,
        "calls_left_out": 0,
    }
    assert episodes[0].turns[0].usage == {"prompt_tokens": 7, "completion_tokens": 3}
    assert set(server.paths) == {"/v1/chat/completions"}
    assert {h["authorization"] for h in server.headers} == {"Bearer secret"}
    assert all(r["model"] == "toy-model" and r["temperature"] == 0.5 for r in server.requests)
    assert all(("tools" in r) == (mode == "tools") for r in server.requests)


def test_tool_calls_are_answered_by_tool_messages_under_their_id(server: ChatServer, make: Make) -> None:
    server.answer = by_tools
    venv = counters()
    rollout(venv, make(venv), 1)
    last = server.requests[-1]["messages"]
    assert [m["role"] for m in last] == ["system", "user"] + ["assistant", "tool"] * (len(last) // 2 - 1)
    for called, result in zip(last[2::2], last[3::2], strict=True):
        assert result["tool_call_id"] == called["tool_calls"][0]["id"]
    assert "Count up" in last[1]["content"]
    assert {t["function"]["name"] for t in server.requests[0]["tools"]} == {"add", "note", "colour", "keep", "submit"}


def test_text_mode_has_the_actions_in_the_prompt_and_roles_alternate(server: ChatServer, make: Make) -> None:
    server.answer = by_text
    venv = counters()
    rollout(venv, make(venv, mode="text", system=""), 1)
    last = server.requests[-1]["messages"]
    assert [m["role"] for m in last] == ["user", "assistant"] * (len(last) // 2) + ["user"]
    assert "add(amount: int 1..3)" in last[0]["content"]


def test_pictures_go_out_as_png_parts_beside_the_text(server: ChatServer, make: Make) -> None:
    server.answer = by_tools
    venv = counters(obs_mode="text+vision")
    obs, _ = venv.reset(seed=0)
    make(venv)(obs, env_ids=[0])
    text, picture = server.requests[0]["messages"][-1]["content"]
    assert text["type"] == "text"
    header, _, data = picture["image_url"]["url"].partition(",")
    assert header == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))), obs["image"][0])


def test_windows_bound_what_is_sent_again(server: ChatServer, make: Make) -> None:
    server.answer = lambda _: calls(("note", "{}"))
    venv = counters(obs_mode="text+vision", max_turns=8)
    rollout(venv, make(venv, windows=[last_turns(3), last_images(1)]), 1)
    last = server.requests[-1]["messages"]
    assert [m["role"] for m in last] == ["system", "user", "assistant", "tool", "assistant", "tool", "user"]
    assert "Count up" in last[1]["content"]
    assert "stands at 0" in last[1]["content"]
    assert "[5 earlier turns left out]" in last[1]["content"]
    assert json.dumps(last).count("data:image/png") == 1


def test_windows_and_limits_can_be_given_as_data(server: ChatServer, make: Make) -> None:
    server.answer = lambda _: calls(("note", "{}"))
    venv = counters(max_turns=6)
    policy = make(venv, windows={"last_turns": 2, "last_images": 0}, limits={"retries": 0, "timeout_s": 20})
    rollout(venv, policy, 1)
    assert [len(r["messages"]) for r in server.requests] == [2, 4, 4, 4, 4, 4]


def test_an_interrupt_comes_through_while_requests_hang(server: ChatServer, make: Make) -> None:
    def answer(_: Any) -> Canned:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return Canned(hang=True)

    server.answer = answer
    venv = counters()
    policy = make(venv)
    with pytest.raises(KeyboardInterrupt):
        rollout(venv, policy, 1)
    server.answer = lambda _: says("submit()")
    assert rollout(venv, policy, 1)[0].stop_reason == "goal_failed", "the policy works on"


def test_requests_are_on_the_way_together_but_not_more_than_allowed(server: ChatServer, make: Make) -> None:
    together, lock, now, most = threading.Barrier(3), threading.Lock(), [0], [0]

    def answer(_: Any) -> Canned:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait(20)  # breaks unless three are here at the same time
        with lock:
            now[0] -= 1
        return calls(("submit", "{}"))

    server.answer = answer
    venv = counters(6)
    rollout(venv, make(venv, limits=Limits(concurrency=3, timeout_s=30)), 6)
    assert most == [3]


def test_episodes_that_are_over_cost_no_request(server: ChatServer, make: Make) -> None:
    venv = counters(2)
    obs, _ = venv.reset(seed=0)
    obs, *_ = venv.step(["submit()", "note()"])
    replies = make(venv)(obs)
    assert len(server.requests) == 1
    assert [r.trainable for r in replies] == [False, True]


def test_a_new_episode_begins_a_new_conversation(server: ChatServer, make: Make) -> None:
    venv = counters()
    rollout(venv, make(venv), 2)
    assert [len(r["messages"]) for r in server.requests] == [2, 2]


def test_what_the_model_says_around_a_call_is_kept_and_further_calls_are_counted(server: ChatServer, make: Make) -> None:
    server.answer = lambda _: calls(("submit", "{}"), ("add", '{"amount": 1}'), content="I am done")
    venv = counters()
    policy = make(venv)
    episode = rollout(venv, policy, 1)[0]
    assert episode.turns[0].action == {"name": "submit", "arguments": "{}"}
    assert episode.turns[0].reply.startswith("I am done")
    assert policy.report()["calls_left_out"] == 1


@pytest.mark.parametrize(
    "canned",
    [
        says(""),
        says(None),
        says(None, tool_calls=[{"function": 3}]),
        calls(("add", "{not json")),
        calls(("fly", "{}")),
        says([{"type": "x"}]),
    ],
    ids=["empty", "null", "no-function", "bad-arguments", "no-such-tool", "odd-parts"],
)
def test_a_model_that_talks_nonsense_makes_bad_actions_and_no_errors(server: ChatServer, make: Make, canned: Canned) -> None:
    server.answer = lambda _: canned
    venv = counters(max_invalid=3)
    policy = make(venv)
    episode = rollout(venv, policy, 1)[0]
    assert (episode.stop_reason, len(episode.turns), policy.failures) == ("invalid_actions", 3, [])
    for sent in server.requests:
        assert all(json.loads(c["function"]["arguments"]) == {} for m in sent["messages"] for c in m.get("tool_calls", ()))


def test_an_answer_cut_off_by_the_token_limit_is_counted(server: ChatServer, make: Make) -> None:
    choice = {
        "message": {"content": "I will now"},
        "finish_reason": "length",
        "token_ids": [5, 6],
        "logprobs": {"content": [{"logprob": -1}] * 2},
    }
    server.answer = lambda _: Canned({"choices": [choice]})
    venv = counters(max_invalid=1)
    policy = make(venv)
    turn = rollout(venv, policy, 1)[0].turns[0]
    assert (turn.token_ids, turn.logprobs, turn.usage) == ([5, 6], [-1.0, -1.0], None)
    assert policy.report()["cut_off"] == 1


WRONG: tuple[dict[str, Any], ...] = (
    {"mode": "telepathy"},
    {"give_up_after": 0},
    {"sampling": {"messages": []}},
    {"windows": {"last_moons": 3}},
    {"windows": {"last_turns": 0}},
    {"windows": {"last_images": "1"}},
    {"limits": {"timeout": 3}},
    {"limits": 5},
    {"base_url": "ftp://x"},
    {"base_url": "nowhere"},
)
WRONG_LIMITS: tuple[dict[str, Any], ...] = (
    {"retries": -1},
    {"retries": 1.5},
    {"timeout_s": 0},
    {"timeout_s": "1"},
    {"deadline_s": float("nan")},
    {"concurrency": 0},
)


def test_mistakes_of_the_programmer_are_typed(server: ChatServer) -> None:
    venv = counters()
    for options in WRONG:
        with pytest.raises(UnknownOption):
            named_policy("chat", venv, **{"base_url": server.url, "model": "m", **options})
    for limits in WRONG_LIMITS:
        with pytest.raises(UnknownOption):
            Limits(**limits)
    with pytest.raises(UnknownOption, match="numbers"):
        ChatPolicy(make_vec([SliderEnv]), server.url, "m")
    with pytest.raises(UnknownOption, match="base_url"):
        named_policy("chat", venv)
    with pytest.raises(UnknownOption, match="temper"):
        named_policy("chat", venv, base_url=server.url, model="m", temper=1)
    with named_policy("chat", venv, base_url=server.url, model="m") as policy, pytest.raises(UnknownOption, match="obs_mode"):
        policy({"state": np.zeros((1, 2))})


def test_closing_ends_the_thread_and_can_be_done_twice(server: ChatServer) -> None:
    with ChatPolicy(counters(), server.url, "m") as policy:
        assert "mtenvs-chat" in {t.name for t in threading.enumerate()}
    policy.close()
    assert "mtenvs-chat" not in {t.name for t in threading.enumerate()}
