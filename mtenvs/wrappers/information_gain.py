"""Information-gain reward (IGPO): a turn is worth what it adds to the probability of the right answer."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.env import Obs
from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task
from mtenvs.core.trajectory import jsonable
from mtenvs.wrappers.base import Info, MultiTurnWrapper, StepResult

GAIN: Final = "information_gain"
Scorer = Callable[[list[dict[str, Any]], str], float]


class InformationGain(MultiTurnWrapper):
    """Add ``p_t - p_(t-1)`` to the reward of each turn but the last, which keeps the environment's own reward alone.

    Paper: "Information Gain-based Policy Optimization" (IGPO, arXiv 2510.14967): ``p_t = exp(mean log-probability of the tokens of
    the true answer | context after turn t)``, ``r_t = p_t - p_(t-1)`` for ``t < T``, ``r_T`` the outcome. The policy's own model is asked,
    through ``scorer``, once at reset and once after each turn but the last.

    The component ``information_gain`` is added to ``reward_components``. Info gains ``ground_truth_text`` (str) and
    ``answer_probability`` (float: ``p_t``; that of the turn before on the last turn). The agent sees neither.

    Args:
        env: the environment, in a mode with text.
        scorer: from chat messages (text only: goal and first text as user, then actions as assistant and texts as user) and the
            true answer to the answer's mean log-probability per token, at most 0; ``-inf`` is allowed.
        ground_truth: the true answer of a task; an empty one gives no gain and asks nothing.
        weight: factor of the gain.

    Raises:
        UnknownOption: no text in this ``obs_mode``, or a scorer that gives no log-probability.
    """

    def __init__(self, env: gym.Env[Obs, Any], scorer: Scorer, ground_truth: Callable[[Task], str], *, weight: float = 1.0) -> None:
        super().__init__(env, scorer=scorer, ground_truth=ground_truth, weight=weight)
        self.require_text()
        self._scorer, self._ground_truth, self._weight = scorer, ground_truth, float(weight)
        self._messages: list[dict[str, Any]] = []
        self._answer, self._p = "", 0.0
        self._keep_state()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Obs, Info]:
        """Start an episode; ``p_0`` is the probability before the first turn."""
        obs, info = self.env.reset(seed=seed, options=options)
        self._answer = self._ground_truth(self.core.task)
        self._messages = [{"role": "user", "content": f"{obs['goal']}\n\n{obs['text']}"}]
        self._p = self._probability()
        return obs, self._told(info, 0.0)

    def step(self, action: Any) -> StepResult:
        """Play one turn and reward what it has taught."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        gain = 0.0
        if not (terminated or truncated):
            said = action if isinstance(action, str) else json.dumps(jsonable(action))
            self._messages += [{"role": "assistant", "content": said}, {"role": "user", "content": obs["text"]}]
            before, self._p = self._p, self._probability()
            gain = self._weight * (self._p - before)
        return obs, float(reward) + gain, terminated, truncated, self._told(info, gain)

    def _save_own(self) -> Any:
        return {"messages": self._messages, "answer": self._answer, "p": self._p}

    def _load_own(self, data: Any) -> None:
        self._messages, self._answer, self._p = [dict(m) for m in data["messages"]], str(data["answer"]), float(data["p"])

    def _told(self, info: Info, gain: float) -> Info:
        parts = {**info["reward_components"], GAIN: gain}
        return {**info, "reward_components": parts, "ground_truth_text": self._answer, "answer_probability": self._p}

    def _probability(self) -> float:
        if not self._answer:
            return 0.0
        logp = float(self._scorer([dict(m) for m in self._messages], self._answer))
        if math.isnan(logp) or logp > 1e-6:  # rounding may lift a certainty a little above 0
            raise UnknownOption(f"scorer gave {logp}, which is no mean log-probability; it is at most 0")
        return math.exp(min(logp, 0.0))
