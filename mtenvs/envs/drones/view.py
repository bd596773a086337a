"""The court as a picture: a perspective view with shadows, trails, the score and the last event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones import backdrop, board, flight, quadrotor, sprites
from mtenvs.envs.drones.camera import Camera
from mtenvs.envs.drones.params import FORMATS

if TYPE_CHECKING:
    import numpy.typing as npt
    from PIL import Image

    from mtenvs.envs.drones.camera import Array
    from mtenvs.envs.drones.params import CourtParams
    from mtenvs.envs.drones.scene import Scene

    Picture = npt.NDArray[np.uint8]

SIZE: Final = (640, 360)
_CEILING: Final = 5.2  # metres up to which everything is in the picture; a higher ball gets a marker at the top edge
_SERVER: Final = 2.3  # metres up to which the far corner behind team 0 is in the picture, where it is nearest to the edge
_SMALLEST: Final = 64  # pixels
_LARGEST: Final = 4096
_NARROW: Final = 320  # pixels; orders are left out of narrower pictures
_ROOMY: Final = 900  # pixels; wider ones name the role too
_TRAIL: Final = 40  # of the last ball positions
_SPAN: Final = 30.0  # pixels in a picture 640 wide; a drone is drawn larger than life until it is about that wide
_MOST: Final = 2.2  # times larger than life
_BALL: Final = 1.3  # times larger than life, so that it is found at once


class CourtView:
    """Draws moments of a game; the same scene always gives the same picture, whatever was drawn before.

    Drones are drawn up to 2.2 times as large as they are in a small picture, so that their tilt can be seen, and the ball a
    little larger; places are true. Team 0 is red and at the right; `Scene.seen_by` gives the other team's view.

    Args:
        court: its measures; None takes the court of the format.
        size: width and height in pixels, 64 to 4096 each.
        teams: ``"1v1"``, ``"3v3"`` or ``"6v6"``.

    Raises:
        UnknownOption: no such format, or a size or court that cannot be drawn.
    """

    def __init__(self, court: CourtParams | None = None, size: tuple[int, int] = SIZE, teams: str = "3v3") -> None:
        if teams not in FORMATS:
            raise UnknownOption(f"teams must be one of {', '.join(FORMATS)}, not {teams!r}")
        check_size(size)
        self.court = FORMATS[teams].court if court is None else court
        measures = (self.court.length, self.court.width, self.court.net_height, self.court.net_band)
        if not all(0.1 <= measure <= 1000 for measure in measures):
            raise UnknownOption(f"a court's measures must lie between 0.1 and 1000 m, not {measures}")
        self.teams, self.size = teams, (size[0], size[1])
        width, height = self.size
        self._unit = max(8, round(min(width / 44, height / 22)))  # pixels of letters
        self.camera = self._aim()
        self._grounds: dict[int, Image.Image] = {}
        self._net, self._net_at = backdrop.net(self.camera, self.court, self.size)
        middle = self.camera.scale((0.0, 0.0, 1.0))
        self._larger = min(_MOST, max(1.0, _SPAN * max(1.0, self.size[0] / SIZE[0]) / (0.5 * middle)))

    def _aim(self) -> Camera:
        """From the side and a little behind team 0, so that the net is seen as a net; steeper and more from behind in a square picture."""
        width, height = self.size
        square = min(1.0, max(0.0, (16 / 9 - width / height) / (16 / 9 - 1)))
        azimuth, elevation = 20 + 34 * square, 25 + 9 * square
        x, y = self.court.length / 2 * 1.04, self.court.width / 2 * 1.04
        ceiling = _CEILING if x > 4 else 0.88 * _CEILING
        points = np.array([(a, b, c) for a in (-x, x) for b in (-y, y) for c in (0.0,)] + [(a, 0.0, ceiling) for a in (-0.7 * x, 0.9 * x)])
        points = np.concatenate([points, [(x, y, _SERVER)]])
        box = (0.015 * width, self._unit * 2.0, 0.985 * width, height - self._unit * 1.8)
        return Camera.fit(points, box, azimuth, elevation, max(11.0, 1.55 * self.court.length))

    def draw(self, scene: Scene) -> Picture:
        """The picture of a scene.

        Returns:
            (height, width, 3) uint8; the caller owns it.
        """
        picture = self._ground(scene.turn).copy()
        places = scene.positions.astype(np.float64)
        shown = [i for i in range(len(places)) if _drawable(places[i])]
        ball = scene.ball.astype(np.float64)
        there = _drawable(ball)
        if scene.target and _drawable(np.array(scene.target)):
            sprites.draw_goal(picture, self.camera, np.array(scene.target[:3]), scene.target[3])
        for i in shown:
            if scene.may_hit and scene.may_hit[i]:
                sprites.draw_ring(picture, self.camera, places[i], 0.36 * self._larger, backdrop.TEAM_COLOURS[self._team(scene, i)])
            sprites.draw_shadow(picture, self.camera, places[i], 0.27 * self._larger)
        if there:
            self._draw_flight(picture, scene, ball)
        self._draw_bodies(picture, scene, places, shown, ball if there else None)
        self._write(picture, scene, places, shown, ball if there else None)
        return np.array(picture)

    def _draw_bodies(self, picture: Image.Image, scene: Scene, places: Array, shown: list[int], ball: Array | None) -> None:
        """Drones, net and ball: what is farther away first, the net between the two halves."""
        fleet = quadrotor.Fleet(self.camera, places[shown], scene.quaternions[shown].astype(np.float64), self._larger, scene.time)
        things = [(float(places[drone][0]) > 0, -float(fleet.depth[k]), k) for k, drone in enumerate(shown)]
        if ball is not None:
            things.append((float(ball[0]) > 0, -float(self.camera.project(ball)[1]), -1))
        netted = False
        for near, _, k in sorted(things):
            if near and not netted:
                picture.paste(self._net, self._net_at, self._net)
                netted = True
            if k >= 0:
                fleet.draw(picture, k, self._team(scene, shown[k]))
            elif ball is not None:
                sprites.draw_ball(picture, self.camera, ball, _BALL * sprites.BALL_RADIUS)
        if not netted:
            picture.paste(self._net, self._net_at, self._net)

    def _ground(self, turn: int) -> Image.Image:
        if turn not in self._grounds:
            self._grounds[turn] = backdrop.paint(self.camera, self.court, self.size, turn)
        return self._grounds[turn]

    @staticmethod
    def _team(scene: Scene, drone: int) -> int:
        return int(drone >= scene.team_size)

    def _draw_flight(self, picture: Image.Image, scene: Scene, ball: Array) -> None:
        """What tells where the ball is: its shadow, a dotted line down, where it came from and where it will land."""
        landing = flight.landing(ball, scene.ball_velocity)
        if landing is not None and landing.time > 0.05 and _drawable(np.array([landing.x, landing.y, 0.0])):
            sprites.draw_target(picture, self.camera, np.array([landing.x, landing.y, 0.0]), 0.2 * self._larger)
        sprites.draw_shadow(picture, self.camera, ball, 1.5 * sprites.BALL_RADIUS)
        sprites.draw_plumb(picture, self.camera, ball)
        trail = scene.trail[-_TRAIL:].astype(np.float64)
        finite = np.array([_drawable(place) for place in trail], dtype=bool)
        sprites.draw_trail(picture, self.camera, trail[finite], sprites.BALL_RADIUS)

    def _write(self, picture: Image.Image, scene: Scene, places: Array, shown: list[int], ball: Array | None) -> None:
        width, height = self.size
        unit = self._unit
        if ball is not None:
            at, _ = self.camera.project(ball)
            if at[1] < 0:
                high = board.note(unit, f"\u25b2 {ball[2]:.1f} m")
                _put(picture, high, float(at[0]), unit * 3.6)
        if scene.actions and width >= _NARROW:
            self._write_orders(picture, scene, places, shown)
        if scene.phase or np.isfinite(scene.positions).all():  # an exercise has no score
            _put(picture, board.scoreboard(unit, scene.score, scene.turn, scene.phase), width / 2, unit * 0.35, top=True)
        if ball is not None and float(self.camera.project(ball)[0][1]) < unit * 3.4:
            sprites.draw_ball(picture, self.camera, ball, _BALL * sprites.BALL_RADIUS)  # in front of the scoreboard, not lost behind it
        if scene.event:
            plate = board.banner(round(unit * 1.15), scene.event, scene.event_team)
            _put(picture, plate, width / 2, height - unit * 0.5 - plate.height, top=True)

    def _write_orders(self, picture: Image.Image, scene: Scene, places: Array, shown: list[int]) -> None:
        """Each drone's order below it, or lower where another one is already written."""
        small = max(8, round(self._unit * 0.68))
        spots = [(self.camera.project(places[i] - (0.0, 0.0, 0.2 * self._larger))[0].tolist(), i) for i in shown if scene.actions[i]]
        taken: list[tuple[float, float, float]] = []  # left, right, middle line
        for (x, y), i in sorted(spots, key=lambda spot: spot[0][1]):
            order = f"{scene.role(i)}: {scene.actions[i]}" if self.size[0] >= _ROOMY else scene.actions[i]
            plate = board.tag(small, order, self._team(scene, i))
            left, right, middle = x - plate.width / 2, x + plate.width / 2, y + small * 1.2
            for other in sorted(taken, key=lambda box: box[2]):
                if left < other[1] and other[0] < right and abs(middle - other[2]) < plate.height:
                    middle = other[2] + plate.height
            taken.append((left, right, middle))
            _put(picture, plate, x, middle)


def check_size(size: Any) -> None:
    """Raise `UnknownOption` for what is no size of a picture."""
    pair = isinstance(size, (tuple, list)) and len(size) == 2
    if not pair or not all(isinstance(side, int) and _SMALLEST <= side <= _LARGEST for side in size):
        raise UnknownOption(f"size is (width, height), each from {_SMALLEST} to {_LARGEST} pixels, not {size!r}")


def _drawable(place: Array) -> bool:
    """Whether a place can be projected to a pixel number at all."""
    return bool(np.all(np.abs(place) < 200.0))


def _put(picture: Image.Image, plate: Image.Image, x: float, y: float, *, top: bool = False) -> None:
    """A plate around a point (or below it), moved as far as needed to be inside the picture."""
    left = min(max(0, round(x - plate.width / 2)), max(0, picture.width - plate.width))
    upper = min(max(0, round(y if top else y - plate.height / 2)), max(0, picture.height - plate.height))
    picture.paste(plate, (left, upper), plate)
