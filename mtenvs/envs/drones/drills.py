"""What all exercises share: many games of one kind at once, their physics, their starts, and what a turn gives.

A `Drill` holds games as arrays whose last axis is the game, as the physics does. The single environment is a drill of one game, the
vector environment a drill of thousands, so that both give the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones.control import RateState, rate_state, rates_to_rotors, trim, trim_throttle
from mtenvs.envs.drones.draws import keys, uniform
from mtenvs.envs.drones.game import CONTROLS
from mtenvs.envs.drones.observe import drone_states
from mtenvs.envs.drones.params import CourtParams, Preset
from mtenvs.envs.drones.params import preset as preset_of
from mtenvs.envs.drones.physics import Contacts, State, step
from mtenvs.envs.drones.scene import Scene

Floats: TypeAlias = NDArray[np.floating[Any]]
Bools: TypeAlias = NDArray[np.bool_]
Own: TypeAlias = dict[str, NDArray[Any]]

DRILL_COURT: Final = CourtParams(18.0, 9.0, 2.43, 1.0)
_EXPLODED: Final = 1e12  # sum of squares of what moves in a game, beyond which its numbers are of no use
_TIMES: Final = 4  # numbers that tell how much of the episode is over


class Played(NamedTuple):
    """What a turn of all games gives.

    Attributes:
        rewards: component -> (games, drones).
        terminated: (games,) over by the rules.
        bad: (games, drones) commands with NaN or infinity; the neutral command was flown instead.
    """

    rewards: dict[str, Floats]
    terminated: Bools
    bad: Bools

    def means(self) -> dict[str, NDArray[np.float64]]:
        """Component -> (games,), the mean over the drones that one policy flies."""
        return {name: part.astype(np.float64).mean(1) for name, part in self.rewards.items()}


class Drill:
    """Games of one kind; subclasses say how they start, what is seen, what is rewarded and when they end.

    Args:
        games: how many.
        preset: name or `Preset` of the physics; its court is replaced by the drill's.
        control: ``"prt"`` (rotor commands) or ``"ctbr"`` (body rates and thrust).

    Attributes:
        over: (games,) bool; these stay as they are until they are started again.
        seeds: int64 (games,), what each game was started from.
        steps: int64 (games,) since the start.
        state: of the physics.
        own: further arrays of the drill by name, games last.
    """

    drones: int = 1
    max_steps: int = 800
    obs_size: int = 0
    components: tuple[str, ...] = ()
    checkpoints: tuple[str, ...] = ()
    anchors: tuple[tuple[float, float, float], ...] = ()
    format_name: str = "1v1"
    """The format whose view fits."""

    def __init__(self, games: int = 1, preset: str | Preset = "volleybots", control: str = "prt") -> None:
        if control not in CONTROLS:
            raise UnknownOption(f"control={control!r} does not exist: {did_you_mean(str(control), CONTROLS)}")
        if isinstance(games, bool) or games < 1:
            raise UnknownOption(f"games={games!r}; play at least one")
        self.games, self.control = games, control
        self.params = preset_of(preset).on(DRILL_COURT)
        drone = self.params.drone
        hover = 2.0 * drone.mass * self.params.gravity / (4.0 * drone.max_thrust) - 1.0
        neutral = trim(self.params) if control == "prt" else [0.0, 0.0, 0.0, hover]
        self.neutral: Floats = np.asarray(neutral, np.float32)
        self.over = np.zeros(games, bool)
        self.seeds = np.zeros(games, np.int64)
        self.steps = np.zeros(games, np.int64)
        zero = np.zeros((self.drones, 3, games), np.float32)
        self.state = self._still(zero, np.zeros((3, games), np.float32))
        self.memory: RateState = rate_state(zero)
        self.own: Own = {}

    # ---- what users call ----

    def start(self, seeds: Sequence[int] | NDArray[np.int64], index: Sequence[int] | NDArray[np.int64] | None = None) -> None:
        """Start games.

        Args:
            seeds: one for each.
            index: which games; None for all.
        """
        where = np.arange(self.games) if index is None else np.asarray(index)
        key = keys([int(seed) for seed in seeds], len(where))
        self._start(key, where)
        self.over[where], self.steps[where] = False, 0
        self.seeds[where] = np.asarray(seeds, np.int64)

    def play(self, actions: Floats) -> Played:
        """One step of all games that are not over.

        Args:
            actions: (games, drones, 4), -1 to 1; values beyond are clipped.
        """
        bad: Bools = np.asarray(~np.isfinite(actions).all(2))
        commands = np.where(bad[:, :, None], self.neutral, actions).astype(np.float32).transpose(1, 2, 0)
        live = ~self.over
        self.steps = self.steps + live
        rewards, terminated = self._advance(np.ascontiguousarray(commands), live)
        none = np.float32(0)
        shown = {name: np.where(live[None], rewards[name], none).T for name in self.components}
        self.over = self.over | terminated
        return Played(shown, terminated & live, bad & live[:, None])

    def observe(self) -> Floats:
        """(games, drones, numbers) float32 of how things are."""
        return np.ascontiguousarray(self._observe().transpose(2, 0, 1), dtype=np.float32)

    def score(self) -> NDArray[np.float64]:
        """(games,) progress from 0 to 1."""
        raise NotImplementedError

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """The source's own figures, each (games,)."""
        raise NotImplementedError

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name, each (games,)."""
        raise NotImplementedError

    def scene(self, game: int = 0) -> Scene:
        """One game as it is drawn: its drones in the near half, nobody (or the drill's device) in the far one."""
        pos = np.full((2 * self.drones, 3), np.nan, np.float32)
        quat = np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (2 * self.drones, 1))
        pos[: self.drones], quat[: self.drones] = self.state.pos[:, :, game], self.state.quat[:, :, game]
        ball, speed = self.state.ball_pos[:, game], self.state.ball_vel[:, game]
        return Scene(pos, quat, ball, speed, time=float(self.state.t[game]))

    def save(self) -> dict[str, Any]:
        """All arrays, for `load`."""
        return {
            "state": [np.array(part) for part in self.state],
            "memory": [np.array(part) for part in self.memory],
            "own": {name: np.array(part) for name, part in self.own.items()},
            "own_names": list(self.own),
            "over": self.over.copy(),
            "seeds": self.seeds.copy(),
            "steps": self.steps.copy(),
        }

    def load(self, data: dict[str, Any]) -> None:
        """Go on from `save`."""
        self.state = State(*(np.array(part) for part in data["state"]))
        self.memory = RateState(*(np.array(part) for part in data["memory"]))
        self.own = {name: np.array(data["own"][name]) for name in data["own_names"]}
        self.over, self.seeds, self.steps = (np.array(data[name]) for name in ("over", "seeds", "steps"))

    # ---- what a drill fills in ----

    def _begin(self, key: NDArray[Any], where: NDArray[Any]) -> tuple[Floats, Floats, Own]:
        """Places of the drones (drones, 3, n), of the ball (3, n) and further arrays of n games that start."""
        raise NotImplementedError

    def _judge(self, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Floats], Bools]:
        """Rewards (drones, games) by component and ends (games,) of the step from ``before`` to ``self.state``; ``own`` may be written."""
        raise NotImplementedError

    def _observe(self) -> Floats:
        """(drones, numbers, games)."""
        raise NotImplementedError

    # ---- inside ----

    def _start(self, key: NDArray[Any], where: NDArray[Any]) -> None:
        pos, ball, own = self._begin(key, where)
        fresh = self._still(pos.astype(np.float32), ball.astype(np.float32))
        for old, new in zip((*self.state, *self.memory), (*fresh, *rate_state(fresh.pos)), strict=True):
            old[..., where] = new
        for name, values in own.items():
            if name not in self.own:
                self.own[name] = np.zeros((*values.shape[:-1], self.games), values.dtype)
            self.own[name][..., where] = values

    def _still(self, pos: Floats, ball: Floats) -> State:
        games = pos.shape[-1]
        quat = np.zeros((len(pos), 4, games), np.float32)
        quat[:, 0] = 1.0
        throttle = np.broadcast_to(trim_throttle(self.params).astype(np.float32)[None, :, None], (len(pos), 4, games))
        zero = np.zeros_like(pos)
        return State(pos, quat, zero, zero.copy(), throttle.copy(), ball, np.zeros_like(ball), np.zeros(games, np.float32))

    def _advance(self, commands: Floats, live: Bools) -> tuple[dict[str, Floats], Bools]:
        before, memory = self.state, self.memory
        with np.errstate(all="ignore"):  # numbers that explode end their game below
            if self.control == "ctbr":
                commands, memory = rates_to_rotors(commands, before.omega, memory, self.params)
            after, contacts = step(before, commands, self.params)
            size = sum((part * part).sum(tuple(range(part.ndim - 1))) for part in after[:-1])
            broken = ~(size < _EXPLODED)
            held = broken | ~live
            if held.any():
                after = State(*(np.where(held, old, new) for old, new in zip(before, after, strict=True)))
                memory = RateState(*(np.where(held, old, new) for old, new in zip(self.memory, memory, strict=True)))
            self.state, self.memory = after, memory
            own = dict(self.own)
            rewards, terminated = self._judge(before, contacts, own)
        if not live.all():
            own = {name: np.where(live, values, self.own[name]) for name, values in own.items()}
        self.own = own
        return rewards, terminated | broken

    def _drone_states(self, *, throttles: bool) -> list[Floats]:
        """The 23 numbers of each drone, or the 19 without throttles, each (drones, games)."""
        mirror = np.ones((self.drones, 1), np.float32)
        return drone_states(self.state, mirror)[: None if throttles else 19]

    def _clock(self) -> list[Floats]:
        """Four times the share of the episode that is over, each (drones, games)."""
        share = np.broadcast_to((self.steps / self.max_steps).astype(np.float32), (self.drones, self.games))
        return [share] * _TIMES


def jitter(key: NDArray[Any], half: Sequence[float], first: int = 0) -> Floats:
    """(len(half), games) uniform numbers within ``half`` on either side of 0, from random streams ``first``, ``first + 1``, ..."""
    zero = np.zeros_like(key)
    return np.stack([(2.0 * uniform(key, zero, first + i, np.float32) - 1.0) * width for i, width in enumerate(half)])


def norm(parts: Floats) -> Floats:
    """Length of vectors whose components are the second-last axis."""
    squares = parts * parts
    total: Floats = np.sqrt(sum(squares[..., i, :] for i in range(parts.shape[-2])))
    return total
