"""Own verdicts: the end state of the sites' databases, where the browser stands, and what was answered.

A check is JSON-able data with a ``kind`` and a ``name`` (its checkpoint). An answer is compared with the truth; that something was done is
seen in the database alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.answers import answer_fits
from mtenvs.envs.web.tables import differences
from mtenvs.sites.kit import Episode

NOISE: Final[Mapping[str, frozenset[str]]] = {"shop": frozenset({"search_query"}), "forum": frozenset()}
"""Tables by database that change by looking around, so they are no sign of a deed."""


@dataclass(frozen=True)
class EndState:
    """What a verdict looks at.

    Args:
        episode: the sites as they are.
        answer: the text of ``stop``; None if the agent has not stopped.
        url: address of the active tab.
    """

    episode: Episode
    answer: str | None
    url: str


def verdict_of(checks: Sequence[Mapping[str, Any]], state: EndState) -> Verdict:
    """1 if every check holds, else 0, as WebArena scores; the metric ``progress`` is the share of those that ask for something."""
    found = {str(check["name"]): _KINDS[check["kind"]](check, state) for check in checks}
    asked = [found[str(check["name"])] for check in checks if check["kind"] != "only"]
    whole = all(found.values()) and state.answer is not None
    return Verdict(float(whole), whole, found, {"progress": sum(asked) / len(asked) if asked else float(whole)})


def _answer(check: Mapping[str, Any], state: EndState) -> bool:
    return state.answer is not None and answer_fits(check["form"], check["value"], state.answer)


def _rows(check: Mapping[str, Any], state: EndState) -> bool:
    """``sql`` with ``values`` on the database of ``site`` gives exactly the rows ``equals``."""
    found = [list(row.values()) for row in state.episode.rows(check["site"], check["sql"], *check.get("values", ()))]
    return found == [list(row) for row in check["equals"]]


def _url(check: Mapping[str, Any], state: EndState) -> bool:
    """The active tab is on ``site`` at ``path`` (a regular expression for the whole path), with at least these ``query`` parameters.

    The parameters' case and spaces do not count.
    """
    at = urlsplit(state.url)
    query = parse_qsl(at.query, keep_blank_values=True)
    return (
        at.hostname == state.episode.sites[check["site"]].host
        and re.fullmatch(check["path"], at.path) is not None
        and all({_words(v) for k, v in query if k == name} == {_words(value)} for name, value in check.get("query", {}).items())
    )


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _only(check: Mapping[str, Any], state: EndState) -> bool:
    """No table of the database of ``site`` has changed but those named in ``tables``, and those as often as they say.

    ``tables``: name -> ``[added, changed, removed]`` rows, or None for any number.
    """
    image = state.episode.sites[check["site"]].image
    allowed: Mapping[str, Sequence[int] | None] = check.get("tables", {})
    free = NOISE.get(image.name, frozenset()) | {table for table, times in allowed.items() if times is None}
    found = differences(state.episode, check["site"])
    wanted = {table: list(times) for table, times in allowed.items() if times is not None and any(times)}
    return {table: list(times) for table, times in found.items() if table not in free} == wanted


_KINDS: Final[Mapping[str, Callable[[Mapping[str, Any], EndState], bool]]] = {"answer": _answer, "rows": _rows, "url": _url, "only": _only}
