"""All drones of many 3v3 games under orders: a skill and an aim each, planned when something changed, tracked in every step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.skills import paths
from mtenvs.envs.drones.skills.ballistics import fly
from mtenvs.envs.drones.skills.frames import Floats, half_turn, half_turn_attitude, length
from mtenvs.envs.drones.skills.playbook import BLOCK_PLACE, HOVER_PLACE, PLACES, SWINGS, TARGETS, Skill
from mtenvs.envs.drones.skills.roaming import roam
from mtenvs.envs.drones.skills.strikes import Planner
from mtenvs.envs.drones.skills.tracking import Motion, Tracker

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

TEAM = 3
"""Drones of one team; the roles of the playbook are their indices."""

RETRY = 0.08
"""Seconds between attempts to find a swing where there was none."""

LOST = 0.9
"""A drone this far from its reference gets a new one, m."""

SURPRISE = 5e-3
"""A ball this far from where it should have flown was touched, m."""


class Memory(NamedTuple):
    """What the controller remembers; games are the last axis.

    Attributes:
        skill: (6, games) of the orders.
        aim: (6, games) of the orders.
        ref: (4, 3, 6, games) reference state in each team's frame.
        path: (8, 3, 6, games) of the swing being played.
        seconds: (6, games) until its contact, from its start.
        clock: (6, games) since its start, or since the last attempt to find one.
        swinging: (6, games) bool, on a path: to a contact, or to rest after it.
        stopping: (6, games) bool, the latter.
        brakes: (6, games) bool, the swing is followed by a path to rest.
        spent: (6, games) bool, the ordered hit is over.
        changed: (6, games) bool, a new order came.
        ball: (3, games) where the ball will be in the next step if nothing touches it.
        fresh: (games,) bool, the game has just begun.
    """

    skill: Ints
    aim: Ints
    ref: Floats
    path: Floats
    seconds: Floats
    clock: Floats
    swinging: Bools
    stopping: Bools
    brakes: Bools
    spent: Bools
    changed: Bools
    ball: Floats
    fresh: Bools


def _blank(games: int) -> Memory:
    shape = (2 * TEAM, games)
    no, zero = np.zeros(shape, bool), np.zeros(shape)
    return Memory(
        np.zeros(shape, np.int64),
        np.ones(shape, np.int64),
        np.zeros((4, 3, *shape)),
        np.zeros((8, 3, *shape)),
        zero + 1.0,
        zero,
        no,
        no.copy(),
        no.copy(),
        no.copy(),
        no.copy(),
        np.zeros((3, games)),
        np.ones(games, bool),
    )


def _cut(memory: Memory, games: Ints) -> Memory:
    parts: list[Any] = [one[..., games] for one in memory]
    return Memory(*parts)


class SkillController:
    """Scripted skills for both teams of many 3v3 games; deterministic.

    Args:
        params: constants of the physics.
        games: how many.
    """

    def __init__(self, params: Preset, games: int) -> None:
        self.params, self.games = params, games
        self.memory = _blank(games)
        self._planner, self._tracker = Planner(params), Tracker(params.drone)
        drones = np.arange(2 * TEAM)
        self._sign: Floats = np.where(drones < TEAM, 1.0, -1.0)[:, None]
        self._role = (drones % TEAM)[:, None]

    def reset(self, mask: Bools) -> None:
        """Forget the games that `mask` (games,) marks: they begin anew."""
        blank = _blank(self.games)
        for whole, new in zip(self.memory, blank, strict=True):
            np.copyto(whole, new, where=mask)

    def order(self, skill: Ints, aim: Ints, mask: Bools) -> None:
        """Give orders, which hold until the next ones.

        Args:
            skill: (6, games), of :class:`~mtenvs.envs.drones.skills.playbook.Skill`. An order that is already being carried out goes on.
            aim: (6, games), of :class:`~mtenvs.envs.drones.skills.playbook.Aim`.
            mask: (games,) games that listen.
        """
        old = self.memory
        new = mask & ((skill != old.skill) | (aim != old.aim))
        self.memory = old._replace(
            skill=np.where(new, skill, old.skill),
            aim=np.where(new, aim, old.aim),
            spent=old.spent & ~new,
            changed=old.changed | new,
        )

    def command(self, state: State, games: Ints | None = None) -> Floats:
        """Rotor commands (6, 4, n) for the next step.

        Args:
            state: of the n games in question.
            games: (n,) their indices; None for all. The others' memory stays as it is, so that they may wait.
        """
        if games is None or len(games) == self.games:
            self.memory, commands = self._advance(self.memory, state)
            return commands
        part, commands = self._advance(_cut(self.memory, games), state)
        for whole, few in zip(self.memory, part, strict=True):
            whole[..., games] = few
        return commands

    def _advance(self, old: Memory, state: State) -> tuple[Memory, Floats]:
        dt = self.params.dt
        now = self._seen(state)
        ball = np.asarray(state.ball_pos, np.float64), np.asarray(state.ball_vel, np.float64)
        touched = old.fresh | (np.abs(ball[0] - old.ball).max(0) > SURPRISE)
        over = old.swinging & (old.clock >= old.seconds - 1e-9)
        ref, away = self._reference(old, now)
        struck = over & ~old.stopping
        spent = old.spent | struck
        hits = (old.skill >= Skill.SERVE) & ~spent
        lost = old.swinging & away & ~old.stopping
        ends = struck & old.brakes
        stopping = (old.stopping & ~over) | ends
        swinging = (old.swinging & ~over & hits) | stopping
        waiting = hits & ~swinging & (old.clock > RETRY)
        seek = hits & (old.changed | touched | waiting | lost)
        memory = old._replace(
            ref=ref,
            swinging=swinging & (~seek | stopping),
            stopping=stopping,
            spent=spent,
            brakes=old.brakes.copy(),
            clock=old.clock.copy(),
            path=old.path.copy(),
            seconds=old.seconds.copy(),
        )
        if ends.any():
            self._stop(memory, ends)
        if seek.any():
            self._plan(memory, ball, seek)
        place = np.where(old.skill == Skill.GOTO, old.aim, np.where(old.skill == Skill.BLOCK, BLOCK_PLACE, HOVER_PLACE))
        middle, later = roam(ref, np.moveaxis(PLACES[self._role, place], 2, 0), TEAM, dt)
        drone, game = np.nonzero(memory.swinging)
        if len(drone):
            at = memory.clock[drone, game] + dt / 2
            middle[:, :, drone, game] = paths.evaluate(memory.path[:, :, drone, game], memory.seconds[drone, game], at)
        commands = self._tracker.command(now, middle)
        memory = memory._replace(
            ref=later,
            clock=memory.clock + dt,
            ball=fly(ball[0], ball[1], dt)[0],
            changed=np.zeros_like(old.changed),
            fresh=np.zeros_like(old.fresh),
        )
        return memory, np.moveaxis(commands, 0, 1)

    def _seen(self, state: State) -> Motion:
        parts = [np.moveaxis(np.asarray(part, np.float64), 1, 0) for part in state[:5]]
        pos, quat, vel, omega, throttle = parts
        return Motion(half_turn(pos, self._sign), half_turn_attitude(quat, self._sign), half_turn(vel, self._sign), omega, throttle)

    @staticmethod
    def _reference(old: Memory, now: Motion) -> tuple[Floats, Bools]:
        """Where references are now: on their path, where roaming left them, or, for new games and lost drones, where the drone is.

        Returns:
            The references (4, 3, 6, n), and which drones (6, n) are lost.
        """
        ref = old.ref.copy()
        drone, game = np.nonzero(old.swinging)
        if len(drone):
            at = np.minimum(old.clock, old.seconds)[drone, game]
            ref[:, :, drone, game] = paths.evaluate(old.path[:, :, drone, game], old.seconds[drone, game], at, 4)
        lost: Bools = length(ref[0] - now.pos) > LOST
        off = old.fresh | (lost & ~old.stopping)
        if off.any():
            here = np.zeros_like(ref)
            here[0], here[1] = now.pos, now.vel
            ref = np.where(off, here, ref)
        return ref, lost

    def _plan(self, memory: Memory, ball: tuple[Floats, Floats], seek: Bools) -> None:
        """Find swings for the drones in `seek`; writes into `memory`."""
        for skill in np.unique(memory.skill[seek]):
            drone, game = np.nonzero(seek & (memory.skill == skill))
            sign = self._sign[drone, 0]
            seen = half_turn(ball[0][:, game], sign), half_turn(ball[1][:, game], sign)
            first = drone - drone % TEAM
            mates: list[Any] = [memory.ref[0][:, first + (drone + other) % TEAM, game] for other in range(1, TEAM)]
            target = TARGETS[Skill(skill)][memory.aim[drone, game]].T
            plans = self._planner.plan(memory.ref[:, :, drone, game], seen, target, SWINGS[Skill(skill)], mates)
            found = plans.cost < SWINGS[Skill(skill)].limit
            free = found | ~memory.stopping[drone, game]
            who, where = drone[free], game[free]
            memory.path[:, :, who, where] = plans.path[:, :, free]
            memory.seconds[who, where] = plans.seconds[free]
            memory.clock[who, where] = 0.0
            memory.swinging[who, where] = found[free]
            memory.stopping[who, where] = False
            memory.brakes[who, where] = SWINGS[Skill(skill)].brakes
        left = np.where(memory.swinging & ~memory.stopping, memory.seconds - memory.clock, np.inf).reshape(2, TEAM, -1)
        first_come = np.arange(TEAM)[None, :, None] == left.argmin(1)[:, None]
        memory.swinging[:] &= first_come.reshape(2 * TEAM, -1) | memory.stopping

    def _stop(self, memory: Memory, struck: Bools) -> None:
        """Paths to rest for drones that have just hit; writes into `memory`."""
        drone, game = np.nonzero(struck)
        first = drone - drone % TEAM
        mates: list[Any] = [memory.ref[0][:, first + (drone + other) % TEAM, game] for other in range(1, TEAM)]
        plans = self._planner.stop(memory.ref[:, :, drone, game], mates)
        memory.path[:, :, drone, game] = plans.path
        memory.seconds[drone, game] = plans.seconds
        memory.clock[drone, game] = 0.0
