"""The text forms in which agents write a call, all read into the same `Call`.

A dialect is a function of the text and the tools. It returns a `Call`, or None when the text is not written in it, or
raises `BadAction` when it is but the call is wrong. Nothing that an agent writes is evaluated: literals are read by
`ast.literal_eval`, everything else by hand.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Tool, shorten
from mtenvs.core.errors import BadAction, did_you_mean

Dialect = Callable[[str, Mapping[str, Tool]], "Call | None"]

AGENT_TEXT: Final = "<agent>"  # the file name under which agents' text is parsed
warnings.filterwarnings("ignore", module=AGENT_TEXT)  # Python's remarks on odd literals are not for our users
_FENCE: Final = re.compile(r"```[^\n`]*\n(.*?)```", re.DOTALL)
_CLOSING_TAG: Final = re.compile(r"</(tool_call|action|call)>")
_CALL_START: Final = re.compile(r"[A-Za-z_]\w*\s*\(")
_NAME_KEYS: Final = ("name", "tool", "action", "function")
_ARGUMENT_KEYS: Final = ("arguments", "args", "parameters", "input")
_JSON_WORDS: Final = {"true": True, "false": False, "null": None}
_DEEPEST: Final = 40  # nesting exhausts the C stack of Python's parsers in ways that differ by version; no real call nests so far
_BRACKETS: Final = re.compile(r"""[\[({\])}]|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?""", re.DOTALL)
_READ_ERRORS: Final = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)


def read_call(action: Any, tools: Mapping[str, Tool], own: Sequence[Dialect] = ()) -> Call:
    """The call that an agent's action means.

    Args:
        action: text in any dialect, or a mapping ``{"name": ..., "arguments": {...}}``.
        tools: the tools by name.
        own: the family's own dialects, tried first.

    Raises:
        BadAction: nothing readable, more than one call, an unknown tool or wrong arguments.
    """
    if isinstance(action, Mapping):
        return _from_mapping(action, tools)
    text: str = action
    if len(text) > MAX_ACTION_CHARS:
        raise BadAction(f"the action has {len(text)} characters; at most {MAX_ACTION_CHARS} are read", kind="parse", legal=_legal(tools))
    for dialect in (*own, *GENERAL):
        call = dialect(text, tools)
        if call is not None:
            return call
    what = "the action is empty" if not text.strip() else "the action is not a call that can be read"
    raise BadAction(what, kind="parse", legal=_legal(tools))


def _legal(tools: Mapping[str, Tool]) -> str:
    return "; ".join(t.signature() for t in tools.values())


def _bind(name: Any, args: Sequence[Any], kwargs: Mapping[str, Any], tools: Mapping[str, Tool], *, loose: bool = False) -> Call:
    tool = tools.get(name) if isinstance(name, str) else None
    if tool is None:
        shown = name if isinstance(name, str) else shorten(name)
        raise BadAction(f"there is no action {shown[:60]!r}: {did_you_mean(shown, tools)}", kind="tool", legal=_legal(tools))
    return tool.bind(args, kwargs, loose=loose)


def _from_mapping(data: Mapping[Any, Any], tools: Mapping[str, Tool]) -> Call:
    inner = data.get("function")
    if isinstance(inner, Mapping):  # an OpenAI tool call: {"type": "function", "function": {...}}
        data = inner
    name = next((data[k] for k in _NAME_KEYS if k in data), None)
    arguments: Any = next((data[k] for k in _ARGUMENT_KEYS if k in data), {})
    if arguments is None or arguments == "":
        arguments = {}
    elif isinstance(arguments, str) and len(arguments) <= MAX_ACTION_CHARS:
        arguments = _json(arguments)
    if name is None or not isinstance(arguments, Mapping):
        raise BadAction('a call in JSON has the form {"name": ..., "arguments": {...}}', kind="parse", legal=_legal(tools))
    return _bind(name, (), {k if isinstance(k, str) else shorten(k): v for k, v in arguments.items()}, tools)


def _too_deep(text: str) -> bool:
    """Whether brackets outside quoted strings nest deeper than any real call."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        found = match[0]
        depth += (found in "[({") - (found in "])}")
        if depth > _DEEPEST:
            return True
    return False


