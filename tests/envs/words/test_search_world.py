"""The library's world: it is the same for ever, what it says in one place it says in the other, and its dates are possible."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import pairwise

import pytest

from mtenvs.envs.words.search.pages import Page, pages_of
from mtenvs.envs.words.search.relations import BY_ID, OF_KIND, RELATIONS
from mtenvs.envs.words.search.tasks import KINDS, own_tasks
from mtenvs.envs.words.search.world import World, world_of


@pytest.fixture(scope="module", params=[0, 7])
def world(request: pytest.FixtureRequest) -> World:
    return world_of(request.param)


@pytest.fixture(scope="module")
def pages(world: World) -> dict[str, Page]:
    return pages_of(world.seed)


def test_there_are_at_least_two_thousand_pages(pages: dict[str, Page]) -> None:
    assert len(pages) >= 2000
    assert len({p.text for p in pages.values()}) == len(pages)


def test_a_seed_gives_the_same_world_and_another_gives_another(world: World) -> None:
    again = World(world.seed)
    assert again.entities == world.entities
    assert World(world.seed + 1).entities.keys() != world.entities.keys()


def test_pages_are_written_the_same_way_every_time(world: World, pages: dict[str, Page]) -> None:
    pages_of.cache_clear()
    assert pages_of(world.seed) == pages


def test_the_first_world_never_changes() -> None:
    """Scores of different days are comparable only over the same pages and questions; a change of either is a new version of the id."""
    pages = hashlib.blake2b(repr(list(pages_of(0).items())).encode(), digest_size=8).hexdigest()
    tasks = hashlib.blake2b(repr([own_tasks().get(f"{kind}/7") for kind in KINDS]).encode(), digest_size=8).hexdigest()
    assert (pages, tasks) == ("5aa23a093c68dee0", "3dc0e61a85469183")


def test_every_relation_leads_back() -> None:
    for relation in RELATIONS:
        if not relation.is_value:
            assert BY_ID[relation.back].back == relation.id
            assert (BY_ID[relation.back].kind, BY_ID[relation.back].to) == (relation.to, relation.kind)


def test_facts_hold_from_both_ends(world: World) -> None:
    for entity in world.entities.values():
        for relation in OF_KIND[entity.kind]:
            values = entity.facts.get(relation.name, [])
            assert len(values) == len(set(values))
            assert relation.many or len(values) <= 1, (entity.title, relation.id)
            for value in values if not relation.is_value else []:
                other = world[value]
                assert other.kind == relation.to
                assert entity.title in other.facts[BY_ID[relation.back].name]


def test_every_page_says_all_facts_of_its_subject_and_nothing_else(world: World, pages: dict[str, Page]) -> None:
    for entity in list(world.entities.values())[:: 1 if world.seed == 0 else 5]:
        text = pages[entity.title].text
        for relation in OF_KIND[entity.kind]:
            stated = [v.replace(",", "") if relation.to == "number" else v for v in relation.read(text, entity.name)]
            assert stated == entity.facts.get(relation.name, []), (entity.title, relation.id)


def test_near_duplicates_say_less_and_nothing_that_is_wrong(world: World, pages: dict[str, Page]) -> None:
    notices = [t for t in pages if t not in world.entities]
    assert len(notices) >= 200
    for title in notices:
        entity = world[title.rpartition(" (")[0]]
        for relation in OF_KIND[entity.kind]:
            stated = relation.read(pages[title].text, entity.name)
            assert not stated or [v.replace(",", "") if relation.to == "number" else v for v in stated] == entity.facts[relation.name]
        assert len(pages[title].text) < len(pages[entity.title].text)


def test_every_link_leads_to_a_page(pages: dict[str, Page]) -> None:
    links = [(p.title, link) for p in pages.values() for link in re.findall(r"\[\[(.*?)\]\]", p.text)]
    assert len(links) > 10 * len(pages)
    assert [pair for pair in links if pair[1] not in pages] == []
    assert [pair for pair in links if pair[0] == pair[1]] == []


def test_pages_differ_in_order_and_wording(world: World, pages: dict[str, Page]) -> None:
    born = BY_ID["person.born"].says
    used = Counter(next(i for i, s in enumerate(born) if s[-12:-4] in pages[p.title].text) for p in world.of("person"))
    assert min(used.values()) > 100


def test_some_people_share_a_name_and_questions_tell_them_apart(world: World) -> None:
    people = world.of("person")
    shared = [n for n, k in Counter(p.name for p in people).items() if k > 1]
    assert len(shared) >= 20
    labels = [p.label for p in people]
    assert len(labels) == len(set(labels))


def test_some_titles_are_near_one_another(world: World) -> None:
    titles = sorted(b.title for b in world.of("book"))
    assert sum(b == f"{a}s" for a, b in pairwise(titles)) >= 5


def test_dates_are_possible(world: World) -> None:
    for person in world.of("person"):
        born = person.year("born")
        last = person.year("died") if "died" in person.facts else 2100
        did = [world[t].year("published") for t in person.facts.get("wrote", ())]
        did += [world[t].year("shown") for t in person.facts.get("invented", ())]
        did += [world[t].year("built") for t in person.facts.get("designed", ())]
        did += [world[t].year("date") for t in person.facts.get("scored_in", ())]
        did += [world[t].year("opened") for t in person.facts.get("company", ())]
        assert all(born + 18 <= year <= last for year in did), person.title
        assert all(world[c].year("born") <= last for c in person.facts.get("children", ()))
        for other in person.facts.get("spouse", ()):
            assert abs(world[other].year("born") - born) <= 12
            assert other not in person.facts.get("children", ())
    for book in world.of("book"):
        for publisher in book.facts.get("publisher", ()):
            assert world[publisher].year("opened") <= book.year("published")
    for match in world.of("match"):
        assert all(world[c].year("founded") <= match.year("date") for side in ("home", "away") for c in match.facts[side])
    for city in world.of("city"):
        assert all(city.year("founded") <= world[u].year("founded") for u in city.facts.get("universities", ()))
