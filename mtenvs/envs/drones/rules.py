"""The referee: hits, possession, turns, crossings and faults of many games at once, decided as in VolleyBots.

Team 0 plays on x > 0 and has the first half of the drones. What the source reads from jumps of the ball's velocity comes here from the
contacts themselves; its refractory of three steps per drone stays.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from mtenvs.envs.drones.arrays import Array, Namespace, cast, constant, indices, namespace
from mtenvs.envs.drones.params import Format, Preset
from mtenvs.envs.drones.physics import Contacts, State

REFRACTORY = 3
"""Steps after a racket hit in which further contacts of the same drone do not count."""

BALL_DOWN = 0.2
"""A ball below this has landed, m."""

DRONE_DOWN = 0.3
"""A drone below this has crashed, m."""

TOO_CLOSE = 0.8
"""Two drones of one team nearer than this end the game, m."""

NET_REACH = 3.0
"""Ball radii on either side of x = 0 within which a ball under the net's upper edge is in the net."""


class Fault(IntEnum):
    """The six cases in which a team loses the game, by their row in :attr:`Events.faults`."""

    TURN = 0
    """A racket touched the ball when it was not its turn: twice, or on the other side, or a serve by another than the server."""
    BODY = 1
    """A drone touched the ball with something else than its racket."""
    CROSSED = 2
    """A drone went through the plane of the net."""
    LANDED = 3
    """The ball came down in the team's own half."""
    OUT = 4
    """The team hit the ball out of the court."""
    NET = 5
    """The team hit the ball into the net, or under it."""


class RuleState(NamedTuple):
    """What the referee remembers of each game.

    Attributes:
        steps: (games,) int32 since the start.
        side: (games,) int32, the team on whose side the ball is.
        turn: (games,) int32, the team that must hit next; only 1v1 goes by it.
        last_team: (games,) int32, the team that hit last; before any hit the one that serves.
        blocked: (drones, games) bool, drones that may not hit now.
        last_hit: (drones, games) int32, step of the last racket hit; -100 before any.
        hits: (drones, games) int32, legal hits so far.
        crossings: (games,) int32, how often the ball changed sides.
        done: (games,) bool, over: nothing changes any more.
    """

    steps: Array
    side: Array
    turn: Array
    last_team: Array
    blocked: Array
    last_hit: Array
    hits: Array
    crossings: Array
    done: Array


class Events(NamedTuple):
    """What happened in one step, and how the game stands.

    Attributes:
        legal: (drones, games) bool, legal hits.
        crossed: (games,) bool, the ball changed sides.
        faults: (6, 2, games) bool, case (:class:`Fault`) and team that is at fault.
        drone_down: (drones, games) bool, crashed.
        too_close: (drones, games) bool, too near a teammate.
        could_hit: (drones, games) bool, drones that could still hit after this step's hits, before a change of sides.
        was_turn: (games,) int32, whose turn it was before this step (1v1).
        result: (games,) int32, +1 if team 0 wins, -1 if team 1 does, 0 while nobody has or nobody will.
        draw: (games,) bool, both teams were at fault in the same step.
        terminated: (games,) bool, over by the rules.
        truncated: (games,) bool, over by time.
    """

    legal: Array
    crossed: Array
    faults: Array
    drone_down: Array
    too_close: Array
    could_hit: Array
    was_turn: Array
    result: Array
    draw: Array
    terminated: Array
    truncated: Array


def kickoff(server: Array, like: Array, game: Format) -> RuleState:
    """The referee's memory at the start of games.

    Args:
        server: (games,) int32, the team that serves.
        like: an array on the device in question.
        game: for sizes and the serving drone.
    """
    xp = namespace(like)
    drones = 2 * game.size
    zero = server * 0
    who = indices(xp, drones, like)
    serves = who[:, None] == (server * game.size + game.server)[None]
    each = zero[None] + cast(who[:, None] * 0, zero.dtype)
    return RuleState(zero, server, server, server, ~serves, each - 100, each, zero, zero > 0)


