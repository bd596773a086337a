"""What the two cooperative exercises share, and the first of them: two drones bump the ball to each other."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.drills import Bools, Drill, Floats, Own, jitter, norm
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.rules import NET_REACH, REFRACTORY

FAULT: Final = -10.0
ANCHOR_RADIUS: Final = 0.5
_CEILING: Final = 16.0


def ball_at_net(state: State, params: Preset) -> Bools:
    """(games,) whether the ball is in the net's volume, or passes below its upper edge."""
    x, y, z = state.ball_pos
    court = params.court
    return np.asarray((np.abs(x) < NET_REACH * params.ball.radius) & (np.abs(y) < court.width / 2) & (z < court.net_height))


def ball_outside(state: State, params: Preset) -> Bools:
    """(games,) whether the ball is outside of the court or too high."""
    x, y, z = state.ball_pos
    return np.asarray((np.abs(x) > params.court.length / 2) | (np.abs(y) > params.court.width / 2) | (z > _CEILING))


class Pair(Drill):
    """Two drones in the near half that hit the ball in turns."""

    drones: int = 2
    turns: int = 2
    """Values of whose turn it is."""
    ball_above: float = 2.0

    def _begin(self, key: NDArray[Any], where: NDArray[Any]) -> tuple[Floats, Floats, Own]:
        start = np.stack([np.array(place)[:, None] + jitter(key, (0.1, 0.1, 0.1), 3 * i) for i, place in enumerate(self.anchors)])
        ball = start[0] + np.array([[0.0], [0.0], [self.ball_above]])
        count = np.zeros(len(where), np.int32)
        return start, ball, {"turn": count, "hits": count.copy(), "last_hit": np.tile(count - 100, (2, 1)), **self._counts(len(where))}

    def _counts(self, games: int) -> Own:
        raise NotImplementedError

    def _touches(self, contacts: Contacts, own: Own) -> tuple[Bools, Bools]:
        """Legal hits and wrong ones, (drones, games): a legal one is a racket's on that drone's turn, and gives the turn on."""
        touched = (contacts.hit | contacts.body) & (self.steps[None] - own["last_hit"] > REFRACTORY)
        mine = np.arange(2)[:, None] == own["turn"][None]
        legal = touched & contacts.hit & mine
        own["last_hit"] = np.where(touched, self.steps[None], own["last_hit"]).astype(np.int32)
        own["hits"] = own["hits"] + legal.any(0)
        return legal, touched & ~legal

    def _from_anchor(self) -> Floats:
        away: Floats = self.state.pos - np.array(self.anchors, np.float32)[:, :, None]
        return away

    def _off_anchor(self) -> Floats:
        """(games,) mean metres by which the drones are farther than 0.5 m from their anchors."""
        away: Floats = np.maximum(0.0, norm(self._from_anchor()) - ANCHOR_RADIUS).mean(0)
        return away

    def _towards(self, goal: Floats) -> Floats:
        """(games,) cosine between the ball's velocity and the direction to a place (3, games)."""
        speed, way = self.state.ball_vel, goal - self.state.ball_pos
        cosine: Floats = (speed * way).sum(0) / np.maximum(norm(speed) * norm(way), 1e-6)
        return cosine

    def _both(self, rewards: dict[str, Floats]) -> dict[str, Floats]:
        """Shared rewards (games,) as (drones, games)."""
        return {name: np.broadcast_to(part, (2, self.games)) if part.ndim == 1 else part for name, part in rewards.items()}

    def _observe(self) -> Floats:
        mine = self.state.pos
        seen = [self._from_anchor(), mine[::-1] - mine, self.state.ball_pos[None] - mine, np.broadcast_to(self.state.ball_vel, mine.shape)]
        parts = [row for part in seen for row in part.transpose(1, 0, 2)]
        whole = np.ones((2, self.games), np.float32)
        turn = [whole * (self.own["turn"] == i) for i in range(self.turns)]
        number = [whole * (np.arange(2) == i)[:, None] for i in range(2)]
        return np.stack([*self._drone_states(throttles=True), *parts, *turn, *number, *self._clock()], 1)


class BumpAndPass(Pair):
    """Two drones bump the ball to each other, above 4 m half way.

    Rewards of a step, each drone's: `hit` +1 for a legal hit (shared), `crossing` +1 when the ball is over the middle line above 4 m,
    `aim` the cosine between the ball's way and the mate at a legal hit, `near` 0.05 times the mean of 1 / (1 + horizontal distance to the
    ball), counted positive for the drone whose turn it is, `anchor` -0.05 times the mean distance beyond 0.5 m; -10 for each of: a hit out
    of turn or not with the racket (own), a crash or the net (own), the ball's faults (shared).
    """

    obs_size: int = 43
    components: tuple[str, ...] = ("hit", "crossing", "aim", "near", "anchor", "wrong_hit", "drone_misbehave", "ball_misbehave")
    checkpoints: tuple[str, ...] = ("first", "second")
    anchors: tuple[tuple[float, float, float], ...] = ((4.5, -2.5, 2.0), (4.5, 2.5, 2.0))
    min_height: float = 4.0
    goal: int = 2
    """Passes that make a success (ours; the source counts them)."""

    def _counts(self, games: int) -> Own:
        zero = np.zeros(games, np.int32)
        return {"last_crossing": zero - 100, "high": np.zeros(games, bool), "passes": zero}

    def _judge(self, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Floats], Bools]:  # noqa: ARG002 - the drill's signature
        mine = np.arange(2)[:, None] == own["turn"][None]
        legal, wrong = self._touches(contacts, own)
        hit = legal.any(0)
        own["passes"] = own["passes"] + (hit & own["high"])
        own["high"] = own["high"] & ~hit
        own["turn"] = np.where(hit, 1 - own["turn"], own["turn"])
        place, ball = self.state.pos, self.state.ball_pos
        over = (np.abs(ball[1]) <= self.params.ball.radius) & (ball[2] > self.min_height) & (self.steps - own["last_crossing"] > REFRACTORY)
        own["last_crossing"] = np.where(over, self.steps, own["last_crossing"]).astype(np.int32)
        own["high"] = own["high"] | over
        near = 1.0 / (1.0 + norm((ball[None] - place)[:, :2]))
        crashed = (place[:, 2] < 0.4) | (np.abs(place[:, 0]) < 0.01)
        ball_out = (ball[2] < 0.2) | ball_outside(self.state, self.params) | ball_at_net(self.state, self.params)
        mate = np.where(own["turn"] == 1, place[1], place[0])
        rewards = {
            "hit": 1.0 * hit,
            "crossing": 1.0 * over,
            "aim": hit * self._towards(mate),
            "near": 0.05 * np.where(mine, near, -near).mean(0),
            "anchor": -0.05 * self._off_anchor(),
            "wrong_hit": FAULT * wrong,
            "drone_misbehave": FAULT * crashed,
            "ball_misbehave": FAULT * ball_out,
        }
        return self._both(rewards), wrong.any(0) | crashed.any(0) | ball_out

    def score(self) -> NDArray[np.float64]:
        """Passes above 4 m that the mate has hit on, of those that make a success."""
        return np.minimum(1.0, self.own["passes"] / self.goal)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """Successful passes and legal hits."""
        return {"passes": self.own["passes"].astype(np.float64), "hits": self.own["hits"].astype(np.float64)}

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name."""
        return {name: self.own["passes"] > i for i, name in enumerate(self.checkpoints)}
