"""Questions about the world, each with its exact answer and with the plan by which the answer is found in the library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from mtenvs.envs.words.search.matching import normalise_date
from mtenvs.envs.words.search.pages import pages_of
from mtenvs.envs.words.search.relations import BY_ID, OF_KIND, Relation
from mtenvs.envs.words.search.tables import column_name
from mtenvs.envs.words.search.world import Entity, World, world_of

_STARTS: Final = ("book", "invention", "company", "river", "club", "match", "university", "bridge", "person", "city")
_TRIES: Final = 5000
# What an ordering relation says: of two, of many, and against a bound.
ORDERINGS: Final[dict[str, tuple[str, str, str]]] = {
    "river.length": ("is longer", "is the longest", "are more than {v} kilometres long"),
    "bridge.length": ("is longer", "is the longest", "are more than {v} metres long"),
    "bridge.built": ("was built later", "was built last", "were built after {v}"),
    "city.population": ("has more inhabitants", "has the most inhabitants", "have more than {v} inhabitants"),
    "city.founded": ("was founded later", "was founded last", "were founded after {v}"),
    "company.employees": ("employs more people", "employs the most people", "employ more than {v} people"),
    "company.opened": ("opened later", "opened last", "opened after {v}"),
    "book.pages": ("has more pages", "has the most pages", "have more than {v} pages"),
    "book.published": ("was published later", "was published last", "were published after {v}"),
    "invention.weight": ("is heavier", "is the heaviest", "weigh more than {v} kilograms"),
    "invention.shown": ("was shown later", "was shown last", "were first shown after {v}"),
    "match.attendance": ("was watched by more people", "was watched by the most people", "were watched by more than {v} people"),
}
LISTS: Final[dict[str, str]] = {
    "river.bridges": "the bridges that cross {x}",
    "river.cities": "the cities that {x} passes",
    "person.wrote": "the books by {x}",
    "person.invented": "the inventions of {x}",
    "company.publishes": "the books published by {x}",
    "company.makes": "the inventions made by {x}",
    "city.companies": "the companies that have their seat in {x}",
    "city.books": "the books that are set in {x}",
    "country.cities": "the cities of {x}",
    "club.home_matches": "the matches that {x} played at home",
    "club.away_matches": "the matches that {x} played away",
}
_FEWEST, _MOST = 3, 12  # of a list that is counted or tabled


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Args:
        text: what is asked.
        golden: the accepted answers, the usual one first.
        plan: where to start and which relations to follow; it names no answer. JSON-able, read by the oracle.
        evidence: titles of the pages that hold the answer, in the order of reading.
        table: the checks of a table, else empty.
    """

    text: str
    golden: tuple[str, ...]
    plan: Mapping[str, Any]
    evidence: tuple[str, ...]
    table: Mapping[str, Any] | None = None


def question(world_seed: int, kind: str, rng: Random) -> Question:
    """A question of a kind: ``single``, ``hop2``, ``hop3``, ``hop4``, ``compare``, ``count`` or ``table``."""
    world = world_of(world_seed)
    if kind == "compare":
        return _compared(world, rng) if rng.random() < 0.5 else _superlative(world, rng)
    if kind in ("count", "table"):
        return (_counted if kind == "count" else _tabled)(world, rng)
    return _chain(world, 1 if kind == "single" else int(kind.removeprefix("hop")), rng)


def _golden(world: World, relation: Relation, value: str) -> tuple[str, ...]:
    if relation.to == "date":
        day, month, year = value.split()
        return value, f"{month} {day}, {year}", normalise_date(value)
    return (value,) if relation.is_value else _names(world[value])


def _names(entity: Entity) -> tuple[str, ...]:
    return tuple(dict.fromkeys((entity.name, entity.title)))


def _chain(world: World, hops: int, rng: Random) -> Question:
    """Relations one after the other. No page is visited twice, and the page that the question names does not hold the answer."""
    pages = pages_of(world.seed)
    for _ in range(_TRIES):
        start = rng.choice(world.of(rng.choice(_STARTS)))
        here, words, path, seen = start, start.label, list[Relation](), [start.title]
        while len(path) < hops - 1:
            ways = [r for r in OF_KIND[here.kind] if r.phrase and _only(here, r) not in ("", *seen)]
            if not ways:
                break
            path.append(rng.choice(ways))
            words = path[-1].phrase.format(x=words)
            here = world[_only(here, path[-1])]
            seen.append(here.title)
        lasts = [r for r in OF_KIND[here.kind] if r.ask and _only(here, r) not in ("", *seen)]
        if len(path) < hops - 1 or not lasts:
            continue
        last = rng.choice(lasts)
        golden = _golden(world, last, _only(here, last))
        if hops > 1 and _says(pages[start.title].text, golden):
            continue
        plan = {"start": start.title, "path": [r.id for r in (*path, last)]}
        return Question(last.ask.format(x=words), golden, plan, tuple(seen))
    raise AssertionError("the world has no such chain")  # every world has thousands


def _only(entity: Entity, relation: Relation) -> str:
    values = entity.facts.get(relation.name, ())
    return values[0] if len(values) == 1 else ""


