"""The oracle: solves any task by planning, and plans anew wherever the world turns out otherwise.

`HeroOracle.next` gives one call at a time for the state that it is shown; `solve` lets it play on a copy of the world and
keeps its calls as a `Plan` that has been replayed to success. Nothing is drawn at random: the same states give the same calls.
"""

from __future__ import annotations

import copy
import math
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.envs.rpg.data import CONSUMABLE_SLOTS
from mtenvs.envs.rpg.economy import xp_to
from mtenvs.envs.rpg.frontier import in_place, own_outfit
from mtenvs.envs.rpg.plan import Call, Plan, badly_dressed, near_miss
from mtenvs.envs.rpg.planner import Planner
from mtenvs.envs.rpg.scoring import Event, Scorer
from mtenvs.envs.rpg.shopping import recipe_of
from mtenvs.envs.rpg.state import SLOT_INDEX, HeroState
from mtenvs.envs.rpg.steps import Buy, Collect, Grow, Make, Train, Wear
from mtenvs.envs.rpg.world import XP, HeroWorld, Rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mtenvs.envs.rpg.data import Position, WorldData
    from mtenvs.envs.rpg.gear_search import Outfit
    from mtenvs.envs.rpg.spec import HeroTask
    from mtenvs.envs.rpg.steps import Step

__all__ = ["Call", "HeroOracle", "Plan", "badly_dressed", "near_miss", "plan_length", "solve"]

MAX_CALLS: Final = 20_000  # longer plans are given up
_LOOKS: Final = 8  # plans in a row that lead to no call; then there is no way on


class _LookAgainError(Exception):
    """The state is not what the steps count on: plan anew."""


