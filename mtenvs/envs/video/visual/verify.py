"""Whether an answer is right: by letter, by number, by name, or by a judge where the answer is free text of an official set."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from mtenvs.core.verdict import Verdict
from mtenvs.envs.video.question import letter_of, plain
from mtenvs.envs.video.visual.views import View

Judge = Callable[[str, str, str], bool]
"""Decides what an exact comparison cannot: a function of the question, the answer given and the truth."""
SHARP: Final = 1.5  # pixels shown for one of the picture, from which on small text counts as seen
_BOXED: Final = re.compile(r"\\boxed\{([^{}]*)\}")
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def bare(given: str) -> str:
    r"""An answer without ``\boxed{...}`` around it."""
    boxed = _BOXED.findall(given)
    return (boxed[-1] if boxed else given).strip()


def the_number(text: str) -> int | None:
    """The one whole number in a text, in digits or as a word up to twelve; None if there is none, or more than one."""
    found = re.findall(r"(?<![\w.,-])\d{1,9}(?![\w,]|\.\d)", text)
    found += [str(_WORDS.index(w)) for w in re.findall(r"[a-z]+", text.lower()) if w in _WORDS]
    return int(found[0]) if len(found) == 1 else None


def is_right(check: Mapping[str, Any], given: str) -> bool:
    """Whether an answer is the right one, as far as comparing goes.

    Args:
        check: ``answer``, ``options`` (empty for free answers) and ``number`` (a free answer is a number).
        given: what the agent wrote.
    """
    text = bare(given)
    if check["options"]:
        return letter_of(text, check["options"]) == str(check["answer"])
    if check.get("number"):
        return the_number(text) == int(check["answer"])
    truth = str(check["answer"])
    return text.casefold() == truth.casefold() or _joined(text) == _joined(truth) != ""


def _joined(text: str) -> str:
    """Without gaps between words: those on a sign of a few pixels are hard to tell."""
    return plain(text).replace(" ", "")


def verdict_of(check: Mapping[str, Any], question: str, given: str | None, views: Sequence[View], judge: Judge | None = None) -> Verdict:
    """The finding on an answer and on what was looked at.

    Args:
        check: see `is_right`; ``target`` is the box, in pixels, that has to be seen; ``judged`` says that only a judge can compare.
        question: for the judge.
        given: what the agent answered; None if it has not.
        views: all that was shown, the first included.
        judge: see `Judge`.
    """
    right = given is not None and is_right(check, given)
    needs = ""
    if not right and given and check.get("judged"):
        right = judge is not None and bool(judge(question, given, check["answer"]))
        needs = "judge" if judge is None else ""
    seen = any(view.sharpness >= SHARP and view.holds(check["target"]) for view in views) if "target" in check else False
    checkpoints = {"seen": seen, "answer": right} if "target" in check else {"answer": right}
    metrics = {"crops": float(len(views) - 1), "frames_used": float(len(views)), "sharpest": max(view.sharpness for view in views)}
    if "area_share" in check:
        metrics["area_share"] = float(check["area_share"])
    return Verdict(None if needs else float(right), right, checkpoints, metrics, needs)
