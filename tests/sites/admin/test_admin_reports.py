"""Reports against a plain recomputation of the same figures from the rows."""

from __future__ import annotations

import base64
from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

import pytest
from backoffice import Office
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.sites.admin.reports import people, products, sales
from mtenvs.sites.admin.reports.engine import rows_of
from mtenvs.sites.admin.reports.filters import PERIODS, Filter, period_label

RANGES = [("6/1/2024", "6/30/2026", "year"), ("1/1/2026", "5/31/2026", "month"), ("2026-03-01", "3/15/26", "day")]


def wanted(since: str, until: str, period: str, *statuses: str, kind: str = "created_at_order", empty: bool = False) -> Filter:
    return Filter(kind, period, since, until, statuses, empty, asked=True)


def orders_of(office: Office, asked: Filter) -> list[dict[str, Any]]:
    first, last = (day.isoformat() for day in asked.days)
    column = "updated_at" if asked.kind == "updated_at_order" else "created_at"
    orders = [o for o in office.rows("SELECT * FROM sales_order") if first <= o[column][:10] <= last]
    for o in orders:
        o["period"] = o[column][: PERIODS[asked.period]]
        o["items"] = office.rows("SELECT * FROM order_item WHERE order_id = ?", o["id"])
    return [o for o in orders if not asked.statuses or o["status"] in asked.statuses]


@pytest.mark.parametrize(("since", "until", "period"), RANGES)
@pytest.mark.parametrize("statuses", [(), ("complete",), ("canceled", "closed")])
@pytest.mark.parametrize("kind", ["created_at_order", "updated_at_order"])
def test_orders(office: Office, since: str, until: str, period: str, statuses: tuple[str, ...], kind: str) -> None:
    asked = wanted(since, until, period, *statuses, kind=kind)
    by_period: dict[str, dict[str, Any]] = {}
    for o in orders_of(office, asked):
        sums = by_period.setdefault(o["period"], defaultdict(int))
        live = o["status"] != "canceled"
        sums["orders"] += 1
        sums["items"] += sum(i["qty_ordered"] - i["qty_canceled"] for i in o["items"])
        sums["total"] += o["grand_total"] * live
        sums["canceled"] += o["grand_total"] * (not live)
        sums["invoiced"] += o["total_paid"]
        sums["refunded"] += o["total_refunded"]
        for name in ("tax", "shipping", "discount"):
            sums[name] += o[name] * live
    found = rows_of(office.episode.database("admin"), sales.SALES, asked)
    assert {row.pop("period"): row for row in found} == by_period


@pytest.mark.parametrize(("since", "until", "period"), RANGES)
def test_bestsellers_and_ordered_products(office: Office, since: str, until: str, period: str) -> None:
    asked = wanted(since, until, period)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for o in orders_of(office, asked):
        for i in o["items"] if o["status"] != "canceled" else ():
            counts[o["period"], i["sku"]] += i["qty_ordered"]
    for report in (sales.BESTSELLERS, products.SOLD):
        found = rows_of(office.episode.database("admin"), report, asked)
        assert {(row["period"], row["sku"]): row["qty"] for row in found} == counts
        keys = [(row["period"], -row["qty"]) for row in found]
        assert keys == sorted(keys)


@pytest.mark.parametrize(("since", "until", "period"), RANGES)
def test_views_of_products(office: Office, since: str, until: str, period: str) -> None:
    asked = wanted(since, until, period)
    first, last = (day.isoformat() for day in asked.days)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in office.rows("SELECT v.day, v.views, p.name FROM product_view v JOIN product p ON p.id = v.product_id"):
        if first <= row["day"] <= last:
            counts[row["day"][: PERIODS[period]], row["name"]] += row["views"]
    found = rows_of(office.episode.database("admin"), products.VIEWED, asked)
    assert len(found) > 40
    assert {(row["period"], row["product"]): row["views"] for row in found} == counts
    keys = [(row["period"], -row["views"]) for row in found]
    assert keys == sorted(keys)


@pytest.mark.parametrize(("since", "until", "period"), RANGES)
def test_tax_shipping_coupons_refunds_invoices_and_customers(office: Office, since: str, until: str, period: str) -> None:
    asked, db = wanted(since, until, period), office.episode.database("admin")
    orders = orders_of(office, asked)
    live = [o for o in orders if o["status"] != "canceled"]
    for report, column, total in (
        (sales.TAX, "tax", sum(o["tax"] for o in live)),
        (sales.SHIPPING_REPORT, "shipping", sum(o["shipping"] for o in live)),
        (sales.SHIPPING_REPORT, "paid", sum(o["shipping"] for o in live if o["total_paid"])),
        (sales.COUPONS, "uses", sum(bool(o["coupon_code"]) for o in live)),
        (sales.COUPONS, "discount", sum(o["discount"] for o in live if o["coupon_code"])),
        (sales.REFUNDED, "total", sum(o["total_refunded"] for o in orders)),
        (sales.INVOICED, "total", sum(o["total_paid"] for o in orders)),
        (people.TOTALS, "total", sum(o["grand_total"] for o in live)),
        (people.COUNTS, "orders", len(live)),
    ):
        assert sum(row[column] for row in rows_of(db, report, asked)) == total, report.title


