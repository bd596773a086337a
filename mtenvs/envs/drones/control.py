"""From what a policy commands to rotor commands: rotor thrusts as they are (PRT), or collective thrust and body rates (CTBR)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.arrays import Array, namespace
from mtenvs.envs.drones.params import DroneParams, Preset
from mtenvs.envs.drones.params import preset as preset_of

MAX_RATE = 144.0
"""Body rate at a full command, deg/s: 180 x the source's ``target_clip`` of 0.8."""

PWM = 2.0**16
"""Range of the collective thrust of the rate controller, which works in the units of a Crazyflie."""

_KP, _KI, _KD = (250.0, 250.0, 120.0), (500.0, 500.0, 16.7), (2.5, 2.5, 0.0)
_INTEGRAL_LIMIT = (33.3, 33.3, 166.7)
_OUTPUT_LIMIT = 2.0**15 - 1.0


def trim_throttle(params: str | Preset = "volleybots") -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Throttles (4,) at which a level drone hovers without a torque: thrust equals weight, roll, pitch and yaw balance.

    Raises:
        UnknownOption: the rotors cannot lift the drone.
    """
    return _trim_throttle(preset_of(params)).copy()


@cache
def _trim_throttle(params: Preset) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    drone = params.drone
    rows = np.array([np.ones(4), drone.rotor_y, drone.rotor_x, drone.directions])
    share = np.linalg.solve(rows, [drone.mass * params.gravity, 0.0, 0.0, 0.0]) / drone.max_thrust
    if (share < 0).any() or (share > 1).any():
        raise UnknownOption(f"this drone cannot hover: it would need {share} of its rotors' full thrusts")
    return np.sqrt(share)


def trim(params: str | Preset = "volleybots") -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Rotor commands (4,), -1 to 1, at which a level drone hovers; +0.1828 and +0.3011 on the source's Iris."""
    return 2.0 * trim_throttle(params) ** 2 - 1.0


class RateState(NamedTuple):
    """What the rate controller remembers; zeros at the start.

    Attributes:
        last: (drones, 3, games) body rates one step ago, deg/s.
        integral: (drones, 3, games) of the rate errors, deg.
    """

    last: Array
    integral: Array


def rate_state(like: Array) -> RateState:
    """The controller at rest, for body rates like these (drones, 3, games)."""
    zero = namespace(like).zeros_like(like)
    return RateState(zero, zero)


def mixing(drone: DroneParams) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Signs by which roll, pitch and yaw go to each rotor, from where the rotor is.

    The source numbers its rotors as a Crazyflie does; ours follow the geometry, so that a positive command turns the drone that way.
    """
    roll = tuple(float(np.sign(y)) for y in drone.rotor_y)
    pitch = tuple(float(-np.sign(x)) for x in drone.rotor_x)
    return roll, pitch, tuple(-direction for direction in drone.directions)


@cache
def balance(params: Preset) -> tuple[float, ...]:
    """Each rotor's share of the collective thrust, 1 on average, at which arms of unequal lengths give no torque (ours)."""
    thrusts = trim_throttle(params) ** 2
    return tuple(float(part) for part in thrusts / thrusts.mean())


def rates_to_rotors(action: Array, omega: Array, memory: RateState, params: Preset) -> tuple[Array, RateState]:
    """Collective thrust and body rates to rotor commands: the source's PID rate controller.

    Args:
        action: (drones, 4, games), clipped to [-1, 1]: roll, pitch and yaw rate as shares of 144 deg/s, and thrust, -1 none to 1 all.
        omega: (drones, 3, games) body rates, rad/s.
        memory: of the controller.
        params: constants.

    Returns:
        Rotor commands (drones, 4, games) for :func:`mtenvs.envs.drones.physics.step`, and the memory for the next step.
    """
    xp = namespace(action)
    action = xp.clip(action, -1.0, 1.0)
    rates = omega * (180.0 / np.pi)
    error = action[:, :3] * MAX_RATE - rates
    slope = (memory.last - rates) / params.dt
    integral = memory.integral + error * params.dt
    parts, sums = [], []
    for i in range(3):
        total = xp.clip(integral[:, i], -_INTEGRAL_LIMIT[i], _INTEGRAL_LIMIT[i])
        sums.append(total)
        parts.append(xp.clip(_KP[i] * error[:, i] + _KI[i] * total + _KD[i] * slope[:, i], -_OUTPUT_LIMIT, _OUTPUT_LIMIT))
    thrust = (action[:, 3] + 1.0) * (0.5 * PWM)
    roll, pitch, yaw = mixing(params.drone)
    shares = balance(params)
    rotors = [shares[i] * thrust + (0.5 * roll[i]) * parts[0] + (0.5 * pitch[i]) * parts[1] + yaw[i] * parts[2] for i in range(4)]
    return xp.stack(rotors, 1) * (2.0 / PWM) - 1.0, RateState(rates, xp.stack(sums, 1))


def rotors_to_rates(rotors: Array, omega: Array, memory: RateState, params: Preset) -> Array:
    """The commands to which :func:`rates_to_rotors` answers with these rotor commands, as far as its limits allow.

    Args:
        rotors: (drones, 4, games), -1 to 1.
        omega: (drones, 3, games) body rates, rad/s.
        memory: of the controller, before the step.
        params: constants.

    Returns:
        (drones, 4, games), clipped to [-1, 1]. Rates beyond 144 deg/s, and torques beyond half of what rotors have, cannot be commanded.
    """
    xp = namespace(rotors)
    solve = _unmixing(params)
    wanted = [sum(row[i] * (rotors[:, i] + 1.0) for i in range(4)) * (PWM / 2.0) for row in solve]
    rates = omega * (180.0 / np.pi)
    slope = (memory.last - rates) / params.dt
    commands = []
    for i in range(3):
        part = xp.clip(wanted[1 + i], -_OUTPUT_LIMIT, _OUTPUT_LIMIT)
        error = (part - _KI[i] * memory.integral[:, i] - _KD[i] * slope[:, i]) / (_KP[i] + _KI[i] * params.dt)
        commands.append((rates[:, i] + error) / MAX_RATE)
    return xp.clip(xp.stack([*commands, wanted[0] / (0.5 * PWM) - 1.0], 1), -1.0, 1.0)


@cache
def _unmixing(params: Preset) -> tuple[tuple[float, ...], ...]:
    """Rows that give thrust and the three outputs of the rate controller from what the rotors get."""
    roll, pitch, yaw = mixing(params.drone)
    rows = [[share, 0.5 * r, 0.5 * p, y] for share, r, p, y in zip(balance(params), roll, pitch, yaw, strict=True)]
    return tuple(tuple(float(part) for part in row) for row in np.linalg.inv(np.array(rows)))
