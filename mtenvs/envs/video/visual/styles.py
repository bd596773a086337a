"""What there is to see and to ask in each style of scene: words, colours and places, no drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Rgb = tuple[int, int, int]
Box = tuple[int, int, int, int]

COLOURS: Final[dict[str, Rgb]] = {
    "red": (206, 44, 48),
    "orange": (240, 132, 30),
    "yellow": (246, 208, 52),
    "green": (58, 150, 72),
    "blue": (44, 98, 200),
    "purple": (128, 66, 168),
    "pink": (244, 140, 180),
    "white": (246, 244, 236),
    "black": (36, 36, 42),
}
ITEMS: Final = ("umbrella", "balloon", "lantern", "flag", "kite")
PARTS: Final = ("name", "number", "detail", "count")


@dataclass(frozen=True, slots=True)
class Style:
    """The vocabulary of one kind of scene.

    Args:
        name: such as ``"harbour"``.
        setting: what the picture shows, for the goal.
        noun: what the big things are called.
        cue: how one is told from all others, with ``{a}`` and ``{b}`` for its colours and ``{m}`` for its mark.
        marks: the marks.
        ordered: whether (a, b) and (b, a) look different.
        name_on, number_on, detail_of, count_of: how each of its small parts is asked for, with ``{it}`` for the cue.
        people: what a person is called here.
        first, second: words that make a name together.
        parts: where the small parts are, in units of a cell that is 200 wide and 190 high.
    """

    name: str
    setting: str
    noun: str
    cue: str
    marks: tuple[str, ...]
    ordered: bool
    name_on: str
    number_on: str
    detail_of: str
    count_of: str
    people: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    parts: Mapping[str, Box]


STYLES: Final[dict[str, Style]] = {
    s.name: s
    for s in (
        Style(
            name="harbour",
            setting="a harbour full of sailing boats",
            noun="boat",
            cue="the boat with a {a} hull and {m} on its {b} sail",
            marks=("stripes", "dots", "a star", "a ring"),
            ordered=True,
            name_on="What is the name on the hull of {it}?",
            number_on="Which number is on the small sail of {it}?",
            detail_of="What colour is the pennant at the top of the mast of {it}?",
            count_of="How many gulls stand on {it}?",
            people="person",
            first=("SEA", "OLD", "GREY", "WILD", "NORTH", "SALT", "LITTLE", "MERRY", "SILVER", "BOLD", "QUIET", "MOON", "STORM", "LUCKY"),
            second=("OTTER", "HERON", "SWAN", "PEARL", "WITCH", "PILOT", "ROSE", "COMET", "DUCHESS", "WALRUS", "PUFFIN", "ANCHOR", "FOX"),
            parts={"name": (50, 134, 152, 150), "number": (70, 94, 94, 108), "detail": (102, 11, 108, 17), "count": (13, 108, 187, 127)},
        ),
        Style(
            name="market",
            setting="a market square full of stalls",
            noun="stall",
            cue="the stall with the {a} and {b} awning that sells {m}",
            marks=("pumpkins", "fish", "flowers", "bread", "cheese", "apples"),
            ordered=False,
            name_on="What is the name on the board above {it}?",
            number_on="Which number is on the price tag of {it}?",
            detail_of="What colour is the cap of the seller in {it}?",
            count_of="How many cats sit in front of {it}?",
            people="person",
            first=(
                "UNCLE",
                "AUNT",
                "MASTER",
                "GRANNY",
                "MISTER",
                "LADY",
                "BARON",
                "COUSIN",
                "DOCTOR",
                "CAPTAIN",
                "SISTER",
                "PROUD",
                "JOLLY",
            ),
            second=(
                "BRAMBLE",
                "OLIVE",
                "CLOVER",
                "PEPPER",
                "NETTLE",
                "QUINCE",
                "BARLEY",
                "SORREL",
                "FENNEL",
                "MALLOW",
                "TANSY",
                "RYE",
                "BASIL",
            ),
            parts={"name": (46, 9, 154, 25), "number": (88, 138, 112, 152), "detail": (97, 79, 103, 84), "count": (16, 163, 186, 189)},
        ),
        Style(
            name="library",
            setting="the wall of a great library",
            noun="bookcase",
            cue="the bookcase with {a} pillars and a {b} {m}",
            marks=("globe", "vase", "clock", "teapot"),
            ordered=True,
            name_on="What is written on the brass plate of {it}?",
            number_on="Which number is on the white tag at the top of {it}?",
            detail_of="What colour is the bookmark that hangs from the top shelf of {it}?",
            count_of="How many mice are on the bottom shelf of {it}?",
            people="reader",
            first=(
                "LOST",
                "SECRET",
                "POLAR",
                "ROYAL",
                "HIDDEN",
                "FAMOUS",
                "MINOR",
                "ANCIENT",
                "MODERN",
                "TALL",
                "NIGHT",
                "RIVER",
                "GOLDEN",
            ),
            second=("MAPS", "BEES", "TALES", "CLOCKS", "CASTLES", "RECIPES", "SONGS", "COMETS", "BRIDGES", "DRAGONS", "GARDENS", "LETTERS"),
            parts={"name": (50, 163, 150, 179), "number": (88, 5, 112, 18), "detail": (60, 58, 66, 64), "count": (14, 144, 176, 161)},
        ),
        Style(
            name="street",
            setting="a town on a hill, street above street",
            noun="house",
            cue="the house with {a} walls, a {b} roof and {m} windows",
            marks=("round", "arched", "square"),
            ordered=True,
            name_on="What is written on the shop sign of {it}?",
            number_on="What is the house number of {it}?",
            detail_of="What colour is the letterbox beside the door of {it}?",
            count_of="How many flowerpots stand in front of {it}?",
            people="person",
            first=("BLUE", "CROOKED", "FINE", "CORNER", "SUNNY", "TWIN", "PAPER", "COPPER", "VELVET", "HAPPY", "NINTH", "WINTER", "SWEET"),
            second=("BAKERY", "TAILOR", "TOYS", "BOOKS", "SHOES", "TEA", "BARBER", "CANDLES", "HATS", "VIOLINS", "LAMPS", "PENS", "BIKES"),
            parts={"name": (46, 106, 154, 122), "number": (120, 134, 144, 148), "detail": (66, 150, 72, 156), "count": (11, 162, 187, 189)},
        ),
        Style(
            name="space",
            setting="a space station made of many modules",
            noun="module",
            cue="the module with a {a} hull, {b} bands and {m} as its emblem",
            marks=("a star", "a ring", "a moon", "a cross"),
            ordered=True,
            name_on="What is the name on the plate of {it}?",
            number_on="Which number is on the hatch of {it}?",
            detail_of="What colour is the lamp on the antenna of {it}?",
            count_of="How many robots stand on top of {it}?",
            people="astronaut",
            first=(
                "ALPHA",
                "DELTA",
                "OMEGA",
                "SOLAR",
                "LUNAR",
                "DEEP",
                "HIGH",
                "NOVA",
                "POLAR",
                "ASTRO",
                "TITAN",
                "ORION",
                "VEGA",
                "ZENITH",
            ),
            second=("LAB", "DOME", "GARDEN", "KITCHEN", "DOCK", "TOWER", "LOUNGE", "BRIDGE", "FORGE", "CLINIC", "STUDIO", "GYM", "ARCHIVE"),
            parts={"name": (50, 108, 150, 124), "number": (88, 130, 112, 144), "detail": (97, 17, 103, 23), "count": (19, 29, 181, 52)},
        ),
    )
}
