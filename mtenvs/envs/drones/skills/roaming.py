"""How drones move that do not swing: a smooth reference toward a waypoint that stays clear of teammates.

A cascade of limited differences, place -> velocity -> acceleration -> jerk -> snap; each stage is at least twice as fast as the one before,
so it cannot overshoot much, and the limits are what the rotors can follow.
"""

from __future__ import annotations

import numpy as np

from mtenvs.envs.drones.skills.frames import Floats, columns, dot, length

GAINS = (1.6, 3.6, 8.0, 18.0)
"""1/s, of place, velocity, acceleration and jerk."""

LEVEL = (3.0, 4.5, 28.0, 170.0)
"""Limits along the ground, of velocity (m/s), acceleration, jerk and snap: about 2.6 rad/s and 16 rad/s^2 at hover thrust."""

UPRIGHT = (3.0, 3.0, 30.0, 300.0)
"""The same of up and down: thrust that turning does not eat up."""

FLOOR = 1.0
"""Below this height, m, a drone climbs, whatever its waypoint."""

LIFT = 4.0
"""How fast, per metre that is missing, 1/s."""

CLEAR = 1.4
"""Teammates nearer than this are moved away from, m; the rules end games at 0.8."""

PUSH = 3.0
"""How fast, per metre that is missing, 1/s."""

SINK = 2.0
"""Fastest way down that is asked for, m/s: a drone that drops faster has no thrust left to turn with."""

AHEAD = 0.25
"""How far ahead teammates and the net are looked at, s: about what the cascade needs to follow."""

SAFE = 1.1
"""Nobody heads for less than this from a teammate (heights shortened), m."""

APPROACH = 1.5
"""How fast a drone may come near per metre of room, 1/s."""

ASIDE = 0.7
"""Of a speed that would lead into a teammate, the share that leads past it instead."""

NET_ROOM, NET_PUSH = 1.0, 4.0
"""Nearer to the net than this, m, a drone is pushed back, 1/s."""


def _limited(a: Floats, order: int) -> Floats:
    size = np.maximum(np.hypot(a[0], a[1]), 1e-9)
    level = np.minimum(1.0, LEVEL[order] / size)
    return np.stack([a[0] * level, a[1] * level, np.clip(a[2], -UPRIGHT[order], UPRIGHT[order])])


def _around(speed: Floats, off: Floats) -> Floats:
    """What to add to a wanted velocity, relative to a teammate from which one is `off`, so that it leads past and not into it."""
    far = length(off)
    away = off / np.maximum(far, 0.1)
    excess = np.clip(-dot(speed, away) - APPROACH * np.maximum(far - SAFE, 0.0), 0.0, LEVEL[0])
    beside = np.stack([-away[1], away[0], np.zeros_like(far)])
    side = np.where(dot(speed, beside) >= 0.0, ASIDE, -ASIDE)
    turned: Floats = excess * (away + side * beside)
    return turned


def roam(ref: Floats, goal: Floats, team: int, dt: float) -> tuple[Floats, Floats]:
    """One step of the reference.

    Args:
        ref: (4, 3, drones, games) position to jerk.
        goal: (3, drones, games) waypoints.
        team: drones of one team.
        dt: s.

    Returns:
        The reference at mid-step with its snap (5, 3, drones, games), and `ref` one step later.
    """
    pos, vel, acc, jerk = ref
    want = _limited(GAINS[0] * (goal - pos), 0)
    want[2] = np.maximum(want[2], -SINK)
    index = np.arange(pos.shape[1])
    ahead = pos + AHEAD * vel
    for other in range(1, team):
        mate = index // team * team + (index + other) % team
        want = want + _around(want - vel[:, mate], columns(ahead, ahead[:, mate]))
        off = pos - pos[:, mate]
        far = length(off)
        want = want + off / np.maximum(far, 0.1) * (PUSH * np.clip(CLEAR - far, 0.0, 1.0))
    want[0] += NET_PUSH * np.maximum(NET_ROOM - ahead[0], 0.0)
    want[2] += LIFT * np.maximum(FLOOR - pos[2], 0.0)
    want = _limited(GAINS[1] * (want - vel), 1)
    want = _limited(GAINS[2] * (want - acc), 2)
    snap = _limited(GAINS[3] * (want - jerk), 3)
    middle = np.stack([pos + vel * dt / 2, vel + acc * dt / 2, acc + jerk * dt / 2, jerk + snap * dt / 2, snap])
    later = np.stack(
        [
            pos + vel * dt + acc * dt**2 / 2 + jerk * dt**3 / 6,
            vel + acc * dt + jerk * dt**2 / 2,
            acc + jerk * dt + snap * dt**2 / 2,
            jerk + snap * dt,
        ],
    )
    return middle, later
