"""Notifications and private messages."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import people, text, tree
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused
from mtenvs.sites.kit.visit import whole

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_LONGEST: Final = 10_000
_MANY: Final = 25


@SITE.get("/notifications")
@people.members
def notifications(visit: Visit, me: sqlite3.Row) -> Response:
    """Answers and messages that the visitor has not ticked off."""
    found = visit.db.execute("SELECT * FROM notification WHERE user_id = ? ORDER BY id DESC LIMIT ?", (me["id"], _MANY)).fetchall()
    entries = []
    for row in found:
        if row["comment_id"]:
            shown = visit.db.execute(f"{tree.SELECT} WHERE c.id = ?", (me["id"], row["comment_id"])).fetchone()
        else:
            shown = visit.db.execute(
                "SELECT m.*, u.name AS author, u.deleted AS author_deleted FROM message m JOIN user u ON u.id = m.user_id WHERE m.id = ?",
                (row["message_id"],),
            ).fetchone()
        entries.append((row["id"], "comment" if row["comment_id"] else "message", shown))
    return visit.render("notifications.html", entries=entries)


@SITE.get("/inbox")
def inbox(visit: Visit) -> Response:
    """The older address."""
    return visit.redirect("/notifications")


@SITE.post("/clear_notifications")
@people.members
def clear(visit: Visit, me: sqlite3.Row) -> Response:
    """Tick off the chosen ones, or all."""
    chosen = [whole(value, -1) for value in visit.form.getlist("id[]")][:100]
    if chosen:
        visit.db.executemany("DELETE FROM notification WHERE user_id = ? AND id = ?", [(me["id"], number) for number in chosen])
    else:
        visit.db.execute("DELETE FROM notification WHERE user_id = ?", (me["id"],))
    return visit.redirect("/notifications")


@SITE.get("/messages")
@people.members
def threads(visit: Visit, me: sqlite3.Row) -> Response:
    """The visitor's conversations, the one with the newest message first."""
    rows = visit.db.execute(
        "SELECT t.*, a.name AS sender, b.name AS receiver, a.deleted AS sender_deleted, b.deleted AS receiver_deleted, first.body AS body, "
        "first.created AS created, count(m.id) - 1 AS replies, max(m.id) AS last, max(m.created) AS active FROM thread t "
        "JOIN user a ON a.id = t.sender_id JOIN user b ON b.id = t.receiver_id JOIN message m ON m.thread_id = t.id "
        "JOIN message first ON first.id = (SELECT min(id) FROM message WHERE thread_id = t.id) "
        "WHERE ? IN (t.sender_id, t.receiver_id) GROUP BY t.id ORDER BY last DESC LIMIT 100",
        (me["id"],),
    )
    return visit.render("threads.html", rows=rows.fetchall())


def _thread(visit: Visit, me: sqlite3.Row, number: int) -> sqlite3.Row:
    row: sqlite3.Row | None = visit.db.execute(
        "SELECT t.*, a.name AS sender, b.name AS receiver FROM thread t JOIN user a ON a.id = t.sender_id JOIN user b ON b.id = "
        "t.receiver_id "
        "WHERE t.id = ? AND ? IN (t.sender_id, t.receiver_id)",
        (number, me["id"]),
    ).fetchone()
    if row is None:
        raise Refused(404, "There is no such conversation.")
    return row


def _show(visit: Visit, row: sqlite3.Row, body: str = "", error: str = "") -> Response:
    said = visit.db.execute(
        "SELECT m.*, u.name AS author, u.deleted AS author_deleted FROM message m JOIN user u ON u.id = m.user_id WHERE "
        "m.thread_id = ? ORDER BY m.id",
        (row["id"],),
    )
    return visit.render("thread.html", 422 if error else 200, thread=row, said=said.fetchall(), body=body, error=error)


@SITE.get("/messages/thread/{number:forum_id}")
@people.members
def thread(visit: Visit, me: sqlite3.Row, number: int) -> Response:
    """A conversation."""
    return _show(visit, _thread(visit, me, number))


@SITE.post("/message_reply/{number:forum_id}")
@people.members
def answer(visit: Visit, me: sqlite3.Row, number: int) -> Response:
    """Go on with a conversation."""
    row, body = _thread(visit, me, number), visit.text("message[body]", limit=_LONGEST + 100)
    other = row["receiver_id"] if row["sender_id"] == me["id"] else row["sender_id"]
    error = _mistake(visit, me, other, body)
    if error:
        return _show(visit, row, body, error)
    made = _send(visit, me, number, other, body)
    return visit.redirect(f"/messages/thread/{number}#message_{made}")


@SITE.get("/user/{name}/compose_message")
@people.members
def compose(visit: Visit, _me: sqlite3.Row, name: str) -> Response:
    """The form for a new message."""
    return visit.render("compose.html", user=people.user_named(visit, name), body="", error="")


@SITE.post("/user/{name}/compose_message")
@people.members
def send(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Begin a conversation."""
    user, body = people.user_named(visit, name), visit.text("message[body]", limit=_LONGEST + 100)
    error = _mistake(visit, me, user["id"], body)
    if error:
        return visit.render("compose.html", 422, user=user, body=body, error=error)
    number = visit.db.execute("INSERT INTO thread (sender_id, receiver_id) VALUES (?, ?) RETURNING id", (me["id"], user["id"])).fetchone()[
        "id"
    ]
    _send(visit, me, number, user["id"], body)
    return visit.redirect(f"/messages/thread/{number}")


def _mistake(visit: Visit, me: sqlite3.Row, other: int, body: str) -> str:
    if other == me["id"]:
        return "You can not write to yourself."
    found = visit.db.execute("SELECT deleted, messages FROM user WHERE id = ?", (other,)).fetchone()
    blocked = visit.db.execute("SELECT 1 FROM block WHERE user_id = ? AND blocked_id = ?", (other, me["id"])).fetchone()
    if found["deleted"] or blocked or not found["messages"]:
        return "This person does not take messages from you."
    if not text.is_visible(body):
        return "The message must not be empty."
    return f"The message must not be longer than {_LONGEST:,} characters." if len(body) > _LONGEST else ""


def _send(visit: Visit, me: sqlite3.Row, thread: int, other: int, body: str) -> int:
    values = (thread, me["id"], body, text.seconds(visit.now))
    made: int = visit.db.execute(
        "INSERT INTO message (thread_id, user_id, body, created) VALUES (?, ?, ?, ?) RETURNING id", values
    ).fetchone()["id"]
    visit.db.execute("INSERT INTO notification (user_id, message_id) VALUES (?, ?)", (other, made))
    return made
