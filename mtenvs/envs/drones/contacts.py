"""What the ball touches inside one step: a racket or a drone's body, the solid net of a preset, the ground.

The ball flies an exact parabola. A drone is a flat cylinder around its racket disc, swept in its own turning frame: entering through the
upper face within the racket's radius is a racket contact, anything else a body contact. One contact with the drone that is nearest at the
start or with the net, whichever is first, and one with the ground are resolved per step; another is met at the start of the next step.
"""

from __future__ import annotations

from typing import NamedTuple

from mtenvs.envs.drones.arrays import Array, Namespace, cast, constant, eager, indices, once
from mtenvs.envs.drones.params import Preset
from mtenvs.envs.drones.rotation import Components, Quaternion, Vector, cross, dot, minus, normalized, plus, to_body, to_world

FAR = 1e9
"""A time that no step reaches."""


class Body(NamedTuple):
    """Moving bodies, by components: position, quaternion, velocity (world) and body rate."""

    pos: Vector
    quat: Quaternion
    vel: Vector
    omega: Vector


class Ball(NamedTuple):
    """Balls, by components, each (games,)."""

    pos: Vector
    vel: Vector


class Touch(NamedTuple):
    """What the ball touched in one step.

    Attributes:
        hit: (drones, games) bool, by a racket.
        body: (drones, games) bool, by a drone that is not its racket.
        when: (games,) time of that contact or of the net's as a share of the step; 1 without one.
        net: (games,) bool, the band of a solid net.
        ground: (games,) bool.
        place: (2, games) where the ball met the ground, m; 0 without.
    """

    hit: Array
    body: Array
    when: Array
    net: Array
    ground: Array
    place: Array


def parabola(ball: Ball, time: Array, gravity: float) -> Ball:
    """Where a free ball is after ``time`` seconds: exact."""
    fall = gravity * time
    pos = plus(ball.pos, ball.vel, time)
    return Ball((pos[0], pos[1], pos[2] - 0.5 * fall * time), (ball.vel[0], ball.vel[1], ball.vel[2] - fall))


def _sweep(xp: Namespace, start: Vector, end: Vector, radius: float, half: float) -> tuple[Array, Array]:
    """When a point on the way from ``start`` to ``end`` enters a cylinder around z.

    Returns:
        Share of the way (``FAR`` where it does not enter), and whether it enters through a flat face.
    """
    tiny = 1e-12
    way = minus(end, start)
    never = constant(xp, FAR, start[0])
    # between the planes z = -half and z = half
    fall = xp.where(xp.abs(way[2]) < tiny, constant(xp, tiny, way[2]), way[2])
    first, second = (-half - start[2]) / fall, (half - start[2]) / fall
    flat_in, flat_out = xp.minimum(first, second), xp.maximum(first, second)
    # within the radius
    a = way[0] * way[0] + way[1] * way[1] + tiny
    b = start[0] * way[0] + start[1] * way[1]
    c = start[0] * start[0] + start[1] * start[1] - radius * radius
    root = b * b - a * c
    spread = xp.sqrt(xp.clip(root, 0.0, FAR))
    side_in, side_out = (-b - spread) / a, (spread - b) / a
    enter, leave = xp.maximum(flat_in, side_in), xp.minimum(flat_out, side_out)
    inside = (enter < 0.0) & (leave > 0.0) & (root > 0.0)
    # a point that is inside already came through the face that is nearest
    nearest_flat = half - xp.abs(start[2]) <= radius - xp.sqrt(c + radius * radius)
    when = xp.where((enter >= 0.0) & (enter < 1.0) & (enter <= leave) & (root > 0.0), enter, never)
    when = xp.where(inside, xp.zeros_like(when), when)
    return when, xp.where(inside, nearest_flat, flat_in >= side_in)


def _nearest(xp: Namespace, drones: Vector, ball: Vector) -> Array:
    """(games,) number of the drone whose place (drones, games) is nearest to the ball."""
    x, y, z = (d - b for d, b in zip(drones, ball, strict=True))
    square = x * x + y * y + z * z
    best, who = square[0], cast(square[0] < 0.0, xp.int32)
    for i in range(1, square.shape[0]):
        closer = square[i] < best
        best, who = xp.where(closer, square[i], best), xp.where(closer, constant(xp, i, who), who)
    return who


def _pick(xp: Namespace, vector: Components, who: Array) -> Components:
    """Components of drone ``who[game]`` of every game."""
    if eager(xp):
        every = indices(xp, who.shape[0], who)
        return tuple(component[who, every] for component in vector)
    picked = []
    for component in vector:  # compilers turn selections into vector code, indexing not
        out = component[0]
        for i in range(1, component.shape[0]):
            out = xp.where(who == i, component[i], out)
        picked.append(out)
    return tuple(picked)


