"""`mtenvs/Volleyball-v0`: one team of drones against an opponent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from mtenvs.core.actions import action
from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.drones.bots import RuleBot
from mtenvs.envs.drones.control import RateState, rotors_to_rates
from mtenvs.envs.drones.drills import Drill
from mtenvs.envs.drones.env import DroneEnv, spaces_of
from mtenvs.envs.drones.match import Match
from mtenvs.envs.drones.opponents import opponent_of
from mtenvs.envs.drones.orders import HEADS, HOVER, format_orders
from mtenvs.envs.drones.params import FORMATS, game_format
from mtenvs.envs.drones.pilot import Pilot, toss
from mtenvs.envs.drones.tactics import Tactics, chosen, read_orders

Passer: TypeAlias = Literal["keep", "goto_left", "goto_middle", "goto_right", "pass_left", "pass_right", "hover"]
Setter: TypeAlias = Literal["keep", "goto", "set", "hover", "set_high", "block"]
Attacker: TypeAlias = Literal["keep", "goto", "attack_left", "attack_right", "hover", "spike_left", "spike_right", "block"]


CLIMB, CLIMB_SECONDS, LEAN, _MOST = 15.0, 0.34, 0.36, 16.0
"""The serve of 6v6, m/s^2, s, rad, m/s^2: the server climbs, then leans with all that its rotors have, and meets the falling ball at 3.1 m.

