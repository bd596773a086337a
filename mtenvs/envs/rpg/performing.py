"""From a step to the next call: walks there, makes room in the bag, changes gear, and notices when a step cannot go on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mtenvs.envs.rpg.economy import xp_to
from mtenvs.envs.rpg.frontier import in_place, own_outfit
from mtenvs.envs.rpg.plan import Call
from mtenvs.envs.rpg.records import CONSUMABLE_SLOTS
from mtenvs.envs.rpg.shopping import recipe_of
from mtenvs.envs.rpg.state import SLOT_INDEX
from mtenvs.envs.rpg.steps import Beat, Buy, Collect, Grow, Make, Train, Wear
from mtenvs.envs.rpg.world import XP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mtenvs.envs.rpg.economy import Economy
    from mtenvs.envs.rpg.gear_search import Outfit
    from mtenvs.envs.rpg.state import HeroState
    from mtenvs.envs.rpg.steps import Step


class LookAgainError(Exception):
    """The state is not what the step counts on: plan anew."""


class Performer:
    """Carries one step after the other out, one call at a time.

    Args:
        economy: the world as the hero knows it.
        many: several units in one call, of whatever it is; False does everything one by one.

    Attributes:
        guard: item -> units that are never thrown away, beside what a step itself keeps.
    """

    def __init__(self, economy: Economy, *, many: bool = True) -> None:
        self.economy, self.many = economy, many
        self.world, self.data = economy.world, economy.data
        self.guard: Mapping[str, int] = {}
        self._left = 0
        self._dress: dict[str, Outfit] = {}

    def begin(self, step: Step) -> None:
        """Get ready for a new step."""
        self._left = step.units if isinstance(step, (Make, Buy)) else 1

    def next(self, step: Step, hero: HeroState) -> Call | None:
        """The next call of a step in a state; None when nothing is left to do in it.

        Raises:
            LookAgainError: the step cannot go on.
        """
        call: Call | None = None
        if isinstance(step, Collect):
            call = self._collect(step, hero)
        elif isinstance(step, Train):
            if lacking := xp_to(hero, step.skill, step.level):
                call = self._gather(step.spot, math.ceil(lacking / XP), hero, step.keep)
        elif isinstance(step, Grow):
            if hero.level < step.level:
                call = self._fight(step.monster, hero, step.keep)
        elif isinstance(step, Wear):
            call = self._wear(step.outfit, hero, step.keep)
        elif self._left > 0:
            call = self._counted(step, hero)
        return call

    def _counted(self, step: Make | Buy | Beat, hero: HeroState) -> Call:
        """The next call of a step whose end does not show in the state."""
        if isinstance(step, Beat):
            call = self._fight(step.monster, hero, step.keep)
            self._left -= call.name == "fight"
            return call
        units = self._left if self.many else 1
        call = self._make(step, units, hero) if isinstance(step, Make) else self._buy(step, units, hero)
        self._left -= units if call.name in ("craft", "buy") else 0
        return call

    # -- kinds of steps ------------------------------------------------------------------------------------------------

    def _collect(self, step: Collect, hero: HeroState) -> Call | None:
        lacking = {code: units - hero.bag.get(code, 0) for code, units in step.wants.items() if hero.bag.get(code, 0) < units}
        if not lacking:
            return None
        if step.way == "fight":
            return self._fight(step.code, hero, step.keep)
        each = self.economy.yields("gather", step.code)
        return self._gather(step.code, max(math.ceil(units / each[code]) for code, units in lacking.items()), hero, step.keep)

    def _gather(self, spot: str, times: int, hero: HeroState, keep: Mapping[str, int]) -> Call:
        resource = self.world.data.resources[spot]
        if hero.skill(resource.skill) < resource.level:
            raise LookAgainError
        most = self.economy.most_units[spot]
        before = self._go("resource", spot, hero) or self._make_room(most, hero, keep)
        if before is not None:
            return before
        limit = self.world.rules.inventory_limit
        if limit is not None:
            if hero.load >= limit:
                raise LookAgainError
            times = min(times, max(1, (limit - hero.load) // max(1, most)))
        return Call("gather", (times if self.many else 1,))

    def _fight(self, monster: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        if not self.world.preview(hero, monster).won:
            return self._dress_for(monster, hero, keep)
        before = self._go("monster", monster, hero) or self._make_room(self.economy.most_units[monster], hero, keep)
        return before or Call("fight")

    def _make(self, step: Make, units: int, hero: HeroState) -> Call:
        recipe = recipe_of(self.economy, step.code)
        for part, each in recipe.items:
            if hero.bag.get(part, 0) < each * self._left:
                return self._strip(part, hero, step.keep)
        if hero.skill(recipe.skill) < recipe.level:
            raise LookAgainError
        growth = 1 - sum(each for _, each in recipe.items)  # above 0 only for recipes without ingredients
        before = self._go("workshop", recipe.skill, hero) or self._make_room(max(0, growth * units), hero, step.keep)
        return before or Call("craft", (step.code, units))

    def _buy(self, step: Buy, units: int, hero: HeroState) -> Call:
        places = self.data.exchanges
        if not places:
            raise LookAgainError
        before = None if hero.pos in places else Call("move", places[0])
        return before or self._make_room(units, hero, step.keep) or Call("buy", (step.code, units))

    # -- gear ----------------------------------------------------------------------------------------------------------

    def _dress_for(self, monster: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        """The next change towards an outfit out of what the hero has that beats a monster."""
        have = {*hero.slots, *hero.bag}
        if monster not in self._dress or not have.issuperset(self._dress[monster].slots.values()):
            outfit = own_outfit(self.economy, hero, self.data.monsters[monster])
            if outfit is None:
                raise LookAgainError
            self._dress[monster] = outfit
        change = self._wear(self._dress[monster], hero, keep)
        if change is None:
            # It is on and the fight is lost all the same: the choice is out of date.
            del self._dress[monster]
            raise LookAgainError
        return change

    def _wear(self, outfit: Outfit, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """The next change towards an outfit; None when it is on."""
        wanted = in_place(outfit.slots, hero)
        for slot, code in wanted.items():
            worn = hero.worn(slot)
            if worn == code:
                continue
            if worn:
                return self._unequip(slot, hero, keep)
            if code in hero.bag:
                return Call("equip", (slot, code, 1))
            if code not in hero.slots:
                raise LookAgainError
        return self._eat(outfit, hero, keep) or self._take_off_harmful(wanted, hero, keep)

    def _take_off_harmful(self, wanted: Mapping[str, str], hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """Other gear may stay on as long as nothing about it is bad."""
        for slot in SLOT_INDEX:
            if slot not in wanted and slot not in CONSUMABLE_SLOTS and hero.worn(slot):
                item = self.world.data.items[hero.worn(slot)]
                if any(effect.value < 0 for effect in item.effects):
                    return self._unequip(slot, hero, keep)
        return None

    def _eat(self, outfit: Outfit, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """Put the consumables of an outfit into their slots."""
        free = list(CONSUMABLE_SLOTS)
        missing: list[tuple[str, int]] = []
        for code, units in outfit.meals:
            there = next((slot for slot in free if hero.worn(slot) == code), None)
            if there is None:
                missing.append((code, units))
                continue
            free.remove(there)
            if hero.quantity(there) < units:
                return self._fill(there, code, units - hero.quantity(there), hero)
        for slot, (code, units) in zip(free, missing, strict=False):
            return self._unequip(slot, hero, keep) if hero.worn(slot) else self._fill(slot, code, units, hero)
        return None

    def _fill(self, slot: str, code: str, units: int, hero: HeroState) -> Call:
        if hero.bag.get(code, 0) < units:
            raise LookAgainError
        return Call("equip", (slot, code, units if self.many else 1))

    def _strip(self, code: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        """Take off a worn item that a recipe needs."""
        for slot, worn in zip(SLOT_INDEX, hero.slots, strict=True):
            if worn == code:
                return self._unequip(slot, hero, keep)
        raise LookAgainError

    def _unequip(self, slot: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        units = hero.quantity(slot) if self.many else 1
        return self._make_room(units, hero, keep) or Call("unequip", (slot, units))

    # -- the way there -------------------------------------------------------------------------------------------------

    def _go(self, kind: str, code: str, hero: HeroState) -> Call | None:
        """The move to the first place of that kind; None if the hero stands at one."""
        places = self.data.places(kind, code)
        if not places:
            raise LookAgainError
        return None if hero.pos in places else Call("move", places[0])

    def _make_room(self, units: int, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """Throw away what is not kept if there is no room for so many units; None if there is, or nothing to throw."""
        limit = self.world.rules.inventory_limit
        if limit is None or limit - hero.load >= units:
            return None
        junk = {code: have - max(keep.get(code, 0), self.guard.get(code, 0)) for code, have in hero.bag.items()}
        worst = max(junk, key=lambda code: (junk[code], code), default="")
        return Call("delete", (worst, junk[worst] if self.many else 1)) if worst and junk[worst] > 0 else None
