"""Signing in and out, creating an account, and what an account says of its owner."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.baskets import adopt_cart, cart_id
from mtenvs.sites.shop.forms import REQUIRED, Answers
from mtenvs.sites.shop.passwords import hashed, matches
from mtenvs.sites.shop.site import SITE, Row, customer_of, every, members_only, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response

_WRONG = "The account sign-in was incorrect. Please check your email address and password, then try again."


@SITE.get("/customer/account/login/")
@SITE.get("/customer/account/login/referer/{referer}/")
def login(visit: Visit, referer: str = "") -> Response:
    """The form."""
    del referer
    if customer_of(visit):
        return visit.redirect("/customer/account/")
    return visit.render("login.html", email="", errors={})


@SITE.post("/customer/account/loginPost/")
@SITE.post("/customer/account/loginPost/referer/{referer}/")
def login_post(visit: Visit, referer: str = "") -> Response:
    """Sign in."""
    del referer
    email, password = visit.text("login[username]", limit=255), str(visit.form.get("login[password]", ""))[:256]
    errors = {name: REQUIRED for name, value in (("email", email), ("password", password)) if not value}
    if errors:
        return visit.render("login.html", 422, email=email, errors=errors)
    row = one(visit, "SELECT id, password FROM customer WHERE email = ?", email)
    if row is None or not matches(password, row["password"]):
        visit.flash(_WRONG, "error")
        return visit.render("login.html", 401, email=email, errors={})
    return _enter(visit, row["id"])


def _enter(visit: Visit, ident: int) -> Response:
    guest = cart_id(visit)
    to = visit.session.data.pop("after_login", "/customer/account/")
    for name in ("cart", "checkout", "last_order"):
        visit.session.data.pop(name, None)
    adopt_cart(visit, guest, ident)
    visit.renew(customer=ident)
    return visit.redirect(to)


@SITE.get("/customer/account/logout/")
def logout(visit: Visit) -> Response:
    """Sign out."""
    visit.log_out()
    return visit.redirect("/customer/account/logoutSuccess/")


@SITE.get("/customer/account/logoutSuccess/")
def logged_out(visit: Visit) -> Response:
    """Say so."""
    return visit.render("plain.html", title="You are signed out", text="Come back soon. You are on your way to the first page.", link="/", label="Continue")


@SITE.get("/customer/account/create/")
def create(visit: Visit) -> Response:
    """The form."""
    if customer_of(visit):
        return visit.redirect("/customer/account/")
    return visit.render("create.html", values={}, errors={})


@SITE.post("/customer/account/createpost/")
def create_post(visit: Visit) -> Response:
    """Create an account and sign in."""
    answers = Answers(visit)
    first, last, email = answers.text("firstname"), answers.text("lastname"), answers.email("email")
    password = answers.new_password("password", "password_confirmation")
    if answers.errors:
        return visit.render("create.html", 422, values=answers.values, errors=answers.errors)
    now = stamp(visit)
    try:
        made = visit.db.execute(
            "INSERT INTO customer (email, firstname, lastname, password, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)",
            (email, first, last, hashed(password, email.lower()), now, now),
        )
    except sqlite3.IntegrityError:
        answers.errors["email"] = "There is already an account with this email address."
        return visit.render("create.html", 422, values=answers.values, errors=answers.errors)
    ident = int(made.lastrowid or 0)
    if visit.text("is_subscribed") == "1":
        subscribe(visit, email, ident, "subscribed")
    visit.flash(f"Thank you for registering with {visit.site.title}.")
    return _enter(visit, ident)


def subscribe(visit: Visit, email: str, customer: int | None, status: str) -> None:
    """Put an address on the list of the newsletter, or take it off."""
    visit.db.execute(
        "INSERT INTO newsletter_subscriber (email, customer_id, status, changed_at) VALUES (?, ?, ?, ?) ON CONFLICT (email) DO UPDATE SET"
        " status = excluded.status, changed_at = excluded.changed_at, customer_id = coalesce(excluded.customer_id, customer_id)",
        (email, customer, status, stamp(visit)),
    )


@SITE.get("/customer/account/forgotpassword/")
def forgot(visit: Visit) -> Response:
    """The form."""
    return visit.render("forgot.html", values={}, errors={})


@SITE.post("/customer/account/forgotpasswordpost/")
def forgot_post(visit: Visit) -> Response:
    """Say the same whether there is such an account or not."""
    answers = Answers(visit)
    email = answers.email("email")
    if answers.errors:
        return visit.render("forgot.html", 422, values=answers.values, errors=answers.errors)
    visit.flash(f"If there is an account associated with {email} you will receive an email with a link to reset your password.")
    return visit.redirect("/customer/account/login/")


@SITE.get("/customer/account/")
@SITE.get("/customer/account/index/")
@members_only
def dashboard(visit: Visit, customer: Row) -> Response:
    """Name, addresses and the last orders."""
    return visit.render(
        "dashboard.html",
        orders=every(visit, ORDERS + " ORDER BY o.id DESC LIMIT 5", customer["id"]),
        billing=one(visit, "SELECT * FROM address WHERE id = ?", customer["default_billing"] or 0),
        shipping=one(visit, "SELECT * FROM address WHERE id = ?", customer["default_shipping"] or 0),
        subscribed=_subscribed(visit, customer),
        section="dashboard",
    )


ORDERS = (
    "SELECT o.*, a.firstname || ' ' || a.lastname AS ship_to FROM sales_order o LEFT JOIN order_address a ON a.order_id = o.id AND a.kind = 'shipping'"
    " WHERE o.customer_id = ?"
)


def _subscribed(visit: Visit, customer: Row) -> bool:
    row = one(visit, "SELECT status FROM newsletter_subscriber WHERE email = ?", customer["email"])
    return row is not None and row["status"] == "subscribed"


@SITE.get("/customer/account/edit/")
@SITE.get("/customer/account/edit/changepass/1/")
@members_only
def edit(visit: Visit, customer: Row) -> Response:
    """The form."""
    return visit.render("account_edit.html", values=customer, errors={}, changes=visit.path.endswith("/1/"), section="edit")


@SITE.post("/customer/account/editPost/")
@members_only
def edit_post(visit: Visit, customer: Row) -> Response:
    """Change name, and with the current password e-mail address or password."""
    answers = Answers(visit)
    first, last = answers.text("firstname"), answers.text("lastname")
    new_email, new_password = visit.text("change_email") == "1", visit.text("change_password") == "1"
    email = answers.email("email") if new_email else customer["email"]
    password = answers.new_password("password", "password_confirmation") if new_password else ""
    if new_email or new_password:
        given = str(visit.form.get("current_password", ""))[:256]
        if not given:
            answers.errors["current_password"] = REQUIRED
        elif not matches(given, customer["password"]):
            answers.errors["current_password"] = "The password doesn't match this account. Verify the password and try again."
    if not answers.errors:
        try:
            visit.db.execute(
                "UPDATE customer SET firstname = ?, lastname = ?, email = ?, password = ?, updated_at = ? WHERE id = ?",
                (first, last, email, hashed(password, email.lower()) if password else customer["password"], stamp(visit), customer["id"]),
            )
        except sqlite3.IntegrityError:
            answers.errors["email"] = "A customer with the same email address already exists."
    if answers.errors:
        values = {**customer, **answers.values}
        return visit.render("account_edit.html", 422, values=values, errors=answers.errors, changes=new_password, section="edit")
    visit.flash("You saved the account information.")
    return visit.redirect("/customer/account/")


@SITE.get("/newsletter/manage/")
@SITE.get("/newsletter/manage/index/")
@members_only
def newsletter(visit: Visit, customer: Row) -> Response:
    """Whether the newsletter comes."""
    return visit.render("newsletter.html", subscribed=_subscribed(visit, customer), section="newsletter")


@SITE.post("/newsletter/manage/save/")
@members_only
def newsletter_save(visit: Visit, customer: Row) -> Response:
    """Subscribe or unsubscribe."""
    wanted = visit.text("is_subscribed") == "1"
    subscribe(visit, customer["email"], customer["id"], "subscribed" if wanted else "unsubscribed")
    visit.flash("We have saved your subscription." if wanted else "We have removed your newsletter subscription.")
    return visit.redirect("/customer/account/")
