"""The batched engine gives what single environments give, in every autoreset mode."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from mtenvs.core.errors import ResetNeeded, UnknownOption
from mtenvs.envs.drones import vector_entries
from mtenvs.envs.drones.env import DroneEnv
from mtenvs.envs.drones.single_envs import BackAndForthEnv, HitTheBallEnv, SoloBumpEnv
from mtenvs.envs.drones.vector import DroneVectorEnv
from mtenvs.testing.base import difference

KINDS: list[type[DroneEnv]] = [BackAndForthEnv, HitTheBallEnv, SoloBumpEnv]


def row(infos: dict[str, Any], i: int) -> dict[str, Any]:
    """The info of one game, in the types of a single environment."""
    out: dict[str, Any] = {}
    for key, column in infos.items():
        if key.startswith("_"):
            continue
        if isinstance(column, dict):
            out[key] = row(column, i)
        else:
            value = column[i]
            out[key] = value if column.dtype == object or key == "seed" else value.item()
    return out


def same(single: tuple[Any, ...], batch: tuple[Any, ...], i: int, where: str) -> None:
    obs, reward, terminated, truncated, info = single
    assert not (found := difference(obs, {"state": batch[0]["state"][i]}, where)), found
    assert (reward, terminated, truncated) == (batch[1][i], batch[2][i], batch[3][i]), where
    mine = row(batch[4], i)
    assert mine.keys() == info.keys()
    assert not (found := difference(info, {key: mine[key] for key in info}, where)), found


@pytest.mark.parametrize("control", ["prt", "ctbr"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_four_games_are_four_single_environments(kind: type[DroneEnv], control: str) -> None:
    singles = [kind(control=control, max_turns=60) for _ in range(4)]
    batch = DroneVectorEnv(kind, 4, control=control, max_turns=60, autoreset="same_step", texts=True)
    obs, infos = batch.reset(seed=7)
    for i, env in enumerate(singles):
        start = env.reset(seed=7 + i)
        same((start[0], 0.0, False, False, start[1]), (obs, *np.zeros((3, 4)), infos), i, f"reset {i}")
    rng = np.random.default_rng(3)
    for turn in range(200):
        flown = np.stack([env.next_oracle_action() for env in singles]) + rng.normal(0, 0.02, batch.action_space.shape)
        actions = flown.astype(np.float32)
        if turn % 50 == 20:
            actions[turn % 4, ..., 0] = np.nan
        out = batch.step(actions)
        for i, env in enumerate(singles):
            played = env.step(actions[i])
            if played[2] or played[3]:
                final = (out[4]["final_obs"], out[4]["final_info"])
                last = (*played[:1], played[1], played[2], played[3], played[4])
                same(last, ({"state": [o and o["state"] for o in final[0]]}, *out[1:4], final[1]), i, f"end {i} on {turn}")
                env.reset(seed=int(out[4]["seed"][i]))
            else:
                assert not out[2][i]
                assert not out[3][i]
                same(played, out, i, f"game {i} on {turn}")


def test_next_step_starts_again_on_the_turn_after() -> None:
    batch = DroneVectorEnv(HitTheBallEnv, 3, autoreset="next_step", max_turns=4)
    assert batch.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
    batch.reset(seed=1)
    hover = np.tile(batch.drill.neutral, (3, 1))
    for _ in range(4):
        _, _, _, truncated, _ = batch.step(hover)
    assert truncated.all()
    before = batch.drill.seeds.copy()
    obs, rewards, _, truncated, infos = batch.step(hover)
    assert not truncated.any()
    assert not rewards.any()
    assert (infos["turn"] == 0).all()
    assert (infos["seed"] != before).all()
    single = HitTheBallEnv()
    np.testing.assert_array_equal(single.reset(seed=int(infos["seed"][2]))[0]["state"], obs["state"][2])


def test_games_that_are_over_wait_for_their_reset() -> None:
    batch = DroneVectorEnv(SoloBumpEnv, 3)
    batch.reset(seed=1)
    falling = np.tile(batch.drill.neutral, (3, 1))
    falling[1] = -1.0
    ended = False
    for _ in range(60):
        obs, rewards, terminated, _, infos = batch.step(falling)
        ended = ended or bool(terminated[1])
        if ended and not terminated[1]:
            assert rewards[1] == 0.0
            assert not infos["_turn"][1]
    assert ended
    last = obs["state"][1].copy()
    falling[1] = np.nan
    obs, _, _, _, infos = batch.step(falling)
    np.testing.assert_array_equal(obs["state"][1], last)
    assert infos["action_error"][1] is None
    others = obs["state"][[0, 2]].copy()
    obs, infos = batch.reset(seed=9, options={"reset_mask": np.array([False, True, False])})
    np.testing.assert_array_equal(obs["state"][[0, 2]], others)
    assert infos["_turn"].tolist() == [False, True, False]
    assert infos["seed"][1] == 10


def test_a_nan_stays_in_its_game() -> None:
    one, other = DroneVectorEnv(SoloBumpEnv, 64), DroneVectorEnv(SoloBumpEnv, 64)
    one.reset(seed=5), other.reset(seed=5)
    rng = np.random.default_rng(0)
    for _ in range(20):
        actions = rng.uniform(-0.2, 0.8, (64, 4)).astype(np.float32)
        broken = actions.copy()
        broken[13] = np.inf
        first, second = one.step(actions), other.step(broken)
        keep = np.arange(64) != 13
        np.testing.assert_array_equal(first[0]["state"][keep], second[0]["state"][keep])
        assert np.isfinite(second[0]["state"]).all()
    assert second[4]["action_error"][13] is None  # max_invalid has ended it by now


def test_groups_share_their_seed() -> None:
    batch = DroneVectorEnv(HitTheBallEnv, 6)
    obs, infos = batch.reset(seed=3, options={"group_size": 3})
    assert infos["seed"].tolist() == [3, 3, 3, 4, 4, 4]
    np.testing.assert_array_equal(obs["state"][0], obs["state"][2])
    assert (obs["state"][0] != obs["state"][3]).any()


def test_misuse_is_told() -> None:
    batch = DroneVectorEnv(HitTheBallEnv, 2)
    with pytest.raises(ResetNeeded):
        batch.step(np.zeros((2, 4), np.float32))
    with pytest.raises(ResetNeeded):
        batch.reset(options={"reset_mask": np.array([True, False])})
    for options in ({"nonsense": 1}, {"group_size": 0}, {"reset_mask": [True]}, {"max_turns": 0}, {"task": "nothing"}):
        with pytest.raises(UnknownOption):
            batch.reset(seed=0, options=options)
    batch.reset(seed=0)
    with pytest.raises(ValueError, match="floats"):
        batch.step(np.zeros((2, 3), np.float32))
    for wrong in ({"autoreset": "never"}, {"obs_mode": "text"}, {"control": "rope"}, {"preset": "moon"}, {"max_turns": 0}):
        with pytest.raises(UnknownOption):
            DroneVectorEnv(HitTheBallEnv, 2, **wrong)


@pytest.mark.parametrize("name", ["back_and_forth", "hit_the_ball", "solo_bump", "bump_and_pass", "set_and_spike", "volleyball"])
def test_entry_points(name: str) -> None:
    batch = getattr(vector_entries, name)(num_envs=2, render_mode="rgb_array", image_size=(96, 64))
    obs, infos = batch.reset(seed=1)
    assert obs["state"].shape == batch.observation_space["state"].shape
    assert infos["env_id"][0].startswith("mtenvs/")
    batch.action_space.seed(0)
    obs, rewards, *_ = batch.step(batch.action_space.sample())
    assert rewards.shape == (2,)
    pictures = batch.render()
    assert pictures is not None
    assert pictures[1].shape == (64, 96, 3)
    batch.close()
