"""Quadrotors with rackets, seen as they are tilted."""

from __future__ import annotations

from math import pi
from typing import TYPE_CHECKING, Final

import numpy as np

from mtenvs.envs.drones.backdrop import CREAM, INK, TEAM_COLOURS
from mtenvs.envs.drones.patch import Patch, around

if TYPE_CHECKING:
    from PIL import Image

    from mtenvs.envs.drones.backdrop import Rgb
    from mtenvs.envs.drones.camera import Array, Camera

_ROTOR: Final = 0.125  # metres
_RACKET: Final = 0.2  # metres of radius, as in the contact model
_SUN: Final = np.array([-0.35, -0.4, 0.85])


def _circle(corners: int, radius: float, z: float) -> Array:
    angles = np.linspace(0, 2 * pi, corners, endpoint=False)
    return np.stack([radius * np.cos(angles), radius * np.sin(angles), np.full(corners, z)], axis=1)


def _strings() -> Array:
    """Ends of eight chords of the racket, four each way."""
    chords = [(t, (1 - t * t) ** 0.5) for t in (-0.7, -0.25, 0.25, 0.7)]
    ends = [(t, side * half) for t, half in chords for side in (-1, 1)]
    return np.array([(x, y, 0.1) for x, y in ends] + [(y, x, 0.1) for x, y in ends]) * (_RACKET, _RACKET, 0.2)


# Rotor hubs of the Iris in the body frame, metres; drawn lower than they are, so that the racket's disc is seen on top of them.
_HUBS: Final = np.array([(0.220, -0.130, -0.03), (-0.200, 0.130, -0.03), (0.220, 0.130, -0.03), (-0.200, -0.130, -0.03)])
_FEET: Final = np.array([(0.1, 0.1, -0.12), (0.1, -0.1, -0.12), (-0.1, 0.1, -0.12), (-0.1, -0.1, -0.12)])
_PARTS: Final = {
    "middle": np.zeros((1, 3)),
    "hubs": _HUBS,
    "feet": _FEET,
    "nose": np.array([(0.14, 0.0, 0.0)]),
    "body": _circle(12, 0.085, 0.0),
    "rim": _circle(20, _RACKET, 0.02),
    "strings": _strings(),
    "rotors": np.concatenate([hub + _circle(14, _ROTOR, 0.02) for hub in _HUBS]),
}
_MODEL: Final = np.concatenate(list(_PARTS.values()))
_ENDS: Final = np.cumsum([len(part) for part in _PARTS.values()])
# Where each part is among the x, y, x, y, ... of all its points.
_SPAN: Final = {name: slice(2 * (int(end) - len(part)), 2 * int(end)) for (name, part), end in zip(_PARTS.items(), _ENDS, strict=True)}


