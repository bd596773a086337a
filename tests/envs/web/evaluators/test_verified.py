"""WebArena-Verified's checks on small tasks of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("jsonpath_ng", reason="the extra `verified` is not installed")

from mtenvs.core.errors import DataError
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.evaluators.verified import judge_verified
from mtenvs.envs.web.evaluators.verified.addresses import Sites
from mtenvs.envs.web.evaluators.verified.kinds import Value
from mtenvs.envs.web.evaluators.verified.urls import Reading, read_url

SITES = {"shopping": "http://shop.test:7770", "shopping_admin": "http://shop.test:7770/admin"}


def response(items: dict[str, Any], wanted: list[Any], **more: Any) -> dict[str, Any]:
    expected = {"task_type": "retrieve", "status": "SUCCESS", "retrieved_data": wanted}
    return {"evaluator": "AgentResponseEvaluator", "results_schema": {"type": "array", "items": items}, "expected": expected, **more}


def answered(one: dict[str, Any], data: Any, **more: Any) -> bool:
    answer = json.dumps({"task_type": "RETRIEVE", "status": "SUCCESS", "retrieved_data": data, **more})
    return judge_verified([one], answer, [], sites=["shopping"], addresses=SITES).success


def entry(
    url: str, method: str = "GET", status: int = 200, post: str = "", kind: str = "application/x-www-form-urlencoded", **headers: str
) -> dict[str, Any]:
    given = [{"name": k.replace("_", "-"), "value": v} for k, v in {"Accept": "text/html", **headers}.items()]
    request = {"url": url, "method": method, "headers": given, **({"postData": {"mimeType": kind, "text": post}} if post else {})}
    return {
        "request": request,
        "response": {"status": status, "cookies": [], "headers": [], "content": {"mimeType": "text/html", "text": "x"}},
    }


def network(events: list[dict[str, Any]], expected: dict[str, Any], task_type: str = "mutate", **config: Any) -> Verdict:
    checks = [
        {
            "evaluator": "AgentResponseEvaluator",
            "results_schema": {"type": "null"},
            "expected": {"task_type": task_type, "status": "SUCCESS"},
        },
        {"evaluator": "NetworkEventEvaluator", "expected": expected, **config},
    ]
    answer = {"task_type": task_type.upper(), "status": "SUCCESS", "retrieved_data": None}
    return judge_verified(checks, answer, events, sites=["shopping"], addresses=SITES)


@pytest.mark.parametrize(
    ("kind", "wanted", "right", "wrong"),
    [
        ("string", "Café  Tea", [" cafe tea.", "'CAFÉ TEA'"], ["cafe", "", 5]),
        ("number", 12, ["12", "12.0", "twelve", 12.0], ["13", "about", None]),
        ("currency", 1049.99, ["$1,049.99", "1050.05", "1049.99 USD"], ["1060", "-1049.99"]),
        ("date", "2023-02-05", ["Feb 5th, 2023", "02/05/2023", "5 February 2023"], ["2023-05-02", "soon"]),
        ("month", "March", ["03", "mar", 3], ["13", "may"]),
        ("duration", "1h 23min", ["1:23:00", "83 minutes", "1 hour 25 min"], ["1h 40min", "83"]),
        ("distance", "1.2 km", ["1200m", "0.75 miles", "1.21km"], ["1.3 km", "1200", "$1.2km"]),
        ("boolean", True, ["yes", "TRUE", 1], ["no", "maybe"]),
        ("location-name", "Carnegie Mellon University", ["university carnegie mellon", "Carnegie Mellon Univ"], ["Duquesne University"]),
        (
            "coordinates",
            {"latitude": "40.4424", "longitude": "-79.9397"},
            ["40.4424, -79.9397", [40.4424, -79.9397], {"lat": 40.4424, "lng": -79.9397}],
            ["40.5, -79.9"],
        ),
    ],
)
def test_values_are_compared_by_their_kind(kind: str, wanted: Any, right: list[Any], wrong: list[Any]) -> None:
    one = response({"type": "string", "format": kind} if kind != "string" else {"type": "string"}, [wanted])
    assert all(answered(one, [given]) for given in right)
    assert not any(answered(one, [given]) for given in wrong)


def test_lists_alternatives_and_objects() -> None:
    plain = response({"type": "string"}, ["a", ["b", "c"]])
    assert answered(plain, ["C", "a"])
    assert not answered(plain, ["a"])
    assert not answered(plain, ["a", "b", "c"])
    assert not answered({**plain, "ordered": True}, ["b", "a"])
    objects = response({"type": "object", "properties": {"n": {"type": "number"}, "who": {"type": "string"}}}, [{"n": 3, "who": "Ann"}])
    assert answered(objects, [{"who": "ann", "n": "3"}])
    assert not answered(objects, [{"who": "ann", "n": 3, "more": 1}])
    assert not answered(objects, [{"who": "ann"}])


def test_the_form_of_an_answer() -> None:
    one = response({"type": "string"}, ["a"])
    good = '{"task_type": "retrieve", "status": "success", "retrieved_data": ["a"]}'
    for text in (good, f"```json\n{good}\n```", f"Done:\n```\n{good}\n```"):
        assert judge_verified([one], text, [], sites=["shopping"], addresses=SITES).success, text
    for text in ("", "a", good[:-1], "[1]", '{"status": "SUCCESS"}', "[" * 5000):
        assert not judge_verified([one], text, [], sites=["shopping"], addresses=SITES).success, text
    assert not answered(one, ["a"], status="NOT_FOUND_ERROR")
    assert not answered(one, ["a"], status=None)


def test_an_agents_pattern_is_only_text() -> None:
    assert not answered(response({"type": "string"}, ["secret"]), ["^.*$"])
    assert not answered(response({"type": "string"}, ["secret"]), ["secret"], status="^.*$")
    assert answered(response({"type": "string"}, ["^.*tea.*$"]), ["green tea, hot"])


def test_posts_by_field_path_and_kind() -> None:
    url = f"{SITES['shopping']}/save"
    wanted = {"url": "__SHOPPING__/save", "http_method": "POST", "response_status": 302, "post_data": {"price": "20", "name": "Tea"}}
    schema = {"type": "object", "properties": {"price": {"type": "number", "format": "currency"}}}
    event = entry(url, "POST", 302, "price=20.00&name=tea&form_key=x")
    assert network([event], wanted, post_data_schema=schema).success
    assert not network([event], wanted).success  # as text, 20.00 is not 20
    assert not network([entry(url, "POST", 200, "price=20&name=tea")], wanted).success
    assert not network([entry(url, "POST", 302, "price=20")], wanted).success
    nested = {**wanted, "post_data": {"$.note.text": "lgtm", "$.^id_\\d+$": "7"}}
    body = json.dumps({"note": {"text": "LGTM"}, "id_12": "7"})
    assert network([entry(url, "POST", 302, body, "application/json")], nested).success
    fields = {"price": "20", "name": "Tea"}
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()) + "--b--"
    assert network([entry(url, "POST", 302, parts, "multipart/form-data; boundary=b")], wanted).success


def test_addresses_queries_and_which_event_counts() -> None:
    shop = SITES["shopping"]
    wanted = {"url": "__SHOPPING__/tea?sort=price", "http_method": "GET"}
    assert network([entry(f"{shop}/tea/?sort=PRICE")], wanted).success
    assert not network([entry(f"{shop}/tea?sort=price&page=2")], wanted).success
    assert network([entry(f"{shop}/tea?sort=price&page=2")], wanted, ignored_query_params=["page"]).success
    assert network([entry(f"{shop}/tea?sort=price&page=2")], wanted, ignored_query_params_patterns=["^pa"]).success
    both = [entry(f"{shop}/tea?sort=price"), entry(f"{shop}/tea?sort=name")]
    assert not network(both, wanted).success  # the last one counts
    assert network(both, wanted, last_event_only=False).success
    assert network([*both[:1], entry(f"{shop}/tea.css")], {"url": "^__SHOPPING__/te.*$", "query_params": {"sort": ["^pri.*$"]}}).success
    assert network([entry(f"{shop}/coffee")], wanted, should_not_exist=True).success
    assert not network(both, wanted, should_not_exist=True).success
    hidden = entry(f"{shop}/cart/add/dWVuYz0x/product/5")
    assert network([hidden], {"url": "__SHOPPING__/cart/add/product/5", "query_params": {"uenc": ["1"]}}, decode_base64_query=True).success


def test_for_navigation_only_the_last_one_counts() -> None:
    shop = SITES["shopping"]
    wanted = {"url": "__SHOPPING__/tea"}
    script = entry(f"{shop}/api", Accept="application/json")
    assert network([entry(f"{shop}/tea"), script], wanted, "navigate").success
    assert not network([entry(f"{shop}/tea"), entry(f"{shop}/coffee")], wanted, "navigate").success
    assert not network([], wanted, "navigate").success


def test_a_site_without_an_address_is_named() -> None:
    with pytest.raises(DataError, match="gitlab"):
        judge_verified([], "", [], sites=["gitlab"], addresses=SITES)


@given(
    st.sampled_from(
        [
            "string",
            "number",
            "currency",
            "date",
            "month",
            "duration",
            "distance",
            "coordinates",
            "boolean",
            "string_list",
            "json",
            "markdown",
        ]
    ),
    st.text(max_size=30),
)
def test_any_text_is_read_or_refused(kind: str, text: str) -> None:
    try:
        value = Value.of(kind, text, None, given=True)
    except ValueError:
        return
    assert value.fits(value) or value.alternatives[0] != value.alternatives[0]  # not a number


@given(st.text(max_size=30))
def test_any_address_is_read_or_refused(text: str) -> None:
    try:
        read_url("http://" + text, Reading(Sites({})), strict=False)
    except ValueError:
        return
