"""Every page, form, filter and address of the administration under hostile input: no crash, nothing unescaped, nothing half done."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from backoffice import Form, Office, Page, visiting

from mtenvs.sites.admin.grid_page import GRIDS
from mtenvs.sites.admin.site import _actions
from mtenvs.sites.kit import SiteServer

HOSTILE = {
    "markup": '"\'><script>alert(1)</script><img src=x onerror=alert(2)><b onmouseover=alert(3) x="',
    "sql": "x'; DROP TABLE product; -- \" OR 1=1 /* \\ % _ * ( ) [ ] ? :since",
    "template": "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}<%= 7*7 %>",
    "control": "a\x00b\x1b[31m\r\nSet-Cookie: admin=1\u2028\u202e\ufeff",
    "unicode": "\U0001f47e\u0130\u0300é\u0663\uff11",
    "huge": "9" * 5_000,
    "negative": "-1",
    "infinite": "1e400",
    "nan": "NaN",
    "beyond": "9223372036854775808",
    "fraction": "0.001",
    "empty": "",
}
# Where each page that needs an id finds something: an open order, a paid one, one that is on its way, ...
PLACES = {
    "admin/order_shipment/new": "order_id/899",
    "admin/order_shipment/view": "shipment_id/3",
    "admin/system_design_theme/edit": "id/2",
    "catalog/category/add": "parent/5",
    "catalog/category/edit": "id/5",
    "catalog/product/edit": "id/3",
    "catalog/product_attribute/edit": "attribute_id/90",
    "catalog/product_configurations/edit": "id/3",
    "cms/page/edit": "page_id/2",
    "customer/address/edit": "id/5",
    "customer/index/edit": "id/5",
    "review/product/edit": "id/4",
    "sales/creditmemo/view": "creditmemo_id/3",
    "sales/invoice/view": "invoice_id/3",
    "sales/order/address": "address_id/1797",
    "sales/order/commentsHistory": "order_id/3",
    "sales/order/view": "order_id/899",
    "sales/order_creditmemo/new": "order_id/3",
    "sales/order_creditmemo/view": "creditmemo_id/3",
    "sales/order_invoice/new": "order_id/899",
    "sales/order_invoice/view": "invoice_id/3",
    "sales/shipment/view": "shipment_id/3",
    "sales_rule/promo_quote/edit": "id/2",
    "search/term/edit": "id/2",
}
GET = sorted(path for method, path in _actions if method == "GET" and path != "admin/auth/logout")
KEYS = (
    "id",
    "order_id",
    "parent",
    "address_id",
    "attribute_id",
    "customer_id",
    "page_id",
    "invoice_id",
    "shipment_id",
    "creditmemo_id",
    "track_id",
)


@pytest.fixture(autouse=True)
def no_tracebacks(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    crashes = [record for record in caplog.records if record.name == "mtenvs.sites" and record.levelno >= logging.ERROR]
    assert not crashes, crashes[0].getMessage()


def safe(page: Page, where: str) -> Page:
    """No crash, and no markup of the visitor's."""
    assert page.status < 500, where
    for piece in ("<script>alert", "<img src=x", "<b onmouseover"):
        assert piece not in page.html, where
    if "onerror" in page.html or "onmouseover" in page.html:
        for tag, attributes in page.elements:
            assert not {"onerror", "onmouseover"} & attributes.keys(), (where, tag)
    assert "admin=1" not in page.response.headers.get("set-cookie", ""), where
    return page


def address(path: str) -> str:
    return f"/admin/{path}/{PLACES[path]}/" if path in PLACES else f"/admin/{path}/"


def hostile_fields(form: Form, payload: str) -> dict[str, list[str]]:
    """The form with the payload in every field; ids that name the record stay, so that the rest is looked at."""
    keep = {"form_key", "page_id", "rule_id", "query_id"}
    return {name: form.fields[name] if name in keep else [payload] for name in form.kinds}


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=() if kind in {"markup", "beyond"} else pytest.mark.slow) for kind in HOSTILE])
def test_forms_with_hostile_words_in_every_field(server: SiteServer, kind: str) -> None:
    """What is stored is shown again on the pages that follow, so these are looked at too."""
    with visiting(server) as office:
        for path in GET:
            for form in safe(office.get(address(path)), path).forms:
                if form.method != "post" or "/delete" in form.action:
                    continue
                texts = [name for name, sort in form.kinds.items() if sort in {"text", "textarea"}]
                for fields in ({**form.fields, **{name: [HOSTILE[kind]] for name in texts}}, hostile_fields(form, HOSTILE[kind])):
                    safe(office.post(form.action, fields), f"{kind} to {form.action}")
        for path in GET:
            safe(office.get(address(path)), f"{path} after {kind}")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["markup", "sql", "beyond"])
