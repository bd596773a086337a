"""The browser process comes when needed and leaves nothing behind, however its user ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_site import Site, descendants, find, until

from mtenvs.backends.chromium import Chromium, Hosts, Session, find_chromium
from mtenvs.core.errors import MissingRequirement

HOME = "http://shop.localhost/"
USER = """
import os, sys, time
from mtenvs.backends.chromium import BrowserDied, Chromium, Hosts
session = Chromium.shared(Hosts(), args=("--mtenvs-test=NAME",)).open()
print("ready", flush=True)
END
"""


def processes(mark: str) -> list[int]:
    """Browser processes that were started with a flag of ours."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes()
        except OSError:
            continue
        if f"--mtenvs-test={mark}".encode() in line and b"--user-data-dir" in line:
            found.append(int(path.parent.name))
    return found


FORK = """
if os.fork() == 0:
    try:
        session.goto("about:blank")  # the parent's
    except BrowserDied:
        own = session.browser.open()
        own.goto("about:blank")
        session.browser.close()
        os._exit(0)
assert os.wait()[1] == 0
session.goto("about:blank")
print("alive", flush=True)
"""


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("kill", "time.sleep(60)"),
        pytest.param("exit", "sys.exit(0)", marks=pytest.mark.slow),
        pytest.param("raise", "1 / 0", marks=pytest.mark.slow),
        pytest.param("hard", "os._exit(1)", marks=pytest.mark.slow),
        pytest.param("term", "time.sleep(60)", marks=pytest.mark.slow),
        pytest.param("fork", FORK, marks=pytest.mark.slow),
    ],
)
def test_no_process_is_left_however_its_user_ends(name: str, end: str) -> None:
    code = USER.replace("NAME", name).replace("END", end)
    command, pipe = [sys.executable, "-c", code], subprocess.PIPE
    user = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)  # noqa: S603 - our own code
    with user:
        assert user.stdout is not None
        assert user.stdout.readline() == "ready\n"
        below = descendants(user.pid)
        assert processes(name) or name != "term"
        if name in {"term", "kill"}:
            user.send_signal(signal.SIGTERM if name == "term" else signal.SIGKILL)
        rest, _ = user.communicate(timeout=20)
    assert until(lambda: not processes(name))
    assert until(lambda: not [p for p in below if Path(f"/proc/{p}").exists()])
    assert (name == "fork") == ("alive" in rest)


def test_users_share_a_browser_and_the_last_one_closes_it(hosts: Hosts) -> None:
    first = Chromium.shared(hosts, args=("--mtenvs-test=share",))
    second = Chromium.shared(Hosts(mapped=hosts.mapped), args=("--mtenvs-test=share",))
    other = Chromium.shared(Hosts(), args=("--mtenvs-test=share",))
    assert first is second
    assert other is not first
    assert processes("share") == []  # nobody needed it yet
    first.open()
    main = processes("share")
    first.release()
    second.open().goto(HOME)
    assert set(main) <= set(processes("share"))
    second.release()
    other.release()
    assert until(lambda: not processes("share"))


def test_a_missing_browser_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MTENVS_CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(MissingRequirement, match=r"MTENVS_CHROMIUM.*apt-get install chromium"):
        find_chromium()
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\n")
    fake.chmod(0o755)
    monkeypatch.setenv("MTENVS_CHROMIUM", str(fake))
    assert find_chromium() == str(fake)
    monkeypatch.delenv("MTENVS_CHROMIUM")
    monkeypatch.setattr("mtenvs.backends.chromium.find.BINARIES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == str(fake)
    fake.unlink()
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    with pytest.raises(MissingRequirement, match="apt-get install chromium"):
        find_chromium()
    own = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    own.parent.mkdir(parents=True)
    own.write_text("")
    assert find_chromium() == str(own)


def test_a_browser_that_cannot_start_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    browser = Chromium.shared(Hosts(), executable=str(broken))
    with pytest.raises(Exception, match=r"closed|exited|launch"):
        browser.open()
    browser.release()


@pytest.mark.slow
def test_two_hundred_sessions_do_not_add_up(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = "<title>Home</title>" + "<p><a href=/x>Link</a> <input></p>" * 50

    def memory() -> float:
        total = 0
        for pid in descendants(os.getpid()):
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024

    def cycle(count: int) -> None:
        for _ in range(count):
            with chromium.open() as session:
                session.goto(HOME)
                session.click(find(session.outline(), "link", "Link").ref)
                session.screenshot()

    cycle(40)
    before, processes_before = memory(), len(descendants(os.getpid()))
    cycle(200)
    spare = 2  # a renderer that waits for the next page and a helper, which Chromium keeps or drops as it likes; a leak would be 200
    assert until(lambda: len(descendants(os.getpid())) <= processes_before + spare)
    assert memory() - before < 60  # MiB, in all processes together; a leak of a context would be thousands


def test_many_sessions_at_once_do_not_mix(site: Site, chromium: Chromium) -> None:
    site.pages["/"] = lambda h: h.reply(
        f"<h1>{h.headers.get('X-Episode')}</h1><script>document.cookie = 'me={h.headers.get('X-Episode')}'</script>"
    )
    sessions: list[Session] = [chromium.open(headers={"X-Episode": str(i)}) for i in range(6)]
    for session in sessions:
        session.goto(HOME)
    for i, session in enumerate(sessions):
        assert session.outline()[0].name == str(i)
        assert session.evaluate("document.cookie") == f"me={i}"
        session.close(wait=False)
