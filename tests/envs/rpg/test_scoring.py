"""Points, ideal and success as the original counts them, quirks included."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_world import craft_task, kill_task, raw_world, tiny_world

from mtenvs.core.errors import SnapshotError
from mtenvs.envs.rpg.combat import Fight
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.scoring import LOG_LINES, Milestones, Scorer
from mtenvs.envs.rpg.spec import HeroStart, TaskRules
from mtenvs.envs.rpg.state import HeroState
from mtenvs.envs.rpg.world import HeroWorld, Outcome, Refusal

DATA = tiny_world()
WON, LOST = Fight(True, 1, 1, 0), Fight(False, 1, 0, 1)


def fought(code: str, fight: Fight = WON) -> Outcome:
    return Outcome("fight", code, fight=fight)


def gathered(*codes: str) -> Outcome:
    return Outcome("gather", "tree", items=tuple((code, 1) for code in codes))


def failed(code: str, *missing: str) -> Refusal:
    detail = {"item": code, "missing_items": dict.fromkeys(missing, (1, 0)), "skill": ("cooking", 1, 1), "needed_skill_level": True}
    return Refusal("craft", 500, "cannot", detail)


def points(scorer: Scorer, *results: Outcome | Refusal) -> list[int]:
    return [scorer.observe(result) for result in results]


def test_the_ideal_of_a_kill_task_counts_every_step_once() -> None:
    ideal = [str(event) for event in Milestones.of(kill_task(), DATA).ideal]
    # The stick comes from nowhere but the exchange, so a perfect run does not fetch it; the charm drops from the target itself.
    assert ideal == ["gathered:wood", "won:chick", "made:plank", "made:club", "worn:club", "got:charm", "worn:charm", "won:boar"]


def test_the_ideal_of_a_craft_task_buys_what_comes_from_nowhere() -> None:
    ideal = [str(event) for event in Milestones.of(craft_task(prompt="an official one"), DATA).ideal]
    assert ideal == ["gathered:wood", "gathered:feather", "bought:stick", "made:plank", "made:club"]


def test_our_own_craft_tasks_ask_to_beat_what_drops_and_not_to_gather_it() -> None:
    scorer = Scorer(craft_task(), DATA, official=False)
    assert list(scorer.checkpoints()) == ["gathered:wood", "bought:stick", "won:chick", "made:plank", "made:club"]
    assert points(scorer, fought("chick"), fought("boar"), Outcome("craft", "club")) == [1, 0, 1]
    sold = TaskRules(exchange=("feather", "stick"))
    assert "bought:feather" in Scorer(craft_task(rules=sold), DATA, official=False).checkpoints()


def test_each_step_earns_one_point_the_first_time() -> None:
    scorer = Scorer(kill_task(), DATA)
    club, charm = Outcome("equip", "club", slot="weapon"), Outcome("equip", "charm", slot="artifact1")
    steps = [gathered("wood", "gem"), fought("chick"), Outcome("craft", "plank"), Outcome("craft", "club"), club]
    assert points(scorer, *steps) == [1, 1, 1, 1, 1]
    assert points(scorer, *steps) == [0, 0, 0, 0, 0]
    assert points(scorer, fought("boar", LOST), fought("boar"), charm) == [0, 2, 1]
    assert scorer.result() == (True, 8, 8, 100.0)
    assert all(scorer.checkpoints().values())
    assert scorer.verdict().score == 1


def test_any_other_monster_counts_so_the_score_can_pass_the_intent() -> None:
    scorer = Scorer(kill_task(), DATA)
    assert points(scorer, fought("ghost"), Outcome("craft", "helm"), Outcome("equip", "band", slot="ring1"), Outcome("buy", "wood")) == [
        1,
        0,
        0,
        0,
    ]


def test_taking_a_needed_item_off_counts_as_wearing_it_in_the_original_only() -> None:
    off = Outcome("unequip", "club", slot="weapon")
    assert Scorer(kill_task(), DATA).observe(off) == 1
    assert Scorer(kill_task(), DATA, official=False).observe(off) == 0


def test_a_fight_is_won_by_whatever_line_names_the_target() -> None:
    raw = raw_world()
    raw["monsters"][0]["name"], raw["monsters"][2]["name"] = "Boar Piglet", "Winged Boar"
    data = WorldData.from_json(raw)
    by_name, by_loss = Scorer(kill_task(), data), Scorer(kill_task(), data)
    by_name.observe(fought("chick"))
    by_loss.observe(fought("ghost", LOST))  # "win" is in "Winged"
    assert by_name.result().success
    assert by_loss.result().success
    strict = Scorer(kill_task(), data, official=False)
    points(strict, fought("chick"), fought("ghost", LOST))
    assert not strict.success
    strict.observe(fought("boar"))
    assert strict.success


def test_a_craft_task_is_lost_by_any_failed_craft_that_names_the_target() -> None:
    made = Outcome("craft", "plank")
    task = craft_task(target="plank")
    for refusal, success in ((failed("plank", "wood"), False), (failed("club", "plank"), False), (failed("helm", "ore"), True)):
        scorer = Scorer(task, DATA)
        points(scorer, made, refusal)
        assert scorer.result().success is success
        assert scorer.result().reward == 1
    strict = Scorer(task, DATA, official=False)
    points(strict, made, failed("plank", "wood"))
    assert strict.result().success


def test_a_program_that_broke_off_earns_nothing() -> None:
    scorer = Scorer(kill_task(), DATA)
    points(scorer, fought("boar"), gathered("wood"))
    assert scorer.result(counts=False) == (False, 0, 8, 0.0)
    assert scorer.verdict(counts=False).score == 0
    assert not any(scorer.verdict(counts=False).checkpoints.values())


def test_only_the_newest_log_lines_count() -> None:
    scorer, strict = Scorer(kill_task(), DATA), Scorer(kill_task(), DATA, official=False)
    for each in (scorer, strict):
        points(each, fought("boar"), gathered("wood"))
        points(each, *[Outcome("move", quantity=0)] * (LOG_LINES - 1))
    assert scorer.result()[:2] == (False, 1)
    assert strict.result()[:2] == (True, 3)
    scorer.observe(fought("chick", LOST))  # two lines: the way home, and the loss
    assert scorer.result()[:2] == (False, 0)


def test_a_score_below_success_stays_below_one() -> None:
    raw = raw_world()
    data = WorldData.from_json(raw)
    scorer = Scorer(kill_task(missing={}), data)
    points(scorer, fought("ghost"), fought("chick"))
    verdict = scorer.verdict()
    assert (verdict.success, verdict.metrics["official_score"]) == (False, 200.0)
    assert verdict.score is not None
    assert verdict.score < 1


def test_a_whole_episode_scores_by_itself() -> None:
    world, who = HeroWorld(DATA), HeroState.from_start(HeroStart(slots={"weapon": "stick"}), DATA)
    scorer = Scorer(kill_task(), DATA)
    plan: list[tuple[Any, ...]] = [
        *[("move", 1, 0), ("gather", 4), ("move", 0, 1), ("craft", "plank", 2), ("move", 3, 0), ("fight",)],
        *[("unequip", "weapon"), ("move", 1, 1), ("craft", "club"), ("equip", "weapon", "club"), ("move", 4, 0), ("fight",)],
    ]
    for name, *arguments in plan:
        result = getattr(world, name)(who, *arguments)
        assert result.ok, result
        scorer.observe(result)
    assert scorer.result() == (True, 7, 8, 87.5)  # the charm is in the bag, but not worn


@given(
    st.lists(
        st.sampled_from([gathered("wood"), fought("boar"), fought("chick", LOST), Outcome("craft", "club"), failed("club", "plank")]),
        max_size=30,
    )
)
def test_snapshots_carry_on_as_if_nothing_had_happened(results: list[Outcome | Refusal]) -> None:
    one = Scorer(kill_task(), DATA)
    points(one, *results)
    two = Scorer(kill_task(), DATA)
    two.restore(json.loads(json.dumps(one.to_json())))
    more = [gathered("wood"), Outcome("craft", "plank"), fought("ghost")]
    assert points(one, *more) == points(two, *more)
    assert (one.result(), one.reward) == (two.result(), two.reward)


def test_damaged_snapshots_are_refused() -> None:
    for damage in ({}, {"lines": "x", "seen": []}, {"lines": 1, "seen": [["won"]]}):
        with pytest.raises(SnapshotError):
            Scorer(kill_task(), DATA).restore(damage)
