"""``url_match``: where the agent's active tab stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlparse

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.score import Suite
from mtenvs.envs.web.evaluators.strings import OR

INSIDE, EXACT = "GOLD in PRED", "EXACT"


def url_match(check: Mapping[str, Any], url: str, suite: Suite) -> float:
    """Whether an address is one of those wanted.

    WebArena: host and path of a reference occur in those of the address, and every query parameter of the references has one of its
    values. VisualWebArena: the same address, or (``url_note`` "GOLD in PRED") a reference occurs in it.

    Args:
        check: the task's ``eval`` object.
        url: the address.
        suite: whose rule.

    Raises:
        DataError: no reference, or a rule that the suite does not have.
    """
    references = check.get("reference_url")
    if not isinstance(references, str):
        raise DataError(f"url_match needs a reference_url, not {references!r}")
    rule = check.get("url_note", INSIDE if suite == "webarena" else EXACT)
    wanted = references.split(OR)
    if suite == "webarena" and rule == INSIDE:
        return float(_inside(url, wanted))
    if suite == "visualwebarena" and rule in {INSIDE, EXACT}:
        given = _local(url)
        return float(any(_local(w) in given if rule == INSIDE else _local(w) == given for w in wanted))
    raise DataError(f"url_note {rule!r} is no rule of {suite}")


def _local(url: str) -> str:
    return url.replace("localhost", "127.0.0.1").removesuffix("/")


def _inside(url: str, wanted: list[str]) -> bool:
    base, query = _split(url.rstrip("/"))
    values: dict[str, set[str]] = defaultdict(set)
    bases = []
    for each in wanted:
        its_base, its_query = _split(each.rstrip("/"))
        bases.append(its_base)
        for key, found in its_query.items():
            values[key].update(found)  # of all references together, whichever base matched: that is upstream's rule
    return any(b in base for b in bases) and all(found & set(query.get(key, [])) for key, found in values.items())


def _split(url: str) -> tuple[str, dict[str, list[str]]]:
    parts = urlparse(url)
    return parts.netloc + parts.path, parse_qs(parts.query)
