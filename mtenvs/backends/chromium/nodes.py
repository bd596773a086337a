"""What a page consists of, as plain data: nodes of the outline, nodes of the accessibility tree, tabs, dialogs, downloads."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Rect(NamedTuple):
    """A box in CSS pixels of the viewport (which are the screenshot's pixels): left, top, width, height."""

    x: int
    y: int
    w: int
    h: int


@dataclass(slots=True)
class Node:
    """One line of the outline.

    Args:
        ref: the element's number, the same as long as the element lives; 0 for running text.
        role: ARIA role, or ``text`` for running text, or ``clickable`` for what only looks pressable.
        name: accessible name, or the text itself.
        depth: of nesting, from 0.
        parent: index of the parent in the list, -1 at the top.
        rect: where it is in the viewport.
        in_viewport: whether any of it is within the viewport.
        clickable: whether it takes clicks or text.
        props: those that apply of ``value, checked, selected, expanded, disabled, required, readonly, placeholder, options, level,
            focused``.
    """

    ref: int
    role: str
    name: str
    depth: int
    parent: int
    rect: Rect
    in_viewport: bool
    clickable: bool
    props: dict[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """What is typed or chosen in it."""
        return str(self.props.get("value", ""))

    @property
    def checked(self) -> bool | str | None:
        """True, False, ``"mixed"``, or None where it cannot be checked."""
        return self.props.get("checked")

    @property
    def disabled(self) -> bool:
        """Whether it refuses input."""
        return bool(self.props.get("disabled"))

    @property
    def options(self) -> list[str]:
        """What can be selected, of a list."""
        return list(self.props.get("options", ()))


class Outline(list[Node]):
    """The nodes of a page in reading order.

    Args:
        truncated: whether the page goes on beyond the limits on nodes or characters.
    """

    truncated: bool = False
    url: str = ""
    title: str = ""


def read_outline(text: str) -> tuple[Outline, int]:
    """The outline, and the next free number, from what `world.js` answers."""
    data = json.loads(text)
    nodes = Outline(
        Node(ref, role, name, depth, parent, Rect(x, y, w, h), bool(bits & 1), bool(bits & 2), props or {})
        for ref, role, name, depth, parent, x, y, w, h, bits, props in data["rows"]
    )
    nodes.truncated, nodes.url, nodes.title = data["full"], data["url"], data["title"]
    return nodes, data["next"]


@dataclass(slots=True)
class AXNode:
    """One node of Chromium's accessibility tree.

    Args:
        id: Chromium's number of the node, a string of digits, unique in the tree.
        role: Chromium's role.
        name: accessible name.
        value: value, as text.
        properties: name and value of each property that Chromium gives, in its order.
        children: ids, in order.
        parent: id, or "" for a root.
        backend: backend node id, 0 where there is no DOM node.
        rect: in the viewport; None where nothing is laid out.
        ignored: whether Chromium leaves it out of the tree for readers.
        frame: id of the frame that it is in.
    """

    id: str
    role: str
    name: str
    value: str
    properties: dict[str, Any]
    children: list[str]
    parent: str
    backend: int
    rect: tuple[float, float, float, float] | None
    ignored: bool
    frame: str


class TabInfo(NamedTuple):
    """A tab as the agent knows it."""

    title: str
    url: str


@dataclass(frozen=True)
class DialogInfo:
    """A dialog that a page opened.

    Args:
        kind: ``alert``, ``confirm``, ``prompt`` or ``beforeunload``.
        message: its text.
        default: what a prompt suggests.
        answer: ``accepted``, ``dismissed`` or "" while it waits.
    """

    kind: str
    message: str
    default: str = ""
    answer: str = ""


@dataclass(frozen=True)
class DownloadInfo:
    """A file that a page gave.

    Args:
        name: as the page named it, made safe.
        path: where it lies, "" if it was refused.
        size: bytes.
        note: why it is not here, "" if it is.
    """

    name: str
    path: str
    size: int
    note: str = ""