The ball crosses the net, 9 m away, 1.5 m to 2.2 m above its edge, in both presets and controls. A path of least snap to such a contact
leaves thrust unused on the way: what it reached was 0.1 m to 0.2 m too low.
"""


class VolleyballEnv(DroneEnv):
    """Play volleyball with a team of drones against another.

    ## Description
    One rally of 1v1, 3v3 or 6v6 on VolleyBots' courts and rules, at 50 Hz. One policy flies all drones of team 0 (x > 0); team 1 follows a
    given opponent. Each drone may touch the ball once per possession, with its racket; a serve crosses the net in one touch.

    ## Observation
    `state` (float32: 37 in 1v1, 3 x 57 in 3v3, 6 x 78 in 6v6), a row for each drone; what the numbers are says
    `mtenvs.envs.drones.observe.observe`.
    `image` (uint8): the court. `goal`, `text`: the court in words.

    ## Actions
    float32 in [-1, 1], a row of 4 for each drone: `control="prt"` rotor commands, `"ctbr"` roll, pitch and yaw rate (1 is 144 degrees a
    second) and thrust. `control="skills"` (3v3): text, one decision per event (a hit, or the ball changes sides) while the world stands
    still: `passer: pass_left; setter: set; attacker: attack_right`, or the call `order(passer=..., setter=..., attacker=...)`.

    ## Rewards
    `control="skills"`: `game`, HCSP's: +-20 for the game, 2 for a legal hit that was ordered, 1 more for the passer's. Else
    `game`: the mean over the team's drones of the source's rewards: +-100 for the game, 10 (1v1: 5) for a legal hit, nearness to the ball,
    -100 for a crash or for being too close to a teammate; see `mtenvs.envs.drones.rules.rewards`.

    ## Start
    Drones at their anchors, at rest; a coin decides who serves (`random_serve=False`: team 0); the ball at rest above the server, 3 m
    (1v1: 1.5 m).

    ## End
    A fault of either team, a crash or two teammates within 0.8 m (nobody wins then): `goal_reached` if team 0 has won, else `goal_failed`.
    Truncated after 1000 (1v1) or 500 steps; with `control="skills"` after 100 decisions or 30 s (`time_limit`).

    ## Arguments
    `teams` = `"1v1" | "3v3" | "6v6"`; `opponent` = `"random" | "hover" | "rule" | "power"` (the last two: scripted skills, 3v3; `"power"`
    spikes and blocks), a policy (observations (games, drones, n) to commands (games, drones, 4)), an `opponents.Opponent`, or a list of
    these: a self-play pool from which each game draws (a policy that is handed over must not remember anything, or snapshots will not
    repeat it); with `control="skills"` one of the names or something with `act(obs (n, 100)) -> orders (n, 3)`; `random_serve`, `preset`,
    `control`, `image_size`, and those of all environments.

    ## Tasks and splits
    One task for each format, such as `volleyball-3v3`. Score: 1 for a win, else 0.25 each for a legal hit and a ball over the net. The
    oracle serves, with a geometric pilot, and hovers after that: against `hover` it wins its serves in all three
    formats, with both controls (20 of 20 in 3v3).

    ## Differences from the original
    Contacts are exact and swept in time, not read from jumps of velocity. There is one rally per episode, as in the source.

    ## Source and licence
    VolleyBots (MIT): constants, rules and rewards; the code is ours, Apache-2.0.

    ## Version history
    v0: first version.
    """

    goal: ClassVar[str] = "Win the rally: bring the ball over the net so that it lands in the far court."
    dialects = (read_orders,)

    def __init__(
        self, *, teams: str = "3v3", opponent: Any = "random", random_serve: bool = True, control: str = "prt", **options: Any
    ) -> None:
        orders = control == "skills"
        if orders and teams != "3v3":
            raise UnknownOption(f"teams={teams!r} has no roles; control='skills' is for teams='3v3'")
        self._drill_options = {"teams": teams, "opponent": opponent, "random_serve": random_serve}
        super().__init__(control=control, **{"obs_mode": "text" if orders else "state", **options})
        if not orders and not random_serve and not game_format(teams).position_jitter:
            self.metadata = {**self.metadata, "fixed_start": True}

    @classmethod
    def make_drill(cls, games: int, **options: Any) -> Drill:
        """Games of this kind."""
        opponent = options.pop("opponent", "random")
        if options.get("control") != "skills":
            return Match(games, **options, opponent=opponent_of(opponent))
        if games != 1:
            raise UnknownOption("control='skills' waits for events, each game for its own: the batched engine has 'prt' and 'ctbr'")
        return Tactics(options.get("preset", "volleybots"), opponent, random_serve=bool(options.get("random_serve", True)))

    @classmethod
    def space_of_actions(cls, drill: Drill) -> spaces.Box | None:
        """None for text."""
        return None if isinstance(drill, Tactics) else spaces_of(drill)[1]

    @action
    def order(self, passer: Passer = "keep", setter: Setter = "keep", attacker: Attacker = "keep") -> str:
        """Give orders to the team, which hold until the next ones; the game then runs until a racket hits the ball or it changes sides.

        Args:
            passer: of the drone at the back, which serves and receives the serve by itself.
            setter: of the drone at the net on the left. A spike needs a high set; a block has to be ordered before the others spike.
            attacker: of the drone at the net on the right; the same of its block.
        """
        assert isinstance(self.drill, Tactics)  # noqa: S101 - text is read with control="skills" alone
        self.drill.game.on_step = self.on_world_step
        self._note(self.drill.decide(chosen(self.drill.held, passer, setter, attacker)))
        return f"Orders: {format_orders(self.drill.held)}."

    def _ended(self) -> str:
        if isinstance(self.drill, Tactics) and self.drill.late:
            return "time_limit"
        return super()._ended()

    def idle_action(self) -> Any:
        """Hover."""
        return self._write(HOVER) if isinstance(self.drill, Tactics) else super().idle_action()

    def near_miss(self) -> Iterator[Any]:
        """Hover all the time."""
        if not isinstance(self.drill, Tactics):
            yield from super().near_miss()
        while self.drill.steps[0] < self.drill.max_steps:
            yield self._write(HOVER)

    @staticmethod
    def _write(orders: Sequence[int]) -> str:
        names = ", ".join(f'{head}="{choices[int(i)]}"' for (head, choices), i in zip(HEADS.items(), orders, strict=True))
        return f"order({names})"

    @classmethod
    def task_set(cls, data_dir: None = None) -> TaskSet:  # noqa: ARG003 - there are no files
        """One task for each format."""
        made = [Task(f"volleyball-{name}", cls.goal, tags=("drones", name), source="VolleyBots", licence="MIT") for name in FORMATS]
        return TaskSet.of(made)

    @classmethod
    def task_set_of(cls, options: Mapping[str, Any]) -> TaskSet:
        """The task of the format."""
        wanted = f"volleyball-{game_format(options.get('teams', '3v3')).name}"
        return cls.task_set().filter(lambda task_id: task_id == wanted)

    def oracle(self) -> Iterator[Any]:
        """Serve into the far court, and hover; with orders, what the rule bot would do."""
        if isinstance(self.drill, Tactics):
            return self._rule()
        assert isinstance(self.drill, Match)  # noqa: S101 - for the type checker; make_drill makes one
        return self._serve_far(self.drill) if self.drill.format_name == "6v6" else self._serve()

    def _rule(self) -> Iterator[str]:
        bot = RuleBot()
        while self.drill.steps[0] < self.drill.max_steps:
            assert isinstance(self.drill, Tactics)  # noqa: S101 - for the type checker
            yield self._write(bot.act(self.drill.seen())[0])

    def _serve_far(self, match: Match) -> Iterator[Any]:
        """9 m to the net ask for all that the rotors have."""
        pilot, server = Pilot(match.params), match.format.server
        while match.steps[0] < match.max_steps:
            state = match.engine.state
            commands = [pilot.fly(state, i, np.array(place)) for i, place in enumerate(match.anchors)]
            if not match.engine.rules.hits[server, 0] and match.engine.rules.side[0] == 0:
                climbs = match.steps[0] * match.params.dt < CLIMB_SECONDS
                force = CLIMB * np.array([0.0, 0.0, 1.0]) if climbs else _MOST * np.array([-np.sin(LEAN), 0.0, np.cos(LEAN)])
                commands[server] = pilot.point(state, server, force)
            yield _as_asked(np.stack(commands), match)

    def _serve(self) -> Iterator[Any]:
        match = self.drill
        assert isinstance(match, Match)  # noqa: S101 - for the type checker; make_drill makes one
        pilot, server = Pilot(match.params), match.format.server
        places = [np.array(place) for place in match.anchors]
        gravity, deep = match.params.gravity, match.params.court.length
        while self.drill.steps[0] < self.drill.max_steps:
            state = match.engine.state
            commands = [pilot.fly(state, i, place) for i, place in enumerate(places)]
            if not match.engine.rules.hits[server, 0] and match.engine.rules.side[0] == 0:
                above = places[server]
                apex = match.params.court.net_height + (1.2 if match.size == 1 else 2.4)
                leave = toss(above, np.array([-0.27 * deep, 0.0, 0.1]), apex, gravity)
                commands[server] = pilot.strike(state, server, above[2], leave, above)
            asked = _as_asked(np.stack(commands), match)
            yield asked if match.size > 1 else asked[0]


def _as_asked(rotors: NDArray[np.float32], match: Match) -> NDArray[np.float32]:
    """Rotor commands (team, 4) in the form that the match asks for."""
    if match.control == "prt":
        return rotors
    memory = RateState(*(np.asarray(part)[: match.size] for part in match.engine.world.memory))
    omega = np.asarray(match.engine.state.omega, float)[: match.size]
    return np.asarray(rotors_to_rates(rotors[:, :, None].astype(float), omega, memory, match.params)[:, :, 0], np.float32)
