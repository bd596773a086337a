"""Rotors and rigid bodies: how drones move in one step when nothing touches them."""

from __future__ import annotations

from mtenvs.envs.drones.arrays import Array, Namespace, constant
from mtenvs.envs.drones.params import DroneParams, Preset
from mtenvs.envs.drones.rotation import Components, Quaternion, Vector, body_z, normalized


def spin(xp: Namespace, throttle: Array, command: Array, drone: DroneParams) -> Array:
    """Throttles after one step of rotor lag towards ``sqrt((command + 1) / 2)``.

    Args:
        xp: the array library.
        throttle: (drones, 4, games), 0 to 1; thrust goes with its square.
        command: the same shape, -1 to 1 (clipped).
        drone: for its lag.
    """
    wanted = xp.sqrt(xp.clip(command * 0.5 + 0.5, 0.0, 1.0))
    return throttle + drone.lag * (wanted - throttle)


def wrench(throttle: Array, drone: DroneParams) -> tuple[Array, Vector]:
    """Total thrust (N, along body z) and torque (N m, body frame), each (drones, games), of throttles (drones, 4, games)."""
    square = throttle * throttle
    a, b, c, d = (square[:, i] for i in range(4))
    force = [drone.max_thrust] * 4
    y = [drone.max_thrust * place for place in drone.rotor_y]
    x = [-drone.max_thrust * place for place in drone.rotor_x]
    yaw = [-drone.max_moment * direction for direction in drone.directions]
    thrust, roll, pitch, turn = (k[0] * a + k[1] * b + k[2] * c + k[3] * d for k in (force, y, x, yaw))
    return thrust, (roll, pitch, turn)


def downwash(xp: Namespace, pos: Vector, up: Vector, thrust: Array, drone: DroneParams) -> Vector:
    """Force (N, world) on each drone from the air of all others, each component (drones, games).

    A drone ``z`` down the thrust axis of another and ``r`` beside that axis feels ``-T exp(-0.5 (kr r / z)^2) / (1 + kz z)^2`` along it.
    """
    rel = [axis[None] - axis[:, None] for axis in pos]
    height = rel[0] * up[0][None] + rel[1] * up[1][None] + rel[2] * up[2][None]
    square = rel[0] * rel[0] + rel[1] * rel[1] + rel[2] * rel[2]
    depth = xp.clip(height, 1e-3, 1e3)
    aside = (square - height * height) / (depth * depth)
    fade = 1.0 + drone.downwash_kz * depth
    scale = xp.exp(xp.clip(aside * (-0.5 * drone.downwash_kr**2), -60.0, 0.0)) / (fade * fade)
    scale = xp.where(height > 1e-3, scale, constant(xp, 0.0, scale)) * thrust[None]
    return tuple(-(scale * axis[None]).sum(1) for axis in up)


def _turning(omega: Vector, angular: Vector, inertia: tuple[float, float, float]) -> Vector:
    """Euler's equation: angular acceleration in the body frame; ``angular`` is torque by inertia."""
    jx, jy, jz = inertia
    p, q, r = omega
    return angular[0] - (jz - jy) / jx * (q * r), angular[1] - (jx - jz) / jy * (p * r), angular[2] - (jy - jx) / jz * (p * q)


def _quat_rate(q: Quaternion, omega: Vector) -> Quaternion:
    """Twice the rate of change of a quaternion at a body rate."""
    w, x, y, z = q
    a, b, c = omega
    return -x * a - y * b - z * c, w * a + y * c - z * b, w * b - x * c + z * a, w * c + x * b - y * a


def _ahead(start: Components, rates: Components, span: float) -> Components:
    return tuple(s + span * r for s, r in zip(start, rates, strict=True))


def _combined(start: Components, stages: list[Components], span: float) -> Components:
    a, b, c, d = stages
    return tuple(s + (span / 6.0) * (ra + rd + 2.0 * (rb + rc)) for s, ra, rb, rc, rd in zip(start, a, b, c, d, strict=True))


def fly(
    xp: Namespace, pos: Vector, quat: Quaternion, vel: Vector, omega: Vector, thrust: Array, torque: Vector, preset: Preset
) -> tuple[Vector, Quaternion, Vector, Vector]:
    """One classical Runge-Kutta step of fourth order; thrust and torque stay as they are in the body frame through the step.

    Returns:
        Position, quaternion, velocity (world) and body rate at the end of the step.
    """
    drone, dt = preset.drone, preset.dt
    push = thrust / drone.mass
    outside: Components = (0.0, 0.0, -preset.gravity)
    if drone.downwash and pos[0].shape[0] > 1:
        wash = downwash(xp, pos, body_z(quat), thrust, drone)
        outside = tuple(o + w / drone.mass for o, w in zip(outside, wash, strict=True))
    angular = tuple(t / j for t, j in zip(torque, drone.inertia, strict=True))

    turns: list[Components] = []
    rolls: list[Components] = []
    pulls: list[Components] = []
    speeds: list[Components] = []
    w: Components = omega
    q: Components = quat
    v: Components = vel
    for span in (0.5 * dt, 0.5 * dt, dt, 0.0):
        turn = _turning(w, angular, drone.inertia)
        roll = _quat_rate(q, w)
        pull = tuple(push * u + o for u, o in zip(body_z(q), outside, strict=True))
        if drone.drag:
            pull = tuple(p - drone.drag * s for p, s in zip(pull, v, strict=True))
        for stages, rate in ((turns, turn), (rolls, roll), (pulls, pull), (speeds, v)):
            stages.append(rate)
        if span:
            w, q, v = _ahead(omega, turn, span), _ahead(quat, roll, 0.5 * span), _ahead(vel, pull, span)

    return (
        _combined(pos, speeds, dt),
        normalized(xp, _combined(quat, rolls, 0.5 * dt)),
        _combined(vel, pulls, dt),
        _combined(omega, turns, dt),
    )
