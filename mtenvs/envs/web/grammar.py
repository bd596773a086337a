"""The text forms in which published web agents write an action, read by hand into a name and arguments; nothing is evaluated.

- WebArena's ids, ``click [12]``, and VisualWebArena's, which adds ``clear`` and ``upload``; set-of-marks agents write the same with the
  numbers of marks, and coordinate agents with two numbers, ``click [640, 212]``.
- Playwright's calls, ``page.get_by_role("button", name="Save").click()``, with the locators as data.

`reply_action` finds the action in an agent's whole reply; `dialect` makes any of it a dialect of the house.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from mtenvs.core.actions import MAX_ACTION_CHARS, Call, Tool
from mtenvs.core.dialects import AGENT_TEXT, Dialect
from mtenvs.core.errors import BadAction

IDS: Final = (
    "click [id], hover [id], type [id] [text] [0|1], press [keys], scroll [up|down], goto [url], new_tab, go_back, go_forward, "
    "tab_focus [index], close_tab, stop [answer]"
)
VISUAL_IDS: Final = IDS + ", clear [id], upload [id] [path]"
PLAYWRIGHT: Final = 'page.<locators>.click() and the like, page.press("Enter"), page.scroll("down"), page.goto("url"), page.stop("answer")'
SUMMARY: Final = "In summary, the next action I will perform is"
_FENCE: Final = re.compile(r"```(.*?)```", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An action as an agent wrote it.

    Args:
        name: such as ``"click"``.
        arguments: ``id`` (text of digits), or ``x`` and ``y``, or ``locator``; ``text``, ``enter``, ``keys``, ``direction``, ``url``,
            ``index``, ``answer``, ``path``, ``values``, as the action needs.
    """

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


Form = Literal["webarena", "visualwebarena"]
_Read = Callable[[re.Match[str]], Mapping[str, Any]]
_NOTHING: Final[_Read] = lambda _: {}  # noqa: E731 - one of many readers in a table
# As upstream, each pattern may stand anywhere behind the verb, and a dot is any character but a line break.
_ID_FORMS: Final[Mapping[str, tuple[re.Pattern[str] | None, _Read]]] = {
    "click": (re.compile(r"click ?\[(\d+)\]"), lambda m: {"id": m[1]}),
    "hover": (re.compile(r"hover ?\[(\d+)\]"), lambda m: {"id": m[1]}),
    "type": (re.compile(r"type ?\[(\d+)\] ?\[(.+)\] ?\[(\d+)\]"), lambda m: {"id": m[1], "text": m[2], "enter": m[3] == "1"}),
    "press": (re.compile(r"press ?\[(.+)\]"), lambda m: {"keys": m[1]}),
    "scroll": (re.compile(r"scroll ?\[?(up|down)\]?"), lambda m: {"direction": m[1]}),
    "goto": (re.compile(r"goto ?\[(.+)\]"), lambda m: {"url": m[1]}),
    "new_tab": (None, _NOTHING),
    "go_back": (None, _NOTHING),
    "go_forward": (None, _NOTHING),
    "tab_focus": (re.compile(r"tab_focus ?\[(\d{1,9})\]"), lambda m: {"index": int(m[1])}),
    "close_tab": (None, _NOTHING),
}
_VISUAL_FORMS: Final[Mapping[str, tuple[re.Pattern[str], _Read]]] = {
    "clear": (re.compile(r"clear ?\[(\d+)\]"), lambda m: {"id": m[1]}),
    "upload": (re.compile(r"upload ?\[(\d+)\] ?\[(.+)\]"), lambda m: {"id": m[1], "path": m[2]}),
}
_STOP: Final = re.compile(r"stop ?\[(.+)\]")
_NUMBER: Final = r"\s*(-?\d{1,7}(?:\.\d{1,9})?)\s*"
_POINT: Final = re.compile(rf"(click|hover|type|clear|scroll) ?\[{_NUMBER},{_NUMBER}\](.*)", re.DOTALL)
_ENDS_IN_FLAG: Final = ("[0]", "[1]")


