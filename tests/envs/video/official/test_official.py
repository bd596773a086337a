from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mtenvs.core.errors import DataError
from mtenvs.core.tasks import Task
from mtenvs.envs.video.official import official_tasks
from mtenvs.envs.video.official.schemas import split_options

# One row of our own in each published schema: file name, row, id, video that it names, letter, text of the right option.
CHOICE: dict[str, tuple[str, dict[str, Any], str, str, str, str]] = {
    "longvideo-reason": (
        "test.jsonl",
        {
            "problem_id": 7,
            "problem": "Why does he leave?\nA. The rain stops\nB. The bell rings\nC. He is tired\nD. It is dark",
            "problem_type": "temporal",
            "videos": "films/walk.webm",
            "answer": "<answer>B</answer>",
        },
        "7",
        "walk.webm",
        "B",
        "The bell rings",
    ),
    "video-holmes": (
        "test_Video-Holmes.json",
        {
            "video ID": "walk",
            "Question ID": "q1",
            "Question Type": "TCI",
            "Question": "Who took the key?",
            "Options": {"A": "The cook", "B": "The guest", "C": "C. The guard"},
            "Answer": "C",
        },
        "q1",
        "walk.webm",
        "C",
        "The guard",
    ),
    "longvideobench": (
        "lvb_val.json",
        {
            "id": "walk_0",
            "video_id": "walk",
            "video_path": "walk.webm",
            "question": "What is on the table?",
            "candidates": ["a cup", "a hat", "a map"],
            "correct_choice": 2,
            "question_category": "S2E",
            "duration": 60,
            "starting_timestamp_for_subtitles": 5.0,
            "subtitle_path": "walk_en.json",
        },
        "walk_0",
        "walk.webm",
        "C",
        "a map",
    ),
    "mlvu": (
        "json/2_needle.json",
        {
            "video": "walk.webm",
            "duration": 60,
            "question": "What falls?",
            "candidates": ["a cup", "a hat"],
            "answer": "a hat",
            "question_type": "findNeedle",
        },
        "walk.webm/what-falls",
        "walk.webm",
        "B",
        "a hat",
    ),
    "lvbench": (
        "video_info.meta.jsonl",
        {
            "key": "walk",
            "qa": [
                {
                    "uid": "12",
                    "question": "What year is on the wall?\n(A) 1636\n(B) 1366\n(C) 1363\n(D) 1633",
                    "answer": "D",
                    "question_type": ["key information retrieval"],
                    "time_reference": "00:15-00:19",
                }
            ],
        },
        "12",
        "walk.webm",
        "D",
        "1633",
    ),
    "sage-bench": (
        "sage.jsonl",
        {
            "video_id": "walk",
            "question": "Which dish comes first? A. Soup B. Bread C. Cake",
            "gt_answer": "B. Bread",
            "difficulty": "easy",
            "modality": "visual",
            "ques_type": "mcq",
        },
        "walk/which-dish-comes-first",
        "walk.webm",
        "B",
        "Bread",
    ),
}


def write(folder: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(map(json.dumps, rows)) if name.endswith(".jsonl") else json.dumps(rows), "utf-8")
    film = folder / "films" / "walk.webm"
    film.parent.mkdir(exist_ok=True)
    film.touch()
    return path


def only(folder: Path) -> Task:
    tasks = official_tasks(folder)
    assert len(tasks) == 1
    return tasks[0]


@pytest.mark.parametrize("name", CHOICE)
def test_a_row_of_each_schema_becomes_a_question_with_its_video_and_answer(name: str, tmp_path: Path) -> None:
    file, row, item, video, letter, right = CHOICE[name]
    write(tmp_path, file, [row])
    task = only(tmp_path)
    assert task.id == f"official/{name}/{item}"
    question = task.setup["question"]
    assert question["answer"] == letter
    assert question["options"][ord(letter) - ord("A")] == right
    assert f"{letter}. {right}" in task.goal
    assert Path(task.setup["video"]["path"]) == tmp_path / "films" / video
    assert task.checks[0]["needs"] == ""
    assert name in task.tags


