"""The source's three exercises for one drone: fly back and forth, hit the ball far, bump it again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.arrays import Array, cast, constant, namespace
from mtenvs.envs.drones.exercise import Course, Draws, Exercise, Own, columns, norm
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.scene import Scene

TARGETS: Final = np.array([(4.5, 0.0, 2.0), (9.0, 4.5, 2.0)], np.float32)
"""The two places of `BackAndForth`, (2, 3) m."""
NEAR: Final = 0.6
"""How near a drone has to be to be there, m."""
_GAP: Final = 25  # steps; a contact sooner than this after the one before is a second touch of the same hit
_FAULT: Final = -10.0


@dataclass(frozen=True)
class BackAndForth(Exercise):
    """Fly to one place, stay, fly to the other, stay, and so on.

    Rewards of a step: 0.5 / (1 + d^2) * 0.02 * (50 - steps near), 2.5 * steps near, -10 for leaving; d is the distance to the target.
    Three targets make a success (ours; the source counts targets).
    """

    obs_size: ClassVar[int] = 26
    components: ClassVar[tuple[str, ...]] = ("distance", "near", "misbehave")
    checkpoints: ClassVar[tuple[str, ...]] = ("first", "second", "third")
    anchors: ClassVar[tuple[tuple[float, float, float], ...]] = ((4.5, 0.0, 2.0),)
    counts: ClassVar[str] = "reached"
    goal: ClassVar[float] = 3
    figures: ClassVar[Mapping[str, str]] = MappingProxyType({"targets_reached": "reached"})

    def _begin(self, draws: Draws) -> tuple[Array, Array, Own]:
        start = draws.places(TARGETS[0].tolist()) + draws.jitter((0.5, 0.5, 0.2))
        ball = draws.places((-20.0, 0.0, 0.1))  # there is none: it lies far away
        return start[None], ball, {"target": draws.count + 1, "near": draws.count, "reached": draws.count}

    def _judge(self, now: Course, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Array], Array]:  # noqa: ARG002 - the exercise's signature
        xp = namespace(now.steps)
        away = norm(_to_target(now))[0]
        near = (own["near"] + 1) * cast(away < NEAR, now.steps.dtype)
        z = now.state.pos[0, 2]
        out = (z < 0.4) | (z > 5.0) | (away > 7.5)
        counted = cast(near, away.dtype)
        rewards = {
            "distance": 0.5 / (1.0 + away * away) * 0.02 * (50.0 - counted),
            "near": 2.5 * counted,
            "misbehave": _FAULT * cast(out, away.dtype),
        }
        there = near >= 5
        own["reached"] = own["reached"] + cast(there, near.dtype)
        own["target"] = xp.where(there, 1 - own["target"], own["target"])
        own["near"] = near * cast(~there, near.dtype)
        return rewards, out

    def observe(self, course: Course) -> Array:
        """26 numbers."""
        xp = namespace(course.steps)
        return xp.stack([*self._drone_states(course.state, throttles=False), *columns(_to_target(course)), *self._clock(course)], 1)

    def scene(self, game: Course) -> Scene:
        """One game as it is drawn, with the target, without a ball."""
        target = tuple(TARGETS[int(game.own["target"])].tolist())
        return replace(super().scene(game), ball=np.full(3, np.nan), target=(*target, NEAR))


def _to_target(course: Course) -> Array:
    """(1, 3, games) m."""
    xp, pos = namespace(course.steps), course.state.pos
    first, second = (constant(xp, place.tolist(), pos)[:, None] for place in TARGETS)
    return xp.where((course.own["target"] == 1)[None], second, first)[None] - pos


@dataclass(frozen=True)
class BallExercise(Exercise):
    """What the two exercises with a ball share: 32 numbers are seen, and contacts are counted."""

    obs_size: ClassVar[int] = 32
    anchors: ClassVar[tuple[tuple[float, float, float], ...]] = ((4.5, 0.0, 2.0),)
    ball_above: ClassVar[float] = 0.0

    def _begin(self, draws: Draws) -> tuple[Array, Array, Own]:
        start = draws.places(self.anchors[0]) + draws.jitter((0.5, 0.5, 0.2))
        ball = start + draws.places((0.0, 0.0, self.ball_above))
        return start[None], ball, {"hits": draws.count, "last_hit": draws.count - 100, **self._counts(draws)}

    def _counts(self, draws: Draws) -> Own:
        raise NotImplementedError

    def _contact(self, now: Course, contacts: Contacts, own: Own) -> tuple[Array, Array]:
        """True hits and wrong ones, (games,): a touch within 25 steps of the one before is wrong."""
        touched = (contacts.hit | contacts.body)[0]
        wrong = touched & (now.steps - own["last_hit"] <= _GAP)
        own["last_hit"] = namespace(touched).where(touched, now.steps, own["last_hit"])
        true = touched & ~wrong
        own["hits"] = own["hits"] + cast(true, now.steps.dtype)
        return true, wrong

    def observe(self, course: Course) -> Array:
        """32 numbers."""
        state, xp = course.state, namespace(course.steps)
        ball = state.ball_pos[None] - state.pos
        seen = [self._from_anchor(state), ball, state.ball_vel[None]]
        parts = [column for part in seen for column in columns(part)]
        return xp.stack([*self._drone_states(state, throttles=False), *parts, *self._clock(course)], 1)


@dataclass(frozen=True)
class HitTheBall(BallExercise):
    """Hit a falling ball once, as far as possible towards the net.

    Rewards of a step: +1 for a true hit, -0.05 while more than 1 m from the anchor, twice the distance (anchor x - ball x) when the ball
    has come down to 2 m after the hit, -10 for each of: a wrong hit, the drone below 0.4 m or at the net, the ball below 0.15 m or above
    16 m. Two metres make a success (ours; the source measures the distance).
    """

    max_steps: ClassVar[int] = 500
    components: ClassVar[tuple[str, ...]] = ("hit", "anchor", "distance", "wrong_hit", "drone_misbehave", "ball_misbehave")
    checkpoints: ClassVar[tuple[str, ...]] = ("hit", "far")
    ball_above: ClassVar[float] = 3.0
    counts: ClassVar[str] = "distance"
    goal: ClassVar[float] = 2.0
    figures: ClassVar[Mapping[str, str]] = MappingProxyType({"hit_distance": "distance", "hits": "hits"})

    def _counts(self, draws: Draws) -> Own:
        return {"distance": draws.zero}

    def _judge(self, now: Course, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Array], Array]:  # noqa: ARG002 - the exercise's signature
        xp, dtype = namespace(now.steps), now.state.pos.dtype
        hit, wrong = self._contact(now, contacts, own)
        place, ball = now.state.pos[0], now.state.ball_pos
        drone_out = (place[2] < 0.4) | (xp.abs(place[0]) < 0.01)
        ball_out = (ball[2] < 0.15) | (ball[2] > 16.0)
        came_down = (own["hits"] == 1) & (ball[2] <= 2.0) & (now.state.ball_vel[2] < 0.0) & ~hit & ~wrong
        far = self.anchors[0][0] - ball[0]
        own["distance"] = xp.where(came_down & ~ball_out & ~drone_out, far, own["distance"])
        rewards = {
            "hit": cast(hit, dtype),
            "anchor": -0.05 * cast(norm(self._from_anchor(now.state))[0] > 1.0, dtype),
            "distance": 2.0 * far * cast(came_down, dtype),
            "wrong_hit": _FAULT * cast(wrong, dtype),
            "drone_misbehave": _FAULT * cast(drone_out, dtype),
            "ball_misbehave": _FAULT * cast(ball_out, dtype),
        }
        return rewards, came_down | wrong | drone_out | ball_out

    def reached(self, own: Own) -> dict[str, NDArray[np.bool_]]:
        """Whether the ball was hit, and far enough."""
        return {"hit": own["hits"] > 0, "far": own["distance"] >= self.goal}


@dataclass(frozen=True)
class SoloBump(BallExercise):
    """Bump the ball straight up, again and again, each time above 3.5 m.

    Rewards of a step: 2 for a true hit, 8 more when the mean height of the bumps so far is above 3.5 m, 1 / (1 + horizontal distance to
    the ball), 0.5 * clip(ball height - max(drone height, 1), 0, 2), -10 for each fault: a wrong hit; the drone below 0.4 m, above 2.5 m or
    at the net; the ball below 0.15 m, above 4.5 m or outside of the court. Three bumps above that height make a success (ours; the source
    counts them).
    """

    components: ClassVar[tuple[str, ...]] = ("hit", "height", "near", "above", "wrong_hit", "drone_misbehave", "ball_misbehave")
    checkpoints: ClassVar[tuple[str, ...]] = ("first", "second", "third")
    ball_above: ClassVar[float] = 2.0
    min_height: ClassVar[float] = 3.5
    counts: ClassVar[str] = "bumps"
    goal: ClassVar[float] = 3
    figures: ClassVar[Mapping[str, str]] = MappingProxyType({"bumps": "bumps", "hits": "hits"})

    def _counts(self, draws: Draws) -> Own:
        return {"apex": draws.zero, "heights": draws.zero, "flights": draws.count, "bumps": draws.count}

    def _judge(self, now: Course, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Array], Array]:
        xp, dtype, whole = namespace(now.steps), now.state.pos.dtype, now.steps.dtype
        flown = own["hits"] > 0
        hit, wrong = self._contact(now, contacts, own)
        place, ball, court = now.state.pos[0], now.state.ball_pos, self.params.court
        ended = hit & flown
        own["heights"] = own["heights"] + own["apex"] * cast(ended, dtype)
        own["flights"] = own["flights"] + cast(ended, whole)
        own["bumps"] = own["bumps"] + cast(ended & (own["apex"] > self.min_height), whole)
        mean = own["heights"] / cast(xp.clip(own["flights"], 1, 2**30), dtype)
        own["apex"] = xp.where(hit, before.ball_pos[2], xp.maximum(own["apex"], ball[2]))
        drone_out = (place[2] < 0.4) | (place[2] > 2.5) | (xp.abs(place[0]) < 0.01)
        outside = (xp.abs(ball[0]) > court.length / 2) | (xp.abs(ball[1]) > court.width / 2)
        ball_out = (ball[2] < 0.15) | (ball[2] > 4.5) | outside
        rewards = {
            "hit": 2.0 * cast(hit, dtype),
            "height": 8.0 * cast(hit & (mean > self.min_height), dtype),
            "near": 1.0 / (1.0 + norm((ball - place)[:2])),
            "above": 0.5 * xp.clip(ball[2] - xp.clip(place[2], 1.0, 1e9), 0.0, 2.0),
            "wrong_hit": _FAULT * cast(wrong, dtype),
            "drone_misbehave": _FAULT * cast(drone_out, dtype),
            "ball_misbehave": _FAULT * cast(ball_out, dtype),
        }
        return rewards, wrong | drone_out | ball_out
