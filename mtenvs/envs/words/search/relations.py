"""What can be said in the world: each relation with its sentences, its question and its way back.

One table serves the writer of pages, the writer of questions and the oracle that reads pages, so none of them can
disagree with another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

NUMERIC: Final = frozenset({"year", "number"})
_LINK: Final = r"\[\[([^\]\[]+)\]\]"
_VALUE: Final = {"year": r"(\d{3,4})", "number": r"(\d[\d,]*)", "date": r"(\d{1,2} [A-Z][a-z]+ \d{4})"}
_LINKS: Final = r"(\[\[[^\]\[]+\]\](?:(?:, | and )\[\[[^\]\[]+\]\])*)"
_PRONOUN: Final = {"{p}": "(?:Her|His|Its)", "{q}": "(?:her|his|its)"}


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation.

    Args:
        name: as in `Entity.facts`.
        kind: of its subjects.
        to: kind of its objects, or ``"year"``, ``"number"``, ``"date"``.
        says: sentences without the full stop; ``{s}`` the subject, ``{p}`` and ``{q}`` "Her" and "her", ``{o}`` the objects.
        back: the same relation seen from the object, as ``kind.name``; empty for values.
        many: whether there may be several objects.
        phrase: names the object by the subject ``{x}``, for the middle of a question; empty if it cannot stand there.
        ask: the whole question; empty if it is not asked.
        unit: what a table's column head says beside the name.
    """

    name: str
    kind: str
    to: str
    says: tuple[str, ...]
    back: str = ""
    many: bool = False
    phrase: str = ""
    ask: str = ""
    unit: str = ""

    @property
    def is_value(self) -> bool:
        """Whether the object is a number or date, not an entity."""
        return self.to in NUMERIC or self.to == "date"

    @property
    def id(self) -> str:
        """``kind.name``."""
        return f"{self.kind}.{self.name}"

    def read(self, text: str, subject: str) -> list[str]:
        """The objects that a page states, in its order; empty when it does not say.

        Args:
            text: a page or a part of one.
            subject: the name that the page gives its subject.
        """
        for pattern in _patterns(self, subject):
            match = pattern.search(text)
            if match is not None:
                return [match[1]] if self.is_value else re.findall(_LINK, match[1])
        return []


@lru_cache(maxsize=2048)
def _patterns(relation: Relation, subject: str) -> tuple[re.Pattern[str], ...]:
    wanted = _VALUE.get(relation.to, _LINKS)
    out = []
    for sentence in relation.says:
        pattern = re.escape(sentence)
        for mark, there in {**_PRONOUN, "{s}": f"(?:{re.escape(subject)}|She|He|It)", "{o}": wanted}.items():
            pattern = pattern.replace(re.escape(mark), there)
        out.append(re.compile(rf"(?:^|[.\n] ?){pattern}\."))
    return tuple(out)


def _one(kind: str, name: str, to: str, says: tuple[str, ...], phrase: str, ask: str, back: str = "") -> Relation:
    return Relation(name, kind, to, says, f"{to}.{back}" if back else "", phrase=phrase, ask=ask)


def _value(kind: str, name: str, to: str, says: tuple[str, ...], ask: str, unit: str = "") -> Relation:
    return Relation(name, kind, to, says, ask=ask, unit=unit)


def _list(kind: str, name: str, to: str, says: tuple[str, ...], back: str) -> Relation:
    return Relation(name, kind, to, says, f"{to}.{back}", many=True)


