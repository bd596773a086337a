"""Constants of the drones, the ball and the courts, and the two presets that put them together.

Figures come from VolleyBots (``thu-uav/VolleyBots``, MIT: robot file, task files and code) unless a line says "ours".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, sin

from mtenvs.core.errors import UnknownOption


@dataclass(frozen=True)
class DroneParams:
    """One quadrotor; the defaults are the source's Iris.

    Attributes:
        mass: kg.
        inertia: diagonal in the body frame, kg m^2. The source's breaks the triangle inequality (Jx + Jy < Jz).
        arm_lengths: from the body origin to each rotor, m.
        arm_angles: of each rotor around body z, from body x, rad.
        directions: +1 or -1 for each rotor; the drag torque on the body is ``-direction * moment``.
        max_thrust: of one rotor at full throttle, N (8.54858e-6 x 838^2).
        max_moment: drag torque of one rotor at full throttle, N m (1.3677728816e-7 x 838^2).
        lag: share of the way to the commanded throttle that a rotor goes in one step.
        drag: linear drag, 1/s: the acceleration is ``-drag * velocity``. The source's is zero.
        downwash: thrust of a drone above is felt below it as ``T exp(-0.5 (kr r / z)^2) / (1 + kz z)^2``; off without it.
        downwash_kr: widens or narrows that cone.
        downwash_kz: 1/m, how fast it fades.
        racket_radius: of the disc through the body origin, facing body +z, m.
        body_radius: of the disc around it that is drone, not racket, m (ours: the longest arm).
        rest_height: of the body origin when the drone lies on the ground, m (ours).
    """

    mass: float = 1.52
    inertia: tuple[float, float, float] = (0.0347563, 0.0458929, 0.0977)
    arm_lengths: tuple[float, float, float, float] = (0.255539, 0.238537, 0.255539, 0.238537)
    arm_angles: tuple[float, float, float, float] = (-0.533708, 2.565218, 0.533708, -2.565218)
    directions: tuple[float, float, float, float] = (1.0, 1.0, -1.0, -1.0)
    max_thrust: float = 8.54858e-6 * 838.0**2
    max_moment: float = 1.3677728816e-7 * 838.0**2
    lag: float = 0.43
    drag: float = 0.0
    downwash: bool = True
    downwash_kr: float = 2.0
    downwash_kz: float = 0.3
    racket_radius: float = 0.2
    body_radius: float = 0.2555
    rest_height: float = 0.05

    @property
    def rotor_x(self) -> tuple[float, ...]:
        """Forward place of each rotor, m."""
        return tuple(length * cos(angle) for length, angle in zip(self.arm_lengths, self.arm_angles, strict=True))

    @property
    def rotor_y(self) -> tuple[float, ...]:
        """Leftward place of each rotor, m."""
        return tuple(length * sin(angle) for length, angle in zip(self.arm_lengths, self.arm_angles, strict=True))


@dataclass(frozen=True)
class BallParams:
    """The ball: a point mass with a radius; no spin, no air.

    Attributes:
        mass: kg.
        radius: m.
        drone_restitution: against rackets and drones.
        ground_restitution: average of the source's ball (0.8) and ground (0), as its engine combines them.
        net_restitution: against a net that is solid (ours).
        bounce_threshold: closing speeds below it do not bounce, m/s.
    """

    mass: float = 0.005
    radius: float = 0.1
    drone_restitution: float = 0.8
    ground_restitution: float = 0.4
    net_restitution: float = 0.1
    bounce_threshold: float = 0.2


@dataclass(frozen=True)
class CourtParams:
    """The court around the origin; the net stands on x = 0, along y.

    Attributes:
        length: along x, m.
        width: along y, m.
        net_height: of the upper edge, m.
        net_band: height of the band below that edge, m: what is drawn, and what is solid where the net is.
    """

    length: float = 12.0
    width: float = 6.0
    net_height: float = 2.43
    net_band: float = 0.76


@dataclass(frozen=True)
class Preset:
    """Everything that the physics needs to know; hashable, so that compiled code can be kept per preset.

    Attributes:
        name: ``"volleybots"``, ``"realistic"`` or your own.
        drone: of every player.
        ball: the one in play.
        court: where it is played.
        dt: length of a step, s.
        gravity: m/s^2.
        solid_net: whether the ball bounces off the net's band; the fault volume around it is the rules' affair.
    """

    name: str = "volleybots"
    drone: DroneParams = DroneParams()
    ball: BallParams = BallParams()
    court: CourtParams = CourtParams()
    dt: float = 0.02
    gravity: float = 9.81
    solid_net: bool = False

    def on(self, court: CourtParams) -> Preset:
        """The same preset on another court."""
        return replace(self, court=court)


_SYMMETRIC_ARM = 0.2469818
"""Ours: rotors at x = +-0.21 m, the mean of the Iris' 0.22 and 0.20, and y = +-0.13 m."""

