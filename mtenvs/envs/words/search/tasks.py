"""Tasks by id: ``<kind>/<seed>`` in the world 0, ``w<world>/<kind>/<seed>`` in any other. A task is a pure function of its id."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from mtenvs.core.tasks import Task, TaskSet
from mtenvs.envs.words.search.questions import Question, question

KINDS: Final = ("single", "hop2", "hop3", "hop4", "compare", "count", "objectives2", "objectives4", "objectives8", "objectives16", "table")
SEEDS: Final = 100
_ID: Final = re.compile(r"(?:w([1-9]\d{0,5})/)?(single|hop[234]|compare|count|table|objectives([2-9]|1[0-6]))/(0|[1-9]\d{0,8})")
_HOW: Final = "Search the library, open pages, and answer with the bare {what}."
_MIX: Final = ("single", "hop2", "hop2", "compare")  # of an episode with several objectives


def own_tasks(world: int = 0) -> TaskSet:
    """Every kind with `SEEDS` seeds each; any other id of the form works too."""
    prefix = f"w{world}/" if world else ""
    ids = [f"{prefix}{kind}/{seed}" for kind in KINDS for seed in range(SEEDS)]
    return TaskSet(ids, _task, open_build=lambda i: _task(i) if _ID.fullmatch(i) else None)


def _task(task_id: str) -> Task:
    match = _ID.fullmatch(task_id)
    assert match is not None  # noqa: S101 - the set asks for no other
    world, kind, n, seed = int(match[1] or 0), match[2], int(match[3] or 1), match[4]
    rng = Random(f"{world}/{kind}/{seed}")
    kinds = [rng.choice(_MIX) for _ in range(n)] if n > 1 else [kind]
    questions = [question(world, k, rng) for k in kinds]
    table = questions[0].table
    what = "answer: a name, a number or a date"
    if table is not None:
        what = 'table in Markdown; write names as the titles of their pages, dates like "3 May 1901"'
    elif n > 1:
        what = f"answers to all {n} questions in their order, with semicolons between them"
    return Task(
        task_id,
        f"{'; '.join(q.text for q in questions)}\n{_HOW.format(what=what)}",
        {"world": world, "kind": kind.rstrip("0123456789"), "plans": [dict(q.plan) for q in questions]},
        [_check(questions)],
        tags=(kind,),
    )


def _check(questions: list[Question]) -> dict[str, object]:
    evidence = list(dict.fromkeys(title for q in questions for title in q.evidence))
    if questions[0].table is not None:
        return {**questions[0].table, "evidence": evidence}
    return {"golden": [list(q.golden) for q in questions], "evidence": evidence}
