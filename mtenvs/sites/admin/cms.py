"""Pages of text, and the shop's themes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import catalog_data, store, text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import declare
from mtenvs.sites.admin.grids import Column, Grid
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Visit
from mtenvs.sites.kit.visit import whole

_ACTIVE: Final = (("1", "Enabled"), ("0", "Disabled"))
NEW: Final[Mapping[str, Any]] = {"id": 0, "identifier": "", "title": "", "heading": "", "content": "", "active": 1}

PAGES: Final = declare(
    Grid(
        "cms_page_listing",
        "Pages",
        "cms/page/",
        "SELECT id, title, identifier, active, created_at, updated_at FROM cms_page",
        (
            Column("id", "ID", "number"),
            Column("title", "Title"),
            Column("identifier", "URL Key"),
            Column("active", "Status", "select", lambda _: _ACTIVE),
            Column("created_at", "Created", "date"),
            Column("updated_at", "Modified", "date"),
        ),
        sort=("id", "asc"),
        search=("title", "identifier"),
        links=(("Edit", "/admin/cms/page/edit/page_id/{id}/"),),
        buttons=(("Add New Page", "/admin/cms/page/new/"),),
        word="pages",
    )
)
THEMES: Final = declare(
    Grid(
        "theme_grid",
        "Themes",
        "admin/system_design_theme/",
        "SELECT t.id, t.title, p.title AS parent, t.path FROM theme t LEFT JOIN theme p ON p.id = t.parent_id",
        (Column("title", "Theme Title"), Column("parent", "Parent Theme"), Column("path", "Theme Path")),
        sort=("id", "asc"),
        links=(("View", "/admin/admin/system_design_theme/edit/id/{id}/"),),
        word="themes",
    )
)


@page("cms/page/edit")
def edit(visit: Visit, params: Params) -> Response:
    """A page's form."""
    return _form(visit, _page(visit, number(params, "page_id")), [])


@page("cms/page/new")
def new(visit: Visit, _params: Params) -> Response:
    """An empty form."""
    return _form(visit, NEW, [])


def _page(visit: Visit, ident: int) -> sqlite3.Row:
    return row(visit, "SELECT * FROM cms_page WHERE id = ?", ident, missing="This page no longer exists.")


def _form(visit: Visit, found: Mapping[str, Any] | sqlite3.Row, errors: list[str]) -> Response:
    values = {
        "title": found["title"],
        "is_active": str(found["active"]),
        "content_heading": found["heading"],
        "content": found["content"],
        "identifier": found["identifier"],
    }
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items()}
    return visit.render("cms_page.html", 422 if errors else 200, found=found, v=values, active=_ACTIVE, errors=errors)


@action("cms/page/save")
def save(visit: Visit, _params: Params) -> Response:
    """Keep a page, or make a new one."""
    ident = whole(visit.text("page_id"), 0)
    found: Mapping[str, Any] | sqlite3.Row = _page(visit, ident) if ident else NEW
    sent = Form(visit)
    columns: dict[str, Any] = {
        "title": sent.text("title", "Page Title", required=True),
        "active": int(sent.choice("is_active", "Enable Page", {"0", "1"}, str(found["active"])) or 0),
        "heading": sent.text("content_heading", "Content Heading") if sent.has("content_heading") else found["heading"],
        "content": sent.text("content", "Content", limit=10_000) if sent.has("content") else found["content"],
        "updated_at": text.stamp(visit.now),
    }
    wanted = catalog_data.slug(sent.raw("identifier") or found["identifier"] or columns["title"])
    columns["identifier"] = catalog_data.free(visit.db, "cms_page", "identifier", wanted, ident)
    if sent.errors:
        return _form(visit, found, sent.errors)
    if ident:
        store.update(visit.db, "cms_page", ident, columns)
    else:
        columns["created_at"] = columns["updated_at"]
        ident = store.insert(visit.db, "cms_page", columns)
    visit.flash("You saved the page.")
    return visit.redirect(f"/admin/cms/page/edit/page_id/{ident}/")


@page("admin/system_design_theme/edit")
def theme(visit: Visit, params: Params) -> Response:
    """What a theme is."""
    found = row(
        visit,
        "SELECT t.*, p.title AS parent FROM theme t LEFT JOIN theme p ON p.id = t.parent_id WHERE t.id = ?",
        number(params, "id"),
        missing="We cannot find the theme.",
    )
    return visit.render("theme.html", theme=found)
