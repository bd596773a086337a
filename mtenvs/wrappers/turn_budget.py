"""Turn budgets: unlimited, fixed with reminders, and one that is extended when it runs out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gymnasium as gym

from mtenvs.core.env import Obs
from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers.base import Info, MultiTurnWrapper, StepResult, checked_count, with_limit


def turns_note(left: int) -> str:
    """What the agent reads about its budget."""
    return "[Turn budget: this is the last turn.]" if left == 1 else f"[Turn budget: {left} turns left.]"


class TurnBudget(MultiTurnWrapper):
    """Cap the turns of an episode, remind the agent of them, and extend the cap once.

    Paper: "More with Less: An Empirical Study of Turn-Control Strategies for Efficient Coding Agents" (arXiv 2510.16786). Its
    strategies are ``unlimited`` (``limit=None``), ``fixed`` (a limit at the 25th, 50th or 75th percentile of the turns that a
    baseline needed, see `percentile_limit`, with a reminder on every turn) and ``dynamic`` (a low limit, and one extension
    for episodes that reach it unfinished).

    `MultiTurnEnv` keeps the only counter; this wrapper moves its limit. ``reset(options={"max_turns": n})`` wins over ``limit``.
    Info gains ``extended`` (bool: the episode has gone past its first limit).

    Args:
        env: the environment.
        limit: turns; None for no cap.
        reminder: ``"every"`` turn, ``"never"``, or a number: only when so many turns or fewer are left.
        extended_limit: the cap after the one extension; None for a fixed budget.
        grant: asked with the info before the last turn of the first limit, whether to extend; None always does.

    Raises:
        UnknownOption: a limit or reminder that makes no sense, or reminders where ``obs_mode`` has no text.
    """

    def __init__(
        self,
        env: gym.Env[Obs, Any],
        limit: int | None,
        *,
        reminder: str | int = "every",
        extended_limit: int | None = None,
        grant: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> None:
        super().__init__(env, limit=limit, reminder=reminder, extended_limit=extended_limit, grant=grant)
        self._limit = None if limit is None else checked_count("limit", limit)
        if extended_limit is not None and (self._limit is None or checked_count("extended_limit", extended_limit) <= self._limit):
            raise UnknownOption(f"extended_limit={extended_limit} must be above limit={limit}")
        if reminder not in ("every", "never"):
            checked_count("reminder", reminder)
        if reminder != "never":
            self.require_text()
        self._reminder, self._extended_limit, self._grant = reminder, extended_limit, grant
        self._info: Info = {}
        self._left, self._extended = -1, False
        self._keep_state()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, Info]:
        """Start an episode with the first limit."""
        if self._limit is not None:
            obs, info = self.env.reset(seed=seed, options=with_limit(options, self._limit))
        else:
            obs, info = self.env.reset(seed=seed, options=options)
            if (options or {}).get("max_turns") is None:
                self.core.set_turn_limit(None)
                info["turns_left"] = -1
        return self._told(obs, info)

    def step(self, action: Any) -> StepResult:
        """Play one turn, on an extended budget if this would have been the last of the first."""
        extending = self._may_extend()
        if extending and self._extended_limit is not None:
            self.core.set_turn_limit(self._extended_limit)
        obs, reward, terminated, truncated, info = self.env.step(action)
        self._extended |= extending and not (terminated or truncated)
        obs, info = self._told(obs, info, over=terminated or truncated)
        return obs, reward, terminated, truncated, info

    def _episode_begins(self) -> None:
        self._left, self._extended = -1, False

    def _save_own(self) -> Any:
        return [self._left, self._extended]

    def _load_own(self, data: Any) -> None:
        self._left, self._extended = int(data[0]), bool(data[1])

    def _may_extend(self) -> bool:
        more, now = self._extended_limit, self.core.turn_limit
        if more is None or self._extended or now is None or now >= more or self._left != 1:
            return False
        return self._grant is None or bool(self._grant(self._info))

    def _told(self, obs: Obs, info: Info, *, over: bool = False) -> tuple[Obs, Info]:
        info["extended"] = self._extended
        self._left = left = int(info["turns_left"])
        wanted = self._reminder == "every" or (isinstance(self._reminder, int) and left <= self._reminder)
        if wanted and left > 0 and not over:
            obs = self.noted(obs, info, turns_note(left))
        self._info = info
        return obs, info


def percentile_limit(turns: list[int], percentile: float) -> int:
    """The limit at a percentile of the turns that baseline episodes took, by the nearest-rank rule; at least 1.

    Args:
        turns: turns of each baseline episode.
        percentile: in (0, 100], such as 75.

    Raises:
        UnknownOption: no episodes, or a percentile out of range.
    """
    if not turns or not 0 < percentile <= 100:
        raise UnknownOption(f"percentile_limit needs episodes and a percentile in (0, 100], not {len(turns)} and {percentile}")
    rank = -(-len(turns) * percentile // 100)  # rounded up
    return max(1, sorted(turns)[int(rank) - 1])
