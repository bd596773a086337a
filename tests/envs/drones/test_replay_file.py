"""A replay gives back what was played, says when it was cut, and refuses what was damaged."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.envs.drones import replay_file
from mtenvs.envs.drones.params import CourtParams
from mtenvs.envs.drones.replay_file import Header, ReplayWriter, read_replay
from mtenvs.envs.drones.scene import Scene
from mtenvs.envs.drones.view import CourtView

HEADER = Header("3v3", CourtParams(), 0.02, {"throttle": (6, 4), "t": ()}, {"seed": 7})
ARRAYS = ("positions", "quaternions", "ball", "ball_velocity", "trail")
WORDS = ("time", "score", "turn", "phase", "event", "event_team", "actions", "may_hit", "target")


def game(moments: int, seed: int = 0) -> list[tuple[Scene, dict[str, np.ndarray]]]:
    rng = np.random.default_rng(seed)
    balls = rng.normal((0, 0, 3), size=(moments, 3))
    played = []
    for i in range(moments):
        scene = Scene(
            rng.normal(size=(6, 3)) * 3,
            rng.normal(size=(6, 4)),
            balls[i],
            rng.normal(size=3),
            balls[max(0, i - 9) : i + 1],
            i * 0.02,
            (i // 5, 1),
            i // 3 % 2,
            "rally" if i else "serve",
            f"event {i // 4} \u00e9",
            -1,
            ("set", "goto", "") * 2,
            (i // 6 % 2 == 0,) * 6,
            (-4.5, 0.0, 0.0, 1.0) if i // 10 % 2 else (),
        )
        played.append((scene, {"throttle": rng.normal(size=(6, 4)).astype(np.float32), "t": np.float32(i)}))
    return played  # type: ignore[return-value]  # a scalar array counts as an array here


def write(path: Path, played: list[tuple[Scene, dict[str, np.ndarray]]], header: Header = HEADER) -> bytes:
    with ReplayWriter(path, header) as writer:
        for scene, state in played:
            writer.write(scene, state)
    return path.read_bytes()


def same(a: Scene, b: Scene) -> bool:
    return all(getattr(a, name).tobytes() == getattr(b, name).tobytes() for name in ARRAYS) and all(
        getattr(a, name) == getattr(b, name) for name in WORDS
    )


def test_what_was_written_is_read_and_drawn_again_exactly(tmp_path: Path) -> None:
    played = game(30)
    write(tmp_path / "game.replay", played)
    replay = read_replay(tmp_path / "game.replay")
    assert replay.complete
    assert replay.header == HEADER
    assert len(replay) == 30
    view = CourtView()
    for (scene, state), moment in zip(played, replay, strict=True):
        assert same(scene, moment.scene)
        assert np.array_equal(moment.state["throttle"], state["throttle"])
        assert moment.state["t"] == state["t"]
    assert np.array_equal(view.draw(played[17][0]), view.draw(replay.scenes[17]))


def test_a_replay_from_before_there_were_targets_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay_file, "_WORDS", WORDS[1:-1])
    write(tmp_path / "game.replay", [(replace(scene, target=()), state) for scene, state in game(4)])
    monkeypatch.undo()
    scenes = read_replay(tmp_path / "game.replay").scenes
    assert [scene.target for scene in scenes] == [()] * 4
    assert scenes[3].event == "event 0 \u00e9"


def test_not_a_number_and_missing_things_come_back_too(tmp_path: Path) -> None:
    scene = Scene(np.full((2, 3), np.nan), np.full((2, 4), np.inf), np.array([-0.0, np.nan, 1]))
    with ReplayWriter(tmp_path / "game.replay", Header("1v1", CourtParams(6.0, 3.0))) as writer:
        writer.write(scene)
    assert same(read_replay(tmp_path / "game.replay")[0].scene, scene)


@given(st.lists(st.lists(st.integers(0, 2), max_size=5), max_size=8))
@settings(max_examples=50, deadline=None)
def test_any_trails_come_back(tmp_path_factory: pytest.TempPathFactory, trails: list[list[int]]) -> None:
    """Trails are kept as what is new of them, whatever they do."""
    path = tmp_path_factory.mktemp("trails") / "game.replay"
    scenes = [
        Scene(np.zeros((2, 3)), np.zeros((2, 4)), np.zeros(3), trail=np.array(trail, dtype=float).reshape(-1, 1).repeat(3, 1))
        for trail in trails
    ]
    with ReplayWriter(path, Header("1v1", CourtParams())) as writer:
        for scene in scenes:
            writer.write(scene)
    read = read_replay(path)
    assert [scene.trail.tolist() for scene in read.scenes] == [scene.trail.tolist() for scene in scenes]
    assert read.complete


def test_a_rallys_file_is_small(tmp_path: Path) -> None:
    assert len(write(tmp_path / "game.replay", game(500))) < 500 * 480


@given(st.integers(0, 5000))
@settings(max_examples=60, deadline=None)
def test_a_cut_file_is_read_up_to_the_cut(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "game.replay"
    played = game(8)
    data = write(path, played)
    body = data.index(b"\n") + 1
    kept = min(body + cut, len(data) - 1)
    path.write_bytes(data[:kept])
    replay = read_replay(path)
    assert not replay.complete
    assert all(same(scene, moment.scene) for (scene, _), moment in zip(played, replay, strict=False))
    assert len(replay) <= 8
    if kept == len(data) - 1:
        assert len(replay) == 8


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_changed_byte_is_an_error_that_names_the_file(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("damage") / "game.replay"
    good = write(path, game(3))
    start = good.index(b"\n") + 1
    at = data.draw(st.integers(start, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(bad))
    with pytest.raises(DataError, match=r"game\.replay"):
        read_replay(path)


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_anything_else_is_an_error_too(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("other") / "game.replay"
    path.write_bytes(data)
    with pytest.raises(DataError):
        read_replay(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "version 2"),
        ({"format": "other"}, "format is 'other'"),
        ({"teams": "2v2"}, "unknown teams"),
        ({"court": {"length": "long"}}, "header"),
        ({"state": {"throttle": [-1]}}, "negative"),
        ({"state": 5}, "header"),
        ({"dt": None}, "header"),
    ],
    ids=["version", "format", "teams", "court", "negative", "state", "dt"],
)
def test_damaged_and_foreign_headers_are_refused(tmp_path: Path, change: dict[str, object], message: str) -> None:
    path = tmp_path / "game.replay"
    line, rest = write(path, game(2)).split(b"\n", 1)
    path.write_bytes(json.dumps({**json.loads(line), **change}).encode() + b"\n" + rest)
    with pytest.raises(DataError, match=message):
        read_replay(path)


def test_a_header_without_its_end_and_a_file_without_bytes(tmp_path: Path) -> None:
    path = tmp_path / "game.replay"
    path.write_bytes(write(path, []).split(b"\n")[0])
    with pytest.raises(DataError, match="does not end"):
        read_replay(path)
    with pytest.raises(DataError, match="cannot be read"):
        read_replay(tmp_path / "none.replay")


def test_bytes_after_the_end_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "game.replay"
    path.write_bytes(write(path, game(2)) + b"x")
    with pytest.raises(DataError, match="end mark"):
        read_replay(path)


def test_a_program_that_dies_leaves_every_moment_behind(tmp_path: Path) -> None:
    path = tmp_path / "game.replay"
    code = """
