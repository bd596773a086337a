"""What each drone sees: the source's vectors of 37 (1v1), 57 (3v3) and 78 (6v6) numbers, turned by half a circle for the far team."""

from __future__ import annotations

import numpy as np

from mtenvs.envs.drones.arrays import Array, cast, constant, indices, namespace
from mtenvs.envs.drones.params import Format
from mtenvs.envs.drones.physics import State, rows
from mtenvs.envs.drones.rotation import Quaternion, Vector, body_x, body_z, to_world
from mtenvs.envs.drones.rules import RuleState

DRONE_STATE = 23
"""Place 3, quaternion 4 (w >= 0), velocity 3, angular velocity 3 (world), body x 3, body z 3, throttles 4 (-1 to 1)."""


def size(game: Format) -> int:
    """Numbers in one drone's observation."""
    return 37 if game.size == 1 else DRONE_STATE + 9 + 2 + game.size + 2 + 6 * game.size


def drone_states(state: State, mirror: Array) -> list[Array]:
    """The 23 numbers of each drone as arrays (drones, games).

    Args:
        state: of the world.
        mirror: (drones, 1), -1 for the drones that see the court from the other side, else 1.
    """
    xp = namespace(state.pos)
    x, y, z = rows(state.pos)
    w, a, b, c = rows(state.quat)
    world: Vector = to_world((w, a, b, c), rows(state.omega))
    turned = mirror < 0.0
    seen: Quaternion = (xp.where(turned, -c, w), xp.where(turned, -b, a), xp.where(turned, a, b), xp.where(turned, w, c))
    sign = xp.where(seen[0] < 0.0, mirror * 0.0 - 1.0, mirror * 0.0 + 1.0)
    vx, vy, vz = rows(state.vel)
    hx, hy, hz = body_x((w, a, b, c))
    ux, uy, uz = body_z((w, a, b, c))
    throttle = [2.0 * part - 1.0 for part in rows(state.throttle)]
    return [
        *(x * mirror, y * mirror, z),
        *(part * sign for part in seen),
        *(vx * mirror, vy * mirror, vz),
        *(world[0] * mirror, world[1] * mirror, world[2]),
        *(hx * mirror, hy * mirror, hz),
        *(ux * mirror, uy * mirror, uz),
        *throttle,
    ]


def observe(state: State, rules: RuleState, anchors: Array, game: Format) -> Array:
    """Observations of all drones.

    Args:
        state: of the world.
        rules: the referee's memory.
        anchors: (drones, 3) m.
        game: the format.

    Returns:
        (drones, numbers, games) in the dtype of the state. All begin with the drone's state 23 and its place from its anchor 3.
        1v1: the opponent from here 3, here from the ball 3, ball velocity 3, turn (mine, the other's) 2.
        Teams: the ball from here 3, ball velocity 3, side of the ball (mine, the other's) 2, number in the team (one-hot), already hit
        (no, yes) 2, places of all drones, own team first.
    """
    xp = namespace(state.pos)
    count, dtype = game.size, state.pos.dtype
    who = indices(xp, 2 * count, state.pos)[:, None]
    far = who >= count
    mirror = 1.0 - 2.0 * cast(far, dtype)
    own = drone_states(state, mirror)
    x, y, z = rows(state.pos)
    ball, speed = rows(state.ball_pos), rows(state.ball_vel)
    anchor = [x - anchors[:, 0, None], y - anchors[:, 1, None], z - anchors[:, 2, None]]
    from_anchor = [anchor[0] * mirror, anchor[1] * mirror, anchor[2]]
    to_ball = [(ball[0][None] - x) * mirror, (ball[1][None] - y) * mirror, ball[2][None] - z]
    still = z * 0.0
    ball_vel = [speed[0][None] * mirror, speed[1][None] * mirror, speed[2][None] + still]
    team = cast(far, rules.side.dtype)
    if count == 1:
        here = cast(team == rules.turn[None], dtype)
        other = [part[::-1] if not hasattr(part, "flip") else part.flip(0) for part in (x, y, z)]
        opponent = [(other[0] - x) * mirror, (other[1] - y) * mirror, other[2] - z]
        from_ball = [-part for part in to_ball]
        return xp.stack([*own, *from_anchor, *opponent, *from_ball, *ball_vel, here, 1.0 - here], 1)
    here = cast(team == rules.side[None], dtype)
    number = who - count * cast(far, who.dtype)
    one_hot = [cast(number == i, dtype) + still for i in range(count)]
    blocked = cast(rules.blocked, dtype)
    mine = [*own, *from_anchor, *to_ball, *ball_vel, here, 1.0 - here, *one_hot, 1.0 - blocked, blocked]
    near = state.pos.reshape(6 * count, -1)
    half_turn = constant(xp, [[-1.0], [-1.0], [1.0]] * (2 * count), state.pos)
    distant = xp.concatenate([near[3 * count :], near[: 3 * count]]) * half_turn
    # all drones of a team see the same places
    if xp is np:  # everything is written once, to where it belongs
        seen = np.empty((2 * count, size(game), near.shape[-1]), dtype)
        np.stack(mine, 1, out=seen[:, : len(mine)])
        seen[:count, len(mine) :], seen[count:, len(mine) :] = near, distant
        return seen
    return xp.concatenate([xp.stack(mine, 1), xp.stack([near] * count + [distant] * count)], 1)
