"""Finds which official set a folder or a file holds, and makes its tasks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.core.tasks import Task, TaskSet, split_of
from mtenvs.envs.video.official import schemas
from mtenvs.envs.video.official.files import ROW_ENDINGS, Videos, rows_of
from mtenvs.envs.video.official.schemas import Item

Reader = Callable[[Mapping[str, Any], str], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class OfficialSet:
    """A published set.

    Args:
        name: as in task ids.
        title: as published.
        fields: a row that has these is of this set.
        read: reads a row.
        licence: as published; empty where none was found.
    """

    name: str
    title: str
    fields: frozenset[str]
    read: Reader
    licence: str = ""


SETS: Final = (
    OfficialSet("longvideo-reason", "LongVideo-Reason", frozenset({"problem_id", "problem", "videos", "answer"}), schemas.longvideo_reason),
    OfficialSet("video-holmes", "Video-Holmes", frozenset({"video ID", "Question ID", "Options", "Answer"}), schemas.video_holmes),
    OfficialSet(
        "longvideobench",
        "LongVideoBench",
        frozenset({"video_id", "candidates", "question_category"}),
        schemas.longvideobench,
        "CC-BY-NC-SA-4.0",
    ),
    OfficialSet("mlvu", "MLVU", frozenset({"video", "question", "question_type"}), schemas.mlvu, "CC-BY-NC-SA-4.0"),
    OfficialSet("video-mme", "Video-MME", frozenset({"videoID", "question_id", "options", "answer"}), schemas.video_mme),
    OfficialSet("lvbench", "LVBench", frozenset({"key", "qa"}), schemas.lvbench),
    OfficialSet("sage-bench", "SAGE-Bench", frozenset({"video_id", "question", "gt_answer"}), schemas.sage_bench),
)


def official_tasks(data_dir: Path) -> TaskSet:
    """The tasks of official question files; ids are ``official/<set>/<id>``.

    Args:
        data_dir: a folder with the files of one or more sets, each with its videos somewhere below it; or one file of questions.

    Raises:
        DataError: nothing is there, or a file is damaged or in no known schema.
        MissingRequirement: Parquet without pyarrow.
    """
    files = [data_dir] if data_dir.is_file() else _question_files(data_dir)
    tasks: dict[str, Task] = {}
    for path in files:
        rows = rows_of(path)
        found = next((s for s in SETS if rows and s.fields <= rows[0].keys()), None)
        if found is None:
            if path == data_dir:
                known = "; ".join(f"{s.title}: {', '.join(sorted(s.fields))}" for s in SETS)
                raise DataError(f"{path} is in no known schema. The first row's fields tell the set. {known}")
            continue  # folders of sets also hold subtitles and other JSON files
        videos = Videos(data_dir if data_dir.is_dir() else path.parent)
        for number, row in enumerate(rows):
            for item in found.read(row, f"{path.name}, row {number}"):
                task = _task(found, item, videos, path)
                if tasks.setdefault(task.id, task) != task:  # two questions of one name: the second keeps its own by its content
                    mark = hashlib.blake2b(repr(row).encode(), digest_size=4).hexdigest()
                    tasks[f"{task.id}-{mark}"] = _task(found, item, videos, path, suffix=f"-{mark}")
    if not tasks:
        raise DataError(f"{data_dir} holds no questions of a known set: {', '.join(s.title for s in SETS)}")
    return TaskSet.of(tasks.values())


def _question_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"{folder} is neither a file nor a folder; give data_dir= the official files")
    return sorted(
        p for p in folder.rglob("*") if p.suffix in ROW_ENDINGS and not {"subtitles", "subtitle"} & set(p.relative_to(folder).parts)
    )


def _task(found: OfficialSet, item: Item, videos: Videos, path: Path, *, suffix: str = "") -> Task:
    task_id = f"official/{found.name}/{item.id}{suffix}"
    subtitles = _beside(path, item.subtitles) if item.subtitles else None
    needs = "answer" if not item.question.answer else "judge" if item.judged else ""  # some test files are published without answers
    return Task(
        task_id,
        item.question.asked,
        setup={
            "video": {"path": str(videos.find(item.video)), "subtitles": subtitles, "subtitles_from": item.subtitles_from},
            "question": item.question.to_dict(),
        },
        checks=[{"answer": item.question.answer, "options": list(item.question.options), "needs": needs}],
        split=_split(path.name, task_id),
        tags=("video", "official", found.name, *([item.question.skill] if item.question.skill else [])),
        source=found.title,
        licence=found.licence,
    )


def _beside(path: Path, name: str) -> str | None:
    for folder in (path.parent, path.parent.parent):
        if (folder / name).is_file():
            return str(folder / name)
    return None


def _split(filename: str, task_id: str) -> str:
    """The split that the file's name says, else one by hash."""
    words = set(re.split(r"[^a-z]+", filename.lower()))
    return "test" if "test" in words else "val" if words & {"val", "validation"} else "train" if "train" in words else split_of(task_id)
