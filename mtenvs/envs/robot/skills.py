"""Skills: closed-loop motions of the arm that a language policy calls by name, one call a turn.

A skill sees what the 39-vector observation shows and nothing else: hand position (``obs[0:3]``, metres), gripper opening
(``obs[3]``: 1 is open, 0.30 is closed on nothing), up to two object positions (``obs[4:7]``, ``obs[11:14]``) and the goal
(``obs[36:39]``). It remembers what it has commanded, and never looks at the simulator.

An action moves the *setpoint* that the hand is tied to by at most `STEP_M` along each axis. The hand follows some steps late
and sags by millimetres, so a motion first takes the setpoint to the target in a straight line and then integrates the error
that is left. The setpoint is never sent further than `LEAD_M` ahead of the hand, which bounds how hard a skill presses on what
stands in its way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mtenvs.envs.robot.skill_calls import MAX_STEPS, Array, SkillCall, SkillSet, point, positions

StepFn = Callable[[npt.NDArray[np.float32]], tuple[Array, bool]]

STEP_M = 0.01  # a component of 1 in an action moves the setpoint by this much (Meta-World's action_scale)
TOLERANCE_M = 0.006  # a motion has arrived when the hand is this near its target
LEAD_M = 0.10  # how far the setpoint may run ahead of a hand that is held back
CLOSED_OPENING = 0.31  # below this the fingers have met: they read 0.296 on nothing
SETTLE_STEPS = 20  # at an episode's start, at most
GRIP_STEPS = 30  # at most: closing takes about 25 steps, opening 18
_GAIN = 0.15  # share of the error that every step near the target adds to the lead
_PROGRESS_M = 0.003  # a hand that comes no nearer than this ...
_PATIENCE = 20  # ... in so many steps is blocked
_REST = 0.0005  # metres a step, or opening over six steps: what moves less is at rest
_UNSEEN: Array = np.full(3, np.nan)  # no setpoint yet: it will be where the hand is first seen


@dataclass(frozen=True)
class SkillResult:
    """What one skill did.

    Attributes:
        name: of the skill.
        steps: control steps used.
        reached: the motion arrived, or the fingers came to rest, or the wait is over.
        blocked: the hand stood still short of its target.
        distance: metres from hand to target at the end; 0 for a skill without a target.
        opening: of the gripper, 0 to 1.
        holding: the fingers are closed on something: a guess from the opening, and a thin thing reads as nothing.
        moved: by how many metres each object moved, where it moved at all.
        done: the episode ended underway.
        obs: the last observation, shape (39,).
        text: all of it in words.
    """

    name: str
    steps: int
    reached: bool
    blocked: bool
    distance: float
    opening: float
    holding: bool
    moved: Mapping[str, tuple[float, float, float]]
    done: bool
    obs: Array
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The result as JSON-able data, without the observation."""
        keys = ("name", "steps", "reached", "blocked", "distance", "opening", "holding", "done", "text")
        return {key: getattr(self, key) for key in keys} | {"moved": {name: list(by) for name, by in self.moved.items()}}


