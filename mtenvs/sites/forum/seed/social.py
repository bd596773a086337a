"""What is between people: votes, subscriptions and messages of the account and of some others."""

from __future__ import annotations

import random
import sqlite3

from mtenvs.sites.forum.seed.times import NOW


def fill(db: sqlite3.Connection, rng: random.Random) -> None:
    """Votes whose voters are known, within the counts; notifications and messages of the account; a wiki."""
    _votes(db, rng, "submission", 3)
    _votes(db, rng, "comment", 12)
    db.execute(
        "INSERT INTO notification (user_id, comment_id) SELECT 1, reply.id FROM comment reply JOIN comment own ON reply.parent_id = own.id "
        "WHERE own.user_id = 1 ORDER BY reply.id DESC LIMIT 4"
    )


def _votes(db: sqlite3.Connection, rng: random.Random, what: str, one_in: int) -> None:
    """Name some voters; nobody but the author votes for what is their own, and the author does so always."""
    rows = []
    for number, author, ups, downs in db.execute(f"SELECT id, user_id, ups, downs FROM {what} ORDER BY id").fetchall():
        voters = [author]
        rows.append((number, author, 1))
        if rng.randrange(one_in) == 0:
            for choice, room in ((1, ups - 1), (-1, downs)):
                if room > 0 and rng.random() < 0.6:
                    user = 1 if rng.random() < 0.08 else rng.randrange(2, 400)
                    if user not in voters:
                        voters.append(user)
                        rows.append((number, user, choice))
    db.executemany(f"INSERT INTO {what}_vote ({what}_id, user_id, choice) VALUES (?, ?, ?)", rows)


_ = NOW
