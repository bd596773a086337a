"""Actions are declared once, as typed methods; parser, JSON schema, prompt help and play buttons all come from that.

A declaration is a method under `action`, such as ``def craft(self, item: ItemCode, quantity: Annotated[int, Ge(1)] = 1)``,
with a Google-style docstring: the first paragraph says what it does, the arguments are described one by one.
"""

from __future__ import annotations

import inspect
import json
import math
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeVar, overload

import numpy as np

from mtenvs.core.errors import BadAction, did_you_mean
from mtenvs.core.spaces import UText

F = TypeVar("F", bound=Callable[..., Any])
_MARK: Final = "__mtenvs_action__"
_REQUIRED: Final = inspect.Parameter.empty
MAX_ACTION_CHARS: Final = 20_000  # a call is short; longer text is refused before anything reads it
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_JSON_TYPES: Final = {int: "integer", float: "number", bool: "boolean", str: "string"}


@dataclass(frozen=True, slots=True)
class Ge:
    """Marks a number parameter as at least ``value``."""

    value: float


@dataclass(frozen=True, slots=True)
class Le:
    """Marks a number parameter as at most ``value``."""

    value: float


@dataclass(frozen=True, slots=True)
class MaxLen:
    """Marks a string or list parameter as at most ``value`` long."""

    value: int


@dataclass(frozen=True, slots=True)
class Domain:
    """Marks a string parameter as a code that the world knows; the values are listed by `MultiTurnEnv.domains`.

    The parser lets any string through, because it is the world that says what exists; sampling and buttons use the list.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a tool."""

    name: str
    kind: Literal["integer", "number", "boolean", "string", "array"]
    doc: str = ""
    default: Any = _REQUIRED
    minimum: float = -math.inf
    maximum: float = math.inf
    max_length: int = MAX_ACTION_CHARS
    choices: tuple[str | int, ...] = ()
    domain: str = ""
    items: Literal["integer", "number", "boolean", "string"] = "string"

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is _REQUIRED

    def schema(self) -> dict[str, Any]:
        """Its JSON schema."""
        out: dict[str, Any] = {"type": self.kind, "description": self.doc}
        if self.kind == "array":
            out["items"] = {"type": self.items}
        if self.choices:
            out["enum"] = list(self.choices)
        if self.minimum > -math.inf:
            out["minimum"] = self.minimum
        if self.maximum < math.inf:
            out["maximum"] = self.maximum
        if not self.required:
            out["default"] = self.default
        return out

    def signature(self) -> str:
        """Its part of `Tool.signature`, such as ``quantity: int 1..99 = 1``."""
        kind = {"integer": "int", "number": "float", "boolean": "bool", "string": "str", "array": "list"}[self.kind]
        text = f"{self.name}: " + (" | ".join(map(_quote, self.choices)) if self.choices else kind)
        if self.minimum > -math.inf and self.maximum < math.inf:
            text += f" {_plain(self.minimum)}..{_plain(self.maximum)}"
        elif self.minimum > -math.inf:
            text += f" >= {_plain(self.minimum)}"
        elif self.maximum < math.inf:
            text += f" <= {_plain(self.maximum)}"
        return text if self.required else f"{text} = {_quote(self.default)}"

    def read(self, value: Any, *, loose: bool = False) -> Any:
        """``value`` as this parameter's type.

        Args:
            value: what the agent wrote.
            loose: also read numbers and booleans out of strings, as a command line needs.

        Raises:
            BadAction: wrong type or out of range.
        """
        if loose and isinstance(value, str):
            value = _from_word(value, self.kind)
        if self.kind == "array":
            if not isinstance(value, (list, tuple)) or len(value) > self.max_length:
                raise self._bad(value)
            return [self._scalar(v, self.items, MAX_ACTION_CHARS) for v in value]
        return self._scalar(value, self.kind, self.max_length)

    def _scalar(self, value: Any, kind: str, longest: int) -> Any:
        if kind in ("string", "boolean"):
            fits = isinstance(value, bool) if kind == "boolean" else isinstance(value, str) and len(value) <= longest
            if not fits or (self.choices and value not in self.choices):
                raise self._bad(value)
            return value
        number = self._number(value, whole=kind == "integer")
        if not self.minimum <= number <= self.maximum or (self.choices and number not in self.choices):
            raise self._bad(value)
        return number

    def _number(self, value: Any, *, whole: bool) -> int | float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._bad(value)
        if whole:
            if isinstance(value, float) and not value.is_integer():
                raise self._bad(value)
            return int(value)
        if not -1e300 < value < 1e300:  # also refuses NaN, and integers that no float can hold
            raise self._bad(value)
        return float(value)

    def _bad(self, value: Any) -> BadAction:
        shown = shorten(value)
        return BadAction(f"the argument {self.name} does not take {shown}; it is {self.signature()}", kind="arguments")


