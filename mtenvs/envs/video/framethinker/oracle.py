"""Plays that solve a question by looking where its evidence is, and plays that just miss it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mtenvs.backends.video import VideoStore
from mtenvs.envs.video.question import LETTERS, Evidence, Question

_TIME: Final = re.compile(r"\b(\d{1,3}:[0-5]\d)\b")
_LOOKS: Final = 4  # turns beside the answer: 5 in all


def plan_of(question: Question, store: VideoStore, budget: int) -> list[str]:
    """Actions that look at the evidence and give the right option.

    Args:
        question: with evidence.
        store: its video.
        budget: frames a turn.

    Raises:
        NotImplementedError: the question's evidence is not known.
    """
    return [*_looks(question, store, budget), _answer(question.answer)]


def near_miss_of(question: Question, store: VideoStore, budget: int) -> list[str]:
    """The same, with the next option in place of the right one."""
    letters = LETTERS[: len(question.options)]
    return [*_looks(question, store, budget), _answer(letters[(letters.index(question.answer) + 1) % len(letters)])]


def _looks(question: Question, store: VideoStore, budget: int) -> Iterator[str]:
    if not question.options or not question.evidence:
        raise NotImplementedError("this question's evidence is not known; play one of our own tasks")
    seen = [e for e in question.evidence if e.channel == "picture"]
    chosen: set[tuple[int, int]] = set()
    time = _TIME.search(question.text)
    for evidence in seen[: _LOOKS - (time is not None)]:
        window = around(evidence, store, budget)
        if window in chosen:
            continue
        if time is not None and not chosen:
            yield f"<think>The question names {time[1]}.</think><action>get frame number at time {time[1]}</action>"
            at = store.index_at(60.0 * int(time[1].split(":")[0]) + int(time[1].split(":")[1]))
            window = min(window[0], at), max(window[1], at)
        chosen.add(window)
        start, end = window
        thought = f"What matters may lie between frames {start} and {end}"
        yield f"<think>{thought}</think><action>choose frames between {start} and {end}</action>"


def around(evidence: Evidence, store: VideoStore, budget: int) -> tuple[int, int]:
    """A legal range around a piece of evidence; every frame of it lies inside where the evidence lasts long enough."""
    total = store.info.num_frames
    start, end = store.index_at(evidence.start), store.index_at(min(evidence.end, store.info.duration_s - 1e-6))
    short = budget + 2 - (end - start)
    if short > 0:
        start, end = start - -(-short // 2), end + -(-short // 2)
    start = max(0, min(start, total - budget - 3))
    return start, min(total - 1, max(end, start + budget + 2))


def _answer(letter: str) -> str:
    return f"<think>I have seen enough.</think><action>output answer: {letter}</action>"
