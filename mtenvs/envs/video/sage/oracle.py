"""Plays that solve a question with SAGE's tools where its evidence is, and plays that just miss it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from mtenvs.envs.video.question import LETTERS, Evidence, Question
from mtenvs.envs.video.sage.clocks import written

_LOOKS: Final = 7  # turns for evidence: 10 in all, one for the answer, two for the web


def plan_of(question: Question, duration: float, web_pages: Sequence[str] = ()) -> list[str]:
    """Replies that look at the evidence and give the right answer.

    Args:
        question: with evidence.
        duration: of the video, in seconds.
        web_pages: addresses that hold the rest of the answer.

    Raises:
        NotImplementedError: the question's evidence is not known.
    """
    return [*_looks(question, duration, web_pages), _answered(question.answer)]


def near_miss_of(question: Question, duration: float, web_pages: Sequence[str] = ()) -> list[str]:
    """The same, with the next option in place of the right one, or a word more."""
    letters = LETTERS[: len(question.options)]
    wrong = letters[(letters.index(question.answer) + 1) % len(letters)] if letters else f"{question.answer} 7"
    return [*_looks(question, duration, web_pages), _answered(wrong)]


def _looks(question: Question, duration: float, web_pages: Sequence[str]) -> Iterator[str]:
    if not question.evidence:
        raise NotImplementedError("this question's evidence is not known; play one of our own tasks")
    asked: list[dict[str, Any]] = []
    for evidence in question.evidence:
        call = _call(evidence, duration)
        if call not in asked and len(asked) < _LOOKS:
            asked.append(call)
    asked += [{"rationale": "read", "name": "parse_web_data", "arguments": {"website_url": page}} for page in web_pages[:2]]
    for number, call in enumerate(asked):
        tools = {"needed": True, "why_no_tool": "", "tool_calls": [call]}
        if number == 0:
            first = {"video_context": "a long film", "query_intent": question.skill, "final_answer": "", "recommended_tools": tools}
            yield _tagged(first)
        else:
            yield _tagged({"answerable": {"verdict": False, "reasoning": "not yet"}, "final_answer": "", "recommended_tools": tools})


def _call(evidence: Evidence, duration: float) -> dict[str, Any]:
    start, end = max(0.0, evidence.start - 1.0), min(duration, evidence.end + 1.0)
    span = written(start), written(end + 1.0)
    if evidence.channel == "picture":
        arguments = {"timestamp_start": span[0], "timestamp_end": span[1], "extract_type": "frames"}
        return {"rationale": "look closer", "name": "extract_parts_from_timestamp", "arguments": arguments}
    arguments = {"timestamp_start": span[0], "timestamp_end": span[1]}
    return {"rationale": "listen", "name": "verbal_transcript", "arguments": arguments}


def _answered(answer: str) -> str:
    done = {"needed": False, "why_no_tool": "seen enough", "tool_calls": []}
    return _tagged({"answerable": {"verdict": True, "reasoning": "seen"}, "final_answer": answer, "recommended_tools": done})


def _tagged(data: dict[str, Any]) -> str:
    return f"<json>{json.dumps(data)}</json>"
