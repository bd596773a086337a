"""The hero: everything that changes in a HeroBench world, and the arithmetic of experience."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mtenvs.core.errors import DataError, SnapshotError
from mtenvs.envs.rpg.combat import STATS, Stats
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.records import CONSUMABLE_SLOTS, SKILLS, SLOTS, Item, Position

if TYPE_CHECKING:
    from mtenvs.envs.rpg.spec import HeroStart

MAX_LEVEL: Final = 40
FIRST_MAX_XP: Final = 150  # the original's tasks start every level counter at 0 of 150, whatever the level
BASE_HP: Final = 115  # a naked hero has BASE_HP + 5 * level
HP_PER_LEVEL: Final = 5
SKILL_INDEX: Final[Mapping[str, int]] = {skill: i for i, skill in enumerate(SKILLS)}
SLOT_INDEX: Final[Mapping[str, int]] = {slot: i for i, slot in enumerate(SLOTS)}
STAT_INDEX: Final[Mapping[str, int]] = {stat: i for i, stat in enumerate(STATS)}
FIRST_CONSUMABLE: Final = SLOT_INDEX[CONSUMABLE_SLOTS[0]]
_HIGHEST: Final = 10**15  # no counter of a hero gets near it; keeps damaged snapshots out


def character_max_xp(level: int) -> int:
    """Experience that a character of that level needs for the next one (original: floored to 50, plus 150)."""
    return int(100 * math.log2(level) * (level // 10 + 1)) // 50 * 50 + 150


def skill_max_xp(level: int) -> int:
    """Experience that a skill of that level needs for the next one."""
    return 150 + (level - 1) * 10


def add_effects(stats: Stats, item: Item, sign: int) -> Stats:
    """The hero's figures with an item put on (sign 1) or taken off (sign -1); unknown effects do nothing."""
    changed = list(stats)
    for name, value in item.effects:
        index = STAT_INDEX.get(name)
        if index is not None:
            changed[index] += sign * value
    return _stats(changed)


def _stats(values: list[int]) -> Stats:
    a, b, c, d, e, f, g, h, i, j, k, m, n = values
    return a, b, c, d, e, f, g, h, i, j, k, m, n