def _says(text: str, golden: Sequence[str]) -> bool:
    plain = text.replace(",", "")
    return any(re.search(rf"\b{re.escape(g.replace(',', ''))}\b", plain) for g in golden)


def _value(entity: Entity, relation: Relation) -> int:
    return int(entity.facts[relation.name][0])


def _compared(world: World, rng: Random) -> Question:
    relation = BY_ID[rng.choice(list(ORDERINGS))]
    pool = world.of(relation.kind)
    while True:
        two = rng.sample(pool, 2)
        if _value(two[0], relation) != _value(two[1], relation):
            break
    best = max(two, key=lambda e: _value(e, relation))
    text = f"Which {ORDERINGS[relation.id][0]}: {two[0].label} or {two[1].label}?"
    plan = {"items": [e.title for e in two], "order": relation.id}
    return Question(text, _names(best), plan, tuple(e.title for e in two))


def _lists(world: World, rng: Random) -> Iterator[tuple[Entity, Relation, list[Entity]]]:
    """Random lists of the world that have a fit length."""
    for _ in range(_TRIES):
        relation = BY_ID[rng.choice(list(LISTS))]
        owner = rng.choice(world.of(relation.kind))
        items = owner.facts.get(relation.name, [])
        if _FEWEST <= len(items) <= _MOST:
            yield owner, relation, [world[t] for t in items]


def _orderings_of(kind: str) -> list[Relation]:
    return [BY_ID[i] for i in ORDERINGS if i.startswith(f"{kind}.")]


def _superlative(world: World, rng: Random) -> Question:
    for owner, listing, items in _lists(world, rng):
        relation = rng.choice(_orderings_of(listing.to))
        ranked = sorted(items, key=lambda e: _value(e, relation))
        if _value(ranked[-1], relation) == _value(ranked[-2], relation):
            continue
        text = f"Which of {LISTS[listing.id].format(x=owner.label)} {ORDERINGS[relation.id][1]}?"
        plan = {"start": owner.title, "list": listing.id, "order": relation.id}
        return Question(text, _names(ranked[-1]), plan, (owner.title, *(e.title for e in items)))
    raise AssertionError("the world has no such list")


def _counted(world: World, rng: Random) -> Question:
    for owner, listing, items in _lists(world, rng):
        relation = rng.choice(_orderings_of(listing.to))
        values = sorted(_value(e, relation) for e in items)
        cut = rng.randrange(len(values) - 1)
        if values[cut] == values[cut + 1]:
            continue
        bound = (values[cut] + values[cut + 1]) // 2
        limit = f"{bound:,}" if relation.to == "number" else str(bound)
        text = f"How many of {LISTS[listing.id].format(x=owner.label)} {ORDERINGS[relation.id][2].format(v=limit)}?"
        plan = {"start": owner.title, "list": listing.id, "order": relation.id, "above": bound}
        return Question(text, (str(len(values) - cut - 1),), plan, (owner.title, *(e.title for e in items)))
    raise AssertionError("the world has no such list")


def _tabled(world: World, rng: Random) -> Question:
    for owner, listing, items in _lists(world, rng):
        shared = [r for r in OF_KIND[listing.to] if not r.many and r.id != listing.back and all(_only(e, r) for e in items)]
        if len(shared) < 2:
            continue
        columns = sorted(rng.sample(shared, min(len(shared), rng.randint(2, 4))), key=shared.index)
        checks = table_checks(columns, [{"": e.title, **{r.id: _only(e, r) for r in columns}} for e in items])
        heads = ", ".join(checks["required"])
        text = f"Make a table of {LISTS[listing.id].format(x=owner.label)}, one row for each, with the columns: {heads}."
        plan = {"start": owner.title, "list": listing.id, "columns": [r.id for r in columns]}
        return Question(text, (), plan, (owner.title, *(e.title for e in items)), checks)
    raise AssertionError("the world has no such list")


def table_checks(columns: Sequence[Relation], rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The checks of a table whose first column is the title.

    Args:
        columns: the relations of the other columns.
        rows: values by the relation's id, the title under the empty name.
    """
    heads = {"": "Name", **{r.id: head_of(r) for r in columns}}
    rules: dict[str, dict[str, Any]] = {"Name": {"preprocess": ["norm_str"], "metric": ["exact_match"]}}
    for relation in columns:
        kind = "extract_number" if relation.to in ("year", "number") else "norm_date" if relation.to == "date" else "norm_str"
        metric = "number_near" if kind == "extract_number" else "exact_match"
        rules[heads[relation.id]] = {"preprocess": [kind], "metric": [metric], "criterion": 0.0}
    table = [{column_name(heads[i]): row[i] for i in heads} for row in rows]
    return {"required": list(heads.values()), "unique": ["Name"], "pipeline": rules, "rows": table}


def head_of(relation: Relation) -> str:
    """The head of a relation's column, such as ``Length (km)``."""
    words = relation.name.replace("_", " ").capitalize()
    return f"{words} ({relation.unit})" if relation.unit else words
