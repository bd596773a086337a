"""The countable actions of a world: a fixed table for a Discrete action space, with its mask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mtenvs.envs.rpg.records import SLOTS
from mtenvs.envs.rpg.state import FIRST_CONSUMABLE, SKILL_INDEX, SLOT_INDEX, HeroState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.world import HeroWorld, Result


class MacroAction(NamedTuple):
    """One entry of the table.

    Attributes:
        kind: "move", "gather", "fight", "craft", "equip", "unequip", "buy" or "delete".
        code: item code of craft, equip, buy and delete; "" for the others.
        slot: slot of equip and unequip; "" for the others.
        x: column of the tile to move to.
        y: row of the tile to move to.
    """

    kind: str
    code: str = ""
    slot: str = ""
    x: int = 0
    y: int = 0

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(map(repr, self.arguments()))})"

    def arguments(self) -> tuple[str | int, ...]:
        """The positional arguments of the world's method, after the hero."""
        return (self.x, self.y) if self.kind == "move" else tuple(text for text in (self.slot, self.code) if text)


class ActionTable:
    """Every single-unit action of a world, in a fixed order.

    Moves to the tiles that hold something, gather, fight, craft each item, equip each item into each slot that takes it,
    unequip each slot, buy each item, delete each item. One table serves every episode in a world.

    Args:
        data: the world; restrict it to make the table smaller.

    Attributes:
        data: the world.
        actions: the table; an action's number is its place in it.
        index: action -> number.
    """

    def __init__(self, data: WorldData) -> None:
        self.data = data
        actions = [MacroAction("move", x=x, y=y) for x, y in data.content_tiles]
        actions += [MacroAction("gather"), MacroAction("fight")]
        actions += [MacroAction("craft", code) for code in data.craftable]
        actions += [MacroAction("equip", code, slot) for code, item in data.items.items() for slot in item.slots]
        actions += [MacroAction("unequip", slot=slot) for slot in SLOTS]
        actions += [MacroAction("buy", code) for code in data.items if data.exchanges]
        actions += [MacroAction("delete", code) for code in data.items]
        self.actions = tuple(actions)
        self.index = {action: number for number, action in enumerate(actions)}
        self._calls = tuple((action.kind, action.arguments()) for action in actions)
        self._gather, self._fight = self.index[MacroAction("gather")], self.index[MacroAction("fight")]
        self._move = {place: self.index[MacroAction("move", x=place[0], y=place[1])] for place in data.content_tiles}
        self._unequip = tuple(self.index[MacroAction("unequip", slot=slot)] for slot in SLOTS)
        self._buy = {a.code: n for a, n in self.index.items() if a.kind == "buy"}
        self._all_buys = np.array(list(self._buy.values()), dtype=np.intp)
        self._delete = {a.code: n for a, n in self.index.items() if a.kind == "delete"}
        self._equip = {
            code: tuple((SLOT_INDEX[slot], self.index[MacroAction("equip", code, slot)]) for slot in item.slots)
            for code, item in data.items.items()
            if item.slots
        }
        self._craft = {skill: tuple(self._recipes(skill)) for skill in SKILL_INDEX}
        self._base = np.zeros(len(actions), dtype=np.int8)
        self._base[list(self._move.values())] = 1

    def __len__(self) -> int:
        return len(self.actions)

    def _recipes(self, skill: str) -> list[tuple[int, int, tuple[tuple[str, int], ...], int]]:
        found = []
        for code in self.data.craftable:
            recipe = self.data.items[code].craft
            if recipe is not None and recipe.skill == skill:
                growth = 1 - sum(part.quantity for part in recipe.items)
                found.append(
                    (
                        self.index[MacroAction("craft", code)],
                        recipe.level,
                        tuple((part.code, part.quantity) for part in recipe.items),
                        growth,
                    )
                )
        return found

    def mask(self, hero: HeroState, world: HeroWorld) -> NDArray[np.int8]:
        """Which actions would be carried out now: int8 of shape (len(self),), 1 is legal; the array is the caller's.

        Args:
            hero: the hero.
            world: the world whose rules hold, with the same data as the table's.
        """
        rules = world.rules
        mask = self._base.copy()
        room = _ENDLESS if rules.inventory_limit is None else rules.inventory_limit - hero.load
        here = self._move.get(hero.pos)
        if here is not None:
            mask[here] = 0
            self._mark_place(mask, hero, world, room)
        if room >= 1:
            for i, code in enumerate(hero.slots):
                if code:
                    mask[self._unequip[i]] = 1
        self._mark_bag(mask, hero, ring_rule=world.rules.ring_rule)
        return mask

    def _mark_bag(self, mask: NDArray[np.int8], hero: HeroState, *, ring_rule: bool) -> None:
        """Mark what can be done with the items in the bag."""
        items, equip, slots, level = self.data.items, self._equip, hero.slots, hero.level
        for code in hero.bag:
            if code not in items:
                continue
            mask[self._delete[code]] = 1
            fits = equip.get(code, ())
            if not fits or level < items[code].level or (ring_rule and items[code].type == "ring" and code in slots[_RINGS]):
                continue
            for i, number in fits:
                there = slots[i]
                if not there or (i >= FIRST_CONSUMABLE and there == code):
                    mask[number] = 1

    def _mark_place(self, mask: NDArray[np.int8], hero: HeroState, world: HeroWorld, room: int) -> None:
        """Mark what the tile under the hero allows."""
        data, sold = self.data, world.rules.exchange
        content = data.tiles[hero.pos].content
        kind, code = content if content is not None else ("", "")
        if kind == "monster":
            mask[self._fight] = 1
        elif kind == "resource":
            resource = data.resources[code]
            mask[self._gather] = room >= 1 and hero.skills[SKILL_INDEX[resource.skill]] >= resource.level
        elif kind == "grand_exchange" and room >= 1:
            mask[self._all_buys if sold is None else [self._buy[code] for code in sold if code in self._buy]] = 1
        elif kind == "workshop" and hero.bag:
            bag, level = hero.bag, hero.skills[SKILL_INDEX[code]]
            for number, needed, parts, growth in self._craft[code]:
                if level >= needed and growth <= room and all(bag.get(part, 0) >= units for part, units in parts):
                    mask[number] = 1

    def legal(self, hero: HeroState, world: HeroWorld) -> list[MacroAction]:
        """The actions that would be carried out now."""
        return [self.actions[number] for number in np.flatnonzero(self.mask(hero, world))]

    def apply(self, hero: HeroState, number: int, world: HeroWorld) -> Result:
        """Carry out the action of that number, once.

        Raises:
            IndexError: there is no such number.
        """
        kind, arguments = self._calls[number]
        method: Callable[..., Result] = getattr(world, kind)
        return method(hero, *arguments)

    def number(self, name: str, arguments: Mapping[str, Any]) -> int:
        """The number of a call such as ``("equip", {"slot": "ring1", "item": "iron_ring"})``; its quantity does not count.

        Raises:
            KeyError: the table has no such action, such as a move to an empty tile.
        """
        code = str(arguments.get("item", arguments.get("code", "")))
        slot, x, y = str(arguments.get("slot", "")), int(arguments.get("x", 0)), int(arguments.get("y", 0))
        return self.index[MacroAction(name, code, slot, x, y)]


_ENDLESS = 1 << 62
_RINGS = slice(SLOT_INDEX["ring1"], SLOT_INDEX["ring2"] + 1)
