"""VisualProbe's files as they are: ``train.json`` and ``val.json`` with ``problem``, ``images`` and ``solution``, pictures beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from PIL import Image

from mtenvs.core.errors import DataError
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.video.question import LETTERS, letter_of

_OPTION: Final = re.compile(r"(?m)^[ \t]*\(?([A-J])[).:][ \t]*(\S[^\n]*)$")
_ANSWER: Final = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
_LONGEST_GOAL: Final = 15_000


def official_tasks(data_dir: Path) -> TaskSet:
    """Every row of a file, or of all ``.json`` and ``.jsonl`` files of a folder, as ``official/<file>/<row>``.

    Args:
        data_dir: a file, or the folder that holds it; paths of pictures are relative to the file's folder.

    Raises:
        DataError: a file or a picture is missing, or a row is not in the schema.
    """
    files = sorted(f for f in data_dir.iterdir() if f.suffix in (".json", ".jsonl")) if data_dir.is_dir() else [data_dir]
    if not files:
        raise DataError(f"{data_dir} holds no .json file; point data_dir at VisualProbe's train.json or val.json, or their folder")
    return TaskSet.of(_task(file, number, row) for file in files for number, row in enumerate(_rows(file)))


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = file.read_text(encoding="utf-8")
        data = [json.loads(line) for line in text.splitlines() if line.strip()] if file.suffix == ".jsonl" else json.loads(text)
    except (OSError, ValueError, RecursionError) as e:
        raise DataError(f"{file} cannot be read ({type(e).__name__}: {e}); download it again") from e
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise DataError(f"{file} is no list of rows with problem, images and solution")
    yield from data


def _task(file: Path, number: int, row: Mapping[str, Any]) -> Task:
    where = f"{file}, row {number}"
    problem, solution, images = row.get("problem"), row.get("solution"), row.get("images")
    if not isinstance(problem, str) or not isinstance(solution, (str, int, float)) or not str(solution).strip():
        raise DataError(f"{where} has no text in problem or solution; its keys are {sorted(map(str, row))}")
    name = images[0] if isinstance(images, list) and len(images) == 1 else images
    name = next((name[k] for k in ("path", "image") if k in name), None) if isinstance(name, dict) else name
    if not isinstance(name, str) or not name:
        raise DataError(f"{where}: images must name exactly one picture, not {str(images)[:80]}")
    picture = file.parent / name
    if not picture.is_file():
        raise DataError(f"{where}: the picture {picture} is missing; download it, or put it there")
    question = problem.replace("<image>", "").strip()
    check = _check(question, str(solution))
    judged = bool(check["judged"])
    return Task(
        f"official/{file.stem}/{number}",
        question[:_LONGEST_GOAL],
        {"image": str(picture)},
        [check],
        split="train" if "train" in file.stem.lower() else "val",
        tags=("official", "judge" if judged else "choice" if check["options"] else "open"),
        source="VisualProbe",
        licence="CC-BY-NC-4.0",
    )


def _check(question: str, solution: str) -> dict[str, Any]:
    """By letter where the solution is one of options; else only a judge can tell that other words mean the same."""
    tagged = _ANSWER.findall(solution)
    truth = (tagged[-1] if tagged else solution).strip()
    found = _OPTION.findall(question)
    letters = "".join(letter for letter, _ in found)
    options = [text.strip() for _, text in found] if len(found) > 1 and LETTERS.startswith(letters) else []
    letter = letter_of(truth, options)
    if letter:
        return {"answer": letter, "options": options, "judged": False}
    return {"answer": truth, "options": [], "judged": True}


def open_picture(path: str) -> Image.Image:
    """A picture of the user's, RGB, in its full size.

    Raises:
        DataError: it is missing, broken or far too large.
    """
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as e:
        raise DataError(f"the picture {path} cannot be opened ({type(e).__name__}: {e}); download it again") from e
