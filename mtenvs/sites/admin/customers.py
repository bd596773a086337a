"""Customers: the grid, an account with its addresses, orders and reviews."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import store, text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import back_to, declare, none_selected, selected
from mtenvs.sites.admin.grids import Column, Grid, Mass
from mtenvs.sites.admin.order_actions import ADDRESS, address_columns
from mtenvs.sites.admin.orders import groups
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Refused, Visit

NEW: Final[Mapping[str, Any]] = {
    "id": 0,
    "email": "",
    "firstname": "",
    "lastname": "",
    "group_id": 1,
    "created_at": "",
    "default_billing": None,
    "default_shipping": None,
}

GRID: Final = declare(
    Grid(
        "customer_listing",
        "Customers",
        "customer/index/",
        "SELECT c.id, c.firstname || ' ' || c.lastname AS name, c.email, c.group_id, a.telephone, a.postcode, a.country,"
        " a.region, c.created_at"
        " FROM customer c LEFT JOIN address a ON a.id = c.default_billing",
        (
            Column("id", "ID", "number"),
            Column("name", "Name"),
            Column("email", "Email"),
            Column("group_id", "Group", "select", groups),
            Column("telephone", "Phone"),
            Column("postcode", "ZIP"),
            Column("country", "Country", "select", lambda _: text.COUNTRIES.items()),
            Column("region", "State/Province"),
            Column("created_at", "Customer Since", "date"),
        ),
        sort=("id", "asc"),
        search=("name", "email", "telephone", "postcode"),
        links=(("Edit", "/admin/customer/index/edit/id/{id}/"),),
        buttons=(("Add New Customer", "/admin/customer/index/new/"),),
        mass=(Mass("Delete", "customer/index/massDelete/", "Are you sure you want to delete the selected customers?"),),
        word="customers",
    )
)


@page("customer/index/edit")
def edit(visit: Visit, params: Params) -> Response:
    """An account."""
    return _form(visit, _customer(visit, number(params, "id")), [])


@page("customer/index/new")
def new(visit: Visit, _params: Params) -> Response:
    """An empty form."""
    return _form(visit, NEW, [])


def _customer(visit: Visit, ident: int) -> sqlite3.Row:
    return row(visit, "SELECT * FROM customer WHERE id = ?", ident, missing="Something went wrong: there is no such customer.")


def _form(visit: Visit, customer: Mapping[str, Any] | sqlite3.Row, errors: list[str]) -> Response:
    ident, db = customer["id"], visit.db
    values = {f"customer[{key}]": str(customer[key]) for key in ("firstname", "lastname", "email", "group_id")}
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    facts = db.execute(
        "SELECT count(*) AS orders, coalesce(sum(total_paid - total_refunded), 0) AS spent FROM sales_order WHERE customer_id = ?", (ident,)
    ).fetchone()
    context = {
        "customer": customer,
        "v": values,
        "groups": groups(db),
        "facts": facts,
        "addresses": db.execute("SELECT * FROM address WHERE customer_id = ? ORDER BY id", (ident,)).fetchall(),
        "orders": db.execute(
            "SELECT id, increment_id, created_at, grand_total, status FROM sales_order WHERE customer_id = ? ORDER BY created_at DESC",
            (ident,),
        ).fetchall(),
        "reviews": db.execute(
            "SELECT r.*, p.name AS product FROM review r JOIN product p ON p.id = r.product_id WHERE r.customer_id = ? ORDER BY"
            " r.created_at DESC LIMIT 50",
            (ident,),
        ).fetchall(),
        "errors": errors,
    }
    return visit.render("customer.html", 422 if errors else 200, **context)


@action("customer/index/save")
def save(visit: Visit, params: Params) -> Response:
    """Keep an account's facts, or make a new one, which gets its password by e-mail."""
    customer: Mapping[str, Any] | sqlite3.Row = _customer(visit, number(params, "id")) if "id" in params else NEW
    sent, db = Form(visit), visit.db
    found = {
        "firstname": sent.text("customer[firstname]", "First Name", required=True, limit=100),
        "lastname": sent.text("customer[lastname]", "Last Name", required=True, limit=100),
        "email": sent.email("customer[email]", "Email"),
        "group_id": int(sent.choice("customer[group_id]", "Group", dict(groups(db)), str(customer["group_id"])) or 0),
        "updated_at": text.stamp(visit.now),
    }
    if db.execute("SELECT 1 FROM customer WHERE email = ? AND id <> ?", (found["email"], customer["id"])).fetchone():
        sent.errors.append("A customer with the same email address already exists.")
    if sent.errors:
        return _form(visit, customer, sent.errors)
    ident = customer["id"]
    if ident:
        store.update(db, "customer", ident, found)
    else:
        found |= {"password": "", "created_at": found["updated_at"]}  # no password fits the empty one
        ident = store.insert(db, "customer", found)
    visit.flash("You saved the customer.")
    return visit.redirect(f"/admin/customer/index/edit/id/{ident}/")