def _json(text: str) -> Any:
    if _too_deep(text):
        return None
    try:
        return json.loads(text)
    except _READ_ERRORS:
        return None


def json_dialect(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """``{"name": "craft", "arguments": {"item": "iron_sword"}}``, also as a list of exactly one."""
    stripped = text.strip()
    if not stripped.startswith(("{", "[")):
        return None
    data = _json(stripped)
    if isinstance(data, list):
        if len(data) != 1:
            raise BadAction(f"one call per turn, not {len(data)}", kind="parse", legal=_legal(tools))
        data = data[0]
    return _from_mapping(data, tools) if isinstance(data, Mapping) else None


def python_dialect(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """``craft("iron_sword", 2)`` and ``craft(item="iron_sword")``, with or without a semicolon."""
    line = text.strip().removesuffix(";").rstrip()
    if not line.endswith(")") or not _CALL_START.match(line) or _too_deep(line):
        return None
    try:
        body = ast.parse(line, filename=AGENT_TEXT).body
    except _READ_ERRORS:
        return None
    calls = [node.value for node in body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)]
    if len(calls) != len(body) or not all(isinstance(c.func, ast.Name) for c in calls):
        return None
    if len(calls) != 1:
        raise BadAction(f"one call per turn, not {len(calls)}", kind="parse", legal=_legal(tools))
    call = calls[0]
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    try:
        args = [_literal(a) for a in call.args]
        kwargs = {str(k.arg): _literal(k.value) for k in call.keywords}
    except _READ_ERRORS:
        legal = tools[name].signature() if name in tools else _legal(tools)
        raise BadAction("arguments must be plain values: numbers, strings, true or false, lists", kind="arguments", legal=legal) from None
    if len(kwargs) < len(call.keywords):
        raise BadAction(f"{name} got an argument twice", kind="arguments", legal=_legal(tools))
    return _bind(name, args, kwargs, tools)


def _literal(node: ast.expr) -> Any:
    if isinstance(node, ast.Name) and node.id in _JSON_WORDS:
        return _JSON_WORDS[node.id]
    return ast.literal_eval(node)


def command_dialect(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """``craft iron_sword 2``, as a person types it."""
    line = text.strip()
    if "\n" in line or len(line) > 2000:
        return None
    first = line.split(None, 1)[0] if line else ""
    if first not in tools:
        return None
    try:
        words = shlex.split(line)
    except ValueError:
        return None
    named = [(k, v) for k, eq, v in (w.partition("=") for w in words[1:]) if eq and k.isidentifier()]
    args = [w for w in words[1:] if not (w.partition("=")[1] and w.partition("=")[0].isidentifier())]
    kwargs = dict(named)
    if len(kwargs) < len(named):
        raise BadAction(f"{first} got an argument twice", kind="arguments", legal=tools[first].signature())
    return _bind(first, args, kwargs, tools, loose=True)


def _plain(text: str, tools: Mapping[str, Tool]) -> Call | None:
    for dialect in (json_dialect, python_dialect, command_dialect):
        call = dialect(text, tools)
        if call is not None:
            return call
    return None


def wrapped_dialect(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """A call inside tags or a code fence, with prose around it; the last one counts."""
    if "<" not in text and "```" not in text:
        return None
    inner = _last_tag(text)
    if inner is None:
        fenced = _FENCE.findall(text)
        inner = fenced[-1] if fenced else None
    return _plain(inner, tools) if inner is not None else None


def _last_tag(text: str) -> str | None:
    """What stands between the last closing tag and its opening tag; searched from the end, so that no text makes it slow."""
    closing = list(_CLOSING_TAG.finditer(text))
    if not closing:
        return None
    opening = f"<{closing[-1][1]}>"
    end = closing[-1].start()
    start = text.rfind(opening, 0, end)
    return text[start + len(opening) : end] if start >= 0 else None


def prose_dialect(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """Prose whose last line is a call."""
    lines = text.strip().splitlines()
    if len(lines) < 2:
        return None
    last = lines[-1].strip().strip("`").strip()
    return python_dialect(last, tools) or json_dialect(last, tools)


GENERAL: Final[tuple[Dialect, ...]] = (json_dialect, python_dialect, command_dialect, wrapped_dialect, prose_dialect)
