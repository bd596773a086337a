"""A real HTTP server that speaks the chat-completions contract, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]
Answer = Callable[[Body], "Canned"]


class Canned:
    """One answer: status, body and headers.

    Args:
        body: data for JSON, or bytes as they are.
        status: HTTP status.
        headers: further ones.
        hang: send only ``body`` of what the length promises, then nothing until the server closes.
        cut: promise more than is sent, and close the connection.
    """

    def __init__(
        self, body: Any = b"", status: int = 200, headers: dict[str, str] | None = None, *, hang: bool = False, cut: bool = False
    ) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status, self.headers, self.hang, self.cut = status, headers or {}, hang, cut


def says(content: Any = None, **message: Any) -> Canned:
    """An assistant that says this; 7 and 3 tokens."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": "stop"}
    return Canned({"object": "chat.completion", "choices": [choice], "usage": {"prompt_tokens": 7, "completion_tokens": 3}})


def calls(*wanted: tuple[str, Any], content: Any = None) -> Canned:
    """An assistant that calls these tools."""
    made = [
        {"id": f"id{i}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for i, (name, arguments) in enumerate(wanted)
    ]
    return says(content, tool_calls=made)


class ChatServer:
    """The server; ``answer`` decides, ``requests`` and ``headers`` keep what came in."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _: says("submit()")
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self._lock, self._end = threading.Lock(), threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with outer._lock:
                    outer.requests.append(body)
                    outer.headers.append({k.lower(): v for k, v in self.headers.items()})
                    outer.paths.append(self.path)
                outer._reply(self, outer.answer(body))

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def _reply(self, handler: BaseHTTPRequestHandler, canned: Canned) -> None:
        try:
            handler.send_response(canned.status)
            for name, value in canned.headers.items():
                handler.send_header(name, value)
            more = 1000 if canned.hang or canned.cut else 0
            handler.send_header("content-length", str(len(canned.body) + more))
            handler.end_headers()
            handler.wfile.write(canned.body)
            handler.wfile.flush()
            if canned.hang:
                self._end.wait(30)
            handler.close_connection = bool(more)
        except OSError:  # the client has had enough
            handler.close_connection = True

    def close(self) -> None:
        self._end.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)
