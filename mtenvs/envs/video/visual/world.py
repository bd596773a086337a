"""What stands where in a scene: a pure function of style, size and seed, made before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from random import Random
from typing import Final

from mtenvs.envs.video.visual.styles import COLOURS, ITEMS, STYLES, Box, Style

CELL: Final = (200, 190)  # units: what one big thing takes
_PITCH: Final = (225, 280)  # units from one thing to the next, and from one row to the next; the difference is where people walk
_STEP: Final = 60  # units between people
_EMPTY: Final = 0.1  # share of cells with decoration in place of a thing
_ONCE: Final = 12  # things to hold that exactly one person of the scene holds in that colour
_MOST: Final = 6  # small things to count


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a scene.

    Args:
        width: pixels.
        height: pixels.
        scale: pixels of a unit.
        letters: pixels of a line of small text.
    """

    width: int
    height: int
    scale: float
    letters: int


SIZES: Final = {
    "easy": Size(2000, 1500, 1.4, 12),
    "medium": Size(3200, 2400, 1.0, 10),
    "hard": Size(4000, 3000, 1.0, 10),
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One of the big things: a boat, a stall, a bookcase, a house or a module.

    Args:
        row: from above.
        column: from the left.
        corner: its upper left corner in pixels.
        a, b, mark: its looks, unique in the scene.
        name, number, detail, count: what its small parts say; names and numbers are unique.
        seed: of what is drawn on it without meaning.
    """

    row: int
    column: int
    corner: tuple[int, int]
    a: str
    b: str
    mark: str
    name: str
    number: int
    detail: str
    count: int
    seed: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, with the feet at ``at``; ``item`` may be empty."""

    at: tuple[int, int]
    coat: str
    scarf: str
    item: str
    item_colour: str
    seed: int


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is in a picture."""

    style: Style
    size: Size
    seed: int
    top: int
    rows: int
    things: tuple[Thing, ...]
    people: tuple[Person, ...]
    decorations: tuple[tuple[tuple[int, int], int], ...]

    def box_of(self, thing: Thing, part: str = "") -> Box:
        """Where a thing, or one of its `PARTS`, is: x0, y0, x1, y1 in pixels."""
        x, y, s = *thing.corner, self.size.scale
        x0, y0, x1, y1 = self.style.parts[part] if part else (0, 0, *CELL)
        return round(x + x0 * s), round(y + y0 * s), round(x + x1 * s), round(y + y1 * s)

    def box_of_scarf(self, person: Person) -> Box:
        """Where a scarf is, in pixels."""
        x, y, s = *person.at, self.size.scale
        return round(x - 3 * s), round(y - 32 * s), round(x + 3 * s), round(y - 27 * s)

    def box_of_person(self, person: Person) -> Box:
        """Where a person with all that he holds is, in pixels."""
        x, y, s = *person.at, self.size.scale
        return round(x - 20 * s), round(y - 66 * s), round(x + 24 * s), round(y + 2 * s)

    def cue(self, thing: Thing) -> str:
        """The words that tell a thing from all others."""
        words = self.style.cue.format(a=thing.a, b=thing.b, m=thing.mark)
        return words.replace(" a orange", " an orange")

    def row_box(self, row: int) -> tuple[int, int, int]:
        """Top of a row of things, top of the walk below it, and bottom of that, in pixels."""
        s = self.size.scale
        top = self.top + round(row * _PITCH[1] * s)
        return top, top + round(CELL[1] * s), top + round(_PITCH[1] * s)


@lru_cache(maxsize=64)
def scene_of(style: str, size: str, seed: int) -> Scene:
    """The scene of a style in `STYLES`, a size in `SIZES` and a seed."""
    rng = Random(f"visual/{style}/{size}/{seed}")
    look, dims = STYLES[style], SIZES[size]
    s = dims.scale
    rows, columns = int(dims.height * 0.86 / (_PITCH[1] * s)), int(dims.width / (_PITCH[0] * s))
    top = dims.height - round((rows * _PITCH[1] + 8) * s)
    cells = list(product(range(rows), range(columns)))
    bare = set(rng.sample(cells, max(1, round(_EMPTY * len(cells)))))
    spare = dims.width - columns * _PITCH[0] * s
    corners = {}
    for row in range(rows):
        shift = rng.uniform(0, spare)
        for column in range(columns):
            jitter = rng.uniform(0, (_PITCH[0] - CELL[0]) * s)
            corners[row, column] = (round(shift + column * _PITCH[0] * s + jitter), top + round((row * _PITCH[1] + rng.uniform(-3, 3)) * s))
    full = [cell for cell in cells if cell not in bare]
    return Scene(
        look,
        dims,
        seed,
        top,
        rows,
        tuple(_things(look, full, corners, rng)),
        tuple(_people(dims, rows, top, rng)),
        tuple((corners[cell], rng.randrange(2**31)) for cell in sorted(bare)),
    )


def _things(look: Style, cells: list[tuple[int, int]], corners: dict[tuple[int, int], tuple[int, int]], rng: Random) -> list[Thing]:
    pairs = [(a, b) for a in COLOURS for b in COLOURS if a != b and (look.ordered or a < b)]
    looks = rng.sample([(a, b, m) for a, b in pairs for m in look.marks], len(cells))
    names = rng.sample([f"{x} {y}" for x in look.first for y in look.second], len(cells))
    numbers = rng.sample(range(100, 1000), len(cells))
    return [
        Thing(*cell, corners[cell], *looks[i], names[i], numbers[i], rng.choice(list(COLOURS)), rng.randint(1, _MOST), rng.randrange(2**31))
        for i, cell in enumerate(cells)
    ]


def _people(dims: Size, rows: int, top: int, rng: Random) -> list[Person]:
    s, people = dims.scale, []
    holdings = list(product(ITEMS, COLOURS))
    rng.shuffle(holdings)
    once, often = holdings[:_ONCE], holdings[_ONCE:]
    spots = [(row, i) for row in range(rows) for i in range(int(dims.width / (_STEP * s)) - 1) if rng.random() < 0.85]
    chosen = dict(zip(rng.sample(spots, _ONCE), once, strict=True))
    for row, i in spots:
        x = round((i + 1 + rng.uniform(-0.2, 0.2)) * _STEP * s)
        y = top + round((row * _PITCH[1] + CELL[1] + rng.uniform(70, 82)) * s)
        item, colour = chosen.get((row, i)) or (rng.choice(often) if rng.random() < 0.4 else ("", ""))
        people.append(Person((x, y), rng.choice(list(COLOURS)), rng.choice(list(COLOURS)), item, colour, rng.randrange(2**31)))
    return people


def only_holders(scene: Scene) -> list[Person]:
    """The people who hold what nobody else in the scene holds in that colour."""
    seen: dict[tuple[str, str], list[Person]] = {}
    for person in scene.people:
        if person.item:
            seen.setdefault((person.item, person.item_colour), []).append(person)
    return [found[0] for found in seen.values() if len(found) == 1]


def neighbours(scene: Scene, side: int) -> list[tuple[Thing, Thing]]:
    """Pairs of a thing and the one directly beside it: to its left for ``side=-1``, to its right for 1."""
    at = {(t.row, t.column): t for t in scene.things}
    return [(t, at[t.row, t.column + side]) for t in scene.things if (t.row, t.column + side) in at]
