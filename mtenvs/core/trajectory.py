"""What an episode leaves behind: turns, and the chat messages that they make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from mtenvs.core.errors import DataError
from mtenvs.core.verdict import Verdict

ERRORS: Final = ("env_error", "policy_error")  # stop reasons that are nobody's play
SCHEMA: Final = 1  # of the lines that `to_dict` makes; raised when an old reader would misread a new line


@dataclass(frozen=True, slots=True)
class Reply:
    """What a policy may return instead of a bare action, when it knows more than the action.

    Args:
        action: goes to the environment.
        token_ids: of the whole reply, as the model sampled them; never made again from text.
        logprobs: one for each of ``token_ids``.
        usage: token counts as the endpoint reports them, ``prompt_tokens`` and ``completion_tokens`` among them.
        text: the reply as the model wrote it, where the action is only a part of it.
        trainable: False for a reply that no model should learn from, such as a fallback after the endpoint had failed.
        failure: ``kind`` and ``message`` of what kept the policy from an action of its own, such as a timeout of its endpoint.
            The turn is played with ``action`` and not trained on; the kind ``"given_up"`` ends the episode instead, with
            ``stop_reason="policy_error"``.
    """

    action: Any
    token_ids: Sequence[int] | None = None
    logprobs: Sequence[float] | None = None
    usage: Mapping[str, int] | None = None
    text: str = ""
    trainable: bool = True
    failure: Mapping[str, str] | None = None


@dataclass(slots=True)
class Turn:
    """One turn: what the agent saw, what it did, what came of it.

    Args:
        text: ``obs["text"]`` before the action; empty in modes without text.
        action: the action as it was given: text, a mapping, a number or a list of numbers.
        parsed: the canonical text of the action; empty when it could not be read.
        reward: of this turn.
        components: the parts of the reward.
        error: `ActionError.to_dict` of a bad action, else None.
        anchor: hash of the observation after the action.
        images: hashes of the pictures before the action, in the store's folder ``images``.
        trainable: whether a trainer should learn from it; False for turns that the environment or the endpoint spoilt.
        token_ids: of the reply, passed through untouched from `Reply`, as are the next four; None where the policy gave none.
        logprobs: one for each token.
        usage: token counts of this turn.
        reply: what the model wrote, where the action is only a part of it.
        failure: ``kind`` and ``message`` of what kept the policy from an action of its own; None when nothing did.
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
    logprobs: list[float] | None = None
    usage: dict[str, int] | None = None
    reply: str = ""
    failure: dict[str, str] | None = None


