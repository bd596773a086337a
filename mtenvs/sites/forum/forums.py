"""Forums: their pages, the list of them, subscribing, creating and editing."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import listing, people, text, tree
from mtenvs.sites.forum.remarks import Remarks
from mtenvs.sites.forum.site import SITE
from mtenvs.sites.kit import Refused

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_PER_PAGE: Final = 25
_NAME: Final = re.compile(r"\w{3,25}\Z", re.ASCII)
_TAG: Final = re.compile(r"[a-z0-9_-]{1,40}\Z")
_ORDERS: Final = {
    "by_submissions": ("Submissions", "submissions DESC, f.name"),
    "by_subscribers": ("Subscribers", "subscribers DESC, f.name"),
    "by_name": ("Name", "f.name"),
    "by_title": ("Title", "f.title COLLATE NOCASE, f.name"),
}
_COUNTED: Final = (
    "SELECT f.*, (SELECT count(*) FROM submission s WHERE s.forum_id = f.id AND NOT s.deleted) AS submissions, "
    "(SELECT count(*) FROM subscription b WHERE b.forum_id = f.id) AS subscribers, "
    "EXISTS (SELECT 1 FROM subscription b WHERE b.forum_id = f.id AND b.user_id = ?) AS subscribed FROM forum f "
)


@SITE.get("/forums")
@SITE.get("/forums/{order}")
@SITE.get("/forums/{order}/{page:forum_id}")
def forums(visit: Visit, order: str = "by_submissions", page: int = 1) -> Response:
    """The list of forums."""
    me = visit.session.data.get("user")
    if order == "all":
        rows = visit.db.execute("SELECT name FROM forum ORDER BY name").fetchall()
        return visit.render("all_forums.html", rows=rows, order=order, orders=_ORDERS)
    if order not in _ORDERS:
        raise Refused(404, "We can not find that page.")
    sql = f"{_COUNTED} ORDER BY {_ORDERS[order][1]} LIMIT ? OFFSET ?"
    rows = visit.db.execute(sql, (me, _PER_PAGE + 1, _PER_PAGE * (max(1, min(page, 1_000_000)) - 1))).fetchall()
    return visit.render("forums.html", rows=rows[:_PER_PAGE], more=len(rows) > _PER_PAGE, order=order, orders=_ORDERS, page=page)


@SITE.get("/tag/{tag}")
def tagged(visit: Visit, tag: str) -> Response:
    """The forums with a tag."""
    sql = f"{_COUNTED} WHERE f.id IN (SELECT forum_id FROM tag WHERE name = ?) ORDER BY f.name"
    rows = visit.db.execute(sql, (visit.session.data.get("user"), tag)).fetchall()
    if not rows:
        raise Refused(404, "No forum has this tag.")
    return visit.render("tag.html", rows=rows, tag=tag)


@SITE.get("/f/{name}")
@SITE.get("/f/{name}/{sort:forum_sort}")
def forum(visit: Visit, name: str, sort: str = "hot") -> Response:
    """A forum's submissions; several forums at once with ``+`` between their names."""
    if "+" in name:
        return _several(visit, name, sort)
    row = people.forum_named(visit, name)
    if row["name"] != name:
        return visit.redirect(f"/f/{row['name']}" + (f"/{sort}" if sort != "hot" else ""))
    page = listing.listed(visit, sort, "s.forum_id = ?", row["id"], sticky=True)
    return visit.render("forum.html", page=page, **people.about(visit, row))


def _several(visit: Visit, name: str, sort: str) -> Response:
    rows = [people.forum_named(visit, part) for part in name.split("+")[:70]]
    marks = ", ".join("?" * len(rows))
    page = listing.listed(visit, sort, f"s.forum_id IN ({marks})", *[row["id"] for row in rows])
    return visit.render("multi.html", page=page, names=[row["name"] for row in rows], base="/f/" + "+".join(row["name"] for row in rows))


@SITE.get("/f/{name}/comments")
def forum_comments(visit: Visit, name: str) -> Response:
    """A forum's newest comments."""
    row = people.forum_named(visit, name)
    page = tree.listed(visit, "s.forum_id = ?", row["id"])
    return visit.render("forum_comments.html", page=page, **people.about(visit, row))