@dataclass(frozen=True, slots=True)
class Tool:
    """One action that an agent can call."""

    name: str
    doc: str
    params: tuple[Param, ...] = ()
    tags: tuple[str, ...] = ()
    returns: str = ""
    method: str = ""

    def schema(self) -> dict[str, Any]:
        """The tool as OpenAI's function-calling schema."""
        return {
            "type": "function",
            "function": {
                "name": self.name,
                "description": self.doc,
                "parameters": {
                    "type": "object",
                    "properties": {p.name: p.schema() for p in self.params},
                    "required": [p.name for p in self.params if p.required],
                    "additionalProperties": False,
                },
            },
        }

    def signature(self) -> str:
        """One line for prompts, such as ``craft(item: str, quantity: int >= 1 = 1)``."""
        return f"{self.name}({', '.join(p.signature() for p in self.params)})"

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any], *, loose: bool = False) -> Call:
        """The call of this tool with these arguments, defaults filled in.

        Raises:
            BadAction: too many, missing, unknown, doubled, mistyped or out of range.
        """
        try:
            return Call(self.name, self._arguments(args, kwargs, loose=loose))
        except BadAction as bad:
            bad.legal = bad.legal or self.signature()
            raise

    def _arguments(self, args: Sequence[Any], kwargs: Mapping[str, Any], *, loose: bool) -> dict[str, Any]:
        if len(args) > len(self.params):
            raise BadAction(f"{self.name} takes {len(self.params)} arguments, not {len(args)}", kind="arguments")
        given: dict[str, Any] = {p.name: value for p, value in zip(self.params, args, strict=False)}
        for name, value in kwargs.items():
            if name in given:
                raise BadAction(f"{self.name} got {name} twice", kind="arguments")
            given[name] = value
        out: dict[str, Any] = {}
        for param in self.params:
            if param.name in given:
                out[param.name] = param.read(given.pop(param.name), loose=loose)
            elif param.required:
                raise BadAction(f"{self.name} needs {param.name}", kind="arguments")
            else:
                out[param.name] = list(param.default) if param.kind == "array" else param.default  # no call shares a list with another
        if given:
            word = next(iter(given))
            raise BadAction(
                f"{self.name} has no argument {shorten(word)}: {did_you_mean(shorten(word), [p.name for p in self.params])}",
                kind="arguments",
            )
        return out


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was read and checked: an action in canonical form."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Canonical text, such as ``craft(item="copper_dagger", quantity=2)``; parsing it gives the same call."""
        return f"{self.name}({', '.join(f'{k}={_quote(v)}' for k, v in self.arguments.items())})"

    def to_dict(self) -> dict[str, Any]:
        """``{"name": ..., "arguments": ...}``."""
        return {"name": self.name, "arguments": self.arguments}


