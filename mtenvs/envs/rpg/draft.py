"""Drafts of tasks: what is fought or made, with which gear the hero starts, and what he is told. Not yet checked by a solver."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.envs.rpg import combat
from mtenvs.envs.rpg.briefing import Briefing, TaskOptions
from mtenvs.envs.rpg.loadout import Armory, best_outfit, climb, edge, fit_level, gear_before, monster_need
from mtenvs.envs.rpg.records import SLOT_TYPE
from mtenvs.envs.rpg.spec import HeroStart, HeroTask
from mtenvs.envs.rpg.state import HeroState

if TYPE_CHECKING:
    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.records import Monster
    from mtenvs.envs.rpg.spec import TaskKind

_CRAFT_SHARE: Final = 1 / 3
_VARIETY: Final = 0.85  # share of the gear that one draft may choose from, so that outfits differ
_PREY: Final = (0.4, 0.6, 0.8, 1.0)  # hunts for the outfit go at least up to this share of the monster's level, try by try
_MOST: Final = (0.75, 0.85)  # of the hardest outfit of the world: what may be missing at least, at most
_OLDER_GEAR: Final = 0.8  # chance that a slot holds older gear instead of nothing; with less, few could hunt for the rest
_BUYABLE: Final = 12  # up to this difficulty of a craft, what beasts drop is sold at the exchange
_OTHER_GEAR: Final = 0.6  # chance per missing slot of each of two other pieces that the hero is told about
_REAL_SHARE: Final = 0.6  # of what is missing must come back before the fight is won, counted by difficulty
_TRIES: Final = 10


class Drafter:
    """Draws drafts for one world.

    Args:
        data: the world.
    """

    def __init__(self, data: WorldData) -> None:
        self.data = data
        self.need = monster_need(data)
        self.difficulty = {code: data.difficulty(code) for code in data.items}
        self.armory = Armory.of(data, data.items)
        self._pools = {m.code: sorted(gear_before(data, m, fit_level(m), self.need)) for m in data.monsters.values()}

    @cached_property
    def reach(self) -> dict[str, int]:
        """Monster code -> difficulty of all pieces of a good outfit against it; monsters that nothing beats are left out."""
        found: dict[str, int] = {}
        for monster in self.data.monsters.values():
            armory = Armory.of(self.data, self._pools[monster.code])
            outfit, _ = best_outfit(armory, monster, fit_level(monster), weapons=4)
            if self.beats(fit_level(monster), outfit, monster):
                found[monster.code] = sum(self.difficulty[code] for code in outfit.values())
        return found

    def beats(self, level: int, slots: dict[str, str], monster: Monster) -> bool:
        """Whether a hero of that level in that gear wins."""
        hero = HeroState.from_start(HeroStart(level=level, slots=slots), self.data)
        return combat.fight(hero.stats, monster).won

    def draw(self, rng: np.random.Generator, span: tuple[int, int], options: TaskOptions, *, spare: float = 1.0) -> HeroTask | None:
        """One draft.

        Args:
            rng: where the randomness comes from.
            span: lowest and highest difficulty; where the world has nothing as hard, the hardest that it has will do.
            options: what the task holds.
            spare: how much room a tight bag has beside what is needed, 1 is least.

        Returns:
            A task without id, level and world, or None when this draw led nowhere.
        """
        low, high = self._within_reach(*span)
        if options.kind == "craft":
            makes = self.makes(low, high)
            return self._craft(rng, makes, options, spare) if makes else None
        return self._kill(rng, (low, high), options, spare)

    def kind(self, rng: np.random.Generator, span: tuple[int, int]) -> TaskKind:
        """A third of the tasks make something, where the world has something of that difficulty (as in the original)."""
        return "craft" if self.makes(*span) and rng.random() < _CRAFT_SHARE else "kill"

    def makes(self, low: int, high: int) -> list[str]:
        """Items that can be made, of a difficulty between the two."""
        return [code for code in self.data.craftable if code in self.need and low <= self.difficulty[code] <= high]

    def _within_reach(self, low: int, high: int) -> tuple[int, int]:
        """The span, lowered where it is above what can be missing: something has to be left to hunt with."""
        top = max(self.reach.values(), default=0)
        return (low, high) if low <= _MOST[1] * top else (int(_MOST[0] * top), int(top))

    # -- kill ----------------------------------------------------------------------------------------------------------

    def _kill(self, rng: np.random.Generator, span: tuple[int, int], options: TaskOptions, spare: float) -> HeroTask | None:
        foes = [code for code, value in self.reach.items() if value >= span[0]]
        if not foes:
            return None
        monster = self.data.monsters[foes[int(rng.integers(len(foes)))]]
        level = fit_level(monster)
        outfit = self._tight_outfit(rng, monster, level, span[0])
        if outfit is None:
            return None
        start = self._bereft(rng, monster, level, outfit, span)
        if start is None:
            return None
        missing = {slot: code for slot, code in outfit.items() if start.get(slot) != code}
        briefing = Briefing(self.data, self.need, monster.level)
        briefing.add_monster(monster.code)
        briefing.add_items([*missing.values(), *self._others(rng, monster, missing)])
        briefing.know([*start.values()])
        return briefing.task(
            kind="kill",
            target=monster.code,
            goal=f"Defeat one {monster.name}. As you are you would lose: find, make and put on what it takes.",
            start=HeroStart(level=level, slots=start, skills=briefing.skills(options, rng), position=(0, 0)),
            missing=missing,
            difficulty=sum(self.difficulty[code] for code in missing.values()),
            rules=briefing.rules(options, missing.values(), spare),
            noise=briefing.noise(options.noise, monster, max((self.data.items[code].level for code in missing.values()), default=1)),
        )

    def _tight_outfit(self, rng: np.random.Generator, monster: Monster, level: int, least: int) -> dict[str, str] | None:
        """An outfit that wins without much to spare, so that most of its pieces count; None when the draw finds none."""
        outfit: dict[str, str] = {}
        for mildest in _PREY:
            prey = monster.level * float(rng.uniform(mildest, 1.0))
            pool = [code for code in self._pools[monster.code] if self.need[code] <= prey and rng.random() < _VARIETY]
            armory = Armory.of(self.data, pool)
            outfit, _ = best_outfit(armory, monster, level, weapons=int(rng.integers(2, 6)))
            if self.beats(level, outfit, monster):
                break
        else:
            return None
        for slot in rng.permutation(sorted(outfit)):
            if slot == "weapon":
                continue
            taken = {code for other, code in outfit.items() if other != slot}
            others = [code for code in armory.codes[str(slot)][1:] if code not in taken and code != outfit[slot]]
            if others:
                trial = {**outfit, slot: others[int(rng.integers(len(others)))]}
                enough = sum(self.difficulty[code] for code in trial.values()) >= least
                if enough and self.beats(level, trial, monster):
                    outfit = trial
        return outfit

    def _bereft(
        self, rng: np.random.Generator, monster: Monster, level: int, outfit: dict[str, str], span: tuple[int, int]
    ) -> dict[str, str] | None:
        """What is left when pieces of the wanted difficulty are taken away and the fight is lost; None if it never is."""
        slots = sorted(outfit)
        values = np.array([self.difficulty[outfit[slot]] for slot in slots])
        taken = (np.arange(1, 2 ** len(slots))[:, None] >> np.arange(len(slots))) & 1
        sums = taken @ values
        right = (sums >= span[0]) & (sums <= span[1])
        for choice in rng.permutation(np.flatnonzero(right))[:_TRIES]:
            gone = [slot for slot, bit in zip(slots, taken[choice], strict=True) if bit]
            start = {slot: code for slot, code in outfit.items() if slot not in gone}
            for slot in gone:
                older = self._older(slot, self.data.items[outfit[slot]].level, start)
                if older and rng.random() < _OLDER_GEAR:
                    start[slot] = older[int(rng.integers(len(older)))]
            if self._made_hard(rng, monster, level, start, {slot: outfit[slot] for slot in gone}):
                return start
        return None

    def _made_hard(self, rng: np.random.Generator, monster: Monster, level: int, start: dict[str, str], gone: dict[str, str]) -> bool:
        """Age the gear in `start` until the fight takes most of what is gone; False when even empty slots leave it too easy."""
        whole = sum(self.difficulty[code] for code in gone.values())
        while self._least_work(monster, level, start, gone) < _REAL_SHARE * whole:
            worn = [slot for slot in gone if slot in start]
            if not worn:
                return False
            slot = worn[int(rng.integers(len(worn)))]
            age = self.data.items[start.pop(slot)].level
            older = self._older(slot, age, start)
            if older:
                start[slot] = older[int(rng.integers(len(older)))]
        return True

    def _least_work(self, monster: Monster, level: int, start: dict[str, str], gone: dict[str, str]) -> int:
        """Difficulty of the pieces that must come back before the fight is won, the most useful piece first each time."""
        worn, left, work = dict(start), dict(gone), 0
        while not self.beats(level, worn, monster):
            if not left:
                return work
            trials = [{**worn, slot: code} for slot, code in left.items()]
            edges = edge(np.stack([self.armory.stats(level, trial) for trial in trials]), monster)
            slot = list(left)[int(np.argmax(edges))]
            worn[slot] = left.pop(slot)
            work += self.difficulty[worn[slot]]
        return work

    def _older(self, slot: str, level: int, worn: dict[str, str]) -> list[str]:
        """Gear for a slot that is older than a level, by three tiers at most, and not worn elsewhere."""
        fit = (c for c in self.data.wearable[slot] if level - 15 <= self.data.items[c].level < level)
        return [c for c in fit if c in self.need and c not in worn.values()]

    def _others(self, rng: np.random.Generator, monster: Monster, missing: dict[str, str]) -> list[str]:
        """Other gear for the missing slots that the hero is told about: stepping stones for the hunts, and wrong choices."""
        found: list[str] = []
        for slot, code in missing.items():
            least = self.data.items[code].level - 15
            near = [
                c for c in self._pools[monster.code] if self._craftable_for(slot, c) and c != code and self.data.items[c].level >= least
            ]
            if near and rng.random() < _OTHER_GEAR:
                found.append(near[int(rng.integers(len(near)))])
            easy = [c for c in near if self.need[c] < self.need[code] and c not in found]
            if easy and rng.random() < _OTHER_GEAR:
                found.append(max(easy, key=lambda c: (self.data.items[c].level - self.need[c], c)))
        return found

    def _craftable_for(self, slot: str, code: str) -> bool:
        item = self.data.items[code]
        return item.type == SLOT_TYPE[slot] and item.craft is not None

    # -- craft ---------------------------------------------------------------------------------------------------------

    def _craft(self, rng: np.random.Generator, makes: list[str], options: TaskOptions, spare: float) -> HeroTask | None:
        code = makes[int(rng.integers(len(makes)))]
        item = self.data.items[code]
        sold = self.difficulty[code] <= _BUYABLE
        briefing = Briefing(self.data, self.need, 1 + self.need[code], hunt=not sold)
        briefing.add_items([code])
        level, slots = (1, {}) if sold else self._hunter(rng, code, briefing)
        if not sold and not all(self.beats(level, slots, self.data.monsters[m]) for m in briefing.monsters):
            return None
        briefing.know(slots.values())
        buy = " What beasts drop is sold at the grand exchange." if sold and briefing.bought else ""
        return briefing.task(
            kind="craft",
            target=code,
            goal=f"Make one {item.name}.{buy}",
            start=HeroStart(level=level, slots=slots, skills=briefing.skills(options, rng), position=(0, 0)),
            missing={},
            difficulty=self.difficulty[code],
            rules=briefing.rules(options, [code], spare),
            noise=briefing.noise(options.noise, None, item.level),
        )

    def _hunter(self, rng: np.random.Generator, code: str, briefing: Briefing) -> tuple[int, dict[str, str]]:
        """Level and gear of a hero who can hunt for the ingredients."""
        foes = [self.data.monsters[m] for m in briefing.monsters]
        strongest = max(foes, key=lambda m: (m.level, m.hp, m.code), default=None)
        if strongest is None:
            return self.data.items[code].level, {}
        level = fit_level(strongest)
        armory = Armory.of(self.data, [c for c in self._pools[strongest.code] if c != code])
        weapons = armory.codes["weapon"][1:]
        start = {"weapon": weapons[int(rng.integers(len(weapons)))]} if weapons else {}
        return level, climb(armory, strongest, level, start)
