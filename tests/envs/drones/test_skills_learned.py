"""Policies in the place of scripted skills: a torch module that flies to waypoints, and what happens to bad ones."""

from __future__ import annotations

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.bots import RuleBot
from mtenvs.envs.drones.hierarchy import HighLevelGame
from mtenvs.envs.drones.params import PRESETS
from mtenvs.envs.drones.physics import State, step
from mtenvs.envs.drones.skills import Aim, LearnedSkills, Skill
from mtenvs.envs.drones.skills.learned import HIT_SIZE, MOVE_SIZE
from mtenvs.envs.drones.skills.playbook import PLACES

REALISTIC = PRESETS["realistic"]


def pilot() -> object:
    """A torch policy for Goto: one linear layer, which leans toward the waypoint and climbs or sinks to it."""
    torch = pytest.importorskip("torch")
    gains = np.zeros((3, MOVE_SIZE), np.float32)  # roll, pitch and lift from the observation
    place, velocity, spin, up = MOVE_SIZE - 3, 7, 10, 16
    gains[1, [place, velocity, up, spin + 1]] = [0.05, -0.08, -0.9, -0.16]
    gains[0, [place + 1, velocity + 1, up + 1, spin]] = [-0.05, 0.08, 0.9, -0.16]
    gains[2, [place + 2, velocity + 2]] = [0.4, -0.4]
    roll, pitch = np.sign(REALISTIC.drone.rotor_y), -np.sign(REALISTIC.drone.rotor_x)
    net = torch.nn.Sequential(torch.nn.Linear(MOVE_SIZE, 4), torch.nn.Hardtanh())
    with torch.no_grad():
        net[0].weight[:] = torch.as_tensor(np.stack([roll, pitch, np.ones(4)], 1).astype(np.float32) @ gains)
        net[0].bias[:] = 0.2419
    return net


def start(games: int) -> State:
    home = PLACES[:, Aim.MIDDLE]
    pos = np.repeat(np.concatenate([home, home * [-1, -1, 1]])[:, :, None], games, 2)
    quat = np.zeros((6, 4, games))
    quat[:3, 0], quat[3:, 3] = 1.0, 1.0
    ball = np.repeat(np.array([0.0, 20.0, 1.0])[:, None], games, 1)
    still = np.zeros((6, 3, games))
    return State(pos, quat, still, still, np.full((6, 4, games), 0.788), ball, np.zeros((3, games)), np.zeros(games))


def test_a_torch_policy_flies_goto_for_both_teams() -> None:
    control = LearnedSkills(REALISTIC, 2, {Skill.GOTO: pilot()})  # type: ignore[dict-item]  # a module
    skill, aim = np.zeros((6, 2), np.int64), np.ones((6, 2), np.int64)
    skill[[2, 5]], aim[[2, 5]] = Skill.GOTO, Aim.RIGHT
    control.order(skill, aim, np.ones(2, bool))
    state = start(2)
    for _ in range(350):
        state, _ = step(state, control.command(state), REALISTIC)
    for drone, turn in ((2, 1.0), (5, -1.0)):
        there = PLACES[2, Aim.RIGHT] * [turn, turn, 1.0]
        assert np.abs(state.pos[drone] - there[:, None]).max() < 0.3
    control.order(np.zeros((6, 2), np.int64), aim, np.ones(2, bool))  # back to the scripted hover, from where it is
    before = np.array(state.pos[2])
    state, _ = step(state, control.command(state), REALISTIC)
    assert np.abs(state.pos[2] - before).max() < 0.05


def test_a_game_of_orders_is_played_with_a_learned_skill() -> None:
    game = HighLevelGame(3, "realistic")
    seen: list[int] = []

    def policy(obs: np.ndarray) -> np.ndarray:
        seen.append(obs.shape[1])
        return np.full((len(obs), 4), 0.2419)

    game.skills = LearnedSkills(game.engine.params, 3, {Skill.SERVE: policy})
    decision = game.reset(seed=0)
    while not game.done.all():
        decision = game.step(np.stack([RuleBot.act(decision.obs[:, 0]), RuleBot.act(decision.obs[:, 1])], 1))
    assert set(seen) == {HIT_SIZE}
    assert 25 < len(seen) < 60  # until the ball falls onto the hovering server; after the hit it hovers by the script
    assert decision.terminated.all()


def test_skills_without_policies_are_the_scripted_ones() -> None:
    plain, learned = HighLevelGame(2), HighLevelGame(2)
    learned.skills = LearnedSkills(learned.engine.params, 2, {})
    one, two = plain.reset(seed=5), learned.reset(seed=5)
    for _ in range(3):
        orders = np.stack([RuleBot.act(one.obs[:, 0]), RuleBot.act(one.obs[:, 1])], 1)
        one, two = plain.step(orders), learned.step(orders)
    np.testing.assert_array_equal(one.obs, two.obs)


def test_a_policy_that_gives_no_numbers_hovers_and_one_of_another_shape_is_refused() -> None:
    control = LearnedSkills(REALISTIC, 1, {Skill.HOVER: lambda obs: np.full((len(obs), 4), np.nan)})
    state = start(1)
    for _ in range(25):
        state, _ = step(state, control.command(state), REALISTIC)
    assert np.abs(state.vel).max() < 0.5
    wrong = LearnedSkills(REALISTIC, 1, {Skill.HOVER: lambda obs: obs})
    with pytest.raises(ValueError, match="HOVER"):
        wrong.command(start(1))
    with pytest.raises(UnknownOption, match="SERVE"):
        LearnedSkills(REALISTIC, 1, {99: lambda obs: obs})  # type: ignore[dict-item]  # the point
