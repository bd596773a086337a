"""Requests that no browser sends: smuggled, endless, half or slow ones get an answer of their own, and the neighbours theirs."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from guestbook import SITE

from mtenvs.sites.kit import Episode, SiteServer

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
MULTIPART = "Content-Type: multipart/form-data; boundary=B\r\n"
FILE = b'--B\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\n\r\n'
CHUNKED = "Transfer-Encoding: chunked\r\n"


@contextmanager
def line(server: SiteServer) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as made:
        yield made


def head(episode: Episode, first: str = "GET / HTTP/1.1", more: str = "") -> bytes:
    return f"{first}\r\nHost: {SITE.host}\r\nX-Mtenvs-Episode: {episode.token}\r\n{more}\r\n".encode("latin-1")


def heard(made: socket.socket) -> bytes:
    """All that comes until the line is cut."""
    found = b""
    while part := made.recv(2**16):
        found += part
    return found


def statuses(server: SiteServer, *parts: bytes) -> list[int]:
    """Of the answers to what is sent on one line."""
    with line(server) as made:
        for part in parts:
            made.sendall(part)
        return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d+)", heard(made))]


def chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 2**16):
        part = content[start : start + 2**16]
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


@pytest.mark.parametrize(
    "more",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 40\r\n",
        "Content-Length: -4\r\n",
        "Content-Length: +4\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        " folded: 1\r\n",
    ],
)
def test_a_request_that_two_servers_would_read_differently_is_refused_whole(server: SiteServer, episode: Episode, more: str) -> None:
    smuggled = head(episode, "POST /sign HTTP/1.1", FORM + more) + b"0\r\n\r\n" + head(episode, more="Connection: close\r\n")
    assert statuses(server, smuggled) == [400]


@pytest.mark.parametrize("more", ["Host: admin.localhost\r\n", "X-Mtenvs-Episode: another\r\n"])
def test_one_site_and_one_episode_a_request(server: SiteServer, episode: Episode, more: str) -> None:
    assert statuses(server, head(episode, more=f"{more}Connection: close\r\n")) == [400]


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "FOO", "get", "G\0T", "\x16\x03\x01", "*"]
)
def test_other_methods_are_not_served(server: SiteServer, episode: Episode, method: str) -> None:
    assert statuses(server, head(episode, f"{method} /sign HTTP/1.1", "Connection: close\r\n")) in ([400], [405])


@pytest.mark.parametrize(
    "more",
    [
        "Cookie: PHPSESSID=" + "a" * 50_000 + "\r\n",
        "Cookie: PHPSESSID=\xe9\xff; ;=;a\xff=b\r\n",
        "Referer: http://\xff\xfe/\r\n",
        "".join(f"X-{i}: {i}\r\n" for i in range(2_000)),
        "Content-Type: multipart/form-data\r\n",
        "Expect: 100-continue\r\nContent-Length: 0\r\n",
    ],
)
def test_odd_headers_change_nothing(server: SiteServer, episode: Episode, more: str) -> None:
    assert statuses(server, head(episode, more=f"{more}Connection: close\r\n"))[-1] == 200


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        (FORM, b"text=" + b"x" * (25 * 2**20), 413),
        (FORM, b"text=" + b"x" * (2 * 2**20), 413),
        (FORM, b"a=b&" * 100_000, 413),
        (MULTIPART, FILE + b"x" * (25 * 2**20) + b"\r\n--B--\r\n", 413),
        (MULTIPART, FILE + b"\r\n--" * 2_000_000 + b"\r\n--B--\r\n", 413),
        (MULTIPART, b"--B\r\n" * 100_000, 400),
        (MULTIPART, FILE, 403),  # its end is missing, and with it the token
        ("Content-Type: multipart/form-data\r\n", b"x", 400),
        ("Content-Type: text/plain\r\n", b"x" * (25 * 2**20), 413),
    ],
)
@pytest.mark.parametrize("told", [True, False])
def test_what_is_too_much_is_refused_with_a_page_whether_its_length_was_told_or_not(
    server: SiteServer, episode: Episode, *, kind: str, content: bytes, status: int, told: bool
) -> None:
    length = f"Content-Length: {len(content)}\r\n" if told else CHUNKED
    parts = [content] if told else chunks(content)
    assert statuses(server, head(episode, "POST /sign HTTP/1.1", f"{kind}{length}Connection: close\r\n"), *parts) == [status]


def test_the_refusal_of_too_much_is_a_page_of_the_site(server: SiteServer, episode: Episode) -> None:
    with line(server) as made:
        made.sendall(head(episode, "POST /sign HTTP/1.1", f"{FORM}Content-Length: 3000000\r\nConnection: close\r\n") + b"x" * 3_000_000)
        said = heard(made)
    assert b"text/html" in said
    assert b"too large" in said


def test_who_sends_slowly_or_hangs_up_holds_up_nobody(server: SiteServer, episode: Episode) -> None:
    half = head(episode, "POST /sign HTTP/1.1", f"{FORM}Content-Length: 1000\r\n") + b"text=a"
    with line(server) as one, line(server) as two:
        one.sendall(half)
        two.sendall(b"GET / HT")
        for _ in range(3):
            with line(server) as gone:
                gone.sendall(half)
        assert statuses(server, head(episode, more="Connection: close\r\n")) == [200]
        two.sendall(b"TP/1.1\r\n" + head(episode, more="Connection: close\r\n").partition(b"\r\n")[2])
        assert heard(two).startswith(b"HTTP/1.1 200")
    assert len(episode.rows("book", "SELECT * FROM entry")) == 1


def test_a_server_closes_although_somebody_is_still_sending(capfd: pytest.CaptureFixture[str]) -> None:
    server = SiteServer()
    episode = server.begin([SITE])
    with line(server) as made:
        made.sendall(head(episode, "POST /sign HTTP/1.1", f"{FORM}Content-Length: 1000\r\n") + b"text=a")
        assert statuses(server, head(episode, more="Connection: close\r\n")) == [200]  # the first one is being read by now
        server.close()
        assert heard(made)[:12] in (b"", b"HTTP/1.1 503")
    assert "Traceback" not in capfd.readouterr().err
