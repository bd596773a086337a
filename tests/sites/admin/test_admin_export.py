"""Lists and reports as files: the same records as on the pages, and all of them."""

from __future__ import annotations

import csv
import io

import pytest
from backoffice import Office, Page

from mtenvs.sites.admin.grid_page import GRIDS


def lines(page: Page) -> list[list[str]]:
    assert page.response.headers["content-type"].startswith("text/csv")
    assert page.response.headers["content-disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(page.html, newline="")))


def test_a_file_has_the_records_of_all_pages_in_the_order_of_the_list(office: Office) -> None:
    page = office.get("/admin/catalog/product/", **{"filters[name]": "headphones", "sorting[field]": "sku", "paging[current]": "2"})
    head, *rows = lines(office.get(next(link for link in page.links if "gridToCsv" in link)))
    assert head[:5] == ["ID", "Name", "Type", "Attribute Set", "SKU"]
    wanted = office.rows("SELECT sku, name FROM product WHERE name LIKE '%headphones%' ORDER BY sku")
    assert len(wanted) > 20
    assert [(row[4], row[1]) for row in rows] == [(row["sku"], row["name"]) for row in wanted]


def test_what_customers_wrote_stays_in_its_cell(office: Office) -> None:
    written = 'a "b", c\r\n=1+1 é'
    office.episode.database("admin").execute("UPDATE review SET nickname = ? WHERE id = 7", (written,))
    _, *rows = lines(
        office.get("/admin/mui/export/gridToCsv/", namespace="review_grid", **{"filters[id][from]": "7", "filters[id][to]": "7"})
    )
    assert len(rows) == 1
    assert written in rows[0]


@pytest.mark.parametrize("namespace", ["", "nonsense", "product_listing' OR 1", "../product_listing"])
def test_only_lists_that_there_are(office: Office, namespace: str) -> None:
    assert office.get("/admin/mui/export/gridToCsv/", namespace=namespace).status == 404


def test_every_list_has_a_file(office: Office) -> None:
    for namespace, grid in GRIDS.items():
        head, *_ = lines(office.get("/admin/mui/export/gridToCsv/", namespace=namespace, **{"paging[pageSize]": "1"}))
        assert head == [column.label for column in grid.columns if column.shown]


def test_a_report_as_a_file(office: Office) -> None:
    page = office.get(
        "/admin/reports/report_sales/bestsellers/",
        **{"period_type": "month", "from": "1/1/2026", "to": "3/31/2026", "show_order_statuses": "0", "show_empty_rows": "0"},
    )
    head, *rows, total = lines(office.get(next(link for link in page.links if "exportBestsellersCsv" in link)))
    assert head == ["Interval", "Product", "SKU", "Price", "Order Quantity"]
    assert {row[0] for row in rows} == {"1/2026", "2/2026", "3/2026"}
    assert total == ["Total", "", "", "", str(sum(int(row[4]) for row in rows))]
    assert f"{len(rows)} records found" in page.text


def test_a_report_without_dates_is_asked_for_them(office: Office) -> None:
    page = office.get("/admin/reports/report_sales/exportSalesCsv/")
    assert "Choose the dates" in page.text


def test_strangers_get_no_files(office: Office) -> None:
    office.client.cookies.clear()
    assert "please sign in" in office.get("/admin/mui/export/gridToCsv/", namespace="product_listing").text
