"""`AddressPlaces`: the official sites, or any others, at their addresses, with an account logged in on each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from mtenvs.backends.chromium import BrowserError, Hosts, NavigationFailed, Session
from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.core.tasks import Task
from mtenvs.envs.web.places import need_addresses, official_addresses


@dataclass(frozen=True)
class Account:
    """How to log in on a site.

    Args:
        path: of the page with the form.
        fields: name of an input -> what to enter.
    """

    path: str
    fields: Mapping[str, str]


ACCOUNTS: Final[Mapping[str, Account]] = {
    "shopping": Account("/customer/account/login/", {"login[username]": "emma.lopez@gmail.com", "login[password]": "Password.123"}),
    "shopping_admin": Account("", {"login[username]": "admin", "login[password]": "admin1234"}),
    "reddit": Account("/login", {"_username": "MarvelsGrantMan136", "_password": "test1234"}),
    "gitlab": Account("/users/sign_in", {"user[login]": "byteblaze", "user[password]": "hello1234"}),
    "classifieds": Account("/index.php?page=login", {"email": "blake.sullivan@gmail.com", "password": "Password.123"}),
}
"""The accounts that come with the published images of the sites (WebArena, VisualWebArena)."""

_LOG_IN: Final = """async (fields) => {
  const first = document.getElementsByName(Object.keys(fields)[0])[0];
  if (!first) return 'no form';
  const form = first.closest('form');
  for (const [name, value] of Object.entries(fields)) form.elements.namedItem(name).value = value;
  const answer = await fetch(form.action, {method: 'POST', body: new URLSearchParams(new FormData(form)), credentials: 'same-origin'});
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  return page.getElementsByName(Object.keys(fields).at(-1)).length ? 'refused' : 'ok';
}"""


class AddressPlaces:
    """Sites that run elsewhere. All episodes share them, as they share the original: what one changes, another sees.

    Args:
        addresses: site -> address; what is missing is read from the environment, see `official_addresses`.
        states: folder with Playwright storage states, for tasks that name one; tasks whose state is not there log in by form.
        accounts: in place of `ACCOUNTS`.
    """

    def __init__(
        self, addresses: Mapping[str, str] | None = None, *, states: Path | None = None, accounts: Mapping[str, Account] | None = None
    ) -> None:
        self.addresses = official_addresses(addresses)
        if not self.addresses:
            raise UnknownOption("no address of a site is set: give addresses={'shopping': 'http://...'}, or set MTENVS_SHOPPING and so on")
        self._states, self._accounts = states, dict(ACCOUNTS if accounts is None else accounts)

    @property
    def hosts(self) -> Hosts:
        """The hosts of the addresses, and nothing else."""
        return Hosts(open=tuple(sorted({urlsplit(address).netloc for address in self.addresses.values()})))

    def begin(self, task: Task, seed: int, world_seed: int | None) -> Mapping[str, Any]:  # noqa: ARG002 - the world is not ours
        """The task's storage state, if it is there."""
        need_addresses(task.id, task.setup.get("sites", ()), self.addresses)
        state = self._state(task)
        return {"record_har": True, **({"storage_state": state} if state is not None else {})}

    def enter(self, session: Session, task: Task) -> None:
        """Log in on every site of the task that has accounts, unless a storage state did it.

        Raises:
            DataError: a site refuses the account, or does not answer.
        """
        if self._state(task) is not None or not task.setup.get("require_login", True):
            return
        for name in task.setup.get("sites", ()):
            if name in self._accounts:
                self._log_in(session, name, self._accounts[name])

    def end(self) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing is held."""

    def _state(self, task: Task) -> dict[str, Any] | None:
        named = task.setup.get("storage_state")
        path = self._states / Path(str(named)).name if named and self._states is not None else None
        if path is None or not path.is_file():
            return None
        try:
            state: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as e:
            raise DataError(f"{path} is no storage state: {e}") from e
        return state

    def _log_in(self, session: Session, name: str, account: Account) -> None:
        probe = session.probe()
        try:
            probe.goto(self.addresses[name] + account.path)
            outcome = probe.evaluate(f"({_LOG_IN})({json.dumps(dict(account.fields))})")
        except (BrowserError, NavigationFailed) as e:
            raise DataError(f"{name} at {self.addresses[name]} cannot be logged in to: {e}") from e
        finally:
            probe.close()
        if outcome != "ok":
            raise DataError(
                f"{name} at {self.addresses[name]}: {'there is no log-in form' if outcome == 'no form' else 'the account is refused'}"
            )