def read_ids(text: str, suite: Form = "webarena") -> Spoken:
    """An action in the grammar of ids.

    Args:
        text: one action.
        suite: VisualWebArena has two more verbs. Its own parser cannot read ``upload``; here it is read as its prompt describes it.

    Raises:
        BadAction: it is none.
    """
    text = text.strip()
    verb = (text.partition("[")[0] if "[" in text else (text.split() or [""])[0]).strip()
    if verb == "stop":
        found = _STOP.search(text)
        return Spoken("stop", {"answer": found[1] if found else ""})
    forms: Mapping[str, tuple[re.Pattern[str] | None, _Read]] = _ID_FORMS if suite == "webarena" else {**_ID_FORMS, **_VISUAL_FORMS}
    legal = IDS if suite == "webarena" else VISUAL_IDS
    if verb not in forms:
        raise BadAction(f"{verb[:40]!r} is no action" if verb else "the action is empty", kind="parse", legal=legal)
    pattern, read = forms[verb]
    if verb == "type" and not text.endswith(_ENDS_IN_FLAG):
        text += " [1]"
    match = pattern.search(text) if pattern is not None else re.match("", text)
    if match is None:
        raise BadAction(f"this {verb} has not the form that it needs: {text[:80]!r}", kind="parse", legal=legal)
    return Spoken(verb, read(match))


def read_point(text: str) -> Spoken | None:
    """An action whose place is a point: ``click [x, y]``, ``type [x, y] [text] [0|1]``, ``scroll [x, y] [down]``; None for other text.

    Raises:
        BadAction: it has a point, but not what else it needs.
    """
    match = _POINT.fullmatch(text.strip())
    if match is None:
        return None
    verb, rest = match[1], match[4].strip()
    place = {"x": float(match[2]), "y": float(match[3])}
    if verb == "type":
        rest = rest if rest.endswith(_ENDS_IN_FLAG) else rest + " [1]"
        typed = re.fullmatch(r"\[(.+)\] ?\[([01])\]", rest, re.DOTALL)
        if typed is None:
            raise BadAction("type [x, y] needs [text] and perhaps [0] or [1]", kind="parse", legal="type [x, y] [text] [0|1]")
        return Spoken("type", {**place, "text": typed[1], "enter": typed[2] == "1"})
    if verb == "scroll":
        way = re.fullmatch(r"\[?(up|down)\]?", rest)
        if way is None:
            raise BadAction("scroll [x, y] needs [up] or [down]", kind="parse", legal="scroll [x, y] [up|down]")
        return Spoken("scroll", {**place, "direction": way[1]})
    if rest:
        raise BadAction(f"{verb} [x, y] takes nothing else", kind="parse", legal=f"{verb} [x, y]")
    return Spoken(verb, place)


LocatorStep = tuple[str, list[Any], dict[str, Any]]
"""Name, arguments and keywords of one call, such as ``("get_by_role", ["button"], {"name": "Save"})``; ``first`` and ``last`` have none."""
_LONGEST_CHAIN: Final = 100  # dots or brackets; nesting exhausts the C stack of Python's parser
_LOCATORS: Final = frozenset(
    {"get_by_role", "get_by_text", "get_by_label", "get_by_placeholder", "get_by_alt_text", "get_by_title", "get_by_test_id"}
    | {"filter", "frame_locator", "locator", "nth", "first", "last"}
)
_ON_ELEMENT: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "click": ("click", ()),
    "dclick": ("double_click", ()),
    "dblclick": ("double_click", ()),
    "hover": ("hover", ()),
    "focus": ("focus", ()),
    "check": ("check", ()),
    "clear": ("clear", ()),
    "type": ("type", ("text",)),
    "fill": ("fill", ("text",)),
    "press": ("press", ("keys",)),
    "select_option": ("select_option", ("values",)),
    "upload": ("upload", ("path",)),
}
_ON_PAGE: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "press": ("press", ("keys",)),
    "scroll": ("scroll", ("direction",)),
    "goto": ("goto", ("url",)),
    "page_focus": ("tab_focus", ("index",)),
    "new_tab": ("new_tab", ()),
    "go_back": ("go_back", ()),
    "go_forward": ("go_forward", ()),
    "page_close": ("close_tab", ()),
    "stop": ("stop", ("answer",)),
}


