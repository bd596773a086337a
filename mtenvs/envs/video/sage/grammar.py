"""SAGE's JSON: one object a turn, with an answer or the tool calls that are wanted; only the first call is carried out."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Tool
from mtenvs.core.dialects import AGENT_TEXT
from mtenvs.core.errors import BadAction

CONTEXT_KEYS: Final = frozenset({"video_context", "query_intent", "final_answer", "recommended_tools"})
REASONING_KEYS: Final = frozenset({"answerable", "final_answer", "recommended_tools"})
CONTEXT, REASONING = "context", "reasoning"  # the two stages
_TAGGED: Final = re.compile(r"<json>\s*(.*?)\s*(?:</json>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCED: Final = re.compile(r"```(?:json)?\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
_THOUGHT: Final = re.compile(r"<think>.*?</think>", re.DOTALL | re.IGNORECASE)
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
_NOTHING: Final = frozenset({"", "none", "null", "n/a", "unknown"})
_DEEPEST: Final = 40
_LEGAL: Final = (
    '<json>{"answerable": {"verdict": ..., "reasoning": ...}, "final_answer": ..., "recommended_tools": {"needed": ..., '
    '"why_no_tool": ..., "tool_calls": [{"rationale": ..., "name": ..., "arguments": {...}}]}}</json>'
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply in SAGE's form says.

    Args:
        data: the object.
        repaired: it was no JSON as it stood.
        exact: it has exactly the keys of the stage.
        answer: the final answer; empty for none.
        calls: ``{"name": ..., "arguments": {...}}`` of each tool call.
    """

    data: Mapping[str, Any]
    repaired: bool
    exact: bool
    answer: str = ""
    calls: tuple[Mapping[str, Any], ...] = field(default=())


def read_reply(text: str, stage: str) -> Reply | None:
    """The reply in a text; None when it holds no object with a key of the form.

    Args:
        text: what the agent wrote.
        stage: `CONTEXT` or `REASONING`, whose keys are expected.
    """
    if len(text) > MAX_ACTION_CHARS:
        return None
    bare = _THOUGHT.sub("", text)
    tagged = _TAGGED.search(bare) or _FENCED.search(bare)
    inner = tagged[1] if tagged else bare[bare.find("{") : bare.rfind("}") + 1]
    data, repaired = _loads(inner)
    expected = CONTEXT_KEYS if stage == CONTEXT else REASONING_KEYS
    if not isinstance(data, dict) or not {"final_answer", "recommended_tools"} & data.keys():
        return None
    tools = data.get("recommended_tools")
    wanted = tools.get("tool_calls") if isinstance(tools, dict) else tools
    calls = tuple(c for c in wanted if isinstance(c, dict) and "name" in c) if isinstance(wanted, list) else ()
    answer = data.get("final_answer")
    said = "" if answer is None or isinstance(answer, (dict, list)) else str(answer).strip()
    return Reply(data, repaired, data.keys() == expected, "" if said.casefold() in _NOTHING else said, calls)


def read_action(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """SAGE's dialect: an answer ends the episode, else the first tool call is the action, else the context is noted."""
    reply = read_reply(text, REASONING)
    if reply is None:
        return None
    if reply.answer:
        return tools["final_answer"].bind((), {"answer": reply.answer})
    if reply.calls:
        first = reply.calls[0]
        name, arguments = first["name"], first.get("arguments") or {}
        if not isinstance(name, str) or name not in tools:
            raise BadAction(f"there is no tool {str(name)[:40]!r}", kind="tool", legal=", ".join(tools))
        if not isinstance(arguments, dict):
            raise BadAction(f"the arguments of {name} are no object", kind="arguments", legal=tools[name].signature())
        return tools[name].bind((), arguments)
    if "video_context" in reply.data:
        return tools["describe_context"].bind((), {"video_context": str(reply.data["video_context"])})
    raise BadAction("neither an answer nor a tool call", kind="parse", legal=_LEGAL)


def _loads(text: str) -> tuple[Any, bool]:
    """The value of a JSON text, and whether it had to be repaired: trailing commas, Python's literals, missing brackets at the end."""
    if text.count("{") + text.count("[") > _DEEPEST * 10:
        return None, False
    for attempt, candidate in enumerate((text, _TRAILING_COMMA.sub(r"\1", text), _closed(_TRAILING_COMMA.sub(r"\1", text)))):
        try:
            return json.loads(candidate, strict=attempt == 0), attempt > 0
        except (ValueError, RecursionError):  # noqa: PERF203 - three tries
            continue
    try:
        return ast.literal_eval(ast.parse(text.strip(), AGENT_TEXT, mode="eval")), True
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return None, False


def _closed(text: str) -> str:
    """The text with the brackets and the quote that it leaves open closed at its end."""
    stack: list[str] = []
    quoted = escaped = False
    for char in text:
        if quoted:
            escaped, quoted = char == "\\" and not escaped, not (char == '"' and not escaped)
        elif char == '"':
            quoted = True
        elif char in "{[":
            stack.append("}" if char == "{" else "]")
        elif char in "}]" and stack:
            stack.pop()
    return text + '"' * quoted + "".join(reversed(stack))
