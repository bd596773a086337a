"""Tabs, history, dialogs, files and the network log."""
# ruff: noqa: E501 - pages stand in one piece, as a server would send them

from __future__ import annotations

import base64
import json
import socket
import threading
from pathlib import Path

import pytest
from small_site import Site, find, until

from mtenvs.backends.chromium import Chromium, DialogInfo, DialogOpen, NavigationFailed, Session, UploadRefused
from mtenvs.core.errors import BadAction

HOME = "http://shop.localhost/"
POPUPS = """<title>Home</title><a href=/next target=_blank>Blank</a><button onclick="w = window.open('/next')">Window</button>
<a href=/next rel=noopener target=_blank>Plain</a><button onclick='window.close()'>Close</button>"""


@pytest.mark.parametrize("name", ["Blank", "Window", "Plain"])
@pytest.mark.parametrize("follow", [True, False])
def test_pages_that_open_pages(site: Site, chromium: Chromium, name: str, follow: bool) -> None:
    site.pages |= {"/": POPUPS, "/next": "<title>Next</title><h1>Next</h1>"}
    with chromium.open(follow_new_tabs=follow) as session:
        session.goto(HOME)
        session.click(next(n.ref for n in session.outline() if n.name == name))
        assert session.tabs() == [("Home", HOME), ("Next", HOME + "next")]
        assert session.active == int(follow)
        assert session.title == ("Next" if follow else "Home")


def test_tabs_are_opened_focused_and_closed(site: Site, session: Session) -> None:
    site.pages |= {"/": "<title>Home</title>", "/next": "<title>Next</title><button onclick='window.close()'>Close</button>"}
    session.goto(HOME)
    session.new_tab(HOME + "next")
    assert (session.active, session.title) == (1, "Next")
    session.focus_tab(0)
    assert session.title == "Home"
    assert session.evaluate("document.visibilityState") == "visible"
    session.new_tab()
    assert session.tabs() == [("Home", HOME), ("Next", HOME + "next"), ("", "about:blank")]
    session.close_tab(0)
    assert (session.active, [t.title for t in session.tabs()]) == (1, ["Next", ""])
    session.close_tab()
    assert (session.active, session.title) == (0, "Next")
    for bad in (-1, 1, 99):
        with pytest.raises(BadAction, match="no tab"):
            session.focus_tab(bad)
    session.close_tab()
    assert session.tabs() == [("", "about:blank")]
    for _ in range(19):
        session.new_tab()
    with pytest.raises(BadAction, match="20 tabs"):
        session.new_tab()


def test_a_page_that_closes_itself_leaves_a_tab(site: Site, session: Session) -> None:
    site.pages |= {"/": POPUPS, "/next": "<button onclick='window.close()'>Close</button>"}
    session.goto(HOME)
    session.click(find(session.outline(), "button", "Window").ref)
    session.click(find(session.outline(), "button", "Close").ref)
    assert until(lambda: session.tabs() == [("Home", HOME)])
    assert session.active == 0


def test_history(site: Site, session: Session) -> None:
    site.pages |= {"/": "<title>Home</title><a href=/next>N</a>", "/next": "<title>Next</title><a href=#part>P</a>"}
    for move in (session.go_back, session.go_forward):
        with pytest.raises(NavigationFailed):
            move()
    session.goto(HOME)
    with pytest.raises(NavigationFailed):
        session.go_back()
    session.click(session.outline()[0].ref)
    session.click(session.outline()[0].ref)
    assert session.url == HOME + "next#part"
    session.go_back()
    assert session.url == HOME + "next"
    session.go_back()
    assert session.title == "Home"
    session.go_forward()
    assert session.title == "Next"
    asked = len(site.asked)
    session.reload()
    assert len(site.asked) == asked + 1
    assert session.goto(HOME + "missing") == 404
    site.pages["/reset"] = lambda h: h.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(NavigationFailed, match="ERR_"):
        session.goto(HOME + "reset")


DIALOGS = """<button onclick="out.textContent = 'alerted'; alert('Hello')">A</button><button onclick="out.textContent = confirm('Sure?')">C</button>
<button onclick="out.textContent = prompt('Name?', 'Ada')">P</button><p id=out></p>"""


def press(session: Session, name: str) -> None:
    session.click(find(session.outline(), "button", name).ref)


def said(session: Session) -> str:
    return session.outline()[-1].name


