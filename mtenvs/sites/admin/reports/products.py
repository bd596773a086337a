"""Reports about products and carts."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

from typing import Final

from mtenvs.sites.admin.grid_page import declare as declare_grid
from mtenvs.sites.admin.grids import Column, Grid
from mtenvs.sites.admin.reports.engine import Figure, Report, declare
from mtenvs.sites.admin.reports.filters import Filter

LOW: Final = 10  # pieces; below that, stock is low


def _sold(_wanted: Filter) -> str:
    return (
        "SELECT substr(o.created_at, 1, :cut) AS period, i.name AS product, i.sku, sum(i.qty_ordered) AS qty FROM order_item i"
        " JOIN sales_order o ON o.id = i.order_id"
        " WHERE o.created_at BETWEEN :since AND :until AND o.status <> 'canceled' GROUP BY period, i.sku ORDER BY period, qty DESC, i.sku"
    )


SOLD: Final = declare(
    Report(
        "Ordered Products Report",
        "reports/report_product/sold/",
        (Figure("product", "Product", "text"), Figure("sku", "SKU", "text"), Figure("qty", "Quantity", "number")),
        _sold,
        kinds=(),
        statuses=False,
        note="Canceled orders are left out.",
    )
)


def _viewed(_wanted: Filter) -> str:
    return (
        "SELECT substr(v.day, 1, :cut) AS period, p.name AS product, p.final_price AS price, sum(v.views) AS views FROM product_view v"
        " JOIN product p ON p.id = v.product_id WHERE v.day BETWEEN substr(:since, 1, 10) AND substr(:until, 1, 10)"
        " GROUP BY period, p.id ORDER BY period, views DESC, p.id"
    )


VIEWED: Final = declare(
    Report(
        "Product Views Report",
        "reports/report_product/viewed/",
        (Figure("product", "Product", "text"), Figure("price", "Price", "money", summed=False), Figure("views", "Views", "number")),
        _viewed,
        kinds=(),
        statuses=False,
        note="Views are counted once a night.",
    )
)
LOW_STOCK: Final = declare_grid(
    Grid(
        "low_stock_grid",
        "Low Stock Report",
        "reports/report_product/lowstock/",
        f"SELECT id, name, sku, qty FROM product WHERE type = 'simple' AND enabled AND qty < {LOW}",
        (Column("name", "Product"), Column("sku", "SKU"), Column("qty", "Stock Quantity", "number")),
        sort=("qty", "asc"),
        search=("name", "sku"),
        links=(("Edit", "/admin/catalog/product/edit/id/{id}/"),),
        word="products",
    )
)
IN_CARTS: Final = declare_grid(
    Grid(
        "products_in_carts_grid",
        "Products in Carts",
        "reports/report_shopcart/product/",
        "SELECT p.id, p.name, p.sku, p.final_price AS price, count(DISTINCT c.cart_id) AS carts,"
        " (SELECT count(DISTINCT i.order_id) FROM order_item i WHERE i.product_id = p.id) AS orders FROM cart_item c JOIN"
        " product p ON p.id = c.product_id GROUP BY p.id",
        (
            Column("id", "ID", "number"),
            Column("name", "Product"),
            Column("sku", "SKU"),
            Column("price", "Price", "money"),
            Column("carts", "Carts", "number"),
            Column("orders", "Orders", "number"),
        ),
        sort=("carts", "desc"),
        search=("name", "sku"),
        word="products",
    )
)
ABANDONED: Final = declare_grid(
    Grid(
        "abandoned_carts_grid",
        "Abandoned Carts",
        "reports/report_shopcart/abandoned/",
        "SELECT c.id, c.customer_id, u.firstname || ' ' || u.lastname AS customer, u.email, count(i.id) AS products,"
        " sum(i.qty) AS qty, sum(i.qty * p.final_price) AS subtotal,"
        " c.coupon_code, c.created_at, c.updated_at FROM cart c JOIN customer u ON u.id = c.customer_id JOIN cart_item i ON"
        " i.cart_id = c.id"
        " JOIN product p ON p.id = i.product_id GROUP BY c.id",
        (
            Column("customer", "Customer"),
            Column("email", "Email"),
            Column("products", "Products", "number"),
            Column("qty", "Quantity", "number"),
            Column("subtotal", "Subtotal", "money"),
            Column("coupon_code", "Applied Coupon"),
            Column("created_at", "Created", "date"),
            Column("updated_at", "Updated", "date"),
        ),
        sort=("updated_at", "desc"),
        search=("customer", "email"),
        word="carts",
    )
)
