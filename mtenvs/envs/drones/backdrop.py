"""The hall, the court and the net: painted once for each view, behind everything that moves."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from mtenvs.envs.drones.camera import Array, Camera
    from mtenvs.envs.drones.params import CourtParams

Rgb = tuple[int, int, int]
Rgba = tuple[int, int, int, int]

TEAM_COLOURS: Final[tuple[Rgb, Rgb]] = ((222, 56, 62), (36, 96, 214))
INK: Final[Rgb] = (30, 34, 52)
CREAM: Final[Rgb] = (252, 248, 236)
_FINE: Final = 3  # the backdrop is painted this many times larger, then shrunk with smooth edges
_WALL: Final = ((40, 58, 96), (112, 150, 186))  # top, bottom
_FLOOR: Final = ((104, 172, 164), (62, 128, 128))  # far, near
_SAND: Final[Rgb] = (242, 200, 146)
_LINE: Final[Rgb] = (255, 252, 244)
_BOARD: Final = 0.9  # metres of height of the boards around the hall
_ROWS: Final = 4  # of people behind them
_CROWD: Final[tuple[Rgb, ...]] = ((62, 78, 122), (76, 88, 130), (56, 68, 108))
_FACES: Final[tuple[Rgb, ...]] = ((150, 134, 142), (122, 104, 112), (90, 76, 92), (138, 120, 126))


def surroundings(court: CourtParams) -> tuple[float, float]:
    """Half length and half width of the free zone around a court, in metres."""
    return court.length / 2 + 0.14 * court.length, court.width / 2 + 0.3 * court.width


def paint(camera: Camera, court: CourtParams, size: tuple[int, int], turn: int) -> Image.Image:
    """The hall and the court without the net.

    Args:
        camera: looks at it.
        court: its measures.
        size: pixels.
        turn: the team whose half is lit, -1 for none.
    """
    fine = camera.scaled(_FINE)
    width, height = size[0] * _FINE, size[1] * _FINE
    picture = _ramp(width, height, *_WALL)
    pen = ImageDraw.Draw(picture, "RGBA")
    half_x, half_y = surroundings(court)
    _floor(picture, fine, half_y + 0.3 * court.width)
    _boards(pen, fine, half_x + 0.2 * court.length, half_y + 0.3 * court.width)
    _court(picture, fine, court, turn)
    _light(picture, fine)
    return picture.reduce(_FINE)


def net(camera: Camera, court: CourtParams, size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
    """The net with its posts, see-through, and the pixel of its upper left corner."""
    fine = camera.scaled(_FINE)
    layer = Image.new("RGBA", (size[0] * _FINE, size[1] * _FINE))
    pen = ImageDraw.Draw(layer)
    edge, top, low = court.width / 2, court.net_height, court.net_height - court.net_band
    unit = fine.scale((0.0, 0.0, top))

    def seen(y: float, z: float) -> tuple[float, float]:
        x, down = fine.project((0.0, y, z))[0]
        return float(x), float(down)

    post = max(2, round(0.09 * unit))
    for side in (1, -1):
        y = side * (edge + 0.3)
        pen.line([seen(y, 0), seen(y, top + 0.06)], fill=(52, 56, 78, 255), width=post)
        pen.line([seen(y, 0), seen(y, min(1.4, 0.6 * top))], fill=(248, 196, 60, 255), width=round(post * 1.9))
    pen.polygon([seen(-edge, low), seen(edge, low), seen(edge, top), seen(-edge, top)], fill=(244, 246, 255, 58))
    mesh = max(0.12, 5.0 * _FINE / unit)  # no finer than can be seen
    thin = max(1, round(0.012 * unit))
    for y in np.arange(-edge, edge + 1e-6, court.width / max(2, round(court.width / mesh))):
        pen.line([seen(y, low), seen(y, top)], fill=(28, 34, 54, 110), width=thin)
    for z in np.arange(low, top, court.net_band / max(2, round(court.net_band / mesh))):
        pen.line([seen(-edge, z), seen(edge, z)], fill=(28, 34, 54, 110), width=thin)
    tape = max(2 * _FINE, round(0.07 * unit))
    pen.line([seen(-edge - 0.3, top), seen(edge + 0.3, top)], fill=(*_LINE, 255), width=tape)
    pen.line([seen(-edge - 0.3, low), seen(edge + 0.3, low)], fill=(*_LINE, 230), width=max(_FINE, tape // 2))
    for side in (1, -1):
        for part in range(8):
            z = low + (court.net_band + 0.8) * part / 8
            ends = [seen(side * edge, z), seen(side * edge, z + (court.net_band + 0.8) / 8)]
            pen.line(ends, fill=(255, 255, 255, 255) if part % 2 else (214, 40, 48, 255), width=max(_FINE, round(0.03 * unit)))
    layer = layer.reduce(_FINE)
    box = layer.getbbox() or (0, 0, 1, 1)
    return layer.crop(box), (box[0], box[1])


def _ramp(width: int, height: int, above: Rgb, below: Rgb) -> Image.Image:
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), above)
    strip.putpixel((0, 1), below)
    return strip.resize((width, height), Image.Resampling.BILINEAR)


def _seen(camera: Camera, points: list[tuple[float, float, float]]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in camera.project(points)[0]]


def _ground(camera: Camera, x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
    return _seen(camera, [(x0, y0, 0.0), (x1, y0, 0.0), (x1, y1, 0.0), (x0, y1, 0.0)])


def _floor(picture: Image.Image, camera: Camera, back: float) -> None:
    """The floor from the wall behind the court to the viewer, darker where it is nearer."""
    (x0, y0), (x1, y1) = camera.project([(-1.0, back, 0.0), (1.0, back, 0.0)])[0].tolist()
    slope, far, deep = (y1 - y0) / (x1 - x0), 2 * picture.width, 2.0 * picture.height
    left, right = y0 + slope * (-far - x0), y0 + slope * (far - x0)
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).polygon([(-far, left), (far, right), (far, max(deep, right)), (-far, max(deep, left))], fill=255)
    top = max(0, int(min(y0 + slope * (-x0), y0 + slope * (picture.width - x0))))
    ramp = Image.new("RGB", picture.size, _FLOOR[0])
    if top < picture.height:
        ramp.paste(_ramp(picture.width, picture.height - top, *_FLOOR), (0, top))
    picture.paste(ramp, mask=mask)


def _boards(pen: ImageDraw.ImageDraw, camera: Camera, across: float, back: float) -> None:
    """Rows of people behind a low wall of boards, all in quiet colours, so that nothing competes with the game."""
    rng = Random(7)
    unit = camera.scale((0.0, back, 1.0))
    for row in range(_ROWS - 1, -1, -1):
        y, z = back + 0.5 + 0.8 * row, _BOARD + 0.15 + 0.55 * row
        fade = 1 - row / (_ROWS + 2)
        for i in range(int(-3 * across / 0.62), int(3 * across / 0.62)):
            x = 0.62 * i + rng.uniform(-0.12, 0.12) + 0.31 * (row % 2)
            tone, head = rng.randrange(3), rng.uniform(0.95, 1.1)
            if rng.random() < 0.12:
                continue  # an empty seat
            (u, v), depth = camera.project((x, y, z))
            if depth < 1.0:
                continue  # beside or behind the camera
            size = 0.2 * head * camera.focal / float(depth)
            coat = tuple(int(c * (0.55 + 0.45 * fade)) for c in _CROWD[tone])
            face = tuple(int(c * (0.5 + 0.4 * fade)) for c in _FACES[(tone + row + i) % len(_FACES)])
            pen.ellipse((u - 1.35 * size, v + 0.7 * size, u + 1.35 * size, v + 5 * size), fill=coat)
            pen.ellipse((u - 0.8 * size, v - size, u + 0.8 * size, v + size), fill=face)
    step = across / 6
    for i in range(-18, 36):
        x = -across + i * step
        if camera.project([(x, back, 0.0), (x + step, back, 0.0)])[1].min() < 1.0:
            continue
        ends = _seen(camera, [(x, back, 0.0), (x + step * 0.985, back, 0.0), (x + step * 0.985, back, _BOARD), (x, back, _BOARD)])
        pen.polygon(ends, fill=(40, 50, 88, 255) if i % 2 else (48, 60, 102, 255))
        pen.line(ends[2:], fill=(248, 206, 110, 255), width=max(2, round(0.05 * unit)))


def _court(picture: Image.Image, camera: Camera, court: CourtParams, turn: int) -> None:
    pen = ImageDraw.Draw(picture, "RGBA")
    x, y = court.length / 2, court.width / 2
    pen.polygon(_ground(camera, -x, -y, x, y), fill=(*_SAND, 255))
    for sign, tint in ((1, TEAM_COLOURS[0]), (-1, TEAM_COLOURS[1])):
        lit = turn == (0 if sign == 1 else 1)
        pen.polygon(_ground(camera, 0, -y, sign * x, y), fill=(255, 250, 220, 84) if lit else (*tint, 14))
        attack = x / 3
        pen.polygon(_ground(camera, 0, -y, sign * attack, y), fill=(214, 120, 60, 34))
        _stripe(pen, camera, (sign * attack, -y), (sign * attack, y), 0.05)
        if lit:
            for wide, alpha in ((0.36, 50), (0.24, 90), (0.14, 150)):
                for a, b in _outline(sign * (x + 0.14), y + 0.14):
                    _stripe(pen, camera, a, b, wide, (*tint, alpha))
    for a, b in (*_outline(x, y), *_outline(-x, y)):
        _stripe(pen, camera, a, b, 0.07)
    _stripe(pen, camera, (0, -y), (0, y), 0.07)


def _outline(x: float, y: float) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    """Both side lines and the end line of the half that ends at x."""
    return (((0, -y), (x, -y)), ((x, -y), (x, y)), ((x, y), (0, y)))


def _stripe(
    pen: ImageDraw.ImageDraw, camera: Camera, a: tuple[float, float], b: tuple[float, float], wide: float, fill: Rgba = (*_LINE, 255)
) -> None:
    """A line on the ground along x or along y, as wide as it is in metres."""
    half = wide / 2
    x0, x1, y0, y1 = min(a[0], b[0]) - half, max(a[0], b[0]) + half, min(a[1], b[1]) - half, max(a[1], b[1]) + half
    pen.polygon(_ground(camera, x0, y0, x1, y1), fill=fill)


def _light(picture: Image.Image, camera: Camera) -> None:
    """A warm light on the middle, darker corners."""
    small = 64
    rows, columns = np.mgrid[0:small, 0:small] / (small - 1)
    x, y = camera.project((0.0, 0.0, 0.5))[0]
    away: Array = np.hypot(columns - x / picture.width, 0.9 * (rows - y / picture.height))
    dark = Image.fromarray((np.clip((away - 0.34) * 1.5, 0, 1) ** 1.3 * 120).astype(np.uint8))
    dark = dark.resize(picture.size, Image.Resampling.BICUBIC).filter(ImageFilter.BoxBlur(4))
    picture.paste((14, 20, 46), (0, 0, *picture.size), dark)
