"""One turn of whole games as a pure function: commands in; world, referee, observations and rewards out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from mtenvs.envs.drones.arrays import Array, cast, constant, eager, namespace
from mtenvs.envs.drones.control import RateState, rate_state, trim_throttle
from mtenvs.envs.drones.draws import uniform
from mtenvs.envs.drones.motion import check_control, move, neutral
from mtenvs.envs.drones.observe import observe
from mtenvs.envs.drones.params import Format, Preset
from mtenvs.envs.drones.physics import Contacts, State
from mtenvs.envs.drones.rules import Events, RuleState, kickoff, referee, rewards
from mtenvs.envs.drones.trees import keep


@dataclass(frozen=True)
class Setup:
    """Everything about games that does not change; hashable, so that compiled code can be kept per setup.

    Attributes:
        game: how many play, and where.
        params: constants of the physics, on the court of the format.
        control: ``"prt"`` or ``"ctbr"``.
        random_serve: a fair coin picks the team that serves; else team 0 does.
        autoreset: games that are over start again in the same step.
        far_rotors: team 1 commands rotors, whatever ``control`` says.
    """

    game: Format
    params: Preset
    control: str = "prt"
    random_serve: bool = True
    autoreset: bool = False
    far_rotors: bool = False

    def __post_init__(self) -> None:
        check_control(self.control)

    @property
    def drones(self) -> int:
        """Of both teams."""
        return 2 * self.game.size

    @property
    def anchors(self) -> tuple[tuple[float, float, float], ...]:
        """Places of all drones: those of team 0, and those of team 1 turned by half a circle."""
        return self.game.anchors + tuple((-x, -y, z) for x, y, z in self.game.anchors)

    @property
    def neutral(self) -> tuple[float, ...]:
        """The command that keeps a level drone where it is; it stands in for commands that are no numbers."""
        return neutral(self.params, self.control)

    def start(self, key: Array, episode: Array, like: Array) -> World:
        """Games at their beginning, see `start`."""
        return start(key, episode, like, self)

    def advance(self, world: World, commands: Array) -> tuple[World, Turn]:
        """One step of all games, see `advance`."""
        return advance(world, commands, self)

    def observe(self, world: World) -> Array:
        """(drones, numbers, games), see `mtenvs.envs.drones.observe.observe`."""
        return observe(world.state, world.rules, constant(namespace(world.key), self.anchors, world.state.pos), self.game)


class World(NamedTuple):
    """Games in progress.

    Attributes:
        state: of the physics.
        rules: of the referee.
        memory: of the rate controllers; unused with rotor commands.
        key: (games,) seeds, hashed.
        episode: (games,) how often each game was started, in the dtype of the keys.
    """

    state: State
    rules: RuleState
    memory: RateState
    key: Array
    episode: Array


class Turn(NamedTuple):
    """What one step gives, with games as the last axis.

    Attributes:
        obs: (drones, numbers, games).
        reward: (drones, games).
        done: (games,) bool.
        bad_action: (drones, games) bool, commands with NaN or infinity; the neutral command was flown instead.
        broken: (games,) bool, games that left the numbers the physics can work with; they end without a winner.
        events: of the referee.
        contacts: of the physics.
    """

    obs: Array
    reward: Array
    done: Array
    bad_action: Array
    broken: Array
    events: Events
    contacts: Contacts


def start(key: Array, episode: Array, like: Array, setup: Setup) -> World:
    """Games at their beginning.

    Args:
        key: (games,) hashed seeds.
        episode: (games,) number of the episode.
        like: an array of the wanted dtype, on the wanted device.
        setup: of the games.
    """
    xp = namespace(like)
    game, params = setup.game, setup.params
    dtype, drones = like.dtype, 2 * game.size
    serve = uniform(key, episode, 0, dtype)
    late = cast(serve >= 0.5, xp.int32) if setup.random_serve else cast(serve < 0.0, xp.int32)
    flat = serve * 0.0
    anchors = constant(xp, setup.anchors, like)
    pos = anchors[:, :, None] + flat[None, None]
    tilt = [[flat, flat] for _ in range(drones)]
    if game.position_jitter:
        draw = [[2.0 * uniform(key, episode, 1 + 5 * i + axis, dtype) - 1.0 for axis in range(5)] for i in range(drones)]
        pos = pos + game.position_jitter * xp.stack([xp.stack(row[:3]) for row in draw])
        tilt = [[game.attitude_jitter * part for part in row[3:]] for row in draw]
    quat = xp.stack([_attitude(roll, pitch, far=i >= game.size) for i, (roll, pitch) in enumerate(tilt)])
    still = pos * 0.0
    throttle = constant(xp, trim_throttle(params).tolist(), like)[None, :, None] + still[:, :1]
    near, far = pos[game.server], pos[game.size + game.server]
    ball = xp.where((late > 0)[None], far, near) + constant(xp, [0.0, 0.0, game.ball_height], like)[:, None]
    state = State(pos, quat, still, still, throttle, ball, ball * 0.0, flat)
    return World(state, kickoff(late, like, game), rate_state(still), key, episode)


def _attitude(roll: Array, pitch: Array, *, far: bool) -> Array:
    """The quaternion (4, games) of small roll and pitch angles, then half a turn for the far team; in the order yaw, pitch, roll."""
    xp = namespace(roll)
    cr, sr, cp, sp = xp.cos(roll / 2), xp.sin(roll / 2), xp.cos(pitch / 2), xp.sin(pitch / 2)
    w, x, y, z = cr * cp, sr * cp, cr * sp, -sr * sp
    return xp.stack([-z, -y, x, w] if far else [w, x, y, z])


def advance(world: World, commands: Array, setup: Setup) -> tuple[World, Turn]:
    """One step of all games.

    Args:
        world: the games.
        commands: (drones, 4, games), -1 to 1.
        setup: of the games.

    Returns:
        The games one step later and what came of it. Games that were over stay as they are, with reward 0 and ``done``.
    """
    state, rules, memory, key, episode = world
    xp = namespace(state.pos)
    game, params = setup.game, setup.params
    anchors = constant(xp, setup.anchors, state.pos)

    near_only = game.size if setup.far_rotors else None
    moved, memory, contacts, bad_action, broken = move(state, memory, commands, rules.done, params, setup.control, near_only)
    judged, events = referee(rules, moved, contacts, game, params)
    judged = judged._replace(done=judged.done | broken)
    events = events._replace(terminated=events.terminated | broken, truncated=events.truncated & ~broken)
    reward = xp.where(rules.done[None], constant(xp, 0.0, state.pos), rewards(moved, events, anchors, game, params))
    done = judged.done
    after = World(moved, judged, memory, key, episode)
    if setup.autoreset and not (eager(xp) and not bool(done.any())):
        after = keep(done, start(key, episode + 1, state.pos, setup), after)
    obs = observe(after.state, after.rules, anchors, game)
    return after, Turn(obs, reward, done, bad_action, broken, events, contacts)
