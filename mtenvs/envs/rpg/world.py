"""The rules of a HeroBench world: what each action does to the hero, or why it is refused.

`Rules.official()` is the original simulator (HeroBench, FastAPI backend with drop rates and blocking off): moves teleport,
every drop drops, the exchange gives everything for nothing, the bag is endless, a lost fight costs only the way back to
(0, 0). The other switches are for tasks beyond it. An action either changes the hero and returns an `Outcome`, or leaves
him exactly as he was and returns a `Refusal` with the original's numeric code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np

from mtenvs.envs.rpg import combat
from mtenvs.envs.rpg.combat import NO_BOOST, ROUND_CAP, Boost, Fight, Restore
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.records import CONSUMABLE_SLOTS, SLOT_TYPE, Drop, Item, Monster, Position, Recipe, Tile
from mtenvs.envs.rpg.state import FIRST_CONSUMABLE, SKILL_INDEX, SLOT_INDEX, HeroState, add_effects

if TYPE_CHECKING:
    from mtenvs.envs.rpg.spec import TaskRules

__all__ = ["MAX_QUANTITY", "SPAWN", "HeroState", "HeroWorld", "Outcome", "Refusal", "Result", "Rules"]

SPAWN: Final[Position] = (0, 0)
MAX_QUANTITY: Final = 1_000_000  # units per action; the original has no limit, but would not answer in time
XP: Final = 50  # per fight won and per unit gathered
CRAFT_XP: Final = 150  # per unit crafted
_CODE: Final = re.compile(r"[a-zA-Z0-9_-]+")
_FIGHTS_KEPT: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Rules:
    """Switches of the rules; the defaults are those of the original simulator.

    Attributes:
        ring_rule: the two ring slots refuse two rings of the same code.
        drop_rates: each drop comes with chance 1/rate; False: every drop comes every time.
        inventory_limit: units that the bag holds; None is unlimited. Buying, crafting and unequipping are refused where the
            result would not fit, gathering where nothing would; drops that do not fit are lost.
        levelling: whether actions give experience.
        boost_bug: a boosting consumable is used up only when its last unit (counted once per effect) is spent in a single
            fight, as in the original's source; False uses one unit per fight.
        round_cap: rounds after which a fight is given up.
        exchange: codes that the grand exchange sells; None is every item.
    """

    ring_rule: bool = False
    drop_rates: bool = False
    inventory_limit: int | None = None
    levelling: bool = True
    boost_bug: bool = True
    round_cap: int = ROUND_CAP
    exchange: tuple[str, ...] | None = None

    @classmethod
    def official(cls, *, ring_rule: bool = False) -> Rules:
        """The original simulator; it never enforces the ring rule itself, so that is asked for separately."""
        return cls(ring_rule=ring_rule)

    @classmethod
    def for_task(cls, rules: TaskRules) -> Rules:
        """The rules that a task of ours names, without the original's boost bug."""
        return cls(
            ring_rule=rules.ring_rule,
            drop_rates=rules.drop_rates,
            inventory_limit=rules.inventory_limit,
            exchange=rules.exchange,
            boost_bug=False,
        )


class Outcome(NamedTuple):
    """What a successful action did.

    Attributes:
        kind: the action: "move", "gather", "fight", "craft", "equip", "unequip", "buy" or "delete".
        code: what it was done to: resource, monster or item code; "" for a move.
        quantity: how many times or units; 0 for a move, 1 for a fight.
        slot: the slot of equip and unequip, else "".
        items: (code, units) that came into the bag.
        lost: (code, units) that dropped but did not fit into the bag.
        xp: experience gained.
        skill: what the experience is in: a skill, "combat", or "".
        level_ups: levels gained.
        fight: how the fight went, else None.
    """

    kind: str
    code: str = ""
    quantity: int = 1
    slot: str = ""
    items: tuple[tuple[str, int], ...] = ()
    lost: tuple[tuple[str, int], ...] = ()
    xp: int = 0
    skill: str = ""
    level_ups: int = 0
    fight: Fight | None = None

    @property
    def ok(self) -> bool:
        """True: the action was carried out (a lost fight too)."""
        return True

    @property
    def won(self) -> bool:
        """Whether it was a fight, and won."""
        return self.fight is not None and self.fight.won


class Refusal(NamedTuple):
    """Why an action was refused; the hero is as he was.

    Attributes:
        kind: the action, as in `Outcome`.
        code: the original's numeric code (404, 422, 472, 478, 485, 486, 490, 491, 493, 496, 497, 500, 598).
        message: one sentence for the agent.
        detail: the facts behind it, as plain data.
    """

    kind: str
    code: int
    message: str
    detail: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """False: nothing happened."""
        return False


