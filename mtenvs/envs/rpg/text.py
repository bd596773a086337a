"""A HeroBench world in words: the report of every turn, the codex, and what actions answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from mtenvs.envs.rpg.combat import STATS, Stats
from mtenvs.envs.rpg.data import WorldData
from mtenvs.envs.rpg.records import ELEMENTS, SKILLS, SLOTS, Drop, Item, Monster, Position, Resource
from mtenvs.envs.rpg.spec import HeroTask
from mtenvs.envs.rpg.state import FIRST_CONSUMABLE, HeroState
from mtenvs.envs.rpg.world import HeroWorld, Outcome, Refusal


def goal_of(task: HeroTask) -> str:
    """The goal that the agent reads."""
    extras = []
    if task.rules.ring_rule:
        extras.append("The two rings must differ.")
    if task.rules.inventory_limit is not None:
        extras.append(f"The bag holds {task.rules.inventory_limit} units.")
    if task.rules.drop_rates:
        extras.append("Drops come by chance.")
    if task.rules.fog:
        extras.append("Little is known: inspect what you need to know about.")
    return " ".join([task.goal, *extras])


def report(world: HeroWorld, hero: HeroState) -> str:
    """Where the hero stands and what he has, in five lines."""
    limit = world.rules.inventory_limit
    bag = ", ".join(map(_STACKS.__getitem__, hero.bag.items())) or "empty"
    return (
        f"Hero at {_here(world.data, hero.pos)}. Level {hero.level} (xp {hero.xp}/{hero.max_xp}).\n"
        f"{_figures(hero.stats)}\n"
        f"Skills: {_skills(tuple(hero.skills))}.\n"
        f"Worn: {_worn(tuple(hero.slots), tuple(hero.quantities))}.\n"
        f"Bag{'' if limit is None else f' ({hero.load} of {limit})'}: {bag}."
    )


# What changes seldom is put into words once: a report is made on every turn.


class _Stacks(dict[tuple[str, int], str]):
    """(item code, units) in words, made where they are asked for the first time."""

    def __missing__(self, stack: tuple[str, int]) -> str:
        words = f"{stack[0]} {stack[1]}"
        if len(self) < _STACKS_KEPT:
            self[stack] = words
        return words


_STACKS_KEPT: Final = 1 << 16
_STACKS: Final = _Stacks()


@lru_cache(maxsize=4096)
def _figures(stats: Stats) -> str:
    """Health and what the gear gives, zeros left out."""
    named = [f"{name} {value}" for name, value in zip(STATS[1:], stats[1:], strict=True) if value]
    return f"HP {stats[0]}" + (f", {', '.join(named)}." if named else ".")


@lru_cache(maxsize=4096)
def _skills(levels: tuple[int, ...]) -> str:
    return ", ".join(f"{name} {level}" for name, level in zip(SKILLS, levels, strict=True))


@lru_cache(maxsize=4096)
def _worn(slots: tuple[str, ...], quantities: tuple[int, ...]) -> str:
    """The filled slots, and which are empty."""
    filled = []
    for i, code in enumerate(slots):
        if code:
            stack = f" x{quantities[i - FIRST_CONSUMABLE]}" if i >= FIRST_CONSUMABLE else ""
            filled.append(f"{SLOTS[i]}={code}{stack}")
    empty = [SLOTS[i] for i, code in enumerate(slots) if not code]
    return ", ".join(filled or ["nothing"]) + (f"; empty: {', '.join(empty)}" if empty else "")


@lru_cache(maxsize=4096)
def _here(data: WorldData, place: Position) -> str:
    tile = data.tiles.get(place)
    if tile is None:
        return f"{place}"
    what = f" [{_content(tile.content.type, tile.content.code)}]" if tile.content is not None else " [nothing here]"
    return f"{place} {tile.name}{what}"


def _content(kind: str, code: str) -> str:
    return f"{kind} {code}" if kind not in ("grand_exchange", "bank", "tasks_master") else kind


def answer(result: Outcome) -> str:
    """What an action did, in one or two sentences."""
    kind, code = result.kind, result.code
    got = f" Got {_list(result.items)}." if result.items and kind in ("gather", "fight") else ""
    lost = f" The bag was full: lost {_list(result.lost)}." if result.lost else ""
    ups = f" {result.skill} is up by {result.level_ups}." if result.level_ups else ""
    fight = result.fight
    if fight is not None:
        how = "was won" if fight.won else "is undecided" if fight.undecided else "was lost; the hero wakes at (0, 0),"
        return f"The fight against {code} {how} after {fight.rounds} rounds.{got}{lost}{ups}"
    if kind == "move":
        done = "Moved."
    elif kind == "gather":
        done = f"Worked {code} {result.quantity} times."
    elif kind == "craft":
        done = f"Made {result.quantity} {code}."
    elif kind == "equip":
        done = f"Put {code} into {result.slot}."
    elif kind == "unequip":
        done = f"Took {code} out of {result.slot}."
    else:
        done = f"{_DONE[kind]} {result.quantity} {code}{'.' if kind == 'buy' else ' away.'}"
    return f"{done}{got}{lost}{ups}"


_DONE: Final = {"buy": "Bought", "delete": "Threw"}


def legal(refusal: Refusal, data: WorldData) -> str:
    """What would have been legal in place of a refused action, where that is short to say."""
    tiles = {"gather": "resource", "fight": "monster", "buy": "grand_exchange"}.get(refusal.kind)
    if refusal.code == 598 and tiles:
        places = [f"{c.code} at {p}" for p in data.content_tiles if (c := data.tiles[p].content) is not None and c.type == tiles]
        return f"{refusal.kind} works at: {', '.join(places[:12])}{', ...' if len(places) > 12 else ''}"
    if refusal.code == 404 and refusal.kind == "move":
        x0, y0, x1, y1 = data.bounds
        return f"x from {x0} to {x1}, y from {y0} to {y1}"
    return ""


def _list(items: Iterable[tuple[str, int]]) -> str:
    return ", ".join([f"{n} {code}" for code, n in items])


def codex(data: WorldData, task: HeroTask) -> str:
    """All that the agent is told about the world at the start; under fog only what to ask for."""
    if task.rules.fog:
        return f"Known so far: {task.target}. Use inspect(code) for items, monsters, gathering spots and workshops."
    rates = task.rules.drop_rates
    sections = {
        "Monsters": [monster_line(data, m, rates=rates) for c, m in data.monsters.items() if _listed(c, task.monsters)],
        "Gathering": [resource_line(data, r, rates=rates) for c, r in data.resources.items() if _listed(c, task.resources)],
        "Items": [item_line(data, i) for c, i in data.items.items() if _listed(c, task.items)],
        "Not to be had here": [str(i.get("code", "")) for i in task.noise_items],
        "Places": list(_places(data, task)),
    }
    return "\n\n".join(f"{title}:\n" + "\n".join(lines) for title, lines in sections.items() if lines)


def _listed(code: str, among: tuple[str, ...] | None) -> bool:
    return among is None or code in among


def _places(data: WorldData, task: HeroTask) -> Iterator[str]:
    for skill in SKILLS:
        if data.workshop(skill):
            yield f"{skill} workshop at {_where(data.workshop(skill))}"
    sold = task.rules.exchange
    if data.exchanges and (sold is None or sold):
        yield f"grand exchange ({'everything' if sold is None else ', '.join(sold)} for free) at {_where(data.exchanges)}"


def inspect(data: WorldData, code: str, task: HeroTask) -> str | None:
    """What the codex says about a code, or None when there is no such thing."""
    if code in data.monsters:
        return monster_line(data, data.monsters[code], rates=task.rules.drop_rates)
    if code in data.resources:
        return resource_line(data, data.resources[code], rates=task.rules.drop_rates)
    if code in data.items:
        return item_line(data, data.items[code])
    if code in SKILLS and data.workshop(code):
        recipes = [c for c in data.craftable if (craft := data.items[c].craft) is not None and craft.skill == code]
        return f"{code} workshop at {_where(data.workshop(code))}; makes {', '.join(recipes)}"
    if code == "grand_exchange":
        return next((line for line in _places(data, task) if line.startswith("grand exchange")), "the grand exchange sells nothing now")
    return f"{code}: cannot be had here" if any(code == n.get("code") for n in task.noise_items) else None


def monster_line(data: WorldData, monster: Monster, *, rates: bool) -> str:
    """One monster of the codex."""
    attack = " ".join(f"{e} {v}" for e, v in zip(ELEMENTS, monster.attack, strict=True) if v)
    res = " ".join(f"{e} {v}%" for e, v in zip(ELEMENTS, monster.res, strict=True) if v)
    places = _where(data.places("monster", monster.code))
    return (
        f"{monster.code}: level {monster.level}, hp {monster.hp}, attack {attack or 'none'}, resistance {res or 'none'}, "
        f"drops {_drops(monster.drops, rates=rates)}, at {places}"
    )


def resource_line(data: WorldData, resource: Resource, *, rates: bool) -> str:
    """One gathering spot of the codex."""
    places = _where(data.places("resource", resource.code))
    return f"{resource.code}: {resource.skill} level {resource.level}, gives {_drops(resource.drops, rates=rates)}, at {places}"


def item_line(data: WorldData, item: Item) -> str:
    """One item of the codex, with its recipe or where it comes from."""
    parts = [f"{item.code}: {item.type}, level {item.level}"]
    if item.effects:
        parts.append(" ".join(f"{e.name} {e.value}" for e in item.effects))
    if item.craft is not None:
        made = ", ".join(f"{i.quantity} {i.code}" for i in item.craft.items)
        parts.append(f"made with {item.craft.skill} level {item.craft.level} from {made}")
    sources = data.sources_of(item.code)
    if sources.resources or sources.monsters:
        parts.append(f"from {', '.join((*sources.resources, *sources.monsters))}")
    return "; ".join(parts)


def _drops(drops: tuple[Drop, ...], *, rates: bool) -> str:
    """What drops, with amounts, and with chances where they count."""
    words = []
    for drop in drops:
        amount = "" if drop.low == drop.high == 1 else f" {drop.low}-{drop.high}"
        words.append(f"{drop.code}{amount}{f' 1/{drop.rate}' if rates and drop.rate > 1 else ''}")
    return ", ".join(words) or "nothing"


def _where(places: Iterable[Position]) -> str:
    return " ".join(f"({x}, {y})" for x, y in places) or "nowhere"
