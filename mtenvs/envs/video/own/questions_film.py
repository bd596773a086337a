"""Questions about a whole film: counts, and what never is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mtenvs.envs.video.own.questions_codes import numbers_like
from mtenvs.envs.video.own.questions_words import Draft, Words
from mtenvs.envs.video.own.script import Appearance, Event, Person, Sign
from mtenvs.envs.video.own.vocabulary import COLOURS, SUBJECTS
from mtenvs.envs.video.own.wording import WORD_SIGNS

_BESIDE: Final = ("How many short beeps sound while {doing}?", "Count the short beeps while {doing}. How many are there?")
_BEEPS_AT: Final = ("A row of short beeps is heard at {time}. How many beeps are in it?", "How many short beeps make up the row at {time}?")
_SHOTS: Final = ("How many times does {who} come into the film?", "In how many separate shots is {who} seen?")
_KIND: Final = (
    "How many {subject}s go by in the whole film, of whatever colour?",
    "Count every {subject} that goes by. How many are there?",
)
_TINT: Final = ("How many {colour} things go by in the whole film, parcels and people not counted?",)
_PARCELS: Final = ("How many parcels are lost in the whole film?",)
_NO_THING: Final = ("Four of these go by in the film. Which one does not?", "Which of these never goes by?")
_NO_THING_IN_LONG: Final = "In no scene of the film does one of these go by. Which one is it?"
_MANY: Final = 16  # things that go by in a film of an hour, about which more is asked
_NO_PERSON: Final = ("Four of these people are seen in the film. Who is not?", "Who of these is never seen?")
_NO_SIGN: Final = ("Which of these texts is on no sign in the film?", "Four of these texts can be read in the film. Which one cannot?")


def beep_count(w: Words) -> Iterator[Draft]:
    """How many beeps are in a row."""
    for b in w.beeps:
        rng, entry = w.rng("beep_count", b.id), w.script.entries.get(b.beside)
        wrong = numbers_like(rng, b.count)
        during = [x for x in w.beeps if isinstance(entry, Event) and x.start < entry.end and entry.start < x.end]
        if isinstance(entry, Event) and entry.kind == "pass" and len(during) == 1:
            text = w.pick(_BESIDE, b.id).format(doing=w.doing(entry))
            yield Draft("beep_beside", text, str(b.count), wrong, (w.seen(entry), w.heard(b)))
        time = w.time(b.start, b.end)
        if time:
            yield Draft("beep_at", w.pick(_BEEPS_AT, b.id).format(time=time), str(b.count), wrong, (w.heard(b),))


def shots(w: Words) -> Iterator[Draft]:
    """In how many shots somebody is; those who lose something are always in two."""
    losers = {e.person for e in w.drops}
    for p in w.script.people:
        there = w.script.appearances_of(p.id)
        if len(there) == len({a.scene for a in there}) > 1 and p.id not in losers:
            text = w.pick(_SHOTS, p.id).format(who=w.looks(p))
            yield Draft("shots", text, str(len(there)), numbers_like(w.rng("shots", p.id), len(there)), tuple(w.seen(a) for a in there))


def things(w: Words) -> Iterator[Draft]:
    """How many things of a kind, or of a colour, go by."""
    for subject in SUBJECTS:
        found = [e for e in w.passes if e.subject == subject]
        if found:
            text = w.pick(_KIND, subject).format(subject=subject)
            yield _count("things", w, text, found, subject)
    for colour in COLOURS:
        found = [e for e in w.passes if e.colour == colour]
        if found:
            yield _count("tints", w, w.pick(_TINT, colour).format(colour=colour), found, colour)
    if len(w.drops) > 1:
        yield _count("parcels", w, _PARCELS[0], w.drops, "parcels")


def no_thing(w: Words) -> Iterator[Draft]:
    """What does not go by."""
    for k in range(7 if len(w.passes) >= _MANY else 4):
        rng = w.rng("no_thing", str(k))
        first: dict[str, Event] = {}
        for e in rng.sample(w.passes, len(w.passes)):
            first.setdefault(e.subject, e)
        four = list(first.values())[:4]
        kinds = {e.subject for e in four}
        right = next((n for n in rng.sample(w.never, len(w.never)) if not any(n.endswith(f" {s}") for s in kinds)), None)
        if right and len(four) == 4:
            yield _absence("no_thing", w.pick(_NO_THING, str(k)) if k < 4 else _NO_THING_IN_LONG, w, right, four)


def no_person(w: Words) -> Iterator[Draft]:
    """Who is not seen, of people with a hat; nothing of theirs is like that of another option, as the others' is not either."""
    cast = [p for p in w.script.people if p.hat and w.script.appearances_of(p.id)]
    taken = {(p.coat, p.hat) for p in w.script.people}
    for k in range(3):
        rng = w.rng("no_person", str(k))
        alike: list[Person] = []
        for p in rng.sample(cast, len(cast)):
            if all(p.coat != q.coat and p.hat != q.hat for q in alike):
                alike.append(p)
        four = alike[:4]
        coats = [c for c in COLOURS if c not in {p.coat for p in four} | {p.coat for p in w.script.people if not p.hat}]
        hats = [h for h in COLOURS if h not in {p.hat for p in four} | {"white"}]
        free = [(c, h) for c in coats for h in hats if (c, h) not in taken]
        if free and len(four) == 4:
            right = Person("", *rng.choice(free)).looks
            yield _absence("no_person", w.pick(_NO_PERSON, str(k)), w, right, [w.script.appearances_of(p.id)[0] for p in four])


def no_sign(w: Words) -> Iterator[Draft]:
    """Which words are on no sign."""
    found = [s for s in w.signs if s.text in WORD_SIGNS]
    rng = w.rng("no_sign")
    never = [t for t in WORD_SIGNS if t not in {s.text for s in w.signs}]
    for k, text in enumerate(rng.sample(never, min(3, len(never))) if len(found) >= 4 else []):
        yield _absence("no_sign", w.pick(_NO_SIGN, str(k)), w, f'"{text}"', rng.sample(found, 4))


def _count(kind: str, w: Words, text: str, found: Sequence[Event], about: str) -> Draft:
    wrong = numbers_like(w.rng(kind, about), len(found))
    return Draft(kind, text, str(len(found)), wrong, tuple(w.seen(e) for e in found))


def _absence(kind: str, text: str, w: Words, right: str, others: Sequence[Event | Appearance | Sign]) -> Draft:
    """The right answer has no evidence; the evidence is that of the four others."""
    seen = tuple(w.seen(e) for e in sorted(others, key=lambda e: e.start))
    return Draft(kind, text, right, tuple(w.sees(e) for e in others), seen)
