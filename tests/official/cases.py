"""The cases of one official task: what both sides' evaluators are shown."""

from __future__ import annotations

import copy
import zlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import mutants

from mtenvs.envs.web.evaluators.helpers import HelperCall, post_url, read_helper

ORDER = 170
Case = dict[str, Any]


def cases(row: Mapping[str, Any], sites: Mapping[str, str]) -> Iterator[Case]:
    """Every case of a task whose addresses are filled in.

    Args:
        row: the task as in the file.
        sites: addresses by name in upper case.
    """
    check = row["eval"]
    kinds = check["eval_types"]
    base: Case = {"answer": "", "last_url": _last(check, sites), "pages": {}, "reviews": {}}
    if "string_match" in kinds:
        base["answer"] = next(mutants.wanted_answers(check["reference_answers"]))
    for target in check.get("program_html") or () if "program_html" in kinds else ():
        _put(base, target, {"value": mutants.right_content(target["required_contents"])}, sites)
    for query in check.get("page_image_query") or () if "page_image_query" in kinds else ():
        _show(base, query, [_picture(query)])
    yield base
    if "string_match" in kinds:
        yield from ({**base, "answer": answer} for answer in mutants.answers(check["reference_answers"], check.get("string_note") or ""))
    if "url_match" in kinds:
        for url in mutants.urls(check["reference_url"]):
            yield {**base, "last_url": url, "pages": {**base["pages"], url: base["pages"].get(base["last_url"], _blank())}}
    if "program_html" in kinds:
        yield from _html_cases(base, check["program_html"], sites)
    if "page_image_query" in kinds:
        yield from _picture_cases(base, check["page_image_query"])


def _last(check: Mapping[str, Any], sites: Mapping[str, str]) -> str:
    if "url_match" in check["eval_types"]:
        return str(check["reference_url"]).split(mutants.OR)[0]
    return f"{sites['REDDIT']}/f/books/81371/the-last-page"


def _blank() -> dict[str, Any]:
    return {"content": "", "values": {}}


def address(url: str, case: Case, sites: Mapping[str, str]) -> str:
    """Where a target's address leads."""
    if url == "last":
        return str(case["last_url"])
    if not url.startswith("func:"):
        return url
    if read_helper(url).name == "reddit_get_post_url":
        return post_url(case["last_url"])
    return f"{sites['SHOPPING']}/sales/order/view/order_id/{ORDER}/"


def _put(case: Case, target: Mapping[str, Any], found: dict[str, Any], sites: Mapping[str, str]) -> None:
    """Lay down what a target's place holds."""
    page = case["pages"].setdefault(address(target["url"], case, sites), _blank())
    locator = target["locator"]
    if not locator.strip():
        page["content"] = f"{page['content']} {found.get('value')}" if page["content"] else str(found.get("value"))
    elif locator.startswith("func:"):
        _put_helper(case, page["values"], read_helper(locator), found)
    else:
        page["values"][locator.removeprefix("lambda:")] = found


def _put_helper(case: Case, values: dict[str, Any], call: HelperCall, found: dict[str, Any]) -> None:
    texts = [a for a in call.arguments if a is not None]
    value = found.get("value")
    if call.name == "get_query_text":
        values[f"text {texts[0]}"] = found
    elif call.name == "gitlab_get_project_memeber_role":
        values[f"role {texts[0]}"] = found
    elif call.name == "shopping_get_product_attributes":
        values[f"details {texts[0]}"] = found
    elif call.name in {"shopping_get_product_price", "shopping_get_num_reviews"}:
        values["price" if "price" in call.name else "review count"] = found if "throws" in found else {"value": _number(value)}
    elif call.name.startswith("shopping_get_order_product"):
        values["order lines"] = found if "throws" in found else {"value": _lines(call.name, texts, str(value), values)}
    elif call.name.startswith("reddit_get"):
        values["comments"] = found if "throws" in found else {"value": _comments(call.name, texts[0], str(value))}
    elif call.name.startswith("shopping_get_sku_latest_review"):
        if "throws" in found:
            case["reviews"][texts[0]] = []
            return
        kept = case["reviews"].get(texts[0]) or [{}, {"nickname": "", "title": "", "detail": "", "percent": 0}]
        field = {"author": "nickname", "rating": "percent", "text": "detail"}[call.name.rsplit("_", 1)[-1]]
        case["reviews"][texts[0]] = [kept[0], {**kept[1], field: value}]
    else:
        raise AssertionError(call.name)


