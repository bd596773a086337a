"""A submission and what its author and the moderators may do with it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from mtenvs.sites.forum import listing, paths, people, text, tree, words
from mtenvs.sites.forum.remarks import Remarks
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit


def found(visit: Visit, number: int, name: str = "") -> sqlite3.Row:
    """A submission, see `listing.SELECT`.

    Args:
        visit: who asks.
        number: its id.
        name: the forum in whose address it was asked for; empty for any.

    Raises:
        Refused: it is not there, or not in that forum.
    """
    row: sqlite3.Row | None = visit.db.execute(f"{listing.SELECT} WHERE s.id = ?", (visit.session.data.get("user"), number)).fetchone()
    if row is None or (name and row["forum"].lower() != name.lower()):
        raise Refused(404, "There is no such submission.")
    if row["deleted"]:
        raise Refused(404, "This submission has been deleted.")
    return row


def owned(visit: Visit, me: sqlite3.Row, number: int, name: str, *, by_moderator: bool = False) -> sqlite3.Row:
    """A submission that the visitor may change.

    Raises:
        Refused: it is not there, or somebody else's.
    """
    row = found(visit, number, name)
    if row["user_id"] != me["id"] and not (by_moderator and people.moderates(visit, row["forum_id"])):
        raise Refused(403, "This submission is not yours.")
    return row


@SITE.get("/{number:forum_id}")
def shortcut(visit: Visit, number: int) -> Response:
    """The short address."""
    row = found(visit, number)
    return visit.redirect(paths.submission(row, row["forum"]))


@SITE.get("/f/{name}/{number:forum_id}")
@SITE.get("/f/{name}/{number:forum_id}/")
@SITE.get("/f/{name}/{number:forum_id}/{slug}")
def show(visit: Visit, name: str, number: int, slug: str = "") -> Response:
    """A submission with its comments."""
    del slug  # it is for people
    row = found(visit, number, name)
    sort = visit.query.get("sort", "top")
    leaves = tree.flat(visit, number, sort)
    forum = people.forum_named(visit, row["forum"])
    return visit.render(
        "submission.html",
        row=row,
        leaves=leaves,
        sort=sort if sort in tree.SORTS else "top",
        sorts=tree.SORTS,
        can_moderate=people.moderates(visit, row["forum_id"]),
        **people.about(visit, forum),
    )


@SITE.get("/f/{name}/{number:forum_id}/{slug}/edit")
@people.members
def edit_form(visit: Visit, me: sqlite3.Row, name: str, number: int, slug: str) -> Response:
    """The form to edit one's own submission."""
    del slug
    row = owned(visit, me, number, name)
    values = {"title": row["title"], "body": row["body"], "url": row["url"] or ""}
    return visit.render("edit_submission.html", row=row, values=values, errors=Remarks())


@SITE.post("/f/{name}/{number:forum_id}/{slug}/edit")
@people.members
def edit(visit: Visit, me: sqlite3.Row, name: str, number: int, slug: str) -> Response:
    """Change title, address or text."""
    del slug
    row = owned(visit, me, number, name)
    values = {
        "title": visit.text("submission[title]", limit=400),
        "body": visit.text("submission[body]", limit=30_000),
        "url": row["url"] or "",
    }
    if row["url"] and not row["image"]:  # a picture can not be exchanged
        values["url"] = visit.text("submission[url]", limit=3_000)
    is_link = bool(row["url"]) and not row["image"]
    errors = mistakes(values if is_link else {**values, "url": ""}, link=is_link)
    if errors:
        return visit.render("edit_submission.html", 422, row=row, values=values, errors=errors)
    if (values["title"], values["body"], values["url"]) != (row["title"], row["body"], row["url"] or ""):
        changed = (values["title"], values["body"], values["url"] or None, text.seconds(visit.now), number)
        with words.changing(visit.db, "submission", number):
            visit.db.execute("UPDATE submission SET title = ?, body = ?, url = ?, edited = ? WHERE id = ?", changed)
    visit.flash("The submission was edited.")
    return visit.redirect(paths.submission(found(visit, number), row["forum"]))


def mistakes(values: dict[str, str], *, link: bool = False) -> Remarks:
    """What is wrong with a form."""
    errors = Remarks()
    if not text.is_visible(values["title"]):
        errors["title"] = "The title must not be empty."
    elif len(values["title"]) > 300:
        errors["title"] = "The title must not be longer than 300 characters."
    if len(values["body"]) > 25_000:
        errors["body"] = "The body must not be longer than 25,000 characters."
    if (link or values["url"]) and not text.is_address(values["url"]):
        errors["url"] = "This is not a valid URL. It must begin with http:// or https://."
    return errors


@SITE.post("/f/{name}/{number:forum_id}/{slug}/delete")
@people.members
def delete(visit: Visit, me: sqlite3.Row, name: str, number: int, slug: str) -> Response:
    """Take a submission out of the forum, for good."""
    del slug
    row = owned(visit, me, number, name, by_moderator=True)
    with words.changing(visit.db, "submission", number):
        visit.db.execute(
            "UPDATE submission SET deleted = 1, title = '[deleted]', body = '', url = NULL, image = NULL WHERE id = ?", (number,)
        )
    visit.flash("The submission was deleted.", "notice")
    return visit.redirect(f"/f/{row['forum']}")


def _mark(visit: Visit, number: int, name: str, column: str, value: int) -> Response:
    row = found(visit, number, name)
    if not people.moderates(visit, row["forum_id"]):
        raise Refused(403, "That is for the moderators of this forum.")
    visit.db.execute(f"UPDATE submission SET {column} = ? WHERE id = ?", (value, number))
    return visit.back(paths.submission(row, row["forum"]))


@SITE.post("/f/{name}/{number:forum_id}/{slug}/lock")
@people.members
def lock(visit: Visit, _me: sqlite3.Row, name: str, number: int, **_: str) -> Response:
    """Let nobody comment any more."""
    return _mark(visit, number, name, "locked", 1)


@SITE.post("/f/{name}/{number:forum_id}/{slug}/unlock")
@people.members
def unlock(visit: Visit, _me: sqlite3.Row, name: str, number: int, **_: str) -> Response:
    """Let people comment again."""
    return _mark(visit, number, name, "locked", 0)


@SITE.post("/f/{name}/{number:forum_id}/{slug}/pin")
@people.members
def pin(visit: Visit, _me: sqlite3.Row, name: str, number: int, **_: str) -> Response:
    """Show it first in its forum."""
    return _mark(visit, number, name, "sticky", 1)


@SITE.post("/f/{name}/{number:forum_id}/{slug}/unpin")
@people.members
def unpin(visit: Visit, _me: sqlite3.Row, name: str, number: int, **_: str) -> Response:
    """Show it in its turn again."""
    return _mark(visit, number, name, "sticky", 0)
