"""How some of the pages are solved: by reading the goal and the page, as the agent does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mtenvs.core.actions import Call
from mtenvs.envs.web.oracle import PlanFailed

if TYPE_CHECKING:
    from mtenvs.backends.chromium import Node
    from mtenvs.envs.web.base import WebEnv

Oracle = Callable[["WebEnv"], Iterator[str]]


def _node(env: WebEnv, role: str, name: str | None = None) -> Node:
    """The first element of a role, with this name if one is given.

    Raises:
        PlanFailed: there is none.
    """
    for node in env.outline():
        if node.ref and node.role == role and (name is None or node.name.strip() == name.strip()):
            return node
    raise PlanFailed(f"no {role} {name!r} on {env.task.id}")


def _click(env: WebEnv, role: str, name: str | None = None) -> str:
    return Call("click", {"id": _node(env, role, name).ref}).text


def _quoted(env: WebEnv) -> list[str]:
    return re.findall(r'"([^"]*)"', env.task.goal)


def click_test(env: WebEnv) -> Iterator[str]:
    """The only button."""
    yield _click(env, "button")


def click_test_2(env: WebEnv) -> Iterator[str]:
    """The button called ONE."""
    yield _click(env, "button", "ONE")


def click_button(env: WebEnv) -> Iterator[str]:
    """The button with the name in quotes."""
    yield _click(env, "button", _quoted(env)[0])


def enter_text(env: WebEnv) -> Iterator[str]:
    """Type what is in quotes, then submit."""
    yield Call("type", {"id": _node(env, "textbox").ref, "text": _quoted(env)[0]}).text
    yield _click(env, "button")


ORACLES: Final[Mapping[str, Oracle]] = {
    "click-test": click_test,
    "click-test-2": click_test_2,
    "click-button": click_button,
    "enter-text": enter_text,
}


def near_miss_of(env: WebEnv) -> Iterator[str]:
    """Press the button at once, or the wrong one."""
    buttons = [node for node in env.outline() if node.ref and node.role == "button"]
    if env.task.id == "click-button":
        buttons = [node for node in buttons if node.name.strip() != _quoted(env)[0].strip()]
    yield Call("click", {"id": buttons[-1].ref}).text
