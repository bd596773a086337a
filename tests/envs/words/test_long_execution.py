"""LongExecution by hand: totals, the paper's three accuracies, its options, and files in its published schema."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mtenvs
from mtenvs.core.errors import DataError, UnknownOption, UnknownTask
from mtenvs.core.tasks import split_of
from mtenvs.envs.words.long_execution import LongExecutionEnv

WORDS = {"alpha": 3, "beta": -5, "gamma": 10, "delta": 0}
ROW = ["alpha", "beta", "gamma", "alpha", "delta", "beta"]  # 3 -5 10 3 0 -5, so the totals are 3 -2 8 11 11 6


def published(rows: list[list[str]], words: dict[str, int]) -> dict[str, Any]:
    """The published schema."""
    truth = []
    for row in rows:
        values = [words[w] for w in row]
        truth.append({"input": list(row), "values": values, "output": [sum(values[: i + 1]) for i in range(len(values))]})
    return {"dict_sum": {"config": {"num_samples": len(rows)}, "dictionary": dict(words), "ground_truth_data": truth}}


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    file = tmp_path / "dict_sum.json"
    file.write_text(json.dumps(published([ROW, ["gamma"] * 250], WORDS)), encoding="utf-8")
    return file


def play(env: LongExecutionEnv, answers: list[int]) -> list[Any]:
    return [env.step(f"answer({a})") for a in answers]


# ---- the example by hand -------------------------------------------------------------------------------------------


def test_metrics_by_hand(data_file: Path) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1")
    env.reset(seed=0)
    # Right, right, wrong; then right again although it does not follow from the wrong one; then right and following.
    steps = play(env, [3, -2, 9, 11, 11, 6])
    verdict = steps[-1][4]["verdict"]
    assert [s[1] for s in steps] == [1, 1, 0, 1, 1, 1]
    assert verdict.metrics == pytest.approx({"index_accuracy": 5 / 6, "prefix_accuracy": 2 / 6, "step_accuracy": 4 / 6, "horizon": 2})
    assert (verdict.score, verdict.success) == (pytest.approx(5 / 6), False)
    assert list(verdict.checkpoints.values()) == [True, True, False, True, True, True]
    assert steps[-1][2:4] == (True, False)
    assert steps[-1][4]["stop_reason"] == "goal_failed"


def test_an_error_that_is_carried_on_is_a_right_step_with_a_wrong_total(data_file: Path) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k2")
    obs, info = env.reset(seed=0)
    assert info["turns_left"] == 3
    assert obs["text"].endswith("Step 1 of 3: alpha, beta")
    verdict = play(env, [-2, 12, 7])[-1][4]["verdict"]  # the totals are -2 11 6; 12 is one too many and 7 follows from it
    assert verdict.metrics == pytest.approx({"index_accuracy": 1 / 3, "prefix_accuracy": 1 / 3, "step_accuracy": 2 / 3, "horizon": 1})


def test_all_right_is_a_success(data_file: Path) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k5")
    env.reset(seed=0)
    steps = play(env, [11, 6])  # the last step has one word left
    verdict = steps[-1][4]["verdict"]
    assert (verdict.score, verdict.success, verdict.metrics["horizon"]) == (1.0, True, 2)
    assert steps[-1][4]["stop_reason"] == "goal_reached"


def test_unanswered_steps_count_as_wrong(data_file: Path) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1", max_turns=2)
    env.reset(seed=0)
    *_, truncated, info = play(env, [3, -2])[-1]
    assert truncated
    assert info["verdict"].metrics == pytest.approx(
        {"index_accuracy": 2 / 6, "prefix_accuracy": 2 / 6, "step_accuracy": 2 / 6, "horizon": 2}
    )


# ---- forms of an answer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        "answer(3)",
        "answer 3",
        "<answer>3</answer>",
        "<answer> 3\n</answer>",
        "First <answer>9</answer>, no: <answer>3</answer> it is.",
        "<answer>3.0</answer>",
        '{"name": "answer", "arguments": {"total": 3}}',
        {"name": "answer", "arguments": {"total": 3}},
    ],
)
def test_forms_of_an_answer(data_file: Path, reply: Any) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1")
    env.reset(seed=0)
    _, reward, *_, info = env.step(reply)
    assert (reward, info["action"]) == (1.0, "answer(total=3)")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "3",
        "<answer>three</answer>",
        "<answer></answer>",
        "<answer>3",
        "<answer>nan</answer>",
        "answer(1e300)",
        "answer(9999999999)",
        "answer(3.5)",
    ],
)
def test_a_reply_that_cannot_be_read_leaves_the_step_open(data_file: Path, reply: str) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1")
    env.reset(seed=0)
    obs, reward, *_, info = env.step(reply)
    assert info["action_error"] is not None
    assert reward == 0
    assert obs["text"].endswith("Step 1 of 6: alpha")
    assert env.step("answer(3)")[1] == 1.0


@pytest.mark.parametrize("text", ["<answer>" + " " * 1500, "<answer>" * 2400, "<answer>" + " <" * 4000, "</answer>" * 2000])
def test_hostile_tags_are_refused_at_once(data_file: Path, text: str) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1")
    env.reset(seed=0)
    began = time.process_time()
    assert env.step(text)[4]["action_error"] is not None
    assert time.process_time() - began < 0.5  # milliseconds when linear; a cubic pattern takes seconds here and hours at 20 000


def test_a_tag_is_no_answer_where_answering_is_not_offered(data_file: Path) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1", offered=["repeat"])
    env.reset(seed=0)
    assert env.step("<answer>3</answer>")[4]["action_error"] is not None


@given(st.text(st.characters(), max_size=200))
def test_any_reply_is_an_answer_or_leaves_the_step_open(reply: str) -> None:
    env = LongExecutionEnv(task="k1-t10/0", max_invalid=100)
    env.reset(seed=0)
    for text in (reply, f"<answer>{reply}</answer>"):
        answered = len(env.answers)
        info = env.step(text)[4]
        assert len(env.answers) == answered + (info["action_error"] is None and info["action"] != "repeat()")


# ---- options -------------------------------------------------------------------------------------------------------


def test_the_dictionary_is_shown_on_every_turn_or_on_the_first() -> None:
    every, first = LongExecutionEnv(task="k2-t10/1"), LongExecutionEnv(task="k2-t10/1", reveal="first")
    for env, shown in ((every, [True, True, True]), (first, [True, False, True])):
        texts = [env.reset(seed=0)[0]["text"], env.step("answer(0)")[0]["text"], env.step("repeat()")[0]["text"]]
        assert ["Dictionary: " in t for t in texts] == shown
        assert all(f"{word}={value}" in texts[0] for word, value in env.dictionary.items())


def test_repeating_spends_a_turn_and_no_step() -> None:
    env = LongExecutionEnv(task="k1-t10/1")
    env.reset(seed=0)
    *_, info = env.step("repeat()")
    assert (info["turn"], info["turns_left"], env.answers) == (1, 9, [])
    while env.running:
        last = env.step(env.next_oracle_action())[4]
    assert (last["stop_reason"], last["verdict"].score) == ("max_turns", 0.9)


def test_the_first_error_can_end_the_episode(data_file: Path) -> None:
    env = LongExecutionEnv(data_dir=data_file, task="official/0-k1", stop_at_error=True)
    env.reset(seed=0)
    steps = play(env, [3, -2, 9])
    assert [s[2] for s in steps] == [False, False, True]
    info = steps[-1][4]
    assert (info["stop_reason"], info["verdict"].metrics["horizon"]) == ("goal_failed", 2)


def test_there_is_no_recap_without_poison() -> None:
    env = LongExecutionEnv(task="k1-t10/1")
    env.reset(seed=0)
    assert "last answer" not in env.step("answer(5)")[0]["text"]


@pytest.mark.parametrize(("rate", "low", "high"), [(1.0, 50, 50), (0.5, 15, 35)])
def test_the_recap_is_off_as_often_as_asked_for(rate: float, low: int, high: int) -> None:
    env = LongExecutionEnv(task="k1-t60/1", poison_rate=rate)
    env.reset(seed=0)
    off = 0
    for _ in range(50):
        text = env.step("answer(5)")[0]["text"]
        recap = int(re.findall(r"Your last answer: (-?\d+)", text)[0])
        assert 0 <= recap - 5 < 50
        off += recap != 5
    assert low <= off <= high
    assert env.answers == [5] * 50  # the verdict goes by what was answered


def test_a_poisoned_recap_stays_the_same_until_the_next_answer() -> None:
    env = LongExecutionEnv(task="k1-t60/1", poison_rate=1.0)
    env.reset(seed=0)
    first = env.step("answer(5)")[0]["text"].rpartition("Your last answer")[2]
    for action in ("nonsense", "repeat()", "nonsense"):
        assert env.step(action)[0]["text"].rpartition("Your last answer")[2] == first


@pytest.mark.parametrize("options", [{"reveal": "never"}, {"poison_rate": 1.5}, {"poison_rate": -0.1}])
def test_wrong_options_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption):
        LongExecutionEnv(**options)


def test_two_runs_can_be_composed() -> None:
    env = LongExecutionEnv(task=["k1-t10/0", "k2-t10/0"])
    assert env.reset(seed=0)[1]["turns_left"] == 20
    paid = 0.0
    while env.running:
        _, reward, *_, info = env.step(env.next_oracle_action())
        paid += reward
    assert (paid, info["verdict"].success, info["stop_reason"]) == (20.0, True, "goal_reached")


# ---- generated tasks -----------------------------------------------------------------------------------------------


def test_listed_tasks() -> None:
    tasks = mtenvs.tasks("LongExecution")
    assert len(tasks) == 4 * 3 * 25
    assert all(task.split == split_of(task.id) for task in tasks[:60])
    task = tasks.get("k5-t50/3")
    assert task.tags == ("k5", "t50")
    assert len(task.setup["steps"]) == 50
    assert all(len(step) == 5 for step in task.setup["steps"])
    values = task.setup["dictionary"].values()
    assert len(values) == 100
    assert -99 <= min(values) < 0 < max(values) <= 99
    assert tasks.get("k5-t50/3") == task


def test_other_ids_of_the_same_form_can_be_played() -> None:
    env = LongExecutionEnv(task="k3-t7/123456")
    assert env.reset(seed=0)[1]["turns_left"] == 7
    for wrong in ("k0-t10/0", "k1-t0/0", "k1-t10", "x", "k1-t10/-1", "k100-t1/0"):
        with pytest.raises((UnknownTask, UnknownOption)):
            LongExecutionEnv(task=wrong)


def test_horizons_of_thousands_play() -> None:
    env = LongExecutionEnv(task="k1-t3000/0", reveal="first")
    env.reset(seed=0)
    while env.running:
        info = env.step(env.next_oracle_action())[4]
    assert info["verdict"].metrics["horizon"] == 3000


# ---- files in the published schema ---------------------------------------------------------------------------------


def test_rows_are_cut_into_steps_and_at_most_a_hundred(data_file: Path) -> None:
    tasks = mtenvs.tasks("LongExecution", source="official", data_dir=data_file)
    assert tasks.ids == tuple(f"official/{row}-k{k}" for row in (0, 1) for k in (1, 2, 5, 10))
    assert [len(t.setup["steps"]) for t in tasks] == [6, 3, 2, 1, 100, 100, 50, 25]
    assert tasks.get("official/0-k10").setup["steps"] == [ROW]
    assert tasks[0].source != "mtenvs"


def test_a_folder_is_read_whole(data_file: Path) -> None:
    other = data_file.with_name("more.json")
    other.write_text(json.dumps(published([["delta", "delta"]], WORDS)), encoding="utf-8")
    assert len(LongExecutionEnv.task_set(data_file.parent)) == 12
    env = LongExecutionEnv(data_dir=data_file.parent, task="official/2-k2")
    env.reset(seed=0)
    assert play(env, [0])[-1][4]["success"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ([], []),
        ([], None),
        (["dict_sum"], None),
        (["dict_sum", "dictionary"], None),
        (["dict_sum", "dictionary"], list(WORDS)),
        (["dict_sum", "dictionary", "alpha"], "3"),
        (["dict_sum", "dictionary", "alpha"], True),
        (["dict_sum", "ground_truth_data"], 5),
        (["dict_sum", "ground_truth_data", 0], 5),
        (["dict_sum", "ground_truth_data", 0, "input"], "alpha"),
        (["dict_sum", "ground_truth_data", 0, "input"], []),
        (["dict_sum", "ground_truth_data", 0, "input", 2], "omega"),
        (["dict_sum", "ground_truth_data", 0, "input", 2], ["alpha"]),
    ],
    ids=str,
)
def test_a_broken_file_is_a_typed_error_that_names_it(tmp_path: Path, path: list[Any], value: Any) -> None:
    data: Any = {"": published([ROW], WORDS)}
    inner, keys = data, ["", *path]
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(data[""]), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(str(file))):
        LongExecutionEnv(data_dir=file).reset(seed=0)


@pytest.mark.parametrize("keep", [0, 1, 40, -1])
def test_a_half_written_file_is_a_typed_error(data_file: Path, keep: int) -> None:
    data_file.write_text(data_file.read_text(encoding="utf-8")[:keep], encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(str(data_file))):
        LongExecutionEnv(data_dir=data_file)


def test_bytes_that_are_no_text_are_a_typed_error(tmp_path: Path) -> None:
    file = tmp_path / "binary.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match=re.escape(str(file))):
        LongExecutionEnv(data_dir=file)


def test_missing_files_and_empty_folders_are_typed_errors(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no_such"):
        LongExecutionEnv(data_dir=tmp_path / "no_such.json")
    with pytest.raises(DataError, match="holds no"):
        LongExecutionEnv(data_dir=tmp_path)
