"""Goal reminders (Drift No More?): say again what is asked, every few turns."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from mtenvs.core.env import Obs
from mtenvs.wrappers.base import MultiTurnWrapper, StepResult, checked_count


class GoalReminder(MultiTurnWrapper):
    """Repeat the goal in ``obs["text"]`` on turns ``k, 2k, 3k, ...``.

    Paper: "Drift No More? Context Equilibria in Multi-Turn LLM Interactions" (arXiv 2510.07777). It models drift as
    ``D_(t+1) = D_t + g(D_t) + noise - delta_t``, where an intervention, such as a reminder of the goal, has ``delta_t > 0`` and lowers
    the level at which drift settles.

    Args:
        env: the environment, in a mode with text.
        every: ``k``, in turns.

    Raises:
        UnknownOption: ``every`` below 1, or no text in this ``obs_mode``.
    """

    def __init__(self, env: gym.Env[Obs, Any], every: int) -> None:
        super().__init__(env, every=every)
        self._every = checked_count("every", every)
        self.require_text()

    def step(self, action: Any) -> StepResult:
        """Play one turn; the reminder stands at the end of its text."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        if info["turn"] % self._every == 0 and not (terminated or truncated):
            obs = self.noted(obs, info, f"[Reminder of the goal: {obs['goal']}]")
        return obs, reward, terminated, truncated, info
