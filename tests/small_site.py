"""A small real web site for tests of the browser, on a port of its own."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mtenvs.backends.chromium import Node

Page = str | bytes | Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Serves `Site.pages` by path, or by host and path."""

    protocol_version = "HTTP/1.1"
    server: Site

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        host = self.headers.get("Host", "")
        self.server.asked.append((self.command, host, self.path, dict(self.headers)))
        page = self.server.pages.get(host + path, self.server.pages.get(path))
        if callable(page):
            page(self)
        else:
            self.reply("<h1>Not found</h1>" if page is None else page, 404 if page is None else 200)

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    do_PUT = do_POST  # noqa: N815 - the server's convention
    body = b""

    def reply(self, page: str | bytes, status: int = 200, **headers: str) -> None:
        data = page.encode() if isinstance(page, str) else page
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Site(ThreadingHTTPServer):
    """A server on a port of its own; `over` ends handlers that wait."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str, str, dict[str, str]]] = []
        self.over = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def never(self, _: Handler) -> None:
        """A page that does not come."""
        self.over.wait(20)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up in the middle is no error here."""


def until(true: Callable[[], bool], limit_s: float = 10) -> bool:
    """Wait for something that another process does."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if true():
            return True
        threading.Event().wait(0.01)
    return False


def find(nodes: list[Node], role: str, name: str) -> Node:
    """The first node of an outline with that role and name."""
    return next(n for n in nodes if n.role == role and n.name == name)


def descendants(pid: int) -> list[int]:
    """All processes below one."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = ["", "0"]
        with contextlib.suppress(OSError):  # gone meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
        if int(fields[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *descendants(child)]
    return found
