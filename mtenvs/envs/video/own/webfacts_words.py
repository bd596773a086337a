"""What the pages of the own web are made of: names, years, and how the pages about each sort of sign are worded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

TOWN: Final = "Vellmouth"
SITE: Final = "https://www.vellmouth.example"  # a name that can never be on the real web
FIRST: Final = (
    *("Ada", "Bruno", "Cleo", "Dario", "Elsa", "Falk", "Greta", "Hugo", "Ilse", "Jonas"),
    *("Kaja", "Leon", "Mira", "Nils", "Olga", "Pavel", "Rosa", "Stefan", "Thea", "Viktor"),
)
LAST: Final = (
    *("Alder", "Brandt", "Corvo", "Dahl", "Ebner", "Ferro", "Gallo", "Hartig", "Ibsen", "Jansen"),
    *("Keller", "Lindt", "Moreau", "Novak", "Ostrow", "Petri", "Quist", "Rossi", "Salo", "Tamm"),
    *("Ulmer", "Varga", "Weller", "Yster", "Zeman", "Arvid", "Borg", "Castel", "Drury", "Eklund"),
)
TRADES: Final = (
    "baker",
    "sailmaker",
    "clockmaker",
    "teacher",
    "carpenter",
    "gardener",
    "fisher",
    "tailor",
    "painter",
    "ferryman",
    "printer",
)
HOMES: Final = ("Ansby", "Breckholm", "Carrow", "Dunmere", "Eastrand", "Fellwick", "Garholt", "Hollin")
BORN: Final = (1830, 1945)
AGE: Final = (19, 56)  # of somebody at what they are known for, in years


@dataclass(frozen=True, slots=True)
class Sort:
    """How the pages about one sort of sign are written; ``{x}`` is the title; ``{who}``, ``{year}`` and ``{thing}`` are the facts.

    Args:
        text: of the page.
        who, year, thing: the question for each fact, in small letters and without its question mark.
        things: what the third fact can be.
    """

    text: str
    who: str
    year: str
    thing: str
    things: tuple[str, ...]


_BOATS: Final = ("the Grey Heron", "the Marigold", "the Old Bishop", "the Sea Thistle", "the Lark", "the Patience", "the Two Brothers")
_GOODS: Final = (
    "a brass telescope",
    "a rocking horse",
    "a barrel organ",
    "a ship in a bottle",
    "a feather hat",
    "a copper kettle",
    "a globe",
)
_STOPS: Final = ("Fennel Hill", "the Glassworks", "Saltmarsh", "the Observatory", "Three Elms", "the Old Dairy", "Quarry Lane")
SORTS: Final[Mapping[str, Sort]] = {
    "PIER": Sort(
        "{x} was built in {year} by {who}. {Thing} lies beside it.",
        "who built it",
        "in which year was it built",
        "which boat lies beside it",
        _BOATS,
    ),
    "BERTH": Sort(
        "{x} was dug in {year} by {who}. {Thing} has its place there.",
        "who dug it",
        "in which year was it dug",
        "which boat has its place there",
        _BOATS,
    ),
    "PLATFORM": Sort(
        "{x} was opened in {year} by {who}. Its trains go to {thing}.",
        "who opened it",
        "in which year was it opened",
        "where do its trains go",
        _STOPS,
    ),
    "TRAM LINE": Sort(
        "{x} first ran in {year}, with {who} at the lever. It ends at {thing}.",
        "who drove on its first day",
        "in which year did it first run",
        "where does it end",
        _STOPS,
    ),
    "BUS": Sort(
        "{x} first ran in {year}, with {who} at the wheel. It ends at {thing}.",
        "who drove on its first day",
        "in which year did it first run",
        "where does it end",
        _STOPS,
    ),
    "ROUTE": Sort(
        "{x} was laid out in {year} by {who}. It leads past {thing}.",
        "who laid it out",
        "in which year was it laid out",
        "what does it lead past",
        _STOPS,
    ),
    "GATE": Sort(
        "{x} was put up in {year} by {who}. It leads to {thing}.",
        "who put it up",
        "in which year was it put up",
        "where does it lead",
        _STOPS,
    ),
    "TICKET": Sort(
        "{x} won {thing} in the town lottery of {year}. {who} had bought it.",
        "who had bought it",
        "in the lottery of which year did it win",
        "what did it win",
        _GOODS,
    ),
    "LOT": Sort(
        "{x} of the town auction was {thing}. {who} bought it in {year}.",
        "who bought it",
        "in which year was it sold",
        "what was it",
        _GOODS,
    ),
    "CABIN": Sort(
        "{x} was built in {year} by {who}. {Thing} is kept in it.",
        "who built it",
        "in which year was it built",
        "what is kept in it",
        _GOODS,
    ),
}
NUMBERED: Final = Sort(
    "{x} was first used in {year} by {who}. {Thing} is kept there.",
    "who used it first",
    "in which year was it first used",
    "what is kept there",
    _GOODS,
)
NOTICE: Final = Sort(
    'The words "{x}" have been on signs in the town since {year}, when {who} first painted them on {thing}.',
    "who was the first to paint these words on a sign",
    "since which year have these words been on signs",
    "what were these words first painted on",
    ("a barn door", "a rowing boat", "a milk cart", "a garden wall", "a herring barrel", "a shop window", "a lamp post"),
)
MEETING: Final = Sort(
    '"{x}" is announced on signs every summer. {who} had the idea in {year}, and it always ends with {thing}.',
    "who had the idea for what it announces",
    "in which year was what it announces thought of",
    "what does it always end with",
    (
        "a torchlight walk",
        "a pie for everybody",
        "a brass band",
        "a pillow fight",
        "a lantern regatta",
        "a sack race",
        "a song for two voices",
    ),
)
ASKED: Final = (
    "Read {name}, then look up on the web what it says. {asked}?",
    "What does the web say of what is written on {name}? {asked}?",
)
LORE: Final = (
    "The town museum has a photograph from those days.",
    "Children hear about it at school.",
    "An old song of the town tells of this in its second verse.",
    "The town council wrote about it in its yearbook.",
    "Visitors ask about it at the town hall nearly every day.",
    "The harbour master still tells the story to whoever listens.",
)
SMALL: Final = frozenset(("AND", "AT", "FOR", "OF", "THE"))
