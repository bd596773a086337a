"""The published dictionary-sum data, read from where the user has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.core.tasks import Task

WORKING_CAPACITIES: Final = (1, 2, 5, 10)
MOST_STEPS: Final = 100


def official_tasks(path: Path, goal: str) -> Iterator[Task]:
    """Every row of a file, or of all files of a folder, unchanged, cut into steps of 1, 2, 5 and 10 words.

    Args:
        path: a JSON file in the published schema, or a folder of such files.
        goal: the goal's text, with ``{turns}`` in it.

    Raises:
        DataError: a file is missing, half-written or not in the schema.
    """
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise DataError(f"{path} holds no .json file; point data_dir at the dictionary-sum data")
    number = count()
    for file in files:
        words, rows = _read(file)
        for keys in rows:
            row = next(number)
            for k in WORKING_CAPACITIES:
                steps = [keys[j : j + k] for j in range(0, min(len(keys), MOST_STEPS * k), k)]
                setup = {"dictionary": words, "steps": steps}
                text = goal.format(turns=len(steps))
                yield Task(f"official/{row}-k{k}", text, setup, source="measuring-execution", licence="not stated", split="test")


def _read(file: Path) -> tuple[dict[str, int], list[list[str]]]:
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))["dict_sum"]
        words, rows = data["dictionary"], [row["input"] for row in data["ground_truth_data"]]
    except (OSError, ValueError, KeyError, TypeError) as e:
        raise _wrong(file, f"{type(e).__name__}: {e}") from e
    if not isinstance(words, dict) or not all(type(value) is int for value in words.values()):
        raise _wrong(file, "dict_sum.dictionary must map words to whole numbers")
    for i, row in enumerate(rows):
        if not isinstance(row, list) or not row or not all(isinstance(key, str) and key in words for key in row):
            raise _wrong(file, f"row {i} of dict_sum.ground_truth_data must have a list of words of the dictionary as its input")
    return words, rows


def _wrong(file: Path, why: str) -> DataError:
    return DataError(f"{file} is not in the schema of the dictionary-sum data ({why}); download it again")
