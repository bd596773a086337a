"""Over-turn masking (Mini-o3): an episode that ran out of turns is not held against the policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from mtenvs.core.env import Obs
from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers.base import Info, MultiTurnWrapper, StepResult

OVER: Final = frozenset({"max_turns"})


class OverTurn(MultiTurnWrapper):
    """Mark episodes that hit the turn cap, and give them the loss weight 0.

    Paper: "Mini-o3: Scaling Up Reasoning Patterns and Interaction Turns for Visual Search" (arXiv 2509.07969): answers that do not
    come within the training cap (6 turns there) are masked out of the loss instead of being punished, so that the policy does
    not learn to hurry and can use many more turns in tests. Info gains ``over_turn`` (bool) and ``loss_weight`` (float, 0.0 for
    over-turn episodes, else 1.0); see `masked_advantages` for the formula.

    Args:
        env: the environment.
    """

    def __init__(self, env: gym.Env[Obs, Any]) -> None:
        super().__init__(env)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, Info]:
        """Start an episode."""
        obs, info = self.env.reset(seed=seed, options=options)
        return obs, _marked(info)

    def step(self, action: Any) -> StepResult:
        """Play one turn."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, reward, terminated, truncated, _marked(info)


def _marked(info: Info) -> Info:
    weight = loss_weight(info["stop_reason"])
    return {**info, "over_turn": weight == 0.0, "loss_weight": weight}


def loss_weight(stop_reason: str) -> float:
    """0.0 for an episode that ended at its turn cap, else 1.0; also for `Trajectory.stop_reason`."""
    return 0.0 if stop_reason in OVER else 1.0


def masked_advantages(rewards: Sequence[float], over_turn: Sequence[bool], epsilon: float = 1e-6) -> NDArray[np.float64]:
    """Group-relative advantages with over-turn episodes masked.

    ``A_i = (1 - over_i) * (r_i - mean(r)) / (std(r) + epsilon)``. As in the authors' released code, the rewards of masked episodes
    still count for mean and (population) standard deviation.

    Args:
        rewards: of the episodes of one group, shape ``(n,)``.
        over_turn: which of them hit the cap, shape ``(n,)``.
        epsilon: keeps groups of equal rewards finite.

    Raises:
        UnknownOption: lists of different lengths, or empty ones.
    """
    values, over = np.asarray(rewards, np.float64), np.asarray(over_turn, bool)
    if values.ndim != 1 or values.shape != over.shape or not len(values):
        raise UnknownOption(f"{values.shape} rewards and {over.shape} flags: give one flag for each reward of a group")
    scaled: NDArray[np.float64] = (values - values.mean()) / (values.std() + epsilon)
    return np.where(over, 0.0, scaled)
