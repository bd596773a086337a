"""Variants of a product, and the attributes in which variants differ."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

import itertools
import sqlite3
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import catalog_data, store, text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.grid_page import declare
from mtenvs.sites.admin.grids import Column, Grid
from mtenvs.sites.admin.product_edit import variants
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Refused, Visit

MOST: Final = 200  # variants of a product

GRID: Final = declare(
    Grid(
        "attribute_grid",
        "Product Attributes",
        "catalog/product_attribute/",
        "SELECT a.rowid AS id, a.code, a.label, a.configurable, (SELECT count(*) FROM attribute_option o WHERE o.code ="
        " a.code) AS options FROM attribute a",
        (
            Column("code", "Attribute Code"),
            Column("label", "Default Label"),
            Column("configurable", "Used for Configurations", "select", lambda _: (("1", "Yes"), ("0", "No"))),
            Column("options", "Values", "number"),
        ),
        sort=("label", "asc"),
        search=("code", "label"),
        links=(("Edit", "/admin/catalog/product_attribute/edit/attribute_id/{id}/"),),
        word="attributes",
    )
)


def _attribute(visit: Visit, params: Params) -> sqlite3.Row:
    return row(
        visit,
        "SELECT rowid AS id, * FROM attribute WHERE rowid = ?",
        number(params, "attribute_id"),
        missing="This attribute no longer exists.",
    )


@page("catalog/product_attribute/edit")
def attribute(visit: Visit, params: Params) -> Response:
    """An attribute's label and values."""
    found = _attribute(visit, params)
    return _attribute_form(visit, found, [])


def _attribute_form(visit: Visit, found: sqlite3.Row, errors: list[str]) -> Response:
    uses = "(SELECT count(*) FROM product_attribute p WHERE p.code = o.code AND p.value = o.label) AS uses"
    options = visit.db.execute(
        f"SELECT o.id, o.label, {uses} FROM attribute_option o WHERE code = ? ORDER BY position, id", (found["code"],)
    ).fetchall()
    return visit.render("attribute.html", 422 if errors else 200, attribute=found, options=options, errors=errors)


@action("catalog/product_attribute/save")
def save_attribute(visit: Visit, params: Params) -> Response:
    """Rename an attribute, rename its values and add new ones."""
    found, sent = _attribute(visit, params), Form(visit)
    label = sent.text("frontend_label[0]", "Default Label", required=True, limit=100)
    known = catalog_data.options(visit.db, found["code"])
    wanted = {
        ident: sent.text(f"option[value][{ident}]", "Value", required=True, limit=100)
        for ident, _ in known
        if sent.has(f"option[value][{ident}]")
    }
    new = [line.strip()[:100] for line in sent.raw("option[new]").splitlines() if line.strip()] if found["configurable"] else []
    names = [wanted.get(ident, old).lower() for ident, old in known] + [line.lower() for line in new]
    if len(set(names)) < len(names):
        sent.errors.append("The value of Admin must be unique.")
    if len(names) > MOST:
        sent.errors.append(f"An attribute may have {MOST} values at most.")
    if sent.errors:
        return _attribute_form(visit, found, sent.errors)
    visit.db.execute("UPDATE attribute SET label = ? WHERE rowid = ?", (label, found["id"]))
    changed = {ident: (old, wanted[ident]) for ident, old in known if ident in wanted and wanted[ident] != old}
    for ident in changed:  # two steps, because two values may change places
        visit.db.execute("UPDATE attribute_option SET label = 'changing ' || id WHERE id = ?", (int(ident),))
    holders = {
        ident: [
            r[0] for r in visit.db.execute("SELECT product_id FROM product_attribute WHERE code = ? AND value = ?", (found["code"], old))
        ]
        for ident, (old, _) in changed.items()
    }
    for ident, (_, to) in changed.items():
        visit.db.execute("UPDATE attribute_option SET label = ? WHERE id = ?", (to, int(ident)))
        visit.db.executemany(
            "UPDATE product_attribute SET value = ? WHERE code = ? AND product_id = ?",
            [(to, found["code"], holder) for holder in holders[ident]],
        )
    for line in new:
        catalog_data.add_option(visit.db, found["code"], line)
    visit.flash("You saved the product attribute.")
    return visit.redirect(f"/admin/catalog/product_attribute/edit/attribute_id/{found['id']}/")


def _parent(visit: Visit, params: Params) -> sqlite3.Row:
    found = row(visit, "SELECT * FROM product WHERE id = ?", number(params, "id"), missing="This product doesn't exist.")
    if found["parent_id"] is not None:
        raise Refused(404, "A variant has no variants.")
    return found


@page("catalog/product_configurations/edit")
def edit(visit: Visit, params: Params) -> Response:
    """Which values the variants of a product have, and what new ones cost."""
    return _form(visit, _parent(visit, params), [])


