"""What there is to see of one moment of a game, as plain arrays: what the court view draws, replay files keep and words describe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import UnknownOption

Array = npt.NDArray[np.floating]

PHASES: Final = ("", "serve", "rally", "over")
TEAM_NAMES: Final = ("Red", "Blue")
# Drone index within a team -> role; the server of 3v3 is the last one, who is also the passer (first pass).
ROLES: Final = {
    1: ("player",),
    3: ("setter", "attacker", "passer"),
    6: ("front left", "front middle", "front right", "back left", "back middle", "back right"),
}

_MIRROR: Final = np.array([-1.0, -1.0, 1.0], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Scene:
    """One moment of a game. Arrays of any float type are kept as read-only float32.

    Args:
        positions: (drones, 3) metres; the drones of team 0 first. A drone whose row is not finite is not drawn.
        quaternions: (drones, 4) wxyz, body to world.
        ball: (3,) metres, the ball's centre.
        ball_velocity: (3,) m/s; its default is a ball at rest.
        trail: (k, 3) the last positions of the ball, oldest first.
        time: seconds since the serve.
        score: points of team 0 and of team 1.
        turn: the team that may play the ball, 0 or 1; -1 is nobody.
        phase: one of `PHASES`.
        event: the last event in words that hold for both teams, such as "Double hit"; empty is none.
        event_team: the team it belongs to, 0 or 1; -1 is nobody.
        actions: high-level action of each drone, empty where it has none; () is none at all.
        may_hit: whether each drone may touch the ball now; () is not known.
        target: x, y, z and radius in metres of the place that an exercise is about; () is none.

    Raises:
        UnknownOption: wrong shapes, or values outside those above.
    """

    positions: Array
    quaternions: Array
    ball: Array
    ball_velocity: Array = field(default_factory=lambda: np.zeros(3, dtype=np.float32))
    trail: Array = field(default_factory=lambda: np.zeros((0, 3), dtype=np.float32))
    time: float = 0.0
    score: tuple[int, int] = (0, 0)
    turn: int = -1
    phase: str = ""
    event: str = ""
    event_team: int = -1
    actions: tuple[str, ...] = ()
    may_hit: tuple[bool, ...] = ()
    target: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        count = self._keep("positions", (-1, 3))
        self._keep("quaternions", (count, 4))
        self._keep("ball", (3,))
        self._keep("ball_velocity", (3,))
        self._keep("trail", (-1, 3))
        # Numbers of numpy as plain ones: they are keys of caches and go into files.
        plain = {
            "time": float(self.time),
            "score": tuple(int(points) for points in self.score),
            "turn": int(self.turn),
            "event_team": int(self.event_team),
            "actions": tuple(str(action) for action in self.actions),
            "may_hit": tuple(bool(may) for may in self.may_hit),
            "target": tuple(float(number) for number in self.target),
        }
        for name, value in plain.items():
            object.__setattr__(self, name, value)
        if len(self.score) != 2:
            raise UnknownOption(f"score must hold the points of two teams, not {self.score}")
        if count == 0 or count % 2:
            raise UnknownOption(f"two teams of equal size need an even number of drones, not {count}")
        for name in ("actions", "may_hit"):
            if len(getattr(self, name)) not in (0, count):
                raise UnknownOption(f"{name} must have one entry for each of the {count} drones, or none at all")
        if self.turn not in (-1, 0, 1) or self.event_team not in (-1, 0, 1):
            raise UnknownOption("turn and event_team must be 0, 1, or -1 for nobody")
        if self.target and (len(self.target) != 4 or not np.isfinite(self.target).all()):
            raise UnknownOption(f"target is x, y, z and a radius, or nothing, not {self.target}")
        if self.phase not in PHASES:
            raise UnknownOption(f"phase must be one of {PHASES}, not {self.phase!r}")

    def _keep(self, name: str, shape: tuple[int, ...]) -> int:
        """Make a field a read-only array of its own; its length, which may be any where the shape says -1."""
        try:
            with np.errstate(over="ignore"):  # what is too large for float32 is infinite, and not drawn
                array = np.array(getattr(self, name), dtype=np.float32)
        except (TypeError, ValueError):
            raise UnknownOption(f"{name} must be an array of numbers") from None
        if array.ndim != len(shape) or any(wanted not in (-1, side) for wanted, side in zip(shape, array.shape, strict=True)):
            raise UnknownOption(f"{name} must have the shape {shape} (-1: any), not {array.shape}")
        array.flags.writeable = False
        object.__setattr__(self, name, array)
        return int(array.shape[0])

    @property
    def team_size(self) -> int:
        """Drones in each team."""
        return len(self.positions) // 2

    def role(self, drone: int) -> str:
        """The name of what a drone does in its team, the same for both teams."""
        place = drone % self.team_size
        return ROLES[self.team_size][place] if self.team_size in ROLES else f"player {place}"

    def present(self, team: int) -> bool:
        """Whether any drone of a team is there."""
        places = self.positions[team * self.team_size : (team + 1) * self.team_size]
        return bool(np.isfinite(places).all(axis=1).any())

    def seen_by(self, team: int) -> Scene:
        """What a team may know, as if it were team 0: mirrored for team 1, the opponents' actions left out.

        The same situation gives the same scene for both teams, so that pictures and words of it are the same too.

        Raises:
            UnknownOption: no such team.
        """
        if team not in (0, 1):
            raise UnknownOption(f"team must be 0 or 1, not {team!r}")
        size = self.team_size
        actions = (*self.actions[team * size : (team + 1) * size], *[""] * size) if self.actions else ()
        if team == 0:
            return replace(self, actions=actions)
        swap = [*range(size, 2 * size), *range(size)]
        w, x, y, z = self.quaternions[swap].T
        return replace(
            self,
            positions=(self.positions * _MIRROR)[swap],
            quaternions=np.stack([-z, -y, x, w], axis=1),  # half a turn about the vertical, before everything else
            ball=self.ball * _MIRROR,
            ball_velocity=self.ball_velocity * _MIRROR,
            trail=self.trail * _MIRROR,
            score=(self.score[1], self.score[0]),
            turn=1 - self.turn if self.turn >= 0 else -1,
            event_team=1 - self.event_team if self.event_team >= 0 else -1,
            actions=actions,
            may_hit=tuple(self.may_hit[i] for i in swap) if self.may_hit else (),
            target=(-self.target[0], -self.target[1], *self.target[2:]) if self.target else (),
        )
