"""Editing a product, and adding a simple one."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from mtenvs.sites.admin import catalog_data, products, store, text
from mtenvs.sites.admin.forms import Form
from mtenvs.sites.admin.site import Params, action, number, page, row
from mtenvs.sites.kit import Refused, Visit
from mtenvs.sites.kit.visit import whole

NEW: Final[Mapping[str, Any]] = {
    "id": 0, "sku": "", "type": "simple", "parent_id": None, "name": "", "url_key": "", "brand": "", "price": None,
    "special_price": None, "weight": 500, "qty": 0,
    "in_stock": 1, "enabled": 1, "visible": 1, "sale": 0, "short_description": "", "description": "", "tax_class": 2,
    "attribute_set": "Default", "created_at": "", "updated_at": "",
}  # fmt: skip
STOCK_FIELD: Final = "product[quantity_and_stock_status]"
TAX_CLASSES: Final = (("0", "None"), ("2", "Taxable Goods"))


@page("catalog/product/edit")
def edit(visit: Visit, params: Params) -> Response:
    """The form of a product."""
    return form(visit, _product(visit, number(params, "id")))


@page("catalog/product/new")
def new(visit: Visit, _params: Params) -> Response:
    """An empty form."""
    return form(visit, NEW)


def form(visit: Visit, product: Mapping[str, Any] | sqlite3.Row, errors: list[str] | None = None) -> Response:
    """The form, with what was sent when something is wrong with it."""
    db, ident = visit.db, int(product["id"])
    chosen = {int(r[0]) for r in db.execute("SELECT category_id FROM product_category WHERE product_id = ?", (ident,))}
    described = {found["code"]: found for found in catalog_data.attributes_of(db, ident)}
    fixed = [
        (r["code"], r["label"], catalog_data.options(db, r["code"]), described.get(r["code"], {}).get("value", ""))
        for r in catalog_data.configurable_attributes(db)
    ]
    values = _values(product)
    if errors:
        values |= {key: str(value) for key, value in visit.form.multi_items() if isinstance(value, str)}
        values["product[sale]"] = str(int("product[sale]" in visit.form))
        chosen = {whole(value, -1) for value in visit.form.getlist("product[category_ids][]")}
    context = {
        "product": product,
        "v": values,
        "fixed": [(code, label, found, _option(values.get(f"product[{code}]"), found, value)) for code, label, found, value in fixed],
        "free": [found for found in described.values() if not found["configurable"]],
        "others": db.execute("SELECT code, label FROM attribute WHERE NOT configurable ORDER BY label").fetchall(),
        "categories": catalog_data.tree(db),
        "chosen": chosen,
        "variants": variants(db, ident),
        "sets": sorted({*products.attribute_sets(db), ("Default", "Default")}),
        "action": save_path(product),
        "products": products,
        "tax_classes": TAX_CLASSES,
        "errors": errors or [],
    }
    return visit.render("product.html", 422 if errors else 200, **context)


def _option(sent: str | None, found: list[tuple[str, str]], value: str) -> str:
    """The id that is chosen in a select of values."""
    return sent if sent is not None else next((ident for ident, label in found if label == value), "")


def variants(db: sqlite3.Connection, product: int) -> list[dict[str, Any]]:
    """The variants of a configurable product, with what they differ in."""
    found = db.execute(
        "SELECT id, name, sku, price, special_price, qty, in_stock, enabled FROM product WHERE parent_id = ? ORDER BY id", (product,)
    ).fetchall()
    return [
        {**dict(r), "differs": ", ".join(f"{a['label']}: {a['value']}" for a in catalog_data.attributes_of(db, r["id"]))} for r in found
    ]


def save_path(product: Mapping[str, Any] | sqlite3.Row) -> str:
    """Where the form is sent."""
    ident = f"id/{product['id']}/" if product["id"] else ""
    return f"/admin/catalog/product/save/{ident}type/{product['type']}/store/0/set/4/back/edit"


def _product(visit: Visit, ident: int) -> sqlite3.Row:
    return row(visit, "SELECT * FROM product WHERE id = ?", ident, missing="This product doesn't exist.")


def _values(product: Mapping[str, Any] | sqlite3.Row) -> dict[str, str]:
    return {
        "product[status]": "1" if product["enabled"] else "2",
        "product[visibility]": "4" if product["visible"] else "1",
        "product[sale]": str(product["sale"]),
        "product[price]": text.plain(product["price"]),
        "product[special_price]": text.plain(product["special_price"]),
        "product[weight]": f"{product['weight'] / 1000:g}",
        "product[tax_class_id]": str(product["tax_class"]),
        f"{STOCK_FIELD}[qty]": str(product["qty"]),
        f"{STOCK_FIELD}[is_in_stock]": str(product["in_stock"]),
        **{
            f"product[{key}]": product[key]
            for key in ("name", "sku", "brand", "url_key", "short_description", "description", "attribute_set")
        },
    }


@action("catalog/product/save")
def save(visit: Visit, params: Params) -> Response:
    """Keep what the form says, and show the form again."""
    product: Mapping[str, Any] | sqlite3.Row = _product(visit, number(params, "id")) if "id" in params else NEW
    sent = Form(visit)
    found = _read(sent, product)
    if sent.errors:
        return form(visit, product, sent.errors)
    categories = {whole(value, -1) for value in visit.form.getlist("product[category_ids][]")}
    known = {int(r[0]) for r in visit.db.execute("SELECT id FROM category WHERE id > ?", (catalog_data.ROOT,))}
    found["updated_at"] = text.stamp(visit.now)
    ident = int(product["id"])
    if ident:
        store.update(visit.db, "product", ident, found)
    else:
        found["created_at"] = found["updated_at"]
        ident = store.insert(visit.db, "product", found)
    visit.db.execute("DELETE FROM product_category WHERE product_id = ?", (ident,))
    visit.db.executemany("INSERT INTO product_category VALUES (?, ?)", [(ident, category) for category in sorted(categories & known)])
    _describe(visit, sent, ident, variant=product["parent_id"] is not None)
    visit.flash("You saved the product.")
    return visit.redirect(f"/admin/catalog/product/edit/id/{ident}/")


def _read(sent: Form, product: Mapping[str, Any] | sqlite3.Row) -> dict[str, Any]:
    """The columns that the form gives; fields that it does not have stay as they are."""
    found: dict[str, Any] = {"name": sent.text("product[name]", "Product Name", required=True)}
    sku = sent.text("product[sku]", "SKU", limit=64) or found["name"][:64]
    found["sku"] = sku
    db, own = sent.visit.db, int(product["id"])
    if db.execute("SELECT 1 FROM product WHERE sku = ? COLLATE NOCASE AND id <> ?", (sku, own)).fetchone():
        sent.errors.append(f"The value “{sku}” for SKU is taken. Each product needs its own.")
    wanted = catalog_data.slug(sent.text("product[url_key]", "URL Key") or product["url_key"] or found["name"])
    found["url_key"] = catalog_data.free(db, "product", "url_key", wanted, own)
    found["enabled"] = int(sent.choice("product[status]", "Status", {"1", "2"}, "1" if product["enabled"] else "2") == "1")
    found["visible"] = int(
        sent.choice("product[visibility]", "Visibility", {"1", "2", "3", "4"}, "4" if product["visible"] else "1") != "1"
    )
    if sent.has("shown[sale]"):  # a box that is not ticked is not sent
        found["sale"] = int(sent.has("product[sale]"))
    found["tax_class"] = int(sent.choice("product[tax_class_id]", "Tax Class", {"0", "2"}, str(product["tax_class"])))
    found["in_stock"] = int(sent.choice(f"{STOCK_FIELD}[is_in_stock]", "Stock Status", {"0", "1"}, str(product["in_stock"])))
    if product["type"] == "simple":
        found["price"] = sent.cents("product[price]", "Price", required=True)
        found["special_price"] = (
            sent.cents("product[special_price]", "Special Price") if sent.has("product[special_price]") else product["special_price"]
        )
        if sent.has(f"{STOCK_FIELD}[qty]"):
            found["qty"] = sent.whole(f"{STOCK_FIELD}[qty]", "Quantity") or 0
    for key, label, limit in (
        ("brand", "Brand", 100),
        ("attribute_set", "Attribute Set", 100),
        ("short_description", "Short Description", 5_000),
        ("description", "Description", 10_000),
    ):
        if sent.has(f"product[{key}]"):
            found[key] = sent.text(f"product[{key}]", label, limit=limit)
    if sent.has("product[weight]"):
        found["weight"] = sent.grams("product[weight]", "Weight")
    return found


def _describe(visit: Visit, sent: Form, ident: int, *, variant: bool) -> None:
    """Keep the attributes; an empty one is removed, but not from a variant, which would no longer be told apart."""
    known = {r["code"]: bool(r["configurable"]) for r in visit.db.execute("SELECT code, configurable FROM attribute")}
    for code, fixed in known.items():
        name = f"product[{code}]"
        if code == "weight":  # there is an attribute of that name besides the shipping weight
            name = "product[attribute_weight]"
        if not sent.has(name):
            continue
        value = sent.raw(name)[:255]
        if fixed and value:
            label = visit.db.execute("SELECT label FROM attribute_option WHERE id = ? AND code = ?", (whole(value, -1), code)).fetchone()
            value = label[0] if label is not None else ""
        if value:
            visit.db.execute("INSERT OR REPLACE INTO product_attribute VALUES (?, ?, ?)", (ident, code, value))
        elif not variant:
            visit.db.execute("DELETE FROM product_attribute WHERE product_id = ? AND code = ?", (ident, code))
    code, value = sent.raw("new_attribute[code]"), sent.raw("new_attribute[value]")[:255]
    if known.get(code) is False and value:
        visit.db.execute("INSERT OR REPLACE INTO product_attribute VALUES (?, ?, ?)", (ident, code, value))


@action("catalog/product/delete")
def delete(visit: Visit, params: Params) -> Response:
    """Remove a product and its variants."""
    product = _product(visit, number(params, "id"))
    remove(visit, [int(product["id"])])
    visit.flash("You deleted the product.")
    parent = product["parent_id"]
    return visit.redirect(f"/admin/catalog/product/edit/id/{parent}/" if parent else "/admin/catalog/product/")


def remove(visit: Visit, idents: list[int]) -> int:
    """Remove products with their variants; how many there were."""
    gone = 0
    for ident in idents:
        gone += visit.db.execute("DELETE FROM product WHERE id = ?", (ident,)).rowcount
    if not gone:
        raise Refused(404, "This product doesn't exist.")
    return gone
