"""`ToolWrapper`: a wrapper whose own ``@action`` methods become tools of the environment underneath."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gymnasium as gym

from mtenvs.core.actions import CallText, Tool, tools_of
from mtenvs.core.env import Obs
from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers.base import MultiTurnWrapper


class ToolWrapper(MultiTurnWrapper):
    """Adds tools to an environment. A subclass declares them as it would in an environment, with `mtenvs.core.actions.action`.

    The tools join ``env.unwrapped.tools``, ``help`` and ``action_space``; the environment reads their calls in all its
    dialects, counts their turns and reports their errors. They are there from construction on and for good, also for who
    talks to ``env.unwrapped``.

    A subclass may fill in ``_check_environment()``, which refuses what it cannot wrap, and the hooks of `MultiTurnWrapper` for a
    state of its own.

    Args:
        env: the environment, with text actions.
        arguments: the keywords of the subclass's constructor.

    Raises:
        UnknownOption: the actions are not text calls, or a tool of that name exists already.
    """

    def __init__(self, env: gym.Env[Obs, Any], **arguments: Any) -> None:
        super().__init__(env, **arguments)
        if not isinstance(env.action_space, CallText):
            name = type(self).__name__
            raise UnknownOption(f"{name} adds tools, which needs text actions; here they are {env.action_space}: see `control` and `mode`")
        own = tools_of(type(self))
        for tool in own:
            if tool.name in self._tools:
                raise UnknownOption(f"there is an action {tool.name!r} already, so {type(self).__name__} cannot add one")
        self._check_environment()
        for tool in own:
            self.core.add_tool(tool, getattr(self, tool.method))
        self._keep_state()

    def _check_environment(self) -> None:
        """Raise UnknownOption where the wrapper does not fit; nothing has been changed yet."""

    @property
    def _tools(self) -> dict[str, Tool]:
        """The tools of the environment as they are now, by name."""
        space = self.core.action_space
        return {t.name: t for t in space.tools} if isinstance(space, CallText) else {}


def drawn(actions: Iterator[Any], after: Callable[[], Iterator[Any]]) -> Iterator[Any]:
    """The actions of a solution, with those that ``after`` asks for behind each of them."""
    for step in actions:
        yield step
        yield from after()
