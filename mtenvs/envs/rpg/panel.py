"""The side panel of the picture: who the hero is, where he stands, what he wears and carries, and what just happened.

Every section is a function from plain values to a picture, so that the renderer redraws only what has changed. Text is kept
as ready masks, because laying it out is what costs time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from PIL import Image, ImageDraw

from mtenvs.envs.rpg.icons import ELEMENT_RGB, GOLD, INK, PLAIN, Rgb, icon, shade
from mtenvs.envs.rpg.map_picture import PLACES, WORKSHOPS, font
from mtenvs.envs.rpg.records import ELEMENTS, SKILLS, SLOTS
from mtenvs.envs.rpg.state import MAX_LEVEL

if TYPE_CHECKING:
    from collections.abc import Sequence

BACK: Final[Rgb] = (31, 34, 41)
CARD: Final[Rgb] = (43, 47, 57)
BRIGHT: Final[Rgb] = (240, 236, 224)
DIM: Final[Rgb] = (158, 162, 172)
FAINT: Final[Rgb] = (74, 79, 92)
MUTED: Final[Rgb] = (106, 111, 124)
GOOD: Final[Rgb] = (122, 196, 116)
BAD: Final[Rgb] = (232, 108, 92)
CAPTION: Final[Rgb] = (214, 178, 112)

_KEY: Final[Rgb] = (222, 212, 186)  # the legend is on paper, as the map is
_SMALL, _TEXT, _HEAD = 10, 11, 14
_LONGEST_WORD, _LONGEST_LINE = 120, 200  # characters; more than fit in any case
_BAG_COLUMNS: Final = 3
_BAG_ROWS: Final = 5
_SLOT_NAMES: Final = {
    "weapon": "Weapon",
    "shield": "Shield",
    "helmet": "Helmet",
    "body_armor": "Body",
    "leg_armor": "Legs",
    "boots": "Boots",
    "ring1": "Ring 1",
    "ring2": "Ring 2",
    "amulet": "Amulet",
    "artifact1": "Artifact 1",
    "artifact2": "Artifact 2",
    "artifact3": "Artifact 3",
    "consumable1": "Use 1",
    "consumable2": "Use 2",
}
_SKILL_NAMES: Final = {"weaponcrafting": "Weapons", "gearcrafting": "Gear", "jewelrycrafting": "Jewelry"}


class Foe(NamedTuple):
    """The figures of a monster that the panel shows: health, attack and resistance per element."""

    hp: int
    attack: tuple[int, int, int, int]
    res: tuple[int, int, int, int]


@lru_cache(maxsize=8192)
def _mask(text: str, size: int) -> Image.Image:
    letter = font(size)
    left, _, right, _ = letter.getbbox(text, anchor="ls") if text else (0, 0, 1, 1)
    mask = Image.new("L", (max(1, int(right - min(0, left)) + 1), size + size // 2), 0)
    ImageDraw.Draw(mask).text((-min(0, left), size), text, font=letter, fill=255, anchor="ls")
    return mask


def text_width(text: str, size: int) -> int:
    """Pixels that a text takes."""
    return _mask(text, size).width


@lru_cache(maxsize=8192)
def fitted(text: str, size: int, width: int) -> str:
    """The text, cut with an ellipsis where it is wider than `width` pixels."""
    if text_width(text, size) <= width:
        return text
    text = text.removesuffix("...")
    while text and text_width(text + "...", size) > width:
        text = text[:-1]
    return text.rstrip() + "..."


@lru_cache(maxsize=8192)
def _advance(word: str, size: int) -> float:
    return font(size).getlength(word)


@lru_cache(maxsize=1024)
def wrapped(text: str, size: int, width: int, lines: int) -> tuple[str, ...]:
    """The text in at most `lines` lines of `width` pixels; what is too long is cut with an ellipsis."""
    done: list[str] = []
    words = [word[:_LONGEST_WORD] for word in text.split()]
    space = _advance(" ", size)
    line: list[str] = []
    used = 0.0
    for i, word in enumerate(words):
        wide = _advance(word, size)
        if line and used + space + wide > width:
            if len(done) == lines - 1:
                rest = " ".join([*line, *words[i:]])
                return (*done, fitted(rest[:_LONGEST_LINE].rstrip() + "...", size, width))
            done.append(" ".join(line))
            line, used = [], 0.0
        used += wide + (space if line else 0)
        line.append(word)
    return (*done, fitted(" ".join(line), size, width)) if line else tuple(done)


class Card:
    """A section being drawn.

    Args:
        width: pixels.
        height: pixels.
        fill: background.
    """

    def __init__(self, width: int, height: int, fill: Rgb = CARD) -> None:
        self.image = Image.new("RGB", (width, height), BACK)
        self.pen = ImageDraw.Draw(self.image)
        self.pen.rounded_rectangle([0, 0, width - 1, height - 1], radius=6, fill=fill)

    def text(self, x: int, y: int, text: str, ink: Rgb = BRIGHT, size: int = _TEXT, *, right: bool = False, width: int = 10**6) -> int:
        """One line with its baseline `size` below y; with `right`, it ends at x. Returns its width in pixels."""
        mask = _mask(fitted(text, size, width), size)
        self.image.paste(ink, (x - mask.width if right else x, y), mask)
        return mask.width

    def bar(self, x: int, y: int, width: int, height: int, share: float, ink: Rgb) -> None:
        """A level bar, `share` 0..1 of it full."""
        self.pen.rounded_rectangle([x, y, x + width, y + height], radius=height // 2, fill=FAINT)
        full = round(width * min(1.0, max(0.0, share)))
        if full > height // 2:
            self.pen.rounded_rectangle([x, y, x + full, y + height], radius=height // 2, fill=ink)

    def elements(self, x: int, y: int, rows: Sequence[tuple[str, Sequence[int], str]], step: int = 42) -> None:
        """A small table: one column per element, a row per (name, four values, unit)."""
        for i, element in enumerate(ELEMENTS):
            self.text(x + 66 + step * (i + 1), y, element.capitalize(), shade(ELEMENT_RGB[element], 1.15), _SMALL, right=True)
        for j, (name, values, unit) in enumerate(rows):
            top = y + 15 * (j + 1)
            self.text(x, top, name, DIM, _TEXT)
            for i, value in enumerate(values):
                ink = BRIGHT if value > 0 else BAD if value < 0 else MUTED
                self.text(x + 66 + step * (i + 1), top, f"{value}{unit}" if value else "0", ink, _TEXT, right=True)


def draw_goal(width: int, height: int, goal: str) -> Image.Image:
    """The bar along the top."""
    card = Card(width, height, fill=(58, 50, 42))
    start = 12 + card.text(12, 9, "GOAL", GOLD, 13) + 10
    lines = wrapped(goal, 13, width - start - 12, 1)
    if len(goal) > 0 and not lines[0].endswith("..."):
        card.text(start, 8, lines[0], BRIGHT, 13)
    else:
        for i, line in enumerate(wrapped(goal, _TEXT, width - start - 12, 2)):
            card.text(start, 2 + 14 * i, line, BRIGHT, _TEXT)
    return card.image


def draw_vitals(width: int, height: int, level: int, xp: tuple[int, int], stats: tuple[int, ...], hp_left: float) -> Image.Image:
    """Level, experience, health, and the 12 figures per element."""
    card = Card(width, height)
    card.text(10, 6, f"Hero, level {level}", BRIGHT, _HEAD)
    highest = level >= MAX_LEVEL  # experience goes on being counted there, to no end
    card.text(10, 28, "Highest level" if highest else f"XP {xp[0]} / {xp[1]}", DIM, _TEXT)
    card.bar(10, 45, 150, 5, 1 if highest else xp[0] / max(1, xp[1]), CAPTION)
    share = hp_left / max(1, stats[0])
    card.bar(10, 57, 150, 15, share, shade(GOOD if share > 0.5 else GOLD if share > 0.2 else BAD, 0.66))
    label = f"HP {stats[0]}" if hp_left >= stats[0] else f"HP {max(0, round(hp_left))} / {stats[0]}"
    card.text(85 - text_width(label, _TEXT) // 2, 58, label, (255, 255, 255), _TEXT)
    card.elements(190, 8, (("Attack", stats[1:5], ""), ("Damage", stats[5:9], "%"), ("Resist", stats[9:13], "%")))
    return card.image


def draw_here(
    width: int, height: int, place: tuple[int, int], land: str, title: str, lines: tuple[str, ...], foe: Foe | None
) -> Image.Image:
    """The tile where the hero stands; a monster's figures beside it."""
    card = Card(width, height)
    start = 10 + card.text(10, 5, f"({place[0]}, {place[1]})", CAPTION, _TEXT) + 6
    room = 170 if foe else width - 20
    card.text(start, 5, land, DIM, _TEXT, width=room + 10 - start)
    card.text(10, 21, title, BRIGHT, 13, width=room)
    ends = [10 + card.text(10, 40 + 14 * i, line, DIM, _TEXT, width=width - 20 if i else room) for i, line in enumerate(lines[:2])]
    if foe is not None:
        card.elements(190, 7, (("Attack", foe.attack, ""), ("Resist", foe.res, "%")))
        card.text(max(ends[:1], default=0) + 10, 40, f"HP {foe.hp}", BRIGHT, _TEXT)
    return card.image


