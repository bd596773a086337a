"""Names for generated worlds: a small syllable grammar for lands, metals and woods, and word lists for beasts and gear.

Everything is drawn from a `numpy.random.Generator`, so that one seed gives the same names in every process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mtenvs.envs.rpg.design import code_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    import numpy as np

ONSETS: Final = (
    "b",
    "br",
    "c",
    "cr",
    "d",
    "dr",
    "f",
    "g",
    "gl",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sk",
    "st",
    "t",
    "th",
    "tr",
    "v",
    "w",
)
VOWELS: Final = ("a", "e", "i", "o", "u", "ae", "ea", "ou")
CODAS: Final = ("", "l", "n", "r", "s", "th", "nd", "rn", "ld", "sk", "m", "k")
ENDINGS: Final = {
    "metal": ("ite", "ium", "steel", "ore", "brass", "iron", "ane"),
    "wood": ("wood", "thorn", "birch", "bark", "willow", "ash"),
    "fish": ("fin", "gill", "trout", "eel", "bream", "pike"),
    "land": ("mere", "fell", "holt", "moor", "reach", "wold", "vale", "hollow"),
    "gem": ("stone", "glass", "pearl", "opal", "jade", "spar"),
}

BEASTS: Final = {
    "meadow": ("Hare", "Beetle", "Wasp", "Fox", "Mantis", "Bull"),
    "forest": ("Spider", "Boar", "Owl", "Stag", "Bear", "Dryad"),
    "fen": ("Toad", "Leech", "Heron", "Stalker", "Crone", "Hydra"),
    "hills": ("Ram", "Wolf", "Bandit", "Golem", "Troll", "Griffin"),
    "snow": ("Ermine", "Lynx", "Harrier", "Yak", "Mammoth", "Roc"),
    "desert": ("Scarab", "Jackal", "Viper", "Scorpion", "Djinn", "Sphinx"),
    "lava": ("Newt", "Imp", "Salamander", "Shaman", "Drake", "Titan"),
    "barrow": ("Crow", "Ghoul", "Guard", "Revenant", "Wight", "Lich"),
    "coast": ("Crab", "Gull", "Turtle", "Corsair", "Siren", "Leviathan"),
}
FIRST_WORDS: Final = {
    "fire": ("Ember", "Cinder", "Scorch", "Blaze", "Kiln", "Soot"),
    "earth": ("Moss", "Clay", "Root", "Granite", "Thorn", "Loam"),
    "water": ("Tide", "Rime", "Brine", "Mist", "Drift", "Rain"),
    "air": ("Gale", "Storm", "Whisper", "Zephyr", "Thunder", "Sky"),
    "none": ("Gloom", "Pale", "Hollow", "Grim", "Feral", "Elder"),
}
TROPHIES: Final = ("Hide", "Fang", "Claw", "Horn", "Sinew", "Scale", "Plume", "Bone", "Venom", "Silk", "Ichor", "Shell")
RARE_TROPHIES: Final = ("Heart", "Eye", "Crest", "Skull", "Tongue", "Crown")
SPOTS: Final = {
    "mining": ("Vein", "Seam", "Lode", "Crag", "Pit"),
    "woodcutting": ("Grove", "Stand", "Copse", "Thicket", "Tree"),
    "fishing": ("Pool", "Shallows", "Weir", "Bank", "Deep"),
}
PIECES: Final = {
    "cloth": {"helmet": "Cowl", "body_armor": "Robe", "leg_armor": "Wraps", "boots": "Slippers", "shield": "Ward"},
    "leather": {"helmet": "Cap", "body_armor": "Jerkin", "leg_armor": "Chaps", "boots": "Treads", "shield": "Buckler"},
    "plate": {"helmet": "Helm", "body_armor": "Cuirass", "leg_armor": "Greaves", "boots": "Sabatons", "shield": "Bulwark"},
}
KINDS: Final = {
    "metal": ("sword", "axe", "hammer", "spear", "dagger", "halberd", "scythe"),
    "wood": ("bow", "staff", "wand"),
}
PART_NOUNS: Final = ("Rivet", "Fitting", "Frame", "Lattice", "Core", "Matrix")
MEALS: Final = ("Seared", "Smoked", "Poached", "Grilled", "Pickled", "Baked", "Braised")

_NOISE_FIRST: Final = (
    "Moonlit",
    "Oathbound",
    "Sunken Star",
    "Dreamwoven",
    "Thrice-Forged",
    "Gilded",
    "Nameless",
    "Widow's",
    "Kingsgrave",
    "Aurora",
    "Voidglass",
    "Saint's",
    "Old Giant's",
    "Mirrored",
    "Everburning",
    "Tallow",
)
_NOISE_NOUN: Final = {
    "weapon": ("Brand", "Edge", "Reaver", "Longspear", "Crook"),
    "helmet": ("Diadem", "Warhelm", "Coif"),
    "body_armor": ("Vestment", "Warplate", "Carapace"),
    "leg_armor": ("Legplates", "Trews", "Faulds"),
    "boots": ("Waders", "Warboots", "Pathfinders"),
    "shield": ("Wall", "Roundel", "Pavise"),
    "ring": ("Knot", "Coil", "Seal"),
    "amulet": ("Torc", "Medallion", "Relic"),
}
_NOISE_ESSENCE: Final = (
    "Moonmilk",
    "Frozen Echo",
    "Saint's Ash",
    "Bottled Dusk",
    "Giant's Tear",
    "Mirror Salt",
    "Oath Thread",
    "Dream Resin",
)


def pick(rng: np.random.Generator, words: Sequence[str]) -> str:
    """One of the words."""
    return words[int(rng.integers(len(words)))]


class NameMaker:
    """Makes names that are all different, in display form and as codes.

    Args:
        rng: where the randomness comes from.
        taken: codes that are in use already.
    """

    def __init__(self, rng: np.random.Generator, taken: AbstractSet[str] = frozenset()) -> None:
        self._rng = rng
        self._codes = set(taken)

    def stem(self) -> str:
        """A pronounceable stem of one or two syllables, such as "Vor" or "Thelda"."""
        rng = self._rng
        text = pick(rng, ONSETS) + pick(rng, VOWELS[:5]) + pick(rng, CODAS)
        if len(text) < 4 and rng.random() < 0.6:
            text += pick(rng, ONSETS[:10]) + pick(rng, VOWELS[:5])
        return text.capitalize()

    def coined(self, family: str) -> str:
        """A new word of a family of `ENDINGS`, such as "Vorite" or "Thelbirch"."""
        return self.unique(lambda: _join(self.stem(), pick(self._rng, ENDINGS[family])))

    def unique(self, draw: Callable[[], str]) -> str:
        """What `draw` gives, drawn anew while it is taken; after some tries a coined stem goes in front of it."""
        name = draw()
        for _ in range(6):
            if code_of(name) not in self._codes:
                break
            name = draw()
        while code_of(name) in self._codes:
            name = f"{self.stem()} {draw()}"
        self._codes.add(code_of(name))
        return name


def noise_name(rng: np.random.Generator, kind: str, taken: AbstractSet[str]) -> tuple[str, str]:
    """A distractor's name, which no real item has, and the name of the essence that it is said to need."""
    maker = NameMaker(rng, taken)
    name = maker.unique(lambda: f"{pick(rng, _NOISE_FIRST)} {pick(rng, _NOISE_NOUN[kind])}")
    return name, pick(rng, _NOISE_ESSENCE)


def _join(stem: str, ending: str) -> str:
    """Stem and ending as one word, without a clash of vowels or a tripled letter."""
    if stem[-1] in "aeiou" and ending[0] in "aeiou":
        stem = stem.rstrip("aeiou")
    if len(stem) < 3:
        stem += "el" if ending[0] not in "aeiou" else "l"
    return stem + (ending[1:] if stem[-1] == ending[0] else ending)
