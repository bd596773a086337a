"""The rule bot as an opponent in games that are flown step by step: scripted skills under its orders."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.bots import PowerBot, RuleBot
from mtenvs.envs.drones.engine import VolleyEngine
from mtenvs.envs.drones.hierarchy import serve_phase
from mtenvs.envs.drones.orders import HOVER, skills_of
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.sight import high_level_view
from mtenvs.envs.drones.skills import SkillController
from mtenvs.envs.drones.skills.controller import Memory


class RuleTeam:
    """Team 1 of 3v3 games under the orders of a bot, renewed at events as in the game of orders.

    Args:
        bot: :class:`~mtenvs.envs.drones.bots.RuleBot` where none is given.
    """

    rotors = True
    """Its commands are for rotors, whatever the other team's control is."""

    def __init__(self, bot: RuleBot | PowerBot | None = None) -> None:
        self._bot = bot or RuleBot()
        self._skills: SkillController | None = None
        self._seen: NDArray[np.int64] = np.zeros(0, np.int64)

    def begin(self, engine: VolleyEngine, which: NDArray[np.int64]) -> None:
        """Games have started.

        Raises:
            UnknownOption: the teams have no roles.
        """
        self.check(engine)
        if self._skills is None or self._skills.games != engine.games:
            self._skills = SkillController(engine.params, engine.games)
            self._seen = np.full(engine.games, -1, np.int64)
        fresh = np.zeros(engine.games, bool)
        fresh[which] = True
        self._skills.reset(fresh)
        self._seen[which] = -1

    @staticmethod
    def check(engine: VolleyEngine) -> None:
        """Whether these games have the roles that orders are for.

        Raises:
            UnknownOption: they have not.
        """
        if engine.size != 3:
            raise UnknownOption(f"opponent='rule' gives orders to three roles; teams of {engine.size} have none: use teams='3v3'")

    def act(self, engine: VolleyEngine) -> NDArray[np.float32]:
        """Rotor commands (games, 3, 4)."""
        assert self._skills is not None, "begin() comes first"  # noqa: S101 - for the type checker
        rules, state = engine.rules, engine.state
        hits = rules.hits.sum(0)
        events = hits + rules.crossings
        due = (events != self._seen) & ~rules.done
        if due.any():
            received = hits >= 2  # the serve and its return
            theirs = self._bot.act(high_level_view(state, rules, received)[:, 1])
            skill, aim = skills_of(np.stack([np.broadcast_to(np.array(HOVER), theirs.shape), theirs], 1))
            skill, aim = serve_phase(skill, aim, rules.last_team, hits == 0, received)
            self._skills.order(skill, aim, due)
            self._seen = np.where(due, events, self._seen)
        games = np.flatnonzero(~rules.done)
        commands = np.zeros((engine.games, 3, 4), np.float32)
        if len(games):
            few = State(*(part[..., games] for part in state))
            commands[games] = np.moveaxis(self._skills.command(few, games)[3:], 2, 0)
        return commands

    def save(self) -> Any:
        """What the skills remember."""
        memory = [] if self._skills is None else [np.array(part) for part in self._skills.memory]
        return {"memory": memory, "seen": self._seen.copy()}

    def load(self, data: Any) -> None:
        """Go on from `save`, in games that have begun."""
        if self._skills is not None and data["memory"]:
            self._skills.memory = Memory(*(np.array(part) for part in data["memory"]))
        self._seen = np.array(data["seen"])
