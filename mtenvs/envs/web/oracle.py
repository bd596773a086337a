"""The oracle of our own tasks: a plan of steps by role and name, carried out on the page as the agent sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from mtenvs.backends.chromium import Node
from mtenvs.core.actions import Call

_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "type": ("textbox", "searchbox", "spinbutton", "combobox"),
    "select": ("combobox", "listbox"),
    "click": ("button", "link", "checkbox", "radio", "option", "menuitem", "tab", "clickable", "textbox"),
    "upload": ("button", "textbox", "clickable"),
}
_GROUPS: Final = frozenset(
    {"row", "listitem", "article", "group", "form", "region", "cell", "listbox", "table", "section", "complementary"}
)


class PlanFailed(RuntimeError):
    """The page does not show what the plan wants to use: the plan or the site is wrong, never the agent."""


def actions_of(plan: Sequence[Mapping[str, Any]], look: Callable[[], Sequence[Node]], tab_of: Callable[[str], int]) -> Iterator[str]:
    """The actions of a plan, each found on the page as it is then.

    Args:
        plan: steps as data, see `mtenvs.envs.web.own.template.Step`.
        look: gives the page's outline.
        tab_of: number of the tab whose title contains a text.

    Raises:
        PlanFailed: an element is not there.
    """
    for step in plan:
        do, name = step["do"], step["name"]
        if do == "goto":
            yield Call("goto", {"url": name}).text
        elif do == "press":
            yield Call("press", {"key": name}).text
        elif do == "back":
            yield Call("go_back").text
        elif do == "tab":
            yield Call("tab_focus", {"index": tab_of(name)}).text
        elif do == "stop":
            yield Call("stop", {"answer": name}).text
        else:
            ref = find(look(), step).ref
            if do == "type":
                yield Call("type", {"id": ref, "text": step["value"]}).text
            elif do == "select":
                yield Call("select", {"id": ref, "option": step["value"]}).text
            elif do == "upload":
                yield Call("upload", {"id": ref, "file": step["value"]}).text
            else:
                yield Call("click", {"id": ref}).text


def find(nodes: Sequence[Node], step: Mapping[str, Any]) -> Node:
    """The element that a step means.

    Raises:
        PlanFailed: it is not there.
    """
    roles = (step["role"],) if step["role"] else _ROLES[step["do"]]
    fitting: list[int] = [i for i, node in enumerate(nodes) if node.ref > 0 and node.role in roles and _named(node, step)]
    if step["within"]:
        fitting = [i for i in fitting if _stands_with(nodes, i, step["within"])]
    if not fitting or not -len(fitting) <= step["nth"] < len(fitting):
        seen = ", ".join(f"{n.role} {n.name[:40]!r}" for n in nodes if n.role in roles)[:1500]
        raise PlanFailed(f"no element for {step}; there are: {seen}")
    found: int = fitting[step["nth"]]
    return nodes[found]


def _named(node: Node, step: Mapping[str, Any]) -> bool:
    name, wanted = " ".join(node.name.split()), " ".join(step["name"].split())
    return name == wanted if step["exact"] else wanted.casefold() in name.casefold()


def _stands_with(nodes: Sequence[Node], index: int, text: str) -> bool:
    """Whether the smallest group around a node that repeats on the page has this text in it."""
    group = nodes[index].parent
    while group >= 0 and nodes[group].role not in _GROUPS:
        group = nodes[group].parent
    while group >= 0:
        end = next((i for i in range(group + 1, len(nodes)) if nodes[i].depth <= nodes[group].depth), len(nodes))
        if any(text.casefold() in node.name.casefold() for node in nodes[group:end]):
            return True
        if nodes[group].role in {"row", "listitem", "article"}:
            return False
        group = nodes[group].parent
    return False
