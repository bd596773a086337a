"""How questions speak of what is in a film: words that mean one entry of its script and no other."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from mtenvs.envs.video.own.geometry import box_of
from mtenvs.envs.video.own.script import Appearance, Beep, Event, Line, Person, Script, Sign
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES, SUBJECTS, an
from mtenvs.envs.video.question import Evidence

OPTIONS: Final = 5
_T = TypeVar("_T")
_SIGN_WHERE: Final = {"board": "on a board", "banner": "on a banner that a plane pulls", "caption": "over the foot of the picture"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before its options are put in order.

    Args:
        kind: which maker made it; a film's questions of one skill are of as many kinds as possible.
        text: of the question.
        right: the answer.
        wrong: four other answers, all false and different.
        evidence: as of a question.
        accepted: as of a question.
    """

    kind: str
    text: str
    right: str
    wrong: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    accepted: tuple[str, ...] = ()


def clock(seconds: float) -> str:
    """``m:ss``, as questions write it; the minutes may be more than 59."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def moment(start: float, end: float) -> int | None:
    """A whole second near the middle of an interval, all of which is in the interval but its last tenth; None if there is none."""
    middle = (start + end) / 2
    seconds = [t for t in range(int(start), int(end) + 1) if start <= t and t + 0.9 <= end]
    return min(seconds, key=lambda t: abs(t + 0.5 - middle)) if seconds else None


def mix(rng: random.Random, right: str, near: Iterable[str], far: Iterable[str] = ()) -> tuple[str, ...]:
    """Wrong options: some that do occur in the film, where there are any, and others that do not.

    Args:
        rng: draws them.
        right: is not among them.
        near: what occurs elsewhere in the film.
        far: what does not occur.

    Returns:
        Four, or fewer where the two do not hold four.
    """
    shuffled = [rng.sample(pool, len(pool)) for pool in (_without(near, right), _without(far, right))]
    first = rng.randint(1, 3)
    ranked = dict.fromkeys((*shuffled[0][:first], *shuffled[1], *shuffled[0][first:]))
    return tuple(ranked)[: OPTIONS - 1]


def _without(pool: Iterable[str], right: str) -> list[str]:
    return list(dict.fromkeys(p for p in pool if p != right))


class Words:
    """Speaks of one film. What it returns is the same whenever it is asked.

    Args:
        script: of the film.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.lines = sorted(script.lines, key=lambda x: x.start)
        self.codes = [x for x in self.lines if x.about == "code"]
        self.events = sorted(script.events, key=lambda x: x.start)
        self.passes = [e for e in self.events if e.kind == "pass"]
        self.drops = [e for e in self.events if e.kind == "drop"]
        self.signs = sorted(script.signs, key=lambda x: x.start)
        self.beeps = sorted(script.beeps, key=lambda x: x.start)
        texts = [x.text for x in self.lines]
        self.cues = [x for x in self.lines if x.about == "cue" and texts.count(x.text) == 1]
        keys = [x.key for x in self.lines if x.about == "code"]
        self.only_codes = [x for x in self.codes if keys.count(x.key) == 1]

    def rng(self, *purpose: str) -> random.Random:
        """A stream of its own for each purpose."""
        return random.Random("/".join((self.script.name, str(self.script.seed), "questions", *purpose)))

    def pick(self, phrasings: Sequence[_T], *purpose: str) -> _T:
        """One of several ways to say the same."""
        return self.rng("phrasing", *purpose).choice(phrasings)

    # ---- where ----

    def place_of(self, sight: Appearance | Event | Sign) -> str:
        """The name of the place where something is in sight."""
        return self.script.scene(sight.scene).place

    def where(self, sight: Appearance | Event | Sign) -> str:
        """Such as ``"at the harbour"``."""
        return PLACES[self.place_of(sight)].where

    def names(self, sight: Appearance | Event | Sign) -> tuple[str, ...]:
        """Other ways to say where."""
        name = self.place_of(sight)
        return tuple(dict.fromkeys((name, PLACES[name].capitals.lower())))

    @cached_property
    def all_where(self) -> tuple[str, ...]:
        """How every place is said, those of this film first."""
        mine = dict.fromkeys(s.place for s in self.script.scenes)
        return tuple(PLACES[p].where for p in (*mine, *(p for p in PLACES if p not in mine)))

    def time(self, start: float, end: float) -> str | None:
        """A time such as ``"12:34"`` within an interval; None where no whole second is in it."""
        found = moment(start, end)
        return None if found is None else clock(found)

    # ---- who and what ----

    def looks(self, person: Person) -> str:
        """A person, told from all others of the film, also from those in the same coat."""
        twins = [p for p in self.script.people if p.coat == person.coat and p.id != person.id]
        return person.looks if person.hat or not twins else f"{person.looks} and no hat"

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """Everything that passes, in the order of time."""
        return tuple(e.noun for e in self.passes)

    @cached_property
    def never(self) -> tuple[str, ...]:
        """Things that could pass and do not, in a seeded order."""
        there = {(e.subject, e.colour) for e in self.events}
        found = [an(f"{c} {s}") for s in SUBJECTS for c in COLOURS if (s, c) not in there]
        self.rng("never").shuffle(found)
        return tuple(found)

    @staticmethod
    def doing(event: Event) -> str:
        """An event as a clause: ``"a red balloon drifts across the sky"``."""
        return f"{event.noun} {SUBJECTS[event.subject].does}" if event.kind == "pass" else f"somebody loses {event.noun}"

    @staticmethod
    def the(event: Event) -> str:
        """``"the red balloon"``."""
        return f"the {event.colour} {event.subject}"

    def sign(self, sign: Sign) -> str | None:
        """Such as ``"the board at the harbour"``; with a time where the film has several such; None where no words single it out."""
        same = [s for s in self.signs if s.kind == sign.kind]
        name = {"board": "the board", "banner": "the banner that a plane pulls", "caption": "the caption over the picture"}[sign.kind]
        if len([s for s in same if self.place_of(s) == self.place_of(sign)]) == 1:
            return f"{name} {self.where(sign)}"
        time = self.time(sign.start, sign.end)
        alone = time is not None and not [s for s in same if s.id != sign.id and s.scene == sign.scene]
        return f"{name} {self.where(sign)} at {time}" if alone else None

    def sees(self, entry: Appearance | Event | Sign) -> str:
        """An entry as an answer: a thing, a person, or the words on a sign."""
        if isinstance(entry, Appearance):
            return self.looks(self.script.person(entry.person))
        return entry.noun if isinstance(entry, Event) else f'"{entry.text}"'

    @staticmethod
    def speaker(line: Line) -> str:
        """Who speaks, inside a sentence."""
        return "the announcer" if line.speaker == "Announcer" else line.speaker

    def alone(self, entry: Appearance | Event | Sign, sound: Line | Beep) -> bool:
        """Whether nothing else of the same sort is in sight while a sound lasts, and the entry is for a part of it."""
        pool: Sequence[Appearance | Event | Sign]
        pool = self.events if isinstance(entry, Event) else self.signs if isinstance(entry, Sign) else self.script.appearances
        return [e.id for e in pool if e.start < sound.end and sound.start < e.end] == [entry.id]

    # ---- evidence ----

    def seen(self, entry: Appearance | Event | Sign) -> Evidence:
        """The evidence of something in the picture."""
        if isinstance(entry, Event):
            who = f", lost by {self.looks(self.script.person(entry.person))}" if entry.person else ""
            what = f"{entry.noun}{who}, {self.where(entry)}"
        elif isinstance(entry, Sign):
            what = f'the words "{entry.text}" {_SIGN_WHERE[entry.kind]}, {self.where(entry)}'
        else:
            what = f"{self.sees(entry)}, {self.where(entry)}"
        return Evidence(entry.start, entry.end, "picture", f"{capital(what)}.", box_of(self.script, entry))

    def heard(self, entry: Line | Beep) -> Evidence:
        """The evidence of something said or sounded."""
        if isinstance(entry, Beep):
            return Evidence(entry.start, entry.end, "sound", f"{entry.count} short beeps.")
        return Evidence(entry.start, entry.end, "speech", f'{entry.speaker} says: "{entry.text}"')


def capital(words: str) -> str:
    """The first letter is a capital."""
    return words[:1].upper() + words[1:]
