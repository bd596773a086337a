"""metaworld's scripted policies as experts, one for each task.

They read the goal from the observation, so they need `RobotWorld.full_observation` where the world hides it.
"""

from __future__ import annotations

import warnings
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import UnknownTask, did_you_mean
from mtenvs.envs.robot.upstream import ENV_POLICY_MAP

# Their proportional gains ask for more than a full step all the time; they say so each time, and the action is clipped here.
warnings.filterwarnings("ignore", message=r"Constant\(s\) may be too high", module="metaworld")


class Expert(Protocol):
    """Anything that solves a task from full observations."""

    def act(self, observation: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """The next action, float32 ``(4,)`` in [-1, 1], for a full observation, float64 ``(39,)``."""


class ScriptedExpert:
    """metaworld's policy for one of its tasks.

    Args:
        task: task id, such as ``"reach-v3"``.

    Raises:
        UnknownTask: metaworld has no policy of that name.
    """

    def __init__(self, task: str) -> None:
        if task not in ENV_POLICY_MAP:
            raise UnknownTask(f"no scripted expert for {task!r}; {did_you_mean(task, ENV_POLICY_MAP)}")
        made: Any = ENV_POLICY_MAP[task]
        self._policy = made()

    def act(self, observation: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """The policy's action, clipped to [-1, 1]."""
        action = np.asarray(self._policy.get_action(observation), dtype=np.float32)
        return np.clip(action, -1, 1)
