"""Paths of least snap: seventh-degree polynomials between two states of position, velocity, acceleration and jerk.

A quadrotor is differentially flat and its torques set the snap of its centre (Mellinger and Kumar, 2011), so the path that asks least of
the rotors is the one of least squared snap. With all eight end values given that is the one polynomial of degree seven that meets them;
end values left free take those that cost least, a small linear problem with a constant matrix in scaled time.

A state is an array (4, 3, ...): derivative, axis, then any shape.
"""

from __future__ import annotations

import numpy as np

from mtenvs.envs.drones.skills.frames import Floats

_POWERS = np.arange(8)
_END = np.array([[1, 1, 1, 1], [4, 5, 6, 7], [12, 20, 30, 42], [24, 60, 120, 210]], float)  # derivatives of s^4..s^7 at s = 1
_DRIFT = np.array([[1, 1, 0.5, 1 / 6], [0, 1, 1, 0.5], [0, 0, 1, 1], [0, 0, 0, 1]])  # what a state becomes by itself in one unit of time
_HIGH = np.linalg.inv(_END)  # miss at the end -> coefficients of s^4..s^7
_SNAP = np.array([24.0, 120.0, 360.0, 840.0])  # fourth derivatives of s^4..s^7, as factors of s^0..s^3
_EFFORT = _HIGH.T @ (np.outer(_SNAP, _SNAP) / (np.arange(4)[:, None] + np.arange(4) + 1)) @ _HIGH  # squared snap as a form of the miss


def _scaled(state: Floats, seconds: Floats) -> Floats:
    return np.stack([state[order] * seconds**order for order in range(4)])


def miss(start: Floats, seconds: Floats, end: Floats) -> Floats:
    """`end` minus where `start` drifts to by itself in `seconds`, in scaled time: (4, 3, ...)."""
    drift: Floats = np.einsum("ij,j...->i...", _DRIFT, _scaled(start, seconds))
    return _scaled(end, seconds) - drift


def best_free(gap: Floats, free: tuple[int, ...]) -> Floats:
    """The rows `free` of a miss that cost least snap, given its other rows: (len(free), ...)."""
    given = [order for order in range(4) if order not in free]
    gain = -np.linalg.solve(_EFFORT[np.ix_(free, free)], _EFFORT[np.ix_(free, given)])
    rows: Floats = np.einsum("ij,j...->i...", gain, gap[given])
    return rows


def path(start: Floats, seconds: Floats, gap: Floats) -> Floats:
    """Coefficients (8, 3, ...) in scaled time of the path that leaves `start` and makes up the miss `gap`."""
    low = _scaled(start, seconds)
    low[2] /= 2.0
    low[3] /= 6.0
    return np.concatenate([low, np.einsum("ij,j...->i...", _HIGH, gap)])


def evaluate(coefficients: Floats, seconds: Floats, at: Floats, orders: int = 5) -> Floats:
    """Position, velocity, acceleration, jerk and snap (the first `orders` of them) after `at` seconds: (orders, 3, ...)."""
    share = at / seconds
    factor = np.ones(8)
    rows = []
    for order in range(orders):
        total = np.zeros_like(coefficients[0])
        for power in range(7, order - 1, -1):
            total = total * share + factor[power] * coefficients[power]
        rows.append(total / seconds**order)
        factor = factor * np.maximum(_POWERS - order, 0)
    return np.stack(rows)
