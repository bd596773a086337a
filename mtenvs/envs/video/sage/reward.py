"""SAGE's released reward, turn by turn, and what an episode has done so far."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mtenvs.envs.video.sage.grammar import CONTEXT, Reply

REPAIRED, FORMAT_RIGHT, FORMAT_WRONG = -0.05, 0.05, -0.1
REPEATED, BAD_ARGUMENTS, REASONING = -0.05, -0.1, 0.1
RIGHT, LOOKED, WRONG_WITH_TOOLS, WRONG_TOO_MANY, NO_ANSWER, NO_STRUCTURE = 1.0, 1.25, -0.5, -1.0, -0.5, -2.0
COMPONENTS: Final = ("accuracy", "structure", "format", "repair", "repetition", "arguments", "reasoning", "brevity")
_LOOKING: Final = frozenset({"extract_parts_from_timestamp", "identify_timestamps_visually"})
_LIMITED: Final = ("unified_web_search", "verbal_transcript")  # more than one of either does not go with a wrong answer


@dataclass(slots=True)
class Ledger:
    """What the agent has done in this episode.

    Args:
        called: how often each tool was called.
        seen: how often each call with these very arguments was made.
    """

    called: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)

    def note(self, name: str, arguments: Mapping[str, Any]) -> int:
        """Count a call; how often it had been made before."""
        key = json.dumps([name, arguments], sort_keys=True, default=str)
        self.called[name] += 1
        self.seen[key] += 1
        return self.seen[key] - 1

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data."""
        return {"called": dict(self.called), "seen": dict(self.seen)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Ledger:
        """The inverse of `to_dict`."""
        return cls(Counter(data["called"]), Counter(data["seen"]))


def turn_parts(reply: Reply | None, *, repeats: int, bad_arguments: bool, sound: float | None) -> dict[str, float]:
    """The parts of one turn that do not depend on the answer.

    Args:
        reply: in SAGE's form; None for a turn that is not.
        repeats: how often the same call was made before.
        bad_arguments: the tool refused its arguments.
        sound: 1 or 0 as a judge finds the reasoning sound or not; None without a judge.
    """
    return {
        "structure": NO_STRUCTURE if reply is None else 0.0,
        "format": 0.0 if reply is None else FORMAT_RIGHT if reply.exact else FORMAT_WRONG,
        "repair": REPAIRED if reply is not None and reply.repaired else 0.0,
        "repetition": REPEATED * math.sqrt(repeats) if repeats else 0.0,
        "arguments": BAD_ARGUMENTS if bad_arguments else 0.0,
        "reasoning": 0.0 if sound is None else REASONING * (2 * sound - 1),
    }


def answer_part(ledger: Ledger, *, right: bool | None, stage: str) -> float:
    """What the answer is worth: 1, or 1.25 after looking; -0.5 if wrong after tools, -1 if from the context stage after many, else 0.

    Args:
        ledger: what was done before.
        right: None for no answer.
        stage: in which it was given.
    """
    if right is None:
        return NO_ANSWER
    if right:
        return RIGHT * (LOOKED if any(ledger.called[name] for name in _LOOKING) else 1.0)
    if sum(ledger.called.values()) and stage != CONTEXT:
        return WRONG_WITH_TOOLS
    return WRONG_TOO_MANY if any(ledger.called[name] > 1 for name in _LIMITED) else 0.0
