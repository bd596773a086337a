"""The question files of others, read from where the user has them: FlashRAG's question sets, VeriGUI, WideSearch."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.words.search.matching import PREPROCESS
from mtenvs.envs.words.search.readers import json_rows
from mtenvs.envs.words.search.tables import METRICS, column_name

_HOW: Final = "Search the library, open pages, and answer with the bare answer{s}."
_ANSWERS: Final = ("golden_answers", "answers", "answer")
_GOLD: Final = "widesearch_gold"
_SPLITS: Final = {"train": "train", "dev": "val", "val": "val", "validation": "val"}
_TURNS, _LONG_TURNS = 20, 200


def official_tasks(path: Path, objectives: int = 1) -> TaskSet:
    """Every row of a file, or of all ``.jsonl`` and ``.json`` files of a folder, as ``official/<file>/<id>``.

    Args:
        path: a file or folder.
        objectives: that many questions of a file, in its order, make one episode (MEM1) with the id ``official/<file>/x<n>-<group>``;
            tables stay alone.

    Raises:
        DataError: a file is missing, half-written or in none of the schemas.
    """
    if isinstance(objectives, bool) or not isinstance(objectives, int) or objectives < 1:
        raise UnknownOption(f"objectives={objectives!r} is a whole number of at least 1")
    files = sorted(f for f in path.iterdir() if f.suffix in (".jsonl", ".json")) if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path} holds no .jsonl or .json file; point data_dir at the questions")
    return TaskSet.of(task for file in files for task in _tasks(file, objectives))


def _tasks(file: Path, objectives: int) -> Iterator[Task]:
    split = next((s for word, s in _SPLITS.items() if word in file.stem.lower()), "test")
    waiting: list[tuple[str, Mapping[str, Any]]] = []
    group = 0
    for number, (where, row) in enumerate(json_rows(file)):
        if "instance_id" in row and "evaluation" in row:
            yield _wide_search(file, where, row)
            continue
        waiting.append(_question(where, row, number))
        if len(waiting) == objectives:
            yield _joined(file, waiting, group, objectives, split)
            waiting, group = [], group + 1
    if waiting:
        yield _joined(file, waiting, group, objectives, split)


def _joined(file: Path, rows: Sequence[tuple[str, Mapping[str, Any]]], group: int, objectives: int, split: str) -> Task:
    n = len(rows)
    name = rows[0][0] if objectives == 1 else f"x{objectives}-{group}"
    text = "; ".join(str(check["question"]) for _, check in rows)
    more = f" to all {n} questions in their order, with semicolons between them" if n > 1 else ""
    judged = any(check["judged"] for _, check in rows)
    return Task(
        f"official/{file.stem}/{name}",
        f"{text}\n{_HOW.format(s='s' + more if n > 1 else '')}",
        {"kind": "official", "turns": _LONG_TURNS if judged else _TURNS * n},
        [{"golden": [check["golden"] for _, check in rows], "judged": judged}],
        split=split,
        tags=("official", "judge") if judged else ("official",),
        source=file.stem,
        licence="not stated",
    )


def _question(where: str, row: Mapping[str, Any], number: int) -> tuple[str, Mapping[str, Any]]:
    """Id, and question with accepted answers; VeriGUI's instructions need a judge for whatever does not match."""
    judged = "question" not in row and isinstance(row.get("instruction"), str)
    text = row.get("instruction" if judged else "question")
    golden = next((_listed(row[key]) for key in _ANSWERS if key in row), [])
    if not isinstance(text, str) or not text.strip():
        what = "looks like a page: pass the file as corpus" if "contents" in row or "text" in row else "has no question"
        raise DataError(f"{where} {what}; a row holds id, question and golden_answers")
    if not golden:
        raise DataError(f"{where} has no golden_answers (or answers, or answer) that is text or a list of texts")
    name = next((str(row[key]) for key in ("id", "_id") if isinstance(row.get(key), (str, int))), str(number))
    return name, {"question": text.strip(), "golden": golden, "judged": judged}


def _listed(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        value = value.get("text", value.get("aliases"))
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, (str, int, float)) and str(v).strip()]


def _wide_search(file: Path, where: str, row: Mapping[str, Any]) -> Task:
    name = str(row["instance_id"])
    try:
        rules = row["evaluation"]
        rules = json.loads(rules) if isinstance(rules, str) else rules
        required, unique = list(map(str, rules["required"])), list(map(str, rules["unique_columns"]))
        pipeline = {str(column): _cell_rules(where, rule) for column, rule in rules["eval_pipeline"].items()}
        query = str(row["query"])
    except (ValueError, KeyError, TypeError, AttributeError) as e:
        raise DataError(f"{where} is not in WideSearch's schema ({type(e).__name__}: {e}); download it again") from e
    known = {column_name(c) for c in required}
    strange = [c for c in (*unique, *pipeline) if column_name(c) not in known]
    if strange or not required or not unique:
        raise DataError(f"{where}: the columns {strange} are not among the required ones {required}; download it again")
    checks = {"required": required, "unique": unique, "pipeline": pipeline, "rows": _gold(file, name, required)}
    judged = any("llm_judge" in rule["metric"] for rule in pipeline.values())
    return Task(
        f"official/{file.stem}/{name}",
        query,
        {"kind": "official", "turns": _LONG_TURNS},
        [checks],
        split="test",
        tags=("official", "table", str(row.get("language", "")), *(("judge",) if judged else ())),
        source="WideSearch",
        licence="MIT",
    )


def _cell_rules(where: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    steps, metrics = (([v] if isinstance(v, str) else list(v or ())) for v in (rule.get("preprocess"), rule.get("metric")))
    unknown = [s for s in steps if s not in PREPROCESS] + [m for m in metrics if m not in METRICS]
    if unknown:
        raise DataError(f"{where} asks for {unknown}; known are {', '.join((*PREPROCESS, *METRICS))}")
    return {"preprocess": steps, "metric": metrics, "criterion": rule.get("criterion")}


def _gold(file: Path, name: str, required: Sequence[str]) -> list[dict[str, str]]:
    if Path(name).name != name:
        raise DataError(f"{file}: the instance_id {name!r} is no file name")
    places = [file.parent / _GOLD / f"{name}.csv", file.parent / f"{name}.csv"]
    path = next((p for p in places if p.is_file()), None)
    if path is None:
        raise DataError(f"the gold table of {name} is neither {places[0]} nor {places[1]}; download it beside the questions")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [{column_name(k): v or "" for k, v in row.items() if isinstance(k, str)} for row in csv.DictReader(stream)]
    except (OSError, ValueError, csv.Error) as e:
        raise DataError(f"{path} cannot be read ({type(e).__name__}: {e}); download it again") from e
    lacking = [c for c in required if not rows or column_name(c) not in rows[0]]
    if lacking:
        raise DataError(f"{path} lacks the columns {lacking}, or has no row; download it again")
    return rows
