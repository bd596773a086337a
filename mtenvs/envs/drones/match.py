"""Volleyball as a drill: one team is flown, or both are; the other follows an opponent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.drones.arrays import Array, to_numpy
from mtenvs.envs.drones.control import RateState
from mtenvs.envs.drones.drills import Bools, Drill, Floats, Played
from mtenvs.envs.drones.engine import NumpyView, VolleyEngine
from mtenvs.envs.drones.game import World
from mtenvs.envs.drones.opponents import Opponent
from mtenvs.envs.drones.params import Format, Preset, game_format
from mtenvs.envs.drones.physics import State
from mtenvs.envs.drones.rules import RuleState
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.trees import mapped

_ENDLESS: Final = 2**30  # the engine's own cap: whoever holds a match counts its turns


class Match(Drill):
    """Games of volleyball.

    Args:
        games: how many.
        preset: of the physics.
        control: ``"prt"`` or ``"ctbr"``.
        teams: ``"1v1"``, ``"3v3"``, ``"6v6"`` or a `Format`.
        opponent: flies team 1; None where the caller flies both teams.
        random_serve: a coin decides who serves, else team 0 does.
        xp: ``"numpy"``, ``"torch"`` or ``"jax"``; what comes out is numpy.
        device: torch or JAX device; None for the default.

    Attributes:
        result: int32 (games,), +1 once team 0 has won, -1 once team 1 has, else 0.
    """

    components = ("game",)
    checkpoints = ("hit", "over_the_net", "won")

    def __init__(
        self,
        games: int = 1,
        preset: str | Preset = "volleybots",
        control: str = "prt",
        *,
        teams: str | Format = "3v3",
        opponent: Opponent | None = None,
        random_serve: bool = True,
        xp: str = "numpy",
        device: Any = None,
    ) -> None:
        game = game_format(teams)
        self.format, self.format_name, self.opponent = game, game.name, opponent
        self.max_steps = game.max_steps
        self.size = game.size
        self.drones = game.size * (2 if opponent is None else 1)
        endless = replace(game, max_steps=_ENDLESS)
        self.engine = VolleyEngine(preset, endless, games, control=control, random_serve=random_serve, xp=xp, device=device)
        if opponent is not None:
            opponent.check(self.engine)
            self.engine.setup = replace(self.engine.setup, far_rotors=opponent.rotors)
        self.view = self.engine if xp == "numpy" else NumpyView(self.engine)
        self.obs_size = self.engine.obs_size
        super().__init__(games, preset, control)
        self.params = self.engine.params
        self._seen: Array | None = None
        self.anchors = self.engine.setup.anchors[: self.drones]
        self.engine.reset(0)
        self.result = np.zeros(games, np.int32)
        self.crossed = np.zeros(games, bool)

    @property
    def state(self) -> State:
        """Drones and balls, games last; those of both teams."""
        return self.view.state

    def play(self, actions: Floats) -> Played:
        """One step; see `Drill.play`."""
        live = ~self.over
        self.engine.rules = self.engine.rules._replace(done=self.engine.place(self.view.rules.done | self.over))
        commands = actions
        if self.opponent is not None:
            commands = np.concatenate([actions.astype(np.float32), self.opponent.act(self.view)], 1)
        before = self.view.rules.side
        outcome = self.engine.step(commands)
        self._seen = outcome.obs
        reward, terminated, result, bad = (
            to_numpy(part) for part in (outcome.reward, outcome.terminated, outcome.result, outcome.bad_action)
        )
        self.steps = self.steps + live
        self.crossed = self.crossed | ((before == 0) & (self.view.rules.side == 1))
        self.result = np.where(live & (result != 0), result, self.result).astype(np.int32)
        terminated = terminated & live
        self.over = self.over | terminated
        rewards = np.where(live[:, None], reward[:, : self.drones], np.float32(0))
        return Played({"game": rewards}, terminated, bad[:, : self.drones] & live[:, None])

    def observe(self) -> Floats:
        """(games, drones, numbers); the far team's are mirrored."""
        seen = self.view.observe() if self._seen is None else self._seen
        return np.array(to_numpy(seen)[:, : self.drones], np.float32, order="C")

    def score(self) -> NDArray[np.float64]:
        """1 for a game that team 0 has won, a quarter for a hit or a ball over the net that did not end so, each."""
        hit = self.view.rules.hits[: self.size].sum(0) > 0
        return np.where(self.result == 1, 1.0, 0.25 * hit + 0.25 * (hit & self.crossed))

    def metrics(self) -> dict[str, NDArray[np.float64]]:
        """Result, legal hits of team 0 and changes of sides."""
        rules = self.view.rules
        return {
            "result": self.result.astype(np.float64),
            "hits": rules.hits[: self.size].sum(0).astype(np.float64),
            "crossings": np.asarray(rules.crossings).astype(np.float64),
        }

    def reached(self) -> dict[str, Bools]:
        """Sub-goals by name."""
        hit = self.view.rules.hits[: self.size].sum(0) > 0
        return {"hit": hit, "over_the_net": hit & self.crossed, "won": self.result == 1}

    def scene(self, game: int = 0) -> Scene:
        """One game as it is drawn."""
        state, rules = self.view.state, self.view.rules
        begun = int(rules.hits[:, game].sum()) > 0
        phase = "over" if self.over[game] else "rally" if begun else "serve"
        turn = int(rules.turn[game] if self.size == 1 else rules.side[game])
        won = int(self.result[game])
        return Scene(
            state.pos[:, :, game],
            state.quat[:, :, game],
            state.ball_pos[:, game],
            state.ball_vel[:, game],
            time=float(state.t[game]),
            score=(int(won == 1), int(won == -1)),
            turn=-1 if self.over[game] else turn,
            phase=phase,
            may_hit=tuple(not flag for flag in rules.blocked[:, game].tolist()),
        )

    def save(self) -> dict[str, Any]:
        """All arrays, for `load`."""
        world = self.view.world
        arrays = {name: [np.array(part) for part in getattr(world, name)] for name in ("state", "rules", "memory")}
        own = {name: getattr(self, name).copy() for name in ("over", "seeds", "steps", "result", "crossed")}
        kept = None if self.opponent is None else self.opponent.save()
        return {**arrays, **own, "key": np.array(world.key), "episode": np.array(world.episode), "opponent": kept}

    def load(self, data: dict[str, Any]) -> None:
        """Go on from `save`."""
        parts = {name: kind(*data[name]) for name, kind in _PARTS.items()}
        key, episode = (np.array(data[name]).astype(self.engine.key_type) for name in ("key", "episode"))
        world = World(parts["state"], parts["rules"], parts["memory"], key, episode)
        self.engine.world = mapped(lambda part: self.engine.place(np.array(part)), world)
        for name in ("over", "seeds", "steps", "result", "crossed"):
            setattr(self, name, np.array(data[name]))
        self._seen = None
        if self.opponent is not None:
            self.opponent.load(data["opponent"])

    def _start(self, seeds: list[int], where: NDArray[np.integer[Any]]) -> None:
        self._seen = None
        self.engine.begin(seeds, where)
        self.result[where], self.crossed[where] = 0, False
        if self.opponent is not None:
            self.opponent.begin(self.view, where.astype(np.int64))


_PARTS: Final[dict[str, Any]] = {"state": State, "rules": RuleState, "memory": RateState}
