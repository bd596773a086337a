"""The work for having things: hunts, gathering and crafts in order, or what has to come before them.

A hunt for which the hero is not equipped turns into the work for that gear, a recipe or a spot that asks for more skill into
training. Only the first such thing is returned: once it is done, the planner looks again.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from mtenvs.envs.rpg.economy import XP_SPAN, Source, xp_to
from mtenvs.envs.rpg.frontier import worn_gear
from mtenvs.envs.rpg.records import CONSUMABLE_SLOTS
from mtenvs.envs.rpg.shopping import Bill, TightOrder, recipe_of, roomy_steps
from mtenvs.envs.rpg.steps import Train
from mtenvs.envs.rpg.world import CRAFT_XP

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mtenvs.envs.rpg.economy import Economy, Survey
    from mtenvs.envs.rpg.frontier import Beaten, Frontier
    from mtenvs.envs.rpg.gear_search import Outfit
    from mtenvs.envs.rpg.steps import Errand, Step


class Work(NamedTuple):
    """The next steps towards having things.

    Attributes:
        steps: what to do; None when something has run out for good, or there is no way to train.
        whole: whether the things are there after these steps; False: look again then.
        guard: item -> units that must be neither used up nor thrown away before that: the outfits of the goal and of all hunts.
        stuck: the gear that cannot be had after all, where ``steps`` is None.
    """

    steps: list[Step] | None
    whole: bool
    guard: Mapping[str, int]
    stuck: Mapping[str, int] = {}


class Works:
    """Plans work for one hero at one moment.

    Args:
        economy: the world.
        frontier: which monsters he can beat, and how.
    """

    def __init__(self, economy: Economy, frontier: Frontier) -> None:
        self.economy, self.frontier, self.hero = economy, frontier, frontier.hero
        self.limit = economy.world.rules.inventory_limit

    def outfit(self, aim: Beaten, fresh: Collection[str], guard: Mapping[str, int] | None = None) -> Work:
        """The work for an outfit with its consumables.

        Args:
            aim: the outfit, and the survey that it was found with.
            fresh: items of which one is made anew even where the bag holds enough, as far as the recipes need them.
            guard: what has to be guarded for other purposes.
        """
        gear = gear_of(aim.outfit)
        guarded = Counter(guard or {}) | Counter(gear)
        work = self._work(aim.survey or self.frontier.survey, self._lacking(gear), {}, fresh, guarded)
        return work if work.steps is not None or work.stuck else work._replace(stuck=gear)

    def craft(self, code: str, fresh: Collection[str]) -> Work:
        """The work for making one new unit of an item; ``fresh`` as in `outfit`."""
        return self._work(self.frontier.survey, {}, {code: 1}, fresh, Counter())

    def _work(self, survey: Survey, have: Mapping[str, int], make: Mapping[str, int], fresh: Collection[str], guard: Counter[str]) -> Work:
        bill = Bill.of(survey, have, self._stock(guard), make, fresh)
        if bill.short:  # what is worn but not wanted may be an ingredient, too
            bill = Bill.of(survey, have, self._stock(guard, worn=True), make, fresh)
        if bill.short:
            return Work(None, whole=False, guard=guard)
        guarded = guard.copy()
        for monster in bill.monsters():
            guarded |= Counter(gear_of(self.frontier.known[monster].outfit))
        for monster in bill.monsters():
            hunt = self.frontier.known[monster]
            if hunt.survey is not None:
                return self.outfit(hunt, (), guarded)._replace(whole=False)
        for skill, level in bill.skills(self.economy).items():
            if self.hero.skill(skill) < level:
                return Work(self._training(survey, bill, (skill, level), guarded), whole=False, guard=guarded)
        return Work(list(self._ordered(survey, bill, have, make, guarded)), whole=True, guard=guarded)

    def _stock(self, guard: Mapping[str, int], *, worn: bool = False) -> dict[str, int]:
        """What may be used up: the bag and, if asked for, worn gear, without what is guarded."""
        records = self.economy.world.data.items
        there = Counter({code: units for code, units in self.hero.bag.items() if code in records})
        there.update(worn_gear(self.hero).values())
        free = there - Counter(guard)
        return dict(free) if worn else {code: min(units, self.hero.bag.get(code, 0)) for code, units in free.items()}

    def _lacking(self, have: Mapping[str, int]) -> dict[str, int]:
        """What of it is neither worn nor in the bag."""
        there = Counter(worn_gear(self.hero).values())
        there.update(self.hero.bag)
        for slot in CONSUMABLE_SLOTS:
            if self.hero.worn(slot):
                there[self.hero.worn(slot)] += self.hero.quantity(slot)
        return {code: units - there[code] for code, units in have.items() if units > there[code]}

    def _ordered(
        self, survey: Survey, bill: Bill, have: Mapping[str, int], make: Mapping[str, int], guard: Mapping[str, int]
    ) -> Iterator[Errand]:
        """The bill's errands, in the order with few moves if the bag can take it."""
        kept = self._kept(bill, guard)
        spare = max((self.economy.most_units[source.code] for source in bill.raw), default=0)
        if self.limit is None or kept.total() + bill.room() + spare <= self.limit:
            # Hunts in the gear that is worn already come before those for which it has to change.
            bill.raw = dict(sorted(bill.raw.items(), key=lambda entry: self._changes_gear(entry[0])))
            return roomy_steps(self.economy, bill, kept)
        order = TightOrder(survey, bill, kept, self.limit)
        if not order.fits((*have, *make)):
            # What is in the bag already is in the way: begin anew without it.
            anew = Bill.of(survey, have, {}, make)
            if not anew.short:
                order = TightOrder(survey, anew, self._kept(anew, guard), self.limit)
        return order.steps(have, make)

    def _kept(self, bill: Bill, guard: Mapping[str, int]) -> Counter[str]:
        """What of the bag has to stay there."""
        bag = self.hero.bag
        wanted = Counter(guard) + Counter(bill.used)
        return +Counter({code: min(units, bag.get(code, 0)) for code, units in wanted.items()})

    def _changes_gear(self, source: Source) -> bool:
        return source.way == "fight" and self.frontier.known[source.code].outfit.slots != self.frontier.worn

    def _training(self, survey: Survey, bill: Bill, aim: tuple[str, int], guard: Mapping[str, int]) -> list[Step] | None:
        """Steps that raise a skill, not necessarily all the way; what the bill needs anyway is made or gathered first."""
        skill, level = aim
        trainers = [source for _, source in survey.trainers(skill)]
        if not trainers:
            return None
        spots = {source.code for source in bill.raw}
        source = next((source for source in trainers if source.code in spots or source.code in bill.crafts), trainers[0])
        if source.way == "gather":
            keep = self._kept(bill, guard)
            keep.update(bill.raw.get(Source("gather", source.code), {}))
            if self.limit is not None and keep.total() + 2 * self.economy.most_units[source.code] > self.limit:
                keep = Counter(guard)
            until = min(level, self.economy.data.resources[source.code].level + XP_SPAN + 1)
            return [Train(skill, until, source.code, keep)]
        until = min(level, recipe_of(self.economy, source.code).level + XP_SPAN + 1)
        units = math.ceil(xp_to(self.hero, skill, until) / CRAFT_XP)
        if self.limit is not None:
            # What is made stays in the bag until the next look, beside the ingredients of the last of them.
            units = max(1, min(units, (self.limit - self._kept(bill, guard).total()) // 4))
        practice = Bill.of(survey, {}, self._stock(guard), {source.code: units})
        return None if practice.short else list(self._ordered(survey, practice, {}, {source.code: units}, guard))


def gear_of(outfit: Outfit) -> dict[str, int]:
    """Item -> units that an outfit takes, consumables included."""
    return dict(Counter(outfit.slots.values()) + Counter(dict(outfit.meals)))
