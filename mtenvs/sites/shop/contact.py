"""Writing to the shop, and the newsletter's form at the foot of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mtenvs.sites.kit import Visit
from mtenvs.sites.shop.account import subscribe
from mtenvs.sites.shop.catalog import text_page
from mtenvs.sites.shop.forms import Answers
from mtenvs.sites.shop.site import SITE, customer_of, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response


@SITE.get("/contact/")
@SITE.get("/contact/index/")
def form(visit: Visit) -> Response:
    """The form, with what is known of the visitor."""
    customer = customer_of(visit)
    values = {"name": f"{customer['firstname']} {customer['lastname']}", "email": customer["email"]} if customer else {}
    return visit.render("contact.html", values=values, errors={})


@SITE.post("/contact/index/post/")
def post(visit: Visit) -> Response:
    """Keep the message."""
    answers = Answers(visit)
    name, email = answers.text("name"), answers.email("email")
    telephone, comment = answers.text("telephone", required=False, limit=40), answers.text("comment", limit=5_000)
    if answers.errors:
        return visit.render("contact.html", 422, values=answers.values, errors=answers.errors)
    visit.db.execute("INSERT INTO contact_message (name, email, telephone, comment, created_at) VALUES (?, ?, ?, ?, ?)", (name, email, telephone, comment, stamp(visit)))
    visit.flash("Thanks for writing to us. A person will read it and answer soon.")
    return visit.redirect("/contact/")


@SITE.post("/newsletter/subscriber/new/")
def newsletter(visit: Visit) -> Response:
    """Subscribe an address."""
    answers = Answers(visit)
    email = answers.email("email")
    known = one(visit, "SELECT status FROM newsletter_subscriber WHERE email = ?", email)
    if answers.errors:
        visit.flash("Please enter a valid email address.", "error")
    elif known and known["status"] == "subscribed":
        visit.flash("This email address is already subscribed.", "error")
    else:
        owner = one(visit, "SELECT id FROM customer WHERE email = ?", email)
        subscribe(visit, email, owner["id"] if owner else None, "subscribed")
        visit.flash("Thank you for your subscription.")
    return visit.back("/")


@SITE.get("/{identifier}/")
def page(visit: Visit, identifier: str) -> Response:
    """A page of text; the last of all routes."""
    return text_page(visit, identifier)
