"""What drones see: the source's layouts, and the same picture from both sides."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mtenvs.envs.drones.control import trim_throttle
from mtenvs.envs.drones.engine import VolleyEngine


def flown(teams: str, steps: int = 15, **options: Any) -> VolleyEngine:
    engine = VolleyEngine(teams=teams, games=3, dtype="float64", **options)
    engine.reset(seed=4)
    rng = np.random.default_rng(0)
    for _ in range(steps):
        engine.step(np.array(engine.setup.neutral) + rng.uniform(-0.3, 0.3, (3, engine.drones, 4)))
    return engine


@pytest.mark.parametrize(("teams", "numbers"), [("1v1", 37), ("3v3", 57), ("6v6", 78)])
def test_dimensions_are_those_of_the_source(teams: str, numbers: int) -> None:
    engine = VolleyEngine(teams=teams, games=2)
    obs = engine.reset(seed=0)
    assert obs.shape == (2, engine.drones, numbers)
    assert obs.dtype == np.float32
    assert engine.obs_size == numbers
    assert np.isfinite(obs).all()


def test_a_layout_of_3v3_number_by_number() -> None:
    engine = flown("3v3", random_serve=False)
    obs, state = engine.observe()[1], engine.state
    near = obs[1]
    assert near[:3] == pytest.approx(state.pos[1, :, 1])
    assert near[3:7] == pytest.approx(state.quat[1, :, 1] * np.sign(state.quat[1, 0, 1]))
    assert near[7:10] == pytest.approx(state.vel[1, :, 1])
    w, x, y, z = state.quat[1, :, 1]
    heading = [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)]
    up = [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)]
    left = np.cross(up, heading)
    assert near[10:13] == pytest.approx(np.array([heading, left, up]).T @ state.omega[1, :, 1])
    assert near[13:16] == pytest.approx(heading)
    assert near[16:19] == pytest.approx(up)
    assert near[19:23] == pytest.approx(2 * state.throttle[1, :, 1] - 1)
    assert near[23:26] == pytest.approx(state.pos[1, :, 1] - [3.0, 1.5, 2.0])
    assert near[26:29] == pytest.approx(state.ball_pos[:, 1] - state.pos[1, :, 1])
    assert near[29:32] == pytest.approx(state.ball_vel[:, 1])
    assert near[32:34].tolist() == [1.0, 0.0]
    assert near[34:37].tolist() == [0.0, 1.0, 0.0]
    assert near[37:39].tolist() == [0.0, 1.0]
    assert obs[2, 37:39].tolist() == [1.0, 0.0]
    assert near[39:] == pytest.approx(state.pos[..., 1].ravel())
    mirrored = state.pos[[3, 4, 5, 0, 1, 2], :, 1] * [-1, -1, 1]
    assert obs[4, 39:] == pytest.approx(mirrored.ravel())
    assert obs[4, 32:37].tolist() == [0.0, 1.0, 0.0, 1.0, 0.0]


def test_a_layout_of_1v1() -> None:
    engine = flown("1v1", 5, random_serve=False)
    obs, state = engine.observe()[2], engine.state
    assert obs[0, 26:29] == pytest.approx(state.pos[1, :, 2] - state.pos[0, :, 2])
    assert obs[0, 29:32] == pytest.approx(state.pos[0, :, 2] - state.ball_pos[:, 2])
    assert obs[0, 35:].tolist() == [1.0, 0.0]
    assert obs[1, 35:].tolist() == [0.0, 1.0]


@pytest.mark.parametrize("teams", ["1v1", "3v3", "6v6"])
def test_both_teams_see_the_same_when_the_court_is_turned(teams: str) -> None:
    engine = flown(teams, 20)
    here = engine.observe()
    size, world = engine.size, engine.world
    order = [*range(size, 2 * size), *range(size)]
    half = np.array([-1.0, -1.0, 1.0])[None, :, None]
    state = world.state
    w, x, y, z = (state.quat[order, i] for i in range(4))
    engine.state = state._replace(
        pos=state.pos[order] * half,
        quat=np.stack([-z, -y, x, w], 1),
        vel=state.vel[order] * half,
        omega=state.omega[order],
        throttle=state.throttle[order],
        ball_pos=state.ball_pos * half[0],
        ball_vel=state.ball_vel * half[0],
    )
    rules = world.rules
    engine.rules = rules._replace(side=1 - rules.side, turn=1 - rules.turn, blocked=rules.blocked[order])
    assert engine.observe()[:, order] == pytest.approx(here, abs=1e-12)


def test_both_teams_see_the_same_at_the_start() -> None:
    engine = VolleyEngine(teams="3v3", games=2, random_serve=False, dtype="float64")
    obs = engine.reset(seed=0)[0]
    assert obs[0, :26] == pytest.approx(obs[3, :26])
    assert obs[0, 3:7].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert obs[0, 19:23] == pytest.approx(2 * trim_throttle() - 1)


def test_quaternions_have_a_scalar_part_that_is_not_negative() -> None:
    engine = flown("3v3", 5)
    engine.state.quat[:, :, 0] *= -1.0
    assert (engine.observe()[..., 3] >= 0.0).all()