@dataclass(slots=True)
class Trajectory:
    """One episode; replays from ``env_id``, ``make_kwargs``, ``wrappers``, ``task_id``, ``seed`` and the turns' actions.

    Args:
        env_id: id in the catalogue.
        make_kwargs: keywords of `gymnasium.make`, JSON-able.
        task_id: the task that was played.
        seed: of the episode.
        goal: what was asked.
        start_anchor: hash of the first observation.
        turns: in order.
        verdict: at the end; None when the episode was cut off.
        stop_reason: as in ``info``; ``"policy_error"`` where the policy, not the environment, could not go on.
        error: what went wrong in an episode that ended by an error: a traceback or the endpoint's answer; else empty.
        policy: a name for tables.
        agent: which agent of a multi-agent world; empty for one.
        versions: of mtenvs and of the simulators that decide the outcome.
        wrappers: what the environment was wrapped in, the innermost first, as `mtenvs.core.wrapping.wrappers_of` tells it.
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
    error: str = ""
    policy: str = ""
    agent: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    wrappers: list[dict[str, Any]] = field(default_factory=list)

    @property
    def total_reward(self) -> float:
        """Sum of the turns' rewards."""
        return float(sum(t.reward for t in self.turns))

    @property
    def success(self) -> bool:
        """Whether the verdict says so."""
        return self.verdict is not None and self.verdict.success

    @property
    def failed(self) -> bool:
        """Whether an error of the environment or the policy ended it, so that it says nothing about the agent."""
        return self.stop_reason in ERRORS

    @property
    def group(self) -> str:
        """Equal for episodes that started from the same state: same environment, keywords, wrappers, task and seed."""
        state = [self.env_id, self.make_kwargs, self.task_id, self.seed, self.agent]
        start = json.dumps([*state, self.wrappers] if self.wrappers else state, sort_keys=True)
        return hashlib.blake2b(start.encode(), digest_size=8).hexdigest()

    @property
    def usage(self) -> dict[str, int] | None:
        """Token counts, summed over the turns; None when no turn has any."""
        known = [t.usage for t in self.turns if t.usage is not None]
        return {name: sum(u.get(name, 0) for u in known) for name in sorted({n for u in known for n in u})} if known else None

    def returns(self, gamma: float = 1.0) -> list[float]:
        """The discounted reward-to-go of each turn, its own reward included."""
        out = [0.0] * (len(self.turns) + 1)
        for i in range(len(self.turns) - 1, -1, -1):
            out[i] = self.turns[i].reward + gamma * out[i + 1]
        return out[:-1]

    def chain(self) -> str:
        """A hash over every anchor, action and reward in order: equal for equal episodes and for nothing else."""
        digest = hashlib.blake2b(json.dumps([self.env_id, self.task_id, self.seed, self.start_anchor]).encode(), digest_size=16)
        for turn in self.turns:
            digest.update(json.dumps([jsonable(turn.action), repr(turn.reward), turn.anchor]).encode())
        return digest.hexdigest()

    def messages(self, picture: Callable[[str], str] = "images/{}.png".format) -> list[dict[str, Any]]:
        """The episode as OpenAI-style chat messages: the goal, then observation and action in turns.

        Args:
            picture: from a picture's name to the URL that its part carries; by default the path inside the store.
        """
        out: list[dict[str, Any]] = []
        for i, turn in enumerate(self.turns):
            text = f"{self.goal}\n\n{turn.text}".strip() if i == 0 else turn.text
            parts: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": picture(name)}} for name in turn.images]
            content: Any = [{"type": "text", "text": text}, *parts] if parts else text
            out.append({"role": "user", "content": content})
            out.append({"role": "assistant", "content": turn.reply or action_text(turn.action)})
        return out

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data, with the number of the schema in ``schema`` and the hash chain in ``chain``."""
        data: dict[str, Any] = {"schema": SCHEMA}
        data |= {name: getattr(self, name) for name in self.__slots__ if name not in ("turns", "verdict")}
        data["verdict"] = self.verdict.to_dict() if self.verdict is not None else None
        data["turns"] = [{**asdict(t), "action": jsonable(t.action)} for t in self.turns]
        data["chain"] = self.chain()
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trajectory:
        """The inverse of `to_dict`; unknown keys are left out.

        Raises:
            DataError: not a trajectory, or one of a newer schema.
        """
        if data.get("schema", SCHEMA) > SCHEMA:
            raise DataError(f"a trajectory of schema {data['schema']}; this mtenvs reads up to {SCHEMA}: install a newer one")
        known = {name: data[name] for name in cls.__slots__ if name in data}
        try:
            known["turns"] = [Turn(**{name: t[name] for name in Turn.__slots__ if name in t}) for t in data.get("turns", ())]
            known["verdict"] = Verdict.from_dict(data["verdict"]) if data.get("verdict") else None
            return cls(**known)
        except (KeyError, TypeError) as e:
            raise DataError(f"not a whole trajectory: {e}") from None


def action_text(action: Any) -> str:
    """An action as an assistant would write it: text as it is, everything else as JSON."""
    return action if isinstance(action, str) else json.dumps(jsonable(action))


def jsonable(action: Any) -> Any:
    """An action as JSON: arrays become lists of numbers, and what JSON does not know becomes its `repr`."""
    if isinstance(action, np.ndarray):
        return action.tolist()
    if isinstance(action, np.generic):
        return action.item()
    if isinstance(action, Mapping):
        return {str(k): jsonable(v) for k, v in action.items()}
    if isinstance(action, (list, tuple)):
        return [jsonable(v) for v in action]
    return action if action is None or isinstance(action, (str, int, float)) else repr(action)
