"""The words that scripts and questions share: colours, places, things that pass, and how each is said in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

COLOURS: Final[dict[str, tuple[int, int, int]]] = {
    "red": (214, 40, 46),
    "orange": (240, 128, 24),
    "yellow": (250, 208, 44),
    "green": (34, 150, 72),
    "blue": (36, 92, 200),
    "purple": (128, 58, 168),
    "pink": (244, 122, 176),
    "white": (246, 244, 238),
}
"""Name -> RGB. Scenery has none of them but white, which clouds and walls have too."""

LIGHTS: Final = ("day", "golden", "dusk", "night", "mist", "rain")
STYLES: Final = ("gouache", "print", "pastel")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a scene plays.

    Args:
        name: as in "the harbour", without the article.
        where: with its preposition, such as ``"at the harbour"``.
        capitals: as signs write it.
    """

    name: str
    where: str
    capitals: str


PLACES: Final[dict[str, Place]] = {
    p.name: p
    for p in (
        Place("harbour", "at the harbour", "HARBOUR"),
        Place("market", "at the market", "MARKET"),
        Place("park", "in the park", "PARK"),
        Place("station", "at the station", "STATION"),
        Place("beach", "on the beach", "BEACH"),
        Place("street", "in the shopping street", "SHOPPING STREET"),
        Place("castle", "below the castle", "CASTLE"),
        Place("mill", "at the windmill", "WINDMILL"),
    )
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that passes through the picture once.

    Args:
        name: a noun, such as ``"balloon"``.
        does: what it does, such as ``"drifts across the sky"``.
        lane: ``"sky"`` or ``"ground"``.
        pace: how fast it usually is: the seconds that it needs to cross the picture, least and most.
    """

    name: str
    does: str
    lane: str
    pace: tuple[float, float]


SUBJECTS: Final[dict[str, Subject]] = {
    s.name: s
    for s in (
        Subject("balloon", "drifts across the sky", "sky", (2.4, 5.0)),
        Subject("kite", "flies past", "sky", (2.4, 5.0)),
        Subject("airship", "glides across the sky", "sky", (2.8, 6.0)),
        Subject("parrot", "flutters past", "sky", (2.2, 4.0)),
        Subject("cat", "runs past", "ground", (2.2, 4.0)),
        Subject("dog", "trots past", "ground", (2.4, 4.5)),
        Subject("van", "drives past", "ground", (2.2, 4.5)),
        Subject("scooter", "rides past", "ground", (2.2, 4.0)),
        Subject("ball", "bounces past", "ground", (2.2, 4.0)),
        Subject("duck", "waddles past", "ground", (3.0, 6.0)),
    )
}


def an(words: str) -> str:
    """The words with their indefinite article: "an orange van"."""
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"
