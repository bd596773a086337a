"""The schemas of the official sets: each function reads one row of a file into questions.

Fields are those of the published files and of the loaders of third parties; where a row differs the error names file and row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mtenvs.core.errors import DataError
from mtenvs.envs.video.official.files import field
from mtenvs.envs.video.question import LETTERS, Question, plain

Row = Mapping[str, Any]
_MARK: Final = r"[(\[]?([A-J])[)\].:]\s+"
_AT_LINES, _INLINE = re.compile(rf"^\s*{_MARK}", re.MULTILINE), re.compile(rf"(?:^|\s){_MARK}")
_WRAPPED: Final = re.compile(r"<answer>\s*(.*?)\s*</answer>", re.DOTALL | re.IGNORECASE)
_LETTER: Final = re.compile(r"\s*[(\[]?([A-J])(?:[)\].:]|\s*$)")


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an official set.

    Args:
        id: unique in its file.
        video: name of the video, with or without folder and ending.
        question: with an empty answer where the file has none.
        judged: only a judge can compare an answer.
        subtitles: file beside, empty for none; relative to the set's folder.
        subtitles_from: seconds to take off the subtitles' times.
    """

    id: str
    video: str
    question: Question
    judged: bool = False
    subtitles: str = ""
    subtitles_from: float = 0.0


def split_options(text: str) -> tuple[str, tuple[str, ...]]:
    """A question and the options that stand in it as ``A. ...`` or ``(A) ...``; no options where they are not A, B, C in order.

    Marks at the beginning of lines count alone where there are any, since a sentence may well end in "vitamin A.".
    """
    for pattern in (_AT_LINES, _INLINE):
        marks = list(pattern.finditer(text))
        start = next((i for i in range(len(marks)) if [m[1] for m in marks[i : i + 2]] == ["A", "B"]), None)
        if start is not None:
            break
    else:
        return text.strip(), ()
    run = []
    for letter, mark in zip(LETTERS, marks[start:], strict=False):
        if mark[1] != letter:
            break
        run.append(mark)
    ends = [m.start() for m in run[1:]] + [len(text)]
    return text[: run[0].start()].strip(), tuple(text[m.end() : end].strip() for m, end in zip(run, ends, strict=True))


def letter_in(answer: str, options: tuple[str, ...], where: str) -> str:
    """The letter of an official answer: bare, wrapped in tags, in front of its text, or the text alone.

    Raises:
        DataError: it means none of the options.
    """
    wrapped = _WRAPPED.search(answer)
    bare = (wrapped[1] if wrapped else answer).strip()
    same = [letter for letter, option in zip(LETTERS, options, strict=False) if plain(option) == plain(bare)]
    if len(same) == 1:
        return same[0]
    match = _LETTER.match(bare)
    if match and match[1] in LETTERS[: len(options)]:
        return match[1]
    raise DataError(f"{where}: the answer {answer[:60]!r} is none of the {len(options)} options")


def _choice(text: str, options: tuple[str, ...], answer: str, skill: str, where: str) -> Question:
    return Question(text, options, letter_in(answer, options, where) if answer else "", skill)


def longvideo_reason(row: Row, where: str) -> Iterator[Item]:
    """LongVideo-Reason: ``problem_id, problem`` with the options in it, ``videos, answer`` in tags."""
    text, options = split_options(field(row, "problem", str, where))
    answer, video = field(row, "answer", str, where), row.get("videos")
    name = video[0] if isinstance(video, list) and video else video
    if not isinstance(name, str):
        raise DataError(f"{where}: the field 'videos' is {video!r:.60}")
    skill = str(row.get("problem_type", ""))
    wrapped = _WRAPPED.search(answer)
    question = _choice(text, options, answer, skill, where) if options else Question(text, (), wrapped[1] if wrapped else answer, skill)
    yield Item(str(field(row, "problem_id", (str, int), where)), name, question, judged=not options)


def video_holmes(row: Row, where: str) -> Iterator[Item]:
    """Video-Holmes: ``video ID, Question ID, Question Type, Question, Options {A: ...}, Answer``."""
    given = field(row, "Options", dict, where)
    letters = sorted(given)
    if letters != list(LETTERS[: len(letters)]):
        raise DataError(f"{where}: the options have the letters {letters}")
    options = tuple(re.sub(rf"^{letter}[.:)]\s*", "", str(given[letter])) for letter in letters)
    question = _choice(
        field(row, "Question", str, where), options, field(row, "Answer", str, where), str(row.get("Question Type", "")), where
    )
    yield Item(str(field(row, "Question ID", (str, int), where)), str(field(row, "video ID", (str, int), where)), question)


