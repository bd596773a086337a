"""A question about a video: what is asked, what can be chosen, what is right, and where one finds it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from mtenvs.core.errors import DataError

LETTERS: Final = "ABCDEFGHIJ"
SKILLS: Final = ("event", "order", "count", "sign", "speech", "crossmodal", "absence", "twohop")
WEB: Final = "web"  # one question about each video whose answer is on a page of the web
CHANNELS: Final = ("picture", "sound", "speech")
LISTED: Final = {"clip": 8, "short": 8, "long": 2, "epic": 1}  # videos that are listed, from seed 0 on; any other seed works too
TIERS: Final = {"clip": 1, "short": 2, "long": 4, "epic": 4}  # questions of each skill about one video, and dialogues


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a part of an answer can be seen or heard.

    Args:
        start: seconds.
        end: seconds.
        channel: ``"picture"``, ``"sound"`` or ``"speech"``.
        what: one sentence that says what is there.
        box: ``(x0, y0, x1, y1)`` in 0..1 of the picture half-way between start and end; None for the whole picture or for sound.
    """

    start: float
    end: float
    channel: str
    what: str
    box: tuple[float, float, float, float] | None = None

    @property
    def middle(self) -> float:
        """Seconds; half-way between start and end."""
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a video.

    Args:
        text: without the options.
        options: what to choose from; empty for an open question.
        answer: the letter of the right option, or the text of an open answer.
        skill: one of `SKILLS` for our own; an official set's own name for it otherwise.
        evidence: in the order in which it has to be looked at; empty where it is not known.
        accepted: further texts that are right, for open answers.
    """

    text: str
    options: tuple[str, ...] = ()
    answer: str = ""
    skill: str = ""
    evidence: tuple[Evidence, ...] = ()
    accepted: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """The question with its options, as the agent reads it."""
        return "\n".join([self.text, *(f"{letter}. {option}" for letter, option in zip(LETTERS, self.options, strict=False))])

    @property
    def answer_text(self) -> str:
        """The right answer in words."""
        return self.options[LETTERS.index(self.answer)] if self.options and self.answer in LETTERS else self.answer

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-able data."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Question:
        """The inverse of `to_dict`.

        Raises:
            DataError: the data have other fields, or an answer that is no option.
        """
        try:
            evidence = tuple(Evidence(**{**e, "box": tuple(e["box"]) if e.get("box") else None}) for e in data.get("evidence", ()))
            found = cls(
                **{**data, "options": tuple(data.get("options", ())), "evidence": evidence, "accepted": tuple(data.get("accepted", ()))}
            )
        except (TypeError, ValueError) as e:
            raise DataError(f"a question does not have the fields of `Question`: {e}") from e
        strange = [e.channel for e in found.evidence if e.channel not in CHANNELS]
        if strange:
            raise DataError(f"evidence has the channel {strange[0]!r}; there are {', '.join(CHANNELS)}")
        if found.options and found.answer and found.answer not in LETTERS[: len(found.options)]:
            raise DataError(f"the answer {found.answer!r} is none of the {len(found.options)} options of {found.text[:60]!r}")
        return found


def letter_of(given: str, options: Sequence[str]) -> str:
    """The letter that an answer means: ``B``, ``(b)``, ``B. a red kite``, or the text of one option; empty when it means none.

    Args:
        given: what the agent wrote.
        options: of the question.
    """
    text = given.strip()
    match = re.fullmatch(r"[(\[]?\s*([A-Za-z])\s*[)\].:]?", text) or re.match(r"[(\[]?([A-Za-z])[)\].:]\s*\S", text)
    if match and match[1].upper() in LETTERS[: len(options)]:
        return match[1].upper()
    same = [letter for letter, option in zip(LETTERS, options, strict=False) if plain(option) == plain(text) != ""]
    return same[0] if len(same) == 1 else ""


def plain(text: str) -> str:
    """Lower case, without accents, punctuation, articles and double spaces: two answers with the same plain form are the same."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+", " ", bare).split()
    return " ".join(w for w in words if w not in ("a", "an", "the"))


def is_right(given: str, question: Question) -> bool:
    """Whether an answer is the right one: by letter where there are options, else by its plain form."""
    if question.options:
        return letter_of(given, question.options) == question.answer != ""
    return plain(given) in {plain(a) for a in (question.answer, *question.accepted) if plain(a)}
