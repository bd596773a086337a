"""Categories: the tree, and one category."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from mtenvs.sites.admin import catalog_data
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Refused, Visit


@page("catalog/category/index")
def show(visit: Visit, _params: Params) -> Response:
    """The tree."""
    return visit.render("category.html", category=None, categories=catalog_data.tree(visit.db), v={}, products=(), errors=[])


@page("catalog/category/edit")
def edit(visit: Visit, params: Params) -> Response:
    """One category beside the tree."""
    return _form(visit, _category(visit, number(params, "id")), [])


@page("catalog/category/add")
def add(visit: Visit, params: Params) -> Response:
    """The form of a new category below another one."""
    return _form(visit, _new(visit, params), [])


def _category(visit: Visit, ident: int) -> sqlite3.Row:
    if ident <= catalog_data.ROOT:
        raise Refused(404, "The root category has no page.")
    return row(visit, "SELECT * FROM category WHERE id = ?", ident, missing="This category doesn't exist.")


def _new(visit: Visit, params: Params) -> Mapping[str, Any]:
    parent = number(params, "parent") if "parent" in params else catalog_data.ROOT
    if parent != catalog_data.ROOT:
        _category(visit, parent)
    return {"id": 0, "parent_id": parent, "name": "", "active": 1, "description": "", "url_path": ""}


def _form(visit: Visit, category: Mapping[str, Any] | sqlite3.Row, errors: list[str]) -> Response:
    values = {"name": category["name"], "is_active": str(category["active"]), "description": category["description"]}
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    products = visit.db.execute(
        "SELECT p.id, p.name, p.sku, p.price FROM product_category c JOIN product p ON p.id = c.product_id WHERE c.category_id"
        " = ? ORDER BY p.id LIMIT 100",
        (category["id"],),
    ).fetchall()
    context = {"category": category, "categories": catalog_data.tree(visit.db), "v": values, "products": products, "errors": errors}
    return visit.render("category.html", 422 if errors else 200, **context)


@action("catalog/category/save")
def save(visit: Visit, params: Params) -> Response:
    """Keep a category; its address stays as it is, because people know it."""
    category: Mapping[str, Any] | sqlite3.Row = _category(visit, number(params, "id")) if "id" in params else _new(visit, params)
    sent = Form(visit)
    name = sent.text("name", "Category Name", required=True, limit=100)
    active = int(sent.choice("is_active", "Enable Category", {"0", "1"}, str(category["active"])) or 0)
    description = sent.text("description", "Description", limit=5_000)
    if sent.errors:
        return _form(visit, category, sent.errors)
    ident = category["id"]
    if ident:
        visit.db.execute("UPDATE category SET name = ?, active = ?, description = ? WHERE id = ?", (name, active, description, ident))
    else:
        above = row(visit, "SELECT level, url_path FROM category WHERE id = ?", category["parent_id"])
        path = "/".join(part for part in (above["url_path"] if above["level"] > 0 else "", catalog_data.slug(name)) if part)
        path = catalog_data.free(visit.db, "category", "url_path", path)
        ident = visit.db.execute(
            "INSERT INTO category (parent_id, name, url_path, level, position, active, description) VALUES (?, ?, ?, ?, (SELECT"
            " max(position) + 1 FROM category), ?, ?)",
            (category["parent_id"], name, path, above["level"] + 1, active, description),
        ).lastrowid
    visit.flash("You saved the category.")
    return visit.redirect(f"/admin/catalog/category/edit/id/{ident}/")
