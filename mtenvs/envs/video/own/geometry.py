"""Where things are in the picture: the camera, the paths and the boxes. Drawing and questions read the same numbers.

A place is a world 1000 wide and 360 high; y grows downwards. The picture shows a window of it, magnified.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from PIL import ImageFont

from mtenvs.envs.video.own.script import Appearance, Box, Event, Scene, Script, Sign

WIDTH, HEIGHT = 640, 360
"""Size of the picture."""
WORLD_WIDTH: Final = 1000
GROUND: Final = 316.0
"""Where the feet of a walker are."""
CAPTION_TOP: Final = 318
CAPTION_LEFT: Final = 24

PERSON_SIZE: Final = (44.0, 104.0)
PARCEL_SIZE: Final = (30.0, 24.0)
SIZES: Final[dict[str, tuple[float, float]]] = {
    "balloon": (46.0, 84.0),
    "kite": (62.0, 66.0),
    "airship": (112.0, 54.0),
    "parrot": (56.0, 44.0),
    "cat": (66.0, 44.0),
    "dog": (78.0, 56.0),
    "van": (128.0, 78.0),
    "scooter": (74.0, 104.0),
    "ball": (36.0, 36.0),
    "duck": (48.0, 44.0),
}
"""Width and height of what passes, at zoom 1."""
PLANE_SIZE: Final = (58.0, 34.0)
ROPE: Final = 18.0
"""Between a plane and its banner."""
DROP_AT: Final = 0.45
"""Which share of its time has passed when a parcel falls."""
_WIDE: Final = "  "
VISIT_PAUSE: Final = (0.3, 0.7)
"""Between which shares of their time a visitor stands still."""


class View(NamedTuple):
    """What the camera sees: the left and top of its window in the world, and the magnification."""

    left: float
    top: float
    zoom: float

    def x(self, world: float) -> float:
        """The x of a world's point in the picture, in pixels."""
        return (world - self.left) * self.zoom

    def y(self, world: float) -> float:
        """The y of a world's point in the picture, in pixels."""
        return (world - self.top) * self.zoom


def span(script: Script, scene: Scene) -> int:
    """How many frames the camera takes for its way: those of the scene; of a filler those of its longest showing."""
    shows = [s for s in script.scenes if s.filler == scene.filler] if scene.filler else [scene]
    return max(script.frame(s.end) - script.frame(s.start) for s in shows)


def view(scene: Scene, k: int, frames: int) -> View:
    """What the camera sees in a scene's frame k of a way of that many frames."""
    u = k / max(1, frames - 1)
    c = scene.camera
    zoom = c.zoom0 + u * (c.zoom1 - c.zoom0)
    left = (c.x0 + u * (c.x1 - c.x0)) * (WORLD_WIDTH - WIDTH / zoom)
    plain = c.zoom0 == c.zoom1 == 1  # whole pixels keep letters sharp, and cost nothing
    return View(round(left) if plain else left, (HEIGHT - HEIGHT / zoom) * 0.8, zoom)


def progress(script: Script, sight: Appearance | Event | Sign, frame: int) -> float:
    """The share of its time that has passed in the middle of a frame, from 0 to 1."""
    first, after = script.frame(sight.start), script.frame(sight.end)
    return (frame + 0.5 - first) / (after - first)


def crossing(u: float, side: int, width: float, zoom: float) -> float:
    """The x of the middle of a thing that crosses the picture, in pixels: just outside at u = 0 and at u = 1."""
    half = width * zoom / 2
    x = -half + u * (WIDTH + 2 * half)
    return x if side < 0 else WIDTH - x


def person_x(way: str, side: int, u: float, view_: View) -> float:
    """The x of the middle of a person, in pixels of the picture."""
    if way == "cross":
        return crossing(u, side, PERSON_SIZE[0], view_.zoom)
    if way == "visit":
        on, off = VISIT_PAUSE
        far = min(1.0, u / on, (1 - u) / (1 - off))
        half = PERSON_SIZE[0] * view_.zoom / 2
        x = -half + far * (half + WIDTH * 0.3)
        return x if side < 0 else WIDTH - x
    return WIDTH * (0.5 + 0.22 * side)


