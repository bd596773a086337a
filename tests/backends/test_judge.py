"""The judge behind an endpoint: what it asks, and what it does with answers that are none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chat_server import Canned, ChatServer, says

from mtenvs.backends.judge import ChatJudge, JudgeFailed
from mtenvs.core.errors import UnknownOption

pytest.importorskip("httpx", reason="the judge asks over httpx")


@pytest.fixture
def server() -> Iterator[ChatServer]:
    it = ChatServer()
    yield it
    it.close()


def test_words_become_decisions(server: ChatServer) -> None:
    judge = ChatJudge(server.url, "model", api_key="key")
    for said, right in (("Correct.", True), ("partial", False), ("WRONG", False)):
        server.answer = lambda _, said=said: says(said)  # type: ignore[misc]  # a lambda with a default
        assert judge.equivalent("How far?", "2 km", "two kilometres") is right
    server.answer = lambda _: says("different")
    assert not judge.same_reason("Buy", "sold out", "too dear")
    server.answer = lambda _: says("a bear")
    assert judge.look(b"png", "What is it?") == "a bear"
    judge.close()
    body = server.requests[0]
    assert (body["model"], body["temperature"]) == ("model", 0)
    assert "two kilometres" in body["messages"][1]["content"]
    assert server.requests[-1]["messages"][1]["content"][0]["image_url"]["url"] == "data:image/png;base64,cG5n"
    assert server.headers[0]["authorization"] == "Bearer key"


@pytest.mark.parametrize(
    "answer", [says("correct or wrong"), says("hm"), says(None), Canned(b"<html>"), Canned({}, 500), Canned({"choices": []})]
)
def test_what_is_no_answer_fails(server: ChatServer, answer: Canned) -> None:
    server.answer = lambda _: answer
    judge = ChatJudge(server.url, "model", api_key="secret-key", timeout_s=5, wait_s=0)
    with pytest.raises(JudgeFailed) as failed:
        judge.equivalent("", "a", "b")
    assert "secret-key" not in str(failed.value)
    judge.close()


def test_addresses_are_checked(server: ChatServer) -> None:
    with pytest.raises(UnknownOption, match="http"):
        ChatJudge("localhost:8000", "model")
    gone = server.url
    server.close()
    with pytest.raises(JudgeFailed):
        ChatJudge(gone, "model", wait_s=0).look(b"", "")


def test_what_may_pass_is_asked_again(server: ChatServer) -> None:
    answers = iter([Canned({}, 503), Canned({}, 429), says("correct"), Canned({}, 401)])
    server.answer = lambda _: next(answers)
    judge = ChatJudge(server.url, "model", wait_s=0)
    assert judge.equivalent("", "a", "b")
    assert len(server.requests) == 3
    with pytest.raises(JudgeFailed):  # a refused key is not tried again
        judge.equivalent("", "a", "b")
    assert len(server.requests) == 4
    judge.close()
