"""Mini-o3's reply: thoughts, then a box in ``<grounding>`` tags, or an answer in ``<answer>`` tags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from mtenvs.core.actions import Call, CallText, Param, Tool
from mtenvs.core.errors import BadAction

FORM: Final = '<grounding>{"bbox_2d": [x0, y0, x1, y1], "source": "original_image"}</grounding> or <answer>...</answer>'
_LONGEST_JSON: Final = 2000  # characters between the tags; also keeps nesting harmless


def read_reply(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """The call that a reply in Mini-o3's form means; as there, a box counts before an answer.

    Raises:
        BadAction: what stands between the tags cannot be read, or there are two boxes.
    """
    bare = text.strip()
    if (bare.startswith("{") and bare.endswith("}")) or (bare.endswith(")") and bare.startswith(tuple(f"{name}(" for name in tools))):
        return None  # a call in a general form; tags inside its strings mean nothing
    said = bare.rpartition("</think>")[2]
    boxes = said.count("</grounding>")
    if boxes > 1:
        raise BadAction(f"one box in a reply, not {boxes}", kind="parse", legal=FORM)
    if boxes and "zoom" in tools:
        inner = _between(said, "grounding")
        return tools["zoom"].bind((), _fields(inner)) if inner is not None else None
    inner = _between(said, "answer")
    return tools["answer"].bind([inner.strip()], {}) if inner is not None and "answer" in tools else None


def _between(text: str, tag: str) -> str | None:
    end = text.rfind(f"</{tag}>")
    start = text.rfind(f"<{tag}>", 0, max(end, 0))
    return text[start + len(tag) + 2 : end] if end >= 0 and start >= 0 else None


def _fields(inner: str) -> dict[str, Any]:
    try:
        data = json.loads(inner.strip()) if len(inner) <= _LONGEST_JSON else None
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadAction("the box between the grounding tags is not JSON with bbox_2d and source", kind="parse", legal=FORM)
    return data


class ZoomText(CallText):
    """The space of calls, whose `sample` draws boxes that are boxes."""

    def _value(self, param: Param) -> Any:
        if param.name != "bbox_2d":
            return super()._value(param)
        (x0, x1), (y0, y1) = (sorted(round(float(v), 4) for v in self.np_random.uniform(0, 1, 2)) for _ in range(2))
        return [x0, y0, x1, y1]
