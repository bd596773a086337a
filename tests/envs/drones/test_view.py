"""The picture of a game shows what is going on, the same way each time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.backdrop import TEAM_COLOURS
from mtenvs.envs.drones.camera import Camera
from mtenvs.envs.drones.params import FORMATS, CourtParams
from mtenvs.envs.drones.quadrotor import rotations
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.view import CourtView

VIEW = CourtView()
ANY = st.floats(allow_nan=True, allow_infinity=True)


def scene(teams: str = "3v3", **changes: Any) -> Scene:
    anchors = np.array(FORMATS[teams].anchors)
    places = np.concatenate([anchors, anchors * (-1, -1, 1)])
    level = np.tile([1.0, 0, 0, 0], (len(places), 1))
    start = Scene(places, level, np.array([1.5, 0.5, 3.0]), np.array([-3.0, 0.0, 2.0]), score=(3, 2), turn=0, phase="rally")
    return replace(start, **changes)


def changed(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.nonzero((a != b).any(axis=2))
    return rows, columns


@pytest.mark.parametrize("teams", ["1v1", "3v3", "6v6"])
@pytest.mark.parametrize("size", [(640, 360), (224, 224), (64, 64), (100, 400)], ids=str)
def test_every_format_fits_into_every_size(teams: str, size: tuple[int, int]) -> None:
    view = CourtView(size=size, teams=teams)
    frame = view.draw(scene(teams))
    assert frame.shape == (size[1], size[0], 3)
    assert frame.dtype == np.uint8
    court = FORMATS[teams].court
    corners, _ = view.camera.project([(x * court.length / 2, y * court.width / 2, 0.0) for x in (-1, 1) for y in (-1, 1)])
    assert (corners >= 0).all()
    assert (corners < size).all()


def test_the_same_scene_gives_the_same_picture_whatever_was_drawn_before() -> None:
    moment = scene(event="Set", event_team=0, actions=("set", "goto", "goto") * 2)
    first = CourtView().draw(moment)
    VIEW.draw(scene(turn=1, event="Out", event_team=1))
    again = VIEW.draw(moment)
    again[:] = 0  # the caller owns a frame
    assert np.array_equal(VIEW.draw(moment), first)


def test_a_drone_is_seen_where_it_is_in_its_teams_colour() -> None:
    for team, drone in ((0, 2), (1, 5)):
        moment = scene()
        away = np.array(moment.positions)
        away[drone] = (np.nan, 0, 0)
        rows, columns = changed(VIEW.draw(moment), VIEW.draw(replace(moment, positions=away)))
        x, y = VIEW.camera.project(moment.positions[drone])[0]
        near = (abs(columns - x) < 24) & (abs(rows - y) < 14)
        assert near.sum() > 100
        patch = VIEW.draw(moment)[rows[near], columns[near]].astype(int)
        closest = np.abs(patch[:, None] - np.array(TEAM_COLOURS)[None]).sum(axis=2)
        assert ((closest[:, team] < 120) & (closest[:, team] < closest[:, 1 - team])).sum() > 20


def test_height_is_read_from_the_shadow_that_stays_on_the_ground() -> None:
    low, high = (
        scene(ball=np.array([3.0, -1.0, 0.5]), ball_velocity=np.zeros(3)),
        scene(ball=np.array([3.0, -1.0, 2.5]), ball_velocity=np.zeros(3)),
    )
    empty = VIEW.draw(scene(ball=np.full(3, np.nan)))
    ground = VIEW.camera.project((3.0, -1.0, 0.0))[0].round().astype(int)
    shade = [int(VIEW.draw(moment)[ground[1], ground[0]].sum()) for moment in (low, high)]
    assert shade[0] < int(empty[ground[1], ground[0]].sum())
    assert shade[1] < int(empty[ground[1], ground[0]].sum())
    tops = [changed(VIEW.draw(moment), empty)[0].min() for moment in (low, high)]
    assert tops[1] < tops[0] - 40


def test_tilt_is_seen() -> None:
    tilted = np.array(scene().quaternions)
    tilted[2] = (np.cos(0.25), 0.0, np.sin(0.25), 0.0)
    rows, _ = changed(VIEW.draw(scene()), VIEW.draw(scene(quaternions=tilted)))
    assert len(rows) > 60


def test_the_net_hides_what_is_behind_it_and_not_what_is_before_it() -> None:
    """A ball just beyond the band of the net is drawn under its meshes, one just before it over them."""
    counts = []
    for x in (-0.12, 0.12):
        place = np.array([x, 0.0, 2.05])
        moment = scene(ball=place, ball_velocity=np.zeros(3))
        around = VIEW.camera.project(place)[0].round().astype(int)
        block = VIEW.draw(moment)[around[1] - 3 : around[1] + 4, around[0] - 3 : around[0] + 4].astype(int)
        counts.append(int(((block[..., 0] > 225) & (block[..., 2] < 110)).sum()))
    assert counts[1] > counts[0] + 5


@pytest.mark.parametrize(
    "change",
    [
        {"score": (4, 2)},
        {"turn": 1},
        {"turn": -1},
        {"phase": "serve"},
        {"event": "Double hit", "event_team": 1},
        {"actions": ("set", "goto", "goto", "goto", "goto", "goto")},
        {"may_hit": (True, False, False, False, False, False)},
        {"trail": np.linspace((3, 1, 2), (1.5, 0.5, 3.0), 12)},
        {"ball_velocity": np.array([-6.0, 0.0, 2.0])},
        {"target": (-4.5, 0.0, 0.0, 1.0)},
        {"target": (4.5, 0.0, 2.0, 0.6)},
    ],
    ids=lambda change: "-".join(map(str, change)),
)
def test_each_thing_that_is_told_is_seen(change: dict[str, Any]) -> None:
    assert len(changed(VIEW.draw(scene()), VIEW.draw(scene(**change)))[0]) > 12


def test_a_ball_above_the_picture_is_marked_at_its_edge() -> None:
    rows, _ = changed(VIEW.draw(scene(ball=np.array([0.0, 2.0, 14.0]))), VIEW.draw(scene(ball=np.full(3, np.nan))))
    assert rows.min() < 80


@given(st.lists(ANY, min_size=45, max_size=45), st.floats(0, 1e4), st.text(max_size=200))
@settings(max_examples=40, deadline=None)
def test_no_numbers_and_no_words_break_a_picture(numbers: list[float], time: float, event: str) -> None:
    values = np.array(numbers)
    wild = Scene(
        values[:18].reshape(6, 3), values[18:42].reshape(6, 4), values[42:], values[:3], values[:36].reshape(12, 3), time, event=event
    )
    assert VIEW.draw(wild).shape == (360, 640, 3)


@given(st.tuples(st.floats(-20, 20), st.floats(-20, 20), st.floats(0, 8)), st.floats(0, 90), st.floats(5, 60))
def test_the_camera_has_everything_in_its_box_and_up_is_up(place: tuple[float, float, float], azimuth: float, elevation: float) -> None:
    corners = np.array([(x, y, z) for x in (-6, 6) for y in (-3, 3) for z in (0, 5)], dtype=np.float64)
    camera = Camera.fit(corners, (10, 20, 300, 180), azimuth, elevation, 40.0)
    flat, depth = camera.project(corners)
    assert (flat >= (10 - 1e-6, 20 - 1e-6)).all()
    assert (flat <= (300 + 1e-6, 180 + 1e-6)).all()
    assert (depth > 0).all()
    foot, head = camera.project([place, (place[0], place[1], place[2] + 1.0)])[0]
    assert head[1] < foot[1] or camera.project(place)[1] < 1


@given(st.lists(st.floats(-1, 1), min_size=4, max_size=4).filter(lambda q: sum(x * x for x in q) > 0.01))
def test_rotations_are_rotations(quaternion: list[float]) -> None:
    turn = rotations(np.array([quaternion, [np.nan, 0, 0, 0], [0, 0, 0, 0]]))
    assert np.allclose(turn[0] @ turn[0].T, np.eye(3), atol=1e-9)
    assert np.linalg.det(turn[0]) == pytest.approx(1.0)
    w, x, y, z = np.array(quaternion) / np.linalg.norm(quaternion)
    assert np.allclose(turn[0][:, 2], (2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)))
    assert np.array_equal(turn[1:], np.tile(np.eye(3), (2, 1, 1)))


@pytest.mark.parametrize(
    "options",
    [{"teams": "2v3"}, {"size": (10, 360)}, {"size": (640.0, 360)}, {"size": (640, 99999)}, {"court": CourtParams(length=float("nan"))}],
    ids=lambda options: next(iter(options)),
)
def test_views_that_cannot_be_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UnknownOption):
        CourtView(**options)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "change",
    [
        {"ball": np.zeros(2)},
        {"trail": None},
        {"ball_velocity": "fast"},
        {"quaternions": np.zeros((5, 4))},
        {"positions": np.zeros((3, 3)), "quaternions": np.zeros((3, 4))},
        {"turn": 2},
        {"phase": "half-time"},
        {"may_hit": (True,)},
        {"score": (1, 2, 3)},
        {"target": (1.0, 2.0, 3.0)},
        {"target": (1.0, 2.0, np.nan, 1.0)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_scenes_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UnknownOption):
        scene(**change)


def test_both_teams_see_the_same_picture_of_the_same_situation() -> None:
    """Turning the whole game by half a turn and swapping the teams changes nothing for who plays in it."""
    tilted = np.array(
        [(np.cos(0.2), np.sin(0.2), 0, 0), (np.cos(0.3), 0, np.sin(0.3), 0), (1, 0, 0, 0), (0, 0, 0, 1), (0.8, 0, 0.6, 0), (0.6, 0, 0, 0.8)]
    )
    moment = scene(
        quaternions=tilted,
        may_hit=(True, False, False, False, True, False),
        actions=("set", "", "", "secret", "", ""),
        event="Set",
        event_team=0,
    )
    there = moment.seen_by(1)
    back = there.seen_by(1)
    assert np.array_equal(back.positions, moment.positions)
    assert np.array_equal(VIEW.draw(replace(back, actions=())), VIEW.draw(replace(moment, actions=())))
    assert (there.score, there.turn, there.event_team, there.may_hit) == ((2, 3), 1, 1, (False, True, False, True, False, False))
    assert there.actions == ("secret", "", "", "", "", "")
    assert moment.seen_by(0).actions == ("set", "", "", "", "", "")
    turns, seen = (rotations(np.array(one.quaternions, dtype=np.float64)) for one in (moment, there))
    half = np.diag([-1.0, -1.0, 1.0])
    assert np.allclose(seen, (half @ turns)[[3, 4, 5, 0, 1, 2]], atol=1e-6)
    with pytest.raises(UnknownOption, match="team"):
        moment.seen_by(2)


def test_a_scene_keeps_its_own_arrays() -> None:
    ball = np.array([1.0, 2.0, 3.0])
    moment = scene(ball=ball)
    ball[:] = 0
    assert moment.ball.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="read-only"):
        moment.ball[0] = 5
