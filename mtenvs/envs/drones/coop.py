"""What the two cooperative exercises share, and the first of them: two drones bump the ball to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final

from mtenvs.envs.drones.arrays import Array, cast, indices, namespace
from mtenvs.envs.drones.exercise import Course, Draws, Exercise, Own, columns, norm
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.rules import NET_REACH, REFRACTORY
from mtenvs.envs.drones.scene import Scene

FAULT: Final = -10.0
ANCHOR_RADIUS: Final = 0.5
_CEILING: Final = 16.0
_FAR: Final = 1e9  # no length is larger


def ball_at_net(state: State, params: Preset) -> Array:
    """(games,) whether the ball is in the net's volume, or passes below its upper edge."""
    xp, (x, y, z), court = namespace(state.pos), state.ball_pos, params.court
    return (xp.abs(x) < NET_REACH * params.ball.radius) & (xp.abs(y) < court.width / 2) & (z < court.net_height)


def ball_outside(state: State, params: Preset) -> Array:
    """(games,) whether the ball is outside of the court or too high."""
    xp, (x, y, z) = namespace(state.pos), state.ball_pos
    return (xp.abs(x) > params.court.length / 2) | (xp.abs(y) > params.court.width / 2) | (z > _CEILING)


@dataclass(frozen=True)
class Pair(Exercise):
    """Two drones in the near half that hit the ball in turns."""

    drones: ClassVar[int] = 2
    turns: ClassVar[int] = 2
    """Values of whose turn it is."""
    ball_above: ClassVar[float] = 2.0

    def _begin(self, draws: Draws) -> tuple[Array, Array, Own]:
        start = draws.places(self.anchors) + namespace(draws.zero).stack([draws.jitter((0.1, 0.1, 0.1), 3 * i) for i in range(2)])
        ball = start[0] + draws.places((0.0, 0.0, self.ball_above))
        last = namespace(draws.zero).stack([draws.count - 100] * 2)
        return start, ball, {"turn": draws.count, "hits": draws.count, "last_hit": last, **self._counts(draws)}

    def _counts(self, draws: Draws) -> Own:
        raise NotImplementedError

    def _mine(self, turn: Array) -> Array:
        """(drones, games) bool, whose turn it is."""
        return indices(namespace(turn), 2, turn)[:, None] == turn[None]

    def _touches(self, now: Course, contacts: Contacts, own: Own) -> tuple[Array, Array]:
        """Legal hits and wrong ones, (drones, games): a legal one is a racket's on that drone's turn."""
        touched = (contacts.hit | contacts.body) & (now.steps[None] - own["last_hit"] > REFRACTORY)
        legal = touched & contacts.hit & self._mine(own["turn"])
        own["last_hit"] = namespace(touched).where(touched, now.steps[None], own["last_hit"])
        own["hits"] = own["hits"] + cast(legal.any(0), now.steps.dtype)
        return legal, touched & ~legal

    def _off_anchor(self, state: State) -> Array:
        """(games,) mean metres by which the drones are farther than 0.5 m from their anchors."""
        beyond = namespace(state.pos).clip(norm(self._from_anchor(state)) - ANCHOR_RADIUS, 0.0, _FAR)
        return 0.5 * (beyond[0] + beyond[1])

    def _towards(self, state: State, goal: Array) -> Array:
        """(games,) cosine between the ball's velocity and the direction to a place (3, games)."""
        speed, way = state.ball_vel, goal - state.ball_pos
        return (speed * way).sum(0) / namespace(speed).clip(norm(speed) * norm(way), 1e-6, _FAR)

    def observe(self, course: Course) -> Array:
        """What each drone sees: its state 23, anchor, mate, ball and ball velocity 3 each, turn, number 2, time 4."""
        xp, state = namespace(course.steps), course.state
        mine, dtype = state.pos, state.pos.dtype
        still = mine[:, 0] * 0.0
        seen = [self._from_anchor(state), xp.flip(mine, (0,)) - mine, state.ball_pos[None] - mine, state.ball_vel[None] + mine * 0.0]
        parts = [column for part in seen for column in columns(part)]
        turn = [cast(course.own["turn"] == i, dtype)[None] + still for i in range(self.turns)]
        number = [cast(indices(xp, 2, mine) == i, dtype)[:, None] + still for i in range(2)]
        return xp.stack([*self._drone_states(state, throttles=True), *parts, *turn, *number, *self._clock(course)], 1)

    def scene(self, game: Course) -> Scene:
        """One game as it is drawn, with whose turn it is."""
        turn = int(game.own["turn"])
        return replace(super().scene(game), may_hit=(turn == 0, turn == 1, False, False))


