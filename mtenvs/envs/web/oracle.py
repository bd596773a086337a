"""The oracle of our own tasks: a plan of steps by role and name, carried out on the page as the agent sees it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from mtenvs.backends.chromium import Node
from mtenvs.core.actions import Call

_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "type": ("textbox", "searchbox", "spinbutton", "combobox"),
    "select": ("combobox", "listbox"),
    "click": ("button", "link", "checkbox", "radio", "option", "menuitem", "tab", "clickable", "textbox"),
    "upload": ("file",),
}


_MOST_SCREENS: Final = 30


class PlanFailed(RuntimeError):
    """The page does not show what the plan wants to use: the plan or the site is wrong, never the agent."""


class Seen(Protocol):
    """What the oracle sees of its environment."""

    def outline(self) -> Sequence[Node]:
        """The page as it is."""

    def number_of(self, node: Node) -> int | None:
        """The number under which the agent is shown an element; None while it is not shown."""

    def tab_of(self, title: str) -> int:
        """Number of the tab whose title contains a text."""


def actions_of(plan: Sequence[Mapping[str, Any]], env: Seen) -> Iterator[str]:
    """The actions of a plan, each found on the page as it is then; what is not in view is scrolled to where only that is numbered.

    Args:
        plan: steps as data, see `mtenvs.envs.web.own.template.Step`.
        env: what it is played in.

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
            yield Call("tab_focus", {"index": env.tab_of(name)}).text
        elif do == "stop":
            yield Call("stop", {"answer": name}).text
        else:
            ref = yield from _number(env, step)
            if do == "type":
                yield Call("type", {"id": ref, "text": step["value"]}).text
            elif do == "select":
                yield Call("select", {"id": ref, "option": step["value"]}).text
            elif do == "upload":
                yield Call("upload", {"id": ref, "file": step["value"]}).text
            else:
                yield Call("click", {"id": ref}).text


def _number(env: Seen, step: Mapping[str, Any]) -> Generator[str, None, int]:
    for _ in range(_MOST_SCREENS):
        node = find(env.outline(), step)
        number = env.number_of(node)
        if number is not None:
            return number
        yield Call("scroll", {"direction": "up" if node.rect.y < 0 else "down"}).text
    raise PlanFailed(f"{step} does not come into view")


def find(nodes: Sequence[Node], step: Mapping[str, Any]) -> Node:
    """The element that a step means.

    Raises:
        PlanFailed: it is not there.
    """
    roles = (step["role"],) if step["role"] else _ROLES[step["do"]]
    fitting: list[int] = [i for i, node in enumerate(nodes) if node.ref > 0 and node.role in roles and _named(node, step)]
    if step["within"]:
        near = {i: _nearness(nodes, i, step["within"]) for i in fitting}
        fitting = [i for i in fitting if near[i] == min(near.values()) < len(nodes)]
    if not fitting or not -len(fitting) <= step["nth"] < len(fitting):
        seen = ", ".join(f"{n.role} {n.name[:40]!r}" for n in nodes if n.role in roles)[:1500]
        raise PlanFailed(f"no element for {step}; there are: {seen}")
    found: int = fitting[step["nth"]]
    return nodes[found]


def _named(node: Node, step: Mapping[str, Any]) -> bool:
    name, wanted = " ".join(node.name.split()), " ".join(step["name"].split())
    return name == wanted if step["exact"] else wanted.casefold() in name.casefold()


def _nearness(nodes: Sequence[Node], index: int, text: str) -> int:
    """How many nodes the smallest group around a node has that holds this text; all and one more if there is none."""
    group = nodes[index].parent
    while group >= 0:
        end = next((i for i in range(group + 1, len(nodes)) if nodes[i].depth <= nodes[group].depth), len(nodes))
        if any(text.casefold() in node.name.casefold() for node in nodes[group:end]):
            return end - group
        group = nodes[group].parent
    return len(nodes) + 1
