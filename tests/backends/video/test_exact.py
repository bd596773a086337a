"""Whatever the file, the frame that comes back is the one that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from backends.video.clips import HEIGHT, KINDS, WIDTH, Clip, read_barcode

from mtenvs.backends.video import VideoStore

ClipOf = Callable[[str], Path]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@every_kind
def test_all_frames_are_there_in_order(clip_of: ClipOf, kind: Clip) -> None:
    with VideoStore.open(clip_of(kind.name), cache_bytes=0) as store:
        assert store.info.num_frames == len(kind.shown)
        assert (store.info.width, store.info.height) == (WIDTH, HEIGHT)
        assert [read_barcode(p) for p in store.frames(range(len(kind.shown)))] == list(kind.shown)


@every_kind
def test_frames_in_any_order(clip_of: ClipOf, kind: Clip) -> None:
    order = np.random.default_rng(7).integers(0, len(kind.shown), 40)
    with VideoStore.open(clip_of(kind.name), cache_bytes=0) as store:
        assert [read_barcode(p) for p in store.frames(order)] == (order + kind.hidden).tolist()
        for number in order[:12]:
            assert read_barcode(store.frames([number], (100, 60))[0]) == number + kind.hidden


@every_kind
def test_times_are_those_of_the_pictures(clip_of: ClipOf, kind: Clip) -> None:
    stamps = np.asarray([float(kind.pts(k) * kind.tick) for k in kind.shown])
    with VideoStore.open(clip_of(kind.name)) as store:
        assert store.info.times == pytest.approx(stamps - stamps[0], abs=0.011 if kind.name.endswith((".gif", ".ts")) else 0.0011)
        for number in (0, 1, len(kind.shown) // 2, len(kind.shown) - 1):
            frame = store.frame_at(float(store.info.times[number]))
            assert (frame.index, read_barcode(frame.image)) == (number, number + kind.hidden)


@every_kind
def test_pixels_are_those_of_a_plain_decode(clip_of: ClipOf, kind: Clip) -> None:
    """Frames that were left out on the way must not change those that others refer to."""
    path = clip_of(kind.name)
    with av.open(str(path)) as container:
        plain = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    turned = [np.rot90(image, -kind.clockwise // 90) for image in plain]
    numbers = np.random.default_rng(3).permutation(len(plain))[:30]
    with VideoStore.open(path, cache_bytes=0) as store:
        for number in numbers:
            assert np.array_equal(store.frames([number])[0], turned[number])
