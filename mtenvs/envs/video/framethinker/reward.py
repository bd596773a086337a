"""FrameThinker's released reward: accuracy with small bonuses, all of it lost when the thinking contradicts the doing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mtenvs.envs.video.framethinker.grammar import Step

TIME_BONUS: Final = 0.5  # a question with a time in it, answered after asking for that frame number
FRAMES_BONUS: Final = 0.02  # at least one range was looked at
_RANGE_STEP: Final = 8  # the released check of a range's length uses the short videos' number for all videos
_INTEGER: Final = re.compile(r"(?<![\d:.])\d+(?!\d|:|\.\d)")
_QUESTION_TIME: Final = re.compile(r"\b\d{1,3}:\d{2}\b")


def released_parts(steps: Sequence[Step], *, turns: int, total: int, right: bool, question: str) -> dict[str, float]:
    """The parts of the released reward; all 0 when the answer is wrong or a consistency rule is broken.

    Args:
        steps: every turn whose action was carried out.
        turns: all turns, those of bad actions too.
        total: frames of the video.
        right: whether the answer is the right one.
        question: its text.

    Returns:
        ``accuracy`` (0 or 1), ``time_bonus`` (0 or 0.5) and ``frames_bonus`` (0 or 0.02).
    """
    fine = right and not broken_rule(steps, turns=turns, total=total)
    asked_time = any(s.kind == "time" for s in steps)
    return {
        "accuracy": float(fine),
        "time_bonus": TIME_BONUS * float(fine and asked_time and _QUESTION_TIME.search(question) is not None),
        "frames_bonus": FRAMES_BONUS * float(fine and any(s.kind == "choose" for s in steps)),
    }


def broken_rule(steps: Sequence[Step], *, turns: int, total: int) -> str:
    """The first cognitive-consistency rule that a transcript breaks, in words; empty when it keeps them all.

    Rules (think_with_video_reward v11): as many thoughts as actions; nothing refused; the answer comes last and once; no range
    and no time twice, where the frames of the start count as the range ``(0, total - 1)`` and a range that was shown also
    stands for the one that its inner frames span; the last two whole numbers of a thought are the range it leads to; a
    range after a frame number contains that frame.
    """
    seen: set[tuple[int, int]] = {(0, total - 1)}
    times: set[str] = set()
    owed = -1  # a frame number that the next range must contain
    if turns != len(steps):
        return f"{turns - len(steps)} of {turns} actions could not be carried out"
    for number, step in enumerate(steps, 1):
        if len(step.thinks) != 1:
            return f"turn {number} has {len(step.thinks)} thoughts, not one"
        if (step.kind == "answer") != (number == len(steps)):
            return "the answer is not the last action"
        if step.kind == "time":
            if step.time in times:
                return f"turn {number} asks for the time {step.time} again"
            times.add(step.time)
            owed = step.frame
        elif step.kind == "choose":
            wrong = _range_fault(step, seen, owed)
            if wrong:
                return f"turn {number} {wrong}"
            seen |= {(step.start, step.end), (step.start + 1, step.end - 1)}
            owed = -1
    return "" if steps else "there is no answer"


def _range_fault(step: Step, seen: set[tuple[int, int]], owed: int) -> str:
    if step.start >= step.end - _RANGE_STEP:
        return "chooses a range that is too short"
    if (step.start, step.end) in seen:
        return "chooses a range again"
    if last_integers(step.thinks[0]) != (step.start, step.end):
        return "chooses another range than its thought ends with"
    if owed >= 0 and not step.start <= owed <= step.end:
        return "chooses a range without the frame that it had asked for"
    return ""


def last_integers(thought: str) -> tuple[int, int] | None:
    """The last two whole numbers of a thought that stand alone; those of a time such as 12:30 do not count."""
    found = _INTEGER.findall(thought)[-2:]
    return (int(found[0]), int(found[1])) if len(found) == 2 else None
