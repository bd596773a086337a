"""What is between people: votes whose voters are known, notifications and conversations of the account, and the wiki."""

from __future__ import annotations

import importlib.resources
import random
import sqlite3
from typing import Final

from mtenvs.sites.forum.seed.times import NOW

_DAY: Final = 86_400
_WIKI: Final = importlib.resources.files("mtenvs.sites.forum.seed") / "wiki"  # title in the first line, text after an empty one
# Conversations of the account: with whom (an order of the names), days ago, and what was said, theirs first.
_TALKS: Final = (
    (
        3,
        41,
        (
            "Hi! You wrote about head lamps the other day. Which one did you buy in the end?",
            "The small one with the elastic strap. No complaints so far.",
            "Great, ordered it. Thank you!",
        ),
    ),
    (17, 19, ("Are you coming to the flea market on Saturday? I will have a table near the fountain.", "I will be there around eleven.")),
    (58, 6, ("Would you like to help with the wiki? The page about formatting needs somebody patient.",)),
    (120, 2, ("Your comment made me laugh, thank you. My grandmother says hello.", "Hello back to her!", "She asks for your recipe now.")),
)


def fill(db: sqlite3.Connection, rng: random.Random) -> None:
    """Votes within the counts; and what waits for the account when it logs in."""
    _votes(db, rng, "submission", 3)
    _votes(db, rng, "comment", 12)
    db.execute("INSERT INTO moderator SELECT id, 1, ? FROM forum WHERE name = 'birding'", (NOW - 200 * _DAY,))
    told = db.execute(
        "SELECT reply.id FROM comment reply JOIN comment own ON reply.parent_id = own.id WHERE own.user_id = 1 ORDER BY "
        "reply.id DESC LIMIT 4"
    )
    db.executemany("INSERT INTO notification (user_id, comment_id) VALUES (1, ?)", list(reversed(told.fetchall())))
    for other, days, said in _TALKS:
        thread = db.execute("INSERT INTO thread (sender_id, receiver_id) VALUES (?, 1) RETURNING id", (other,)).fetchone()[0]
        for turn, body in enumerate(said):
            values = (thread, 1 if turn % 2 else other, body, NOW - days * _DAY + turn * 5_000)
            db.execute("INSERT INTO message (thread_id, user_id, body, created) VALUES (?, ?, ?, ?)", values)
    db.execute("INSERT INTO notification (user_id, message_id) SELECT 1, max(id) FROM message")
    for file in sorted(_WIKI.iterdir(), key=lambda file: file.name):
        title, _, body = file.read_text("utf-8").partition("\n\n")
        db.execute("INSERT INTO wiki VALUES (?, ?, ?, 2, ?)", (file.name.removesuffix(".md"), title, body.strip(), NOW - 90 * _DAY))


def _votes(db: sqlite3.Connection, rng: random.Random, what: str, one_in: int) -> None:
    """Name the authors, who vote for what they have written, and some other voters."""
    rows = []
    for number, author, ups, downs in db.execute(f"SELECT id, user_id, ups, downs FROM {what} ORDER BY id").fetchall():
        voters = {author}
        rows.append((number, author, 1))
        if rng.randrange(one_in) == 0:
            for choice, room in ((1, ups - 1), (-1, downs)):
                user = 1 if rng.random() < 0.08 else rng.randrange(2, 400)
                if room > 0 and rng.random() < 0.6 and user not in voters:
                    voters.add(user)
                    rows.append((number, user, choice))
    db.executemany(f"INSERT INTO {what}_vote ({what}_id, user_id, choice) VALUES (?, ?, ?)", rows)
