"""Meta-World as a user meets it: through `gymnasium.make`, `reset` and `step`."""

from __future__ import annotations

import io
from typing import Any

import gymnasium
import numpy as np
import pytest

import mtenvs
from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.policies.human import HumanPolicy

pytest.importorskip("metaworld")


def make(**kwargs: Any) -> Any:
    return mtenvs.make("MetaWorld", **{"task": "reach-v3", **kwargs}).unwrapped


def play(env: Any) -> tuple[float, dict[str, Any]]:
    total, ended = 0.0, False
    info: dict[str, Any] = {}
    while not ended:
        _, reward, terminated, truncated, info = env.step(env.next_oracle_action())
        total += reward
        ended = terminated or truncated
    return total, info


def test_the_expert_reaches_the_goal_and_the_return_is_told() -> None:
    env = make()
    obs, _ = env.reset(seed=3)
    assert obs["state"].shape == (39,)
    assert obs["state"].dtype == np.float64
    total, info = play(env)
    assert info["stop_reason"] == "goal_reached"
    assert info["success"]
    assert info["verdict"].metrics["return"] == pytest.approx(total)
    assert info["mujoco_version"].count(".") == 2


def test_playing_on_after_success_tells_ever_and_at_end_apart() -> None:
    env = make(stop_on_success=False, max_turns=120)
    env.reset(seed=3)
    _, info = play(env)
    assert info["stop_reason"] == "max_turns"
    assert info["success"]
    assert isinstance(info["success_at_end"], bool)


def test_same_seed_same_episode_different_seed_different_goal() -> None:
    first, second, third = make(), make(), make()
    a, b, c = first.reset(seed=1)[0], second.reset(seed=1)[0], third.reset(seed=2)[0]
    assert np.array_equal(a["state"], b["state"])
    assert not np.array_equal(a["state"], c["state"])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_is_an_action_error_and_the_arm_stays(bad: float) -> None:
    env, still = make(), make()
    env.reset(seed=0)
    still.reset(seed=0)
    obs, _, _, _, info = env.step(np.array([1, bad, 0, 0], np.float32))
    neutral, _, _, _, _ = still.step(np.zeros(4, np.float32))
    assert info["action_error"].kind == "value"
    assert np.array_equal(obs["state"], neutral["state"])


@pytest.mark.parametrize(
    "bad", [np.zeros(3, np.float32), np.zeros((1, 4), np.float32), np.zeros(4, int), "move", None, np.array(["a"] * 4)]
)
def test_wrong_shape_or_dtype_raises(bad: Any) -> None:
    env = make()
    env.reset(seed=0)
    with pytest.raises(ValueError, match="4 floats"):
        env.step(bad)


def test_a_language_policy_plays_in_a_few_turns() -> None:
    env = make(task="pick-place-v3", control="skills")
    obs, _ = env.reset(seed=0)
    assert "puck" in obs["text"]
    total, info = play(env)
    assert info["success"]
    assert info["turn"] <= 12
    assert total == 1


@pytest.mark.parametrize(
    "call", ["move_to(9, 9, 9)", "move_to(nan, 0, 0)", "fly()", "grasp(force=5)", "move_above('moon')", "move_to(0.1)"]
)
def test_a_bad_skill_moves_nothing(call: str) -> None:
    env = make(control="skills")
    env.reset(seed=0)
    steps = env.world.steps
    _, _, _, _, info = env.step(call)
    assert info["action_error"] is not None
    assert env.world.steps == steps


def test_a_person_can_steer_with_keys() -> None:
    venv = mtenvs.make_vec("mtenvs/MetaWorld-v0", 1, task="reach-v3", max_turns=4, obs_mode="all")
    (episode,) = mtenvs.rollout(venv, HumanPolicy(venv, reading=io.StringIO("d\nw\nr\ng\n"), writing=io.StringIO()), 1)
    assert [list(turn.action) for turn in episode.turns] == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    env = make()
    assert all(env.action_space.contains(action) for action in env.get_keys_to_action().values())
    assert make(control="skills").get_keys_to_action() == {}


def test_benchmarks_spread_over_a_batch() -> None:
    venv = gymnasium.make_vec("mtenvs/MetaWorld-v0", num_envs=12, benchmark="MT10", task_one_hot=True)
    obs, info = venv.reset(seed=0)
    assert obs["state"].shape == (12, 49)
    assert list(info["task_id"][:2]) == ["reach-v3", "push-v3"]
    assert info["task_id"][10] == info["task_id"][0]
    assert np.array_equal(obs["state"][:, 39:].argmax(1), np.arange(12) % 10)
    venv.close()


def test_ml_hides_the_goal_and_its_splits_differ() -> None:
    train, test = make(benchmark="ML1", split="train"), make(benchmark="ML1", split="test")
    a, b = train.reset(seed=0)[0]["state"], test.reset(seed=0)[0]["state"]
    assert not a[36:].any()
    assert not np.array_equal(train.world.target, test.world.target)
    assert not b[36:].any()


def test_a_goal_of_a_benchmark_can_be_named() -> None:
    env = make(benchmark="MT10", task="reach-v3/7")
    first = env.reset(seed=0)[0]["state"]
    second = env.reset(seed=99)[0]["state"]
    assert np.array_equal(first[36:], second[36:])


def test_pictures_have_the_size_and_camera_asked_for() -> None:
    env = make(obs_mode="vision", camera="topview", image_size=(96, 64))
    obs, _ = env.reset(seed=0)
    assert obs["image"].shape == (64, 96, 3)
    assert obs["image"].std() > 5


def test_snapshot_goes_on_exactly_with_skills_too() -> None:
    env = make(task="drawer-open-v3", control="skills")
    env.reset(seed=4)
    env.step(env.next_oracle_action())
    saved = env.snapshot()
    calls = ["move_by(0.05, 0, 0)", "grasp()", "move_by(0, 0, -0.03)"]
    first = [env.step(call)[0]["text"] for call in calls]
    env.restore(saved)
    assert [env.step(call)[0]["text"] for call in calls] == first


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"task": "fly-v3"}, UnknownTask),
        ({"benchmark": "MT7"}, UnknownOption),
        ({"benchmark": "MT10", "split": "test"}, UnknownOption),
        ({"benchmark": "MT10", "task": "hammer-v3"}, UnknownTask),
        ({"camera": "selfie"}, UnknownOption),
        ({"control": "mind"}, UnknownOption),
        ({"render_quality": "ultra"}, UnknownOption),
        ({"reward_version": "v9"}, UnknownOption),
    ],
)
def test_mistakes_of_the_programmer_are_typed(kwargs: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make(**kwargs).reset(seed=0)