def _blend(a: Components, b: Components, share: Array) -> Components:
    return tuple(x + share * (y - x) for x, y in zip(a, b, strict=True))


class _Meeting(NamedTuple):
    """The contact of a ball with a drone or a net, each part (games,).

    Attributes:
        drone: bool, it touches the drone.
        racket: bool, and that with the drone's racket.
        net: bool, it touches the net instead.
        share: of the step that is over then; 1 without a contact.
        ball: just after it, or at the start of the step without a contact.
        kick: change of the drone's velocity (world).
        spin: change of its body rate.
    """

    drone: Array
    racket: Array
    net: Array
    share: Array
    ball: Ball
    kick: Vector
    spin: Vector


def touch(xp: Namespace, before: Body, after: Body, ball: Ball, preset: Preset) -> tuple[Body, Ball, Touch]:
    """Move the balls through one step in which drones go from ``before`` to ``after``.

    Args:
        xp: the array library.
        before: drones at the start, components (drones, games).
        after: drones at the end if nothing touches them.
        ball: balls at the start, components (games,).
        preset: constants.

    Returns:
        Drones and balls at the end, and what was touched.
    """
    drone, dt = preset.drone, preset.dt
    live = ball.pos[0][0]
    who = once(xp, live, lambda: _nearest(xp, before.pos, ball.pos))
    old, new = once(xp, live, lambda: tuple(Body(*(_pick(xp, part, who) for part in body)) for body in (before, after)))

    def approach() -> tuple[Array, Array]:
        free = parabola(ball, dt, preset.gravity)
        start = to_body(old.quat, minus(ball.pos, old.pos))
        end = to_body(new.quat, minus(free.pos, new.pos))
        return _sweep(xp, start, end, drone.body_radius, preset.ball.radius)

    when, flat = once(xp, live, approach)
    meeting = once(xp, live, lambda: _meet(xp, old, new, ball, when, flat, preset))
    late = (1.0 - meeting.share) * dt
    spot = meeting.drone | meeting.net
    rest = xp.where(spot, late, constant(xp, dt, late))
    landed, ground, place = once(xp, live, lambda: _fall(xp, meeting.ball, rest, preset))

    mine = indices(xp, before.pos[0].shape[0], who)[:, None] == who[None]
    touched = mine & meeting.drone[None]
    racket = mine & meeting.racket[None]
    kicked = Body(
        tuple(xp.where(touched, p + k * late, p) for p, k in zip(after.pos, meeting.kick, strict=True)),
        after.quat,
        tuple(xp.where(touched, v + k, v) for v, k in zip(after.vel, meeting.kick, strict=True)),
        tuple(xp.where(touched, w + k, w) for w, k in zip(after.omega, meeting.spin, strict=True)),
    )
    return kicked, landed, Touch(racket, touched & ~racket, meeting.share, meeting.net, ground, place)


def _meet(xp: Namespace, old: Body, new: Body, ball: Ball, when: Array, flat: Array, preset: Preset) -> _Meeting:
    """What a contact does with the ball and the one drone that is near it; ``when`` and ``flat`` come from :func:`_sweep`."""
    drone, sphere, dt = preset.drone, preset.ball, preset.dt
    net, net_when = _net_time(xp, ball, preset)
    net = net & (net_when < when)
    when = xp.where(net, net_when, when)
    share = xp.clip(when, 0.0, 1.0)

    met = parabola(ball, share * dt, preset.gravity)
    pos, quat, vel, omega = (_blend(a, b, share) for a, b in zip(old, new, strict=True))
    quat = normalized(xp, quat)
    arm = to_body(quat, minus(met.pos, pos))
    normal = _normal(xp, arm, flat)
    bounced, kick, spin, closing = _impulse(xp, met, vel, omega, quat, arm, normal, preset)

    there = (when < 1.0) & ~net & (closing > 0.0)
    racket = there & flat & (arm[2] > 0.0) & (arm[0] * arm[0] + arm[1] * arm[1] <= drone.racket_radius**2)
    spot = there | net
    away = (-sphere.net_restitution * met.vel[0], met.vel[1], met.vel[2])
    leaving = Ball(
        tuple(xp.where(spot, m, b) for m, b in zip(met.pos, ball.pos, strict=True)),
        tuple(xp.where(net, n, xp.where(there, d, b)) for n, d, b in zip(away, bounced, ball.vel, strict=True)),
    )
    return _Meeting(there, racket, net, xp.where(spot, share, xp.ones_like(share)), leaving, kick, spin)


