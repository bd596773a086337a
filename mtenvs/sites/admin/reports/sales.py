"""Reports about sales: orders, tax, invoices, shipping, refunds, coupons, bestsellers."""

# ruff: noqa: S608 - only our own names and conditions stand in the SQL, what visitors send is bound

from __future__ import annotations

from typing import Final

from mtenvs.sites.admin.reports.engine import Figure, Report, declare
from mtenvs.sites.admin.reports.filters import Filter
from mtenvs.sites.shop.totals import SHIPPING

_DATES: Final = {"created_at_order": "o.created_at", "updated_at_order": "o.updated_at"}
_LIVE: Final = "o.status <> 'canceled'"


def _orders(wanted: Filter, *, default: str = "1") -> str:
    """The orders that are asked for, as a table ``o``.

    It has ``period``, ``cut`` (whether something was cancelled) and, as ``left_...``, what is left of the amounts.
    Cancelling takes all that is not invoiced, so that the invoices are what is left of such an order.
    """
    date = _DATES[wanted.kind]
    left = ", ".join(
        f"CASE WHEN o.cut THEN (SELECT coalesce(sum(i.{name}), 0) FROM invoice i WHERE i.order_id = o.id) ELSE o.{name} END AS left_{name}"
        for name in ("subtotal", "shipping", "tax", "discount", "grand_total")
    )
    inner = (
        f"SELECT o.*, substr({date}, 1, :cut) AS period, EXISTS (SELECT 1 FROM order_item x WHERE x.order_id = o.id AND"
        f" x.qty_canceled > 0) AS cut FROM sales_order o"
        f" WHERE {date} BETWEEN :since AND :until AND {wanted.among('o.status', default=default)}"
    )
    return f"(SELECT o.*, {left} FROM ({inner}) o) o"


def _sales(wanted: Filter) -> str:
    return (
        "SELECT period, count(*) AS orders, sum((SELECT sum(x.qty_ordered - x.qty_canceled) FROM order_item x WHERE x.order_id"
        " = o.id)) AS items,"
        " sum(left_grand_total) AS total, sum(total_paid) AS invoiced, sum(total_refunded) AS refunded, sum(left_tax) AS tax,"
        " sum(left_shipping) AS shipping,"
        " sum(left_discount) AS discount, sum(CASE WHEN cut THEN grand_total - left_grand_total ELSE 0 END) AS canceled"
        f" FROM {_orders(wanted)} GROUP BY period ORDER BY period"
    )


SALES: Final = declare(
    Report(
        "Orders Report",
        "reports/report_sales/sales/",
        (
            Figure("orders", "Orders", "number"),
            Figure("items", "Sales Items", "number"),
            Figure("total", "Sales Total"),
            Figure("invoiced", "Invoiced"),
            Figure("refunded", "Refunded"),
            Figure("tax", "Sales Tax"),
            Figure("shipping", "Sales Shipping"),
            Figure("discount", "Sales Discount"),
            Figure("canceled", "Canceled"),
        ),
        _sales,
        note="Orders of any status count unless statuses are specified. What was canceled is in the last column alone.",
    )
)


def _tax(wanted: Filter) -> str:
    return (
        "SELECT period, a.region, t.rate, count(*) AS orders, sum(left_tax) AS tax"
        f" FROM {_orders(wanted, default=_LIVE)} JOIN order_address a ON a.order_id = o.id AND a.kind = 'shipping' LEFT JOIN"
        f" tax_rate t ON t.region = a.region"
        " WHERE left_tax > 0 GROUP BY period, a.region ORDER BY period, a.region"
    )


TAX: Final = declare(
    Report(
        "Tax Report",
        "reports/report_sales/tax/",
        (
            Figure("region", "Tax", "text"),
            Figure("rate", "Rate", "percent", summed=False),
            Figure("orders", "Orders", "number"),
            Figure("tax", "Tax Amount"),
        ),
        _tax,
        note="Canceled orders are left out unless statuses are specified. The rate is the one that holds now.",
    )
)


