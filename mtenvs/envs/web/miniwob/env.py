"""`mtenvs/MiniWoB-v0`: small pages, each with something to click, type, drag or read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mtenvs.core.actions import tools_of
from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.base import WebEnv
from mtenvs.envs.web.miniwob.oracles import near_miss_of, oracle_of
from mtenvs.envs.web.miniwob.pages import HOST, MiniWobPlaces, page_names

REWARDS: Final = ("raw", "timed")
_WINDOW: Final = (500, 320)  # the original's
_LONGEST_MS: Final = 3_600_000
_STATE: Final = """typeof WOB_DONE_GLOBAL === 'undefined' ? {} :
  {done: WOB_DONE_GLOBAL, reward: WOB_REWARD_GLOBAL, raw: WOB_RAW_REWARD_GLOBAL, reason: WOB_REWARD_REASON}"""
_NOT_HERE: Final = {"goto", "go_back", "go_forward", "new_tab", "tab_focus", "close_tab", "upload", "dialog"}
_HIDDEN: Final = "#reward-display, #click-canvas, #sync-task-cover { display: none !important }"


class MiniWobEnv(WebEnv):
    """Do what a small page asks, in Chromium (MiniWoB++).

    ## Description
    130 pages of 160 x 210 pixels with buttons, forms, menus, lists, e-mails, drawings and games. Each episode asks for one thing, drawn
    from the seed.

    ## Observation
    `goal` (text): what the page asks. `text` (text): what the last action did, and the page in words. `image`
    (uint8, 320 x 500 x 3): the screenshot.

    ## Actions
    Those of `mtenvs/WebArena-v0` within a page; an episode ends by what is done on the page, `stop` gives up.

    ## Rewards
    Component `score`: with `reward="raw"` the page's own in -1..1, without its discount for time; with `reward="timed"` as the page gives
    it, which falls with the time left.

    ## Start
    The page, with the problem of the seed.

    ## End
    Terminated when the page says so: `goal_reached` if its reward is positive, else `goal_failed`; truncated with `time_limit` when the
    page's time is over, and after `max_turns` (20).

    ## Arguments
    `pages`: names of the pages that are listed; None for all. `clock`: `"turns"` stops the page's clock between turns and lets it run for
    `turn_ms` after each action, so that thinking takes no time; `"real"` lets it run. `time_limit_ms`: in place of the page's own (10 s in
    most). `reward`: see above.

    ## Tasks and splits
    The pages' names, such as `click-button`; the seed of the episode draws the problem. Splits by a stable hash of the name.

    ## Differences from the original
    The pages are the original's, unchanged; reward counters and the start button are hidden. A stopped clock.

    ## Source and licence
    MiniWoB++ (Farama Foundation), MIT, read from the `miniwob` package; own code, Apache-2.0.

    ## Version history
    v0: first version.
    """

    default_max_turns = 20

    def __init__(
        self,
        *,
        pages: tuple[str, ...] | None = None,
        clock: str = "turns",
        turn_ms: int = 250,
        time_limit_ms: int | None = None,
        reward: str = "raw",
        viewport: tuple[int, int] = _WINDOW,
        **options: Any,
    ) -> None:
        for name, value, known in (("reward", reward, REWARDS), ("clock", clock, ("turns", "real"))):
            if value not in known:
                raise UnknownOption(f"{name}={value!r} does not exist: {did_you_mean(str(value), known)}")
        for name, number in (("turn_ms", turn_ms), ("time_limit_ms", time_limit_ms)):
            if number is not None and (isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _LONGEST_MS):
                raise UnknownOption(f"{name}={number!r} is a whole number in 1..{_LONGEST_MS}")
        self.clock, self.turn_ms, self.time_limit_ms, self.reward = clock, turn_ms, time_limit_ms, reward
        self._state: dict[str, Any] = {}
        options.setdefault("offered", [tool.name for tool in tools_of(type(self)) if tool.name not in _NOT_HERE])
        super().__init__(tasks=self.task_set(pages=pages), places=MiniWobPlaces, viewport=viewport, **options)

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, pages: tuple[str, ...] | None = None) -> TaskSet:
        """One task a page.

        Raises:
            UnknownOption: there is no such page, or files are asked for: the pages come from the package.
        """
        if data_dir is not None:
            raise UnknownOption("the pages are read from the package miniwob; data_dir is not used")
        known = page_names()
        for name in pages or ():
            if name not in known:
                raise UnknownOption(f"there is no page {name!r}: {did_you_mean(name, known)}")

        def build(name: str) -> Task:
            return Task(
                name, setup={"start": [f"http://{HOST}/miniwob/{name}.html"]}, tags=("web", "miniwob"), source="MiniWoB++", licence="MIT"
            )

        return TaskSet(pages or known, build)

    def _enter(self, task: Task) -> None:
        super()._enter(task)
        self._state = {}
        session = self.session
        limit = "" if self.time_limit_ms is None else f"core.EPISODE_MAX_TIME = {self.time_limit_ms};"
        style = f"document.head.appendChild(document.createElement('style')).textContent = {json.dumps(_HIDDEN)};"
        if self.clock == "turns":
            session.pause_clock()
        start = f"(() => {{ {style} {limit} Math.seedrandom({json.dumps(str(self.episode_seed))}); core.startEpisodeReal(); }})()"
        session.evaluate(start)
        for _ in range(100):
            if session.evaluate("WOB_TASK_READY"):
                break
            self._pass_time()
        session.settle()
        asked = session.evaluate("core.getUtterance()")
        self.task = replace(self.task, goal=str(asked["utterance"] if isinstance(asked, dict) else asked))

    def _act(self, action: Any) -> str:
        said = super()._act(action)
        if self._answer is None:
            self._pass_time()
            self._state = dict(self.session.evaluate(_STATE))
        return said

    def _pass_time(self) -> None:
        if self.clock == "turns":
            self.session.advance_clock(self.turn_ms)

    def _ended(self) -> str:
        if not self._state.get("done"):
            return ""
        if self._state.get("reason") == "timed out":
            return "time_limit"
        return "goal_reached" if self._state["raw"] > 0 else "goal_failed"

    def _judged(self) -> Verdict:
        return self._verdict()

    def _verdict(self) -> Verdict:
        raw = float(self._state.get("raw", 0.0)) if self._state.get("done") else 0.0
        timed = float(self._state.get("reward", 0.0)) if self._state.get("done") else 0.0
        return Verdict(max(0.0, raw), raw == 1.0, metrics={"raw_reward": raw, "env_reward": timed})

    def _rewards(self, verdict: Verdict | None) -> dict[str, float]:
        if verdict is None:
            return {"score": 0.0}
        return {"score": verdict.metrics["raw_reward" if self.reward == "raw" else "env_reward"]}

    def oracle(self) -> Iterator[str]:
        """Knows some of the pages, see `mtenvs.envs.web.miniwob.oracles`."""
        return oracle_of(self, self._part.id)

    def near_miss(self) -> Iterator[str]:
        """Does something else than what the page asks."""
        return near_miss_of(self)
