"""Which monsters a hero can come to beat, and in which outfit: the other half of the fixpoint, over monsters and gear.

Stage 0 holds the monsters that fall to gear that the hero has. Each further stage holds those that fall to gear that can be
had with the drops of the stages before. Since nothing runs out, the stages grow until no more monster falls.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

from mtenvs.envs.rpg.combat import fight
from mtenvs.envs.rpg.economy import Economy, Survey
from mtenvs.envs.rpg.gear_search import GEAR_SLOTS, GearSearch, Outfit, effect_row, to_stats
from mtenvs.envs.rpg.records import SLOTS
from mtenvs.envs.rpg.state import SLOT_INDEX

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from mtenvs.envs.rpg.combat import Stats
    from mtenvs.envs.rpg.records import Item, Monster
    from mtenvs.envs.rpg.state import HeroState

SWAP_CALLS: Final = 2.0  # taking one piece off and putting another on
_INFINITE: Final = float("inf")


class Beaten(NamedTuple):
    """How a monster can be beaten: in which outfit, and with what survey its pieces are found (None: the hero has them)."""

    outfit: Outfit
    survey: Survey | None


class Frontier:
    """The stages for one hero, widened on request.

    Args:
        economy: the world.
        hero: where he stands; not changed.
        banned: items that must not be used.
        remembered: monster -> outfit that a frontier of this world has found before; is taken again as long as it will do, and
            grows with what is found.

    Attributes:
        known: monster -> how it can be beaten, as far as the stages have been widened.
        survey: what can be had with the monsters known so far.
    """

    def __init__(
        self, economy: Economy, hero: HeroState, banned: Collection[str] = (), remembered: dict[str, Outfit] | None = None
    ) -> None:
        self.economy, self.hero, self.banned = economy, hero, banned
        self.remembered = {} if remembered is None else remembered
        self.worn = worn_gear(hero)
        self.owned = Counter(self.worn.values())
        self.owned.update(hero.bag)
        self.known: dict[str, Beaten] = {}
        owned_only = _search(economy, hero, None)
        for monster in self._monsters:
            outfit = self._with_own_gear(owned_only, monster)
            if outfit is not None:
                self.known[monster.code] = Beaten(outfit, None)
        self.survey = Survey(economy, hero, dict.fromkeys(self.known, 0.0), banned)

    @cached_property
    def _monsters(self) -> list[Monster]:
        data = self.economy.data
        return [monster for monster in data.monsters.values() if data.places("monster", monster.code)]

    def _with_own_gear(self, search: GearSearch, monster: Monster) -> Outfit | None:
        if fight(self.hero.stats, monster, round_cap=search.round_cap).won:
            return Outfit(self.worn)
        return search.find(monster)

    def widen(self) -> bool:
        """Add the next stage; False when there is none."""
        fallen = {m.code: self._again(m) or self.search.find(m) for m in self._monsters if m.code not in self.known}
        new = {code: outfit for code, outfit in fallen.items() if outfit is not None}
        if not new:
            return False
        self.remembered.update(new)
        self.known.update((code, Beaten(outfit, self.survey)) for code, outfit in new.items())
        prices = {code: 0.0 if beaten.survey is None else beaten.outfit.price for code, beaten in self.known.items()}
        self.survey = Survey(self.economy, self.hero, prices, self.banned)
        self.__dict__.pop("search", None)
        return True

    def _again(self, monster: Monster) -> Outfit | None:
        outfit = self.remembered.get(monster.code)
        return None if outfit is None else self.as_wanted(outfit, monster)

    @cached_property
    def search(self) -> GearSearch:
        """The search over everything that can be had at this stage."""
        return _search(self.economy, self.hero, self.survey)

    def as_wanted(self, outfit: Outfit, monster: Monster) -> Outfit | None:
        """A given outfit with its price at this stage; None if it cannot be had or does not win."""
        items, rules, slots = self.economy.world.data.items, self.economy.world.rules, outfit.slots
        if any(code not in items or items[code].level > self.hero.level for code in slots.values()):
            return None
        if rules.ring_rule and slots.get("ring1") and slots.get("ring1") == slots.get("ring2"):
            return None
        price = self.search.price_of(slots) + sum(self._meal_price(*meal) for meal in outfit.meals)
        meals = [(items[code], units) for code, units in outfit.meals]
        return outfit._replace(price=price) if price < _INFINITE and self.search.wins(slots, monster, meals) else None

    def outfit_with_meals(self, monster: Monster) -> Outfit | None:
        """The cheapest outfit with one consumable that beats a monster at this stage, or with two if one is not enough."""
        best: Outfit | None = None
        for size in (1, 2):
            for meals in combinations(self._foods(), size):
                outfit = self.search.find(monster, meals, below=_INFINITE if best is None else best.price)
                if outfit is not None:
                    price = outfit.price + sum(self._meal_price(*meal) for meal in outfit.meals)
                    if best is None or price < best.price:
                        best = outfit._replace(price=price)
            if best is not None:
                break
        return best

    def _foods(self) -> list[Item]:
        """The consumables within reach, without those that another one beats in effect and price."""
        foods = [
            item for item in self.search.items.values() if item.type == "consumable" and item.level <= self.hero.level and item.effects
        ]
        foods.sort(key=lambda item: (self._meal_price(item.code, 1), item.code))
        kept: list[Item] = []
        for item in foods:
            if not any(all(other.effect(name) >= value for name, value in item.effects) for other in kept):
                kept.append(item)
        return [item for item in kept if self._meal_price(item.code, 1) < _INFINITE]

    def _meal_price(self, code: str, units: int) -> float:
        extra = max(0, units - self.owned[code])
        return SWAP_CALLS + (self.survey.price_for(code, extra) if extra else 0.0)


def _search(economy: Economy, hero: HeroState, survey: Survey | None) -> GearSearch:
    """The search over what a hero has and, with a survey, over what he can get."""
    rules, records = economy.world.rules, economy.world.data.items
    worn = Counter(worn_gear(hero).values())
    owned = worn + Counter(hero.bag)

    def price(code: str, units: int) -> float:
        extra = max(0, units - owned[code])
        if extra and survey is None:
            return _INFINITE
        swaps = max(0, units - worn[code]) * SWAP_CALLS
        return swaps + (survey.price_for(code, extra) if extra and survey is not None else 0.0)

    found = () if survey is None else survey.price
    items = {code: records[code] for code in (*found, *owned) if code in records}
    return GearSearch(items, naked_stats(hero, economy), hero.level, price, rules.ring_rule, rules.round_cap)


def worn_gear(hero: HeroState) -> dict[str, str]:
    """Slot -> code of the gear that a hero wears, consumables not counted."""
    return {slot: code for slot, code in zip(GEAR_SLOTS, hero.slots, strict=False) if code}


def naked_stats(hero: HeroState, economy: Economy) -> Stats:
    """A hero's figures without his gear."""
    rows = [effect_row(economy.world.data.items[code]) for code in worn_gear(hero).values()]
    return to_stats(value - sum(row[i] for row in rows) for i, value in enumerate(hero.stats))


def own_outfit(economy: Economy, hero: HeroState, monster: Monster) -> Outfit | None:
    """The outfit out of what a hero wears and has in his bag that beats a monster with the fewest changes; None if none does."""
    return _search(economy, hero, None).find(monster)


def in_place(slots: Mapping[str, str], hero: HeroState) -> dict[str, str]:
    """An outfit with rings and artifacts in the slots where the hero wears them already, so that fewer change."""
    placed = dict(slots)
    for group in (("ring1", "ring2"), ("artifact1", "artifact2", "artifact3")):
        codes = [slots[slot] for slot in group if slot in slots]
        free = []
        for slot in group:
            placed.pop(slot, None)
            there = hero.slots[SLOT_INDEX[slot]]
            if there and there in codes:
                codes.remove(there)
                placed[slot] = there
            else:
                free.append(slot)
        free.sort(key=lambda slot: (hero.slots[SLOT_INDEX[slot]] != "", SLOTS.index(slot)))  # empty slots first
        placed.update(zip(free, codes, strict=False))
    return placed
