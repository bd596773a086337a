"""The products grid."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from mtenvs.sites.admin.grid_page import declare
from mtenvs.sites.admin.grids import Column, Grid, Mass

TYPES: Final = (("simple", "Simple Product"), ("configurable", "Configurable Product"))
STATUSES: Final = (("1", "Enabled"), ("2", "Disabled"))
VISIBILITIES: Final = (("1", "Not Visible Individually"), ("4", "Catalog, Search"))
YES_NO: Final = (("1", "Yes"), ("0", "No"))
STOCK: Final = (("1", "In Stock"), ("0", "Out of Stock"))


def attribute_sets(db: sqlite3.Connection) -> Iterable[tuple[str, str]]:
    """All attribute sets, by name."""
    return [(row[0], row[0]) for row in db.execute("SELECT DISTINCT attribute_set FROM product ORDER BY 1")]


GRID: Final = declare(
    Grid(
        "product_listing",
        "Products",
        "catalog/product/",
        "SELECT id, name, type, attribute_set, sku, brand, price, qty, CASE WHEN visible THEN 4 ELSE 1 END AS visibility,"
        " CASE WHEN enabled THEN 1 ELSE 2 END AS status, in_stock, sale, created_at, updated_at FROM product",
        (
            Column("id", "ID", "number"),
            Column("name", "Name"),
            Column("type", "Type", "select", lambda _: TYPES),
            Column("attribute_set", "Attribute Set", "select", attribute_sets),
            Column("sku", "SKU"),
            Column("brand", "Brand", shown=False),
            Column("price", "Price", "money"),
            Column("qty", "Quantity", "number"),
            Column("in_stock", "Stock Status", "select", lambda _: STOCK, shown=False),
            Column("visibility", "Visibility", "select", lambda _: VISIBILITIES),
            Column("status", "Status", "select", lambda _: STATUSES),
            Column("sale", "Sale", "select", lambda _: YES_NO, shown=False),
            Column("created_at", "Created At", "date", shown=False),
            Column("updated_at", "Last Updated At", "date", shown=False),
        ),
        search=("name", "sku", "brand"),
        links=(("Edit", "/admin/catalog/product/edit/id/{id}/"),),
        buttons=(("Add Product", "/admin/catalog/product/new/set/4/type/simple/"),),
        mass=(
            Mass("Delete", "catalog/product/massDelete/", "Delete the selected products?"),
            Mass("Enable", "catalog/product/massStatus/status/1/", group="Change status"),
            Mass("Disable", "catalog/product/massStatus/status/2/", group="Change status"),
            Mass("Update attributes", "catalog/product_action_attribute/edit/"),
        ),
        word="products",
    )
)
