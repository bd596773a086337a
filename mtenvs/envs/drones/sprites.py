"""The ball with its trail, and what is drawn on the ground to show where things are: shadows, rings, the landing place."""

from __future__ import annotations

from functools import lru_cache
from math import pi
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from mtenvs.envs.drones.backdrop import CREAM, INK
from mtenvs.envs.drones.patch import Patch, around

if TYPE_CHECKING:
    from mtenvs.envs.drones.backdrop import Rgb
    from mtenvs.envs.drones.camera import Array, Camera

BALL_RADIUS: Final = 0.1
_ANGLES: Final = np.linspace(0, 2 * pi, 24, endpoint=False)
_CIRCLE: Final = np.stack([np.cos(_ANGLES), np.sin(_ANGLES), np.zeros(24)], axis=1)
_SHADOW: Final = (26, 20, 46)
_SHADES: Final = 48
_BALL_FINE: Final = 4
_MARK: Final = (196, 44, 120)
_GOAL: Final = (46, 160, 92)


@lru_cache(maxsize=_SHADES + 1)
def _soft(level: int) -> Image.Image:
    """A round shadow, darkest in the middle; the level goes from 0 to `_SHADES`."""
    x = np.linspace(-1, 1, 65)
    away = np.hypot(x[:, None], x[None, :])
    return Image.fromarray((np.clip((1.0 - away) * 2.2, 0, 1) * (255 * level / _SHADES)).astype(np.uint8))


def draw_shadow(picture: Image.Image, camera: Camera, place: Array, radius: float) -> None:
    """A soft shadow straight below something: wider and paler the higher it is.

    Args:
        picture: is drawn on.
        camera: looks at it.
        place: (3,) metres of what throws it.
        radius: metres of what throws it.
    """
    height = max(0.0, float(place[2]))
    edge = np.array([place[0], place[1], 0.0]) + _CIRCLE * radius * (1.2 + 0.06 * height)
    left, top, right, bottom = around(camera.project(edge)[0], 0.0)
    size = (max(2, round(right - left)), max(2, round(bottom - top)))
    if right < 0 or bottom < 0 or left > picture.width or top > picture.height or max(size) > picture.width:
        return
    mask = _soft(round(0.62 / (1 + 0.13 * height) * _SHADES)).resize(size, Image.Resampling.BILINEAR)
    picture.paste(_SHADOW, (round(left), round(top)), mask)


def draw_ring(picture: Image.Image, camera: Camera, place: Array, radius: float, colour: Rgb) -> None:
    """A ring on the ground below something."""
    ring = camera.project(np.array([place[0], place[1], 0.0]) + _CIRCLE * radius)[0]
    patch = Patch(picture, around(ring, 3))
    at = patch.flat(ring)
    patch.loop(at, (*CREAM, 200), 2.6)
    patch.loop(at, (*colour, 255), 1.5)
    patch.lay()


def draw_target(picture: Image.Image, camera: Camera, place: Array, size: float) -> None:
    """A ringed cross on the ground where the ball will land."""
    ground = np.array([place[0], place[1], 0.0])
    ends = camera.project(ground + 0.62 * size * np.array([(-1, -1, 0), (1, 1, 0), (-1, 1, 0), (1, -1, 0)]))[0]
    ring = camera.project(ground + _CIRCLE * size)[0]
    patch = Patch(picture, around(ring, 3))
    cross, rim = patch.flat(ends), patch.flat(ring)
    for ink, width in (((*CREAM, 255), 3.2), ((*_MARK, 255), 1.6)):
        patch.line(cross[:4], ink, width)
        patch.line(cross[4:], ink, width)
        patch.loop(rim, ink, width)
    patch.lay()


