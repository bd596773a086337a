"""Wrapped environments are environments: the public checks, batches of all kinds, stacking, and making them again from the spec."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from toy import CounterEnv

from mtenvs.core.errors import UnknownOption
from mtenvs.core.tasks import Task
from mtenvs.testing import check_env
from mtenvs.vector import make_vec
from mtenvs.wrappers import (
    ConfirmIrreversible,
    GatedReward,
    GoalReminder,
    HorizonSchedule,
    InformationGain,
    OutcomeLadder,
    OverTurn,
    PythonRuntime,
    Scratchpad,
    TurnBudget,
    TurnRequest,
)
from mtenvs.wrappers.python_process import namespaces

Wrap = Callable[[Any], Any]
LONG, HERO = "mtenvs/LongExecution-v0", "mtenvs/HeroBench-v0"

# The check of snapshots steps the unwrapped environment after restoring, where the info and text of a wrapper are missing.
BARE = ("check_snapshot",)
# The snapshots that check_noise takes on each of its many turns grow with the conversation that information_gain keeps.
# These wrappers set the turn limit at reset, which the checks of the constructor's max_turns do not expect, and check_idle waits
# for 200 turns at most, fewer than check_bad_actions needs.
LIMIT = (*BARE, "check_misuse", "check_turn_counter", "check_turn_cap", "check_idle")


def task_id(task: Task) -> str:
    return task.id


def scorer(messages: list[dict[str, Any]], answer: str) -> float:  # noqa: ARG001 - a scorer's signature
    return -1.0 / len(messages)


WRAPS: dict[str, tuple[Wrap, tuple[str, ...]]] = {
    "gated": (partial(GatedReward, gates={"outcome": 1.0}, outcome=OutcomeLadder()), BARE),
    "budget": (partial(TurnBudget, limit=2000, extended_limit=3000), LIMIT),
    "request": (partial(TurnRequest, more=5), ()),
    "horizon": (partial(HorizonSchedule, rounds=(2000, 3000), steps_per_stage=10), LIMIT),
    "over_turn": (OverTurn, BARE),
    "information_gain": (partial(InformationGain, scorer=scorer, ground_truth=task_id), (*BARE, "check_noise")),
    "goal_reminder": (partial(GoalReminder, every=2), BARE),
    "scratchpad": (Scratchpad, ()),
}


def made(env_id: str, wrap: Wrap, **options: Any) -> gym.Env[Any, Any]:
    wrapped: gym.Env[Any, Any] = wrap(gym.make(env_id, disable_env_checker=True, **options))
    return wrapped


def toy(wrap: Wrap, **options: Any) -> gym.Env[Any, Any]:
    wrapped: gym.Env[Any, Any] = wrap(CounterEnv(**options))
    return wrapped


@pytest.mark.parametrize("name", WRAPS)
def test_wrapped_environments_pass_the_public_checks(name: str) -> None:
    wrap, skip = WRAPS[name]
    check_env(partial(made, LONG, wrap), task="k1-t6/0", skip=skip)


def test_the_gate_passes_the_public_checks_where_something_is_irreversible() -> None:
    check_env(partial(toy, ConfirmIrreversible), skip=BARE)


@pytest.mark.skipif(not namespaces(), reason="this system allows no unprivileged user namespaces (unshare)")
def test_the_runtime_passes_the_public_checks() -> None:
    check_env(partial(toy, partial(PythonRuntime, allow_code=True, timeout=20.0)))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gated", "budget", "goal_reminder", "scratchpad"])
def test_a_wrapped_hero_passes_the_public_checks(name: str) -> None:
    wrap, skip = WRAPS[name]
    check_env(partial(made, HERO, wrap), task="own/1/0", skip=skip)


@pytest.mark.parametrize("name", WRAPS)
def test_infos_batch(name: str) -> None:
    factory = partial(made, HERO, WRAPS[name][0], task="own/1/0")
    single = factory()
    _, first = single.reset(seed=0)
    venv = make_vec(factory, 2)
    _, infos = venv.reset(seed=0)
    assert set(first) <= set(infos)
    idle = single.unwrapped.idle_action()  # type: ignore[attr-defined]  # of MultiTurnEnv
    obs, rewards, _, _, infos = venv.step([idle, "nonsense"])
    alone = single.step(idle)
    assert obs["text"][0] == alone[0]["text"]
    assert rewards[0] == alone[1]
    assert list(first) == list(alone[4])
    for key, value in alone[4].items():
        assert type(value) is type(first[key]) or key in ("action_error", "verdict")
        if key != "reward_components":
            assert infos[key][0] == value
    venv.close()
    single.close()


def everything(env: gym.Env[Any, Any]) -> gym.Env[Any, Any]:
    env = TurnRequest(Scratchpad(TurnBudget(env, 6, reminder=3)), 2)
    return OverTurn(GatedReward(GoalReminder(env, 2), {"progress": 0.5}))


def test_wrappers_stack() -> None:
    env = made(HERO, everything, task="own/1/0")
    env.reset(seed=0)
    core: Any = env.unwrapped
    for act in ('remember("a")', "request_turns()", *[core.idle_action()] * 6):
        obs, _, _, truncated, info = env.step(act)
        assert obs in env.observation_space
        assert obs["text"].count("[Reminder of the goal") == (info["turn"] % 2 == 0 and not truncated)
    assert truncated
    assert info["over_turn"] is True
    assert len(info["turn_rewards"]) == info["turn"] == 8


@pytest.mark.parametrize("vector", [gym.vector.SyncVectorEnv, gym.vector.AsyncVectorEnv], ids=["sync", "async"])
def test_gymnasiums_own_batches_take_wrapped_environments(vector: Any) -> None:
    venv = vector([partial(made, LONG, everything_but_gates, task="k1-t3/0")] * 2)
    obs, _ = venv.reset(seed=0)
    assert "3 turns left" in tuple(obs["text"])[1]
    _, _, _, _, infos = venv.step(("recall()", 'remember("x")'))
    assert list(infos["loss_weight"]) == [1.0, 1.0]
    venv.close()


def everything_but_gates(env: gym.Env[Any, Any]) -> gym.Env[Any, Any]:
    return OverTurn(Scratchpad(TurnBudget(env, 3)))


@pytest.mark.parametrize("backend", ["sync", "thread", "process"])
def test_a_batch_is_told_how_far_training_is(backend: str) -> None:
    venv = make_vec(partial(made, HERO, partial(HorizonSchedule, rounds=(3, 5), steps_per_stage=10), task="own/1/0"), 2, backend=backend)
    _, infos = venv.reset(seed=0)
    assert list(infos["turns_left"]) == [3, 3]
    venv.call("set_global_step", 10)
    _, infos = venv.reset(seed=0)
    assert np.array_equal(infos["horizon"], [5, 5])
    venv.close()


def test_a_batched_engine_refuses_what_it_would_skip() -> None:
    make_vec(partial(made, HERO, unwrapped, task="own/1/0"), 2, backend="native").close()
    for wrap in (Scratchpad, partial(ConfirmIrreversible, also=("buy",))):
        with pytest.raises(UnknownOption, match="another backend"):
            make_vec(partial(made, HERO, wrap, task="own/1/0"), 2, backend="native")


def unwrapped(env: gym.Env[Any, Any]) -> gym.Env[Any, Any]:
    return env


def test_the_spec_wraps_again() -> None:
    env = TurnBudget(gym.make(LONG, task="k1-t3/0"), 2, reminder="never")
    assert env.spec is not None
    again = gym.make(env.spec)
    assert isinstance(again, TurnBudget)
    assert again.reset(seed=0)[1]["turns_left"] == 2


def test_only_our_environments_are_wrapped() -> None:
    with pytest.raises(UnknownOption, match="mtenvs"):
        OverTurn(gym.make("CartPole-v1"))
