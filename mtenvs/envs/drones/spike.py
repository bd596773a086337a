"""The second cooperative exercise: one drone sets the ball, the other spikes it into the far court, past a defender where it is hard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones.arrays import Array, cast, constant, namespace
from mtenvs.envs.drones.coop import FAULT, Pair, ball_at_net, ball_outside
from mtenvs.envs.drones.exercise import Course, Draws, Own, norm
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.scene import Scene

DIFFICULTIES: Final = ("easy", "hard")
TARGET: Final = np.array([-4.5, 0.0, 0.0], np.float32)
TARGET_RADIUS: Final = 1.0
_DEFENDER: Final = (-4.0, 0.0, 0.5)
_DEFENDER_RADIUS, _DEFENDER_SPEED, _DEFENDER_PUSH = 0.5, 8.0, 4.0  # m, m/s, m/s^2; the last is ours
_PRIZE: Final = 5.0
_FAR: Final = 1e9  # no length is larger


@dataclass(frozen=True)
class SetAndSpike(Pair):
    """Set, then spike.

    Rewards of a step, shared: 5 for each of a legal hit, a spike (the ball goes down after the attacker's hit), the ball crossing the net
    after both hits, the ball landing in the target; `aim` the cosine between the ball's way and where it shall go, at a legal hit; `speed`
    0.2 max(0, 5 - vz) at the attacker's hit; `place` 0.2 max(0, 10 - distance to the target) at the landing; `near` 0.05 / (1 + distance
    to the ball) of the drone whose turn it is; `anchor` -0.05 times the mean distance beyond 0.5 m; -10 for a fault of the ball (shared),
    a drone (own), a wrong hit (own).

    Args:
        preset: of the physics.
        control: ``"prt"`` or ``"ctbr"``.
        autoreset: see `Exercise`.
        endless: see `Exercise`.
        difficulty: ``"easy"``: land in a circle of 1 m around (-4.5, 0). ``"hard"``: land anywhere in the far court, past a disc of 0.5 m
            radius that starts at (-4, 0, 0.5) when the attacker hits and runs to where the ball comes down, at up to 8 m/s and 4 m/s^2.
    """

    difficulty: str = "easy"

    obs_size: ClassVar[int] = 44
    components: ClassVar[tuple[str, ...]] = (
        "hit", "spike", "crossing", "landing", "aim", "speed", "place", "near", "anchor", "wrong_hit", "drone_misbehave", "ball_misbehave",
    )  # fmt: skip
    checkpoints: ClassVar[tuple[str, ...]] = ("set", "crossed", "landed")
    ball_above: ClassVar[float] = 3.0
    anchors: ClassVar[tuple[tuple[float, float, float], ...]] = ((2.0, -2.5, 2.5), (2.0, 2.5, 3.5))
    turns: ClassVar[int] = 3
    figures: ClassVar[Mapping[str, str]] = MappingProxyType(
        {name: name for name in ("set", "spike", "crossed", "landed", "hits", "defended")}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.difficulty not in DIFFICULTIES:
            raise UnknownOption(f"difficulty={self.difficulty!r} does not exist: {did_you_mean(str(self.difficulty), DIFFICULTIES)}")

    def _counts(self, draws: Draws) -> Own:
        stages = dict.fromkeys(("set", "spike", "landed", "crossed", "defended"), draws.no)
        return {**stages, "pace": draws.places((0.0, 0.0)), "defender": draws.places(_DEFENDER)}

    def _judge(self, now: Course, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Array], Array]:
        xp, state, dtype = namespace(now.steps), now.state, now.state.pos.dtype
        legal, wrong = self._touches(now, contacts, own)
        hit = legal.any(0)
        own["turn"] = own["turn"] + cast(hit, now.steps.dtype)
        place, ball, speed = state.pos, state.ball_pos, state.ball_vel
        done = own["turn"] == 2
        attacked = hit & done
        spike = attacked & (speed[2] < 0.0)
        crossed = done & (before.ball_pos[0] > 0.0) & (ball[0] <= 0.0) & ~own["crossed"]
        caught = self._defend(state, own, done) if self.difficulty == "hard" else done & False
        outside = ball_outside(state, self.params)
        down = ball[2] < 0.2
        target = constant(xp, TARGET.tolist(), ball)[:, None]
        far = norm((ball - target)[:2])
        good = (ball[0] < 0.0) & ~outside if self.difficulty == "hard" else far < TARGET_RADIUS
        landed = down & done & good & ~caught
        crashed = (place[:, 2] < 0.2) | (place[:, 0] < 0.0)
        ball_out = (down & ~landed) | outside | (ball_at_net(state, self.params) & ~landed)
        now_true = {"set": hit & ~done, "spike": spike, "crossed": crossed, "landed": landed, "defended": caught}
        own.update({name: own[name] | flags for name, flags in now_true.items()})
        aim = xp.where(done, self._towards(state, target + ball * 0.0), self._towards(state, place[1]))
        near = cast(self._mine(own["turn"]), dtype) / (1.0 + norm(ball[None] - place))
        rewards = {
            "hit": _PRIZE * cast(hit, dtype),
            "spike": _PRIZE * cast(spike, dtype),
            "crossing": _PRIZE * cast(crossed, dtype),
            "landing": _PRIZE * cast(landed, dtype),
            "aim": cast(hit, dtype) * aim,
            "speed": 0.2 * xp.clip(5.0 - speed[2], 0.0, _FAR) * cast(attacked, dtype),
            "place": 0.2 * xp.clip(10.0 - far, 0.0, _FAR) * cast(down & done, dtype),
            "near": 0.05 * (near[0] + near[1]),
            "anchor": -0.05 * self._off_anchor(state),
            "wrong_hit": FAULT * cast(wrong, dtype),
            "drone_misbehave": FAULT * cast(crashed, dtype),
            "ball_misbehave": FAULT * cast(ball_out, dtype),
        }
        return rewards, landed | caught | wrong.any(0) | crashed.any(0) | ball_out

    def _defend(self, state: State, own: Own, done: Array) -> Array:
        """Move the defender towards where the ball comes down to its height; whether it has got there in time, (games,)."""
        xp, ball, speed = namespace(done), state.ball_pos, state.ball_vel
        gravity, dt, height = self.params.gravity, self.params.dt, _DEFENDER[2]
        root = xp.sqrt(xp.clip(speed[2] * speed[2] + 2.0 * gravity * (ball[2] - height), 0.0, _FAR))
        wait = xp.clip((speed[2] + root) / gravity, 0.0, _FAR)
        way = ball[:2] + speed[:2] * wait - own["defender"][:2]
        wanted = way / xp.clip(wait, dt, _FAR)
        wanted = wanted * xp.clip(_DEFENDER_SPEED / xp.clip(norm(wanted), 1e-6, _FAR), 0.0, 1.0)
        change = wanted - own["pace"]
        change = change * xp.clip(_DEFENDER_PUSH * dt / xp.clip(norm(change), 1e-6, _FAR), 0.0, 1.0)
        run = done & (ball[0] + speed[0] * wait < 0.0)
        own["pace"] = own["pace"] + cast(run, change.dtype) * change
        own["defender"] = xp.concatenate([own["defender"][:2] + own["pace"] * dt, own["defender"][2:]])
        near = norm(ball[:2] - own["defender"][:2]) < _DEFENDER_RADIUS
        return done & near & (ball[2] <= height + self.params.ball.radius) & (ball[2] > 0.2) & (speed[2] < 0.0)

    def score(self, own: Own) -> NDArray[np.float64]:
        """A third each for the setter's hit, the ball over the net after the attacker's, and its landing."""
        return np.asarray(sum(own[name].astype(np.float64) for name in self.checkpoints) / 3.0)

    def reached(self, own: Own) -> dict[str, NDArray[np.bool_]]:
        """The stages."""
        return {name: own[name].copy() for name in self.checkpoints}

    def scene(self, game: Course) -> Scene:
        """One game as it is drawn: with the target, or where it is hard with the defender as a drone in the far half."""
        scene = super().scene(game)
        if self.difficulty == "easy":
            return replace(scene, target=(*TARGET.tolist(), TARGET_RADIUS))
        places = np.array(scene.positions)
        places[2] = game.own["defender"]
        return replace(scene, positions=places)
