"""Several tool calls in one turn, as a JSON list: what the original's agents may emit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Tool
from mtenvs.core.dialects import json_dialect
from mtenvs.core.errors import BadAction

MOST_CALLS: Final = 8
_TOGETHER: Final = ("search_video", "refine_video", "verify_claim")


def read_parallel(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """A JSON list of two or more tool calls as one call of ``together``; None for anything else."""
    stripped = text.strip()
    if not stripped.startswith("[") or len(stripped) > MAX_ACTION_CHARS:
        return None
    try:
        data = json.loads(stripped)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, list) or len(data) < 2 or not all(isinstance(item, dict) for item in data):
        return None
    return tools["together"].bind((), {"calls": [json.dumps(item) for item in data]})


def calls_of(texts: Sequence[str], tools: Mapping[str, Tool]) -> list[Call]:
    """The calls in some texts; all are read before any is carried out.

    Raises:
        BadAction: none, or one that cannot be read, or that cannot go with others.
    """
    calls = [json_dialect(text, tools) for text in texts]
    legal = ", ".join(_TOGETHER)
    if not calls or any(call is None for call in calls):
        raise BadAction("calls is a list of tool calls as JSON", kind="arguments", legal='{"name": ..., "arguments": {...}} each')
    read = [call for call in calls if call is not None]
    other = next((call.name for call in read if call.name not in _TOGETHER), None)
    if other is not None:
        raise BadAction(f"{other} goes alone", kind="arguments", legal=legal)
    return read
