"""The ball in flight, and the swing that gives it another flight: both exact, without air."""

from __future__ import annotations

import numpy as np

from mtenvs.envs.drones.params import BallParams, DroneParams
from mtenvs.envs.drones.skills.frames import GRAVITY, Floats, dot, length


def fly(pos: Floats, vel: Floats, seconds: Floats | float) -> tuple[Floats, Floats]:
    """Place and velocity (3, ...) of a free ball after `seconds`."""
    drop = GRAVITY * seconds
    return (
        np.stack([pos[0] + vel[0] * seconds, pos[1] + vel[1] * seconds, pos[2] + vel[2] * seconds - drop * seconds / 2]),
        np.stack([vel[0] + 0.0 * seconds, vel[1] + 0.0 * seconds, vel[2] - drop]),
    )


def time_down(pos: Floats, vel: Floats, height: Floats | float) -> Floats:
    """Seconds until the ball comes down through `height`; NaN where it never gets that high."""
    inside = vel[2] ** 2 + 2 * GRAVITY * (pos[2] - height)
    root = np.sqrt(np.where(inside > 0, inside, np.nan))
    seconds: Floats = (vel[2] + root) / GRAVITY
    return seconds


def launch(pos: Floats, target: Floats, seconds: Floats | float) -> Floats:
    """Velocity (3, ...) with which a ball from `pos` is at `target` after `seconds`."""
    vel = (target - pos) / seconds
    vel[2] += GRAVITY / 2 * seconds
    return vel


def height_over(pos: Floats, vel: Floats, x: float) -> Floats:
    """Height of a ball that flies toward -x when it passes the plane at `x`, m."""
    seconds = np.maximum((x - pos[0]) / np.minimum(vel[0], -0.3), 0.0)
    height: Floats = pos[2] + vel[2] * seconds - GRAVITY / 2 * seconds**2
    return height


def stiffness(drone: DroneParams, ball: BallParams) -> float:
    """Change of the ball's velocity per closing speed along the racket's normal: (1 + e) / (1 + m_ball / m_drone)."""
    return (1.0 + ball.drone_restitution) / (1.0 + ball.mass / drone.mass)


def swing(v_in: Floats, v_out: Floats, stiff: float) -> tuple[Floats, Floats]:
    """What a racket must do to turn one velocity of the ball into another, without friction.

    Args:
        v_in: (3, ...) m/s before.
        v_out: (3, ...) m/s after.
        stiff: of :func:`stiffness`.

    Returns:
        The racket's normal (3, ...), along the change of velocity, and its speed (...) along that normal, m/s; any speed across it does.
    """
    change = v_out - v_in
    size = np.maximum(length(change), 1e-9)
    normal = change / size
    return normal, size / stiff + dot(normal, v_in)
