"""Exact search for the cheapest outfit that beats a monster, by branch and bound.

For one monster and one weapon a fight depends on three sums over the gear only: damage dealt per round, damage taken per
round, and health. Each piece is one such triple with a price, so that whole slots can be bounded by their best triple and
pieces that another piece beats in everything, price included, never need to be tried. The leaves are decided by
`combat.fight` itself, so an outfit that is returned wins.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from mtenvs.envs.rpg.combat import ROUND_CAP, STATS, Boost, Restore, Stats, fight, hero_hits, monster_hits
from mtenvs.envs.rpg.records import SLOT_TYPE, SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from mtenvs.envs.rpg.records import Item, Monster

GEAR_SLOTS: Final = SLOTS[:12]
MAX_NODES: Final = 10_000  # of the tree over all weapons of one search; past it the best outfit so far counts
_COLUMN: Final = {stat: i for i, stat in enumerate(STATS)}
_BOOST_COLUMN: Final = {"boost_hp": 0, "boost_dmg_fire": 1, "boost_dmg_earth": 2, "boost_dmg_water": 3, "boost_dmg_air": 4}
_SLACK: Final = 1e-9  # the bounds are sums in another order than the fight's; they must never cut a winner off
_NOTHING: Final = (0,) * len(STATS)

Row: TypeAlias = tuple[int, ...]
Price: TypeAlias = "Callable[[str, int], float]"
"""What having that many units of an item costs, in actions; infinite where it cannot be had."""


class Meal(NamedTuple):
    """A consumable for a fight: its code and how many units one fight uses."""

    code: str
    units: int


class Outfit(NamedTuple):
    """What to wear for a fight.

    Attributes:
        slots: slot -> code, without empty slots.
        meals: consumables, in the order of their slots; at most two.
        price: what it costs to get there from what the hero has.
    """

    slots: Mapping[str, str]
    meals: tuple[Meal, ...] = ()
    price: float = 0.0


class _Choice(NamedTuple):
    """One way to fill the slots of a kind (two rings at once, three artifacts at once)."""

    price: float
    dealt: float
    taken: float
    hp: int
    codes: tuple[str, ...]
    row: Row


@dataclass
class GearSearch:
    """The search for one hero in one situation.

    Args:
        items: code -> item, at least all that may be worn.
        bare: the hero's figures without any gear.
        level: character level; what needs a higher one is never worn.
        price: see `Price`. Changing a slot should cost a little, so that what is worn already wins ties.
        ring_rule: two rings must differ.
        round_cap: rounds after which a fight is lost.
    """

    items: Mapping[str, Item]
    bare: Stats
    level: int
    price: Price
    ring_rule: bool = False
    round_cap: int = ROUND_CAP
    _kinds: dict[str, list[tuple[float, tuple[str, ...], Row]]] = field(default_factory=dict, init=False)
    _best: Row = field(default=_NOTHING, init=False)

    def __post_init__(self) -> None:
        for kind, slots in _SLOTS_OF.items():
            self._kinds[kind] = self._fillings(kind, len(slots))
        # No outfit is better in any figure than the best of every kind at once, whatever the monster.
        tops = [
            tuple(map(max, zip(*(row for _, _, row in fillings), strict=True)))
            for kind, fillings in self._kinds.items()
            if kind != "weapon"
        ]
        self._best = tuple(map(sum, zip(self.bare, *tops, strict=True)))

    def find(self, monster: Monster, meals: Sequence[Item] = (), *, below: float = float("inf")) -> Outfit | None:
        """The cheapest winning outfit, or None.

        Args:
            monster: whom to beat.
            meals: consumables that are eaten in the fight, one code per slot; their price is on top.
            below: only outfits cheaper than this count.
        """
        boost, restores = self._eaten(meals)
        search = _Descent(self, monster, boost, restores, below)
        for price, codes, row in self._kinds["weapon"]:
            search.try_weapon(price, codes[0], row)
        if search.best is None:
            return None
        slots, price = search.best
        return Outfit(
            slots, self._least(slots, monster, meals, fight(self.stats(slots), monster, boost, restores, self.round_cap).used), price
        )

    def _least(self, slots: Mapping[str, str], monster: Monster, meals: Sequence[Item], used: Sequence[int]) -> tuple[Meal, ...]:
        """The fewest units of each consumable that win; ``used`` of the restoring ones are enough."""
        eaten = iter(used)
        units = [next(eaten) if meal.subtype == "restore" and meal.effects else 1 for meal in meals]
        for i, meal in enumerate(meals):
            while units[i] > 0 and meal.subtype == "restore":
                fewer = [*units[:i], units[i] - 1, *units[i + 1 :]]
                if not self.wins(slots, monster, list(zip(meals, fewer, strict=True))):
                    break
                units = fewer
        return tuple(Meal(meal.code, n) for meal, n in zip(meals, units, strict=True) if n)

    def wins(self, slots: Mapping[str, str], monster: Monster, meals: Sequence[tuple[Item, int]] = ()) -> bool:
        """Whether an outfit wins, with so many units of each consumable."""
        boost, restores = self._eaten([item for item, _ in meals])
        units = iter(units for item, units in meals if item.subtype == "restore" and item.effects)
        portions = tuple((value, next(units)) for value, _ in restores)
        return fight(self.stats(slots), monster, boost, portions, self.round_cap).won

    def stats(self, slots: Mapping[str, str]) -> Stats:
        """The hero's figures in an outfit."""
        rows = [effect_row(self.items[code]) for slot, code in slots.items() if slot in GEAR_SLOTS]
        return to_stats(map(sum, zip(self.bare, *rows, strict=True)))

    def price_of(self, slots: Mapping[str, str]) -> float:
        """What an outfit costs."""
        return sum(self.price(code, units) for code, units in Counter(slots.values()).items())

    def _fillings(self, kind: str, slots: int) -> list[tuple[float, tuple[str, ...], Row]]:
        """Every way to fill the slots of a kind, cheapest first, with nothing in them as one of the ways."""
        codes = [c for c, i in self.items.items() if i.type == kind and i.level <= self.level and self.price(c, 1) < float("inf")]
        useful = [c for c in codes if any(effect_row(self.items[c]))]
        found: list[tuple[float, tuple[str, ...], Row]] = [(0.0, (), _NOTHING)]
        for size in range(1, slots + 1):
            ways = combinations(useful, size) if kind == "ring" and self.ring_rule else combinations_with_replacement(useful, size)
            for way in ways:
                price = sum(self.price(code, units) for code, units in Counter(way).items())
                if price < float("inf"):
                    found.append((price, way, tuple(map(sum, zip(*(effect_row(self.items[code]) for code in way), strict=True)))))
        if kind == "weapon":
            found[0] = (0.0, ("",), _NOTHING)
        found.sort(key=lambda filling: filling[0])
        return found

    def _eaten(self, meals: Sequence[Item]) -> tuple[Boost, tuple[Restore, ...]]:
        boost = [0, 0, 0, 0, 0]
        restores: list[Restore] = []
        for meal in meals:
            if meal.subtype == "restore" and meal.effects:
                restores.append((meal.effects[0].value, self.round_cap))
            elif meal.subtype == "boost":
                for name, value in meal.effects:
                    if name in _BOOST_COLUMN:
                        boost[_BOOST_COLUMN[name]] += value
        return (boost[0], boost[1], boost[2], boost[3], boost[4]), tuple(restores)


