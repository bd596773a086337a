"""Pages as text, exactly as WebArena shows its accessibility tree and VisualWebArena its set of marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

Rect = tuple[float, float, float, float]
"""Left, top, width, height in the viewport, in pixels."""
ENOUGH: Final = 0.6  # of a node has to be in the viewport
_ROOT: Final[Rect] = (0.0, 0.0, 10.0, 10.0)  # what stands for the page itself, so that it is always in view
_UNTOLD: Final = frozenset({"focusable", "editable", "readonly", "level", "settable", "multiline", "invalid"})
_MUTE: Final = frozenset(
    {"generic", "img", "list", "strong", "paragraph", "banner", "navigation", "Section", "LabelText", "Legend", "listitem"}
)
_STATIC: Final = re.compile(r"\[\d+\] StaticText (.+)")
_LOOK_BACK: Final = 3  # lines in which a text counts as said


class TreeNode(Protocol):
    """A node of Chromium's accessibility tree, as ``mtenvs.backends.chromium`` gives it."""

    @property
    def id(self) -> str:
        """Chromium's number of the node."""

    @property
    def role(self) -> str:
        """Chromium's role."""

    @property
    def name(self) -> str:
        """Accessible name."""

    @property
    def properties(self) -> Mapping[str, Any]:
        """Value by name, in Chromium's order; None for a property that has no plain value."""

    @property
    def children(self) -> Sequence[str]:
        """Ids, in order."""

    @property
    def backend(self) -> int:
        """Backend node id, 0 where there is no DOM node."""

    @property
    def rect(self) -> Rect | None:
        """Where it is in the viewport; None where nothing is laid out."""

    @property
    def ignored(self) -> bool:
        """Whether Chromium leaves it out for readers; such a node has no name at all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is known of a line that an agent can act on.

    Args:
        backend: backend node id.
        rect: where it is.
        text: its line without indentation.
    """

    backend: int
    rect: Rect | None
    text: str


def tab_line(titles: Sequence[str], current: int) -> str:
    """The line of open tabs, such as ``Tab 0 (current): Shop | Tab 1: Forum``."""
    return " | ".join(f"Tab {i} (current): {title}" if i == current else f"Tab {i}: {title}" for i, title in enumerate(titles))


def share_in_view(rect: Rect, screen: tuple[float, float], *, compat: bool = True) -> float:
    """How much of a node is in view.

    Args:
        rect: of the node.
        screen: width and height. Upstream takes those of the screen, not of the viewport.
        compat: as upstream, whose formula divides by the width and *multiplies* by the height, so that a tall node counts as in view
            when it hardly is; False for the share of its area.
    """
    left, top, width, height = rect
    across = max(0.0, min(left + width, screen[0]) - max(left, 0.0))
    down = max(0.0, min(top + height, screen[1]) - max(top, 0.0))
    return across * down / width * height if compat else across * down / (width * height)


def tree_text(nodes: Iterable[TreeNode], screen: tuple[float, float] | None = None, *, compat: bool = True) -> tuple[str, dict[str, Shown]]:
    """The accessibility tree as WebArena's text, without the line of tabs, and what is known of each node in it.

    Args:
        nodes: of the main frame, the page itself first. A node that comes twice counts once.
        screen: width and height; only nodes in it are shown. None shows all (``current_viewport_only=False``).
        compat: see `share_in_view`.
    """
    by_id: dict[str, TreeNode] = {}
    for node in nodes:
        by_id.setdefault(node.id, node)
    if not by_id:
        return "", {}
    root = next(iter(by_id))
    lines: list[str] = []
    info: dict[str, Shown] = {}
    stack: list[tuple[str, int]] = [(root, 0)]
    while stack:
        node_id, depth = stack.pop()
        if node_id not in by_id:  # of another frame
            continue
        node = by_id[node_id]
        hidden = screen is not None and not _in_view(node, screen, compat=compat)
        text = "" if hidden else _line(node)
        if text:
            lines.append("\t" * depth + text)
            if node.backend:
                info[node_id] = Shown(node.backend, _rect(node), text)
        deeper = depth + 1 if text and node.backend else depth  # without a DOM node upstream prints a line and forgets that it did
        stack.extend((child, deeper) for child in reversed(node.children))
    return "\n".join(_without_echoes(lines)), info


def _rect(node: TreeNode) -> Rect | None:
    return _ROOT if node.role == "RootWebArea" and node.backend else node.rect if node.backend else None


def _in_view(node: TreeNode, screen: tuple[float, float], *, compat: bool) -> bool:
    rect = _rect(node)
    return rect is not None and rect[2] != 0 and rect[3] != 0 and share_in_view(rect, screen, compat=compat) >= ENOUGH


