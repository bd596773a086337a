"""Trim and the rate controller."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.control import MAX_RATE, RateState, rate_state, rates_to_rotors, rotors_to_rates, trim, trim_throttle
from mtenvs.envs.drones.engine import VolleyEngine
from mtenvs.envs.drones.params import PRESETS
from mtenvs.envs.drones.physics import step


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(PRESETS))
def test_body_rates_are_followed(name: str, axis: int) -> None:
    engine = VolleyEngine(name, "1v1", 1, dtype="float64", control="ctbr")
    engine.reset(seed=0)
    engine.state.quat[:] = np.array([1.0, 0.0, 0.0, 0.0])[None, :, None]
    engine.state.pos[:, 2] = 90.0
    wanted = 0.1 if axis == 2 else 0.3
    command = np.zeros((1, 2, 4))
    command[..., 3] = engine.setup.neutral[3]
    command[..., axis] = wanted
    for _ in range(200 if axis == 2 else 12):  # yaw is slow: rotors have little drag to turn a drone by
        engine.rules.done[:] = False
        engine.step(command)
    rates = np.degrees(engine.state.omega[:, axis, 0])
    assert rates == pytest.approx(wanted * MAX_RATE, rel=0.25)
    others = [other for other in range(3) if other != axis]
    assert np.abs(np.degrees(engine.state.omega[:, others, 0])).max() < 3.0


def test_more_thrust_climbs() -> None:
    engine = VolleyEngine("realistic", "1v1", 1, dtype="float64", control="ctbr")
    engine.reset(seed=0)
    command = np.array([[[0, 0, 0, 0.6], [0, 0, 0, -0.2]]])
    for _ in range(10):
        engine.step(command)
    assert engine.state.vel[0, 2, 0] > 0.2
    assert engine.state.vel[1, 2, 0] < -0.2


def test_commands_beyond_the_range_are_clipped() -> None:
    omega = np.zeros((1, 3, 1))
    params = PRESETS["volleybots"]
    wild, _ = rates_to_rotors(np.full((1, 4, 1), 7.0), omega, rate_state(omega), params)
    full, _ = rates_to_rotors(np.full((1, 4, 1), 1.0), omega, rate_state(omega), params)
    assert (wild == full).all()
    engine = VolleyEngine(teams="1v1")
    engine.reset(seed=0)
    one, _ = step(engine.state, np.full((2, 4, 1), 9.0, np.float32), params)
    two, _ = step(engine.state, np.full((2, 4, 1), 1.0, np.float32), params)
    assert (one.throttle == two.throttle).all()


def test_rotors_go_43_percent_of_the_way_in_a_step() -> None:
    engine = VolleyEngine(teams="1v1", dtype="float64")
    engine.reset(seed=0)
    before = engine.state.throttle
    after, _ = step(engine.state, np.ones((2, 4, 1)), engine.params)
    assert after.throttle == pytest.approx(before + 0.43 * (1.0 - before))


def test_trim_balances_thrust_and_torque() -> None:
    for params in PRESETS.values():
        drone = params.drone
        thrusts = drone.max_thrust * trim_throttle(params) ** 2
        assert thrusts.sum() == pytest.approx(drone.mass * 9.81)
        for lever in (drone.rotor_x, drone.rotor_y, drone.directions):
            assert thrusts @ np.array(lever) == pytest.approx(0.0, abs=1e-12)
    assert trim("realistic") == pytest.approx(0.24194, abs=1e-4)


def test_a_drone_that_is_too_heavy_cannot_be_trimmed() -> None:
    params = PRESETS["volleybots"]
    with pytest.raises(UnknownOption, match="cannot hover"):
        trim(replace(params, drone=replace(params.drone, mass=5.0)))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_rates_that_stand_for_rotor_commands_give_them(name: str) -> None:
    rng = np.random.default_rng(3)
    params = PRESETS[name]
    rotors = trim(params)[None, :, None] + rng.uniform(-0.08, 0.08, (2, 4, 30))
    rotors -= (rotors - trim(params)[None, :, None]).mean(1, keepdims=True)
    omega = rng.uniform(-0.3, 0.3, (2, 3, 30))
    memory = RateState(np.degrees(omega), rng.uniform(-1.0, 1.0, (2, 3, 30)))
    again, _ = rates_to_rotors(rotors_to_rates(rotors, omega, memory, params), omega, memory, params)
    np.testing.assert_allclose(again, rotors, atol=1e-9)
    wild = rotors_to_rates(rng.uniform(-1.0, 1.0, (2, 4, 30)), 20.0 * omega, memory, params)
    assert np.abs(wild).max() <= 1.0
