"""The two ways to learn of a file's packets agree, and the clips are as awkward as they claim."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from backends.video.clips import KINDS
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.backends.video import VideoStore
from mtenvs.backends.video.files import FileKey, HeldFile
from mtenvs.backends.video.mp4_table import sample_times
from mtenvs.backends.video.packets import Packets, _by_reading, _from_table
from mtenvs.backends.video.probe import build_index

ClipOf = Callable[[str], Path]
MP4 = [kind.name for kind in KINDS if kind.name.endswith(".mp4")]
SLOW = {"fragments.mp4", "early.mp4"}
"""Their sample tables are not simple: samples in fragments, and samples that are not shown."""


def both_ways(path: Path) -> tuple[Packets | None, Packets]:
    file = HeldFile(FileKey.of(path))
    with file.open() as container:
        quick = _from_table(file, container, container.streams.video[0])
    with file.open() as container:
        return quick, _by_reading(container, container.streams.video[0].index, set())


@pytest.mark.parametrize("name", MP4)
def test_the_sample_table_says_what_the_packets_say(clip_of: ClipOf, name: str) -> None:
    quick, slow = both_ways(clip_of(name))
    if name in SLOW and quick is None:
        return
    assert quick is not None
    for column in ("pts", "dts", "key", "shown", "corrupt"):
        assert np.array_equal(getattr(quick, column), getattr(slow, column)), column
    assert quick.last_duration == slow.last_duration


def test_a_table_that_lies_is_not_believed(clip_of: ClipOf, monkeypatch: pytest.MonkeyPatch) -> None:
    def shifted(_: HeldFile, track: int, count: int) -> object:
        return np.full(count, track * 512)

    monkeypatch.setattr(HeldFile, "presentation_offsets", shifted)
    quick, slow = both_ways(clip_of("pyramid.mp4"))
    assert quick is None
    assert len(slow) == 120


@given(st.binary(max_size=200), st.integers(0, 3), st.integers(0, 20))
def test_any_bytes_are_a_table_or_none(data: bytes, track: int, count: int) -> None:
    trak = len(data) + 8
    sample_times(memoryview(trak.to_bytes(4, "big") + b"trak" + data), track, count)
    sample_times(memoryview(data), track, count)


def test_open_groups_are_open(clip_of: ClipOf) -> None:
    """There are frames that are stored after a keyframe, and need what lies before it."""
    for name in ("open-gop.mkv", "open-gop.mp4"):
        index = build_index(HeldFile(FileKey.of(clip_of(name))))
        starts = [index.key_before(number) for number in range(len(index))]
        stored_in = np.searchsorted(index.key_position, index.position, side="right") - 1
        assert (np.asarray(starts) < stored_in).any()


def test_reordering_is_measured(clip_of: ClipOf) -> None:
    depth = {name: build_index(HeldFile(FileKey.of(clip_of(name)))).reorder for name in ("no-b.mp4", "gop48.mp4", "pyramid.mp4")}
    assert depth["no-b.mp4"] == 0
    assert 1 <= depth["gop48.mp4"] <= 2
    assert depth["pyramid.mp4"] == 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="held files have names on Linux only")
def test_nothing_stays_open(clip_of: ClipOf) -> None:
    for name in ("gop48.mp4", "raw.h264"):
        with VideoStore.open(clip_of(name), cache_bytes=0) as store:
            store.frames([40, 3])
    gc.collect()
    held = {entry.resolve().name for entry in Path("/proc/self/fd").iterdir()}
    assert not held & {"gop48.mp4", "raw.h264"}
