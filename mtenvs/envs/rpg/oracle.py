"""The oracle: solves any task by planning, and plans anew wherever the world turns out otherwise.

`HeroOracle.next` gives one call at a time for the state that it is shown; `solve` lets it play on a copy of the world and
keeps its calls as a `Plan` that has been played to success. Nothing is drawn at random: the same states give the same calls.
"""

from __future__ import annotations

import copy
from collections import deque
from typing import TYPE_CHECKING, Final

from mtenvs.envs.rpg.performing import LookAgainError, Performer
from mtenvs.envs.rpg.plan import Call, Plan, badly_dressed, near_miss
from mtenvs.envs.rpg.planner import Planner
from mtenvs.envs.rpg.scoring import Event, Scorer
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.world import HeroWorld

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mtenvs.envs.rpg.spec import HeroTask
    from mtenvs.envs.rpg.steps import Step

__all__ = ["Call", "HeroOracle", "Plan", "badly_dressed", "near_miss", "solve"]

MAX_CALLS: Final = 20_000  # longer plans are given up
_LOOKS: Final = 8  # plans in a row that lead to no call; then there is no way on


class HeroOracle:
    """Solves a task call by call, from whatever state it is shown.

    Args:
        world: the world; only its data and rules are used, never its random stream.
        task: the task.
        thorough: also collect every milestone of a perfect run, and prefer the reference outfit; False takes the shortest way.
        many: several units in one call, of whatever it is; False does everything one by one, as a table of countable actions asks.

    Attributes:
        done: the last call given reaches the goal.
        failed: there is no way to the goal with what the task lists.
    """

    def __init__(self, world: HeroWorld, task: HeroTask, *, thorough: bool = True, many: bool = True) -> None:
        self.world, self.task = world, task
        self.planner = Planner(world, task, thorough=thorough)
        self.performer = Performer(self.planner.economy, many=many)
        self.done = self.failed = False
        self._steps: deque[Step] = deque()
        self._seen: set[Event] = set()
        self._bag_before: dict[str, int] = {}
        self._gathered = False

    @property
    def outfit(self) -> Mapping[str, str]:
        """The gear chosen for the task's fight, slot -> code; empty as long as there is none."""
        return self.planner.goal_outfit

    def next(self, hero: HeroState) -> Call | None:
        """The call to make in a state; None when the goal has been reached (``done``) or cannot be (``failed``).

        Each call is taken to be carried out before the next one is asked for.
        """
        self._note_gathered(hero)
        for _ in range(_LOOKS):
            if self.done or (not self._steps and not self._plan(hero)):
                break
            try:
                call = self._next_of_steps(hero)
            except LookAgainError:
                self._steps.clear()
                continue
            if call is not None:
                return call
        self.failed = not self.done
        return None

    def _plan(self, hero: HeroState) -> bool:
        """Get new steps; False when there are none."""
        steps = self.planner.steps(hero, self._seen)
        if not steps:
            return False
        self._steps = deque(steps)
        self.performer.guard = self.planner.guard
        self.performer.begin(steps[0])
        return True

    def _next_of_steps(self, hero: HeroState) -> Call | None:
        """The next call of the present steps; None when they are at their end."""
        while self._steps:
            step = self._steps[0]
            call = self.performer.next(step, hero)
            if call is not None:
                self._note(call, hero)
                return call
            self._steps.popleft()
            if self._steps:
                self.performer.begin(self._steps[0])
        return None

    def _note(self, call: Call, hero: HeroState) -> None:
        """Remember the milestones that a call is sure to reach, the goal among them."""
        self._gathered = call.name == "gather"
        if self._gathered:
            self._bag_before = dict(hero.bag)
        elif call.name == "fight":
            content = self.world.data.tiles[hero.pos].content
            if content is not None:
                self._seen.add(Event("won", content.code))
                self.done = self.task.kind == "kill" and content.code == self.task.target
        elif call.name in _EVENTS:
            self._seen.add(Event(_EVENTS[call.name], call.arguments["item"]))
            self.done = call.name == "craft" and self.task.kind == "craft" and call.arguments["item"] == self.task.target

    def _note_gathered(self, hero: HeroState) -> None:
        """Remember which raw materials the last gathering brought."""
        if self._gathered:
            before = self._bag_before
            self._seen.update(Event("gathered", code) for code, units in hero.bag.items() if units > before.get(code, 0))
            self._gathered = False


_EVENTS: Final = {"craft": "made", "buy": "bought", "equip": "worn"}


def solve(
    world: HeroWorld,
    task: HeroTask,
    state: HeroState | None = None,
    *,
    thorough: bool = True,
    many: bool | None = None,
    max_calls: int = MAX_CALLS,
) -> Plan | None:
    """A plan that solves a task, proven by playing it.

    Args:
        world: the world; it is not changed, and a copy of its random stream decides what drops.
        task: the task.
        state: where to start; the task's start by default. It is not changed.
        thorough: also collect every milestone of a perfect run; False takes the shortest way.
        many: several units per call; by default only where nothing is random, because one roll for many units is another
            one than many single rolls, and a program has only single ones.
        max_calls: longer plans are given up.

    Returns:
        The plan, or None if there is no way or it is too long.
    """
    hero = state.copy() if state is not None else HeroState.from_start(task.start, world.data)
    twin = HeroWorld(world.data, world.rules, copy.deepcopy(world.rng))
    oracle = HeroOracle(twin, task, thorough=thorough)
    dice = oracle.planner.economy.dice
    oracle.performer.many = not dice if many is None else many
    scorer = Scorer(task, world.data, official=False)
    calls: list[Call] = []
    milestones: dict[str, None] = {}
    while (call := oracle.next(hero)) is not None:
        calls.append(call)
        result = call.apply(twin, hero)
        if not result.ok or len(calls) > max_calls:
            return None
        if scorer.observe(result):
            milestones.update(dict.fromkeys(name for name, reached in scorer.checkpoints().items() if reached))
    if not scorer.result().success:
        return None
    return Plan(tuple(calls), dict(oracle.outfit), tuple(milestones), dice)
