"""Benchmarks: the package's tasks, goals of their own for each split, drawn lazily; and the evaluation protocols."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import numpy as np
import pytest

pytest.importorskip("metaworld", reason="the robot extra is not installed")

from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.envs.robot.benchmarks import BENCHMARKS, make_world, one_hot, task_goals, tasks_of
from mtenvs.envs.robot.evaluation import evaluate_metalearning, evaluate_multitask
from mtenvs.envs.robot.experts import ScriptedExpert
from mtenvs.envs.robot.goals import GoalSet
from mtenvs.envs.robot.upstream import env_dict
from mtenvs.envs.robot.world import RobotWorld

pytestmark = pytest.mark.filterwarnings("ignore:Constant")  # the experts' gains, see experts.py
SIZES = {"MT1": 50, "MT10": 10, "MT25": 25, "MT50": 50, "ML1": 50, "ML10": 10, "ML25": 25, "ML45": 45}


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_the_tasks_are_the_packages(benchmark: str) -> None:
    names = tasks_of(benchmark)
    assert len(names) == len(set(names)) == SIZES[benchmark]
    if benchmark.startswith("ML"):
        test = tasks_of(benchmark, "test")
        assert list(test) == list(getattr(env_dict, f"{benchmark}_V3")["test"])
        shared = {"ML1": set(names), "ML25": {"basketball-v3"}}.get(benchmark, set())
        assert set(names) & set(test) == shared
    else:
        with pytest.raises(UnknownOption, match="no test split"):
            tasks_of(benchmark, "test")


def test_one_task_can_be_named() -> None:
    assert tasks_of("MT1", task="door-open-v3") == tasks_of("ML1", "test", "door-open-v3") == ("door-open-v3",)
    with pytest.raises(UnknownTask, match="not a train task of MT10"):
        tasks_of("MT10", task="hammer-v3")
    with pytest.raises(UnknownTask, match="did you mean"):
        tasks_of("MT1", task="hamer-v3")
    with pytest.raises(UnknownOption, match="MT10"):
        tasks_of("MT11")
    with pytest.raises(UnknownOption, match="split"):
        tasks_of("ML10", "val")


def goals_of(world: RobotWorld, count: int) -> set[tuple[float, ...]]:
    found = set()
    for i in range(count):
        world.reset(0, goal=i)
        found.add(tuple(world.goal_vector))
    return found


def test_ml1_trains_and_tests_on_different_goals() -> None:
    train, test = (goals_of(make_world("ML1", "reach-v3", split), 50) for split in ("train", "test"))
    assert len(train) == len(test) == 50
    assert not train & test


def test_goals_depend_on_benchmark_seed_and_number_only() -> None:
    first = goals_of(make_world("MT10", "push-v3"), 4)
    assert first == goals_of(make_world("MT10", "push-v3"), 4)
    assert not first & goals_of(make_world("MT10", "push-v3", seed=1), 4)
    assert not first & goals_of(make_world("MT50", "push-v3"), 4)
    world = make_world("MT10", "push-v3")
    world.reset(123, goal=3)
    assert tuple(world.goal_vector) in first


def test_goals_keep_the_tasks_own_distance() -> None:
    world = make_world("MT1", "pick-place-v3")
    for start in goals_of(world, 50):
        assert np.linalg.norm(np.array(start[:2]) - start[3:5]) >= 0.15


def test_the_seed_picks_among_all_goals() -> None:
    goals = task_goals("MT10", "reach-v3")
    assert len({goals.choose(seed) for seed in range(1000)}) == len(goals) == 50


def test_goal_sets_refuse_nonsense() -> None:
    with pytest.raises(UnknownOption, match="split"):
        GoalSet("reach-v3", "val")  # type: ignore[arg-type]
    with pytest.raises(UnknownOption, match="size"):
        GoalSet("reach-v3", size=0)


def test_ml_hides_the_goal_and_mt_shows_it() -> None:
    assert make_world("MT10", "reach-v3").reset(0)[36:].any()
    assert not make_world("ML10", "reach-v3").reset(0)[36:].any()


def test_a_world_of_mt50_is_made_and_reset_in_two_seconds() -> None:
    began = time.process_time()
    make_world("MT50", "hammer-v3").reset(0)
    assert time.process_time() - began < 2


def test_the_one_hot_names_the_task() -> None:
    assert one_hot("push-v3", tasks_of("MT10")).tolist() == [0, 1] + [0] * 8


class Oracle:
    """The scripted expert, told the task and the goal by `begin`."""

    def begin(self, world: RobotWorld) -> None:
        self.world, self.expert = world, ScriptedExpert(world.task)

    def __call__(self, observation: np.ndarray) -> np.ndarray:
        assert np.array_equal(observation[:36], self.world.observation[:36])
        return self.expert.act(self.world.full_observation)


def test_the_multitask_protocol_finds_the_expert_successful() -> None:
    found = evaluate_multitask(Oracle(), "MT10", task="reach-v3", episodes=4)
    assert (found.success, found.success_at_end, found.episodes) == (1.0, 1.0, 4)
    assert found.tasks["reach-v3"]["mean_return"] == found.mean_return > 0
    assert found.versions == RobotWorld.versions


def test_an_idle_policy_fails_and_sees_the_one_hot() -> None:
    seen = set()

    def idle(observation: np.ndarray) -> list[float]:
        seen.add((observation.shape, int(observation[39:].argmax())))
        return [0.0] * 4

    found = evaluate_multitask(idle, "MT10", task="push-v3", episodes=1, task_one_hot=True)
    assert (found.success, found.success_at_end) == (0.0, 0.0)
    assert seen == {((49,), 1)}


def test_playing_on_after_success_shows_what_does_not_last() -> None:
    found = evaluate_multitask(Oracle(), "MT1", task="handle-press-v3", episodes=3, stop_on_success=False)
    assert found.success == 1.0
    assert found.success_at_end < 1.0


class Learner(Oracle):
    """Counts what the meta-learning protocol asks of it."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.goals: list[tuple[float, ...]] = []

    def begin(self, world: RobotWorld) -> None:
        super().begin(world)
        self.asked["begin"] += 1
        self.goals.append(tuple(world.goal_vector))

    def forget(self, world: RobotWorld) -> None:
        assert not world.goal_observable
        self.asked["forget"] += 1

    def learn(self, before: np.ndarray, action: np.ndarray, reward: float, after: np.ndarray, done: Any) -> None:
        assert (before.shape, action.shape, after.shape) == ((39,), (4,), (39,))
        assert reward >= 0
        self.asked["learn"] += 1
        self.asked["done"] += done

    def adapt(self) -> None:
        self.asked["adapt"] += 1


def test_the_metalearning_protocol_adapts_and_then_counts() -> None:
    learner = Learner()
    found = evaluate_metalearning(learner, "ML1", task="reach-v3", evals=2, adaptation_episodes=2, episodes=3)
    assert (found.success, found.episodes) == (1.0, 6)
    assert learner.asked == {"forget": 2, "begin": 10, "learn": 2000, "done": 4, "adapt": 2}
    assert learner.goals[:5] == [learner.goals[0]] * 5
    assert len(set(learner.goals)) == 2


def test_protocols_refuse_the_wrong_benchmark() -> None:
    with pytest.raises(UnknownOption, match="evaluate_metalearning"):
        evaluate_multitask(Oracle(), "ML10")
    with pytest.raises(UnknownOption, match="evaluate_multitask"):
        evaluate_metalearning(Oracle(), "MT10")
    with pytest.raises(UnknownOption, match="task="):
        evaluate_metalearning(Oracle(), "ML1")
