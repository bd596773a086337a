"""Builds the turns and the criteria of dialogues, with the phrases that a machine looks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from mtenvs.envs.video.own.dialogues_model import HIGH, LOW, MEDIUM, PENALTY, Criterion, DialogueTurn
from mtenvs.envs.video.own.questions_words import Words, clock
from mtenvs.envs.video.own.script import Appearance, Beep, Event, Line, Sign
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES

Entry = Appearance | Event | Sign | Line | Beep
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AGREES: Final = ("yes", "right", "correct", "indeed", "true")
_OBJECTS: Final = ("no", "not", "wrong", "incorrect", "actually", "wasn't", "isn't", "false")
_DENIES: Final = ("no", "not right", "wrong", "incorrect", "not correct", "not true")
_CONCEDES: Final = ("yes", "you are right", "you're right", "that is right", "that is correct", "that's correct")
_VERBS: Final = ("", "is", "was", "comes", "came", "appears", "appeared", "is seen", "was seen", "is to be seen", "goes by")
_NEARBY: Final = 3  # seconds that a time may be off
_HARD: Final = {"opener": "easy", "deepener": "medium", "challenger": "medium", "synthesizer": "hard"}


def turn(role: str, content: str, reference: str, spans: Iterable[Entry], criteria: Sequence[Criterion]) -> DialogueTurn:
    """A turn whose modalities and key segments are those of the entries of the script that one must look at or listen to."""
    spans = tuple(spans)
    kinds = {"audio" if isinstance(s, (Line, Beep)) else "visual" for s in spans}
    modalities = tuple(m for m in ("visual", "audio") if m in kinds)
    return DialogueTurn(role, content, _HARD[role], modalities, tuple((s.start, s.end) for s in spans), reference, tuple(criteria))


def challenge(content: str, *, right: str, guess: str, yes: str, no: str, spans: Iterable[Entry], fact: Criterion) -> DialogueTurn:
    """The user claims something, which is so or is not."""
    agree = right == guess
    stance = Criterion(
        "stance",
        "Agrees with the claim, which is right." if agree else "Objects to the claim, which is wrong.",
        "stance",
        MEDIUM,
        any_of=_AGREES if agree else _OBJECTS,
        none_of=_DENIES if agree else _CONCEDES,
    )
    slip = Criterion(
        "slip",
        f"Says that {guess} is {'wrong' if agree else 'right'}.",
        "error",
        PENALTY,
        is_penalty=True,
        any_of=_DENIES if agree else _CONCEDES,
    )
    return turn("challenger", content, yes if agree else no, spans, [fact, stance, slip])


def without(pool: Iterable[str], *allowed: str) -> tuple[str, ...]:
    """A pool without some of it."""
    return tuple(p for p in pool if p not in allowed)


def colour_is(colour: str, description: str, name: str, weight: int = HIGH) -> Criterion:
    """Names one colour and no other."""
    return Criterion(name, description, "fact", weight, any_of=(colour,), none_of=without(COLOURS, colour))


def not_to_say(phrases: Iterable[str], name: str) -> Criterion:
    """A penalty for any of some phrases."""
    return Criterion(f"wrong {name}", f"Names a wrong {name}.", "error", PENALTY, is_penalty=True, any_of=tuple(phrases))


def thing_is(event: Event, nouns: Iterable[str], weight: int = HIGH) -> Criterion:
    """Names what goes by, and nothing else that goes by in the film."""
    others = {n.split()[-1] for n in nouns} - {event.subject}
    return Criterion("thing", f"It is {event.noun}.", "fact", weight, any_of=(event.subject,), none_of=tuple(sorted(others)))


def place_is(place: str, weight: int, wrong: Iterable[str]) -> Criterion:
    """Names one place and none of the wrong ones."""
    return Criterion(
        "place", f"It is the {place}.", "place", weight, any_of=_said(place), none_of=tuple(x for p in wrong for x in _said(p))
    )


def happens_in(w: Words, sight: Appearance | Event | Sign, exclude: Appearance | None = None) -> Criterion:
    """Where something is; a place that the user may well speak of does no harm."""
    allowed = {w.place_of(sight)} | ({w.place_of(exclude)} if exclude else set())
    return place_is(w.place_of(sight), HIGH, [p for p in PLACES if p not in allowed])


def _said(place: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((PLACES[place].name, PLACES[place].capitals.lower(), PLACES[place].where.split(" the ")[1])))


def number_is(n: int, noun: str, *, weight: int = HIGH, allowed: tuple[int, ...] = ()) -> Criterion:
    """Gives a number, in digits or as a word; other numbers of the same noun spoil it, but for those that the user spoke of."""
    said = tuple(f"{x} {noun}" for k in range(1, len(_NUMBERS)) if k not in {n, *allowed} for x in (str(k), _NUMBERS[k]))
    mine = (str(n), _NUMBERS[n]) if n < len(_NUMBERS) else (str(n),)
    return Criterion("number", f"There are {n} {noun}.", "fact", weight, any_of=mine, none_of=said)


def comes_first(first: str, last: str) -> Criterion:
    """Says which of two things is seen before the other."""
    right, wrong = _orders(first, last), _orders(last, first)
    return Criterion("order", f"The {first} is first.", "fact", HIGH, any_of=right, none_of=wrong)


def _orders(a: str, b: str) -> tuple[str, ...]:
    """Ways to say that a comes before b."""
    firsts = (f"{a} {verb} first".replace("  ", " ") for verb in _VERBS)
    befores = (f"{a} {verb} before".replace("  ", " ") for verb in _VERBS)
    afters = (f"{b} {verb} {word}".replace("  ", " ") for verb in _VERBS for word in ("after", "second", "later", "last"))
    return (*firsts, f"first {a}", *(f"first {verb} {a}" for verb in _VERBS if verb), *befores, *afters)


def time_is(entry: Entry, weight: int = LOW) -> Criterion:
    """A time in an interval or near it, as a clock or in seconds."""
    seconds = range(max(0, int(entry.start) - _NEARBY), int(entry.end) + _NEARBY + 1)
    forms = (
        f
        for t in seconds
        for f in (clock(t), f"{t // 60:02d}:{t % 60:02d}", f"{t // 3600}:{t // 60 % 60:02d}:{t % 60:02d}", f"{t} seconds", f"{t} s")
    )
    return Criterion("time", f"It is at about {clock(entry.start)}.", "time", weight, any_of=tuple(dict.fromkeys(forms)))
