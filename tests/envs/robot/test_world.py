"""The robot world as its user meets it: seeds, goals, snapshots, errors, experts, custom tasks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("metaworld", reason="the robot extra is not installed")

from mtenvs.core.errors import DataError, ResetNeeded, SnapshotError, UnknownOption, UnknownTask
from mtenvs.envs.robot import custom
from mtenvs.envs.robot.goals import GoalSet
from mtenvs.envs.robot.instructions import INSTRUCTIONS
from mtenvs.envs.robot.upstream import ALL_V3_ENVIRONMENTS, mujoco
from mtenvs.envs.robot.world import OBSERVATION_HIGH, OBSERVATION_LOW, RobotWorld, StepInfo, task_ids

pytestmark = pytest.mark.filterwarnings("ignore:Constant")  # the experts' gains, see experts.py
EDITING = ("door-lock-v3", "basketball-v3", "window-close-v3", "shelf-place-v3")
"""Tasks whose resets edit the model, read live views or leave derived quantities stale."""


def play(world: RobotWorld, steps: int, seed: int = 0) -> list[tuple[np.ndarray, float, StepInfo]]:
    random = np.random.default_rng(seed)
    return [world.step(random.uniform(-1, 1, 4).astype(np.float32)) for _ in range(steps)]


def same(a: list[tuple[np.ndarray, float, StepInfo]], b: list[tuple[np.ndarray, float, StepInfo]]) -> bool:
    return all(np.array_equal(x[0], y[0]) and x[1:] == y[1:] for x, y in zip(a, b, strict=True))


@pytest.fixture(scope="module")
def reach() -> RobotWorld:
    return RobotWorld("reach-v3")


def test_the_first_observation_is_39_float64_with_the_goal_behind(reach: RobotWorld) -> None:
    observation = reach.reset(0)
    assert observation.shape == (39,)
    assert observation.dtype == np.float64
    assert np.array_equal(observation[36:], reach.target)
    assert np.array_equal(observation[:18], observation[18:36])


@pytest.mark.parametrize("task", ["reach-v3", "pick-place-v3", *EDITING])
def test_a_seed_gives_one_episode_whatever_was_played_before(task: str) -> None:
    fresh, used = RobotWorld(task), RobotWorld(task)
    used.reset(7)
    play(used, 30)
    used.reset(8)
    assert np.array_equal(fresh.reset(3), used.reset(3))
    assert same(play(fresh, 30), play(used, 30))


def test_different_seeds_give_different_goals(reach: RobotWorld) -> None:
    assert len({tuple(reach.reset(seed)[36:]) for seed in range(10)}) == 10


def test_a_goal_vector_starts_the_same_episode_again(reach: RobotWorld) -> None:
    first, vector = reach.reset(4), reach.goal_vector
    reach.reset(5)
    assert np.array_equal(reach.reset(0, goal=vector), first)


def test_a_goal_set_numbers_its_goals(reach: RobotWorld) -> None:
    world = RobotWorld("reach-v3", goals=GoalSet("reach-v3", seed=1, size=3))
    seen = {}
    for seed in range(30):
        first = world.reset(seed)
        seen[world.goal_index] = tuple(first[36:])
    assert sorted(seen) == [0, 1, 2]
    assert {tuple(world.reset(99, goal=i)[36:]) for i in range(3)} == set(seen.values())
    reach.reset(0)
    assert reach.goal_index == -1


def test_a_hidden_goal_is_zeros_and_the_expert_still_sees_it() -> None:
    hidden, shown = RobotWorld("push-v3", goal_observable=False), RobotWorld("push-v3")
    assert not hidden.reset(0)[36:].any()
    assert np.array_equal(hidden.full_observation, shown.reset(0))
    ours, theirs = play(hidden, 20), play(shown, 20)
    assert all(not a[0][36:].any() and np.array_equal(a[0][:36], b[0][:36]) and a[1] == b[1] for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("task", ["pick-place-v3", "peg-insert-side-v3", *EDITING])
def test_every_observation_is_within_the_bounds(task: str) -> None:
    world = RobotWorld(task)
    for seed in range(3):
        seen = [world.reset(seed), *(step[0] for step in play(world, 60, seed))]
        assert all((o >= OBSERVATION_LOW).all() and (o <= OBSERVATION_HIGH).all() for o in seen)
    assert OBSERVATION_LOW[36:].max() <= 0 <= OBSERVATION_HIGH[36:].min()


def test_observations_are_the_callers_own(reach: RobotWorld) -> None:
    first = reach.reset(0)
    first[:] = 0
    second, *_ = reach.step(np.zeros(4, np.float32))
    second[:] = 0
    assert reach.observation.any()
    assert reach.step(np.zeros(4, np.float32))[0][18:21].any()


def test_success_is_ever_and_at_end_is_now() -> None:
    world = RobotWorld("reach-v3")
    world.reset(0)
    expert = world.expert()
    assert expert is not None
    while not world.success:
        *_, info = world.step(expert.act(world.full_observation))
    assert info.success_at_end
    for _ in range(100):
        *_, info = world.step(np.array([-1, -1, 1, 0], np.float32))
    assert (info.success, info.success_at_end, info.metrics["success"]) == (True, False, 0.0)
    world.reset(0)
    assert not world.success


def test_the_metrics_are_metaworlds(reach: RobotWorld) -> None:
    reach.reset(0)
    *_, info = reach.step(np.zeros(4, np.float32))
    assert set(info.metrics) == {
        "success",
        "near_object",
        "grasp_success",
        "grasp_reward",
        "in_place_reward",
        "obj_to_target",
        "unscaled_reward",
    }


@pytest.mark.parametrize("task", ["pick-place-v3", *EDITING])
def test_replay_after_restore_is_bit_equal_in_this_world_and_another(task: str) -> None:
    world, other = RobotWorld(task), RobotWorld(task)
    world.reset(1)
    for at in (0, 25):
        play(world, at)
        snapshot = world.snapshot()
        first = play(world, 30, seed=9)
        for one in (world, other):
            one.restore(snapshot)
            assert same(first, play(one, 30, seed=9))
            one.reset(2)
        world.reset(1)


def test_a_snapshot_of_a_snapshot_is_the_same(reach: RobotWorld) -> None:
    reach.reset(0)
    play(reach, 5)
    snapshot = reach.snapshot()
    play(reach, 5)
    assert np.array_equal(reach.restore(snapshot), reach.observation)
    assert reach.snapshot() == snapshot
    assert reach.steps == 5


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, 6000), where=st.integers(0, 6000), byte=st.integers(1, 255), how=st.sampled_from(["flip", "cut", "noise"]))
def test_damaged_snapshots_are_refused_and_change_nothing(cut: int, where: int, byte: int, how: str) -> None:
    world = _shared()
    good = world.snapshot()
    bad = bytearray(good)
    if how == "flip":
        bad[where % len(bad)] ^= byte
    elif how == "cut":
        del bad[cut % len(bad) :]
    else:
        bad = bytearray(np.random.default_rng(where).bytes(cut % 200))
    with pytest.raises(SnapshotError):
        world.restore(bytes(bad))
    assert world.snapshot() == good


_kept: dict[str, RobotWorld] = {}


def _shared() -> RobotWorld:
    if not _kept:
        _kept["reach"] = RobotWorld("reach-v3")
        _kept["reach"].reset(0)
    return _kept["reach"]


@settings(max_examples=30, deadline=None)
@given(
    change=st.sampled_from(["state", "model", "variables", "observation", "counts"]),
    value=st.sampled_from([None, 3, "x", [], {}, {"a": 1}]),
)
def test_saved_data_of_the_wrong_shape_is_refused_and_changes_nothing(change: str, value: Any) -> None:
    world = _shared()
    good, saved = world.snapshot(), world.save()
    place = saved["simulator"] if change in saved["simulator"] else saved
    if change in ("model", "variables") and value == {}:
        value = {"bad": {"view": ["secret", 0, [3]]}}
    place[change] = value
    with pytest.raises(SnapshotError):
        world.load(saved)
    assert world.snapshot() == good


def test_snapshots_of_other_worlds_are_refused(reach: RobotWorld) -> None:
    reach.reset(0)
    with pytest.raises(SnapshotError, match="push-v3"):
        RobotWorld("push-v3").restore(reach.snapshot())
    with pytest.raises(SnapshotError):
        RobotWorld("reach-v3", goal_observable=False).restore(reach.snapshot())


@pytest.mark.parametrize("action", [np.zeros(4), np.zeros(3, np.float32), np.zeros((1, 4), np.float32), [0, 0, 0, 0], None, "up"])
def test_a_misshaped_action_raises_and_changes_nothing(reach: RobotWorld, action: Any) -> None:
    reach.reset(0)
    before = reach.snapshot()
    with pytest.raises(ValueError, match=r"float32 array of shape \(4,\)"):
        reach.step(action)
    assert reach.snapshot() == before


def test_misuse_says_what_to_do() -> None:
    with pytest.raises(UnknownTask, match="did you mean 'pick-place-v3'"):
        RobotWorld("pick-plase-v3")
    with pytest.raises(UnknownOption, match="v2"):
        RobotWorld("reach-v3", reward_version="v3")  # type: ignore[arg-type]
    with pytest.raises(UnknownOption, match="push-v3"):
        RobotWorld("reach-v3", goals=GoalSet("push-v3"))
    world = RobotWorld("reach-v3")
    for use in (lambda: world.step(np.zeros(4, np.float32)), world.snapshot, world.render, lambda: world.observation, lambda: world.target):
        with pytest.raises(ResetNeeded):
            use()
    with pytest.raises(UnknownOption, match="GoalSet"):
        world.reset(0, goal=3)
    with pytest.raises(UnknownOption, match="6 numbers"):
        world.reset(0, goal=np.zeros(3))
    with pytest.raises(UnknownOption, match="0 to 49"):
        RobotWorld("reach-v3", goals=GoalSet("reach-v3")).reset(0, goal=50)


def test_the_reward_of_the_first_version_is_there_too() -> None:
    old, new = RobotWorld("reach-v3", reward_version="v1"), RobotWorld("reach-v3")
    assert np.array_equal(old.reset(0), new.reset(0))
    assert play(old, 1)[0][1] != play(new, 1)[0][1]


def test_all_tasks_have_an_instruction_of_their_own() -> None:
    assert list(INSTRUCTIONS) == list(ALL_V3_ENVIRONMENTS)
    assert len(set(INSTRUCTIONS.values())) == 50
    assert all(20 < len(text) < 120 and text.endswith(".") for text in INSTRUCTIONS.values())


def test_the_versions_are_reported(reach: RobotWorld) -> None:
    assert reach.versions["mujoco"] == mujoco.__version__
    assert reach.versions["metaworld"][0].isdigit()


def test_a_model_is_compiled_once_and_worlds_do_not_share_edits() -> None:
    a, b = RobotWorld("door-open-v3"), RobotWorld("door-open-v3")
    first = a.reset(0)
    b.reset(1)
    assert same(play(a, 5), _again(RobotWorld("door-open-v3"), first))
    assert a._sim.model is not b._sim.model


def _again(world: RobotWorld, first: np.ndarray) -> list[tuple[np.ndarray, float, StepInfo]]:
    assert np.array_equal(world.reset(0), first)
    return play(world, 5)


# ---- experts -----------------------------------------------------------------------------------------------------------------


def episodes(task: str, seeds: range, each: int) -> int:
    world, solved = RobotWorld(task), 0
    for seed in seeds:
        for episode in range(each):
            world.reset(1000 * seed + episode)
            expert = world.expert()
            assert expert is not None
            while world.steps < world.max_steps and not world.success:
                action = expert.act(world.full_observation)
                assert np.abs(action).max() <= 1
                world.step(action)
            solved += world.success
    return solved


@pytest.mark.parametrize("task", ["reach-v3", "drawer-open-v3", "pick-place-v3"])
def test_experts_solve_their_tasks(task: str) -> None:
    assert episodes(task, range(3), 1) == 3


@pytest.mark.slow
def test_experts_solve_97_5_percent_of_450_episodes() -> None:
    solved = {task: episodes(task, range(3), 3) for task in ALL_V3_ENVIRONMENTS}
    assert sum(solved.values()) >= 0.975 * 450, {task: n for task, n in solved.items() if n < 9}


# ---- tasks of one's own ------------------------------------------------------------------------------------------------------------


MODULE = """
import numpy as np
from metaworld.envs.sawyer_reach_v3 import SawyerReachEnvV3

