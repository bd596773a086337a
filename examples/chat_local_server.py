"""A chat policy against an OpenAI-compatible server on this machine: here a scripted "model" that can add.

Run: python examples/chat_local_server.py [--episodes 8] [--num-envs 4] [--quick]
With a real server (vLLM, llama.cpp, SGLang, ...): --base-url http://127.0.0.1:8000/v1 --model its-name
"""
# ruff: noqa: INP001, T201 - a script, and it prints what it finds

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tqdm import tqdm

from mtenvs.policies.chat import ChatPolicy
from mtenvs.policies.conversation import last_turns
from mtenvs.policies.endpoint import Limits
from mtenvs.rollout import rollout
from mtenvs.vector import make_vec

ID = "mtenvs/LongExecution-v0"  # add up the values of words, turn after turn


def scripted_model(messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An assistant's message: the running total of the words of all steps in the conversation, as a tool call."""
    said = "\n".join(m["content"] for m in messages if isinstance(m.get("content"), str) and m["role"] in ("user", "tool"))
    values = {word: int(value) for word, value in re.findall(r"(\w+)=(-?\d+)", said)}
    steps = dict(re.findall(r"Step (\d+) of \d+: ([\w, ]+)", said))  # a step that was read twice counts once
    total = sum(values[word] for words in steps.values() for word in words.split(", "))
    function = {"name": "answer", "arguments": json.dumps({"total": total})}
    return {"role": "assistant", "content": None, "tool_calls": [{"id": f"call_{len(steps)}", "type": "function", "function": function}]}


class ChatCompletions(BaseHTTPRequestHandler):
    """The part of the contract that a chat policy needs; one request in twenty is turned away, as busy servers do."""

    protocol_version = "HTTP/1.1"
    dice = random.Random(0)

    def do_POST(self) -> None:
        """Answer one chat-completions request."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.dice.random() < 0.05:
            self._send(503, {"error": {"message": "busy"}}, {"retry-after": "0"})
            return
        message = scripted_model(json.loads(body)["messages"])
        usage = {"prompt_tokens": len(body) // 4, "completion_tokens": 12}
        self._send(
            200, {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}], "usage": usage}
        )

    def _send(self, status: int, data: Any, headers: dict[str, str] | None = None) -> None:
        raw = json.dumps(data).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "content-length": str(len(raw)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@contextmanager
def local_server() -> Iterator[str]:
    """The address of the scripted model's server, while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), ChatCompletions)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def play(base_url: str, model: str, episodes: int, num_envs: int, windows: Sequence[Any]) -> float:
    """The success rate of the model; prints it with the policy's own counts."""
    venv = make_vec(ID, num_envs, backend="sync", split=None)
    limits = Limits(timeout_s=60, retries=4, backoff_s=0.05)
    with ChatPolicy(venv, base_url, model, windows=windows, limits=limits) as policy, tqdm(total=episodes, unit="episode") as bar:

        def tick(_: Any) -> None:
            bar.update()

        played = rollout(venv, policy, episodes, on_episode=tick)
    venv.close()
    rate = sum(e.success for e in played) / episodes
    print(f"{policy.name}: success {rate:.0%} of {episodes} episodes, {sum(len(e.turns) for e in played)} turns")
    print(json.dumps(policy.report()))
    for failure in policy.failures:
        print(f"environment {failure.env}, turn {failure.turn}: {failure.kind}: {failure.message}")
    return rate


def main(argv: Sequence[str] | None = None) -> int:
    """Play against the given endpoint, or against the scripted model with all of the conversation and with a part of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", help="an OpenAI-compatible endpoint; without it the scripted model is served here")
    parser.add_argument("--model", default="scripted")
    parser.add_argument("--episodes", type=int, default=8)
    parser.add_argument("--num-envs", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="two episodes")
    args = parser.parse_args(argv)
    episodes = 2 if args.quick else args.episodes
    if args.base_url:
        play(args.base_url, args.model, episodes, args.num_envs, ())
        return 0
    with local_server() as url:
        whole = play(url, args.model, episodes, args.num_envs, ())
        print("... and the same model when it is shown the last three turns only:")
        short = play(url, args.model, episodes, args.num_envs, [last_turns(3)])
    return 0 if whole > short else 1


if __name__ == "__main__":
    sys.exit(main())
