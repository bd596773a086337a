"""How a world is designed: small tables by theme and tier, from which `expand.build_records` makes every number.

A design says what a thing is (a level 20 halberd of earth made of duskiron and troll bone), never how strong it is:
strength is a rule of the level (`balance`), so that every tier of every world needs gear of about that tier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Element: TypeAlias = str  # one of data.ELEMENTS
GatherSkill = Literal["mining", "woodcutting", "fishing"]
CraftSkill = Literal["mining", "woodcutting", "weaponcrafting", "gearcrafting", "jewelrycrafting", "cooking"]
ArmorSlot = Literal["helmet", "body_armor", "leg_armor", "boots", "shield"]
Weight = Literal["cloth", "leather", "plate"]
Role = Literal["minion", "brute", "striker", "boss"]

Amounts = tuple[tuple[str, int], ...]
"""Ingredients of a recipe: (item code, quantity), in the order in which they are shown."""


def code_of(name: str) -> str:
    """The snake_case code of a display name: "Hare's Foot Charm" -> "hares_foot_charm"."""
    kept = "".join(c if c.isalnum() else " " for c in name.lower().replace("'", ""))
    return "_".join(kept.split())


def amounts(text: str) -> Amounts:
    """Ingredients written as "bogiron_bar 6, alder_plank 2".

    Raises:
        ValueError: a part is not "code quantity".
    """
    pairs = (part.split() for part in text.split(","))
    return tuple((code, int(quantity)) for code, quantity in pairs)


@dataclass(frozen=True)
class Material:
    """Something that is found, not made: an ore, a log, a fish, a gem, a hide.

    Attributes:
        name: display name; the code is made from it.
        rate: one in `rate` when real drop rates are on (1 is always).
        most: most units that drop at once; the least is 1.
    """

    name: str
    rate: int = 1
    most: int = 1


@dataclass(frozen=True)
class Source:
    """A gathering spot: its first material always drops, the others now and then."""

    name: str
    skill: GatherSkill
    level: int
    drops: tuple[Material, ...]


@dataclass(frozen=True)
class Part:
    """An intermediate that is crafted from materials or from other parts: a bar, a plank, an alloy, a fitting."""

    name: str
    skill: CraftSkill
    level: int
    subtype: str
    made_of: Amounts


@dataclass(frozen=True)
class Weapon:
    """A weapon: its elements share its attack; `made_of` empty means that it is only dropped."""

    name: str
    level: int
    kind: str
    elements: tuple[Element, ...]
    made_of: Amounts = ()


@dataclass(frozen=True)
class ArmorSet:
    """Pieces of one make.

    Attributes:
        name: first word of every piece.
        level: character level that wears it.
        weight: cloth amplifies damage, plate protects, leather is between.
        focus: elements whose damage it amplifies.
        resist: elements that it resists.
        pieces: slot -> noun of the piece.
        made_of: ingredients of the body piece; the others scale with `balance.PIECE_SIZE`.
    """

    name: str
    level: int
    weight: Weight
    focus: tuple[Element, ...]
    resist: tuple[Element, ...]
    pieces: Mapping[ArmorSlot, str]
    made_of: Amounts


@dataclass(frozen=True)
class Jewel:
    """A ring, an amulet or an artifact.

    Attributes:
        bent: "power" amplifies damage of `focus`, "life" adds health, "ward" resists `focus` and adds some health.
        made_of: ingredients; empty means that it is only dropped.
    """

    name: str
    slot: Literal["ring", "amulet", "artifact"]
    level: int
    bent: Literal["power", "life", "ward"]
    focus: tuple[Element, ...] = ()
    made_of: Amounts = ()


@dataclass(frozen=True)
class Consumable:
    """Food that restores health in a fight, or a draught that adds damage (`focus`) or health (no focus) for one fight."""

    name: str
    level: int
    kind: Literal["restore", "boost"]
    made_of: Amounts
    focus: tuple[Element, ...] = ()


@dataclass(frozen=True)
class Monster:
    """A monster: how it fights is drawn here, how strongly follows from its level and role.

    Attributes:
        attack: element -> share of its attack; shares add up to 1.
        res: element -> resistance in percent; negative is a weakness.
        drops: what it leaves; the code of a dropped weapon or jewel is its name's.
        biome: where it lives.
    """

    name: str
    level: int
    role: Role
    attack: Mapping[Element, float]
    res: Mapping[Element, int]
    drops: tuple[Material, ...]
    biome: str


@dataclass(frozen=True)
class Biome:
    """A kind of land: `key` is the letter in the terrain rows, `skin` the first part of the tile's art name."""

    key: str
    skin: str
    name: str


@dataclass(frozen=True)
class WorldDesign:
    """A whole world before its numbers.

    Attributes:
        terrain: rows of biome keys, north first; all rows have one length.
        origin: (x, y) of the first letter of the first row; y grows to the south.
        places: (x, y) -> (content type, content code), as in the official map.
        subtypes: material code -> subtype where it is not the skill that gathers it or "mob".
    """

    title: str
    biomes: tuple[Biome, ...]
    terrain: tuple[str, ...]
    origin: tuple[int, int]
    places: Mapping[tuple[int, int], tuple[str, str]]
    sources: tuple[Source, ...]
    parts: tuple[Part, ...]
    weapons: tuple[Weapon, ...]
    armor: tuple[ArmorSet, ...]
    jewels: tuple[Jewel, ...]
    consumables: tuple[Consumable, ...]
    monsters: tuple[Monster, ...]
    currency: str
    subtypes: Mapping[str, str] = field(default_factory=dict)