from mtenvs.envs.robot.custom import RobotTask


class ReachLow(SawyerReachEnvV3):
    def reset_model(self):
        super().reset_model()
        self._target_pos = np.array([*self._target_pos[:2], 0.05])
        self.model.site("goal").pos = self._target_pos
        return self._get_obs()


class Reacher:
    def act(self, observation):
        move = 10 * (observation[36:] - observation[:3])
        return np.append(np.clip(move, -1, 1), 0).astype(np.float32)


reach_low = RobotTask(ReachLow, "Lower the gripper to the marker just above the table.", Reacher)


def also_reach_low():
    return reach_low
"""
ENTRY_POINTS = """
[mtenvs.robot_tasks]
reach-low-v0 = my_robot_tasks:reach_low
reach-low-v1 = my_robot_tasks:also_reach_low
broken-v0 = math:pi
reach-v3 = my_robot_tasks:reach_low
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "my_robot_tasks.py").write_text(MODULE, encoding="utf-8")
    info = tmp_path / "my_robot_tasks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-robot-tasks\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    custom.custom_tasks.cache_clear()
    yield
    custom.custom_tasks.cache_clear()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["reach-low-v0", "reach-low-v1"])
def test_a_package_adds_a_task_by_entry_point(reach: RobotWorld, name: str) -> None:
    assert {"reach-low-v0", "reach-low-v1", "broken-v0"} <= set(task_ids())
    world = RobotWorld(name)
    assert world.instruction == "Lower the gripper to the marker just above the table."
    first = world.reset(0)
    reach.reset(0)
    assert np.array_equal(world.goal_vector, reach.goal_vector)
    assert world.target.tolist() == [*reach.target[:2], 0.05]
    assert np.array_equal(first[:18], reach.reset(0)[:18])
    snapshot = world.snapshot()
    played = play(world, 20)
    world.restore(snapshot)
    assert same(played, play(world, 20))
    expert = world.expert()
    assert expert is not None
    while world.steps < 200 and not world.success:
        world.step(expert.act(world.full_observation))
    assert world.success


@pytest.mark.usefixtures("installed")
def test_a_wrong_entry_point_says_what_it_leads_to_and_metaworlds_names_are_taken(reach: RobotWorld) -> None:
    with pytest.raises(DataError, match="'broken-v0' = 'math:pi' must lead to a RobotTask, not to float"):
        RobotWorld("broken-v0")
    assert RobotWorld("reach-v3").instruction == reach.instruction
    with pytest.raises(UnknownTask, match="did you mean 'reach-low-v"):
        RobotWorld("reach-low")
