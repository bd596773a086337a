"""The first page and the other lists over several forums."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import listing, people
from mtenvs.sites.forum.site import SITE

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_FEEDS: Final = {"subscribed": "Subscribed", "all": "All", "featured": "Featured", "moderated": "Moderated"}
_CHOSEN: Final = {
    "subscribed": "s.forum_id IN (SELECT forum_id FROM subscription WHERE user_id = ?)",
    "moderated": "s.forum_id IN (SELECT forum_id FROM moderator WHERE user_id = ?)",
    "all": "s.forum_id NOT IN (SELECT forum_id FROM hidden_forum WHERE user_id = ?)",
    "featured": "s.forum_id IN (SELECT id FROM forum WHERE featured) AND s.forum_id NOT IN (SELECT forum_id FROM hidden_forum WHERE user_id = ?)",
}


def _shown(visit: Visit, feed: str, sort: str, *, first: bool = False) -> Response:
    me = people.current(visit)
    if me is None and feed in ("subscribed", "moderated"):
        return visit.redirect("/login")
    page = listing.listed(visit, sort, _CHOSEN[feed], me["id"] if me else -1)
    box, forums = _box(visit, feed, me)
    feeds = _FEEDS if me else {"featured": "Featured", "all": "All"}
    base = "" if first else f"/{feed}"
    return visit.render("front.html", page=page, feed=feed, feeds=feeds, base=base, box=box, forums=forums)


def _box(visit: Visit, feed: str, me: sqlite3.Row | None) -> tuple[str, list[str]]:
    """The heading and the forums of the box at the side."""
    if me is None:
        found = visit.db.execute("SELECT name FROM forum WHERE featured ORDER BY name")
        return "Featured forums", [row["name"] for row in found]
    table = "moderator" if feed == "moderated" else "subscription"
    found = visit.db.execute(
        f"SELECT f.name FROM {table} m JOIN forum f ON f.id = m.forum_id WHERE m.user_id = ? ORDER BY f.name", (me["id"],)
    )
    return "Moderated forums" if feed == "moderated" else "Subscribed forums", [row["name"] for row in found]


def _front(visit: Visit, sort: str) -> Response:
    me = people.current(visit)
    feed = me["front_page"] if me else "featured"
    if me and feed == "default":
        some = visit.db.execute("SELECT 1 FROM subscription WHERE user_id = ?", (me["id"],)).fetchone()
        feed = "subscribed" if some else "featured"
    return _shown(visit, feed, sort or (me["front_sort"] if me else "hot"), first=True)


@SITE.get("/")
def front(visit: Visit) -> Response:
    """What the visitor has chosen as the first page: subscribed forums, or featured ones as long as there are none."""
    return _front(visit, "")


@SITE.get("/{sort:forum_sort}")
def front_sorted(visit: Visit, sort: str) -> Response:
    """The first page in another order."""
    return _front(visit, sort)


@SITE.get("/{feed:forum_feed}")
def feed(visit: Visit, feed: str) -> Response:
    """A list, hottest first."""
    return _shown(visit, feed, "hot")


@SITE.get("/{feed:forum_feed}/{sort:forum_sort}")
def feed_sorted(visit: Visit, feed: str, sort: str) -> Response:
    """A list in another order."""
    return _shown(visit, feed, sort)
