"""From what is wanted to what has to be done: the recipes of an AND/OR tree added up, and put into an order.

`Bill.of` expands wanted items over the chosen sources, takes what is in stock first and adds equal ingredients of different
recipes up. `roomy_steps` orders a bill for few moves: everything is collected, then everything is made, workshop by
workshop. `tight_steps` orders it for a small bag: depth first and in batches, so that ore becomes bars before more ore comes.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mtenvs.envs.rpg.economy import Source
from mtenvs.envs.rpg.steps import Buy, Collect, Make

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from mtenvs.envs.rpg.economy import Economy, Survey
    from mtenvs.envs.rpg.records import Recipe
    from mtenvs.envs.rpg.steps import Errand


@dataclass
class Bill:
    """What a list of wanted items comes to.

    Attributes:
        crafts: item -> units to make, products before their ingredients.
        raw: source -> item -> units to collect there.
        buys: item -> units to buy.
        used: item -> units of the stock that go into it.
        short: item -> units that nothing gives.
    """

    crafts: dict[str, int] = field(default_factory=dict)
    raw: dict[Source, dict[str, int]] = field(default_factory=dict)
    buys: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    short: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        survey: Survey,
        have: Mapping[str, int],
        stock: Mapping[str, int],
        make: Mapping[str, int] | None = None,
        fresh: Collection[str] = (),
    ) -> Bill:
        """Expand wanted items.

        Args:
            survey: where things come from.
            have: item -> units to have in the end; the stock counts.
            stock: item -> units that may be used.
            make: item -> units to make anew, whatever the stock holds.
            fresh: items of which at least one unit is made or collected, if any is needed at all and anything gives it.
        """
        bill, rank = cls(), survey.economy.rank
        made = dict(make or {})
        need: Counter[str] = Counter(have)
        left = dict(stock)
        queue = [(-rank[code], code) for code in {**need, **made}]
        heapq.heapify(queue)
        loose: dict[str, int] = {}
        while queue:
            _, code = heapq.heappop(queue)
            units = need.pop(code, 0)
            way = survey.how[code].way if code in survey.how else "stock"
            used = min(units - (code in fresh and way != "stock"), left.get(code, 0))
            if used > 0:
                bill.used[code] = used
            units += made.pop(code, 0) - max(0, used)
            if units <= 0:
                continue
            recipe = survey.economy.data.items[code].craft
            if way == "craft" and recipe is not None:
                bill.crafts[code] = units
                for part, each in recipe.items:
                    if part not in need and part not in made:
                        heapq.heappush(queue, (-rank[part], part))
                    need[part] += each * units
            elif way == "buy":
                bill.buys[code] = units
            elif way == "stock":
                bill.short[code] = units
            else:
                loose[code] = units
        bill._share_out(survey, loose)
        return bill

    def _share_out(self, survey: Survey, loose: Mapping[str, int]) -> None:
        """Give every raw item a source; what drops beside something that is collected anyway costs nothing."""
        actions: dict[Source, int] = {}
        options = {code: [source for source in survey.economy.sources[code] if _open(survey, source)] for code in loose}
        for code in sorted(loose, key=lambda code: (len(options[code]), -loose[code], survey.economy.rank[code])):
            best: tuple[float, Source] | None = None
            for source in options[code] or [survey.how[code]]:
                place = Source(source.way, source.code)
                needed = math.ceil(loose[code] / source.units)
                extra = max(0, needed - actions.get(place, 0)) + (0 if place in actions else 1)
                if best is None or extra < best[0]:
                    best = extra, place
            if best is not None:
                units = survey.economy.yields(best[1].way, best[1].code)[code]
                actions[best[1]] = max(actions.get(best[1], 0), math.ceil(loose[code] / units))
                self.raw.setdefault(best[1], {})[code] = loose[code]

    def skills(self, economy: Economy) -> dict[str, int]:
        """Skill -> level that the bill asks for."""
        found: dict[str, int] = {}
        for source in self.raw:
            if source.way == "gather":
                spot = economy.data.resources[source.code]
                found[spot.skill] = max(found.get(spot.skill, 1), spot.level)
        for code in self.crafts:
            recipe = recipe_of(economy, code)
            found[recipe.skill] = max(found.get(recipe.skill, 1), recipe.level)
        return found

    def monsters(self) -> list[str]:
        """The monsters to fight for drops."""
        return [source.code for source in self.raw if source.way == "fight"]

    def room(self) -> int:
        """Units in the bag when everything is collected and bought and nothing made yet, what is in stock not counted."""
        return sum(self.buys.values()) + sum(sum(wants.values()) for wants in self.raw.values())


def _open(survey: Survey, source: Source) -> bool:
    """Whether a source can be used at once, without training or better gear."""
    if source.way == "gather":
        spot = survey.economy.data.resources[source.code]
        return survey.hero.skill(spot.skill) >= spot.level
    return source.way == "fight" and survey.beatable.get(source.code) == 0


def recipe_of(economy: Economy, code: str) -> Recipe:
    """The recipe of an item that is on a bill's crafts."""
    recipe = economy.data.items[code].craft
    if recipe is None:
        raise KeyError(code)
    return recipe


