"""The tasks in words, and the plans that solve them with skills."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("metaworld", reason="the robot family needs metaworld: pip install 'mtenvs[robot]'")

from metaworld.env_dict import ALL_V3_ENVIRONMENTS

from mtenvs.core.errors import UnknownTask
from mtenvs.envs.robot.skill_plans import PLANS, skill_oracle
from mtenvs.envs.robot.skill_text import SCENES, briefing, controller, describe, scene, short_name
from mtenvs.envs.robot.world import RobotWorld

TASKS = sorted(SCENES)
TURNS = 30


def solve(world: RobotWorld, seed: int) -> tuple[bool, int]:
    """Whether the plan solves the task, and in how many turns."""
    policy, skills = skill_oracle(world.task), controller(world.task)

    def step(action: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float64], bool]:
        obs, _, info = world.step(action)
        return obs, info.success or world.steps >= world.max_steps

    obs = skills.start(world.reset(seed), step)
    for turn in range(TURNS):
        result = skills.run(policy(obs, turn), obs, step)
        obs = result.obs
        if result.done:
            break
    return world.success, turn + 1


def test_every_task_has_a_scene_and_a_plan() -> None:
    assert {short_name(name) for name in ALL_V3_ENVIRONMENTS} == set(SCENES) == set(PLANS)


def test_an_unknown_task_has_no_plan() -> None:
    with pytest.raises(UnknownTask, match="reach"):
        skill_oracle("raech-v3")


@pytest.mark.parametrize("task", ["reach", "button-press", "pick-place", "drawer-open", "window-close", "door-lock", "hammer"])
def test_plans_solve_a_sample_in_few_turns(task: str) -> None:
    world = RobotWorld(f"{task}-v3")
    for seed in range(2):
        solved, turns = solve(world, seed)
        assert solved
        assert turns <= 10


@pytest.mark.slow
def test_plans_solve_all_tasks() -> None:
    rates = {}
    for task in TASKS:
        world = RobotWorld(f"{task}-v3")
        rates[task] = sum(solve(world, seed)[0] for seed in range(10)) / 10
    assert min(rates.values()) >= 0.8, rates
    assert sum(rates.values()) / len(rates) >= 0.97, rates


def test_the_first_observation_is_brought_to_rest() -> None:
    world = RobotWorld("window-close-v3")
    world.reset(0)
    for _ in range(2):
        world.step(np.array([0, 0, 0, -1], np.float32))
    settled = world.observation
    skills = controller("window-close-v3")
    obs = skills.start(world.reset(0), lambda action: (world.step(action)[0], False))
    assert obs[4:7] == pytest.approx(settled[4:7], abs=1e-3)
    assert world.steps <= 20


@pytest.mark.parametrize("task", ["reach", "bin-picking", "hand-insert", "pick-out-of-hole", "stick-pull", "lever-pull"])
def test_workspaces_are_metaworlds(task: str) -> None:
    original = ALL_V3_ENVIRONMENTS[f"{task}-v3"]()
    assert original.mocap_low == pytest.approx(scene(task).low)
    assert original.mocap_high == pytest.approx(scene(task).high)


@pytest.mark.slow
def test_all_workspaces_are_metaworlds() -> None:
    for task in TASKS:
        original = ALL_V3_ENVIRONMENTS[f"{task}-v3"]()
        assert original.mocap_low == pytest.approx(scene(task).low), task
        assert original.mocap_high == pytest.approx(scene(task).high), task


def observation() -> npt.NDArray[np.float64]:
    obs = np.zeros(39)
    obs[:7] = (0.0, 0.6, 0.2, 1.0, 0.02, 0.65, 0.0196)
    obs[7:11] = (0.0, 0.0, np.sin(np.pi / 4), np.cos(np.pi / 4))
    obs[11:14] = (0.2, 0.6, 0.13)
    obs[36:39] = (0.02, 0.85, 0.1196)
    return obs


def test_a_description_is_exact() -> None:
    assert describe(observation(), "pick-place-v3").splitlines() == [
        "hand at (0.000, 0.600, 0.200), gripper open (1.00)",
        "puck at (0.020, 0.650, 0.020), turned 90 deg, tilted 0 deg; from the hand dx +0.020, dy +0.050, dz -0.180 (0.188 m)",
        "goal at (0.020, 0.850, 0.120); from puck dx +0.000, dy +0.200, dz +0.100 (0.224 m)",
    ]


def test_a_second_object_is_named_and_a_hidden_goal_is_said() -> None:
    obs = observation()
    obs[36:39] = 0.0
    text = describe(obs, "stick-push-v3")
    assert "thermos at (0.200, 0.600, 0.130)" in text
    assert "goal: not shown" in text


def test_reaching_measures_from_the_hand() -> None:
    assert "goal at (0.020, 0.850, 0.120); from the hand dx +0.020" in describe(observation(), "reach-v3")


def test_a_custom_task_is_described_with_plain_names() -> None:
    text = describe(observation(), "my-own-task")
    assert "object 1 at" in text
    assert "object 2 at" in text
    assert controller("my-own-task").objects == ("object 1", "object 2")


@pytest.mark.parametrize("task", TASKS)
def test_briefings_name_what_moves_and_end_in_sentences(task: str) -> None:
    text = briefing(f"{task}-v3")
    assert all(line.endswith(".") for line in text.splitlines())
    assert "Solved when" in text
    subject = "hand" if task.startswith("reach") else scene(task).objects[-1].split()[0]
    assert subject in text
