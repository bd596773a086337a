"""What a wrapper may add to one environment: tools, a state of its own, and a say in what happens to an action."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from mtenvs.core.actions import Call, CallText, Tool
from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.core.hooks import Hooks

CarryOut = Callable[[Any], str]


class KeptState(NamedTuple):
    """A state beside the world; see `Extensible.keep_state`."""

    begin: Callable[[], None]
    save: Callable[[], Any]
    load: Callable[[Any], None]


class Extensible(Hooks):
    """Public ways to extend one environment, and no other of its class. Everything that is added stays for good."""

    domains: dict[str, Sequence[str]]
    _tools: dict[str, Tool]
    _calls: dict[str, tuple[Call, str]]

    def __init__(self) -> None:
        self._around: CarryOut | None = None  # what stands around the reading and carrying out of an action
        self._kept: dict[str, KeptState] = {}
        self._extended = False

    @property
    def extended(self) -> bool:
        """Whether tools were added or replaced, or something stands around actions: an engine that skips `step` would miss it."""
        return self._extended

    def add_tool(self, tool: Tool, method: Callable[..., str]) -> None:
        """Offer one more tool: in `tools`, `help` and the action space, read in all dialects, its turns and errors counted.

        Args:
            tool: its declaration, such as `mtenvs.core.actions.tools_of` gives.
            method: carries out a call, given its arguments as keywords; returns feedback, or raises `BadAction` and changes nothing.

        Raises:
            UnknownOption: the actions are not text calls, or there is a tool of that name already.
        """
        if not isinstance(self.action_space, CallText):
            raise UnknownOption(f"the tool {tool.name!r} needs text actions; here they are {self.action_space}")
        if tool.name in self._tools:
            raise UnknownOption(f"there is an action {tool.name!r} already: give the tool another name, or use replace_tool")
        self._offer(tool, f"_added_{tool.name}", method)
        self.action_space = CallText(tuple(self._tools.values()), self.domains)
        self._calls = {}  # those of the class were read without this tool

    def replace_tool(self, name: str, method: Callable[..., str]) -> Callable[..., str]:
        """Let ``method`` carry out the calls of a tool; its declaration stays.

        Returns:
            What carried them out so far, for ``method`` to call.

        Raises:
            UnknownOption: there is no such tool.
        """
        if name not in self._tools:
            raise UnknownOption(f"there is no action {name!r} here: {did_you_mean(name, self._tools)}")
        tool = self._tools[name]
        former: Callable[..., str] = getattr(self, tool.method)
        self._offer(tool, f"_replaced_{tool.method}", method)
        return former

    def around_action(self, around: Callable[[Any, CarryOut], str]) -> None:
        """Stand around the reading and carrying out of every action, the oracle's on the way to a checkpoint included.

        Args:
            around: given an action and ``inner``, which carries it out; returns the feedback. It may hand ``inner`` another
                action, or raise `BadAction` and change nothing. One that is added later stands around those before.
        """
        inner = self._around or self._carry_out
        self._around = lambda action: around(action, inner)
        self._extended = True

    def around_solutions(self, around: Callable[[Iterator[Any]], Iterator[Any]]) -> None:
        """Pass the actions of `oracle` and `near_miss` through ``around``, for what was added and a solution does not know."""
        for name in ("oracle", "near_miss"):
            solution: Callable[[], Iterator[Any]] = getattr(self, name)
            setattr(self, name, lambda solution=solution: around(solution()))

    def keep_state(self, name: str, *, begin: Callable[[], None], save: Callable[[], Any], load: Callable[[Any], None]) -> None:
        """Keep a state beside the world, which a bad action may change too.

        Args:
            name: of the state in snapshots; one of the same name gives way.
            begin: forget the last episode; called when one begins, not between the parts of a composed task.
            save: the state as JSON-able data and arrays, for `snapshot`.
            load: take back what ``save`` gave, in `restore`.
        """
        self._kept[name] = KeptState(begin, save, load)

    def _carry_out(self, action: Any) -> str:
        raise NotImplementedError

    def _offer(self, tool: Tool, attribute: str, method: Callable[..., str]) -> None:
        # Calls go to the method of the environment that the tool names, so a method that is added becomes an attribute.
        setattr(self, attribute, method)
        self._tools[tool.name] = replace(tool, method=attribute)
        self._extended = True
