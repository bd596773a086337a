"""Grids: what their address says is what they list."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from backoffice import Office
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.sites.admin.grid_page import GRIDS
from mtenvs.sites.admin.grids import State, find
from mtenvs.sites.admin.orders import GRID as ORDERS
from mtenvs.sites.admin.products import GRID as PRODUCTS


def found(office: Office, path: str, **query: Any) -> int:
    text = office.get(f"/admin/{path}", **query).text
    return int(text.partition(" records found")[0].rsplit(" ", 1)[-1].replace(",", ""))


@pytest.mark.parametrize(
    ("path", "query", "sql"),
    [
        ("sales/order/", {"filters[status]": "processing"}, "sales_order WHERE status = 'processing'"),
        (
            "sales/order/",
            {"filters[grand_total][from]": "500", "filters[grand_total][to]": "$1,000.00"},
            "sales_order WHERE grand_total BETWEEN 50000 AND 100000",
        ),
        (
            "sales/order/",
            {"filters[created_at][from]": "1/1/2026", "filters[created_at][to]": "1/31/26"},
            "sales_order WHERE created_at BETWEEN '2026-01-01' AND '2026-02-01'",
        ),
        ("sales/order/", {"search": "emma lopez"}, "sales_order WHERE customer_email = 'emma.lopez@gmail.com'"),
        ("sales/order/", {"filters[increment_id]": "000000299"}, "sales_order WHERE id = 299"),
        ("catalog/product/", {"filters[name]": "headphones"}, "product WHERE name LIKE '%headphones%'"),
        ("catalog/product/", {"filters[qty][to]": "0", "filters[type]": "simple"}, "product WHERE qty = 0 AND type = 'simple'"),
        ("catalog/product/", {"filters[status]": "2"}, "product WHERE NOT enabled"),
        ("catalog/product/", {"filters[price][from]": "99.99", "filters[price][to]": "99.99"}, "product WHERE price = 9999"),
        (
            "review/product/index/",
            {"filters[status]": "pending", "filters[rating][from]": "4"},
            "review WHERE status = 'pending' AND rating >= 4",
        ),
        ("review/product/pending/", {}, "review WHERE status = 'pending'"),
        ("customer/index/", {"filters[group_id]": "2"}, "customer WHERE group_id = 2"),
        ("sales/invoice/", {"filters[order_increment_id]": "000000003"}, "invoice WHERE order_id = 3"),
        ("search/term/", {"filters[num_results][to]": "0"}, "search_query WHERE num_results = 0"),
    ],
)
def test_filters_list_what_they_say(office: Office, path: str, query: dict[str, str], sql: str) -> None:
    expected = office.one(f"SELECT count(*) FROM {sql}")  # noqa: S608 - written above
    assert expected > 0
    assert found(office, path, **query) == expected


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'"])
def test_signs_that_mean_something_to_sql_mean_nothing_in_a_filter(office: Office, sign: str) -> None:
    assert found(office, "catalog/product/", **{"filters[name]": sign}) == office.one(
        "SELECT count(*) FROM product WHERE instr(name, ?)", sign
    )
    assert found(office, "catalog/product/", search=sign) < office.one("SELECT count(*) FROM product")


def test_filters_are_shown_as_chips_that_take_them_away(office: Office) -> None:
    page = office.get("/admin/sales/order/", **{"filters[status]": "canceled", "filters[grand_total][from]": "100", "search": "a"})
    assert "admin__data-grid-filters-current" in page.html
    for piece in ("Status: Canceled", "Grand Total: from 100", "Keyword: a"):
        assert piece in page.text
    without = next(a["href"] for _, a in page.elements if a.get("aria-label") == "Remove filter Status")
    assert dict(parse_qsl(urlsplit(without).query)) == {"filters[grand_total][from]": "100", "search": "a"}


def test_what_is_no_number_or_date_is_told_and_left_out(office: Office) -> None:
    page = office.get("/admin/sales/order/", **{"filters[grand_total][from]": "many", "filters[created_at][to]": "13/45/2026"})
    assert "“many” is not a number" in page.text
    assert "“13/45/2026” is not a date" in page.text
    assert "900 records found" in page.text


@pytest.mark.parametrize("namespace", sorted(GRIDS))
def test_every_column_sorts_both_ways(office: Office, namespace: str) -> None:
    grid = GRIDS[namespace]
    for column in grid.columns:
        values = []
        for direction in ("asc", "desc"):
            state = State.read(grid, {"sorting[field]": column.key, "sorting[direction]": direction, "paging[pageSize]": "200"}, "")
            rows = find(office.episode.database("admin"), state).rows
            values.append([row[column.key] for row in rows if row[column.key] is not None])
        assert values[0] == sorted(values[0])
        assert values[1] == sorted(values[1], reverse=True)


def test_pages_show_each_record_once(office: Office) -> None:
    seen: list[str] = []
    for page in range(1, 6):
        shown = office.get("/admin/customer/index/", **{"paging[current]": page, "paging[pageSize]": 50, "sorting[field]": "group_id"})
        seen += [link for link in shown.links if "/customer/index/edit/id/" in link]
    assert len(set(seen[:200])) == 200
    assert seen[200:] == seen[150:200]  # beyond the last page is the last page


def test_the_tables_say_what_their_headings_are(office: Office) -> None:
    for grid in GRIDS.values():
        page = office.get(f"/admin/{grid.path}")
        heads = [a for tag, a in page.elements if tag == "th"]
        assert all(a.get("scope") == "col" for a in heads)
        if grid.sort[0] in {column.key for column in grid.columns if column.shown}:
            assert sum("aria-sort" in a for a in heads) == 1
        named = {a["id"] for _, a in page.elements if "id" in a}
        labelled = {a["for"] for tag, a in page.elements if tag == "label" and "for" in a}
        assert labelled <= named
        for tag, a in page.elements:
            if tag in {"input", "select", "textarea"} and a.get("type") != "hidden" and "aria-label" not in a:
                assert a.get("id") in labelled or a.get("name") in {"all", "paging[pageSize]"}, (grid.namespace, a)


WORDS = st.text(st.characters(codec="utf-8"), max_size=20)


@given(search=WORDS, name=WORDS, low=WORDS, since=WORDS, sort=st.sampled_from([*ORDERS.by_key, "x"]), page=WORDS, size=WORDS)
def test_an_address_describes_its_state_fully(search: str, name: str, low: str, since: str, sort: str, page: str, size: str) -> None:
    query = {"search": search, "filters[billing_name]": name, "filters[grand_total][from]": low, "filters[created_at][from]": since}
    query |= {"sorting[field]": sort, "sorting[direction]": name, "paging[current]": page, "paging[pageSize]": size}
    state = State.read(ORDERS, query, "/x")
    again = State.read(ORDERS, dict(parse_qsl(urlsplit(state.url(page=state.page)).query)), "/x")
    state.problems.clear()
    assert again == state


def test_no_keyword_finds_what_has_not_all_of_its_words(office: Office) -> None:
    db = office.episode.database("admin")
    (row,) = office.rows("SELECT name, brand FROM product ORDER BY id DESC LIMIT 1")
    words = row["name"].split()
    both = find(db, State.read(PRODUCTS, {"search": f"{words[-1]} {words[0]}"}, "")).total
    assert 0 < both <= find(db, State.read(PRODUCTS, {"search": words[0]}, "")).total
    assert find(db, State.read(PRODUCTS, {"search": f"{words[0]} nowhereatall"}, "")).total == 0
