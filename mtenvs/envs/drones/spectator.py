"""Watches one game of an engine and tells each moment as a scene: with the ball's trail, the score and the last event."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.rules import Fault
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.words import caption

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from mtenvs.envs.drones.engine import Outcome, VolleyEngine

_TRAIL: Final = 40
_TOUCHES: Final = ("pass", "set", "attack")  # of one possession, in teams of three or more
_FAULTS: Final = {Fault.TURN: "wrong_turn", Fault.BODY: "body", Fault.CROSSED: "drone_net", Fault.NET: "net", Fault.OUT: "out"}


class Spectator:
    """Follows one game; call `watch` once after each reset and after each step of the engine.

    Args:
        engine: plays; of any array library.
        game: which of its games.

    Attributes:
        score: games won by team 0 and by team 1 since the spectator came.

    Raises:
        UnknownOption: the engine has no such game.
    """

    def __init__(self, engine: VolleyEngine, game: int = 0) -> None:
        if not 0 <= game < engine.games:
            raise UnknownOption(f"game {game} does not exist; the engine plays {engine.games}")
        self.engine, self.game = engine, game
        self.score = (0, 0)
        self._begin()

    def _begin(self) -> None:
        self._trail: deque[npt.NDArray[np.float32]] = deque(maxlen=_TRAIL)
        self._event, self._event_team = "", -1
        self._hits, self._touches, self._hitter, self._over = 0, 0, -1, False
        self._double = False  # whether a drone hit again in the last step
        self._hit_by: set[int] = set()  # drones that hit since the ball changed sides

    def watch(self, outcome: Outcome | None = None, actions: Sequence[str] = ()) -> Scene:
        """The moment as it is now.

        Args:
            outcome: of the step just taken; None after a reset.
            actions: high-level action of each drone, or none.
        """
        rules, state = self.engine.rules, self.engine.state
        steps = int(_plain(rules.steps)[self.game])
        if outcome is not None:
            self._tell(outcome)
        if steps == 0:  # started anew, by hand or by itself; the event that ended the game before stays on show
            event = (self._event, self._event_team)
            self._begin()
            self._event, self._event_team = event if outcome is not None else ("", -1)
        ball = _plain(state.ball_pos)[:, self.game]
        self._trail.append(ball.astype(np.float32))
        size = self.engine.size
        side = int(_plain(rules.turn if size == 1 else rules.side)[self.game])
        may_hit = [side == 0, side == 1] if size == 1 else (~_plain(rules.blocked)[:, self.game]).tolist()
        over = bool(_plain(rules.done)[self.game])
        return Scene(
            _plain(state.pos)[:, :, self.game],
            _plain(state.quat)[:, :, self.game],
            ball,
            _plain(state.ball_vel)[:, self.game],
            np.array(self._trail),
            time=steps * self.engine.params.dt,
            score=self.score,
            turn=-1 if over else side,
            phase="over" if over else "rally" if int(_plain(rules.crossings)[self.game]) else "serve",
            event=self._event,
            event_team=self._event_team,
            actions=tuple(actions),
            may_hit=() if over else tuple(may_hit),
        )

    def _tell(self, outcome: Outcome) -> None:
        """Take notice of what happened in a step; what ends the game counts most."""
        events, size, game = outcome.events, self.engine.size, self.game
        legal = _plain(events.legal)[:, game]
        again = np.flatnonzero(_plain(outcome.contacts.hit)[:, game] & ~legal).tolist()
        self._double = not self._hit_by.isdisjoint(again)
        self._hit_by.update(np.flatnonzero(legal).tolist())
        if legal.any():
            self._hitter = int(np.flatnonzero(legal)[0] >= size)
            name = "serve" if self._hits == 0 else _TOUCHES[min(self._touches, 2)] if size >= 3 else "hit"
            self._touches += self._hits > 0
            self._hits += 1
            self._event, self._event_team = caption(name), self._hitter
        if _plain(events.crossed)[game]:
            self._touches = 0
            self._hit_by.clear()
        if self._over or not (_plain(events.terminated)[game] or _plain(events.truncated)[game]):
            return
        self._over = True
        result = int(_plain(outcome.result)[game])
        self.score = (self.score[0] + (result > 0), self.score[1] + (result < 0))
        name, self._event_team = self._ending(outcome)
        self._event = caption(name)

    def _ending(self, outcome: Outcome) -> tuple[str, int]:
        """Why the game is over, and whose doing that is."""
        events, size, game = outcome.events, self.engine.size, self.game
        faults = _plain(events.faults)[:, :, game]
        if _plain(events.draw)[game]:
            return "draw", -1
        if faults.any():
            team = int(faults[:, 1].any())
            for fault, name in _FAULTS.items():
                if faults[fault, team]:
                    return ("double" if fault is Fault.TURN and self._double else name), team
            if self._hitter != 1 - team:
                return "dropped", team
            return ("ace" if self._hits == 1 else "bounce_in"), self._hitter
        for flags, name in ((events.drone_down, "drone_ground"), (events.too_close, "too_close")):
            who = np.flatnonzero(_plain(flags)[:, game])
            if len(who):
                return name, int(who[0] >= size)
        return ("timeout" if _plain(events.truncated)[game] else "draw"), -1


def _plain(array: Any) -> npt.NDArray[Any]:
    """An array of any library as one of numpy."""
    return np.asarray(array.detach().cpu() if hasattr(array, "detach") else array)
