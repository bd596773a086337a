"""Dialogues as tasks: our own about generated videos, and those of LongShOTBench."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import DataError, UnknownOption, did_you_mean
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.video.official.files import ROW_ENDINGS, Videos, field, rows_of
from mtenvs.envs.video.own.dialogues import Criterion, Dialogue, DialogueTurn
from mtenvs.envs.video.question import LISTED, TIERS
from mtenvs.envs.video.tasks import split_of_video

_TASK_ID: Final = re.compile(rf"({'|'.join(TIERS)})-(0|[1-9]\d{{0,8}})/dialogue/(\d)", re.ASCII)
_FIELDS: Final = frozenset({"video_id", "conversations"})
_ROLES: Final = ("opener", "deepener", "challenger", "synthesizer")
_WEIGHTS: Final = {"high": 5, "medium": 3, "low": 1, "penalty": -5}
LICENCE: Final = "CC-BY-NC-SA-4.0"


def own_dialogues(tiers: Sequence[str]) -> TaskSet:
    """Dialogues about our own videos; ids are ``<tier>-<seed>/dialogue/<number>``, any of that form works.

    Raises:
        UnknownOption: no such tier.
    """
    for tier in tiers:
        if tier not in TIERS:
            raise UnknownOption(f"tiers={tiers!r} is a list of names: {did_you_mean(str(tier), TIERS)}")
    ids = [f"{tier}-{seed}/dialogue/{k}" for tier in tiers for seed in range(LISTED[tier]) for k in range(TIERS[tier])]
    return TaskSet(ids, _own, split_of=split_of_video, open_build=lambda i: _own(i) if _fits(i) else None)


def _fits(task_id: str) -> bool:
    match = _TASK_ID.fullmatch(task_id)
    return match is not None and int(match[3]) < TIERS[match[1]]


def _own(task_id: str) -> Task:
    video, _, number = task_id.split("/")
    dialogue = _dialogues(video)[int(number)]
    return Task(
        task_id,
        _goal(dialogue),
        setup={"video": {"own": video}, "dialogue": dialogue.to_dict()},
        checks=[{"needs": ""}],
        tags=("video", "dialogue", video.partition("-")[0]),
        licence="CC0-1.0",
    )


@lru_cache(maxsize=32)
def _dialogues(video: str) -> list[Dialogue]:
    from mtenvs.envs.video.own.dialogues import dialogues_of  # noqa: PLC0415 - only our own tasks need the generator
    from mtenvs.envs.video.own.library import script_of  # noqa: PLC0415 - same

    return dialogues_of(script_of(video))


def _goal(dialogue: Dialogue) -> str:
    return f"Answer the {len(dialogue.turns)} questions of a conversation about a video, one after the other."


def official_dialogues(data_dir: Path) -> TaskSet:
    """The dialogues of LongShOTBench; ids are ``official/longshotbench/<sample_id>``. Their rubrics need a judge.

    Args:
        data_dir: the file (JSON, JSON lines or Parquet), or a folder with it and the videos below it.

    Raises:
        DataError: nothing is there, or a row is not in the published schema.
    """
    folder = data_dir if data_dir.is_dir() else data_dir.parent
    files = [data_dir] if data_dir.is_file() else sorted(p for p in data_dir.rglob("*") if p.suffix in ROW_ENDINGS)
    videos, tasks = Videos(folder), dict[str, Task]()
    for path in files:
        rows = rows_of(path)
        if not rows or not rows[0].keys() >= _FIELDS:
            continue
        for number, row in enumerate(rows):
            where = f"{path.name}, row {number}"
            dialogue = _read(row, where)
            tasks[dialogue.id] = Task(
                dialogue.id,
                _goal(dialogue),
                setup={"video": {"path": str(videos.find(str(row["video_id"])))}, "dialogue": dialogue.to_dict()},
                checks=[{"needs": "judge"}],
                split="test",
                tags=("video", "official", "longshotbench", *([str(row["task"])] if row.get("task") else [])),
                source="LongShOTBench",
                licence=LICENCE,
            )
    if not tasks:
        raise DataError(f"{data_dir} holds no rows of LongShOTBench: they have {', '.join(sorted(_FIELDS))}")
    return TaskSet.of(tasks.values())


def _read(row: Mapping[str, Any], where: str) -> Dialogue:
    said = field(row, "conversations", list, where)
    name = str(row.get("sample_id") or row.get("task_id") or row["video_id"])
    turns: list[DialogueTurn] = []
    for user, assistant in zip(said[::2], said[1::2], strict=False):
        place = f"{where}, turn {len(turns)}"
        if not isinstance(user, dict) or not isinstance(assistant, dict):
            raise DataError(f"{place}: a turn is an object of the user and one of the assistant")
        criteria = tuple(_criterion(c, place) for c in field(assistant, "criteria", list, place))
        turns.append(
            DialogueTurn(
                role=_ROLES[min(len(turns), len(_ROLES) - 1)],
                content=field(user, "content", str, place),
                difficulty=str(user.get("difficulty", "")),
                modalities=tuple(map(str, user.get("modalities") or ())),
                key_segments=tuple(s for s in map(_segment, user.get("key_segments") or ()) if s is not None),
                reference=field(assistant, "content", str, place),
                criteria=criteria,
            )
        )
    if not turns or len(said) % 2:
        raise DataError(f"{where}: the conversation has {len(said)} messages; they come in pairs of user and assistant")
    return Dialogue(f"official/longshotbench/{name}", str(row.get("task", "")), tuple(turns))


def _criterion(data: Any, where: str) -> Criterion:
    if not isinstance(data, dict):
        raise DataError(f"{where}: a criterion is an object")
    weight = data.get("weight")
    number = _WEIGHTS.get(weight.lower()) if isinstance(weight, str) else weight
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise DataError(f"{where}: the criterion's weight is {weight!r}")
    return Criterion(
        name=str(data.get("name", "")),
        description=field(data, "description", str, where),
        category=str(data.get("category", "")),
        weight=int(number),
        is_penalty=bool(data.get("is_penalty", number < 0)),
    )


def _segment(data: Any) -> tuple[float, float] | None:
    """Start and end of a segment however it is written; None where it cannot be told."""
    pair = (data.get("start"), data.get("end")) if isinstance(data, dict) else tuple(data) if isinstance(data, list) else ()
    try:
        start, end = map(float, pair)
    except (TypeError, ValueError):
        return None
    return start, end
