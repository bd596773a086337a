"""The high level of 3v3 volleyball: teams give orders to their drones at events, skills carry them out in between.

As in HCSP (thu-uav/HCSP, MIT: task and environment files): three heads per team, read only when a racket has hit the ball or the ball
has changed sides; serving and receiving the serve are not up to the heads. Between decisions games stand still, so a policy may think as
long as it likes. Each game runs to its own next event: there is no Python loop over games.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones.draws import uniform
from mtenvs.envs.drones.engine import VolleyEngine
from mtenvs.envs.drones.game import World, advance
from mtenvs.envs.drones.orders import skills_of
from mtenvs.envs.drones.params import FORMATS, Preset
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.rules import Events
from mtenvs.envs.drones.sight import OBS_SIZE, high_level_view
from mtenvs.envs.drones.skills import Aim, Role, Skill, SkillController
from mtenvs.envs.drones.skills.playbook import PLACES

MAX_STEPS = 1500
"""Of a game, as in HCSP: 30 s."""

JITTER = 0.1
"""Half-width of the uniform start places around the waypoints, m, as in HCSP; of the ball over the server in y too."""

SERVE_AT = (6.0, 0.0, 1.9)
"""Start of the server, m; the ball hangs 3 m above it."""

BALL_OVER = 3.0

WIN, COMMANDED, FIRST = 20.0, 2.0, 1.0
"""Rewards: of the result (+-), of a legal hit by a drone that had the order to hit, and on top for one by FirstPass."""


class Skills(Protocol):
    """What carries out orders: the scripted :class:`~mtenvs.envs.drones.skills.SkillController`, or learned skills in its place."""

    memory: Any
    """A tuple of arrays, games last: all that it remembers. Assigning an earlier one takes it back."""

    def reset(self, mask: NDArray[np.bool_]) -> None:
        """Games that `mask` (games,) marks begin anew."""

    def order(self, skill: NDArray[np.int64], aim: NDArray[np.int64], mask: NDArray[np.bool_]) -> None:
        """Skills and aims (6, games) for the games that `mask` marks."""

    def command(self, state: State, games: NDArray[np.int64] | None = None) -> NDArray[np.floating]:
        """Rotor commands (6, 4, n) for the games of these indices, whose state is given."""


class Decision(NamedTuple):
    """How games stand when orders are due, and what came of the last ones.

    Attributes:
        obs: (games, 2, 100) float32, what each team sees, from its own side.
        reward: (games, 2) float32.
        terminated: (games,) bool, over by the rules.
        truncated: (games,) bool, over by time.
        result: (games,) int32, +1 team 0 has won, -1 team 1 has, 0 nobody (yet).
        hit: (games, 6) bool, drones that have legally hit the ball since the last decision (the event).
        crossed: (games,) bool, the ball has changed sides (the event).
        steps: (games,) int32 since the start of the game.
        crossings: (games,) int32 since the start of the game.
        faults: (games, 6, 2) bool, why the game ended: case (:class:`~mtenvs.envs.drones.rules.Fault`) and team.
        crashed: (games, 6) bool, drones that are down; such games have no winner.
        too_close: (games, 6) bool, drones too near a teammate; same.
    """

    obs: NDArray[np.float32]
    reward: NDArray[np.float32]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    result: NDArray[np.int32]
    hit: NDArray[np.bool_]
    crossed: NDArray[np.bool_]
    steps: NDArray[np.int32]
    crossings: NDArray[np.int32]
    faults: NDArray[np.bool_]
    crashed: NDArray[np.bool_]
    too_close: NDArray[np.bool_]


class HighLevelGame:
    """Many 3v3 games, stepped from event to event.

    Args:
        games: how many.
        preset: name or :class:`Preset`.
        seed: of the first :meth:`reset` without one.
        max_steps: of a game, each of 20 ms.
        random_serve: a coin decides who serves; else team 0.
        skills: what carries out orders, such as :class:`~mtenvs.envs.drones.skills.LearnedSkills`; None for the scripted skills.

    Raises:
        UnknownOption: no such preset, or less than one game or step.
    """

    obs_size = OBS_SIZE

    def __init__(
        self,
        games: int = 1,
        preset: str | Preset = "volleybots",
        seed: int | None = None,
        *,
        max_steps: int = MAX_STEPS,
        random_serve: bool = True,
        skills: Skills | None = None,
    ) -> None:
        if max_steps < 1:
            raise UnknownOption(f"max_steps={max_steps}; play at least one")
        self.engine = VolleyEngine(preset, replace(FORMATS["3v3"], max_steps=max_steps), games, random_serve=random_serve)
        self.games = games
        self.on_step: Callable[[], None] | None = None  # for films of a single game: called after each step of the world
        self.skills: Skills = skills or SkillController(self.engine.params, games)
        self._seed = seed
        self._started = False
        self._serving = np.ones(games, bool)
        self._received = np.zeros(games, bool)
        self._last = _nothing(games)

    @property
    def state(self) -> State:
        """Drones and balls now; games are the last axis."""
        return self.engine.state

    @property
    def serve_phase(self) -> NDArray[np.bool_]:
        """(games,) until the other team has hit the served ball."""
        return ~self._received

    @property
    def done(self) -> NDArray[np.bool_]:
        """(games,) over; such games stay as they are until they are reset."""
        over: NDArray[np.bool_] = self._last.terminated | self._last.truncated
        return over

    def reset(self, seed: int | Sequence[int] | None = None, mask: NDArray[np.bool_] | None = None) -> Decision:
        """Start games.

        Args:
            seed: one for all (game ``i`` gets ``seed + i``) or one per game; None goes on with the seeds there are.
            mask: (games,) bool, which games to start; None for all.
        """
        first = not self._started
        every = np.ones(self.games, bool)
        chosen = every if mask is None or first else np.asarray(mask, bool)
        self.engine.reset(self._seed if seed is None and first else seed, chosen)
        self.engine.world = _arranged(self.engine.world, chosen)
        self.skills.reset(chosen)
        self._started = True
        self._serving = self._serving | chosen
        self._received = self._received & ~chosen
        blank = _nothing(self.games)
        wide = {name: chosen.reshape(-1, *(1,) * (getattr(blank, name).ndim - 1)) for name in Decision._fields}
        self._last = Decision(*(np.where(wide[name], getattr(blank, name), getattr(self._last, name)) for name in Decision._fields))
        self._last = self._last._replace(obs=self._see())
        return self._last

    def step(self, actions: NDArray[np.integer]) -> Decision:
        """Give orders and play each running game to its next event or its end.

        Args:
            actions: (games, 2, 3) choices of the heads :data:`~mtenvs.envs.drones.orders.HEADS`; those for games that are over are ignored.
                HCSP's are below :data:`~mtenvs.envs.drones.orders.NVEC`; the spike and the block come behind them.

        Returns:
            The next decision. Games that were over before stay as they are, with reward 0.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
            UnknownOption: actions of another shape or out of range.
        """
        if not self._started:
            raise ResetNeeded("call reset() before step()")
        skill, aim = skills_of(actions)
        if skill.shape[1] != self.games:
            raise UnknownOption(f"actions for {skill.shape[1]} games; pass them for {self.games}")
        running = ~self.done
        skill, aim = serve_phase(skill, aim, self.engine.rules.last_team, self._serving, self._received)
        self.skills.order(skill, aim, running)
        tally = _nothing(self.games)
        games = np.flatnonzero(running)
        whole = _copied(self.engine.world)  # a copy: arrays of a new world may be the same one
        world = _cut(whole, games)
        while len(games):
            commands = self.skills.command(world.state, games).astype(world.state.pos.dtype)
            world, turn = advance(world, commands, self.engine.setup)
            if self.on_step is not None and self.games == 1:
                self.engine.world = world
                self.on_step()
            self._note(tally, games, turn.events, skill)
            stop = turn.events.legal.any(0) | turn.events.crossed | turn.done
            if stop.any():
                _paste(whole, world, games)
                games = games[~stop]
                world = _cut(whole, games)
        self.engine.world = whole
        over = ~running
        self._last = tally._replace(
            obs=self._see(),
            terminated=tally.terminated | (self._last.terminated & over),
            truncated=tally.truncated | (self._last.truncated & over),
            result=np.where(over, self._last.result, tally.result),
            steps=np.asarray(self.engine.rules.steps, np.int32).copy(),
            crossings=np.asarray(self.engine.rules.crossings, np.int32).copy(),
            faults=np.where(over[:, None, None], self._last.faults, tally.faults),
            crashed=np.where(over[:, None], self._last.crashed, tally.crashed),
            too_close=np.where(over[:, None], self._last.too_close, tally.too_close),
        )
        return self._last

    def save(self) -> tuple[Any, ...]:
        """Everything that changes, copied; :meth:`load` takes it back, in this game or another one of the same size and settings."""
        saved: tuple[Any, ...] = _copied((self.engine.world, self.skills.memory, self._serving, self._received, self._last))
        return saved

    def load(self, saved: tuple[Any, ...]) -> None:
        """Go back to what :meth:`save` gave."""
        self.engine.world, self.skills.memory, self._serving, self._received, self._last = _copied(saved)
        self._started = True

    def _note(self, tally: Decision, games: NDArray[np.int64], events: Events, skill: NDArray[np.int64]) -> None:
        """Write one step's events of these games into the tally and into the phases."""
        legal = events.legal
        commanded = legal & (skill[:, games] >= Skill.SERVE)
        for team in range(2):
            drones = slice(3 * team, 3 * team + 3)
            sign = 1.0 - 2.0 * team
            tally.reward[games, team] += (
                sign * WIN * events.result + COMMANDED * commanded[drones].any(0) + FIRST * legal[3 * team + Role.FIRST_PASS]
            )
        tally.hit[games] |= legal.T
        tally.crossed[games] |= events.crossed
        tally.terminated[games] |= events.terminated
        tally.truncated[games] |= events.truncated
        tally.result[games] += events.result
        tally.faults[games] |= np.moveaxis(events.faults, -1, 0)
        tally.crashed[games] |= events.drone_down.T
        tally.too_close[games] |= events.too_close.T
        struck = legal.any(0)
        self._received[games] |= struck & ~self._serving[games]
        self._serving[games] &= ~struck

    def _see(self) -> NDArray[np.float32]:
        return high_level_view(self.engine.state, self.engine.rules, self._received)


