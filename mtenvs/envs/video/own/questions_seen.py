"""Questions about what is seen: brief events, their order, and words on signs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from typing import Final

from mtenvs.envs.video.own.questions_codes import signs_like, spellings, texts_like
from mtenvs.envs.video.own.questions_words import Draft, Words, capital, clock, mix, moment
from mtenvs.envs.video.own.script import Appearance, Event
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES, SUBJECTS

_FALLS: Final = 1.95  # seconds after the fall of a parcel within which a whole second surely lies
_TIMED: Final = (
    "At {time}, something passes through the picture. What is it?",
    "Look at {time}: what goes by?",
    "What crosses the picture at {time}?",
)
_COLOUR: Final = (
    "What colour is the {subject} that {does} {where}?",
    "Somewhere in the film a {subject} {does} {where}. What is its colour?",
)
_WHERE: Final = ("{doing} once in the film. Where is that?", "Where is it that {doing}?")
_LOST_AT: Final = (
    "Somebody loses a parcel at {time}. What colour is the parcel?",
    "At {time}, a parcel falls to the ground. What is its colour?",
)
_LOST_WHERE: Final = (
    "Somebody loses a parcel {where}. What colour is the parcel?",
    "What is the colour of the parcel that somebody loses {where}?",
)
_LOSER: Final = ("What colour is the coat of the person who loses {noun}?", "Somebody loses {noun} on the way. What colour is their coat?")
_ORDER: Final = ("In which order do these go by: {things}?", "Three things go by in the film: {things}. Which order is right?")
_FIRST: Final = ("Which of these goes by first?", "All of these go by. Which one is the first?")
_LAST: Final = ("Which of these goes by last?", "All of these go by. Which one is the last?")
_NEXT: Final = ("Which of these is the first to go by after {noun}?", "After {noun} has gone by, which of these comes soonest?")
_SAYS: Final = ("What is written on {sign}?", "What does {sign} say?")
_NUMBER: Final = ("Which number is on {sign}?", "There is a number on {sign}. Which?")
_NAMES: Final = ("Which place does {sign} name?", "{sign} names a place. Which?")
_WHERE_SIGN: Final = ('Where can one read "{text}"?', 'The words "{text}" are to be read once. Where?')


def timed(w: Words) -> Iterator[Draft]:
    """What passes at a given time."""
    for e in w.passes:
        second = moment(e.start, e.end)
        if second is not None and _only_at(w, e, second):
            text = w.pick(_TIMED, e.id).format(time=clock(second))
            yield Draft("timed", text, e.noun, mix(w.rng("timed", e.id), e.noun, w.nouns, w.never), (w.seen(e),))


def parcel_timed(w: Words) -> Iterator[Draft]:
    """The colour of what falls at a given time."""
    for e in w.drops:
        second = moment(e.start, e.start + _FALLS)
        if second is not None and _only_at(w, e, second):
            text = w.pick(_LOST_AT, e.id).format(time=clock(second))
            yield Draft("parcel_timed", text, e.colour, mix(w.rng("parcel_timed", e.id), e.colour, COLOURS), (w.seen(e),))


def colour(w: Words) -> Iterator[Draft]:
    """The colour of the only thing of its kind in a place."""
    for e in w.events:
        if len([x for x in w.events if (x.subject, w.place_of(x)) == (e.subject, w.place_of(e))]) > 1:
            continue
        if e.kind == "drop":
            text = w.pick(_LOST_WHERE, e.id).format(where=w.where(e))
        else:
            text = w.pick(_COLOUR, e.id).format(subject=e.subject, does=SUBJECTS[e.subject].does, where=w.where(e))
        yield Draft("colour", text, e.colour, mix(w.rng("colour", e.id), e.colour, COLOURS), (w.seen(e),))


def place(w: Words) -> Iterator[Draft]:
    """Where something passes."""
    for e in w.events:
        text = w.pick(_WHERE, e.id).format(doing=w.doing(e))
        yield Draft("place", capital(text), w.where(e), mix(w.rng("place", e.id), w.where(e), w.all_where), (w.seen(e),), w.names(e))


def loser(w: Words) -> Iterator[Draft]:
    """The coat of who loses a parcel."""
    for e in w.drops:
        here = w.script.entries.get(e.appearance)
        if isinstance(here, Appearance):
            coat = w.script.person(e.person).coat
            text = w.pick(_LOSER, e.id).format(noun=e.noun)
            yield Draft("loser", text, coat, mix(w.rng("loser", e.id), coat, COLOURS), (w.seen(here), w.seen(e)))


def order(w: Words) -> Iterator[Draft]:
    """The order of three things."""
    rng = w.rng("order")
    for k in range(8 if len(w.passes) >= 3 else 0):
        three = sorted(rng.sample(w.passes, 3), key=lambda e: e.start)
        if three[0].end >= three[1].start or three[1].end >= three[2].start:
            continue
        ways = [", then ".join(e.noun for e in p) for p in permutations(three)]
        things = rng.sample([e.noun for e in three], 3)
        text = w.pick(_ORDER, str(k)).format(things=f"{things[0]}, {things[1]} and {things[2]}")
        yield Draft("order", text, ways[0], tuple(rng.sample(ways[1:], 4)), tuple(w.seen(e) for e in three))


def first_or_last(w: Words) -> Iterator[Draft]:
    """Which of five comes first, or last."""
    rng = w.rng("first_or_last")
    for k in range(6 if len(w.passes) >= 5 else 0):
        five = sorted(rng.sample(w.passes, 5), key=lambda e: e.start)
        at, phrasings = (0, _FIRST) if k % 2 else (-1, _LAST)
        right = five.pop(at)
        if all(not _overlap(right, e) for e in five):
            seen = tuple(w.seen(e) for e in sorted((*five, right), key=lambda e: e.start))
            yield Draft("first" if k % 2 else "last", w.pick(phrasings, str(k)), right.noun, tuple(e.noun for e in five), seen)


def after(w: Words) -> Iterator[Draft]:
    """Which of five comes next after a sixth."""
    for i, anchor in enumerate(w.passes[:-1]):
        rng = w.rng("after", anchor.id)
        right, rest = w.passes[i + 1], [*w.passes[:i], *w.passes[i + 2 :]]
        if len(rest) < 4 or any(_overlap(a, b) for a in (anchor, right) for b in (*rest, right, anchor) if a is not b):
            continue
        wrong = rng.sample(rest, 4)
        text = w.pick(_NEXT, anchor.id).format(noun=anchor.noun)
        yield Draft("after", text, right.noun, tuple(e.noun for e in wrong), (w.seen(anchor), w.seen(right)))


def sign_text(w: Words) -> Iterator[Draft]:
    """All the words of a sign."""
    for s in w.signs:
        name = w.sign(s)
        if name:
            text = w.pick(_SAYS, s.id).format(sign=name)
            wrong = texts_like(w, s.text)
            yield Draft("sign_text", text, s.text, wrong, (w.seen(s),), (s.text.capitalize(),))


def sign_number(w: Words) -> Iterator[Draft]:
    """The number on a sign."""
    numbers = [s.value for s in w.signs if s.about == "number"]
    for s in w.signs:
        name = w.sign(s)
        if name and s.about == "number":
            text = w.pick(_NUMBER, s.id).format(sign=name)
            wrong = signs_like(w.rng("sign_number", s.id), s.value, numbers)
            yield Draft("sign_number", text, s.value, wrong, (w.seen(s),), spellings(s.value))


def sign_place(w: Words) -> Iterator[Draft]:
    """The place that a sign names."""
    for s in w.signs:
        name = w.sign(s)
        if name and s.about == "place" and s.value != w.place_of(s):
            text = w.pick(_NAMES, s.id).format(sign=name)
            right = f"the {PLACES[s.value].name}"
            wrong = mix(w.rng("sign_place", s.id), right, [f"the {p.name}" for p in PLACES.values() if p.name != w.place_of(s)])
            yield Draft("sign_place", capital(text), right, wrong, (w.seen(s),), (PLACES[s.value].capitals,))


def sign_where(w: Words) -> Iterator[Draft]:
    """Where a sign is."""
    for s in w.signs:
        text = w.pick(_WHERE_SIGN, s.id).format(text=s.text)
        if not (s.about == "place" and s.value == w.place_of(s)):
            yield Draft("sign_where", text, w.where(s), mix(w.rng("sign_where", s.id), w.where(s), w.all_where), (w.seen(s),), w.names(s))


def _overlap(a: Event, b: Event) -> bool:
    return a.start < b.end and b.start < a.end


def _only_at(w: Words, event: Event, second: int) -> bool:
    """Whether no other event could be meant by a time."""
    return all(e.id == event.id or e.end <= second - 1 or second + 2 <= e.start for e in w.events)
