"""One fight: the formula, its float order, the round cap, ties and consumables."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.envs.rpg.combat import NO_BOOST, ROUND_CAP, Stats, closed_form, fight, hero_hits, monster_hits, play
from mtenvs.envs.rpg.records import Monster


def stats(
    hp: int = 100,
    attack: tuple[int, int, int, int] = (0, 0, 0, 0),
    dmg: tuple[int, int, int, int] = (0, 0, 0, 0),
    res: tuple[int, int, int, int] = (0, 0, 0, 0),
) -> Stats:
    return (hp, *attack, *dmg, *res)


def monster(hp: int, attack: tuple[int, int, int, int] = (0, 0, 0, 0), res: tuple[int, int, int, int] = (0, 0, 0, 0)) -> Monster:
    return Monster("m", "M", 1, hp, attack, res)


def test_damage_follows_the_formula_in_element_order() -> None:
    hero = stats(attack=(0, 24, 0, 10), dmg=(50, 26, 0, -10), res=(10, 0, 0, 0))
    foe = monster(100, attack=(20, 0, 5, 0), res=(0, -10, 0, 25))
    assert hero_hits(hero, foe) == [24 + 24 * (26 * 0.01) - 24 * (-10 * 0.01), 10 + 10 * (-10 * 0.01) - 10 * (25 * 0.01)]
    assert hero_hits(hero, foe, (0, 0, 12, 0, 0))[0] == 24 + 24 * ((26 + 12) * 0.01) - 24 * (-10 * 0.01)
    assert monster_hits(hero, foe) == [20 - 20 * (10 * 0.01), 5.0]


def test_the_hero_strikes_first_and_wins_a_race_that_ends_in_one_round() -> None:
    result = fight(stats(hp=10, attack=(0, 50, 0, 0)), monster(50, attack=(99, 0, 0, 0)))
    assert result.won
    assert result.rounds == 1
    assert result.hero_hp == 10


def test_equal_rounds_go_to_the_hero() -> None:
    result = fight(stats(hp=30, attack=(0, 10, 0, 0)), monster(30, attack=(0, 10, 0, 0)))
    assert (result.won, result.rounds, result.hero_hp, result.monster_hp) == (True, 3, 10, 0)


@pytest.mark.parametrize(("hp", "won"), [(490, True), (491, False)])
def test_the_fight_is_given_up_after_49_rounds(hp: int, won: bool) -> None:
    result = fight(stats(hp=10_000, attack=(0, 10, 0, 0)), monster(hp, attack=(0, 1, 0, 0)))
    assert (result.won, result.rounds) == (won, ROUND_CAP)
    assert result.undecided is not won


def test_nobody_hits_anybody() -> None:
    result = fight(stats(), monster(1))
    assert (result.won, result.rounds, result.hero_hp, result.monster_hp) == (False, 49, 100, 1)
    assert result.undecided


def test_resistance_above_100_heals_and_the_fight_is_lost() -> None:
    result = fight(stats(attack=(0, 10, 0, 0)), monster(50, attack=(0, 30, 0, 0), res=(0, 150, 0, 0)))
    assert not result.won
    assert result.rounds == 4


def test_float_rounding_decides_as_in_the_rounds_played_one_by_one() -> None:
    # 10 * 1.1 is 11.000000000000002 in doubles: 9 strikes bring 99 below zero, though 99 / 11 leaves no room.
    hero, foe = stats(hp=9, attack=(0, 10, 0, 0), dmg=(0, 10, 0, 0)), monster(99, attack=(0, 1, 0, 0))
    assert closed_form(9, hero_hits(hero, foe), 99, [1.0], ROUND_CAP) is None
    assert fight(hero, foe) == play(9, hero_hits(hero, foe), 99, [1.0])


def test_restoring_food_is_eaten_below_half_and_may_exceed_the_maximum() -> None:
    hero, foe = stats(hp=30, attack=(0, 5, 0, 0)), monster(50, attack=(0, 8, 0, 0))
    assert not fight(hero, foe).won
    # 30, 22, 14 -> below 15: 14 + 40 = 54 at the start of round 3.
    result = fight(hero, foe, restores=[(40, 5)])
    assert result.won
    assert result.used == (2,)
    both = fight(hero, foe, restores=[(10, 1), (1, 3)])
    assert both.used[0] == 1
    assert both.used[1] >= 1


def test_a_boost_of_health_counts_from_the_start_and_moves_the_half() -> None:
    hero, foe = stats(hp=20, attack=(0, 10, 0, 0)), monster(60, attack=(0, 5, 0, 0))
    assert not fight(hero, foe).won
    assert fight(hero, foe, (6, 0, 0, 0, 0)).won


_PERCENT = st.integers(-60, 130)
_POINTS = st.integers(0, 200)
_FOUR_POINTS = st.tuples(_POINTS, _POINTS, _POINTS, _POINTS)
_FOUR_PERCENTS = st.tuples(_PERCENT, _PERCENT, _PERCENT, _PERCENT)


@settings(max_examples=1000)
@given(
    hp=st.integers(1, 2500),
    attack=_FOUR_POINTS,
    dmg=_FOUR_PERCENTS,
    res=_FOUR_PERCENTS,
    foe_hp=st.integers(1, 3000),
    foe_attack=_FOUR_POINTS,
    foe_res=_FOUR_PERCENTS,
    boost=st.just(NO_BOOST) | st.tuples(_POINTS, _POINTS, _POINTS, _POINTS, _POINTS),
)
def test_the_closed_form_agrees_with_the_rounds(
    hp: int,
    attack: tuple[int, int, int, int],
    dmg: tuple[int, int, int, int],
    res: tuple[int, int, int, int],
    foe_hp: int,
    foe_attack: tuple[int, int, int, int],
    foe_res: tuple[int, int, int, int],
    boost: tuple[int, int, int, int, int],
) -> None:
    hero, foe = stats(hp, attack, dmg, res), monster(foe_hp, foe_attack, foe_res)
    quick = fight(hero, foe, boost)
    slow = play(hp + boost[0], hero_hits(hero, foe, boost), foe_hp, monster_hits(hero, foe))
    assert (quick.won, quick.rounds, quick.undecided) == (slow.won, slow.rounds, slow.undecided)
    assert math.isclose(quick.hero_hp, slow.hero_hp, abs_tol=1e-6)
    assert math.isclose(quick.monster_hp, slow.monster_hp, abs_tol=1e-6)
