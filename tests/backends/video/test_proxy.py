"""Small keyframes on disk are the same pictures as decoded ones, and belong to one state of one file."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from backends.video.clips import read_barcode

from mtenvs.backends.video import FrameRequest, VideoStore, fit, prefetch
from mtenvs.core.errors import UnknownOption

ClipOf = Callable[[str], Path]


@pytest.mark.parametrize("name", ["gop48.mp4", "turned90.mp4", "open-gop.mkv"])
def test_keyframes_come_from_disk_the_next_time(clip_of: ClipOf, tmp_path: Path, name: str) -> None:
    path, folder = shutil.copy(clip_of(name), tmp_path / name), tmp_path / "kept"
    with VideoStore.open(path, sidecar=folder, proxy=True, cache_bytes=0) as store:
        numbers, size = store.info.keyframes, fit(store.info.width, store.info.height)
        plain = store.frames(numbers, size)
        before = store._shared.frames_decoded
        again = store.frames(numbers, size)
        assert store._shared.frames_decoded == before
        assert np.array_equal(plain, again)
        assert [read_barcode(p) for p in again] == numbers.tolist()
        store.frames([1], size)
        assert store._shared.frames_decoded > before, "a frame that is no keyframe is decoded"


def test_keyframes_that_were_read_ahead_are_kept_too(clip_of: ClipOf, tmp_path: Path) -> None:
    path = shutil.copy(clip_of("gop48.mp4"), tmp_path / "a.mp4")
    with VideoStore.open(path, sidecar=tmp_path / "kept", proxy=True, cache_bytes=64 << 20) as store:
        size = fit(store.info.width, store.info.height)
        prefetch([FrameRequest(store, [48, 50], size)])
        before = store._shared.frames_decoded
        VideoStore.open(path, cache_bytes=0)
        assert read_barcode(store.frames([48], size)[0]) == 48
        assert store._shared.frames_decoded == before


def test_a_proxy_is_of_one_state_of_a_file(clip_of: ClipOf, tmp_path: Path) -> None:
    path, folder = Path(shutil.copy(clip_of("gop48.mp4"), tmp_path / "a.mp4")), tmp_path / "kept"
    with VideoStore.open(path, sidecar=folder, proxy=True, cache_bytes=0) as store:
        store.overview(3, fit(store.info.width, store.info.height))
    shutil.copy(clip_of("turned90.mp4"), path)
    os.utime(path, (5, 5))
    with VideoStore.open(path, sidecar=folder, proxy=True, cache_bytes=0) as store:
        frames = store.overview(2, fit(store.info.width, store.info.height))
        assert [read_barcode(p) for p in frames.images] == frames.indices.tolist()
        assert store._shared.frames_decoded > 0


def test_a_damaged_proxy_is_not_believed(clip_of: ClipOf, tmp_path: Path) -> None:
    path, folder = shutil.copy(clip_of("gop48.mp4"), tmp_path / "a.mp4"), tmp_path / "kept"
    with VideoStore.open(path, sidecar=folder, proxy=True, cache_bytes=0) as store:
        size = fit(store.info.width, store.info.height)
        store.frames([48], size)
        (kept,) = folder.glob("*.proxy")
        data = bytearray(kept.read_bytes())
        data[-1000:] = bytes(1000)
        with kept.open("r+b") as file:
            file.write(data)
        assert read_barcode(store.frames([48], size)[0]) == 48


def test_an_overview_is_made_of_keyframes(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=0) as store:
        before = store._shared.frames_decoded
        frames = store.overview(3, (64, 38))
        assert set(frames.indices.tolist()) <= {0, 48, 96, 144}
        assert [read_barcode(p) for p in frames.images] == frames.indices.tolist()
        assert frames.times.tolist() == store.info.times[frames.indices].tolist()
        assert store._shared.frames_decoded - before <= 12
        assert len(store.overview(50).indices) == 4
        with pytest.raises(UnknownOption):
            store.overview(0)


def test_a_folder_that_cannot_be_written(clip_of: ClipOf, tmp_path: Path) -> None:
    path = shutil.copy(clip_of("gop48.mp4"), tmp_path / "a.mp4")
    (tmp_path / "file").write_text("no folder")
    with VideoStore.open(path, sidecar=tmp_path / "file", proxy=True) as store:
        assert read_barcode(store.frames([48])[0]) == 48