Result: TypeAlias = Outcome | Refusal

Units: TypeAlias = tuple[tuple[str, int], ...]
"""(item code, units) pairs."""

_MOVED: Final = Outcome("move", quantity=0)


class HeroWorld:
    """The rules at work on a hero; keeps no state of an episode but its random generator.

    Args:
        data: the world; use `WorldData.restricted` to limit it to a task.
        rules: the rules; the original's by default.
        rng: used only where drops are random (drop rates, or amounts that vary); seeded with 0 if it is not given.
    """

    def __init__(self, data: WorldData, rules: Rules | None = None, rng: np.random.Generator | None = None) -> None:
        self.data = data
        self.rules = rules if rules is not None else Rules.official()
        self.rng = rng if rng is not None else np.random.default_rng(0)
        self._tiles: dict[Position, Tile] = dict(data.tiles)
        self._items: dict[str, Item] = dict(data.items)
        self._fights: dict[Any, Fight] = {}
        self._limit = self.rules.inventory_limit

    def move(self, hero: HeroState, x: int, y: int) -> Result:
        """Go to a tile, however far. Refused: 422 no whole numbers, 404 no such tile, 490 already there."""
        if type(x) is not int or type(y) is not int:
            return _bad("move", "x and y must be whole numbers", x=x, y=y)
        place = (x, y)
        if place not in self._tiles:
            x0, y0, x1, y1 = self.data.bounds
            return Refusal("move", 404, f"there is no tile at ({_show(x)}, {_show(y)})", {"x": (x0, x1), "y": (y0, y1)})
        if place == hero.pos:
            return Refusal("move", 490, f"the hero is already at ({x}, {y})", {"position": place})
        hero.pos = place
        return _MOVED

    def gather(self, hero: HeroState, quantity: int = 1) -> Result:
        """Work the gathering spot of this tile. Refused: 422 quantity, 598 no spot here, 493 skill too low, 497 bag full."""
        if not _is_quantity(quantity):
            return _bad_quantity("gather", quantity)
        tile = self._tiles.get(hero.pos)
        content = tile.content if tile is not None else None
        if content is None or content.type != "resource":
            return Refusal("gather", 598, f"there is nothing to gather at {hero.pos}", {"position": hero.pos})
        resource = self.data.resources[content.code]
        index = SKILL_INDEX[resource.skill]
        if hero.skills[index] < resource.level:
            have, need = hero.skills[index], resource.level
            message = f"{resource.code} needs {resource.skill} level {need}; the hero has level {have}"
            return Refusal("gather", 493, message, {"skill": resource.skill, "needed": need, "current": have})
        if self._limit is not None and hero.load >= self._limit:
            return self._full("gather", hero)
        got, lost = self._collect(hero, resource.drops, quantity)
        xp, ups = hero.gain_skill_xp(index, resource.level, XP, quantity) if self.rules.levelling else (0, 0)
        return Outcome("gather", resource.code, quantity, "", got, lost, xp, resource.skill, ups)

    def fight(self, hero: HeroState) -> Result:
        """Fight the monster of this tile at full health. Refused: 598 no monster here. A lost fight is an `Outcome`.

        Who falls wakes at (0, 0); who is still standing at the round cap stays where he is, as in the original.
        """
        tile = self._tiles.get(hero.pos)
        content = tile.content if tile is not None else None
        if content is None or content.type != "monster":
            return Refusal("fight", 598, f"there is no monster at {hero.pos}", {"position": hero.pos})
        monster = self.data.monsters[content.code]
        result = self.preview(hero, monster)
        if hero.quantities[0] or hero.quantities[1]:
            self._use_consumables(hero, result)
        if not result.won:
            if not result.undecided:
                hero.pos = SPAWN
            return Outcome("fight", monster.code, skill="combat", fight=result)
        xp = XP if self.rules.levelling and hero.level <= monster.level + 10 else 0
        ups = hero.gain_xp(xp) if xp else 0
        got, lost = self._collect(hero, monster.drops, 1)
        return Outcome("fight", monster.code, 1, "", got, lost, xp, "combat", ups, result)

    def preview(self, hero: HeroState, monster: Monster | str) -> Fight:
        """How a fight with this gear would go, wherever the hero is; nothing changes. The monster must exist."""
        foe = self.data.monsters[monster] if isinstance(monster, str) else monster
        boost: Boost = NO_BOOST
        restores: tuple[Restore, ...] = ()
        if hero.quantities[0] or hero.quantities[1]:
            boost, restores = self._consumables(hero)
        key = (hero.stats, foe.code, boost, restores)
        known = self._fights.get(key)
        if known is None:
            if len(self._fights) >= _FIGHTS_KEPT:
                self._fights.clear()
            known = self._fights[key] = combat.fight(hero.stats, foe, boost, restores, self.rules.round_cap)
        return known

    def craft(self, hero: HeroState, code: str, quantity: int = 1) -> Result:
        """Make items at the right workshop. Refused: 422 arguments, 404 no recipe, 497 bag too small, 500 anything missing.

        As in the original one craft gives one unit, whatever the recipe's yield. ``detail`` of a 500 tells all that is
        missing at once: tile, skill level and ingredients.
        """
        if not _is_quantity(quantity):
            return _bad_quantity("craft", quantity)
        item = self._items.get(code) if isinstance(code, str) else None
        if item is None or item.craft is None:
            return self._unknown("craft", code, "no recipe for")
        recipe = item.craft
        tile = self._tiles.get(hero.pos)
        content = tile.content if tile is not None else None
        index = SKILL_INDEX[recipe.skill]
        bag = hero.bag
        if (
            content is None
            or content.type != "workshop"
            or content.code != recipe.skill
            or hero.skills[index] < recipe.level
            or not bag  # the original asks this even of a recipe without ingredients
            or any(bag.get(part, 0) < units * quantity for part, units in recipe.items)
        ):
            return self._cannot_craft(hero, item, recipe, quantity)
        if self._limit is not None and hero.load + quantity * (1 - sum(units for _, units in recipe.items)) > self._limit:
            return self._full("craft", hero)
        for part, units in recipe.items:
            hero.take(part, units * quantity)
        hero.add(code, quantity)
        xp, ups = hero.gain_skill_xp(index, recipe.level, CRAFT_XP, quantity) if self.rules.levelling else (0, 0)
        return Outcome("craft", code, quantity, "", ((code, quantity),), (), xp, recipe.skill, ups)

    def equip(self, hero: HeroState, slot: str, code: str, quantity: int = 1) -> Result:
        """Put an item from the bag into a slot; consumables stack onto the same code.

        Refused: 422 arguments, 404 no such item, 491 slot taken, 496 level too low, 472 wrong slot, 478 not in the bag,
        486 fewer consumables in the bag than asked for, 485 the ring rule. For gear the quantity does not count.
        """
        index = SLOT_INDEX.get(slot) if isinstance(slot, str) else None
        if index is None:
            return _bad("equip", "there is no such slot", slot=slot)
        if not _is_quantity(quantity):
            return _bad_quantity("equip", quantity)
        item = self._items.get(code) if isinstance(code, str) else None
        if item is None:
            return self._unknown("equip", code, "no item")
        refused = self._cannot_equip(hero, index, slot, item, quantity)
        if refused is not None:
            return refused
        hero.slots[index] = code
        if index >= FIRST_CONSUMABLE:
            hero.take(code, quantity)
            hero.quantities[index - FIRST_CONSUMABLE] += quantity
            return Outcome("equip", code, quantity, slot)
        hero.take(code, 1)
        hero.stats = add_effects(hero.stats, item, 1)
        return Outcome("equip", code, 1, slot)

    def unequip(self, hero: HeroState, slot: str, quantity: int = 1) -> Result:
        """Put what is in a slot into the bag. Refused: 422 arguments, 491 slot empty, 478 fewer consumables in it, 497 bag full."""
        index = SLOT_INDEX.get(slot) if isinstance(slot, str) else None
        if index is None:
            return _bad("unequip", "there is no such slot", slot=slot)
        if not _is_quantity(quantity):
            return _bad_quantity("unequip", quantity)
        code = hero.slots[index]
        item = self._items.get(code)
        if item is None:
            return Refusal("unequip", 491, f"the slot {slot} is empty", {"slot": slot})
        stacked = index >= FIRST_CONSUMABLE
        units = quantity if stacked else 1
        if stacked and hero.quantities[index - FIRST_CONSUMABLE] < quantity:
            have = hero.quantities[index - FIRST_CONSUMABLE]
            return Refusal("unequip", 478, f"the slot {slot} holds {have} {code}, not {quantity}", {"needed": quantity, "current": have})
        if self._limit is not None and hero.load + units > self._limit:
            return self._full("unequip", hero)
        hero.add(code, units)
        if stacked:
            hero.quantities[index - FIRST_CONSUMABLE] -= quantity
            if not hero.quantities[index - FIRST_CONSUMABLE]:
                hero.slots[index] = ""
        else:
            hero.slots[index] = ""
            hero.stats = add_effects(hero.stats, item, -1)
        return Outcome("unequip", code, units, slot, ((code, units),))

    def buy(self, hero: HeroState, code: str, quantity: int = 1) -> Result:
        """Take items from the grand exchange, which asks for no gold. Refused: 422 quantity, 598 not there, 404 not sold, 497 bag full."""
        if not _is_quantity(quantity):
            return _bad_quantity("buy", quantity)
        tile = self._tiles.get(hero.pos)
        content = tile.content if tile is not None else None
        if content is None or content.type != "grand_exchange":
            return Refusal("buy", 598, f"there is no grand exchange at {hero.pos}", {"position": hero.pos, "exchange": self.data.exchanges})
        sold = self.rules.exchange
        if not isinstance(code, str) or code not in self._items or (sold is not None and code not in sold):
            return self._unknown("buy", code, "the exchange does not sell")
        if self._limit is not None and hero.load + quantity > self._limit:
            return self._full("buy", hero)
        hero.add(code, quantity)
        return Outcome("buy", code, quantity, "", ((code, quantity),))

    def delete(self, hero: HeroState, code: str, quantity: int = 1) -> Result:
        """Throw items of the bag away. Refused: 422 quantity, 478 not that many in the bag."""
        if not _is_quantity(quantity):
            return _bad_quantity("delete", quantity)
        have = hero.bag.get(code, 0) if isinstance(code, str) else 0
        if have < quantity:
            return Refusal("delete", 478, f"the bag holds {have} {_show(code)}, not {quantity}", {"needed": quantity, "current": have})
        hero.take(code, quantity)
        return Outcome("delete", code, quantity)

    def _collect(self, hero: HeroState, drops: Sequence[Drop], times: int) -> tuple[Units, Units]:
        """Roll the drops of ``times`` actions into the bag; returns what came in and what did not fit."""
        bag = hero.bag
        got: list[tuple[str, int]] = []
        lost: list[tuple[str, int]] = []
        for code, rate, low, high in drops:
            rolls = int(self.rng.binomial(times, 1 / rate)) if self.rules.drop_rates and rate > 1 else times
            units = low * rolls if low == high else int(self.rng.integers(low, high + 1, rolls).sum())
            if self._limit is not None and units > self._limit - hero.load:
                fit = max(0, self._limit - hero.load)
                lost.append((code, units - fit))
                units = fit
            if units:
                bag[code] = bag.get(code, 0) + units
                hero.load += units
                got.append((code, units))
        return tuple(got), tuple(lost)

    def _consumables(self, hero: HeroState) -> tuple[Boost, tuple[Restore, ...]]:
        """What the consumable slots bring into a fight."""
        boost = list(NO_BOOST)
        restores: list[Restore] = []
        for i in range(len(CONSUMABLE_SLOTS)):
            item = self._items.get(hero.slots[FIRST_CONSUMABLE + i])
            if item is None:
                continue
            if item.subtype == "restore" and item.effects:
                # More units than rounds cannot matter; the cut keeps the table of known fights small.
                restores.append((item.effects[0].value, min(hero.quantities[i], self.rules.round_cap)))
            elif item.subtype == "boost":
                for name, value in item.effects:
                    if name in _BOOSTS:
                        boost[_BOOSTS[name]] += value
        return (boost[0], boost[1], boost[2], boost[3], boost[4]), tuple(restores)

    def _use_consumables(self, hero: HeroState, result: Fight) -> None:
        used = iter(result.used)
        for i in range(len(CONSUMABLE_SLOTS)):
            item = self._items.get(hero.slots[FIRST_CONSUMABLE + i])
            if item is None:
                continue
            left = hero.quantities[i]
            if item.subtype == "restore" and item.effects:
                left -= next(used)
            elif item.subtype == "boost":
                spent = sum(1 for name, _ in item.effects if name.startswith("boost_"))
                if not self.rules.boost_bug:
                    left -= 1 if spent else 0
                elif left <= spent:
                    left = 0
            hero.quantities[i] = left
            if left <= 0:
                hero.slots[FIRST_CONSUMABLE + i] = ""

    def _cannot_equip(self, hero: HeroState, index: int, slot: str, item: Item, quantity: int) -> Refusal | None:  # noqa: PLR0911  one return per check of the original
        """Why the item cannot go into the slot, in the original's order of checks; None when it can."""
        code, there = item.code, hero.slots[index]
        stacked = index >= FIRST_CONSUMABLE
        if not stacked and there:
            return Refusal("equip", 491, f"the slot {slot} holds {there}; unequip it first", {"slot": slot, "item": there})
        if hero.level < item.level:
            message = f"{code} needs character level {item.level}; the hero has level {hero.level}"
            return Refusal("equip", 496, message, {"needed": item.level, "current": hero.level})
        if item.type != SLOT_TYPE[slot]:
            fits = item.slots
            where = f"it fits {' or '.join(fits)}" if fits else "it cannot be worn"
            return Refusal("equip", 472, f"{code} does not fit the slot {slot}; {where}", {"slot": slot, "fits": fits})
        have = hero.bag.get(code, 0)
        if not have:
            return Refusal("equip", 478, f"there is no {code} in the bag", {"needed": 1, "current": 0})
        if stacked and there and there != code:
            return Refusal("equip", 491, f"the slot {slot} holds {there}; unequip it first", {"slot": slot, "item": there})
        if stacked and have < quantity:
            return Refusal("equip", 486, f"the bag holds {have} {code}, not {quantity}", {"needed": quantity, "current": have})
        if self.rules.ring_rule and item.type == "ring" and code in (hero.slots[_RING1], hero.slots[_RING2]):
            return Refusal("equip", 485, f"{code} is worn already; the two rings must differ", {"item": code})
        return None

    def _cannot_craft(self, hero: HeroState, item: Item, recipe: Recipe, quantity: int) -> Refusal:
        tile = self._tiles.get(hero.pos)
        content = tile.content if tile is not None else None
        at_workshop = content is not None and content.type == "workshop" and content.code == recipe.skill
        level = hero.skills[SKILL_INDEX[recipe.skill]]
        missing = {part: (n * quantity, hero.bag.get(part, 0)) for part, n in recipe.items if hero.bag.get(part, 0) < n * quantity}
        workshops = self.data.workshop(recipe.skill)
        why = []
        if not at_workshop:
            where = " or ".join(map(str, workshops)) if workshops else "nowhere on this map"
            why.append(f"the {recipe.skill} workshop is at {where}, the hero is at {hero.pos}")
        if level < recipe.level:
            why.append(f"it needs {recipe.skill} level {recipe.level}, the hero has level {level}")
        if missing:
            why.append("missing " + ", ".join(f"{need - have} {part}" for part, (need, have) in missing.items()))
        detail = {
            "item": item.code,
            "quantity": quantity,
            "on_workshop_tile": at_workshop,
            "needed_skill_level": level >= recipe.level,
            "enough_items_for_craft": not missing and bool(hero.bag),
            "workshop": workshops,
            "skill": (recipe.skill, recipe.level, level),
            "missing_items": missing,
        }
        return Refusal("craft", 500, f"{item.code} cannot be made: " + "; ".join(why or ["the bag is empty"]), detail)

    def _full(self, kind: str, hero: HeroState) -> Refusal:
        message = f"the bag holds {hero.load} of {self._limit} units and there is not enough room; delete or use something"
        return Refusal(kind, 497, message, {"load": hero.load, "limit": self._limit})

    def _unknown(self, kind: str, code: Any, what: str) -> Refusal:
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            return _bad(kind, "an item is named by its code, such as letters, digits, _ and -", code=code)
        return Refusal(kind, 404, f"{what} {_show(code)}", {"code": code[:80]})


_RING1: Final = SLOT_INDEX["ring1"]
_RING2: Final = SLOT_INDEX["ring2"]
_BOOSTS: Final = {f"boost_{stat}": i for i, stat in enumerate(("hp", "dmg_fire", "dmg_earth", "dmg_water", "dmg_air"))}


def _is_quantity(value: Any) -> bool:
    return type(value) is int and 0 < value <= MAX_QUANTITY


def _bad_quantity(kind: str, value: Any) -> Refusal:
    return _bad(kind, f"a quantity is a whole number from 1 to {MAX_QUANTITY}", quantity=value)


def _bad(kind: str, message: str, **given: Any) -> Refusal:
    shown = {name: _show(value) for name, value in given.items()}
    return Refusal(kind, 422, f"{message} (given: {', '.join(f'{name}={value}' for name, value in shown.items())})", shown)


def _show(value: Any) -> str:
    """What an agent wrote, short enough to print; huge integers are not turned into decimal digits, which is slow."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"a number of {value.bit_length()} bits"
    text = value if isinstance(value, str) else repr(value) if isinstance(value, (int, float, bool, type(None))) else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."
