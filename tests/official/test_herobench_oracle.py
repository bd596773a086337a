"""The oracle on the official HeroBench tasks: 180 of 180 by replay, judged as the original judges, with the whole score.

Needs ``items.json`` ... ``dataset_prompts.json`` under ``herobench/`` in the folder of official data.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from mtenvs.envs.rpg.official import OfficialTasks, load_official
from mtenvs.envs.rpg.oracle import HeroOracle, Plan, near_miss, solve
from mtenvs.envs.rpg.program import play_answer
from mtenvs.envs.rpg.scoring import Score, Scorer
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.world import HeroWorld, Outcome, Result, Rules

FOLDER = Path(os.environ.get("MTENVS_OFFICIAL_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data") / "herobench"
LEVELS = range(1, 10)

pytestmark = pytest.mark.skipif(
    not (FOLDER / "dataset_prompts.json").is_file(),
    reason="the official HeroBench files are not here; set MTENVS_OFFICIAL_DATA to the folder that holds herobench/",
)


@cache
def tasks() -> OfficialTasks:
    return load_official(FOLDER)


def ids(level: int, *, leveling: bool = False) -> list[str]:
    return [i for i in tasks() if tasks().level(i) == level and i.startswith("leveling/") == leveling]


def world_for(task_id: str) -> HeroWorld:
    return HeroWorld(tasks().data, Rules.official(ring_rule=tasks()[task_id].rules.ring_rule))


def hero_for(task_id: str) -> HeroState:
    return HeroState.from_start(tasks()[task_id].start, tasks().data)


@cache
def plan_for(task_id: str) -> Plan:
    plan = solve(world_for(task_id), tasks()[task_id])
    assert plan is not None, task_id
    return plan


def judged(task_id: str, plan: Plan) -> tuple[Score, list[Result]]:
    """The original's verdict on a plan that is replayed call by call, and what each call did."""
    scorer = Scorer(tasks()[task_id], tasks().data)
    results: list[Result] = []

    def observe(result: Result) -> None:
        results.append(result)
        scorer.observe(result)

    plan.replay(world_for(task_id), hero_for(task_id), observe)
    return scorer.result(), results


@pytest.mark.parametrize("level", LEVELS)
def test_every_task_is_solved_with_the_whole_score(level: int) -> None:
    names = ids(level)
    assert len(names) == 20
    for name in names:
        score, results = judged(name, plan_for(name))
        assert score.success, name
        assert score.score == 100, name
        assert all(result.ok for result in results), name


@pytest.mark.parametrize("level", LEVELS)
def test_only_what_a_prompt_lists_is_used(level: int) -> None:
    for name in ids(level):
        task = tasks()[name]
        for call in plan_for(name).calls:
            assert call.name != "move" or task.locations is None or call.args in task.locations, name
            assert call.name != "craft" or task.items is None or call.args[0] in task.items, name


@pytest.mark.parametrize("level", LEVELS)
def test_near_misses_are_lost(level: int) -> None:
    for name in ids(level):
        missed, _ = judged(name, near_miss(plan_for(name)))
        assert not missed.success, name
        assert missed.score > 0 or len(plan_for(name).calls) < 5, name


@pytest.mark.parametrize("level", [1, 4, 9])
def test_the_written_answers_win(level: int) -> None:
    for name in ids(level):
        scorer = Scorer(tasks()[name], tasks().data)
        answer = f"Thought over.\nFinal answer:\n```python\n{plan_for(name).to_program()}\n```"
        played = play_answer(answer, world_for(name), hero_for(name), scorer.observe)
        assert scorer.result(counts=played.counts) == judged(name, plan_for(name))[0], name


@pytest.mark.parametrize("level", [2, 6])
def test_the_closed_loop_does_what_the_plan_does(level: int) -> None:
    for name in ids(level)[::4]:
        world, hero = world_for(name), hero_for(name)
        oracle = HeroOracle(world, tasks()[name])
        calls = []
        while (call := oracle.next(hero)) is not None:
            calls.append(call)
            assert isinstance(call.apply(world, hero), Outcome)
        assert oracle.done
        assert tuple(calls) == plan_for(name).calls


@pytest.mark.parametrize("level", LEVELS)
def test_the_shortest_way_wins_too(level: int) -> None:
    for name in ids(level)[::5]:
        short = solve(world_for(name), tasks()[name], thorough=False)
        assert short is not None, name
        assert judged(name, short)[0].success, name
        assert short.primitive_steps <= plan_for(name).primitive_steps, name


@pytest.mark.parametrize("level", [*LEVELS, 10])
def test_tasks_with_levelling_are_solved_with_the_whole_score(level: int) -> None:
    for name in ids(level, leveling=True):
        score, results = judged(name, plan_for(name))
        assert score.success, name
        assert score.score == 100, name
        assert all(result.ok for result in results), name
