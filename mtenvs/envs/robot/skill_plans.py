"""One short plan in skills for each of the 50 tasks: the oracle of ``control="skills"``.

A plan is a tuple of steps. A step looks at where hand, objects and goal are in the observation and gives the next skill call, or None
when there is nothing to do. A plan that has ended without success starts again, so a missed grasp is tried once more.
Offsets are metres, found by trying them on the simulated tasks; where one needs a reason, it stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from mtenvs.core.errors import UnknownTask, did_you_mean
from mtenvs.envs.robot.skill_calls import Array, SkillCall, positions
from mtenvs.envs.robot.skill_text import scene, short_name

Places = Mapping[str, Array]  # "hand", "obj", "obj2" and "goal" (xyz), "low" and "high" (of the workspace), "opening" (of the gripper)
Axis = float | str | Callable[[Places], float] | None  # a coordinate, the place to take it from, how to work it out, or as it is
Step = Callable[[Places], SkillCall | None]
Plan = tuple[Step, ...]


def to(
    where: str,
    dx: float = 0.0,
    dy: float = 0.0,
    dz: float = 0.0,
    *,
    x: Axis = None,
    y: Axis = None,
    z: Axis = None,
    speed: float = 1.0,
    skill: str = "move_to",
) -> Step:
    """A motion of the hand.

    Args:
        where: the place to go to.
        dx: metres beyond it; `dy` and `dz` likewise.
        dy: see `dx`.
        dz: see `dx`.
        x: replaces the target's x; `y` and `z` likewise.
        y: see `x`.
        z: see `x`.
        speed: of the motion, 1 is full.
        skill: ``"move_to"``, or ``"push"`` for a closed gripper.
    """

    def step(at: Places) -> SkillCall:
        target = at[where] + (dx, dy, dz)
        for index, axis in enumerate((x, y, z)):
            if isinstance(axis, str):
                target[index] = at[axis][index]
            elif axis is not None:
                target[index] = axis(at) if callable(axis) else axis
        xyz = (round(float(value), 4) for value in np.clip(target, at["low"], at["high"]))
        return SkillCall(skill, dict(zip("xyz", xyz, strict=True)) | ({} if speed == 1.0 else {"speed": speed}))

    return step


push = partial(to, skill="push")


def lift(z: float) -> Step:
    """Straight up, to a height."""
    return to("hand", z=z)


def grasp(_: Places) -> SkillCall:
    """Close the gripper."""
    return SkillCall("grasp")


def release(at: Places) -> SkillCall | None:
    """Open the gripper, unless it is open."""
    return SkillCall("release") if at["opening"][0] < 0.95 else None


def press(dy: float = 0.0) -> Plan:
    """Go down on the object from above."""
    return push("obj", dy=dy, dz=0.12), push("obj", dy=dy, dz=-0.12)


def pick(dx: float = 0.0, dz: float = 0.0, x: Axis = None, y: Axis = None) -> Plan:
    """Grasp the object: open, over it, down to it, close."""
    return release, to("obj", dx=dx, dz=0.12, x=x, y=y), to("obj", dx=dx, dz=dz, x=x, y=y), grasp


def _clear_of_rim_x(at: Places) -> float:
    """The cube's x, but no nearer to the bin's rim (x -0.22 and -0.02) than the fingers are wide."""
    return float(np.clip(at["obj"][0], -0.18, -0.06))


def _clear_of_rim_y(at: Places) -> float:
    """The cube's y, towards the bin's middle (its rim is at y 0.6 and 0.8), as far as the open fingers leave room at the cube."""
    y = float(at["obj"][1])
    return y + float(np.clip(np.clip(y, 0.685, 0.715) - y, -0.018, 0.018))


def _stick_stays_in(at: Places) -> float:
    """To move the thermos sideways without drawing the stick out of its handle, x only grows, by as much as the thermos lacks."""
    return float(at["hand"][0] - 0.005 + max(0.0, at["goal"][0] - at["obj2"][0]))


PLANS: Mapping[str, Plan] = {
    # reach
    "reach": (to("goal"),),
    "reach-wall": (lift(0.3), to("goal", z=0.3), to("goal")),
    # press
    "button-press-topdown": press(),
    "button-press-topdown-wall": press(dy=-0.03),
    "handle-press": press(dy=-0.02),
    "handle-press-side": press(),
    "button-press": (push("obj", dy=-0.12), push("obj", dy=0.1)),
    "button-press-wall": (push("hand", z=0.3), push("obj", dy=-0.05, z=0.3), push("obj", dy=-0.05, dz=0.03), push("obj", dy=0.1, dz=0.03)),
    "coffee-button": (push("obj", dy=-0.12, dz=-0.06), push("obj", dy=0.1, dz=-0.06)),
    # pick and place
    "pick-place": (*pick(), to("goal", dz=0.03)),
    "pick-place-wall": (*pick(), lift(0.3), to("goal", z=0.3), to("goal", dz=0.03)),
    "pick-out-of-hole": (*pick(), lift(0.25), to("goal", dz=0.03)),
    "shelf-place": (*pick(), lift(0.35), to("goal", dy=-0.15, dz=0.05), to("goal", dz=0.04)),
    "basketball": (*pick(), lift(0.4), to("goal", dz=0.12), to("goal", dz=0.06)),
    "bin-picking": (*pick(x=_clear_of_rim_x, y=_clear_of_rim_y), lift(0.25), to("goal", z=0.25), to("goal", z=0.1), release),
    "box-close": (*pick(dz=0.06), lift(0.25), to("goal", z=0.25), to("goal", dz=0.06)),
    "soccer": (*pick(dz=0.02), to("goal", z=0.06)),
    # carry low over the table
    "push": (*pick(), to("goal", z=0.05)),
    "push-back": (*pick(), to("goal", z=0.05)),
    "push-wall": (*pick(), lift(0.25), to("goal", z=0.25), to("goal", z=0.06)),
    "sweep-into": (*pick(), to("goal", z=0.08)),
    "sweep": (*pick(), lift(0.12), to("goal", z=0.1), release),
    "coffee-push": (*pick(dx=0.01), to("goal", z=0.08)),
    "coffee-pull": (*pick(dx=-0.005), to("goal", z=0.07)),
    "hand-insert": (*pick(), to("goal", z=0.15), to("goal")),
    # push along, gripper closed
    "plate-slide": (push("obj", dy=-0.05, z=0.12), push("obj", dy=-0.05, z=0.06), push("goal", z=0.06)),
    "plate-slide-side": (push("obj", dx=0.08, z=0.12), push("obj", dx=0.08, z=0.05), push("goal", z=0.05)),
    "plate-slide-back": (push("obj", z=0.12), push("obj", z=0.06), push("goal", z=0.06)),
    "plate-slide-back-side": (push("obj", z=0.12), push("obj", z=0.06), push("goal", z=0.06)),
    "drawer-close": (push("obj", dy=-0.1, z=0.2), push("obj", dy=-0.1, z=0.1), push("goal", z=0.1)),
    "window-open": (push("obj", dx=-0.04, dy=-0.02, z=0.25), push("obj", dx=-0.04, dy=-0.02, z=0.08), push("goal", y="hand", z=0.08)),
    "window-close": (push("obj", dx=0.04, dy=-0.02, z=0.25), push("obj", dx=0.04, dy=-0.02, z=0.12), push("goal", y="hand", z=0.12)),
    # hook and drag
    "drawer-open": (release, to("obj", dy=-0.01, dz=0.12), to("obj", dy=-0.01), push("obj", y=0.4, z=0.06)),
    "door-open": (push("obj", dx=0.08, dy=0.03, z=0.3), push("obj", dx=0.08, dy=0.03, z=0.15), push("goal", z=0.15)),
    "door-close": (push("obj", dx=-0.1, dy=-0.05, z=0.25), push("obj", dx=-0.1, dy=-0.05, z=0.2), push("goal", z=0.2)),
    "handle-pull": (push("obj", dy=-0.06, z=0.06), push("obj", dy=-0.03, z=0.06), push("goal", x="obj", dy=-0.03, dz=0.1, speed=0.3)),
    "handle-pull-side": (*pick(), to("obj", dz=0.2, speed=0.3)),
    "lever-pull": (push("obj", dy=-0.06, dz=-0.1), push("obj", dy=-0.03, dz=-0.07), push("goal", dy=-0.06, dz=-0.05)),
    # turn
    "door-lock": (push("obj", dy=-0.02, dz=0.12), push("obj", dx=-0.03, dy=-0.03, dz=-0.12), push("obj", dx=-0.1, dy=-0.03, dz=-0.05)),
    "door-unlock": (push("obj", dx=-0.1, dy=-0.02), push("obj", dx=0.15, dy=-0.02)),
    "faucet-open": (push("obj", dx=-0.08, z=0.25), push("obj", dx=-0.08, z=0.12), push("goal", z=0.12)),
    "faucet-close": (push("obj", dx=0.08, z=0.25), push("obj", dx=0.08, z=0.12), push("goal", z=0.12)),
    "dial-turn": (push("obj", dx=0.06, dy=0.03, z=0.2), push("obj", dx=0.06, dy=0.03, z=0.08), push("obj", dx=-0.05, dy=0.03, z=0.08)),
    # tools and insertion: the ring, the hammer's head and the peg's head lie beside the point that is grasped
    "assembly": (*pick(), lift(0.25), to("goal", dx=0.12, z=0.25), to("goal", dx=0.12, z=0.1)),
    "disassemble": (*pick(dx=-0.01), lift(0.3)),
    "hammer": (*pick(dx=-0.04), lift(0.16), to("goal", dx=-0.19, dy=-0.2, dz=0.05), push("goal", dx=-0.19, dz=0.05)),
    "peg-insert-side": (*pick(), lift(0.2), to("goal", dx=0.35, dz=0.04), to("goal", dx=0.1, dz=0.04)),
    "peg-unplug-side": (*pick(dx=-0.02), to("obj", dx=0.2)),
    "stick-push": (*pick(dx=0.02), lift(0.13), push("goal", z=0.13)),
    "stick-pull": (
        *pick(dx=-0.03),  # by its rear end: the hand must stay clear of the thermos while the front end goes through its handle
        lift(0.17),
        to("obj2", dx=-0.15, dy=-0.01, dz=0.03),
        push("goal", dx=-0.06, y="hand", z="hand", speed=0.4),
        push("goal", x=_stick_stays_in, dy=-0.03, z="hand", speed=0.4),
    ),
}


class SkillOracle:
    """Plays one task's plan: called with the observation and the turn (0 starts anew), it gives the next skill call.

    Args:
        task: such as ``"reach-v3"``.

    Raises:
        UnknownTask: no plan for this task.
    """

    def __init__(self, task: str) -> None:
        if short_name(task) not in PLANS:
            raise UnknownTask(f"there is no skill plan for task {task!r}; {did_you_mean(short_name(task), PLANS)}")
        self.plan, self.scene = PLANS[short_name(task)], scene(task)
        self._next = 0

    def __call__(self, obs: Array, turn: int) -> SkillCall:
        """The next call; `obs` has shape (39,), turns are to be asked for in order."""
        if turn == 0:
            self._next = 0
        places = positions(obs, ("obj", "obj2")) | {
            "hand": obs[:3],
            "opening": obs[3:4],
            "low": np.array(self.scene.low),
            "high": np.array(self.scene.high),
        }
        for _ in self.plan:
            step = self.plan[self._next]
            self._next = (self._next + 1) % len(self.plan)
            if (call := step(places)) is not None:
                return call
        return SkillCall("wait")


def skill_oracle(task: str) -> SkillOracle:
    """The scripted skill policy of a task; raises UnknownTask where there is none."""
    return SkillOracle(task)
