"""What breaks in real browsers: pages that hang, crash or never end, and processes that die. No call outlasts its deadline."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from small_site import Handler, Site, descendants, find, until

from mtenvs.backends.chromium import BrowserDied, BrowserTimeout, Chromium, Hosts, NavigationFailed, PageCrashed, Session, SessionClosed

HOME = "http://shop.localhost/"
PLAIN = "<title>Home</title><h1>Home</h1><a href=/next>Next</a>"


def renderers() -> set[int]:
    found = set()
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):  # gone meanwhile
            if b"--type=renderer" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def test_a_crashed_page_is_replaced_at_the_same_address(site: Site, session: Session) -> None:
    site.pages["/"] = PLAIN
    session.goto(HOME)
    with pytest.raises(PageCrashed, match=r"shop\.localhost"):
        session.browser.run(session.aio.within_deadline(lambda: session.aio.tab.cdp.send("Page.crash"), "crash"))
    assert find(session.outline(), "heading", "Home")
    assert session.url == HOME
    assert len(session.tabs()) == 1
    assert any("opened anew" in note for note in session.feedback())


def test_a_killed_renderer_ends_the_call_and_the_session_goes_on(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = PLAIN
    before = renderers()
    with chromium.open(deadline_s=5) as session:
        session.goto(HOME)
        mine = renderers() - before
        threading.Timer(0.3, kill, mine).start()
        with pytest.raises(PageCrashed):
            session.evaluate("new Promise(() => {})")
        session.click(find(session.outline(), "link", "Next").ref)
        assert session.url == HOME + "next"


def test_a_killed_browser_ends_every_session_and_the_next_one_gets_a_new_browser(site: Site, hosts: Hosts) -> None:
    site.pages["/"] = PLAIN
    browser = Chromium.shared(hosts, args=("--mtenvs-test=killed",))
    first, second = browser.open(deadline_s=5), browser.open(deadline_s=5)
    first.goto(HOME)
    second.goto(HOME)
    main = [
        p
        for p in descendants(os.getpid())
        if b"mtenvs-test=killed" in (line := Path(f"/proc/{p}/cmdline").read_bytes()) and b"--type=" not in line
    ]
    threading.Timer(0.3, kill, main).start()
    with pytest.raises(BrowserDied):
        first.evaluate("new Promise(() => {})")
    with pytest.raises(BrowserDied):
        second.outline()
    again = Chromium.shared(hosts, args=("--mtenvs-test=killed",))
    assert again is browser
    third = again.open()
    third.goto(HOME)
    assert find(third.outline(), "heading", "Home")
    first.close()
    second.close()
    assert find(third.outline(), "heading", "Home")
    browser.release()
    again.release()
    with pytest.raises(BrowserDied):
        third.outline()


def test_a_server_that_never_answers_ends_in_a_timeout_and_the_page_stays(site: Site, chromium: Chromium) -> None:
    site.pages |= {"/": PLAIN, "/next": site.never}
    with chromium.open(deadline_s=2) as session:
        session.goto(HOME)
        began = time.monotonic()
        with pytest.raises(BrowserTimeout, match="did not answer"):
            session.goto(HOME + "next")
        assert time.monotonic() - began < 3
        assert session.url == HOME
        assert find(session.outline(), "link", "Next")


def test_a_link_to_a_server_that_never_answers_is_given_up(site: Site, chromium: Chromium) -> None:
    site.pages |= {"/": PLAIN, "/next": site.never}
    with chromium.open(deadline_s=2) as session:
        session.goto(HOME)
        session.click(find(session.outline(), "link", "Next").ref)
        assert session.feedback() == [HOME + "next did not answer in time."]
        began = time.monotonic()
        session.press("Tab")
        assert time.monotonic() - began < 0.5
        assert session.url == HOME


def test_a_page_that_trickles_for_ever_shows_what_came(site: Site, chromium: Chromium) -> None:
    def trickle(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        handler.wfile.write(b"<title>Slow</title><h1>Beginning</h1>" + b" " * 2048)
        while not site.over.wait(0.05):
            handler.wfile.write(b"<p>more</p>")

    site.pages["/"] = trickle
    with chromium.open(deadline_s=3) as session:
        began = time.monotonic()
        session.goto(HOME)
        assert time.monotonic() - began < 3.5
        assert find(session.outline(), "heading", "Beginning")
        began = time.monotonic()
        session.press("Tab")
        assert time.monotonic() - began < 1.5  # what is known not to end is not waited for again
        session.goto("about:blank")
        assert session.outline() == []


def test_a_page_that_never_comes_to_rest_delays_only_the_first_action(site: Site, session: Session) -> None:
    site.pages["/"] = "<h1>0</h1><script>setInterval(() => { document.querySelector('h1').textContent++ }, 5)</script><button>B</button>"
    session.goto(HOME)
    took = []
    for _ in range(3):  # a busy machine may hold the page's clock for so long that it seems to rest once
        began = time.monotonic()
        session.click(find(session.outline(), "button", "B").ref)
        took.append(time.monotonic() - began)
    assert sorted(took)[1] < 1
    assert "The page is still loading or changing." in session.feedback()


def test_redirects_without_end_are_refused(site: Site, session: Session) -> None:
    site.pages["/"] = lambda h: h.reply("", 302, Location=f"/?{time.monotonic()}")
    with pytest.raises(NavigationFailed, match="TOO_MANY_REDIRECTS"):
        session.goto(HOME)


def test_a_loop_of_alerts_ends(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = "<button onclick=\"for (;;) alert('again')\">Press</button><p id=x>still here</p>"
    with chromium.open(deadline_s=15) as session:
        session.goto(HOME)
        session.click(find(session.outline(), "button", "Press").ref)
        assert len(session.dialogs()) == 10
        assert find(session.outline(), "text", "still here")


def test_leaving_a_page_that_asks_to_stay_works(site: Site, session: Session) -> None:
    site.pages |= {
        "/": "<script>onbeforeunload = (e) => { e.preventDefault(); return 'no' }</script><input><a href=/next>Next</a>",
        "/next": "<h1>Next</h1>",
    }
    session.goto(HOME)
    page = session.outline()
    session.type(page[0].ref, "dirty")
    session.click(page[1].ref)
    assert session.url == HOME + "next"
    assert [d.kind for d in session.dialogs()] == ["beforeunload"]


@pytest.mark.slow
def test_a_document_of_ten_megabytes_is_read_within_limits(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = "<title>Big</title>" + "".join(f"<p>Line {i} {'x' * 180}</p>" for i in range(52_000))
    with chromium.open(deadline_s=30) as session:
        session.goto(HOME)
        page = session.outline()
        assert page.truncated
        assert sum(len(n.name) for n in page) <= 200_000
        assert len(session.html()) > 10_000_000


def test_a_script_without_end_is_stopped(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = "<title>Home</title><button onclick='for (;;);'>Spin</button><h1>Home</h1>"
    with chromium.open(deadline_s=2) as session:
        session.goto(HOME)
        began = time.monotonic()
        with pytest.raises(BrowserTimeout):
            session.click(session.outline()[0].ref)
        assert time.monotonic() - began < 6
        assert find(session.outline(), "heading", "Home")
        assert session.feedback()


@pytest.mark.slow
def test_a_page_that_spins_while_it_loads_does_not_hold_the_session(site: Site, chromium: Chromium) -> None:
    site.pages |= {"/": "<h1>Home</h1><script>for (;;);</script>", "/next": PLAIN}
    with chromium.open(deadline_s=2) as session:
        with pytest.raises(BrowserTimeout):
            session.goto(HOME)
        session.goto(HOME + "next")
        assert find(session.outline(), "heading", "Home")


def test_closing_in_the_middle_of_a_navigation(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = site.never
    session = chromium.open(deadline_s=5)
    threading.Timer(0.3, session.close).start()
    with pytest.raises(SessionClosed):
        session.goto(HOME)
    with pytest.raises(SessionClosed):
        session.outline()
    session.close()


def test_two_threads_with_two_sessions(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = lambda h: h.reply(f"<h1>{h.path}</h1><button onclick='this.textContent = +this.textContent + 1'>0</button>")
    seen: dict[int, list[str]] = {}

    def episode(number: int) -> None:
        with chromium.open() as session:
            session.goto(f"{HOME}?{number}")
            for _ in range(5):
                session.click(session.outline()[1].ref)
            seen[number] = [n.name for n in session.outline()]

    threads = [threading.Thread(target=episode, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == {i: [f"/?{i}", "5"] for i in range(2)}


def test_inside_a_running_event_loop_and_many_at_once(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = PLAIN

    async def main() -> list[str]:
        sessions = [chromium.open() for _ in range(3)]  # blocking calls within a running loop
        sessions[0].goto(HOME)

        async def visit_all() -> None:
            await asyncio.gather(*(s.aio.goto(HOME) for s in sessions))

        await asyncio.wrap_future(chromium.start(visit_all()))
        titles = [s.title for s in sessions]
        for s in sessions:
            s.close(wait=False)
        return titles

    assert asyncio.run(main()) == ["Home"] * 3


def test_closed_sessions_leave_no_renderer(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = PLAIN
    before = len(renderers())
    for _ in range(3):
        with chromium.open() as session:
            session.goto(HOME)
    assert until(lambda: len(renderers()) <= before + 1)