@action("customer/index/delete")
def delete(visit: Visit, params: Params) -> Response:
    """Remove an account; its orders stay."""
    customer = _customer(visit, number(params, "id"))
    visit.db.execute("DELETE FROM customer WHERE id = ?", (customer["id"],))
    visit.flash("You deleted the customer.")
    return visit.redirect("/admin/customer/index/")


@action("customer/index/massDelete")
def delete_many(visit: Visit, _params: Params) -> Response:
    """Remove accounts; their orders stay."""
    idents = selected(visit, GRID)
    if not idents:
        return none_selected(visit, GRID)
    gone = store.delete(visit.db, "customer", *idents)
    visit.flash(f"A total of {gone} record(s) were deleted.")
    return back_to(visit, GRID)


@page("customer/address/edit")
def address(visit: Visit, params: Params) -> Response:
    """The form of an address, or of a new one of the customer whom the address names."""
    return _address_form(visit, *_address(visit, params), [])


def _address(visit: Visit, params: Params) -> tuple[sqlite3.Row, Mapping[str, Any] | sqlite3.Row]:
    if "id" in params:
        found = row(visit, "SELECT * FROM address WHERE id = ?", number(params, "id"), missing="This address no longer exists.")
        return _customer(visit, found["customer_id"]), found
    customer = _customer(visit, number(params, "customer_id"))
    return customer, {
        "id": 0,
        **{key: "" for key, _ in ADDRESS},
        "firstname": customer["firstname"],
        "lastname": customer["lastname"],
        "street": "",
        "country": "US",
    }


def _address_form(visit: Visit, customer: sqlite3.Row, found: Mapping[str, Any] | sqlite3.Row, errors: list[str]) -> Response:
    values: dict[str, Any] = {key: found[key] for key, _ in ADDRESS} | {"country_id": found["country"]}
    values |= {f"street[{i}]": line for i, line in enumerate([*found["street"].split("\n"), "", ""][:2])}
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    context = {"customer": customer, "address": found, "v": values, "countries": list(text.COUNTRIES.items()), "errors": errors}
    return visit.render("customer_address.html", 422 if errors else 200, **context)


@action("customer/address/save")
def save_address(visit: Visit, params: Params) -> Response:
    """Keep an address."""
    customer, found = _address(visit, params)
    sent, db = Form(visit), visit.db
    columns: dict[str, Any] = dict(address_columns(sent))
    if sent.errors:
        return _address_form(visit, customer, found, sent.errors)
    ident = found["id"]
    if ident:
        store.update(db, "address", ident, columns)
    else:
        columns["customer_id"] = customer["id"]
        ident = store.insert(db, "address", columns)
    for kind in ("default_billing", "default_shipping"):
        if sent.raw(kind) == "1" or customer[kind] is None:
            store.update(db, "customer", customer["id"], {kind: ident})
    visit.flash("You saved the address.")
    return visit.redirect(f"/admin/customer/index/edit/id/{customer['id']}/")


@action("customer/address/delete")
def delete_address(visit: Visit, params: Params) -> Response:
    """Remove an address."""
    customer, found = _address(visit, params)
    if not found["id"]:
        raise Refused(404, "This address no longer exists.")
    for kind in ("default_billing", "default_shipping"):
        if customer[kind] == found["id"]:
            store.update(visit.db, "customer", customer["id"], {kind: None})
    visit.db.execute("DELETE FROM address WHERE id = ?", (found["id"],))
    visit.flash("You deleted the address.")
    return visit.redirect(f"/admin/customer/index/edit/id/{customer['id']}/")
