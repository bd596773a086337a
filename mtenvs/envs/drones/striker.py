"""A pilot for pairs: it plans a swing on the ball's way with the skills' planner, and follows it with their tracker.

It plays the oracles of the cooperative exercises, for one game; rotor commands only.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.skills import paths
from mtenvs.envs.drones.skills.ballistics import fly
from mtenvs.envs.drones.skills.frames import Floats
from mtenvs.envs.drones.skills.playbook import Swing
from mtenvs.envs.drones.skills.roaming import roam
from mtenvs.envs.drones.skills.strikes import HOPELESS, Planner
from mtenvs.envs.drones.skills.tracking import Motion, Tracker

_SURPRISE = 5e-3  # m between where the ball is and where it should have flown, from which on it was touched
_RETRY = 4  # steps between attempts to find a swing
_LOST = 0.6  # m off the reference


class Striker:
    """Commands for all drones of one game.

    Args:
        params: of the physics.
        drones: how many.
    """

    def __init__(self, params: Preset, drones: int) -> None:
        self.params, self.drones = params, drones
        self._planner, self._tracker = Planner(params), Tracker(params.drone)
        self._ref: Floats = np.zeros((4, 3, drones, 1))
        self._path: Floats = np.zeros((8, 3, 1))
        self._seconds, self._clock, self._swinger = 1.0, 0.0, -1
        self._ball: Floats | None = None
        self._wait = 0

    def command(self, state: State, places: Floats, hitter: int | None, target: Floats, swing: Swing) -> NDArray[np.float32]:
        """Rotor commands (drones, 4).

        Args:
            state: of the game.
            places: (drones, 3) m, where those hover that do not swing.
            hitter: the drone that shall hit the ball, or None.
            target: (3,) m, where the ball shall be after its flight.
            swing: heights and flights to choose from.
        """
        dt = self.params.dt
        now = Motion(
            *(np.moveaxis(np.asarray(part, np.float64), 1, 0) for part in (state.pos, state.quat, state.vel, state.omega, state.throttle))
        )
        ball = np.asarray(state.ball_pos, np.float64), np.asarray(state.ball_vel, np.float64)
        touched = self._ball is None or float(np.abs(ball[0] - self._ball).max()) > _SURPRISE
        self._follow(now, fresh=self._ball is None)
        if self._swinger >= 0 and (touched or self._clock > self._seconds or self._swinger != hitter):
            self._swinger = -1
        self._wait -= 1
        if hitter is not None and self._swinger < 0 and (touched or self._wait <= 0):
            self._plan(ball, hitter, target, swing)
        middle, later = roam(self._ref, places.T[:, :, None], self.drones, dt)
        if self._swinger >= 0:
            at = np.array([self._clock + dt / 2])
            middle[:, :, self._swinger] = paths.evaluate(self._path, np.array([self._seconds]), at)
        self._ref, self._clock = later, self._clock + dt
        self._ball = fly(ball[0], ball[1], np.full(1, dt))[0]
        return np.asarray(self._tracker.command(now, middle)[:, :, 0].T, np.float32)

    def _follow(self, now: Motion, *, fresh: bool) -> None:
        if self._swinger >= 0:
            at = np.array([min(self._clock, self._seconds)])
            self._ref[:, :, self._swinger] = paths.evaluate(self._path, np.array([self._seconds]), at, 4)
        for drone in range(self.drones):
            if fresh or float(np.linalg.norm(self._ref[0, :, drone] - now.pos[:, drone])) > _LOST:
                self._ref[:, :, drone] = 0.0
                self._ref[0, :, drone], self._ref[1, :, drone] = now.pos[:, drone], now.vel[:, drone]
                self._swinger = -1 if drone == self._swinger else self._swinger

    def _plan(self, ball: tuple[Floats, Floats], hitter: int, target: Floats, swing: Swing) -> None:
        mates = [self._ref[0, :, drone] for drone in range(self.drones) if drone != hitter]
        plans = self._planner.plan(self._ref[:, :, hitter], ball, np.asarray(target, np.float64)[:, None], swing, mates)
        self._wait = _RETRY
        if float(plans.cost[0]) < HOPELESS:
            self._path, self._seconds, self._clock, self._swinger = plans.path, float(plans.seconds[0]), 0.0, hitter
