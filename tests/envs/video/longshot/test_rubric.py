"""Rubrics against marks worked out by hand, official rows, and several calls in one turn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.core.actions import Call, tools_of
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction, DataError
from mtenvs.envs.video.longshot.env import LongShotEnv
from mtenvs.envs.video.longshot.parallel import calls_of, read_parallel
from mtenvs.envs.video.longshot.rubric import Marks, mark, pooled
from mtenvs.envs.video.longshot.tasks import official_dialogues, own_dialogues
from mtenvs.envs.video.own.dialogues import Criterion, Dialogue, DialogueTurn

TOOLS = {t.name: t for t in tools_of(LongShotEnv)}
TURN = DialogueTurn(
    "opener",
    "What does she drop?",
    "easy",
    ("visual",),
    ((10.0, 12.0),),
    "She drops a red parcel at 0:10.",
    (
        Criterion("what", "says that it is a parcel", "fact", 5, all_of=("parcel",)),
        Criterion("colour", "says that it is red", "fact", 3, any_of=("red", "scarlet")),
        Criterion("when", "says when", "time", 1, any_of=("0:10",)),
        Criterion("wrong", "says that it is a hat", "error", -5, is_penalty=True, any_of=("hat",)),
    ),
)
ROW: dict[str, Any] = {
    "sample_id": "s1",
    "video_id": "walk",
    "task": "event understanding",
    "conversations": [
        {"role": "user", "content": "What falls?", "difficulty": "easy", "modalities": ["visual"], "key_segments": [[1, 2]]},
        {
            "role": "assistant",
            "content": "A hat.",
            "criteria": [
                {"name": "a", "description": "names the hat", "category": "fact", "weight": "high", "is_penalty": False},
                {"name": "b", "description": "invents a dog", "category": "error", "weight": -5, "is_penalty": True},
            ],
        },
        {"role": "user", "content": "When?", "difficulty": "hard", "modalities": ["visual"], "key_segments": [{"start": 1, "end": 2}]},
        {"role": "assistant", "content": "At once.", "criteria": [{"name": "c", "description": "says when", "weight": 3}]},
    ],
}


@pytest.mark.parametrize(
    ("answer", "marks"),
    [
        ("A red parcel, at 0:10", Marks(9.0, 9.0)),
        ("a PARCEL!", Marks(5.0, 9.0)),
        ("a scarlet hat at 0:10", Marks(4.0, 9.0, -5.0)),
        ("parcels", Marks(0.0, 9.0)),
        ("", Marks(0.0, 9.0)),
    ],
)
def test_an_answer_earns_the_weights_of_what_it_says(answer: str, marks: Marks) -> None:
    assert mark(TURN, answer, None) == marks


def test_penalties_do_not_subtract_and_rubrics_pool_by_weight() -> None:
    assert Marks(5.0, 9.0, -5.0).score == pytest.approx(5 / 9)
    assert pooled([Marks(5.0, 5.0), Marks(0.0, 15.0)]) == 0.25
    assert pooled([]) == 0.0


def test_a_judge_decides_in_place_of_the_phrases() -> None:
    def judge(criterion: str, answer: str, reference: str) -> bool:
        return "red" in criterion and answer == "whatever" and "0:10" in reference

    assert mark(TURN, "whatever", judge) == Marks(3.0, 9.0)


def test_official_rows_become_dialogues_that_need_a_judge(tmp_path: Path) -> None:
    (tmp_path / "test.jsonl").write_text(json.dumps(ROW), "utf-8")
    (tmp_path / "walk.mkv").touch()
    task = official_dialogues(tmp_path).get("official/longshotbench/s1")
    dialogue = Dialogue.from_dict(dict(task.setup["dialogue"]))
    assert [t.content for t in dialogue.turns] == ["What falls?", "When?"]
    assert [[c.weight for c in t.criteria] for t in dialogue.turns] == [[5, -5], [3]]
    assert dialogue.turns[1].key_segments == ((1.0, 2.0),)
    assert task.setup["video"]["path"] == str(tmp_path / "walk.mkv")
    assert task.checks[0]["needs"] == "judge"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"conversations": ROW["conversations"][:1]}, "pairs"),
        ({"conversations": ["x", "y"]}, "turn 0"),
        ({"conversations": [{"content": 1}, ROW["conversations"][1]]}, "content"),
        ({"conversations": [ROW["conversations"][0], {"content": "x", "criteria": [{"description": "x", "weight": "big"}]}]}, "weight"),
        ({"conversations": None}, "conversations"),
    ],
)
def test_rows_that_are_not_in_the_schema_are_named(change: dict[str, Any], said: str, tmp_path: Path) -> None:
    path = tmp_path / "bench.json"
    path.write_text(json.dumps([{**ROW, **change}]), "utf-8")
    with pytest.raises(DataError, match=rf"bench\.json, row 0.*{said}"):
        official_dialogues(path)


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows"):
        official_dialogues(tmp_path)


def test_own_dialogues_are_listed_by_video() -> None:
    tasks = own_dialogues(("clip", "short"))
    assert tasks.ids[:2] == ("clip-0/dialogue/0", "clip-1/dialogue/0")
    assert {"short-7/dialogue/0", "short-7/dialogue/1"} <= set(tasks.ids)


def test_a_json_list_of_calls_is_one_turn() -> None:
    listed = [
        {"name": "search_video", "arguments": {"query": "dog"}},
        {"name": "refine_video", "arguments": {"start_time": 1, "end_time": 2}},
    ]
    call = read_call(json.dumps(listed), TOOLS, (read_parallel,))
    assert call.name == "together"
    assert [c.name for c in calls_of(call.arguments["calls"], TOOLS)] == ["search_video", "refine_video"]
    alone = read_call(json.dumps(listed[:1]), TOOLS, (read_parallel,))
    assert alone == Call("search_video", {"query": "dog", "modality": "visual", "max_results": 5, "video_id": ""})


@pytest.mark.parametrize(
    "calls",
    [
        [],
        ["not json"],
        ['{"name": "respond", "arguments": {"answer": "x"}}'],
        ['{"name": "together", "arguments": {"calls": []}}'],
        ['{"name": "fly", "arguments": {}}'],
        ['{"name": "search_video", "arguments": {}}'],
    ],
)
def test_calls_that_cannot_go_together_are_refused_before_any_is_made(calls: list[str]) -> None:
    with pytest.raises(BadAction):
        calls_of(['{"name": "search_video", "arguments": {"query": "x"}}', *calls] if calls else calls, TOOLS)


@given(st.lists(st.recursive(st.none() | st.text() | st.integers(), lambda i: st.lists(i) | st.dictionaries(st.text(), i)), max_size=4))
def test_any_list_is_a_call_or_refused(data: list[Any]) -> None:
    try:
        call = read_call(json.dumps(data), TOOLS, (read_parallel,))
        calls_of(call.arguments.get("calls", ()), TOOLS)
    except BadAction:
        return
