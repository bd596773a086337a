"""The robot world: one Meta-World task, seeded, fast, with exact snapshots and pictures; no Gymnasium in its interface.

world = RobotWorld("pick-place-v3")
obs = world.reset(seed=0)                       # float64 (39,)
obs, reward, info = world.step(np.zeros(4, np.float32))
frame = world.render("corner2", 224, 224)       # uint8 (224, 224, 3)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from mtenvs.core import wire
from mtenvs.core.errors import ResetNeeded, SnapshotError, UnknownOption
from mtenvs.envs.robot.custom import RobotTask, robot_task, task_ids
from mtenvs.envs.robot.experts import Expert
from mtenvs.envs.robot.goals import GoalSet
from mtenvs.envs.robot.recompose import fast_class
from mtenvs.envs.robot.render import Camera, Image, Pictures, Quality
from mtenvs.envs.robot.upstream import VERSIONS

__all__ = ["OBSERVATION_HIGH", "OBSERVATION_LOW", "RobotWorld", "StepInfo", "task_ids"]

Floats = npt.NDArray[np.float64]

_CHECKSUM_BYTES: Final = 8
_HAND: Final = ((-0.525, 0.348, -0.0525), (0.525, 1.025, 0.7))
_GOAL: Final = ((-0.6, 0.0, -0.2), (0.6, 1.1, 0.7))


def _bounds(side: Literal[0, 1]) -> Floats:
    far, half = (-np.inf, np.inf)[side], np.empty(18)
    half[:3], half[3], half[4:] = _HAND[side], (-1.0, 1.0)[side], far
    bounds = np.concatenate([half, half, _GOAL[side]])
    bounds.flags.writeable = False
    return bounds


OBSERVATION_LOW: Final = _bounds(0)
OBSERVATION_HIGH: Final = _bounds(1)
"""Bounds that hold every observation of every metaworld task, float64 ``(39,)``: metaworld's own for hand, opening and objects, and for
the goal a box around all goals and the zeros of a hidden one. Equal for all tasks, so that different tasks batch."""


class StepInfo(NamedTuple):
    """What one step says beside observation and reward.

    Attributes:
        success: whether the task has been solved at any step since the reset (Meta-World's own meaning of an episode's success).
        success_at_end: whether it is solved at this very step; the last step's value tells whether it stayed solved.
        metrics: Meta-World's own info, unchanged: success, near_object, grasp_success, grasp_reward, in_place_reward,
            obj_to_target, unscaled_reward (all numbers).
    """

    success: bool
    success_at_end: bool
    metrics: Mapping[str, float]


class RobotWorld:
    """One Meta-World task on a simulated Sawyer arm.

    The observation is float64 ``(39,)``: 18 numbers of now, the same 18 of the step before, and the goal. The 18 are hand
    xyz (m), gripper opening (0 closed .. 1 open), first object xyz and quaternion, second object xyz and quaternion (zeros
    where there is none). The goal is xyz in metres, or zeros when it is hidden.

    The action is float32 ``(4,)`` in [-1, 1]: hand displacement along x, y, z (1 is 0.01 m a step) and gripper effort (+1 closes).
    One step is 5 substeps of 2.5 ms.

    Args:
        task: one of `task_ids()`, such as ``"reach-v3"``, or the name of a custom task (see `custom.py`).
        goal_observable: False hides the goal, as the ML benchmarks do.
        goals: draw each episode's goal from this set instead of from the whole goal space.
        reward_version: ``"v2"`` (0 to 10, 10 when solved) or ``"v1"`` (Meta-World's first, unscaled).

    Attributes:
        task: the task id.
        instruction: one sentence that tells a language policy what to do.
        steps: steps since the last reset.
        success: solved at any step since the last reset.
        versions: ``{"mujoco": ..., "metaworld": ...}``: results depend on both.

    Raises:
        UnknownTask: there is no such task.
        UnknownOption: bad `reward_version`, or goals of another task.
        MissingRequirement: metaworld or mujoco is not installed.
    """

    max_steps: Final = 500
    """Meta-World's horizon; the world itself does not end at it."""
    versions: Final[Mapping[str, str]] = VERSIONS
    observation_low: Final = OBSERVATION_LOW
    observation_high: Final = OBSERVATION_HIGH

    def __init__(
        self,
        task: str = "reach-v3",
        *,
        goal_observable: bool = True,
        goals: GoalSet | None = None,
        reward_version: Literal["v1", "v2"] = "v2",
    ) -> None:
        if reward_version not in ("v1", "v2"):
            raise UnknownOption(f"reward_version={reward_version!r} does not exist; choose 'v2' or 'v1'")
        if goals is not None and goals.task != task:
            raise UnknownOption(f"the goals are of {goals.task!r}, the world is {task!r}; make GoalSet({task!r})")
        self.task, self.goals, self.goal_observable = task, goals, goal_observable
        self._spec: RobotTask = robot_task(task)
        self.instruction = self._spec.instruction
        self.steps, self.success = 0, False
        made = fast_class(self._spec.env_class)
        self._sim = made() if reward_version == "v2" else made(reward_function_version=reward_version)
        self._sim.prepare(goal_observable=goal_observable)
        self._pictures = Pictures(self._sim.fullpath, self._sim.model, self._sim.data)
        self._observation: Floats | None = None
        self._goal_index = -1

    # ---- play ----------------------------------------------------------------------------------------------------------

    def reset(self, seed: int, *, goal: int | Floats | None = None) -> Floats:
        """Start an episode; the same seed gives the same start and goal whatever happened before.

        Args:
            seed: chooses the start and the goal; with a goal set, which of its goals. Not negative.
            goal: index in the goal set, or a vector as `goal_vector` gives it; None lets the seed choose.

        Returns:
            The observation, float64 ``(39,)``; a fresh array each time.

        Raises:
            UnknownOption: a goal number without a goal set, or one that it does not have; a vector of the wrong size.
        """
        self._goal_index = -1
        if isinstance(goal, np.ndarray):
            source: np.random.Generator | Floats = self._sim.checked_vector(goal)
        elif self.goals is not None:
            self._goal_index = self.goals.choose(seed) if goal is None else int(goal)
            source = self.goals.generator(self._goal_index)
        elif goal is not None:
            raise UnknownOption(f"goal={goal!r} is a number in a goal set, and this world has none; pass goals=GoalSet({self.task!r})")
        else:
            source = np.random.default_rng(seed)
        self.steps, self.success = 0, False
        self._observation = self._sim.begin(source)
        return self._observation.copy()

    def step(self, action: npt.NDArray[np.float32]) -> tuple[Floats, float, StepInfo]:
        """Apply one action for 12.5 ms.

        Args:
            action: float32 ``(4,)``, finite; displacements beyond [-1, 1] count as 1, effort goes into the reward as it is.

        Returns:
            Observation (float64 ``(39,)``, a fresh array), reward, and `StepInfo`.

        Raises:
            ValueError: the action is not a float32 array of shape ``(4,)``.
            ResetNeeded: `reset` has not been called yet.
        """
        if not isinstance(action, np.ndarray) or action.shape != (4,) or action.dtype != np.float32:
            raise ValueError(f"an action is a float32 array of shape (4,), not {_describe(action)}; use np.asarray(action, np.float32)")
        if self._observation is None:
            raise ResetNeeded("call reset(seed) before step")
        observation, reward, metrics = self._sim.advance(action)
        self._observation = observation
        self.steps += 1
        solved = bool(metrics["success"])
        self.success = self.success or solved
        return observation.copy(), float(reward), StepInfo(self.success, solved, metrics)

    # ---- look ------------------------------------------------------------------------------------------------------------

    @property
    def observation(self) -> Floats:
        """The last observation, float64 ``(39,)``, a copy."""
        return self._last().copy()

    @property
    def full_observation(self) -> Floats:
        """The last observation with the goal visible even where the world hides it: what the experts need."""
        observation = self._last().copy()
        observation[36:] = self.target
        return observation

    @property
    def target(self) -> Floats:
        """Where the task wants its object (or the hand) to be: xyz in metres, float64 ``(3,)``, also when hidden."""
        self._last()
        return self._sim.visible_goal()

    @property
    def goal_vector(self) -> Floats:
        """Start and goal of this episode as one vector, which `reset(seed, goal=vector)` starts again."""
        self._last()
        return self._sim.start_vector()

    @property
    def goal_index(self) -> int:
        """The number of this episode's goal in the goal set, or -1."""
        return self._goal_index

    def expert(self) -> Expert | None:
        """A fresh policy that solves the task from `full_observation`, where there is one."""
        return self._spec.expert() if self._spec.expert is not None else None

    def render(self, camera: str | Camera = "corner2", width: int = 480, height: int = 480, *, quality: Quality = "fast") -> Image:
        """A picture of now, uint8 ``(height, width, 3)``, upright for every camera.

        Args:
            camera: a name in `render.CAMERAS`, or a `render.Camera` (such as `render.LEROBOT`).
            width: pixels.
            height: pixels.
            quality: ``"fast"`` (no shadows, reflections or multi-sampling) or ``"official"`` (as Meta-World draws).

        Raises:
            UnknownOption: no such camera, size or quality.
            MissingRequirement: no OpenGL library for drawing without a display.
            ResetNeeded: `reset` has not been called yet.
        """
        self._last()
        return self._pictures.take(camera, width, height, quality)

    # ---- save ------------------------------------------------------------------------------------------------------------

    def save(self) -> dict[str, Any]:
        """The whole state as data for `mtenvs.core.wire`: simulator, model edits and the task's own variables."""
        return {
            "made": self._made(),
            "counts": [self.steps, self.success, self._goal_index],
            "observation": self._last(),
            "simulator": self._sim.save(),
        }

    def load(self, saved: Mapping[str, Any]) -> None:
        """Go to a state that `save` gave; replay from there is bit-equal.

        Raises:
            SnapshotError: it is of another task, observability or version, or damaged.
        """
        try:
            if saved["made"] != self._made():
                raise SnapshotError(f"the snapshot is of a world made with {saved['made']}; this one is {self._made()}")
            steps, success, goal_index = saved["counts"]
            observation = np.array(saved["observation"], np.float64).reshape(39)
            self._sim.load(saved["simulator"])
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            if isinstance(error, SnapshotError):
                raise
            raise SnapshotError(f"the snapshot is damaged: {error}; take a new one") from error
        self.steps, self.success, self._goal_index = int(steps), bool(success), int(goal_index)
        self._observation = observation

    def snapshot(self) -> bytes:
        """`save` as bytes, with a checksum."""
        packed = wire.pack(self.save())
        return _checksum(packed) + packed

    def restore(self, snapshot: bytes) -> Floats:
        """`load` from bytes, of this world or another of the same task; returns the observation then.

        Raises:
            SnapshotError: the bytes are damaged, or of another task or version.
        """
        checksum, packed = snapshot[:_CHECKSUM_BYTES], snapshot[_CHECKSUM_BYTES:]
        if checksum != _checksum(packed):
            raise SnapshotError("the snapshot is damaged; take a new one")
        self.load(wire.unpack(packed))
        return self.observation

    def close(self) -> None:
        """Free what pictures need; the world can still be stepped, and draws again when asked."""
        self._pictures.close()

    def _made(self) -> dict[str, Any]:
        return {"task": self.task, "goal_observable": self.goal_observable, **self.versions}

    def _last(self) -> Floats:
        if self._observation is None:
            raise ResetNeeded("call reset(seed) first")
        return self._observation


def _checksum(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=_CHECKSUM_BYTES).digest()


def _describe(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    return f"a {type(value).__name__}"
