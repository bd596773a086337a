"""`MultiTurnEnv`: turns, invalid actions, verdicts, info, options, and what a programmer may not do."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import CounterEnv, SliderEnv

from mtenvs.core.actions import ActionError
from mtenvs.core.env import anchor_of
from mtenvs.core.errors import BadAction, ResetNeeded, UnknownOption, UnknownTask
from mtenvs.core.tasks import Task
from mtenvs.core.verdict import Verdict


def started(seed: int = 0, **options: Any) -> CounterEnv:
    env = CounterEnv(**options)
    env.reset(seed=seed)
    return env


# ---- turns and their cap -------------------------------------------------------------------------------------------


def test_good_and_bad_actions_spend_turns_alike() -> None:
    env = started(max_turns=5)
    infos = [env.step(a)[4] for a in ("add 1", "nonsense", "add 99", {"name": "note"})]
    assert [i["turn"] for i in infos] == [1, 2, 3, 4]
    assert [i["turns_left"] for i in infos] == [4, 3, 2, 1]
    obs, reward, terminated, truncated, info = env.step("note()")
    assert (terminated, truncated, info["stop_reason"], info["turns_left"], reward) == (False, True, "max_turns", 0, 0.0)
    assert obs["text"].endswith(f"1 of {env.target}, 0 kept")


def test_the_end_of_the_world_counts_more_than_the_cap() -> None:
    env = started(max_turns=1)
    *_, terminated, truncated, info = env.step("submit()")
    assert (terminated, truncated, info["stop_reason"]) == (True, False, "goal_failed")


def test_wrappers_move_the_cap() -> None:
    env: Any = started(max_turns=3)
    assert env.turn_limit == 3
    env.step("note()")
    env.extend_turns(2)
    assert env.turn_limit == 5
    env.set_turn_limit(1)
    assert env.step("note()")[4]["stop_reason"] == "max_turns"  # a cap that has been passed truncates on the next step
    env.reset()
    assert env.turn_limit == 3
    env.set_turn_limit(None)
    env.extend_turns(5)
    assert env.turn_limit is None
    assert env.step("note()")[4]["turns_left"] == -1
    for wrong in (0, -1, 1.5, "3", True):
        with pytest.raises(UnknownOption, match="at least 1"):
            env.set_turn_limit(wrong)
    env.set_turn_limit(np.int64(4))  # a whole number all the same
    with pytest.raises(UnknownOption):
        env.extend_turns(-4)


def test_reset_can_set_the_cap_of_one_episode() -> None:
    env = CounterEnv(max_turns=9)
    assert env.reset(options={"max_turns": 2})[1]["turns_left"] == 2
    assert env.reset()[1]["turns_left"] == 9


# ---- invalid actions -----------------------------------------------------------------------------------------------


def test_an_invalid_action_is_an_observation() -> None:
    env = started(invalid_action_reward=-0.5)
    before = env._save()
    obs, reward, terminated, truncated, info = env.step("add(7)")
    error = info["action_error"]
    assert isinstance(error, ActionError)
    assert (error.kind, error.legal) == ("arguments", "add(amount: int 1..3)")
    assert error.message in obs["text"]
    assert "Legal: add(amount" in obs["text"]
    assert (reward, terminated, truncated) == (-0.5, False, False)
    assert info["reward_components"] == {"score": 0.0, "invalid_action": -0.5}
    assert info["action"] == ""
    assert env._save() == before


def test_a_refused_action_keeps_its_canonical_text_and_code() -> None:
    env = started()
    env.total = 19
    info = env.step("add 2")[4]
    assert info["action"] == "add(amount=2)"
    assert info["action_error"] == ActionError("refused", "the counter ends at 20", "add a smaller amount", 7)


def test_invalid_actions_in_a_row_truncate() -> None:
    env = started(max_invalid=3)
    outcomes = [env.step(a)[2:4] for a in ("?", "?", "note", "?", "?")]
    assert not any(any(o) for o in outcomes)
    *_, terminated, truncated, info = env.step("?")
    assert (terminated, truncated, info["stop_reason"]) == (False, True, "invalid_actions")
    assert isinstance(info["verdict"], Verdict)


def test_an_official_mode_ends_on_the_first_invalid_action() -> None:
    env = started(first_invalid_ends=True)
    env.step("add 1")
    *_, terminated, truncated, info = env.step("?")
    assert (terminated, truncated, info["stop_reason"]) == (True, False, "goal_failed")


def test_the_last_turn_may_be_invalid() -> None:
    env = started(max_turns=1)
    info = env.step("?")[4]
    assert (info["stop_reason"], info["action_error"].kind) == ("max_turns", "parse")


@given(st.lists(st.sampled_from(["add 1", "add 3", "note", "?", "", "keep cup", "keep dragon", "submit"]), max_size=15), st.integers(0, 99))
def test_counters_and_reasons_fit_whatever_is_played(actions: list[str], seed: int) -> None:
    env = CounterEnv(max_turns=10, max_invalid=3)
    env.reset(seed=seed)
    streak = 0
    for turn, text in enumerate(actions, 1):
        saved = env._save()
        obs, reward, terminated, truncated, info = env.step(text)
        assert obs in env.observation_space
        assert (info["turn"], info["turns_left"]) == (turn, 10 - turn)
        assert reward == sum(info["reward_components"].values())
        streak = streak + 1 if info["action_error"] else 0
        if info["action_error"]:
            assert env._save() == saved
        assert terminated == (text == "submit")
        assert truncated == (not terminated and (streak == 3 or turn == 10))
        assert bool(info["stop_reason"]) == (info["verdict"] is not None) == (not env.running) == (terminated or truncated)
        if terminated or truncated:
            with pytest.raises(ResetNeeded):
                env.step("note")
            break


# ---- verdict and info ----------------------------------------------------------------------------------------------


def test_a_verdict_comes_at_the_end_or_on_every_turn() -> None:
    env = started()
    assert env.step("add 1")[4]["verdict"] is None
    verdict = env.step("submit")[4]["verdict"]
    assert (verdict.success, verdict.checkpoints["counted"]) == (False, False)
    env = CounterEnv(verdict_every_turn=True)
    assert env.reset(seed=0)[1]["verdict"] == Verdict(0.0, success=False, checkpoints={"half": False, "counted": False})
    assert env.step("add 1")[4]["verdict"].score == 0.0


def test_the_score_is_the_reward_of_the_last_turn() -> None:
    env = started()
    rewards = []
    while env.running:
        rewards.append(env.step(env.next_oracle_action())[1])
    assert rewards[-1] == 1.0
    assert not any(rewards[:-1])


def test_info_names_environment_task_and_seed() -> None:
    env = CounterEnv(task="to/5")
    info = env.reset(seed=77)[1]
    assert (info["env_id"], info["task_id"], info["seed"], type(info["seed"])) == ("CounterEnv", "to/5", 77, np.int64)
    drawn = [env.reset()[1]["seed"] for _ in range(5)]
    assert len(set(drawn)) == 5  # without a seed, each episode draws one and says which
    assert env.reset(seed=int(drawn[2]))[1]["anchor"] == CounterEnv(task="to/5").reset(seed=int(drawn[2]))[1]["anchor"]


def test_an_anchor_changes_with_anything_that_is_seen() -> None:
    a = {"text": "ab", "state": np.zeros(2, np.float32)}
    others: list[dict[str, Any]] = [
        {"text": "ac", "state": np.zeros(2, np.float32)},
        {"text": "ab", "state": np.ones(2, np.float32)},
        {"text": "ab", "state": np.zeros(2, np.float64)},
        {"text": "ab", "state": np.zeros((2, 1), np.float32)},
        {"text": "ab"},
        {"goal": "ab", "state": np.zeros(2, np.float32)},
        {"text": "a\ud800", "state": np.zeros(2, np.float32)},
    ]
    anchors = [anchor_of(o) for o in (a, *others)]
    assert len(set(anchors)) == len(anchors)
    assert all(len(x) == 16 and int(x, 16) >= 0 for x in anchors)
    assert anchor_of({"text": "ab", "state": np.zeros(4, np.float32)[::2]}) == anchors[0]


def test_timings_are_kept_out_of_info() -> None:
    env = started()
    env.step("note")
    assert set(env.timings_ms) == {"reset", "step", "observe"}
    assert all(t > 0 for t in env.timings_ms.values())


# ---- observation modes and rendering -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "keys"),
    [
        ("text", {"goal", "text"}),
        ("vision", {"goal", "text", "image"}),
        ("text+vision", {"goal", "text", "image"}),
        ("state", {"state"}),
        ("all", {"goal", "text", "image", "state"}),
    ],
)
def test_what_is_not_picked_is_not_computed(mode: str, keys: set[str]) -> None:
    asked = []

    class Watched(CounterEnv):
        def _value(self, key: str) -> Any:
            asked.append(key)
            return super()._value(key)

    env = Watched(obs_mode=mode)
    obs, _ = env.reset(seed=0)
    assert set(obs) == keys
    assert set(asked) == keys - {"goal", "text"}


def test_vision_reads_feedback_only() -> None:
    env = started(obs_mode="vision")
    assert env.step("add 2")[0]["text"] == "Added 2."
    assert "add(amount" in env.step("?")[0]["text"]


def test_a_long_text_is_cut_to_its_space() -> None:
    class Chatty(CounterEnv):
        def _report(self) -> str:
            return "x" * 5000

    obs, _ = Chatty().reset(seed=0)
    assert obs in Chatty().observation_space
    assert obs["text"].endswith("characters cut ...]")


def test_render_modes() -> None:
    assert started().render() is None
    picture = started(render_mode="rgb_array").render()
    assert (picture.shape, picture.dtype) == ((32, 32, 3), np.uint8)
    env = started(render_mode="ansi", obs_mode="state")
    env.step("add 1")
    assert env.render() == f"Added 1.\n\n1 of {env.target}, 0 kept"
    env = started(render_mode="ansi")
    assert env.step("note()")[0]["text"] == env.render()


# ---- options -------------------------------------------------------------------------------------------------------


def test_the_task_is_fixed_drawn_or_given_at_reset() -> None:
    env = CounterEnv(task="to/8")
    assert env.reset(seed=1)[1]["task_id"] == "to/8"
    assert env.reset(options={"task": "to/3"})[1]["task_id"] == "to/3"
    own = Task("mine", "Count.", {"low": 12})
    obs, info = env.reset(options={"task": own})
    assert (info["task_id"], obs["goal"]) == ("mine", "Count.")
    drawn = {CounterEnv().reset(seed=s)[1]["task_id"] for s in range(20)}
    assert drawn == {"to/3", "to/5", "to/8"}
    assert CounterEnv().reset(seed=5)[1]["task_id"] == CounterEnv().reset(seed=5)[1]["task_id"]


def test_a_world_seed_keeps_the_world_and_leaves_the_choice_of_the_task() -> None:
    env = CounterEnv()
    worlds, tasks = set(), set()
    for seed in range(12):
        info = env.reset(seed=seed, options={"world_seed": 4})[1]
        tasks.add(info["task_id"])
        worlds.add(env.target - int(env.task.setup["low"]))
    assert len(worlds) == 1
    assert len(tasks) == 3
    for world_seed in range(20):
        env.reset(seed=1, options={"task": "to/3", "world_seed": world_seed})
        worlds.add(env.target - 3)
    assert len(worlds) > 3


def test_an_episode_can_start_at_a_checkpoint() -> None:
    env = CounterEnv(verdict_every_turn=True)
    info = env.reset(seed=0, options={"start_at": 1})[1]
    assert (info["verdict"].checkpoints["half"], info["turn"], info["turns_left"]) == (True, 0, 40)
    while env.running:
        last = env.step(env.next_oracle_action())
    assert last[4]["success"]
    assert env.reset(seed=0, options={"start_at": 0})[1]["verdict"].score == 0.0
    with pytest.raises(UnknownOption, match="is the end of the episode"):
        env.reset(options={"start_at": 2})
    with pytest.raises(UnknownOption, match="cannot be reached"):
        env.reset(options={"start_at": 3})


def test_a_start_that_the_oracle_cannot_reach_ends_in_an_error() -> None:
    class Stuck(CounterEnv):
        def oracle(self) -> Any:
            while True:
                yield "add(2)"  # refused at the top, for ever

    with pytest.raises(UnknownOption, match="cannot be reached"):
        Stuck().reset(seed=0, options={"start_at": 2})
    with pytest.raises(UnknownOption, match="gets to 0 checkpoints"):
        SliderEnv().reset(seed=0, options={"start_at": 1})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tusk": 1}, "did you mean 'task'"),
        ({5: 1}, "no option 5"),
        ({"task": 5}, "neither a task id"),
        ({"task": []}, "compose"),
        ({"task": ["to/3", 5]}, "neither a task id"),
        ({"start_at": -1}, "start_at is a whole number"),
        ({"start_at": "two"}, "start_at is a whole number"),
        ({"start_at": True}, "start_at is a whole number"),
        ({"world_seed": -1}, "world_seed is a whole number"),
        ({"world_seed": 1.5}, "world_seed is a whole number"),
        ({"max_turns": 0}, "turn limit"),
        ({"max_turns": "9"}, "turn limit"),
    ],
)
def test_wrong_reset_options_are_typed_errors(options: dict[Any, Any], message: str) -> None:
    env = started()
    with pytest.raises(UnknownOption, match=message):
        env.reset(options=options)
    env.reset(seed=0)
    assert env.step("note()")[4]["turn"] == 1


def test_a_reset_that_fails_halfway_leaves_no_episode_to_go_on_with() -> None:
    env = started()
    with pytest.raises(UnknownTask, match="did you mean"):
        env.reset(options={"task": "to/33"})
    with pytest.raises(ResetNeeded):
        env.step("note()")


@pytest.mark.parametrize("seed", [-1, 2**63, 1.5, "7"])
def test_seeds_that_info_cannot_carry_are_refused(seed: Any) -> None:
    with pytest.raises(UnknownOption, match="seed"):
        CounterEnv().reset(seed=seed)
    assert CounterEnv().reset(seed=2**63 - 1)[1]["seed"] == 2**63 - 1


@pytest.mark.parametrize(
    ("keyword", "value", "message"),
    [
        ("task", "to/4", "did you mean"),
        ("task", 3, "neither a task id"),
        ("split", "dev", "train, val, test"),
        ("obs_mode", "audio", "choose one of"),
        ("render_mode", "human", "rgb_array, ansi"),
        ("max_turns", 0, "at least 1"),
        ("max_invalid", 0, "at least 1"),
        ("offered", ["add", "fly"], "'fly' is no action"),
    ],
)
def test_wrong_keywords_are_typed_errors(keyword: str, value: Any, message: str) -> None:
    with pytest.raises(UnknownOption, match=message):
        CounterEnv(**{keyword: value})


def test_an_empty_split_says_so_at_reset() -> None:
    with pytest.raises(UnknownTask, match="another split"):
        CounterEnv(split="test").reset(seed=0)


def test_only_offered_actions_can_be_called() -> None:
    env = CounterEnv(offered=["submit", "note"])
    env.reset(seed=0)
    assert [t["function"]["name"] for t in env.tools] == ["submit", "note"]
    assert "add(" not in env.help
    info = env.step("add(1)")[4]
    assert (info["action_error"].kind, info["action_error"].legal.count("(")) == ("tool", 2)


# ---- what a programmer may not do ----------------------------------------------------------------------------------


def test_stepping_outside_an_episode_raises() -> None:
    env = CounterEnv()
    for call in (lambda: env.step("note"), env.next_oracle_action):
        with pytest.raises(ResetNeeded, match=r"reset\(\)"):
            call()
    env.reset(seed=0)
    env.step("submit()")
    with pytest.raises(ResetNeeded):
        env.step("note")


@pytest.mark.parametrize("action", [None, 5, b"note()", ["note()"], ("note()",), np.zeros(2)])
def test_what_is_no_action_at_all_raises(action: Any) -> None:
    with pytest.raises(TypeError, match="text or a mapping"):
        started().step(action)


def test_an_unknown_stop_reason_raises() -> None:
    with pytest.raises(UnknownOption, match="did you mean 'goal_reached'"):
        started().stop("goal_reachd")


# ---- control families ----------------------------------------------------------------------------------------------


def test_a_box_action_with_nan_is_an_error_that_the_agent_sees() -> None:
    env = SliderEnv()
    env.reset(seed=0)
    before = env.place
    *_, terminated, truncated, info = env.step(np.array([np.nan, 0], np.float32))
    assert (info["action_error"].kind, terminated, truncated, env.place) == ("value", False, False, before)
    assert "nan" in info["action"]
    with pytest.raises(ValueError, match="shape"):
        env.step(np.zeros(3))


def test_an_oracle_of_arrays_plays_and_falls_back_to_idling() -> None:
    env = SliderEnv()
    env.reset(seed=0)
    while env.running:
        last = env.step(env.next_oracle_action())
    assert last[4]["success"]
    assert last[4]["stop_reason"] == "goal_reached"

    class Short(SliderEnv):
        def oracle(self) -> Any:
            return iter([np.ones(2, np.float32)])

    env = Short()
    env.reset(seed=0)
    env.step(env.next_oracle_action())
    np.testing.assert_array_equal(env.next_oracle_action(), np.zeros(2))


def test_read_calls_are_cached_without_being_shared() -> None:
    env = started()
    for _ in range(3):
        assert env.step("note('a', [1])")[0]["text"].startswith("Noted 'a' [1.0].")
        with pytest.raises(BadAction):
            env._read("note(")
    assert isinstance(env, gym.Env)
