"""Players of the high level that need no learning: one at random, one by rules, one that spikes and blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.flight import GRAVITY
from mtenvs.envs.drones.orders import NVEC
from mtenvs.envs.drones.sight import BALL, MAY_HIT, OBS_SIZE, PHASE, SIDE

GOTO_MIDDLE, PASS_LEFT = 1, 3
SETTER_GOTO, SET = 0, 1
ATTACKER_GOTO, ATTACK_LEFT, ATTACK_RIGHT = 0, 1, 2
SET_HIGH, SETTER_BLOCK = 3, 4
SPIKE_LEFT, SPIKE_RIGHT, ATTACKER_BLOCK = 4, 5, 6

FAST = 5.5
"""A ball that flies faster than this along the ground, m/s, is a spike: attacks over the net come at half of that."""

OVER = 2.2
"""A ball that will be higher than this over the net, m, is on its way."""


class RandomBot:
    """Uniform over HCSP's orders.

    Args:
        seed: of its draws.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._rng = np.random.default_rng(seed)

    def act(self, obs: NDArray[np.floating]) -> NDArray[np.int64]:
        """Orders (n, 3) for n observations (n, 100)."""
        return self._rng.integers(0, NVEC, (len(obs), len(NVEC)))


class RuleBot:
    """Pass, set, attack, one after the other, as in VolleyBots' rule-based 3v3 player: the phase follows from who may still hit.

    The ball comes when the others' attacker has hit it, their serve is on its way, or it is here. The attack goes to the side on which
    their FirstPass is not; in the middle, to the left. It remembers nothing.
    """

    @staticmethod
    def act(obs: NDArray[np.floating]) -> NDArray[np.int64]:
        """Orders (n, 3) for n observations (n, 100)."""
        obs = np.asarray(obs).reshape(-1, OBS_SIZE)
        free = obs[:, MAY_HIT : MAY_HIT + 12 : 2] > 0.5
        here = obs[:, SIDE] > 0.5
        coming = ~here & ((obs[:, BALL + 3] > 0.5) & ~free[:, 5])
        passing = (here & free[:, 0]) | coming
        setting = here & ~free[:, 0] & free[:, 1]
        attacking = here & ~free[:, 0] & ~free[:, 1] & free[:, 2]
        serving = obs[:, PHASE] > 0.5
        their_passer_left = obs[:, 3 * 13 + 1] < 0.0
        orders = np.empty((len(obs), 3), np.int64)
        orders[:, 0] = np.where(passing & ~serving, PASS_LEFT, GOTO_MIDDLE)
        orders[:, 1] = np.where(setting, SET, SETTER_GOTO)
        orders[:, 2] = np.where(attacking, np.where(their_passer_left, ATTACK_RIGHT, ATTACK_LEFT), ATTACKER_GOTO)
        return orders


class PowerBot:
    """Pass, high set, spike; and two blockers at the net once the others have set. It remembers nothing."""

    @staticmethod
    def act(obs: NDArray[np.floating]) -> NDArray[np.int64]:
        """Orders (n, 3) for n observations (n, 100)."""
        obs = np.asarray(obs).reshape(-1, OBS_SIZE)
        orders = RuleBot.act(obs)
        orders[:, 1] = np.where(orders[:, 1] == SET, SET_HIGH, orders[:, 1])
        orders[:, 2] = np.where(orders[:, 2] == ATTACK_LEFT, SPIKE_LEFT, orders[:, 2])
        orders[:, 2] = np.where(orders[:, 2] == ATTACK_RIGHT, SPIKE_RIGHT, orders[:, 2])
        free = obs[:, MAY_HIT : MAY_HIT + 12 : 2] > 0.5
        here, rally = obs[:, SIDE] > 0.5, obs[:, PHASE] < 0.5
        place, speed = obs[:, BALL : BALL + 3].T, obs[:, BALL + 3 : BALL + 6].T
        there = -place[0] / np.maximum(speed[0], 0.3)
        coming = ~here & (speed[0] > 0.3) & (place[2] + speed[2] * there - GRAVITY / 2 * there**2 > OVER)
        orders[coming & rally, 0] = PASS_LEFT
        spiked = (speed[0] > FAST) & (coming | (here & free[:, :3].all(1)))
        block = rally & (spiked | (~here & ~coming & ~free[:, 4] & free[:, 5]))
        orders[block] = (GOTO_MIDDLE, SETTER_BLOCK, ATTACKER_BLOCK)
        return orders