def longvideobench(row: Row, where: str) -> Iterator[Item]:
    """LongVideoBench: ``candidates, correct_choice`` (absent in the test file), subtitles that begin before the video."""
    options = tuple(map(str, field(row, "candidates", list, where)))
    right = row.get("correct_choice")
    if right is not None and (isinstance(right, bool) or not isinstance(right, int) or not 0 <= right < len(options)):
        raise DataError(f"{where}: the field 'correct_choice' is {right!r}")
    question = Question(
        field(row, "question", str, where), options, "" if right is None else LETTERS[right], str(row.get("question_category", ""))
    )
    beside = str(row.get("subtitle_path") or "")
    name = str(row.get("id") or f"{field(row, 'video_id', str, where)}_{plain(question.text)[:40].replace(' ', '-')}")
    yield Item(
        name,
        str(row.get("video_path") or field(row, "video_id", str, where)),
        question,
        subtitles=f"subtitles/{beside}" if beside else "",
        subtitles_from=float(row.get("starting_timestamp_for_subtitles") or 0.0),
    )


def mlvu(row: Row, where: str) -> Iterator[Item]:
    """MLVU: ``video, question, candidates, answer`` (the text of a candidate), or ``scoring_points`` for a judge."""
    text, kind = field(row, "question", str, where), str(row.get("question_type", ""))
    name = str(row.get("question_id") or f"{field(row, 'video', str, where)}/{plain(text)[:60].replace(' ', '-')}")
    if "candidates" not in row:
        yield Item(name, row["video"], Question(text, (), str(row.get("answer", "")), kind), judged=True)
        return
    options = tuple(map(str, field(row, "candidates", list, where)))
    yield Item(name, field(row, "video", str, where), _choice(text, options, str(row.get("answer") or ""), kind, where))


def video_mme(row: Row, where: str) -> Iterator[Item]:
    """Video-MME: ``videoID, question_id, question, options[4], answer``; subtitles in ``subtitle/<videoID>.srt``."""
    options = tuple(re.sub(r"^[A-J][.:)]\s*", "", str(o)) for o in field(row, "options", list, where))
    video = field(row, "videoID", str, where)
    question = _choice(field(row, "question", str, where), options, field(row, "answer", str, where), str(row.get("task_type", "")), where)
    yield Item(field(row, "question_id", str, where), video, question, subtitles=f"subtitle/{video}.srt")


def lvbench(row: Row, where: str) -> Iterator[Item]:
    """LVBench: one row a video, ``key, qa: [{uid, question`` with the options in it, ``answer, question_type, time_reference}]``."""
    for number, qa in enumerate(field(row, "qa", list, where)):
        place = f"{where}, qa {number}"
        if not isinstance(qa, dict):
            raise DataError(f"{place}: not an object")
        text, options = split_options(field(qa, "question", str, place))
        kinds = qa.get("question_type")
        skill = ", ".join(map(str, kinds)) if isinstance(kinds, list) else str(kinds or "")
        yield Item(
            str(field(qa, "uid", (str, int), place)),
            str(field(row, "key", str, where)),
            _choice(text, options, str(qa.get("answer") or ""), skill, place),
        )


def sage_bench(row: Row, where: str) -> Iterator[Item]:
    """SAGE-Bench: ``video_id, question`` with the options in it, ``gt_answer`` in full, ``ques_type`` mcq or open-ended."""
    text, options = split_options(field(row, "question", str, where))
    answer, video = field(row, "gt_answer", str, where), str(field(row, "video_id", (str, int), where))
    skill = "/".join(str(row[k]) for k in ("modality", "difficulty") if row.get(k))
    closed = bool(options) and "open" not in str(row.get("ques_type", "mcq"))
    question = _choice(text, options, answer, skill, where) if closed else Question(text, (), answer, skill)
    yield Item(str(row.get("question_id") or f"{video}/{plain(text)[:60].replace(' ', '-')}"), video, question, judged=not closed)
