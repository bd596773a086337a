"""The form for new submissions: an address, a text or a picture."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mtenvs.sites.forum import images, paths, people, text, voting, words
from mtenvs.sites.forum.remarks import Remarks
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.forum.submission import mistakes
from mtenvs.sites.kit import Refused
from mtenvs.sites.kit.visit import whole

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit


def _form(visit: Visit, values: dict[str, str], errors: Remarks, chosen: sqlite3.Row | None) -> Response:
    forums = visit.db.execute("SELECT id, name FROM forum ORDER BY name").fetchall()
    about = people.about(visit, chosen) if chosen else {}
    return visit.render("submit.html", 422 if errors else 200, values=values, errors=errors, forums=forums, **about)


@SITE.get("/submit")
@SITE.get("/submit/{name}")
@people.members
def submit_form(visit: Visit, _me: sqlite3.Row, name: str = "") -> Response:
    """The empty form."""
    chosen = people.forum_named(visit, name) if name else None
    values = {
        "title": visit.query.get("title", ""),
        "url": visit.query.get("url", ""),
        "body": "",
        "media": "url",
        "forum": str(chosen["id"]) if chosen else "",
    }
    return _form(visit, values, Remarks(), chosen)


@SITE.post("/submit")
@SITE.post("/submit/{name}")
@people.members
def submit(visit: Visit, me: sqlite3.Row, name: str = "") -> Response:
    """Post it."""
    chosen = people.forum_named(visit, name) if name else None
    values = {
        "title": " ".join(visit.text("submission[title]", limit=400).split()),
        "url": visit.text("submission[url]", limit=3_000),
        "body": visit.text("submission[body]", limit=30_000),
        "media": visit.text("submission[mediaType]", "url"),
        "forum": visit.text("submission[forum]") or (str(chosen["id"]) if chosen else ""),
    }
    if values["media"] == "image":
        values["url"] = ""
    forum = visit.db.execute("SELECT * FROM forum WHERE id = ?", (whole(values["forum"], -1),)).fetchone()
    errors = mistakes(values)
    if forum is None:
        errors["forum"] = "Please choose a forum."
    image, url = None, values["url"] or None
    try:
        if values["media"] == "image":
            image = _upload(visit)
            url = f"/submission_images/{image}"
        elif url and "url" not in errors:
            image = _own_picture(visit, url)
    except Refused as refused:
        errors["image"] = refused.message
    if errors or forum is None:
        return _form(visit, values, errors, chosen)
    now = text.seconds(visit.now)
    row = visit.db.execute(
        "INSERT INTO submission (forum_id, user_id, title, url, body, image, created, active, ups) VALUES (?, ?, ?, ?, ?, ?, ?, "
        "?, 0) RETURNING id",
        (forum["id"], me["id"], values["title"], url, values["body"], image, now, now),
    ).fetchone()
    words.added(visit.db, "submission", row["id"])
    voting.cast(visit.db, "submission", row["id"], me["id"], 1)
    return visit.redirect(paths.submission({"id": row["id"], "title": values["title"]}, forum["name"]))


def _upload(visit: Visit) -> str:
    """Keep the picture that came with the form.

    Raises:
        Refused: there is none, or it can not be kept.
    """
    upload = visit.uploads.get("submission[image]")
    if upload is None:
        raise Refused(422, "Please choose a picture.")
    return images.keep(visit, upload)


def _own_picture(visit: Visit, url: str) -> str | None:
    """The picture's name when the address is one of a picture of this forum: such a submission shows it."""
    parts = urlsplit(url)
    here = {visit.site.host, visit.request.url.hostname}
    folder, _, name = parts.path.rpartition("/")
    return name if parts.hostname in here and folder == "/submission_images" and images.found(visit, name) is not None else None
