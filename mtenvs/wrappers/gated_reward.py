"""Gated reward accumulation (G-RA): small rewards count only once the large one is good enough."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.env import Obs
from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.wrappers.base import Info, MultiTurnWrapper, StepResult

OUTCOME: Final = "outcome"


@dataclass(frozen=True, slots=True)
class OutcomeLadder:
    """The value of how an episode ended: not submitted < submitted in vain < solved.

    Args:
        not_submitted: the episode was truncated.
        failed: it was ended by the agent or the world without success.
        solved: the verdict says success.
    """

    not_submitted: float = 0.0
    failed: float = 0.5
    solved: float = 1.0

    def __call__(self, info: Mapping[str, Any]) -> float:
        """The value of the last turn's info."""
        if info["success"]:
            return self.solved
        return self.failed if info["stop_reason"] in ("goal_failed", "agent_stopped", "goal_reached") else self.not_submitted


class GatedReward(MultiTurnWrapper):
    """Withhold the reward until the end, and pay a channel only if every channel above it passed its gate.

    Paper: "Stabilizing Long-term Multi-turn Reinforcement Learning with Gated Rewards" (G-RA, arXiv 2508.10548). With two
    channels ``R = r_high(s_T) + 1[r_high >= delta] * sum_t r_low(t)``; with more, channel ``i`` counts only if the totals of all
    channels of higher priority reach their gates. ``mode="direct"`` is the comparison (D-RA): everything is paid as it comes.

    A channel is a name in ``info["reward_components"]``. Components that are no channel (such as ``invalid_action``) are paid as
    they come. The reward stays the sum of the components. Info gains ``turn_rewards`` (tuple of float: empty until the end,
    then what each turn has earned after gating, summing up to the episode's reward) and ``withheld`` (float: what closed gates
    kept back).

    Args:
        env: the environment.
        gates: channel -> what its total must reach to let the later ones count; highest priority first.
        outcome: value of the last turn's info, added as the component ``"outcome"``; `OutcomeLadder` is one, and a mapping of its
            fields makes one. None adds nothing.
        mode: ``"gated"`` or ``"direct"``.

    Raises:
        UnknownOption: an unknown mode or field of ``outcome``, no channel, or (at reset) a channel that is no component.
    """

    def __init__(
        self,
        env: gym.Env[Obs, Any],
        gates: Mapping[str, float],
        *,
        outcome: Callable[[Mapping[str, Any]], float] | Mapping[str, float] | None = None,
        mode: str = "gated",
    ) -> None:
        if isinstance(outcome, Mapping):
            for name in outcome:
                if name not in OutcomeLadder.__slots__:
                    raise UnknownOption(f"outcome has no field {name!r}: {did_you_mean(str(name), OutcomeLadder.__slots__)}")
            outcome = OutcomeLadder(**outcome)
        kept = asdict(outcome) if isinstance(outcome, OutcomeLadder) else outcome  # as plain data it travels in recordings
        super().__init__(env, gates=gates, outcome=kept, mode=mode)
        if mode not in ("gated", "direct") or not gates:
            raise UnknownOption(f"mode={mode!r} is 'gated' or 'direct', and gates names at least one component")
        self._gates, self._outcome, self._mode = dict(gates), outcome, mode
        self._turns: list[dict[str, float]] = []
        self._keep_state()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, Info]:
        """Start an episode with nothing earned."""
        obs, info = self.env.reset(seed=seed, options=options)
        parts = self._with_outcome(info, ended=False)
        for name in self._gates:
            if name not in parts:
                raise UnknownOption(f"there is no reward component {name!r} here: {did_you_mean(name, parts)}")
        return obs, {**info, "reward_components": parts, "turn_rewards": (), "withheld": 0.0}

    def step(self, action: Any) -> StepResult:
        """Play one turn; its channels are paid at the end."""
        obs, _, terminated, truncated, info = self.env.step(action)
        ended = terminated or truncated
        earned = self._with_outcome(info, ended=ended)
        self._turns.append(earned)
        paid, shares, withheld = self._settle() if ended else (self._not_yet(earned), (), 0.0)
        info = {**info, "reward_components": paid, "turn_rewards": shares, "withheld": withheld}
        return obs, float(sum(paid.values())), terminated, truncated, info

    def _not_yet(self, earned: dict[str, float]) -> dict[str, float]:
        """What a turn that is not the last pays: everything in direct mode, else what is no channel."""
        return dict(earned) if self._mode == "direct" else {name: 0.0 if name in self._gates else value for name, value in earned.items()}

    def _settle(self) -> tuple[dict[str, float], tuple[float, ...], float]:
        """What the last turn pays by component, what each turn has earned, and what closed gates kept back."""
        last, closed = dict(self._turns[-1]), set[str]()
        totals = {name: float(sum(turn[name] for turn in self._turns)) for name in self._gates}
        if self._mode == "gated":
            closed = set(self._gates) - passing(totals, self._gates)
            last.update({name: 0.0 if name in closed else total for name, total in totals.items()})
        shares = tuple(float(sum(v for name, v in turn.items() if name not in closed)) for turn in self._turns)
        return last, shares, float(sum(totals[name] for name in closed))

    def _episode_begins(self) -> None:
        self._turns = []

    def _save_own(self) -> Any:
        return self._turns

    def _load_own(self, data: Any) -> None:
        self._turns = [dict(turn) for turn in data]

    def _with_outcome(self, info: Info, *, ended: bool) -> dict[str, float]:
        parts = dict(info["reward_components"])
        if self._outcome is not None:
            parts[OUTCOME] = float(self._outcome(info)) if ended else 0.0
        return parts


def passing(totals: Mapping[str, float], gates: Mapping[str, float]) -> set[str]:
    """The channels that count: each whose predecessors all reach their gates.

    Args:
        totals: channel -> what it earned over the episode.
        gates: channel -> what it must reach to let the later ones count; highest priority first.
    """
    counting = set()
    for name, gate in gates.items():
        counting.add(name)
        if totals[name] < gate:
            break
    return counting
