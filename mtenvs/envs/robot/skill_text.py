"""The arm's world in words: what the objects are called, when a task is solved, what stands in the way, and the state of a turn.

The observation is bare numbers, and walls, holes and rims are not in it at all. The table below holds what a picture would
show; lengths were measured on Meta-World 3.1's models.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mtenvs.envs.robot.skill_calls import Array, point, positions
from mtenvs.envs.robot.skills import CLOSED_OPENING, SkillController

_NEAR = "within 0.07 m of the goal"
_WALL = "A wall 0.12 m high stands at y 0.74..0.76 from x -0.02 to 0.22."
_HOLE = "The table top is at z 0.05; the hole in it spans x -0.08..0.08, y 0.76..0.92."
_STICK = "The stick lies along x and ends 0.05 m from its middle, towards +x."
_RING = "The wrench's ring is centred 0.13 m from its handle, towards -x."


@dataclass(frozen=True)
class Scene:
    """One task in words.

    `objects`: names of the observation's one or two objects. `solved`: completes "Solved when ...". `layout`: what the numbers do not show.
    `quaternion`: component order of the objects' orientations where they may turn freely, else empty: Meta-World mixes both orders.
    `low`, `high`: bounds of the setpoint in metres.
    """

    objects: tuple[str, ...]
    solved: str
    layout: str = ""
    quaternion: Literal["", "wxyz", "xyzw"] = ""
    low: tuple[float, float, float] = (-0.5, 0.4, 0.05)
    high: tuple[float, float, float] = (0.5, 1.0, 0.5)


_DEEP = (-0.5, 0.4, -0.15)
SCENES: Mapping[str, Scene] = {
    "assembly": Scene(
        ("wrench handle",), "the ring's centre is below the goal (the peg's top) and within 0.02 m of it sideways", _RING, "wxyz"
    ),
    "basketball": Scene(
        ("ball",), "the ball is within 0.08 m of the goal (the hoop), its height counting double", "The hoop opens upwards."
    ),
    "bin-picking": Scene(
        ("cube",),
        "the cube is within 0.05 m of the goal, on the floor of the other bin",
        "Both bins have rims 0.06 m high: x -0.22..-0.02 and x 0.02..0.22, y 0.6..0.8.",
        "wxyz",
        (-0.5, 0.4, 0.07),
    ),
    "box-close": Scene(("lid",), "the lid is within 0.08 m of the goal, on the box", "A handle stands up from the lid's middle.", "wxyz"),
    "button-press": Scene(("button",), "the button is pressed along +y to within 0.02 m of the goal's y"),
    "button-press-topdown": Scene(("button",), "the button is pressed down to within 0.024 m of the goal's z"),
    "button-press-topdown-wall": Scene(
        ("button",),
        "the button is pressed down to within 0.024 m of the goal's z",
        "A wall 0.15 m high stands at y 0.69..0.71 from x 0.0 to 0.2.",
    ),
    "button-press-wall": Scene(
        ("button",),
        "the button is pressed along +y to within 0.03 m of the goal's y",
        "A wall 0.15 m high stands at y 0.59..0.61 from x 0.0 to 0.2.",
    ),
    "coffee-button": Scene(("button",), "the button is pressed along +y to within 0.02 m of the goal's y"),
    "coffee-pull": Scene(("mug",), "the mug is within 0.035 m of the goal sideways", "The mug starts under the coffee machine.", "xyzw"),
    "coffee-push": Scene(("mug",), "the mug is within 0.035 m of the goal sideways", "The goal is under the coffee machine.", "xyzw"),
    "dial-turn": Scene(("knob grip",), "the knob grip is " + _NEAR, "The grip is a point on the knob's rim, 0.05 m from its upright axis."),
    "disassemble": Scene(("wrench handle",), "the wrench handle is higher than the goal", _RING + " The ring is on a peg.", "wxyz"),
    "door-close": Scene(("door handle",), "the door handle is within 0.08 m of the goal", "The door turns about a vertical hinge."),
    "door-lock": Scene(("lock",), "the lock is within 0.02 m of the goal's z", "The lock turns about an axis along y.", low=_DEEP),
    "door-open": Scene(("door handle",), "the door handle's x is within 0.08 m of the goal's", "The door turns about a vertical hinge."),
    "door-unlock": Scene(("lock",), "the lock is within 0.02 m of the goal's x", "The lock turns about an axis along y.", low=_DEEP),
    "drawer-close": Scene(
        ("drawer handle",), "the drawer handle is within 0.065 m of the goal", "The drawer slides along y; +y closes it."
    ),
    "drawer-open": Scene(("drawer handle",), "the drawer handle is within 0.03 m of the goal", "The drawer slides along y; -y opens it."),
    "faucet-close": Scene(("faucet handle",), "the faucet handle is " + _NEAR, "The handle turns about a vertical axis.", low=_DEEP),
    "faucet-open": Scene(("faucet handle",), "the faucet handle is " + _NEAR, "The handle turns about a vertical axis.", low=_DEEP),
    "hammer": Scene(
        ("hammer", "nail"),
        "the nail is driven in by more than 0.09 m, towards +y",
        "The hammer's head is 0.16 m from the position given, towards +x; it hits with its +y face.",
        "wxyz",
    ),
    "hand-insert": Scene(("cube",), "the cube is within 0.05 m of the goal, in the hole", _HOLE, "wxyz", _DEEP),
    "handle-press": Scene(("handle",), "the handle is down to within 0.02 m of the goal's z"),
    "handle-press-side": Scene(("handle",), "the handle is down to within 0.02 m of the goal's z"),
    "handle-pull": Scene(("handle",), "the handle is up to within 0.05 m of the goal's z", "The handle can be lifted from its -y side."),
    "handle-pull-side": Scene(("handle",), "the handle is within 0.08 m of the goal", "The handle can be grasped, and goes up."),
    "lever-pull": Scene(
        ("lever knob",),
        "the lever points straight up, its knob at the goal",
        "The lever turns about an axis 0.2 m below the goal.",
        low=_DEEP,
    ),
    "peg-insert-side": Scene(
        ("peg",),
        "the peg's head is within 0.07 m of the goal (in the hole), errors in y and z counting double",
        "The peg lies along x; its head is 0.13 m from the point given, towards -x. The hole opens towards +x.",
        "xyzw",
    ),
    "peg-unplug-side": Scene(("plug end",), "the plug end is " + _NEAR, "The plug lies along x; pulling towards +x takes it out.", "wxyz"),
    "pick-out-of-hole": Scene(
        ("puck",), "the puck is " + _NEAR, "The puck lies in a square hole, 0.054 m deep.", "wxyz", (-0.5, 0.4, -0.05)
    ),
    "pick-place": Scene(("puck",), "the puck is " + _NEAR, "", "xyzw"),
    "pick-place-wall": Scene(("puck",), "the puck is " + _NEAR, _WALL, "xyzw"),
    "plate-slide": Scene(("hockey puck",), "the hockey puck is " + _NEAR, "The goal is in a net that opens towards -y."),
    "plate-slide-back": Scene(("hockey puck",), "the hockey puck is " + _NEAR, "The hockey puck is in a net that opens towards -y."),
    "plate-slide-back-side": Scene(("hockey puck",), "the hockey puck is " + _NEAR, "The hockey puck is in a net that opens towards +x."),
    "plate-slide-side": Scene(("hockey puck",), "the hockey puck is " + _NEAR, "The goal is in a net that opens towards +x."),
    "push": Scene(("puck",), "the puck is within 0.05 m of the goal", "", "xyzw"),
    "push-back": Scene(("cube",), "the cube is " + _NEAR, "", "xyzw"),
    "push-wall": Scene(("puck",), "the puck is " + _NEAR, _WALL, "xyzw"),
    "reach": Scene(("puck",), "the hand is within 0.05 m of the goal", "The puck does not matter."),
    "reach-wall": Scene(("puck",), "the hand is within 0.05 m of the goal", _WALL + " The puck does not matter."),
    "shelf-place": Scene(
        ("cube",), "the cube is " + _NEAR, "The shelf's board is at z 0.25; it opens towards -y, at 0.11 m before the goal's y.", "xyzw"
    ),
    "soccer": Scene(
        ("football",), "the football is within 0.07 m of the goal, its error in x counting threefold", "The net opens towards -y."
    ),
    "stick-pull": Scene(
        ("stick", "thermos handle"),
        "the thermos handle is within 0.12 m of the goal while the stick's end is in it",
        _STICK + " The handle is a loop that opens along x, on the thermos's -y side.",
        "xyzw",
        (-0.5, 0.35, 0.05),
    ),
    "stick-push": Scene(
        ("stick", "thermos"),
        "the thermos is within 0.12 m of the goal",
        _STICK,
        "xyzw",
    ),
    "sweep": Scene(("cube",), "the cube is within 0.05 m of the goal", "", "wxyz"),
    "sweep-into": Scene(("cube",), "the cube is within 0.05 m of the goal sideways, over the hole", _HOLE, "xyzw"),
    "window-close": Scene(("window handle",), "the window handle's x is within 0.05 m of the goal's", "The window slides along x."),
    "window-open": Scene(("window handle",), "the window handle's x is within 0.05 m of the goal's", "The window slides along x."),
}
_UNKNOWN = Scene(("object 1", "object 2"), "the task's own success condition holds")


def short_name(task: str) -> str:
    """``"reach"`` for ``"reach-v3"``."""
    return task.removesuffix("-v3")


def scene(task: str) -> Scene:
    """The task's scene; a plain one with two unnamed objects for a custom task."""
    return SCENES.get(short_name(task), _UNKNOWN)


