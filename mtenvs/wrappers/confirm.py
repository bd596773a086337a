"""A gate before what cannot be undone (ResponsibleTA): such a call is held until the agent confirms it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.actions import Call, action
from mtenvs.core.env import Obs
from mtenvs.core.errors import BadAction, UnknownOption, did_you_mean
from mtenvs.wrappers.base import Info, StepResult
from mtenvs.wrappers.tools import ToolWrapper, drawn

TAG: Final = "irreversible"


class ConfirmIrreversible(ToolWrapper):
    """Calls of tools that are tagged ``"irreversible"`` wait for ``confirm()``; any other good action drops them.

    Paper: "Responsible Task Automation" (ResponsibleTA, arXiv 2306.01242), which checks each command before it is executed. Here
    ``execute(a) iff not irreversible(a), or a was held and checked and the next action is confirm()``. Holding spends a turn and
    changes nothing in the world; so does ``confirm()`` with nothing to confirm, which is a bad action. Info gains ``held`` (str:
    canonical text of the call that waits, else empty).

    Args:
        env: the environment, with text actions.
        also: names of further tools to guard.
        check: a verifier of its own: given the call, returns an objection, or an empty string to let it be confirmed. A call
            with an objection is refused with it.

    Raises:
        UnknownOption: a name in ``also`` that is no action, or nothing to guard.
    """

    def __init__(self, env: gym.Env[Obs, Any], *, also: Sequence[str] = (), check: Callable[[Call], str] | None = None) -> None:
        self._held: Call | None = None  # waits for the next action
        self._waiting: Call | None = None  # waited for the action that is being carried out
        self._also, self._check = tuple(also), check
        self.guarded = tuple[str, ...]()
        super().__init__(env, also=also, check=check)
        self._execute = {name: self.core.replace_tool(name, self._holding(name)) for name in self.guarded}
        self.core.around_action(self._let_go)
        self.core.around_solutions(lambda actions: drawn(actions, self._confirmations))

    def _check_environment(self) -> None:
        for name in self._also:
            if name not in self._tools:
                raise UnknownOption(f"also={name!r} is no action here: {did_you_mean(name, self._tools)}")
        self.guarded = tuple(t.name for t in self._tools.values() if t.name in self._also or TAG in t.tags)
        if not self.guarded:
            raise UnknownOption(f"no action here is tagged {TAG!r}: name those to guard with also=, such as {list(self._tools)[:3]}")

    @action
    def confirm(self) -> str:
        """Carry out the irreversible action that was held on the turn before."""
        call = self._waiting
        if call is None:
            raise BadAction("nothing waits to be confirmed", legal="an irreversible action first: " + ", ".join(self.guarded))
        return str(self._execute[call.name](**call.arguments))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, Info]:
        """Start an episode with nothing held."""
        obs, info = self.env.reset(seed=seed, options=options)
        return obs, self._told(info)

    def step(self, action: Any) -> StepResult:
        """Play one turn."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, reward, terminated, truncated, self._told(info)

    def _told(self, info: Info) -> Info:
        return {**info, "held": "" if self._held is None else self._held.text}

    def _holding(self, name: str) -> Callable[..., str]:
        def hold(**arguments: Any) -> str:
            call = Call(name, arguments)
            objection = self._check(call) if self._check is not None else ""
            if objection:
                raise BadAction(f"refused before execution: {objection}")
            self._held = call
            return f"Held, because it cannot be undone: {call.text}. confirm() carries it out; anything else drops it."

        return hold

    def _let_go(self, action: Any, carry_out: Callable[[Any], str]) -> str:
        """Let go of what was held: this action confirms it or drops it; a bad action changes nothing, not even that."""
        self._waiting, self._held = self._held, None
        try:
            return carry_out(action)
        except BadAction:
            self._held = self._waiting
            raise

    def _confirmations(self) -> Iterator[Any]:
        if self._held is not None:
            yield "confirm()"

    def _episode_begins(self) -> None:
        self._held = None

    def _save_own(self) -> Any:
        return None if self._held is None else self._held.to_dict()

    def _load_own(self, data: Any) -> None:
        self._held = None if data is None else Call(data["name"], dict(data["arguments"]))