class SkillController:
    """Runs skill calls over a step function; one per environment, `start` at each episode.

    Args:
        low: least x, y, z of the setpoint in metres (Meta-World's ``mocap_low``).
        high: greatest x, y, z.
        objects: what the one or two objects of the observation are called.
        max_steps: control steps that one motion may take.
    """

    def __init__(self, low: Array, high: Array, objects: tuple[str, ...] = ("object",), max_steps: int = MAX_STEPS) -> None:
        self.low, self.high = np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)
        self.objects, self.max_steps = objects, max_steps
        self.skills = SkillSet(self.low, self.high, objects)
        self._setpoint = _UNSEEN
        self._effort = -1.0

    def start(self, obs: Array, step_fn: StepFn) -> Array:
        """Begins an episode: holds still until the observation is at rest, 2 to `SETTLE_STEPS` control steps.

        Meta-World's first observation is not at rest: six tasks show an object where it was an episode ago (dial-turn, drawer-open,
        faucet-open, lever-pull, window-open, window-close), and some objects still drop by centimetres.

        Args:
            obs: the first observation, shape (39,).
            step_fn: see `run`.

        Returns:
            The observation to act on.
        """
        self._setpoint, self._effort = _UNSEEN, -1.0
        self._begin(obs, step_fn)
        for _ in range(SETTLE_STEPS):
            before = self._obs[4:18]
            if self._step(np.zeros(3)) or np.abs(self._obs[4:18] - before).max() < _REST:
                break
        return self._obs

    def snapshot(self) -> tuple[float, ...]:
        """All that is remembered between two calls: the gripper's effort and, once something has moved, the setpoint."""
        return (self._effort, *(float(value) for value in self._setpoint if not np.isnan(value)))

    def restore(self, values: tuple[float, ...]) -> None:
        """Takes up what `snapshot` gave."""
        self._effort = values[0]
        self._setpoint = np.array(values[1:], dtype=np.float64) if len(values) > 1 else _UNSEEN

    def run(self, call: SkillCall, obs: Array, step_fn: StepFn) -> SkillResult:
        """Runs one skill to its end.

        Args:
            call: the skill and its arguments.
            obs: the observation now, shape (39,).
            step_fn: takes an action, float32 of shape (4,) in [-1, 1], and gives the next observation and whether the episode has ended.

        Raises:
            BadAction: see `SkillSet.check`; no control step has been taken then.
        """
        values, target = self.skills.check(call, obs)
        self._begin(obs, step_fn)
        before, blocked = self._obs, False
        if target is None:
            reached = self._wait(int(values["steps"])) if call.name == "wait" else self._grip(values.get("force", -1.0))
        else:
            if call.name == "push" and self._effort < 0:
                self._grip(1.0)
            reached, blocked = (False, False) if self._done else self._travel(target, values.get("speed", 1.0))
        distance = 0.0 if target is None else float(np.linalg.norm(target - self._obs[:3]))
        was, now = positions(before, self.objects), positions(self._obs, self.objects)
        moved = {name: now[name] - was[name] for name in self.objects if np.linalg.norm(now[name] - was[name]) >= 0.005}
        return SkillResult(
            name=call.name,
            steps=self._steps,
            reached=reached,
            blocked=blocked,
            distance=distance,
            opening=float(self._obs[3]),
            holding=self._holding(),
            moved={name: (float(by[0]), float(by[1]), float(by[2])) for name, by in moved.items()},
            done=self._done,
            obs=self._obs,
            text=self._report(call.name, before, target, moved, reached=reached, blocked=blocked),
        )

    def _begin(self, obs: Array, step_fn: StepFn) -> None:
        self._obs, self._step_fn, self._steps, self._done = np.array(obs, dtype=np.float64), step_fn, 0, False
        if np.isnan(self._setpoint[0]):
            self._setpoint = self._obs[:3].copy()

    def _step(self, shift: Array) -> bool:
        """One control step that moves the setpoint by `shift` metres; True when the episode has ended."""
        action = np.append(shift / STEP_M, self._effort).clip(-1.0, 1.0).astype(np.float32)
        obs, self._done = self._step_fn(action)
        self._obs = np.array(obs, dtype=np.float64)
        self._setpoint = np.clip(self._setpoint + shift, self.low, self.high)
        self._steps += 1
        return self._done

    def _towards(self, goal: Array, speed: float = 1.0) -> Array:
        """The setpoint's next shift on the straight line to `goal`."""
        shift: Array = goal - self._setpoint
        longest = float(np.abs(shift).max())
        return shift if longest <= STEP_M * speed else shift * (STEP_M * speed / longest)

    def _travel(self, target: Array, speed: float) -> tuple[bool, bool]:
        """Takes the hand to `target`; says whether it arrived and whether it was blocked."""
        lead, nearest, idle = np.zeros(3), math.inf, 0
        for _ in range(self.max_steps):
            before, ahead = self._obs[:3], target + lead - self._obs[:3]
            far = float(np.abs(ahead).max()) > LEAD_M
            if far:
                ahead *= LEAD_M / np.abs(ahead).max()
            goal = np.clip(before + ahead, self.low, self.high)
            arriving = float(np.abs(goal - self._setpoint).max()) < STEP_M
            if self._step(self._towards(goal, speed)):
                return False, False
            error = target - self._obs[:3]
            distance, pace = float(np.linalg.norm(error)), float(np.linalg.norm(self._obs[:3] - before))
            if distance < TOLERANCE_M and pace < TOLERANCE_M:
                return True, False
            if arriving:
                lead = lead if far else lead + _GAIN * error
                nearest, idle = (distance, 0) if distance < nearest - _PROGRESS_M else (nearest, idle + 1)
                if idle >= _PATIENCE:
                    break
        self._relax()
        return False, idle >= _PATIENCE

    def _relax(self) -> None:
        """Takes the setpoint back to the hand, so that it stops pressing."""
        for _ in range(int(LEAD_M / STEP_M) + 2):
            shift = self._towards(self._obs[:3])
            if np.abs(shift).max() < STEP_M or self._step(shift):
                return

    def _grip(self, effort: float) -> bool:
        """Opens or closes the fingers until they rest; says whether they do."""
        self._effort, still = effort, 0
        for _ in range(GRIP_STEPS):
            before = self._obs[3]
            if self._step(np.zeros(3)):
                return False
            still = still + 1 if abs(self._obs[3] - before) < 6 * _REST else 0
            # the fingers take some steps to start
            if still >= 4 and (self._steps > 6 or self._obs[3] > 0.99):
                return True
        return False

    def _wait(self, steps: int) -> bool:
        return not any(self._step(np.zeros(3)) for _ in range(steps))

    def _holding(self) -> bool:
        return bool(self._effort > 0 and self._obs[3] > CLOSED_OPENING)

    def _report(self, name: str, before: Array, target: Array | None, moved: Mapping[str, Array], *, reached: bool, blocked: bool) -> str:
        hand, travelled = self._obs[:3], self._obs[:3] - before[:3]
        if target is None:
            parts = [f"{name}: {self._steps} steps"]
        elif reached:
            parts = [f"{name}: reached {point(hand)} in {self._steps} steps"]
        else:
            why = "blocked" if blocked else "the episode ended underway" if self._done else "out of steps"
            short = f"{np.linalg.norm(target - hand):.3f} m short of {point(target)}"
            parts = [f"{name}: stopped at {point(hand)} after {self._steps} steps, {short} ({why})"]
        state = "open" if self._effort < 0 else "closed on something" if self._holding() else "closed, on nothing or on something thin"
        parts.append(f"gripper {self._obs[3]:.2f} ({state})")
        where = positions(self._obs, self.objects)
        for key, by in moved.items():
            carried = np.linalg.norm(travelled) > 0.02 and np.linalg.norm(by - travelled) < 0.25 * np.linalg.norm(travelled)
            parts.append(f"{key} moved by {point(by)} to {point(where[key])}{', with the hand' * bool(carried)}")
        return "; ".join(parts) + "."
