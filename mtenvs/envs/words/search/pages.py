"""The library's pages: the world written down as prose, with links, remarks that answer nothing, and short notices of the same things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from mtenvs.envs.words.search.relations import OF_KIND, Relation
from mtenvs.envs.words.search.world import Entity, World, world_of

_PRONOUNS: Final = {"f": ("She", "Her", "her"), "m": ("He", "His", "his"), "n": ("It", "Its", "its")}
_WHAT: Final = {
    "country": "a country",
    "city": "a city",
    "river": "a river",
    "company": "a firm",
    "invention": "an invention",
    "book": "a book",
    "club": "a football club",
    "match": "a football match",
    "university": "a university",
    "bridge": "a bridge",
}
_NOTICES: Final = 260
_COLOUR: Final = (
    "Visitors from {a} rarely fail to ask about {n}",
    "An old almanac mentions the name beside {a} and {b}",
    "There is a {adj} plaque in {a} that few people read",
    "A {adj} painting of the subject hangs in the town hall of {a}",
    "The name is often mixed up with {b}",
    "Letters kept in {a} speak of {n} with {adj} words",
    "A street in {a} bears the same name",
    "A {adj} ballad about {n} is still sung in {a}",
    "In the schools of {a} the story is told together with that of {b}",
    "A lecture given in {a} drew a comparison with {b}, to {adj} applause",
    "Collectors pay well for {adj} prints that show {n}",
    "Some papers burned with the archive of {a} and were put in order again by {adj} hands",
    "A {adj} stamp was issued when {b} was the talk of {a}",
    "Much that is told at the markets of {a} is {adj} rumour",
)
_ADJECTIVES: Final = (
    "faded",
    "modest",
    "famous",
    "curious",
    "weathered",
    "bitter",
    "polite",
    "solemn",
    "bright",
    "forgotten",
    "careful",
    "loud",
)
_NOTICE_TITLES: Final = {"person": "{} (short life)", "city": "{} (travel note)", "book": "{} (catalogue card)"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the library.

    Args:
        title: unique in our own library.
        text: prose; mentions of other pages stand in double square brackets.
    """

    title: str
    text: str


@lru_cache(maxsize=2)
def pages_of(seed: int) -> dict[str, Page]:
    """All pages of the world of a seed, by title, in order."""
    world = world_of(seed)
    others = [e.title for e in world.entities.values() if e.kind != "city"]
    cities = [e.title for e in world.of("city")]
    pages = {e.title: Page(e.title, _article(world, e, cities, others)) for e in world.entities.values()}
    rng = Random(seed + 1)
    for entity in rng.sample([e for e in world.entities.values() if e.kind in _NOTICE_TITLES], _NOTICES):
        title = _NOTICE_TITLES[entity.kind].format(entity.title)
        pages[title] = Page(title, _notice(entity, Random(f"{seed} {title}")))
    return pages


def sentence_of(entity: Entity, relation: Relation, rng: Random, subject: str) -> str:
    """One relation of an entity in words.

    Args:
        entity: whose relation it is.
        relation: one that the entity has.
        rng: chooses the wording.
        subject: how the sentence calls the entity.
    """
    _, possessive, lower = _PRONOUNS[entity.gender]
    values = entity.facts[relation.name]
    if relation.is_value:
        objects = f"{int(values[0]):,}" if relation.to == "number" else values[0]
    else:
        objects = listed([f"[[{v}]]" for v in values])
    return rng.choice(relation.says).format(s=subject, p=possessive, q=lower, o=objects) + "."


def listed(words: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _lead(entity: Entity) -> str:
    what = f"a{'n' if entity.trade[:1] in 'aeiou' else ''} {entity.trade}" if entity.trade else _WHAT[entity.kind]
    verb = "was" if entity.kind in ("person", "match") else "is"
    return f"{entity.name} {verb} {what}."


def _article(world: World, entity: Entity, cities: Sequence[str], others: Sequence[str]) -> str:
    rng = Random(f"{world.seed} {entity.title}")
    said = list(_sentences(entity, rng))
    for remark in rng.sample(_COLOUR, rng.randint(3, 9)):
        said.insert(rng.randint(0, len(said)), _filled(remark, rng, cities, others, entity))
    paragraphs = [" ".join([_lead(entity), *said[:2]])]
    rest = said[2:]
    while rest:
        size = rng.randint(2, 5)
        paragraphs.append(" ".join(rest[:size]))
        rest = rest[size:]
    near = [o for o in rng.sample(others, 3) if o != entity.title]
    return "\n\n".join([*paragraphs, f"See also: {', '.join(f'[[{n}]]' for n in near)}"])


def _sentences(entity: Entity, rng: Random) -> Iterator[str]:
    relations = [r for r in OF_KIND[entity.kind] if r.name in entity.facts]
    rng.shuffle(relations)
    pronoun = _PRONOUNS[entity.gender][0]
    for i, relation in enumerate(relations):
        subject = entity.name if i == 0 or rng.random() < 0.25 else pronoun
        yield sentence_of(entity, relation, rng, subject)


def _filled(remark: str, rng: Random, cities: Sequence[str], others: Sequence[str], entity: Entity) -> str:
    place, other = rng.choice(cities), rng.choice(others)
    while entity.title in (place, other):
        place, other = rng.choice(cities), rng.choice(others)
    name = entity.name.replace("The ", "the ", 1) if entity.kind in ("river", "match", "invention") else entity.name
    return remark.format(a=f"[[{place}]]", b=f"[[{other}]]", adj=rng.choice(_ADJECTIVES), n=name) + "."


def _notice(entity: Entity, rng: Random) -> str:
    """A near-duplicate: the beginning of the page, a few of its facts, nothing that it does not say."""
    said = list(_sentences(entity, rng))[:2]
    return " ".join([_lead(entity), *said, f"More under [[{entity.title}]]."])