def test_dialogs_are_accepted_and_recorded(site: Site, session: Session) -> None:
    site.pages["/"] = DIALOGS
    session.goto(HOME)
    answers = []
    for name in "ACP":
        press(session, name)
        answers.append(said(session))
    assert answers == ["alerted", "true", "Ada"]
    assert [(d.kind, d.message, d.answer) for d in session.dialogs()] == [
        ("alert", "Hello", "accepted"),
        ("confirm", "Sure?", "accepted"),
        ("prompt", "Name?", "accepted"),
    ]
    assert any("Sure?" in note for note in session.feedback())


def test_dialogs_can_wait_for_the_agent(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = DIALOGS
    with chromium.open(ask_dialogs=True, deadline_s=5) as session:
        session.goto(HOME)
        session.screenshot()
        press(session, "A")
        assert session.dialogs()[-1].message == "Hello"
        press(session, "C")
        assert session.dialog == DialogInfo("confirm", "Sure?")
        for call in (session.outline, session.axtree, session.html, lambda: session.press("Enter"), lambda: session.click_at(5, 5)):
            with pytest.raises(DialogOpen, match="Sure"):
                call()
        assert session.screenshot().shape == (720, 1280, 3)
        assert len(session.tabs()) == 1
        session.answer_dialog(accept=False)
        assert not session.dialog
        assert said(session) == "false"
        press(session, "P")
        session.answer_dialog(text="Grace")
        assert said(session) == "Grace"
        press(session, "C")
        for move in (
            session.new_tab,
            session.close_tab,
            session.reload,
            session.go_back,
            lambda: session.goto(HOME),
            lambda: session.focus_tab(0),
        ):
            with pytest.raises(DialogOpen):
                move()
        session.answer_dialog()
        assert said(session) == "true"
        with pytest.raises(BadAction, match="no dialog"):
            session.answer_dialog()
        press(session, "C")  # closing with a dialog open leaves nothing behind


def test_uploads_come_from_one_folder(site: Site, chromium: Chromium, tmp_path: Path) -> None:
    site.pages[
        "/"
    ] = """<label>File <input type=file id=f onchange="f.files[0].text().then((t) => out.textContent = f.files[0].name + ': ' + t)"></label>
        <button onclick='f.click()'>Choose</button><button>No</button><p id=out></p>"""
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    (allowed / "a.txt").write_text("inside")
    (tmp_path / "secret.txt").write_text("outside")
    (allowed / "link.txt").symlink_to(tmp_path / "secret.txt")
    with chromium.open(uploads=(allowed,)) as session:
        session.goto(HOME)
        page = session.outline()
        for bad in ("../secret.txt", str(tmp_path / "secret.txt"), "link.txt", "/etc/passwd", "absent.txt", "", "."):
            with pytest.raises(UploadRefused):
                session.upload(find(page, "file", "File").ref, [bad])
        session.upload(find(page, "file", "File").ref, ["a.txt"])
        assert until(lambda: said(session) == "a.txt: inside")
        session.goto(HOME)
        page = session.outline()
        session.upload(find(page, "button", "Choose").ref, [str(allowed / "a.txt")])
        assert until(lambda: said(session) == "a.txt: inside")
        with pytest.raises(BadAction, match="does not ask for a file"):
            session.upload(find(page, "button", "No").ref, ["a.txt"])
        session.click(find(page, "button", "Choose").ref)  # a chooser that nobody answers holds nothing up
        assert session.outline()
    with chromium.open() as session, pytest.raises(UploadRefused):
        session.upload(1, ["a.txt"])


def test_downloads_are_kept_and_listed(site: Site, session: Session) -> None:
    site.pages |= {
        "/": "<a href=/data>D</a><a download='../../evil name.txt' href=data:,hi>E</a>",
        "/data": lambda h: h.reply(b"a,b\n1,2\n", Content_Disposition="attachment; filename=report.csv"),
    }
    session.goto(HOME)
    page = session.outline()
    for name in "DDE":
        session.click(find(page, "link", name).ref)
    assert until(lambda: len(session.downloads()) == 3)
    files = session.downloads()
    assert sorted(f.name for f in files)[1:] == ["report (1).csv", "report.csv"]
    assert Path(next(f.path for f in files if f.name == "report.csv")).read_text() == "a,b\n1,2\n"
    assert all("/" not in f.name for f in files)
    assert session.url == HOME
    assert session.outline()
    with pytest.raises(NavigationFailed):
        session.goto(HOME + "data")
    folder = Path(files[0].path).parent
    session.close()
    assert not folder.exists()


def test_the_network_log(site: Site, chromium: Chromium) -> None:
    site.pages |= {
        "/": "<title>Home</title><form method=post action=/send><input name=a value='x y'><button>Send</button></form>",
        "/send": lambda h: h.reply("", 303, Location="/done?q=1", Set_Cookie="sid=42; Path=/"),
        "/done": "<title>Done</title><script>fetch('/api', {method: 'PUT', body: JSON.stringify({k: 1}), headers: {'Content-Type': 'application/json'}})</script>",
        "/api": lambda h: h.reply('{"ok": true}', Content_Type="application/json"),
    }
    with chromium.open(record_har=True) as session:
        session.goto(HOME)
        session.click(find(session.outline(), "button", "Send").ref)
        assert session.title == "Done"
        assert until(lambda: session.network()[-1].body is not None)
        log = session.network()
        assert [(e.method, e.url.removeprefix(HOME), e.status, e.kind, e.navigation) for e in log] == [
            ("GET", "", 200, "Document", True), ("POST", "send", 303, "Document", True),
            ("GET", "done?q=1", 200, "Document", True), ("PUT", "api", 200, "Fetch", False),
        ]  # fmt: skip
        assert log[1].post_data == "a=x+y"
        assert log[1].response_headers["Set-Cookie"].startswith("sid=42")
        assert any(k.lower() == "cookie" and "sid=42" in v for k, v in log[2].request_headers.items())
        assert log[3].post_data == '{"k":1}'
        probe = session.probe()
        probe.goto(HOME)
        assert site.asked[-1][3].get("Cookie") == "sid=42"
        assert probe.request("POST", HOME + "api", json={"x": 1}).text == '{"ok": true}'
        assert site.asked[-1][3].get("Cookie") == "sid=42"
        assert site.asked[-1][1] == "shop.localhost"
        probe.close()
        assert len(session.network()) == 4
        archive = json.loads(json.dumps(session.har()))["log"]
        assert archive["version"] == "1.2"
        sent = archive["entries"][1]
        assert sent["request"]["postData"]["params"] == [{"name": "a", "value": "x y"}]
        assert sent["response"]["redirectURL"] == "/done?q=1"
        assert sent["response"]["cookies"] == [{"name": "sid", "value": "42"}]
        assert archive["entries"][2]["request"]["queryString"] == [{"name": "q", "value": "1"}]
        assert "Done" in archive["entries"][2]["response"]["content"]["text"]
        state = session.storage_state()
    with chromium.open(storage_state=state) as again:
        again.goto(HOME)
        assert site.asked[-1][3].get("Cookie") == "sid=42"
        again.clear_cookies()
        again.add_cookies([{"name": "mine", "value": "1", "url": HOME}])
        again.goto(HOME)
        assert site.asked[-1][3].get("Cookie") == "mine=1"
    with chromium.open() as fresh:
        fresh.goto(HOME)
        assert "Cookie" not in site.asked[-1][3]


def test_a_probe_never_moves_the_agent(site: Site, session: Session) -> None:
    site.pages |= {"/": "<title>Home</title><input autofocus aria-label=F>", "/next": POPUPS.replace("Home", "Next")}
    session.goto(HOME)
    session.keyboard_type("half")
    probe = session.probe()
    assert probe.goto(HOME + "next") == 200
    probe.evaluate("void window.open('/')")
    assert probe.url == HOME + "next"
    assert "Window" in probe.content()
    threading.Event().wait(0.3)
    assert session.tabs() == [("Home", HOME)]
    session.keyboard_type("done")
    assert find(session.outline(), "textbox", "F").value == "halfdone"
    probe.close()


def test_http_credentials(site: Site, chromium: Chromium) -> None:
    wanted = "Basic " + base64.b64encode(b"ada:pw").decode()
    site.pages["/"] = lambda h: (
        h.reply("<h1>In</h1>") if h.headers.get("Authorization") == wanted else h.reply("no", 401, WWW_Authenticate="Basic realm=x")
    )
    with chromium.open(http_credentials={"username": "ada", "password": "pw"}) as session:
        assert session.goto(HOME) == 200
    with chromium.open() as session:
        assert session.goto(HOME) == 401
