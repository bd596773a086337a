"""The source's three exercises for one drone: fly back and forth, hit the ball far, bump it again and again."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.drills import Bools, Drill, Floats, Own, jitter, norm
from mtenvs.envs.drones.physics import Contacts, State

TARGETS: Final = np.array([(4.5, 0.0, 2.0), (9.0, 4.5, 2.0)], np.float32)
"""The two places of `BackAndForth`, (2, 3) m."""
_GAP: Final = 25  # steps; a contact sooner than this after the one before is a second touch of the same hit
_FAULT: Final = -10.0


class BackAndForth(Drill):
    """Fly to one place, stay, fly to the other, stay, and so on.

    Rewards of a step: 0.5 / (1 + d^2) * 0.02 * (50 - steps near), 2.5 * steps near, -10 for leaving; d is the distance to the target.
    """

    obs_size: int = 26
    components: tuple[str, ...] = ("distance", "near", "misbehave")
    checkpoints: tuple[str, ...] = ("first", "second", "third")
    anchors: tuple[tuple[float, float, float], ...] = ((4.5, 0.0, 2.0),)
    goal: int = 3
    """Targets that make a success (ours; the source counts targets)."""

    def _begin(self, key: NDArray[Any], where: NDArray[Any]) -> tuple[Floats, Floats, Own]:
        start = TARGETS[0][:, None] + jitter(key, (0.5, 0.5, 0.2))
        ball = np.tile(np.array([[-20.0], [0.0], [0.1]], np.float32), (1, len(where)))  # there is none: it lies far away
        count = np.zeros(len(where), np.int32)
        return start[None], ball, {"target": count + 1, "near": count.copy(), "reached": count.copy()}

    def _judge(self, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Floats], Bools]:  # noqa: ARG002 - the drill's signature
        away = norm(self.state.pos - TARGETS[own["target"]].T[None])
        near = np.where(away[0] < 0.6, own["near"] + 1, 0)
        z = self.state.pos[0, 2]
        out = (z < 0.4) | (z > 5.0) | (away[0] > 7.5)
        rewards = {
            "distance": 0.5 / (1.0 + away * away) * 0.02 * (50.0 - near),
            "near": (2.5 * near)[None],
            "misbehave": (_FAULT * out)[None],
        }
        there = near >= 5
        own["reached"] = own["reached"] + there
        own["target"] = np.where(there, 1 - own["target"], own["target"])
        own["near"] = np.where(there, 0, near)
        return rewards, out

    def _observe(self) -> Floats:
        target = TARGETS[self.own["target"]].T[None] - self.state.pos
        return np.stack([*self._drone_states(throttles=False), *target.transpose(1, 0, 2), *self._clock()], 1)

    def score(self) -> NDArray[np.float64]:
        """Progress from 0 to 1, see `goal`."""
        return np.minimum(1.0, self.own["reached"] / self.goal)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The source's own figures."""
        return {"targets_reached": self.own["reached"].astype(np.float64)}

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name."""
        return {name: self.own["reached"] > i for i, name in enumerate(self.checkpoints)}


class BallDrill(Drill):
    """What the two exercises with a ball share: 32 numbers are seen, and contacts are counted."""

    obs_size: int = 32
    anchors: tuple[tuple[float, float, float], ...] = ((4.5, 0.0, 2.0),)
    ball_above: float = 0.0

    def _begin(self, key: NDArray[Any], where: NDArray[Any]) -> tuple[Floats, Floats, Own]:
        start = np.array(self.anchors[0], np.float32)[:, None] + jitter(key, (0.5, 0.5, 0.2))
        ball = start + np.array([[0.0], [0.0], [self.ball_above]], np.float32)
        count = np.zeros(len(where), np.int32)
        return start[None], ball, {"hits": count, "last_hit": count - 100, **self._counts(len(where))}

    def _counts(self, games: int) -> Own:
        raise NotImplementedError

    def _contact(self, contacts: Contacts, own: Own) -> tuple[Bools, Bools]:
        """True hits and wrong ones, (games,): a touch within 25 steps of the one before is wrong."""
        touched = (contacts.hit | contacts.body)[0]
        wrong = touched & (self.steps - own["last_hit"] <= _GAP)
        own["last_hit"] = np.where(touched, self.steps, own["last_hit"]).astype(np.int32)
        true = touched & ~wrong
        own["hits"] = own["hits"] + true
        return true, wrong

    def _from_anchor(self) -> Floats:
        """(drones, 3, games)."""
        away: Floats = self.state.pos - np.array(self.anchors, np.float32)[:, :, None]
        return away

    def _observe(self) -> Floats:
        anchor, ball = self._from_anchor(), self.state.ball_pos[None] - self.state.pos
        speed = np.broadcast_to(self.state.ball_vel, ball.shape)
        seen = [part.transpose(1, 0, 2) for part in (anchor, ball, speed)]
        return np.stack([*self._drone_states(throttles=False), *seen[0], *seen[1], *seen[2], *self._clock()], 1)


class HitTheBall(BallDrill):
    """Hit a falling ball once, as far as possible towards the net.

    Rewards of a step: +1 for a true hit, -0.05 while more than 1 m from the anchor, twice the distance (anchor x - ball x) when the ball
    has come down to 2 m after the hit, -10 for each of: a wrong hit, the drone below 0.4 m or at the net, the ball below 0.15 m or above
    16 m.
    """

    max_steps: int = 500
    components: tuple[str, ...] = ("hit", "anchor", "distance", "wrong_hit", "drone_misbehave", "ball_misbehave")
    checkpoints: tuple[str, ...] = ("hit", "far")
    ball_above: float = 3.0
    goal: float = 2.0
    """Metres that make a success (ours; the source measures the distance)."""

    def _counts(self, games: int) -> Own:
        return {"distance": np.zeros(games, np.float32)}

    def _judge(self, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Floats], Bools]:  # noqa: ARG002 - the drill's signature
        hit, wrong = self._contact(contacts, own)
        place, ball = self.state.pos[0], self.state.ball_pos
        drone_out = (place[2] < 0.4) | (np.abs(place[0]) < 0.01)
        ball_out = (ball[2] < 0.15) | (ball[2] > 16.0)
        came_down = (own["hits"] == 1) & (ball[2] <= 2.0) & (self.state.ball_vel[2] < 0.0) & ~hit & ~wrong
        far = (self.anchors[0][0] - ball[0]).astype(np.float32)
        own["distance"] = np.where(came_down & ~ball_out & ~drone_out, far, own["distance"])
        rewards = {
            "hit": 1.0 * hit,
            "anchor": -0.05 * (norm(self._from_anchor())[0] > 1.0),
            "distance": 2.0 * far * came_down,
            "wrong_hit": _FAULT * wrong,
            "drone_misbehave": _FAULT * drone_out,
            "ball_misbehave": _FAULT * ball_out,
        }
        return {name: part[None] for name, part in rewards.items()}, came_down | wrong | drone_out | ball_out

    def score(self) -> NDArray[np.float64]:
        """Progress from 0 to 1, see `goal`."""
        return np.clip(self.own["distance"].astype(np.float64) / self.goal, 0.0, 1.0)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The source's own figures."""
        return {"hit_distance": self.own["distance"].astype(np.float64), "hits": self.own["hits"].astype(np.float64)}

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name."""
        return {"hit": self.own["hits"] > 0, "far": self.own["distance"] >= self.goal}


class SoloBump(BallDrill):
    """Bump the ball straight up, again and again, each time above 3.5 m.

    Rewards of a step: 2 for a true hit, 8 more when the mean height of the bumps so far is above 3.5 m, 1 / (1 + horizontal distance to
    the ball), 0.5 * clip(ball height - max(drone height, 1), 0, 2), -10 for each fault: a wrong hit; the drone below 0.4 m, above 2.5 m or
    at the net; the ball below 0.15 m, above 4.5 m or outside of the court.
    """

    components: tuple[str, ...] = ("hit", "height", "near", "above", "wrong_hit", "drone_misbehave", "ball_misbehave")
    checkpoints: tuple[str, ...] = ("first", "second", "third")
    ball_above: float = 2.0
    min_height: float = 3.5
    goal: int = 3
    """Bumps above that height that make a success (ours; the source counts them)."""

    def _counts(self, games: int) -> Own:
        zero = np.zeros(games, np.float32)
        return {"apex": zero, "heights": zero.copy(), "flights": np.zeros(games, np.int32), "bumps": np.zeros(games, np.int32)}

    def _judge(self, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Floats], Bools]:
        flown = own["hits"] > 0
        hit, wrong = self._contact(contacts, own)
        place, ball, court = self.state.pos[0], self.state.ball_pos, self.params.court
        ended = hit & flown
        own["heights"] = own["heights"] + np.where(ended, own["apex"], np.float32(0))
        own["flights"] = own["flights"] + ended
        own["bumps"] = own["bumps"] + (ended & (own["apex"] > self.min_height))
        mean = own["heights"] / np.maximum(own["flights"], 1)
        own["apex"] = np.where(hit, before.ball_pos[2], np.maximum(own["apex"], ball[2]))
        drone_out = (place[2] < 0.4) | (place[2] > 2.5) | (np.abs(place[0]) < 0.01)
        outside = (np.abs(ball[0]) > court.length / 2) | (np.abs(ball[1]) > court.width / 2)
        ball_out = (ball[2] < 0.15) | (ball[2] > 4.5) | outside
        aside = norm((ball - place)[:2])
        rewards = {
            "hit": 2.0 * hit,
            "height": 8.0 * (hit & (mean > self.min_height)),
            "near": 1.0 / (1.0 + aside),
            "above": 0.5 * np.clip(ball[2] - np.maximum(place[2], 1.0), 0.0, 2.0),
            "wrong_hit": _FAULT * wrong,
            "drone_misbehave": _FAULT * drone_out,
            "ball_misbehave": _FAULT * ball_out,
        }
        return {name: part[None] for name, part in rewards.items()}, wrong | drone_out | ball_out

    def score(self) -> NDArray[np.float64]:
        """Progress from 0 to 1, see `goal`."""
        return np.minimum(1.0, self.own["bumps"] / self.goal)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The source's own figures."""
        return {"bumps": self.own["bumps"].astype(np.float64), "hits": self.own["hits"].astype(np.float64)}

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name."""
        return {name: self.own["bumps"] > i for i, name in enumerate(self.checkpoints)}