RELATIONS: Final[tuple[Relation, ...]] = (
    _value("person", "born", "date", ("{s} was born on {o}", "{p} date of birth is {o}"), "On which date was {x} born?"),
    _value("person", "died", "year", ("{s} died in {o}", "{p} death came in {o}"), "In which year did {x} die?"),
    _one(
        *("person", "born_in", "city", ("{s} was born in {o}", "{p} birthplace is {o}")),
        *("the city where {x} was born", "In which city was {x} born?", "natives"),
    ),
    _one(
        *("person", "studied_at", "university", ("{s} studied at {o}", "{s} took {q} degree at {o}")),
        *("the university where {x} studied", "At which university did {x} study?", "alumni"),
    ),
    _one(
        "person", "spouse", "person", ("{s} married {o}", "{p} spouse was {o}"), "the spouse of {x}", "Who was the spouse of {x}?", "spouse"
    ),
    _one(
        *("person", "teacher", "person", ("{s} was a pupil of {o}", "{s} learned the trade from {o}")),
        *("the teacher of {x}", "Who was the teacher of {x}?", "pupils"),
    ),
    _one("person", "mother", "person", ("{p} mother was {o}",), "the mother of {x}", "Who was the mother of {x}?", "children"),
    _one(
        *("person", "company", "company", ("{s} founded {o}", "{s} set up the firm {o}")),
        *("the company that {x} founded", "Which company did {x} found?", "founder"),
    ),
    _one(
        *("person", "mayor_of", "city", ("{s} became mayor of {o}", "{s} served as mayor of {o}")),
        *("the city whose mayor was {x}", "Of which city was {x} mayor?", "mayor"),
    ),
    _one(
        *("person", "coached", "club", ("{s} coached {o}",)),
        *("the club that {x} coached", "Which club did {x} coach?", "coach"),
    ),
    _one(
        *("person", "rector_of", "university", ("{s} led {o} as rector",)),
        *("the university that {x} led as rector", "Which university did {x} lead as rector?", "rector"),
    ),
    _list("person", "pupils", "person", ("{s} taught {o}",), "teacher"),
    _list("person", "children", "person", ("{s} brought up {o}",), "mother"),
    _list("person", "wrote", "book", ("{s} wrote {o}", "{p} books are {o}"), "author"),
    _list("person", "invented", "invention", ("{s} invented {o}",), "inventor"),
    _list("person", "designed", "bridge", ("{s} designed {o}",), "designer"),
    _list("person", "scored_in", "match", ("{s} scored the deciding goal in the {o}",), "scorer"),
    _value("city", "founded", "year", ("{s} was founded in {o}", "{p} charter dates from {o}"), "In which year was {x} founded?"),
    _value("city", "population", "number", ("{s} has {o} inhabitants", "{p} population is {o}"), "How many inhabitants does {x} have?"),
    _one(
        *("city", "country", "country", ("{s} lies in {o}", "{s} belongs to {o}")),
        *("the country in which {x} lies", "In which country does {x} lie?", "cities"),
    ),
    _one(
        *("city", "mayor", "person", ("{p} best-known mayor was {o}",)),
        *("the best-known mayor of {x}", "Who was the best-known mayor of {x}?", "mayor_of"),
    ),
    _list("city", "natives", "person", ("The people of note born here are {o}",), "born_in"),
    _list("city", "rivers", "river", ("{s} stands on the banks of {o}",), "cities"),
    _list("city", "companies", "company", ("{s} is the seat of {o}",), "seat"),
    _list("city", "universities", "university", ("Those who want to learn go to {o}",), "city"),
    _list("city", "clubs", "club", ("Football is played here by {o}",), "city"),
    _list("city", "bridges", "bridge", ("{p} bridges are {o}",), "city"),
    _list("city", "books", "book", ("The books that are set here are {o}",), "set_in"),
    _value("country", "founded", "year", ("{s} became independent in {o}",), "In which year did {x} become independent?"),
    _value("country", "area", "number", ("{s} covers {o} square kilometres",), "How many square kilometres does {x} cover?", "km2"),
    _one("country", "capital", "city", ("{p} capital is {o}",), "the capital of {x}", "What is the capital of {x}?", "capital_of"),
    _one(
        *("city", "capital_of", "country", ("{s} is the capital of {o}",)),
        *("the country whose capital is {x}", "Of which country is {x} the capital?", "capital"),
    ),
    _list("country", "cities", "city", ("{p} cities are {o}",), "country"),
    _list("country", "sources", "river", ("The rivers that rise here are {o}",), "source"),
    _value(
        "river",
        "length",
        "number",
        ("{s} is {o} kilometres long", "{p} course measures {o} kilometres"),
        "How many kilometres long is {x}?",
        "km",
    ),
    _one(
        *("river", "source", "country", ("{s} rises in {o}", "{p} springs are in {o}")),
        *("the country in which {x} rises", "In which country does {x} rise?", "sources"),
    ),
    _one(
        *("river", "flows_into", "river", ("{s} flows into {o}", "{s} ends in {o}")),
        *("the river into which {x} flows", "Into which river does {x} flow?", "tributaries"),
    ),
    _list("river", "cities", "city", ("{s} passes {o}",), "rivers"),
    _list("river", "bridges", "bridge", ("{s} is crossed by {o}",), "river"),
    _list("river", "tributaries", "river", ("{s} takes in {o}",), "flows_into"),
    _value("company", "opened", "year", ("{s} opened its doors in {o}", "{p} first year was {o}"), "In which year did {x} open its doors?"),
    _value("company", "employees", "number", ("{s} employs {o} people", "{p} staff numbers {o}"), "How many people does {x} employ?"),
    _one(
        *("company", "founder", "person", ("{s} was founded by {o}", "{p} founder was {o}")),
        *("the founder of {x}", "Who founded {x}?", "company"),
    ),
    _one(
        *("company", "seat", "city", ("{s} has its seat in {o}", "{p} offices are in {o}")),
        *("the city where {x} has its seat", "In which city does {x} have its seat?", "companies"),
    ),
    _list("company", "makes", "invention", ("{s} makes {o}",), "maker"),
    _list("company", "publishes", "book", ("{s} publishes {o}",), "publisher"),
    _value(
        "invention", "shown", "year", ("{s} was first shown in {o}", "{p} first showing was in {o}"), "In which year was {x} first shown?"
    ),
    _value("invention", "weight", "number", ("{s} weighs {o} kilograms",), "How many kilograms does {x} weigh?", "kg"),
    _one(
        *("invention", "inventor", "person", ("{s} was invented by {o}", "{p} inventor is {o}")),
        *("the inventor of {x}", "Who invented {x}?", "invented"),
    ),
    _one(
        *("invention", "maker", "company", ("{s} is made by {o}", "{p} maker is {o}")),
        *("the company that makes {x}", "Which company makes {x}?", "makes"),
    ),
    _value("book", "published", "year", ("{s} was published in {o}", "{p} first edition is of {o}"), "In which year was {x} published?"),
    _value("book", "pages", "number", ("{s} has {o} pages", "{p} first edition runs to {o} pages"), "How many pages does {x} have?"),
    _one(
        *("book", "author", "person", ("{s} was written by {o}", "{p} author is {o}")),
        *("the author of {x}", "Who wrote {x}?", "wrote"),
    ),
    _one(
        *("book", "publisher", "company", ("{s} was brought out by {o}", "{p} publisher is {o}")),
        *("the publisher of {x}", "Which company published {x}?", "publishes"),
    ),
    _one(
        *("book", "set_in", "city", ("{s} is set in {o}", "{p} story takes place in {o}")),
        *("the city in which {x} is set", "In which city is {x} set?", "books"),
    ),
    _value("club", "founded", "year", ("{s} was founded in {o}",), "In which year was {x} founded?"),
    _value("club", "capacity", "number", ("{p} ground holds {o} spectators",), "How many spectators does the ground of {x} hold?"),
    _one("club", "city", "city", ("{s} plays in {o}",), "the city where {x} plays", "In which city does {x} play?", "clubs"),
    _one("club", "coach", "person", ("{s} was coached by {o}",), "the coach of {x}", "Who coached {x}?", "coached"),
    _list("club", "home_matches", "match", ("{s} was the home side in {o}",), "home"),
    _list("club", "away_matches", "match", ("{s} was the visiting side in {o}",), "away"),
    _value("match", "date", "date", ("{s} was played on {o}",), "On which date was {x} played?"),
    _value("match", "attendance", "number", ("{s} was watched by {o} people",), "How many people watched {x}?"),
    _one(
        "match", "home", "club", ("The home side was {o}",), "the home side in {x}", "Which club was the home side in {x}?", "home_matches"
    ),
    _one(
        "match",
        "away",
        "club",
        ("The visiting side was {o}",),
        "the visiting side in {x}",
        "Which club was the visiting side in {x}?",
        "away_matches",
    ),
    _one(
        *("match", "scorer", "person", ("The deciding goal was scored by {o}",)),
        *("the scorer of the deciding goal in {x}", "Who scored the deciding goal in {x}?", "scored_in"),
    ),
    _value("university", "founded", "year", ("{s} was founded in {o}", "{p} founding charter is of {o}"), "In which year was {x} founded?"),
    _value("university", "students", "number", ("{s} has {o} students",), "How many students does {x} have?"),
    _one(
        "university", "city", "city", ("{s} stands in {o}",), "the city where {x} stands", "In which city does {x} stand?", "universities"
    ),
    _one(
        "university", "rector", "person", ("{p} best-known rector was {o}",), "the rector of {x}", "Who was the rector of {x}?", "rector_of"
    ),
    _list("university", "alumni", "person", ("Those who studied here are {o}",), "studied_at"),
    _value("bridge", "built", "year", ("{s} was built in {o}", "{p} opening was in {o}"), "In which year was {x} built?"),
    _value("bridge", "length", "number", ("{s} is {o} metres long", "{p} length is {o} metres"), "How many metres long is {x}?", "m"),
    _one("bridge", "river", "river", ("{s} crosses {o}",), "the river that {x} crosses", "Which river does {x} cross?", "bridges"),
    _one("bridge", "city", "city", ("{s} stands in {o}",), "the city where {x} stands", "In which city does {x} stand?", "bridges"),
    _one("bridge", "designer", "person", ("{s} was designed by {o}",), "the designer of {x}", "Who designed {x}?", "designed"),
)
BY_ID: Final[dict[str, Relation]] = {r.id: r for r in RELATIONS}
OF_KIND: Final[dict[str, tuple[Relation, ...]]] = {
    kind: tuple(r for r in RELATIONS if r.kind == kind) for kind in dict.fromkeys(r.kind for r in RELATIONS)
}
