"""What people have written, and what they say about themselves."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Final

from mtenvs.sites.forum import listing, people, text, tree
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused
from mtenvs.sites.kit.visit import whole

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_PER_PAGE: Final = 25


def _profile(visit: Visit, name: str, template: str, **context: Any) -> Response:
    user = people.user_named(visit, name)
    me = visit.session.data.get("user")
    moderated = visit.db.execute(
        "SELECT f.name FROM moderator m JOIN forum f ON f.id = m.forum_id WHERE m.user_id = ? ORDER BY f.name", (user["id"],)
    )
    blocked = visit.db.execute("SELECT 1 FROM block WHERE user_id = ? AND blocked_id = ?", (me, user["id"])).fetchone()
    return visit.render(template, user=user, moderated=[row["name"] for row in moderated], blocked=blocked is not None, **context)


@SITE.get("/u/{name}")
def short(visit: Visit, name: str) -> Response:
    """The short address."""
    return visit.redirect(f"/user/{people.user_named(visit, name)['name']}")


@SITE.get("/user/{name}")
def overview(visit: Visit, name: str) -> Response:
    """Somebody's submissions and comments, newest first."""
    user = people.user_named(visit, name)
    before = whole(visit.query.get("next[timestamp]"), 2**62)
    me = visit.session.data.get("user")
    found = visit.db.execute(
        "SELECT 's' AS what, id, created FROM submission WHERE user_id = ?1 AND NOT deleted AND created <= ?2 UNION ALL "
        "SELECT 'c', c.id, c.created FROM comment c JOIN submission s ON s.id = c.submission_id WHERE c.user_id = ?1 AND NOT "
        "c.deleted AND NOT s.deleted "
        "AND c.created <= ?2 ORDER BY 3 DESC, 1 DESC, 2 DESC LIMIT ?3",
        (user["id"], before, _PER_PAGE + 1),
    ).fetchall()
    more = f"?next[timestamp]={found.pop()['created']}" if len(found) > _PER_PAGE else ""
    entries = []
    for entry in found:
        select = listing.SELECT if entry["what"] == "s" else tree.SELECT
        entries.append((entry["what"], visit.db.execute(f"{select} WHERE {entry['what']}.id = ?", (me, entry["id"])).fetchone()))
    return _profile(visit, name, "user.html", entries=entries, more=more)


@SITE.get("/user/{name}/submissions")
def submissions(visit: Visit, name: str) -> Response:
    """Somebody's submissions."""
    page = listing.listed(visit, "new", "s.user_id = ?", people.user_named(visit, name)["id"], blocked=True)
    return _profile(visit, name, "user_submissions.html", page=page)


@SITE.get("/user/{name}/comments")
def comments(visit: Visit, name: str) -> Response:
    """Somebody's comments."""
    page = tree.listed(visit, "c.user_id = ?", people.user_named(visit, name)["id"], blocked=True)
    return _profile(visit, name, "user_comments.html", page=page)


@SITE.get("/user/{name}/edit_biography")
@people.members
def bio_form(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The form to describe oneself."""
    people.check_self(me, name)
    return visit.render("edit_biography.html", body=me["bio"], error="")


@SITE.post("/user/{name}/edit_biography")
@people.members
def edit_bio(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Describe oneself."""
    people.check_self(me, name)
    bio = visit.text("user_biography[biography]", limit=12_000)
    if len(bio) > 10_000:
        return visit.render("edit_biography.html", 422, body=bio, error="The biography must not be longer than 10,000 characters.")
    visit.db.execute("UPDATE user SET bio = ? WHERE id = ?", (bio, me["id"]))
    visit.flash("Your biography was updated.")
    return visit.redirect(f"/user/{me['name']}")


@SITE.get("/user/{name}/block_list")
@people.members
def block_list(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Whom the visitor does not want to read."""
    people.check_self(me, name)
    rows = visit.db.execute(
        "SELECT u.name, b.note, b.created FROM block b JOIN user u ON u.id = b.blocked_id WHERE b.user_id = ? ORDER BY b.created DESC",
        (me["id"],),
    )
    return visit.render("block_list.html", rows=rows.fetchall())


@SITE.get("/user/{name}/block_user")
@people.members
def block_form(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The form to block somebody."""
    return visit.render("block_user.html", user=_other(visit, me, name))


@SITE.post("/user/{name}/block_user")
@people.members
def block(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Read nothing of somebody any more."""
    note = visit.text("user_block[comment]", limit=300)
    values = (me["id"], _other(visit, me, name)["id"], note, text.seconds(visit.now))
    visit.db.execute("INSERT OR REPLACE INTO block VALUES (?, ?, ?, ?)", values)
    return visit.redirect(f"/user/{me['name']}/block_list")


@SITE.post("/user/{name}/unblock_user")
@people.members
def unblock(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Read somebody again."""
    visit.db.execute("DELETE FROM block WHERE user_id = ? AND blocked_id = ?", (me["id"], _other(visit, me, name)["id"]))
    return visit.redirect(f"/user/{me['name']}/block_list")


def _other(visit: Visit, me: sqlite3.Row, name: str) -> sqlite3.Row:
    user = people.user_named(visit, name)
    if user["id"] == me["id"]:
        raise Refused(403, "You can not do that to yourself.")
    return user
