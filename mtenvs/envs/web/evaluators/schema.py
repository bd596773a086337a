"""Whether the checks of an official task are in a form that its suite has; looked at once, when a file is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.envs.web.evaluators.answers import APPROACHES, NOT_ACHIEVABLE
from mtenvs.envs.web.evaluators.helpers import PREFIX, read_helper
from mtenvs.envs.web.evaluators.html import KINDS
from mtenvs.envs.web.evaluators.score import Suite
from mtenvs.envs.web.evaluators.verdict import EVAL_TYPES

Checker = Callable[[Mapping[str, Any]], None]


def check_eval(suite: Suite) -> Checker:
    """The checker of WebArena's or VisualWebArena's tasks."""

    def check(row: Mapping[str, Any]) -> None:
        found = _field(row, "eval", Mapping, "the task")
        for kind in _field(found, "eval_types", list, "eval"):
            if kind not in EVAL_TYPES[suite]:
                raise DataError(f"eval_types has {kind!r}; {suite} knows {', '.join(sorted(EVAL_TYPES[suite]))}")
            _CHECKS[kind](found, suite)

    return check


def check_verified(row: Mapping[str, Any]) -> None:
    """The checker of WebArena-Verified's tasks."""
    for one in _field(row, "eval", list, "the task"):
        name = one.get("evaluator") if isinstance(one, Mapping) else None
        if name not in _EXPECTED:
            raise DataError(f"eval has the evaluator {name!r}; known are {', '.join(_EXPECTED)}")
        expected = _field(one, "expected", Mapping, name)
        for key in _EXPECTED[name]:
            if key not in expected:
                raise DataError(f"{name} expects no {key}")


_EXPECTED: Final = {"AgentResponseEvaluator": ("task_type", "status"), "NetworkEventEvaluator": ("url",)}


def _field(data: Mapping[str, Any], key: str, kind: type, where: str) -> Any:
    if not isinstance(data.get(key), kind):
        raise DataError(f"{where} has no {key} that is a {'mapping' if kind is Mapping else kind.__name__}: {data.get(key)!r}")
    return data[key]


def _string(found: Mapping[str, Any], suite: Suite) -> None:
    for approach, wanted in _field(found, "reference_answers", Mapping, "eval").items():
        if approach not in APPROACHES[suite]:
            raise DataError(f"reference_answers has {approach!r}; {suite} knows {', '.join(sorted(APPROACHES[suite]))}")
        a_text = approach == "exact_match" or (approach == "fuzzy_match" and wanted == NOT_ACHIEVABLE)
        if not isinstance(wanted, str if a_text else list):
            raise DataError(f"reference_answers.{approach} is a {'text' if a_text else 'list of texts'}, not {wanted!r}")


def _url(found: Mapping[str, Any], _: Suite) -> None:
    _field(found, "reference_url", str, "eval")


def _html(found: Mapping[str, Any], suite: Suite) -> None:
    for number, target in enumerate(_field(found, "program_html", list, "eval"), 1):
        where = f"program_html {number}"
        for form in (_field(target, "url", str, where), _field(target, "locator", str, where)):
            if form.startswith(PREFIX):
                read_helper(form)
        wanted = _field(target, "required_contents", Mapping, where)
        kind = next((k for k in KINDS[suite] if k in wanted), None)
        if kind is None:
            raise DataError(f"{where}: required_contents has {', '.join(wanted) or 'nothing'}; {suite} knows {', '.join(KINDS[suite])}")
        if not isinstance(wanted[kind], str if kind in {"exact_match", "fuzzy_match"} else list):
            raise DataError(f"{where}: required_contents.{kind} cannot be {wanted[kind]!r}")


def _pictures(found: Mapping[str, Any], _: Suite) -> None:
    for number, query in enumerate(_field(found, "page_image_query", list, "eval"), 1):
        where = f"page_image_query {number}"
        _field(query, "eval_image_class", str, where)
        if _field(query, "eval_image_url", str, where).startswith(PREFIX):
            read_helper(query["eval_image_url"])
        if not query.get("eval_vqa") and "eval_fuzzy_image_match" not in query:
            raise DataError(f"{where} has neither eval_vqa nor eval_fuzzy_image_match")


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any], Suite], None]]] = {
    "string_match": _string,
    "url_match": _url,
    "program_html": _html,
    "page_image_query": _pictures,
}
