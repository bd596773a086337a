"""How much of what an agent asks for is in a sentence: words without endings, a few synonyms, colours bound to their things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

_WORD: Final = re.compile(r"[^\W_]+(?:[:.][^\W_]+)*")
_QUOTED: Final = re.compile(r"\"([^\"]{1,200})\"|“([^”]{1,200})”|(?<!\w)'([^']{1,200})'(?!\w)")
_READ_CHARS: Final = 2000  # of what an agent writes
_STOP: Final = frozenset(
    (
        *("a", "about", "all", "an", "and", "any", "anything", "are", "as", "at", "be", "been", "by", "can", "color", "colour", "did"),
        *(
            "do",
            "does",
            "for",
            "frame",
            "frames",
            "from",
            "had",
            "has",
            "have",
            "how",
            "i",
            "in",
            "into",
            "is",
            "it",
            "its",
            "many",
            "me",
            "moment",
            "much",
            "object",
        ),
        *(
            "of",
            "on",
            "once",
            "one",
            "or",
            "out",
            "picture",
            "see",
            "seen",
            "show",
            "shown",
            "shows",
            "something",
            "that",
            "the",
            "their",
            "them",
        ),
        *(
            "there",
            "these",
            "they",
            "thing",
            "things",
            "this",
            "through",
            "time",
            "times",
            "to",
            "video",
            "visible",
            "was",
            "were",
            "what",
            "when",
        ),
        *("where", "whether", "which", "while", "who", "whom", "whose", "will", "with", "you"),
    )
)
_SAME: Final = (
    ("sign", "signs", "board", "banner", "caption", "poster", "notice", "billboard", "placard"),
    ("says", "said", "say", "saying", "text", "words", "word", "written", "writing", "write", "reads", "read", "reading", "letters"),
    ("person", "persons", "people", "somebody", "someone", "man", "men", "woman", "women", "pedestrian", "walker"),
    ("passes", "pass", "past", "cross", "crosses", "across", "crossing", "goes", "go", "going", "moves", "moving", "travels", "appear"),
    ("loses", "lose", "lost", "losing", "drop", "drops", "dropped", "dropping", "falls", "fall", "fell", "falling"),
    ("parcel", "package", "packet"),
    ("airship", "zeppelin", "blimp", "dirigible"),
    ("van", "car", "truck", "lorry", "vehicle"),
    ("scooter", "moped", "motorbike", "motorcycle"),
    ("parrot", "bird"),
    ("coat", "jacket"),
    ("hat", "cap"),
    ("harbour", "harbor", "port", "dock"),
    ("mill", "windmill"),
    ("plane", "airplane", "aeroplane", "aircraft"),
    ("lamp", "light", "lights"),
    ("purple", "violet"),
    ("grey", "gray"),
    ("sky", "air"),
    ("ground", "floor"),
)
COLOURS: Final = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "black", "grey", "brown")
_ABOUT_TEXT: Final = ("sign", "says")  # of a query: they name what is looked for, and are not written on it
_CANONICAL: Final = {word: words[0] for words in (*_SAME, *((c,) for c in COLOURS)) for word in words}


class Query(NamedTuple):
    """What an agent asks for.

    Attributes:
        words: without stop words, in their basic form.
        bound: pairs of a colour and its thing, ``("red", "balloon")``.
        quoted: texts in quotation marks, in lower case.
    """

    words: frozenset[str]
    bound: frozenset[tuple[str, str]]
    quoted: tuple[str, ...]


def basic(word: str) -> str:
    """A word in lower case without its ending, or the first of its synonyms."""
    low = word.casefold()
    if low in _CANONICAL:
        return _CANONICAL[low]
    stem = low
    for ending, instead, least in (("ies", "y", 5), ("ing", "", 6), ("ed", "", 5), ("es", "", 5), ("s", "", 4), ("e", "", 4)):
        if stem.endswith(ending) and len(stem) >= least and not stem.endswith("ss"):
            stem = stem[: -len(ending)] + instead
            break
    return _CANONICAL.get(stem, stem)


@lru_cache(maxsize=4096)
def query_of(text: str) -> Query:
    """What a text asks for, or what a sentence says."""
    text = text[:_READ_CHARS]
    every = [basic(w) for w in _WORD.findall(text)]
    quoted = tuple(next(part for part in m.groups() if part).casefold().strip() for m in _QUOTED.finditer(text))
    words = frozenset(basic(w) for w in _WORD.findall(text) if w.casefold() not in _STOP)
    return Query(words, frozenset(_bound(every)), tuple(q for q in quoted if q))


def fit_of(asked: str, sentence: str) -> float:
    """How well a sentence fits what is asked for: 0 (not at all) to 1 (all words of it are there).

    It is 0 when the sentence gives one of the things another colour, or lacks a text in quotation marks.
    """
    query, said = query_of(asked), query_of(sentence)
    if not query.words:
        return 0.0
    if any(q not in sentence.casefold() for q in query.quoted):
        return 0.0
    coloured = {thing for _, thing in said.bound}
    if any(thing in coloured and (colour, thing) not in said.bound for colour, thing in query.bound):
        return 0.0
    return len(query.words & said.words) / len(query.words)


def squeezed(text: str) -> str:
    """Letters and digits only, in lower case: text recognition loses spaces, signs and case."""
    return "".join(c for c in text.casefold() if c.isalnum())


def text_fit_of(asked: str, read: str) -> float:
    """The share of the words asked for that stand in a text that was read, also where spaces were lost: 0 to 1."""
    query, text = query_of(asked), squeezed(read)
    if query.quoted:
        return float(all(squeezed(q) in text for q in query.quoted))
    words = {w for w in map(squeezed, _WORD.findall(asked[:_READ_CHARS])) if len(w) > 1 and w not in _STOP and basic(w) not in _ABOUT_TEXT}
    return sum(w in text for w in words) / len(words) if words else 0.0


def _bound(words: list[str]) -> Iterator[tuple[str, str]]:
    for a, b in pairwise(words):
        if a in COLOURS and b not in COLOURS:
            yield a, b
