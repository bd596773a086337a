"""The pictures of a scene: its place in its light once, then for each frame the camera's window with all that moves."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from mtenvs.envs.video.own import figures, movers, places_land, places_town, signs, things
from mtenvs.envs.video.own.geometry import (
    DROP_AT,
    GROUND,
    HEIGHT,
    PARCEL_SIZE,
    PERSON_SIZE,
    PLANE_SIZE,
    ROPE,
    SIZES,
    VISIT_PAUSE,
    WIDTH,
    WORLD_WIDTH,
    View,
    crossing,
    parcel_x,
    person_x,
    progress,
    sign_box,
    span,
    view,
)
from mtenvs.envs.video.own.ink import Ink, glow, gradient
from mtenvs.envs.video.own.lighting import LIGHT, PALE, finish, grade, grade_actor, rim
from mtenvs.envs.video.own.scenery import FAR_WIDTH, HORIZON, PARALLAX, Art, Mover
from mtenvs.envs.video.own.script import Appearance, Event, Scene, Script, Sign
from mtenvs.envs.video.own.vocabulary import COLOURS

_PLACES: Final[dict[str, Callable[[Art], None]]] = {
    "harbour": places_town.harbour,
    "market": places_town.market,
    "station": places_town.station,
    "street": places_town.street,
    "park": places_land.park,
    "beach": places_land.beach,
    "castle": places_land.castle,
    "mill": places_land.mill,
}
_STEP: Final = 14.0  # pixels that a walker advances from one picture to the next


class Backdrop:
    """A place in its light.

    Args:
        place, light, style: names of the vocabulary.
        seed: of the details.
    """

    def __init__(self, place: str, light: str, style: str, seed: int) -> None:
        art = Art(np.random.default_rng([seed, 7]))
        _PLACES[place](art)
        for k in range(int(art.rng.integers(0, 3))):
            speed = float(art.rng.choice((-1, 1))) * art.some(34, 60) if art.rng.random() < 0.8 else 0.0
            art.movers.append(Mover("walker", art.some(60, 940), art.some(-16, -8), speed, seed=int(art.rng.integers(999)) + k))
        self.movers = art.movers
        self._kept: tuple[tuple[int, int], Image.Image] | None = None  # the last window, for a camera that stands still
        of = LIGHT[light]
        hills = art.far.done()
        sky = _sky(art, light)
        sky.paste(grade(hills, light, far=True), (0, 0), hills)
        self.far = finish(sky, style)
        near = art.near.done()
        painted = grade(near, light, far=False)
        if of.lit:
            pixels = np.asarray(painted, np.float32).copy()
            red, _, blue, alpha = np.moveaxis(np.asarray(near, np.int16), 2, 0)
            glass = (blue - red > 12) & (alpha == 255)  # and no tree in front of it
            for x0, y0, x1, y1 in art.windows:
                part = pixels[round(y0) : round(y1), round(max(0, x0)) : round(max(0, x1))]
                pane = glass[round(y0) : round(y1), round(max(0, x0)) : round(max(0, x1))]
                part[pane] = part[pane] * 0.35 + np.array((166, 138, 84), np.float32)
            for x, y in art.lamps:
                glow(pixels, x, y, 74, (255, 214, 138), 0.62)
            painted = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        painted = finish(painted, style)
        cover = np.asarray(near.getchannel("A"))
        solid = np.flatnonzero(cover.min(axis=1) < 255)
        self._solid = int(solid[-1]) + 1 if len(solid) else 0
        self._mask = near.getchannel("A").crop((0, 0, WORLD_WIDTH, self._solid))
        self._near_top = painted.crop((0, 0, WORLD_WIDTH, self._solid))
        self._near_foot = painted.crop((0, self._solid, WORLD_WIDTH, HEIGHT))

    def window(self, left: int, wide: int, behind: Callable[[Image.Image], None]) -> Image.Image:
        """What the camera sees of it, RGB and as high as the world; `behind` draws on it before what is near covers it."""
        far_moves = any(_is_far(m) for m in self.movers)
        if not far_moves and self._kept and self._kept[0] == (left, wide):
            return self._kept[1].copy()
        shift = min(round(left * PARALLAX), FAR_WIDTH - wide) if wide <= FAR_WIDTH else 0
        canvas = self.far.crop((shift, 0, shift + wide, HEIGHT))
        behind(canvas)
        canvas.paste(self._near_top.crop((left, 0, left + wide, self._solid)), (0, 0), self._mask.crop((left, 0, left + wide, self._solid)))
        canvas.paste(self._near_foot.crop((left, 0, left + wide, HEIGHT - self._solid)), (0, self._solid))
        if not far_moves:
            self._kept = (left, wide), canvas.copy()
        return canvas


def _is_far(mover: Mover) -> bool:
    """Whether near scenery may hide it."""
    return mover.kind == "boat" or (mover.kind == "gull" and mover.y < 60)


@lru_cache(maxsize=6)
def backdrop(place: str, light: str, style: str, seed: int) -> Backdrop:
    """A place in its light; the last few are kept."""
    return Backdrop(place, light, style, seed)


def _sky(art: Art, light: str) -> Image.Image:
    of = LIGHT[light]
    pixels = np.concatenate(
        [
            gradient(FAR_WIDTH, round(HORIZON), [(0, of.sky[0]), (0.6, of.sky[1]), (1, of.sky[2])]),
            gradient(FAR_WIDTH, HEIGHT - round(HORIZON), [(0, of.sky[2]), (1, of.sky[2])]),
        ]
    )
    if light == "night":
        for _ in range(90):
            pixels[int(art.some(0, 150)), int(art.some(0, FAR_WIDTH))] = 210
    if of.sun:
        x, y = art.some(60, FAR_WIDTH - 60), art.some(40, 100) if light in {"day", "night"} else art.some(120, 165)
        glow(pixels, x, y, 150, of.sun, 0.75)
        disc = Ink(44, 44, 3)
        disc.disc(22, 22, 20, of.sun)
        if light == "night":
            disc.disc(15, 17, 3, (222, 220, 202))
            disc.disc(27, 27, 5, (222, 220, 202))
    sky = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    if of.sun:
        sun = disc.done()
        sky.paste(sun, (int(x) - 22, int(y) - 22), sun)
    ink = Ink(FAR_WIDTH, HEIGHT)
    for _ in range(int(art.rng.integers(4, 8)) if light != "mist" else 3):
        x, y, size = art.some(-40, FAR_WIDTH), art.some(20, 150), art.some(0.5, 1.3)
        for _k in range(7):
            dx, dy, r = art.some(-46, 46) * size, art.some(-10, 4) * size, art.some(9, 19) * size
            ink.oval(x + dx - r * 1.5, y + dy - r * 0.8, x + dx + r * 1.5, y + dy + r * 0.8, of.cloud)
        ink.oval(x - 62 * size, y - 2 * size, x + 62 * size, y + 13 * size, of.cloud)
    clouds = ink.done()
    sky.paste(of.cloud, (0, 0), clouds.getchannel("A").point([round(v * 0.72) for v in range(256)]))
    return sky


class SceneFilm:
    """Draws the frames of one scene.

    Args:
        script: the film.
        scene: one of its scenes.
    """

    def __init__(self, script: Script, scene: Scene) -> None:
        self._script, self._scene = script, scene
        self._first = script.frame(scene.start)
        self._span = span(script, scene)
        self._backdrop = backdrop(scene.place, scene.light, script.style, scene.seed)
        self._sights = [s for s in script.sights() if s.scene == scene.id]
        self._rain = _rain(scene.seed) if scene.light == "rain" else None

    def frame(self, k: int) -> Image.Image:
        """Frame k of the scene, RGB of 640 by 360."""
        seen = view(self._scene, k, self._span)
        left = min(int(seen.left), WORLD_WIDTH - 1)
        wide = min(WORLD_WIDTH, math.ceil(seen.left + WIDTH / seen.zoom)) - left
        seconds = k / self._script.fps

        def move(canvas: Image.Image, *, far: bool) -> None:
            for m in self._backdrop.movers:
                if _is_far(m) == far:
                    _put(canvas, *movers.place(m, seconds, self._scene.light), left)

        canvas = self._backdrop.window(left, wide, lambda c: move(c, far=True))
        move(canvas, far=False)
        for sight in self._sights:
            number = self._first + k
            if self._script.frame(sight.start) <= number < self._script.frame(sight.end) or (
                isinstance(sight, Event) and sight.kind == "drop"
            ):
                self._draw(canvas, sight, number, seen, left)
        if seen.zoom == 1 and seen.left == left and wide == WIDTH:
            picture = canvas
        else:
            x = seen.left - left
            box = (x, seen.top, min(wide, x + WIDTH / seen.zoom), min(HEIGHT, seen.top + HEIGHT / seen.zoom))
            picture = canvas.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box=box)
        if self._rain:
            picture.paste((214, 224, 232), (0, 0), self._rain[k % len(self._rain)])
        for sight in self._sights:
            if isinstance(sight, Sign) and sight.kind == "caption":
                self._caption(picture, sight, self._first + k)
        return picture

    def _draw(self, canvas: Image.Image, sight: Appearance | Event | Sign, number: int, seen: View, left: int) -> None:
        u = progress(self._script, sight, number)
        if isinstance(sight, Appearance):
            self._person(canvas, sight, u, seen, left)
        elif isinstance(sight, Sign):
            self._sign(canvas, sight, u, seen, left)
        elif sight.kind == "drop":
            if number >= self._script.frame(sight.start):
                fall = min(1.0, (number - self._script.frame(sight.start)) / 6)
                y = GROUND - PARCEL_SIZE[1] - 46 * (1 - fall**2)
                self._put(canvas, figures.parcel(sight.colour), parcel_x(sight) + seen.left - PARCEL_SIZE[0] / 2, y, left)
        else:
            self._thing(canvas, sight, u, seen, left)

    def _person(self, canvas: Image.Image, a: Appearance, u: float, seen: View, left: int) -> None:
        who = self._script.person(a.person)
        x = person_x(a.way, a.side, u, seen)
        gone = abs(x - (0 if a.side < 0 else WIDTH))
        resting = a.way == "stand" or (a.way == "visit" and VISIT_PAUSE[0] <= u <= VISIT_PAUSE[1])
        phase = -1 if resting else int(gone / _STEP) % figures.PHASES
        side = -a.side if a.way == "visit" and u > VISIT_PAUSE[1] else a.side
        drop = next((e for e in self._script.events if e.appearance == a.id), None)
        load = COLOURS[drop.colour] if drop and u < DROP_AT else None
        hat = COLOURS[who.hat] if who.hat else None
        kind = sum(map(ord, who.id + who.coat))
        picture = figures.figure(COLOURS[who.coat], hat, kind, phase, side, load)
        _shadow(canvas, x / seen.zoom + seen.left - left, 30)
        self._put(canvas, picture, x / seen.zoom + seen.left - PERSON_SIZE[0] / 2, GROUND - PERSON_SIZE[1], left)

    def _thing(self, canvas: Image.Image, e: Event, u: float, seen: View, left: int) -> None:
        wide, high = SIZES[e.subject]
        x = crossing(u, e.side, wide, seen.zoom) / seen.zoom + seen.left
        y = seen.top + e.height * HEIGHT / seen.zoom - high / 2 if e.height else GROUND - high
        if not e.height:
            _shadow(canvas, x - left, wide * 0.8)
        self._put(canvas, things.thing(e.subject, e.colour, int(u * 26) % things.PHASES, e.side), x - wide / 2, y, left)

    def _sign(self, canvas: Image.Image, s: Sign, u: float, seen: View, left: int) -> None:
        if s.kind == "caption":
            return
        x0, y0, x1, y1 = sign_box(s, u)
        if s.kind == "board":
            _put(canvas, signs.easel(round(x1 - x0), round(y1 - y0)), x0 - 10 + seen.left, y0, left)
        else:
            ahead = x1 + ROPE if s.side < 0 else x0 - ROPE - PLANE_SIZE[0]
            rope = signs.rope() if s.side < 0 else signs.rope().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            _put(canvas, rope, (x1 if s.side < 0 else x0 - ROPE) + seen.left, (y0 + y1) / 2 - 10, left)
            self._put(canvas, things.plane(int(u * 60) % 8, s.side), ahead + seen.left, (y0 + y1) / 2 - PLANE_SIZE[1] / 2, left)
        _put(canvas, signs.plate(s), x0 + seen.left, y0, left)

    def _caption(self, picture: Image.Image, s: Sign, number: int) -> None:
        if self._script.frame(s.start) <= number < self._script.frame(s.end):
            x0, y0, _, _ = sign_box(s, 0.5)
            _put(picture, signs.plate(s), x0, y0, 0)

    def _put(self, canvas: Image.Image, picture: Image.Image, x: float, y: float, left: int) -> None:
        around = rim(picture, self._scene.light)
        if around:
            canvas.paste(PALE, (round(x) - left - 1, round(y) - 1), around)
        _put(canvas, grade_actor(picture, self._scene.light), x, y, left)


def _put(canvas: Image.Image, picture: Image.Image, x: float, y: float, left: int) -> None:
    canvas.paste(picture, (round(x) - left, round(y)), picture)


@lru_cache(maxsize=64)
def _shade(wide: int) -> Image.Image:
    ink = Ink(wide, 9, 3)
    ink.oval(0, 0, wide, 9, (30, 26, 44))
    picture = ink.done()
    picture.putalpha(picture.getchannel("A").point([round(v * 0.28) for v in range(256)]))
    return picture


def _shadow(canvas: Image.Image, x: float, wide: float) -> None:
    picture = _shade(round(wide))
    canvas.paste(picture, (round(x - wide / 2), round(GROUND - 5)), picture)


@lru_cache(maxsize=4)
def _rain(seed: int) -> list[Image.Image]:
    """Masks of rain, one after the other."""
    rng = np.random.default_rng([seed, 9])
    sheets = []
    for _ in range(6):
        sheet = Image.new("L", (WIDTH, HEIGHT))
        draw = ImageDraw.Draw(sheet)
        for x, y in rng.uniform((0, -20), (WIDTH, HEIGHT), (110, 2)):
            draw.line([(x, y), (x - 4, y + 15)], fill=84)
        sheets.append(sheet)
    return sheets
