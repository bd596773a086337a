"""Question files in the published schemas, small ones of our own making."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import mtenvs
from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.envs.words.search.env import SearchEnv
from mtenvs.envs.words.search.official import official_tasks

QUESTIONS = [
    {"id": "test_0", "question": "who made the lamp", "golden_answers": ["Ada", "Ada L."], "metadata": {"type": "bridge"}},
    {"id": "test_1", "question": "when was it made", "golden_answers": ["1871"]},
    {"id": "test_2", "question": "is oil needed", "golden_answers": ["yes"]},
]
EVALUATION = {
    "required": ["Lamp", "Maker", "Year"],
    "unique_columns": ["Lamp"],
    "eval_pipeline": {
        "lamp": {"preprocess": ["norm_str"], "metric": ["exact_match"]},
        "maker": {"preprocess": ["norm_str"], "metric": ["llm_judge"], "criterion": "the same person"},
        "year": {"preprocess": ["extract_number"], "metric": ["number_near"], "criterion": 0.0},
    },
}
GOLD = "Lamp,Maker,Year\nGas lamp,Ada Oil,1871\nArc lamp,Ben Coal,1880\n"
PAGES = [{"id": "0", "contents": '"Lamp"\nAda made the lamp in 1871.'}, {"id": "1", "contents": '"Oil"\nOil burns.'}]


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def wide(folder: Path, *, gold: str = GOLD, **changes: Any) -> Path:
    evaluation = {**EVALUATION, **changes}
    row = {"instance_id": "ws_en_001", "query": "List all lamps.", "evaluation": json.dumps(evaluation), "language": "en"}
    (folder / "widesearch_gold").mkdir(exist_ok=True)
    (folder / "widesearch_gold" / "ws_en_001.csv").write_text(gold, encoding="utf-8-sig")
    return write(folder / "widesearch.jsonl", [row])


# ---- questions -----------------------------------------------------------------------------------------------------


def test_questions_over_a_library_of_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MTENVS_CACHE", str(tmp_path / "cache"))
    questions, pages = write(tmp_path / "test.jsonl", QUESTIONS), write(tmp_path / "pages.jsonl", PAGES)
    env = SearchEnv(data_dir=questions, corpus=pages, task="official/test/test_0")
    obs, _ = env.reset(seed=0)
    assert obs["goal"].startswith("who made the lamp\n")
    assert "#1 Lamp: " in env.step("<search>lamp</search>")[0]["text"]
    assert "Ada made the lamp" in env.step('open("Lamp")')[0]["text"]
    *_, info = env.step("<answer>Ada L</answer>")
    assert info["success"]
    assert info["verdict"].score == 1


def test_questions_over_our_library(tmp_path: Path) -> None:
    env = SearchEnv(data_dir=write(tmp_path / "test.jsonl", QUESTIONS), task="official/test/test_1")
    obs, info = env.reset(seed=0)
    assert "2," in obs["text"]
    assert info["turns_left"] == 20
    with pytest.raises(NotImplementedError, match="no oracle"):
        env.next_oracle_action()


@pytest.mark.parametrize(
    ("row", "golden"),
    [
        ({"id": 7, "question": "q", "answer": "a"}, ["a"]),
        ({"_id": "7", "question": "q", "answer": 12}, ["12"]),
        ({"id": "7", "question": "q", "answers": ["a", "b"]}, ["a", "b"]),
        ({"id": "7", "question": "q", "answers": {"text": ["a"], "start": [0]}}, ["a"]),
        ({"id": "7", "question": " q ", "golden_answers": "a"}, ["a"]),
    ],
    ids=["answer", "number", "answers", "squad", "text"],
)
def test_names_that_others_use(tmp_path: Path, row: Any, golden: list[str]) -> None:
    task = official_tasks(write(tmp_path / "dev.jsonl", [row])).get("official/dev/7")
    assert task.checks[0]["golden"] == [golden]
    assert task.goal.startswith("q\n")
    assert task.split == "val"


def test_a_folder_gives_the_splits_of_its_files(tmp_path: Path) -> None:
    for name in ("train", "dev", "test"):
        write(tmp_path / f"{name}.jsonl", QUESTIONS)
    found = mtenvs.tasks("mtenvs/Search-v0", source="official", data_dir=tmp_path)
    assert [len(found.split(s)) for s in ("train", "val", "test")] == [3, 3, 3]
    assert len(mtenvs.tasks("mtenvs/Search-v0", source="official", data_dir=tmp_path, objectives=2)) == 6


def test_several_objectives_make_an_episode(tmp_path: Path) -> None:
    env = SearchEnv(data_dir=write(tmp_path / "test.jsonl", QUESTIONS), objectives=2, task="official/test/x2-0")
    obs, info = env.reset(seed=0)
    assert obs["goal"].startswith("who made the lamp; when was it made\n")
    assert info["turns_left"] == 40
    *_, info = env.step("<answer>1871; Ada</answer>")
    assert info["verdict"].score == 0
    env.reset(seed=0)
    *_, info = env.step("<answer>ada; 1872</answer>")
    assert (info["verdict"].score, info["stop_reason"]) == (0.5, "goal_failed")
    assert [t.id for t in env.tasks] == ["official/test/x2-0", "official/test/x2-1"]  # the last has what is left
    for wrong in (0, True, "2"):
        with pytest.raises(UnknownOption, match="objectives"):
            official_tasks(tmp_path, wrong)  # type: ignore[arg-type]  # on purpose


def test_answers_that_only_a_judge_can_tell(tmp_path: Path) -> None:
    file = tmp_path / "veriGUI.json"
    file.write_text(json.dumps([{"id": "1", "name": "n", "type": "global", "instruction": "Find the lamp.", "answer": "A gas lamp"}]))
    options: dict[str, Any] = {"data_dir": file, "task": "official/veriGUI/1"}
    env = SearchEnv(**options)
    env.reset(seed=0)
    *_, info = env.step('answer("one that burns gas")')
    assert (info["verdict"].score, info["verdict"].needs, info["stop_reason"]) == (None, "judge", "agent_stopped")
    env.reset(seed=0)
    assert env.step('answer("gas lamp")')[4]["success"]
    judged = SearchEnv(**options, judge=lambda criterion, answer, golden: "gas" in answer)  # noqa: ARG005 - names say what it gets
    judged.reset(seed=0)
    assert judged.step('answer("one that burns gas")')[4]["success"]


# ---- WideSearch ----------------------------------------------------------------------------------------------------


def test_a_table_by_its_own_rules(tmp_path: Path) -> None:
    env = SearchEnv(data_dir=wide(tmp_path), task="official/widesearch/ws_en_001")
    obs, info = env.reset(seed=0)
    assert obs["goal"] == "List all lamps."
    assert info["turns_left"] == 200
    *_, info = env.step(
        "```markdown\n| LAMP | maker | year |\n|---|---|---|\n| arc lamp | Ben Coal | in 1880 |\n| Gas Lamp | ada oil | 1871 |\n```"
    )
    assert info["success"]
    assert info["verdict"].metrics["row_f1"] == info["verdict"].metrics["item_f1"] == 1.0


def test_a_table_that_needs_a_judge(tmp_path: Path) -> None:
    env = SearchEnv(data_dir=wide(tmp_path), task="official/widesearch/ws_en_001")
    env.reset(seed=0)
    answer = "<answer>| Lamp | Maker | Year |\n|--|--|--|\n| Gas lamp | Mrs Oil | 1871 |\n| Arc lamp | Ben Coal | 1880 |</answer>"
    verdict = env.step(answer)[4]["verdict"]
    assert (verdict.score, verdict.needs) == (None, "judge")
    assert verdict.metrics["item_f1"] == pytest.approx(5 / 6)  # what holds without a judge
    asked: list[tuple[str, str, str]] = []

    def judge(criterion: str, answer: str, golden: str) -> bool:
        asked.append((criterion, answer, golden))
        return True

    env = SearchEnv(data_dir=tmp_path, task="official/widesearch/ws_en_001", judge=judge)
    env.reset(seed=0)
    assert env.step(answer)[4]["success"]
    assert asked == [("the same person", "mrsoil", "adaoil")]


def test_a_table_without_judged_columns_has_a_score(tmp_path: Path) -> None:
    rules = {**EVALUATION["eval_pipeline"], "maker": {"preprocess": "norm_str", "metric": "exact_match"}}  # type: ignore[dict-item]  # a dict, above
    env = SearchEnv(data_dir=wide(tmp_path, eval_pipeline=rules), task="official/widesearch/ws_en_001")
    env.reset(seed=0)
    verdict = env.step("<answer>| Lamp | Maker | Year |\n|--|--|--|\n| Gas lamp | Mrs Oil | 1871 |</answer>")[4]["verdict"]
    assert verdict.needs == ""
    assert verdict.score == pytest.approx(2 * (2 / 3) * (2 / 6) / (2 / 3 + 2 / 6))
    assert verdict.metrics["row_f1"] == 0


# ---- broken files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read as JSON"),
        ('["a"]', "not a JSON object"),
        ('{"id": 1, "golden_answers": ["a"]}', "row 1 has no question"),
        ('{"id": 1, "contents": "a"}', "pass the file as corpus"),
        ('{"id": 1, "question": "q"}', "has no golden_answers"),
        ('{"id": 1, "question": "q", "golden_answers": []}', "has no golden_answers"),
        ('{"id": 1, "question": "q", "golden_answers": [null]}', "has no golden_answers"),
        ('{"instance_id": "a", "evaluation": "{"}', "WideSearch"),
        ('{"instance_id": "a", "query": "q", "evaluation": {"required": ["a"]}}', "WideSearch"),
    ],
    ids=range(9),
)
def test_broken_rows_are_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "test.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        SearchEnv(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unique_columns": ["Colour"]}, "not among the required"),
        ({"required": [], "eval_pipeline": {}, "unique_columns": []}, "not among the required"),
        ({"eval_pipeline": {"lamp": {"metric": ["telepathy"]}}}, "telepathy"),
        ({"eval_pipeline": {"lamp": {"preprocess": ["spin"]}}}, "spin"),
        ({"required": ["Lamp", "Maker", "Year", "Watts"]}, "lacks the columns"),
        ({"gold": "Lamp,Maker,Year\n"}, "has no row"),
    ],
    ids=range(6),
)
def test_broken_tables_are_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        official_tasks(wide(tmp_path, **changes))


def test_missing_files_are_named(tmp_path: Path) -> None:
    wide(tmp_path)
    (tmp_path / "widesearch_gold" / "ws_en_001.csv").unlink()
    with pytest.raises(DataError, match="gold table of ws_en_001"):
        official_tasks(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="holds no"):
        official_tasks(tmp_path / "empty")
    with pytest.raises(DataError, match="cannot be read"):
        official_tasks(tmp_path / "none.jsonl")
    write(tmp_path / "widesearch.jsonl", [{"instance_id": "../x", "query": "q", "evaluation": EVALUATION}])
    with pytest.raises(DataError, match="no file name"):
        official_tasks(tmp_path / "widesearch.jsonl")
