"""Official task files: read unchanged, filled in, and refused with file, entry and reason when damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from web_tasks import task

from mtenvs.core.errors import DataError, UnknownOption, UnknownTask
from mtenvs.envs.web.official import fill, official_tasks

ADDRESSES = {"shopping": "http://shop.test/", "shopping_admin": "http://shop.test/admin"}


def written(folder: Path, *rows: Any, name: str = "test.raw.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(list(rows)))
    return path


def test_a_task_keeps_what_the_file_says(tmp_path: Path) -> None:
    target = {"url": "__SHOPPING__/x", "locator": "", "required_contents": {"must_include": ["__SHOPPING_ADMIN__/y"]}}
    path = written(tmp_path, task(3, eval_types=["program_html"], program_html=[target]), task(7, eval_types=[]))
    tasks = official_tasks("webarena", path, addresses=ADDRESSES)
    assert tasks.ids == ("webarena/3", "webarena/7")
    first = tasks.get("webarena/3")
    assert first.goal == "Find tea"
    assert first.setup["start_urls"] == ["http://shop.test/start", "http://shop.test/second"]
    assert first.setup["storage_state"] == "./.auth/shopping_state.json"
    check = first.checks[0]["eval"]["program_html"][0]
    assert check["url"] == "http://shop.test/x"
    assert check["required_contents"] == {"must_include": ["http://shop.test/admin/y"]}
    with pytest.raises(UnknownTask, match="webarena/4"):
        tasks.get("webarena/4")


def test_without_addresses_placeholders_stay_until_they_are_filled(tmp_path: Path) -> None:
    tasks = official_tasks("webarena", written(tmp_path, task(1, eval_types=["url_match"], reference_url="__SHOPPING__/a")))
    assert tasks[0].checks[0]["eval"]["reference_url"] == "__SHOPPING__/a"
    assert fill(tasks[0], ADDRESSES).checks[0]["eval"]["reference_url"] == "http://shop.test/a"
    with pytest.raises(UnknownOption, match="__GITLAB__"):
        fill("__GITLAB__/x", ADDRESSES)
    with pytest.raises(UnknownOption, match="shoping"):
        fill("x", {"shoping": "http://shop.test"})


def test_what_needs_a_judge_is_marked(tmp_path: Path) -> None:
    free = task(1, eval_types=["string_match"], reference_answers={"fuzzy_match": ["tea"]})
    seen = task(
        2,
        eval_types=["page_image_query"],
        page_image_query=[{"eval_image_url": "last", "eval_image_class": "", "eval_vqa": [{"question": "q", "answer": "a"}]}],
    )
    plain = task(3, eval_types=["string_match"], reference_answers={"exact_match": "tea"})
    tasks = official_tasks("visualwebarena", written(tmp_path, free, seen, plain, name="test_raw.json"))
    assert [t.checks[0]["needs"] for t in tasks] == ["judge", "judge", ""]
    assert [t.checks[0]["judged"] for t in tasks] == [["string_match"], ["page_image_query"], []]
    assert ["judge" in t.tags for t in tasks] == [True, True, False]


def test_optional_keys_of_visualwebarena(tmp_path: Path) -> None:
    row = task(5, eval_types=["url_match"], reference_url="__SHOPPING__/a")
    del row["eval"]["reference_answers"], row["eval"]["program_html"]
    row |= {"image": "__SHOPPING__/a.png", "viewport_size": {"width": 1280}, "overall_difficulty": "hrad"}
    found = official_tasks("visualwebarena", written(tmp_path, row), addresses=ADDRESSES)[0]
    assert found.setup["images"] == ["http://shop.test/a.png"]
    assert found.setup["viewport_size"] == {"width": 1280}
    assert "hrad" in found.tags


def verified(number: int = 1) -> dict[str, Any]:
    evals = [
        {
            "evaluator": "AgentResponseEvaluator",
            "results_schema": {"type": "null"},
            "expected": {"task_type": "navigate", "status": "SUCCESS"},
        },
        {"evaluator": "NetworkEventEvaluator", "expected": {"url": "^__SHOPPING__/a.*$"}},
    ]
    return {"sites": ["shopping"], "task_id": number, "start_urls": ["__SHOPPING__"], "intent": "Go", "eval": evals}


def test_verified_checks_keep_their_placeholders(tmp_path: Path) -> None:
    found = official_tasks("verified", written(tmp_path, verified(9)), addresses=ADDRESSES).get("verified/9")
    assert found.setup["start_urls"] == ["http://shop.test"]
    assert found.checks[0]["eval"][1]["expected"]["url"] == "^__SHOPPING__/a.*$"


def test_folders_of_single_tasks_and_single_files(tmp_path: Path) -> None:
    for number in (10, 2):
        (tmp_path / f"{number}.json").write_text(json.dumps(task(number, eval_types=[])))
    assert official_tasks("webarena", tmp_path).ids == ("webarena/2", "webarena/10")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no task file"):
        official_tasks("webarena", tmp_path / "empty")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"task_id": "one"}, "task_id"),
        ({"start_url": None}, "start address"),
        ({"intent": 5}, "intent"),
        ({"sites": ["amazon"]}, "sites"),
        ({"image": 5}, "image"),
        ({"viewport_size": {"depth": 3}}, "viewport_size"),
        ({"eval": None}, "eval"),
        ({"eval": {"eval_types": ["guess"]}}, "guess"),
        ({"eval": {"eval_types": ["string_match"]}}, "reference_answers"),
        ({"eval": {"eval_types": ["string_match"], "reference_answers": {"must_include": "tea"}}}, "must_include"),
        ({"eval": {"eval_types": ["string_match"], "reference_answers": {"one_of": ["tea"]}}}, "one_of"),
        ({"eval": {"eval_types": ["url_match"]}}, "reference_url"),
        ({"eval": {"eval_types": ["program_html"], "program_html": [{"url": "last"}]}}, "locator"),
        (
            {
                "eval": {
                    "eval_types": ["program_html"],
                    "program_html": [{"url": "func:evil()", "locator": "", "required_contents": {"exact_match": ""}}],
                }
            },
            "evil",
        ),
        (
            {
                "eval": {
                    "eval_types": ["program_html"],
                    "program_html": [{"url": "last", "locator": "", "required_contents": {"fuzzy_match": ""}}],
                }
            },
            "required_contents",
        ),
    ],
)
def test_a_damaged_task_is_named(tmp_path: Path, change: dict[str, Any], what: str) -> None:
    path = written(tmp_path, task(1, eval_types=[]), {**task(2, eval_types=[]), **change})
    with pytest.raises(DataError, match=rf"test\.raw\.json, entry 1.*{what}"):
        official_tasks("webarena", path)


def test_damaged_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "half.json"
    path.write_text('[{"task_id": 1')
    with pytest.raises(DataError, match=r"half\.json is no JSON"):
        official_tasks("webarena", path)
    path.write_text("3")
    with pytest.raises(DataError, match="neither a list"):
        official_tasks("webarena", path)
    with pytest.raises(DataError, match="entry 0 is no task"):
        official_tasks("webarena", written(tmp_path, 5))
    with pytest.raises(DataError, match="twice"):
        official_tasks("webarena", written(tmp_path, task(1, eval_types=[]), task(1, eval_types=[])))
    with pytest.raises(DataError, match="cannot be read"):
        official_tasks("webarena", tmp_path / "none.json")
    broken = verified()
    del broken["eval"][0]["expected"]["status"]
    with pytest.raises(DataError, match=r"entry 0 \(task_id 1\).*status"):
        official_tasks("verified", written(tmp_path, broken))
    with pytest.raises(UnknownOption, match="webarena"):
        official_tasks("web-arena")
