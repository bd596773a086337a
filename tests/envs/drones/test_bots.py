"""The rule bot and the random bot against each other."""

from __future__ import annotations

import numpy as np

from mtenvs.envs.drones.bots import RandomBot, RuleBot
from mtenvs.envs.drones.hierarchy import HighLevelGame
from mtenvs.envs.drones.orders import NVEC


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