@dataclass(frozen=True)
class BumpAndPass(Pair):
    """Two drones bump the ball to each other, above 4 m half way.

    Rewards of a step, each drone's: `hit` +1 for a legal hit (shared), `crossing` +1 when the ball is over the middle line above 4 m,
    `aim` the cosine between the ball's way and the mate at a legal hit, `near` 0.05 times the mean of 1 / (1 + horizontal distance to the
    ball), counted positive for the drone whose turn it is, `anchor` -0.05 times the mean distance beyond 0.5 m; -10 for each of: a hit out
    of turn or not with the racket (own), a crash or the net (own), the ball's faults (shared). Two passes make a success (ours; the source
    counts them).
    """

    obs_size: ClassVar[int] = 43
    components: ClassVar[tuple[str, ...]] = (
        "hit", "crossing", "aim", "near", "anchor", "wrong_hit", "drone_misbehave", "ball_misbehave",
    )  # fmt: skip
    checkpoints: ClassVar[tuple[str, ...]] = ("first", "second")
    anchors: ClassVar[tuple[tuple[float, float, float], ...]] = ((4.5, -2.5, 2.0), (4.5, 2.5, 2.0))
    min_height: ClassVar[float] = 4.0
    counts: ClassVar[str] = "passes"
    goal: ClassVar[float] = 2
    figures: ClassVar[Mapping[str, str]] = MappingProxyType({"passes": "passes", "hits": "hits"})

    def _counts(self, draws: Draws) -> Own:
        return {"last_crossing": draws.count - 100, "high": draws.no, "passes": draws.count}

    def _judge(self, now: Course, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Array], Array]:  # noqa: ARG002 - the exercise's signature
        xp, state, dtype = namespace(now.steps), now.state, now.state.pos.dtype
        mine = self._mine(own["turn"])
        legal, wrong = self._touches(now, contacts, own)
        hit = legal.any(0)
        own["passes"] = own["passes"] + cast(hit & own["high"], now.steps.dtype)
        own["high"] = own["high"] & ~hit
        own["turn"] = xp.where(hit, 1 - own["turn"], own["turn"])
        place, ball = state.pos, state.ball_pos
        over = (xp.abs(ball[1]) <= self.params.ball.radius) & (ball[2] > self.min_height) & (now.steps - own["last_crossing"] > REFRACTORY)
        own["last_crossing"] = xp.where(over, now.steps, own["last_crossing"])
        own["high"] = own["high"] | over
        near = 1.0 / (1.0 + norm((ball[None] - place)[:, :2]))
        signed = xp.where(mine, near, -near)
        crashed = (place[:, 2] < 0.4) | (xp.abs(place[:, 0]) < 0.01)
        ball_out = (ball[2] < 0.2) | ball_outside(state, self.params) | ball_at_net(state, self.params)
        mate = xp.where((own["turn"] == 1)[None], place[1], place[0])
        rewards = {
            "hit": cast(hit, dtype),
            "crossing": cast(over, dtype),
            "aim": cast(hit, dtype) * self._towards(state, mate),
            "near": 0.025 * (signed[0] + signed[1]),
            "anchor": -0.05 * self._off_anchor(state),
            "wrong_hit": FAULT * cast(wrong, dtype),
            "drone_misbehave": FAULT * cast(crashed, dtype),
            "ball_misbehave": FAULT * cast(ball_out, dtype),
        }
        return rewards, wrong.any(0) | crashed.any(0) | ball_out
