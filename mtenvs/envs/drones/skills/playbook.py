"""Where skills are played: waypoints, targets and swings, in the frame of the team (own half x > 0, its left is -y).

The plan of the court is HCSP's: FirstPass deep, SecPass near the net on the left, Att on the right. The numbers are ours, moved until
rallies of two rule bots lasted: teammates stand clear of the way on which a passer brakes.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from mtenvs.envs.drones.skills.frames import Floats


class Role(IntEnum):
    """Who a drone of a team is, by its index in the team."""

    SEC_PASS = 0
    ATT = 1
    FIRST_PASS = 2


class Skill(IntEnum):
    """What a drone can be told to do; from SERVE on they hit the ball, once, and then hover."""

    HOVER = 0
    GOTO = 1
    SERVE = 2
    RECEIVE = 3
    PASS = 4
    SET = 5
    ATTACK = 6


class Aim(IntEnum):
    """Where to, seen by the team."""

    LEFT = 0
    MIDDLE = 1
    RIGHT = 2


class Swing(NamedTuple):
    """What a planner may choose from, and what it likes.

    Attributes:
        heights: of the ball at contact, m.
        flights: of the ball after it until the target, s.
        height: liked, m.
        flight: liked, s.
        clearance: of the ball's centre over the net's edge, m; 0 for balls that stay on this side.
        calm: what speed after contact costs, s^2/m^2.
        limit: of the cost; a swing that costs more is not played, as the drone would crash.
    """

    heights: tuple[float, ...]
    flights: tuple[float, ...]
    height: float
    flight: float
    clearance: float = 0.0
    calm: float = 3.0
    limit: float = 60.0


def _steps(first: float, last: float, count: int) -> tuple[float, ...]:
    return tuple(float(one) for one in np.linspace(first, last, count))


_LEFT_FRONT, _RIGHT_FRONT = (1.5, -2.2, 1.5), (1.7, 2.2, 2.0)

PLACES: Floats = np.array(
    [
        [_LEFT_FRONT] * 4,
        [_RIGHT_FRONT] * 4,
        [(4.5, -1.5, 1.2), (4.5, 0.0, 1.2), (4.5, 1.5, 1.2), (4.5, 0.0, 1.5)],
    ],
)
"""(role, goto left | middle | right | hover, 3) m."""

HOVER_PLACE = 3
"""Index of the hover waypoint in PLACES."""

SWINGS: dict[Skill, Swing] = {
    Skill.SERVE: Swing(_steps(1.4, 3.0, 9), _steps(1.2, 2.0, 9), 2.1, 1.6, 0.45, 0.02, 100.0),
    Skill.RECEIVE: Swing(_steps(0.9, 2.3, 8), _steps(1.3, 2.2, 6), 1.4, 1.8, limit=100.0),
    Skill.PASS: Swing(_steps(0.9, 2.3, 8), _steps(1.3, 2.2, 6), 1.4, 1.8, limit=45.0),
    Skill.SET: Swing(_steps(1.3, 2.6, 7), _steps(1.1, 1.6, 6), 2.0, 1.35, limit=22.0),
    Skill.ATTACK: Swing(_steps(1.8, 3.2, 8), _steps(1.0, 1.9, 8), 2.7, 1.5, 0.35, limit=40.0),
}

_TO_SETTER, _TO_ATTACKER = (1.7, -2.0, 1.9), (1.7, 2.0, 2.6)

TARGETS: dict[Skill, Floats] = {
    Skill.SERVE: np.array([(-4.4, -1.1, 0.2), (-4.4, 0.0, 0.2), (-4.4, 1.1, 0.2)]),
    Skill.RECEIVE: np.array([_TO_SETTER] * 3),
    Skill.PASS: np.array([_TO_SETTER, _TO_SETTER, _TO_ATTACKER]),
    Skill.SET: np.array([(2.2, 1.9, 2.6)] * 3),
    Skill.ATTACK: np.array([(-4.4, -1.1, 0.2), (-4.4, 0.0, 0.2), (-4.4, 1.1, 0.2)]),
}
"""Where the ball should go, by aim, m: the setter's racket, the attacker's (a pass to the right skips the setter), or the far court."""
