"""Questions about videos as tasks: our own about generated videos, and whatever official files hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.video.question import CHANNELS, LISTED, SKILLS, TIERS, WEB, Question

DEFAULT_TIERS: Final = ("clip", "short")
_TASK_ID: Final = re.compile(rf"({'|'.join(TIERS)})-(0|[1-9]\d{{0,8}})/({'|'.join((*SKILLS, WEB))})/(\d)")
_VAL, _TEST = 6, 7  # of every 8 videos: 6 train, 1 val, 1 test; all questions about a video are in one split


def own_tasks(tiers: Sequence[str] = DEFAULT_TIERS, skills: Sequence[str] = SKILLS, *, channels: Collection[str] = CHANNELS) -> TaskSet:
    """Questions about our own generated videos; ids are ``<tier>-<seed>/<skill>/<number>``, such as ``short-3/sign/0``.

    Args:
        tiers: whose tasks are listed: ``"clip"`` (90 s), ``"short"`` (10 min), ``"long"`` (1 h), ``"epic"`` (2 h). Any id works.
        skills: of which kinds; those of `SKILLS`.
        channels: leave out questions whose evidence is in others than these; some counts are of things, some of beeps.

    Raises:
        UnknownOption: no such tier or skill.
    """
    for name, given, known in (("tiers", tiers, tuple(TIERS)), ("skills", skills, SKILLS)):
        for one in (given,) if isinstance(given, str) else given:
            if one not in (*known, *((WEB,) if name == "skills" else ())) or isinstance(given, str):
                raise UnknownOption(f"{name}={given!r} is a list of names: {did_you_mean(str(one), known)}")
    ids = [
        f"{tier}-{seed}/{skill}/{k}"
        for tier in tiers
        for seed in range(LISTED[tier])
        for skill in skills
        for k in range(_number(tier, skill))
    ]
    if set(channels) != set(CHANNELS):
        ids = [i for i in ids if all(e.channel in channels for e in _question(i).evidence)]
    return TaskSet(ids, _own_task, split_of=split_of_video, open_build=lambda i: _own_task(i) if _fits(i) else None)


def _number(tier: str, skill: str) -> int:
    return 1 if skill == WEB else TIERS[tier]


def question_tasks(data_dir: str | Path | None, tiers: Sequence[str], skills: Sequence[str], channels: Collection[str]) -> TaskSet:
    """Our own tasks of some skills and channels, or those of official files.

    Raises:
        DataError: the files are missing or in no known schema.
        UnknownOption: no such tier or skill.
    """
    if data_dir is None:
        return own_tasks(tiers, skills, channels=channels)
    from mtenvs.envs.video.official import official_tasks  # noqa: PLC0415 - only official tasks need their loaders

    return official_tasks(Path(data_dir))


def split_of_video(task_id: str) -> str:
    """The split of a task about an own video: by the video's seed, so that no video is in two splits."""
    seed = int(task_id.partition("/")[0].rpartition("-")[2])
    return {_VAL: "val", _TEST: "test"}.get(seed % 8, "train")


def _fits(task_id: str) -> bool:
    match = _TASK_ID.fullmatch(task_id)
    return match is not None and int(match[4]) < _number(match[1], match[3])


def _own_task(task_id: str) -> Task:
    video, skill, _ = task_id.split("/")
    question = _question(task_id)
    return Task(
        task_id,
        question.asked,
        setup={"video": {"own": video}, "question": question.to_dict()},
        checks=[{"answer": question.answer, "options": list(question.options)}],
        tags=("video", skill, video.partition("-")[0]),
        licence="CC0-1.0",
    )


def _question(task_id: str) -> Question:
    video, skill, number = task_id.split("/")
    return _questions(video)[skill][int(number)]


@lru_cache(maxsize=32)
def _questions(video: str) -> dict[str, list[Question]]:
    from mtenvs.envs.video.own.library import script_of  # noqa: PLC0415 - only our own tasks need the generator
    from mtenvs.envs.video.own.questions import questions_of  # noqa: PLC0415 - same
    from mtenvs.envs.video.own.webfacts import web_questions_of  # noqa: PLC0415 - same

    script = script_of(video)
    found: dict[str, list[Question]] = {skill: [] for skill in (*SKILLS, WEB)}
    for question in (*questions_of(script), *web_questions_of(script)):
        found[question.skill].append(question)
    return found
