"""The second cooperative exercise: one drone sets the ball, the other spikes it into the far court, past a defender where it is hard."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones.coop import FAULT, Pair, ball_at_net, ball_outside
from mtenvs.envs.drones.drills import Bools, Floats, Own, norm
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.scene import Scene

DIFFICULTIES: Final = ("easy", "hard")
TARGET: Final = np.array([-4.5, 0.0, 0.0], np.float32)
_TARGET_RADIUS: Final = 1.0
_DEFENDER: Final = np.array([-4.0, 0.0, 0.5], np.float32)
_DEFENDER_RADIUS, _DEFENDER_SPEED, _DEFENDER_PUSH = 0.5, 8.0, 4.0  # m, m/s, m/s^2; the last is ours
_PRIZE: Final = 5.0


class SetAndSpike(Pair):
    """Set, then spike.

    Rewards of a step, shared: 5 for each of a legal hit, a spike (the ball goes down after the attacker's hit), the ball crossing the net
    after both hits, the ball landing in the target; `aim` the cosine between the ball's way and where it shall go, at a legal hit; `speed`
    0.2 max(0, 5 - vz) at the attacker's hit; `place` 0.2 max(0, 10 - distance to the target) at the landing; `near` 0.05 / (1 + distance
    to the ball) of the drone whose turn it is; `anchor` -0.05 times the mean distance beyond 0.5 m; -10 for a fault of the ball (shared),
    a drone (own), a wrong hit (own).

    Args:
        games: how many.
        preset: of the physics.
        control: ``"prt"`` or ``"ctbr"``.
        difficulty: ``"easy"``: land in a circle of 1 m around (-4.5, 0). ``"hard"``: land anywhere in the far court, past a disc of 0.5 m
            radius that starts at (-4, 0, 0.5) when the attacker hits and runs to where the ball comes down, at up to 8 m/s and 4 m/s^2.
    """

    obs_size: int = 44
    components: tuple[str, ...] = (
        "hit", "spike", "crossing", "landing", "aim", "speed", "place", "near", "anchor", "wrong_hit", "drone_misbehave", "ball_misbehave",
    )  # fmt: skip
    checkpoints: tuple[str, ...] = ("set", "crossed", "landed")
    ball_above: float = 3.0
    anchors: tuple[tuple[float, float, float], ...] = ((2.0, -2.5, 2.5), (2.0, 2.5, 3.5))
    turns: int = 3

    def __init__(self, games: int = 1, preset: str | Preset = "volleybots", control: str = "prt", *, difficulty: str = "easy") -> None:
        if difficulty not in DIFFICULTIES:
            raise UnknownOption(f"difficulty={difficulty!r} does not exist: {did_you_mean(str(difficulty), DIFFICULTIES)}")
        self.difficulty = difficulty
        super().__init__(games, preset, control)

    def _counts(self, games: int) -> Own:
        no = np.zeros(games, bool)
        stages = {name: no.copy() for name in ("set", "spike", "landed", "crossed", "defended")}
        return {**stages, "pace": np.zeros((2, games), np.float32), "defender": np.tile(_DEFENDER[:, None], (1, games))}

    def _judge(self, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Floats], Bools]:
        turn = own["turn"]
        legal, wrong = self._touches(contacts, own)
        hit = legal.any(0)
        own["turn"] = np.where(hit, turn + 1, turn).astype(np.int32)
        place, ball, speed = self.state.pos, self.state.ball_pos, self.state.ball_vel
        done = own["turn"] == 2
        attacked = hit & done
        spike = attacked & (speed[2] < 0.0)
        crossed = done & (before.ball_pos[0] > 0.0) & (ball[0] <= 0.0) & ~own["crossed"]
        caught = self._defend(own, done) if self.difficulty == "hard" else np.zeros_like(done)
        outside = ball_outside(self.state, self.params)
        down = ball[2] < 0.2
        far = norm((ball - TARGET[:, None])[:2])
        good = (ball[0] < 0.0) & ~outside if self.difficulty == "hard" else far < _TARGET_RADIUS
        landed = down & done & good & ~caught
        crashed = (place[:, 2] < 0.2) | (place[:, 0] < 0.0)
        ball_out = (down & ~landed) | outside | (ball_at_net(self.state, self.params) & ~landed)
        own["set"], own["spike"] = own["set"] | (hit & ~done), own["spike"] | spike
        own["crossed"], own["landed"] = own["crossed"] | crossed, own["landed"] | landed
        own["defended"] = own["defended"] | caught
        aim = np.where(done, self._towards(np.broadcast_to(TARGET[:, None], ball.shape)), self._towards(place[1]))
        near = 1.0 / (1.0 + norm(ball[None] - place))
        mine = np.arange(2)[:, None] == own["turn"][None]
        rewards = {
            "hit": _PRIZE * hit,
            "spike": _PRIZE * spike,
            "crossing": _PRIZE * crossed,
            "landing": _PRIZE * landed,
            "aim": hit * aim,
            "speed": 0.2 * np.maximum(0.0, 5.0 - speed[2]) * attacked,
            "place": 0.2 * np.maximum(0.0, 10.0 - far) * (down & done),
            "near": 0.05 * (near * mine).sum(0),
            "anchor": -0.05 * self._off_anchor(),
            "wrong_hit": FAULT * wrong,
            "drone_misbehave": FAULT * crashed,
            "ball_misbehave": FAULT * ball_out,
        }
        return self._both(rewards), landed | caught | wrong.any(0) | crashed.any(0) | ball_out

    def _defend(self, own: Own, done: Bools) -> Bools:
        """Move the defender towards where the ball comes down to its height; whether it has got there in time, (games,)."""
        ball, speed = self.state.ball_pos, self.state.ball_vel
        gravity, height = self.params.gravity, _DEFENDER[2]
        root = np.sqrt(np.maximum(0.0, speed[2] * speed[2] + 2.0 * gravity * (ball[2] - height)))
        wait = np.maximum(0.0, (speed[2] + root) / gravity)
        way = ball[:2] + speed[:2] * wait - own["defender"][:2]
        wanted = way / np.maximum(wait, self.params.dt)
        wanted = wanted * np.minimum(1.0, _DEFENDER_SPEED / np.maximum(norm(wanted), 1e-6))
        change = wanted - own["pace"]
        change = change * np.minimum(1.0, _DEFENDER_PUSH * self.params.dt / np.maximum(norm(change), 1e-6))
        run = done & (ball[0] + speed[0] * wait < 0.0)
        own["pace"] = (own["pace"] + np.where(run, change, 0.0)).astype(np.float32)
        moved = np.concatenate([own["defender"][:2] + own["pace"] * self.params.dt, own["defender"][2:]])
        own["defender"] = moved.astype(np.float32)
        near = norm(ball[:2] - own["defender"][:2]) < _DEFENDER_RADIUS
        return np.asarray(done & near & (ball[2] <= height + self.params.ball.radius) & (ball[2] > 0.2) & (speed[2] < 0.0))

    def scene(self, game: int = 0) -> Scene:
        """One game as it is drawn; where it is hard the defender is a drone in the far half."""
        scene = super().scene(game)
        if self.difficulty == "easy":
            return scene
        pos = np.array(scene.positions)
        pos[2] = self.own["defender"][:, game]
        return Scene(pos, scene.quaternions, scene.ball, scene.ball_velocity, time=scene.time)

    def score(self) -> NDArray[np.float64]:
        """A third each for the setter's hit, the ball over the net after the attacker's, and its landing."""
        stages = [self.own[name].astype(np.float64) for name in self.checkpoints]
        return np.asarray(sum(stages) / 3.0)

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The source's stages (set, spike, landed), and more."""
        stages = {name: self.own[name].astype(np.float64) for name in ("set", "spike", "crossed", "landed")}
        return {**stages, "hits": self.own["hits"].astype(np.float64), "defended": self.own["defended"].astype(np.float64)}

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name."""
        return {name: self.own[name].copy() for name in self.checkpoints}