def draw_goal(picture: Image.Image, camera: Camera, place: Array, radius: float) -> None:
    """The place that an exercise is about: a green disc on the ground, and where it is higher a ring there, on a dotted line.

    Args:
        picture: is drawn on.
        camera: looks at it.
        place: (3,) metres.
        radius: metres.
    """
    for height in sorted({0.0, float(place[2])}):
        ring = camera.project(np.array([place[0], place[1], height]) + _CIRCLE * radius)[0]
        patch = Patch(picture, around(ring, 4))
        at = patch.flat(ring)
        patch.poly(at, (*_GOAL, 90 if height == 0.0 else 40))
        patch.loop(at, (*CREAM, 220), 3.2)
        patch.loop(at, (*_GOAL, 255), 1.8)
        patch.lay()
    draw_plumb(picture, camera, place)


def draw_plumb(picture: Image.Image, camera: Camera, place: Array) -> None:
    """A dotted line from a place to the ground, a dot each half metre, so that its height can be counted."""
    height = float(place[2])
    steps = min(40, int(height / 0.25))
    if steps < 1:
        return
    dots = camera.project(np.stack([np.full(steps, place[0]), np.full(steps, place[1]), np.arange(steps) * 0.25], axis=1))[0]
    patch = Patch(picture, around(dots, 3), 2)
    at = patch.flat(dots)
    wide = max(1.0, camera.scale(place) / 45)
    for i in range(steps):
        patch.disc(at[2 * i], at[2 * i + 1], (1.3 if i % 2 == 0 else 0.8) * wide, (*INK, 170))
    patch.lay()


def draw_trail(picture: Image.Image, camera: Camera, trail: Array, radius: float) -> None:
    """Where the ball has been: a ribbon that fades and narrows towards its oldest end."""
    flat = camera.project(trail)[0]
    flat = flat[np.concatenate([[True], np.hypot(*np.diff(flat, axis=0).T) > 0.3])] if len(flat) else flat
    if len(flat) < 2:
        return
    wide = 0.8 * radius * camera.scale(trail[-1])
    along = np.gradient(flat, axis=0)
    share = np.linspace(0.0, 1.0, len(flat))
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-6)[:, None]
    across *= np.maximum(0.5, wide * (0.2 + 0.8 * share))[:, None]
    left, right = flat + across, flat - across
    patch = Patch(picture, around(np.concatenate([left, right]), 2), 2)
    edge = 1 + 0.9 / np.maximum(np.hypot(across[:, 0], across[:, 1]), 0.5)[:, None]
    rims = [patch.flat(side) for side in (flat + across * edge, flat - across * edge, left, right)]
    for i in range(0, 2 * len(flat) - 2, 2):  # a dark rim first, so that it is seen on the bright court too
        part = share[i // 2 + 1]
        for a, b, ink in ((rims[0], rims[1], (*INK, int(10 + 70 * part))), (rims[2], rims[3], (255, 244, 206, int(24 + 176 * part)))):
            patch.poly([*a[i : i + 4], *b[i + 2 : i + 4], *b[i : i + 2]], ink)
    patch.lay()


def draw_ball(picture: Image.Image, camera: Camera, place: Array, radius: float) -> None:
    """The ball: yellow and blue, with light from above."""
    centre = camera.project(place)[0]
    r = max(3.0, radius * camera.scale(place))
    patch = Patch(picture, (centre[0] - r - 2, centre[1] - r - 2, centre[0] + r + 2, centre[1] + r + 2), _BALL_FINE)
    x, y = patch.flat(centre)
    k = r * _BALL_FINE
    patch.disc(x, y, r + 0.8, (*INK, 255))
    patch.disc(x, y, r, (238, 164, 32, 255))
    patch.disc(x - 0.1 * k, y - 0.12 * k, r * 0.86, (255, 206, 60, 255))
    bend = np.array([(-0.95, 0.1), (-0.45, -0.12), (0.05, -0.1), (0.5, 0.16), (0.8, 0.5)])
    patch.line(patch.flat(centre + bend * r), (44, 84, 176, 255), 0.32 * r)
    patch.disc(x - 0.34 * k, y - 0.42 * k, r * 0.26, (255, 246, 206, 235))
    patch.lay()