def _form(visit: Visit, product: sqlite3.Row, errors: list[str]) -> Response:
    db, ident = visit.db, product["id"]
    codes = [r[0] for r in db.execute("SELECT code FROM configurable_attribute WHERE product_id = ? ORDER BY position", (ident,))]
    labels = {r["code"]: r["label"] for r in catalog_data.configurable_attributes(db)}
    used = {
        (r["code"], r["value"])
        for r in db.execute(
            "SELECT DISTINCT a.code, a.value FROM product_attribute a JOIN product p ON p.id = a.product_id WHERE p.parent_id = ?", (ident,)
        )
    }
    shown = [
        (code, labels[code], [(i, label, (code, label) in used) for i, label in catalog_data.options(db, code)]) for code in codes or labels
    ]
    first = db.execute("SELECT price FROM product WHERE parent_id = ? ORDER BY id LIMIT 1", (ident,)).fetchone()
    price = text.plain(first["price"] if first is not None else product["price"])
    values = {key: str(value) for key, value in visit.form.multi_items()}
    context = {"product": product, "shown": shown, "price": price, "v": values, "variants": variants(db, ident), "errors": errors}
    return visit.render("configurations.html", 422 if errors else 200, **context)


@action("catalog/product_configurations/save")
def save(visit: Visit, params: Params) -> Response:
    """Make the variants that are missing among all combinations of the chosen values."""
    product, sent, db = _parent(visit, params), Form(visit), visit.db
    price, qty = sent.cents("price", "Price", required=True) or 0, sent.whole("qty", "Quantity") or 0
    fixed = [r[0] for r in db.execute("SELECT code FROM configurable_attribute WHERE product_id = ? ORDER BY position", (product["id"],))]
    chosen = _chosen(sent, fixed)
    combinations = [dict(zip(chosen, values, strict=True)) for values in itertools.islice(itertools.product(*chosen.values()), MOST + 1)]
    there = [
        {a["code"]: a["value"] for a in catalog_data.attributes_of(db, v["id"]) if a["code"] in chosen} for v in variants(db, product["id"])
    ]
    missing = [combination for combination in combinations if combination not in there]
    if len(missing) + len(there) > MOST:
        sent.errors.append(f"A product may have {MOST} variants at most.")
    if sent.errors:
        return _form(visit, product, sent.errors)
    if not fixed:
        _become_configurable(visit, product, list(chosen))
    for combination in missing:
        _add(visit, product, combination, price, qty)
    if missing:
        visit.flash(f"{len(missing)} variant(s) have been added.")
    else:
        visit.flash("All of these variants are there already.", "notice")
    return visit.redirect(f"/admin/catalog/product/edit/id/{product['id']}/")


def _chosen(sent: Form, fixed: list[str]) -> dict[str, list[str]]:
    """The values that are ticked or new, by attribute; a product with variants keeps its attributes."""
    chosen: dict[str, list[str]] = {}
    db = sent.visit.db
    for code in fixed or [r["code"] for r in catalog_data.configurable_attributes(db)]:
        by_id = dict(catalog_data.options(db, code))
        labels = [by_id[ident] for ident in sent.choices(f"attribute[{code}]", "Values", by_id)]
        for new in (part.strip()[:100] for part in sent.raw(f"new_value[{code}]").split(",")):
            if new:
                option = catalog_data.add_option(db, code, new)
                labels.append(str(db.execute("SELECT label FROM attribute_option WHERE id = ?", (option,)).fetchone()[0]))
        if labels:
            chosen[code] = list(dict.fromkeys(labels))
        elif fixed:
            sent.errors.append("Please choose at least one value of each attribute.")
    if not chosen:
        sent.errors.append("Please choose the values that the variants shall have.")
    return chosen


def _become_configurable(visit: Visit, product: sqlite3.Row, codes: list[str]) -> None:
    visit.db.execute("UPDATE product SET type = 'configurable', qty = 0, special_price = NULL WHERE id = ?", (product["id"],))
    visit.db.executemany("DELETE FROM product_attribute WHERE product_id = ? AND code = ?", [(product["id"], code) for code in codes])
    visit.db.executemany(
        "INSERT INTO configurable_attribute VALUES (?, ?, ?)", [(product["id"], code, place) for place, code in enumerate(codes)]
    )


def _add(visit: Visit, product: sqlite3.Row, combination: dict[str, str], price: int, qty: int) -> None:
    values = "-".join(combination.values())
    now = text.stamp(visit.now)
    name = f"{product['name']}-{values}"
    found: dict[str, Any] = {
        "sku": catalog_data.free(visit.db, "product", "sku", f"{product['sku']}-{values}".replace(" ", "").replace("%", "")),
        "parent_id": product["id"],
        "name": name,
        "url_key": catalog_data.free(visit.db, "product", "url_key", catalog_data.slug(name)),
        "price": price,
        "qty": qty,
        "visible": 0,
        "created_at": now,
        "updated_at": now,
        **{key: product[key] for key in ("brand", "weight", "tax_class", "attribute_set")},
    }
    made = store.insert(visit.db, "product", found)
    visit.db.executemany("INSERT INTO product_attribute VALUES (?, ?, ?)", [(made, code, value) for code, value in combination.items()])
