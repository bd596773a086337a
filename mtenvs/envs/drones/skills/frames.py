"""Vectors by components: every array is (3, ...) or (4, ...), with any shape of drones and games behind."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

GRAVITY = 9.81
"""m/s^2, of both presets."""

COLUMN = 0.3
"""A metre of height between two drones counts as much as this on the ground: a drone under another one sinks in its downwash."""


def dot(a: Floats, b: Floats) -> Floats:
    """Scalar product over the first axis."""
    product: Floats = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return product


def cross(a: Floats, b: Floats) -> Floats:
    """Vector product over the first axis."""
    return np.stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def length(a: Floats) -> Floats:
    """Euclidean norm over the first axis."""
    return np.sqrt(dot(a, a))


def columns(a: Floats, b: Floats) -> Floats:
    """`a - b` with heights shortened to :data:`COLUMN`: drones keep clear of the air that is blown down from others."""
    off: Floats = a - b
    off[2] *= COLUMN
    return off


def weight(a: Floats) -> Floats:
    """The upward acceleration that holds a body against gravity, in a shape that adds to `a`."""
    up: Floats = np.array([0.0, 0.0, GRAVITY]).reshape(3, *(1,) * (a.ndim - 1))
    return up


def axes(quat: Floats) -> tuple[Floats, Floats, Floats]:
    """Body x, y and z in the world, each (3, ...), of unit quaternions w, x, y, z (4, ...)."""
    w, x, y, z = quat
    return (
        np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)]),
        np.stack([2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)]),
        np.stack([2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)]),
    )


def half_turn(a: Floats, sign: Floats) -> Floats:
    """Vectors seen by a team: those of drones whose `sign` is -1 are turned by half a circle around z."""
    return np.stack([a[0] * sign, a[1] * sign, a[2] + 0.0 * sign])


def half_turn_attitude(quat: Floats, sign: Floats) -> Floats:
    """Quaternions seen by a team, turned as in :func:`half_turn`."""
    w, x, y, z = quat
    far = sign < 0
    return np.stack([np.where(far, -z, w), np.where(far, -y, x), np.where(far, x, y), np.where(far, w, z)])
