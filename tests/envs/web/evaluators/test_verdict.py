"""Whole verdicts on small tasks of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from web_tasks import SHOP, Web, disc, task

from mtenvs.core.errors import DataError
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.evaluators import judge_task
from mtenvs.envs.web.evaluators.deviations import DEVIATIONS, KEPT
from mtenvs.envs.web.evaluators.helpers import read_helper
from mtenvs.envs.web.evaluators.score import Suite


def verdict(web: Web, answer: str = "", suite: Suite = "webarena", **checks: Any) -> Verdict:
    row = task(1, **checks)
    return judge_task(row["eval"], answer, web, suite=suite, intent=row["intent"], shop=SHOP)


def html(url: str, locator: str, **wanted: Any) -> dict[str, Any]:
    return {"url": url, "locator": locator, "required_contents": wanted}


def test_evaluators_multiply_and_each_is_a_checkpoint() -> None:
    web = Web(f"{SHOP}/tea?colour=green&x=1", {f"{SHOP}/cart": {"content": "<b>Green &amp; black tea</b>"}})
    checks: dict[str, Any] = {
        "eval_types": ["url_match", "program_html"],
        "reference_url": f"{SHOP}/tea?colour=green",
        "url_note": "GOLD in PRED",
        "program_html": [html(f"{SHOP}/cart", "", must_include=["green & black"]), html(f"{SHOP}/cart", "", must_include=["coffee"])],
    }
    found = verdict(web, **checks)
    assert (found.score, found.success) == (0.0, False)
    assert found.checkpoints == {"url_match": True, "program_html 1": True, "program_html 2": False}
    checks["program_html"] = checks["program_html"][:1]
    assert verdict(web, **checks).success


@pytest.mark.parametrize(
    ("url", "suite", "note", "score"),
    [
        (f"{SHOP}/tea/", "webarena", "GOLD in PRED", 1.0),
        (f"{SHOP}/tea/green", "webarena", "GOLD in PRED", 1.0),
        (f"{SHOP}/tea", "visualwebarena", "EXACT", 1.0),
        (f"{SHOP}/tea/green", "visualwebarena", "EXACT", 0.0),
        (f"{SHOP}/tea/green", "visualwebarena", "GOLD in PRED", 1.0),
        (f"{SHOP}/coffee", "webarena", "GOLD in PRED", 1.0),
        (f"{SHOP}/milk", "visualwebarena", "EXACT", 0.0),
    ],
)
def test_where_the_tab_stands(url: str, suite: Suite, note: str, score: float) -> None:
    reference = f"{SHOP}/tea |OR| {SHOP}/coffee"
    assert verdict(Web(url), suite=suite, eval_types=["url_match"], reference_url=reference, url_note=note).score == score


def test_a_page_that_is_not_there_scores_0_and_does_not_raise() -> None:
    assert verdict(Web(), eval_types=["program_html"], program_html=[html(f"{SHOP}/gone", "", must_include=[""])]).score == 0.0


def test_locators_read_scripts_and_null_is_none() -> None:
    pages = {f"{SHOP}/here": {"document.title": None, "document.a": 7}}
    target = html("last", "document.title", exact_match="None")
    assert verdict(Web(pages=pages), eval_types=["program_html"], program_html=[target]).score == 1.0
    assert verdict(Web(pages=pages), eval_types=["program_html"], program_html=[html("last", "document.a", exact_match="7")]).score == 1.0
    thrown = html("last", "document.b", exact_match="")
    assert verdict(Web(pages=pages), eval_types=["program_html"], program_html=[thrown]).score == 1.0


def test_lambdas_that_find_nothing_score_0_even_when_nothing_is_wanted() -> None:
    pages = {f"{SHOP}/here": {"(() => 1)": ""}}
    target = html("last", "lambda:(() => 1)()", must_exclude=["red"])
    assert verdict(Web(pages=pages), suite="visualwebarena", eval_types=["program_html"], program_html=[target]).score == 0.0
    with pytest.raises(DataError, match="locator"):
        verdict(Web(pages=pages), eval_types=["program_html"], program_html=[html("last", "lambda:x", exact_match="")])


def test_the_shop_is_asked_for_the_newest_order_and_review() -> None:
    rest = {
        "/orders?": {"items": [{"increment_id": "000000187"}]},
        "/products/B1/reviews": [
            {"nickname": "old", "ratings": [{"rating_name": "Rating", "percent": 20}]},
            {"nickname": "Emma", "ratings": [{"percent": 80}]},
        ],
        "/products/B2/reviews": [],
    }
    web = Web(pages={f"{SHOP}/sales/order/view/order_id/187/": {"content": "2 x tea"}, f"{SHOP}/here": {}}, rest=rest)
    targets = [
        html("func:shopping_get_latest_order_url()", "", must_include=["2 x tea"]),
        html("last", "func:shopping_get_sku_latest_review_author('B1')", exact_match="emma"),
        html("last", "func:shopping_get_sku_latest_review_rating('B1')", must_include=["80"]),
        html("last", "func:shopping_get_sku_latest_review_author('B2')", exact_match=""),
    ]
    assert verdict(web, eval_types=["program_html"], program_html=targets).score == 1.0
    assert f"POST {SHOP}/rest/default/V1/integration/admin/token" in web.asked
    assert verdict(Web(), eval_types=["program_html"], program_html=targets[:1]).score == 0.0


def test_an_address_with_a_quote_is_data() -> None:
    url = f"{SHOP}/f/books/12/it's-'); import os"
    web = Web(url, {f"{SHOP}/f/books/12/": {"content": "the post"}})
    target = html("func:reddit_get_post_url('__last_url__')", "", must_include=["the post"])
    assert verdict(web, eval_types=["program_html"], program_html=[target]).score == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "func:os.system('x')",
        "func:__import__('os')",
        "func:get_query_text(page, 'a')",
        "func:get_query_text('a', __page__)",
        "func:",
        "func:(",
        "func:reddit_get_post_url()",
        "func:shopping_get_num_reviews(__page__, 1)",
    ],
)
def test_only_known_helpers_are_read(text: str) -> None:
    with pytest.raises(DataError):
        read_helper(text)


def pictures(web: Web, *queries: dict[str, Any], compat: bool = True) -> float | None:
    check = task(1, eval_types=["page_image_query"], page_image_query=list(queries))["eval"]
    return judge_task(check, "", web, suite="visualwebarena", intent="x", compat=compat).score


def query(reference: str, page: str = "last", **more: Any) -> dict[str, Any]:
    return {"eval_image_url": page, "eval_image_class": ".photo", "eval_fuzzy_image_match": reference, **more}


def test_pictures_are_compared_by_structure() -> None:
    web = Web(pages={f"{SHOP}/here": {"pictures": ["/a.png", None, "/missing.png"]}, f"{SHOP}/none": {"pictures": []}})
    web.pictures = {f"{SHOP}/a.png": disc("navy"), "http://x.test/same": disc("navy", 128, 16), "http://x.test/other": disc("navy", 64, 28)}
    assert pictures(web, query("http://x.test/other |OR| http://x.test/same")) == 1.0
    assert pictures(web, query("http://x.test/other")) == 0.0
    assert pictures(web, query("http://x.test/other", ssim_threshold=0.1)) == 1.0
    assert pictures(web, query("http://x.test/same", f"{SHOP}/none")) == 0.0
    with pytest.raises(DataError, match="reference picture"):
        pictures(web, query("http://x.test/gone"))
    asked = {"eval_image_url": "last", "eval_image_class": ".photo", "eval_vqa": [{"question": "Is it blue?", "answer": "yes"}]}
    assert pictures(web, asked) is None


def test_only_the_last_picture_query_counts_in_compat() -> None:
    web = Web(pages={f"{SHOP}/here": {"pictures": ["/a.png"]}})
    web.pictures = {f"{SHOP}/a.png": disc("navy"), "http://x.test/other": disc("navy", 64, 28)}
    queries = query("http://x.test/other"), query(f"{SHOP}/a.png")
    assert pictures(web, *queries) == 1.0
    assert pictures(web, *queries, compat=False) == 0.0


def test_the_docs_hold_both_tables() -> None:
    page = (Path(__file__).parents[4] / "docs/web-verdicts.md").read_text()
    for what, how in (*DEVIATIONS.items(), *KEPT.items()):
        assert f"| {what} | {how} |" in page
