"""`OfficialPlay`: official tasks at the addresses of their sites: how they start, and what their verdict is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from mtenvs.backends.chromium import Session
from mtenvs.backends.judge import ChatJudge
from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.addressed import ACCOUNTS, Account, AddressPlaces
from mtenvs.envs.web.evaluators import Judge, judge_task
from mtenvs.envs.web.evaluators.verified import judge_verified
from mtenvs.envs.web.official import fill, official_tasks, placeholders
from mtenvs.envs.web.places import need_addresses, official_addresses
from mtenvs.envs.web.session_pages import SessionPages

PACKAGE: Final = "package"
_HOMEPAGE: Final = "__HOMEPAGE__/"
_HOW_TO_ANSWER: Final = (
    'Stop with an answer that is a JSON object: "task_type" is "retrieve" (something was to be told), "mutate" (something was to be '
    'changed) or "navigate" (something was to be shown); "status" is "SUCCESS", "NOT_FOUND_ERROR", "ACTION_NOT_ALLOWED_ERROR", '
    '"PERMISSION_DENIED_ERROR", "DATA_VALIDATION_ERROR" or "UNKNOWN_ERROR"; "retrieved_data" is the list of what was found, or null.'
)


def official_set(data_dir: str | Path, suite: str, variant: str = "all") -> TaskSet:
    """The tasks of an official file, with placeholders in place of addresses.

    Args:
        data_dir: file or folder, or ``"package"`` for the installed package of the suite.
        suite: as in `mtenvs.envs.web.official.SUITES`.
        variant: of the package's files.
    """
    return official_tasks(suite, None if data_dir == PACKAGE else data_dir, variant=variant)


class OfficialPlay:
    """How an environment plays official tasks.

    Args:
        addresses: site -> address; what is missing is read from the environment, see `official_addresses`.
        judge: decides what comparing cannot: an object, or the keywords of `ChatJudge`; None leaves it undecided.
        states: folder with Playwright storage states, such as ``.auth``.
        accounts: in place of the published ones.
        compat: keep upstream's mistakes in verdicts.

    Raises:
        UnknownOption: the folder does not exist, or what the judge should be is neither.
    """

    def __init__(
        self,
        *,
        addresses: Mapping[str, str] | None = None,
        judge: Judge | Mapping[str, Any] | None = None,
        states: str | Path | None = None,
        accounts: Mapping[str, Account] | None = None,
        compat: bool = True,
    ) -> None:
        if states is not None and not Path(states).is_dir():
            raise UnknownOption(f"storage_states={str(states)!r} is no folder")
        self._given, self._states = dict(addresses or {}), Path(states) if states is not None else None
        self._accounts, self._compat = dict(ACCOUNTS if accounts is None else accounts), compat
        self._own_judge = _chat_judge(judge) if isinstance(judge, Mapping) else None
        self._judge: Judge | None = self._own_judge or (None if isinstance(judge, Mapping) else judge)

    @property
    def addresses(self) -> dict[str, str]:
        """Site -> address, as far as known."""
        return official_addresses(self._given)

    def places(self) -> AddressPlaces:
        """The sites, for a browser to visit."""
        return AddressPlaces(self._given, states=self._states, accounts=self._accounts)

    def fill(self, text: str) -> str:
        """A text with the sites' addresses in it."""
        return str(fill(text, self.addresses))

    def ready(self, task: Task) -> Task:
        """A task with its addresses filled in. Pictures of a homepage that has none are looked for beside the task file.

        Raises:
            UnknownOption: the address of a site is not set.
        """
        known = self.addresses
        if "homepage" not in known:
            images = [image.removeprefix(_HOMEPAGE) for image in task.setup.get("images", ())]
            task = replace(task, setup={**task.setup, "images": images})
        need_addresses(task.id, (*task.setup["sites"], *placeholders(task)), known)
        filled: Task = fill(task, known)
        return replace(filled, setup={**filled.setup, "start": filled.setup["start_urls"]})

    def opening(self, task: Task) -> str:
        """What the agent is told before its first turn."""
        return _HOW_TO_ANSWER if task.checks[0]["suite"] == "verified" else ""

    def verdict(self, task: Task, answer: str, session: Session, *, final: bool = True) -> Verdict:
        """The official verdict on the episode as it stands; the agent's tabs are not moved.

        Args:
            task: as `ready` made it.
            answer: of the agent, empty if it gave none.
            session: its browser context.
            final: whether to ask the judge, if there is one.
        """
        check, known = task.checks[0], self.addresses
        pages = SessionPages(session)
        try:
            if check["suite"] == "verified":
                return judge_verified(check["eval"], answer, pages.events(), sites=task.setup["sites"], addresses=known)
            return judge_task(
                check["eval"],
                answer,
                pages,
                suite=check["suite"],
                intent=check["intent"],
                shop=known.get("shopping"),
                admin=self._admin(),
                judge=self._judge if final else None,
                folder=Path(check["folder"]),
                compat=self._compat,
            )
        finally:
            pages.close()

    def close(self) -> None:
        """Close the connections of the judge, unless it is the caller's."""
        if self._own_judge is not None:
            self._own_judge.close()

    def _admin(self) -> dict[str, str]:
        """Who asks the shop's REST interface: the administrator among the accounts."""
        fields = self._accounts.get("shopping_admin", ACCOUNTS["shopping_admin"]).fields
        return {"username": fields["login[username]"], "password": fields["login[password]"]}


def picture_beside(task: Task, name: str) -> bytes:
    """A picture that lies below the folder of the task file.

    Args:
        task: whose picture it is.
        name: path as in the file; what the published homepage keeps under ``static`` may lie there without it.

    Raises:
        DataError: it is not there.
    """
    folder = Path(task.checks[0]["folder"]).resolve() if task.checks else Path()
    for tried in (folder / name, folder / name.removeprefix("static/")):
        path = tried.resolve()
        if path.is_relative_to(folder) and path.is_file():
            return path.read_bytes()
    raise DataError(f"the picture {name} of {task.id} does not lie beside the task file; give the address of homepage, or put it there")


def _chat_judge(keywords: Mapping[str, Any]) -> ChatJudge:
    try:
        return ChatJudge(**keywords)
    except TypeError as e:
        raise UnknownOption(f"judge= is an object with the methods of a Judge, or the keywords of ChatJudge: {e}") from e
