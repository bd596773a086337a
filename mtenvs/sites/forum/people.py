"""Who is visiting, and what they may do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from mtenvs.sites.forum import listing, text
from mtenvs.sites.kit import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_LISTS: Final = {"all_sorts": listing.SORTS, "all_times": listing.TIME_NAMES}


def current(visit: Visit) -> sqlite3.Row | None:
    """The visitor's row, or None for strangers."""
    number = visit.session.data.get("user")
    if number is None:
        return None
    row: sqlite3.Row | None = visit.db.execute("SELECT * FROM user WHERE id = ? AND NOT deleted", (number,)).fetchone()
    return row


def members(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Make a handler ``(visit, me, **parts)`` one for people with an account; strangers are sent to the log-in page, and back afterwards."""

    def checked(visit: Visit, **parts: Any) -> Response:
        me = current(visit)
        if me is None:
            if visit.path.endswith(".json"):
                return visit.json({"error": "Please log in first."}, 401)
            if visit.request.method == "GET":
                visit.session.data["next"] = visit.path
            return visit.redirect("/login")
        return handler(visit, me, **parts)

    return checked


def forum_named(visit: Visit, name: str) -> sqlite3.Row:
    """A forum by name, in any letter case.

    Raises:
        Refused: there is none.
    """
    row: sqlite3.Row | None = visit.db.execute("SELECT * FROM forum WHERE name = ?", (name,)).fetchone()
    if row is None:
        raise Refused(404, "There is no such forum.")
    return row


def user_named(visit: Visit, name: str) -> sqlite3.Row:
    """A user by name, in any letter case.

    Raises:
        Refused: there is none, or no longer.
    """
    row: sqlite3.Row | None = visit.db.execute("SELECT * FROM user WHERE name = ? AND NOT deleted", (name,)).fetchone()
    if row is None:
        raise Refused(404, "There is no such user.")
    return row


def moderates(visit: Visit, forum: int) -> bool:
    """Whether the visitor looks after this forum."""
    me = visit.session.data.get("user")
    return (
        me is not None
        and visit.db.execute("SELECT 1 FROM moderator WHERE forum_id = ? AND user_id = ?", (forum, me)).fetchone() is not None
    )


def context(visit: Visit) -> Mapping[str, Any]:
    """What every page of the site sees."""
    me = current(visit)
    unread = visit.db.execute("SELECT count(*) FROM notification WHERE user_id = ?", (me["id"],)).fetchone()[0] if me else 0
    return {"me": me, "unread": unread, "now": text.seconds(visit.now), "forum": None, "token": visit.session.token, **_LISTS}
