"""The high level: events, phases, rewards, rates of the scripted skills, and what happens to bad input."""

from __future__ import annotations

import numpy as np
import pytest

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones.bots import RuleBot
from mtenvs.envs.drones.hierarchy import Decision, HighLevelGame
from mtenvs.envs.drones.orders import NVEC
from mtenvs.envs.drones.sight import BALL, OBS_SIZE, PHASE, SIDE
from mtenvs.envs.drones.skills import Role


def rules_of(decision: Decision) -> np.ndarray:
    return np.stack([RuleBot.act(decision.obs[:, 0]), RuleBot.act(decision.obs[:, 1])], 1)


def test_decisions_come_at_hits_and_net_crossings_only() -> None:
    game = HighLevelGame(6, seed=3)
    decision = game.reset()
    assert decision.obs.shape == (6, 2, OBS_SIZE)
    assert game.serve_phase.all()
    seen = []
    for _ in range(6):
        decision = game.step(rules_of(decision))
        assert (decision.hit.sum(1) + decision.crossed >= 1).all()
        seen.append((decision.hit.argmax(1) % 3, decision.crossed))
    assert (seen[0][0] == Role.FIRST_PASS).all()
    assert seen[1][1].all()
    assert (seen[2][0] == Role.FIRST_PASS).all()
    assert (seen[3][0] == Role.SEC_PASS).all()
    assert (seen[4][0] == Role.ATT).all()
    assert seen[5][1].all()
    assert not game.serve_phase.any()


def test_both_teams_see_the_court_from_their_own_side() -> None:
    game = HighLevelGame(4, random_serve=False)
    obs = game.reset(seed=1).obs
    np.testing.assert_allclose(obs[:, 0, BALL : BALL + 2], -obs[:, 1, BALL : BALL + 2])
    np.testing.assert_array_equal(obs[:, 0, SIDE], 1.0)
    np.testing.assert_array_equal(obs[:, 1, SIDE], 0.0)
    np.testing.assert_array_equal(obs[:, :, PHASE], 1.0)
    np.testing.assert_allclose(obs[:, 0, :3], [[6.0, 0.0, 1.9]] * 4, atol=0.11)
    np.testing.assert_allclose(obs[:, 1, 39:42], obs[:, 0, :3] * [-1, -1, 1])


def test_rewards_are_for_ordered_hits_first_passes_and_the_result() -> None:
    game = HighLevelGame(3, random_serve=False)
    game.reset(seed=2)
    hold = np.tile(np.array([1, 0, 0]), (3, 2, 1))
    decision = game.step(hold)
    np.testing.assert_array_equal(decision.reward, [[3.0, 0.0]] * 3)
    while not game.done.all():
        decision = game.step(hold)
    np.testing.assert_array_equal(decision.result, 1)
    np.testing.assert_array_equal(decision.reward, [[20.0, -20.0]] * 3)


def test_a_seed_gives_the_same_game_alone_and_in_a_batch() -> None:
    batch, single = HighLevelGame(3), HighLevelGame(1)
    many, one = batch.reset(seed=10), single.reset(seed=12)
    for _ in range(3):
        many, one = batch.step(rules_of(many)), single.step(rules_of(one))
    np.testing.assert_allclose(many.obs[2], one.obs[0], atol=1e-5)


def test_a_game_that_is_over_waits_for_its_reset() -> None:
    game = HighLevelGame(2, max_steps=60, random_serve=False)
    decision = game.reset(seed=0)
    while not game.done.all():
        decision = game.step(rules_of(decision))
    assert decision.truncated.all()
    after = game.step(rules_of(decision))
    np.testing.assert_array_equal(after.obs, decision.obs)
    np.testing.assert_array_equal(after.reward, 0.0)
    fresh = game.reset(mask=np.array([True, False]))
    assert list(game.done) == [False, True]
    assert fresh.steps[0] == 0


@pytest.mark.parametrize(
    "actions",
    [np.zeros((2, 3), int), np.zeros((2, 2, 3)), np.full((2, 2, 3), 6), np.full((2, 2, 3), -1), np.zeros((3, 2, 3), int)],
    ids=["flat", "floats", "too-big", "negative", "wrong-games"],
)
def test_actions_that_are_none_are_refused_and_change_nothing(actions: np.ndarray) -> None:
    game = HighLevelGame(2)
    before = game.reset(seed=0).obs.copy()
    with pytest.raises(UnknownOption):
        game.step(actions)
    np.testing.assert_array_equal(game.engine.rules.steps, 0)
    np.testing.assert_array_equal(before, game.reset(seed=0).obs)


def test_step_before_reset_says_so() -> None:
    with pytest.raises(ResetNeeded, match="reset"):
        HighLevelGame().step(np.zeros((1, 2, 3), int))


def test_any_orders_keep_numbers_finite() -> None:
    game = HighLevelGame(12, "realistic", seed=5)
    rng = np.random.default_rng(0)
    decision = game.reset()
    for _ in range(12):
        decision = game.step(rng.integers(0, NVEC, (12, 2, 3)))
        assert np.isfinite(decision.obs).all()


def test_a_game_goes_on_from_where_it_was_saved() -> None:
    game, other = HighLevelGame(2, seed=4), HighLevelGame(2)
    decision = game.reset()
    for _ in range(2):
        decision = game.step(rules_of(decision))
    saved = game.save()
    first = game.step(rules_of(decision))
    other.load(saved)
    again = other.step(rules_of(decision))
    for one, two in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, two)
