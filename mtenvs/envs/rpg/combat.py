"""One fight, exactly as the original computes it (HeroBench, ``fight_monster_simulation``; rules restated, no code taken).

Per element with an attack above 0, in the order fire, earth, water, air, a hit takes

    hero:     a + a * ((dmg + boost) * 0.01) - a * (res_of_monster * 0.01)
    monster:  b - b * (res_of_hero * 0.01)

in IEEE doubles, without rounding, one element after the other. The hero strikes first in each round; who is at 0 or below
after a whole strike has lost; after 49 rounds the fight is given up and counts as lost. A hero with less than half of the
health that he began with eats one of each restoring consumable at the start of a round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

from mtenvs.envs.rpg.records import ELEMENTS, Monster

ROUND_CAP: Final = 49  # the original counts turns while turn < 50
STATS: Final = ("hp", *(f"{kind}_{element}" for kind in ("attack", "dmg", "res") for element in ELEMENTS))
NO_BOOST: Final = (0, 0, 0, 0, 0)

Stats: TypeAlias = tuple[int, int, int, int, int, int, int, int, int, int, int, int, int]
"""The hero's 13 figures in `STATS` order: hp (points), then per element attack (points), dmg (%), res (%)."""
Boost: TypeAlias = tuple[int, int, int, int, int]
"""What boosting consumables add for one fight: hp (points), then dmg per element (%)."""
Restore: TypeAlias = tuple[int, int]
"""One restoring consumable: health per unit, units at hand."""


class Fight(NamedTuple):
    """How a fight went.

    Attributes:
        won: whether the monster fell.
        rounds: rounds begun, 1..round cap.
        hero_hp: the hero's health at the end, at most 0 where he fell.
        monster_hp: the monster's health at the end, at most 0 where it fell.
        used: units used of each restoring consumable, in the order in which they were given.
    """

    won: bool
    rounds: int
    hero_hp: float
    monster_hp: float
    used: tuple[int, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether the round cap ended it."""
        return not self.won and self.hero_hp > 0


def hero_hits(stats: Stats, monster: Monster, boost: Boost = NO_BOOST) -> list[float]:
    """The hero's damage per round for each element that he attacks with, in element order."""
    hits: list[float] = []
    for i in range(4):
        base = stats[1 + i]
        if base > 0:
            hits.append(base + base * ((stats[5 + i] + boost[1 + i]) * 0.01) - base * (monster.res[i] * 0.01))
    return hits


def monster_hits(stats: Stats, monster: Monster) -> list[float]:
    """The monster's damage per round for each element that it attacks with, in element order."""
    return [base - base * (stats[9 + i] * 0.01) for i, base in enumerate(monster.attack) if base > 0]


def fight(
    stats: Stats,
    monster: Monster,
    boost: Boost = NO_BOOST,
    restores: Sequence[Restore] = (),
    round_cap: int = ROUND_CAP,
) -> Fight:
    """Fight one monster at full health.

    Without restoring consumables the closed form is used, unless the outcome hangs on the rounding of the doubles; then,
    and with consumables, every round is played.
    """
    ours, theirs = hero_hits(stats, monster, boost), monster_hits(stats, monster)
    health = stats[0] + boost[0]
    if not restores:
        quick = closed_form(health, ours, monster.hp, theirs, round_cap)
        if quick is not None:
            return quick
    return play(health, ours, monster.hp, theirs, restores, round_cap)


def closed_form(health: float, ours: Sequence[float], monster_hp: float, theirs: Sequence[float], round_cap: int) -> Fight | None:
    """The outcome without playing the rounds, or None when a strike comes so close to 0 that rounding decides.

    With n = ceil(monster health / damage) and d = ceil(hero health / damage taken), the hero wins iff n <= d and n <= cap.
    """
    strike, blow = sum(ours), sum(theirs)
    rounds_to_win = _rounds(monster_hp, strike)
    rounds_to_fall = _rounds(health, blow)
    if rounds_to_win is None or rounds_to_fall is None:
        return None
    if rounds_to_win <= min(rounds_to_fall, round_cap):
        return Fight(True, int(rounds_to_win), health - (rounds_to_win - 1) * blow, monster_hp - rounds_to_win * strike)
    rounds = min(rounds_to_fall, round_cap)
    return Fight(False, int(rounds), health - rounds * blow, monster_hp - rounds * strike)


def _rounds(health: float, damage: float) -> float | None:
    """Strikes until health is at most 0 (at least 1; infinite if never), None when rounding decides."""
    if health <= 0:
        return 1 if damage >= 0 else None  # a blow that heals is left to the loop
    if damage <= 0:
        return math.inf
    ratio = health / damage
    # 49 rounds of 4 subtractions err by at most 200 ulp of the larger number; 1e-9 leaves a wide margin.
    return None if abs(ratio - round(ratio)) < 1e-9 * max(1.0, ratio) else math.ceil(ratio)


def play(
    health: float,
    ours: Sequence[float],
    monster_hp: float,
    theirs: Sequence[float],
    restores: Sequence[Restore] = (),
    round_cap: int = ROUND_CAP,
) -> Fight:
    """Play every round; the reference for `closed_form`."""
    half = health / 2
    left = [units for _, units in restores]
    hero: float = health
    foe: float = monster_hp

    def end(won: bool, rounds: int) -> Fight:
        return Fight(won, rounds, hero, foe, tuple(units - rest for (_, units), rest in zip(restores, left, strict=True)))

    for turn in range(1, round_cap + 1):
        if restores and hero < half:
            for i, (value, _) in enumerate(restores):
                if left[i] > 0:
                    hero += value
                    left[i] -= 1
        for hit in ours:
            foe -= hit
        if foe <= 0:
            return end(True, turn)
        for hit in theirs:
            hero -= hit
        if hero <= 0:
            return end(False, turn)
    return end(False, round_cap)