def _by_team(xp: Namespace, flags: Array, size: int) -> Array:
    """(drones, games) to (2, games): whether any drone of each team."""
    return xp.stack([flags[:size].any(0), flags[size:].any(0)])


def near_teammate(xp: Namespace, pos: Array, size: int) -> Array:
    """(drones, games) bool: drones within :data:`TOO_CLOSE` of a teammate."""
    flags = []
    for first in (0, size):
        nobody = xp.zeros_like(pos[0, 0]) > 0.0
        near = [nobody] * size
        for i in range(size):
            for j in range(i + 1, size):
                gap = pos[first + i] - pos[first + j]
                close = (gap * gap).sum(0) < TOO_CLOSE**2
                near[i], near[j] = near[i] | close, near[j] | close
        flags += near
    return xp.stack(flags)


def _ball_faults(xp: Namespace, state: State, blame: Array, game: Format, params: Preset, contacts: Contacts) -> tuple[Array, Array, Array]:
    """The ball's own faults: landed in a half, out, in the net; each (2, games)."""
    court, radius = params.court, params.ball.radius
    x, y, z = state.ball_pos[0], state.ball_pos[1], state.ball_pos[2]
    down = z < BALL_DOWN
    beside = xp.abs(y) > court.width / 2
    out = beside | (xp.abs(x) > court.length / 2)
    inside = down & ~out
    landed = xp.stack([inside & (x > 0.0), inside & (x < 0.0)])
    if params.solid_net:
        net = contacts.ball_net | ((xp.abs(x) < radius) & (xp.abs(y) < court.width / 2) & (z < court.net_height - court.net_band))
    else:
        net = (xp.abs(x) < NET_REACH * radius) & (xp.abs(y) < court.width / 2) & (z < court.net_height)
    gone = out if game.size == 1 else out & down
    return landed, gone[None] & blame, net[None] & blame


def referee(rules: RuleState, state: State, contacts: Contacts, game: Format, params: Preset) -> tuple[RuleState, Events]:
    """Judge one step.

    Args:
        rules: memory before the step.
        state: of the world after it.
        contacts: of the step.
        game: sizes and lengths.
        params: court and ball.

    Returns:
        The memory after the step, and what happened. Games that were over before stay as they are, without events.
    """
    xp = namespace(state.pos)
    size = game.size
    live = ~rules.done
    steps = xp.where(live, rules.steps + 1, rules.steps)
    fresh = (steps[None] - rules.last_hit > REFRACTORY) & live[None]
    racket, body = contacts.hit & fresh, contacts.body & fresh

    team = cast(indices(xp, 2 * size, state.pos) >= size, rules.side.dtype)[:, None]
    blocked = team != rules.turn[None] if size == 1 else rules.blocked
    legal, wrong = racket & ~blocked, racket & blocked
    blocked = blocked | racket
    last_hit = xp.where(racket, steps[None], rules.last_hit)
    scored = _by_team(xp, legal, size)
    zero, one = rules.side * 0, rules.side * 0 + 1
    last_team = xp.where(scored[0], zero, rules.last_team)
    last_team = xp.where(scored[1], one, last_team)
    turn = xp.where(scored[0] | scored[1], 1 - rules.turn, rules.turn)
    could_hit = ~blocked

    side = xp.where(live, xp.where(state.ball_pos[0] > 0.0, zero, one), rules.side)
    crossed = side != rules.side
    blocked = xp.where(crossed[None], team != side[None], blocked)

    teams = xp.stack([zero, one])
    if size == 1:
        foul = wrong | body
        blame = foul | (~foul.any(0)[None] & (teams != turn[None]))
    else:
        blame = teams == last_team[None]
    landed, out, net = _ball_faults(xp, state, blame, game, params, contacts)
    over = xp.stack([(state.pos[:size, 0] < 0.0).any(0), (state.pos[size:, 0] > 0.0).any(0)])
    faults = xp.stack([_by_team(xp, wrong, size), _by_team(xp, body, size), over, landed, out, net]) & live[None, None]
    lost = faults.any(0)
    draw = lost[0] & lost[1]
    result = xp.where(draw, zero, cast(lost[1], zero.dtype) - cast(lost[0], zero.dtype))

    drone_down = (state.pos[:, 2] < DRONE_DOWN) & live[None]
    too_close = near_teammate(xp, state.pos, size) & live[None] if size > 1 else drone_down & False
    terminated = lost[0] | lost[1] | drone_down.any(0) | too_close.any(0)
    truncated = live & ~terminated & (steps >= game.max_steps)
    memory = RuleState(
        steps,
        side,
        turn,
        last_team,
        blocked,
        last_hit,
        rules.hits + cast(legal, zero.dtype),
        rules.crossings + cast(crossed, zero.dtype),
        rules.done | terminated | truncated,
    )
    return memory, Events(legal, crossed, faults, drone_down, too_close, could_hit, rules.turn, result, draw, terminated, truncated)