class HeroState:
    """The hero at one moment; `HeroWorld` changes it in place, `copy` is cheap.

    Attributes:
        pos: tile (x, y) where he stands.
        level: character level, 1..40.
        xp: experience inside the level.
        max_xp: experience at which the next level comes.
        skills: level per skill, in `SKILLS` order.
        skill_xp: experience inside each skill's level.
        skill_max_xp: experience at which each skill's next level comes.
        stats: hp, attack, dmg and res with all gear on, in `STATS` order; immutable, replaced as a whole.
        slots: code of the item in each slot, in `SLOTS` order; "" is empty.
        quantities: units in the two consumable slots.
        bag: item code -> units, without zeros, in the order in which the items first came.
        load: units in the bag, all items together.
    """

    __slots__ = ("bag", "level", "load", "max_xp", "pos", "quantities", "skill_max_xp", "skill_xp", "skills", "slots", "stats", "xp")

    pos: Position
    level: int
    xp: int
    max_xp: int
    skills: list[int]
    skill_xp: list[int]
    skill_max_xp: list[int]
    stats: Stats
    slots: list[str]
    quantities: list[int]
    bag: dict[str, int]
    load: int

    def __init__(self) -> None:
        self.pos = (0, 0)
        self.level, self.xp, self.max_xp = 1, 0, FIRST_MAX_XP
        self.skills, self.skill_xp, self.skill_max_xp = [1] * len(SKILLS), [0] * len(SKILLS), [FIRST_MAX_XP] * len(SKILLS)
        self.stats = (BASE_HP + HP_PER_LEVEL, *(0,) * 12)
        self.slots, self.quantities = [""] * len(SLOTS), [0, 0]
        self.bag, self.load = {}, 0

    @classmethod
    def from_start(cls, start: HeroStart, data: WorldData) -> HeroState:
        """The hero of a task's start; his figures follow from his level and his gear.

        Raises:
            DataError: the start names a skill, slot or item that does not exist, or an item in the wrong slot.
        """
        hero = cls()
        hero.pos = (int(start.position[0]), int(start.position[1]))
        hero.level, hero.xp = start.level, start.xp
        hero.stats = (start.base_hp + HP_PER_LEVEL * start.level, *hero.stats[1:])
        for skill, level in start.skills.items():
            hero.skills[_known(skill, SKILL_INDEX, "skill")] = level
        for skill, xp in start.skill_xp.items():
            hero.skill_xp[_known(skill, SKILL_INDEX, "skill")] = xp
        for slot, code in start.slots.items():
            if code:
                hero._wear(slot, code, start.slot_quantities.get(slot, 1), data)
        for code, quantity in start.inventory.items():
            if quantity > 0:
                hero.add(_known_item(code, data).code, quantity)
        return hero

    @classmethod
    def from_character(cls, character: Mapping[str, Any]) -> HeroState:
        """The hero of a character object in the original's layout (``level``, ``mining_level``, ``hp``, ``weapon_slot`` ...).

        Raises:
            DataError: a field is missing or of the wrong kind.
        """
        hero = cls()
        try:
            hero.pos = (int(character["x"]), int(character["y"]))
            hero.level, hero.xp, hero.max_xp = int(character["level"]), int(character["xp"]), int(character["max_xp"])
            hero.skills = [int(character[f"{skill}_level"]) for skill in SKILLS]
            hero.skill_xp = [int(character[f"{skill}_xp"]) for skill in SKILLS]
            hero.skill_max_xp = [int(character[f"{skill}_max_xp"]) for skill in SKILLS]
            hero.stats = _stats([int(character[stat]) for stat in STATS])
            hero.slots = [str(character[f"{slot}_slot"]) for slot in SLOTS]
            hero.quantities = [int(character[f"{slot}_slot_quantity"]) for slot in CONSUMABLE_SLOTS]
            for entry in character["inventory"]:
                hero.add(str(entry["code"]), int(entry["quantity"]))
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(f"the character object is not in the original's layout ({error!r}); copy the file again") from error
        return hero

    def to_character(self, name: str = "Hero", skin: str = "men1") -> dict[str, Any]:
        """The character object in the original's layout and key order."""
        character: dict[str, Any] = {"name": name, "skin": skin, "level": self.level, "xp": self.xp, "max_xp": self.max_xp}
        for i, skill in enumerate(SKILLS):
            character[f"{skill}_level"] = self.skills[i]
            character[f"{skill}_xp"] = self.skill_xp[i]
            character[f"{skill}_max_xp"] = self.skill_max_xp[i]
        character.update(zip(STATS, self.stats, strict=True))
        character["x"], character["y"] = self.pos
        for i, slot in enumerate(SLOTS):
            character[f"{slot}_slot"] = self.slots[i]
            if i >= FIRST_CONSUMABLE:
                character[f"{slot}_slot_quantity"] = self.quantities[i - FIRST_CONSUMABLE]
        character["inventory"] = [{"slot": i, "code": code, "quantity": n} for i, (code, n) in enumerate(self.bag.items(), 1)]
        return character

    def to_json(self) -> dict[str, Any]:
        """Plain data from which `from_json` makes the same hero."""
        return {
            "pos": list(self.pos),
            "level": [self.level, self.xp, self.max_xp],
            "skills": [list(self.skills), list(self.skill_xp), list(self.skill_max_xp)],
            "stats": list(self.stats),
            "slots": list(self.slots),
            "quantities": list(self.quantities),
            "bag": dict(self.bag),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> HeroState:
        """The inverse of `to_json`.

        Raises:
            SnapshotError: the data is damaged.
        """
        hero = cls()
        try:
            hero.pos = (_whole(raw["pos"][0]), _whole(raw["pos"][1]))
            hero.level, hero.xp, hero.max_xp = _row(raw["level"], 3)
            hero.skills, hero.skill_xp, hero.skill_max_xp = (_row(row, len(SKILLS)) for row in raw["skills"])
            hero.stats = _stats(_row(raw["stats"], len(STATS)))
            hero.slots = [_code(code) for code in raw["slots"]]
            hero.quantities = _row(raw["quantities"], len(CONSUMABLE_SLOTS))
            hero.bag = {_code(code): _whole(units) for code, units in raw["bag"].items()}
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
            raise SnapshotError(f"this is not a hero's snapshot, or a damaged one ({error!r}); take a new one") from error
        if len(hero.slots) != len(SLOTS) or not 1 <= hero.level <= MAX_LEVEL or any(units <= 0 for units in hero.bag.values()):
            raise SnapshotError("this hero's snapshot is damaged (slots, level or bag); take a new one")
        hero.load = sum(hero.bag.values())
        return hero

    def copy(self) -> HeroState:
        """A hero that changes on his own."""
        twin = HeroState.__new__(HeroState)
        twin.pos, twin.level, twin.xp, twin.max_xp = self.pos, self.level, self.xp, self.max_xp
        twin.skills, twin.skill_xp, twin.skill_max_xp = self.skills[:], self.skill_xp[:], self.skill_max_xp[:]
        twin.stats, twin.slots, twin.quantities = self.stats, self.slots[:], self.quantities[:]
        twin.bag, twin.load = self.bag.copy(), self.load
        return twin

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HeroState) and all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    __hash__ = None  # type: ignore[assignment]  # it changes in place, so it must not be a key

    def __repr__(self) -> str:
        worn = ", ".join(f"{slot}={code}" for slot, code in zip(SLOTS, self.slots, strict=True) if code)
        return f"HeroState(level {self.level} at {self.pos}, {worn or 'naked'}, bag {self.bag})"

    @property
    def hp(self) -> int:
        """Health at the start of every fight."""
        return self.stats[0]

    def skill(self, name: str) -> int:
        """The level of a skill."""
        return self.skills[SKILL_INDEX[name]]

    def worn(self, slot: str) -> str:
        """The code of the item in a slot, "" if it is empty."""
        return self.slots[SLOT_INDEX[slot]]

    def quantity(self, slot: str) -> int:
        """Units in a slot: 0 or 1, or the stack of a consumable slot."""
        index = SLOT_INDEX[slot]
        return self.quantities[index - FIRST_CONSUMABLE] if index >= FIRST_CONSUMABLE else int(bool(self.slots[index]))

    def add(self, code: str, units: int) -> None:
        """Put units into the bag."""
        self.bag[code] = self.bag.get(code, 0) + units
        self.load += units

    def take(self, code: str, units: int) -> None:
        """Take units out of the bag; the caller has made sure that they are there."""
        left = self.bag[code] - units
        if left:
            self.bag[code] = left
        else:
            del self.bag[code]
        self.load -= units

    def gain_skill_xp(self, index: int, action_level: int, each: int, times: int) -> tuple[int, int]:
        """Experience in the skill of that index, ``each`` for every one of ``times`` actions; returns (gained, levels up).

        An action more than 10 levels below the skill gives nothing. Whole levels are counted at once, so that a million
        actions cost no more than one.
        """
        level, xp, need = self.skills[index], self.skill_xp[index], self.skill_max_xp[index]
        first, gained, left = level, 0, times
        while left > 0 and level <= action_level + 10:
            units = left if level >= MAX_LEVEL else min(left, max(1, -((xp - need) // each)))
            left -= units
            xp += units * each
            gained += units * each
            while level < MAX_LEVEL and xp >= need:
                xp -= need
                level += 1
                need = skill_max_xp(level)
        self.skills[index], self.skill_xp[index], self.skill_max_xp[index] = level, xp, need
        return gained, level - first

    def gain_xp(self, gained: int) -> int:
        """Character experience; returns the number of levels up, each of which adds 5 health."""
        self.xp += gained
        first = self.level
        while self.level < MAX_LEVEL and self.xp >= self.max_xp:
            self.xp -= self.max_xp
            self.level += 1
            self.max_xp = character_max_xp(self.level)
        ups = self.level - first
        if ups:
            self.stats = (self.stats[0] + HP_PER_LEVEL * ups, *self.stats[1:])
        return ups

    def _wear(self, slot: str, code: str, units: int, data: WorldData) -> None:
        index = _known(slot, SLOT_INDEX, "slot")
        item = _known_item(code, data)
        if slot not in item.slots:
            raise DataError(f"the task's start has {code!r} (a {item.type}) in the slot {slot!r}; it fits {item.slots or 'no slot'}")
        self.slots[index] = code
        if index >= FIRST_CONSUMABLE:
            self.quantities[index - FIRST_CONSUMABLE] = units
        else:
            self.stats = add_effects(self.stats, item, 1)


def _known(name: str, table: Mapping[str, int], what: str) -> int:
    if name not in table:
        raise DataError(f"the task's start names the {what} {name!r}; there are {', '.join(table)}")
    return table[name]


def _known_item(code: str, data: WorldData) -> Item:
    item = data.items.get(code)
    if item is None:
        raise DataError(f"the task's start names the item {code!r}, which this world does not have; load the world it was made for")
    return item


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _HIGHEST:
        raise TypeError(f"{value!r} is not a whole number in range")
    return value


def _row(values: Any, length: int) -> list[int]:
    if not isinstance(values, list) or len(values) != length:
        raise ValueError(f"expected {length} numbers")
    return [_whole(value) for value in values]


def _code(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a code")
    return value