def _documents(title: str, name: str, table: str, code: str, document: str) -> Report:
    """The report of invoices or credit memos: ``code`` is that of their own date, ``document`` what one of them is called."""

    def sql(wanted: Filter) -> str:
        date = "d.created_at" if wanted.kind == code else "o.created_at"
        return (
            f"SELECT substr({date}, 1, :cut) AS period, count(DISTINCT o.id) AS orders, count(*) AS documents, sum(d.grand_total) AS total"
            f" FROM {table} d JOIN sales_order o ON o.id = d.order_id WHERE {date} BETWEEN :since AND :until AND"
            f" {wanted.among('o.status')} GROUP BY 1 ORDER BY 1"
        )

    what = name.capitalize()
    columns = (
        Figure("orders", f"{what} Orders", "number"),
        Figure("documents", f"{document}s", "number"),
        Figure("total", f"Total {what}"),
    )
    kinds = (("created_at_order", "Order Created"), (code, f"{document} Created"))
    return declare(Report(title, f"reports/report_sales/{name}/", columns, sql, kinds))


INVOICED: Final = _documents("Invoice Report", "invoiced", "invoice", "created_at_invoice", "Invoice")


def _shipping(wanted: Filter) -> str:
    names = " ".join(f"WHEN '{code}' THEN '{' - '.join(title)}'" for code, title in SHIPPING.items())
    return (
        f"SELECT period, CASE shipping_method {names} ELSE shipping_method END AS method, count(*) AS orders,"
        f" sum(left_shipping) AS shipping,"
        " sum((SELECT coalesce(sum(i.shipping), 0) FROM invoice i WHERE i.order_id = o.id)) AS paid"
        f" FROM {_orders(wanted, default=_LIVE)} GROUP BY period, shipping_method ORDER BY period, method"
    )


SHIPPING_REPORT: Final = declare(
    Report(
        "Shipping Report",
        "reports/report_sales/shipping/",
        (
            Figure("method", "Carrier/Method", "text"),
            Figure("orders", "Orders", "number"),
            Figure("shipping", "Total Sales Shipping"),
            Figure("paid", "Total Shipping"),
        ),
        _shipping,
        note="Total Shipping is what has been invoiced of it. Canceled orders are left out unless statuses are specified.",
    )
)


REFUNDED: Final = _documents("Refunds Report", "refunded", "creditmemo", "created_at_refunded", "Credit Memo")


def _coupons(wanted: Filter) -> str:
    return (
        "SELECT period, coupon_code AS code, coalesce((SELECT r.name FROM coupon c JOIN sales_rule r ON r.id = c.rule_id WHERE"
        " c.code = o.coupon_code), '') AS rule,"
        " count(*) AS uses, sum(left_subtotal) AS subtotal, sum(left_discount) AS discount, sum(left_grand_total) AS total"
        f" FROM {_orders(wanted, default=_LIVE)} WHERE coupon_code <> '' GROUP BY period, coupon_code ORDER BY period, coupon_code"
    )


COUPONS: Final = declare(
    Report(
        "Coupons Report",
        "reports/report_sales/coupons/",
        (
            Figure("code", "Coupon Code", "text"),
            Figure("rule", "Price Rule", "text"),
            Figure("uses", "Uses", "number"),
            Figure("subtotal", "Sales Subtotal"),
            Figure("discount", "Sales Discount"),
            Figure("total", "Sales Total"),
        ),
        _coupons,
        note="Canceled orders are left out unless statuses are specified.",
    )
)


def _bestsellers(wanted: Filter) -> str:
    date = _DATES[wanted.kind]
    return (
        f"SELECT substr({date}, 1, :cut) AS period, i.name AS product, i.sku, max(i.price) AS price, sum(i.qty_ordered) AS qty"
        f" FROM order_item i JOIN sales_order o ON o.id = i.order_id WHERE {date} BETWEEN :since AND :until"
        f" AND {wanted.among('o.status', default=_LIVE)} GROUP BY period, i.sku ORDER BY period, qty DESC, i.sku"
    )


BESTSELLERS: Final = declare(
    Report(
        "Bestsellers Report",
        "reports/report_sales/bestsellers/",
        (
            Figure("product", "Product", "text"),
            Figure("sku", "SKU", "text"),
            Figure("price", "Price", "money", summed=False),
            Figure("qty", "Order Quantity", "number"),
        ),
        _bestsellers,
        note="Canceled orders are left out unless statuses are specified.",
    )
)
