"""The cooperative exercises: conformance, turns, rewards, the defender, both PettingZoo and Gymnasium forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.coop import BumpAndPass
from mtenvs.envs.drones.coop_envs import BumpAndPassEnv, SetAndSpikeEnv
from mtenvs.envs.drones.env import DroneEnv
from mtenvs.envs.drones.parallel import parallel_env
from mtenvs.envs.drones.practice import Practice
from mtenvs.envs.drones.spike import SetAndSpike
from mtenvs.testing import CHECKS, NotApplicable, factory_of

QUICK = [check for check in CHECKS if check.__name__ != "check_async_vector"]  # the catalogue's conformance run has it
KINDS: list[type[DroneEnv]] = [BumpAndPassEnv, SetAndSpikeEnv]


@pytest.mark.parametrize("check", QUICK, ids=lambda c: c.__name__)
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_contract(kind: type[DroneEnv], check: Callable[..., None]) -> None:
    try:
        check(factory_of(kind))
    except NotApplicable as e:
        pytest.skip(str(e))


@pytest.mark.parametrize(("game", "numbers"), [("bump_and_pass", 43), ("set_and_spike_easy", 44), ("set_and_spike_hard", 44)])
def test_pettingzoo_form(game: str, numbers: int) -> None:
    pettingzoo_test = pytest.importorskip("pettingzoo.test")
    pettingzoo_test.parallel_api_test(parallel_env(game), num_cycles=60)
    pettingzoo_test.parallel_seed_test(lambda: parallel_env(game), num_cycles=30)
    env = parallel_env(game)
    obs, _ = env.reset(seed=0)
    assert env.agents == ["team0_0", "team0_1"]
    assert obs["team0_1"].shape == (numbers,)


def placed(drill: Any, ball: Any, speed: Any = (0, 0, 0)) -> None:
    column = [np.array(part, np.float32).reshape(3, 1) for part in (ball, speed)]
    drill.state = drill.state._replace(ball_pos=column[0], ball_vel=column[1])


def played(drill: Any) -> tuple[dict[str, Any], bool]:
    turn = drill.play(np.tile(drill.neutral, (1, 2, 1)))
    return {name: part[0].tolist() for name, part in turn.rewards.items()}, bool(turn.terminated[0])


def over(drill: Any, drone: int) -> Any:
    return drill.state.pos[drone, :, 0] + [0, 0, 0.14]


def test_a_bump_on_ones_turn_is_shared_and_gives_the_turn_on() -> None:
    drill = Practice(BumpAndPass())
    drill.start([1])
    placed(drill, over(drill, 0), (0, 0, -3))
    got, ended = played(drill)
    assert got["hit"] == [1.0, 1.0]
    assert got["wrong_hit"] == [0.0, 0.0]
    assert not ended
    assert drill.own["turn"][0] == 1
    obs = drill.observe()[0]
    assert obs[0, 35:37].tolist() == obs[1, 35:37].tolist() == [0.0, 1.0]
    assert obs[:, 37:39].tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_bump_out_of_turn_costs_its_drone() -> None:
    drill = Practice(BumpAndPass())
    drill.start([1])
    placed(drill, over(drill, 1), (0, 0, -3))
    got, ended = played(drill)
    assert got["wrong_hit"] == [0.0, -10.0]
    assert got["hit"] == [0.0, 0.0]
    assert ended


def test_a_pass_counts_when_it_was_high_and_the_mate_has_hit_it() -> None:
    drill = Practice(BumpAndPass())
    drill.start([1])
    placed(drill, over(drill, 0), (0, 0, -3))
    played(drill)
    placed(drill, (4.5, 0.0, 4.5))
    got, _ = played(drill)
    assert got["crossing"] == [1.0, 1.0]
    assert drill.metrics()["passes"][0] == 0
    placed(drill, over(drill, 1), (0, 0, -3))
    played(drill)
    assert drill.metrics()["passes"][0] == 1


@pytest.mark.parametrize("ball", [(4.5, 0, 0.15), (4.5, 0, 16.5), (0.1, 0, 1.0), (4.5, 4.7, 3.0)], ids=["down", "high", "net", "out"])
def test_faults_of_the_ball_are_shared(ball: Any) -> None:
    drill = Practice(BumpAndPass())
    drill.start([1])
    placed(drill, ball)
    got, ended = played(drill)
    assert got["ball_misbehave"] == [-10.0, -10.0]
    assert ended


def attacked(difficulty: str) -> Practice:
    """A game in which setter and attacker have hit."""
    drill = Practice(SetAndSpike(difficulty=difficulty))
    drill.start([1])
    for drone in (0, 1):
        placed(drill, over(drill, drone), (0, 0, -3))
        got, ended = played(drill)
        assert got["hit"] == [5.0, 5.0]
        assert not ended
    return drill


def test_the_way_of_a_spike() -> None:
    drill = attacked("easy")
    placed(drill, (0.05, 0.0, 3.0), (-6, 0, 0))
    got, _ = played(drill)
    assert got["crossing"] == [5.0, 5.0]
    placed(drill, (-4.5, 0.5, 0.21), (0, 0, -3))
    got, ended = played(drill)
    assert got["landing"] == [5.0, 5.0]
    assert ended
    assert drill.score()[0] == 1.0


def test_outside_of_the_target_is_a_fault() -> None:
    drill = attacked("easy")
    placed(drill, (-7.0, 0.5, 0.21), (0, 0, -3))
    got, ended = played(drill)
    assert got["ball_misbehave"] == [-10.0, -10.0]
    assert ended
    assert drill.score()[0] < 1.0


def test_the_defender_catches_what_comes_near_and_misses_what_is_far() -> None:
    for place, caught in (((-4.0, 0.3, 1.5), True), ((-8.5, 4.0, 1.5), False)):
        drill = attacked("hard")
        placed(drill, place, (0, 0, -3))
        ended = False
        while not ended:
            _, ended = played(drill)
        assert bool(drill.metrics()["defended"][0]) is caught
        assert bool(drill.metrics()["landed"][0]) is not caught


@pytest.mark.parametrize("seed", [0, 1])
def test_the_oracle_gets_the_ball_past_the_defender(seed: int) -> None:
    env = SetAndSpikeEnv(difficulty="hard")
    env.reset(seed=seed)
    done = False
    while not done:
        *_, terminated, truncated, info = env.step(env.next_oracle_action())
        done = terminated or truncated
    assert info["success"]
    assert info["landed"] == 1.0


def test_wrong_options() -> None:
    with pytest.raises(UnknownOption):
        SetAndSpikeEnv(difficulty="medium")
    env = BumpAndPassEnv(control="ctbr")
    env.reset(seed=0)
    with pytest.raises(NotImplementedError):
        env.next_oracle_action()


def test_who_reads_finds_whose_turn_it_is_and_the_target() -> None:
    env = SetAndSpikeEnv(obs_mode="text")
    obs, _ = env.reset(seed=0)
    assert "Target: within 1.00 m of (-4.50, 0.00, 0.00)." in obs["text"]
    assert "May hit: player 0." in obs["text"]
    placed(env.drill, over(env.drill, 0), (0, 0, -3))
    obs, *_ = env.step(env.idle_action())
    assert "May hit: player 1." in obs["text"]
    hard, _ = SetAndSpikeEnv(difficulty="hard", obs_mode="text").reset(seed=0)
    assert "Opponents: player 0 at (-4.00, 0.00, 0.50)." in hard["text"]
