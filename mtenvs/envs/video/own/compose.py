"""From a seed to a script: enough happens for every skill that is asked about, and none of it in the frames that are shown first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np

from mtenvs.envs.video.own import soundtrack
from mtenvs.envs.video.own.entries import SIGN_KINDS
from mtenvs.envs.video.own.script import Appearance, Event, Person, Script, Sign
from mtenvs.envs.video.own.staging import Beat, stage
from mtenvs.envs.video.own.timeline import place_shots, slots
from mtenvs.envs.video.own.vocabulary import COLOURS, PLACES, STYLES, SUBJECTS
from mtenvs.envs.video.own.wording import NUMBER_SIGNS, PLACE_SIGNS, WORD_SIGNS

FPS: Final = 25
GOP: Final = 50
_TRIES: Final = 400
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Tier:
    """How much a film of some length holds.

    Args:
        seconds: length of the film.
        hidden_from: numbers of evenly spread frames in which nothing is in sight.
        passes: things that cross the picture, beside those that a sign sends one to.
        places: signs that name a place, at which exactly one thing passes.
        words, numbers: signs with words, signs with a number.
        drops: persons who drop a parcel and are seen once more, later.
        counted: for each person who is to be counted, in how many scenes they are.
        others: persons with a hat who are seen once.
        codes: spoken codes.
        beeps: rows of beeps, half of them while something is in sight.
        cues: sentences said while something is in sight.
        fillers: how many different ones, and of how many GOPs at most.
        longest: frames of a stretch in which one scene is placed.
    """

    seconds: float
    hidden_from: tuple[int, ...]
    passes: int
    places: int
    words: int
    numbers: int
    drops: int
    counted: tuple[int, ...]
    others: int
    codes: int
    beeps: int
    cues: int
    fillers: int = 0
    filler_gops: int = 6
    longest: int = 400


TIERS: Final[dict[str, Tier]] = {
    "clip": Tier(90, (8, 12), 4, 1, 1, 1, 1, (3,), 0, 1, 2, 1, longest=104),
    "short": Tier(600, (8, 12, 128), 10, 2, 3, 3, 2, (5, 3), 2, 3, 4, 3, fillers=8),
    "long": Tier(3600, (8, 12, 128), 16, 3, 5, 5, 3, (6, 4), 3, 4, 6, 5, fillers=36, filler_gops=10),
    "epic": Tier(7200, (8, 12, 128), 20, 3, 6, 6, 3, (7, 5, 3), 4, 5, 8, 6, fillers=48, filler_gops=12),
}


@dataclass(slots=True)
class _Draft:
    rng: np.random.Generator
    tier: Tier
    people: list[Person] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    count: int = 0

    def id(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def pick(self, options: Sequence[_T], n: int) -> list[_T]:
        return [options[int(i)] for i in self.rng.permutation(len(options))[:n]]

    def side(self) -> int:
        return int(self.rng.choice((-1, 1)))


def compose(tier: str, seed: int) -> Script:
    """Write a script; the same tier and seed give the same script on every machine.

    Args:
        tier: ``"clip"`` (90 s), ``"short"`` (10 min), ``"long"`` (1 h) or ``"epic"`` (2 h).
        seed: any whole number from 0 on.

    Returns:
        A script that passes all checks. Nothing of `Script.sights` is in sight in any of the first frames, `Script.hidden_from`.
    """
    of = TIERS[tier]
    rng = np.random.default_rng([seed, list(TIERS).index(tier), 20])
    frames = round(of.seconds * FPS)
    shown = [k * (frames - 1) // (n - 1) for n in of.hidden_from for k in range(n)]
    free = slots(frames, shown, of.longest)
    for _ in range(_TRIES):
        draft = _Draft(rng, of)
        _fill(draft)
        beats = sorted(draft.beats, key=lambda b: b.order)
        chosen = [free[int(k)] for k in sorted(rng.permutation(len(free))[: len(beats)])]
        try:
            shots = place_shots(rng, chosen, [b.rigid for b in beats], [b.wish for b in beats], frames)
        except (ValueError, IndexError):
            continue
        break
    else:  # a tier's amounts leave room, or the tests fail
        raise AssertionError(f"no room for the scenes of {tier}-{seed}")
    scenes, sights = stage(rng, beats, shots, frames, FPS, GOP, of.fillers, of.filler_gops)
    lines, beeps = soundtrack.write(rng, of.seconds, FPS, sights, of.codes, of.beeps, of.cues)
    script = Script(
        name=f"{tier}-{seed}",
        seed=seed,
        seconds=float(of.seconds),
        fps=FPS,
        width=640,
        height=360,
        gop=GOP,
        style=STYLES[seed % len(STYLES)],
        hidden_from=of.hidden_from,
        scenes=tuple(scenes),
        people=tuple(draft.people),
        appearances=tuple(s for s in sights if isinstance(s, Appearance)),
        events=tuple(s for s in sights if isinstance(s, Event)),
        signs=tuple(s for s in sights if isinstance(s, Sign)),
        lines=tuple(lines),
        beeps=tuple(beeps),
    )
    return Script.from_dict(script.to_dict())


def _fill(d: _Draft) -> None:
    """Draw what happens, without times."""
    reserved = d.pick(list(PLACES), d.tier.places)
    open_places = [p for p in PLACES if p not in reserved]
    pairs = d.pick([(s, c) for s in SUBJECTS for c in COLOURS], len(SUBJECTS) * len(COLOURS))
    things = _varied(pairs, d.tier.passes + d.tier.places)
    for k, (subject, colour) in enumerate(things):
        place = reserved[k] if k < len(reserved) else d.pick(open_places, 1)[0]
        slow = SUBJECTS[subject].pace
        high = float(d.rng.integers(16, 44)) / 100 if SUBJECTS[subject].lane == "sky" else 0.0
        event = Event(d.id("e"), "pass", subject, colour, "", 0, 0, d.side(), high)
        d.beats.append(Beat(d.rng.random(), [event], place, (int(slow[0] * FPS), int(slow[1] * FPS))))
    texts = [t.format(PLACES[p].capitals) for t, p in zip(d.pick(PLACE_SIGNS, len(reserved)), reserved, strict=True)]
    about = [("place", p) for p in reserved] + [("", "")] * d.tier.words
    texts += d.pick(WORD_SIGNS, d.tier.words)
    for template in d.pick(NUMBER_SIGNS, d.tier.numbers):
        number = str(int(d.rng.integers(2, 99)))
        texts.append(template.format(number))
        about.append(("number", number))
    turn = int(d.rng.integers(len(SIGN_KINDS)))
    for k, (text, (what, value)) in enumerate(zip(texts, about, strict=True)):
        _sign(d, SIGN_KINDS[(k + turn) % len(SIGN_KINDS)], text, what, value)
    _people(d, open_places)


def _sign(d: _Draft, kind: str, text: str, about: str, value: str) -> None:
    small = d.rng.random() < 0.6
    pixels = int(d.rng.integers(13, 17)) if small else int(d.rng.integers(18, 27))
    sign = Sign(d.id("w"), kind, text, "", 0, 0, pixels, about, value, d.side(), float(d.rng.integers(16, 30)) / 100)
    d.beats.append(Beat(d.rng.random(), [sign], "", (75, 125), rigid=kind == "board", still=True))


def _people(d: _Draft, places: Sequence[str]) -> None:
    coats = d.pick(list(COLOURS), len(COLOURS))
    hats = d.pick([c for c in COLOURS if c != "white"], len(COLOURS) - 1)
    parcels = d.pick(list(COLOURS), d.tier.drops)
    for k in range(d.tier.drops):  # they wear no hat, and each a coat that nobody else wears
        person = Person(d.id("p"), coats.pop())
        d.people.append(person)
        way = Appearance(d.id("a"), person.id, "", 0, 0, "cross", d.side())
        drop = Event(d.id("e"), "drop", "parcel", parcels[k], "", 0, 0, way.side, 0.0, person.id, way.id)
        at = d.rng.random() * 0.6
        here, there = d.pick(places, 2)
        d.beats.append(Beat(at, [way, drop], here, (85, 110), rigid=True, still=True))
        again = Appearance(d.id("a"), person.id, "", 0, 0, str(d.rng.choice(["cross", "visit"])), d.side())
        d.beats.append(Beat(at + (1 - at) * (0.1 + 0.9 * d.rng.random()), [again], there, (80, 120)))
    for scenes in (*d.tier.counted, *[1] * d.tier.others):
        person = Person(d.id("p"), coats[len(d.people) % len(coats)], hats.pop())
        d.people.append(person)
        for place in [d.pick(places, 1)[0] for _ in range(scenes)]:
            way_ = str(d.rng.choice(["cross", "visit", "stand"], p=[0.5, 0.3, 0.2]))
            seen = Appearance(d.id("a"), person.id, "", 0, 0, way_, d.side())
            d.beats.append(Beat(d.rng.random(), [seen], place, (80, 120), rigid=way_ == "stand"))


def _varied(pairs: Sequence[tuple[str, str]], n: int) -> list[tuple[str, str]]:
    """The first n pairs that use each subject before one is used again."""
    used: dict[str, int] = {}
    ranked = []
    for subject, colour in pairs:
        ranked.append((used.get(subject, 0), subject, colour))
        used[subject] = used.get(subject, 0) + 1
    ranked.sort(key=lambda r: r[0])
    return [(subject, colour) for _, subject, colour in ranked[:n]]
