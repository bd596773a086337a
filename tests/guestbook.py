"""A tiny site of its own for the tests of the kit: a guest book with accounts."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from mtenvs.sites.kit import Image, Refused, Site, Visit


def build(db: sqlite3.Connection, seed: int) -> None:
    db.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, author TEXT NOT NULL, text TEXT NOT NULL UNIQUE)")
    db.execute("INSERT INTO entry (author, text) VALUES ('host', ?)", (f"welcome {seed}",))


def log_in(_db: sqlite3.Connection, user: str) -> Mapping[str, Any]:
    return {"user": {"ann": "Ann", "bob": "Bob"}[user]}


SITE = Site(
    name="book",
    title="Guest book",
    host="book.localhost",
    package="mtenvs.sites.kit",
    image=Image("test-book", "1", build),
    log_in=log_in,
)


def page(visit: Visit) -> Response:
    rows = visit.db.execute("SELECT author, text FROM entry ORDER BY id").fetchall()
    return visit.json(
        {
            "user": visit.session.data.get("user"),
            "entries": [list(r) for r in rows],
            "token": visit.session.token,
            "messages": visit.session.data.pop("_messages", []),
            "now": visit.now.isoformat(),
        }
    )


@SITE.get("/")
def first(visit: Visit) -> Response:
    return page(visit)


@SITE.post("/sign")
def sign(visit: Visit) -> Response:
    visit.db.execute("INSERT INTO entry (author, text) VALUES (?, ?)", (visit.session.data.get("user", "?"), visit.text("text")))
    if visit.text("text") == "rude":
        raise Refused(422, "Please be kind.")
    visit.flash("Thank you")
    return visit.redirect("/")


@SITE.post("/photo")
def photo(visit: Visit) -> Response:
    upload = visit.uploads.get("photo")
    if upload is None:
        raise Refused(422, "No photo.")
    return visit.json({"name": visit.episode.keep_upload(upload.content, upload.picture_suffix())})


@SITE.post("/logout")
def logout(visit: Visit) -> Response:
    visit.log_out()
    return visit.redirect("/")


@SITE.get("/slow")
def slow(visit: Visit) -> Response:
    visit.db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n").fetchall()
    return page(visit)


@SITE.get("/away")
def away(visit: Visit) -> Response:
    return visit.redirect(visit.query.get("to", "/"))
