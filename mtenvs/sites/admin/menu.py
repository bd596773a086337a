"""The side menu: sections and their pages."""

from __future__ import annotations

from typing import Final, NamedTuple


class Link(NamedTuple):
    """A page in the menu.

    Args:
        label: what it is called.
        path: where it is, after ``/admin/``.
        current: whether the visitor is there.
    """

    label: str
    path: str
    current: bool = False


class Section(NamedTuple):
    """A part of the menu.

    Args:
        label: what it is called.
        links: its pages; a single one is shown without a section around it.
        current: whether the visitor is in it.
    """

    label: str
    links: tuple[Link, ...]
    current: bool = False


MENU: Final = (
    Section("Dashboard", (Link("Dashboard", "admin/dashboard/"),)),
    Section(
        "Sales",
        (
            Link("Orders", "sales/order/"),
            Link("Invoices", "sales/invoice/"),
            Link("Shipments", "sales/shipment/"),
            Link("Credit Memos", "sales/creditmemo/"),
        ),
    ),
    Section("Catalog", (Link("Products", "catalog/product/"), Link("Categories", "catalog/category/"))),
    Section("Customers", (Link("All Customers", "customer/index/"), Link("Newsletter Subscribers", "newsletter/subscriber/"))),
    Section(
        "Marketing",
        (
            Link("Cart Price Rules", "sales_rule/promo_quote/"),
            Link("All Reviews", "review/product/index/"),
            Link("Pending Reviews", "review/product/pending/"),
            Link("Search Terms", "search/term/"),
        ),
    ),
    Section("Content", (Link("Pages", "cms/page/"), Link("Themes", "admin/system_design_theme/"))),
    Section(
        "Reports",
        (
            Link("Orders", "reports/report_sales/sales/"),
            Link("Tax", "reports/report_sales/tax/"),
            Link("Invoiced", "reports/report_sales/invoiced/"),
            Link("Shipping", "reports/report_sales/shipping/"),
            Link("Refunds", "reports/report_sales/refunded/"),
            Link("Coupons", "reports/report_sales/coupons/"),
            Link("Bestsellers", "reports/report_sales/bestsellers/"),
            Link("Views", "reports/report_product/viewed/"),
            Link("Ordered Products", "reports/report_product/sold/"),
            Link("Low Stock", "reports/report_product/lowstock/"),
            Link("Order Total", "reports/report_customer/totals/"),
            Link("Order Count", "reports/report_customer/orders/"),
            Link("New Accounts", "reports/report_customer/accounts/"),
            Link("Reviews by Customers", "reports/report_review/customer/"),
            Link("Reviews by Products", "reports/report_review/product/"),
            Link("Search Terms Report", "reports/index/search/"),
            Link("Products in Carts", "reports/report_shopcart/product/"),
            Link("Abandoned Carts", "reports/report_shopcart/abandoned/"),
        ),
    ),
    Section("Stores", (Link("Product Attributes", "catalog/product_attribute/"),)),
)


def menu_of(path: str) -> tuple[Section, ...]:
    """The menu as it is seen at a path: the link that shares the longest beginning with it is marked."""
    here = path.removeprefix("/admin/").replace("admin/order_shipment", "sales/shipment", 1)  # the one page that is elsewhere
    best = max(
        (link.path for section in MENU for link in section.links if here.startswith(_stem(link.path))),
        key=lambda found: (here.startswith(found), len(found)),
        default="",
    )
    return tuple(
        section._replace(
            links=tuple(link._replace(current=link.path == best) for link in section.links),
            current=any(link.path == best for link in section.links),
        )
        for section in MENU
    )


def _stem(path: str) -> str:
    """Of ``"sales/order/"`` also the pages below and beside: ``"sales/order"``."""
    return path.removesuffix("index/").rstrip("/")
