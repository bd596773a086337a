"""Codes, numbers and words of signs as options: wrong ones that are as like each other as they are like the right one.

Were each wrong option the right one with one digit changed, then the one in the middle of them all would be the answer.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

from mtenvs.envs.video.own.questions_words import OPTIONS, Words, mix
from mtenvs.envs.video.own.vocabulary import PLACES
from mtenvs.envs.video.own.wording import NUMBER_SIGNS, PLACE_SIGNS, WORD_SIGNS

NUMBERS: Final = (2, 99)
"""The numbers on signs: from the first to before the second."""
_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TWO: Final = 2


def spellings(digits: str) -> tuple[str, ...]:
    """Further ways to write a number that is read out: ``"4 7 1 9"``, ``"47 19"``, ``"four seven one nine"``."""
    halves = (f"{digits[:2]} {digits[2:]}",) if len(digits) == 2 * _TWO else ()
    return (" ".join(digits), *halves, " ".join(_DIGITS[int(d)] for d in digits))


def codes_like(rng: random.Random, right: str, near: Sequence[str]) -> tuple[str, ...]:
    """Four codes with as many digits as the right one, at least three: it is drawn of all digits, and so are they.

    Together with it they are two pairs, each of which differs in one digit, and one more; the right one is anywhere among them.

    Args:
        rng: draws them.
        right: its digits.
        near: other codes of the film, of which one is taken where there is one.
    """
    known = [n for n in near if n != right and len(n) == len(right)]
    found = [rng.choice(known)] if known else [_fresh(rng, right, (right,))]
    found.append(_fresh(rng, right, (right, *found)))
    heads = [right, found[0], found[1]]
    rng.shuffle(heads)
    return (*found[:2], *(_changed(rng, head, (right, *found)) for head in heads[:2]))


def signs_like(rng: random.Random, right: str, near: Sequence[str]) -> tuple[str, ...]:
    """Four other numbers of signs, drawn as the right one was.

    Args:
        rng: draws them.
        right: its digits.
        near: other numbers of the film.
    """
    return mix(rng, right, near, [str(n) for n in range(*NUMBERS)])


def numbers_like(rng: random.Random, right: int) -> tuple[str, ...]:
    """Four other small numbers, drawn without regard to the right one.

    Args:
        rng: draws them.
        right: the right number, at least 1.
    """
    return tuple(str(n) for n in rng.sample([n for n in range(1, max(8, right + 2) + 1) if n != right], OPTIONS - 1))


def texts_like(w: Words, text: str) -> tuple[str, ...]:
    """Four other texts for a sign: words for words; else some of the ways to write a number or a place, crossed with some of these."""
    rng = w.rng("texts_like", text)
    there = {s.text for s in w.signs}
    sign = next(s for s in w.signs if s.text == text)
    if sign.about not in {"number", "place"}:
        return mix(rng, text, [t for t in WORD_SIGNS if t in there], [t for t in WORD_SIGNS if t not in there])
    said = PLACES[sign.value].capitals if sign.about == "place" else sign.value
    mine = text.replace(said, "{}", 1)
    templates = [mine, *rng.sample([t for t in (PLACE_SIGNS if sign.about == "place" else NUMBER_SIGNS) if t != mine], 2)]
    if sign.about == "place":
        values = [said, rng.choice([p.capitals for p in PLACES.values() if p.capitals != said])]
    else:
        values = [said, rng.choice(signs_like(rng, said, [s.value for s in w.signs if s.about == "number"]))]
    grid = [t.format(v) for t in templates for v in values]
    grid.remove(text)
    return tuple(rng.sample(grid, OPTIONS - 1))


def _changed(rng: random.Random, digits: str, taken: Sequence[str]) -> str:
    """One digit is another."""
    while True:
        at = rng.randrange(len(digits))
        found = digits[:at] + rng.choice([d for d in "0123456789" if d != digits[at]]) + digits[at + 1 :]
        if found not in taken:
            return found


def _fresh(rng: random.Random, like: str, taken: Sequence[str]) -> str:
    """As many digits, any of them."""
    while True:
        found = "".join(rng.choice("0123456789") for _ in like)
        if not any(found == t or _one_apart(found, t) for t in taken):
            return found


def _one_apart(a: str, b: str) -> bool:
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1
