"""The hero as a vector of numbers, for policies that do not read."""

from __future__ import annotations

from typing import Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.records import SKILLS, SLOTS
from mtenvs.envs.rpg.state import HeroState

_MOST: Final = 1e6  # no figure of a hero is larger, and no stack either


class StateVector:
    """Encodes heroes of one world.

    The vector, float32: x, y, level, xp, xp of the next level · level of each skill · hp and the 12 figures of the gear · number
    of the item in each slot (its place in `WorldData.items` from 1, 0 for empty) · units in the two consumable slots · units of
    every item in the bag.

    Args:
        data: the world.

    Attributes:
        space: ``Box(-1e6, 1e6, (5 + 7 + 13 + 14 + 2 + number of items,), float32)``.
    """

    def __init__(self, data: WorldData) -> None:
        self._number = {code: i for i, code in enumerate(data.items, 1)}
        self._number[""] = 0
        self._fixed = 5 + len(SKILLS) + 13 + len(SLOTS) + 2
        self.space = spaces.Box(-_MOST, _MOST, (self._fixed + len(data.items),), np.float32)

    def __call__(self, hero: HeroState) -> NDArray[np.float32]:
        """The vector of a hero; a new array each time."""
        out = np.zeros(self.space.shape, np.float32)
        number = self._number
        out[: self._fixed] = (
            *hero.pos,
            hero.level,
            hero.xp,
            hero.max_xp,
            *hero.skills,
            *hero.stats,
            *[number[code] for code in hero.slots],
            *hero.quantities,
        )
        first = self._fixed - 1
        for code, units in hero.bag.items():
            out[first + number[code]] = units
        return np.clip(out, -_MOST, _MOST, out=out)
