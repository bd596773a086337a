"""Which option fits what was seen: things and people by colour and kind, words on signs, and the times of all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mtenvs.envs.video.own.vocabulary import COLOURS, SUBJECTS
from mtenvs.envs.video.tools.seeing_things import KINDS, Patch, hat_over, kinds_of
from mtenvs.envs.video.tools.words import squeezed

_OPTION: Final = re.compile(r"^([A-J])\. (.+)$", re.MULTILINE)
_CLOCK: Final = re.compile(r"\b(\d{1,4}):([0-5]\d)\b")
_QUOTED: Final = re.compile(r'"([^"]*)"')
_PERSON: Final = re.compile(r"person in the (\w+) coat(?: and the (\w+) hat)?")
_SUBJECTS: Final = tuple(k for k in KINDS if k not in ("", "coat"))
_THING: Final = re.compile(rf"\b({'|'.join(COLOURS)}) ({'|'.join(_SUBJECTS)})\b")
_LOST: Final = re.compile(rf"(?=.*\bcoat\b).*\b({'|'.join(COLOURS)}) parcel\b", re.DOTALL)
_HOW_MANY: Final = re.compile(r"\b(how many|count)\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(not|never|cannot|no)\b", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r"\b(place|there)\b", re.IGNORECASE)
_TEXTUAL: Final = re.compile(r"\b(sign|signs|board|banner|caption|read|written|says?|texts?|words|number)\b", re.IGNORECASE)
_ALIKE_KINDS: Final = (("balloon", "kite", "airship", "parrot"), ("cat", "dog", "scooter", "van"), ("duck", "ball", "parcel"))
_CONFUSED: Final = 0.4
_CLEAR: Final = 0.6  # what was there that surely is not the one that is asked for as absent
_COUNTS: Final = 0.5  # from which on a thing is counted
_SOME: Final = 0.3  # from which on a thing is taken to have been there
_NEAR_S: Final = 3.0  # seconds from a time in the question
_ALIKE: Final = 0.84  # of two texts, one read with a mistake


@dataclass(slots=True)
class Seen:
    """One frame that was shown.

    Args:
        time: seconds.
        patches: of strong colour.
        text: all the text in it, from top to bottom.
        shot: number of the shot, by the cuts that were seen; None where nobody looks for them.
        picture: the frame made small, by which motion is seen; None where nobody looks for it.
    """

    time: float
    patches: list[Patch] = field(default_factory=list)
    text: str = ""
    shot: int | None = None
    picture: NDArray[np.uint8] | None = None


class Asked(NamedTuple):
    """A question as its reader takes it.

    Attributes:
        text: without the options and without spoken words.
        options: in order.
        time: seconds that the question names, or None.
        textual: whether words in the picture may matter.
    """

    text: str
    options: tuple[str, ...]
    time: float | None
    textual: bool


class Choice(NamedTuple):
    """The number of an option, and how sure the chooser is of it: 0 (a guess) to 1."""

    option: int
    sure: float


def read_question(goal: str) -> Asked:
    """Take a goal apart."""
    options = tuple(m[2].strip() for m in _OPTION.finditer(goal))
    first = _OPTION.search(goal)
    text = goal[: first.start()] if first else goal
    clock = _CLOCK.search(_QUOTED.sub("", text))
    time = None if clock is None else 60.0 * int(clock[1]) + int(clock[2])
    caps = [o for o in options if any(c.isalpha() for c in o) and o.upper() == o]
    return Asked(text.strip(), options, time, bool(_TEXTUAL.search(text) or caps))


def choose(asked: Asked, seen: Sequence[Seen]) -> Choice:
    """The option that fits best. Where nothing speaks for one it is a guess, always the same for the same question."""
    options, text = asked.options, asked.text
    if not options:
        return Choice(0, 0.0)
    if _HOW_MANY.search(text) and all(o.isdigit() for o in options):
        return _count(asked, seen)
    near = [s for s in seen if asked.time is None or abs(s.time - asked.time) <= _NEAR_S]
    if all(", then " in o for o in options):
        return _order(asked, seen)
    if re.search(r"\b(first|last|soonest)\b", text) and all(_THING.search(o) for o in options):
        return _when(asked, seen)
    lost = _LOST.search(text)
    scores = _coats_beside(lost[1], asked, seen) if lost else [_presence(o, asked, near) for o in options]
    if _NOT.search(text) and asked.time is None:
        return _least(asked, scores)
    return _most(asked, scores)


def _presence(option: str, asked: Asked, seen: Sequence[Seen]) -> float:
    """How surely what an option names was in the frames, 0 to 1."""
    return max((_in_frame(option, asked, s) for s in seen), default=0.0)


def _in_frame(option: str, asked: Asked, seen: Seen) -> float:
    if person := _PERSON.search(option):
        coats = [(kinds_of(p)["coat"], hat_over(p, seen.patches)) for p in seen.patches if p.colour == person[1]]
        return max((sure * (1.0 if hat == (person[2] or "") else 0.3) for sure, hat in coats), default=0.0)
    if thing := _THING.search(option):
        return max((_is(p, thing[2]) for p in seen.patches if p.colour == thing[1]), default=0.0)
    if option.casefold() in COLOURS:
        subject = next((k for k in _SUBJECTS if re.search(rf"\b{k}s?\b", asked.text)), None)
        return max((_is(p, subject) for p in seen.patches if p.colour == option.casefold()), default=0.0) if subject else 0.0
    return _written(option, seen.text)


def _coats_beside(colour: str, asked: Asked, seen: Sequence[Seen]) -> list[float]:
    """For each option how surely somebody in a coat of that colour goes by where a parcel of a colour is seen to lie."""
    scores = [0.0] * len(asked.options)
    for there in seen:
        parcel = max((_is(p, "parcel") for p in there.patches if p.colour == colour), default=0.0)
        for s in seen if parcel >= _SOME else ():
            if abs(s.time - there.time) <= _NEAR_S:
                for i, option in enumerate(asked.options):
                    coats = [kinds_of(p)["coat"] * (1.0 if p.moves else 0.5) for p in s.patches if p.colour == option.casefold()]
                    scores[i] = max(scores[i], parcel * max(coats, default=0.0))
    return scores


def _is(patch: Patch, kind: str) -> float:
    """How surely a patch is a thing of a kind; what is like it counts a little, as colours are surer than kinds."""
    kinds = kinds_of(patch)
    group = next(g for g in _ALIKE_KINDS if kind in g)
    return kinds[kind] + _CONFUSED * sum(kinds[k] for k in group if k != kind)


def _written(option: str, text: str) -> float:
    if not text:
        return 0.0
    if option.isdigit():
        return float(option in re.findall(r"\d+", text))
    words = squeezed(option.removeprefix("the ") if option.islower() else option)
    whole = squeezed(text)
    if len(words) >= 3 and words in whole:
        return 1.0
    lines = [squeezed(line) for line in text.splitlines()] + [whole]
    best = max((SequenceMatcher(None, words, line).ratio() for line in lines), default=0.0)
    return best if best >= _ALIKE else 0.0


def _time_of(thing: str, asked: Asked, seen: Sequence[Seen]) -> tuple[float, float] | None:
    """When a thing was seen, and how surely; None when it was not."""
    sure, time = max(((_in_frame(thing, asked, s), -s.time) for s in seen), default=(0.0, 0.0))
    return (-time, sure) if sure >= _SOME else None


def _when(asked: Asked, seen: Sequence[Seen]) -> Choice:
    times = [_time_of(o, asked, seen) for o in asked.options]
    after, last = 0.0, bool(re.search(r"\blast\b", asked.text))
    if anchor := re.search(r"\bafter (.*)", asked.text, re.IGNORECASE):
        known = _time_of(anchor[1], asked, seen)
        if known is None:
            return _guess(asked)
        after = known[0]
    found = [(t[0], i) for i, t in enumerate(times) if t is not None and t[0] > after]
    if not found:
        return _guess(asked)
    sure = 0.9 if len(found) == len(asked.options) else 0.7 * len(found) / len(asked.options)  # what was missed may have been earlier
    return Choice((max if last else min)(found)[1], sure)


def _order(asked: Asked, seen: Sequence[Seen]) -> Choice:
    fits = []
    for option in asked.options:
        times = [t[0] if t else None for t in (_time_of(part, asked, seen) for part in option.split(", then "))]
        known = [t for t in times if t is not None]
        fits.append(len(known) if len(known) > 1 and known == sorted(known) else 0)
    best = max(fits)
    if best < 2:
        return _guess(asked)
    return _pick(asked, [i for i, f in enumerate(fits) if f == best], 0.9 if best > 2 else 0.7)


def _count(asked: Asked, seen: Sequence[Seen]) -> Choice:
    """In how many shots what is to be counted was seen: a thing goes by in one."""
    person, colour = _PERSON.search(asked.text), re.search(rf"\b({'|'.join(COLOURS)}) things\b", asked.text)
    subject = re.search(rf"\b({'|'.join(_SUBJECTS)})s?\b", asked.text)
    if not (person or colour or subject) or all(s.shot is None for s in seen):
        return _guess(asked)

    def sure(s: Seen) -> float:
        if person:
            return _in_frame(person[0], asked, s)
        if colour:
            return max((sum(kinds_of(p)[k] for k in SUBJECTS) for p in s.patches if p.colour == colour[1]), default=0.0)
        return max((kinds_of(p)[subject[1]] for p in s.patches), default=0.0) if subject else 0.0

    number = len({s.shot for s in seen if s.shot is not None and sure(s) >= _COUNTS})
    off = [abs(int(option) - number) for option in asked.options]
    return _pick(asked, [i for i, d in enumerate(off) if d == min(off)], 0.7 if min(off) == 0 else 0.2)


def _least(asked: Asked, scores: Sequence[float]) -> Choice:
    low = min(scores)
    absent = [i for i, s in enumerate(scores) if s <= max(low, 0.1)]
    others = [s for i, s in enumerate(scores) if i not in absent]
    return _pick(asked, absent, 0.0 if not others else 0.9 if min(others) > _CLEAR else 0.6)


def _most(asked: Asked, scores: Sequence[float]) -> Choice:
    best = max(scores)
    if best < 0.1:
        return _guess(asked)
    near = [i for i, s in enumerate(scores) if s >= best - 0.05]
    return _pick(asked, near, best if not _ELSEWHERE.search(asked.text) else best / 2)  # it does not know one place from another


def _pick(asked: Asked, among: Sequence[int], sure: float) -> Choice:
    """One of equals; the choice is less sure the more there are."""
    return Choice(among[sum(map(ord, asked.text)) % len(among)], sure / len(among))


def _guess(asked: Asked) -> Choice:
    return _pick(asked, range(len(asked.options)), 0.0)