def _normal(xp: Namespace, arm: Vector, flat: Array) -> Vector:
    """Outward normal in the body frame at a contact on a flat face or on the side."""
    aside = 1.0 / xp.sqrt(arm[0] * arm[0] + arm[1] * arm[1] + 1e-12)
    zero = xp.zeros_like(arm[2])
    up = xp.where(arm[2] >= 0.0, zero + 1.0, zero - 1.0)
    return xp.where(flat, zero, arm[0] * aside), xp.where(flat, zero, arm[1] * aside), xp.where(flat, up, zero)


def _impulse(
    xp: Namespace, ball: Ball, vel: Vector, omega: Vector, quat: Quaternion, arm: Vector, normal: Vector, preset: Preset
) -> tuple[Vector, Vector, Vector, Array]:
    """A bounce between two bodies with restitution and without friction.

    Returns:
        Ball velocity after it; change of the drone's velocity (world) and body rate; closing speed before it.
    """
    drone, sphere = preset.drone, preset.ball
    # the ball touches where its own surface is: along the normal from its centre
    contact = plus(arm, normal, -sphere.radius)
    lever = cross(contact, normal)
    soft = 1.0 / sphere.mass + 1.0 / drone.mass + sum(part * part / j for part, j in zip(lever, drone.inertia, strict=True))
    relative = minus(to_body(quat, minus(ball.vel, vel)), cross(omega, contact))
    closing = -dot(relative, normal)
    restitution = xp.where(closing > sphere.bounce_threshold, constant(xp, sphere.drone_restitution, closing), xp.zeros_like(closing))
    impulse = (1.0 + restitution) * closing / soft
    world = to_world(quat, normal)
    away = plus(ball.vel, world, impulse / sphere.mass)
    kick: Vector = tuple(-impulse / drone.mass * part for part in world)
    spin: Vector = tuple(-impulse * part / j for part, j in zip(lever, drone.inertia, strict=True))
    return away, kick, spin, closing


def _net_time(xp: Namespace, ball: Ball, preset: Preset) -> tuple[Array, Array]:
    """Whether and when (share of the step) free balls meet the band of a solid net."""
    court, radius, dt = preset.court, preset.ball.radius, preset.dt
    x, speed = ball.pos[0], ball.vel[0]
    never = xp.zeros_like(x) + FAR
    if not preset.solid_net:
        return never < 0.0, never
    gap = xp.abs(x) - radius
    toward = (x * speed < 0.0) & (gap >= 0.0)
    when = xp.where(toward, gap / (xp.abs(speed) * dt + 1e-12), never)
    at = parabola(ball, xp.clip(when, 0.0, 1.0) * dt, preset.gravity).pos
    band = (at[2] <= court.net_height) & (at[2] >= court.net_height - court.net_band) & (xp.abs(at[1]) <= court.width / 2)
    return toward & (when < 1.0) & band, when


def _fall(xp: Namespace, ball: Ball, time: Array, preset: Preset) -> tuple[Ball, Array, Array]:
    """Fly on for ``time`` seconds, with at most one bounce off the ground, without friction.

    Returns:
        The ball at the end, whether it touched the ground, and where (2, games).
    """
    sphere, gravity = preset.ball, preset.gravity
    free = parabola(ball, time, gravity)
    height = xp.clip(ball.pos[2] - sphere.radius, 0.0, FAR)
    down = (xp.sqrt(ball.vel[2] * ball.vel[2] + 2.0 * gravity * height) + ball.vel[2]) / gravity
    ground = (free.pos[2] < sphere.radius) & (free.vel[2] < 0.0)
    down = xp.minimum(xp.clip(down, 0.0, FAR), time)
    met = parabola(ball, down, gravity)
    speed = -met.vel[2]
    restitution = xp.where(speed > sphere.bounce_threshold, constant(xp, sphere.ground_restitution, speed), xp.zeros_like(speed))
    zero = xp.zeros_like(speed)
    up = Ball((met.pos[0], met.pos[1], zero + sphere.radius), (met.vel[0], met.vel[1], restitution * speed))
    again = parabola(up, time - down, gravity)
    low = again.pos[2] < sphere.radius
    height, climb = xp.where(low, up.pos[2], again.pos[2]), xp.where(low, zero, again.vel[2])
    pos = tuple(xp.where(ground, a, b) for a, b in zip((again.pos[0], again.pos[1], height), free.pos, strict=True))
    vel = tuple(xp.where(ground, a, b) for a, b in zip((again.vel[0], again.vel[1], climb), free.vel, strict=True))
    place = xp.stack([xp.where(ground, met.pos[0], zero), xp.where(ground, met.pos[1], zero)])
    return Ball(pos, vel), ground, place