class _Descent:
    """One run of branch and bound against one monster."""

    def __init__(self, search: GearSearch, monster: Monster, boost: Boost, restores: tuple[Restore, ...], below: float) -> None:
        self.search, self.monster, self.boost, self.restores = search, monster, boost, restores
        self.limit = below
        self.best: tuple[dict[str, str], float] | None = None
        self.nodes = MAX_NODES
        self.restored = sum(value for value, _ in restores)  # per round at most
        self.weapon, self.bare = "", search.bare
        self.levels: list[list[_Choice]] = []
        self.left: list[tuple[float, float, int]] = []

    def try_weapon(self, price: float, code: str, row: Row) -> None:
        """Look for a cheaper winning outfit around one weapon."""
        if price >= self.limit:
            return
        best = _plus(self.search._best, row)  # noqa: SLF001  # one concept in two classes
        if not self._may_win(*self._rates(best), best[0] + self.boost[0]):
            return
        bare = _plus(self.search.bare, row)
        dealt, taken = self._rates(bare)
        self.levels = []
        for kind, fillings in self.search._kinds.items():  # noqa: SLF001  # as above
            if kind != "weapon":
                self.levels.append(_undominated(self._choice(bare, dealt, taken, *filling) for filling in fillings))
        # Kinds in which the choice matters most come first: their bounds cut the most.
        self.levels.sort(key=lambda choices: (-max(choice.dealt for choice in choices), len(choices)))
        self.weapon, self.bare = code, to_stats(bare)
        self._prepare_bounds()
        start = _Choice(price, dealt, taken, bare[0] + self.boost[0], (), bare)
        self._climb(start)
        self._go(0, price, dealt, taken, start.hp, [])

    def _choice(self, bare: Row, dealt: float, taken: float, price: float, codes: tuple[str, ...], row: Row) -> _Choice:
        if not codes:
            return _Choice(price, 0.0, 0.0, 0, codes, row)
        with_it = _plus(bare, row)
        new_dealt, new_taken = self._rates(with_it)
        return _Choice(price, new_dealt - dealt, new_taken - taken, row[0], codes, row)

    def _rates(self, row: Row) -> tuple[float, float]:
        stats = to_stats(row)
        return sum(hero_hits(stats, self.monster, self.boost)), sum(monster_hits(stats, self.monster))

    def _prepare_bounds(self) -> None:
        """What the levels from each one on can add at best: damage dealt, damage taken, health."""
        left = [(0.0, 0.0, 0)]
        for choices in reversed(self.levels):
            dealt, taken, hp = left[-1]
            left.append((dealt + max(c.dealt for c in choices), taken + min(c.taken for c in choices), hp + max(c.hp for c in choices)))
        self.left = left[::-1]

    def _climb(self, start: _Choice) -> None:
        """A good outfit to begin with: the strongest that climbing finds, then every kind as cheap as it may be."""
        picks = [choices[0] for choices in self.levels]

        def figures(but: int) -> tuple[float, float, int]:
            others = [pick for i, pick in enumerate(picks) if i != but]
            return (
                start.dealt + sum(pick.dealt for pick in others),
                start.taken + sum(pick.taken for pick in others),
                start.hp + sum(pick.hp for pick in others),
            )

        for _ in range(2):
            for i, choices in enumerate(self.levels):
                dealt, taken, hp = figures(i)
                picks[i] = max(choices, key=lambda c: (dealt + c.dealt) * (hp + c.hp) / max(taken + c.taken, 1e-6))
        if not self._wins(picks):
            return
        for i in sorted(range(len(picks)), key=lambda i: -picks[i].price):
            dealt, taken, hp = figures(i)
            for choice in self.levels[i]:
                if choice.price >= picks[i].price:
                    break
                if self._may_win(dealt + choice.dealt, taken + choice.taken, hp + choice.hp):
                    trial = [*picks[:i], choice, *picks[i + 1 :]]
                    if self._wins(trial):
                        picks = trial
                        break
        self._keep(start.price + sum(pick.price for pick in picks), picks)

    def _go(self, i: int, price: float, dealt: float, taken: float, hp: int, picks: list[_Choice]) -> None:
        self.nodes -= 1
        if self.nodes < 0:
            return
        if i == len(self.levels):
            if self._wins(picks):
                self._keep(price, picks)
            return
        dealt_left, taken_left, hp_left = self.left[i + 1]
        for choice in self.levels[i]:
            if price + choice.price >= self.limit:
                break  # sorted by price
            new_dealt, new_taken, new_hp = dealt + choice.dealt, taken + choice.taken, hp + choice.hp
            if self._may_win(new_dealt + dealt_left, new_taken + taken_left, new_hp + hp_left):
                picks.append(choice)
                self._go(i + 1, price + choice.price, new_dealt, new_taken, new_hp, picks)
                picks.pop()

    def _wins(self, picks: Sequence[_Choice]) -> bool:
        stats = to_stats(map(sum, zip(self.bare, *(pick.row for pick in picks), strict=True)))
        return fight(stats, self.monster, self.boost, self.restores, self.search.round_cap).won

    def _keep(self, price: float, picks: Sequence[_Choice]) -> None:
        if price >= self.limit:
            return
        slots = {"weapon": self.weapon} if self.weapon else {}
        for pick in picks:
            if pick.codes:
                slots.update(_in_slots(pick.codes, self.search.items))
        self.best, self.limit = (slots, price), price

    def _may_win(self, dealt: float, taken: float, hp: float) -> bool:
        if dealt <= 0:
            return False
        rounds = self.monster.hp / dealt * (1 - _SLACK)
        if rounds > self.search.round_cap:
            return False
        # The hero strikes first: he must stand after ceil(rounds) - 1 blows, so after rounds - 1 at the least.
        hp += self.restored * (rounds + 1)
        return taken <= 0 or (rounds - 1) * taken < hp * (1 + _SLACK) + _SLACK


