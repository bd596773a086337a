"""The agent's final answer: what kind of task it took this for, how it ended, and what it found."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from mtenvs.envs.web.evaluators.verified.addresses import Sites
from mtenvs.envs.web.evaluators.verified.kinds import Value
from mtenvs.envs.web.evaluators.verified.shape import Reader, same

_FENCED: Final = re.compile(r"```(?:json)?\s*\n?(.*?)\n?```", re.DOTALL)
_OLD_NAME: Final = "performed_operation"


def read_answer(answer: str) -> Any:
    """An answer as data: JSON, fenced or not; the text itself if it is none; None for nothing."""
    found = _FENCED.search(answer)
    text = found[1].strip() if found else answer
    try:
        return json.loads(text) or None
    except (ValueError, RecursionError):
        return text or None


def agent_response(config: Mapping[str, Any], answer: Any, sites: Sites) -> tuple[bool, dict[str, bool]]:
    """Whether an answer is the one that a task expects, and its parts.

    Args:
        config: the task's ``AgentResponseEvaluator``.
        answer: text, or data that was read from it.
        sites: of the task.

    Returns:
        all of it, and ``task_type``, ``status`` and (for tasks that retrieve) ``retrieved_data``.
    """
    expected = config["expected"]
    kind = str(expected["task_type"]).upper()
    retrieves = kind == "RETRIEVE"
    data = read_answer(answer) if isinstance(answer, str) else answer
    names = ("task_type", "status", *(["retrieved_data"] if retrieves else []))
    if not isinstance(data, Mapping):
        return False, dict.fromkeys(names, False)
    parts = {
        "task_type": _says(data.get("task_type", data.get(_OLD_NAME)), kind),
        "status": _says(data.get("status"), str(expected["status"]).upper()),
    }
    if retrieves:
        parts["retrieved_data"] = "retrieved_data" in expected and _found(config, data.get("retrieved_data"), sites)
    return all(parts.values()), parts


def _says(given: Any, wanted: str) -> bool:
    if not isinstance(given, str) or not given.strip():
        return False
    return Value.of("string", wanted, None, given=False).fits(Value.of("string", given.strip(), None, given=True))


def _found(config: Mapping[str, Any], given: Any, sites: Sites) -> bool:
    wanted = config["expected"]["retrieved_data"]
    if _nothing(wanted) or _nothing(given):
        return _nothing(wanted) and _nothing(given)
    try:
        read = Reader(sites, given=True).items(_listed(given), config["results_schema"])
        expected = Reader(sites, given=False).items(_listed(wanted), config["results_schema"])
    except ValueError:  # upstream ends the check with an error, which scores 0
        return False
    return same(expected, read, ordered=bool(config.get("ordered")))


def _nothing(value: Any) -> bool:
    return not value and not isinstance(value, (int, float))


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]
