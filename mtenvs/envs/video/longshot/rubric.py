"""LongShOT's score: the share of a rubric's positive weights that an answer earns, by turn and as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mtenvs.envs.video.own.dialogues import DialogueTurn

Meets = Callable[[str, str, str], bool]
"""Says whether an answer meets a criterion: a function of the criterion's description, the answer and the reference."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What one answer earned.

    Args:
        earned: sum of the weights of the positive criteria that it meets.
        possible: sum of all positive weights.
        penalties: weights of the penalties that it meets, added up; 0 or below.
    """

    earned: float
    possible: float
    penalties: float = 0.0

    @property
    def score(self) -> float:
        """0 to 1; penalties do not subtract, as in the released scoring."""
        return self.earned / self.possible if self.possible else 0.0


def mark(turn: DialogueTurn, answer: str, judge: Meets | None) -> Marks:
    """Mark an answer.

    Args:
        turn: with its criteria.
        answer: what the agent said.
        judge: decides each criterion; None for the phrases that our own criteria list.
    """
    met = [c for c in turn.criteria if (judge(c.description, answer, turn.reference) if judge is not None else c.met(answer))]
    return Marks(
        earned=float(sum(c.weight for c in met if not c.is_penalty)),
        possible=float(sum(c.weight for c in turn.criteria if not c.is_penalty)),
        penalties=float(sum(c.weight for c in met if c.is_penalty)),
    )


def pooled(marks: Sequence[Marks]) -> float:
    """All answers of a conversation as one rubric, 0 to 1."""
    possible = sum(m.possible for m in marks)
    return sum(m.earned for m in marks) / possible if possible else 0.0
