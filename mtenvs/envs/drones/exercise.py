"""What an exercise is: how its games start, what is seen and rewarded and when they end, as pure functions of arrays of any library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.arrays import Array, cast, constant, eager, namespace
from mtenvs.envs.drones.control import RateState, rate_state, trim_throttle
from mtenvs.envs.drones.draws import uniform
from mtenvs.envs.drones.motion import check_control, move, neutral
from mtenvs.envs.drones.observe import drone_states
from mtenvs.envs.drones.params import CourtParams, Preset
from mtenvs.envs.drones.params import preset as preset_of
from mtenvs.envs.drones.physics import Contacts, State, rows
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.trees import keep

Own: TypeAlias = dict[str, Array]
"""Further arrays of an exercise by name, games last."""

DRILL_COURT: Final = CourtParams(18.0, 9.0, 2.43, 1.0)
_TIMES: Final = 4  # numbers that tell how much of the episode is over


class Course(NamedTuple):
    """Games of an exercise in progress.

    Attributes:
        state: of the physics.
        memory: of the rate controllers; unused with rotor commands.
        own: what the exercise remembers.
        steps: (games,) int32 since the start.
        done: (games,) bool, over: nothing changes any more.
        key: (games,) seeds, hashed.
        episode: (games,) how often each game was started, in the dtype of the keys.
    """

    state: State
    memory: RateState
    own: Own
    steps: Array
    done: Array
    key: Array
    episode: Array


class Lap(NamedTuple):
    """What one step gives, games last.

    Attributes:
        obs: (drones, numbers, games).
        rewards: component -> (drones, games).
        terminated: (games,) bool, over by the rules (or broken).
        truncated: (games,) bool, over by time.
        done: (games,) bool, over, in this step or before.
        bad_action: (drones, games) bool, commands with NaN or infinity; the neutral command was flown instead.
        broken: (games,) bool, games whose numbers exploded.
    """

    obs: Array
    rewards: dict[str, Array]
    terminated: Array
    truncated: Array
    done: Array
    bad_action: Array
    broken: Array


@dataclass(frozen=True)
class Exercise:
    """One kind of games; hashable, so that compiled code can be kept for it.

    Args:
        preset: name or `Preset` of the physics; its court is replaced by that of the exercises.
        control: ``"prt"`` (rotor commands) or ``"ctbr"`` (body rates and thrust).
        autoreset: games that are over start again in the same step.
        endless: nothing is cut off by time; whoever holds the games counts their turns.

    Raises:
        UnknownOption: a preset or control that does not exist.
    """

    preset: str | Preset = "volleybots"
    control: str = "prt"
    autoreset: bool = False
    endless: bool = False

    drones: ClassVar[int] = 1
    max_steps: ClassVar[int] = 800
    obs_size: ClassVar[int] = 0
    components: ClassVar[tuple[str, ...]] = ()
    checkpoints: ClassVar[tuple[str, ...]] = ()
    anchors: ClassVar[tuple[tuple[float, float, float], ...]] = ()
    figures: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """The source's own figures: name -> its array in `Course.own`."""
    counts: ClassVar[str] = ""
    """Name of the array that counts what is to be done."""
    goal: ClassVar[float] = 1
    """How much of it makes a success."""

    def __post_init__(self) -> None:
        check_control(self.control)
        preset_of(self.preset)

    @cached_property
    def params(self) -> Preset:
        """Constants of the physics, with the court."""
        return preset_of(self.preset).on(DRILL_COURT)

    @property
    def neutral(self) -> tuple[float, ...]:
        """The command that keeps a level drone where it is."""
        return neutral(self.params, self.control)

    # ---- what a batch calls, see `mtenvs.envs.drones.batch.Plan` ----

    def start(self, key: Array, episode: Array, like: Array) -> Course:
        """Games at their beginning, level and at rest."""
        xp = namespace(like)
        draws = Draws(key, episode, like)
        pos, ball, own = self._begin(draws)
        still = pos * 0.0
        level = [1.0 + still[:, 0], still[:, 0], still[:, 0], still[:, 0]]
        throttle = constant(xp, trim_throttle(self.params).tolist(), like)[None, :, None] + still[:, :1]
        state = State(pos, xp.stack(level, 1), still, still, throttle, ball, ball * 0.0, draws.zero)
        return Course(state, rate_state(still), own, draws.count, draws.no, key, episode)

    def advance(self, course: Course, commands: Array) -> tuple[Course, Lap]:
        """One step of all games. Those that were over stay as they are, with reward 0."""
        xp = namespace(course.state.pos)
        live = ~course.done
        state, memory, contacts, bad_action, broken = move(course.state, course.memory, commands, course.done, self.params, self.control)
        now = course._replace(state=state, memory=memory, steps=course.steps + cast(live, course.steps.dtype))
        own = dict(course.own)
        rewards, ended = self._judge(now, course.state, contacts, own)
        terminated = (ended | broken) & live
        truncated = live & ~terminated & (now.steps >= (2**30 if self.endless else self.max_steps))
        done = course.done | terminated | truncated
        none = constant(xp, 0.0, state.pos)
        paid = {name: xp.where(live[None], self._each(rewards[name], state), none) for name in self.components}
        own = {name: cast(part, course.own[name].dtype) for name, part in own.items()}
        after = now._replace(own=keep(course.done, course.own, own), done=done)
        if self.autoreset and not (eager(xp) and not bool(done.any())):
            after = keep(done, self.start(course.key, course.episode + 1, state.pos), after)
        return after, Lap(self.observe(after), paid, terminated, truncated, done, bad_action & live[None], broken)

    def observe(self, course: Course) -> Array:
        """(drones, numbers, games), games last."""
        raise NotImplementedError

    # ---- how far a game has come; `own` in numpy ----

    def score(self, own: Own) -> NDArray[np.float64]:
        """(games,) progress from 0 to 1."""
        return np.asarray(np.clip(own[self.counts].astype(np.float64) / self.goal, 0.0, 1.0))

    def metrics(self, own: Own) -> dict[str, NDArray[np.float64]]:
        """The source's own figures, each (games,)."""
        return {name: own[array].astype(np.float64) for name, array in self.figures.items()}

    def reached(self, own: Own) -> dict[str, NDArray[np.bool_]]:
        """Sub-goals by name, each (games,)."""
        return {name: own[self.counts] > i for i, name in enumerate(self.checkpoints)}

    def scene(self, game: Course) -> Scene:
        """One game, (drones, k) and (k,) arrays in numpy, as it is drawn: its drones in the near half."""
        state, size = game.state, self.drones
        nobody, level = np.full((size, 3), np.nan), np.tile([1.0, 0.0, 0.0, 0.0], (size, 1))
        pos, quat = np.concatenate([state.pos, nobody]), np.concatenate([state.quat, level])
        return Scene(pos, quat, state.ball_pos, state.ball_vel, time=float(state.t))

    # ---- what an exercise fills in ----

    def _begin(self, draws: Draws) -> tuple[Array, Array, Own]:
        """Places of the drones (drones, 3, games), of the ball (3, games) and further arrays at the start."""
        raise NotImplementedError

    def _judge(self, now: Course, before: State, contacts: Contacts, own: Own) -> tuple[dict[str, Array], Array]:
        """Rewards by component, (drones, games) or shared (games,), and ends (games,) of the step from ``before`` to ``now``.

        ``own`` is what ``now.own`` becomes; it is to be written, array by array.
        """
        raise NotImplementedError

    # ---- what exercises share ----

    def _each(self, part: Array, state: State) -> Array:
        """A reward as (drones, games) of the state's dtype; a shared one for every drone."""
        xp = namespace(part)
        part = cast(part, state.pos.dtype)
        return part if part.ndim == 2 else xp.stack([part] * self.drones)

    def _from_anchor(self, state: State) -> Array:
        """(drones, 3, games)."""
        return state.pos - constant(namespace(state.pos), self.anchors, state.pos)[:, :, None]

    def _drone_states(self, state: State, *, throttles: bool) -> list[Array]:
        """The 23 numbers of each drone, or the 19 without throttles, each (drones, games)."""
        mirror = constant(namespace(state.pos), [[1.0]] * self.drones, state.pos)
        return drone_states(state, mirror)[: None if throttles else 19]

    def _clock(self, course: Course) -> list[Array]:
        """Four times the share of the episode that is over, each (drones, games)."""
        state = course.state
        share = cast(course.steps, state.pos.dtype) * (1.0 / self.max_steps)
        return [share[None] + state.pos[:, 0] * 0.0] * _TIMES


