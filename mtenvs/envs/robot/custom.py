"""Tasks of your own: a package names them under the entry point group ``mtenvs.robot_tasks``, and they play like metaworld's.

In the package's ``pyproject.toml``::

    [project.entry-points."mtenvs.robot_tasks"]
    reach-low-v0 = "my_package.tasks:reach_low"

and in ``my_package/tasks.py`` a `RobotTask`, or a function that returns one::

    class ReachLow(SawyerReachEnvV3):
        def reset_model(self):
            super().reset_model()
            self._target_pos = np.array([*self._target_pos[:2], 0.05])
            self.model.site("goal").pos = self._target_pos
            return self._get_obs()


    reach_low = RobotTask(ReachLow, "Lower the gripper to the marker just above the table.")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

from mtenvs.core.errors import DataError, UnknownTask, did_you_mean
from mtenvs.envs.robot.experts import Expert, ScriptedExpert
from mtenvs.envs.robot.instructions import INSTRUCTIONS
from mtenvs.envs.robot.upstream import ALL_V3_ENVIRONMENTS, SawyerXYZEnv

GROUP: Final = "mtenvs.robot_tasks"


@dataclass(frozen=True)
class RobotTask:
    """What the world needs to know of a task.

    Args:
        env_class: a class derived from `metaworld.sawyer_xyz_env.SawyerXYZEnv` or from one of metaworld's tasks. Between
            resets it keeps its state in the simulator and in attributes that are plain data (numbers, strings, arrays,
            containers of them). Edits of the model's body, geom, site, joint and actuator arrays are undone at each reset.
            Goals lie within ``goal_space``, which observations are cut to. What is random is drawn in ``reset_model``, by
            ``_get_state_rand_vec`` or from ``np_random``; a reset calls it twice, the first time without moving the hand.
        instruction: one sentence that tells a language policy what to do.
        expert: makes a policy that solves it, if there is one.
    """

    env_class: type[SawyerXYZEnv]
    instruction: str
    expert: Callable[[], Expert] | None = None


@cache
def custom_tasks() -> Mapping[str, EntryPoint]:
    """The tasks that installed packages offer, by name, not loaded yet; metaworld's own names cannot be taken."""
    found = {point.name: point for point in entry_points(group=GROUP)}
    return {name: point for name, point in found.items() if name not in ALL_V3_ENVIRONMENTS}


def task_ids() -> tuple[str, ...]:
    """The 50 Meta-World tasks in the package's own order, then the custom ones."""
    return (*ALL_V3_ENVIRONMENTS, *custom_tasks())


def robot_task(name: str) -> RobotTask:
    """The task of that name.

    Raises:
        UnknownTask: there is none.
        DataError: the entry point does not lead to a `RobotTask`.
    """
    if name in ALL_V3_ENVIRONMENTS:
        return RobotTask(ALL_V3_ENVIRONMENTS[name], INSTRUCTIONS[name], lambda: ScriptedExpert(name))
    if name not in custom_tasks():
        raise UnknownTask(f"there is no robot task {name!r}; {did_you_mean(name, task_ids())}")
    point = custom_tasks()[name]
    loaded: Any = point.load()
    task = loaded() if callable(loaded) else loaded
    if not isinstance(task, RobotTask):
        raise DataError(f"entry point {point.name!r} = {point.value!r} must lead to a RobotTask, not to {type(task).__name__}")
    return task
