"""Contacts inside a step: nothing tunnels, faces are told apart, the net of a preset is solid, the ground stops drones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mtenvs.envs.drones.control import trim, trim_throttle
from mtenvs.envs.drones.params import PRESETS, CourtParams, Preset
from mtenvs.envs.drones.physics import State, step

SOURCE, REAL = PRESETS["volleybots"], PRESETS["realistic"]


def scene(ball: Any, velocity: Any, params: Preset = SOURCE, drone: Any = (0.0, 0.0, 2.0)) -> State:
    """One level, hovering drone and a ball."""
    zero = np.zeros((1, 3, 1))
    place, quat = zero + np.array(drone, float)[None, :, None], np.zeros((1, 4, 1))
    quat[:, 0] = 1.0
    throttle = trim_throttle(params)[None, :, None] * np.ones((1, 1, 1))
    pos, vel = np.array(ball, float)[:, None], np.array(velocity, float)[:, None]
    return State(place, quat, zero, zero, throttle, pos, vel, np.zeros(1))


def fly(state: State, steps: int = 1, params: Preset = SOURCE) -> tuple[State, list[Any]]:
    command = trim(params)[None, :, None] * np.ones((1, 1, 1))
    seen = []
    for _ in range(steps):
        state, contacts = step(state, command, params)
        seen.append(contacts)
    return state, seen


def many(ball: Any, velocity: Any, params: Preset, drone: Any = (0.0, 0.0, 2.0)) -> State:
    """The scene once per column of (3, games) places and velocities."""
    games = ball.shape[-1]
    one = scene((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), params, drone)
    whole = State(*(np.repeat(part, games, axis=-1) for part in one))
    return whole._replace(ball_pos=ball, ball_vel=velocity)


def test_no_ball_passes_through_a_racket() -> None:
    rng = np.random.default_rng(0)
    speed, gap = rng.uniform(1.0, 28.0, 500), rng.uniform(0.02, 0.9, 500)
    x, y, lean = rng.uniform(-0.13, 0.13, 500), rng.uniform(-0.13, 0.13, 500), rng.uniform(-0.3, 0.3, 500)
    calm = replace(SOURCE, gravity=1e-9, drone=replace(SOURCE.drone, lag=0.0))
    state = many(np.stack([x - lean * gap, y, 2.1 + gap]), np.stack([lean * speed, y * 0.0, -speed]), calm)
    state = state._replace(throttle=state.throttle * 0.0)
    hit = np.zeros(500, bool)
    for _ in range(46):
        state, contacts = step(state, -np.ones((1, 4, 500)), calm)
        hit |= contacts.hit[0]
        assert not contacts.body.any()
    assert hit.all()
    assert (state.ball_vel[2] > state.vel[0, 2]).all()


def test_the_time_of_a_hit_is_that_of_the_touch() -> None:
    state = scene((0.0, 0.0, 2.2), (0.0, 0.0, -10.0))
    _, (contacts,) = fly(state)
    touch = (-10.0 + np.sqrt(100.0 + 2 * 9.81 * 0.1)) / 9.81
    assert contacts.when[0] * 0.02 == pytest.approx(touch, abs=1e-4)


@pytest.mark.parametrize(
    ("ball", "velocity", "kind"),
    [
        ((0.0, 0.0, 2.14), (0.0, 0.0, -5.0), "hit"),
        ((0.19, 0.0, 2.14), (0.0, 0.0, -5.0), "hit"),
        ((0.22, 0.0, 2.14), (0.0, 0.0, -5.0), "body"),
        ((0.0, 0.0, 1.86), (0.0, 0.0, 5.0), "body"),
        ((0.30, 0.0, 2.0), (-5.0, 0.0, 0.1), "body"),
        ((0.27, 0.0, 2.14), (0.0, 0.0, -5.0), ""),
        ((0.0, 0.0, 2.14), (0.0, 0.0, 5.0), ""),
        ((0.30, 0.0, 2.0), (5.0, 0.0, 0.0), ""),
    ],
    ids=["centre", "edge", "arm", "underside", "side", "beside", "leaving-up", "leaving-aside"],
)
def test_faces_are_told_apart(ball: Any, velocity: Any, kind: str) -> None:
    _, (contacts,) = fly(scene(ball, velocity))
    assert bool(contacts.hit[0, 0]) == (kind == "hit")
    assert bool(contacts.body[0, 0]) == (kind == "body")


def test_a_tilted_racket_sends_the_ball_where_it_faces() -> None:
    state = scene((0.0, 0.0, 2.14), (0.0, 0.0, -5.0))
    half = np.radians(15.0) / 2
    state.quat[0, :, 0] = np.cos(half), 0.0, np.sin(half), 0.0
    after, (contacts,) = fly(state)
    assert contacts.hit[0, 0]
    assert after.ball_vel[0, 0] > 1.0
    assert after.ball_vel[1, 0] == pytest.approx(0.0, abs=1e-9)


def test_a_racket_that_moves_adds_its_speed() -> None:
    still, moving = scene((0.0, 0.0, 2.14), (0.0, 0.0, -5.0)), scene((0.0, 0.0, 2.14), (0.0, 0.0, -5.0))
    moving.vel[0, 2, 0] = 1.0
    slow, fast = fly(still)[0], fly(moving)[0]
    gain = (1.0 + 0.8) / (1.0 + 0.005 / 1.52)
    assert fast.ball_vel[2, 0] - slow.ball_vel[2, 0] == pytest.approx(gain, rel=0.02)


def test_a_ball_comes_to_rest_on_the_ground() -> None:
    state, _ = fly(scene((2.0, 0.0, 1.0), (0.0, 0.0, 0.0)), 300)
    assert state.ball_pos[2, 0] == pytest.approx(0.1)
    assert state.ball_vel[2, 0] == 0.0


def test_no_ball_passes_a_solid_net() -> None:
    rng = np.random.default_rng(0)
    speed, side = rng.uniform(0.5, 30.0, 500), rng.choice([-1.0, 1.0], 500)
    y, z = rng.uniform(-2.9, 2.9, 500), rng.uniform(1.8, 2.35, 500)
    params = replace(REAL.on(CourtParams()), gravity=0.01)
    state = many(np.stack([side * 0.45, y, z]), np.stack([-side * speed, y * 0.0, y * 0.0]), params, (5.0, 5.0, 50.0))
    net = np.zeros(500, bool)
    for _ in range(50):
        state, contacts = step(state, -np.ones((1, 4, 500)), params)
        net |= contacts.ball_net
    assert net.all()
    assert (state.ball_pos[0] * side > 0.0).all()


@pytest.mark.parametrize(("y", "z"), [(0.0, 2.6), (0.0, 1.5), (3.2, 2.0)], ids=["over", "under", "beside"])
def test_a_solid_net_has_ends(y: float, z: float) -> None:
    params = REAL
    state, seen = fly(scene((0.3, y, z), (-6.0, 0.0, 0.5), params, (5.0, 5.0, 50.0)), 8, params)
    assert not any(contacts.ball_net[0] for contacts in seen)
    assert state.ball_pos[0, 0] < 0.0


def test_the_net_of_the_source_is_no_obstacle() -> None:
    state, _ = fly(scene((0.3, 0.0, 2.0), (-6.0, 0.0, 0.5), drone=(5.0, 5.0, 50.0)), 8)
    assert state.ball_pos[0, 0] < 0.0


def test_a_drone_that_falls_lies_on_the_ground() -> None:
    state = scene((5.0, 5.0, 50.0), (0.0, 0.0, 0.0), drone=(0.0, 0.0, 1.0))
    for _ in range(100):
        state, contacts = step(state, -np.ones((1, 4, 1)), SOURCE)
    assert contacts.drone_ground[0, 0]
    assert state.pos[0, 2, 0] == pytest.approx(0.05)
    assert np.abs(state.vel).max() == 0.0


def test_a_drone_below_another_is_pushed_down() -> None:
    above = scene((5.0, 5.0, 50.0), (0.0, 0.0, 0.0))
    pair = State(*(np.concatenate([part, part]) if part.ndim == 3 else part for part in above))
    pair.pos[1, 2, 0] = 1.0
    command = np.broadcast_to(trim()[None, :, None], (2, 4, 1))
    after, _ = step(pair, command, SOURCE)
    assert after.vel[0, 2, 0] == pytest.approx(0.0, abs=1e-9)
    assert after.vel[1, 2, 0] == pytest.approx(-9.81 * 0.02 / 1.3**2, rel=1e-3)
    calm, _ = step(pair, command, replace(SOURCE, drone=replace(SOURCE.drone, downwash=False)))
    assert calm.vel[1, 2, 0] == pytest.approx(0.0, abs=1e-9)


def test_linear_drag_is_an_option() -> None:
    params = replace(SOURCE, drone=replace(SOURCE.drone, drag=0.5))
    state = scene((5.0, 5.0, 50.0), (0.0, 0.0, 0.0))
    state.vel[0, 0, 0] = 2.0
    after, _ = fly(state, 50, params)
    assert after.vel[0, 0, 0] == pytest.approx(2.0 * np.exp(-0.5), rel=1e-6)
