"""An episode's own world: its copies of the databases, its clock, its sessions and uploads. Nothing is shared with another one."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mtenvs.sites.kit.image import Database
    from mtenvs.sites.kit.site import Site

EPISODE_HEADER: Final = "x-mtenvs-episode"
START: Final = datetime(2026, 6, 15, 10, 0)  # noqa: DTZ001 - the sites' world has one time zone
_STEP: Final = timedelta(seconds=40)
UPLOADS_BYTES: Final = 32 * 2**20


class Clock:
    """The time inside the sites: it stands still but for the visits that change something, so that pages are the same from run to run."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start

    def tick(self) -> None:
        """Somebody did something."""
        self.now += _STEP


@dataclass
class Session:
    """What a site remembers of one visitor.

    Args:
        id: the cookie's value.
        data: JSON-able facts, such as the user's id or the cart's.
        token: what the visitor's forms must bring back.
    """

    id: str
    data: dict[str, Any] = field(default_factory=dict)
    token: str = ""


class Episode:
    """One agent's copy of the sites.

    Args:
        sites: the sites that it can visit, by name.
        seed: what the tokens in its pages are drawn from; the same seed gives the same pages.
        world_seed: seed of the data; None for the data that all tasks are written for.
        start: the time inside the sites when it begins.

    The databases are copied when they are first used. ``lock`` is held while a page is made; hold it while you look into a database
    from another thread.
    """

    def __init__(self, sites: Mapping[str, Site], *, seed: int = 0, world_seed: int | None = None, start: datetime = START) -> None:
        self.token = secrets.token_urlsafe(24)
        self.sites = dict(sites)
        self.seed, self.world_seed = seed, world_seed
        self.clock = Clock(start)
        self.lock = threading.RLock()
        self.uploads: dict[str, bytes] = {}
        self._databases: dict[str, Database] = {}
        self._sessions: dict[tuple[str, str], Session] = {}
        self._drawn = 0
        self.closed = False

    def database(self, site: str) -> Database:
        """The episode's own copy of a site's database (two sites may share one)."""
        image = self.sites[site].image
        with self.lock:
            if image.name not in self._databases:
                self._databases[image.name] = image.copy(self.world_seed)
            return self._databases[image.name]

    def rows(self, site: str, sql: str, *values: Any) -> list[dict[str, Any]]:
        """What a query finds, for verifiers: rows as dicts."""
        with self.lock:
            database = self.database(site)
            database.allow()
            return [dict(row) for row in database.execute(sql, values)]

    def session(self, site: str, cookie: str | None) -> Session:
        """The visitor of this cookie, or a new one."""
        known = self._sessions.get((site, cookie or ""))
        return known or self.new_session(site)

    def new_session(self, site: str, data: Mapping[str, Any] | None = None) -> Session:
        """A visitor that the site has not seen."""
        made = Session(self.draw(), dict(data or {}), self.draw())
        self._sessions[site, made.id] = made
        return made

    def forget_session(self, site: str, session: Session) -> None:
        """The cookie is worth nothing from now on."""
        self._sessions.pop((site, session.id), None)

    def log_in(self, site: str, user: str) -> dict[str, Any]:
        """A cookie, in Playwright's form, with which the browser is logged in as this user from the start.

        Raises:
            KeyError: the site has no such user.
        """
        where = self.sites[site]
        with self.lock:
            session = self.new_session(site, where.log_in(self.database(site), user))
        return {"name": where.cookie, "value": session.id, "url": f"http://{where.host}/", "httpOnly": True, "sameSite": "Lax"}

    def keep_upload(self, content: bytes, suffix: str) -> str:
        """Store an uploaded file; its name, by which the site refers to it.

        Raises:
            ValueError: the episode's uploads are too large together.
        """
        if sum(map(len, self.uploads.values())) + len(content) > UPLOADS_BYTES:
            raise ValueError("there is no room for more uploads")
        name = hashlib.blake2b(content, digest_size=10).hexdigest() + suffix
        self.uploads[name] = content
        return name

    def draw(self) -> str:
        """The next token: 32 hex digits that nobody who does not know the seed can guess, the same in the same episode."""
        self._drawn += 1
        return hmac.new(f"mtenvs {self.seed}".encode(), str(self._drawn).encode(), "sha256").hexdigest()[:32]

    def close(self) -> None:
        """Forget everything."""
        with self.lock:
            self.closed = True
            for database in self._databases.values():
                database.close()
            self._databases.clear()
            self._sessions.clear()
            self.uploads.clear()


class Episodes:
    """The episodes that a server knows, by their unguessable token."""

    def __init__(self) -> None:
        self._open: dict[str, Episode] = {}

    def add(self, episode: Episode) -> Episode:
        """Serve this episode from now on."""
        self._open[episode.token] = episode
        return episode

    def get(self, token: str) -> Episode | None:
        """The episode of a token."""
        return self._open.get(token)

    def remove(self, episode: Episode) -> None:
        """Serve it no longer, and forget it."""
        self._open.pop(episode.token, None)
        episode.close()

    def __len__(self) -> int:
        return len(self._open)