def rotations(quaternions: Array) -> Array:
    """Body-to-world rotations of wxyz quaternions of any length; upright where one has no length or is not finite.

    Args:
        quaternions: (n, 4).

    Returns:
        (n, 3, 3).
    """
    q = np.array(quaternions, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        norm = np.sqrt((q * q).sum(axis=1))
    bad = ~(np.isfinite(norm) & (norm > 1e-9))
    q[bad], norm[bad] = (1.0, 0.0, 0.0, 0.0), 1.0
    w, x, y, z = (q / norm[:, None]).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.array(rows).reshape(3, 3, len(q)).transpose(2, 0, 1)


class Fleet:
    """All drones of a moment, projected in one go.

    Args:
        camera: looks at them.
        places: (n, 3) metres.
        quaternions: (n, 4) wxyz.
        size: how many times larger than life.
        time: seconds, for the rotors' blades.
    """

    def __init__(self, camera: Camera, places: Array, quaternions: Array, size: float, time: float) -> None:
        turns = rotations(quaternions)
        phase = 3.0 * time + np.arange(4)
        tips = np.stack([np.cos(phase), np.sin(phase), np.full(4, 0.02)], axis=1) * (_ROTOR, _ROTOR, 1.0)
        blades = np.stack([_HUBS + tips, _HUBS + tips * (-1.0, -1.0, 1.0)], axis=1).reshape(8, 3)
        model = np.concatenate([_MODEL, blades])
        self._points, depths = camera.project(places[:, None] + size * np.einsum("nij,pj->npi", turns, model))
        self.depth: Array = depths[:, 0]
        up = turns[:, :, 2]
        self._above = ((camera.eye - places) * up).sum(axis=1) > 0
        self._light = 0.78 + 0.3 * np.maximum(0.0, up @ _SUN)
        self._unit = size * camera.focal / self.depth

    def draw(self, picture: Image.Image, index: int, team: int) -> None:
        """One of them.

        Args:
            picture: is drawn on.
            index: of the drone.
            team: 0 or 1, for its colour.
        """
        points, unit, colour = self._points[index], float(self._unit[index]), TEAM_COLOURS[team]
        patch = Patch(picture, around(points, 0.06 * unit + 1), 3)
        at = patch.flat(points)
        above = bool(self._above[index])
        if above:
            _frame(patch, at, unit, colour)
        _racket(patch, at, unit, colour, float(self._light[index]), above)
        if not above:
            _frame(patch, at, unit, colour)
        _rotors(patch, at, unit, colour)
        patch.lay()


def _frame(patch: Patch, at: list[float], unit: float, colour: Rgb) -> None:
    middle = at[_SPAN["middle"]]
    feet, hubs = at[_SPAN["feet"]], at[_SPAN["hubs"]]
    for i in range(0, 8, 2):
        patch.line(middle + feet[i : i + 2], (*INK, 200), 0.02 * unit)
    for i in range(0, 8, 2):
        patch.line(middle + hubs[i : i + 2], (*INK, 255), 0.055 * unit)
    patch.poly(at[_SPAN["body"]], (*INK, 255))
    patch.line(middle + at[_SPAN["nose"]], (*shade(colour, 1.1), 255), 0.06 * unit)
    for i in range(0, 8, 2):
        patch.disc(hubs[i], hubs[i + 1], max(0.8, 0.035 * unit), (*shade(colour, 0.8), 255))


def _racket(patch: Patch, at: list[float], unit: float, colour: Rgb, light: float, above: bool) -> None:
    rim, strings = at[_SPAN["rim"]], at[_SPAN["strings"]]
    patch.loop(rim, (*INK, 255), max(1.6, 0.075 * unit))
    patch.poly(rim, (*shade(CREAM if above else (150, 146, 152), light), 236))
    for i in range(0, len(strings), 4):
        patch.line(strings[i : i + 4], (*shade(colour, 0.9), 90), max(0.3, 0.012 * unit))
    patch.loop(rim, (*shade(colour, light), 255), max(1.2, 0.042 * unit))


def _rotors(patch: Patch, at: list[float], unit: float, colour: Rgb) -> None:
    discs, blades = at[_SPAN["rotors"]], at[-16:]
    around_one = len(discs) // 4
    for i in range(4):
        disc = discs[i * around_one : (i + 1) * around_one]
        patch.poly(disc, (*shade(colour, 1.25), 96))
        patch.loop(disc, (*shade(colour, 0.7), 170), max(0.4, 0.012 * unit))
        patch.line(blades[4 * i : 4 * i + 4], (*INK, 150), max(0.4, 0.018 * unit))


def shade(colour: Rgb, factor: float) -> Rgb:
    """A colour made darker (below 1) or lighter (above 1, towards white)."""
    if factor <= 1:
        return (int(colour[0] * factor), int(colour[1] * factor), int(colour[2] * factor))
    part = min(1.0, factor - 1)
    return (int(colour[0] + (255 - colour[0]) * part), int(colour[1] + (255 - colour[1]) * part), int(colour[2] + (255 - colour[2]) * part))
