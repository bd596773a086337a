"""`WebEnv`: what all web environments share: a browser context for each episode, actions, observations, and what happens when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from mtenvs.backends.chromium import BrowserDied, BrowserError, Chromium, Node, Session, SessionClosed
from mtenvs.core.actions import tools_of
from mtenvs.core.env import MultiTurnEnv, text_space
from mtenvs.core.errors import BadAction, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.actions import BrowserActions
from mtenvs.envs.web.places import Places, starts_of
from mtenvs.envs.web.views import FORMS, View

MAX_CHARS: Final = 30_000
_SIZES: Final = (200, 4096)


class WebEnv(BrowserActions, MultiTurnEnv):
    """Base of the web environments.

    Args:
        places: makes what the browser visits; called once, when the first episode begins.
        text_form: ``outline`` (ours, quick), ``webarena`` (the official accessibility tree), ``marks`` (set-of-marks: numbers in the
            screenshot and a list of them) or ``html``.
        viewport: width and height of the page, pixels.
        viewport_only: leave out of the text what would have to be scrolled to.
        follow_new_tabs: whether a tab that a page opens becomes the active one.
        ask_dialogs: leave confirm and prompt dialogs to the agent, who then has the action ``dialog``; else they are accepted.
        max_chars: of the text observation; what is longer is cut, and says so.
        deadline_s: for one thing that the browser does.
        upload_folder: files that agents may upload.
        more: further observation keys with their spaces.
        options: of `MultiTurnEnv`.

    Raises:
        MissingRequirement: there is no Chromium, or the extra is not installed.
    """

    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 2}
    default_max_turns = 30

    def __init__(
        self,
        *,
        places: Callable[[], Places],
        text_form: str = "outline",
        viewport: tuple[int, int] = (1280, 720),
        viewport_only: bool = False,
        follow_new_tabs: bool = True,
        max_chars: int = MAX_CHARS,
        ask_dialogs: bool = False,
        deadline_s: float = 10.0,
        upload_folder: str | Path | None = None,
        more: Mapping[str, gym.Space[Any]] | None = None,
        **options: Any,
    ) -> None:
        if text_form not in FORMS:
            raise UnknownOption(f"text_form={text_form!r} does not exist: {did_you_mean(str(text_form), FORMS)}")
        if len(viewport) != 2 or not all(isinstance(n, int) and _SIZES[0] <= n <= _SIZES[1] for n in viewport):
            raise UnknownOption(f"viewport={viewport!r} is width and height, whole numbers in {_SIZES[0]}..{_SIZES[1]}")
        self.text_form, self.viewport, self.viewport_only = text_form, (viewport[0], viewport[1]), viewport_only
        self._follow, self._deadline, self._ask = follow_new_tabs, deadline_s, ask_dialogs
        if not ask_dialogs:
            options.setdefault("offered", [tool.name for tool in tools_of(type(self)) if tool.name != "dialog"])
        self.upload_folder = Path(upload_folder) if upload_folder is not None else None
        self._make_places, self._places, self._browser = places, None, None
        self._session: Session | None = None
        self._part = Task("")
        self._view: View | None = None
        self._answer: str | None = None
        self._blank: NDArray[np.uint8] = np.zeros((viewport[1], viewport[0], 3), np.uint8)
        image = gym.spaces.Box(0, 255, self._blank.shape, np.uint8)
        super().__init__(observations={**text_space(max_chars), "image": image, **(more or {})}, **options)

    _places: Places | None
    _browser: Chromium | None
    _found: Verdict | None = None  # on the answer, so that a verdict is made once
    lost: BaseException | None = None  # why the browser is gone, if it is

    # ---- the episode ---------------------------------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The episode's browser context."""
        if self._session is None:
            raise SessionClosed("there is no episode: call reset()")
        return self._session

    @property
    def places(self) -> Places:
        """What the browser visits."""
        if self._places is None:
            self._places = self._make_places()
        return self._places

    def _begin(self, task: Task) -> str:
        """Start the world of a task; what the browser does wrong meanwhile is forgiven once."""
        try:
            self._enter(task)
        except BrowserError as error:
            if isinstance(error, BrowserDied | SessionClosed):
                self._end_session()
                self._let_go()
            self._enter(task)
        return ""

    def _enter(self, task: Task) -> None:
        """Open a browser context on the task's pages."""
        self._end_session(wait=False)
        self._part = task
        self._answer, self._view, self._found, self.lost = None, None, None, None
        opened = self.places.begin(task, self.episode_seed, None)
        width, height = self.viewport
        size = task.setup.get("viewport_size") or {}
        keywords: dict[str, Any] = {
            "viewport": (int(size.get("width", width)), int(size.get("height", height))),
            "follow_new_tabs": self._follow,
            "ask_dialogs": self._ask,
            "deadline_s": self._deadline,
            "uploads": (self.upload_folder,) if self.upload_folder is not None else (),
            **opened,
        }
        if self._browser is None:
            self._browser = Chromium.shared(self.places.hosts)
        self._session = self._browser.open(**keywords)
        self.places.enter(self._session, task)
        for number, address in enumerate(starts_of(task)):
            if number:
                self.session.new_tab()
            self.session.goto(address)
        if len(starts_of(task)) > 1:
            self.session.focus_tab(0)
        self.session.settle()

    def _carry_out(self, action: Any) -> str:
        """Also look, when the page is at rest after the action; a failure of the browser costs the turn, or at worst ends the episode."""
        self._read(action)  # what cannot be read does not reach the page, so it is shown as it was
        self._view = None
        said: list[str] = []
        try:
            said.append(self._act(action))
        except BadAction:
            self._look()
            raise
        except (BrowserDied, SessionClosed) as error:
            self._lose(error)
        except BrowserError as error:
            said.append(f"{error}.")
        self._look()
        if self._session is not None:
            try:
                said += self._session.feedback()
            except BrowserDied as error:
                self._lose(error)
        if self.lost is not None:
            said.append(f"The browser is lost: {self.lost}.")
        return " ".join(said)

    def _act(self, action: Any) -> str:
        """Do it; every action of a session waits until the page is at rest."""
        return super()._carry_out(action)

    def _look(self) -> None:
        """See the page now, if it will be observed, so that a browser that dies over it ends this turn and not the next."""
        if self._text_reads or "image" in self.observation_space.spaces:  # type: ignore[attr-defined]  # a Dict
            _ = self.shown

    def _lose(self, error: BaseException) -> None:
        self._end_session()
        self._let_go()
        self.lost = error
        if self._found is None:  # else the agent has stopped, and its verdict stands
            self.stop("env_error")

    def submit(self, answer: str) -> str:
        """The agent's last word: the verdict is made, and the episode ends."""
        self._answer = answer
        try:
            self._found = verdict = self._judged()
        except BaseException:
            self._answer = None  # nothing was found: the episode goes on, and the agent may stop again
            raise
        self.stop("agent_stopped" if verdict.needs else "goal_reached" if verdict.success else "goal_failed")
        return "Noted."

    def _verdict(self) -> Verdict:
        if self._answer is not None and self._found is not None:
            return self._found
        if self._session is None:
            return Verdict(0.0, success=False)
        found = Verdict(0.0, success=False)
        if self.verdict_every_turn:
            with suppress(BrowserError, BadAction):  # a look that failed is no reason to fail the turn
                found = self._judged()
        return Verdict(0.0, success=False, checkpoints=found.checkpoints, metrics=found.metrics)  # nothing is done before `stop`

    def _judged(self) -> Verdict:
        """The finding on the world as it is, and on the answer if there is one."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the context and give the browser and the sites back."""
        self._end_session()
        self._let_go()
        if self._places is not None:
            self._places.close()
            self._places = None
        super().close()

    def _end_session(self, *, wait: bool = True) -> None:
        if self._session is not None:
            with suppress(BrowserError):
                self._session.close(wait=wait)
            self._session = None
        if self._places is not None:
            self._places.end()

    def _let_go(self) -> None:
        if self._browser is not None:
            self._browser.release()
            self._browser = None

    # ---- what is seen --------------------------------------------------------------------------------------------

    def target(self, element: int) -> int:
        """The browser's number of an element by the number that the agent saw.

        Raises:
            BadAction: there is no such number on the page as it was shown.
        """
        if self.text_form in ("outline", "html"):
            return element
        found = self.shown.ids.get(element)
        if found is None:
            raise BadAction(f"there is no element [{element}] in the observation", kind="arguments")
        return self.session.resolve(backend=found) if self.text_form == "webarena" else found

    def file(self, name: str) -> Path:
        """A file that may be uploaded, by its name.

        Raises:
            BadAction: there is none of that name.
        """
        files = (
            {path.name: path for path in self.upload_folder.iterdir() if path.is_file() and not path.is_symlink()}
            if self.upload_folder
            else {}
        )
        found = files.get(Path(name).name)
        if found is None:
            legal = ", ".join(sorted(files)) or "none: this task has no files to upload"
            raise BadAction(f"there is no file {name[:100]!r}", kind="refused", legal=legal)
        return found

    @property
    def shown(self) -> View:
        """The page as it is shown on this turn."""
        if self._view is None:
            self._view = self._looked()
        return self._view

    def _looked(self) -> View:
        if self._session is None:
            return View.lost(self._blank)
        wants_image = "image" in self.observation_space.spaces or self.text_form == "marks"  # type: ignore[attr-defined]  # a Dict
        try:
            return self._glance(self._session, image=wants_image)
        except (BrowserDied, SessionClosed) as error:
            self._lose(error)
        except BrowserError:  # a page that was lost has been opened anew
            with suppress(BrowserError):
                return self._glance(self._session, image=wants_image)
        return View.lost(self._blank)

    def _glance(self, session: Session, *, image: bool) -> View:
        screen = self.viewport if self.viewport_only else None
        return View.of(session, self.text_form, image=image, text=self._text_reads, screen=screen)

    def outline(self) -> Sequence[Node]:
        """The page's outline as it is now, for oracles."""
        return self.session.outline()

    def number_of(self, node: Node) -> int | None:
        """The number under which the agent is shown an element; None while it is not shown."""
        if self.text_form in ("outline", "html"):
            return node.ref
        for number, known in self.shown.ids.items():
            with suppress(BadAction):  # the tree's root, among others, is no element
                if node.ref == (self.session.resolve(backend=known) if self.text_form == "webarena" else known):
                    return number
        return None

    def _report(self) -> str:
        return self.shown.text

    def _value(self, key: str) -> Any:
        if key == "image":
            return _fitted(self.shown.image, self._blank.shape)
        return super()._value(key)

    def _image(self) -> NDArray[np.uint8]:
        if self.shown.image is None and self._session is not None:
            with suppress(BrowserError):
                return self._session.screenshot()
        return (self._blank if self.shown.image is None else self.shown.image).copy()

    def idle_action(self) -> str:
        """Scroll up, where the page already is or soon will be."""
        return 'scroll(direction="up")'


def _fitted(image: NDArray[np.uint8] | None, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """A picture of another size, as some tasks have, in the top left corner of one that fits the space."""
    if image is not None and image.shape == shape:
        return image.copy()  # the same page may be shown again, and users keep what they are given
    fitted = np.zeros(shape, np.uint8)
    if image is not None:
        height, width = min(shape[0], image.shape[0]), min(shape[1], image.shape[1])
        fitted[:height, :width] = image[:height, :width]
    return fitted
