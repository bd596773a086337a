"""Thousands of volleyball games at once, without a Python loop over games."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.arrays import Array, constant, to_numpy
from mtenvs.envs.drones.batch import Batch
from mtenvs.envs.drones.game import Setup, World
from mtenvs.envs.drones.observe import size
from mtenvs.envs.drones.params import Format, Preset, game_format
from mtenvs.envs.drones.params import preset as preset_of
from mtenvs.envs.drones.physics import Contacts
from mtenvs.envs.drones.rules import Events, RuleState
from mtenvs.envs.drones.trees import mapped


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


class VolleyEngine(Batch):
    """Games of one format, all stepped at once.

    Args:
        preset: name or :class:`Preset`; its court is replaced by that of the format.
        teams: ``"1v1"``, ``"3v3"``, ``"6v6"`` or a :class:`Format`.
        games: how many.
        control: ``"prt"`` (four rotor commands) or ``"ctbr"`` (roll, pitch, yaw rate and thrust), all -1 to 1.
        random_serve: a coin decides who serves; else team 0.
        autoreset: games that are over start again in the same step; else they stay as they are until :meth:`reset` with a mask.
        options: ``xp``, ``dtype``, ``device`` and ``threads``, see :class:`~mtenvs.envs.drones.batch.Batch`.

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
        control: str = "prt",
        random_serve: bool = True,
        autoreset: bool = False,
        **options: Any,
    ) -> None:
        game = game_format(teams)
        super().__init__(Setup(game, preset_of(preset).on(game.court), control, random_serve, autoreset), games, **options)
        self.size = game.size
        self.agents = tuple(f"team{team}_{i}" for team in range(2) for i in range(game.size))
        self.obs_size = size(game)

    @property
    def anchors(self) -> Array:
        """(drones, 3) places where drones start, m."""
        return constant(self.xp, self.setup.anchors, self._like)

    @property
    def rules(self) -> RuleState:
        """What the referee remembers; games are the last axis."""
        rules: RuleState = self.world.rules
        return rules

    @rules.setter
    def rules(self, rules: RuleState) -> None:
        self._world = self.world._replace(rules=rules)

    def step(self, commands: Any) -> Outcome:
        """One step of ``params.dt`` seconds.

        Args:
            commands: (games, drones, 4), -1 to 1; values beyond are clipped. NaN and infinity count as no command: see ``bad_action``.

        Raises:
            ResetNeeded: before the first :meth:`reset`.
            UnknownOption: commands of another shape.
        """
        turn = self.turn(commands)
        events = turn.events
        return Outcome(
            self.games_first(turn.obs),
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


class NumpyView(VolleyEngine):
    """An engine of another library as numpy sees it, for what computes on the host: opponents, verdicts, pictures. Only to be read.

    Args:
        engine: whose games are seen as they are now.
    """

    def __init__(self, engine: VolleyEngine) -> None:
        super().__init__(engine.params, engine.setup.game, engine.games, control=engine.setup.control)
        self.setup, self._engine = engine.setup, engine
        self._of: World | None = None

    @property
    def world(self) -> World:
        """Everything that changes, in numpy; brought here once a step. It cannot be assigned.

        Raises:
            TypeError: it is assigned.
        """
        world: World = self._engine.world
        if self._of is not world:
            self._of, whole = world, mapped(to_numpy, world)
            self._world = whole._replace(key=whole.key.astype(np.uint32), episode=whole.episode.astype(np.uint32))
        seen: World = self._world
        return seen

    @world.setter
    def world(self, world: World) -> None:  # noqa: ARG002 - the signature of a property
        raise TypeError("this is a view of another engine, only to be read; assign the world of that one")

    def observe(self) -> NDArray[Any]:
        """Observations (games, drones, numbers) of how things are."""
        return to_numpy(self._engine.observe())
