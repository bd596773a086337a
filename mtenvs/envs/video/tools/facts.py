"""What the script of one of our own videos says is in the picture, as plain sentences with their times. No counts, no answers."""

from __future__ import annotations

from typing import Final, NamedTuple

from mtenvs.envs.video.own.geometry import box_of
from mtenvs.envs.video.own.script import Appearance, Event, Script, Sign
from mtenvs.envs.video.own.vocabulary import PLACES, SUBJECTS

_LIGHTS: Final = {
    "day": "by day",
    "golden": "in golden light",
    "dusk": "at dusk",
    "night": "by night",
    "mist": "in the mist",
    "rain": "in the rain",
}


class Fact(NamedTuple):
    """Something in the picture.

    Attributes:
        start: seconds.
        end: seconds, not included.
        text: a sentence.
        id: of the entry of the script.
        scenery: it says where the scene plays, and no more.
    """

    start: float
    end: float
    text: str
    id: str
    scenery: bool = False


def facts_of(script: Script) -> list[Fact]:
    """All facts of a script, in the order of time; scenes first where they begin together."""
    scenes = [
        Fact(s.start, s.end, f"The scene plays {PLACES[s.place].where} {_LIGHTS[s.light]}.", s.id, scenery=True) for s in script.scenes
    ]
    sights = [Fact(s.start, s.end, _sentence(script, s), s.id) for s in script.sights()]
    return sorted([*scenes, *sights], key=lambda f: (f.start, not f.scenery, f.end))


def whereabouts(script: Script, id_: str, t: float) -> str:
    """Where in the picture something is at a time: ``"left"``, ``"middle"`` or ``"right"``; empty for a scene."""
    entry = script.entries[id_]
    if not isinstance(entry, (Appearance, Event, Sign)):
        return ""
    if isinstance(entry, Event) and entry.kind == "dark":
        return ""
    x0, _, x1, _ = box_of(script, entry, t)
    return ("left", "middle", "right")[min(2, int((x0 + x1) / 2 * 3))]


def _sentence(script: Script, sight: Appearance | Event | Sign) -> str:
    place = PLACES[script.scene(sight.scene).place].where
    if isinstance(sight, Sign):
        kind = {"board": "A board", "banner": "A banner behind a small plane", "caption": "A caption at the foot of the picture"}[
            sight.kind
        ]
        return f'{kind}, {place}, says "{sight.text}".'
    way = "from left to right" if sight.side < 0 else "from right to left"
    if isinstance(sight, Appearance):
        looks, side = script.person(sight.person).looks, "left" if sight.side < 0 else "right"
        does = {"cross": f"walks {way}", "visit": f"comes in from the {side}, stops and leaves again", "stand": f"stands on the {side}"}
        return f"{_capital(looks)} {does[sight.way]}, {place}."
    if sight.kind == "pass":
        return f"{_capital(sight.noun)} {SUBJECTS[sight.subject].does} {way}, {place}."
    if sight.kind == "drop":
        return f"{_capital(script.person(sight.person).looks)} walks {way} and loses {sight.noun}, which stays on the ground, {place}."
    return f"The big lamp is out and it is dark, {place}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
