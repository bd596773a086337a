"""A plain pilot: flies to a place, and meets a falling ball with the racket tilted so that it goes where it should.

It plays the oracles of the exercises, for one game at a time. Position errors become a thrust direction, its error becomes body rates,
those become torques, and the rotors get what gives them (yaw last, as the rotors have little of it).
"""

from __future__ import annotations

from math import pi, sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.control import MAX_RATE
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.rotation import to_body

Vector: TypeAlias = NDArray[np.float64]

_UP: Final = np.array([0.0, 0.0, 1.0])
_STIFF: Final = np.array([9.0, 9.0, 14.0])  # 1/s^2, of a place
_DAMP: Final = np.array([5.5, 5.5, 7.0])  # 1/s
_TURN, _RATE, _YAW = 9.0, 18.0, 2.0  # 1/s, of a tilt, of a body rate, of the yaw rate
_SWING, _LEAN, _SLOW, _COAST = 0.7, 0.3, 0.12, 0.08  # s: to gather speed, with the racket turned, until a drone has turned, at speed
_TURN_BY_RATES: Final = 4.0  # 1/s, of a tilt where the slower rate controller does the turning
_LEAST: Final = 0.5  # share of a wanted torque that is given even where it costs lift


class Pilot:
    """Commands for one drone.

    Args:
        params: of the physics.
        control: ``"prt"`` or ``"ctbr"``, the form of the commands.
    """

    def __init__(self, params: Preset, control: str = "prt") -> None:
        drone = params.drone
        self.params, self.control = params, control
        self._turn = _TURN if control == "prt" else _TURN_BY_RATES
        moment = drone.max_moment / drone.max_thrust
        rows = [np.ones(4), drone.rotor_y, -np.array(drone.rotor_x), -moment * np.array(drone.directions)]
        self._mix = np.linalg.inv(np.array(rows))

    def fly(
        self, state: State, drone: int, place: Vector, velocity: Vector | None = None, push: Vector | None = None
    ) -> NDArray[np.float32]:
        """The command that brings a drone to a place.

        Args:
            state: of one game.
            drone: which.
            place: (3,) m.
            velocity: (3,) m/s of the place; None for at rest.
            push: (3,) m/s^2, acceleration of the place; None for none.
        """
        at, speed = state.pos[drone, :, 0].astype(float), state.vel[drone, :, 0].astype(float)
        wanted = np.zeros(3) if velocity is None else velocity
        force = _STIFF * np.clip(place - at, -1.6, 1.6) + _DAMP * (wanted - speed) + self.params.gravity * _UP
        if push is not None:
            force = force + push
        force[2] = np.clip(force[2], 4.0, 14.0)
        return self.point(state, drone, _within(force))

    def point(self, state: State, drone: int, force: Vector) -> NDArray[np.float32]:
        """The command that turns a drone's thrust towards a wanted acceleration without gravity, (3,) m/s^2, and gives as much thrust."""
        quat = tuple(state.quat[drone, :, 0].astype(float))
        omega = state.omega[drone, :, 0].astype(float)
        want = np.array(to_body(quat, tuple(force)))
        want /= max(1e-6, float(np.linalg.norm(want)))
        axis = np.array([-want[1], want[0]])  # body z x want
        sine = float(np.hypot(*axis))
        angle = float(np.arctan2(sine, want[2]))
        rate = self._turn * angle * axis / max(sine, 1e-6)
        thrust = self.params.drone.mass * float(np.linalg.norm(force)) * max(0.2, float(want[2]))
        if self.control == "ctbr":
            share = 2.0 * thrust / (4.0 * self.params.drone.max_thrust) - 1.0
            rates = np.array([*rate, -0.3 * omega[2]]) * (180.0 / pi) / MAX_RATE
            return np.asarray(np.clip([*rates, share], -1.0, 1.0), np.float32)
        inertia = np.array(self.params.drone.inertia)
        spin = np.array([*(_RATE * (rate - omega[:2])), 0.0])
        torque = inertia * spin + np.cross(omega, inertia * omega)
        most = self.params.drone.max_thrust
        level = self._mix[:, 0] * float(np.clip(thrust, 0.5, 4.0 * most - 0.5))
        turn = self._mix[:, 1] * torque[0] + self._mix[:, 2] * torque[1]
        room = np.where(turn > 0.0, most - level, level) / np.maximum(np.abs(turn), 1e-9)
        rotors = level + float(np.clip(room.min(), _LEAST, 1.0)) * turn  # lift goes before turning, but not all of it
        yaw = self._mix[:, 3] * (-_YAW * inertia[2] * omega[2])
        rotors = np.clip(rotors + np.clip(yaw, -0.3, 0.3), 0.0, most) / most
        old = state.throttle[drone, :, 0].astype(float)
        lead = np.clip(old + (np.sqrt(rotors) - old) / self.params.drone.lag, 0.0, 1.0)  # the rotors go a part of the way only
        return np.asarray(2.0 * lead * lead - 1.0, np.float32)

    def strike(self, state: State, drone: int, height: float, leave: Vector, home: Vector) -> NDArray[np.float32]:
        """Meet the ball with the racket as it falls through a height, so that it leaves with a velocity.

        Args:
            state: of one game.
            drone: which.
            height: of the racket at the contact, m.
            leave: (3,) m/s, wanted velocity of the ball.
            home: (3,) m, where to wait when the ball does not come down to that height.
        """
        meeting = falls_to(state, height + self.params.ball.radius, self.params.gravity)
        if meeting is None:
            return self.fly(state, drone, home)
        wait, place, comes = meeting
        change = leave - comes
        size = float(np.linalg.norm(change))
        normal = change / max(size, 1e-6)
        ball, body = self.params.ball, self.params.drone
        along = size * (1.0 + ball.mass / body.mass) / (1.0 + ball.drone_restitution) + float(normal @ comes)
        racket = place - self.params.ball.radius * normal
        aside = self.params.gravity * (normal / max(0.5, float(normal[2])) - _UP)  # what the tilt does to a drone that keeps its height
        held = max(0.0, _LEAN - _SLOW)
        climb = float(np.clip((along - float(normal @ aside) * held) / max(0.5, float(normal[2])), -1.5, 2.0))
        start = racket - 0.5 * held * held * aside
        lift = self.params.gravity + _rise(start[2] - float(state.pos[drone, 2, 0]), float(state.vel[drone, 2, 0]), climb, wait)
        if wait > _LEAN:
            at, speed = state.pos[drone, :2, 0].astype(float), state.vel[drone, :2, 0].astype(float)
            level = _STIFF[:2] * np.clip(start[:2] - at, -1.6, 1.6) - _DAMP[:2] * speed
            return self.point(state, drone, _within(np.array([*level, lift])))
        return self.point(state, drone, normal * (lift / max(0.5, float(normal[2]))))