def test_video_mme_is_read_from_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    row = {
        "video_id": "001",
        "duration": "long",
        "domain": "Knowledge",
        "sub_category": "History",
        "url": "",
        "videoID": "walk",
        "question_id": "001-1",
        "task_type": "Counting",
        "question": "How many boats are there?",
        "options": ["A. 3", "B. 4", "C. 5", "D. 6"],
        "answer": "C",
    }
    write(tmp_path, "notes.json", [{"other": 1}])
    (tmp_path / "videomme").mkdir()
    parquet.write_table(arrow.Table.from_pylist([row]), tmp_path / "videomme" / "test-00000-of-00001.parquet")
    task = only(tmp_path)
    assert task.id == "official/video-mme/001-1"
    assert list(task.setup["question"]["options"]) == ["3", "4", "5", "6"]
    assert (task.setup["question"]["answer"], task.split) == ("C", "test")


def test_open_questions_say_that_they_need_a_judge_and_unanswered_ones_that_no_answer_is_published(tmp_path: Path) -> None:
    write(
        tmp_path,
        "9_summary.json",
        [
            {
                "video": "walk.webm",
                "question": "Sum it up.",
                "answer": "A man walks.",
                "question_type": "summary",
                "scoring_points": ["man", "walks"],
            }
        ],
    )
    assert only(tmp_path).checks[0]["needs"] == "judge"
    secret = {k: v for k, v in CHOICE["longvideobench"][1].items() if k != "correct_choice"}
    (tmp_path / "other").mkdir()
    write(tmp_path / "other", "lvb_test_wo_gt.json", [secret])
    task = only(tmp_path / "other")
    assert (task.checks[0]["needs"], task.split) == ("answer", "test")


def test_subtitles_beside_are_found_with_the_time_to_take_off(tmp_path: Path) -> None:
    write(tmp_path, "lvb_val.json", [CHOICE["longvideobench"][1]])
    beside = tmp_path / "subtitles" / "walk_en.json"
    beside.parent.mkdir()
    beside.write_text(json.dumps([{"timestamp": [6.0, 8.0], "text": "hello"}]), "utf-8")
    video = only(tmp_path).setup["video"]
    assert (video["subtitles"], video["subtitles_from"]) == (str(beside), 5.0)


def test_two_questions_of_one_name_are_both_kept(tmp_path: Path) -> None:
    row = CHOICE["mlvu"][1]
    write(tmp_path, "2_needle.json", [row, {**row, "candidates": ["a hat", "a shoe"]}])
    assert len(official_tasks(tmp_path)) == 2


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("mlvu", {"answer": "a shoe"}, "none of the 2 options"),
        ("longvideobench", {"correct_choice": 3}, "correct_choice"),
        ("longvideobench", {"candidates": "abc"}, "candidates"),
        ("video-holmes", {"Options": {"A": "x", "C": "y"}}, "letters"),
        ("lvbench", {"qa": ["x"]}, "not an object"),
        ("longvideo-reason", {"videos": []}, "videos"),
        ("sage-bench", {"gt_answer": None}, "gt_answer"),
    ],
)
def test_a_row_that_is_not_in_its_schema_is_named(name: str, change: dict[str, Any], said: str, tmp_path: Path) -> None:
    file, row, *_ = CHOICE[name]
    write(tmp_path, file, [{**row, **change}])
    with pytest.raises(DataError, match=r"row 0.*" + said):
        official_tasks(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[1]", '{"a": 1}', "[]", '[{"some": "thing"}]', "\x00\xff"])
def test_files_that_are_no_question_files_are_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "questions.json"
    path.write_text(content, "latin-1")
    with pytest.raises(DataError, match=r"questions\.json"):
        official_tasks(path)
    with pytest.raises(DataError, match="neither a file nor a folder"):
        official_tasks(tmp_path / "nowhere")


def test_options_in_a_question_are_split_only_where_they_are_options() -> None:
    assert split_options("Where? A. here B. there") == ("Where?", ("here", "there"))
    assert split_options("Plan B. was it good?") == ("Plan B. was it good?", ())
    assert split_options("Is vitamin A. good?\nA. yes, vitamin A. is\nB. no\nC. maybe")[1] == ("yes, vitamin A. is", "no", "maybe")
    assert split_options("Nothing here") == ("Nothing here", ())