import os, sys
import numpy as np
from mtenvs.envs.drones.params import CourtParams
from mtenvs.envs.drones.replay_file import Header, ReplayWriter
from mtenvs.envs.drones.scene import Scene
writer = ReplayWriter(sys.argv[1], Header("1v1", CourtParams()))
for i in range(25):
    writer.write(Scene(np.zeros((2, 3)), np.ones((2, 4)), np.array([i, 0, 0])))
os._exit(9)
"""
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(path)], check=False, timeout=120
    )
    assert done.returncode == 9
    replay = read_replay(path)
    assert [float(scene.ball[0]) for scene in replay.scenes] == [float(i) for i in range(25)]
    assert not replay.complete


def test_moments_that_do_not_fit_the_header_are_refused_and_leave_no_trace(tmp_path: Path) -> None:
    scene, state = game(1)[0]
    path = tmp_path / "game.replay"
    with ReplayWriter(path, HEADER) as writer:
        with pytest.raises(UnknownOption, match="promises"):
            writer.write(scene)
        with pytest.raises(UnknownOption, match="promises"):
            writer.write(scene, {**state, "throttle": np.zeros((6, 3))})
        with pytest.raises(UnknownOption, match="drones"):
            writer.write(Scene(np.zeros((2, 3)), np.zeros((2, 4)), np.zeros(3)), state)
        writer.write(scene, state)
    assert len(read_replay(path)) == 1
    writer.close()
    with pytest.raises(ValueError, match="closed"):
        writer.write(scene, state)


def test_headers_that_cannot_be_written_are_refused_before_a_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "game.replay"
    for header in (
        Header("2v2", CourtParams()),
        Header("3v3", CourtParams(), notes={"policy": object()}),
        Header("3v3", CourtParams(), float("nan")),
    ):
        with pytest.raises(UnknownOption):
            ReplayWriter(path, header)
    assert not path.exists()