def test_a_partly_invoiced_order_that_is_cancelled_counts_with_its_invoice(office: Office) -> None:
    order = office.one(
        "SELECT i.order_id FROM order_item i JOIN sales_order o ON o.id = i.order_id WHERE o.status = 'pending' GROUP BY 1 HAVING"
        " count(*) > 1"
    )
    first, *rest = office.rows("SELECT id FROM order_item WHERE order_id = ? ORDER BY id", order)
    fields = {f"invoice[items][{first['id']}]": "1", **{f"invoice[items][{r['id']}]": "0" for r in rest}}
    office.post(f"/admin/sales/order_invoice/save/order_id/{order}/", fields)
    office.post(f"/admin/sales/order/cancel/order_id/{order}/")
    (o,) = office.rows("SELECT * FROM sales_order WHERE id = ?", order)
    day = o["created_at"][:10]
    others = [x for x in orders_of(office, wanted(day, day, "day")) if x["id"] != order and x["status"] != "canceled"]
    (row,) = rows_of(office.episode.database("admin"), sales.SALES, wanted(day, day, "day"))
    assert row["total"] == o["total_paid"] + sum(x["grand_total"] for x in others)
    assert 0 < o["total_paid"] < o["grand_total"]


def test_the_form_leads_to_an_address_that_shows_the_same_again(office: Office) -> None:
    page = office.get("/admin/reports/report_sales/sales/")
    assert "Choose the dates" in page.text
    form = page.form("/admin/reports/report_sales/sales/")
    fields = {
        **form.fields,
        "from": "1/1/2026",
        "to": "5/31/26",
        "period_type": "month",
        "show_order_statuses": "1",
        "order_statuses[]": ["complete", "pending"],
    }
    shown = office.get(form.action, **fields)
    path = shown.response.url.path
    assert path.startswith("/admin/reports/report_sales/sales/filter/")
    assert b"from=1%2F1%2F2026" in base64.urlsafe_b64decode(path.split("/")[-2])
    assert shown.element(id="sales_report_from")["value"] == "1/1/2026"
    assert shown.element(id="sales_report_to")["value"] == "5/31/26"
    assert "5 records found" in shown.text
    total = office.one(
        "SELECT sum(grand_total) FROM sales_order WHERE created_at >= '2026-01-01' AND created_at < '2026-06' AND"
        " status IN ('complete', 'pending')"
    )
    assert f"${total / 100:,.2f}" in shown.text
    assert office.get(path).html == shown.html


def test_the_originals_way_of_writing_a_filter_is_read(office: Office) -> None:
    query = urlencode(
        {"report_type": "created_at_order", "period_type": "month", "from": "02/1/2026", "to": "02/28/2026", "show_empty_rows": "0"}
    )
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for tail in ("/", "", "/key/abc/"):
            page = office.get(f"/admin/reports/report_sales/sales/filter/{encode(query.encode()).decode()}{tail}")
            assert page.element(id="sales_report_from")["value"] == "02/1/2026"
            assert "1 records found" in page.text
    other = base64.b64encode(urlencode({"report_from": "2/1/2026", "report_to": "2/28/2026", "report_period": "year"}).encode()).decode()
    assert "2026" in office.get(f"/admin/reports/report_product/sold/filter/{other}/").text


def test_empty_rows_fill_the_gaps(office: Office) -> None:
    asked = wanted("5/1/2024", "7/31/2024", "month", empty=True)
    found = rows_of(office.episode.database("admin"), sales.SALES, asked)
    assert [period_label(row["period"]) for row in found] == ["5/2024", "6/2024", "7/2024"]


def test_low_stock_and_reviews(office: Office) -> None:
    low = office.one("SELECT count(*) FROM product WHERE type = 'simple' AND enabled AND qty < 10")
    assert f"{low} records found" in office.get("/admin/reports/report_product/lowstock/").text.replace(",", "")
    (most,) = office.rows("SELECT customer_id, count(*) AS n FROM review WHERE customer_id IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 1")
    page = office.get("/admin/reports/report_review/customer/")
    assert str(most["n"]) in page.text
    assert f"/admin/customer/index/edit/id/{most['customer_id']}/" in page.links


@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["from", "to", "period_type", "report_type", "order_statuses[]", "show_order_statuses", "x"]),
            st.text(max_size=30),
        )
    )
)
def test_every_filter_survives_its_address(pairs: list[tuple[str, str]]) -> None:
    kinds = ("created_at_order", "updated_at_order")
    read = Filter.read([(key, value.encode("utf-8", "replace").decode()) for key, value in pairs], kinds)
    again = Filter.decoded(read.encoded(), kinds)
    if read.ready:
        assert (again.since, again.until, again.period, again.kind, list(again.statuses)) == (
            read.since, read.until, read.period, read.kind, list(read.statuses),
        )  # fmt: skip
        assert len(again.periods()) <= 1000


@given(written=st.text(max_size=200))
def test_no_text_in_the_address_crashes_a_filter(written: str) -> None:
    Filter.decoded(written, ("created_at_order",))


def test_reports_answer_over_all_the_time_there_is(office: Office) -> None:
    for report in (sales.SALES, sales.TAX, sales.BESTSELLERS, sales.COUPONS, products.SOLD, people.COUNTS):
        page = office.get(f"/admin/{report.path}", **{"from": "1/1/1990", "to": "12/31/2099", "period_type": "day"})
        assert page.status == 200
        assert "records found" in page.text