def test_forms_with_one_hostile_field_at_a_time(server: SiteServer, kind: str) -> None:
    for path in GET:
        with visiting(server) as office:
            for form in office.get(address(path)).forms:
                if form.method != "post" or "/delete" in form.action:
                    continue
                for name in form.kinds:
                    if name != "form_key":
                        safe(office.post(form.action, {**form.fields, name: [HOSTILE[kind]]}), f"{kind} in {name} of {form.action}")
            safe(office.get(address(path)), path)


@pytest.mark.parametrize("namespace", sorted(GRIDS))
def test_grids_with_hostile_words_in_every_parameter(office: Office, namespace: str) -> None:
    grid = GRIDS[namespace]
    total = office.get(f"/admin/{grid.path}").text
    for payload in (words[:1_000] for words in HOSTILE.values()):  # an address has its limits
        names = [f"filters[{column.key}]{end}" for column in grid.columns for end in ("", "[from]", "[to]")]
        names += ["search", "sorting[field]", "sorting[direction]", "paging[current]", "paging[pageSize]", "filters[nothing]", "x"]
        page = safe(office.get(f"/admin/{grid.path}", **dict.fromkeys(names, payload)), f"{namespace} {payload[:20]}")
        assert page.status == 200
        for name in names[-7:] if namespace in {"product_listing", "sales_order_grid"} else ():  # read alike for all grids
            page = safe(office.get(f"/admin/{grid.path}", **{name: payload}), f"{name} of {namespace}")
            assert page.status == 200
    assert office.get(f"/admin/{grid.path}").text == total


@pytest.mark.parametrize("namespace", sorted(name for name, grid in GRIDS.items() if grid.mass))
def test_mass_actions_with_hostile_selections(server: SiteServer, namespace: str) -> None:
    grid = GRIDS[namespace]
    for mass in grid.mass:
        with visiting(server) as office:
            for chosen in ([], ["-1"], ["x", "1.5", "99999999999999999999", "1; DROP TABLE product"], [HOSTILE["markup"]]):
                safe(office.post(f"/admin/{mass.path}", {"selected[]": chosen}), mass.path)
                safe(office.post(f"/admin/{mass.path}?search={quote(HOSTILE['markup'])}", {"all": "1"}), mass.path)
            assert office.one("SELECT count(*) FROM product") == 4286
            assert office.one("SELECT count(*) FROM customer") == 200


@pytest.mark.parametrize(
    "value", ["0", "-1", "99999999", "9" * 30, "abc", "1.5", "%00", "%D9%A3", "1%20OR%201=1", "..%2f..", "%3Cscript%3Ealert(1)"]
)
def test_every_address_with_ids_that_nobody_has(office: Office, value: str) -> None:
    pairs = "/".join(f"{key}/{value}" for key in KEYS)
    tables = ("product", "review", "customer", "coupon", "category", "cms_page")
    sums = "SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)  # noqa: S608 - our names
    before = office.rows(sums)
    for method, path in sorted(_actions):
        if "auth/" not in path:
            page = office.get(f"/admin/{path}/{pairs}/") if method == "GET" else office.post(f"/admin/{path}/{pairs}/")
            safe(page, f"{method} {path} {value}")
    assert office.rows(sums) == before


def report_filters() -> Iterator[str]:
    yield from (
        "%",
        "!!!!",
        "=",
        "AAAA",
        "-_-_",
        "x" * 3_000,
        base64.b64encode(b"\xff\xfe").decode(),
        quote("<script>alert(1)</script>", safe=""),
    )
    for query in (
        "from=&to=",
        "from=1/1/2026&to=1/1/2025",
        "from=13/45/2026&to=x",
        f"from={HOSTILE['markup']}&to={HOSTILE['sql']}",
        "from=1/1/1&to=12/31/9999&show_empty_rows=1",
        "from=0001-01-01&to=9999-12-31&show_empty_rows=1&period_type=day",
        "from=0001-01-01&to=9999-12-31&show_empty_rows=1&period_type=month",
        "from=1/1/2026&to=12/31/2026&period_type=day'--&report_type=x'&show_order_statuses=1&order_statuses[]=x' OR 1=1",
        "&".join(["order_statuses[]=complete"] * 1_500),
    ):
        yield base64.b64encode(query.encode()).decode().replace("/", "_")


@pytest.mark.parametrize("path", sorted(path for method, path in _actions if method == "GET" and path.startswith("reports/")))
def test_reports_with_filters_that_make_no_sense(office: Office, path: str) -> None:
    for written in report_filters():
        page = safe(office.get(f"/admin/{path}/filter/{written}/"), f"{path} {written[:30]}")
        assert page.status == 200
    for payload in HOSTILE.values():
        safe(office.get(f"/admin/{path}/", **{"from": payload, "to": payload, "period_type": payload, "order_statuses[]": payload}), path)
