"""Where an episode takes place: our own sites, or the official ones at their addresses."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from mtenvs.backends.chromium import Hosts, Session
from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task
from mtenvs.sites.all_sites import NAMES, sites
from mtenvs.sites.kit import Episode, SiteServer


class Places(Protocol):
    """What an environment needs to know of the sites that its browser visits."""

    @property
    def hosts(self) -> Hosts:
        """Where requests may go; the same for all episodes, so that they share a browser."""
        ...

    def begin(self, task: Task, seed: int, world_seed: int | None) -> Mapping[str, Any]:
        """A new episode: the keywords with which its browser context is opened (headers, cookies)."""
        ...

    def enter(self, session: Session, task: Task) -> None:
        """The context is open: log in, if that is still to be done."""
        ...

    def end(self) -> None:
        """The episode is over."""
        ...

    def close(self) -> None:
        """Nobody needs them any more."""
        ...


class OwnPlaces:
    """Our own sites, served by this process; each episode has its own copy of them."""

    def __init__(self) -> None:
        self.sites = {site.name: site for site in sites(NAMES)}
        self.server = SiteServer.shared()
        self.episode: Episode | None = None
        self._closed = False

    @property
    def hosts(self) -> Hosts:
        """Every site of ours, and nothing else."""
        return Hosts(self.server.hosts(self.sites.values()))

    def begin(self, task: Task, seed: int, world_seed: int | None) -> Mapping[str, Any]:
        """A copy of the sites, with the task's users logged in."""
        self.end()
        episode = self.episode = self.server.begin(self.sites.values(), seed=seed, world_seed=world_seed)
        cookies = [episode.log_in(site, user) for site, user in task.setup.get("login", {}).items()]
        return {"headers": self.server.headers(episode), "storage_state": {"cookies": [_stored(c) for c in cookies], "origins": []}}

    def enter(self, session: Session, task: Task) -> None:
        """The cookies are there already."""

    def end(self) -> None:
        """Forget the copy."""
        if self.episode is not None:
            self.server.end(self.episode)
            self.episode = None

    def close(self) -> None:
        """Give the server back."""
        self.end()
        if not self._closed:
            self._closed = True
            SiteServer.release()


def _stored(cookie: Mapping[str, Any]) -> dict[str, Any]:
    """A cookie in the form of Playwright's storage states."""
    host = cookie["url"].split("//", 1)[1].rstrip("/")
    kept = {key: value for key, value in cookie.items() if key != "url"}
    return {**kept, "domain": host, "path": "/", "expires": -1, "secure": False}


OFFICIAL: Final[Mapping[str, str]] = {
    "SHOPPING": "shopping",
    "SHOPPING_ADMIN": "shopping_admin",
    "REDDIT": "reddit",
    "GITLAB": "gitlab",
    "MAP": "map",
    "WIKIPEDIA": "wikipedia",
    "CLASSIFIEDS": "classifieds",
    "HOMEPAGE": "homepage",
}
"""Placeholder of the official task files -> their name of the site."""
_PREFIXES: Final = ("MTENVS_", "", "WA_", "VWA_")


def official_addresses(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Where the official sites are: site -> address.

    Args:
        given: some of them; the others are read from ``$MTENVS_SHOPPING``, ``$SHOPPING``, ``$WA_SHOPPING`` and so on.

    Raises:
        UnknownOption: an address is not one of http or https.
    """
    found: dict[str, str] = {}
    for variable, name in OFFICIAL.items():
        address = (given or {}).get(name) or next((os.environ[p + variable] for p in _PREFIXES if os.environ.get(p + variable)), "")
        if address:
            if not address.startswith(("http://", "https://")):
                raise UnknownOption(f"the address of {name}, {address!r}, does not begin with http:// or https://")
            found[name] = address.rstrip("/")
    return found


def need_addresses(task_id: str, names: Iterable[str], known: Mapping[str, str]) -> None:
    """See to it that sites have addresses.

    Raises:
        UnknownOption: one has none; the message says how to set it.
    """
    missing = [name for name in dict.fromkeys(names) if name not in known]
    if missing:
        variables = " and ".join(f"${_PREFIXES[0]}{variable}" for variable, name in OFFICIAL.items() if name in missing)
        example = f"addresses={{{missing[0]!r}: 'http://...'}}"
        raise UnknownOption(f"task {task_id!r} needs the address of {', '.join(missing)}: give {example}, or set {variables}")


def starts_of(task: Task) -> Sequence[str]:
    """The addresses with which a task starts, one a tab."""
    given = task.setup.get("start", ())
    return [given] if isinstance(given, str) else list(given)
