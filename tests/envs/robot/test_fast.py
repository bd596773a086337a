"""The fast step path gives what metaworld's own classes give, bit by bit, and leaves those classes alone."""

from __future__ import annotations

import importlib
import time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("metaworld", reason="the robot extra is not installed")

from metaworld.utils import reward_utils
from scipy.spatial.transform import Rotation

from mtenvs.envs.robot.experts import ScriptedExpert
from mtenvs.envs.robot.numerics import hstack, norm, quaternion, tolerance
from mtenvs.envs.robot.upstream import ALL_V3_ENVIRONMENTS, mujoco
from mtenvs.envs.robot.world import RobotWorld

pytestmark = pytest.mark.filterwarnings("ignore:Constant")  # the experts' gains, see experts.py
SAMPLE = (
    "pick-place-v3",
    "soccer-v3",
    "door-open-v3",
    "assembly-v3",
    "basketball-v3",
    "stick-pull-v3",
    "window-close-v3",
    "faucet-open-v3",
)
"""One task of each kind of reset, reward and object reading."""
STATE = mujoco.mjtState.mjSTATE_INTEGRATION


def original(task: str, vector: np.ndarray, *, visible: bool, **options: Any) -> Any:
    """metaworld's own env with that start, reset as metaworld resets it."""
    if tuple(map(int, mujoco.__version__.split(".")[:2])) >= (3, 17):
        pytest.skip("metaworld's own envs do not start with this mujoco")
    env: Any = ALL_V3_ENVIRONMENTS[task](**options)
    env._set_task_called, env._freeze_rand_vec, env._last_rand_vec = True, True, vector
    env._partially_observable = not visible
    del env.sawyer_observation_space
    return env


def state_of(env: Any) -> np.ndarray:
    state = np.empty(mujoco.mj_stateSize(env.model, STATE))
    mujoco.mj_getState(env.model, env.data, state, STATE)
    return state


def compare(task: str, steps: int, *, visible: bool = True, version: str = "v2", seed: int = 5) -> None:
    world = RobotWorld(task, goal_observable=visible, reward_version=version)  # type: ignore[arg-type]
    world.reset(seed)
    vector, random = world.goal_vector, np.random.default_rng(1)
    peer = original(task, vector, visible=visible, reward_function_version=version)
    expert = ScriptedExpert(task)
    for kind in ("random", "expert"):
        theirs, _ = peer.reset()
        assert np.array_equal(world.reset(seed), theirs), f"{task}: first observation"
        assert np.array_equal(state_of(world._sim), state_of(peer)), f"{task}: first state"
        for i in range(steps):
            action = random.uniform(-1, 1, 4).astype(np.float32) if kind == "random" else expert.act(world.full_observation)
            ours, reward, info = world.step(action)
            theirs, their_reward, _, _, their_info = peer.step(action)
            place = f"{task}, {kind} step {i}"
            assert reward == their_reward, place
            assert np.array_equal(ours, theirs), place
            assert {k: float(v) for k, v in info.metrics.items()} == {k: float(v) for k, v in their_info.items()}, place
        assert np.array_equal(state_of(world._sim), state_of(peer)), f"{task}: last state"
        peer = original(task, vector, visible=visible, reward_function_version=version)  # its model keeps the edits of resets


@pytest.mark.parametrize("task", SAMPLE)
def test_a_sample_of_tasks_is_bit_equal_to_metaworld(task: str) -> None:
    compare(task, 100)


@pytest.mark.slow
@pytest.mark.parametrize("task", ALL_V3_ENVIRONMENTS)
def test_every_task_is_bit_equal_to_metaworld(task: str) -> None:
    compare(task, 300)
    compare(task, 60, visible=False, seed=6)
    compare(task, 60, version="v1", seed=7)


def test_metaworlds_own_modules_are_untouched() -> None:
    RobotWorld("pick-place-v3").reset(0)
    module: Any = importlib.import_module("metaworld.envs.sawyer_pick_place_v3")
    assert module.np is np
    assert module.reward_utils is reward_utils
    assert module.Rotation is Rotation
    assert type(original("pick-place-v3", np.zeros(6), visible=True)).__mro__[0].__module__ == module.__name__


def test_steps_cost_less_than_metaworlds() -> None:
    world = RobotWorld("soccer-v3")
    world.reset(0)
    peer = original("soccer-v3", world.goal_vector, visible=True)
    peer.reset()
    action = np.array([0.1, 0.2, -0.3, 0.5], np.float32)
    spent = np.zeros(2)
    for _ in range(10):
        for side, step in enumerate((world.step, peer.step)):
            began = time.process_time()
            for _ in range(20):
                step(action)
            spent[side] += time.process_time() - began
    assert spent[0] < 0.8 * spent[1]  # 0.35 on a quiet machine


FLOATS = st.floats(-10, 10, allow_subnormal=False)


@settings(max_examples=300, deadline=None)
@given(st.lists(FLOATS, min_size=4, max_size=4).filter(lambda q: sum(x * x for x in q) > 0.01))
def test_quaternions_are_scipys(numbers: list[float]) -> None:
    q = np.array(numbers) / np.linalg.norm(numbers)
    matrix = np.empty(9)
    mujoco.mju_quat2Mat(matrix, q)
    assert np.array_equal(quaternion(matrix), Rotation.from_matrix(matrix.reshape(3, 3)).as_quat())


@settings(max_examples=500, deadline=None)
@given(
    x=st.floats(-3, 3) | st.floats(0, 0.1),
    low=st.floats(0, 0.05),
    width=st.floats(0, 0.1),
    margin=st.just(0.0) | st.floats(1e-6, 2),
    sigmoid=st.sampled_from(["long_tail", "gaussian", "linear", "reciprocal"]),
    as_numpy=st.booleans(),
)
def test_tolerance_is_dm_controls(*, x: float, low: float, width: float, margin: float, sigmoid: Any, as_numpy: bool) -> None:
    value: Any = np.float64(x) if as_numpy else x
    bounds = (low, low + width)
    ours = tolerance(value, bounds=bounds, margin=np.float64(margin), sigmoid=sigmoid)
    theirs = reward_utils.tolerance(value, bounds=bounds, margin=np.float64(margin), sigmoid=sigmoid)
    assert ours == theirs
    assert type(ours) is type(theirs)


def test_tolerance_refuses_what_dm_controls_refuses() -> None:
    for bounds, margin, sigmoid in (((1.0, 0.0), 1.0, "long_tail"), ((0.0, 0.1), -1.0, "long_tail"), ((0.0, 0.1), 1.0, "no such")):
        with pytest.raises(ValueError, match=r".+"):
            tolerance(0.5, bounds=bounds, margin=margin, sigmoid=sigmoid)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.sampled_from([np.float64, np.float32]), st.booleans())
def test_norm_is_numpys(numbers: list[float], dtype: Any, strided: bool) -> None:
    x = np.array([numbers, numbers], dtype).T[:, 0] if strided else np.array(numbers, dtype)
    ours, theirs = norm(x), np.linalg.norm(x)
    assert ours == theirs
    assert type(ours) is type(theirs)
    assert norm([3.0, 4.0]) == 5.0
    assert norm(np.array([3.0, 4.0]), ord=1) == 7.0


def test_hstack_is_numpys() -> None:
    a, b = np.arange(3.0), np.float64(2)
    for parts in ((a, a), (b, b), (a, b), (a, 1.5), [a, b], (a[None], a[None]), (1, 2)):
        assert np.array_equal(hstack(parts), np.hstack(parts))  # type: ignore[arg-type]
