"""The records of a HeroBench world: items, monsters, gathering spots and tiles, as they come from its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

ELEMENTS: Final = ("fire", "earth", "water", "air")
SKILLS: Final = ("mining", "woodcutting", "fishing", "weaponcrafting", "gearcrafting", "jewelrycrafting", "cooking")
SLOTS: Final = (
    "weapon",
    "shield",
    "helmet",
    "body_armor",
    "leg_armor",
    "boots",
    "ring1",
    "ring2",
    "amulet",
    "artifact1",
    "artifact2",
    "artifact3",
    "consumable1",
    "consumable2",
)
CONSUMABLE_SLOTS: Final = ("consumable1", "consumable2")
SLOT_TYPE: Final[Mapping[str, str]] = MappingProxyType({slot: slot.rstrip("0123456789") for slot in SLOTS})
CONTENT_TYPES: Final = ("monster", "resource", "workshop", "grand_exchange", "bank", "tasks_master")

Position: TypeAlias = tuple[int, int]


class Effect(NamedTuple):
    """One effect of an item, such as ``("hp", 20)`` or ``("dmg_fire", 5)``; names that the rules do not know do nothing."""

    name: str
    value: int


class Ingredient(NamedTuple):
    """One ingredient of a recipe."""

    code: str
    quantity: int


class Recipe(NamedTuple):
    """How an item is made: at the workshop of ``skill``, from ``level`` on. ``quantity`` is the yield (1 in the original)."""

    skill: str
    level: int
    items: tuple[Ingredient, ...]
    quantity: int = 1


class Drop(NamedTuple):
    """One drop: with chance 1/rate where drop rates are on, always where they are off; amount uniform in [low, high]."""

    code: str
    rate: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item. ``type`` is what a slot asks for ("weapon", "ring", "consumable", "resource" ...), ``level`` what its wearer needs."""

    code: str
    name: str
    level: int
    type: str
    subtype: str = ""
    description: str = ""
    effects: tuple[Effect, ...] = ()
    craft: Recipe | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots that take this item, in `SLOTS` order; empty for what cannot be worn."""
        return tuple(slot for slot, kind in SLOT_TYPE.items() if kind == self.type)

    def effect(self, name: str) -> int:
        """The sum of this item's effects of that name; 0 when it has none."""
        return sum(effect.value for effect in self.effects if effect.name == name)

    def to_json(self) -> dict[str, Any]:
        """The record in the original schema."""
        craft = self.craft
        return {
            "name": self.name,
            "code": self.code,
            "level": self.level,
            "type": self.type,
            "subtype": self.subtype,
            "description": self.description,
            "effects": [effect._asdict() for effect in self.effects],
            "craft": craft and {**craft._asdict(), "items": [part._asdict() for part in craft.items]},
        }


@dataclass(frozen=True, slots=True)
class Monster:
    """One kind of monster; ``attack`` and ``res`` are per element in `ELEMENTS` order (points, per cent)."""

    code: str
    name: str
    level: int
    hp: int
    attack: tuple[int, int, int, int]
    res: tuple[int, int, int, int]
    drops: tuple[Drop, ...] = ()
    min_gold: int = 0
    max_gold: int = 0

    def to_json(self) -> dict[str, Any]:
        """The record in the original schema."""
        attack = {f"attack_{element}": value for element, value in zip(ELEMENTS, self.attack, strict=True)}
        res = {f"res_{element}": value for element, value in zip(ELEMENTS, self.res, strict=True)}
        gold = {"min_gold": self.min_gold, "max_gold": self.max_gold}
        head = {"name": self.name, "code": self.code, "level": self.level, "hp": self.hp}
        return {**head, **attack, **res, **gold, "drops": _drops_json(self.drops)}


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of gathering spot, worked with ``skill`` from ``level`` on."""

    code: str
    name: str
    skill: str
    level: int
    drops: tuple[Drop, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The record in the original schema."""
        return {"name": self.name, "code": self.code, "skill": self.skill, "level": self.level, "drops": _drops_json(self.drops)}


class Content(NamedTuple):
    """What is on a tile: ``type`` of `CONTENT_TYPES`, ``code`` of the monster, the resource or the workshop's skill."""

    type: str
    code: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of the map. ``skin`` names its picture."""

    x: int
    y: int
    name: str = ""
    skin: str = ""
    content: Content | None = None

    def to_json(self) -> dict[str, Any]:
        """The record in the original schema."""
        content = self.content and self.content._asdict()
        return {"name": self.name, "skin": self.skin, "x": self.x, "y": self.y, "content": content}


class Sources(NamedTuple):
    """Where an item comes from other than a workshop or the exchange: codes of resources and of monsters that drop it."""

    resources: tuple[str, ...]
    monsters: tuple[str, ...]


def _drops_json(drops: tuple[Drop, ...]) -> list[dict[str, Any]]:
    return [{"code": d.code, "rate": d.rate, "min_quantity": d.low, "max_quantity": d.high} for d in drops]
