"""The robot's tasks as a task set."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mtenvs.core.errors import UnknownTask
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.robot.custom import robot_task, task_ids

_GOAL_ID = re.compile(r"(.+)/(\d{1,4})")


def robot_tasks(names: Sequence[str] = ()) -> TaskSet:
    """Tasks by name; those of a benchmark (``names``) can also be asked for as ``"<name>/<goal>"``."""
    known = tuple(names) or task_ids()

    def with_goal(task_id: str) -> Task | None:
        match = _GOAL_ID.fullmatch(task_id)
        if match is None or match.group(1) not in known or not names:
            return None
        return _task(match.group(1), int(match.group(2)))

    return TaskSet(known, _task, open_build=with_goal)


def _task(name: str, goal: int | None = None) -> Task:
    spec = robot_task(name)
    if goal is not None and not 0 <= goal < 50:
        raise UnknownTask(f"{name} has goals 0 to 49, not {goal}")
    setup = {"task": name} if goal is None else {"task": name, "goal": goal}
    return Task(name if goal is None else f"{name}/{goal}", spec.instruction, setup, tags=("robot",), source="Meta-World", licence="MIT")
