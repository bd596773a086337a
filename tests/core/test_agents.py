"""Worlds of several agents: the PettingZoo forms and the one-team view, on a world small enough to see through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from numpy.typing import NDArray

from mtenvs.core.errors import ResetNeeded, UnknownOption

agents_module = pytest.importorskip("mtenvs.core.agents")
pettingzoo_test = pytest.importorskip("pettingzoo.test")
AgentsTurn, ParallelWorld, TeamEnv, aec = (getattr(agents_module, name) for name in ("AgentsTurn", "ParallelWorld", "TeamEnv", "aec"))


class TugOfWar:
    """A rope that two teams of two pull; five steps to either side ends it, twelve turns are the cap."""

    name = "tug_v0"
    agents = ("team0_0", "team0_1", "team1_0", "team1_1")
    observation_space = gym.spaces.Box(-100.0, 100.0, (2,), np.float32)
    action_space = gym.spaces.Box(-1.0, 1.0, (1,), np.float32)
    state_space = gym.spaces.Box(-100.0, 100.0, (1,), np.float32)
    metadata = {"render_modes": ["rgb_array"], "render_fps": 4}

    def begin(self, seed: int) -> Any:
        self.rope, self.turn = float(np.random.default_rng(seed).uniform(-1, 1)), 0
        return self._turn(np.zeros(4))

    def play(self, actions: Sequence[NDArray[np.float32]]) -> Any:
        pulls = np.array([float(np.asarray(action)[0]) for action in actions])
        self.rope += pulls[:2].sum() - pulls[2:].sum()
        self.turn += 1
        return self._turn(np.array([1, 1, -1, -1]) * np.sign(self.rope) * (abs(self.rope) >= 5))

    def state(self) -> NDArray[np.float32]:
        return np.array([self.rope], np.float32)

    def picture(self) -> NDArray[np.uint8]:
        return np.full((16, 16, 3), int(self.rope) % 256, np.uint8)

    def _turn(self, rewards: NDArray[np.float64]) -> Any:
        obs = np.array([[self.rope * side, self.turn] for side in (1, 1, -1, -1)], np.float32)
        over = abs(self.rope) >= 5
        return AgentsTurn(obs, rewards, over, not over and self.turn >= 12, [{"turn": self.turn} for _ in self.agents])


def pull(env: Any, strength: dict[str, float]) -> Any:
    return env.step({agent: np.array([strength.get(agent, 0.0)], np.float32) for agent in env.agents})


@pytest.mark.filterwarnings("ignore:.*<descriptor>_<number>:UserWarning")  # the descriptor of team0_0 has a digit
def test_pettingzoo_accepts_it() -> None:
    pettingzoo_test.parallel_api_test(ParallelWorld(TugOfWar()), num_cycles=50)
    pettingzoo_test.parallel_seed_test(lambda: ParallelWorld(TugOfWar()), num_cycles=20)
    pettingzoo_test.api_test(aec(TugOfWar()), num_cycles=50)
    pettingzoo_test.seed_test(lambda: aec(TugOfWar()), num_cycles=20)


def test_all_end_together_with_opposite_rewards() -> None:
    env = ParallelWorld(TugOfWar())
    env.reset(seed=1)
    while env.agents:
        obs, rewards, terminated, truncated, infos = pull(env, {"team0_0": 1.0, "team0_1": 1.0})
    assert rewards == {"team0_0": 1.0, "team0_1": 1.0, "team1_0": -1.0, "team1_1": -1.0}
    assert all(terminated.values())
    assert not any(truncated.values())
    assert obs["team0_0"][0] == -obs["team1_0"][0]
    assert infos["team1_1"] == {"turn": env.world.turn}
    assert pull(env, {}) == ({}, {}, {}, {}, {})


def test_a_cap_truncates_all() -> None:
    env = ParallelWorld(TugOfWar())
    env.reset(seed=1)
    for _ in range(12):
        assert env.agents
        _, _, terminated, truncated, _ = pull(env, {})
    assert all(truncated.values())
    assert not any(terminated.values())


def test_observations_are_the_callers_own() -> None:
    env = ParallelWorld(TugOfWar())
    first, _ = env.reset(seed=1)
    kept = first["team0_0"].copy()
    first["team0_1"][:] = 7
    pull(env, {"team0_0": 1.0})
    np.testing.assert_array_equal(first["team0_0"], kept)


def test_seeds_repeat_and_go_on() -> None:
    env = ParallelWorld(TugOfWar())
    starts = [env.reset(seed=4)[0]["team0_0"][0], env.reset()[0]["team0_0"][0], env.reset()[0]["team0_0"][0]]
    assert len(set(starts)) == 3
    assert [env.reset(seed=4)[0]["team0_0"][0], env.reset()[0]["team0_0"][0]] == starts[:2]


def test_misuse_is_told() -> None:
    env = ParallelWorld(TugOfWar())
    with pytest.raises(ResetNeeded):
        env.step({})
    with pytest.raises(UnknownOption, match="hologram"):
        ParallelWorld(TugOfWar(), "hologram")
    env.reset(seed=0)
    with pytest.raises(UnknownOption, match="team9_0"):
        env.step({"team9_0": np.zeros(1)})
    with pytest.raises(UnknownOption, match="team0_1, team1_0, team1_1"):
        env.step({"team0_0": np.zeros(1)})
    for seed in (-1, True, 2**63, "one"):
        with pytest.raises(UnknownOption):
            env.reset(seed=seed)


def test_one_team_against_a_policy() -> None:
    seen = []

    def strong(obs: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(obs)
        return np.ones((2, 1), np.float32)

    env = TeamEnv(ParallelWorld(TugOfWar()), strong)
    obs, _ = env.reset(seed=1)
    assert obs.shape == (2, 2)
    assert env.action_space.shape == (2, 1)
    done = False
    while not done:
        obs, reward, done, truncated, info = env.step(np.zeros((2, 1), np.float32))
        assert not truncated
    assert reward == -1.0
    assert seen[0].shape == (2, 2)
    assert info["agents"].keys() == {"team0_0", "team0_1"}
    with pytest.raises(ValueError, match="2 agents"):
        env.step(np.zeros((3, 1), np.float32))
    with pytest.raises(UnknownOption):
        TeamEnv(ParallelWorld(TugOfWar()), strong, team=2)


def test_the_other_team_can_be_mine() -> None:
    env = TeamEnv(ParallelWorld(TugOfWar()), lambda obs: np.zeros((len(obs), 1), np.float32), team=1)
    env.reset(seed=1)
    reward = 0.0
    while not reward:
        _, reward, *_ = env.step(np.ones((2, 1), np.float32))
    assert reward == 1.0


@pytest.mark.filterwarnings("ignore:.*render modes:UserWarning", "ignore::DeprecationWarning")
def test_gymnasium_accepts_one_team() -> None:
    check_env(TeamEnv(ParallelWorld(TugOfWar()), lambda obs: np.zeros((len(obs), 1), np.float32)))