def roomy_steps(economy: Economy, bill: Bill, held: Mapping[str, int]) -> Iterator[Errand]:
    """The bill in an order with few moves, for a bag that takes everything at once.

    Args:
        economy: the world.
        bill: what to do.
        held: item -> units in the bag that must stay, the bill's ``used`` among them.
    """
    wanted = Counter(held)
    for wants in ({code: units} for code, units in bill.buys.items()):
        wanted.update(wants)
    for wants in bill.raw.values():
        wanted.update(wants)
    keep = dict(wanted)
    for code, units in bill.buys.items():
        yield Buy(code, units, keep)
    for source, wants in bill.raw.items():
        yield Collect(source.way, source.code, {code: keep[code] for code in wants}, keep)
    for code, units in _by_workshop(economy, bill.crafts):
        for part, each in recipe_of(economy, code).items:
            wanted[part] -= each * units
        wanted[code] += units
        yield Make(code, units, dict(+wanted))


def _by_workshop(economy: Economy, crafts: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Crafts with ingredients first, staying at a workshop as long as something can be made there."""
    parts = {code: {part for part, _ in recipe_of(economy, code).items if part in crafts} for code in reversed(list(crafts))}
    made: set[str] = set()
    here = ""
    while len(made) < len(parts):
        ready = [code for code in parts if code not in made and parts[code] <= made]
        local = [code for code in ready if recipe_of(economy, code).skill == here]
        if not local:
            # Where the most other work waits for: leave workshops that will have to be seen again for later.
            shops = Counter(recipe_of(economy, code).skill for code in ready)
            later = Counter(recipe_of(economy, code).skill for code in parts if code not in made and code not in ready)
            here = min(shops, key=lambda shop: (later[shop] > 0, -shops[shop], shop))
            local = [code for code in ready if recipe_of(economy, code).skill == here]
        made.add(local[0])
        yield local[0], crafts[local[0]]


class TightOrder:
    """The bill in an order for a small bag.

    Args:
        survey: where things come from.
        bill: what to do.
        held: item -> units in the bag that must stay, the bill's ``used`` among them.
        limit: units that the bag holds.
    """

    def __init__(self, survey: Survey, bill: Bill, held: Mapping[str, int], limit: int) -> None:
        self.economy, self.bill, self.limit = survey.economy, bill, limit
        self.held: Counter[str] = Counter(held)
        self.stock: Counter[str] = Counter(bill.used)
        self.place = {code: source for source, wants in bill.raw.items() for code in wants}
        self._least: dict[str, int] = {}

    def steps(self, have: Mapping[str, int], make: Mapping[str, int] | None = None) -> Iterator[Errand]:
        """The steps; the arguments are those of `Bill.of`."""
        for code, units in (make or {}).items():
            yield from self._produce(code, units)
        # What needs most room to make goes first, while the bag is emptiest.
        for code in sorted(have, key=lambda code: (-self.room(code, have[code]), code)):
            yield from self._get(code, have[code])

    def fits(self, codes: Iterable[str]) -> bool:
        """Whether the room that is left is enough to make one unit of each of these items."""
        room = self.limit - self.held.total()
        return all(self.room(code, 1) <= room for code in codes)

    def room(self, code: str, units: int) -> int:
        """Least room in which so many units can be had: one after the other if they are made."""
        if code not in self.bill.crafts:
            place = self.place.get(code)
            return units + (self.economy.most_units[place.code] - 1 if place is not None else 0)
        if code not in self._least:
            self._least[code] = self._batch_room(code, 1)
        return units - 1 + self._least[code]

    def _batch_room(self, code: str, units: int) -> int:
        """Least room in which so many units can be made in one craft."""
        room = before = 0
        for part, needed in self._parts(code, units):
            room = max(room, before + self.room(part, needed))
            before += needed
        return room

    def _parts(self, code: str, units: int) -> list[tuple[str, int]]:
        """Ingredients in the order that needs least room: those first that need much more room than they leave behind."""
        parts = [(part, each * units) for part, each in recipe_of(self.economy, code).items]
        return sorted(parts, key=lambda part: (part[1] - self.room(*part), part[0]))

    def _get(self, code: str, units: int) -> Iterator[Errand]:
        """Have so many units more at hand, from the stock first."""
        used = min(units, self.stock[code])
        self.stock[code] -= used
        if units > used:
            yield from self._produce(code, units - used)

    def _produce(self, code: str, units: int) -> Iterator[Errand]:
        if code in self.bill.crafts:
            while units > 0:
                batch = self._batch(code, units)
                yield from self._make(code, batch)
                units -= batch
            return
        self.held[code] += units
        keep = dict(+self.held)
        if code in self.bill.buys:
            yield Buy(code, units, keep)
        else:
            place = self.place[code]
            yield Collect(place.way, place.code, {code: keep[code]}, keep)

    def _batch(self, code: str, units: int) -> int:
        """The most units that one craft can make in the room that is left, at least 1."""
        room = self.limit - self.held.total()
        low, high = 1, units
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._batch_room(code, middle) <= room else (low, middle - 1)
        return low

    def _make(self, code: str, units: int) -> Iterator[Errand]:
        parts = self._parts(code, units)
        for part, needed in parts:
            yield from self._get(part, needed)
        keep = dict(+self.held)
        for part, needed in parts:
            self.held[part] -= needed
        self.held[code] += units
        yield Make(code, units, keep)
