"""`mtenvs/Volleyball-v0`: conformance, opponents, pools, text orders, the batched engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.vector import DroneVectorEnv
from mtenvs.envs.drones.volleyball import VolleyballEnv
from mtenvs.testing import CHECKS, NotApplicable, factory_of
from mtenvs.testing.base import difference

QUICK = [check for check in CHECKS if check.__name__ != "check_async_vector"]  # the catalogue's conformance run has it
SERVES: dict[str, Any] = {"opponent": "hover", "random_serve": False}
ORDERS: dict[str, Any] = {"control": "skills", "opponent": "rule"}


@pytest.mark.parametrize("check", QUICK, ids=lambda c: c.__name__)
def test_contract(check: Callable[..., None]) -> None:
    try:
        check(factory_of(VolleyballEnv, **SERVES))
    except NotApplicable as e:
        pytest.skip(str(e))


@pytest.mark.parametrize(
    ("teams", "control"), [("1v1", "prt"), ("1v1", "ctbr"), ("3v3", "prt"), ("3v3", "ctbr"), ("6v6", "prt"), ("6v6", "ctbr")]
)
def test_the_oracle_serves_a_winner(teams: str, control: str) -> None:
    env = VolleyballEnv(teams=teams, control=control, **SERVES)
    env.reset(seed=3)
    done = False
    while not done:
        *_, terminated, truncated, info = env.step(env.next_oracle_action())
        done = terminated or truncated
    assert info["success"]
    assert info["verdict"].checkpoints == {"hit": True, "over_the_net": True, "won": True}


@pytest.mark.parametrize(("teams", "shape"), [("1v1", (37,)), ("3v3", (3, 57)), ("6v6", (6, 78))])
def test_shapes(teams: str, shape: tuple[int, ...]) -> None:
    env = VolleyballEnv(teams=teams)
    obs, info = env.reset(seed=0)
    assert obs["state"].shape == shape
    assert info["task_id"] == f"volleyball-{teams}"
    assert env.action_space.shape == (*shape[:-1], 4)


def hover(obs: NDArray[np.float32]) -> NDArray[np.float32]:
    """A frozen policy."""
    return np.tile(np.array([0.1828, 0.3011, 0.1828, 0.3011], np.float32), (*obs.shape[:2], 1))


def test_a_frozen_policy_plays_the_other_team_in_its_own_view() -> None:
    seen: list[Any] = []

    def policy(obs: NDArray[np.float32]) -> NDArray[np.float32]:
        seen.append(obs)
        return hover(obs)

    env = VolleyballEnv(opponent=policy, random_serve=False)
    obs, _ = env.reset(seed=0)
    env.step(env.idle_action())
    assert seen[0].shape == (1, 3, 57)
    np.testing.assert_allclose(seen[0][0, :, :3], obs["state"][:, :3], atol=1e-5)
    wrong = VolleyballEnv(opponent=lambda obs: obs)
    wrong.reset(seed=0)
    with pytest.raises(ValueError, match="opponent"):
        wrong.step(wrong.idle_action())


def test_a_pool_draws_by_the_seed() -> None:
    env = VolleyballEnv(opponent=["random", hover])
    chosen = {seed: (env.reset(seed=seed), int(env.drill.opponent.chosen[0]))[1] for seed in range(12)}  # type: ignore[attr-defined]  # a Match
    assert set(chosen.values()) == {0, 1}
    again = VolleyballEnv(opponent=["random", hover])
    for seed, who in chosen.items():
        again.reset(seed=seed)
        assert int(again.drill.opponent.chosen[0]) == who  # type: ignore[attr-defined]  # same


@pytest.mark.parametrize("opponent", ["random", "hover", "rule"])
def test_games_of_a_batch_are_single_games(opponent: str) -> None:
    singles = [VolleyballEnv(teams="3v3", opponent=opponent) for _ in range(3)]
    batch = DroneVectorEnv(VolleyballEnv, 3, teams="3v3", opponent=opponent)
    obs, _ = batch.reset(seed=4)
    first = [env.reset(seed=4 + i)[0] for i, env in enumerate(singles)]
    np.testing.assert_array_equal(obs["state"], np.stack([one["state"] for one in first]))
    rng, live = np.random.default_rng(0), [True] * 3
    for _ in range(80):
        actions = rng.uniform(0.0, 0.5, (3, 3, 4)).astype(np.float32)
        obs, rewards, terminated, truncated, infos = batch.step(actions)
        for i, env in enumerate(singles):
            if live[i]:
                one, reward, end, cut, info = env.step(actions[i])
                assert not difference(one["state"], obs["state"][i], "state")
                assert (reward, end, cut) == (rewards[i], terminated[i], truncated[i])
                assert info["result"] == infos["result"][i]
                live[i] = not (end or cut)
        if not any(live):
            break
    assert not any(live)


@pytest.mark.parametrize("control", ["prt", "ctbr"])
def test_the_rule_bot_punishes_a_team_that_hovers(control: str) -> None:
    """It serves into the empty court, or receives nothing: whoever serves, the hovering team loses its rally."""
    for seed in range(2):
        env = VolleyballEnv(opponent="rule", control=control, random_serve=True)
        env.reset(seed=seed)
        ended = False
        while not ended:
            before = env.snapshot() if env.drill.steps[0] == 60 else None
            state, _, ended, cut, info = env.step(env.idle_action())
            assert not cut
            if before is not None:
                again = VolleyballEnv(opponent="rule", control=control, random_serve=True)
                again.reset(seed=9)
                again.restore(before)
                assert not difference(again.step(again.idle_action())[0]["state"], state["state"], "state")
        assert info["result"] == -1.0


def test_text_orders() -> None:
    env = VolleyballEnv(**ORDERS)
    obs, info = env.reset(seed=1)
    assert "ball" in obs["text"].lower()
    obs, *_, info = env.step("passer: pass_left; setter: set")
    assert info["action"] == 'order(passer="pass_left", setter="set", attacker="keep")'
    assert info["action_error"] is None
    assert "attacker: hover" in obs["text"]
    before = env.snapshot()
    obs, *_, info = env.step("libero: dance")
    assert info["action_error"] is not None
    obs, *_, info = env.step("setter: pirouette")
    assert "pirouette" in info["action_error"].message
    assert env.snapshot() != before  # turns were spent
    first = env.step('{"name": "order", "arguments": {"attacker": "attack_right"}}')
    env.restore(before)
    again = env.step("attacker: attack_right")
    assert not difference(first[0]["text"].split("\n")[-1], again[0]["text"].split("\n")[-1])


def test_rule_bots_as_oracle_beat_random_orders() -> None:
    won = 0
    for seed in range(4):
        env = VolleyballEnv(control="skills", opponent="random")
        env.reset(seed=seed)
        done = False
        while not done:
            *_, terminated, truncated, info = env.step(env.next_oracle_action())
            done = terminated or truncated
        won += info["success"]
    assert won >= 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"teams": "2v3"},
        {"opponent": "nobody"},
        {"control": "skills", "teams": "1v1"},
        {"control": "skills", "opponent": 3},
        {"opponent": []},
        {"opponent": "rule", "teams": "1v1"},
        {"opponent": ["rule", "hover"], "control": "ctbr"},
    ],
    ids=str,
)
def test_wrong_options(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption):
        VolleyballEnv(**wrong)


def test_the_near_miss_keeps_a_team_at_its_places() -> None:
    env = VolleyballEnv(**SERVES)
    env.reset(seed=0)
    plan = env.near_miss()
    for _ in range(60):
        *_, terminated, _, _ = env.step(next(plan))
        assert not terminated
    np.testing.assert_allclose(env.drill.state.pos[:3, :, 0], env.drill.anchors, atol=0.1)


@pytest.mark.parametrize("teams", ["3v2", None, ["3v3"]], ids=str)
def test_odd_teams_are_refused(teams: Any) -> None:
    with pytest.raises(UnknownOption, match="same size"):
        VolleyballEnv(teams=teams)
