"""`Site`: routes, templates, accounts and database of one web site."""

from __future__ import annotations

import importlib.resources
import mimetypes
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import jinja2
from starlette.routing import Route

from mtenvs.sites.kit.image import Image

if TYPE_CHECKING:
    from starlette.responses import Response


Handler = Callable[..., "Response"]
H = TypeVar("H", bound=Handler)
_TEXT_KINDS: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass
class Site:
    """One web site.

    Handlers are plain functions ``(visit, **parts of the path) -> Response``; they are called one at a time within an episode, inside a
    transaction that is rolled back when they raise. POSTs are refused without the form's token, see `Visit.check_token`.

    Args:
        name: short name, such as ``"shop"``.
        title: as people call it.
        host: what the agent sees in addresses.
        package: where its ``templates`` and ``static`` folders are.
        image: its database.
        log_in: session data of a user by name, or KeyError.
        accounts: user name -> password of the accounts that tasks may use.
        start: path of its first page.
        port: where the original listens, for serving it by itself.
        variables: names of the environment variables that hold the original's address.
        cookie: name of its session cookie; no other site's, since sites on several ports of one host share their cookies.
        token_field: name of the hidden form field that carries the session's token.
        filters: further functions for its templates.
        context: what every template of the site sees besides, given the `Visit`.
        for_programs: whether a path is for programs, which are told errors as ``{"message": ...}`` and not by a page.
    """

    name: str
    title: str
    host: str
    package: str
    image: Image
    log_in: Callable[[sqlite3.Connection, str], Mapping[str, Any]]
    accounts: Mapping[str, str] = field(default_factory=dict)
    start: str = "/"
    port: int = 0
    variables: tuple[str, ...] = ()
    cookie: str = "PHPSESSID"
    token_field: str = "form_key"  # noqa: S105 - a field's name
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    routes: list[tuple[Route, Handler, bool]] = field(default_factory=list)
    context: Callable[[Any], Mapping[str, Any]] = lambda _visit: {}
    for_programs: Callable[[str], bool] = lambda _path: False

    def get(self, path: str) -> Callable[[H], H]:
        """Declare a page, such as ``"/sales/order/view/order_id/{order:int}/"``."""
        return self._route(path, ["GET", "HEAD"], checked=False)

    def post(self, path: str, *, checked: bool = True) -> Callable[[H], H]:
        """Declare where a form is sent.

        Args:
            path: as for `get`.
            checked: whether the form must bring the session's token; only interfaces for programs have none.
        """
        return self._route(path, ["POST"], checked=checked)

    def route(self, path: str, methods: list[str]) -> Callable[[H], H]:
        """Declare an interface for programs: any methods, no token."""
        return self._route(path, methods, checked=False)

    def _route(self, path: str, methods: list[str], *, checked: bool) -> Callable[[H], H]:
        def keep(handler: H) -> H:
            self.routes.append((Route(path, handler, methods=methods), handler, checked))
            return handler

        return keep

    @cached_property
    def templates(self) -> jinja2.Environment:
        """The site's templates, with the kit's as a fallback; everything is escaped."""
        made = jinja2.Environment(
            loader=jinja2.ChoiceLoader([jinja2.PackageLoader(self.package), jinja2.PackageLoader("mtenvs.sites.kit")]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        made.filters.update(self.filters)
        return made

    @cached_property
    def static(self) -> dict[str, tuple[bytes, str]]:
        """Every file under ``static``: path -> content and type. Held in memory, so that no path leads out of it."""
        found: dict[str, tuple[bytes, str]] = {}
        folder = importlib.resources.files(self.package) / "static"
        if folder.is_dir():
            waiting = [(child, child.name) for child in folder.iterdir()]
            while waiting:
                entry, path = waiting.pop()
                if entry.is_dir():
                    waiting += [(child, f"{path}/{child.name}") for child in entry.iterdir()]
                else:
                    suffix = path[path.rfind(".") :]
                    kind = _TEXT_KINDS.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
                    found[path] = entry.read_bytes(), kind
        return found
