"""Where a flying ball goes: exact, as nothing but gravity acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Vector = Sequence[float] | npt.NDArray[np.floating]

GRAVITY: Final = 9.81
GROUND: Final = 0.1  # metres of the ball's centre when it touches the ground


@dataclass(frozen=True)
class Passage:
    """When and where a ball gets somewhere.

    Attributes:
        time: seconds from now.
        x, y, z: metres, of the ball's centre.
    """

    time: float
    x: float
    y: float
    z: float


def landing(place: Vector, velocity: Vector, *, height: float = GROUND, gravity: float = GRAVITY) -> Passage | None:
    """When a ball comes down to a height.

    Args:
        place: (3,) metres.
        velocity: (3,) m/s.
        height: metres of the ball's centre.
        gravity: m/s^2.

    Returns:
        Where it does; None for a ball that is below that height and will not rise above it, or whose numbers are not finite.
    """
    x, y, z = (float(value) for value in place)
    vx, vy, vz = (float(value) for value in velocity)
    inside = vz * vz + 2 * gravity * (z - height)
    if not isfinite(inside + x + y + vx + vy) or inside < 0:
        return None
    # The later root of z + vz t - g t^2 / 2 = height, in the form that does not subtract nearly equal numbers.
    root = sqrt(inside)
    time = (vz + root) / gravity if vz >= 0 else (2 * (z - height) / (root - vz) if z >= height else -1.0)
    return Passage(time, x + vx * time, y + vy * time, height) if time >= 0 else None


def crossing(place: Vector, velocity: Vector, *, gravity: float = GRAVITY) -> Passage | None:
    """When a ball passes the net's plane x = 0, on an unhindered flight that may lead below the ground.

    Returns:
        Where it does; None for a ball that stands at it or flies away from it.
    """
    x, y, z = (float(value) for value in place)
    vx, vy, vz = (float(value) for value in velocity)
    if not isfinite(x + y + z + vx + vy + vz) or x * vx >= 0:
        return None
    time = -x / vx
    return Passage(time, 0.0, y + vy * time, z + vz * time - gravity * time * time / 2) if isfinite(time) else None
