"""`Visit`: what a handler knows of one request, and what it can answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from starlette.datastructures import FormData, QueryParams
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from mtenvs.sites.kit.refused import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

    from mtenvs.sites.kit.episode import Episode, Session
    from mtenvs.sites.kit.image import Database
    from mtenvs.sites.kit.site import Site
    from mtenvs.sites.kit.uploads import Upload


@dataclass(frozen=True)
class Sent:
    """What a request brought in its body.

    Args:
        form: the text fields, in order; several may have one name.
        uploads: the files by field; empty fields are left out.
        body: the raw body where it is no form.
    """

    form: FormData = field(default_factory=FormData)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    body: bytes = b""


class Visit:
    """One request of one visitor.

    Args:
        site: the site that is visited.
        episode: whose copy of the site it is.
        session: of the visitor.
        request: Starlette's.
        sent: what was posted.
    """

    def __init__(self, site: Site, episode: Episode, session: Session, request: Request, sent: Sent) -> None:
        self.site, self.episode, self.session, self.request = site, episode, session, request
        self.form, self.uploads, self.body = sent.form, sent.uploads, sent.body

    @property
    def db(self) -> Database:
        """The episode's copy of the site's database."""
        return self.episode.database(self.site.name)

    @property
    def now(self) -> datetime:
        """The time inside the site."""
        return self.episode.clock.now

    @property
    def query(self) -> QueryParams:
        """The parameters in the address."""
        return self.request.query_params

    @property
    def path(self) -> str:
        """The path in the address."""
        return self.request.url.path

    def text(self, name: str, default: str = "", *, limit: int = 10_000) -> str:
        """A field of the form as stripped text, cut at ``limit`` characters."""
        value = self.form.get(name, default)
        return value.strip()[:limit] if isinstance(value, str) else default

    def number(self, name: str, default: int = 0) -> int:
        """A field of the form, or else a parameter of the address, as a whole number within 64 bits."""
        return whole(self.form.get(name, self.query.get(name)), default)

    def page_number(self, name: str = "p") -> int:
        """Which page of a list is asked for, from 1."""
        return max(1, min(whole(self.query.get(name), 1), 100_000))

    def check_token(self) -> None:
        """Refuse a form that does not come from one of our pages.

        Raises:
            Refused: it has no token, or another visitor's.
        """
        given = self.form.get(self.site.token_field)
        if not isinstance(given, str) or not compare_digest(given.encode(), self.session.token.encode()):
            raise Refused(403, "Invalid form key. Please refresh the page and try again.")

    def flash(self, message: str, kind: str = "success") -> None:
        """Show a message on the next page: ``success``, ``notice``, ``warning`` or ``error``."""
        self.session.data.setdefault("_messages", []).append([kind, message])

    def render(self, template: str, /, status: int = 200, **context: Any) -> Response:
        """A page. Templates also see ``visit``, ``site``, ``token`` (the hidden field), ``messages`` and what the site adds."""
        body = self.site.templates.get_template(template).render(
            {"visit": self, "site": self.site, "messages": _Messages(self.session), **self.site.context(self), **context}
        )
        return HTMLResponse(body, status)

    def redirect(self, to: str, status: int = 302) -> Response:
        """Go on at a path of this site.

        Raises:
            Refused: it leads to another site.
        """
        if not to.startswith("/") or to.startswith(("//", "/\\")):
            raise Refused(400, "That address is not on this site.")
        return RedirectResponse(to, status)

    def back(self, default: str = "/") -> Response:
        """Go back to where the visitor came from, on this site."""
        came = self.request.headers.get("referer", "")
        here = f"{self.request.url.scheme}://{self.request.url.netloc}"
        return self.redirect(came[len(here) :] if came.startswith(here + "/") else default)

    def json(self, data: Any, status: int = 200) -> Response:
        """An answer for programs."""
        return JSONResponse(data, status)

    def log_out(self) -> None:
        """Forget the session; the visitor is a stranger from the next page on."""
        self.episode.forget_session(self.site.name, self.session)
        self.session = self.episode.new_session(self.site.name)

    def renew(self, **data: Any) -> None:
        """Give the session a new id and add to what it knows, as a log-in should."""
        kept = {**self.session.data, **data}
        self.episode.forget_session(self.site.name, self.session)
        self.session = self.episode.new_session(self.site.name, kept)

    def json_body(self) -> Any:
        """What a program posted.

        Raises:
            Refused: it is not JSON.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as e:
            raise Refused(400, "The body is not JSON.") from e


class _Messages:
    """Messages that are taken when a template shows them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __iter__(self) -> Any:
        return iter(self._session.data.pop("_messages", []))


def whole(value: Any, default: int = 0) -> int:
    """A whole number within 64 bits out of what a visitor sent, or the default."""
    try:
        number = int(str(value).strip())
    except ValueError:
        return default
    return number if -(2**63) <= number < 2**63 else default
