"""Comments: written, answered, edited and deleted."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from mtenvs.sites.forum import paths, people, submission, text, tree, voting, words
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_LONGEST = 10_000


def found(visit: Visit, number: int, submission_id: int, name: str) -> sqlite3.Row:
    """A comment, see `tree.SELECT`.

    Raises:
        Refused: it is not there, or not under that submission.
    """
    submission.found(visit, submission_id, name)
    row: sqlite3.Row | None = visit.db.execute(
        f"{tree.SELECT} WHERE c.id = ? AND c.submission_id = ?", (visit.session.data.get("user"), number, submission_id)
    ).fetchone()
    if row is None:
        raise Refused(404, "There is no such comment.")
    return row


def _owned(visit: Visit, me: sqlite3.Row, number: int, submission_id: int, name: str, *, by_moderator: bool = False) -> sqlite3.Row:
    row = found(visit, number, submission_id, name)
    if row["deleted"]:
        raise Refused(404, "This comment has been deleted.")
    forum = people.forum_named(visit, name)["id"]
    if row["user_id"] != me["id"] and not (by_moderator and people.moderates(visit, forum)):
        raise Refused(403, "This comment is not yours.")
    return row


@SITE.get("/f/{name}/{number:forum_id}/{slug}/comment/{comment:forum_id}")
def permalink(visit: Visit, name: str, number: int, comment: int, slug: str, *, body: str = "", error: str = "") -> Response:
    """A comment by itself, with its answers and a form to answer it."""
    del slug
    row = submission.found(visit, number, name)
    found(visit, comment, number, name)
    forum = people.forum_named(visit, row["forum"])
    return visit.render(
        "comment.html",
        422 if error else 200,
        row=row,
        leaves=tree.flat(visit, number, root=comment),
        comment=comment,
        body=body,
        error=error,
        can_moderate=people.moderates(visit, row["forum_id"]),
        **people.about(visit, forum),
    )


@SITE.get("/f/{name}/{number:forum_id}/comment/{comment:forum_id}")
def old_permalink(visit: Visit, name: str, number: int, comment: int) -> Response:
    """The short address of a comment."""
    row = submission.found(visit, number, name)
    return visit.redirect(paths.comment(comment, number, row["forum"]))


@SITE.get("/comment_form/{name}/{number:forum_id}/{comment:forum_id}")
@people.members
def form(visit: Visit, _me: sqlite3.Row, name: str, number: int, comment: int) -> Response:
    """The form to answer a comment, for the page's script."""
    row = found(visit, comment, number, name)
    return visit.render("comment_form.html", row=row, comment=comment)


@SITE.post("/f/{name}/{number:forum_id}/{slug}/comment")
@people.members
def post(visit: Visit, me: sqlite3.Row, name: str, number: int, slug: str) -> Response:
    """Comment on a submission."""
    del slug
    row = submission.found(visit, number, name)
    body = visit.text(f"reply_to_submission_{number}[comment]", limit=_LONGEST + 100)
    error = _mistake(body)
    if error:
        return visit.render(
            "submission.html",
            422,
            row=row,
            leaves=tree.flat(visit, number),
            sort="top",
            sorts=tree.SORTS,
            body=body,
            error=error,
            can_moderate=people.moderates(visit, row["forum_id"]),
            **people.about(visit, people.forum_named(visit, name)),
        )
    return visit.redirect(paths.comment(_add(visit, me, row, None, body), number, row["forum"]))


@SITE.post("/f/{name}/{number:forum_id}/{slug}/comment/{comment:forum_id}")
@people.members
def reply(visit: Visit, me: sqlite3.Row, name: str, number: int, comment: int, slug: str) -> Response:
    """Answer a comment."""
    row = submission.found(visit, number, name)
    parent = found(visit, comment, number, name)
    if parent["deleted"]:
        raise Refused(403, "This comment has been deleted.")
    body = visit.text(f"reply_to_comment_{comment}[comment]", limit=_LONGEST + 100)
    error = _mistake(body)
    if error:
        return permalink(visit, name, number, comment, slug, body=body, error=error)
    return visit.redirect(paths.comment(_add(visit, me, row, parent, body), number, row["forum"]))


def _mistake(body: str) -> str:
    if not text.is_visible(body):
        return "The comment must not be empty."
    return f"The comment must not be longer than {_LONGEST:,} characters." if len(body) > _LONGEST else ""


def _add(visit: Visit, me: sqlite3.Row, row: sqlite3.Row, parent: sqlite3.Row | None, body: str) -> int:
    """Store a comment and tell whom it answers; its id."""
    if row["locked"] and not people.moderates(visit, row["forum_id"]):
        raise Refused(403, "This submission is locked.")
    values = (row["id"], parent["id"] if parent else None, me["id"], body, text.seconds(visit.now))
    made: int = visit.db.execute(
        "INSERT INTO comment (submission_id, parent_id, user_id, body, created, ups) VALUES (?, ?, ?, ?, ?, 0) RETURNING id", values
    ).fetchone()["id"]
    words.added(visit.db, "comment", made)
    voting.cast(visit.db, "comment", made, me["id"], 1)
    told = parent["user_id"] if parent else row["user_id"]
    blocked = visit.db.execute("SELECT 1 FROM block WHERE user_id = ? AND blocked_id = ?", (told, me["id"])).fetchone()
    if told != me["id"] and not blocked:
        visit.db.execute(
            "INSERT INTO notification (user_id, comment_id) SELECT id, ? FROM user WHERE id = ? AND notify AND NOT deleted", (made, told)
        )
    return made


@SITE.get("/f/{name}/{number:forum_id}/{slug}/comment/{comment:forum_id}/edit")
@people.members
def edit_form(visit: Visit, me: sqlite3.Row, name: str, number: int, comment: int, slug: str) -> Response:
    """The form to edit one's own comment."""
    del slug
    row = _owned(visit, me, comment, number, name)
    return visit.render("edit_comment.html", row=row, body=row["body"], error="")


@SITE.post("/f/{name}/{number:forum_id}/{slug}/comment/{comment:forum_id}/edit")
@people.members
def edit(visit: Visit, me: sqlite3.Row, name: str, number: int, comment: int, slug: str) -> Response:
    """Change the text."""
    del slug
    row = _owned(visit, me, comment, number, name)
    body = visit.text("comment[comment]", limit=_LONGEST + 100)
    error = _mistake(body)
    if error:
        return visit.render("edit_comment.html", 422, row=row, body=body, error=error)
    if body != row["body"]:
        with words.changing(visit.db, "comment", comment):
            visit.db.execute("UPDATE comment SET body = ?, edited = ? WHERE id = ?", (body, text.seconds(visit.now), comment))
    return visit.redirect(paths.comment(comment, number, row["forum"]))


@SITE.post("/f/{name}/{number:forum_id}/{slug}/comment/{comment:forum_id}/delete")
@SITE.post("/f/{name}/{number:forum_id}/{slug}/comment/{comment:forum_id}/delete_own")
@people.members
def delete(visit: Visit, me: sqlite3.Row, name: str, number: int, comment: int, slug: str) -> Response:
    """Take a comment's text away; its place stays as long as it has answers."""
    del slug
    row = _owned(visit, me, comment, number, name, by_moderator=True)
    with words.changing(visit.db, "comment", comment):
        visit.db.execute("UPDATE comment SET deleted = 1, body = '' WHERE id = ?", (comment,))
    visit.db.execute("DELETE FROM notification WHERE comment_id = ?", (comment,))
    visit.flash("The comment was deleted.", "notice")
    return visit.redirect(paths.submission({"id": number, "title": row["title"]}, row["forum"]))
