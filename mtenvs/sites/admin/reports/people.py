"""Reports about customers and their reviews."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

from typing import Final

from mtenvs.sites.admin.grid_page import declare as declare_grid
from mtenvs.sites.admin.grids import Column, Grid
from mtenvs.sites.admin.reports.engine import Figure, Report, declare
from mtenvs.sites.admin.reports.filters import Filter

_CUSTOMER: Final = (
    Figure("customer", "Customer", "text"),
    Figure("email", "Email", "text"),
    Figure("orders", "Orders", "number"),
    Figure("average", "Average", "money", summed=False),
    Figure("total", "Total"),
)


def _of_customers(title: str, name: str, order: str) -> Report:
    """What customers ordered; in each period, those who have most of ``order`` come first."""
    sql = (
        "SELECT substr(o.created_at, 1, :cut) AS period, o.customer_firstname || ' ' || o.customer_lastname AS customer,"
        " o.customer_email AS email, count(*) AS orders,"
        " sum(o.grand_total) / count(*) AS average, sum(o.grand_total) AS total FROM sales_order o WHERE o.created_at BETWEEN"
        " :since AND :until AND o.status <> 'canceled'"
        f" GROUP BY period, o.customer_email ORDER BY period, {order} DESC, o.customer_email"
    )
    path, note = f"reports/report_customer/{name}/", "Canceled orders are left out."
    return declare(Report(title, path, _CUSTOMER, lambda _: sql, kinds=(), statuses=False, note=note))


TOTALS: Final = _of_customers("Order Total Report", "totals", "total")
COUNTS: Final = _of_customers("Order Count Report", "orders", "orders")


def _accounts(_wanted: Filter) -> str:
    return (
        "SELECT substr(created_at, 1, :cut) AS period, count(*) AS accounts FROM customer WHERE created_at BETWEEN :since AND :until"
        " GROUP BY 1 ORDER BY 1"
    )


ACCOUNTS: Final = declare(
    Report(
        "New Accounts Report",
        "reports/report_customer/accounts/",
        (Figure("accounts", "New Accounts", "number"),),
        _accounts,
        kinds=(),
        statuses=False,
    )
)
BY_CUSTOMERS: Final = declare_grid(
    Grid(
        "reviews_by_customers_grid",
        "Customer Reviews Report",
        "reports/report_review/customer/",
        "SELECT c.id, c.firstname || ' ' || c.lastname AS customer, c.email, count(*) AS reviews, max(r.created_at) AS last FROM review r"
        " JOIN customer c ON c.id = r.customer_id GROUP BY c.id",
        (
            Column("customer", "Customer"),
            Column("email", "Email"),
            Column("reviews", "Reviews", "number"),
            Column("last", "Last Review", "date"),
        ),
        sort=("reviews", "desc"),
        search=("customer", "email"),
        links=(("Show Account", "/admin/customer/index/edit/id/{id}/"),),
        word="customers",
    )
)
BY_PRODUCTS: Final = declare_grid(
    Grid(
        "reviews_by_products_grid",
        "Product Reviews Report",
        "reports/report_review/product/",
        "SELECT p.id, p.name, p.sku, r.reviews, r.average, r.approved, r.last FROM (SELECT product_id, count(*) AS reviews,"
        " round(avg(rating), 2) AS average, round(avg(CASE WHEN status = 'approved' THEN rating END), 2) AS approved,"
        " max(created_at) AS last FROM review GROUP BY product_id) r JOIN product p ON p.id = r.product_id",
        (
            Column("id", "ID", "number"),
            Column("name", "Product"),
            Column("sku", "SKU"),
            Column("reviews", "Reviews", "number"),
            Column("average", "Average", "number"),
            Column("approved", "Average (Approved)", "number"),
            Column("last", "Last Review", "date"),
        ),
        sort=("reviews", "desc"),
        search=("name", "sku"),
        links=(("Edit", "/admin/catalog/product/edit/id/{id}/"),),
        word="products",
    )
)
