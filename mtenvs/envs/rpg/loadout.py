"""Which gear is good against a monster: a quick search that the task generator draws its reference outfits with.

It is not the oracle: it climbs slot by slot and may miss the best outfit; whoever needs certainty asks the oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.envs.rpg.combat import ROUND_CAP, STATS
from mtenvs.envs.rpg.records import SLOT_TYPE, SLOTS
from mtenvs.envs.rpg.state import BASE_HP, HP_PER_LEVEL, MAX_LEVEL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.records import Monster

    Vector = npt.NDArray[np.float64]

GEAR_SLOTS: Final = SLOTS[:12]
"""The slots that a reference outfit fills: all but the consumables."""

_COLUMN: Final = {stat: i for i, stat in enumerate(STATS)}
_EMPTY: Final = ""


@dataclass(frozen=True)
class Armory:
    """The wearable items of a world as one table.

    Attributes:
        codes: slot -> codes that fit, the empty string first.
        rows: code -> its 13 figures in `STATS` order; the empty string has zeros.
        tables: slot -> the rows of its codes, (n, 13).
    """

    codes: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, Vector]
    tables: Mapping[str, Vector]

    @classmethod
    def of(cls, data: WorldData, allowed: Collection[str]) -> Armory:
        """The items of `allowed` that a gear slot takes."""
        fit = {slot: (_EMPTY, *(code for code in data.wearable[slot] if code in allowed)) for slot in GEAR_SLOTS}
        rows = {_EMPTY: np.zeros(len(STATS))}
        for codes in fit.values():
            for code in codes[1:]:
                row = np.zeros(len(STATS))
                for name, value in data.items[code].effects:
                    if name in _COLUMN:
                        row[_COLUMN[name]] += value
                rows[code] = row
        return cls(fit, rows, {slot: np.stack([rows[code] for code in codes]) for slot, codes in fit.items()})

    def stats(self, level: int, worn: Mapping[str, str]) -> Vector:
        """The 13 figures of a hero of that level in that gear."""
        total = sum((self.rows[code] for code in worn.values()), start=np.zeros(len(STATS)))
        total[0] += BASE_HP + HP_PER_LEVEL * level
        return total


def edge(stats: Vector, monster: Monster) -> Vector:
    """How far above 1 (winning) or below a hero is: rounds that he lasts over rounds that he needs, both as fractions.

    The fight itself counts whole rounds, so within one round of 1 only `combat.fight` knows who wins.

    Args:
        stats: (13,) or (n, 13) figures in `STATS` order.
        monster: whom he fights.

    Returns:
        () or (n,); close to 0 where he cannot hurt it before the round cap.
    """
    res, foe = np.array(monster.res, dtype=float), np.array(monster.attack, dtype=float)
    strike = np.maximum(stats[..., 1:5] * (1 + (stats[..., 5:9] - res) / 100), 0).sum(axis=-1)
    blow = np.maximum((foe * (1 - stats[..., 9:13] / 100)).sum(axis=-1), 1e-9)
    needed = monster.hp / np.maximum(strike, 1e-9)
    ratio: Vector = (stats[..., 0] / blow) / needed
    return np.where(needed > ROUND_CAP, np.minimum(ratio, 1) * ROUND_CAP / needed / 2, ratio)


def climb(armory: Armory, monster: Monster, level: int, worn: dict[str, str], *, same_rings: bool = False) -> dict[str, str]:
    """Change one slot at a time for the better until none helps; returns slot -> code without empty slots."""
    worn = {slot: worn.get(slot, _EMPTY) for slot in GEAR_SLOTS}
    stats = armory.stats(level, worn)
    best = float(edge(stats, monster))
    improved = True
    while improved:
        improved = False
        for slot in GEAR_SLOTS:
            codes = armory.codes[slot]
            table = stats - armory.rows[worn[slot]] + armory.tables[slot]
            scores = edge(table, monster)
            if SLOT_TYPE[slot] in ("ring", "artifact") and not same_rings:
                others = {code for other, code in worn.items() if other != slot and SLOT_TYPE[other] == SLOT_TYPE[slot] and code}
                scores = np.where([code in others for code in codes], -1.0, scores)
            i = int(np.argmax(scores))
            if scores[i] > best + 1e-9:
                best, stats, worn[slot] = float(scores[i]), table[i], codes[i]
                improved = True
    return {slot: code for slot, code in worn.items() if code}


def best_outfit(armory: Armory, monster: Monster, level: int, weapons: int | None = None) -> tuple[dict[str, str], float]:
    """The best outfit that climbing from each weapon finds, and its edge (at least about 1: it wins).

    Args:
        armory: what there is to wear.
        monster: whom the hero fights.
        level: the hero's level.
        weapons: climb only from so many weapons, the ones that do most in a hero's bare hands; None is all.
    """
    codes = armory.codes["weapon"][1:]
    if not codes:
        return {}, 0.0
    bare = edge(np.stack([armory.stats(level, {"weapon": code}) for code in codes]), monster)
    order = [codes[i] for i in np.argsort(-bare, kind="stable")[:weapons]]
    outfits = [climb(armory, monster, level, {"weapon": code}) for code in order]
    edges = [float(edge(armory.stats(level, worn), monster)) for worn in outfits]
    i = int(np.argmax(edges))
    return outfits[i], edges[i]


def fit_level(monster: Monster) -> int:
    """The character level that a monster is meant for: its own, rounded up to the next five."""
    return min(MAX_LEVEL, -(-monster.level // 5) * 5)


def monster_need(data: WorldData) -> dict[str, int]:
    """Item code -> level of the strongest monster that its making cannot do without (0: none); what cannot be had is not there.

    A leaf takes its mildest source, a recipe the sternest of its ingredients.
    """
    need: dict[str, int] = {}

    def visit(code: str) -> int | None:
        if code in need:
            return need[code]
        sources = data.sources_of(code)
        found = [0] if sources.resources else [min(data.monsters[m].level for m in sources.monsters)] if sources.monsters else []
        craft = data.items[code].craft
        if craft is not None:
            parts = [visit(part.code) for part in craft.items]
            whole = [part for part in parts if part is not None]
            if len(whole) == len(parts):
                found.append(max(whole, default=0))
        if found:
            need[code] = min(found)
        return need.get(code)

    for code in data.items:
        visit(code)
    return need


def gear_before(data: WorldData, monster: Monster, hero_level: int, need: Mapping[str, int]) -> set[str]:
    """Wearable items for a hero of that level that need nothing of this monster nor of any as strong or stronger."""
    return {
        code
        for code, item in data.items.items()
        if item.type != "consumable" and item.slots and item.level <= hero_level and need.get(code, monster.level) < monster.level
    }
