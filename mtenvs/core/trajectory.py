"""What an episode leaves behind: turns, and the chat messages that they make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from mtenvs.core.verdict import Verdict


@dataclass(slots=True)
class Turn:
    """One turn: what the agent saw, what it did, what came of it.

    Args:
        text: ``obs["text"]`` before the action; empty in modes without text.
        images: hashes of the pictures before the action, in the store's folder ``images``.
        action: the action as it was given: text, a mapping, a number or a list of numbers.
        parsed: the canonical text of the action; empty when it could not be read.
        reward: of this turn.
        components: the parts of the reward.
        error: `ActionError.to_dict` of a bad action, else None.
        anchor: hash of the observation after the action.
        trainable: whether a trainer should learn from it; False for turns that the environment spoilt.
        token_ids: passed through from the policy, if it gave any.
    """

    text: str
    action: Any
    parsed: str
    reward: float
    components: dict[str, float]
    error: dict[str, Any] | None
    anchor: str
    images: list[str] = field(default_factory=list)
    trainable: bool = True
    token_ids: list[int] | None = None


@dataclass(slots=True)
class Trajectory:
    """One episode; replays from ``env_id``, ``make_kwargs``, ``task_id``, ``seed`` and the turns' actions.

    Args:
        env_id: id in the catalogue.
        make_kwargs: keywords of `gymnasium.make`, JSON-able.
        task_id: the task that was played.
        seed: of the episode.
        goal: what was asked.
        start_anchor: hash of the first observation.
        turns: in order.
        verdict: at the end; None when the episode was cut off.
        stop_reason: as in ``info``.
        policy: a name for tables.
        agent: which agent of a multi-agent world; empty for one.
        versions: of mtenvs and of the simulators that decide the outcome.
    """

    env_id: str
    make_kwargs: dict[str, Any]
    task_id: str
    seed: int
    goal: str = ""
    start_anchor: str = ""
    turns: list[Turn] = field(default_factory=list)
    verdict: Verdict | None = None
    stop_reason: str = ""
    policy: str = ""
    agent: str = ""
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def total_reward(self) -> float:
        """Sum of the turns' rewards."""
        return float(sum(t.reward for t in self.turns))

    @property
    def success(self) -> bool:
        """Whether the verdict says so."""
        return self.verdict is not None and self.verdict.success

    def chain(self) -> str:
        """A hash over every anchor, action and reward in order: equal for equal episodes and for nothing else."""
        digest = hashlib.blake2b(f"{self.env_id}|{self.task_id}|{self.seed}|{self.start_anchor}".encode(), digest_size=16)
        for turn in self.turns:
            digest.update(json.dumps([jsonable(turn.action), repr(turn.reward), turn.anchor]).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def messages(self) -> list[dict[str, Any]]:
        """The episode as OpenAI-style chat messages: the goal, then observation and action in turns."""
        out: list[dict[str, Any]] = []
        for i, turn in enumerate(self.turns):
            text = f"{self.goal}\n\n{turn.text}" if i == 0 else turn.text
            parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": f"images/{name}.png"}} for name in turn.images]
            content: Any = [{"type": "text", "text": text}, *parts] if parts else text
            out.append({"role": "user", "content": content})
            action = turn.action if isinstance(turn.action, str) else json.dumps(jsonable(turn.action))
            out.append({"role": "assistant", "content": action})
        return out

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data, with the hash chain in ``chain``."""
        data = {name: getattr(self, name) for name in self.__slots__ if name not in ("turns", "verdict")}
        data["verdict"] = self.verdict.to_dict() if self.verdict is not None else None
        data["turns"] = [{**asdict(t), "action": jsonable(t.action)} for t in self.turns]
        data["chain"] = self.chain()
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trajectory:
        """The inverse of `to_dict`; unknown keys are left out."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        known["turns"] = [Turn(**t) for t in data.get("turns", ())]
        known["verdict"] = Verdict.from_dict(data["verdict"]) if data.get("verdict") else None
        return cls(**known)


def jsonable(action: Any) -> Any:
    """An action as JSON: arrays become lists of numbers."""
    if isinstance(action, np.ndarray):
        return action.tolist()
    if isinstance(action, np.generic):
        return action.item()
    if isinstance(action, Mapping):
        return {str(k): jsonable(v) for k, v in action.items()}
    if isinstance(action, (list, tuple)):
        return [jsonable(v) for v in action]
    return action
