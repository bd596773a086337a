"""The verdict on an answer, from the task's checks alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mtenvs.core.verdict import Verdict
from mtenvs.envs.words.search.matching import Judge, exact_match, f1
from mtenvs.envs.words.search.tables import read_table, score_table, write_table

SEPARATOR: Final = ";"  # between the answers of an episode with several objectives


def split_answers(text: str, n: int) -> list[str]:
    """The answers to ``n`` objectives by position: empty where one is missing, surplus ones stay with the last, which they make wrong."""
    parts = [p.strip() for p in text.split(SEPARATOR, n - 1)]
    return parts + [""] * (n - len(parts))


def verdict_of(
    check: Mapping[str, Any], answer: str | None, read: Mapping[str, bool], effort: Mapping[str, float], *, judge: Judge | None = None
) -> Verdict:
    """The finding on an answer.

    Args:
        check: the task's check: ``{"golden": [[...], ...]}``, a list of accepted answers for each objective, with ``"judged": True``
            where a model decides what does not match; or a table's, see `score_table`.
        answer: what the agent answered; None if it has not.
        read: the pages that hold the evidence, and whether they were opened; the first checkpoints.
        effort: figures that are added to the metrics.
        judge: decides what needs a judge.
    """
    if "rows" in check:
        return _table_verdict(check, answer, read, effort, judge)
    golden: Sequence[Sequence[str]] = check["golden"]
    given = split_answers(answer or "", len(golden))
    right = [exact_match(a, g) if a else 0.0 for a, g in zip(given, golden, strict=True)]
    open_ones = [i for i, ok in enumerate(right) if not ok and given[i]] if check.get("judged") else []
    if judge is not None:
        for i in open_ones:
            right[i] = float(judge("", given[i], golden[i][0]))
        open_ones = []
    n = len(golden)
    metrics = {"em": sum(right) / n, "f1": sum(f1(a, g) for a, g in zip(given, golden, strict=True)) / n, **effort}
    answered = {f"answer{i + 1}": bool(ok) for i, ok in enumerate(right)}
    return _finding(sum(right) / n, all(right), {**read, **answered}, metrics, needs_judge=bool(open_ones))


def _table_verdict(
    check: Mapping[str, Any], answer: str | None, read: Mapping[str, bool], effort: Mapping[str, float], judge: Judge | None
) -> Verdict:
    rows = read_table(answer or "")
    scores = score_table(rows, check, judge)
    judged = judge is None and any("llm_judge" in p.get("metric", ()) for p in check["pipeline"].values())
    needs = judged and bool(rows) and not scores.success
    checkpoints = {**read, "table": scores.success}
    return _finding(scores.item_f1, scores.success, checkpoints, {**scores.metrics(), **effort}, needs_judge=needs)


def _finding(score: float, success: bool, checkpoints: Mapping[str, bool], metrics: Mapping[str, float], *, needs_judge: bool) -> Verdict:
    """What equals the truth needs no judge, whatever the set; what differs does, and then there is no score."""
    return Verdict(None if needs_judge else score, success, checkpoints, metrics, "judge" if needs_judge else "")


def truth_of(check: Mapping[str, Any]) -> str:
    """The right answer as an agent would write it."""
    if "rows" in check:
        return write_table(check["required"], check["rows"])
    return f"{SEPARATOR} ".join(g[0] for g in check["golden"])