def serve_phase(
    skill: NDArray[np.int64], aim: NDArray[np.int64], server: NDArray[np.integer], serving: NDArray[np.bool_], received: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What FirstPass of both teams does in the serve phase, whatever it was told: serve, then hover; wait, then receive.

    Args:
        skill: (6, games) of the orders; written. An order to go somewhere aims the serve.
        aim: (6, games) of the orders; written.
        server: (games,) the team that serves; only asked while nobody but it has hit.
        serving: (games,) nobody has hit yet.
        received: (games,) the serve has been hit on.
    """
    for team in range(2):
        who = 3 * team + Role.FIRST_PASS
        serves, receives = ~received & (server == team), ~received & (server != team)
        side = np.where(skill[who] == Skill.GOTO, aim[who], Aim.MIDDLE)
        own = np.where(serving, Skill.SERVE, Skill.HOVER)
        other = np.where(serving, Skill.GOTO, Skill.RECEIVE)
        skill[who] = np.where(serves, own, np.where(receives, other, skill[who]))
        aim[who] = np.where(serves & serving, side, np.where(serves | receives, Aim.MIDDLE, aim[who]))
    return skill, aim


def _nothing(games: int) -> Decision:
    no, zero = np.zeros(games, bool), np.zeros(games, np.int32)
    return Decision(
        np.zeros((games, 2, OBS_SIZE), np.float32),
        np.zeros((games, 2), np.float32),
        no,
        no.copy(),
        zero,
        np.zeros((games, 6), bool),
        no.copy(),
        zero.copy(),
        zero.copy(),
        np.zeros((games, 6, 2), bool),
        np.zeros((games, 6), bool),
        np.zeros((games, 6), bool),
    )


def _copied(tree: Any) -> Any:
    """A tree of tuples of arrays with arrays of its own."""
    if isinstance(tree, tuple):
        parts = [_copied(part) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return np.array(tree)


def _cut(tree: Any, games: NDArray[np.int64]) -> Any:
    """Some games of a tree of tuples of arrays."""
    if isinstance(tree, tuple):
        return type(tree)(*(_cut(part, games) for part in tree))
    return tree[..., games]


def _paste(tree: Any, part: Any, games: NDArray[np.int64]) -> None:
    """Write `part` back to where :func:`_cut` took it."""
    if isinstance(tree, tuple):
        for whole, few in zip(tree, part, strict=True):
            _paste(whole, few, games)
    else:
        tree[..., games] = part


def _arranged(world: World, chosen: NDArray[np.bool_]) -> World:
    """The chosen games with drones on the waypoints of their roles, the server and the ball at the serve; near them, at random."""
    state, dtype = world.state, world.state.pos.dtype
    server = world.rules.last_team
    places = np.concatenate([PLACES[:, Aim.MIDDLE], PLACES[:, Aim.MIDDLE] * [-1, -1, 1]])
    pos = np.repeat(places[:, :, None], len(server), 2)
    for team, sign in ((0, 1.0), (1, -1.0)):
        spot = np.array(SERVE_AT) * [sign, sign, 1.0]
        pos[3 * team + Role.FIRST_PASS] = np.where(server == team, spot[:, None], pos[3 * team + Role.FIRST_PASS])

    def draw(stream: int) -> NDArray[np.floating]:
        number: NDArray[np.floating] = JITTER * (2.0 * uniform(world.key, world.episode, 100 + stream, np.float64) - 1.0)
        return number

    pos += np.array([[draw(3 * drone + axis) for axis in range(3)] for drone in range(6)])
    ball = np.where(server == 0, pos[Role.FIRST_PASS], pos[3 + Role.FIRST_PASS]) + np.array([0.0, 0.0, BALL_OVER])[:, None]
    ball[1] += draw(18)
    ball[2] += draw(19)
    new_pos = np.where(chosen, pos, state.pos).astype(dtype)
    new_ball = np.where(chosen, ball, state.ball_pos).astype(dtype)
    return world._replace(state=state._replace(pos=new_pos, ball_pos=new_ball))
