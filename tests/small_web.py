"""A web environment over a tiny site of a test's own, and what is known of the browser's processes."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from small_site import Site, find

from mtenvs.backends.chromium import Hosts, Session
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.base import WebEnv

HOME = "http://small.localhost/"
TASK = Task("home", goal="Look around.", setup={"start": [HOME]})


class SmallPlaces:
    """One site; each name is another set of hosts, and so another browser."""

    def __init__(self, site: Site, name: str) -> None:
        served = f"127.0.0.1:{site.server_port}"
        self.hosts = Hosts((("small.localhost", served), (f"{name}.localhost", served)))

    def begin(self, task: Task, seed: int, world_seed: int | None) -> Mapping[str, Any]:  # noqa: ARG002 - the protocol's
        return {}

    def enter(self, session: Session, task: Task) -> None:
        """Nobody logs in."""

    def end(self) -> None:
        """Nothing to forget."""

    def close(self) -> None:
        """The test closes its site."""


class SmallEnv(WebEnv):
    """A task without checks: it succeeds by saying "done"."""

    def __init__(self, site: Site, name: str = "small", **options: Any) -> None:
        options = {"deadline_s": 3.0, "max_turns": 100, **options}
        super().__init__(tasks=TaskSet([TASK.id], lambda _: TASK), places=lambda: SmallPlaces(site, name), **options)

    def _judged(self) -> Verdict:
        done = self._answer == "done"
        return Verdict(float(done), done)

    def oracle(self) -> Iterator[str]:
        yield 'stop(answer="done")'


def number(env: WebEnv, role: str, name: str) -> int:
    """The number of an element of the page."""
    return find(list(env.outline()), role, name).ref


def family(pid: int) -> Iterator[int]:
    """All processes below one."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # gone meanwhile
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    for child, parent in parents.items():
        above: int | None = parent
        while above is not None and above != pid:
            above = parents.get(above)
        if above == pid:
            yield child


def command(pid: int) -> str:
    """A process's command line; empty once it is gone."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def browsers(name: str = "") -> list[int]:
    """The main processes of our browsers, or of the one for hosts of that name."""
    return [p for p in family(os.getpid()) if "--host-resolver-rules" in (line := command(p)) and "--type=" not in line and name in line]


def renderers(browser: int) -> list[int]:
    """The processes of a browser that draw pages."""
    return [p for p in family(browser) if "--type=renderer" in command(p)]


def kill(*pids: int) -> None:
    """As the system does when memory is short."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def pss(*pids: int) -> int:
    """Memory of processes in KiB, shared pages counted once."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{pid}/smaps_rollup").read_text().partition("\nPss:")[2].split()[0])
    return total
