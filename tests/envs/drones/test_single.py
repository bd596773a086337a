"""The exercises for one drone: conformance, the source's rewards and ends in scripted situations, oracles."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.env import DroneEnv
from mtenvs.envs.drones.pilot import Pilot
from mtenvs.envs.drones.practice import Practice
from mtenvs.envs.drones.single import TARGETS, BackAndForth, HitTheBall, SoloBump
from mtenvs.envs.drones.single_envs import BackAndForthEnv, HitTheBallEnv, SoloBumpEnv
from mtenvs.testing import CHECKS, NotApplicable, factory_of

KINDS: list[type[DroneEnv]] = [BackAndForthEnv, HitTheBallEnv, SoloBumpEnv]
QUICK = [check for check in CHECKS if check.__name__ != "check_async_vector"]  # the catalogue's conformance run has it


@pytest.mark.parametrize("check", QUICK, ids=lambda c: c.__name__)
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_contract(kind: type[DroneEnv], check: Callable[..., None]) -> None:
    try:
        check(factory_of(kind))
    except NotApplicable as e:
        pytest.skip(str(e))


ORACLES = [(kind, "prt") for kind in KINDS] + [(BackAndForthEnv, "ctbr"), (HitTheBallEnv, "ctbr")]


@pytest.mark.parametrize(("kind", "control"), ORACLES, ids=lambda v: getattr(v, "__name__", str(v)))
def test_oracles_reach_the_goal(kind: type[DroneEnv], control: str) -> None:
    for seed in range(2):
        env = kind(control=control, max_turns=450)
        env.reset(seed=seed)
        over = False
        while not over:
            _, _, terminated, truncated, info = env.step(env.next_oracle_action())
            over = terminated or truncated
        assert info["success"]


def moved(drill: Any, **places: Any) -> None:
    """Put drone or ball elsewhere."""
    drill.state = drill.state._replace(
        **{name: np.array(value, np.float32).reshape(getattr(drill.state, name).shape) for name, value in places.items()}
    )


def played(drill: Any, action: Any = None) -> dict[str, float]:
    turn = drill.play(np.array(drill.neutral if action is None else action, np.float32).reshape(1, 1, 4))
    return {name: float(part[0]) for name, part in turn.means().items()} | {"over": bool(turn.terminated[0])}


def test_back_and_forth_pays_nearness_and_flips_after_five_steps() -> None:
    drill = Practice(BackAndForth())
    drill.start([1])
    moved(drill, pos=TARGETS[1])
    for step in range(1, 6):
        got = played(drill)
        assert got["near"] == 2.5 * step
        distance = float(np.linalg.norm(drill.state.pos[0, :, 0] - TARGETS[1]))
        assert got["distance"] == pytest.approx(0.5 / (1 + distance**2) * 0.02 * (50 - step), rel=1e-5)
    assert drill.metrics()["targets_reached"][0] == 1
    assert played(drill)["near"] == 0.0


@pytest.mark.parametrize("place", [(9.0, 4.5, 0.3), (9.0, 4.5, 5.1), (1.0, 4.5, 2.0)], ids=["low", "high", "far"])
def test_back_and_forth_ends_outside(place: tuple[float, float, float]) -> None:
    drill = Practice(BackAndForth())
    drill.start([1])
    moved(drill, pos=place)
    got = played(drill)
    assert got["misbehave"] == -10.0
    assert got["over"]


def test_hit_the_ball_pays_the_hit_and_twice_the_distance() -> None:
    drill = Practice(HitTheBall())
    drill.start([3])
    paid = []
    for _ in range(150):
        got = played(drill)
        paid.append(got)
        if got["hit"]:
            moved(drill, ball_vel=(-1.0, 0.0, 5.0))
        if got["over"]:
            break
    hits = [got["hit"] for got in paid]
    assert sum(hits) == 1.0
    last = paid[-1]
    far = 4.5 - float(drill.state.ball_pos[0, 0])
    assert last["distance"] == pytest.approx(2 * far, abs=1e-4)
    assert drill.metrics()["hit_distance"][0] == pytest.approx(far, abs=1e-4)
    assert 0.0 < drill.score()[0] < 1.0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"pos": (4.5, 0, 0.3)}, "drone_misbehave"),
        ({"pos": (0.0, 0, 2.0)}, "drone_misbehave"),
        ({"ball_pos": (2.0, 0, 0.11)}, "ball_misbehave"),
        ({"ball_pos": (2.0, 0, 16.5)}, "ball_misbehave"),
    ],
    ids=["drone-low", "drone-at-net", "ball-down", "ball-up"],
)
def test_hit_the_ball_faults(change: dict[str, Any], fault: str) -> None:
    drill = Practice(HitTheBall())
    drill.start([3])
    moved(drill, **change)
    got = played(drill)
    assert got[fault] == -10.0
    assert got["over"]


def test_a_second_touch_too_soon_is_wrong() -> None:
    drill = Practice(SoloBump())
    drill.start([3])
    moved(drill, ball_pos=drill.state.pos[0, :, 0] + [0, 0, 0.14], ball_vel=(0, 0, -3.0))
    assert played(drill)["hit"] == 2.0
    moved(drill, ball_pos=drill.state.pos[0, :, 0] + [0, 0, 0.14], ball_vel=(0, 0, -3.0))
    got = played(drill)
    assert got["wrong_hit"] == -10.0
    assert got["hit"] == 0.0
    assert got["over"]


@pytest.mark.parametrize(
    "change",
    [{"pos": (4.5, 0, 2.6)}, {"ball_pos": (4.5, 0, 4.6)}, {"ball_pos": (4.5, 4.7, 3.0)}],
    ids=["drone-high", "ball-high", "ball-out"],
)
def test_solo_bump_faults(change: dict[str, Any]) -> None:
    drill = Practice(SoloBump())
    drill.start([3])
    moved(drill, **change)
    got = played(drill)
    assert got["over"]
    assert got["drone_misbehave"] + got["ball_misbehave"] == -10.0


def test_exploding_numbers_end_a_game_and_no_other() -> None:
    drill = Practice(SoloBump(), 3)
    drill.start([1, 2, 3])
    vel = drill.state.vel.copy()
    vel[0, :, 1] = 1e20
    drill.state = drill.state._replace(vel=vel)
    turn = drill.play(np.tile(drill.neutral, (3, 1, 1)))
    assert turn.terminated.tolist() == [False, True, False]
    assert np.isfinite(drill.observe()).all()


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_wrong_actions(kind: type[DroneEnv]) -> None:
    env = kind()
    env.reset(seed=0)
    for wrong in (np.zeros(3, np.float32), np.zeros(4, np.int64), np.zeros((1, 4), np.float32)):
        with pytest.raises(ValueError, match="floats"):
            env.step(wrong)
    other = kind()
    other.reset(seed=0)
    obs, *_, info = env.step(np.array([np.nan, 0, 0, 0], np.float32))
    same, *_ = other.step(other.idle_action())
    assert info["action_error"].kind == "value"
    np.testing.assert_array_equal(obs["state"], same["state"])


@pytest.mark.parametrize("wrong", [{"control": "rope"}, {"preset": "moon"}, {"image_size": (8, 8), "render_mode": "rgb_array"}], ids=str)
def test_wrong_options(wrong: dict[str, Any]) -> None:
    def use() -> None:
        env = SoloBumpEnv(**wrong)
        env.reset(seed=0)
        env.render()

    with pytest.raises(UnknownOption):
        use()


def test_presets_differ_and_world_seed_decides() -> None:
    first, second = SoloBumpEnv(), SoloBumpEnv(preset="realistic")
    a, _ = first.reset(seed=1, options={"world_seed": 5})
    b, info = first.reset(seed=2, options={"world_seed": 5})
    np.testing.assert_array_equal(a["state"], b["state"])
    assert info["seed"] == 2
    first.reset(seed=1), second.reset(seed=1)
    command = np.array([0.5, 0.2, 0.3, 0.1], np.float32)
    assert (first.step(command)[0]["state"] != second.step(command)[0]["state"]).any()


def test_composed_tasks_begin_anew() -> None:
    env = HitTheBallEnv(task=["hit-the-ball", "hit-the-ball"])
    env.reset(seed=0)
    oracle = partial(env.next_oracle_action)
    for _ in range(400):
        *_, terminated, truncated, info = env.step(oracle())
        if terminated or truncated:
            break
    assert info["success"]
    assert info["turn"] > 150
    assert info["verdict"].checkpoints.keys() == {"1.hit", "1.far", "2.hit", "2.far"}


def test_the_pilot_hovers() -> None:
    drill = Practice(BackAndForth())
    drill.start([4])
    pilot = Pilot(drill.params)
    place = np.array([5.0, 0.5, 2.5])
    for _ in range(200):
        drill.play(pilot.fly(drill.state, 0, place).reshape(1, 1, 4))
    np.testing.assert_allclose(drill.state.pos[0, :, 0], place, atol=0.1)


def test_who_reads_or_looks_finds_the_target() -> None:
    env = BackAndForthEnv(obs_mode="text+vision")
    obs, _ = env.reset(seed=0)
    assert obs["text"].startswith("Target: within 0.60 m of (9.00, 4.50, 2.00).\nYou: player at")
    drill = env.drill
    assert drill.scene().target == pytest.approx((9.0, 4.5, 2.0, 0.6))
    moved(drill, pos=TARGETS[1])
    for _ in range(5):
        obs, *_ = env.step(env.idle_action())
    assert "(4.50, 0.00, 2.00)" in obs["text"].split("\n")[0]
