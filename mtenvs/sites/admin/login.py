"""Logging in and out."""

from __future__ import annotations

from starlette.responses import Response

from mtenvs.sites.admin.site import DASHBOARD, Params, action, administrator, page
from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.passwords import matches


@page("admin/index/index")
def begin(visit: Visit, _params: Params) -> Response:
    """The dashboard is the first page."""
    return visit.redirect(DASHBOARD)


@page("admin/auth/login", public=True)
def form(visit: Visit, _params: Params) -> Response:
    """The log-in form by itself."""
    if administrator(visit) is not None:
        return visit.redirect(DASHBOARD)
    return visit.render("login.html", next=DASHBOARD, username="")


@action("admin/auth/login", public=True)
def log_in(visit: Visit, _params: Params) -> Response:
    """Log in, and go where the visitor wanted to go."""
    name = visit.text("login[username]", limit=40)
    wanted = visit.text("next") or DASHBOARD
    if not wanted.startswith("/admin/") or "/auth/" in wanted:
        wanted = DASHBOARD
    found = visit.db.execute("SELECT id, password FROM admin_user WHERE username = ? AND active", (name,)).fetchone()
    password = visit.form.get("login[password]", "")
    if found is None or not isinstance(password, str) or not matches(password[:200], found["password"]):
        visit.flash("The account sign-in was incorrect or your account is disabled. Please wait and try again later.", "error")
        return visit.render("login.html", 401, next=wanted, username=name)
    visit.renew(admin=found["id"])
    return visit.redirect(wanted)


@page("admin/auth/logout", public=True)
def log_out(visit: Visit, _params: Params) -> Response:
    """Log out; a link in the original too."""
    visit.log_out()
    visit.flash("You have logged out.")
    return visit.redirect("/admin/admin/auth/login/")
