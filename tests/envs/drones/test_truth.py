"""The physics against what is known: closed forms, conservation, symmetry, and MuJoCo."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mtenvs.envs.drones.control import trim, trim_throttle
from mtenvs.envs.drones.params import PRESETS, Preset
from mtenvs.envs.drones.physics import State, step

SOURCE = PRESETS["volleybots"]
OFF = -np.ones((1, 4, 1))


def world(games: int = 1, drones: int = 1, height: float = 20.0, dtype: Any = np.float64) -> State:
    def zero(*shape: int) -> Any:
        return np.zeros((*shape, games), dtype)

    pos, quat, ball = zero(drones, 3), zero(drones, 4), zero(3)
    pos[:, 2], quat[:, 0], ball[2] = height, 1.0, 1000.0
    pos[:, 0] = 5.0 * np.arange(drones)[:, None]
    throttle = zero(drones, 4) + trim_throttle()[None, :, None].astype(dtype)
    return State(pos, quat, zero(drones, 3), zero(drones, 3), throttle, ball, zero(3), zero())


def hover(state: State, params: Preset = SOURCE) -> Any:
    return (np.zeros_like(state.throttle) + trim(params)[None, :, None]).astype(state.pos.dtype)


def turned(state: State) -> State:
    """The same world seen from the other side of the net."""
    half = np.array([-1.0, -1.0, 1.0])[None, :, None]
    w, x, y, z = (state.quat[:, i] for i in range(4))
    quat = np.stack([-z, -y, x, w], 1)
    return state._replace(
        pos=state.pos * half, quat=quat, vel=state.vel * half, ball_pos=state.ball_pos * half[0], ball_vel=state.ball_vel * half[0]
    )


def tumble(games: int, drones: int, seed: int, steps: int, dtype: Any = np.float64, height: float = 20.0) -> tuple[State, list[Any]]:
    rng = np.random.default_rng(seed)
    state = world(games, drones, height, dtype)
    commands = [(trim()[None, :, None] + rng.uniform(-0.3, 0.3, (drones, 4, games))).astype(dtype) for _ in range(steps)]
    return state, commands


def test_free_fall_is_exact_for_ball_and_drone() -> None:
    state = world()
    state.throttle[:] = 0.0
    state.ball_vel[:, 0] = 1.0, -2.0, 3.0
    for _ in range(50):
        state, _ = step(state, OFF, SOURCE)
    assert state.pos[0, :, 0] == pytest.approx([0.0, 0.0, 20.0 - 0.5 * 9.81], abs=1e-12)
    assert state.ball_pos[:, 0] == pytest.approx([1.0, -2.0, 1003.0 - 0.5 * 9.81], abs=1e-9)
    assert state.t[0] == pytest.approx(1.0)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_drone_hovers_at_trim(name: str) -> None:
    params = PRESETS[name]
    state = world()
    state = state._replace(throttle=trim_throttle(params)[None, :, None] + np.zeros((1, 4, 1)))
    for _ in range(100):
        state, _ = step(state, hover(state, params), params)
    assert state.pos[0, :, 0] == pytest.approx([0.0, 0.0, 20.0], abs=1e-9)
    assert state.omega[0, :, 0] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)


def test_trim_of_the_iris_is_the_known_one() -> None:
    assert trim() == pytest.approx([0.1828, 0.3011, 0.1828, 0.3011], abs=5e-5)


@pytest.mark.parametrize("drop", [0.5, 1.0, 3.0])
def test_a_ball_on_the_ground_rises_to_the_square_of_its_restitution(drop: float) -> None:
    state = world()
    state.ball_pos[:, 0] = 0.0, 0.0, 0.1 + drop
    tops = []
    before = 0.0
    for _ in range(200):
        state, contacts = step(state, hover(state), SOURCE)
        if before > 0.0 >= state.ball_vel[2, 0]:
            tops.append(state.ball_pos[2, 0] + state.ball_vel[2, 0] ** 2 / 2 / 9.81)
            break
        before = state.ball_vel[2, 0]
        if contacts.ball_ground[0]:
            assert contacts.place[:, 0] == pytest.approx([0.0, 0.0])
    assert tops[0] - 0.1 == pytest.approx(0.4**2 * drop, rel=2e-3)


def test_a_ball_on_a_heavy_level_racket_rises_to_the_square_of_its_restitution() -> None:
    params = replace(SOURCE, drone=replace(SOURCE.drone, mass=1.52e6, max_thrust=6.0032e6, inertia=(1e6, 1e6, 1e6)))
    state = world(height=2.0)
    state.ball_pos[:, 0] = 0.0, 0.0, 3.1
    state = state._replace(throttle=trim_throttle(params)[None, :, None] + np.zeros((1, 4, 1)))
    speeds = []
    for _ in range(60):
        state, contacts = step(state, hover(state, params), params)
        if contacts.hit.any():
            speeds.append(state.ball_vel[2, 0] + 9.81 * (1.0 - contacts.when[0]) * 0.02)
            break
    assert speeds[0] ** 2 / 2 / 9.81 == pytest.approx(0.8**2 * 1.0, rel=2e-3)


def test_a_hit_keeps_momentum_angular_momentum_and_loses_energy() -> None:
    params = replace(SOURCE, gravity=1e-12, drone=replace(SOURCE.drone, lag=0.0))
    rng = np.random.default_rng(0)
    checked = 0
    for _ in range(40):
        state = world(height=2.0)
        state = state._replace(throttle=np.zeros((1, 4, 1)))
        state.omega[0, :, 0] = rng.uniform(-1, 1, 3)
        state.vel[0, :, 0] = rng.uniform(-1, 1, 3)
        aim = state.pos[0, :, 0] + np.array([*rng.uniform(-0.1, 0.1, 2), 0.0])
        way = np.array([*rng.uniform(-2, 2, 2), -rng.uniform(3, 6)])
        state.ball_pos[:, 0], state.ball_vel[:, 0] = aim - 0.04 * way, way

        def sums(now: State) -> Any:
            w, x, y, z = now.quat[0, :, 0]
            turn = np.array(
                [
                    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
                ]
            )
            inertia = np.array(params.drone.inertia)
            p = 1.52 * now.vel[0, :, 0] + 0.005 * now.ball_vel[:, 0]
            spin = turn @ (inertia * now.omega[0, :, 0])
            spin = spin + np.cross(now.pos[0, :, 0], 1.52 * now.vel[0, :, 0]) + np.cross(now.ball_pos[:, 0], 0.005 * now.ball_vel[:, 0])
            energy = 0.76 * (now.vel[0, :, 0] ** 2).sum() + 0.0025 * (now.ball_vel[:, 0] ** 2).sum()
            return p, spin, energy + 0.5 * (inertia * now.omega[0, :, 0] ** 2).sum()

        start = sums(state)
        for _ in range(4):
            state, contacts = step(state, -np.ones((1, 4, 1)), params)
            if contacts.hit.any():
                break
        else:
            continue
        checked += 1
        end = sums(state)
        assert end[0] == pytest.approx(start[0], abs=1e-9)
        assert end[1] == pytest.approx(start[1], abs=2e-4)
        assert end[2] < start[2]
    assert checked >= 20


def test_torque_free_tumbling_keeps_energy_and_angular_momentum() -> None:
    params = replace(SOURCE, drone=replace(SOURCE.drone, inertia=(0.03, 0.05, 0.07)))
    state = world()
    state.throttle[:] = 0.0
    state.omega[0, :, 0] = 1.0, 4.0, 2.0
    inertia = np.array(params.drone.inertia)
    start = inertia * state.omega[0, :, 0]
    for _ in range(100):
        state, _ = step(state, OFF, params)
    end = inertia * state.omega[0, :, 0]
    assert np.linalg.norm(end) == pytest.approx(np.linalg.norm(start), rel=1e-6)
    assert (end**2 / inertia).sum() == pytest.approx((start**2 / inertia).sum(), rel=1e-6)


@pytest.mark.parametrize("drones", [1, 4])
def test_half_a_turn_of_the_world_turns_its_future(drones: int) -> None:
    state, commands = tumble(3, drones, 1, 40, height=3.0)
    state.pos[:, 1] = np.array([0.5, -1.0, 2.0])
    state.ball_pos[:] = state.pos[0] + np.array([0.05, -0.03, 0.8])[:, None]
    mirrored, hits = turned(state), 0
    for command in commands:
        state, contacts = step(state, command, SOURCE)
        mirrored, same = step(mirrored, command, SOURCE)
        hits += int(contacts.hit.sum())
        assert (contacts.hit == same.hit).all()
        assert (contacts.body == same.body).all()
    assert hits
    for a, b in zip(turned(state), mirrored, strict=True):
        assert a == pytest.approx(b, abs=1e-9)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_game_does_not_depend_on_its_neighbours(dtype: str) -> None:
    state, commands = tumble(37, 4, 2, 60, np.dtype(dtype).type, height=2.5)
    state.ball_pos[:] = state.pos[1] + np.linspace(-0.3, 0.3, 37).astype(dtype)
    state.ball_pos[2] += 0.6
    alone = State(*(part[..., 11:12].copy() for part in state))
    poisoned = State(*(part.copy() for part in state))
    poisoned.pos[0, 0, 5] = np.nan
    poisoned.vel[2, 1, 20] = np.inf
    with np.errstate(all="ignore"):
        for command in commands:
            state, _ = step(state, command, SOURCE)
            alone, _ = step(alone, command[..., 11:12], SOURCE)
            poisoned, _ = step(poisoned, command, SOURCE)
    well = np.delete(np.arange(37), [5, 20])
    for whole, single, sick in zip(state, alone, poisoned, strict=True):
        assert (whole[..., 11:12] == single).all()
        assert (whole[..., well] == sick[..., well]).all()


def mujoco_model(params: Preset) -> Any:
    mujoco = pytest.importorskip("mujoco")
    drone = params.drone
    places = enumerate(zip(drone.rotor_x, drone.rotor_y, strict=True))
    sites = "".join(f'<site name="r{i}" pos="{x!r} {y!r} 0"/>' for i, (x, y) in places)
    gears = enumerate(drone.directions)
    motors = "".join(f'<motor site="r{i}" gear="0 0 {drone.max_thrust!r} 0 0 {-s * drone.max_moment!r}"/>' for i, s in gears)
    inertia = " ".join(repr(part) for part in drone.inertia)
    return mujoco, mujoco.MjModel.from_xml_string(
        f'<mujoco><option timestep="0.0005" integrator="RK4" gravity="0 0 -9.81"><flag contact="disable"/></option><worldbody>'
        f'<body pos="0 0 20"><freejoint/><inertial pos="0 0 0" mass="{drone.mass}" diaginertia="{inertia}"/>{sites}</body>'
        f"</worldbody><actuator>{motors}</actuator></mujoco>"
    )


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_tumbling_drone_goes_where_mujoco_says(seed: int) -> None:
    params = replace(SOURCE, drone=replace(SOURCE.drone, inertia=(0.0347563, 0.0458929, 0.080)))
    mujoco, model = mujoco_model(params)
    data = mujoco.MjData(model)
    rng = np.random.default_rng(seed)
    state = world()
    bias = rng.uniform(-0.2, 0.2, 4)
    for _ in range(50):
        command = trim() + bias + rng.uniform(-0.1, 0.1, 4)
        state, _ = step(state, command[None, :, None], params)
        data.ctrl[:] = state.throttle[0, :, 0] ** 2
        mujoco.mj_step(model, data, 40)
        assert state.pos[0, :, 0] == pytest.approx(data.qpos[:3], abs=1e-6)
    assert np.abs(state.omega).max() > 1.0, "it should tumble"
    assert state.quat[0, :, 0] == pytest.approx(data.qpos[3:], abs=1e-6)