@dataclass(frozen=True, slots=True)
class ActionError:
    """Why an action was not carried out, as data in ``info["action_error"]``.

    Args:
        kind: ``parse``, ``tool``, ``arguments``, ``refused`` or ``value``; see `BadAction`.
        message: what was wrong.
        legal: what would have been legal.
        code: the original system's own error code, else 0.
    """

    kind: str
    message: str
    legal: str = ""
    code: int = 0

    @classmethod
    def of(cls, bad: BadAction) -> ActionError:
        """The same facts as the exception."""
        return cls(bad.kind, bad.message, bad.legal, bad.code)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data."""
        return {"kind": self.kind, "message": self.message, "legal": self.legal, "code": self.code}


class CallText(UText):
    """Action space of text: any string is a member, `sample` draws a call that is well formed.

    A mapping ``{"name": ..., "arguments": {...}}`` is a member too: the OpenAI and MCP form of the same call.

    Args:
        tools: the tools that can be called; at least one.
        domains: values of the `Domain` parameters, for sampling.
        max_chars: the longest text that is a member.
        seed: seed of `sample`.
    """

    def __init__(
        self,
        tools: Sequence[Tool],
        domains: Mapping[str, Sequence[str]] | None = None,
        max_chars: int = MAX_ACTION_CHARS,
        *,
        seed: int | np.random.Generator | None = None,
    ) -> None:
        super().__init__(max_chars, seed=seed)
        self.tools = tuple(tools)
        self.domains = {name: tuple(values) for name, values in (domains or {}).items()}

    def contains(self, x: Any) -> bool:
        """Whether ``x`` is a string that is not too long, or a mapping that names a call."""
        return UText.contains(self, x) or (isinstance(x, Mapping) and isinstance(x.get("name"), str))

    def sample(self, mask: None = None, probability: None = None) -> str:
        """The canonical text of a random call with arguments of the right type and range."""
        if not self.tools:
            return UText.sample(self, mask, probability)
        tool = self.tools[int(self.np_random.integers(len(self.tools)))]
        arguments = {p.name: self._value(p) for p in tool.params if p.required or self.np_random.random() < 0.5}
        return Call(tool.name, arguments).text

    def _value(self, param: Param) -> Any:
        rng = self.np_random
        if param.kind == "array":
            most = min(3, param.max_length)
            return [self._scalar(param, param.items, rng) for _ in range(int(rng.integers(min(1, most), most + 1)))]
        return self._scalar(param, param.kind, rng)

    def _scalar(self, param: Param, kind: str, rng: np.random.Generator) -> Any:
        values: Sequence[Any] = param.choices or self.domains.get(param.domain, ())
        if values:
            return values[int(rng.integers(len(values)))]
        if kind == "boolean":
            return bool(rng.integers(2))
        if kind == "string":
            return "".join("abcdefghijklmnopqrstuvwxyz"[i] for i in rng.integers(0, 26, min(6, param.max_length)))
        low = param.minimum if param.minimum > -math.inf else min(-10.0, param.maximum)
        high = param.maximum if param.maximum < math.inf else max(10.0, low + 10.0)
        if kind == "integer":
            first, last = math.ceil(low), math.floor(high)
            return first + int(rng.integers(min(last - first + 1, 2**62)))
        return min(max(round(float(rng.uniform(low, high)), 4), low), high)  # rounding must not step over a bound

    def __repr__(self) -> str:
        return f"CallText({', '.join(t.name for t in self.tools)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CallText) and (self.tools, self.max_chars) == (other.tools, other.max_chars)

    def __hash__(self) -> int:
        return hash((self.tools, self.max_chars))


@overload
def action(method: F) -> F: ...
@overload
def action(*, name: str = ..., tags: Sequence[str] = ...) -> Callable[[F], F]: ...
def action(method: F | None = None, *, name: str = "", tags: Sequence[str] = ()) -> F | Callable[[F], F]:
    """Declare a method of an environment as an action of its agents.

    The method's name, annotations, defaults and Google-style docstring are the declaration. It returns the feedback that
    the agent reads, or raises `BadAction` and leaves the world as it was.

    Args:
        method: the method, when used without arguments.
        name: the action's name, if not the method's.
        tags: marks such as ``"irreversible"``.
    """

    def mark(fn: F) -> F:
        setattr(fn, _MARK, (name or fn.__name__, tuple(tags)))
        return fn

    return mark(method) if method is not None else mark


def tools_of(cls: type) -> tuple[Tool, ...]:
    """The tools that a class declares with `action`, base classes first, in order of definition.

    Raises:
        TypeError: a parameter has no annotation, or one that no agent could write.
    """
    found: dict[str, Tool] = {}
    for base in reversed(cls.__mro__):
        for attribute, value in vars(base).items():
            mark = getattr(value, _MARK, None)
            if mark is not None:
                found[mark[0]] = _tool(getattr(cls, attribute), mark[0], mark[1], attribute)
    return tuple(found.values())


def _tool(fn: Callable[..., Any], name: str, tags: tuple[str, ...], attribute: str) -> Tool:
    summary, docs, returns = _read_docstring(inspect.getdoc(fn) or "")
    hints = typing.get_type_hints(fn, include_extras=True)
    params = []
    for parameter in list(inspect.signature(fn).parameters.values())[1:]:
        if parameter.name not in hints:
            raise TypeError(f"@action {name}: annotate the parameter {parameter.name}")
        param = _param(parameter.name, hints[parameter.name], parameter.default, docs.get(parameter.name, ""), name)
        params.append(param if param.required else replace(param, default=_default(param, name)))
    return Tool(name, summary, tuple(params), tags, returns, attribute)


def _kind_of_choices(values: tuple[Any, ...], name: str, tool: str) -> Literal["integer", "string"]:
    if all(type(v) is int for v in values):
        return "integer"
    if all(isinstance(v, str) for v in values):
        return "string"
    raise TypeError(f"@action {tool}: the choices of {name} must be all text or all whole numbers")


def _default(param: Param, tool: str) -> Any:
    try:
        return param.read(param.default)
    except BadAction as e:
        raise TypeError(f"@action {tool}: the default of {param.name} is not one that an agent could write: {e.message}") from e


def _param(name: str, hint: Any, default: Any, doc: str, tool: str) -> Param:
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is typing.Annotated:
        hint, *rest = typing.get_args(hint)
        marks = tuple(rest)
    options: dict[str, Any] = {}
    for mark in marks:
        key = {Ge: "minimum", Le: "maximum", MaxLen: "max_length"}.get(type(mark))
        if key is not None:
            options[key] = mark.value
        elif isinstance(mark, Domain):
            options["domain"] = mark.name
    origin = typing.get_origin(hint)
    if origin is Literal:
        values = typing.get_args(hint)
        return Param(name, _kind_of_choices(values, name, tool), doc, default, choices=values, **options)
    if origin in (list, tuple, Sequence):
        inner = typing.get_args(hint)[0]
        inner = typing.get_args(inner)[0] if typing.get_origin(inner) is typing.Annotated else inner
        if inner not in _JSON_TYPES:
            raise TypeError(f"@action {tool}: {name} is a list of what no agent could write: {inner!r}")
        return Param(name, "array", doc, default, items=typing.cast("Any", _JSON_TYPES[inner]), **options)
    if origin in (typing.Union, types.UnionType):
        raise TypeError(f"@action {tool}: {name} has a union type; declare one type and a default")
    if hint not in _JSON_TYPES:
        raise TypeError(f"@action {tool}: {name} has a type that no agent could write: {hint!r}")
    return Param(name, typing.cast("Any", _JSON_TYPES[hint]), doc, default, **options)


def _read_docstring(doc: str) -> tuple[str, dict[str, str], str]:
    """Summary, argument texts and return text of a Google-style docstring."""
    parts = re.split(r"(?m)^(Args|Returns|Raises):[ ]*$", doc)
    summary = " ".join(parts[0].split())
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    args: dict[str, str] = {}
    for block in re.split(r"(?m)^ {4}(?=\S)", sections.get("Args", "")):
        name, _, text = block.partition(":")
        if text:
            args[name.split("(")[0].strip()] = " ".join(text.split())
    return summary, args, " ".join(sections.get("Returns", "").split())


def help_text(tools: Sequence[Tool]) -> str:
    """What a prompt says about the tools: one line each, arguments below."""
    lines = []
    for tool in tools:
        lines.append(f"{tool.signature()}\n    {tool.doc}")
        lines.extend(f"    {p.name}: {p.doc}" for p in tool.params if p.doc)
    return "\n".join(lines)


def _quote(value: Any) -> str:
    if isinstance(value, str):
        # Half of a surrogate pair cannot stand in source text, so a parser would refuse to read it back.
        return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_quote, value)) + "]"
    return repr(value)


def shorten(value: Any, limit: int = 60) -> str:
    """A value in a message: its canonical text, or the beginning of it."""
    try:
        text = _quote(value)
    except ValueError:  # an integer of more digits than Python prints
        return "a number of thousands of digits"
    except RecursionError:
        return "a value nested too deeply to show"
    return text if len(text) <= limit else text[:limit] + "..."


def _from_word(word: str, kind: str) -> Any:
    if kind == "boolean":
        return {"true": True, "false": False}.get(word.lower(), word)
    if kind in ("integer", "number"):
        try:
            return int(word) if re.fullmatch(r"[+-]?\d{1,300}", word) else float(word)
        except ValueError:
            return word
    return word


def _plain(bound: float) -> str:
    return str(int(bound)) if float(bound).is_integer() else f"{bound:g}"
