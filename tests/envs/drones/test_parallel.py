"""The PettingZoo forms: PettingZoo's own tests, symmetry, misuse."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones.parallel import aec_env, parallel_env

pettingzoo_test = pytest.importorskip("pettingzoo.test")
GAMES = ["1v1", "3v3", "6v6"]


@pytest.mark.parametrize("game", GAMES)
def test_pettingzoo_parallel(game: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pettingzoo_test.parallel_api_test(parallel_env(game), num_cycles=100)
    pettingzoo_test.parallel_seed_test(lambda: parallel_env(game), num_cycles=50)


@pytest.mark.parametrize("game", GAMES)
def test_pettingzoo_aec(game: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", message=".*observation space value is -?infinity")  # places and speeds have no bound
        warnings.filterwarnings("ignore", message=".*<descriptor>_<number>")  # the descriptor of team0_0 has a digit
        pettingzoo_test.api_test(aec_env(game), num_cycles=60)
    pettingzoo_test.seed_test(lambda: aec_env(game), num_cycles=20)


@pytest.mark.parametrize(("game", "numbers"), [("1v1", 37), ("3v3", 57), ("6v6", 78)])
def test_spaces_are_equal_and_of_the_sources_size(game: str, numbers: int) -> None:
    env = parallel_env(game)
    size = int(game[0])
    assert env.possible_agents == [f"team{team}_{i}" for team in (0, 1) for i in range(size)]
    obs, infos = env.reset(seed=1)
    first = env.possible_agents[0]
    for agent in env.agents:
        assert env.observation_space(agent) == env.observation_space(first)
        assert env.action_space(agent) == env.action_space(first)
        assert obs[agent].shape == (numbers,)
        assert obs[agent].dtype == np.float32
        assert infos[agent].keys() == infos[first].keys()


def test_both_teams_see_the_court_from_their_own_side() -> None:
    env = parallel_env("3v3", random_serve=False)
    obs, _ = env.reset(seed=1)
    for i in range(3):
        near, far = obs[f"team0_{i}"], obs[f"team1_{i}"]
        np.testing.assert_allclose(near[:3], far[:3], atol=1e-6)
        np.testing.assert_allclose(near[3:7], far[3:7], atol=1e-6)


def test_all_end_together_and_rewards_are_zero_sum() -> None:
    env = parallel_env("3v3", random_serve=False)
    env.reset(seed=1)
    hover = {agent: np.array(env.world.drill.neutral) for agent in env.agents}  # type: ignore[attr-defined]  # a DrillWorld
    for _ in range(500):
        _, rewards, terminated, truncated, infos = env.step(hover)
        if not env.agents:
            break
    assert len(set(terminated.values())) == len(set(truncated.values())) == 1
    assert terminated["team0_0"]
    assert infos["team1_0"]["won"] is True  # the ball falls on the server, who hovers, and then in its own half
    assert infos["team0_0"]["won"] is False
    assert rewards["team0_0"] < -90 < 90 < rewards["team1_0"]
    assert env.step({}) == ({}, {}, {}, {}, {})


def test_a_nan_of_one_agent_is_told_to_that_agent() -> None:
    env = parallel_env("3v3")
    env.reset(seed=2)
    actions = {agent: np.zeros(4, np.float32) for agent in env.agents}
    actions["team1_2"] = np.array([0, np.nan, 0, 0], np.float32)
    obs, rewards, _, _, infos = env.step(actions)
    assert infos["team1_2"]["action_error"].kind == "value"
    assert infos["team0_0"]["action_error"] is None
    assert all(np.isfinite(value).all() for value in (*obs.values(), *rewards.values()))


def test_truncation_after_max_turns() -> None:
    env = parallel_env("1v1", max_turns=3)
    env.reset(seed=0)
    for _ in range(3):
        assert env.agents
        actions = {agent: np.full(4, 0.24, np.float32) for agent in env.agents}
        _, _, terminated, truncated, _ = env.step(actions)
    assert truncated == dict.fromkeys(truncated, True)
    assert not any(terminated.values())
    assert env.agents == []


@pytest.mark.parametrize("game", ["2v3", "0v0", "3", ""])
def test_odd_teams_are_refused(game: str) -> None:
    with pytest.raises(UnknownOption, match="3v3"):
        parallel_env(game)


WRONG = [{"control": "rope"}, {"preset": "moon"}, {"render_mode": "human"}, {"max_turns": 0}, {"max_turns": 2.5}, {"image_size": (0, 0)}]


@pytest.mark.parametrize("make", [parallel_env, aec_env])
@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_wrong_options_are_refused(make: Callable[..., Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption):
        make("1v1", **wrong)


def test_misuse_is_told() -> None:
    env = parallel_env("1v1")
    with pytest.raises(ResetNeeded):
        env.step({})
    with pytest.raises(ResetNeeded):
        env.state()
    with pytest.raises(UnknownOption):
        env.reset(seed=-1)
    env.reset(seed=0)
    good = {agent: np.zeros(4, np.float32) for agent in env.agents}
    with pytest.raises(UnknownOption, match="team2_0"):
        env.step({**good, "team2_0": np.zeros(4, np.float32)})
    with pytest.raises(UnknownOption, match="team1_0"):
        env.step({"team0_0": good["team0_0"]})
    with pytest.raises(ValueError, match=r"team1_0 is float32 \(4,\)"):
        env.step({**good, "team1_0": np.zeros(3, np.float32)})
    with pytest.raises(UnknownOption):
        env.observation_space("nobody")
    assert env.state().shape == env.state_space.shape


@pytest.mark.parametrize("wrong", [np.zeros(3, np.float32), np.zeros(4, np.int64), None, "up"], ids=str)
def test_turn_by_turn_a_wrong_action_is_told_at_once_and_may_be_given_again(wrong: Any) -> None:
    env = aec_env("1v1")
    env.reset(seed=0)
    with pytest.raises(ValueError, match="team0_0"):
        env.step(wrong)
    assert env.agent_selection == "team0_0"
    hover = np.full(4, 0.2, np.float32)
    env.step(hover)
    with pytest.raises(ValueError, match="team1_0"):
        env.step(wrong)
    env.step(hover)
    assert env.infos["team0_0"]["turn"] == 1


def test_pictures() -> None:
    env = parallel_env("1v1", render_mode="rgb_array", image_size=(160, 120))
    env.reset(seed=0)
    first = env.render()
    assert first is not None
    assert first.shape == (120, 160, 3)
    assert parallel_env("1v1").render() is None


def test_the_package_offers_them() -> None:
    import mtenvs.envs.drones as family  # noqa: PLC0415 - what is tested

    assert family.parallel_env is parallel_env
    assert family.aec_env is aec_env
    with pytest.raises(AttributeError):
        _ = family.serial_env
