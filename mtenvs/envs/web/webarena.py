"""`mtenvs/WebArena-v0`: everyday tasks on real web sites, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from mtenvs.backends.chromium import NavigationFailed
from mtenvs.core.errors import DataError, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.addressed import Account
from mtenvs.envs.web.base import WebEnv
from mtenvs.envs.web.dialects import web_dialect
from mtenvs.envs.web.evaluators import Judge
from mtenvs.envs.web.official_play import OfficialPlay, official_set
from mtenvs.envs.web.oracle import actions_of
from mtenvs.envs.web.own.tasks import own_tasks
from mtenvs.envs.web.places import OwnPlaces
from mtenvs.envs.web.verify import EndState, verdict_of


class WebArenaEnv(WebEnv):
    """Shop, manage a shop and take part in a forum, as a person would, in Chromium (WebArena).

    ## Description
    The agent works in a browser on real multi-user sites: an online shop, its administration, and a forum. Tasks ask for information, for
    a deed, or for both, on one site or across sites; some cannot be done, and the right answer says so. Each episode has its own copy of
    all data, so that any number of episodes run at once and none needs to be cleaned up after another.

    ## Observation
    `goal` (text): the task. `text` (text): what the last action did, the tabs, and the page: `text_form="outline"` (one line for each
    thing that can be read or used), `"webarena"` (the official accessibility tree), `"marks"` or `"html"`. `image`
    (uint8, viewport height x width x 3): the screenshot, with numbered frames under `text_form="marks"`.

    ## Actions
    By number: `click(id)`, `dblclick(id)`, `hover(id)`, `type(id, text, press_enter, clear)`, `clear(id)`, `select(id, option)`,
    `drag(id, to)`, `upload(id, file)`. By point: `click_at(x, y)`, `hover_at`, `drag_at`. Keys: `press(key)`, `keyboard_type(text)`.
    Pages and tabs: `goto(url)`, `go_back()`, `go_forward()`, `scroll(direction)`, `new_tab()`, `tab_focus(index)`, `close_tab()`,
    `dialog(accept, text)`, `wait(ms)`. `stop(answer)` ends the task. Also in WebArena's own grammar, such as `click [12]`.

    ## Rewards
    Component `score`: 1 at `stop` if the end state and the answer are right, else 0.

    ## Start
    The task's pages, one a tab, with the task's users logged in.

    ## End
    Terminated by `stop`: `goal_reached` or `goal_failed` (`agent_stopped` where only a judge could tell). Truncated after
    `max_turns` (30), after bad actions in a row, and with `env_error` when the browser dies. Own tasks then score 0; official ones are
    judged as they stand, without an answer, as the original does.

    ## Arguments
    `text_form`, `viewport`, `viewport_only`, `follow_new_tabs` (False, as in WebArena), `max_chars`, `deadline_s`: see `WebEnv`. For
    official tasks: `data_dir` (file, folder, or `"package"` for the installed libwebarena or webarena-verified), `suite` (`"webarena"`,
    `"verified"`), `variant` (`"hard"` for the smaller Verified set), `addresses` (`{"shopping": "http://..."}`; what is missing is
    read from `$MTENVS_SHOPPING`, `$SHOPPING` or `$WA_SHOPPING`, and so on), `accounts` (site to `Account`; else those published with
    the images), `storage_states` (a folder, in place of logging in), `judge` (a `Judge`, or the keywords of `ChatJudge`:
    `{"base_url": ..., "model": ...}`), `compat` (True keeps the released verdicts' oddities).

    ## Tasks and splits
    Own: `<site>/<template>/<seed>`; 20 seeds of each template are listed, any other works too. Official: `webarena/<task_id>` (812),
    `verified/<task_id>` (812; 258 hard), read unchanged; those that may need a judge have the tag `judge`. Splits by a stable hash.

    ## Differences from the original
    Own sites, data and tasks, in the form of WebArena's, so that its verifiers and policies find the addresses, forms and selectors they
    look for. The verdict is made when the agent stops, in a page of its own; the agent's tabs are never moved. Official tasks run on
    whatever is at the given addresses, which all episodes share and nobody resets; without a judge, what only one could tell has
    `score=None, needs="judge"`. `docs/web-verdicts.md` lists where verdicts differ.

    ## Source and licence
    WebArena (2024) for the grammars, observations and rules; own code, sites and data, Apache-2.0.

    ## Version history
    v0: first version.
    """

    dialects = (web_dialect("webarena"),)
    visual: ClassVar[bool | None] = False
    suites: ClassVar[tuple[str, ...]] = ("webarena", "verified")

    def __init__(
        self,
        *,
        data_dir: str | Path | None = None,
        suite: str | None = None,
        variant: str = "all",
        addresses: Mapping[str, str] | None = None,
        judge: Judge | Mapping[str, Any] | None = None,
        storage_states: str | Path | None = None,
        accounts: Mapping[str, Account] | None = None,
        compat: bool = True,
        follow_new_tabs: bool = False,
        **options: Any,
    ) -> None:
        given = {"addresses": addresses, "judge": judge, "storage_states": storage_states, "accounts": accounts}
        unused = [name for name, value in given.items() if value is not None]
        if data_dir is None and unused:
            raise UnknownOption(f"{', '.join(unused)}: only official tasks have a use for it; give data_dir= too")
        tasks = self.task_set(data_dir, suite=suite, variant=variant)
        self._official = (
            OfficialPlay(addresses=addresses, judge=judge, states=storage_states, accounts=accounts, compat=compat)
            if data_dir is not None
            else None
        )
        if self._official is not None:
            options.setdefault("split", None)  # a benchmark is played whole, and a file of a few tasks may have none in a split
        places = OwnPlaces if self._official is None else self._official.places
        super().__init__(tasks=tasks, places=places, follow_new_tabs=follow_new_tabs, **options)

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None, *, suite: str | None = None, variant: str = "all") -> TaskSet:
        """Our own tasks, or official ones, with placeholders in place of addresses.

        Args:
            data_dir: official file or folder, or ``"package"`` for the installed package; None for our own tasks.
            suite: which official set; by default that of the environment's name.
            variant: of the package's files, ``"all"`` or ``"hard"``.

        Raises:
            DataError: official files that are missing or broken.
            UnknownOption: no such suite or variant.
        """
        if suite is not None and suite not in cls.suites:
            raise UnknownOption(f"suite={suite!r} does not exist here: {did_you_mean(suite, cls.suites)}")
        if data_dir is not None:
            return official_set(data_dir, suite or cls.suites[0], variant)
        if suite is not None or variant != "all":
            raise UnknownOption("suite and variant choose among official tasks; give data_dir= too")
        return own_tasks(visual=cls.visual)

    def _task_limit(self, task: Task) -> int:
        return int(task.setup.get("turns", self.default_max_turns))

    def _begin(self, task: Task) -> str:
        if self._official is None:
            return super()._begin(task)
        self.task = replace(self.task, goal=self._official.fill(self.task.goal))
        try:
            opening = super()._begin(self._official.ready(task))
        except NavigationFailed as e:
            raise DataError(f"task {task.id!r} cannot be started: {e}") from e
        return " ".join(filter(None, (opening, self._official.opening(task))))

    def _verdict(self) -> Verdict:
        out_of_turns = self._answer is None and self._stop_reason(None) in ("max_turns", "invalid_actions")
        if self._official is None or self._session is None or not out_of_turns:
            return super()._verdict()
        return self._official.verdict(self._part, "", self._session)  # as it stands, without an answer

    def _judged(self) -> Verdict:
        if self._official is not None:
            return self._official.verdict(self._part, self._answer or "", self.session, final=self._answer is not None)
        places = self.places
        if not isinstance(places, OwnPlaces) or places.episode is None:
            return Verdict(0.0, success=False)
        return verdict_of(self._part.checks, EndState(places.episode, self._answer, self.session.url))

    def close(self) -> None:
        """Also end what the official verdicts hold."""
        super().close()
        if self._official is not None:
            self._official.close()

    def oracle(self) -> Iterator[str]:
        """The task's plan, step by step on the page as it is."""
        return self._play("plan")

    def near_miss(self) -> Iterator[str]:
        """A plan that goes wrong in one thing."""
        return self._play("miss")

    def _play(self, which: str) -> Iterator[str]:
        plan: Sequence[Mapping[str, Any]] = self._part.setup.get(which, ())
        if not plan:
            raise NotImplementedError("official tasks have no oracle; play one of our own")
        return actions_of(plan, self)

    def tab_of(self, title: str) -> int:
        """Number of the tab whose title contains a text."""
        return next(i for i, tab in enumerate(self.session.tabs()) if title.casefold() in tab.title.casefold())