@SITE.get("/f/{name}/moderators")
def moderators(visit: Visit, name: str) -> Response:
    """Who looks after a forum."""
    row = people.forum_named(visit, name)
    found = visit.db.execute(
        "SELECT u.name, m.since FROM moderator m JOIN user u ON u.id = m.user_id WHERE m.forum_id = ? ORDER BY m.since", (row["id"],)
    )
    return visit.render("moderators.html", since=found.fetchall(), **people.about(visit, row))


def _subscribe(visit: Visit, me: sqlite3.Row, name: str, *, wanted: bool) -> sqlite3.Row:
    row = people.forum_named(visit, name)
    if wanted:
        visit.db.execute("INSERT OR IGNORE INTO subscription VALUES (?, ?)", (me["id"], row["id"]))
    else:
        visit.db.execute("DELETE FROM subscription WHERE user_id = ? AND forum_id = ?", (me["id"], row["id"]))
    return row


@SITE.post("/f/{name}/subscribe")
@people.members
def subscribe(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Put a forum on the visitor's first page."""
    return visit.back(f"/f/{_subscribe(visit, me, name, wanted=True)['name']}")


@SITE.post("/f/{name}/unsubscribe")
@people.members
def unsubscribe(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Take a forum off the visitor's first page."""
    return visit.back(f"/f/{_subscribe(visit, me, name, wanted=False)['name']}")


@SITE.post("/f/{name}/subscribe.json")
@people.members
def subscribe_quietly(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The same for the page's script."""
    _subscribe(visit, me, name, wanted=True)
    return visit.json({"subscribed": True})


@SITE.post("/f/{name}/unsubscribe.json")
@people.members
def unsubscribe_quietly(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The same for the page's script."""
    _subscribe(visit, me, name, wanted=False)
    return visit.json({"subscribed": False})


def _values(visit: Visit) -> dict[str, str]:
    return {
        "name": visit.text("forum[name]", limit=100),
        "title": visit.text("forum[title]", limit=200),
        "description": visit.text("forum[description]", limit=2_000),
        "sidebar": visit.text("forum[sidebar]", limit=12_000),
        "tags": visit.text("forum[tags]", limit=500),
    }


def _tags(written: str) -> list[str]:
    return sorted({tag.strip().lower() for tag in written.split(",") if tag.strip()})


def _mistakes(visit: Visit, values: dict[str, str], own: int = 0) -> Remarks:
    errors = Remarks()
    if not _NAME.match(values["name"]):
        errors["name"] = "Names have 3 to 25 letters, digits or underscores."
    elif visit.db.execute("SELECT 1 FROM forum WHERE name = ? AND id != ?", (values["name"], own)).fetchone():
        errors["name"] = "There is a forum with this name already."
    for field, longest in (("title", 100), ("description", 300), ("sidebar", 10_000)):
        if not values[field]:
            errors[field] = f"The {field} must not be empty."
        elif len(values[field]) > longest:
            errors[field] = f"The {field} must not be longer than {longest:,} characters."
    if len(_tags(values["tags"])) > 5 or not all(_TAG.match(tag) for tag in _tags(values["tags"])):
        errors["tags"] = "Up to five tags of letters, digits, hyphens and underscores, with commas between them."
    return errors


def _store_tags(visit: Visit, number: int, written: str) -> None:
    visit.db.execute("DELETE FROM tag WHERE forum_id = ?", (number,))
    visit.db.executemany("INSERT INTO tag VALUES (?, ?)", [(number, tag) for tag in _tags(written)])


@SITE.get("/create_forum")
@people.members
def create_form(visit: Visit, _me: sqlite3.Row) -> Response:
    """The form for a new forum."""
    return visit.render(
        "create_forum.html", values=dict.fromkeys(("name", "title", "description", "sidebar", "tags"), ""), errors=Remarks()
    )


@SITE.post("/create_forum")
@people.members
def create(visit: Visit, me: sqlite3.Row) -> Response:
    """Make a forum that the visitor looks after and reads."""
    values = _values(visit)
    errors = _mistakes(visit, values)
    if errors:
        return visit.render("create_forum.html", 422, values=values, errors=errors)
    now = text.seconds(visit.now)
    made = visit.db.execute(
        "INSERT INTO forum (name, title, description, sidebar, created) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (values["name"], values["title"], values["description"], values["sidebar"], now),
    ).fetchone()["id"]
    _store_tags(visit, made, values["tags"])
    visit.db.execute("INSERT INTO moderator VALUES (?, ?, ?)", (made, me["id"], now))
    visit.db.execute("INSERT INTO subscription VALUES (?, ?)", (me["id"], made))
    return visit.redirect(f"/f/{values['name']}")


def _own(visit: Visit, name: str) -> sqlite3.Row:
    row = people.forum_named(visit, name)
    if not people.moderates(visit, row["id"]):
        raise Refused(403, "That is for the moderators of this forum.")
    return row


@SITE.get("/f/{name}/edit")
@people.members
def edit_form(visit: Visit, _me: sqlite3.Row, name: str) -> Response:
    """The form to change a forum."""
    row = _own(visit, name)
    about = people.about(visit, row)
    values = {**{field: row[field] for field in ("name", "title", "description", "sidebar")}, "tags": ", ".join(about["tags"])}
    return visit.render("edit_forum.html", values=values, errors=Remarks(), **about)


@SITE.post("/f/{name}/edit")
@people.members
def edit(visit: Visit, _me: sqlite3.Row, name: str) -> Response:
    """Change a forum."""
    row, values = _own(visit, name), _values(visit)
    errors = _mistakes(visit, values, row["id"])
    if errors:
        return visit.render("edit_forum.html", 422, values=values, errors=errors, **people.about(visit, row))
    changed = (values["name"], values["title"], values["description"], values["sidebar"], row["id"])
    visit.db.execute("UPDATE forum SET name = ?, title = ?, description = ?, sidebar = ? WHERE id = ?", changed)
    _store_tags(visit, row["id"], values["tags"])
    visit.flash("The forum was updated.")
    return visit.redirect(f"/f/{values['name']}/edit")


@SITE.get("/f/{name}/add_moderator")
@people.members
def moderator_form(visit: Visit, _me: sqlite3.Row, name: str) -> Response:
    """The form to let somebody help."""
    return visit.render("add_moderator.html", error="", written="", **people.about(visit, _own(visit, name)))


@SITE.post("/f/{name}/add_moderator")
@people.members
def add_moderator(visit: Visit, _me: sqlite3.Row, name: str) -> Response:
    """Let somebody help to look after a forum."""
    row, written = _own(visit, name), visit.text("moderator[user]", limit=100)
    user = visit.db.execute("SELECT id FROM user WHERE name = ? AND NOT deleted", (written,)).fetchone()
    if user is None:
        return visit.render("add_moderator.html", 422, error="There is no such user.", written=written, **people.about(visit, row))
    visit.db.execute("INSERT OR IGNORE INTO moderator VALUES (?, ?, ?)", (row["id"], user["id"], text.seconds(visit.now)))
    return visit.redirect(f"/f/{row['name']}/moderators")


def _hide(visit: Visit, me: sqlite3.Row, name: str, *, wanted: bool) -> Response:
    row = people.forum_named(visit, name)
    sql = "INSERT OR IGNORE INTO hidden_forum VALUES (?, ?)" if wanted else "DELETE FROM hidden_forum WHERE user_id = ? AND forum_id = ?"
    visit.db.execute(sql, (me["id"], row["id"]))
    return visit.back(f"/f/{row['name']}")


@SITE.post("/user/{user}/hide_forum/{name}")
@people.members
def hide(visit: Visit, me: sqlite3.Row, user: str, name: str) -> Response:
    """Keep a forum off the lists of featured and all submissions."""
    people.check_self(me, user)
    return _hide(visit, me, name, wanted=True)


@SITE.post("/user/{user}/unhide_forum/{name}")
@people.members
def unhide(visit: Visit, me: sqlite3.Row, user: str, name: str) -> Response:
    """Show it again."""
    people.check_self(me, user)
    return _hide(visit, me, name, wanted=False)


@SITE.get("/user/{user}/hidden_forums")
@people.members
def hidden(visit: Visit, me: sqlite3.Row, user: str) -> Response:
    """What the visitor has hidden."""
    people.check_self(me, user)
    rows = visit.db.execute(
        "SELECT f.name, f.title FROM hidden_forum h JOIN forum f ON f.id = h.forum_id WHERE h.user_id = ? ORDER BY f.name", (me["id"],)
    )
    return visit.render("hidden_forums.html", rows=rows.fetchall())
