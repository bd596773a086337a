"""`mtenvs/WebArena-v0`: everyday tasks on real web sites, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.base import WebEnv
from mtenvs.envs.web.dialects import web_dialect
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
    `max_turns` (30), after bad actions in a row, and with `env_error` when the browser dies.

    ## Arguments
    `text_form`, `viewport`, `viewport_only`, `follow_new_tabs` (False, as in WebArena), `max_chars`, `deadline_s`: see `WebEnv`.

    ## Tasks and splits
    `<site>/<template>/<seed>`; 20 seeds of each template are listed, any other works too. Splits by a stable hash.

    ## Differences from the original
    Own sites, data and tasks, in the form of WebArena's, so that its verifiers and policies find the addresses, forms and selectors they
    look for. The verdict is made when the agent stops, in a page of its own; the agent's tabs are never moved.

    ## Source and licence
    WebArena (2024) for the grammars, observations and rules; own code, sites and data, Apache-2.0.

    ## Version history
    v0: first version.
    """

    dialects = (web_dialect("webarena"),)
    visual: ClassVar[bool | None] = False

    def __init__(self, *, follow_new_tabs: bool = False, **options: Any) -> None:
        super().__init__(tasks=self.task_set(), places=OwnPlaces, follow_new_tabs=follow_new_tabs, **options)

    @classmethod
    def task_set(cls, data_dir: str | Path | None = None) -> TaskSet:
        """Our own tasks."""
        if data_dir is not None:
            raise UnknownOption("official files are not read yet")
        return own_tasks(visual=cls.visual)

    def _task_limit(self, task: Task) -> int:
        return int(task.setup.get("turns", self.default_max_turns))

    def _judged(self) -> Verdict:
        places = self.places
        if not isinstance(places, OwnPlaces) or places.episode is None:
            return Verdict(0.0, success=False)
        return verdict_of(self._part.checks, EndState(places.episode, self._answer, self.session.url))

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
