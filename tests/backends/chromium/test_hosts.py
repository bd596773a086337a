"""Where a browser may go: the table, and every way that a page could try around it."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_site import Site, find

from mtenvs.backends.chromium import BlockedUrl, Chromium, Hosts, Session
from mtenvs.core.errors import UnknownOption

HOME = "http://shop.localhost/"


def test_the_table_says_where_requests_go() -> None:
    hosts = Hosts(mapped=(("Shop.localhost", "127.0.0.1:41231"), ("a.test:7770", "[::1]:9000")), open=("example.org", "10.0.0.1:8080"))
    assert hosts.served("http://shop.localhost/x?y") == "127.0.0.1:41231"
    assert hosts.served("http://shop.localhost:81/") is None
    assert hosts.served("https://shop.localhost/") is None
    assert hosts.served("http://a.test:7770/") == "[::1]:9000"
    assert hosts.served("https://example.org/") == "example.org:443"
    assert hosts.served("http://10.0.0.1:8080/") == "10.0.0.1:8080"
    assert hosts.served("http://10.0.0.1/") is None
    assert hosts.rules().endswith("MAP * ~NOTFOUND")
    assert hosts == Hosts(
        mapped=(("Shop.localhost", "127.0.0.1:41231"), ("a.test:7770", "[::1]:9000")), open=("example.org", "10.0.0.1:8080")
    )


@pytest.mark.parametrize("bad", ["", "a b", "http://x", "x,y", "x:port", "*", "x/y"])
def test_names_that_would_break_the_table_are_refused(bad: str) -> None:
    with pytest.raises(UnknownOption):
        Hosts(open=(bad,))
    with pytest.raises(UnknownOption):
        Hosts(mapped=(("shop.localhost", bad),))


@given(st.text(max_size=60) | st.from_regex(r"[a-z]{1,8}:/{0,3}[a-z.@:/\\]{0,30}", fullmatch=True))
def test_whatever_is_typed_is_opened_within_the_table_or_refused(text: str) -> None:
    hosts = Hosts(mapped=(("shop.localhost", "127.0.0.1:41231"),))
    try:
        address = hosts.check(text)
    except BlockedUrl:
        return
    assert address == "about:blank" or hosts.served(address) == "127.0.0.1:41231"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd", "data:text/html,x", "view-source:http://shop.localhost/", "chrome://version",
        "chrome://gpu", "devtools://x", "blob:http://shop.localhost/1", "about:version", "ftp://shop.localhost/", "http://example.com/", "http://127.0.0.1/",
        "http://localhost/", "http://2130706433/", "http://[::1]/", "https://shop.localhost/", "http://shop.localhost:81/",
        "http://shop.localhost@127.0.0.1/", "http://user@example.com/", "ws://shop.localhost/", "", "http://", "http:///etc",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(session: Session, url: str) -> None:
    with pytest.raises(BlockedUrl):
        session.goto(url)
    with pytest.raises(BlockedUrl):
        session.new_tab(url)
    assert session.url == "about:blank"
    assert len(session.tabs()) == 1


@pytest.fixture
def foreign() -> Iterator[tuple[str, list[bytes]]]:
    """A server that nobody may reach, and what it was asked."""
    asked: list[bytes] = []

    class Note(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked.append(self.rfile.readline())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Note) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


WAYS = {
    "link": "<a href='http://{0}/'>go</a>",
    "new tab": "<a href='http://{0}/' target=_blank>go</a>",
    "form": "<form action='http://{0}/'><button>go</button></form>",
    "script": "<button onclick=\"location = 'http://{0}/'\">go</button>",
    "window": "<button onclick=\"window.open('http://{0}/')\">go</button>",
    "file": "<a href='file:///etc/passwd'>go</a>",
    "view-source": "<a href='view-source:http://shop.localhost/'>go</a>",
    "chrome": "<a href='chrome://version'>go</a>",
    "data": "<button onclick=\"location = 'data:text/html,<h1>x</h1>'\">go</button>",
    "redirect": "<a href='/redirect'>go</a>",
}


@pytest.mark.parametrize("way", WAYS)
def test_clicks_do_not_lead_out(site: Site, session: Session, foreign: tuple[str, list[bytes]], way: str) -> None:
    host, asked = foreign
    site.pages |= {"/": WAYS[way].format(host), "/redirect": lambda h: h.reply("", 302, Location=f"http://{host}/")}
    session.goto(HOME)
    session.click(next(n for n in session.outline() if n.clickable).ref)
    assert asked == []
    assert "passwd" not in session.url
    assert "root:" not in session.html()
    session.goto(HOME)
    assert session.url == HOME


def test_nothing_in_a_page_reaches_out(site: Site, session: Session, foreign: tuple[str, list[bytes]]) -> None:
    host, asked = foreign
    port = host.split(":")[1]
    site.pages["/"] = f"""<title>x</title>
        <link rel=preconnect href=http://{host}><link rel=dns-prefetch href=http://{host}><link rel=prefetch href=http://{host}/p>
        <img src=http://{host}/img><iframe src=http://{host}/frame></iframe><script src=http://localhost:{port}/s></script><h1 id=h>0</h1>
        <script>
        const tried = [];
        const add = (p) => tried.push(p.then(() => 'reached', () => 'refused'));
        add(fetch('http://{host}/fetch', {{mode: 'no-cors'}}));
        add(fetch('http://[::ffff:7f00:1]:{port}/', {{mode: 'no-cors'}}));
        add(new Promise((yes, no) => {{ const w = new WebSocket('ws://{host}/ws'); w.onopen = yes; w.onerror = no }}));
        add(new Promise((yes, no) => {{ const w = new EventSource('http://{host}/es'); w.onopen = yes; w.onerror = no }}));
        navigator.sendBeacon('http://{host}/beacon', 'x');
        new Worker(URL.createObjectURL(new Blob(["fetch('http://{host}/worker', {{mode: 'no-cors'}})"])));
        </script>"""
    session.goto(HOME)
    assert session.evaluate("Promise.all(tried)") == ["refused"] * 4
    assert session.evaluate("typeof RTCPeerConnection") == "undefined"
    site.pages["/meta"] = f"<meta http-equiv=refresh content='0; url=http://{host}/meta'>"
    session.goto(HOME + "meta")
    assert session.url != HOME
    assert asked == []


def test_a_proxy_of_the_machine_is_not_asked(site: Site, foreign: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    host, asked = foreign
    site.pages["/"] = "<h1>Here</h1>"
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://{host}")
    browser = Chromium.shared(Hosts(mapped=(("shop.test", f"127.0.0.1:{site.server_port}"),)))
    with browser.open() as session:
        assert session.goto("http://shop.test/") == 200
        assert asked == []
    browser.release()


def test_an_open_host_is_reached_as_it_is(site: Site) -> None:
    site.pages["/"] = "<h1>Official</h1>"
    browser = Chromium.shared(Hosts(open=(f"127.0.0.1:{site.server_port}",)))
    with browser.open() as session:
        session.goto(f"http://127.0.0.1:{site.server_port}/")
        assert find(session.outline(), "heading", "Official")
        with pytest.raises(BlockedUrl):
            session.goto(HOME)
    browser.release()
