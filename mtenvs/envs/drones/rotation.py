"""Unit quaternions (w, x, y, z; body to world) and vectors, each as a tuple of component arrays."""

from __future__ import annotations

from typing import TypeAlias

from mtenvs.envs.drones.arrays import Array, Namespace

Components: TypeAlias = tuple[Array, ...]
Vector: TypeAlias = tuple[Array, Array, Array]
Quaternion: TypeAlias = tuple[Array, Array, Array, Array]


def dot(a: Vector, b: Vector) -> Array:
    """Scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """Vector product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def plus(a: Vector, b: Vector, times: Array = 1.0) -> Vector:
    """``a + times * b``."""
    return a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]


def minus(a: Vector, b: Vector) -> Vector:
    """``a - b``."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def normalized(xp: Namespace, q: Quaternion) -> Quaternion:
    """The quaternion at length 1."""
    w, x, y, z = q
    scale = 1.0 / xp.sqrt(w * w + x * x + y * y + z * z)
    return w * scale, x * scale, y * scale, z * scale


def body_x(q: Quaternion) -> Vector:
    """The heading: body x in the world."""
    w, x, y, z = q
    return 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + w * z), 2.0 * (x * z - w * y)


def body_z(q: Quaternion) -> Vector:
    """The thrust axis and racket normal: body z in the world."""
    w, x, y, z = q
    return 2.0 * (x * z + w * y), 2.0 * (y * z - w * x), 1.0 - 2.0 * (x * x + y * y)


def to_world(q: Quaternion, v: Vector) -> Vector:
    """A body vector in the world: v + 2 w (u x v) + 2 u x (u x v), with u the quaternion's vector part."""
    u = (q[1], q[2], q[3])
    first = cross(u, v)
    second = cross(u, first)
    return tuple(c + 2.0 * (q[0] * a + b) for c, a, b in zip(v, first, second, strict=True))


def to_body(q: Quaternion, v: Vector) -> Vector:
    """A world vector in the body."""
    return to_world((q[0], -q[1], -q[2], -q[3]), v)