def _rise(way: float, speed: float, wanted: float, wait: float) -> float:
    """Vertical acceleration, m/s^2, on the cubic that goes ``way`` metres up and has a wanted speed after ``wait`` seconds."""
    if wait > _SWING:
        return float(np.clip(_STIFF[2] * way - _DAMP[2] * speed, -5.0, 5.0))
    if wait < _COAST:
        return float(np.clip((wanted - speed) / _COAST, -5.0, 5.5))
    return float(np.clip((6.0 * way - wait * (4.0 * speed + 2.0 * wanted)) / (wait * wait), -6.0, 5.5))


def _within(force: Vector) -> Vector:
    """The force, tilted by no more than its height allows."""
    aside = float(np.hypot(force[0], force[1]))
    most = 0.9 * force[2]
    return np.array([*(force[:2] * min(1.0, most / max(aside, 1e-6))), force[2]])


def falls_to(state: State, height: float, gravity: float) -> tuple[float, Vector, Vector] | None:
    """When, where and how fast the ball of one game falls through a height: seconds, (3,) m, (3,) m/s; None if it does not."""
    place, speed = state.ball_pos[:, 0].astype(float), state.ball_vel[:, 0].astype(float)
    square = speed[2] ** 2 + 2.0 * gravity * (place[2] - height)
    if square < 0.0:
        return None
    wait = (speed[2] + sqrt(square)) / gravity
    if wait <= 0.0:
        return None
    there = place + speed * wait - 0.5 * gravity * wait * wait * _UP
    return wait, there, speed - gravity * wait * _UP


def toss(start: Vector, target: Vector, apex: float, gravity: float) -> Vector:
    """(3,) m/s, the velocity with which a ball flies from a place over an apex to a target, all heights in m."""
    rise = sqrt(max(0.1, 2.0 * gravity * (apex - start[2])))
    fall = sqrt(max(0.1, 2.0 * gravity * (apex - target[2])))
    time = (rise + fall) / gravity
    return np.array([(target[0] - start[0]) / time, (target[1] - start[1]) / time, rise])
