"""The address book."""

# ruff: noqa: S608 - conditions are put together from our own words, what visitors send is always bound

from __future__ import annotations

from typing import TYPE_CHECKING

from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.shop.forms import ADDRESS_FIELDS, Answers
from mtenvs.sites.shop.seed.names import REGIONS
from mtenvs.sites.shop.site import SITE, Row, every, members_only, one, stamp

if TYPE_CHECKING:
    from starlette.responses import Response


@SITE.get("/customer/address/")
@SITE.get("/customer/address/index/")
@members_only
def book(visit: Visit, customer: Row) -> Response:
    """All addresses, the two usual ones first."""
    addresses = every(visit, "SELECT * FROM address WHERE customer_id = ? ORDER BY id", customer["id"])
    if not addresses:
        return visit.redirect("/customer/address/new/")
    by_id = {address["id"]: address for address in addresses}
    billing, shipping = by_id.get(customer["default_billing"]), by_id.get(customer["default_shipping"])
    others = [address for address in addresses if address not in (billing, shipping)]
    return visit.render("addresses.html", billing=billing, shipping=shipping, others=others, section="addresses")


@SITE.get("/customer/address/new/")
@members_only
def new(visit: Visit, customer: Row) -> Response:
    """An empty form."""
    values = {**dict.fromkeys(ADDRESS_FIELDS, ""), "firstname": customer["firstname"], "lastname": customer["lastname"]}
    return _form(visit, customer, 0, values, {})


@SITE.get("/customer/address/edit/id/{ident:int}/")
@members_only
def edit(visit: Visit, customer: Row, ident: int) -> Response:
    """The form with an address in it."""
    return _form(visit, customer, ident, _owned(visit, customer, ident), {})


def _form(visit: Visit, customer: Row, ident: int, values: Row, errors: dict[str, str]) -> Response:
    usual = {kind: bool(ident) and customer[f"default_{kind}"] == ident for kind in ("billing", "shipping")}
    return visit.render(
        "address_edit.html",
        422 if errors else 200,
        ident=ident,
        values=values,
        errors=errors,
        usual=usual,
        regions=REGIONS,
        section="addresses",
    )


def _owned(visit: Visit, customer: Row, ident: int) -> Row:
    found = one(visit, "SELECT * FROM address WHERE id = ? AND customer_id = ?", ident, customer["id"])
    if found is None:
        raise Refused(404, "You have no such address.")
    return found


@SITE.post("/customer/address/formPost/")
@members_only
def save_new(visit: Visit, customer: Row) -> Response:
    """Add an address."""
    return _save(visit, customer, 0)


@SITE.post("/customer/address/formPost/id/{ident:int}/")
@members_only
def save(visit: Visit, customer: Row, ident: int) -> Response:
    """Change an address."""
    _owned(visit, customer, ident)
    return _save(visit, customer, ident)


def _save(visit: Visit, customer: Row, ident: int) -> Response:
    answers = Answers(visit)
    values = [answers.address()[name] for name in ADDRESS_FIELDS]
    if answers.errors:
        return _form(visit, customer, ident, answers.values, answers.errors)
    names = ", ".join(ADDRESS_FIELDS)
    marks = ", ".join("?" * len(ADDRESS_FIELDS))
    if ident:
        visit.db.execute(f"UPDATE address SET ({names}) = ({marks}) WHERE id = ?", (*values, ident))
    else:
        made = visit.db.execute(f"INSERT INTO address (customer_id, {names}) VALUES (?, {marks})", (customer["id"], *values))
        ident = int(made.lastrowid or 0)
    for kind in ("billing", "shipping"):
        if visit.text(f"default_{kind}") == "1" or not customer[f"default_{kind}"]:
            visit.db.execute(f"UPDATE customer SET default_{kind} = ?, updated_at = ? WHERE id = ?", (ident, stamp(visit), customer["id"]))
    visit.flash("You saved the address.")
    return visit.redirect("/customer/address/")


@SITE.post("/customer/address/delete/id/{ident:int}/")
@members_only
def delete(visit: Visit, customer: Row, ident: int) -> Response:
    """Remove an address that is not one of the two usual ones."""
    _owned(visit, customer, ident)
    if ident in (customer["default_billing"], customer["default_shipping"]):
        visit.flash("Choose another default address before you delete this one.", "error")
    else:
        visit.db.execute("DELETE FROM address WHERE id = ?", (ident,))
        visit.flash("You deleted the address.")
    return visit.redirect("/customer/address/")
