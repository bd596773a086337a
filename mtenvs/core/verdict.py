"""What the verifier says at the end of an episode, and the simplest rules that turn it into reward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verifier's finding on the world's real end state.

    Args:
        score: progress in [0, 1]; None when it cannot be told without a judge (see ``needs``).
        success: whether the whole task is done.
        checkpoints: sub-goals by name, in the order in which they are usually reached.
        metrics: any further figures, such as the original benchmark's own score.
        needs: ``"judge"`` when a model has to judge and none is set, else empty.
    """

    score: float | None
    success: bool
    checkpoints: Mapping[str, bool] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    needs: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data."""
        return {
            "score": self.score,
            "success": self.success,
            "checkpoints": dict(self.checkpoints),
            "metrics": dict(self.metrics),
            "needs": self.needs,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """The inverse of `to_dict`."""
        return cls(data["score"], data["success"], dict(data["checkpoints"]), dict(data["metrics"]), data["needs"])

    @classmethod
    def from_checkpoints(cls, checkpoints: Mapping[str, bool], *, success: bool | None = None, **metrics: float) -> Verdict:
        """Score is the share of checkpoints that hold; success is all of them, unless given."""
        done = sum(checkpoints.values())
        whole = done == len(checkpoints) if success is None else success
        return cls(done / len(checkpoints) if checkpoints else float(whole), whole, dict(checkpoints), metrics)


def join(verdicts: Sequence[Verdict]) -> Verdict:
    """One verdict over the parts of a composed task: the mean score, success only if every part succeeded.

    A part that needs a judge makes the whole need it.
    """
    needs = next((v.needs for v in verdicts if v.needs), "")
    scores = [v.score for v in verdicts if v.score is not None]
    score = sum(scores) / len(verdicts) if len(scores) == len(verdicts) and verdicts else None
    return Verdict(
        score=score,
        success=bool(verdicts) and all(v.success for v in verdicts),
        checkpoints={f"{i + 1}.{name}": done for i, v in enumerate(verdicts) for name, done in v.checkpoints.items()},
        metrics={f"{i + 1}.{name}": value for i, v in enumerate(verdicts) for name, value in v.metrics.items()},
        needs=needs,
    )
