"""The browser: resets and steps beside BrowserGym and beside bare Playwright, what eight pages at once cost, and what they hold."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from _table import Row, arguments, show
from _web_page import served
from PIL import Image
from playwright.sync_api import sync_playwright

from mtenvs.backends.chromium import find_chromium
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.addressed import AddressPlaces
from mtenvs.envs.web.base import WebEnv
from mtenvs.vector import make_vec

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".venv-peers" / "browsergym" / "bin" / "python"
BUTTONS = ("Add to cart 0", "Add to cart 1")


class PageEnv(WebEnv):
    """The benchmark's page as an environment.

    Args:
        url: of the page.
        options: of `WebEnv`.
    """

    def __init__(self, url: str, **options: Any) -> None:
        task = Task("page", "Look.", {"start": [url], "sites": []})
        super().__init__(places=lambda: AddressPlaces({"shopping": url}), tasks=TaskSet.of([task]), max_turns=10**9, **options)

    def _judged(self) -> Verdict:
        return Verdict(0.0, success=False)

    def look(self) -> None:
        """The observation alone, without an action."""
        self._looked()


def number_of(text: str, name: str) -> int:
    """Number of a button as it is shown."""
    line = next(line for line in text.splitlines() if f"button '{name}'" in line or f'button "{name}"' in line)
    return int(line.split("[")[1].split("]")[0])


def clicking(env: PageEnv) -> Callable[[], None]:
    """A step that clicks one of two buttons in turn."""
    turn = 0

    def step() -> None:
        nonlocal turn
        turn += 1
        info = env.step(f"click({number_of(env.last_text, BUTTONS[turn % 2])})")[4]
        if info["action_error"] is not None:
            raise RuntimeError(info["action_error"].message)

    return step


@contextmanager
def browsergym(url: str, waiting: str) -> Iterator[Callable[[str], None]]:
    """BrowserGym in its own environment: a function that lets it reset or step."""
    command = [str(PEER), str(ROOT / "benchmarks" / "_web_peer.py"), url, find_chromium(), waiting]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as peer:
        if peer.stdin is None or peer.stdout is None:
            raise RuntimeError("the peer has no pipes")

        def tell(what: str) -> None:
            if peer.stdin is None or peer.stdout is None:
                raise RuntimeError("the peer has no pipes")
            peer.stdin.write(what + "\n")
            peer.stdin.flush()
            if peer.stdout.readline().strip() != "done":
                raise RuntimeError(f"BrowserGym broke on {what}")

        peer.stdout.readline()
        yield tell
        peer.stdin.close()
        peer.wait(30)


@contextmanager
def bare(url: str) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """Playwright and the DevTools protocol alone: a reset (new context and page), and a step (click, tree, screenshot decoded)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"] if os.geteuid() == 0 else [])
        page: Any = None
        session: Any = None
        turn = 0

        def look() -> None:
            import base64  # noqa: PLC0415 - beside its use

            session.send("Accessibility.getFullAXTree")
            shot = session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            np.asarray(Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB"))

        def reset() -> None:
            nonlocal page, session
            if page is not None:
                page.context.close()
            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            session = page.context.new_cdp_session(page)
            page.goto(url)
            look()

        def step() -> None:
            nonlocal turn
            turn += 1
            page.get_by_role("button", name=BUTTONS[turn % 2], exact=True).click()
            look()

        reset()
        yield reset, step
        browser.close()


def alternating(steps: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, taken in turns; the first round is thrown away."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        for name, step in steps.items():
            began = time.perf_counter()
            step()
            if number:
                times[name].append((time.perf_counter() - began) * 1e3)
    return {name: median(values) for name, values in times.items()}


def single(url: str, rounds: int) -> list[Row]:
    """One environment beside its peers."""
    rows: list[Row] = []
    with ExitStack() as stack:
        full = stack.enter_context(PageEnv(url, obs_mode="text+vision", text_form="webarena"))
        quick = stack.enter_context(PageEnv(url, obs_mode="text"))
        tree = stack.enter_context(PageEnv(url, obs_mode="text", text_form="webarena"))
        seen = stack.enter_context(PageEnv(url, obs_mode="text+vision"))
        bare_reset, bare_step = stack.enter_context(bare(url))
        envs = (full, quick, tree, seen)
        for env in envs:
            env.reset(seed=0)
        resets: dict[str, Callable[[], Any]] = {"ours": lambda: full.reset(seed=0), "bare": bare_reset}
        steps: dict[str, Callable[[], Any]] = {
            "full": clicking(full), "quick": clicking(quick), "tree": clicking(tree), "seen": clicking(seen), "bare": bare_step,
        }  # fmt: skip
        if PEER.exists():
            shipped, hurried = (stack.enter_context(browsergym(url, how)) for how in ("shipped", "hurried"))
            resets |= {"shipped": lambda: shipped("reset")}
            hurried("reset")
            steps |= {"hurried": lambda: hurried("step")}
        reset = alternating(resets, max(3, rounds // 4))
        step = alternating(steps, rounds)
        looks = alternating({"quick": quick.look, "tree": tree.look}, rounds)
        rows.append(
            Row.limit("reset, warm browser, tree and screenshot", "ms", reset["ours"], reset["bare"], "bare Playwright", target=350)
        )
        if PEER.exists():
            waits = alternating({"shipped": lambda: shipped("step")}, max(2, rounds // 6))
            rows += [
                Row.cost("reset, warm browser", "ms", reset["ours"], reset["shipped"], "BrowserGym as shipped", target=1 / 6),
                Row.cost("step, tree and screenshot", "ms", step["full"], waits["shipped"], "BrowserGym as shipped", target=1 / 10),
                Row.cost(
                    "step, tree and screenshot", "ms", step["full"], step["hurried"], "BrowserGym, its waits set to zero", target=1 / 2.5
                ),
            ]
        rows += [
            Row.cost("step, tree and screenshot", "ms", step["full"], step["bare"], "bare Playwright and CDP", target=1.1),
            Row.cost("step, our outline and screenshot", "ms", step["seen"], step["bare"], "bare Playwright and CDP"),
            Row.cost("step, our outline", "ms", step["quick"], step["tree"], "the same with the official tree"),
            Row.cost("text observation alone, our outline", "ms", looks["quick"], looks["tree"], "the official tree", target=0.5),
        ]
    return rows


def many(url: str, turns: int) -> list[Row]:
    """Eight pages in one batch: steps for each second of CPU, and memory, beside one."""
    found = {n: _batch(url, n, turns) for n in (1, 8)}
    more = (found[8][1] - found[1][1]) / 7
    rate = found[8][0] / found[1][0]
    return [
        Row("eight pages in one batch: steps a CPU second", "1/s", found[8][0], found[1][0], "one page", rate, "ratio >= 0.9", rate >= 0.9),
        Row.limit("memory of one more page (proportional set size)", "MiB", more, None, "", target=70),
    ]


def _batch(url: str, count: int, turns: int) -> tuple[float, float]:
    """Steps a CPU second of all processes, and MiB held by the browser's."""
    from functools import partial  # noqa: PLC0415 - beside its use

    venv = make_vec(partial(PageEnv, url, obs_mode="text+vision"), count, backend="thread")
    try:
        texts = venv.reset(seed=0)[0]["text"]
        numbers = [[number_of(text, name) for name in BUTTONS] for text in texts]
        venv.step([f"click({pair[0]})" for pair in numbers])
        began = _cpu_seconds()
        for turn in range(turns):
            venv.step([f"click({pair[turn % 2]})" for pair in numbers])
        return turns * count / (_cpu_seconds() - began), _held_mib()
    finally:
        venv.close()


def _family() -> list[int]:
    """This process and all below it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        parents.setdefault(int(rest[1]), []).append(pid)
    family, waiting = [], [os.getpid()]
    while waiting:
        pid = waiting.pop()
        family.append(pid)
        waiting += parents.get(pid, [])
    return family


def _cpu_seconds() -> float:
    """Used so far by this process and all below it, ended ones that were waited for included."""
    ticks = 0
    for pid in _family():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _held_mib() -> float:
    """Proportional set size of all processes below this one."""
    total = 0
    for pid in _family()[1:]:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def main() -> None:
    """Measure everything and print the rows."""
    args = arguments(__doc__)
    if not PEER.exists():
        sys.stderr.write("web: BrowserGym is not here, its rows are left out; scripts/peers browsergym installs it\n")
    with served() as url:
        rows = single(url, 6 if args.quick else 30) + many(url, 10 if args.quick else 60)
    show(rows, args)


if __name__ == "__main__":
    main()