def draw_skills(width: int, height: int, levels: Sequence[int], shares: Sequence[float]) -> Image.Image:
    """The seven skills with their progress."""
    card = Card(width, height)
    for i, skill in enumerate(SKILLS):
        x, y = 10 + (i % 2) * (width // 2), 5 + 16 * (i // 2)
        card.text(x, y, _SKILL_NAMES.get(skill, skill.capitalize()), DIM, _TEXT)
        card.text(x + 98, y, str(levels[i]), BRIGHT, _TEXT, right=True)
        card.bar(x + 108, y + 5, width // 2 - 132, 5, 1 if levels[i] >= MAX_LEVEL else shares[i], CAPTION)
    return card.image


def draw_gear(width: int, height: int, names: Sequence[str], quantities: Sequence[int]) -> Image.Image:
    """The 14 slots; empty ones are faint."""
    card = Card(width, height)
    card.text(10, 4, "WORN", CAPTION, _SMALL)
    half = width // 2
    for i, slot in enumerate(SLOTS):
        x, y = 10 + (i // 7) * half, 19 + 15 * (i % 7)
        card.text(x, y, _SLOT_NAMES[slot], DIM if names[i] else MUTED, _TEXT)
        text = names[i] if quantities[i] <= 1 else f"{quantities[i]} x {names[i]}"
        card.text(x + 62, y, text or "-", BRIGHT if names[i] else MUTED, _TEXT, width=half - 76)
    return card.image


def draw_bag(width: int, height: int, items: Sequence[tuple[str, int]], load: int, limit: int | None) -> Image.Image:
    """What is in the bag, newest last; the oldest kinds give way when there are more than fit."""
    card = Card(width, height)
    card.text(10, 4, "BAG", CAPTION, _SMALL)
    count = f"{load} of {limit} units" if limit is not None else f"{load} units" if load else "empty"
    card.text(width - 10, 4, count, BAD if limit is not None and load >= limit else DIM, _SMALL, right=True)
    room = _BAG_COLUMNS * _BAG_ROWS
    shown = items if len(items) <= room else items[len(items) - room + 1 :]
    rows = [f"... and {len(items) - len(shown)} more kinds"] if len(shown) < len(items) else []
    step = (width - 14) // _BAG_COLUMNS
    for i in range(len(rows) + len(shown)):
        x, y = 10 + (i // _BAG_ROWS) * step, 19 + 15 * (i % _BAG_ROWS)
        if i < len(rows):
            card.text(x, y, rows[i], DIM, _TEXT, width=step - 6)
            continue
        name, units = shown[i - len(rows)]
        number = card.text(x, y, str(units), CAPTION, _TEXT) + 5
        card.text(x + number, y, name, BRIGHT, _TEXT, width=step - 6 - number)
    return card.image


def draw_outcome(width: int, height: int, text: str, good: bool | None) -> Image.Image:
    """What the last action did."""
    card = Card(width, height)
    card.pen.rectangle([0, 4, 3, height - 5], fill=DIM if good is None else GOOD if good else BAD)
    for i, line in enumerate(wrapped(text or "The journey begins.", _TEXT, width - 24, 3)):
        card.text(12, 4 + 14 * i, line, BRIGHT if text else DIM, _TEXT)
    return card.image


def draw_legend(width: int, height: int) -> Image.Image:
    """What the icons of the map mean."""
    card = Card(width, height, fill=_KEY)
    entries: list[tuple[str, str, Rgb]] = [
        ("hero", "You", PLAIN),
        ("tree", "Woodcutting", PLAIN),
        ("ore", "Mining", (240, 190, 80)),
        ("fish", "Fishing", (240, 190, 80)),
        ("quadruped", "Beast (level)", ELEMENT_RGB["fire"]),
        *((code, name, PLAIN) for code, name in (*WORKSHOPS.items(), *PLACES.items())),
    ]
    columns = 5
    step = (width - 8) // columns
    for i, (name, text, tint) in enumerate(entries):
        x, y = 6 + (i % columns) * step, 3 + 20 * (i // columns)
        drawing = icon(name, 18, tint)
        card.image.paste(drawing, (x, y), drawing)
        card.text(x + 22, y + 2, text, INK, _SMALL, width=step - 22)
    return card.image
