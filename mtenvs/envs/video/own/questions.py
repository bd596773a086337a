"""Questions about one of our own films, made of its script: as many of each skill as the film's tier has, each with one right option."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own import questions_film as film
from mtenvs.envs.video.own import questions_heard as heard
from mtenvs.envs.video.own import questions_linked as linked
from mtenvs.envs.video.own import questions_seen as seen
from mtenvs.envs.video.own.questions_words import OPTIONS, Draft, Words
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.question import LETTERS, SKILLS, TIERS, Question

Maker = Callable[[Words], Iterator[Draft]]

MAKERS: Final[Mapping[str, tuple[Maker, ...]]] = {
    "event": (seen.timed, seen.parcel_timed, seen.colour, seen.place, seen.loser),
    "order": (seen.order, seen.first_or_last, seen.after),
    "count": (film.beep_count, film.shots, film.things),
    "sign": (seen.sign_text, seen.sign_number, seen.sign_place, seen.sign_where),
    "speech": (heard.code, heard.opens, heard.gives, heard.speaker, heard.no_key),
    "crossmodal": (heard.cue, heard.beeps, heard.speaks, heard.spoken_at),
    "absence": (film.no_thing, film.no_person, film.no_sign),
    "twohop": (linked.there, linked.loser_elsewhere, linked.number_there, linked.place_sign),
}
"""Skill -> what makes drafts of it."""
LEADING: Final = {"event": ("timed", "parcel_timed")}
"""Skill -> kinds of which the first question of that skill is, where a film allows it: it asks for a time as ``m:ss``."""
_COMMON: Final = {"1": 0.7, "2": 0.5, "3": 0.6, "4": 2.0, "5": 1.5, "6": 4.0, "7": 8.0}
"""Weights of the answers of counts: in most films few things happen often."""


def questions_of(script: Script) -> list[Question]:
    """The questions about a film: of each skill, in the order of `SKILLS`, 1 about a clip, 2 about a short, 4 about longer films.

    Args:
        script: of the film, named ``<tier>-<seed>``.

    Returns:
        The same list for the same script. Each has 5 options of which exactly one is true.

    Raises:
        DataError: too little happens in the film; the message names the skill.
    """
    words, n = Words(script), TIERS.get(script.name.partition("-")[0], 1)
    return [q for skill in SKILLS for q in _of_skill(words, skill, n)]


def drafts_of(words: Words, skill: str) -> list[Draft]:
    """All that can be asked of a skill about a film, in a seeded order.

    An answer that many of them have comes no earlier than one that few have, so that it is no good guess.
    """
    found = [d for maker in MAKERS[skill] for d in maker(words) if len(set(d.wrong) - {d.right}) == OPTIONS - 1]
    rng = words.rng(skill)
    often = Counter(d.right for d in found)
    weight = {d.right: _COMMON.get(d.right, 1.0) / often[d.right] if skill == "count" else 1.0 / often[d.right] for d in found}
    return sorted(found, key=lambda d: -(rng.random() ** (1 / weight[d.right])))


def finish(draft: Draft, skill: str, rng: random.Random) -> Question:
    """A question whose options are in a drawn order, the right one at any place."""
    options = rng.sample(draft.wrong, OPTIONS - 1)
    at = rng.randrange(OPTIONS)
    options.insert(at, draft.right)
    return Question(draft.text, tuple(options), LETTERS[at], skill, draft.evidence, (draft.right, *draft.accepted))


def _of_skill(words: Words, skill: str, n: int) -> list[Question]:
    chosen = varied(drafts_of(words, skill), n, LEADING.get(skill, ()))
    if len(chosen) < n:
        raise DataError(f"the film {words.script.name} has matter for {len(chosen)} of {n} questions of the skill {skill!r}")
    return [finish(d, skill, words.rng(skill, str(k))) for k, d in enumerate(chosen)]


def varied(drafts: Sequence[Draft], n: int, leading: Sequence[str] = ()) -> list[Draft]:
    """Drafts that ask for different things in different ways: each time the one whose kind and evidence were used least.

    Args:
        drafts: in the order in which they are preferred when nothing else decides.
        n: at most how many.
        leading: of which kinds the first is to be, if there is one.
    """
    kinds: Counter[str] = Counter()
    looked: Counter[tuple[float, float]] = Counter()
    left, chosen = list(drafts), list[Draft]()
    while left and len(chosen) < n:
        first = [d for d in left if d.kind in leading] if not chosen else []
        best = min(first or left, key=lambda d: kinds[d.kind] + max(looked[e.start, e.end] for e in d.evidence))
        left = [d for d in left if d.text != best.text]
        chosen.append(best)
        kinds[best.kind] += 1
        looked.update((e.start, e.end) for e in best.evidence)
    return chosen
