"""A small web about the town in which our films play: a page for whatever signs can show, and for everybody who is named on those pages.

All of it is made up, follows from the words of a sign alone, and is the same on every machine. None of it is in any film.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.questions_codes import NUMBERS
from mtenvs.envs.video.own.questions_words import OPTIONS, Words, capital
from mtenvs.envs.video.own.script import Script, Sign
from mtenvs.envs.video.own.vocabulary import PLACES, an
from mtenvs.envs.video.own.webfacts_words import (
    AGE,
    ASKED,
    BORN,
    FIRST,
    HOMES,
    LAST,
    LORE,
    MEETING,
    NOTICE,
    NUMBERED,
    SITE,
    SMALL,
    SORTS,
    TOWN,
    TRADES,
    Sort,
)
from mtenvs.envs.video.own.wording import NUMBER_SIGNS, PLACE_SIGNS, WORD_SIGNS
from mtenvs.envs.video.question import LETTERS, WEB, Question


@dataclass(frozen=True, slots=True)
class Topic:
    """What the web says about the words of a sign.

    Args:
        title: of its page, such as ``"Cabin 12"``.
        sort: of the sign.
        who, year, thing: the facts.
    """

    title: str
    sort: Sort
    who: str
    year: int
    thing: str


def topic_of(text: str) -> Topic:
    """What the web says about the words of a sign.

    Args:
        text: in capitals, as on the sign.
    """
    rng = random.Random(f"web/{text}")
    head, _, last = text.rpartition(" ")
    sort = SORTS.get(head, NUMBERED) if last.isdigit() else MEETING if ": " in text else NOTICE
    who = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    return Topic(_title(text), sort, who, born(who) + rng.randrange(*AGE), rng.choice(sort.things))


@lru_cache(maxsize=1)
def topics() -> dict[str, Topic]:
    """Words of a sign -> what the web says about them, for all words that signs can show."""
    numbered = (t.format(n) for t in NUMBER_SIGNS for n in range(*NUMBERS))
    placed = (t.format(p.capitals) for t in PLACE_SIGNS for p in PLACES.values())
    return {text: topic_of(text) for text in (*WORD_SIGNS, *placed, *numbered)}


def pages() -> list[dict[str, str]]:
    """The pages of that web, in a fixed order; each has ``url``, ``title``, ``text`` and ``image_caption``, and no two the same url."""
    return [dict(page) for page in _pages()]


@lru_cache(maxsize=1)
def _pages() -> tuple[dict[str, str], ...]:
    known: dict[str, list[Topic]] = {}
    for topic in topics().values():
        known.setdefault(topic.who, []).append(topic)
    signs = (_topic_page(text, topic) for text, topic in topics().items())
    people = (_person_page(who, about) for who, about in sorted(known.items()))
    return (*signs, *people, *(_place_page(name) for name in PLACES))


def web_questions_of(script: Script) -> list[Question]:
    """One question about a film: read a sign in it, then look up on the web what it says.

    Args:
        script: of the film.

    Returns:
        One question of the skill ``"web"`` with 5 options.

    Raises:
        DataError: no sign of the film can be singled out.
    """
    words = Words(script)
    rng = words.rng(WEB)
    signs = [(s, name) for s in words.signs if (name := words.sign(s)) is not None]
    if not signs:
        raise DataError(f"the film {script.name} has no sign that a question could be about")
    sign, name = rng.choice(signs)
    return [_question(words, sign, name, rng)]


def _question(words: Words, sign: Sign, name: str, rng: random.Random) -> Question:
    topic = topics().get(sign.text) or topic_of(sign.text)
    fact = rng.choice(("who", "year", "thing", "born"))
    asked = f"find out {topic.sort.who}. In which year was that person born" if fact == "born" else str(getattr(topic.sort, fact))
    text = rng.choice(ASKED).format(name=name, asked=capital(asked))
    right = _fact(topic, fact)
    others = [_fact(t, fact) for t in topics().values() if t.sort is topic.sort]
    pool = dict.fromkeys(rng.sample(others, len(others)))
    wrong = [p for p in pool if p != right][: OPTIONS - 1]
    at = rng.randrange(OPTIONS)
    options = (*wrong[:at], right, *wrong[at:])
    return Question(capital(text), options, LETTERS[at], WEB, (words.seen(sign),), (right,))


def _fact(topic: Topic, fact: str) -> str:
    return str(born(topic.who) if fact == "born" else getattr(topic, fact))


def born(who: str) -> int:
    """The year in which somebody on these pages was born."""
    return random.Random(f"web/born/{who}").randrange(*BORN)


def _topic_page(text: str, topic: Topic) -> dict[str, str]:
    facts = topic.sort.text.format(x=topic.title, who=topic.who, year=topic.year, thing=topic.thing, Thing=capital(topic.thing))
    alike = [t.title for t in topics().values() if t.sort is topic.sort and t.title != topic.title]
    rng = random.Random(f"web/links/{text}")
    places = [f"The {capital(p.name)}" for p in PLACES.values() if p.capitals in text]
    links = ", ".join(dict.fromkeys((topic.who, *places, *rng.sample(alike, min(3, len(alike))))))
    body = f'{facts} In {TOWN} a sign says so in capitals: "{text}". {rng.choice(LORE)}'
    return _page(topic.title, f"sign/{_slug(text)}", f"{body}\n\nSee also: {links}.", f'A sign in {TOWN} that says "{text}".')


def _person_page(who: str, known: Sequence[Topic]) -> dict[str, str]:
    rng = random.Random(f"web/person/{who}")
    trade, home = rng.choice(TRADES), rng.choice(HOMES)
    body = f"{who}, born in {born(who)} in {home}, came to {TOWN} as {an(trade)}. {rng.choice(LORE)}"
    links = ", ".join(t.title for t in known)
    return _page(who, f"people/{_slug(who)}", f"{body}\n\nSee also: {links}.", f"A portrait of {who}.")


def _place_page(name: str) -> dict[str, str]:
    place = PLACES[name]
    links = ", ".join(t.title for text, t in topics().items() if text in {s.format(place.capitals) for s in PLACE_SIGNS})
    body = f"The {place.name} is one of the {len(PLACES)} sights of {TOWN}. {random.Random(f'web/place/{name}').choice(LORE)}"
    return _page(f"The {capital(name)}", f"places/{name}", f"{body}\n\nSee also: {links}.", f"A view {place.where}.")


def _page(title: str, path: str, text: str, caption: str) -> dict[str, str]:
    return {"url": f"{SITE}/{path}", "title": title, "text": text, "image_caption": caption}


def _title(text: str) -> str:
    """The words of a sign as a title: ``"Tram Line 7"``, ``"Wool and Yarn"``."""
    words = [w.capitalize() if i == 0 or w not in SMALL else w.lower() for i, w in enumerate(text.split())]
    return " ".join(words)


def _slug(words: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in words.lower()).split())
