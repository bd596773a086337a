"""What dialogues are about. Each theme yields the turns of a dialogue for every occasion that a film gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from mtenvs.envs.video.own.dialogues_model import HIGH, LOW, MEDIUM, Criterion, DialogueTurn
from mtenvs.envs.video.own.dialogues_rubric import (
    challenge,
    colour_is,
    comes_first,
    happens_in,
    not_to_say,
    number_is,
    place_is,
    thing_is,
    time_is,
    turn,
    without,
)
from mtenvs.envs.video.own.questions_codes import codes_like, spellings
from mtenvs.envs.video.own.questions_words import Words, capital, clock
from mtenvs.envs.video.own.script import Appearance, Event, Sign
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES, SUBJECTS
from mtenvs.envs.video.own.wording import SPEAKERS

_LATER: Final = {"later": ("later", "afterwards", "after", "then"), "earlier": ("earlier", "before", "beforehand")}
Turns = tuple[DialogueTurn, ...]


def parcel(w: Words) -> Iterator[Turns]:
    """Somebody loses a parcel; what colour, really; where else they are."""
    for e in w.drops:
        here = w.script.entries.get(e.appearance)
        again = [a for a in w.script.appearances_of(e.person) if a.id != e.appearance]
        same_place = [x for x in w.drops if w.place_of(x) == w.place_of(e)]
        if not isinstance(here, Appearance) or len(again) != 1 or len(same_place) != 1:
            continue
        coat, rng = w.script.person(e.person).coat, w.rng("parcel", e.id)
        guess = rng.choice([e.colour, rng.choice([c for c in COLOURS if c not in {e.colour, coat}])])
        opener = turn(
            "opener",
            f"Somebody loses a parcel {w.where(e)}. What does that person wear?",
            f"The person in the {coat} coat.",
            (here, e),
            [
                colour_is(coat, f"The coat of the person is {coat}.", "coat"),
                not_to_say([f"{c} coat" for c in COLOURS if c != coat], "coat"),
            ],
        )
        challenger = challenge(
            f"I think that the parcel was {guess}. Is that so?",
            right=e.colour,
            guess=guess,
            yes=f"Yes, the parcel is {e.colour}.",
            no=f"No, the parcel is {e.colour}, not {guess}.",
            spans=(e,),
            fact=Criterion(
                "colour", f"The parcel is {e.colour}.", "fact", HIGH, any_of=(e.colour,), none_of=without(COLOURS, e.colour, guess, coat)
            ),
        )
        later = "later" if again[0].start > here.start else "earlier"
        close = turn(
            "synthesizer",
            "Where else is that person seen, and is that earlier or later than the loss?",
            f"The same person is seen {w.where(again[0])}, {later}, at {clock(again[0].start)}.",
            (here, again[0]),
            [
                happens_in(w, again[0], exclude=here),
                Criterion(
                    "order",
                    f"That is {later}.",
                    "fact",
                    MEDIUM,
                    any_of=_LATER[later],
                    none_of=_LATER["earlier" if later == "later" else "later"],
                ),
                time_is(again[0]),
            ],
        )
        yield opener, challenger, close


def code(w: Words) -> Iterator[Turns]:
    """A code, who gives it, and whether it was noted rightly."""
    for x in w.only_codes:
        rng = w.rng("code dialogue", x.id)
        wrong = codes_like(rng, x.value, [c.value for c in w.codes])
        guess = rng.choice([x.value, wrong[0]])
        opener = turn(
            "opener",
            f"Listen for the {x.key}. Who gives its code, and when?",
            f"{capital(w.speaker(x))} gives it at {clock(x.start)}.",
            (x,),
            [
                Criterion("speaker", f"{x.speaker} gives it.", "fact", HIGH, any_of=(x.speaker,), none_of=without(SPEAKERS, x.speaker)),
                time_is(x),
            ],
        )
        close = challenge(
            f"I wrote down {guess} for the {x.key}. Did I get it right?",
            right=x.value,
            guess=guess,
            yes=f"Yes, the code of the {x.key} is {x.value}.",
            no=f"No, the code of the {x.key} is {x.value}, not {guess}.",
            spans=(x,),
            fact=Criterion(
                "code",
                f"The code is {x.value}.",
                "fact",
                HIGH,
                any_of=(x.value, *spellings(x.value)),
                none_of=tuple(c for c in wrong if c != guess),
            ),
        )
        yield opener, close


def signpost(w: Words) -> Iterator[Turns]:
    """A sign that names a place, what goes by in that place, and which of the two comes first."""
    for s in w.signs:
        name = w.sign(s)
        here = [e for e in w.passes if w.place_of(e) == s.value]
        if s.about != "place" or name is None or len(here) != 1 or s.value == w.place_of(s):
            continue
        e = here[0]
        first, last = ("sign", e.subject) if s.start < e.start else (e.subject, "sign")
        opener = turn(
            "opener",
            f"Read {name}. Which place does it send one to?",
            f"It sends one to the {PLACES[s.value].name}.",
            (s,),
            [place_is(s.value, HIGH, [p for p in PLACES if p not in {s.value, w.place_of(s)}])],
        )
        deepener = turn(
            "deepener",
            "And what goes by in that place, and when?",
            f"{capital(e.noun)} {SUBJECTS[e.subject].does}, at {clock(e.start)}.",
            (e,),
            [thing_is(e, w.nouns), colour_is(e.colour, f"It is {e.colour}.", "colour", MEDIUM), time_is(e)],
        )
        close = turn(
            "synthesizer",
            f"Which of the two is to be seen first, the sign or the {e.subject}? Say what the sign said and what went by.",
            f'First comes the {first}, then the {last}: the sign says "{s.text}", and {e.noun} {SUBJECTS[e.subject].does}.',
            (s, e) if s.start < e.start else (e, s),
            [
                comes_first(first, last),
                Criterion("text", f'The sign says "{s.text}".', "fact", MEDIUM, any_of=(s.text,)),
                thing_is(e, w.nouns, MEDIUM),
            ],
        )
        yield opener, deepener, close


def beeps(w: Words) -> Iterator[Turns]:
    """A row of beeps, what goes by meanwhile, and where."""
    for b in w.beeps:
        e = w.script.entries.get(b.beside)
        time = w.time(b.start, b.end)
        if not isinstance(e, Event) or e.kind != "pass" or not w.alone(e, b) or time is None:
            continue
        rng = w.rng("beeps dialogue", b.id)
        guess = rng.choice([b.count, rng.choice([n for n in range(2, 8) if n != b.count])])
        opener = turn(
            "opener",
            f"There is a row of short beeps at {time}. What is to be seen just then?",
            f"{capital(e.noun)} {SUBJECTS[e.subject].does}.",
            (b, e),
            [thing_is(e, w.nouns), colour_is(e.colour, f"It is {e.colour}.", "colour", MEDIUM)],
        )
        challenger = challenge(
            f"I counted {guess} beeps. Is that right?",
            right=str(b.count),
            guess=str(guess),
            yes=f"Yes, there are {b.count} beeps.",
            no=f"No, there are {b.count} beeps, not {guess}.",
            spans=(b,),
            fact=number_is(b.count, "beeps", allowed=(guess,)),
        )
        close = turn(
            "synthesizer",
            "Sum it up: where does that happen, what goes by, and how many beeps are there?",
            f"{capital(w.where(e))}, {e.noun} {SUBJECTS[e.subject].does} while {b.count} beeps sound.",
            (b, e),
            [happens_in(w, e), thing_is(e, w.nouns, MEDIUM), number_is(b.count, "beeps", weight=MEDIUM)],
        )
        yield opener, challenger, close


def sentence(w: Words) -> Iterator[Turns]:
    """A sentence, who says it, and what is in sight meanwhile."""
    for x in w.cues:
        seen = w.script.entries.get(x.beside)
        if not isinstance(seen, (Event, Sign)) or not w.alone(seen, x):
            continue
        opener = turn(
            "opener",
            f'Who says "{x.text}"?',
            f"{capital(w.speaker(x))} says it.",
            (x,),
            [Criterion("speaker", f"{x.speaker} says it.", "fact", HIGH, any_of=(x.speaker,), none_of=without(SPEAKERS, x.speaker))],
        )
        if isinstance(seen, Sign):
            others = tuple(s.text for s in w.signs if s.id != seen.id)
            found = Criterion("text", f'One reads "{seen.text}".', "fact", HIGH, any_of=(seen.text,), none_of=others)
            asked, said = "What can one read in the picture meanwhile, and where is that?", f'One reads "{seen.text}", {w.where(seen)}.'
            criteria = [found] if seen.about == "place" else [found, happens_in(w, seen)]
        else:
            asked, said = (
                "What goes by meanwhile, and where is that?",
                f"{capital(seen.noun)} {SUBJECTS[seen.subject].does} {w.where(seen)}.",
            )
            criteria = [thing_is(seen, w.nouns), colour_is(seen.colour, f"It is {seen.colour}.", "colour", MEDIUM), happens_in(w, seen)]
        yield opener, turn("deepener", asked, said, (x, seen), criteria)


def person(w: Words) -> Iterator[Turns]:
    """How often somebody is seen, where first, and where last."""
    for p in w.script.people:
        there = w.script.appearances_of(p.id)
        if len(there) < 3 or len({a.scene for a in there}) != len(there):
            continue
        rng, n = w.rng("person dialogue", p.id), len(there)
        guess = rng.choice([n, rng.choice([n - 1, n + 1])])
        opener = turn(
            "opener",
            f"Where is {w.looks(p)} seen for the first time, and when?",
            f"{capital(w.where(there[0]))}, at {clock(there[0].start)}.",
            there[:1],
            [happens_in(w, there[0]), time_is(there[0])],
        )
        challenger = challenge(
            f"I saw that person {guess} times in the whole film. Is that right?",
            right=str(n),
            guess=str(guess),
            yes=f"Yes, {n} times.",
            no=f"No, {n} times, not {guess}.",
            spans=there,
            fact=number_is(n, "times", allowed=(guess,)),
        )
        close = turn(
            "synthesizer",
            "And the last time: where is it?",
            f"The last time is {w.where(there[-1])}, at {clock(there[-1].start)}.",
            there[-1:],
            [happens_in(w, there[-1]), time_is(there[-1])],
        )
        yield opener, challenger, close


def order(w: Words) -> Iterator[Turns]:
    """Three things that go by, in order, and where the first is."""
    rng = w.rng("order dialogue")
    for _ in range(3 if len(w.passes) >= 3 else 0):
        three = sorted(rng.sample(w.passes, 3), key=lambda e: e.start)
        if len({e.subject for e in three}) < len(three) or any(a.end >= b.start for a, b in pairwise(three)):
            continue
        mixed = rng.sample(three, 3)
        asked = f"{w.the(mixed[0])}, {w.the(mixed[1])} and {w.the(mixed[2])}"
        opener = turn(
            "opener",
            f"Put these in the order in which they go by: {asked}.",
            f"First {w.the(three[0])}, then {w.the(three[1])}, then {w.the(three[2])}.",
            three,
            [
                Criterion("order", "The three are in the right order.", "fact", HIGH, all_of=tuple(e.subject for e in three), ordered=True),
                Criterion("complete", "All three are named.", "fact", LOW, all_of=tuple(e.subject for e in three)),
            ],
        )
        deepener = turn(
            "deepener",
            "Where and when does the first of them go by?",
            f"{capital(w.where(three[0]))}, at {clock(three[0].start)}.",
            three[:1],
            [happens_in(w, three[0]), time_is(three[0], MEDIUM)],
        )
        yield opener, deepener


THEMES: Final[Mapping[str, Callable[[Words], Iterator[Turns]]]] = {
    "parcel": parcel,
    "code": code,
    "signpost": signpost,
    "beeps": beeps,
    "sentence": sentence,
    "person": person,
    "order": order,
}
