"""Logging in and out, signing up, settings and leaving."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Final

from mtenvs.sites.forum import listing, people, text
from mtenvs.sites.forum.passwords import fits, hashed
from mtenvs.sites.forum.remarks import Remarks
from mtenvs.sites.forum.site import SITE

if TYPE_CHECKING:
    from starlette.responses import Response

    from mtenvs.sites.kit import Visit

_NAME: Final = re.compile(r"\w{3,25}\Z", re.ASCII)
FRONT_PAGES: Final = {"default": "Default", "featured": "Featured", "subscribed": "Subscribed", "all": "All", "moderated": "Moderated"}


@SITE.get("/login")
def login_form(visit: Visit) -> Response:
    """The form to log in."""
    return visit.redirect("/") if people.current(visit) else visit.render("login.html", error="", written="")


@SITE.post("/login")
@SITE.post("/login_check")
def login(visit: Visit) -> Response:
    """Log in, and go where the visitor was going."""
    name = visit.text("_username", limit=100)
    row = visit.db.execute(
        "SELECT id, password FROM user WHERE (name = ? OR (email = ? AND email != '')) AND NOT deleted", (name, name)
    ).fetchone()
    if row is None or not fits(_secret(visit, "_password"), row["password"]):
        return visit.render("login.html", 422, error="Invalid credentials.", written=name)
    to = visit.session.data.pop("next", "/")
    visit.renew(user=row["id"])
    return visit.redirect(to)


def _secret(visit: Visit, field: str) -> str:
    value = visit.form.get(field, "")
    return value[:4_096] if isinstance(value, str) else ""


@SITE.post("/log_out")
def log_out(visit: Visit) -> Response:
    """Log out."""
    visit.log_out()
    return visit.redirect("/")


@SITE.get("/registration")
def registration_form(visit: Visit) -> Response:
    """The form to sign up."""
    return visit.render("registration.html", values={"username": "", "email": ""}, errors=Remarks())


@SITE.post("/registration")
def register(visit: Visit) -> Response:
    """Make an account and log in with it."""
    values = {"username": visit.text("user[username]", limit=100), "email": visit.text("user[email]", limit=300)}
    errors = _mistakes(visit, values, 0, needed=True)
    if errors:
        return visit.render("registration.html", 422, values=values, errors=errors)
    made = visit.db.execute(
        "INSERT INTO user (name, password, email, created) VALUES (?, ?, ?, ?) RETURNING id",
        (
            values["username"],
            hashed(_secret(visit, "user[password][first]"), visit.episode.draw()),
            values["email"],
            text.seconds(visit.now),
        ),
    ).fetchone()["id"]
    visit.renew(user=made)
    visit.flash("Your account has been registered. Welcome!")
    return visit.redirect("/")


def _mistakes(visit: Visit, values: dict[str, str], own: int, *, needed: bool) -> Remarks:
    errors = Remarks()
    if not _NAME.match(values["username"]):
        errors["username"] = "Names have 3 to 25 letters, digits or underscores."
    elif visit.db.execute("SELECT 1 FROM user WHERE name = ? AND id != ?", (values["username"], own)).fetchone():
        errors["username"] = "That name is taken."
    if values["email"] and not re.match(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", values["email"]):
        errors["email"] = "That is not an e-mail address."
    first, second = _secret(visit, "user[password][first]"), _secret(visit, "user[password][second]")
    if (needed or first) and len(first) < 8:
        errors["password"] = "Passwords have 8 characters at least."  # noqa: S105 - a remark
    elif first != second:
        errors["password"] = "The two passwords are not the same."  # noqa: S105 - a remark
    return errors


@SITE.get("/user/{name}/account")
@people.members
def account_form(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The form to change name, e-mail address and password."""
    people.check_self(me, name)
    return visit.render("account.html", values={"username": me["name"], "email": me["email"]}, errors=Remarks())


@SITE.post("/user/{name}/account")
@people.members
def account(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Change them."""
    people.check_self(me, name)
    values = {"username": visit.text("user[username]", me["name"], limit=100), "email": visit.text("user[email]", limit=300)}
    errors = _mistakes(visit, values, me["id"], needed=False)
    if errors:
        return visit.render("account.html", 422, values=values, errors=errors)
    secret = _secret(visit, "user[password][first]")
    stored = hashed(secret, visit.episode.draw()) if secret else me["password"]
    visit.db.execute(
        "UPDATE user SET name = ?, email = ?, password = ? WHERE id = ?", (values["username"], values["email"], stored, me["id"])
    )
    visit.flash("Your account was updated.")
    return visit.redirect(f"/user/{values['username']}/account")


@SITE.get("/user/{name}/preferences")
@people.members
def preferences_form(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The form for the looks of the site."""
    people.check_self(me, name)
    return visit.render("preferences.html", pages=FRONT_PAGES)


@SITE.post("/user/{name}/preferences")
@people.members
def preferences(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Change the looks of the site."""
    people.check_self(me, name)
    page, sort = visit.text("user_settings[frontPage]"), visit.text("user_settings[frontPageSortMode]")
    flags = [
        int("user_settings[" + flag + "]" in visit.form)
        for flag in ("showThumbnails", "openExternalLinksInNewTab", "nightMode", "allowPrivateMessages", "notifyOnReply")
    ]
    values = (page if page in FRONT_PAGES else "default", sort if sort in listing.SORTS else "hot", *flags, me["id"])
    visit.db.execute(
        "UPDATE user SET front_page = ?, front_sort = ?, thumbnails = ?, new_tab = ?, night = ?, messages = ?, notify = ? WHERE id = ?",
        values,
    )
    visit.flash("Your settings were updated.")
    return visit.redirect(f"/user/{me['name']}/preferences")


@SITE.post("/night_mode")
@people.members
def night_mode(visit: Visit, me: sqlite3.Row) -> Response:
    """Dark, or light again."""
    visit.db.execute("UPDATE user SET night = NOT night WHERE id = ?", (me["id"],))
    return visit.back()


@SITE.get("/user/{name}/delete_account")
@people.members
def leave_form(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """The form to leave for good."""
    people.check_self(me, name)
    return visit.render("delete_account.html", error="")


@SITE.post("/user/{name}/delete_account")
@people.members
def leave(visit: Visit, me: sqlite3.Row, name: str) -> Response:
    """Leave for good: what was written stays, without the name."""
    people.check_self(me, name)
    if visit.text("confirm_deletion[name]").lower() != me["name"].lower():
        return visit.render("delete_account.html", 422, error="That is not your name.")
    visit.db.execute(
        "UPDATE user SET deleted = 1, name = ?, email = '', bio = '', password = '' WHERE id = ?", (f"!deleted{me['id']}", me["id"])
    )
    for table in ("subscription", "moderator", "hidden_forum", "block", "notification"):
        visit.db.execute(f"DELETE FROM {table} WHERE user_id = ?", (me["id"],))
    visit.log_out()
    visit.flash("Your account is gone. Take care!", "notice")
    return visit.redirect("/")
