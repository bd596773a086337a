"""Reads a script from plain data, and finds out whether it can be filmed and is what its types promise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any, Final, TypeVar

from mtenvs.core.errors import DataError
from mtenvs.envs.video.own.entries import EVENT_KINDS, GROUPS, SIGN_KINDS, WAYS, Appearance, Beep, Camera, Event, Line, Scene, Sign
from mtenvs.envs.video.own.plot import Plot
from mtenvs.envs.video.own.vocabulary import COLOURS, LIGHTS, PLACES, STYLES, SUBJECTS

_T = TypeVar("_T")
_SIMPLE: Final[dict[str, tuple[type, ...]]] = {"str": (str,), "int": (int,), "float": (int, float)}
_SIGN: Final = re.compile(r"[A-Z0-9][A-Z0-9 :.-]{0,40}")


def read(kind: type[_T], data: Any, where: str = "the script") -> _T:
    """Make an entry of its plain data; nothing may be missing, unknown or of another type.

    Raises:
        DataError: it is otherwise; the message names the entry and the field.
    """
    if not isinstance(data, Mapping):
        raise DataError(f"{where} is not an object of fields")
    known = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]  # every kind that is read is a dataclass
    strange = sorted(set(data) - set(known))
    missing = [n for n, f in known.items() if n not in data and f.default is MISSING]
    if strange or missing:
        raise DataError(f"{where} has " + "; ".join([f"the unknown field {n!r}" for n in strange] + [f"no field {n!r}" for n in missing]))
    return kind(**{name: _value(known[name].type, name, value, where) for name, value in data.items()})


def _value(type_: Any, name: str, value: Any, where: str) -> Any:
    """One field, checked and with lists made tuples."""
    if type_ in _SIMPLE:
        if isinstance(value, bool) or not isinstance(value, _SIMPLE[type_]):
            raise DataError(f"{where}: {name} is {value!r}, which is no {type_}")
        number: Any = value
        return float(number) if type_ == "float" else number
    if type_ == "Camera":
        return read(Camera, value, f"{where}: the camera")
    if not isinstance(value, (list, tuple)):
        raise DataError(f"{where}: {name} is no list")
    if name in GROUPS:
        return tuple(read(GROUPS[name], v, f"{where}, {name}[{i}] {_id(v)!r}") for i, v in enumerate(value))
    return tuple(_value("int", name, v, where) for v in value)


def _id(data: Any) -> Any:
    return data.get("id") if isinstance(data, Mapping) else None


def check(script: Plot) -> None:
    """Find contradictions.

    Raises:
        DataError: the first that is found; the message names the entry.
    """
    film = f"film {script.name}"
    _demand(script.fps > 0 and script.gop > 0, film, "fps or gop is impossible")
    _demand((script.width, script.height) == (640, 360), film, "pictures are drawn 640 by 360")
    _demand(script.seconds > 0 and _on_grid(script, script.seconds), film, "its length is not on the grid of frames")
    _one_of(film, "style", script.style, STYLES)
    _unique(film, "id", [e.id for e in script.all_entries()])
    _check_scenes(script)
    _unique(film, "coat and hat", [(p.coat, p.hat) for p in script.people])
    for person in script.people:
        _one_of(person.id, "coat", person.coat, COLOURS)
        _one_of(person.id, "hat", person.hat, ("", *COLOURS))
    for sight in script.sights():
        _check_sight(script, sight)
    _unique(film, "subject and colour", [(e.subject, e.colour) for e in script.events])
    _unique(film, "sign", [s.text for s in script.signs])
    _check_sounds(script)


def _check_scenes(script: Plot) -> None:
    at, fillers = 0.0, dict[str, Scene]()
    for scene in script.scenes:
        _demand(scene.start == at, scene.id, f"begins at {scene.start} s, the one before ends at {at} s")
        _demand(scene.end > scene.start and _on_grid(script, scene.end), scene.id, f"cannot end at {scene.end} s")
        _one_of(scene.id, "place", scene.place, PLACES)
        _one_of(scene.id, "light", scene.light, LIGHTS)
        c = scene.camera
        _demand(0 <= c.x0 <= 1 and 0 <= c.x1 <= 1 and 1 <= c.zoom0 <= 1.5 and 1 <= c.zoom1 <= 1.5, scene.id, "its camera leaves the place")
        at = scene.end
        if scene.filler:
            same = fillers.setdefault(scene.filler, scene)
            equal = (same.place, same.light, same.camera, same.seed) == (scene.place, scene.light, scene.camera, scene.seed)
            _demand(equal, scene.id, f"shows the filler {scene.filler} otherwise than {same.id}")
            _demand(
                round((scene.end - scene.start) * script.fps) % script.gop == 0, scene.id, "is a filler, but no whole number of GOPs long"
            )
    _demand(at == script.seconds, f"film {script.name}", f"is {script.seconds} s long, its scenes {at} s")


def _check_sight(script: Plot, sight: Appearance | Event | Sign) -> None:
    scene = script.scene(sight.scene)
    _demand(not scene.filler, sight.id, f"is in the filler {scene.id}")
    inside = scene.start <= sight.start < sight.end <= scene.end
    _demand(inside, sight.id, f"is in sight from {sight.start} to {sight.end} s, its scene lasts from {scene.start} to {scene.end} s")
    _demand(_on_grid(script, sight.start) and _on_grid(script, sight.end), sight.id, "its times are not on the grid of frames")
    _demand(sight.side in {-1, 1}, sight.id, f"side is {sight.side}, which is neither -1 nor 1")
    if isinstance(sight, Appearance):
        script.person(sight.person)
        _one_of(sight.id, "way", sight.way, WAYS)
    elif isinstance(sight, Event):
        _one_of(sight.id, "kind", sight.kind, EVENT_KINDS)
        _one_of(sight.id, "subject", sight.subject, SUBJECTS if sight.kind == "pass" else ("parcel",))
        _one_of(sight.id, "colour", sight.colour, COLOURS)
        if sight.kind == "drop":
            carrier = script.entries.get(sight.appearance)
            right = isinstance(carrier, Appearance) and (carrier.person, carrier.scene) == (sight.person, sight.scene)
            _demand(right and sight.end == scene.end, sight.id, "needs somebody in its scene who drops it, and lasts to the scene's end")
    else:
        _one_of(sight.id, "kind", sight.kind, SIGN_KINDS)
        _demand(bool(_SIGN.fullmatch(sight.text)), sight.id, f"{sight.text!r} is no text of a sign: capitals, digits, spaces and :.-")
        whole = sight.kind != "board" or (sight.start, sight.end) == (scene.start, scene.end)
        _demand(whole, sight.id, "is a board, which stands through its whole scene")
    seen = range(script.frame(sight.start), script.frame(sight.end))
    for n in script.hidden_from:
        for k in script.uniform(n):
            _demand(k not in seen, sight.id, f"is in sight in frame {k}, one of {n} that are evenly spread")


def _check_sounds(script: Plot) -> None:
    _unique(f"film {script.name}", "pitch", [b.pitch for b in script.beeps])
    at = 0.0
    sounds: list[Line | Beep] = [*script.lines, *script.beeps]
    for sound in sorted(sounds, key=lambda s: s.start):
        _demand(at <= sound.start < sound.end <= script.seconds, sound.id, f"begins at {sound.start} s, the sound before ends at {at} s")
        _demand(_on_grid(script, sound.start), sound.id, "its start is not on the grid of frames")
        _demand(not sound.beside or sound.beside in script.entries, sound.id, f"there is nothing named {sound.beside!r} beside it")
        at = sound.end


def _on_grid(script: Plot, t: float) -> bool:
    return abs(t * script.fps - round(t * script.fps)) < 1e-4


def _demand(right: bool, where: str, what: str) -> None:
    if not right:
        raise DataError(f"{where}: {what}")


def _one_of(where: str, name: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise DataError(f"{where}: {name} is {value!r}, known are: {', '.join(map(repr, known))}")


def _unique(where: str, name: str, values: Iterable[Any]) -> None:
    double = [v for v, n in Counter(values).items() if n > 1]
    if double:
        raise DataError(f"{where}: two entries with the {name} {double[0]!r}")
