"""The forum's data, generated: the same for the same seed."""

from __future__ import annotations

import random
import sqlite3
from typing import Final

from mtenvs.sites.forum import schema
from mtenvs.sites.forum.passwords import hashed
from mtenvs.sites.forum.seed import people, social
from mtenvs.sites.forum.seed.posts import Draft, written
from mtenvs.sites.forum.seed.talk import Answer, answers
from mtenvs.sites.forum.seed.times import NOW
from mtenvs.sites.forum.seed.topics import read

VERSION: Final = "1"
TOPICS: Final = read()
ACCOUNTS: Final = {people.ACCOUNT: "test1234"}
FIRST_FORUM: Final = 10_001
_PEOPLE: Final = 400
_YEAR: Final = 365 * 86_400


def build(db: sqlite3.Connection, seed: int) -> None:
    """Fill an empty database."""
    rng = random.Random(f"forum {seed}")
    for statement in schema.SCHEMA.split(";\n"):
        db.execute(statement)
    _people(db, rng)
    members = _forums(db, rng)
    drafts = written(rng, TOPICS, members)
    said = [
        answer for index, draft in enumerate(drafts) for answer in answers(rng, index, draft, TOPICS[draft.topic], members[draft.topic])
    ]
    _store(db, drafts, said)
    social.fill(db, rng)
    db.executescript(f"{schema.triggers()} BEGIN;")  # it ends the transaction that it finds


def _people(db: sqlite3.Connection, rng: random.Random) -> None:
    rows = []
    for number, name in enumerate([people.ACCOUNT, *people.names(rng, _PEOPLE - 1)], 1):
        password = hashed(ACCOUNTS[name], f"salt{number}") if name in ACCOUNTS else ""
        bio = "Reads everything, upvotes too much." if name == people.ACCOUNT else people.bio(rng)
        rows.append((number, name, password, f"{name.lower()}@mail.example", bio, NOW - 2 * _YEAR - rng.randrange(_YEAR)))
    db.executemany("INSERT INTO user (id, name, password, email, bio, created) VALUES (?, ?, ?, ?, ?, ?)", rows)


def _forums(db: sqlite3.Connection, rng: random.Random) -> list[list[int]]:
    """Store the forums; who posts in each of them, regulars several times."""
    members = []
    for number, topic in enumerate(TOPICS, FIRST_FORUM):
        made = NOW - 2 * _YEAR - rng.randrange(_YEAR // 2)
        values = (number, topic.name, topic.title, topic.description, topic.sidebar, made, topic.featured)
        db.execute("INSERT INTO forum (id, name, title, description, sidebar, created, featured) VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        db.executemany("INSERT INTO tag VALUES (?, ?)", [(number, tag) for tag in topic.tags])
        here = rng.sample(range(2, _PEOPLE + 1), 46)
        regulars = here[:9]
        members.append([*here, *regulars, *regulars, *regulars[:3], 1])
        db.executemany(
            "INSERT INTO moderator VALUES (?, ?, ?)", [(number, user, made + 86_400 * order) for order, user in enumerate(regulars[:2])]
        )
        readers = {*here, *rng.sample(range(2, _PEOPLE + 1), rng.randrange(10, 200))}
        db.executemany("INSERT INTO subscription VALUES (?, ?)", [(user, number) for user in sorted(readers)])
    return members


def _store(db: sqlite3.Connection, drafts: list[Draft], said: list[Answer]) -> None:
    rows = []
    for number, draft in enumerate(drafts, 1):
        if draft.image:
            db.execute("INSERT OR IGNORE INTO picture VALUES (?, ?)", (draft.image, draft.scene))
        theme = draft.themes[0] if len(draft.themes) == 1 else ""
        rows.append(
            (
                number,
                FIRST_FORUM + draft.topic,
                draft.author,
                draft.title,
                draft.url,
                draft.body,
                draft.image,
                draft.created,
                draft.ups,
                draft.downs,
                draft.created,
                theme,
            )
        )
    names = "id, forum_id, user_id, title, url, body, image, created, ups, downs, active, theme"
    db.executemany(f"INSERT INTO submission ({names}) VALUES ({', '.join('?' * 12)})", rows)
    # Ids are in order of time; parents come before their children in both.
    starts: dict[int, int] = {}
    for place, answer in enumerate(said):
        starts.setdefault(answer.draft, place)
    order = sorted(range(len(said)), key=lambda place: (said[place].created, place))
    ids = {place: number for number, place in enumerate(order, 1)}
    values = []
    for place in order:
        answer = said[place]
        parent = ids[starts[answer.draft] + answer.parent] if answer.parent >= 0 else None
        values.append(
            (ids[place], answer.draft + 1, parent, answer.author, answer.body, answer.created, answer.ups, answer.downs, answer.theme)
        )
    names = "id, submission_id, parent_id, user_id, body, created, ups, downs, theme"
    db.executemany(f"INSERT INTO comment ({names}) VALUES ({', '.join('?' * 9)})", values)
    db.execute(
        "UPDATE submission SET comments = (SELECT count(*) FROM comment WHERE submission_id = submission.id), "
        "active = max(created, coalesce((SELECT max(created) FROM comment WHERE submission_id = submission.id), 0))"
    )
