"""HeroBench as a user meets it: through `gymnasium.make`, `reset` and `step`."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest

import mtenvs
from mtenvs.core.env import MultiTurnEnv
from mtenvs.core.errors import UnknownOption, UnknownTask
from mtenvs.core.tasks import Task
from mtenvs.wrappers import ConfirmIrreversible


def make(**kwargs: Any) -> Any:
    return mtenvs.make("HeroBench", **{"task": "own/3/0", **kwargs}).unwrapped


def play(env: MultiTurnEnv) -> dict[str, Any]:
    ended = False
    info: dict[str, Any] = {}
    while not ended:
        _, _, terminated, truncated, info = env.step(env.next_oracle_action())
        ended = terminated or truncated
    return info


def test_rewards_add_up_to_the_score() -> None:
    env = make()
    env.reset(seed=0)
    total, ended = 0.0, False
    while not ended:
        _, reward, terminated, truncated, info = env.step(env.next_oracle_action())
        total += reward
        ended = terminated or truncated
    assert info["stop_reason"] == "goal_reached"
    assert total == pytest.approx(1.0)
    assert info["verdict"].score == 1


def test_a_cut_off_episode_is_paid_its_share() -> None:
    env = make()
    env.reset(seed=0, options={"max_turns": 20})
    total, ended = 0.0, False
    while not ended:
        _, reward, terminated, truncated, info = env.step(env.next_oracle_action())
        total += reward
        ended = terminated or truncated
    assert truncated
    assert not terminated
    assert 0 < info["verdict"].score < 1
    assert total == pytest.approx(info["verdict"].score)


@pytest.mark.parametrize("level", [1, 4, 9, 10, 11, 12, 13, 14])
@pytest.mark.parametrize("control", ["calls", "discrete"])
def test_every_level_is_solved_by_its_oracle(level: int, control: str) -> None:
    env = make(task=f"own/{level}/2", control=control)
    env.reset(seed=5)
    assert play(env)["success"]


@pytest.mark.parametrize("level", [1, 5, 10])
def test_the_oracles_program_wins_in_one_step(level: int) -> None:
    env = make(task=f"own/{level}/1", mode="program")
    obs, info = env.reset(seed=0)
    assert info["turns_left"] == 1
    assert "Final answer" in obs["text"]
    _, reward, terminated, truncated, info = env.step(env.next_oracle_action())
    assert (terminated, truncated, info["success"]) == (True, False, True)
    assert reward == pytest.approx(1.0)


@pytest.mark.parametrize(
    "answer", ["", "no program here", "```python\nimport os\n```", "Final answer: fight('Hero')", "\ud800" * 5, "x" * 300_000]
)
def test_a_bad_program_fails_the_goal_and_never_truncates(answer: str) -> None:
    env = make(mode="program")
    env.reset(seed=0)
    _, reward, terminated, truncated, info = env.step(answer)
    assert (terminated, truncated, info["stop_reason"]) == (True, False, "goal_failed")
    assert reward == 0
    assert info["verdict"].score == 0


def test_the_originals_call_syntax_is_read() -> None:
    env = make()
    env.reset(seed=0)
    x, y = env.data.content_tiles[0]
    _, _, _, _, info = env.step(f"move('Hero', {x}, {y})")
    assert info["action"] == f"move(x={x}, y={y})"
    assert env.hero.pos == (x, y)


def test_a_refused_action_tells_why_and_where_it_would_work() -> None:
    env = make()
    env.reset(seed=0)
    before = env.hero.copy()
    obs, _, _, _, info = env.step("fight()")
    assert info["action_error"].code == 598
    assert info["action"] == "fight()"
    assert "fight works at" in obs["text"]
    assert env.hero == before


@pytest.mark.parametrize("quantity", ["-1", "0", "1e30", "10**12", "nan", "1.5", "True", "'3'", "999999999999"])
def test_absurd_quantities_change_nothing(quantity: str) -> None:
    env = make()
    env.reset(seed=0)
    before = env.hero.copy()
    _, _, _, _, info = env.step(f"gather({quantity})")
    assert info["action_error"] is not None
    assert env.hero == before


def test_fog_hides_the_codex_and_inspect_lifts_it() -> None:
    env = make(task="own/13/0")
    obs, _ = env.reset(seed=0)
    target = env.hero_task.target
    assert "Monsters:" not in obs["text"]
    obs, _, _, _, info = env.step({"name": "inspect", "arguments": {"code": target}})
    assert info["action_error"] is None
    assert f"{target}: " in obs["text"]


def test_the_mask_says_what_would_be_carried_out() -> None:
    env = make(control="discrete", obs_mode="state", task="own/12/3", max_invalid=10**6, max_turns=10**6)
    obs, _ = env.reset(seed=0)
    rng = np.random.default_rng(0)
    for _ in range(150):
        number = int(rng.integers(env.action_space.n))
        legal = bool(obs["action_mask"][number])
        obs, _, terminated, _, info = env.step(number)
        assert (info["action_error"] is None) == legal, info["action"]
        if terminated:
            break


def test_state_and_picture_follow_the_hero() -> None:
    env = make(obs_mode="all")
    first, _ = env.reset(seed=0)
    later, _, _, _, _ = env.step(env.next_oracle_action())
    assert not np.array_equal(first["state"], later["state"])
    assert not np.array_equal(first["image"], later["image"])
    assert later["image"].shape == (640, 960, 3)


def test_a_users_own_task_plays() -> None:
    own = make().tasks.get("own/1/0")
    task = Task("mine/1", own.goal, own.setup)
    env = make(task=task)
    env.reset(seed=0)
    assert play(env)["task_id"] == "mine/1"


def test_generated_worlds_play() -> None:
    env = make(task="gen/3/2/0")
    env.reset(seed=0)
    assert play(env)["success"]


def test_levels_pick_tasks() -> None:
    env = mtenvs.make("HeroBench", level=[2, 4], split=None).unwrapped
    assert {i.split("/")[1] for i in env.tasks.ids} == {"2", "4"}  # type: ignore[attr-defined]  # ours


def test_composed_tasks_play_one_after_the_other() -> None:
    env = make(task=["own/1/0", "own/1/1"])
    obs, _ = env.reset(seed=0)
    assert "2 objectives" in obs["goal"]
    info = play(env)
    assert info["success"]
    assert info["verdict"].score == 1
    assert any(name.startswith("2.") for name in info["verdict"].checkpoints)


def test_start_at_begins_with_checkpoints_done() -> None:
    env = make()
    _, info = env.reset(seed=0, options={"start_at": 3})
    assert info["turn"] == 0
    _, _, _, _, _ = env.step(env.idle_action())
    assert sum(env._verdict().checkpoints.values()) >= 3


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"mode": "nonsense"}, UnknownOption),
        ({"control": "joystick"}, UnknownOption),
        ({"rules": "house"}, UnknownOption),
        ({"task": "own/99/0"}, UnknownTask),
        ({"task": "nowhere"}, UnknownTask),
        ({"level": 77, "task": None}, UnknownOption),
        ({"obs_mode": "smell"}, UnknownOption),
    ],
)
def test_mistakes_of_the_programmer_are_typed(kwargs: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        make(**kwargs).reset(seed=0)


def test_it_can_be_made_with_the_modules_name_in_front() -> None:
    env = gymnasium.make("mtenvs:mtenvs/HeroBench-v0", task="own/1/0")
    env.reset(seed=0)
    env.close()


def test_throwing_away_waits_for_a_confirmation_where_a_gate_is_asked_for() -> None:
    env = ConfirmIrreversible(mtenvs.make("HeroBench", task="own/3/0"))
    core: Any = env.unwrapped
    env.reset(seed=0)
    core.hero.bag["mire_reed"] = 2
    assert env.guarded == ("delete",)
    env.step('delete("mire_reed")')
    assert core.hero.bag["mire_reed"] == 2
    env.step("confirm()")
    assert core.hero.bag["mire_reed"] == 1