PRESETS: dict[str, Preset] = {
    "volleybots": Preset(),
    "realistic": Preset(
        name="realistic",
        drone=DroneParams(
            inertia=(0.0347563, 0.0458929, 0.080),
            arm_lengths=(_SYMMETRIC_ARM,) * 4,
            arm_angles=(-0.5543075, 2.5872852, 0.5543075, -2.5872852),
        ),
        solid_net=True,
    ),
}
"""``volleybots``: constants as in the source, whose net is no obstacle.

``realistic``: a solid net, symmetric arms, and an inertia that a rigid body can have.
"""


@dataclass(frozen=True)
class Format:
    """How many play, where they stand, and how long.

    Attributes:
        name: ``"1v1"``, ``"3v3"`` or ``"6v6"``.
        size: drones of one team.
        court: its court.
        anchors: of team 0, one ``(x, y, z)`` per drone; those of team 1 have x and y negated.
        server: index in its team of the drone that serves.
        ball_height: of the ball over the server at the start, m.
        position_jitter: half-width of the uniform start positions around the anchors, m.
        attitude_jitter: half-width of the uniform roll and pitch at the start, rad.
        max_steps: after these the game is cut off.
    """

    name: str
    size: int
    court: CourtParams
    anchors: tuple[tuple[float, float, float], ...]
    server: int
    ball_height: float
    position_jitter: float
    attitude_jitter: float
    max_steps: int


FORMATS: dict[str, Format] = {
    "1v1": Format("1v1", 1, CourtParams(6.0, 3.0), ((1.5, 0.0, 2.0),), 0, 1.5, 0.1, 0.1, 1000),
    "3v3": Format("3v3", 3, CourtParams(12.0, 6.0), ((3.0, -1.5, 2.0), (3.0, 1.5, 2.0), (6.0, 0.0, 2.0)), 2, 3.0, 0.0, 0.0, 500),
    "6v6": Format(
        "6v6",
        6,
        CourtParams(18.0, 9.0),
        ((3.0, -3.0, 2.0), (3.0, 0.0, 2.0), (3.0, 3.0, 2.0), (6.0, -3.0, 2.0), (9.0, 0.0, 2.0), (6.0, 3.0, 2.0)),
        4,
        3.0,
        0.0,
        0.0,
        500,
    ),
}
"""The three competitive formats of the source."""


def preset(name: str | Preset) -> Preset:
    """The preset of that name; a :class:`Preset` is handed back.

    Raises:
        UnknownOption: no preset has that name.
    """
    if isinstance(name, Preset):
        return name
    if not isinstance(name, str) or name not in PRESETS:
        raise UnknownOption(f"there is no preset {name!r}; there are {', '.join(PRESETS)}, or pass a Preset of your own")
    return PRESETS[name]


def game_format(name: str | Format) -> Format:
    """The format of that name; a :class:`Format` is handed back.

    Raises:
        UnknownOption: no format has that name.
    """
    if isinstance(name, Format):
        return name
    if not isinstance(name, str) or name not in FORMATS:
        raise UnknownOption(f"there is no format {name!r}; there are {', '.join(FORMATS)}: both teams have the same size")
    return FORMATS[name]
