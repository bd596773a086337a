"""The wiki: pages that anybody can read and members can edit."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import people, text
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_PATH: Final = re.compile(r"[A-Za-z0-9_-]{1,80}\Z")


def _page(visit: Visit, path: str) -> sqlite3.Row:
    row: sqlite3.Row | None = visit.db.execute(
        "SELECT w.*, u.name AS author FROM wiki w JOIN user u ON u.id = w.user_id WHERE path = ?", (path,)
    ).fetchone()
    if row is None:
        raise Refused(404, "There is no such page in the wiki.")
    return row


@SITE.get("/wiki")
def index(visit: Visit) -> Response:
    """All pages."""
    return visit.render("wiki_index.html", rows=visit.db.execute("SELECT path, title FROM wiki ORDER BY title").fetchall())


@SITE.get("/wiki/_create")
@people.members
def create_form(visit: Visit, _me: sqlite3.Row) -> Response:
    """The form for a new page."""
    return visit.render("wiki_form.html", row=None, values={"title": "", "body": "", "path": ""}, error="")


@SITE.post("/wiki/_create")
@people.members
def create(visit: Visit, me: sqlite3.Row) -> Response:
    """Make a page."""
    values = {
        "title": visit.text("wiki[title]", limit=80),
        "body": visit.text("wiki[body]", limit=25_000),
        "path": visit.text("wiki[path]", limit=200),
    }
    error = "" if values["title"] and values["body"] else "Title and body must not be empty."
    if not _PATH.match(values["path"]) or values["path"].startswith("_"):
        error = "Paths are made of letters, digits, hyphens and underscores."
    elif visit.db.execute("SELECT 1 FROM wiki WHERE path = ?", (values["path"],)).fetchone():
        error = "There is a page at this path already."
    if error:
        return visit.render("wiki_form.html", 422, row=None, values=values, error=error)
    visit.db.execute(
        "INSERT INTO wiki VALUES (?, ?, ?, ?, ?)", (values["path"], values["title"], values["body"], me["id"], text.seconds(visit.now))
    )
    return visit.redirect(f"/wiki/{values['path']}")


@SITE.get("/wiki/{path}")
def page(visit: Visit, path: str) -> Response:
    """A page."""
    return visit.render("wiki.html", row=_page(visit, path))


@SITE.get("/wiki/{path}/_edit")
@people.members
def edit_form(visit: Visit, _me: sqlite3.Row, path: str) -> Response:
    """The form to change a page."""
    row = _page(visit, path)
    return visit.render("wiki_form.html", row=row, values={"title": row["title"], "body": row["body"], "path": row["path"]}, error="")


@SITE.post("/wiki/{path}/_edit")
@people.members
def edit(visit: Visit, me: sqlite3.Row, path: str) -> Response:
    """Change a page."""
    row = _page(visit, path)
    values = {"title": visit.text("wiki[title]", limit=80), "body": visit.text("wiki[body]", limit=25_000), "path": row["path"]}
    if not values["title"] or not values["body"]:
        return visit.render("wiki_form.html", 422, row=row, values=values, error="Title and body must not be empty.")
    changed = (values["title"], values["body"], me["id"], text.seconds(visit.now), row["path"])
    visit.db.execute("UPDATE wiki SET title = ?, body = ?, user_id = ?, edited = ? WHERE path = ?", changed)
    return visit.redirect(f"/wiki/{row['path']}")