def _number(value: Any) -> Any:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _lines(name: str, texts: list[str], value: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = copy.deepcopy(values.get("order lines", {}).get("value") or [{"name": "Another", "sku": " B00OTHER ", "qty": "Ordered1"}])
    if "name_list" in name:
        return [{"name": part, "sku": "B1", "qty": "Ordered1"} for part in value.split(" and ")]
    sku = texts[0].split(mutants.OR)[0]
    line = next((found for found in lines if found["sku"].strip() == sku), None)
    if line is None:
        line = {"name": "Wanted", "sku": sku + " ", "qty": "Ordered0"}
        lines.append(line)
    if "quantity" in name:
        line["qty"] = f"Ordered{value}"
    else:
        line.setdefault("options", {})[texts[1]] = value
    return lines


def _comments(name: str, user: str, value: str) -> dict[str, Any]:
    """A tree in which the user's newest comment is not the first one."""

    def comment(by: str, content: str, time: int, *children: dict[str, Any]) -> dict[str, Any]:
        return {"username": by, "net_score": 1, "content": content, "time": time, "children": list(children)}

    parent = "parent" in name
    newest = comment(user, "mine" if parent else value, 1_700_000_900_000)
    older = comment(user, "an older one", 1_700_000_100_000)
    return comment(
        "poster", "first", 1_700_000_000_000, comment("someone", "x", 1, older), comment(value if parent else "other", "y", 2, newest)
    )


def _html_cases(base: Case, targets: list[Mapping[str, Any]], sites: Mapping[str, str]) -> Iterator[Case]:
    for target in targets:
        locator = target["locator"]
        typed = locator.startswith(("document.", "[...document.", "lambda:"))
        for found in mutants.contents(target["required_contents"], typed=typed):
            if not locator.strip() and "throws" in found:
                continue
            case = copy.deepcopy(base)
            if not locator.strip():
                case["pages"][address(target["url"], case, sites)]["content"] = ""
            _put(case, target, found, sites)
            yield case
        case = copy.deepcopy(base)
        if target["url"] != "last":
            del case["pages"][address(target["url"], case, sites)]
            yield case


def _picture(query: Mapping[str, Any]) -> str:
    return str(query.get("eval_fuzzy_image_match") or "http://pictures.test/any.png").split(mutants.OR)[0]


def _show(case: Case, query: Mapping[str, Any], sources: list[str]) -> None:
    url = case["last_url"] if query["eval_image_url"] == "last" else query["eval_image_url"]
    page = case["pages"].setdefault(url, _blank())
    page.setdefault("pictures", {})[query["eval_image_class"]] = [[source] for source in sources]


def _picture_cases(base: Case, queries: list[Mapping[str, Any]]) -> Iterator[Case]:
    for query in queries:
        right = _picture(query)
        near = [f"{right}{'&' if '?' in right else '?'}noise={n}" for n in (2, 8, 20, 60)] if right.startswith("http") else []
        broken = "http://pictures.test/missing"
        for sources in ([], [broken], ["/media/other.png"], [broken, right], ["/a.png", "/b.png", "/c.png"], *([n] for n in near)):
            case = copy.deepcopy(base)
            _show(case, query, sources)
            yield case


def seed_of(url: str) -> int:
    """Which picture an address shows; its noise, and the reference's name in a form that both sides ask for, do not count."""
    return zlib.crc32(quote(url.split("noise=", maxsplit=1)[0].rstrip("?&")).encode())
