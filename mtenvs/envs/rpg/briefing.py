"""What a generated task tells the hero: the items, monsters, spots and tiles that it needs, his skills, his rules, distractors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from mtenvs.envs.rpg.records import ELEMENTS, SKILLS
from mtenvs.envs.rpg.spec import HeroStart, HeroTask, TaskRules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.records import Item, Monster
    from mtenvs.envs.rpg.spec import TaskKind

_GATHERING: Final = ("mining", "woodcutting", "fishing")
_XP_SPAN: Final = 10  # an action gives experience up to this many levels above its own (rule of the original)
_LEAST_BAG: Final = 20


@dataclass(frozen=True)
class TaskOptions:
    """What a task may hold beyond the nine official levels.

    Attributes:
        kind: "kill" or "craft"; None draws one.
        levelling: gathering skills start low and grow with use.
        noise: up to this many distractor items are shown.
        drop_rates: drops come by their rates.
        tight_bag: the bag has little more room than the task needs.
        fog: items, monsters and tiles are unknown until looked up or visited.
    """

    kind: TaskKind | None = None
    levelling: bool = False
    noise: int = 0
    drop_rates: bool = False
    tight_bag: bool = False
    fog: bool = False

    @classmethod
    def of_level(cls, level: int) -> TaskOptions:
        """The options of a level: none up to 9, then one more difficulty per level."""
        beyond = {
            10: cls(levelling=True, noise=10),
            11: cls(drop_rates=True, noise=10),
            12: cls(tight_bag=True, noise=10),
            13: cls(fog=True, levelling=True, noise=10),
            14: cls(levelling=True, drop_rates=True, tight_bag=True, fog=True, noise=10),
        }
        return beyond.get(level, cls())


class Briefing:
    """Collects what a task needs.

    Args:
        data: the world.
        need: item -> level of the strongest monster that its making needs (`loadout.monster_need`).
        below: monsters of this level and above are not counted as sources.
        hunt: False: what only monsters drop is bought instead.
    """

    def __init__(self, data: WorldData, need: Mapping[str, int], below: int, *, hunt: bool = True) -> None:
        self.data, self._need, self._below, self._hunt = data, need, below, hunt
        self.items: set[str] = set()
        self.monsters: set[str] = set()
        self.resources: set[str] = set()
        self.bought: set[str] = set()
        self._crafts: dict[str, int] = {}
        self._gathers: dict[str, int] = {}

    def know(self, codes: Iterable[str]) -> None:
        """Show items without telling how to get them."""
        self.items.update(codes)

    def add_monster(self, code: str) -> None:
        """Show a monster, where it is and what it drops."""
        self.monsters.add(code)

    def add_items(self, codes: Iterable[str]) -> None:
        """Show items with all that is needed to make or find them."""
        for code in codes:
            for part in self.data.tree(code):
                if part not in self.items:
                    self.items.add(part)
                    self._add_source(part)

    def _add_source(self, code: str) -> None:
        item = self.data.items[code]
        if item.craft is not None:
            self._crafts[item.craft.skill] = max(self._crafts.get(item.craft.skill, 1), item.craft.level)
            return
        sources = self.data.sources_of(code)
        if sources.resources:
            # The easiest spot is enough; others that yield the same are told when they ask no more skill.
            spots = sorted((self.data.resources[r] for r in sources.resources), key=lambda spot: spot.level)
            self.resources.update(spot.code for spot in spots if spot.level <= max(spots[0].level, self._gathers.get(spot.skill, 1)))
            self._gathers[spots[0].skill] = max(self._gathers.get(spots[0].skill, 1), spots[0].level)
        elif not self._hunt:
            self.bought.add(code)
        else:
            mild = [m for m in sources.monsters if self.data.monsters[m].level < self._below]
            self.monsters.update(mild)

    def skills(self, options: TaskOptions, rng: np.random.Generator) -> dict[str, int]:
        """Skill levels at the start: enough for everything shown; with levelling the gathering skills have to grow first."""
        levels = {**self._crafts}
        for skill, needed in self._gathers.items():
            levels[skill] = max(levels.get(skill, 1), needed)
        if options.levelling:
            for skill in set(self._gathers) & set(_GATHERING):
                levels[skill] = self._beginner(skill, levels[skill])
        elif rng.random() < 0.5:
            levels = {skill: min(40, level + int(rng.integers(0, 4))) for skill, level in levels.items()}
        return {skill: levels[skill] for skill in SKILLS if levels.get(skill, 1) > 1}

    def _beginner(self, skill: str, needed: int) -> int:
        """The lowest level from which gathering alone leads to `needed`; shows the spots to train at."""
        spots = sorted({r.level: r for r in reversed(list(self.data.resources.values())) if r.skill == skill}.items())
        start = needed
        for level, _ in reversed(spots):
            if level < start <= level + _XP_SPAN + 1:
                start = level
        if start < needed:
            self.resources.update(r.code for level, r in spots if start <= level <= needed)
        return start

    def rules(self, options: TaskOptions, make: Iterable[str], spare: float) -> TaskRules:
        """The rules of the task; the exchange sells only what the hero is not to hunt for."""
        limit = None
        if options.tight_bag:
            room = max((self.bag_peak(code) for code in make), default=0)
            limit = -(-max(_LEAST_BAG, int(room * 1.25 * spare) + 5) // 5) * 5
        return TaskRules(
            ring_rule=True,
            drop_rates=options.drop_rates,
            inventory_limit=limit,
            fog=options.fog,
            exchange=tuple(code for code in self.data.items if code in self.bought),
        )

    def bag_peak(self, code: str) -> int:
        """Units that the bag holds at most when one unit of an item is made step by step."""
        craft = self.data.items[code].craft
        if craft is None:
            return 1
        deepest = max((self.bag_peak(part.code) for part in craft.items if self.data.items[part.code].craft), default=0)
        return sum(part.quantity for part in craft.items) + deepest

    def noise(self, count: int, monster: Monster | None, level: int) -> tuple[Mapping[str, Any], ...]:
        """Up to `count` distractors, one per kind of item, those first that look best against the monster."""
        if not count:
            return ()
        near = [item for item in self.data.noise_items.values() if level - 10 <= item.level <= level + 5]
        near.sort(key=lambda item: (-_lure(item, monster), item.code))
        first: dict[str, Item] = {}
        for item in near:
            first.setdefault(item.type, item)
        return tuple(item.to_json() for item in list(first.values())[:count])

    def task(
        self,
        *,
        kind: TaskKind,
        target: str,
        goal: str,
        start: HeroStart,
        missing: Mapping[str, str],
        difficulty: int,
        rules: TaskRules,
        noise: tuple[Mapping[str, Any], ...],
    ) -> HeroTask:
        """The task, still without id, level and world."""
        places = [("monster", code) for code in self.monsters] + [("resource", code) for code in self.resources]
        places += [("workshop", skill) for skill in self._crafts]
        tiles = {xy for kind_code in places for xy in self.data.places(*kind_code)}
        if self.bought:
            tiles |= set(self.data.exchanges)
        return HeroTask(
            id="",
            level=0,
            kind=kind,
            target=target,
            goal=goal,
            start=start,
            missing=missing,
            difficulty=difficulty,
            rules=rules,
            items=tuple(code for code in self.data.items if code in self.items),
            monsters=tuple(code for code in self.data.monsters if code in self.monsters),
            resources=tuple(code for code in self.data.resources if code in self.resources),
            locations=tuple(xy for xy in self.data.tiles if xy in tiles),
            noise_items=noise,
        )


def _lure(item: Item, monster: Monster | None) -> float:
    """How tempting an item looks: attack and amplification where the monster is weakest, resistance where it hits hardest."""
    if monster is None:
        return sum(effect.value for effect in item.effects)
    weak = ELEMENTS[min(range(4), key=lambda i: monster.res[i])]
    hard = ELEMENTS[max(range(4), key=lambda i: monster.attack[i])]
    return item.effect(f"attack_{weak}") + 2 * item.effect(f"dmg_{weak}") + 2 * item.effect(f"res_{hard}") + 0.1 * item.effect("hp")
