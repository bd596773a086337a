"""What a dialogue about a film is: two or three questions that build on each other, with references and machine-checkable rubrics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.envs.video.question import plain

ROLES: Final = ("opener", "deepener", "challenger", "synthesizer")
HIGH, MEDIUM, LOW, PENALTY = 5, 3, 1, -5
"""Weights of criteria, those of LongShOT's rubrics."""
MOST_CRITERIA: Final = 5
_CLOCK: Final = re.compile(r"\b\d+(?::\d\d){1,2}\b")


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of a rubric, that a machine can check: phrases are found by whole words, whatever their case and punctuation.

    Args:
        name: a few words, unique in its turn.
        description: what an answer must say; of a penalty, what it must not say.
        category: ``"fact"``, ``"place"``, ``"time"``, ``"stance"`` (agrees, or does not) or ``"error"`` (penalties).
        weight: 5, 3 or 1; -5 of a penalty.
        is_penalty: whether an answer that meets it is wrong in something.
        any_of: the answer has at least one of these phrases; empty for no demand.
        all_of: the answer has all of these phrases; where `ordered`, one after the other.
        none_of: the answer has none of these: so naming every possible answer does not meet a criterion.
        ordered: see `all_of`.
    """

    name: str
    description: str
    category: str
    weight: int
    is_penalty: bool = False
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    ordered: bool = False

    def met(self, answer: str) -> bool:
        """Whether an answer meets it."""
        whole, timeless = (f" {plain(text)} " for text in (answer, _CLOCK.sub(" ", answer)))

        def at(phrase: str, start: int = 0) -> int:
            return (whole if ":" in phrase else timeless).find(f" {plain(phrase)} ", start)

        if any(at(p) >= 0 for p in self.none_of) or (self.any_of and all(at(p) < 0 for p in self.any_of)):
            return False
        last = 0
        for phrase in self.all_of:
            found = at(phrase, last if self.ordered else 0)
            if found < 0:
                return False
            last = found + 1
        return True


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """One turn of the user.

    Args:
        role: one of `ROLES`.
        content: what the user says.
        difficulty: ``"easy"``, ``"medium"`` or ``"hard"``.
        modalities: ``"visual"``, ``"audio"`` or both: what has to be looked at or listened to.
        key_segments: start and end in seconds, in the order in which to look.
        reference: a right answer; it meets all criteria and no penalty.
        criteria: at most five.
    """

    role: str
    content: str
    difficulty: str
    modalities: tuple[str, ...]
    key_segments: tuple[tuple[float, float], ...]
    reference: str
    criteria: tuple[Criterion, ...]

    def score(self, answer: str) -> float:
        """The weights of the criteria that an answer meets over all positive weights, from 0 to 1.

        Penalties do not subtract, as in LongShOT's scoring.
        """
        positive = [c for c in self.criteria if not c.is_penalty]
        return sum(c.weight for c in positive if c.met(answer)) / sum(c.weight for c in positive)

    def penalties(self, answer: str) -> int:
        """How many penalties an answer meets."""
        return sum(c.is_penalty and c.met(answer) for c in self.criteria)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation about a film; the user's turns are fixed, whatever the answers.

    Args:
        id: ``<video>/dialogue/<k>``.
        theme: what it is about: ``"parcel"``, ``"code"``, ``"signpost"``, ``"beeps"``, ``"sentence"``, ``"person"`` or ``"order"``.
        turns: two or three.
    """

    id: str
    theme: str
    turns: tuple[DialogueTurn, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Dialogue:
        """The inverse of `to_dict`, also after a way through JSON.

        Raises:
            DataError: the data have other fields.
        """
        try:
            return cls(data["id"], data["theme"], tuple(_turn(t) for t in data["turns"]))
        except (KeyError, TypeError, ValueError) as e:
            raise DataError(f"a dialogue does not have the fields of `Dialogue`: {e!r}") from e


def _turn(data: dict[str, Any]) -> DialogueTurn:
    tuples: Sequence[str] = ("any_of", "all_of", "none_of")
    criteria = tuple(Criterion(**{**c, **{n: tuple(c.get(n, ())) for n in tuples}}) for c in data["criteria"])
    segments = tuple((float(a), float(b)) for a, b in data["key_segments"])
    return DialogueTurn(**{**data, "modalities": tuple(data["modalities"]), "key_segments": segments, "criteria": criteria})
