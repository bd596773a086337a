"""The rule bot and the random bot against each other."""

from __future__ import annotations

import numpy as np

from mtenvs.envs.drones.bots import PowerBot, RandomBot, RuleBot
from mtenvs.envs.drones.hierarchy import HighLevelGame
from mtenvs.envs.drones.orders import NVEC
from mtenvs.envs.drones.skills import Skill


def test_random_orders_are_legal_and_repeat_with_their_seed() -> None:
    obs = np.zeros((50, 100), np.float32)
    orders = RandomBot(4).act(obs)
    assert ((orders >= 0) & (orders < NVEC)).all()
    np.testing.assert_array_equal(orders, RandomBot(4).act(obs))
    assert len(np.unique(orders, axis=0)) > 20


def test_rules_beat_chance() -> None:
    game = HighLevelGame(24, random_serve=True)
    decision = game.reset(seed=7)
    chance = RandomBot(0)
    while not game.done.all():
        decision = game.step(np.stack([RuleBot.act(decision.obs[:, 0]), chance.act(decision.obs[:, 1])], 1))
    assert (decision.result == 1).sum() >= 14
    assert (decision.result == -1).sum() <= 2


def test_a_spike_goes_down_and_a_block_sends_it_back() -> None:
    game = HighLevelGame(4, random_serve=False)
    decision = game.reset(seed=0)
    told = []
    for _ in range(7):
        decision = game.step(np.stack([PowerBot.act(decision.obs[:, 0]), PowerBot.act(decision.obs[:, 1])], 1))
        who = decision.hit.argmax(1)
        told.append((game.skills.memory.skill[who, np.arange(4)], decision.hit.any(1), np.array(game.state.ball_vel)))
    (_, hit, down), (skill, block, back) = told[4], told[6]
    assert hit.all()
    assert (down[2] < 0.0).all()
    assert (down[0] > 6.0).all()  # team 1 received the serve, and spikes at x > 0
    assert block.all()
    assert (skill == Skill.BLOCK).all()
    assert (back[0] < -1.0).all()
