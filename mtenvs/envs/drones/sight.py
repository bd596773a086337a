"""What a team sees at the high level: 100 numbers, laid out as in HCSP, from its own side of the net."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.observe import drone_states
from mtenvs.envs.drones.orders import ROLES
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.rules import RuleState

PER_DRONE = 13
"""Place 3, quaternion 4, velocity 3, angular velocity 3 (world)."""

BALL = 6 * PER_DRONE
"""Where the ball's place and velocity begin."""

MAY_HIT = BALL + 6
"""Where the pairs (may hit, may not hit now) of the six drones begin."""

SIDE = MAY_HIT + 12
"""Where the pair (ball on our side, on theirs) begins."""

PHASE = SIDE + 2
"""Where the pair (serve, rally) begins."""

OBS_SIZE = PHASE + 2
"""100. Drones come as FirstPass, SecPass, Att of one's own team, then of the other."""


def high_level_view(state: State, rules: RuleState, rally: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Observations (games, 2, 100) float32 of both teams.

    Args:
        state: of the world.
        rules: the referee's memory.
        rally: (games,) whether the serve has been returned.
    """
    views = []
    for team in range(2):
        order = [3 * side + role for side in (team, 1 - team) for role in ROLES]
        mirror = np.full((6, 1), 1.0 - 2.0 * team, state.pos.dtype)
        drones = np.stack(drone_states(state, mirror)[:PER_DRONE])[:, order]
        turn = np.array([[mirror[0, 0]], [mirror[0, 0]], [1.0]])
        free = ~rules.blocked[order]
        own = rules.side == team
        parts = [
            drones.swapaxes(0, 1).reshape(BALL, -1),
            state.ball_pos * turn,
            state.ball_vel * turn,
            np.stack([free, ~free], 1).reshape(12, -1),
            np.stack([own, ~own]),
            np.stack([~rally, rally]),
        ]
        views.append(np.concatenate([np.asarray(part, np.float32) for part in parts]).T)
    return np.stack(views, 1)
