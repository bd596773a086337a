"""`SiteServer`: all sites of all episodes of a process, served by uvicorn on a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

import uvicorn

from mtenvs.sites.kit.app import SitesApp
from mtenvs.sites.kit.episode import EPISODE_HEADER, Episode, Episodes

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from mtenvs.sites.kit.site import Site

_START_SECONDS = 20.0


class SiteServer:
    """Serves episodes until it is closed.

    Args:
        app: what is served; None for all sites, told apart by their hosts.
        port: where; 0 picks a free one.
        address: of the network interface.
    """

    _shared: ClassVar[SiteServer | None] = None
    _users: ClassVar[int] = 0
    _guard: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self, app: ASGIApp | None = None, port: int = 0, address: str = "127.0.0.1") -> None:
        self.episodes = Episodes()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # accepted sockets inherit it; asyncio sets it only where the protocol is named, and without it each page waits 40 ms for an acknowledgement
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.bind((address, port))
        self.port = int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            app or SitesApp(self.episodes),
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, name="mtenvs-sites", daemon=True)
        self._thread.start()
        self._wait_until_started()

    @classmethod
    def shared(cls) -> SiteServer:
        """The server of this process, started when it is first needed; give it back with `release`."""
        with cls._guard:
            if cls._shared is None:
                cls._shared = cls()
            cls._users += 1
            return cls._shared

    @classmethod
    def release(cls) -> None:
        """One user less; the last one ends it."""
        with cls._guard:
            cls._users -= 1
            if cls._users <= 0 and cls._shared is not None:
                cls._shared.close()
                cls._shared, cls._users = None, 0

    def begin(self, sites: Iterable[Site], *, seed: int = 0, world_seed: int | None = None) -> Episode:
        """A new episode over these sites; `end` it when it is over."""
        return self.episodes.add(Episode({site.name: site for site in sites}, seed=seed, world_seed=world_seed))

    def end(self, episode: Episode) -> None:
        """Serve the episode no longer, and forget it."""
        self.episodes.remove(episode)

    def headers(self, episode: Episode) -> Mapping[str, str]:
        """What the requests of an episode's browser carry, and nobody else's."""
        return {EPISODE_HEADER: episode.token}

    def hosts(self, sites: Iterable[Site]) -> tuple[tuple[str, str], ...]:
        """Where the browser finds the sites: host in the address -> where it is served."""
        return tuple((site.host, f"127.0.0.1:{self.port}") for site in sites)

    def close(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        if self._thread is not threading.current_thread():
            self._thread.join(timeout=5)
        self._socket.close()

    def _wait_until_started(self) -> None:
        tick = threading.Event()
        for _ in range(int(_START_SECONDS / 0.01)):
            if self._server.started:
                return
            if not self._thread.is_alive():
                break
            tick.wait(0.01)
        raise RuntimeError("the server of the sites did not start")