class Draws:
    """What a start is made from: random numbers of each game, and arrays (games,) that are still empty.

    Args:
        key: (games,) seeds, hashed.
        episode: (games,).
        like: of the wanted dtype, on the wanted device.

    Attributes:
        zero: floats.
        count: int32.
        no: bool.
    """

    def __init__(self, key: Array, episode: Array, like: Array) -> None:
        self._key, self._episode, self._like = key, episode, like
        xp = namespace(like)
        self.zero: Array = uniform(key, episode, 0, like.dtype) * 0.0
        self.count: Array = cast(self.zero, xp.int32)
        self.no: Array = self.zero > 0.0

    def jitter(self, half: Sequence[float], first: int = 0) -> Array:
        """(len(half), games) uniform numbers within ``half`` on either side of 0, from random streams ``first``, ``first + 1``, ..."""
        dtype = self._like.dtype
        drawn = [(2.0 * uniform(self._key, self._episode, first + i, dtype) - 1.0) * width for i, width in enumerate(half)]
        return namespace(self._like).stack(drawn)

    def places(self, values: Any) -> Array:
        """Numbers (..., k) as an array (..., k, games)."""
        return constant(namespace(self._like), values, self._like)[..., None] + self.zero


def norm(parts: Array) -> Array:
    """Length of vectors whose components are the second-last axis."""
    squares = parts * parts
    total = squares[..., 0, :]
    for i in range(1, parts.shape[-2]):
        total = total + squares[..., i, :]
    return namespace(parts).sqrt(total)


def columns(array: Array) -> list[Array]:
    """Numbers (drones, k, games) as k arrays (drones, games)."""
    return list(rows(array))
