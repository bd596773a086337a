"""Thousands of volleyball games at once, without a Python loop over games."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones.arrays import Array, constant, library, namespace
from mtenvs.envs.drones.draws import keys
from mtenvs.envs.drones.game import Setup, Turn, World, advance, keep, start
from mtenvs.envs.drones.observe import observe, size
from mtenvs.envs.drones.params import Format, Preset, game_format
from mtenvs.envs.drones.params import preset as preset_of
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.rules import Events, RuleState

CHUNK = 1024
"""Games that numpy computes together: their arrays stay in the second-level cache."""


class Outcome(NamedTuple):
    """What one step gives; games first.

    Attributes:
        obs: (games, drones, numbers).
        reward: (games, drones).
        terminated: (games,) bool, over by the rules (or broken).
        truncated: (games,) bool, over by time.
        done: (games,) bool, over, in this step or before.
        result: (games,) int32, +1 team 0 has won in this step, -1 team 1 has, 0 nobody.
        bad_action: (games, drones) bool, commands with NaN or infinity; the neutral command was flown instead.
        broken: (games,) bool, games whose numbers exploded; they ended without a winner.
        events: of the referee, games last.
        contacts: of the physics, games last.
    """

    obs: Array
    reward: Array
    terminated: Array
    truncated: Array
    done: Array
    result: Array
    bad_action: Array
    broken: Array
    events: Events
    contacts: Contacts


class VolleyEngine:
    """Games of one format, all stepped at once.

    Args:
        preset: name or :class:`Preset`; its court is replaced by that of the format.
        teams: ``"1v1"``, ``"3v3"``, ``"6v6"`` or a :class:`Format`.
        games: how many.
        xp: ``"numpy"``, ``"torch"`` or ``"jax"``.
        dtype: ``"float32"`` or ``"float64"`` (JAX computes with 64 bits only where it is told to).
        device: torch or JAX device; None for the default.
        control: ``"prt"`` (four rotor commands) or ``"ctbr"`` (roll, pitch, yaw rate and thrust), all -1 to 1.
        random_serve: a coin decides who serves; else team 0.
        autoreset: games that are over start again in the same step; else they stay as they are until :meth:`reset` with a mask.
        threads: numpy only; None for one per core.

    Raises:
        UnknownOption: a name that is not known.
        MissingRequirement: the array library is not installed.
    """

    def __init__(
        self,
        preset: str | Preset = "volleybots",
        teams: str | Format = "3v3",
        games: int = 1,
        *,
        xp: str = "numpy",
        dtype: str = "float32",
        device: Any = None,
        control: str = "prt",
        random_serve: bool = True,
        autoreset: bool = False,
        threads: int | None = None,
    ) -> None:
        if games < 1:
            raise UnknownOption(f"games={games}; play at least one")
        if dtype not in {"float32", "float64"}:
            raise UnknownOption(f"dtype={dtype!r} is unknown; choose float32 or float64")
        game = game_format(teams)
        self.setup = Setup(game, preset_of(preset).on(game.court), control, random_serve, autoreset)
        self.games, self.size, self.drones = games, game.size, 2 * game.size
        self.agents = tuple(f"team{team}_{i}" for team in range(2) for i in range(game.size))
        self.obs_size = size(game)
        self.xp_name, self.xp = xp, library(xp)
        self._like = self._place(np.zeros(1, dtype), device)
        self._device = device
        self._threads = min(threads or os.cpu_count() or 1, -(-games // CHUNK))
        self._world: World | None = None

    def _place(self, array: np.ndarray[Any, Any], device: Any) -> Array:
        if self.xp_name == "torch":
            return self.xp.as_tensor(array, device=device)
        if self.xp_name == "jax":
            import jax  # noqa: PLC0415  # optional: imported where used

            return jax.device_put(array, device)
        return array

    @property
    def params(self) -> Preset:
        """Constants of the physics, with the court."""
        return self.setup.params

    @property
    def anchors(self) -> Array:
        """(drones, 3) places where drones start, m."""
        return constant(self.xp, self.setup.anchors, self._like)

    @property
    def world(self) -> World:
        """Everything that changes; assign it to restore an earlier one.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
        """
        if self._world is None:
            raise ResetNeeded("call reset() before anything else")
        return self._world

    @world.setter
    def world(self, world: World) -> None:
        self._world = world

    @property
    def state(self) -> State:
        """Drones and balls; games are the last axis. Assign to place them elsewhere."""
        return self.world.state

    @state.setter
    def state(self, state: State) -> None:
        self._world = self.world._replace(state=state)

    @property
    def rules(self) -> RuleState:
        """What the referee remembers; games are the last axis."""
        return self.world.rules

    @rules.setter
    def rules(self, rules: RuleState) -> None:
        self._world = self.world._replace(rules=rules)

    def reset(self, seed: int | Sequence[int] | None = None, mask: Any = None) -> Array:
        """Start games.

        Args:
            seed: one for all (game ``i`` gets ``seed + i``) or one per game; None goes on with the seeds there are.
            mask: (games,) bool, which games to start; None for all.

        Returns:
            Observations (games, drones, numbers) of all games.
        """
        first = self._world is None
        if seed is None and first:
            seed = int(np.random.SeedSequence().generate_state(1)[0])
        if mask is not None:
            mask = self._place(np.asarray(mask, dtype=bool).copy(), self._device)
            if mask.shape != (self.games,):
                raise UnknownOption(f"mask has shape {tuple(mask.shape)}; it marks {self.games} games")
        if seed is not None:
            plain = keys(seed, self.games)
            key = self._place(plain.astype(np.int64) if self.xp_name == "torch" else plain, self._device)
            episode = key * 0
        else:
            key, episode = self.world.key, self.world.episode + 1
        fresh = start(key, episode, self._like, self.setup)
        self._world = fresh if mask is None or first else keep(mask, fresh, self.world)
        return self.observe()

    def observe(self) -> Array:
        """Observations (games, drones, numbers) of how things are."""
        world = self.world
        return self._games_first(observe(world.state, world.rules, self.anchors, self.setup.game))

    def step(self, commands: Any) -> Outcome:
        """One step of ``params.dt`` seconds.

        Args:
            commands: (games, drones, 4), -1 to 1; values beyond are clipped. NaN and infinity count as no command: see ``bad_action``.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
            UnknownOption: commands of another shape.
        """
        world = self.world
        if namespace(commands) is not self.xp:
            commands = self._place(np.asarray(commands, dtype=np.float64).astype(self._dtype), self._device)
        if tuple(commands.shape) != (self.games, self.drones, 4):
            raise UnknownOption(f"commands have shape {tuple(commands.shape)}; pass (games, drones, 4) = {(self.games, self.drones, 4)}")
        if self.xp_name == "jax":
            self._world, turn = _compiled(self.setup)(world, commands)
        elif self.xp_name == "torch":
            self._world, turn = advance(world, commands.permute(1, 2, 0).to(self._like.dtype).contiguous(), self.setup)
        else:
            self._world, turn = self._step_numpy(world, commands)
        return self._outcome(turn)

    @property
    def _dtype(self) -> Any:
        return np.float64 if "float64" in str(self._like.dtype) else np.float32

    def _step_numpy(self, world: World, commands: Array) -> tuple[World, Turn]:
        def part(lo: int) -> tuple[World, Turn]:
            piece = np.ascontiguousarray(commands[lo : lo + CHUNK].transpose(1, 2, 0), dtype=self._dtype)
            with np.errstate(all="ignore"):  # numbers that explode are found and reported as broken games
                return advance(_cut(world, lo, lo + CHUNK), piece, self.setup)

        if self.games <= CHUNK:
            return part(0)
        first = part(0)
        whole: tuple[World, Turn] = _room(first, self.games)

        def place(lo: int) -> None:
            _put(whole, first if lo == 0 else part(lo), lo)

        starts = range(0, self.games, CHUNK)
        if self._threads > 1:
            list(_pool(self._threads).map(place, starts))
        else:
            for lo in starts:
                place(lo)
        return whole

    def _games_first(self, array: Array) -> Array:
        return array.permute(2, 0, 1) if self.xp_name == "torch" else array.transpose(2, 0, 1)

    def _outcome(self, turn: Turn) -> Outcome:
        events = turn.events
        return Outcome(
            self._games_first(turn.obs),
            turn.reward.T,
            events.terminated,
            events.truncated,
            turn.done,
            events.result,
            turn.bad_action.T,
            turn.broken,
            events,
            turn.contacts,
        )


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="volley")


@cache
def _compiled(setup: Setup) -> Any:
    import jax  # noqa: PLC0415  # optional: imported where used

    return jax.jit(lambda world, commands: advance(world, commands.transpose(1, 2, 0), setup))


def _cut(tree: Any, lo: int, hi: int) -> Any:
    """Games ``lo`` to ``hi`` of a tree of tuples of arrays."""
    if isinstance(tree, tuple):
        return type(tree)(*(_cut(part, lo, hi) for part in tree))
    return tree[..., lo:hi]


def _room(tree: Any, games: int) -> Any:
    """Empty arrays for all games in the form of a tree of tuples of arrays of some."""
    if isinstance(tree, tuple):
        parts = [_room(part, games) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return np.empty((*tree.shape[:-1], games), tree.dtype)


def _put(whole: Any, part: Any, lo: int) -> None:
    """Write the arrays of some games into those of all, from game ``lo`` on."""
    if isinstance(whole, tuple):
        for a, b in zip(whole, part, strict=True):
            _put(a, b, lo)
    else:
        whole[..., lo : lo + part.shape[-1]] = part
