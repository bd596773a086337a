"""Names by a syllable grammar: every person, place, firm and book of the world is called something that exists nowhere else."""

from __future__ import annotations

from random import Random
from typing import Final

_ONSETS: Final = (
    "b",
    "br",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sk",
    "t",
    "tr",
    "v",
    "vl",
    "z",
)
_VOWELS: Final = ("a", "e", "i", "o", "u", "ae", "ei", "ou", "y")
_CODAS: Final = ("", "", "l", "n", "r", "s", "m", "th", "rn", "ld", "x")
_PLACE_ENDS: Final = ("mar", "dun", "vik", "stel", "grad", "hof", "lund", "mere", "poli", "quay")
_SURNAME_ENDS: Final = ("sen", "ovar", "ette", "holt", "wyn", "arin", "escu", "dal", "ik", "")
_GIVEN_ENDS: Final = {"f": ("a", "ine", "elle", "is", "ya"), "m": ("o", "an", "us", "ek", "or")}
_FIRM_ENDS: Final = ("Works", "Brothers", "Press", "Mills", "Instruments", "House", "Foundry", "Trading")
_CLUB_ENDS: Final = ("Rovers", "Athletic", "Wanderers", "Harbour", "Union", "Lions")
_DEVICES: Final = ("lathe", "lamp", "loom", "barometer", "valve", "press", "engine", "compass", "turbine", "clock", "pump", "relay")
_ADJECTIVES: Final = (
    *("Amber", "Hollow", "Quiet", "Salt", "Winter", "Crooked", "Silver", "Burning", "Borrowed", "Blind", "Second", "Paper"),
    *("Northern", "Restless", "Iron", "Distant", "Velvet", "Broken", "Patient", "Scarlet", "Unwritten", "Copper", "Drowned", "Gentle"),
)
_NOUNS: Final = (
    *("Gate", "Orchard", "Ferry", "Lantern", "Cartographer", "Winter", "Garden", "Ledger", "Harbour", "Nightingale", "Stair", "Mirror"),
    *("Season", "Bell", "Voyage", "Mill", "Daughter", "Clockmaker", "Border", "Meadow", "Archive", "Tide", "Letter", "Chapel"),
)


class Namer:
    """Draws names that are all different, also when case is ignored.

    Args:
        rng: where the draws come from.
    """

    def __init__(self, rng: Random) -> None:
        self._rng, self._taken = rng, set[str]()

    def _word(self, syllables: int, ends: tuple[str, ...] = ("",)) -> str:
        pick = self._rng.choice
        parts = [pick(_ONSETS) + pick(_VOWELS) + (pick(_CODAS) if i == syllables - 1 else "") for i in range(syllables)]
        return ("".join(parts) + pick(ends)).capitalize()

    def _new(self, name: str) -> bool:
        key = name.lower()
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def place(self) -> str:
        """A city, country or river, such as ``Draevik``."""
        while True:
            name = self._word(self._rng.choice((1, 2)), _PLACE_ENDS)
            if self._new(name):
                return name

    def person(self, gender: str) -> str:
        """Given name and surname, such as ``Skeline Trouholt``.

        Args:
            gender: ``"f"`` or ``"m"``.
        """
        while True:
            name = f"{self._word(1, _GIVEN_ENDS[gender])} {self._word(2, _SURNAME_ENDS)}"
            if self._new(name):
                return name

    def firm(self) -> str:
        """A company, such as ``Vlounas Foundry``."""
        return self._combined(_FIRM_ENDS)

    def device(self) -> str:
        """An invention, such as ``Grith barometer``."""
        return self._combined(_DEVICES)

    def club(self, city: str) -> str:
        """A club of a city, such as ``Draevik Rovers``."""
        free = [f"{city} {end}" for end in _CLUB_ENDS if f"{city} {end}".lower() not in self._taken]
        name = self._rng.choice(free or [f"{city} {self._word(2)}"])
        self._new(name)
        return name

    def book(self) -> str:
        """A title; titles are near one another on purpose, such as ``The Amber Gate`` and ``The Amber Gates``."""
        pick = self._rng.choice
        while True:
            kind = self._rng.random()
            one = f"{pick(_ADJECTIVES)} {pick(_NOUNS)}"
            if kind < 0.6:
                name = f"The {one}{pick(('', '', 's'))}"
            elif kind < 0.85:
                name = f"{pick(('A', 'Another'))} {pick(_NOUNS)} of {self._word(2)}"
            else:
                name = f"{one} and {pick(_NOUNS)}"
            if self._new(name):
                return name

    def _combined(self, ends: tuple[str, ...]) -> str:
        while True:
            name = f"{self._word(2)} {self._rng.choice(ends)}"
            if self._new(name):
                return name
