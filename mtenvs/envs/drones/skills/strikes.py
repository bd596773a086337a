"""Which swing to play: contacts on the ball's way times flights after it, each a path of least snap, judged by what the rotors can do.

At contact the racket must have a normal and a speed along it (inverse contact), so position, direction of thrust and one part of velocity
are given; size of thrust, velocity across and jerk are free and take what costs least snap. All candidates are judged at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.skills import paths
from mtenvs.envs.drones.skills.ballistics import fly, height_over, launch, stiffness, swing, time_down
from mtenvs.envs.drones.skills.frames import GRAVITY, Floats, columns, dot, length, weight
from mtenvs.envs.drones.skills.playbook import Swing

SAMPLES = (0.03, 0.12, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0)
"""Shares of a path at which it is judged."""

STOPS = (0.6, 0.75, 0.9, 1.1, 1.3)
"""Seconds from a contact to rest, to choose from."""

REST = 1.2
"""Least height at which such a drone comes to rest, m."""

THRUST = (4.5, 14.3)
"""Range of thrust over mass that leaves room for torques, m/s^2; the Iris has 0 to 15.8."""

CONTACT_THRUST = (8.0, 13.5)
"""The same at contact."""

LEAVE = 0.25
"""Seconds that a drone needs to level out after a contact."""

MIN_SECONDS = 0.2
"""Least time before a contact that is still planned."""

CLEAR = (1.25, 1.2)
"""From teammates on the way (heights shortened), and where the drone stops after contact, m."""

NET_SIDE = 0.4
"""Nobody reaches for a ball that is nearer to the net than this, or behind it, m."""

HOPELESS = 1e6


class Plans(NamedTuple):
    """The best swing of each drone.

    Attributes:
        path: (8, 3, n) coefficients of the way to the contact.
        seconds: (n,) until the contact.
        cost: (n,), HOPELESS or more where there is none.
    """

    path: Floats
    seconds: Floats
    cost: Floats


class _Contact(NamedTuple):
    """Candidates: place of the ball, seconds and velocity of its flight after, normal of the racket and speed along it; (..., rows, n)."""

    pos: Floats
    flight: Floats
    v_out: Floats
    normal: Floats
    speed: Floats


class Planner:
    """Plans swings under one preset.

    Args:
        params: constants; the net's height is that of its court.
    """

    def __init__(self, params: Preset) -> None:
        self.params = params
        self._stiff = stiffness(params.drone, params.ball)

    def plan(self, start: Floats, ball: tuple[Floats, Floats], target: Floats, choice: Swing, mates: list[Floats]) -> Plans:
        """The best swing of each of n drones.

        Args:
            start: (4, 3, n) reference state of the drone, in its team's frame.
            ball: place and velocity, each (3, n).
            target: (3, n) where the ball should be after its flight, m.
            choice: heights and flights to choose from.
            mates: places (3, n) of each teammate.
        """
        n = start.shape[-1]
        when = time_down(ball[0][:, None], ball[1][:, None], np.array(choice.heights)[:, None])
        here = fly(ball[0][:, None], ball[1][:, None], when)[0][0] > NET_SIDE
        some = np.flatnonzero(((when > MIN_SECONDS) & here).any(0))
        if len(some) < n:  # most who wait for a ball cannot reach it yet: nothing is planned for them
            plans = Plans(np.zeros((8, 3, n)), np.ones(n), np.full(n, HOPELESS))
            if len(some):
                few = self.plan(
                    start[..., some], (ball[0][:, some], ball[1][:, some]), target[:, some], choice, [m[:, some] for m in mates]
                )
                for whole, part in zip(plans, few, strict=True):
                    whole[..., some] = part
            return plans
        slides = np.array(choice.slides)
        rows = len(choice.heights) * len(choice.flights) * len(slides)
        grid = np.meshgrid(choice.heights, choice.flights, range(len(slides)), indexing="ij")
        height, flight, slide = (np.broadcast_to(part.reshape(-1, 1), (rows, n)) for part in grid)
        pos, vel = (part[:, None] for part in ball)
        seconds = time_down(pos, vel, height)
        possible = seconds > MIN_SECONDS
        seconds = np.where(possible, seconds, 1.0)
        met, v_in = fly(pos, vel, seconds)
        possible &= met[0] > NET_SIDE
        v_out = launch(met, target[:, None], flight)
        normal, speed = swing(v_in, v_out, self._stiff)
        contact = _Contact(met, flight, v_out, normal, speed)
        candidates = self._paths(np.repeat(start[:, :, None], rows, 2), seconds, contact, slides[slide])
        around = [mate[:, None] for mate in mates]
        cost = (
            self._effort(candidates, seconds, around)
            + self._outcome(contact, choice)
            + self._after(candidates, seconds, contact, around, choice.calm)
        )
        cost = np.where(possible, cost, HOPELESS)
        best, each = cost.argmin(0), np.arange(n)
        return Plans(candidates[:, :, best, each], seconds[best, each], cost[best, each])

    def stop(self, start: Floats, mates: list[Floats]) -> Plans:
        """The best way to come to rest, anywhere near, for each of n drones.

        Args:
            start: (4, 3, n) reference state of the drone, in its team's frame.
            mates: places (3, n) of each teammate.
        """
        n, rows = start.shape[-1], len(STOPS)
        begin = np.repeat(start[:, :, None], rows, 2)
        seconds = np.broadcast_to(np.array(STOPS)[:, None], (rows, n))
        gap = paths.miss(begin, seconds, np.zeros_like(begin))
        floor = gap[0, 2] + REST
        gap[0] = paths.best_free(gap, (0,))[0]
        gap[0, 2] = np.maximum(gap[0, 2], floor)
        candidates = paths.path(begin, seconds, gap)
        cost = self._effort(candidates, seconds, [mate[:, None] for mate in mates]) + 2.0 * seconds
        best, each = cost.argmin(0), np.arange(n)
        return Plans(candidates[:, :, best, each], seconds[best, each], cost[best, each])

    def _paths(self, start: Floats, seconds: Floats, contact: _Contact, slide: Floats) -> Floats:
        normal = contact.normal
        end = np.zeros_like(start)
        end[0] = contact.pos - self.params.ball.radius * normal
        end[1] = contact.speed * normal
        end[2] = normal * GRAVITY - weight(normal)
        gap = paths.miss(start, seconds, end)
        along: Floats = (gap * normal[None]).sum(1)
        across = gap - along[:, None] * normal[None]
        thrust = GRAVITY + (paths.best_free(along, (2, 3))[0] - along[2]) / seconds**2
        along[2] += (np.clip(thrust, *CONTACT_THRUST) - GRAVITY) * seconds**2
        along[3] = paths.best_free(along, (3,))[0]
        level = np.stack([normal[0], normal[1], np.zeros_like(normal[2])])
        level = level - dot(level, normal) * normal
        level = level / np.maximum(length(level), 1e-6)
        drift = -across[1]
        least = drift + paths.best_free(across, (1, 3))[0]
        across[1] = slide[..., 0] * least - drift + slide[..., 1] * seconds * level
        across[3] = slide[..., 2] * paths.best_free(across, (3,))[0]
        return paths.path(start, seconds, along[:, None] * normal[None] + across)

    def _effort(self, candidates: Floats, seconds: Floats, mates: list[Floats]) -> Floats:
        """How far paths go beyond what rotors can follow, near the ground, the net or teammates."""
        drone = self.params.drone
        cost = np.zeros_like(seconds)
        for share in SAMPLES:
            pos, _, acc, jerk, snap = paths.evaluate(candidates, seconds, share * seconds)
            acc = acc + weight(acc)
            thrust = length(acc)
            up = acc / thrust
            rate = length(jerk - dot(jerk, up) * up) / thrust
            turn = length(snap - dot(snap, up) * up) / thrust
            rotor = thrust * drone.mass / 4
            able = 9.0 * np.maximum(np.minimum(rotor - 0.3, drone.max_thrust - 0.1 - rotor), 0.2)
            cost += 4.0 * (np.maximum(thrust - THRUST[1], 0.0) ** 2 + np.maximum(THRUST[0] - thrust, 0.0) ** 2)
            cost += 20.0 * np.maximum(0.7 - up[2], 0.0)
            cost += 0.5 * np.maximum(rate - 4.0, 0.0) ** 2 + 0.05 * np.maximum(turn - able, 0.0) ** 2
            cost += 50.0 * (np.maximum(0.8 - pos[2], 0.0) + np.maximum(0.5 - pos[0], 0.0))
            for mate in mates:
                cost += 40.0 * np.maximum(CLEAR[0] - length(columns(pos, mate)), 0.0)
        return cost

    def _outcome(self, contact: _Contact, choice: Swing) -> Floats:
        """How far the hit itself is from what is liked: low tilt, over the net, height, flight, racket speed."""
        pos = contact.pos
        cost: Floats = 40.0 * np.maximum(choice.upright - contact.normal[2], 0.0) + 50.0 * np.maximum(0.6 - pos[0], 0.0)
        if choice.clearance:
            edge = self.params.court.net_height + choice.clearance
            for x in (0.35, -0.35):
                cost += 60.0 * np.maximum(edge - height_over(pos, contact.v_out, x), 0.0)
        cost += 8.0 * np.maximum(contact.v_out[2] - choice.rise, 0.0)
        cost += (pos[2] - choice.height) ** 2 + (contact.flight - choice.flight) ** 2
        return cost + 0.3 * np.maximum(np.abs(contact.speed) - 1.0, 0.0) ** 2

    @staticmethod
    def _after(candidates: Floats, seconds: Floats, contact: _Contact, mates: list[Floats], calm: float) -> Floats:
        """How hard it is to stop after the contact, away from the ground, the net and teammates; a turning racket is also less exact."""
        pos, vel, acc, jerk = paths.evaluate(candidates, seconds, seconds, 4)
        turn = jerk - dot(jerk, contact.normal) * contact.normal
        leave = vel + LEAVE * acc
        stop = pos + LEAVE * vel + (0.25 + length(leave) / 7.0) * leave
        cost: Floats = calm * (0.02 * dot(turn, turn) + dot(leave, leave))
        cost += 50.0 * (np.maximum(1.0 - stop[2], 0.0) + np.maximum(0.8 - stop[0], 0.0))
        for mate in mates:
            cost += 80.0 * np.maximum(CLEAR[1] - length(stop - mate), 0.0)
        return cost
