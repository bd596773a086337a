"""A budget that the agent may ask to have extended."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from mtenvs.core.actions import action
from mtenvs.core.env import Obs
from mtenvs.core.errors import BadAction
from mtenvs.wrappers.base import checked_count
from mtenvs.wrappers.tools import ToolWrapper


class TurnRequest(ToolWrapper):
    """A tool ``request_turns()`` that raises the episode's cap, a limited number of times.

    The dynamic strategy of "More with Less" (arXiv 2510.16786) with the agent as the one who asks: from ``k`` to ``k + more``
    turns. The call spends a turn like any other.

    Args:
        env: the environment; wrap it in `TurnBudget` first for a low initial limit.
        more: turns that one request adds.
        times: requests that are granted in one episode.

    Raises:
        UnknownOption: numbers below 1, or an environment without text actions.
    """

    def __init__(self, env: gym.Env[Obs, Any], more: int, *, times: int = 1) -> None:
        self._more, self._times, self._used = checked_count("more", more), checked_count("times", times), 0
        super().__init__(env, more=more, times=times)

    @action
    def request_turns(self) -> str:
        """Ask for more turns; the request itself takes one."""
        if self.core.turn_limit is None:
            raise BadAction("there is no turn limit, so nothing can be added to it")
        if self._used >= self._times:
            raise BadAction("no more turns are granted in this episode", legal="finish with the turns that are left")
        self._used += 1
        self.core.extend_turns(self._more)
        return f"Granted: {self._more} more turns."

    def _episode_begins(self) -> None:
        self._used = 0

    def _save_own(self) -> Any:
        return self._used

    def _load_own(self, data: Any) -> None:
        self._used = int(data)
