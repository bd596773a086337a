"""Votes: one for each person and thing, up or down, and back again."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import paths, people
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_THERE: Final = {
    "submission": "SELECT 1 FROM submission WHERE id = ? AND NOT deleted",
    "comment": "SELECT 1 FROM comment c JOIN submission s ON s.id = c.submission_id WHERE c.id = ? AND NOT c.deleted AND NOT s.deleted",
}
_CHOICES: Final = {"1": 1, "0": 0, "-1": -1}


def cast(db: sqlite3.Connection, what: str, number: int, user: int, choice: int) -> int:
    """Make this the user's vote, whatever it was before.

    Args:
        db: the forum's database.
        what: ``"submission"`` or ``"comment"``.
        number: its id.
        user: who votes.
        choice: 1, -1, or 0 to take the vote back.

    Returns:
        The score afterwards.
    """
    key = (user, number)
    row = db.execute(f"SELECT choice FROM {what}_vote WHERE user_id = ? AND {what}_id = ?", key).fetchone()
    before = row["choice"] if row else 0
    if before != choice:
        db.execute(f"DELETE FROM {what}_vote WHERE user_id = ? AND {what}_id = ?", key)
        if choice:
            db.execute(f"INSERT INTO {what}_vote (user_id, {what}_id, choice) VALUES (?, ?, ?)", (*key, choice))
        more_ups, more_downs = (choice == 1) - (before == 1), (choice == -1) - (before == -1)
        db.execute(f"UPDATE {what} SET ups = ups + ?, downs = downs + ? WHERE id = ?", (more_ups, more_downs, number))
    score: int = db.execute(f"SELECT net FROM {what} WHERE id = ?", (number,)).fetchone()["net"]
    return score


def _vote(visit: Visit, me: sqlite3.Row, what: str, number: int) -> int:
    choice = _CHOICES.get(visit.text("choice"))
    if choice is None:
        raise Refused(400, "A vote is 1, 0 or -1.")
    if visit.db.execute(_THERE[what], (number,)).fetchone() is None:
        raise Refused(404, "That is not here any more.")
    return cast(visit.db, what, number, me["id"], choice)


@SITE.post("/sv/{number:forum_id}")
@people.members
def vote_submission(visit: Visit, me: sqlite3.Row, number: int) -> Response:
    """Vote for a submission, and go back."""
    _vote(visit, me, "submission", number)
    row = visit.db.execute(
        "SELECT s.*, f.name AS forum FROM submission s JOIN forum f ON f.id = s.forum_id WHERE s.id = ?", (number,)
    ).fetchone()
    return visit.back(paths.submission(row, row["forum"]))


@SITE.post("/sv/{number:forum_id}.json")
@people.members
def vote_submission_quietly(visit: Visit, me: sqlite3.Row, number: int) -> Response:
    """Vote for a submission, for the page's script."""
    return visit.json({"netScore": _vote(visit, me, "submission", number)})


@SITE.post("/cv/{number:forum_id}")
@people.members
def vote_comment(visit: Visit, me: sqlite3.Row, number: int) -> Response:
    """Vote for a comment, and go back."""
    _vote(visit, me, "comment", number)
    row = visit.db.execute(
        "SELECT c.submission_id, f.name FROM comment c JOIN submission s ON s.id = c.submission_id JOIN forum f ON f.id = "
        "s.forum_id WHERE c.id = ?",
        (number,),
    ).fetchone()
    return visit.back(paths.comment(number, row["submission_id"], row["name"]))


@SITE.post("/cv/{number:forum_id}.json")
@people.members
def vote_comment_quietly(visit: Visit, me: sqlite3.Row, number: int) -> Response:
    """Vote for a comment, for the page's script."""
    return visit.json({"netScore": _vote(visit, me, "comment", number)})