def rewards(state: State, events: Events, anchors: Array, game: Format, params: Preset) -> Array:
    """The source's rewards of its competitive tasks.

    Args:
        state: after the step.
        events: of the step.
        anchors: (drones, 3) m.
        game: the format.
        params: for the court.

    Returns:
        (drones, games). Win +-100 and -100 for a crash always; 1v1: 5 for the hit,
        0.5 / (1 + horizontal distance to the ball) on one's turn, -0.2 times how far out of place; teams: 10 for a legal hit (all of the
        team), 0.5 / (1 + distance) for drones that may hit, 0.05 / (1 + distance to the anchor), -100 for being too close.
    """
    xp = namespace(state.pos)
    size, court = game.size, params.court
    dtype = state.pos.dtype
    won = cast(events.result, dtype) * 100.0
    win = xp.stack([won] * size + [-won] * size)
    crash = cast(events.drone_down, dtype) * 100.0
    away = [state.pos[:, i] - state.ball_pos[i][None] for i in range(3)]
    zero = constant(xp, 0.0, state.pos)
    scored = cast(_by_team(xp, events.legal, size), dtype)
    if size == 1:
        teams = indices(xp, 2, state.pos)[:, None]
        mine = cast(teams == events.was_turn[None], dtype)
        near = 0.5 * mine / (1.0 + xp.sqrt(away[0] * away[0] + away[1] * away[1]))
        return win - crash + near + 5.0 * scored - 0.2 * _off_place(xp, state.pos, court.length, court.width, anchors)
    distance = xp.sqrt(away[0] * away[0] + away[1] * away[1] + away[2] * away[2])
    near = xp.where(events.could_hit, 0.5 / (1.0 + distance), zero)
    off = [state.pos[:, i] - anchors[:, i, None] for i in range(3)]
    home = 0.05 / (1.0 + xp.sqrt(off[0] * off[0] + off[1] * off[1] + off[2] * off[2]))
    hit = xp.stack([scored[0] * 10.0] * size + [scored[1] * 10.0] * size)
    return win - crash + near + home + hit - 100.0 * cast(events.too_close, dtype)


def _off_place(xp: Namespace, pos: Array, length: float, width: float, anchors: Array) -> Array:
    """1v1: metres by which a drone is nearer than 0.5 m to the net, the centre line or the edges, or farther than 1 m from its height."""
    x, y = xp.abs(pos[:, 0]), xp.abs(pos[:, 1])
    rise = xp.abs(pos[:, 2] - anchors[:, 2, None])
    parts = (0.5 - x, 0.5 - (length / 2 - x), 0.5 - y, 0.5 - (width / 2 - y), rise - 1.0)
    total = xp.clip(parts[0], 0.0, 1e9)
    for part in parts[1:]:
        total = total + xp.clip(part, 0.0, 1e9)
    return total
