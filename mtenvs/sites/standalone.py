"""`Standalone`: one world of the sites, each site on a port of its own, open to every browser; as the originals are run."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, Response

from mtenvs.sites.all_sites import site
from mtenvs.sites.kit.app import SitesApp
from mtenvs.sites.kit.episode import Episode, Episodes
from mtenvs.sites.kit.server import SiteServer

if TYPE_CHECKING:
    from starlette.requests import Request
    from typing_extensions import Self


class Standalone:
    """A context manager that serves while it is entered.

    Args:
        ports: site -> port, 0 for a free one.
        address: where to listen.
        reset_token: with one, ``POST /_mtenvs/reset?token=...`` on any port starts all sites afresh.
        seed: of the world's tokens.
    """

    def __init__(self, ports: Mapping[str, int], *, address: str = "127.0.0.1", reset_token: str = "", seed: int = 0) -> None:
        self._wanted, self._address, self._reset_token, self._seed = dict(ports), address, reset_token, seed
        self._servers: dict[str, SiteServer] = {}
        self.episode = self._fresh()

    @property
    def ports(self) -> dict[str, int]:
        """Site -> port, while it serves."""
        return {name: server.port for name, server in self._servers.items()}

    def __enter__(self) -> Self:
        control = {"/_mtenvs/reset": self._reset} if self._reset_token else {}
        try:
            for name, port in self._wanted.items():
                app = SitesApp(Episodes(), only=name, default=lambda: self.episode, control=control)
                self._servers[name] = SiteServer(app, port, self._address)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        self.episode.close()

    def reset(self) -> None:
        """Start all sites afresh."""
        old, self.episode = self.episode, self._fresh()
        old.close()

    def _fresh(self) -> Episode:
        return Episode({name: site(name) for name in self._wanted}, seed=self._seed)

    def _reset(self, request: Request) -> Response:
        if request.method != "POST" or not compare_digest(request.query_params.get("token", "").encode(), self._reset_token.encode()):
            return PlainTextResponse("POST with the right token.", 403)
        self.reset()
        return JSONResponse({"reset": True})
