"""Scripted skills: does the ball go where it should, and do drones come home?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.envs.drones.params import PRESETS
from mtenvs.envs.drones.physics import State, step
from mtenvs.envs.drones.skills import Aim, Skill, SkillController, paths
from mtenvs.envs.drones.skills.ballistics import fly, launch, stiffness, swing, time_down
from mtenvs.envs.drones.skills.playbook import PLACES, TARGETS
from mtenvs.envs.drones.skills.roaming import SINK, roam

VOLLEYBOTS = PRESETS["volleybots"]


def court(games: int, seed: int, scatter: float = 0.3) -> State:
    rng = np.random.default_rng(seed)
    home = PLACES[:, Aim.MIDDLE]
    pos = np.concatenate([home, home * [-1, -1, 1]])[:, :, None] + rng.uniform(-scatter, scatter, (6, 3, games))
    quat = np.zeros((6, 4, games))
    quat[:3, 0] = 1.0
    quat[3:, 3] = 1.0
    still = np.zeros((6, 3, games))
    ball = np.repeat(np.array([0.0, 20.0, 1.0])[:, None], games, 1)
    return State(pos, quat, still, still, np.full((6, 4, games), 0.788), ball, np.zeros((3, games)), np.zeros(games))


def orders(games: int, drone: int, skill: Skill, aim: Aim) -> tuple[np.ndarray, np.ndarray]:
    skills, aims = np.zeros((6, games), np.int64), np.ones((6, games), np.int64)
    skills[drone], aims[drone] = skill, aim
    return skills, aims


def hit(state: State, drone: int, skill: Skill, aim: Aim, seconds: float) -> tuple[np.ndarray, State]:
    """Play one skill; which games had its racket touch the ball, and the state right after that."""
    games = state.pos.shape[-1]
    control = SkillController(VOLLEYBOTS, games)
    control.order(*orders(games, drone, skill, aim), np.ones(games, bool))
    met, after = np.zeros(games, bool), state
    for _ in range(int(seconds / VOLLEYBOTS.dt)):
        state, contacts = step(state, control.command(state), VOLLEYBOTS)
        new = contacts.hit[drone] & ~met
        after = State(*(np.where(new, b, a) for a, b in zip(after, state, strict=True)))
        met |= new
    return met, after


def landing(state: State, height: float) -> np.ndarray:
    place, _ = fly(state.ball_pos, state.ball_vel, time_down(state.ball_pos, state.ball_vel, height))
    return place


@pytest.mark.parametrize("aim", list(Aim), ids=[aim.name for aim in Aim])
def test_a_serve_lands_near_where_it_is_aimed(aim: Aim) -> None:
    state = court(30, aim)
    state.pos[2] = np.array([6.0, 0.0, 1.9])[:, None] + np.random.default_rng(1).uniform(-0.1, 0.1, (3, 30))
    state.ball_pos[:] = state.pos[2] + np.array([0.0, 0.0, 3.0])[:, None]
    met, after = hit(state, 2, Skill.SERVE, aim, 0.9)
    assert met.all()
    off = landing(after, 0.2) - TARGETS[Skill.SERVE][aim][:, None]
    assert np.median(np.hypot(off[0], off[1])) < 0.8
    net, _ = fly(after.ball_pos, after.ball_vel, -after.ball_pos[0] / after.ball_vel[0])
    assert (net[2] > VOLLEYBOTS.court.net_height).all()


def test_a_pass_reaches_the_setter_and_a_set_the_attacker() -> None:
    for drone, skill, height in ((2, Skill.PASS, 1.9), (0, Skill.SET, 2.6)):
        state = court(30, 3)
        state.ball_pos[:] = state.pos[drone] + np.array([0.4, 0.0, 3.5])[:, None]
        state.ball_vel[0] = -0.5
        met, after = hit(state, drone, skill, Aim.LEFT, 1.6)
        assert met.mean() > 0.9
        off = landing(after, height)[:2, met] - TARGETS[skill][Aim.LEFT][:2, None]
        assert np.median(np.hypot(*off)) < 0.8


def test_a_drone_without_a_ball_to_hit_flies_home_and_stays() -> None:
    state = court(5, 0, scatter=0.2)
    control = SkillController(VOLLEYBOTS, 5)
    control.order(*orders(5, 2, Skill.GOTO, Aim.RIGHT), np.ones(5, bool))
    for _ in range(250):
        state, _ = step(state, control.command(state), VOLLEYBOTS)
    assert np.abs(state.pos[2] - PLACES[2, Aim.RIGHT][:, None]).max() < 0.1
    assert np.abs(state.vel).max() < 0.1
    far_home = PLACES[0, Aim.MIDDLE] * [-1, -1, 1]
    assert np.abs(state.pos[3] - far_home[:, None]).max() < 0.1


def test_games_do_not_touch_each_other_and_may_wait() -> None:
    state = court(4, 7)
    everyone = np.ones(4, bool)
    together, split = SkillController(VOLLEYBOTS, 4), SkillController(VOLLEYBOTS, 4)
    for control in (together, split):
        control.order(*orders(4, 2, Skill.PASS, Aim.LEFT), everyone)
    some = np.array([1, 3])
    for _ in range(5):
        whole = together.command(state)
        part = split.command(State(*(np.asarray(one)[..., some] for one in state)), some)
        np.testing.assert_allclose(whole[..., some], part, atol=1e-9)
        state, _ = step(state, whole, VOLLEYBOTS)
    assert split.memory.fresh[[0, 2]].all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=9, max_size=9), st.floats(0.3, 2.0))
def test_a_path_starts_and_ends_where_it_should(numbers: list[float], seconds: float) -> None:
    start, end = np.zeros((4, 3, 1)), np.zeros((4, 3, 1))
    start[:2, :, 0] = np.reshape(numbers[:6], (2, 3))
    end[0, :, 0] = numbers[6:]
    time = np.array([seconds])
    way = paths.path(start, time, paths.miss(start, time, end))
    np.testing.assert_allclose(paths.evaluate(way, time, 0 * time, 4), start, atol=1e-6)
    np.testing.assert_allclose(paths.evaluate(way, time, time, 4), end, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.floats(-5, 5)] * 3), st.floats(0.8, 2.0), st.floats(-9.0, -3.0))
def test_the_planned_swing_gives_the_ball_the_flight_that_was_wanted(target: tuple[float, ...], seconds: float, fall: float) -> None:
    stiff = stiffness(VOLLEYBOTS.drone, VOLLEYBOTS.ball)
    pos, v_in = np.array([1.0, 0.0, 2.0]), np.array([0.5, 0.2, fall])
    v_out = launch(pos, np.array(target), seconds)
    normal, speed = swing(v_in, v_out, stiff)
    bounced = v_in - stiff * (v_in @ normal - speed) * normal
    np.testing.assert_allclose(bounced, v_out, atol=1e-9)
    np.testing.assert_allclose(fly(pos, bounced, seconds)[0], np.array(target), atol=1e-9)


def test_references_lead_around_teammates_and_not_over_them_nor_down_in_a_dive() -> None:
    """The one in the middle has to get to the other side of the first, from above; the third stands far off."""
    start = np.array([[2.5, 0.0, 1.5], [2.6, -3.0, 3.5], [6.0, 3.0, 1.5]])
    goal = np.array([[2.5, 0.0, 1.5], [2.5, 2.5, 1.5], [6.0, 3.0, 1.5]])
    ref = np.zeros((4, 3, 3, 1))
    ref[0, :, :, 0] = start.T
    for _ in range(300):
        _, ref = roam(ref, goal.T[:, :, None], 3, 0.02)
        assert np.hypot(*(ref[0, :2, 1, 0] - ref[0, :2, 0, 0])) > 0.8
        assert ref[1, 2, :, 0].min() > -1.3 * SINK
    np.testing.assert_allclose(ref[0, :, :, 0].T, goal, atol=0.1)