def _line(node: TreeNode) -> str:
    """A node's line without indentation, empty for one that is left out and whose children take its place."""
    if node.ignored:
        return ""
    told = [f"{name}: {value}" for name, value in node.properties.items() if name not in _UNTOLD and value is not None]
    if not node.name.strip() and ((not told and node.role in _MUTE) or (told and node.role == "listitem")):
        return ""
    return " ".join([f"[{node.id}] {node.role} {node.name!r}", *told])


def _without_echoes(lines: Iterable[str]) -> list[str]:
    """Without texts that one of the three lines before says already."""
    kept: list[str] = []
    for line in lines:
        if "statictext" not in line.lower():
            kept.append(line)
            continue
        found = _STATIC.search(line)
        said = found[1][1:-1] if found else ""
        if said and not any(said in before for before in kept[-_LOOK_BACK:]):
            kept.append(line)
    return kept


@dataclass(frozen=True, slots=True)
class Box:
    """An element that may get a mark, or a text that stands alone.

    Args:
        tag: in capitals, such as ``"IMG"``.
        rect: where it is in the viewport.
        alt: its alternative text.
        text: its text content.
        interactable: whether an agent can act on it.
    """

    tag: str
    rect: Rect
    alt: str
    text: str
    interactable: bool


LARGEST: Final = 0.8  # of the viewport; what is larger gets no mark
SMALLEST: Final = 8  # pixels each way; what is smaller has a number that is not drawn and not told
LONGEST: Final = 200  # characters of a text
_NO_VALUE: Final = frozenset(
    {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN"}
    | {"None", "n/a", "nan", "null"}
)  # upstream sends the elements through a CSV reader, which takes these words for nothing


def marks_text(boxes: Iterable[Box], viewport: tuple[int, int], *, compat: bool = True) -> tuple[str, dict[str, Rect]]:
    """VisualWebArena's lines for a set of marks, and where each mark's element is.

    Args:
        boxes: in the order of the document, as `MARKS_SCRIPT` finds them; those without an area left out.
        viewport: width and height.
        compat: take words such as ``N/A`` for nothing, as upstream.
    """
    width, height = viewport
    lines: list[str] = []
    said: set[str] = set()
    places: dict[str, Rect] = {}
    for box in boxes:
        left, top, w, h = box.rect
        if top + h < 0 or top > height or left + w < 0 or left > width or w * h > LARGEST * width * height:
            continue
        content = _content(box, compat=compat)
        if not box.interactable:
            if content and not (content.startswith(".") and "{" in content) and content not in said:
                lines.append(f"[] [StaticText] [{content}]")
                said.add(content)
            continue
        number = str(len(places) + 1)
        places[number] = box.rect
        if w >= SMALLEST and h >= SMALLEST:
            lines.append(f"[{number}] [{box.tag}] [{content}]")
            said.add(content)
    return "\n".join(lines), places


def _content(box: Box, *, compat: bool) -> str:
    alt, text = box.alt.replace('"', ""), box.text.replace('"', "")
    if compat:
        alt, text = ("" if part in _NO_VALUE else part for part in (alt, text))
    return (alt if box.tag == "IMG" else "") + text.strip().replace("\n", "").replace("\t", "")[:LONGEST]


# Gives [tag, left, top, width, height, alt, text, interactable] for each element, in the order of the document.
MARKS_SCRIPT: Final = """(() => {
  const acted = ['a[href]:not(:has(img))', 'a[href] img', 'button', 'input:not([type="hidden"])', 'textarea', 'select',
    '[tabindex]:not([tabindex="-1"])', '[contenteditable="true"]', '[role="button"]', '[role="link"]', '[role="checkbox"]',
    '[role="menuitem"]', '[role="tab"]', '[draggable="true"]', '.btn', 'a[href="/notifications"]', 'a[href="/submit"]',
    '.fa.fa-star.is-rating-item', 'input[type="checkbox"]'].join(", ");
  const read = ["p", "span", "div:not(:has(*))", "h1", "h2", "h3", "h4", "h5", "h6", "li", "article"]
    .map(selector => `:not(${acted}):not(style) > ${selector}`).join(", ");
  return Array.from(document.querySelectorAll(`${acted}, ${read}`), element => {
    const box = element.getBoundingClientRect();
    return [element.tagName, box.left, box.top, box.width, box.height, element.getAttribute("alt") || "", element.textContent || "",
      element.matches(acted)];
  }).filter(row => row[3] && row[4]);
})()"""
