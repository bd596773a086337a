"""Games that somebody flies: a `Drill` is what the single environment holds one game of, and the vector environment thousands.

Both give the same numbers. Whatever library computes, what comes out here is numpy; who trains on the device takes an engine instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.motion import check_control, neutral
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.params import preset as preset_of
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.scene import Scene

Floats: TypeAlias = NDArray[np.floating[Any]]
Bools: TypeAlias = NDArray[np.bool_]


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
    """Games of one kind; subclasses hold them.

    Args:
        games: how many.
        preset: name or `Preset` of the physics.
        control: ``"prt"`` (rotor commands) or ``"ctbr"`` (body rates and thrust).

    Attributes:
        over: (games,) bool; these stay as they are until they are started again.
        seeds: int64 (games,), what each game was started from.
        steps: int64 (games,) since the start.
        neutral: (4,) the command that keeps a level drone where it is.
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
        check_control(control)
        if isinstance(games, bool) or games < 1:
            raise UnknownOption(f"games={games!r}; play at least one")
        self.games, self.control = games, control
        self.params = preset_of(preset)
        self.neutral: Floats = np.asarray(neutral(self.params, control), np.float32)
        self.over = np.zeros(games, bool)
        self.seeds = np.zeros(games, np.int64)
        self.steps = np.zeros(games, np.int64)

    @property
    def state(self) -> State:
        """Drones and balls, games last."""
        raise NotImplementedError

    @property
    def own(self) -> Mapping[str, NDArray[Any]]:
        """What the games remember beside the physics, by name, games last."""
        return {}

    def start(self, seeds: Sequence[int] | NDArray[np.int64], index: Sequence[int] | NDArray[np.int64] | None = None) -> None:
        """Start games.

        Args:
            seeds: one for each.
            index: which games; None for all.
        """
        where = np.arange(self.games) if index is None else np.asarray(index)
        self._start([int(seed) for seed in seeds], where)
        self.over[where], self.steps[where] = False, 0
        self.seeds[where] = np.asarray(seeds, np.int64)

    def play(self, actions: Floats) -> Played:
        """One step of all games that are not over.

        Args:
            actions: (games, drones, 4), -1 to 1; values beyond are clipped.
        """
        raise NotImplementedError

    def observe(self) -> Floats:
        """(games, drones, numbers) float32 of how things are."""
        raise NotImplementedError

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
        """One game as it is drawn."""
        raise NotImplementedError

    def save(self) -> dict[str, Any]:
        """All arrays, for `load`."""
        raise NotImplementedError

    def load(self, data: dict[str, Any]) -> None:
        """Go on from `save`."""
        raise NotImplementedError

    def _start(self, seeds: list[int], where: NDArray[np.integer[Any]]) -> None:
        """Start the games of these indices."""
        raise NotImplementedError
