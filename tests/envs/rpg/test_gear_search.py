"""The search for the cheapest winning outfit finds what trying everything finds."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.envs.rpg.combat import STATS, fight
from mtenvs.envs.rpg.gear_search import GearSearch, effect_row, to_stats
from mtenvs.envs.rpg.records import Effect, Item, Monster

BARE = to_stats((100,) + (0,) * 12)
KINDS = ("weapon", "ring", "body_armor", "artifact")
FIGURES = {
    "weapon": ("attack_fire", "attack_water"),
    "ring": ("dmg_fire", "dmg_water", "hp"),
    "body_armor": ("hp", "res_earth", "dmg_fire", "res_air"),
    "artifact": ("hp", "res_earth", "dmg_water"),
}


@st.composite
def items(draw: st.DrawFn) -> dict[str, Item]:
    found = {}
    for kind in KINDS:
        for i in range(draw(st.integers(0, 3))):
            names = draw(st.lists(st.sampled_from(FIGURES[kind]), min_size=1, max_size=2, unique=True))
            effects = tuple(Effect(name, draw(st.integers(-5, 40))) for name in names)
            found[f"{kind}{i}"] = Item(f"{kind}{i}", kind, draw(st.sampled_from((1, 1, 1, 9))), kind, effects=effects)
    return found


@st.composite
def monsters(draw: st.DrawFn) -> Monster:
    attack = (0, draw(st.integers(0, 60)), 0, draw(st.integers(0, 20)))
    res = (draw(st.integers(-20, 40)), 0, draw(st.integers(-20, 40)), 0)
    return Monster("foe", "Foe", 1, draw(st.integers(1, 900)), attack, res)


def cheapest(known: dict[str, Item], prices: dict[str, int], monster: Monster, *, ring_rule: bool) -> float | None:
    """The price of the cheapest winning outfit, by trying all."""
    ways = []
    for kind, slots in (("weapon", 1), ("ring", 2), ("body_armor", 1), ("artifact", 3)):
        codes = [code for code, item in known.items() if item.type == kind and item.level <= 5]
        ways.append([way for size in range(slots + 1) for way in combinations_with_replacement(codes, size)])
    best: float | None = None
    for picks in product(*ways):
        rings = picks[1]
        codes = [code for pick in picks for code in pick]
        price = sum(prices[code] for code in codes)
        if (ring_rule and len(set(rings)) < len(rings)) or (best is not None and price >= best):
            continue
        stats = to_stats(map(sum, zip(BARE, *(effect_row(known[code]) for code in codes), strict=True)))
        if fight(stats, monster).won:
            best = price
    return best


@given(items(), monsters(), st.booleans(), st.data())
@settings(max_examples=120)
def test_nothing_cheaper_wins(known: dict[str, Item], monster: Monster, ring_rule: bool, data: st.DataObject) -> None:
    prices = {code: data.draw(st.integers(0, 9)) for code in known}
    search = GearSearch(known, BARE, 5, lambda code, units: float(prices[code] * units), ring_rule)
    outfit = search.find(monster)
    expected = cheapest(known, prices, monster, ring_rule=ring_rule)
    assert (outfit.price if outfit is not None else None) == expected
    if outfit is not None:
        assert search.wins(outfit.slots, monster)
        assert search.price_of(outfit.slots) == outfit.price


def test_restoring_and_boosting_consumables_count() -> None:
    sword = Item("sword", "Sword", 1, "weapon", effects=(Effect("attack_fire", 20),))
    soup = Item("soup", "Soup", 1, "consumable", "restore", effects=(Effect("restore", 40),))
    draught = Item("draught", "Draught", 1, "consumable", "boost", effects=(Effect("boost_dmg_fire", 100),))
    monster = Monster("foe", "Foe", 1, 160, (0, 20, 0, 0), (0, 0, 0, 0))  # 8 strikes to fell it, 5 blows to fall
    search = GearSearch({"sword": sword}, BARE, 1, lambda _, units: float(units))
    assert search.find(monster) is None
    with_soup, with_draught = search.find(monster, [soup]), search.find(monster, [draught])
    assert with_soup is not None
    assert with_draught is not None
    assert [meal.code for meal in with_soup.meals] == ["soup"]
    assert search.wins(with_soup.slots, monster, [(soup, with_soup.meals[0].units)])
    assert not search.wins(with_soup.slots, monster, [(soup, with_soup.meals[0].units - 1)])
    assert with_draught.meals == (("draught", 1),)


def test_figures_are_read_from_effects() -> None:
    item = Item("x", "X", 1, "ring", effects=(Effect("dmg_air", 3), Effect("haste", 5), Effect("hp", 7), Effect("hp", 1)))
    row = dict(zip(STATS, effect_row(item), strict=True))
    assert {name: value for name, value in row.items() if value} == {"dmg_air": 3, "hp": 8}