def controller(task: str) -> SkillController:
    """A skill controller with the task's workspace and object names."""
    own = scene(task)
    return SkillController(np.array(own.low), np.array(own.high), own.objects)


def briefing(task: str) -> str:
    """What stays the same through an episode: axes, workspace, when the task is solved, what stands where."""
    own = scene(task)
    bounds = ", ".join(f"{axis} {low:g}..{high:g}" for axis, low, high in zip("xyz", own.low, own.high, strict=True))
    lines = [
        f"Positions are x, y, z in metres: seen from the robot +x is to the right, +y ahead, +z up. The hand moves within {bounds}.",
        f"Solved when {own.solved}.",
        own.layout,
    ]
    return "\n".join(line for line in lines if line)


def describe(obs: Array, task: str) -> str:
    """The state of this turn, to the millimetre.

    Args:
        obs: observation, shape (39,).
        task: such as ``"reach-v3"``.

    Returns:
        One line each for the hand, every object (with the way from the hand to it) and the goal (with the way from the first object to it).
    """
    own, hand, opening = scene(task), obs[:3], float(obs[3])
    grip = "open" if opening > 0.95 else "closed" if opening < CLOSED_OPENING else "partly closed"
    lines = [f"hand at {point(hand)}, gripper {grip} ({opening:.2f})"]
    where = positions(obs, own.objects)
    for index, name in enumerate(own.objects):
        pose = _pose(obs[7 + 7 * index : 11 + 7 * index], own.quaternion)
        lines.append(f"{name} at {point(where[name])}{pose}; from the hand {_way(where[name] - hand)}")
    subject, start = ("the hand", hand) if short_name(task).startswith("reach") else (own.objects[-1], where[own.objects[-1]])
    goal = where["goal"]
    lines.append(f"goal at {point(goal)}; from {subject} {_way(goal - start)}" if goal.any() else "goal: not shown in this mode")
    return "\n".join(lines)


def _way(shift: Array) -> str:
    return f"dx {shift[0]:+.3f}, dy {shift[1]:+.3f}, dz {shift[2]:+.3f} ({float(np.linalg.norm(shift)):.3f} m)"


def _pose(quaternion: Array, order: str) -> str:
    """Heading about the vertical and tilt from it, degrees; empty where orientation says nothing."""
    if not order or not quaternion.any():
        return ""
    w, x, y, z = quaternion if order == "wxyz" else np.roll(quaternion, 1)
    heading = math.degrees(math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))
    tilt = math.degrees(math.acos(float(np.clip(1 - 2 * (x * x + y * y), -1.0, 1.0))))
    return f", turned {round(heading)} deg, tilted {round(tilt)} deg"
