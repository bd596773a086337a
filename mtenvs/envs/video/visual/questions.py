"""A question about a scene, its exact answer, and where to look for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from mtenvs.envs.video.question import LETTERS
from mtenvs.envs.video.visual.styles import COLOURS, Box
from mtenvs.envs.video.visual.world import CELL, Scene, Thing, neighbours, only_holders

KINDS: Final = ("name", "number", "colour", "count", "beside", "person")
_OPTIONS: Final = 4
_COLOUR_OPTIONS: Final = 5
_COUNTS: Final = tuple(range(1, 7))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is asked.

    Args:
        text: the question, without options.
        options: to choose from; empty where the answer is written freely.
        answer: the letter of the right option, or the answer itself.
        wrong: an answer that is near and not right, in the same form.
        number: whether a free answer is a number.
        look: boxes in pixels, each inside the one before but for the first, that lead to what has to be seen.
    """

    text: str
    options: tuple[str, ...]
    answer: str
    wrong: str
    number: bool
    look: tuple[Box, ...]


def ask(scene: Scene, kind: str, rng: Random) -> Asked:
    """A question of one of the `KINDS` about a scene."""
    if kind == "person":
        return _about_person(scene, rng)
    thing = rng.choice(scene.things)
    style, it = scene.style, scene.cue(thing)
    target, near = thing, [scene.box_of(thing)]
    if kind == "beside":
        side = rng.choice((-1, 1))
        other, target = rng.choice(neighbours(scene, side))
        near = [_around([scene.box_of(other), scene.box_of(target)]), scene.box_of(target)]
        it = f"the {style.noun} directly to the {'left' if side < 0 else 'right'} of {scene.cue(other)}"
        part, text, truth, others = "name", style.name_on, target.name, [other.name, *_names(scene, target, rng)]
    elif kind == "name":
        part, text, truth, others = "name", style.name_on, target.name, _names(scene, target, rng)
    elif kind == "number":
        part, text, truth = "number", style.number_on, str(target.number)
        others = [str(t.number) for t in rng.sample(scene.things, len(scene.things)) if t is not target]
    elif kind == "count":
        part, text, truth = "count", style.count_of, str(target.count)
        others = [str(n) for n in rng.sample(_COUNTS, len(_COUNTS)) if n != target.count]
    else:
        part, text, truth, others = "detail", style.detail_of, target.detail, _other_colours(target.detail, rng)
    look = (_wide(scene, near[0]), *near, _grown(scene, scene.box_of(target, part)))
    chosen = _choice(
        truth, others, rng, _COLOUR_OPTIONS if kind == "colour" else _OPTIONS, open_ended=kind != "colour" and rng.random() < 0.5
    )
    return Asked(text.format(it=it), *chosen, kind in ("number", "count"), look)


def target_box(scene: Scene, asked: Asked) -> Box:
    """The box, in pixels, of the small part that the answer is read from."""
    x0, y0, x1, y1 = asked.look[-1]
    pad = round(_PAD * scene.size.scale)
    return x0 + pad, y0 + pad, x1 - pad, y1 - pad


_PAD: Final = 10  # units around a small part


def _about_person(scene: Scene, rng: Random) -> Asked:
    person = rng.choice(only_holders(scene))
    box = scene.box_of_person(person)
    look = (_wide(scene, box), _grown(scene, box, 30), _grown(scene, scene.box_of_scarf(person)))
    article = "an" if person.item_colour == "orange" else "a"
    text = f"What colour is the scarf of the {scene.style.people} who holds {article} {person.item_colour} {person.item}?"
    return Asked(text, *_choice(person.scarf, _other_colours(person.scarf, rng), rng, _COLOUR_OPTIONS, open_ended=False), False, look)


def _choice(truth: str, others: Sequence[str], rng: Random, n: int, *, open_ended: bool) -> tuple[tuple[str, ...], str, str]:
    """Options, right answer and near miss; no options for an open question."""
    if open_ended:
        return (), truth, others[0]
    options = [truth, *others[: n - 1]]
    rng.shuffle(options)
    return tuple(options), LETTERS[options.index(truth)], LETTERS[options.index(others[0])]


def _names(scene: Scene, target: Thing, rng: Random) -> list[str]:
    """The other names of the scene in random order; picked by likeness, they would give the right one away."""
    return [t.name for t in rng.sample(scene.things, len(scene.things)) if t is not target]


def _other_colours(colour: str, rng: Random) -> list[str]:
    return [c for c in rng.sample(list(COLOURS), len(COLOURS)) if c != colour]


def _around(boxes: Sequence[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _grown(scene: Scene, box: Box, units: float = _PAD) -> Box:
    pad = round(units * scene.size.scale)
    return box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad


def _wide(scene: Scene, box: Box) -> Box:
    """A look around a box that shows its neighbourhood, inside the picture."""
    s = scene.size.scale
    w, h = 4.4 * CELL[0] * s, 3.3 * CELL[0] * s
    x = min(max(0.0, (box[0] + box[2] - w) / 2), scene.size.width - w)
    y = min(max(0.0, (box[1] + box[3] - h) / 2), scene.size.height - h)
    return round(x), round(y), round(x + w), round(y + h)
