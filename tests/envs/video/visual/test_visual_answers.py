"""Answers and official files: what counts as right, what needs a judge, what a broken file says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from mtenvs.core.errors import DataError
from mtenvs.envs.video.visual.env import VisualSearchEnv
from mtenvs.envs.video.visual.verify import is_right, the_number

CHOICE = {"answer": "B", "options": ["red", "blue", "dark green", "white"]}


@pytest.mark.parametrize(
    "text", ["B", "b", "(B)", "B.", " B \n", "B. blue", "(B) blue", "blue", "Blue.", "the blue", "\\boxed{B}", "[B]"], ids=range(12)
)
def test_right_choices(text: str) -> None:
    assert is_right(CHOICE, text)


@pytest.mark.parametrize(
    "text", ["A", "", " ", "red", "E", "A or B", "blue or red", "B C", "\\boxed{A}", "green", "BB", "2"], ids=range(12)
)
def test_wrong_choices(text: str) -> None:
    assert not is_right(CHOICE, text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("three", 3),
        ("Three gulls.", 3),
        ("There are 12.", 12),
        ("3 or 4", None),
        ("three, no, 4", None),
        ("", None),
        ("3.5", None),
        ("-3", None),
        ("1,000", None),
        ("x3", None),
        ("many", None),
        ("0", 0),
        ("9" * 400, None),
    ],
    ids=range(14),
)
def test_numbers(text: str, number: int | None) -> None:
    assert the_number(text) == number


def test_names() -> None:
    check = {"answer": "SEA OTTER", "options": []}
    assert all(
        is_right(check, text) for text in ("SEA OTTER", "sea otter", '"Sea Otter."', "The Sea  Otter", "SEAOTTER", "\\boxed{Sea Otter}")
    )
    assert not any(is_right(check, text) for text in ("SEA", "OTTER SEA", "SEA OTTERS", "", "the", "SEA OTTER or OLD FOX"))


# ---- VisualProbe ---------------------------------------------------------------------------------------------------

ROWS: list[dict[str, Any]] = [
    {"problem": "<image>\nWhat is on the sign?\n(A) a fish\n(B) a cat\n(C) a hat", "images": ["pictures/a.png"], "solution": "B"},
    {"problem": "What does the small poster say?", "images": [{"path": "pictures/a.png"}], "solution": "<answer>Open late</answer>"},
    {"problem": "Which letter is on the door?", "images": "pictures/a.png", "solution": "D"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(tmp_path / "pictures" / "a.png")
    for name in ("train", "val"):
        (tmp_path / f"{name}.json").write_text(json.dumps(ROWS))
    return tmp_path


def answered(folder: Path, task: str, text: str, **options: Any) -> tuple[float, dict[str, Any]]:
    env = VisualSearchEnv(data_dir=folder, task=task, view=(320, 240), **options)
    obs, _ = env.reset(seed=0)
    assert "<image>" not in obs["goal"]
    assert "1200 x 900" in obs["text"]
    assert env.step("zoom(bbox_2d=[0.1, 0.1, 0.4, 0.4])")[4]["action_error"] is None
    _, reward, terminated, _, info = env.step({"name": "answer", "arguments": {"text": text}})
    assert terminated
    return reward, info


def test_official_rows_are_played_unchanged(folder: Path) -> None:
    tasks = VisualSearchEnv.task_set(folder)
    assert tasks.ids == tuple(f"official/{name}/{i}" for name in ("train", "val") for i in range(3))
    assert [len(tasks.split(name)) for name in ("train", "val", "test")] == [3, 3, 0]
    assert tasks[0].tags == ("official", "choice")
    assert tasks[1].tags == ("official", "judge")
    assert VisualSearchEnv.task_set(folder / "val.json").ids[0] == "official/val/0"
    assert VisualSearchEnv(data_dir=folder, task="official/train/0").reset()[1]["turns_left"] == 6
    assert VisualSearchEnv(data_dir=folder, task="official/val/0").reset()[1]["turns_left"] == 12


def test_official_choices_need_no_judge(folder: Path) -> None:
    assert answered(folder, "official/val/0", "B. a cat")[0] == 1
    reward, info = answered(folder, "official/val/0", "A")
    assert (reward, info["stop_reason"], info["verdict"].score, info["verdict"].needs) == (0.0, "goal_failed", 0.0, "")


def test_official_words_need_a_judge_unless_equal(folder: Path) -> None:
    assert answered(folder, "official/val/1", "open late")[0] == 1
    reward, info = answered(folder, "official/val/1", "It says that they close late")
    assert (reward, info["stop_reason"], info["verdict"].score, info["verdict"].needs) == (0.0, "agent_stopped", None, "judge")
    assert info["over_turn"] is False
    asked: list[tuple[str, str, str]] = []

    def judge(question: str, given: str, truth: str) -> bool:
        asked.append((question, given, truth))
        return "late" in given

    reward, info = answered(folder, "official/val/1", "It says that they close late", judge=judge)
    assert (reward, info["success"], asked) == (
        1.0,
        True,
        [("What does the small poster say?", "It says that they close late", "Open late")],
    )
    assert answered(folder, "official/val/1", "no idea", judge=judge)[0] == 0
    assert answered(folder, "official/val/2", "d")[0] == 1


def test_official_rows_have_no_oracle(folder: Path) -> None:
    env = VisualSearchEnv(data_dir=folder, task="official/val/0")
    env.reset(seed=0)
    with pytest.raises(NotImplementedError, match="own tasks"):
        env.next_oracle_action()


def test_a_missing_picture_is_named(folder: Path) -> None:
    (folder / "pictures" / "a.png").unlink()
    with pytest.raises(DataError, match=r"a\.png"):
        VisualSearchEnv(data_dir=folder)


def test_a_broken_picture_is_named(folder: Path) -> None:
    (folder / "pictures" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n no picture")
    env = VisualSearchEnv(data_dir=folder, task="official/val/0")
    with pytest.raises(DataError, match=r"a\.png"):
        env.reset(seed=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        "[1]",
        '[{"problem": "a"}]',
        '[{"problem": 1, "solution": "A", "images": ["pictures/a.png"]}]',
        '[{"problem": "a", "solution": " ", "images": ["pictures/a.png"]}]',
        '[{"problem": "a", "solution": "A", "images": []}]',
        '[{"problem": "a", "solution": "A", "images": ["pictures/a.png", "pictures/a.png"]}]',
        '[{"problem": "a", "solution": "A", "images": [7]}]',
        "[" * 100_000,
    ],
    ids=range(11),
)
def test_broken_files_are_named(folder: Path, text: str) -> None:
    (folder / "val.json").write_text(text)
    with pytest.raises(DataError, match=r"val\.json"):
        VisualSearchEnv.task_set(folder)


def test_a_folder_without_files_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"train\.json"):
        VisualSearchEnv.task_set(tmp_path)
    with pytest.raises(DataError, match=r"val\.json"):
        VisualSearchEnv.task_set(tmp_path / "val.json")


def test_lines_of_json_are_read_too(folder: Path) -> None:
    (folder / "val.json").unlink()
    (folder / "val.jsonl").write_text("\n".join(map(json.dumps, ROWS)) + "\n")
    assert len(VisualSearchEnv.task_set(folder)) == 6