def read_playwright(text: str) -> Spoken | None:
    """An action written as a Playwright call; None for text that does not begin with ``page.``.

    Raises:
        BadAction: it begins so, and is no single chain of known calls with plain values.
    """
    line = text.strip().removesuffix(";").removeprefix("await ").strip()
    if not line.startswith("page."):
        return None
    steps = chain_of(line)
    name, args, kwargs = steps[-1]
    element = len(steps) > 1
    known = _ON_ELEMENT if element else _ON_PAGE
    if name not in known or any(step[0] not in _LOCATORS for step in steps[:-1]):
        raise BadAction(f"page has no {'.'.join(step[0] for step in steps)[:80]}", kind="parse", legal=PLAYWRIGHT)
    said, parameters = known[name]
    given = {**dict(zip(parameters, args, strict=False)), **kwargs}
    if name == "stop":
        given.setdefault("answer", "")
    if len(args) > len(parameters) or set(given) != set(parameters):
        raise BadAction(f"{name} takes {', '.join(parameters) or 'no arguments'}", kind="arguments", legal=PLAYWRIGHT)
    return Spoken(said, {"locator": steps[:-1], **given} if element else given)


def chain_of(line: str) -> list[LocatorStep]:
    """The calls behind ``page``, first to last.

    Raises:
        BadAction: it is no such chain, or an argument is no plain value (a locator inside of ``filter`` may be a chain).
    """
    short = len(line) <= MAX_ACTION_CHARS and max(map(line.count, ".([{")) <= _LONGEST_CHAIN
    try:
        return _steps(ast.parse(line if short else "", filename=AGENT_TEXT, mode="eval").body)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        raise BadAction("this is no chain of calls with plain values", kind="parse", legal=PLAYWRIGHT) from None


def _steps(node: ast.expr) -> list[LocatorStep]:
    found: list[LocatorStep] = []
    while not (isinstance(node, ast.Name) and node.id == "page"):
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        if isinstance(node, ast.Call):
            args = [_plain(a) for a in node.args]
            kwargs = {str(k.arg): _plain(k.value) for k in node.keywords}
            node = node.func
        elif not (isinstance(node, ast.Attribute) and node.attr in {"first", "last"}):
            raise ValueError("not a call")
        if not isinstance(node, ast.Attribute):
            raise ValueError("not a method")  # noqa: TRY004 - all that is not such a chain is the same to the caller
        found.append((node.attr, args, kwargs))
        node = node.value
    if not found:
        raise ValueError("no call")
    return found[::-1]


def _plain(node: ast.expr) -> Any:
    if isinstance(node, ast.Name) and node.id in {"up", "down"}:
        return node.id  # agents write page.scroll(down)
    if isinstance(node, ast.Call):
        return _steps(node)
    return ast.literal_eval(node)


def reply_action(text: str) -> str:
    """The action in an agent's whole reply: the first text between triple backticks, behind the closing phrase where there is one."""
    behind = text.rpartition(SUMMARY)[2] if SUMMARY in text else text
    found = _FENCE.search(behind) or _FENCE.search(text)
    return found[1].strip() if found else text.strip()


Names = Mapping[str, tuple[str, Mapping[str, str]]]
"""How an environment calls what is spoken: tool, and its parameters by ours, such as ``{"click": ("click", {"id": "ref"})}``."""


def dialect(read: Sequence[Callable[[str], Spoken | None]], names: Names, verbs: frozenset[str]) -> Dialect:
    """A dialect of the house; a locator reaches its tool as JSON text.

    Args:
        read: readers such as `read_point`, tried in turn; one that raises has recognized its grammar.
        names: of tools and parameters. An action that it does not name, or whose tool is not there, is refused.
        verbs: with which an action in these grammars begins; other text is left to other dialects.
    """

    def reads(text: str, tools: Mapping[str, Tool]) -> Call | None:
        action = reply_action(text)
        first = re.match(r"\w+", action)
        if first is None or first[0] not in verbs or "(" in action.partition("[")[0].partition(".")[0]:
            return None
        spoken = next((found for reader in read if (found := reader(action)) is not None), None)
        if spoken is None:
            return None
        tool_name, parameters = names.get(spoken.name, ("", {}))
        tool = tools.get(tool_name)
        if tool is None:
            raise BadAction(f"there is no {spoken.name} here", kind="tool", legal="; ".join(t.signature() for t in tools.values()))
        given = {parameters.get(key, key): value for key, value in spoken.arguments.items()}
        return tool.bind((), {key: json.dumps(value) if key == "locator" else value for key, value in given.items()}, loose=True)

    return reads


ID_VERBS: Final = frozenset({*_ID_FORMS, "stop"})
VISUAL_VERBS: Final = ID_VERBS | frozenset(_VISUAL_FORMS)
