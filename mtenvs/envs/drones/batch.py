"""Thousands of games as one array, of numpy, torch or JAX, without a Python loop over games: seeds, masks, threads and compiling."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones.arrays import Array, library, namespace
from mtenvs.envs.drones.draws import keys
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.trees import cut, keep, placed, put, room

CHUNK = 4096
"""Games that numpy computes together. With fewer, starting its thousand small operations costs more than what they compute (1024 games:
0.6 times as fast, and two threads wait for each other); with more, the arrays leave the caches."""


class Plan(Protocol):
    """What kind of games a batch plays: pure functions of arrays whose last axis is the game.

    Hashable, so that compiled code can be kept per plan. A world is a tree (see `mtenvs.envs.drones.trees`) that has a ``state``, and a
    ``key`` and an ``episode`` (games,) from which its starts are drawn.
    """

    @property
    def params(self) -> Preset:
        """Constants of the physics."""

    @property
    def drones(self) -> int:
        """In a game."""

    def start(self, key: Array, episode: Array, like: Array) -> Any:
        """The world at its beginning, in the dtype and on the device of ``like``."""

    def advance(self, world: Any, commands: Array) -> tuple[Any, Any]:
        """The world one step after commands (drones, 4, games), and what came of it."""

    def observe(self, world: Any) -> Array:
        """(drones, numbers, games) of how things are."""


class Batch:
    """Games of one plan, all stepped at once; the base of the engines.

    Args:
        plan: what is played.
        games: how many.
        xp: ``"numpy"``, ``"torch"`` or ``"jax"``.
        dtype: ``"float32"`` or ``"float64"`` (JAX computes with 64 bits only where it is told to).
        device: torch or JAX device; None for the default.
        threads: numpy only; None for one per core.

    Raises:
        UnknownOption: a name that is not known, or less than one game.
        MissingRequirement: the array library is not installed.
    """

    def __init__(
        self, plan: Any, games: int = 1, *, xp: str = "numpy", dtype: str = "float32", device: Any = None, threads: int | None = None
    ) -> None:
        if isinstance(games, bool) or not isinstance(games, int | np.integer) or games < 1:
            raise UnknownOption(f"games={games!r}; play at least one")
        if dtype not in {"float32", "float64"}:
            raise UnknownOption(f"dtype={dtype!r} is unknown; choose float32 or float64")
        if device is not None and xp == "numpy":
            raise UnknownOption(f"device={device!r} is for xp='torch' or 'jax'; numpy computes in main memory")
        self.setup = plan
        self.games, self.drones = int(games), int(plan.drones)
        self.xp_name, self.xp = xp, library(xp)
        self.key_type = np.int64 if xp == "torch" else np.uint32  # torch's unsigned numbers cannot multiply
        self._device = device
        self._like = self.place(np.zeros(1, dtype))
        self._threads = min(threads or os.cpu_count() or 1, -(-self.games // CHUNK))
        self._world: Any = None

    def place(self, array: NDArray[Any]) -> Array:
        """A numpy array as one of the engine's library, on its device."""
        if self.xp_name == "torch":
            return self.xp.as_tensor(array, device=self._device)
        if self.xp_name == "jax":
            import jax  # noqa: PLC0415  # optional: imported where used

            return jax.device_put(array, self._device)
        return array

    @property
    def params(self) -> Preset:
        """Constants of the physics, with the court."""
        params: Preset = self.setup.params
        return params

    @property
    def world(self) -> Any:
        """Everything that changes; assign it to restore an earlier one.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
        """
        if self._world is None:
            raise ResetNeeded("call reset() before anything else")
        return self._world

    @world.setter
    def world(self, world: Any) -> None:
        self._world = world

    @property
    def state(self) -> State:
        """Drones and balls; games are the last axis. Assign to place them elsewhere."""
        state: State = self.world.state
        return state

    @state.setter
    def state(self, state: State) -> None:
        self._world = self.world._replace(state=state)

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
            mask = self.place(np.asarray(mask, dtype=bool).copy())
            if mask.shape != (self.games,):
                raise UnknownOption(f"mask has shape {tuple(mask.shape)}; it marks {self.games} games")
        if seed is not None:
            key = self._keys(seed, self.games)
            episode = key * 0
        else:
            key, episode = self.world.key, self.world.episode + 1
        fresh = self._fresh(key, episode)
        self._world = fresh if mask is None or first else keep(mask, fresh, self.world)
        return self.observe()

    def begin(self, seeds: Sequence[int], index: NDArray[np.integer[Any]]) -> None:
        """Start the games of these indices, each from its seed; the first time all games have to be among them."""
        if len(index) == self.games and (index == np.arange(self.games)).all():
            key = self._keys(seeds, self.games)
            self._world = self._fresh(key, key * 0)
        elif self.xp_name == "jax":  # code compiled for all games, not anew for each number of games that start
            every, mask = np.zeros(self.games, np.uint32), np.zeros(self.games, bool)
            every[index], mask[index] = keys(seeds, len(index)), True
            key = self.place(every)
            self._world = _compiled_keep()(self.place(mask), self._fresh(key, key * 0), self.world)
        else:
            key = self._keys(seeds, len(index))
            where = self.place(np.asarray(index, np.int64))
            self._world = placed(self.world, self._fresh(key, key * 0), where)

    def observe(self) -> Array:
        """Observations (games, drones, numbers) of how things are."""
        look = _compiled_observe(self.setup) if self.xp_name == "jax" else self.setup.observe
        return self.games_first(look(self.world))

    def turn(self, commands: Any) -> Any:
        """One step of ``params.dt`` seconds; what came of it, games last.

        Args:
            commands: (games, drones, 4), -1 to 1; values beyond are clipped. NaN and infinity count as no command.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
            UnknownOption: commands of another shape.
        """
        world = self.world
        if namespace(commands) is not self.xp:
            commands = self.place(np.asarray(commands, dtype=np.float64).astype(self._dtype))
        if tuple(commands.shape) != (self.games, self.drones, 4):
            raise UnknownOption(f"commands have shape {tuple(commands.shape)}; pass (games, drones, 4) = {(self.games, self.drones, 4)}")
        if self.xp_name == "jax":
            self._world, turn = _compiled(self.setup)(world, commands)
        elif self.xp_name == "torch":
            self._world, turn = self.setup.advance(world, commands.permute(1, 2, 0).to(self._like.dtype).contiguous())
        else:
            self._world, turn = self._step_numpy(world, commands)
        return turn

    def games_first(self, array: Array) -> Array:
        """(drones, numbers, games) as (games, drones, numbers)."""
        return array.permute(2, 0, 1) if self.xp_name == "torch" else array.transpose(2, 0, 1)

    @property
    def _dtype(self) -> Any:
        return np.float64 if "float64" in str(self._like.dtype) else np.float32

    def _keys(self, seeds: int | Sequence[int], games: int) -> Array:
        return self.place(keys(seeds, games).astype(self.key_type))

    def _fresh(self, key: Array, episode: Array) -> Any:
        start = _compiled_start(self.setup) if self.xp_name == "jax" else self.setup.start
        return start(key, episode, self._like)

    def _step_numpy(self, world: Any, commands: Array) -> tuple[Any, Any]:
        def part(lo: int) -> tuple[Any, Any]:
            piece = np.ascontiguousarray(commands[lo : lo + CHUNK].transpose(1, 2, 0), dtype=self._dtype)
            some = world if self.games <= CHUNK else cut(world, lo, lo + CHUNK)
            with np.errstate(all="ignore"):  # numbers that explode are found and reported as broken games
                done: tuple[Any, Any] = self.setup.advance(some, piece)
            return done

        if self.games <= CHUNK:
            return part(0)
        first = part(0)
        whole: tuple[Any, Any] = room(first, self.games)

        def fill(lo: int) -> None:
            put(whole, first if lo == 0 else part(lo), lo)

        starts = range(0, self.games, CHUNK)
        if self._threads > 1:
            list(_pool(self._threads).map(fill, starts))
        else:
            for lo in starts:
                fill(lo)
        return whole


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="volley")


@cache
def _compiled(plan: Plan) -> Any:
    import jax  # noqa: PLC0415  # optional: imported where used

    return jax.jit(lambda world, commands: plan.advance(world, commands.transpose(1, 2, 0)))


@cache
def _compiled_start(plan: Plan) -> Any:
    import jax  # noqa: PLC0415  # same

    return jax.jit(plan.start)


@cache
def _compiled_observe(plan: Plan) -> Any:
    import jax  # noqa: PLC0415  # same

    return jax.jit(plan.observe)


@cache
def _compiled_keep() -> Any:
    import jax  # noqa: PLC0415  # same

    return jax.jit(keep)
