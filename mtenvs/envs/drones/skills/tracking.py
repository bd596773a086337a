"""From a moving reference to rotor commands: attitude with feed-forward, then rotors within the reach of their lag.

The force that the path needs gives the attitude; jerk and snap of the reference give body rates and torques ahead of any error. Roll and
pitch come first, then thrust, and yaw gets what is left: the Iris has 2 rad/s^2 of it and would saturate everything else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mtenvs.envs.drones.params import DroneParams
from mtenvs.envs.drones.skills.frames import Floats, axes, cross, dot, length, weight


class Gains(NamedTuple):
    """Of the feedback.

    Attributes:
        position: 1/s^2.
        velocity: 1/s.
        attitude: 1/s.
        rate: 1/s.
        yaw_rate: 1/s.
    """

    position: float = 12.0
    velocity: float = 6.0
    attitude: float = 14.0
    rate: float = 28.0
    yaw_rate: float = 4.0


MIN_LIFT = 2.0
"""Least upward part of the wanted force, m/s^2: a drone never turns over to fall faster."""

MAX_SLOPE = 1.3
"""Largest horizontal part of the wanted force, as a share of the upward one: 52 degrees, where all thrust just holds the weight."""


MAX_TURN = 36.0
"""Largest angular acceleration that is asked for, rad/s^2: more would take the thrust away that holds the drone up."""

BRAKE = 14.0
"""Angular deceleration to count on, rad/s^2: far tilts are corrected no faster than can be stopped."""


class Motion(NamedTuple):
    """Drones, by components: position, quaternion (w, x, y, z), velocity, body rates, throttles; each (k, ...)."""

    pos: Floats
    quat: Floats
    vel: Floats
    omega: Floats
    throttle: Floats


class Tracker:
    """Keeps drones of one kind on their references.

    Args:
        drone: constants.
        gains: of the feedback.
    """

    def __init__(self, drone: DroneParams, gains: Gains = Gains()) -> None:  # noqa: B008  # an immutable tuple of constants
        self.drone, self.gains = drone, gains
        moment = drone.max_moment / drone.max_thrust
        mix = np.stack([np.ones(4), drone.rotor_y, -np.array(drone.rotor_x), -moment * np.array(drone.directions)])
        self._unmix: Floats = np.linalg.inv(mix)

    def command(self, now: Motion, ref: Floats) -> Floats:
        """Rotor commands (4, ...), -1 to 1.

        Args:
            now: where drones are.
            ref: (5, 3, ...) position to snap that the reference has at the middle of the step.
        """
        gains = self.gains
        force = ref[2] + weight(ref[2]) + gains.position * (ref[0] - now.pos) + gains.velocity * (ref[1] - now.vel)
        force[2] = np.maximum(force[2], MIN_LIFT)
        slope = np.minimum(1.0, MAX_SLOPE * force[2] / np.maximum(np.hypot(force[0], force[1]), 1e-9))
        force[:2] *= slope
        body_x, body_y, body_z = axes(now.quat)
        torque = self._torque(now, ref, force / length(force), (body_x, body_y, body_z))
        return self._rotors(self.drone.mass * dot(force, body_z), torque, now.throttle)

    def _torque(self, now: Motion, ref: Floats, want: Floats, body: tuple[Floats, Floats, Floats]) -> tuple[Floats, Floats, Floats]:
        """Torques around the body's axes that turn thrust into the direction `want` and keep it moving as the reference does."""
        gains, inertia = self.gains, self.drone.inertia
        body_x, body_y, body_z = body
        thrust = ref[2] + weight(ref[2])
        size = np.maximum(length(thrust), MIN_LIFT)
        along = thrust / size
        growth = dot(ref[3], along)
        turn = (ref[3] - growth * along) / size
        bend = (ref[4] - dot(ref[4], along) * along - 2.0 * growth * turn) / size
        rate, spin_up = cross(along, turn), cross(along, bend)
        off_x, off_y = -dot(body_y, want), dot(body_x, want)
        sine = np.hypot(off_x, off_y)
        angle = np.arctan2(sine, dot(body_z, want))
        pace = np.minimum(gains.attitude * angle, np.sqrt(2.0 * BRAKE * angle)) / np.maximum(sine, 1e-9)
        p, q, r = now.omega
        acc_x = dot(body_x, spin_up) + gains.rate * (dot(body_x, rate) + pace * off_x - p)
        acc_y = dot(body_y, spin_up) + gains.rate * (dot(body_y, rate) + pace * off_y - q)
        ease = np.minimum(1.0, MAX_TURN / np.maximum(np.hypot(acc_x, acc_y), 1e-9))
        acc_x, acc_y = acc_x * ease, acc_y * ease
        return (
            inertia[0] * acc_x + (inertia[2] - inertia[1]) * q * r,
            inertia[1] * acc_y + (inertia[0] - inertia[2]) * r * p,
            -inertia[2] * gains.yaw_rate * r + (inertia[1] - inertia[0]) * p * q,
        )

    def _rotors(self, thrust: Floats, torque: tuple[Floats, Floats, Floats], throttle: Floats) -> Floats:
        """Commands that give, after one step of lag, as much of thrust and torques as the rotors can."""
        lag, top = self.drone.lag, self.drone.max_thrust
        column = [self._unmix[:, k].reshape(4, *(1,) * thrust.ndim) for k in range(4)]
        low, high = ((1 - lag) * throttle) ** 2 * top, ((1 - lag) * throttle + lag) ** 2 * top
        level = column[0]
        tilt = column[1] * torque[0] + column[2] * torque[1]
        thrust = np.clip(thrust, (low / level).max(0), (high / level).min(0))
        least, most = ((low - tilt) / level).max(0), ((high - tilt) / level).min(0)
        fit = np.where(least > most, (least + most) / 2, np.clip(thrust, least, np.maximum(least, most)))
        forces = level * fit + tilt
        yaw = column[3] * torque[2]
        room = np.where(yaw > 0, high - forces, forces - low) / np.maximum(np.abs(yaw), 1e-9)
        forces = np.clip(forces + np.clip(room.min(0), 0.0, 1.0) * yaw, low, high)
        wanted = np.sqrt(np.maximum(forces, 0.0) / top)
        target = np.clip(throttle + (wanted - throttle) / lag, 0.0, 1.0)
        command: Floats = 2.0 * target**2 - 1.0
        return command
