"""Questions about what is heard, and about what is seen while it is heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mtenvs.envs.video.own.questions_codes import codes_like, spellings, texts_like
from mtenvs.envs.video.own.questions_words import Draft, Words, mix
from mtenvs.envs.video.own.script import Beep, Event, Sign
from mtenvs.envs.video.own.vocabulary import PLACES
from mtenvs.envs.video.own.wording import KEYS, SPEAKERS
from mtenvs.envs.video.question import Evidence

_CODE: Final = (
    "Which code opens the {key}?",
    "Somebody gives the code of the {key}. What is it?",
    "Listen for the {key}: what is its code?",
)
_OPENS: Final = ("What does the code {code} open?", "Somebody says the code {code}. What is it for?")
_GIVES: Final = ("Who gives the code of the {key}?", "Whose voice gives the code of the {key}?")
_SPEAKER: Final = ('Who says "{text}"?', 'Somebody says "{text}" Who is it?')
_NO_KEY: Final = ("For which of these is no code given?", "Somebody gives the code of four of these. Of which one is none given?")
_WHILE: Final = (
    'What goes by while {speaker} says "{text}"?',
    'Something goes by just when {speaker} says "{text}" What is it?',
)
_READ: Final = (
    'What can one read in the picture while {speaker} says "{text}"?',
    'Which words are in sight while {speaker} says "{text}"?',
)
_BEEPS: Final = ("What goes by while {row} sounds?", "Something goes by while {row} sounds. What is it?")
_SPOKEN_AT: Final = (
    "Where does the film play while {speaker} gives the code of the {key}?",
    "Which place is in the picture when the code of the {key} is given?",
)
_SPEAKS: Final = ("Who speaks while {doing}?", "Whose voice does one hear while {doing}?")


def code(w: Words) -> Iterator[Draft]:
    """The code of a thing."""
    for x in w.only_codes:
        text = w.pick(_CODE, x.id).format(key=x.key)
        wrong = codes_like(w.rng("code", x.id), x.value, [c.value for c in w.codes])
        yield Draft("code", text, x.value, wrong, (w.heard(x),), spellings(x.value))


def opens(w: Words) -> Iterator[Draft]:
    """What a code opens."""
    said = [c.value for c in w.codes]
    for x in w.only_codes:
        if said.count(x.value) == 1:
            text = w.pick(_OPENS, x.id).format(code=x.value)
            wrong = mix(w.rng("opens", x.id), f"the {x.key}", [f"the {k}" for k in KEYS])
            yield Draft("opens", text, f"the {x.key}", wrong, (w.heard(x),), (f"{x.key}",))


def gives(w: Words) -> Iterator[Draft]:
    """Who gives a code."""
    for x in w.only_codes:
        text = w.pick(_GIVES, x.id).format(key=x.key)
        yield Draft("gives", text, x.speaker, mix(w.rng("gives", x.id), x.speaker, SPEAKERS), (w.heard(x),))


def speaker(w: Words) -> Iterator[Draft]:
    """Who says a sentence that is said once."""
    for x in w.cues:
        text = w.pick(_SPEAKER, x.id).format(text=x.text)
        yield Draft("speaker", text, x.speaker, mix(w.rng("speaker", x.id), x.speaker, SPEAKERS), (w.heard(x),))


def no_key(w: Words) -> Iterator[Draft]:
    """Of what no code is given."""
    rng, given = w.rng("no_key"), {c.key: c for c in w.codes}
    never = [k for k in KEYS if k not in given]
    if len(given) >= 4 and never:
        some = rng.sample(list(given.values()), 4)
        heard = tuple(w.heard(c) for c in sorted(some, key=lambda c: c.start))
        yield Draft("no_key", w.pick(_NO_KEY), f"the {rng.choice(never)}", tuple(f"the {c.key}" for c in some), heard)


def cue(w: Words) -> Iterator[Draft]:
    """What is in sight while somebody says something."""
    for x in w.cues:
        entry, rng = w.script.entries.get(x.beside), w.rng("cue", x.id)
        said = {"speaker": w.speaker(x), "text": x.text}
        if isinstance(entry, Event) and entry.kind == "pass" and w.alone(entry, x):
            text = w.pick(_WHILE, x.id).format(**said)
            yield Draft("cue_event", text, entry.noun, mix(rng, entry.noun, w.nouns, w.never), (w.heard(x), w.seen(entry)))
        elif isinstance(entry, Sign) and w.alone(entry, x):
            text = w.pick(_READ, x.id).format(**said)
            yield Draft("cue_sign", text, entry.text, texts_like(w, entry.text), (w.heard(x), w.seen(entry)))


def beeps(w: Words) -> Iterator[Draft]:
    """What goes by while beeps sound."""
    for b in w.beeps:
        entry = w.script.entries.get(b.beside)
        row = row_of(w, b)
        if row and isinstance(entry, Event) and entry.kind == "pass" and w.alone(entry, b):
            text = w.pick(_BEEPS, b.id).format(row=row)
            yield Draft("beeps", text, entry.noun, mix(w.rng("beeps", b.id), entry.noun, w.nouns, w.never), (w.heard(b), w.seen(entry)))


def speaks(w: Words) -> Iterator[Draft]:
    """Who speaks while something goes by."""
    for e in w.passes:
        said = [x for x in w.lines if x.start < e.end and e.start < x.end]
        if len(said) == 1 and min(said[0].end, e.end) - max(said[0].start, e.start) > 0.5:
            text = w.pick(_SPEAKS, e.id).format(doing=w.doing(e))
            wrong = mix(w.rng("speaks", e.id), said[0].speaker, SPEAKERS)
            yield Draft("speaks", text, said[0].speaker, wrong, (w.seen(e), w.heard(said[0])))


def spoken_at(w: Words) -> Iterator[Draft]:
    """Where the film plays while a code is given."""
    for x in w.only_codes:
        scene = w.script.scene_at(x.start)
        if scene.end >= x.end and not shown_first(w, x.start, x.end):
            text = w.pick(_SPOKEN_AT, x.id).format(speaker=w.speaker(x), key=x.key)
            right = PLACES[scene.place].where
            seen = Evidence(x.start, x.end, "picture", f"The film plays {right}.")
            yield Draft("spoken_at", text, right, mix(w.rng("spoken_at", x.id), right, w.all_where), (w.heard(x), seen), (scene.place,))


def row_of(w: Words, beep: Beep) -> str | None:
    """A row of beeps in words: by their number where no other row has as many, else by when it begins."""
    if [b.count for b in w.beeps].count(beep.count) == 1:
        return f"a row of {beep.count} short beeps"
    time = w.time(beep.start, beep.end)
    return f"the row of short beeps at {time}" if time else None


def shown_first(w: Words, start: float, end: float) -> bool:
    """Whether one of the frames that an environment shows first is in an interval."""
    times = [w.script.time(k) for n in w.script.hidden_from for k in w.script.uniform(n)]
    return any(start <= t < end for t in times)
