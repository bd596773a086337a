"""Questions in two hops: what one finds tells where to look next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mtenvs.envs.video.own.questions_codes import signs_like, spellings
from mtenvs.envs.video.own.questions_words import Draft, Words, capital, mix
from mtenvs.envs.video.own.script import Appearance
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES, SUBJECTS

_COLOUR: Final = (
    "{sign} names a place. What colour is the {subject} that {does} there?",
    "find the place that {sign} names. A {subject} {does} there. What is its colour?",
)
_THING: Final = ("{sign} names a place. What goes by in that place?", "in the place that {sign} names, one thing goes by. What is it?")
_LOSER: Final = (
    "the person who loses {noun} is also seen in one other place. Where?",
    "somebody loses {noun}. Where else is that person seen?",
)
_NUMBER: Final = (
    "there is a number on the {sign} in the place where {doing}. Which number?",
    "find the place where {doing}. Which number is on the {sign} there?",
)


def there(w: Words) -> Iterator[Draft]:
    """A sign names a place; what goes by in it."""
    for s in w.signs:
        name = w.sign(s)
        if not name or s.about != "place" or s.value == w.place_of(s):
            continue
        passing = [e for e in w.passes if w.place_of(e) == s.value]
        for e in passing:
            rng, seen = w.rng("there", s.id, e.id), (w.seen(s), w.seen(e))
            if [x.subject for x in passing].count(e.subject) == 1:
                text = w.pick(_COLOUR, s.id, e.id).format(sign=name, subject=e.subject, does=SUBJECTS[e.subject].does)
                yield Draft("there_colour", capital(text), e.colour, mix(rng, e.colour, COLOURS), seen)
            if len(passing) == 1:
                text = w.pick(_THING, s.id, e.id).format(sign=name)
                yield Draft("there_thing", capital(text), e.noun, mix(rng, e.noun, w.nouns, w.never), seen)


def loser_elsewhere(w: Words) -> Iterator[Draft]:
    """Somebody loses something; where else they are seen."""
    for e in w.drops:
        here = w.script.entries.get(e.appearance)
        if isinstance(here, Appearance):
            others = [a for a in w.script.appearances_of(e.person) if a.id != here.id]
            if len({w.place_of(a) for a in others} - {w.place_of(here)}) == 1 == len(others):
                right = w.where(others[0])
                wrong = mix(w.rng("loser_elsewhere", e.id), right, [p for p in w.all_where if p != w.where(here)])
                text = w.pick(_LOSER, e.id).format(noun=e.noun)
                evidence = (w.seen(here), w.seen(e), w.seen(others[0]))
                yield Draft("loser_elsewhere", capital(text), right, wrong, evidence, w.names(others[0]))


def number_there(w: Words) -> Iterator[Draft]:
    """Where something goes by there is a sign; its number."""
    numbers = [s for s in w.signs if s.about == "number"]
    for e in w.passes:
        here = [s for s in numbers if w.place_of(s) == w.place_of(e)]
        if len(here) == 1:
            s = here[0]
            text = w.pick(_NUMBER, s.id, e.id).format(doing=w.doing(e), sign=s.kind)
            wrong = signs_like(w.rng("number_there", s.id, e.id), s.value, [n.value for n in numbers])
            yield Draft("number_there", capital(text), s.value, wrong, (w.seen(e), w.seen(s)), spellings(s.value))


def place_sign(w: Words) -> Iterator[Draft]:
    """A sign is said to be where something is lost; the place it names."""
    for e in w.drops:
        here = [s for s in w.signs if s.about == "place" and w.place_of(s) == w.place_of(e)]
        if len(here) == 1 and here[0].value != w.place_of(e):
            s = here[0]
            text = f"somebody loses {e.noun}. Which other place does the {s.kind} in the place where that happens name?"
            right = f"the {PLACES[s.value].name}"
            pool = [f"the {p.name}" for p in PLACES.values() if p.name != w.place_of(e)]
            yield Draft("place_sign", capital(text), right, mix(w.rng("place_sign", e.id), right, pool), (w.seen(e), w.seen(s)))
