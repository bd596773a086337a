"""The second decoder gives the same frames, and cannot take the program down with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from backends.video.clips import read_barcode

from mtenvs.backends.video import FrameRequest, VideoStore, read_many
from mtenvs.backends.video.decord_process import DecordProcess
from mtenvs.core.errors import VideoTruncated

pytest.importorskip("decord")
ClipOf = Callable[[str], Path]


@pytest.mark.parametrize("name", ["gop48.mp4", "gop250.mp4", "pyramid.mp4", "uneven.mp4", "turned90.mp4", "plain.mkv"])
def test_the_same_frames(clip_of: ClipOf, name: str) -> None:
    with VideoStore.open(clip_of(name), backend="decord") as store, VideoStore.open(clip_of(name)) as ours:
        numbers = np.random.default_rng(2).integers(0, store.info.num_frames, 20)
        images = store.frames(numbers)
        assert [read_barcode(p) for p in images] == numbers.tolist()
        assert np.abs(images.astype(int) - ours.frames(numbers)).mean() < 4
        small = store.frames(numbers[:3], (100, 60))
        assert small.shape == (3, 60, 100, 3)
        assert [read_barcode(p) for p in small] == numbers[:3].tolist()


def test_both_decoders_in_one_call(clip_of: ClipOf) -> None:
    path = clip_of("gop48.mp4")
    with VideoStore.open(path, backend="decord") as theirs, VideoStore.open(path) as ours:
        a, b = read_many([FrameRequest(theirs, [5]), FrameRequest(ours, [5, 9])])
        assert [read_barcode(p) for p in (*a, *b)] == [5, 5, 9]


def test_a_file_that_decord_cannot_read(clip_of: ClipOf, tmp_path: Path) -> None:
    whole = clip_of("faststart.mp4").read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    with VideoStore.open(path, backend="decord") as store, pytest.raises(VideoTruncated, match="backend='pyav'"):
        store.frames([3])
    with VideoStore.open(clip_of("gop48.mp4"), backend="decord") as store:
        assert read_barcode(store.frames([3])[0]) == 3, "and the next file is read all the same"


@pytest.mark.parametrize(("script", "word"), [("while True: pass", "hangs"), ("raise SystemExit(3)", "died"), ("print('no json')", "died")])
def test_a_decoder_that_misbehaves_is_killed(script: str, word: str) -> None:
    process = DecordProcess([sys.executable, "-c", script], deadline_s=0.5)
    began = time.monotonic()
    with pytest.raises(VideoTruncated, match=word):
        process.read("film.mp4", [], (2, 2))
    assert time.monotonic() - began < 20
    assert process._process is None
