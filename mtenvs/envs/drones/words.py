"""The court in words, for policies that read.

Each team reads the game from its own side: x and y are mirrored for team 1, so that its own half is x > 0 too and the same
situation gives the same words.
"""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.drones import flight
from mtenvs.envs.drones.params import FORMATS

if TYPE_CHECKING:
    import numpy.typing as npt

    from mtenvs.envs.drones.params import CourtParams
    from mtenvs.envs.drones.scene import Scene

_STILL: Final = 0.05  # m/s; slower is at rest
# Kind of an event -> what a caption calls it.
CAPTIONS: Final = {
    "serve": "Serve",
    "hit": "Hit",
    "pass": "Pass",
    "set": "Set",
    "attack": "Attack",
    "cross": "Over the net",
    "ace": "Ace",
    "bounce_in": "In",
    "out": "Out",
    "net": "Into the net",
    "double": "Double hit",
    "wrong_turn": "Hit out of turn",
    "dropped": "Ball dropped",
    "body": "Hit with the body",
    "drone_net": "Drone over the net line",
    "drone_ground": "Drone on the ground",
    "too_close": "Drones too close",
    "timeout": "Time is up",
    "draw": "Draw",
}


def caption(event: str) -> str:
    """What a scene's `event` says of an event of the rules, such as "Double hit".

    Args:
        event: one of `CAPTIONS`, in any case.

    Raises:
        UnknownOption: no such event.
    """
    try:
        return CAPTIONS[event.lower()]
    except KeyError:
        raise UnknownOption(f"no caption for the event {event!r}; {did_you_mean(event.lower(), CAPTIONS, show=len(CAPTIONS))}") from None


def describe(scene: Scene, team: int = 0, *, court: CourtParams | None = None, gravity: float = flight.GRAVITY) -> str:
    """A moment of the game as a few lines, seen by one team: "you" play at x > 0, the net stands at x = 0.

    Metres and seconds. Where the ball goes is exact as long as nobody touches it. What the opponents were told to do stays unsaid.

    Args:
        scene: the moment.
        team: who reads it, 0 or 1.
        court: its measures; None takes those of the format with as many drones.
        gravity: m/s^2.

    Raises:
        UnknownOption: no such team, or no court given for an unusual number of drones.
    """
    if court is None:
        court = next((known.court for known in FORMATS.values() if known.size == scene.team_size), None)
        if court is None:
            raise UnknownOption(f"no format has {scene.team_size} drones in a team: pass the court")
    scene = scene.seen_by(team)
    ours, theirs = range(scene.team_size), range(scene.team_size, 2 * scene.team_size)
    lines = [_standing(scene)]
    if scene.target:
        lines.append(f"Target: within {_metres(scene.target[3])} m of {_place(np.array(scene.target[:3]))}.")
    if not scene.target or np.isfinite(scene.ball).all():  # some exercises have no ball
        lines.append(_ball(scene.ball, scene.ball_velocity, court, gravity))
    if scene.may_hit:
        able = ", ".join(scene.role(i) for i in ours if scene.may_hit[i])
        others = ", the opponents may" if any(scene.may_hit[i] for i in theirs) else ""
        lines.append(f"May hit: {able or 'none of you' + others}.")
    # Exercises have no opponents, or one.
    there = [i for i in theirs if scene.phase or np.isfinite(scene.positions[i]).all()]
    teams = [("You", list(ours))] + [("Opponents", there)] * scene.present(1)
    for who, drones in teams:
        lines.append(f"{who}: " + "; ".join(_drone(scene, i) for i in drones) + ".")
    return "\n".join(line for line in lines if line)


def _standing(scene: Scene) -> str:
    if not (scene.phase or scene.event or any(scene.score) or scene.turn >= 0):
        return ""
    parts = [scene.phase.capitalize()] if scene.phase else []
    parts.append(f"Score you {scene.score[0]}, opponents {scene.score[1]}")
    if scene.turn >= 0:
        parts.append("The opponents have the ball" if scene.turn else "Your side has the ball")
    if scene.event:
        parts.append(f"Last: {' '.join(scene.event.split())}" + ("", " (you)", " (opponents)")[scene.event_team + 1])
    return ". ".join(parts) + "."


def _ball(place: npt.NDArray[np.floating], velocity: npt.NDArray[np.floating], court: CourtParams, gravity: float) -> str:
    if not (np.isfinite(place).all() and np.isfinite(velocity).all()):
        return "Ball: nowhere to be seen."
    over = float(place[2]) - court.net_height
    side = "on your side" if place[0] > 0 else "on their side" if place[0] < 0 else "at the net"
    parts = [f"Ball at {_place(place)} {side}, {_metres(abs(over))} m {'above' if over >= 0 else 'below'} the net's top"]
    land = flight.landing(place, velocity, gravity=gravity)
    cross = flight.crossing(place, velocity, gravity=gravity)
    passes = cross is not None and land is not None and cross.time < land.time
    parts.append(_motion(place, velocity, passes=passes))
    if cross is not None and passes:
        gap = cross.z - court.net_height
        high = f"{_metres(abs(gap))} m {'above' if gap >= 0 else 'below'} its top"
        parts.append(f"crosses the net in {_metres(cross.time)} s, {high}, at y {_metres(cross.y)}")
    if land is not None:
        inside = abs(land.x) <= court.length / 2 and abs(land.y) <= court.width / 2
        where = "out" if not inside else "in your court" if land.x > 0 else "in their court"
        parts.append(f"lands at ({_metres(land.x)}, {_metres(land.y)}) in {_metres(land.time)} s, {where}")
    return "; ".join(parts) + "."


def _motion(place: npt.NDArray[np.floating], velocity: npt.NDArray[np.floating], *, passes: bool) -> str:
    vx, vy, vz = (float(value) for value in velocity)
    speed = hypot(vx, vy, vz)
    if speed < _STILL:
        return "at rest"
    if passes:
        heading = "flying to your side" if vx > 0 else "flying to their side"
    elif abs(vx) < _STILL:
        heading = "moving along the net" if abs(vy) >= _STILL else "moving straight"
    else:
        heading = "moving towards the net" if vx * float(place[0]) < 0 else "moving away from the net"
    return f"{heading} at {_metres(speed)} m/s, {'rising' if vz > 0 else 'falling'}"


def _drone(scene: Scene, drone: int) -> str:
    place = scene.positions[drone]
    at = f"at {_place(place)}" if np.isfinite(place).all() else "nowhere to be seen"
    action = " ".join(scene.actions[drone].split()) if scene.actions else ""
    return f"{scene.role(drone)} {at}" + (f" doing {action}" if action else "")


def _place(place: npt.NDArray[np.floating]) -> str:
    return f"({', '.join(_metres(float(value)) for value in place)})"


def _metres(value: float) -> str:
    """Two digits after the point, without a minus before zero."""
    said = f"{value:.2f}"
    return "0.00" if said == "-0.00" else said
