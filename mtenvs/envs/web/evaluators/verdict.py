"""The verdict on a task of WebArena or VisualWebArena: the product of its evaluators, as upstream."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.evaluators.answers import string_match
from mtenvs.envs.web.evaluators.html import Looking, program_html
from mtenvs.envs.web.evaluators.magento import ADMIN, Magento
from mtenvs.envs.web.evaluators.pages import Judge, Pages
from mtenvs.envs.web.evaluators.pictures import needs_eyes, picture_queries
from mtenvs.envs.web.evaluators.score import Score, Suite, product
from mtenvs.envs.web.evaluators.urls import url_match

EVAL_TYPES: Final[dict[str, frozenset[str]]] = {
    "webarena": frozenset({"string_match", "url_match", "program_html"}),
    "visualwebarena": frozenset({"string_match", "url_match", "program_html", "page_image_query"}),
}


def judge_task(
    check: Mapping[str, Any],
    answer: str,
    pages: Pages,
    *,
    suite: Suite,
    intent: str,
    shop: str | None = None,
    admin: Mapping[str, str] = ADMIN,
    judge: Judge | None = None,
    folder: Path | None = None,
    compat: bool = True,
) -> Verdict:
    """The verdict on an episode.

    Args:
        check: the task's ``eval`` object, with addresses filled in.
        answer: what the agent gave when it stopped, empty if nothing.
        pages: what is left of the episode.
        suite: whose rules.
        intent: what was asked, for the judge.
        shop: the shop's address, for helpers that ask its REST interface.
        admin: the shop's administrator.
        judge: decides what comparing cannot; None leaves it undecided.
        folder: where reference pictures without an address lie.
        compat: keep upstream's mistakes, see `mtenvs.envs.web.evaluators.deviations`; False repairs those that can be repaired.

    Returns:
        ``score`` 1 or 0, or None with ``needs="judge"``; a checkpoint for each decided check.

    Raises:
        DataError: the task has a form that its suite does not have.
    """
    magento = Magento(pages, shop.rstrip("/"), admin) if shop else None
    looking = Looking(pages, suite, magento, judge, compat)
    total: list[Score] = []
    checkpoints: dict[str, bool] = {}
    for kind in check["eval_types"]:
        score, parts = _evaluated(kind, check, answer, intent, looking, folder)
        names = [kind] if len(parts) == 1 else [f"{kind} {number}" for number in range(1, len(parts) + 1)]
        checkpoints |= {name: part == 1.0 for name, part in zip(names, parts, strict=True) if part is not None}
        total.append(score)
    whole = product(total)
    return Verdict(whole, whole == 1.0, checkpoints, needs="judge" if whole is None else "")


def _evaluated(
    kind: str, check: Mapping[str, Any], answer: str, intent: str, looking: Looking, folder: Path | None
) -> tuple[Score, list[Score]]:
    """What one evaluator finds in all, and part by part."""
    if kind not in EVAL_TYPES[looking.suite]:
        raise DataError(f"{looking.suite} has no evaluator {kind!r}: {', '.join(sorted(EVAL_TYPES[looking.suite]))}")
    if kind == "page_image_query":
        return picture_queries(check[kind], looking, folder=folder)
    if kind == "program_html":
        parts = [program_html(target, looking) for target in check[kind]]
    elif kind == "url_match":
        parts = [url_match(check, looking.pages.last_url, looking.suite)]
    else:
        parts = [string_match(check, intent, answer, looking.suite, looking.judge, compat=looking.compat)]
    return product(parts), parts


def judged_parts(check: Mapping[str, Any]) -> tuple[str, ...]:
    """The evaluators of a task that may need a judge."""
    found = []
    if "string_match" in check["eval_types"] and "fuzzy_match" in (check.get("reference_answers") or {}):
        found.append("string_match")
    if "program_html" in check["eval_types"] and any("fuzzy_match" in t["required_contents"] for t in check["program_html"]):
        found.append("program_html")
    if "page_image_query" in check["eval_types"] and needs_eyes(check["page_image_query"]):
        found.append("page_image_query")
    return tuple(found)
