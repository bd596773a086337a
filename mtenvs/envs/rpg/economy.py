"""What things cost a hero in a world: where each item comes from, what it takes to get one, which skills he can reach.

A `Survey` is the least fixpoint over items, monsters and skills: an item can be had if a spot, a beatable monster, a recipe
or the exchange gives it; a skill can be reached if something at or below it gives experience. Gathering spots are endless
and a lost fight costs nothing, so whatever is in the fixpoint can be had any number of times.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from mtenvs.envs.rpg.state import MAX_LEVEL, SKILL_INDEX, skill_max_xp
from mtenvs.envs.rpg.world import CRAFT_XP, XP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.records import Drop
    from mtenvs.envs.rpg.state import HeroState
    from mtenvs.envs.rpg.world import HeroWorld

Way = Literal["gather", "fight", "craft", "buy", "stock"]
XP_SPAN: Final = 10  # an action gives experience as long as the skill is at most this far above it
_CRAFT_CALLS: Final = 1.0  # price of crafting one unit beside its ingredients
_BUY_CALLS: Final = 0.1  # one call buys any number
_TRAIN_SHARE: Final = 0.1  # how much a skill that has yet to grow weighs when one of several sources is picked
_INFINITE: Final = math.inf


class Source(NamedTuple):
    """One way to get an item: what to do, to which resource, monster or item, and how many units one action gives on average."""

    way: Way
    code: str
    units: float = 1.0


class Economy:
    """The fixed part: sources and tiles of one world under its rules.

    Args:
        world: the rules.
        data: what the hero knows of the world (`WorldData.restricted`), planned with instead of the world's own data.
    """

    def __init__(self, world: HeroWorld, data: WorldData) -> None:
        self.world, self.data = world, data
        self.sources = {code: self._sources_of(code) for code in data.items}
        self.order = self._ingredients_first()
        self.rank = {code: i for i, code in enumerate(self.order)}

    @cached_property
    def _drops(self) -> Mapping[str, tuple[Drop, ...]]:
        """Resource or monster code -> all that it drops, unlisted items included."""
        data = self.world.data
        return {**{code: spot.drops for code, spot in data.resources.items()}, **{code: foe.drops for code, foe in data.monsters.items()}}

    @cached_property
    def most_units(self) -> Mapping[str, int]:
        """Resource or monster code -> most units that one action there brings into the bag."""
        return {code: sum(drop.high for drop in drops) for code, drops in self._drops.items()}

    @cached_property
    def dice(self) -> bool:
        """Whether anything in this world is drawn at random."""
        rates = self.world.rules.drop_rates
        return any(drop.low != drop.high or (rates and drop.rate > 1) for drops in self._drops.values() for drop in drops)

    def yields(self, way: str, code: str) -> Mapping[str, float]:
        """Item -> units per action that a resource ("gather") or a monster ("fight") gives on average."""
        giver = self.data.resources[code] if way == "gather" else self.data.monsters[code]
        return {drop.code: self._mean(drop) for drop in giver.drops}

    def sells(self, code: str) -> bool:
        """Whether an exchange that the hero knows of has an item."""
        sold = self.world.rules.exchange
        return bool(self.data.exchanges) and (sold is None or code in sold)

    def _mean(self, drop: Drop) -> float:
        units = (drop.low + drop.high) / 2
        return units / drop.rate if self.world.rules.drop_rates and drop.rate > 1 else units

    def _sources_of(self, code: str) -> tuple[Source, ...]:
        data = self.data
        known = data.sources_of(code)
        found = [Source("gather", r, self.yields("gather", r)[code]) for r in known.resources if data.places("resource", r)]
        found += [Source("fight", m, self.yields("fight", m)[code]) for m in known.monsters if data.places("monster", m)]
        recipe = data.items[code].craft
        if recipe is not None and recipe.items and data.workshop(recipe.skill) and all(part in data.items for part, _ in recipe.items):
            found.append(Source("craft", code))
        # Everything may be for sale for nothing; what can be found or made is found or made, as the tasks mean it.
        if not found and self.sells(code):
            found.append(Source("buy", code))
        return tuple(source for source in found if source.units > 0)

    def _ingredients_first(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for code in self.data.items:
            for part in reversed(self.data.tree(code)):
                found.setdefault(part)
        # `tree` lists each code at its first place only, so a deep ingredient may come too late: settle by depth.
        depth: dict[str, int] = {}

        def of(code: str) -> int:
            if code not in depth:
                item = self.data.items.get(code)
                depth[code] = 1 + max((of(part) for part, _ in item.craft.items), default=0) if item is not None and item.craft else 0
            return depth[code]

        return tuple(sorted((code for code in found if code in self.data.items), key=of))


class Need(NamedTuple):
    """Something that has to come first: a skill level to reach, or a monster to be able to beat (level 0)."""

    kind: Literal["skill", "monster"]
    code: str
    level: int = 0


@dataclass
class Survey:
    """What a hero can get, with prices in actions, when he can beat certain monsters.

    Args:
        economy: the world.
        hero: where he stands; what he has makes items available that have no source.
        beatable: monster -> one-off price of being able to beat it.
        banned: items that must not be used.

    Attributes:
        price: item -> price of one unit; items that cannot be had are missing.
        how: item -> the source to take.
        reach: skill -> the highest level that can be reached.
    """

    economy: Economy
    hero: HeroState
    beatable: Mapping[str, float]
    banned: Collection[str] = ()
    price: dict[str, float] = field(default_factory=dict, init=False)
    how: dict[str, Source] = field(default_factory=dict, init=False)
    reach: dict[str, int] = field(default_factory=dict, init=False)
    _needs: dict[str, tuple[Need, ...]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.reach = dict(zip(SKILL_INDEX, self.hero.skills, strict=True))
        while True:
            self._price_all()
            before = dict(self.reach)
            if self.economy.world.rules.levelling:
                self._grow_skills()
            if self.reach == before:
                break

    def _price_all(self) -> None:
        self.price.clear()
        self.how.clear()
        for code in self.economy.order:
            if code in self.banned:
                continue
            best = _INFINITE
            for source in self.economy.sources[code]:
                price = self._price_of(source)
                if price < best:
                    best = price
                    self.how[code] = source
            if best == _INFINITE and (code in self.hero.bag or code in self.hero.slots):
                best, self.how[code] = 0.0, Source("stock", code)
            if best < _INFINITE:
                self.price[code] = best

    def _price_of(self, source: Source) -> float:
        """Price of one unit from a source, infinite if it is out of reach."""
        data = self.economy.data
        if source.way == "buy":
            return _BUY_CALLS
        if source.way == "fight":
            access = self.beatable.get(source.code)
            return _INFINITE if access is None else 1 / source.units + access * _TRAIN_SHARE
        if source.way == "gather":
            spot = data.resources[source.code]
            if self.reach[spot.skill] < spot.level:
                return _INFINITE
            return 1 / source.units + _TRAIN_SHARE * self._training(spot.skill, spot.level)
        recipe = data.items[source.code].craft
        if recipe is None or self.reach[recipe.skill] < recipe.level:
            return _INFINITE
        return sum((self.price.get(part, _INFINITE) * units for part, units in recipe.items), start=_CRAFT_CALLS)

    def _training(self, skill: str, level: int) -> float:
        """Actions of 50 experience that lead a skill to a level."""
        return xp_to(self.hero, skill, level) / XP

    def _grow_skills(self) -> None:
        """Raise `reach` by one round of experience from everything that is in reach."""
        data = self.economy.data
        for spot in data.resources.values():
            if spot.level <= self.reach[spot.skill] and data.places("resource", spot.code):
                self._raise(spot.skill, spot.level)
        for code, source in self.how.items():
            recipe = data.items[code].craft
            if source.way == "craft" and recipe is not None:
                self._raise(recipe.skill, recipe.level)

    def _raise(self, skill: str, action_level: int) -> None:
        self.reach[skill] = max(self.reach[skill], min(MAX_LEVEL, action_level + XP_SPAN + 1))

    def needs(self, code: str) -> tuple[Need, ...]:
        """What has to come before an item can be had, through all its ingredients, each once."""
        known = self._needs.get(code)
        if known is None:
            known = self._needs[code] = self._find_needs(code)
        return known

    def _find_needs(self, code: str) -> tuple[Need, ...]:
        source, data = self.how.get(code), self.economy.data
        if source is None or source.way in ("buy", "stock"):
            return ()
        if source.way == "fight":
            return (Need("monster", source.code),)
        if source.way == "gather":
            spot = data.resources[source.code]
            return (Need("skill", spot.skill, spot.level),) if self.hero.skill(spot.skill) < spot.level else ()
        recipe = data.items[code].craft
        if recipe is None:
            return ()
        # In a dict and not in a set: prices are sums over this, and sums of floats depend on the order.
        found = dict.fromkeys([Need("skill", recipe.skill, recipe.level)] if self.hero.skill(recipe.skill) < recipe.level else [])
        for part, _ in recipe.items:
            found.update(dict.fromkeys(self.needs(part)))
        return tuple(found)

    def price_for(self, code: str, units: int) -> float:
        """Price of so many units more than the bag holds, with what has to come first; infinite if they cannot be had."""
        if code not in self.price or self.how[code].way == "stock":
            return _INFINITE
        return self.price[code] * units + sum(self._price_of_need(need) for need in self.needs(code))

    def _price_of_need(self, need: Need) -> float:
        if need.kind == "monster":
            return self.beatable[need.code]
        return self._training(need.code, need.level)

    def trainers(self, skill: str) -> Sequence[tuple[float, Source]]:
        """Ways to gain experience in a skill at its present level, the cheapest per point first."""
        level, data = self.hero.skill(skill), self.economy.data
        found = [
            (1 / XP, Source("gather", spot.code))
            for spot in data.resources.values()
            if spot.skill == skill and spot.level <= level <= spot.level + XP_SPAN and data.places("resource", spot.code)
        ]
        for code, source in self.how.items():
            recipe = data.items[code].craft if source.way == "craft" else None
            if recipe is None or recipe.skill != skill or not recipe.level <= level <= recipe.level + XP_SPAN:
                continue
            if all(need.kind == "monster" and not self.beatable[need.code] for need in self.needs(code)):
                found.append((self.price_for(code, 1) / CRAFT_XP, source))
        return sorted(found, key=lambda entry: entry[0])


def xp_to(hero: HeroState, skill: str, level: int) -> int:
    """Experience that a hero still needs in a skill until it has that level; 0 if it has."""
    index = SKILL_INDEX[skill]
    now = hero.skills[index]
    if now >= level:
        return 0
    return hero.skill_max_xp[index] - hero.skill_xp[index] + sum(skill_max_xp(step) for step in range(now + 1, level))
