"""One step of the world: rotors, rigid bodies, the ball and what they touch; pure functions of arrays, batched over games.

Every array of :class:`State` has games as its last axis, so that one operation runs over many games without a stride.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from mtenvs.envs.drones.arrays import Array, Namespace, eager, namespace, once, where_any
from mtenvs.envs.drones.contacts import Ball, Body, Touch, parabola, touch
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.rigid_body import fly, spin, wrench
from mtenvs.envs.drones.rotation import Vector


class State(NamedTuple):
    """Drones and balls of many games; frames: x across the net, y along it, z up; SI units.

    Attributes:
        pos: (drones, 3, games) m.
        quat: (drones, 4, games) w, x, y, z; body to world; unit.
        vel: (drones, 3, games) m/s, world.
        omega: (drones, 3, games) rad/s, body.
        throttle: (drones, 4, games) 0 to 1; thrust goes with its square.
        ball_pos: (3, games) m.
        ball_vel: (3, games) m/s.
        t: (games,) s since the start of the game.
    """

    pos: Array
    quat: Array
    vel: Array
    omega: Array
    throttle: Array
    ball_pos: Array
    ball_vel: Array
    t: Array


class Contacts(NamedTuple):
    """What touched what in one step.

    Attributes:
        hit: (drones, games) bool, ball and racket.
        body: (drones, games) bool, ball and a drone that is not its racket.
        when: (games,) time of that contact, or of the net's, as a share of the step; 1 without one.
        ball_net: (games,) bool, ball and a solid net.
        ball_ground: (games,) bool, ball and ground.
        place: (2, games) where the ball met the ground, m; 0 without.
        drone_ground: (drones, games) bool, drone and ground.
    """

    hit: Array
    body: Array
    when: Array
    ball_net: Array
    ball_ground: Array
    place: Array
    drone_ground: Array


REACH = 1.0
"""Balls farther than this from every drone (m) touch none in a step: at 20 ms it takes closing at 30 m/s to come from there."""


def rows(array: Array) -> tuple[Array, ...]:
    """Components of an array (drones, k, games) or (k, games)."""
    axis = array.ndim - 2
    return tuple(array[:, i] if axis else array[i] for i in range(array.shape[axis]))


def step(state: State, command: Array, params: Preset) -> tuple[State, Contacts]:
    """The worlds one ``params.dt`` later.

    Args:
        state: of all games.
        command: (drones, 4, games) rotor commands, -1 (off) to 1 (full); clipped.
        params: constants.

    Returns:
        The new state (the old one is left alone) and what touched what.
    """
    xp = namespace(state.pos)
    throttle = spin(xp, state.throttle, command, params.drone)
    thrust, torque = wrench(throttle, params.drone)
    before = Body(rows(state.pos), rows(state.quat), rows(state.vel), rows(state.omega))
    live = state.t[0]
    after = once(xp, live, lambda: Body(*fly(xp, before.pos, before.quat, before.vel, before.omega, thrust, torque, params)))
    ball = Ball(rows(state.ball_pos), rows(state.ball_vel))
    if eager(xp):
        after, ball, touched = _touch_few(xp, before, after, ball, params)
    else:
        after, ball, touched = once(xp, live, partial(touch, xp, before, after, ball, params))
    after, low = _ground(xp, after, params)
    new = State(
        xp.stack(after.pos, 1),
        xp.stack(after.quat, 1),
        xp.stack(after.vel, 1),
        xp.stack(after.omega, 1),
        throttle,
        xp.stack(ball.pos),
        xp.stack(ball.vel),
        state.t + params.dt,
    )
    return new, Contacts(touched.hit, touched.body, touched.when, touched.net, touched.ground, touched.place, low)


def _ground(xp: Namespace, body: Body, params: Preset) -> tuple[Body, Array]:
    """Drones that reach the ground lie still on it."""
    floor = params.drone.rest_height
    low = body.pos[2] < floor
    if eager(xp) and not bool(low.any()):
        return body, low
    zero = xp.zeros_like(body.pos[2])
    still = tuple(tuple(xp.where(low, zero, part) for part in vector) for vector in (body.vel, body.omega))
    up = xp.where(low, xp.clip(body.vel[2], 0.0, 1e9), body.vel[2])
    pos = (body.pos[0], body.pos[1], xp.where(low, zero + floor, body.pos[2]))
    return Body(pos, body.quat, (still[0][0], still[0][1], up), still[1]), low


def _touch_few(xp: Namespace, before: Body, after: Body, ball: Ball, params: Preset) -> tuple[Body, Ball, Touch]:
    """:func:`touch` for the games in which the ball is near anything; all others fly free. Same results, less work."""
    free = parabola(ball, params.dt, params.gravity)
    near = _near(ball.pos, before.pos, REACH) | (free.pos[2] < params.ball.radius)
    if params.solid_net:
        near = near | (ball.pos[0] * free.pos[0] <= 0.0) | (abs(free.pos[0]) <= params.ball.radius)
    few = where_any(near)
    none = xp.zeros_like(before.pos[0]) > 0.0
    quiet = xp.zeros_like(free.pos[0])
    nothing = Touch(none, xp.zeros_like(none), quiet + 1.0, near & False, near & False, xp.stack([quiet, quiet]))
    if len(few) == 0:
        return after, free, nothing

    def cut(vector: tuple[Array, ...]) -> tuple[Array, ...]:
        return tuple(part[..., few] for part in vector)

    small = Body(*(cut(part) for part in before)), Body(*(cut(part) for part in after))
    bodies, balls, touched = touch(xp, *small, Ball(cut(ball.pos), cut(ball.vel)), params)
    for whole, part in zip((*after, *free), (*bodies, *balls), strict=True):
        for out, values in zip(whole, part, strict=True):
            out[..., few] = values
    for flags, values in zip(nothing, touched, strict=True):
        flags[..., few] = values
    return after, free, nothing


def _near(ball: Vector, drones: Vector, reach: float) -> Array:
    """Whether any drone of a game is within reach of its ball: (games,) bool."""
    x, y, z = (b - d for b, d in zip(ball, drones, strict=True))
    return (x * x + y * y + z * z < reach * reach).any(0)
