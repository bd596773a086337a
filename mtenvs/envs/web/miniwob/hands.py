"""`Hands`: finding things on a small page and writing the actions on them; what the oracles are written in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mtenvs.core.actions import Call
from mtenvs.envs.web.oracle import PlanFailed

if TYPE_CHECKING:
    from mtenvs.backends.chromium import Node
    from mtenvs.envs.web.base import WebEnv

LINKS = ("link", "clickable")
FIELDS = ("textbox", "searchbox", "spinbutton")
_LABEL = 30  # characters, at most


class Hands:
    """Looks at an environment's page.

    Args:
        env: the environment.
    """

    def __init__(self, env: WebEnv) -> None:
        self._env = env

    @property
    def goal(self) -> str:
        """What the page asks."""
        return self._env.task.goal

    def quoted(self) -> list[str]:
        """The parts of the goal in quotes."""
        return re.findall(r'"([^"]*)"', self.goal)

    def number(self) -> int:
        """The ordinal in the goal, such as 3 in "the 3rd", from 1."""
        found = re.search(r"(\d+)(?:st|nd|rd|th)", self.goal)
        if found is None:
            raise PlanFailed(f"no ordinal in {self.goal!r}")
        return int(found[1])

    def look(self) -> Sequence[Node]:
        """The page as it is now."""
        return self._env.outline()

    def all(self, *roles: str) -> list[Node]:
        """The elements of some roles, in order."""
        return [node for node in self.look() if node.ref and node.role in roles]

    def one(self, *roles: str, name: str | None = None) -> Node:
        """The first element of some roles, with this name if one is given.

        Raises:
            PlanFailed: there is none.
        """
        for node in self.all(*roles):
            if name is None or node.name.strip() == name.strip():
                return node
        raise PlanFailed(f"no {' or '.join(roles)} {name!r} on {self._env.task.id}")

    def beside(self, label: str, *roles: str) -> Node:
        """The element of some roles that stands nearest to a label, first of all by its height on the page.

        Args:
            label: a pattern of words in it, in lower case.
            roles: of the element.

        Raises:
            PlanFailed: there is neither.
        """
        nodes = list(self.look())
        at = next((i for i, node in enumerate(nodes) if re.search(label, node.name.casefold()) and self._labels(node)), None)
        fitting = [node for node in nodes if node.ref > 0 and node.role in roles]
        if at is None or not fitting:
            raise PlanFailed(f"nothing beside {label!r} on {self._env.task.id}")
        here = nodes[at].rect
        return min(fitting, key=lambda node: (abs(node.rect.y + node.rect.h / 2 - here.y - here.h / 2), abs(node.rect.x - here.x)))

    def _labels(self, node: Node) -> bool:
        return node.role == "text" and node.name.strip() != self.goal and len(node.name) < _LABEL

    def words(self) -> str:
        """The running text of the page below the goal."""
        return "\n".join(node.name for node in self.look() if node.role == "text" and node.name.strip() != self.goal)

    def click(self, node: Node) -> str:
        """The action that clicks it."""
        return Call("click", {"id": node.ref}).text

    def type(self, node: Node, text: str) -> str:
        """The action that types into it."""
        return Call("type", {"id": node.ref, "text": text}).text

    def select(self, node: Node, option: str) -> str:
        """The action that chooses from it."""
        return Call("select", {"id": node.ref, "option": option}).text

    def submit(self) -> str:
        """The action that presses Submit."""
        return self.click(self.one("button", name="Submit"))
