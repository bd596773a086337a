"""A seeded fictional world: people, cities, rivers, firms, inventions, books, clubs, matches, universities and bridges.

Every relation is kept from both ends, and dates are possible: nobody writes before birth or plays after death.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from random import Random
from typing import Final

from mtenvs.envs.words.search.names import Namer
from mtenvs.envs.words.search.relations import BY_ID

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
TRADES: Final = ("chemist", "novelist", "surveyor", "engineer", "teacher", "merchant", "footballer", "physician", "painter", "printer")
COUNTS: Final = {"country": 12, "city": 200, "river": 60, "person": 760, "company": 200, "invention": 200, "book": 420, "club": 60}
_UNIVERSITIES, _BRIDGES, _SEASONS, _NAMESAKES = 50, 110, 18, 24


@dataclass(slots=True)
class Entity:
    """One thing of the world, and all that is known of it.

    Args:
        title: the title of its page; unique.
        kind: as in `relations`.
        name: what sentences call it; two people may share one.
        label: what questions call it, so that nobody else is meant.
        gender: ``"f"``, ``"m"`` or ``"n"``.
        trade: a person's profession, else empty.
        facts: objects by the name of the relation: titles of other entities, years, whole numbers or dates.
    """

    title: str
    kind: str
    name: str
    label: str
    gender: str = "n"
    trade: str = ""
    facts: dict[str, list[str]] = field(default_factory=dict)

    def year(self, relation: str) -> int:
        """A year among its facts, also of a date."""
        return int(self.facts[relation][0].rsplit(" ", 1)[-1])


class World:
    """All entities by title.

    Args:
        seed: the same seed gives the same world for ever.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.entities: dict[str, Entity] = {}
        self._kinds: dict[str, list[Entity]] = {}
        self._rng = Random(seed)  # a whole number, so that it is the same in every Python
        self._namer = Namer(self._rng)
        self._places()
        self._people()
        self._waters()
        self._learning()
        self._firms()
        self._books()
        self._football()
        for person in self.of("person"):
            self._death(person)

    def of(self, kind: str) -> list[Entity]:
        """The entities of a kind, in the order of their making."""
        return list(self._kinds[kind])

    def __getitem__(self, title: str) -> Entity:
        return self.entities[title]

    # ---- building ----------------------------------------------------------------------------------------------

    def _add(self, kind: str, title: str, label: str = "", *, name: str = "", gender: str = "n", trade: str = "") -> Entity:
        entity = Entity(title, kind, name or title, label or title, gender, trade)
        self.entities[title] = entity
        self._kinds.setdefault(kind, []).append(entity)
        return entity

    def _link(self, subject: Entity, relation: str, to: Entity) -> None:
        """State a relation from both ends."""
        back = BY_ID[f"{subject.kind}.{relation}"].back.partition(".")[2]
        for one, name, other in ((subject, relation, to), (to, back, subject)):
            known = one.facts.setdefault(name, [])
            if other.title not in known:
                known.append(other.title)

    def _set(self, subject: Entity, relation: str, value: int | str) -> None:
        subject.facts[relation] = [str(value)]

    def _date(self, year: int) -> str:
        return f"{self._rng.randint(1, 28)} {self._rng.choice(MONTHS)} {year}"

    def _some(self, pool: list[Entity], fits: Callable[[Entity], bool]) -> Entity | None:
        """A random member that fits; None when a fair number of draws finds none."""
        for _ in range(60):
            one = self._rng.choice(pool)
            if fits(one):
                return one
        return None

    def _aged(self, pool: list[Entity], year: int, low: int, high: int, genders: str = "fm") -> Entity | None:
        """A random person who is between ``low`` and ``high`` in a year."""
        return self._some(pool, lambda p: p.gender in genders and low <= year - p.year("born") <= high)

    def _since(self, firms: list[Entity], year: int) -> Entity | None:
        """A random firm that was open in a year."""
        return self._some(firms, lambda f: f.year("opened") <= year)

    def _link_some(self, subject: Entity, relation: str, to: Entity | None) -> None:
        """State a relation if there is someone to state it of."""
        if to is not None:
            self._link(subject, relation, to)

    def _places(self) -> None:
        rng = self._rng
        countries = [self._add("country", self._namer.place()) for _ in range(COUNTS["country"])]
        for country in countries:
            self._set(country, "founded", rng.randint(1650, 1790))
            self._set(country, "area", rng.randint(9_000, 900_000))
        for i in range(COUNTS["city"]):
            city = self._add("city", self._namer.place())
            self._set(city, "founded", rng.randint(900, 1640))
            self._set(city, "population", rng.randint(4_000, 2_400_000))
            self._link(city, "country", countries[i] if i < len(countries) else rng.choice(countries))
            if i < len(countries):
                self._link(countries[i], "capital", city)

    def _people(self) -> None:
        rng, cities = self._rng, self.of("city")
        for _ in range(COUNTS["person"] - _NAMESAKES):
            gender = rng.choice("fm")
            name = self._namer.person(gender)
            self._person(name, name, gender, rng.choice(TRADES), cities)
        for other in rng.sample(self.of("person"), _NAMESAKES):
            trade = rng.choice([t for t in TRADES if t != other.trade])
            self._person(f"{other.name} ({trade})", other.name, other.gender, trade, cities)
            other.label = f"the {other.trade} {other.name}"
        people = self.of("person")
        for person in people:
            born = person.year("born")
            if rng.random() < 0.5:
                self._link_some(person, "mother", self._aged(people, born, 19, 42, "f"))
            if "spouse" not in person.facts and rng.random() < 0.6:
                self._link_some(person, "spouse", self._some(people, partial(_may_marry, person)))
            if rng.random() < 0.5:
                self._link_some(person, "teacher", self._aged(people, born, 14, 45))
        for city in cities:
            self._link_some(city, "mayor", self._some(people, partial(_may_be_mayor, city)))

    def _person(self, title: str, name: str, gender: str, trade: str, cities: list[Entity]) -> None:
        label = f"the {trade} {name}" if title != name else name
        person = self._add("person", title, label, name=name, gender=gender, trade=trade)
        self._set(person, "born", self._date(self._rng.randint(1790, 1955)))
        self._link(person, "born_in", self._rng.choice(cities))

    def _waters(self) -> None:
        rng, cities, people = self._rng, self.of("city"), self.of("person")
        countries = self.of("country")
        for i in range(COUNTS["river"]):
            name = self._namer.place()
            river = self._add("river", f"{name} (river)", f"the river {name}", name=f"The {name}")
            self._set(river, "length", rng.randint(40, 2_900))
            self._link(river, "source", rng.choice(countries))
            for city in rng.sample(cities, rng.randint(2, 5)):
                self._link(river, "cities", city)
            if i and rng.random() < 0.7:
                self._link(river, "flows_into", rng.choice(self._kinds["river"][:i]))
        rivers = self.of("river")
        for _ in range(_BRIDGES):
            river = rng.choice(rivers[: len(rivers) // 2])
            name = f"{self._namer.person('f').split()[-1]} Bridge"
            if name in self.entities:
                continue
            bridge = self._add("bridge", name)
            built = rng.randint(1830, 1985)
            designer = self._aged(people, built, 24, 68)
            self._set(bridge, "built", built)
            self._set(bridge, "length", rng.randint(30, 1_800))
            self._link(bridge, "river", river)
            self._link(bridge, "city", self[rng.choice(river.facts["cities"])])
            self._link_some(bridge, "designer", designer)

    def _learning(self) -> None:
        rng, people = self._rng, self.of("person")
        for city in rng.sample(self.of("city"), _UNIVERSITIES):
            university = self._add("university", f"University of {city.title}", f"the University of {city.title}")
            self._set(university, "founded", rng.randint(1640, 1800))
            self._set(university, "students", rng.randint(600, 42_000))
            self._link(university, "city", city)
            rector = self._some(people, lambda p: "rector_of" not in p.facts and p.trade in ("chemist", "physician", "teacher"))
            self._link_some(university, "rector", rector)
        universities = self.of("university")
        for person in people:
            if rng.random() < 0.55:
                self._link(person, "studied_at", rng.choice(universities))

    def _firms(self) -> None:
        rng, people, cities = self._rng, self.of("person"), self.of("city")
        founders = rng.sample(people, COUNTS["company"])
        for _ in range(COUNTS["company"]):
            firm = self._add("company", self._namer.firm())
            founder = founders.pop()
            self._set(firm, "opened", founder.year("born") + rng.randint(22, 55))
            self._set(firm, "employees", rng.randint(8, 19_000))
            self._link(firm, "founder", founder)
            self._link(firm, "seat", rng.choice(cities))
        firms = self.of("company")
        for _ in range(COUNTS["invention"]):
            device = self._namer.device()
            inventor = rng.choice(people)
            shown = inventor.year("born") + rng.randint(20, 60)
            maker = self._since(firms, shown)
            invention = self._add("invention", device, f"the {device}", name=f"The {device}")
            self._set(invention, "shown", shown)
            self._set(invention, "weight", rng.randint(2, 4_000))
            self._link(invention, "inventor", inventor)
            self._link_some(invention, "maker", maker)

    def _books(self) -> None:
        rng, cities, firms = self._rng, self.of("city"), self.of("company")
        writers = [p for p in self.of("person") if p.trade in ("novelist", "teacher")]
        for _ in range(COUNTS["book"]):
            title = self._namer.book()
            author = rng.choice(writers)
            year = author.year("born") + rng.randint(20, 62)
            publisher = self._since(firms, year)
            book = self._add("book", title, f'"{title}"')
            self._set(book, "published", year)
            self._set(book, "pages", rng.randint(64, 980))
            self._link(book, "author", author)
            self._link(book, "set_in", rng.choice(cities))
            self._link_some(book, "publisher", publisher)

    def _football(self) -> None:
        rng, cities = self._rng, self.of("city")
        people = self.of("person")
        for _ in range(COUNTS["club"]):
            city = rng.choice(cities[: len(cities) // 2])
            club = self._add("club", self._namer.club(city.title))
            self._set(club, "founded", rng.randint(1870, 1915))
            self._set(club, "capacity", rng.randint(1_200, 68_000))
            self._link(club, "city", city)
            coach = self._some(people, lambda p: "coached" not in p.facts and p.year("born") > 1890)
            self._link_some(club, "coach", coach)
        clubs = self.of("club")
        for country in self.of("country"):
            for year in sorted(rng.sample(range(1920, 1978), _SEASONS)):
                title = f"{year} {country.title} Cup final"
                match = self._add("match", title, f"the {title}", name=f"The {title}")
                home, away = rng.sample(clubs, 2)
                self._set(match, "date", self._date(year))
                self._set(match, "attendance", rng.randint(900, 64_000))
                self._link(match, "home", home)
                self._link(match, "away", away)
                scorer = self._aged(people, year, 18, 36)
                self._link_some(match, "scorer", scorer)

    def _death(self, person: Entity) -> None:
        """Give a person a year of death after all that he or she did; some are alive."""
        born = person.year("born")
        done = [born + 45]
        for relation, of_it in (("wrote", "published"), ("invented", "shown"), ("designed", "built"), ("company", "opened")):
            done += [self[t].year(of_it) for t in person.facts.get(relation, ())]
        done += [self[t].year("date") for t in person.facts.get("scored_in", ())]
        done += [self[t].year("born") for t in person.facts.get("children", ())]
        year = max(max(done) + self._rng.randint(0, 9), born + self._rng.randint(50, 88))
        if year <= 2005:
            self._set(person, "died", year)


def _may_be_mayor(city: Entity, person: Entity) -> bool:
    return "mayor_of" not in person.facts and city.title not in person.facts["born_in"]


def _may_marry(one: Entity, other: Entity) -> bool:
    family = {*one.facts.get("mother", ()), *one.facts.get("children", ())}
    return (
        other.title != one.title
        and "spouse" not in other.facts
        and other.title not in family
        and other.gender != one.gender
        and abs(one.year("born") - other.year("born")) <= 12
    )


@lru_cache(maxsize=4)
def world_of(seed: int) -> World:
    """The world of a seed; kept, because many tasks ask for the same. Nobody changes it."""
    return World(seed)