def effect_row(item: Item) -> Row:
    """An item's 13 figures in `STATS` order."""
    row = list(_NOTHING)
    for name, value in item.effects:
        if name in _COLUMN:
            row[_COLUMN[name]] += value
    return tuple(row)


def to_stats(values: Iterable[int]) -> Stats:
    """13 figures as the type that fights take."""
    a, b, c, d, e, f, g, h, i, j, k, m, n = values
    return a, b, c, d, e, f, g, h, i, j, k, m, n


def _undominated(choices: Iterable[_Choice]) -> list[_Choice]:
    """The choices that no other beats or equals in everything, cheapest first; of equal ones the first stays."""
    kept: list[_Choice] = []
    for choice in sorted(choices, key=lambda c: (c.price, -c.dealt, c.taken, -c.hp)):
        if not any(k.dealt >= choice.dealt and k.taken <= choice.taken and k.hp >= choice.hp for k in kept):
            kept.append(choice)
    return kept


def _in_slots(codes: tuple[str, ...], items: Mapping[str, Item]) -> dict[str, str]:
    return dict(zip(_SLOTS_OF[items[codes[0]].type], codes, strict=False))


def _plus(a: Row, b: Row) -> Row:
    return tuple(map(int.__add__, a, b))


_SLOTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(slot for slot in GEAR_SLOTS if SLOT_TYPE[slot] == kind) for kind in dict.fromkeys(SLOT_TYPE[slot] for slot in GEAR_SLOTS)
}
