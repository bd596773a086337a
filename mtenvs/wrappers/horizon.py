"""A horizon that grows with training (ScalingInter-RL)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.env import Obs
from mtenvs.core.errors import UnknownOption
from mtenvs.wrappers.base import Info, MultiTurnWrapper, StepResult, checked_count, with_limit

PUBLISHED: Final[dict[str, tuple[tuple[int, ...], int]]] = {
    "webarena": ((8, 12, 15), 80),
    "searchqa": ((5, 8, 10), 100),
    "babyai": ((6, 13, 20), 100),
    "sciworld": ((10, 20, 30), 100),
    "textcraft": ((10, 20, 30), 100),
}
"""Rounds and steps per stage in the authors' training scripts, by environment."""


class HorizonSchedule(MultiTurnWrapper):
    """Start with short episodes and allow longer ones as training goes on.

    Paper: AgentGym-RL, ScalingInter-RL (arXiv 2509.08755): ``stage = min(global_step // steps_per_stage, len(rounds) - 1)``,
    ``horizon = rounds[stage]``. The authors' values are in `PUBLISHED`.

    ``vec.call("set_global_step", n)`` tells every environment of a batch; a new horizon holds from the next reset on.
    ``reset(options={"max_turns": n})`` wins for one episode. Info gains ``horizon`` (int: that of the schedule in this episode).

    Args:
        env: the environment.
        rounds: the horizon in turns of each stage.
        steps_per_stage: training steps after which the next stage begins.
        global_step: how far training is at the start.

    Raises:
        UnknownOption: no rounds, or numbers below 1.
    """

    def __init__(self, env: gym.Env[Obs, Any], rounds: Sequence[int], steps_per_stage: int, *, global_step: int = 0) -> None:
        super().__init__(env, rounds=rounds, steps_per_stage=steps_per_stage, global_step=global_step)
        if not rounds:
            raise UnknownOption("rounds needs the horizon of at least one stage")
        self._rounds = tuple(checked_count("a horizon in rounds", r) for r in rounds)
        self._steps = checked_count("steps_per_stage", steps_per_stage)
        self.set_global_step(global_step)
        self._horizon = self.horizon
        # Batches call methods of the unwrapped environment, so the schedule has to be reachable there as well.
        self.core.set_global_step = self.set_global_step  # type: ignore[attr-defined]  # no method of the class, see above

    def set_global_step(self, step: int) -> None:
        """Tell how far training is; takes effect at the next reset.

        Raises:
            UnknownOption: not a whole number of at least 0.
        """
        self._global_step = checked_count("the global step", step, least=0)
        self._saved_kwargs["global_step"] = self._global_step  # an episode is recorded with the stage that it is played in

    @property
    def horizon(self) -> int:
        """The horizon that the next episode will have."""
        return self._rounds[min(self._global_step // self._steps, len(self._rounds) - 1)]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, Info]:
        """Start an episode with the horizon of the present stage."""
        self._horizon = self.horizon
        obs, info = self.env.reset(seed=seed, options=with_limit(options, self._horizon))
        return obs, {**info, "horizon": self._horizon}

    def step(self, action: Any) -> StepResult:
        """Play one turn."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        return obs, reward, terminated, truncated, {**info, "horizon": self._horizon}