class HeroOracle:
    """Solves a task call by call, from whatever state it is shown.

    Args:
        world: the world; only its data and rules are used, never its random stream.
        task: the task.
        thorough: also collect every milestone of a perfect run, and prefer the reference outfit; False takes the shortest way.
        many: gather, craft and buy several units in one call; False does everything one by one.

    Attributes:
        done: the last call given reaches the goal.
        failed: there is no way to the goal.
    """

    def __init__(self, world: HeroWorld, task: HeroTask, *, thorough: bool = True, many: bool = True) -> None:
        self.world, self.task, self.many = world, task, many
        self.planner = Planner(world, task, thorough=thorough)
        self.done = self.failed = False
        self._steps: deque[Step] = deque()
        self._seen: set[Event] = set()
        self._bag_before: dict[str, int] | None = None
        self._left = 0
        self._dress: dict[str, Outfit] = {}

    @property
    def outfit(self) -> Mapping[str, str]:
        """The gear chosen for the task's fight, slot -> code; empty as long as there is none."""
        return self.planner.goal_outfit

    def next(self, hero: HeroState) -> Call | None:
        """The call to make in a state; None when the goal has been reached (``done``) or cannot be (``failed``)."""
        self._note_gathered(hero)
        for _ in range(_LOOKS):
            if self.done:
                return None
            if not self._steps:
                steps = self.planner.steps(hero, self._seen)
                if not steps:
                    break
                self._start(steps)
            try:
                call = self._call(hero)
            except _LookAgainError:
                self._steps.clear()
                continue
            if call is not None:
                self._bag_before = dict(hero.bag) if call.name == "gather" else None
                return call
        self.failed = True
        return None

    def _start(self, steps: list[Step]) -> None:
        self._steps = deque(steps)
        self._left = _units(self._steps[0])

    def _advance(self) -> None:
        self._steps.popleft()
        self._left = _units(self._steps[0]) if self._steps else 0

    def _call(self, hero: HeroState) -> Call | None:
        """The next call of the present steps; None when they are at their end."""
        while self._steps and not self.done:
            call = self._of_step(self._steps[0], hero)
            if call is not None:
                return call
            self._advance()
        return None

    def _of_step(self, step: Step, hero: HeroState) -> Call | None:
        """The next call of one step; None when there is nothing left to do in it."""
        if isinstance(step, Collect):
            return self._collect(step, hero)
        if isinstance(step, Make):
            return self._make(step, hero)
        if isinstance(step, Buy):
            return self._buy(step, hero)
        if isinstance(step, Train):
            lacking = xp_to(hero, step.skill, step.level)
            return self._gather(step.spot, math.ceil(lacking / XP), hero, step.keep) if lacking else None
        if isinstance(step, Wear):
            return self._wear(step.outfit, hero, step.keep)
        if isinstance(step, Grow):
            return self._fight(step.monster, hero, step.keep) if hero.level < step.level else None
        if self._left == 0:
            return None
        call = self._fight(step.monster, hero, step.keep)
        if call.name == "fight":
            self._left = 0
            self.done = self.task.kind == "kill" and step.monster == self.task.target
        return call

    # -- kinds of steps ------------------------------------------------------------------------------------------------

    def _collect(self, step: Collect, hero: HeroState) -> Call | None:
        lacking = {code: units - hero.bag.get(code, 0) for code, units in step.wants.items() if hero.bag.get(code, 0) < units}
        if not lacking:
            return None
        if step.way == "fight":
            return self._fight(step.code, hero, step.keep)
        each = self.planner.economy.yields("gather", step.code)
        return self._gather(step.code, max(math.ceil(units / each[code]) for code, units in lacking.items()), hero, step.keep)

    def _gather(self, spot: str, times: int, hero: HeroState, keep: Mapping[str, int]) -> Call:
        resource = self.world.data.resources[spot]
        if hero.skill(resource.skill) < resource.level:
            raise _LookAgainError
        moved = self._go("resource", spot, hero)
        if moved is not None:
            return moved
        most = self.planner.economy.most_units[spot]
        thrown = self._make_room(most, hero, keep)
        if thrown is not None:
            return thrown
        limit = self.world.rules.inventory_limit
        if limit is not None:
            if hero.load >= limit:
                raise _LookAgainError
            times = min(times, max(1, (limit - hero.load) // max(1, most)))
        return Call("gather", (times if self.many else 1,))

    def _fight(self, monster: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        if not self.world.preview(hero, monster).won:
            change = self._dress_for(monster, hero, keep)
            if change is None:
                raise _LookAgainError
            return change
        moved = self._go("monster", monster, hero)
        if moved is not None:
            return moved
        thrown = self._make_room(self.planner.economy.most_units[monster], hero, keep)
        if thrown is not None:
            return thrown
        self._seen.add(Event("won", monster))
        return Call("fight")

    def _dress_for(self, monster: str, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """The next change towards an outfit of the hero's own that beats a monster; None if he has none."""
        have = {*hero.slots, *hero.bag}
        if monster not in self._dress or not have.issuperset(self._dress[monster].slots.values()):
            outfit = own_outfit(self.planner.economy, hero, self.planner.data.monsters[monster])
            if outfit is None:
                return None
            self._dress[monster] = outfit
        return self._wear(self._dress[monster], hero, keep)

    def _make(self, step: Make, hero: HeroState) -> Call | None:
        if self._left <= 0:
            return None
        recipe = recipe_of(self.planner.economy, step.code)
        lacking = {part: each * self._left - hero.bag.get(part, 0) for part, each in recipe.items}
        for part, units in lacking.items():
            if units > 0:
                return self._strip(part, hero, step.keep)
        if hero.skill(recipe.skill) < recipe.level:
            raise _LookAgainError
        moved = self._go("workshop", recipe.skill, hero)
        if moved is not None:
            return moved
        growth = 1 - sum(each for _, each in recipe.items)
        if growth > 0:
            thrown = self._make_room(growth * self._left, hero, step.keep)
            if thrown is not None:
                return thrown
        units = self._left if self.many else 1
        self._left -= units
        self._seen.add(Event("made", step.code))
        if self.task.kind == "craft" and step.code == self.task.target:
            self.done = True
        return Call("craft", (step.code, units))

    def _buy(self, step: Buy, hero: HeroState) -> Call | None:
        if self._left <= 0:
            return None
        units = self._left if self.many else 1
        thrown = self._make_room(units, hero, step.keep)
        if thrown is not None:
            return thrown
        places = self.planner.data.exchanges
        if not places:
            raise _LookAgainError
        if hero.pos not in places:
            return Call("move", places[0])
        self._left -= units
        self._seen.add(Event("bought", step.code))
        return Call("buy", (step.code, units))

    def _strip(self, code: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        """Take off a worn item that a recipe needs."""
        for slot, worn in zip(SLOT_INDEX, hero.slots, strict=True):
            if worn == code:
                return self._make_room(1, hero, keep) or Call("unequip", (slot, 1))
        raise _LookAgainError

    def _wear(self, outfit: Outfit, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """The next change towards an outfit; None when it is on."""
        wanted = in_place(outfit.slots, hero)
        changes = [(slot, code) for slot, code in wanted.items() if hero.worn(slot) != code]
        for slot, code in changes:
            if hero.worn(slot):
                return self._unequip(slot, hero, keep)
            if code in hero.bag:
                self._seen.add(Event("worn", code))
                return Call("equip", (slot, code, 1))
            self._need_worn_elsewhere(code, hero)
        meals = self._eat(outfit, hero, keep)
        if meals is not None:
            return meals
        for slot in SLOT_INDEX:
            # Something else that is worn may only stay if it does not spoil the fight.
            if slot not in wanted and slot not in CONSUMABLE_SLOTS and hero.worn(slot) and self._spoils(slot, hero):
                return self._unequip(slot, hero, keep)
        return None

    def _need_worn_elsewhere(self, code: str, hero: HeroState) -> None:
        if code not in hero.slots:
            raise _LookAgainError

    def _spoils(self, slot: str, hero: HeroState) -> bool:
        item = self.world.data.items[hero.worn(slot)]
        return any(effect.value < 0 for effect in item.effects)

    def _unequip(self, slot: str, hero: HeroState, keep: Mapping[str, int]) -> Call:
        quantity = hero.quantity(slot)
        return self._make_room(quantity, hero, keep) or Call("unequip", (slot, quantity))

    def _eat(self, outfit: Outfit, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """Put the consumables of an outfit into their slots."""
        open_slots = list(CONSUMABLE_SLOTS)
        missing: list[tuple[str, int]] = []
        for code, units in outfit.meals:
            there = next((slot for slot in open_slots if hero.worn(slot) == code), None)
            if there is not None:
                open_slots.remove(there)
                lacking = units - hero.quantity(there)
                if lacking > 0:
                    return self._fill(there, code, lacking, hero)
            else:
                missing.append((code, units))
        for slot, (code, units) in zip(open_slots, missing, strict=False):
            return self._unequip(slot, hero, keep) if hero.worn(slot) else self._fill(slot, code, units, hero)
        return None

    def _fill(self, slot: str, code: str, units: int, hero: HeroState) -> Call:
        if hero.bag.get(code, 0) < units:
            raise _LookAgainError
        return Call("equip", (slot, code, units))

    # -- the way there -------------------------------------------------------------------------------------------------

    def _go(self, kind: str, code: str, hero: HeroState) -> Call | None:
        """The move to the first place of that kind; None if the hero stands at one."""
        places: tuple[Position, ...] = self.planner.data.places(kind, code)
        if not places:
            raise _LookAgainError
        return None if hero.pos in places else Call("move", places[0])

    def _make_room(self, units: int, hero: HeroState, keep: Mapping[str, int]) -> Call | None:
        """Throw away what is not kept if there is no room for so many units; None if there is, or nothing to throw."""
        limit = self.world.rules.inventory_limit
        if limit is None or limit - hero.load >= units:
            return None
        guard = self.planner.guard
        kept = {code: max(keep.get(code, 0), guard.get(code, 0)) for code in hero.bag}
        junk = {code: have - kept[code] for code, have in hero.bag.items() if have > kept[code]}
        if not junk:
            return None
        worst = max(junk, key=lambda code: (junk[code], code))
        return Call("delete", (worst, junk[worst]))

    def _note_gathered(self, hero: HeroState) -> None:
        """Remember which raw materials the last gathering brought."""
        if self._bag_before is not None:
            before = self._bag_before
            self._seen.update(Event("gathered", code) for code, units in hero.bag.items() if units > before.get(code, 0))
            self._bag_before = None


def _units(step: Step) -> int:
    return step.units if isinstance(step, (Make, Buy)) else 1


def solve(
    world: HeroWorld,
    task: HeroTask,
    state: HeroState | None = None,
    *,
    thorough: bool = True,
    many: bool | None = None,
    max_calls: int = MAX_CALLS,
) -> Plan | None:
    """A plan that solves a task, proven by replaying it.

    Args:
        world: the world; it is not changed, and a copy of its random stream decides what drops.
        task: the task.
        state: where to start; the task's start by default. It is not changed.
        thorough: also collect every milestone of a perfect run; False takes the shortest way.
        many: several units per call; by default only where nothing is random, because a single roll for many units is
            another one than many single rolls.
        max_calls: longer plans are given up.

    Returns:
        The plan, or None if there is no way or it is too long.
    """
    start = state if state is not None else HeroState.from_start(task.start, world.data)
    twin, hero = _twin(world), start.copy()
    oracle = HeroOracle(twin, task, thorough=thorough)
    dice = oracle.planner.economy.dice
    oracle.many = not dice if many is None else many
    scorer = Scorer(task, world.data, official=False)
    calls: list[Call] = []
    milestones: dict[str, None] = {}
    for call in _calls(oracle, hero):
        if len(calls) >= max_calls:
            return None
        calls.append(call)
        result = call.apply(twin, hero)
        if not result.ok:
            return None
        reward = scorer.reward
        scorer.observe(result)
        if scorer.reward > reward:
            milestones.update(dict.fromkeys(name for name, reached in scorer.checkpoints().items() if reached))
    if not scorer.result().success:
        return None
    return Plan(tuple(calls), dict(oracle.outfit), tuple(milestones), dice)


def _calls(oracle: HeroOracle, hero: HeroState) -> Iterator[Call]:
    while (call := oracle.next(hero)) is not None:
        yield call


def _twin(world: HeroWorld) -> HeroWorld:
    return HeroWorld(world.data, world.rules, copy.deepcopy(world.rng))


def plan_length(data: WorldData, task: HeroTask) -> int | None:
    """Length in primitive actions of a plan that solves a task under its own rules; None if there is none.

    This is the solver that `generate_tasks` wants; with drop rates it is the length of one fixed lucky line.
    """
    world = HeroWorld(data, Rules.for_task(task.rules), np.random.default_rng(0))
    plan = solve(world, task)
    return None if plan is None else plan.primitive_steps
