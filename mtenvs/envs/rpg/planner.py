"""What to do next, and next, towards a task's goal: chooses the outfit, the order of hunts, the training.

The planner looks at a state and gives the steps up to the next point at which it must look again (a skill trained, gear for
a hunt won); the last list of steps ends with the goal. It plans with what the task lists, knows nothing of the past but the
milestones already seen, and draws nothing at random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mtenvs.envs.rpg.economy import XP_SPAN, Economy
from mtenvs.envs.rpg.frontier import Beaten, Frontier
from mtenvs.envs.rpg.gear_search import GEAR_SLOTS, Outfit
from mtenvs.envs.rpg.scoring import Event, Milestones
from mtenvs.envs.rpg.state import HP_PER_LEVEL, MAX_LEVEL
from mtenvs.envs.rpg.steps import Beat, Buy, Collect, Grow, Make, Wear
from mtenvs.envs.rpg.works import Works

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.spec import HeroTask
    from mtenvs.envs.rpg.state import HeroState
    from mtenvs.envs.rpg.steps import Step
    from mtenvs.envs.rpg.world import HeroWorld

_BANS: Final = 6  # times that an outfit is given up because something in it has run out for good


class Planner:
    """Plans for one task in one world.

    Args:
        world: the rules and the whole world.
        task: the task.
        thorough: collect every milestone of a perfect run on the way and prefer the task's reference outfit; False goes
            for the goal alone, in the cheapest outfit.

    Attributes:
        guard: item -> units that must not be thrown away during the last steps given.
    """

    def __init__(self, world: HeroWorld, task: HeroTask, *, thorough: bool = True) -> None:
        self.world, self.task, self.thorough = world, task, thorough
        self.data = _known_world(world.data, task)
        self.economy = Economy(world, self.data)
        self.ideal = Milestones.of(task, world.data).ideal if thorough else ()
        self.reference = _reference(task) if thorough else None
        self.guard: Mapping[str, int] = {}
        self._goal: Outfit | None = None
        self._grow_to = 0
        self._remembered: dict[str, Outfit] = {}

    def steps(self, hero: HeroState, seen: Collection[Event] = ()) -> list[Step] | None:
        """The steps from a state to the next point of looking again; None when the goal cannot be reached."""
        if self.task.kind == "craft":
            return self._towards_craft(hero, seen)
        return self._towards_kill(hero, seen)

    @property
    def goal_outfit(self) -> Mapping[str, str]:
        """The gear chosen for the task's fight; empty as long as there is none."""
        return {} if self._goal is None else self._goal.slots

    # -- goals ---------------------------------------------------------------------------------------------------------

    def _towards_craft(self, hero: HeroState, seen: Collection[Event]) -> list[Step] | None:
        frontier = Frontier(self.economy, hero, (), self._remembered)
        target = self.task.target
        while target not in frontier.survey.how or frontier.survey.how[target].way != "craft":
            if target not in self.data.items or not frontier.widen():
                return None
        steps, whole, self.guard, _ = Works(self.economy, frontier).craft(target, self._fresh(seen))
        if whole and steps:
            goal = steps.pop()  # the goal itself comes after every other milestone
            steps += [*self._extras(frontier, steps, seen, None), goal]
        return steps

    def _towards_kill(self, hero: HeroState, seen: Collection[Event]) -> list[Step] | None:
        if not self.data.places("monster", self.task.target):
            return None
        if hero.level < self._grow_to:
            return self._growth(hero)
        banned: set[str] = set()
        for _ in range(_BANS):
            frontier = Frontier(self.economy, hero, banned, self._remembered)
            aim = self._way_to_beat(frontier, self.task.target)
            if aim is None:
                break
            steps, whole, self.guard, stuck = Works(self.economy, frontier).outfit(aim, self._fresh(seen))
            if steps is not None:
                self._goal = aim.outfit
                if whole:
                    steps.append(Wear(aim.outfit, self.guard))
                    steps += self._extras(frontier, steps, seen, aim.outfit)
                    steps.append(Beat(self.task.target, self.guard))
                return steps
            banned.add(self._dearest(stuck, frontier))
        return self._growth(hero)

    def _way_to_beat(self, frontier: Frontier, code: str) -> Beaten | None:
        """The outfit for a monster: the one chosen before, else the reference, else the cheapest, else one with consumables."""
        monster = self.data.monsters[code]
        if self.reference is None and code in frontier.known:
            return frontier.known[code]
        preferred = [outfit for outfit in (self._goal, self.reference) if outfit is not None]
        while True:
            for wanted in preferred:
                outfit = frontier.as_wanted(wanted, monster)
                if outfit is not None:
                    return Beaten(outfit, frontier.survey)
            if not self._may_come(frontier):
                outfit = frontier.search.find(monster)
                if outfit is not None:
                    return Beaten(outfit, frontier.survey)
            if not frontier.widen():
                break
        outfit = frontier.search.find(monster) or frontier.outfit_with_meals(monster)
        return None if outfit is None else Beaten(outfit, frontier.survey)

    def _may_come(self, frontier: Frontier) -> bool:
        """Whether the reference outfit is only waiting for a later stage."""
        pieces = self.reference.slots.values() if self.reference is not None else ()
        return any(code not in frontier.survey.price and not frontier.owned[code] for code in pieces)

    def _dearest(self, gear: Collection[str], frontier: Frontier) -> str:
        """The dearest new piece: the next try does without it."""
        new = [code for code in gear if not frontier.owned[code]] or list(gear)
        return max(new, key=lambda code: (frontier.survey.price_for(code, 1), code))

    def _growth(self, hero: HeroState) -> list[Step] | None:
        """Steps towards a higher character level, the lowest at which the goal is in reach."""
        if not self.world.rules.levelling or hero.level >= MAX_LEVEL:
            return None
        if self._grow_to <= hero.level:
            low, high = hero.level + 1, MAX_LEVEL
            if self._at_level(hero, high) is None:
                return None
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if self._at_level(hero, middle) is not None else (middle + 1, high)
            self._grow_to = low
        frontier = Frontier(self.economy, hero, (), self._remembered)
        while not (prey := self._prey(frontier)):
            if not frontier.widen():
                return None
        aim = frontier.known[prey]
        steps, _, self.guard, _ = Works(self.economy, frontier).outfit(aim, ())
        if aim.survey is None:
            until = min(self._grow_to, self.data.monsters[prey].level + XP_SPAN + 1)
            steps = [Grow(until, prey, self.guard)]
        return steps

    def _prey(self, frontier: Frontier) -> str:
        """The monster to fight for experience: one that falls to the hero's own gear, else the one that is cheapest to beat."""
        monsters = self.data.monsters
        worth = [code for code in frontier.known if frontier.hero.level <= monsters[code].level + XP_SPAN]
        ready = [code for code in worth if frontier.known[code].survey is None]
        if ready:
            return max(ready, key=lambda code: (monsters[code].level, code))
        return min(worth, key=lambda code: (frontier.known[code].outfit.price, code), default="")

    def _at_level(self, hero: HeroState, level: int) -> Beaten | None:
        grown = hero.copy()
        grown.stats = (hero.stats[0] + HP_PER_LEVEL * (level - hero.level), *hero.stats[1:])
        grown.level = level
        return self._way_to_beat(Frontier(self.economy, grown), self.task.target)

    # -- milestones ----------------------------------------------------------------------------------------------------

    def _fresh(self, seen: Collection[Event]) -> set[str]:
        """What a perfect run makes or gathers and the hero has not yet."""
        return {event.code for event in self.ideal if event.kind in ("made", "gathered") and event not in seen}

    def _extras(self, frontier: Frontier, steps: list[Step], seen: Collection[Event], outfit: Outfit | None) -> list[Step]:
        """What a perfect run does beside these steps, as far as it can be done now."""
        done = {event for step in steps for event in self._events(step)} | set(seen)
        extras: list[Step] = []
        for event in self.ideal:
            if event in done or event == Event("won", self.task.target):
                continue
            kind, code = event
            if kind == "won" and self._falls(code, frontier, outfit):
                extras.append(Beat(code, self.guard))
            elif kind == "gathered" and (spot := self._open_spot(code, frontier.hero)):
                extras.append(Collect("gather", spot, {code: frontier.hero.bag.get(code, 0) + 1}, self.guard))
            elif kind == "bought" and self.economy.sells(code):
                extras.append(Buy(code, 1, self.guard))
        return extras

    def _falls(self, monster: str, frontier: Frontier, outfit: Outfit | None) -> bool:
        """Whether the hero beats a monster in the outfit that he is about to wear, or in what he has."""
        if not self.data.places("monster", monster):
            return False
        if outfit is not None:
            return frontier.search.wins(outfit.slots, self.data.monsters[monster])
        return monster in frontier.known and frontier.known[monster].survey is None

    def _open_spot(self, code: str, hero: HeroState) -> str:
        """A spot for a raw material at which the hero can work now; "" if there is none."""
        spots = [self.data.resources[source.code] for source in self.economy.sources.get(code, ()) if source.way == "gather"]
        return next((spot.code for spot in spots if hero.skill(spot.skill) >= spot.level), "")

    def _events(self, step: Step) -> Iterator[Event]:
        """The milestones that a step is sure to reach."""
        if isinstance(step, Collect):
            yield from (Event("gathered" if step.way == "gather" else "got", code) for code in step.wants)
            if step.way == "fight":
                yield Event("won", step.code)
            elif not self.economy.dice:
                yield from (Event("gathered", drop.code) for drop in self.world.data.resources[step.code].drops)
        elif isinstance(step, Make):
            yield Event("made", step.code)
        elif isinstance(step, Buy):
            yield Event("bought", step.code)
        elif isinstance(step, Beat):
            yield Event("won", step.monster)


def _reference(task: HeroTask) -> Outfit | None:
    """The outfit that a task has in mind."""
    if task.kind != "kill" or not task.missing:
        return None
    return Outfit({slot: code for slot, code in {**task.start.slots, **task.missing}.items() if code and slot in GEAR_SLOTS})


def _known_world(data: WorldData, task: HeroTask) -> WorldData:
    """What the hero is told of the world."""
    if task.items is None and task.monsters is None and task.resources is None and task.locations is None:
        return data
    return data.restricted(items=task.items, monsters=task.monsters, resources=task.resources, locations=task.locations)
