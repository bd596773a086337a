"""The ASGI application: finds the episode and the site of a request, and calls the site's handler in a transaction."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Match

from mtenvs.sites.kit.body import read
from mtenvs.sites.kit.episode import EPISODE_HEADER
from mtenvs.sites.kit.refused import Refused
from mtenvs.sites.kit.visit import Sent, Visit

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from mtenvs.sites.kit.episode import Episode, Episodes
    from mtenvs.sites.kit.site import Handler, Site

log = logging.getLogger("mtenvs.sites")
_HEADERS: Final = {
    "content-security-policy": "default-src 'self'; img-src 'self' data: http://*.localhost:*; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; frame-ancestors 'self'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class SitesApp:
    """All sites under one address, told apart by the Host header (or by ``only``), all episodes told apart by `EPISODE_HEADER`.

    Args:
        episodes: the episodes that are served.
        only: serve this site alone, whatever the Host header says.
        default: the episode of requests without the header; None refuses them.
        control: path -> handler of requests that are about the server itself, such as a reset.
    """

    def __init__(
        self,
        episodes: Episodes,
        *,
        only: str = "",
        default: Callable[[], Episode] | None = None,
        control: Mapping[str, Callable[[Request], Response]] | None = None,
    ) -> None:
        self.episodes, self.only, self.default, self.control = episodes, only, default, dict(control or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; other kinds of connection are refused."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        try:
            response = await self._answer(Request(scope, receive), receive)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except asyncio.CancelledError:  # the server is closing, while somebody is still sending
            response = PlainTextResponse("The server is closing.", 503)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        await response(scope, receive, send)

    async def _answer(self, request: Request, receive: Receive) -> Response:
        special = self.control.get(request.url.path)
        if special is not None:
            return special(request)
        if any(len(request.headers.getlist(name)) > 1 for name in ("host", EPISODE_HEADER)):
            return PlainTextResponse("The request names two sites or two episodes.", 400)
        token = request.headers.get(EPISODE_HEADER)
        episode = self.episodes.get(token) if token else self.default() if self.default else None
        if episode is None or episode.closed:
            return PlainTextResponse("No episode: this address is for the browser of an episode.", 403)
        site = episode.sites.get(self.only) if self.only else _by_host(episode, request)
        if site is None:
            return PlainTextResponse("There is no such site.", 404)
        try:
            sent: Sent | Refused = await read(request.scope, receive)
        except Refused as refused:
            sent = refused
        return _serve(site, episode, request, sent)


def _by_host(episode: Episode, request: Request) -> Site | None:
    host = request.headers.get("host", "").partition(":")[0]
    return next((site for site in episode.sites.values() if site.host == host), None)


def _serve(site: Site, episode: Episode, request: Request, sent: Sent | Refused) -> Response:
    path = request.url.path
    if path.startswith("/static/"):
        return _static(site, unquote(path[len("/static/") :]))
    scope = {**request.scope, "path": path}
    handler, params, checked, allowed = _match(site, scope)
    if handler is None and not path.endswith("/"):  # as the originals do, serve both spellings
        handler, params, checked, also = _match(site, {**scope, "path": path + "/"})
        allowed |= also
    with episode.lock:
        if episode.closed:
            return PlainTextResponse("The episode is over.", 403)
        cookie = request.cookies.get(site.cookie)
        session = episode.session(site.name, cookie)
        visit = Visit(site, episode, session, request, Sent() if isinstance(sent, Refused) else sent)
        if isinstance(sent, Refused):
            response = _error(visit, sent.status, sent.message)
        elif handler is None:
            response = _error(visit, 405 if allowed else 404, "We can not find that page." if not allowed else "That can not be done here.")
        else:
            response = _call(visit, handler, params, checked=checked)
        if visit.session.id != cookie:
            response.set_cookie(site.cookie, visit.session.id, httponly=True, samesite="lax")
    return response


def _match(site: Site, scope: Mapping[str, Any]) -> tuple[Handler | None, dict[str, Any], bool, bool]:
    """The handler of a path, the parts of the path, whether forms are checked, and whether another method would be served."""
    other = False
    for route, handler, checked in site.routes:
        match, child = route.matches(dict(scope))
        if match is Match.FULL:
            return handler, child["path_params"], checked, False
        other |= match is Match.PARTIAL
    return None, {}, False, other


def _call(visit: Visit, handler: Handler, params: dict[str, Any], *, checked: bool) -> Response:
    """Run a handler in a transaction; what it did is kept only if it came to an answer below 400."""
    database = visit.db
    database.allow()
    database.execute("BEGIN")
    done = False
    try:
        if checked:
            visit.check_token()
        response = handler(visit, **params)
        done = response.status_code < 400
    except Refused as refused:
        response = _error(visit, refused.status, refused.message)
    except HTTPException as e:
        response = _error(visit, e.status_code, e.detail)
    except (sqlite3.DataError, OverflowError, UnicodeError) as e:  # what no database can hold, such as halves of surrogate pairs
        log.info("unstorable input: %s", e)
        response = _error(visit, 422, "Some of what you entered can not be stored.")
    except sqlite3.OperationalError as e:
        if "interrupted" not in str(e):
            log.exception("%s %s", visit.request.method, visit.path)
            response = _error(visit, 500, "Something went wrong on our side.")
        else:
            response = _error(visit, 503, "That took too long. Please ask for less.")
    except Exception:  # the visitor gets a page, whoever runs the site gets the traceback
        log.exception("%s %s", visit.request.method, visit.path)
        response = _error(visit, 500, "Something went wrong on our side.")
    finally:
        database.allow()
        if database.in_transaction:  # an interrupted statement may have rolled it back already
            database.execute("COMMIT" if done else "ROLLBACK")
    if done and visit.request.method != "GET":
        visit.episode.clock.tick()
    return response


def _error(visit: Visit, status: int, message: str) -> Response:
    if visit.site.for_programs(visit.path):
        return visit.json({"message": message}, status)
    return visit.render("error.html", status, code=status, message=message)


def _static(site: Site, name: str) -> Response:
    found = site.static.get(name)
    if found is None:
        return PlainTextResponse("Not found", 404)
    return Response(found[0], media_type=found[1], headers={"cache-control": "max-age=3600"})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
