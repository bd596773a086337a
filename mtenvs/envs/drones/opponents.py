"""Whom a team plays against: nobody's friend by chance, a policy that is given, or one drawn from a pool for every game."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones.bots import PowerBot
from mtenvs.envs.drones.draws import uniform
from mtenvs.envs.drones.engine import VolleyEngine
from mtenvs.envs.drones.rule_team import RuleTeam

Floats: TypeAlias = NDArray[np.floating[Any]]
Policy: TypeAlias = Callable[[Floats], Any]
"""Observations (games, drones of the team, numbers), mirrored as all are, to commands (games, drones of the team, 4)."""

_STREAMS: Final = 1000  # random streams below it belong to the starts


class Opponent(Protocol):
    """Plays the far team of all games of an engine."""

    rotors: bool
    """Whether its commands are for rotors even where the near team commands rates and thrust."""

    def check(self, engine: VolleyEngine) -> None:
        """Raise `UnknownOption` where it cannot play these games."""

    def begin(self, engine: VolleyEngine, which: NDArray[np.int64]) -> None:
        """Games have started."""

    def act(self, engine: VolleyEngine) -> Floats:
        """Commands (games, drones of the team, 4) for the games as they are."""

    def save(self) -> Any:
        """What it remembers, as JSON-able data and arrays."""

    def load(self, data: Any) -> None:
        """Go on from `save`."""


class Forgetful:
    """What an opponent without a memory does at starts and in snapshots."""

    rotors = False

    def check(self, engine: VolleyEngine) -> None:
        """It plays any games."""

    def begin(self, engine: VolleyEngine, which: NDArray[np.int64]) -> None:
        """Nothing to prepare."""

    def save(self) -> Any:
        """Nothing."""
        return None

    def load(self, data: Any) -> None:
        """Nothing."""


class Random(Forgetful):
    """Uniform commands, drawn from the game's seed and step alone, so that a game repeats in any batch."""

    def act(self, engine: VolleyEngine) -> Floats:
        """Commands from -1 to 1."""
        world = engine.world
        wanted = engine.size * 4
        stream = np.asarray(world.rules.steps, np.uint32) * np.uint32(wanted) + np.uint32(_STREAMS)
        drawn = [uniform(world.key, world.episode, stream + np.uint32(i), np.float32) for i in range(wanted)]  # type: ignore[arg-type]  # one stream a game
        return (2.0 * np.stack(drawn, 1) - 1.0).reshape(engine.games, engine.size, 4)


class Hover(Forgetful):
    """The neutral command, whatever happens."""

    def act(self, engine: VolleyEngine) -> Floats:
        """The trim of the rotors, or hover thrust."""
        return np.broadcast_to(np.array(engine.setup.neutral, np.float32), (engine.games, engine.size, 4))


class Frozen(Forgetful):
    """A policy that is given.

    Args:
        policy: observations of its team to commands; it must not remember anything.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def act(self, engine: VolleyEngine) -> Floats:
        """The policy's commands.

        Raises:
            ValueError: the policy gives another shape.
        """
        commands = np.asarray(self.policy(np.array(engine.observe()[:, engine.size :])), np.float32)
        if commands.shape != (engine.games, engine.size, 4):
            raise ValueError(f"the opponent's commands have the shape {(engine.games, engine.size, 4)}, not {commands.shape}")
        return commands


class Pool:
    """A self-play pool: each game draws one of several opponents when it starts.

    Args:
        members: the opponents; the list may grow between episodes.
    """

    def __init__(self, members: Sequence[Opponent]) -> None:
        if not members:
            raise UnknownOption("a pool of opponents has at least one member")
        self.members = list(members)
        self.rotors = all(member.rotors for member in members)
        self.chosen: NDArray[np.int64] = np.zeros(0, np.int64)

    def check(self, engine: VolleyEngine) -> None:
        """Whether all members can play these games.

        Raises:
            UnknownOption: one cannot, or some command rotors and others rates.
        """
        for member in self.members:
            member.check(engine)
        if engine.setup.control != "prt" and len({member.rotors for member in self.members}) > 1:
            raise UnknownOption("the rule bot commands rotors: in a pool with others it needs control='prt'")

    def begin(self, engine: VolleyEngine, which: NDArray[np.int64]) -> None:
        """Draw from the games' seeds."""
        if len(self.chosen) != engine.games:
            self.chosen = np.zeros(engine.games, np.int64)
        share = uniform(engine.world.key, engine.world.episode, _STREAMS - 1, np.float32)
        self.chosen[which] = (share[which] * len(self.members)).astype(np.int64)
        for member in self.members:
            member.begin(engine, which)

    def act(self, engine: VolleyEngine) -> Floats:
        """Each game's own opponent's commands; every member that is in play looks at all games."""
        commands = np.zeros((engine.games, engine.size, 4), np.float32)
        for i in np.unique(self.chosen):
            mine = self.chosen == i
            commands[mine] = self.members[i].act(engine)[mine]
        return commands

    def save(self) -> Any:
        """Who plays, and what all remember."""
        return {"chosen": self.chosen.copy(), "members": [member.save() for member in self.members]}

    def load(self, data: Any) -> None:
        """Go on from `save`."""
        self.chosen = np.array(data["chosen"])
        for member, kept in zip(self.members, data["members"], strict=True):
            member.load(kept)


OPPONENTS: Final[Mapping[str, Callable[[], Opponent]]] = {
    "random": Random, "hover": Hover, "rule": RuleTeam, "power": lambda: RuleTeam(PowerBot()),
}  # fmt: skip
"""Those that have a name."""


def opponent_of(given: Any) -> Opponent:
    """The opponent that was asked for.

    Args:
        given: ``"random"``, ``"hover"``, ``"rule"`` or ``"power"`` (3v3: scripted skills under a bot's orders), a policy (see `Policy`), an
            `Opponent`, or a list of them: a pool.

    Raises:
        UnknownOption: nothing of these.
    """
    if isinstance(given, str) and given in OPPONENTS:
        return OPPONENTS[given]()
    if isinstance(given, (list, tuple)):
        return Pool([opponent_of(one) for one in given])
    if hasattr(given, "act") and hasattr(given, "begin"):
        opponent: Opponent = given
        return opponent
    if callable(given):
        return Frozen(given)
    raise UnknownOption(f"opponent={given!r} is neither a policy nor one of these: {did_you_mean(str(given), OPPONENTS)}")
