"""Volleyball and the cooperative exercises as PettingZoo environments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from pettingzoo import AECEnv

from mtenvs.core.actions import ActionError
from mtenvs.core.agents import AgentsTurn, ParallelWorld, aec
from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones.coop import BumpAndPass
from mtenvs.envs.drones.drills import Drill, Played
from mtenvs.envs.drones.env import IMAGE, LEGAL, NOT_FINITE
from mtenvs.envs.drones.exercise import Exercise
from mtenvs.envs.drones.match import Match
from mtenvs.envs.drones.params import FORMATS, Preset
from mtenvs.envs.drones.practice import Practice
from mtenvs.envs.drones.spike import SetAndSpike
from mtenvs.envs.drones.view import CourtView, check_size

_BAD: Final = ActionError("value", NOT_FINITE, LEGAL)


class DrillWorld:
    """One game of a drill whose drones are all agents.

    Args:
        name: of the environment.
        drill: of one game.
        max_turns: turns until truncation; None for the source's.
        image_size: width and height of pictures.
    """

    def __init__(self, name: str, drill: Drill, max_turns: int | None = None, image_size: tuple[int, int] = IMAGE) -> None:
        if max_turns is not None and (isinstance(max_turns, bool) or not isinstance(max_turns, int) or max_turns < 1):
            raise UnknownOption(f"max_turns={max_turns!r} is at least 1, or None for the source's length")
        check_size(image_size)
        self.name, self.drill, self.image_size = name, drill, image_size
        self.max_turns = max_turns or drill.max_steps
        size = drill.size if isinstance(drill, Match) else drill.drones
        self.agents = tuple(f"team{i // size}_{i % size}" for i in range(drill.drones))
        self.observation_space = spaces.Box(-np.inf, np.inf, (drill.obs_size,), np.float32)
        self.action_space = spaces.Box(-1.0, 1.0, (4,), np.float32)
        self.state_space = spaces.Box(-np.inf, np.inf, (drill.drones * drill.obs_size,), np.float32)
        self.metadata: dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 50}
        self._view: CourtView | None = None

    def begin(self, seed: int) -> AgentsTurn:
        """Start a game."""
        self.drill.start([seed])
        return self._turn(None, truncated=False)

    def play(self, actions: Sequence[Any]) -> AgentsTurn:
        """One step; actions are (4,) floats each, as `ParallelWorld` has made sure."""
        played = self.drill.play(np.stack([np.asarray(action) for action in actions])[None])
        late = int(self.drill.steps[0]) >= self.max_turns and not bool(played.terminated[0])
        return self._turn(played, truncated=late)

    def state(self) -> NDArray[np.float32]:
        """The observations of all agents, one after the other."""
        return np.asarray(self.drill.observe()[0].reshape(-1), np.float32)

    def picture(self) -> NDArray[np.uint8]:
        """The court."""
        if self._view is None:
            self._view = CourtView(self.drill.params.court, self.image_size, self.drill.format_name)
        return np.array(self._view.draw(self.drill.scene()))

    def _turn(self, played: Played | None, *, truncated: bool) -> AgentsTurn:
        count, metrics = self.drill.drones, {name: float(values[0]) for name, values in self.drill.metrics().items()}
        over = played is not None and bool(played.terminated[0])
        rewards: NDArray[np.float64] = np.zeros(count)
        infos: list[dict[str, Any]] = []
        for i in range(count):
            parts = {name: 0.0 if played is None else float(played.rewards[name][0, i]) for name in self.drill.components}
            rewards[i] = sum(parts.values())
            infos.append(
                {
                    "seed": np.int64(self.drill.seeds[0]),
                    "turn": int(self.drill.steps[0]),
                    "action_error": _BAD if played is not None and played.bad[0, i] else None,
                    "reward_components": parts,
                    "won": self._won(i),
                    **metrics,
                }
            )
        return AgentsTurn(self.drill.observe()[0], rewards, over, truncated, infos)

    def _won(self, agent: int) -> bool:
        if isinstance(self.drill, Match):
            return int(self.drill.result[0]) == (1 if agent < self.drill.size else -1)
        return float(self.drill.score()[0]) >= 1.0


def drill_of(name: str, *, preset: str | Preset = "volleybots", control: str = "prt", random_serve: bool = True) -> Drill:
    """One game of a format or a cooperative exercise, in which every drone is an agent.

    Raises:
        UnknownOption: there is none of that name.
    """
    if name in FORMATS:
        return Match(1, preset, control, teams=name, random_serve=random_serve)
    if name in COOPERATIVE:
        kind, options = COOPERATIVE[name]
        return Practice(kind(preset, control, **options))
    known = (*FORMATS, *COOPERATIVE)
    raise UnknownOption(f"there is no game {name!r}: {did_you_mean(str(name), known)}; both teams have the same size")


COOPERATIVE: Final[dict[str, tuple[type[Exercise], dict[str, Any]]]] = {
    "bump_and_pass": (BumpAndPass, {}),
    "set_and_spike_easy": (SetAndSpike, {"difficulty": "easy"}),
    "set_and_spike_hard": (SetAndSpike, {"difficulty": "hard"}),
}


def parallel_env(
    game: str = "3v3",
    *,
    preset: str | Preset = "volleybots",
    control: str = "prt",
    random_serve: bool = True,
    max_turns: int | None = None,
    render_mode: str | None = None,
    image_size: tuple[int, int] = IMAGE,
) -> ParallelWorld:
    """A PettingZoo `ParallelEnv` of volleyball.

    Agents are ``team0_0``, ..., ``team1_2``: equal spaces, observations turned by half a circle for team 1 so that one policy plays both
    sides, and all end together. Rewards, ends and the meaning of the numbers are the source's, see `mtenvs.envs.drones.rules` and
    `mtenvs.envs.drones.observe`. An action with NaN or infinity is flown as hovering and told in ``infos[agent]["action_error"]``.

    Args:
        game: ``"1v1"``, ``"3v3"``, ``"6v6"``, ``"bump_and_pass"``, ``"set_and_spike_easy"`` or ``"set_and_spike_hard"``.
        preset: ``"volleybots"``, ``"realistic"`` or a `Preset`.
        control: ``"prt"`` (four rotor commands) or ``"ctbr"`` (roll, pitch and yaw rate, thrust), float32 4 in [-1, 1].
        random_serve: a coin decides who serves, else team 0 does.
        max_turns: steps until truncation; None for the source's.
        render_mode: ``"rgb_array"`` or None.
        image_size: width and height of pictures.

    Raises:
        UnknownOption: an argument that does not exist.
    """
    drill = drill_of(game, preset=preset, control=control, random_serve=random_serve)
    name = f"volleyball_{game}_v0" if game in FORMATS else f"{game}_v0"
    return ParallelWorld(DrillWorld(name, drill, max_turns, image_size), render_mode)


def aec_env(game: str = "3v3", **options: Any) -> AECEnv[str, Any, Any]:
    """`parallel_env` in PettingZoo's turn-by-turn form: agents act one after the other, and the world moves after the last.

    Args:
        game: see `parallel_env`.
        options: those of `parallel_env`.
    """
    env = parallel_env(game, **options)
    return aec(env.world, env.render_mode)
