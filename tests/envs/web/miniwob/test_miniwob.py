"""The real pages of MiniWoB++ in the real browser: seeds, rewards, the stopped clock, and pages that are solved by reading them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.web.miniwob.env import MiniWobEnv
from mtenvs.envs.web.miniwob.oracles import SOLVED
from mtenvs.envs.web.miniwob.pages import page_names


@pytest.fixture(scope="module")
def env() -> Iterator[MiniWobEnv]:
    with MiniWobEnv(obs_mode="text+vision") as made:
        yield made


def solve(env: MiniWobEnv, page: str, seed: int) -> dict[str, Any]:
    _, info = env.reset(seed=seed, options={"task": page})
    while not info["stop_reason"]:
        info = env.step(env.next_oracle_action())[4]
    return info


def test_there_are_130_pages_and_an_oracle_for_25_at_least() -> None:
    assert len(page_names()) == 130
    assert len(SOLVED) >= 25
    assert set(SOLVED) <= set(page_names())


@pytest.mark.parametrize("page", ["click-button", "enter-text", "choose-list", "read-table"])
def test_some_pages_are_solved(env: MiniWobEnv, page: str) -> None:
    info = solve(env, page, 2)
    assert info["stop_reason"] == "goal_reached"
    assert info["verdict"].score == 1.0


@pytest.mark.slow
@pytest.mark.parametrize("page", SOLVED)
def test_every_known_page_is_solved(env: MiniWobEnv, page: str) -> None:
    for seed in range(4):
        info = solve(env, page, seed)
        assert info["success"], (page, seed, info)


@pytest.mark.slow
def test_every_page_resets_and_renders(env: MiniWobEnv) -> None:
    for page in page_names():
        obs, _ = env.reset(seed=0, options={"task": page})
        assert obs["goal"].strip(), page
        assert obs["image"].std() > 1, page


def test_the_seed_draws_the_problem(env: MiniWobEnv) -> None:
    seen = {env.reset(seed=seed, options={"task": "enter-text"})[0]["goal"] for seed in (1, 2, 3, 1)}
    assert len(seen) == 3


def test_the_clock_stands_still_between_turns() -> None:
    with MiniWobEnv(time_limit_ms=1000, turn_ms=300, reward="timed") as env:
        _, info = env.reset(seed=0, options={"task": "enter-text"})
        for _ in range(2):
            info = env.step("hover(id=1)")[4]
        assert info["stop_reason"] == ""
        for _ in range(2):
            _, reward, terminated, truncated, info = env.step("hover(id=1)")
        assert (info["stop_reason"], terminated, truncated) == ("time_limit", False, True)
        assert reward == -1.0


def test_the_timed_reward_falls_with_the_turns() -> None:
    rewards = []
    for wait in (0, 2):
        with MiniWobEnv(reward="timed", turn_ms=1000) as env:
            env.reset(seed=0, options={"task": "click-test"})
            for _ in range(wait):
                env.step("hover(id=1)")
            rewards.append(env.step(env.next_oracle_action())[1])
    assert 0 < rewards[1] < rewards[0] <= 1


def test_giving_up_is_no_success(env: MiniWobEnv) -> None:
    env.reset(seed=0, options={"task": "click-test"})
    info = env.step("stop()")[4]
    assert info["stop_reason"] == "goal_failed"
    assert info["verdict"].score == 0.0


def test_a_wrong_button_is_a_failure(env: MiniWobEnv) -> None:
    _, info = env.reset(seed=0, options={"task": "click-button"})
    miss = env.near_miss()
    info = env.step(next(miss))[4]
    assert info["stop_reason"] == "goal_failed"


def test_the_picture_is_the_page(env: MiniWobEnv) -> None:
    obs, _ = env.reset(seed=0, options={"task": "click-color"})
    assert obs["image"].shape == (320, 500, 3)
    assert len(np.unique(obs["image"].reshape(-1, 3), axis=0)) > 10


@pytest.mark.parametrize("bad", [{"clock": "fast"}, {"reward": "all"}, {"turn_ms": 0}, {"time_limit_ms": -5}, {"pages": ("nope",)}])
def test_unknown_options_are_named(bad: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption):
        MiniWobEnv(**bad)
