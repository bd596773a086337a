"""The rules of the world: what actions do, when they are refused, and that a refusal changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_world import tiny_world

from mtenvs.core.errors import DataError, SnapshotError
from mtenvs.envs.rpg.macro import ActionTable
from mtenvs.envs.rpg.records import SKILLS, SLOTS
from mtenvs.envs.rpg.spec import HeroStart, TaskRules
from mtenvs.envs.rpg.state import HeroState, character_max_xp, skill_max_xp
from mtenvs.envs.rpg.world import MAX_QUANTITY, HeroWorld, Outcome, Refusal, Result, Rules

DATA = tiny_world()
TABLE = ActionTable(DATA)
AT = {code: DATA.places(kind, code)[0] for kind, code in {(t.content.type, t.content.code) for t in DATA.tiles.values() if t.content}}


def hero(place: str = "", *, bag: dict[str, int] | None = None, **start: Any) -> HeroState:
    made = HeroState.from_start(HeroStart(inventory=bag or {}, **start), DATA)
    if place:
        made.pos = AT[place]
    return made


def done(result: Result) -> Outcome:
    assert isinstance(result, Outcome), result
    return result


def refused(result: Result, code: int) -> Refusal:
    assert isinstance(result, Refusal), result
    assert result.code == code
    assert result.message
    return result


# ---- moving and gathering


def test_a_move_goes_anywhere_at_once() -> None:
    world, who = HeroWorld(DATA), hero()
    assert done(world.move(who, 4, 1)).kind == "move"
    assert who.pos == (4, 1)


def test_moves_are_refused_off_the_map_and_on_the_spot() -> None:
    world, who = HeroWorld(DATA), hero()
    refused(world.move(who, 99, 0), 404)
    refused(world.move(who, 0, 0), 490)
    refused(world.move(who, 0.0, 1), 422)  # type: ignore[arg-type]
    refused(world.move(who, True, 1), 422)
    assert who.pos == (0, 0)


def test_every_drop_drops_with_every_gathering() -> None:
    world, who = HeroWorld(DATA), hero("tree")
    result = done(world.gather(who, 3))
    assert who.bag == {"wood": 3, "gem": 3}
    assert who.load == 6
    assert (result.items, result.xp, result.skill) == ((("wood", 3), ("gem", 3)), 150, "woodcutting")
    assert who.skill("woodcutting") == 2


def test_gathering_needs_a_spot_and_the_skill() -> None:
    world = HeroWorld(DATA)
    refused(world.gather(hero("bank")), 598)
    refused(world.gather(hero("rocks")), 493)
    assert done(world.gather(hero("rocks", skills={"mining": 5}))).items == (("ore", 1),)


def test_drop_rates_draw_from_the_given_generator() -> None:
    rules = Rules(drop_rates=True)
    bags = []
    for seed in (1, 1, 2):
        who = hero("tree")
        HeroWorld(DATA, rules, np.random.default_rng(seed)).gather(who, 1000)
        bags.append(who.bag)
    assert bags[0] == bags[1] != bags[2]
    assert bags[0]["wood"] == 1000
    assert 50 < bags[0]["gem"] < 160


# ---- fighting


def test_a_won_fight_gives_all_drops_and_experience() -> None:
    world, who = HeroWorld(DATA), hero("chick", slots={"weapon": "stick"})
    result = done(world.fight(who))
    assert result.won
    assert who.bag == {"feather": 1}
    assert (result.xp, result.fight and result.fight.rounds) == (50, 5)
    assert who.pos == AT["chick"]


def test_a_lost_fight_leads_back_to_the_start_and_costs_nothing_else() -> None:
    world, who = HeroWorld(DATA), hero("boar", slots={"weapon": "stick"}, bag={"gem": 2})
    result = done(world.fight(who))
    assert not result.won
    assert who.pos == (0, 0)
    assert who.bag == {"gem": 2}
    assert result.xp == 0


def test_a_fight_without_end_is_lost_on_the_spot() -> None:
    who = hero("ghost", slots={"weapon": "stick"})
    result = done(HeroWorld(DATA).fight(who))
    assert not result.won
    assert who.pos == AT["ghost"]


def test_there_must_be_a_monster() -> None:
    refused(HeroWorld(DATA).fight(hero("tree")), 598)


def test_monsters_far_below_the_hero_teach_nothing() -> None:
    world = HeroWorld(DATA)
    assert done(world.fight(hero("chick", level=11, slots={"weapon": "stick"}))).xp == 50
    assert done(world.fight(hero("chick", level=12, slots={"weapon": "stick"}))).xp == 0


def test_food_is_used_up_and_the_slot_falls_empty() -> None:
    who = hero("boar", slots={"weapon": "club", "consumable1": "apple"}, slot_quantities={"consumable1": 2})
    before = HeroWorld(DATA).preview(who, "boar")
    HeroWorld(DATA).fight(who)
    assert before.used == (2,)
    assert (who.worn("consumable1"), who.quantity("consumable1")) == ("", 0)


@pytest.mark.parametrize(("units", "left_official", "left"), [(1, 0, 0), (2, 0, 1), (3, 3, 2)])
def test_boosts_are_counted_as_the_original_does_or_one_by_one(units: int, left_official: int, left: int) -> None:
    for rules, expected in ((Rules.official(), left_official), (Rules.for_task(TaskRules()), left)):
        who = hero("chick", slots={"weapon": "stick", "consumable2": "tonic"}, slot_quantities={"consumable2": units})
        done(HeroWorld(DATA, rules).fight(who))
        assert who.quantity("consumable2") == expected
        assert who.worn("consumable2") == ("tonic" if expected else "")


# ---- crafting, wearing, buying


def test_crafting_consumes_the_parts_and_teaches() -> None:
    world, who = HeroWorld(DATA), hero("woodcutting", bag={"wood": 5})
    result = done(world.craft(who, "plank", 2))
    assert who.bag == {"wood": 1, "plank": 2}
    assert (result.xp, result.level_ups) == (300, 1)


def test_a_failed_craft_tells_all_that_is_missing() -> None:
    refusal = refused(HeroWorld(DATA).craft(hero("bank", bag={"ore": 1}), "helm"), 500)
    assert refusal.detail["on_workshop_tile"] is False
    assert refusal.detail["needed_skill_level"] is False
    assert refusal.detail["missing_items"] == {"ore": (3, 1)}
    assert "(2, 1)" in refusal.message
    assert "2 ore" in refusal.message
    refused(HeroWorld(DATA).craft(hero(), "wood"), 404)
    refused(HeroWorld(DATA).craft(hero(), "nonsense"), 404)
    refused(HeroWorld(DATA).craft(hero(), "not a code!"), 422)


def test_the_wrong_workshop_does_not_do() -> None:
    refused(HeroWorld(DATA).craft(hero("weaponcrafting", bag={"wood": 9}), "plank"), 500)


def test_gear_counts_when_it_is_on() -> None:
    world, who = HeroWorld(DATA), hero(level=5, bag={"helm": 1, "band": 2})
    assert who.hp == 115 + 25
    done(world.equip(who, "helmet", "helm"))
    assert (who.hp, who.worn("helmet"), who.bag) == (170, "helm", {"band": 2})
    done(world.equip(who, "ring1", "band"))
    done(world.equip(who, "ring2", "band"))
    assert who.stats[6] == 20
    done(world.unequip(who, "helmet"))
    done(world.unequip(who, "ring1"))
    assert (who.hp, who.stats[6], who.bag) == (140, 10, {"helm": 1, "band": 1})


def test_equipping_is_refused_in_the_originals_order() -> None:
    world = HeroWorld(DATA)
    refused(world.equip(hero(bag={"band": 1}), "finger", "band"), 422)
    refused(world.equip(hero(), "ring1", "nonsense"), 404)
    refused(world.equip(hero(bag={"helm": 1}, slots={"weapon": "stick"}), "weapon", "helm"), 491)
    refused(world.equip(hero(bag={"helm": 1}), "ring1", "helm"), 496)
    refused(world.equip(hero(level=5, bag={"helm": 1}), "ring1", "helm"), 472)
    refused(world.equip(hero(level=5), "helmet", "helm"), 478)


def test_consumables_stack() -> None:
    world, who = HeroWorld(DATA), hero(bag={"apple": 3, "tonic": 1})
    done(world.equip(who, "consumable1", "apple", 2))
    done(world.equip(who, "consumable1", "apple", 1))
    assert who.quantity("consumable1") == 3
    refused(world.equip(who, "consumable1", "tonic"), 491)
    refused(world.equip(who, "consumable2", "tonic", 2), 486)
    refused(world.unequip(who, "consumable1", 4), 478)
    done(world.unequip(who, "consumable1", 2))
    assert (who.quantity("consumable1"), who.bag["apple"]) == (1, 2)
    done(world.unequip(who, "consumable1"))
    assert who.worn("consumable1") == ""
    refused(world.unequip(who, "consumable1"), 491)


def test_the_ring_rule_holds_only_where_it_is_asked_for() -> None:
    for rules, code in ((Rules.official(), 0), (Rules.official(ring_rule=True), 485)):
        result = HeroWorld(DATA, rules).equip(hero(bag={"band": 1}, slots={"ring1": "band"}), "ring2", "band")
        assert (result.code if isinstance(result, Refusal) else 0) == code


def test_the_exchange_gives_everything_for_nothing() -> None:
    world, who = HeroWorld(DATA), hero("grand_exchange")
    done(world.buy(who, "charm", 7))
    assert who.bag == {"charm": 7}
    refused(world.buy(who, "nonsense"), 404)
    refused(world.buy(hero("bank"), "charm"), 598)
    refused(HeroWorld(DATA, Rules(exchange=("stick",))).buy(hero("grand_exchange"), "charm"), 404)
    assert done(HeroWorld(DATA, Rules(exchange=("stick",))).buy(hero("grand_exchange"), "stick")).ok


def test_things_can_be_thrown_away() -> None:
    world, who = HeroWorld(DATA), hero(bag={"wood": 2})
    refused(world.delete(who, "wood", 3), 478)
    done(world.delete(who, "wood", 2))
    assert who.bag == {}


def test_a_small_bag_refuses_or_loses_what_does_not_fit() -> None:
    world = HeroWorld(DATA, Rules(inventory_limit=5))
    who = hero("tree", bag={"ore": 2})
    result = done(world.gather(who, 2))
    assert (who.bag, who.load) == ({"ore": 2, "wood": 2, "gem": 1}, 5)
    assert result.lost == (("gem", 1),)
    refused(world.gather(who), 497)
    refused(world.unequip(hero(bag={"ore": 5}, slots={"weapon": "stick"}), "weapon"), 497)
    refused(world.buy(hero("grand_exchange", bag={"ore": 4}), "charm", 2), 497)
    assert done(world.craft(hero("cooking", bag={"wood": 5}), "apple")).ok
    full = hero("chick", bag={"ore": 5}, slots={"weapon": "stick"})
    assert done(world.fight(full)).lost == (("feather", 1),)


def test_levelling_can_be_switched_off() -> None:
    world, who = HeroWorld(DATA, Rules(levelling=False)), hero("tree")
    assert done(world.gather(who, 100)).xp == 0
    assert who.skill("woodcutting") == 1


# ---- experience


def test_level_formulas() -> None:
    assert [character_max_xp(level) for level in (1, 2, 9, 10, 40)] == [150, 250, 450, 800, 2800]
    assert [skill_max_xp(level) for level in (1, 2, 40)] == [150, 160, 540]


def test_a_level_up_adds_five_health_and_starts_a_new_count() -> None:
    who = hero()
    assert who.gain_xp(150 + 250 + 10) == 2
    assert (who.level, who.xp, who.max_xp, who.hp) == (3, 10, character_max_xp(3), 120 + 10)


@given(
    level=st.integers(1, 40),
    xp=st.integers(0, 149),
    action_level=st.integers(0, 40),
    each=st.sampled_from([50, 150]),
    times=st.integers(0, 300),
)
def test_many_actions_teach_as_much_as_one_by_one(level: int, xp: int, action_level: int, each: int, times: int) -> None:
    def skilled() -> HeroState:
        return hero(skills={"mining": level}, skill_xp={"mining": xp})

    at_once, singly = skilled(), skilled()
    total = at_once.gain_skill_xp(0, action_level, each, times)
    parts = [singly.gain_skill_xp(0, action_level, each, 1) for _ in range(times)]
    assert at_once == singly
    assert total == (sum(gained for gained, _ in parts), sum(ups for _, ups in parts))


# ---- the state itself


def test_copies_are_independent_and_equal() -> None:
    who = hero("tree", slots={"weapon": "stick"})
    twin = who.copy()
    assert twin == who
    HeroWorld(DATA).gather(twin, 5)
    assert who == hero("tree", slots={"weapon": "stick"})
    assert twin != who


def test_the_originals_character_object_goes_both_ways() -> None:
    who = hero("tree", level=7, skills={"mining": 4}, slots={"weapon": "stick", "consumable1": "apple"}, bag={"ore": 3})
    assert HeroState.from_character(who.to_character()) == who
    broken = who.to_character()
    del broken["mining_level"]
    with pytest.raises(DataError, match="mining_level"):
        HeroState.from_character(broken)


@pytest.mark.parametrize(
    "start",
    [
        {"skills": {"sorcery": 2}},
        {"slots": {"tail": "stick"}},
        {"slots": {"weapon": "excalibur"}},
        {"slots": {"helmet": "stick"}},
        {"inventory": {"nonsense": 1}},
    ],
)
def test_a_start_that_does_not_fit_the_world_is_a_data_error(start: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="the task's start"):
        HeroState.from_start(HeroStart(**start), DATA)


def test_damaged_snapshots_are_refused() -> None:
    good = hero("tree", bag={"ore": 3}).to_json()
    assert HeroState.from_json(good) == hero("tree", bag={"ore": 3})
    damages: list[dict[str, Any]] = [
        {"bag": {"ore": -1}},
        {"slots": ["stick"]},
        {"level": [99, 0, 150]},
        {"pos": ["a", 0]},
        {"stats": None},
        {"bag": 5},
    ]
    for damage in damages:
        with pytest.raises(SnapshotError):
            HeroState.from_json({**good, **damage})
    with pytest.raises(SnapshotError):
        HeroState.from_json({})


# ---- anything at all


_GARBAGE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**12, -1, 0, 10**400, -(10**400), MAX_QUANTITY + 1])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*DATA.items, *SLOTS, *SKILLS])
    | st.lists(st.integers(), max_size=2)
    | st.binary(max_size=3)
)
_ACTIONS = ("move", "gather", "fight", "craft", "equip", "unequip", "buy", "delete")
_ARITY = {"move": 2, "gather": 1, "fight": 0, "craft": 2, "equip": 3, "unequip": 2, "buy": 2, "delete": 2}


@settings(max_examples=130)  # of 30 to 60 times two actions: 10,000 and more
@given(
    rules=st.builds(
        Rules, ring_rule=st.booleans(), drop_rates=st.booleans(), inventory_limit=st.none() | st.integers(0, 30), levelling=st.booleans()
    ),
    steps=st.lists(
        st.tuples(st.sampled_from(_ACTIONS), st.tuples(_GARBAGE, _GARBAGE, _GARBAGE), st.integers(0, 10**6)), min_size=30, max_size=60
    ),
)
def test_garbage_never_raises_and_a_refusal_changes_nothing(rules: Rules, steps: list[tuple[str, tuple[Any, ...], int]]) -> None:
    world = HeroWorld(DATA, rules)
    who = hero(slots={"weapon": "stick"}, skills={"mining": 5}, bag={"apple": 3, "band": 2} if rules.inventory_limit is None else {})
    for kind, arguments, number in steps:
        before = who.copy()
        results = [getattr(world, kind)(who, *arguments[: _ARITY[kind]])]
        if not results[0].ok:
            assert who == before
        between = who.copy()
        legal = TABLE.mask(who, world)[number % len(TABLE)]
        results.append(TABLE.apply(who, number % len(TABLE), world))
        assert results[1].ok == bool(legal), TABLE.actions[number % len(TABLE)]
        if not results[1].ok:
            assert who == between
        for result in results:
            assert isinstance(result.kind, str)
            assert len(str(result)) < 3000
        assert who.load == sum(who.bag.values())
        assert all(units > 0 for units in who.bag.values())
        assert HeroState.from_json(who.to_json()) == who


def test_the_mask_is_what_the_world_allows_everywhere() -> None:
    world = HeroWorld(DATA, Rules(exchange=("stick", "gem")))
    everything = dict.fromkeys(DATA.items, 3)
    for place in AT:
        who = hero(place, level=5, skills=dict.fromkeys(SKILLS, 5), bag=everything, slots={"weapon": "stick"})
        mask = TABLE.mask(who, world)
        for number, action in enumerate(TABLE.actions):
            assert TABLE.apply(who.copy(), number, world).ok == bool(mask[number]), (place, str(action))
        assert [TABLE.index[action] for action in TABLE.legal(who, world)] == np.flatnonzero(mask).tolist()


def test_calls_find_their_number_in_the_table() -> None:
    assert str(TABLE.actions[TABLE.number("equip", {"slot": "ring2", "item": "band", "quantity": 1})]) == "equip('ring2', 'band')"
    assert str(TABLE.actions[TABLE.number("move", {"x": 4, "y": 1})]) == "move(4, 1)"
    with pytest.raises(KeyError):
        TABLE.number("move", {"x": 0, "y": 0})
