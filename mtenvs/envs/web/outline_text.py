"""The page in words: one line for each thing that can be read or used, the numbers before what can be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from mtenvs.backends.chromium import Node

_DEEPEST: Final = 12
_SHOWN: Final = (
    "value",
    "checked",
    "selected",
    "expanded",
    "disabled",
    "required",
    "readonly",
    "placeholder",
    "level",
    "focused",
    "options",
)
_NAME_CHARS: Final = 400


def outline_lines(nodes: Sequence[Node], *, viewport_only: bool = False) -> list[str]:
    """One line a node, indented by nesting.

    Args:
        nodes: of the page, in reading order.
        viewport_only: leave out what would have to be scrolled to.
    """
    return [line_of(node) for node in nodes if node.in_viewport or not viewport_only]


def line_of(node: Node) -> str:
    """One node, such as ``[12] link "Sign in"``."""
    indent = " " * min(node.depth, _DEEPEST)
    name = node.name if len(node.name) <= _NAME_CHARS else node.name[:_NAME_CHARS] + "..."
    if node.role == "text":
        return f"{indent}{name}"
    number = f"[{node.ref}] " if numbered(node) else ""
    words = [node.role]
    if name:
        words.append(json.dumps(name, ensure_ascii=False))
    words += [_prop(key, node.props[key]) for key in _SHOWN if key in node.props and node.props[key] not in (None, "")]
    return f"{indent}{number}{' '.join(words)}"


def numbered(node: Node) -> bool:
    """Whether agents are told its number: it can be used, or pointed at."""
    return node.ref > 0 and (node.clickable or node.role in {"img", "image"})


def _prop(key: str, value: object) -> str:
    if value is True:
        return key
    if isinstance(value, (list, tuple)):
        return f"{key}={' | '.join(map(str, value))!r}"
    return f"{key}={json.dumps(value, ensure_ascii=False)}"