def parcel_x(event: Event) -> float:
    """The x of the middle of a parcel on the ground, in pixels of a picture at zoom 1 whose camera stands still."""
    return crossing(DROP_AT, event.side, PERSON_SIZE[0], 1.0) + event.side * 26


@lru_cache(maxsize=16)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The typeface that comes inside Pillow, so that all machines draw the same."""
    return ImageFont.load_default(size=size)


@lru_cache(maxsize=512)
def text_size(text: str, pixels: int) -> tuple[float, float]:
    """Width and height of a line of text."""
    left, top, right, bottom = font(pixels).getbbox(text)
    return right - left, bottom - top


def sign_lines(sign: Sign) -> list[str]:
    """The lines as they are drawn: a board breaks a long text in two, and spaces are wide, as on real signs."""
    words = sign.text.split()
    if sign.kind != "board" or len(sign.text) <= 10 or len(words) == 1:
        return [_WIDE.join(words)]
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(" ".join(words[i:]))))
    return [_WIDE.join(words[:cut]), _WIDE.join(words[cut:])]


def sign_size(sign: Sign) -> tuple[float, float]:
    """Width and height of the plate with the words, at zoom 1."""
    lines = sign_lines(sign)
    wide = max(text_size(line, sign.pixels)[0] for line in lines)
    return wide + 20, len(lines) * sign.pixels * 1.25 + 12


def sign_box(sign: Sign, u: float) -> tuple[float, float, float, float]:
    """The plate with the words, in pixels of the picture; the camera of a scene with a sign stands still at zoom 1."""
    wide, high = sign_size(sign)
    if sign.kind == "caption":
        return CAPTION_LEFT, CAPTION_TOP - high / 2, CAPTION_LEFT + wide, CAPTION_TOP + high / 2
    if sign.kind == "board":
        x, y = WIDTH * (0.5 + 0.2 * sign.side), GROUND - 38 - high / 2
    else:  # the plane flies ahead of its banner, and both cross the picture
        whole = wide + ROPE + PLANE_SIZE[0]
        x = crossing(u, sign.side, whole, 1.0) + sign.side * (whole - wide) / 2
        y = sign.height * HEIGHT
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def box_of(script: Script, sight: Appearance | Event | Sign, t: float | None = None) -> Box:
    """The box of what is asked for, at a time; in the middle of its time where none is given.

    Args:
        script: the film.
        sight: one of its appearances, events or signs; of a drop, the parcel on the ground.
        t: seconds; the frame on screen then is looked at.

    Returns:
        x0, y0, x1, y1 from 0 to 1 of the picture, cut at its edges.
    """
    frame = script.frame((sight.start + sight.end) / 2 if t is None else t)
    scene = script.scene(sight.scene)
    seen = view(scene, frame - script.frame(scene.start), span(script, scene))
    u = progress(script, sight, frame)
    if isinstance(sight, Sign):
        x0, y0, x1, y1 = sign_box(sight, u)
    elif isinstance(sight, Event) and sight.kind == "drop":
        x, (wide, high) = parcel_x(sight), PARCEL_SIZE
        x0, y0, x1, y1 = x - wide / 2, GROUND - high, x + wide / 2, GROUND
    elif isinstance(sight, Event):
        wide, high = (s * seen.zoom for s in SIZES[sight.subject])
        x = crossing(u, sight.side, wide / seen.zoom, seen.zoom)
        middle = sight.height * HEIGHT if sight.height else seen.y(GROUND) - high / 2
        x0, y0, x1, y1 = x - wide / 2, middle - high / 2, x + wide / 2, middle + high / 2
    else:
        wide, high = (s * seen.zoom for s in PERSON_SIZE)
        x = person_x(sight.way, sight.side, u, seen)
        x0, y0, x1, y1 = x - wide / 2, seen.y(GROUND) - high, x + wide / 2, seen.y(GROUND)
    return _share(x0, WIDTH), _share(y0, HEIGHT), _share(x1, WIDTH), _share(y1, HEIGHT)


def _share(value: float, whole: int) -> float:
    return round(min(1.0, max(0.0, value / whole)), 4)
