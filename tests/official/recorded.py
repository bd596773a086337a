"""Recorded pages, which the real evaluators of WebArena and ours are shown alike; standard library only, for both run it.

A case is JSON data: ``answer``, ``last_url`` and ``pages``, by address. A page is ``content`` and ``values``: by what a script reads, what
it gives, ``{"value": ...}`` or ``{"throws": true}``. The suites' helper functions and ours read the same things with different scripts;
`key_of` tells what either reads.
"""

from __future__ import annotations

import json
import re
import zlib
from datetime import datetime, timezone
from typing import Any

_QUERY = re.compile(r"""document\.querySelector\((?:'(?P<theirs>.*?)'|(?P<ours>"(?:[^"\\]|\\.)*"))\)(?:\.textContent|;)""")
_DETAILS = re.compile(r"""const (?:searchTerms|terms) = (?:'(?P<theirs>.*?)'|(?P<ours>"(?:[^"\\]|\\.)*"))\.toLowerCase""")
_ROLE = re.compile(r"""=== '@(?P<theirs>.*?)'|indexOf\("@(?P<ours>.*?)"\)""")
_AT = re.compile(r"""^\(\(\) => \{\s*return document\.querySelectorAll\("td\.col-max-role span"\)\[(-?\d+)\]""")


def key_of(js: str) -> str:  # noqa: C901, PLR0911 - one case for each thing that a helper reads
    """What a script reads: a locator as the task has it, or the kind and the argument of a helper's script."""
    text = js.strip().removesuffix(";")
    if text.startswith("() => "):
        return text.removeprefix("() => ")
    if "#my-orders-table" in text:
        return "order lines"
    if "vote__net-score" in text:
        return "comments"
    if "productDetails_detailBullets" in text:
        return "details " + _argument(_DETAILS, text)
    if "gl-avatar-labeled-sublabel" in text:
        return "role " + _argument(_ROLE, text)
    if "tab-label-reviews-title" in text:
        return "review count"
    if "price-box.price-final_price" in text and "\n" in text:
        return "price"
    if "return document.querySelector('" in text and "\n" in text:
        return "text " + _argument(_QUERY, text)
    if text.startswith("(() => { const found = document.querySelector("):
        return "text " + _argument(_QUERY, text)
    if text.startswith("(() => ") and text.endswith(")()") and not text.startswith("(() => {"):
        return text.removeprefix("(() => ").removesuffix(")()")
    return text


def _argument(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise AssertionError(f"a script that no pattern fits: {text}")
    return found["theirs"] if found["theirs"] is not None else found["ours"] if pattern is _ROLE else json.loads(found["ours"])


def value_for(js: str, page: dict[str, Any], *, theirs: bool, error: type[Exception]) -> Any:
    """What a script gives on a page.

    Args:
        js: the script.
        page: as recorded.
        theirs: whether the suites' own helpers ask, who get dates as their browser library gives them.
        error: raised where the page throws.
    """
    at = _AT.match(js.strip())
    if js in page["values"]:  # a lambda, which is asked as it stands
        found = page["values"][js]
    elif at is not None:  # their second look: the role of the member found before, whose place we call the crc of its name
        named = {str(zlib.crc32(k.encode())): v for k, v in page["values"].items() if k.startswith("role ")}
        found = named.get(at[1], {"throws": True})
    else:
        key = key_of(js)
        found = page["values"].get(key, {"throws": True})
        if key.startswith("role ") and theirs:
            return zlib.crc32(key.encode()) if "value" in found else -1
        if key == "comments" and theirs and "value" in found:
            return _dated(found["value"])
    if found.get("throws"):
        raise error(f"the recorded page throws at {js[:80]}")
    return found["value"]


def _dated(node: Any) -> Any:
    return {
        **node,
        "time": datetime.fromtimestamp(node["time"] / 1000, timezone.utc),
        "children": [_dated(child) for child in node["children"]],
    }


def verdict_of(kind: str, reference: str, answer: str) -> str:
    """The judge that both sides ask: right for the reference itself, else by chance of the text, but always the same."""
    right = True if reference.strip().lower() == answer.strip().lower() else zlib.crc32(f"{kind}|{reference}|{answer}".encode()) % 3 == 0
    if kind == "same_reason":
        return "same" if right else "different"
    return "correct" if right else ("incorrect", "partially correct")[zlib.crc32(answer.encode()) % 2]


def seen_in(picture: bytes, question: str) -> str:
    """What both sides' judge sees in a picture, given as the bytes of its RGB pixels."""
    return ("yes", "no", "the bear")[zlib.crc32(picture + question.encode()) % 3]
