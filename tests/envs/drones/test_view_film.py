"""Frames become a film that can be played."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mtenvs.core.errors import MissingRequirement, UnknownOption
from mtenvs.envs.drones.film import save_mp4


def frames(count: int, height: int = 64, width: int = 96) -> Iterator[np.ndarray]:
    for i in range(count):
        frame = np.full((height, width, 3), 40, dtype=np.uint8)
        frame[:, : 8 * i + 8] = (200, 60, 60)
        yield frame


@pytest.mark.parametrize(("height", "width"), [(64, 96), (63, 95)], ids=["even", "odd"])
def test_a_film_holds_every_frame_in_order(tmp_path: Path, height: int, width: int) -> None:
    av = pytest.importorskip("av")
    path = tmp_path / "rally.mp4"
    assert save_mp4(frames(10, height, width), path, 25) == 10
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        assert (stream.average_rate, stream.codec_context.name) == (25, "h264")
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(stream)]
    assert len(pictures) == 10
    for i, picture in enumerate(pictures):
        assert picture.shape == (64, 96, 3)
        red = (picture[20, :, 0] > 120).sum()
        assert abs(int(red) - (8 * i + 8)) <= 2


def test_the_same_frames_give_the_same_file(tmp_path: Path) -> None:
    pytest.importorskip("av")
    files = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    for path in files:
        save_mp4(frames(5), path, 30)
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(
    "wrong",
    [[], [np.zeros((8, 8), np.uint8)], [np.zeros((8, 8, 3))], [np.zeros((8, 8, 3), np.uint8), np.zeros((10, 8, 3), np.uint8)]],
    ids=["none", "grey", "floats", "sizes"],
)
def test_what_is_no_film_leaves_no_file(tmp_path: Path, wrong: list[np.ndarray]) -> None:
    pytest.importorskip("av")
    path = tmp_path / "no.mp4"
    path.write_bytes(b"an older film")
    with pytest.raises(UnknownOption):
        save_mp4(wrong, path, 25)
    assert path.read_bytes() == b"an older film"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fps", [0, -1, 241, float("nan")])
def test_impossible_rates_are_refused(tmp_path: Path, fps: float) -> None:
    pytest.importorskip("av")
    with pytest.raises(UnknownOption, match="fps"):
        save_mp4(frames(1), tmp_path / "no.mp4", fps)


def test_without_pyav_the_command_that_installs_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingRequirement, match=r'pip install "mtenvs\[video\]"'):
        save_mp4(frames(1), tmp_path / "no.mp4", 25)
