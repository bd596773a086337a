"""Where skills are played: waypoints, targets and swings, in the frame of the team (own half x > 0, its left is -y).

The plan of the court is HCSP's: FirstPass deep, SecPass near the net on the left, Att on the right. The numbers are ours, moved until
rallies of two rule bots lasted: teammates stand clear of the way on which a passer brakes.

A spike goes down from the racket, and what that takes can be worked out. Without friction a racket changes the ball's velocity along its
normal alone. On one at rest, tilted by t, a ball that falls with w leaves with ``w (1.794 cos^2 t - 1)`` upward and ``1.794 w sin t cos t``
forward (restitution 0.8): down from 42 degrees on. A drone with 1.61 times its weight in thrust keeps its height up to 52 degrees, so the
racket's speed, some 1 m/s, is no limit; w is, and that is how high the set was. Falling with 7 to 8 m/s from an apex near 6.5 m, the ball
leaves at 3.75 m, 2.4 m off the net, with 7.4 m/s and 0.1 to 0.9 m/s downward, is over the fault volume with 0.3 m to spare (from 3.3 m it
would not be), and lands 0.8 s later, where a lob takes 1.6 s. To meet it a drone has 0.6 s, in which it can tilt by 35 degrees but not move
by more than half a metre: it has to stand on the ball's way before. That is what blocking is.
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
    """What a drone can be told to do; from SERVE on they hit the ball, once, and then hover. The last three are ours."""

    HOVER = 0
    GOTO = 1
    SERVE = 2
    RECEIVE = 3
    PASS = 4
    SET = 5
    ATTACK = 6
    SET_HIGH = 7
    SPIKE = 8
    BLOCK = 9


class Aim(IntEnum):
    """Where to, seen by the team."""

    LEFT = 0
    MIDDLE = 1
    RIGHT = 2


Slide = tuple[float, float, float]
"""What a swing does across the racket's normal at contact: a share of the velocity of least snap, a speed toward the normal, m/s (a drone
that is slower, or backs off, stops sooner), and a share of the jerk of least snap (with none the racket does not turn)."""

SLIDES: tuple[Slide, ...] = ((1.0, 0.0, 1.0), (1.0, -1.0, 1.0), (0.4, 0.0, 1.0), (0.4, -1.0, 1.0))


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
        upright: least upward part of the racket's normal that costs nothing.
        rise: fastest upward speed of the ball after it that costs nothing, m/s; below 0 for a ball that shall go down.
        slides: to choose from.
        brakes: a planned path leads the drone to rest after contact, where it would otherwise run into the net.
    """

    heights: tuple[float, ...]
    flights: tuple[float, ...]
    height: float
    flight: float
    clearance: float = 0.0
    calm: float = 3.0
    limit: float = 60.0
    upright: float = 0.92
    rise: float = 99.0
    slides: tuple[Slide, ...] = SLIDES
    brakes: bool = False


def _steps(first: float, last: float, count: int) -> tuple[float, ...]:
    return tuple(float(one) for one in np.linspace(first, last, count))


_LEFT_FRONT, _RIGHT_FRONT = (1.5, -2.2, 1.5), (1.7, 2.2, 2.0)

PLACES: Floats = np.array(
    [
        [(2.4, -1.55, 1.6), _LEFT_FRONT, _LEFT_FRONT, _LEFT_FRONT],
        [(2.4, 0.6, 1.6), _RIGHT_FRONT, _RIGHT_FRONT, _RIGHT_FRONT],
        [(4.5, -1.5, 1.2), (4.5, 0.0, 1.2), (4.5, 1.5, 1.2), (4.5, 0.0, 1.5)],
    ],
)
"""(role, goto left | middle | right | hover, 3) m; the two at the net have one place, and the first is where they wait to block."""

BLOCK_PLACE = 0
"""Index of the blocking waypoint in PLACES, for the two at the net."""

HOVER_PLACE = 3
"""Index of the hover waypoint in PLACES."""

_RETREATS: tuple[Slide, ...] = ((1.0, 0.0, 1.0), (1.0, -1.0, 1.0), (0.4, -1.0, 1.0), (0.4, -2.0, 1.0), (1.0, -2.0, 1.0))
_SETTLED: tuple[Slide, ...] = tuple(
    (share, speed, turn) for share, speed in ((1, 0), (1, -1), (0.4, 0), (0.4, -1), (1, 1)) for turn in (0.5, 0.0, -0.5)
)

# A set's limit is a trade: at 22 more sets are left out (first chains to random sides land in 92 % of games), at 60 more teams with
# random orders crash over theirs (5 % of games); at 32 it is 94 % and 1.6 %.
SWINGS: dict[Skill, Swing] = {
    Skill.SERVE: Swing(_steps(1.4, 3.0, 9), _steps(1.2, 2.0, 9), 2.1, 1.6, 0.45, 0.02, 100.0),
    Skill.RECEIVE: Swing(_steps(0.9, 2.3, 8), _steps(1.3, 2.2, 6), 1.4, 1.8, limit=100.0),
    Skill.PASS: Swing(_steps(0.9, 2.3, 8), _steps(1.3, 2.2, 6), 1.4, 1.8, limit=45.0),
    Skill.SET: Swing(_steps(1.3, 2.6, 7), _steps(1.1, 1.6, 6), 2.0, 1.35, limit=32.0),
    Skill.ATTACK: Swing(_steps(1.8, 3.2, 8), _steps(1.0, 1.9, 8), 2.7, 1.5, 0.35, limit=40.0),
    Skill.SET_HIGH: Swing(_steps(1.3, 2.6, 7), _steps(1.7, 2.0, 5), 2.0, 1.85, limit=60.0),
    Skill.SPIKE: Swing(_steps(3.4, 4.0, 6), _steps(0.6, 0.95, 6), 3.7, 0.7, 0.3, 1.0, 60.0, 0.66, -1.2, _RETREATS, brakes=True),
    Skill.BLOCK: Swing(_steps(0.9, 2.6, 10), _steps(1.1, 1.9, 6), 1.7, 1.4, 0.3, 3.0, 200.0, 0.75, slides=_SETTLED, brakes=True),
}

_TO_SETTER, _TO_ATTACKER = (1.7, -2.0, 1.9), (1.7, 2.0, 2.6)

TARGETS: dict[Skill, Floats] = {
    Skill.SERVE: np.array([(-4.4, -1.1, 0.2), (-4.4, 0.0, 0.2), (-4.4, 1.1, 0.2)]),
    Skill.RECEIVE: np.array([_TO_SETTER] * 3),
    Skill.PASS: np.array([_TO_SETTER, _TO_SETTER, _TO_ATTACKER]),
    Skill.SET: np.array([(2.2, 1.9, 2.6)] * 3),
    Skill.ATTACK: np.array([(-4.4, -1.1, 0.2), (-4.4, 0.0, 0.2), (-4.4, 1.1, 0.2)]),
    Skill.SET_HIGH: np.array([(2.4, 1.3, 3.7)] * 3),
    Skill.SPIKE: np.array([(-3.6, -1.1, 0.2), (-3.6, 0.0, 0.2), (-3.6, 1.6, 0.2)]),
    Skill.BLOCK: np.array([(-3.2, 0.0, 0.2)] * 3),
}
"""Where the ball should go, by aim, m: the setter's racket, the attacker's (a pass to the right skips the setter), or the far court."""
