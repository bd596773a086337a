"""Ranges, times, sizes, copies of a handle, and what the handles of a file share."""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import shutil
import threading
import weakref
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backends.video.clips import HEIGHT, WIDTH, read_barcode
from hypothesis import given, settings
from hypothesis import strategies as st

from mtenvs.backends.video import FrameRequest, VideoStore, fit, prefetch, read_many
from mtenvs.backends.video.cache import CACHE
from mtenvs.core.errors import FrameOutOfRange, UnknownOption, VideoError

ClipOf = Callable[[str], Path]


@pytest.mark.parametrize("indices", [[-1], [150], [3, 1000], [1.5], [float("nan")], ["3"], [[1, 2]], [True]], ids=str)
def test_numbers_that_are_none(clip_of: ClipOf, indices: Sequence[int]) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store, pytest.raises(FrameOutOfRange):
        store.frames(indices)


@pytest.mark.parametrize("t", [-0.1, 6.1, math.nan, math.inf, -math.inf])
def test_times_outside(clip_of: ClipOf, t: float) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store:
        for ask in (store.index_at, store.frame_at, lambda t: store.window(0, t, 3), lambda t: store.window(t, 1, 3)):
            with pytest.raises(FrameOutOfRange):
                ask(t)


def test_a_window_that_ends_before_it_begins(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store:
        with pytest.raises(FrameOutOfRange, match="before it begins"):
            store.window(3, 1, 4)
        with pytest.raises(UnknownOption):
            store.window(1, 3, 0)


@pytest.mark.parametrize("size", [(0, 5), (5, -1), (5, 20000), (2.5, 4), (math.nan, 4), (5,), (5, 5, 5)])
def test_sizes_that_are_none(clip_of: ClipOf, size: tuple[int, int]) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store, pytest.raises(UnknownOption):
        store.frames([0], size)


@pytest.mark.parametrize("size", [(1, 1), (7, 5), (33, 61), (320, 180)])
@pytest.mark.parametrize("name", ["gop48.mp4", "turned90.mp4"])
def test_any_size_is_exact(clip_of: ClipOf, name: str, size: tuple[int, int]) -> None:
    with VideoStore.open(clip_of(name)) as store:
        assert store.frames([1, 2], size).shape == (2, size[1], size[0], 3)


def test_nothing_asked(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store:
        assert store.frames([]).shape == (0, HEIGHT, WIDTH, 3)
        assert read_many([]) == []


def test_what_the_file_is(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store:
        info = store.info
        assert (info.codec, info.rotation, info.variable_rate) == ("h264", 0, False)
        assert info.fps == pytest.approx(25)
        assert info.duration_s == pytest.approx(6)
        assert info.keyframes.tolist() == [0, 48, 96, 144]
        assert not info.has_audio
    with VideoStore.open(clip_of("uneven.mp4")) as store:
        assert store.info.variable_rate
    with VideoStore.open(clip_of("plain.mkv")) as store:
        assert not store.info.variable_rate, "times in whole milliseconds are no variable rate"
    assert [VideoStore.open(clip_of(f"turned{k}.mp4")).info.rotation for k in (90, 180, 270)] == [90, 180, 270]


def test_the_frame_on_screen(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("uneven.mp4")) as store:
        times = store.info.times
        for number in (0, 30, 77, 119):
            end = times[number + 1] if number < 119 else store.info.duration_s
            assert store.index_at(float(times[number])) == number
            assert store.index_at(float((times[number] + end) / 2)) == number
        window = store.window(0, store.info.duration_s, 9)
        assert [read_barcode(p) for p in window.images] == window.indices.tolist()
        assert window.times.tolist() == times[window.indices].tolist()
        assert store.window(1, 2, 1).indices.tolist() == [store.index_at(1.5)]


_requests = st.lists(
    st.one_of(
        st.builds(lambda numbers: ("frames", numbers), st.lists(st.integers(0, 119), max_size=6)),
        st.builds(lambda t0, t1, n: ("window", [t0, t1, n]), st.floats(0, 2.3), st.floats(2.3, 4.7), st.integers(1, 7)),
        st.builds(lambda t: ("at", [t]), st.floats(0, 4.79)),
        st.builds(lambda begin: ("scan", [begin]), st.integers(0, 118)),
    ),
    max_size=8,
)


@given(
    _requests,
    st.sampled_from(["pyramid.mp4", "open-gop.mkv", "uneven.mp4", "early.mp4", "mpeg4.avi", "turned90.mp4", "raw.h264"]),
    st.booleans(),
)
@settings(max_examples=60)
def test_any_sequence_of_requests_is_that_of_a_plain_decode(clip_of: ClipOf, asked: list[tuple[str, Any]], name: str, cached: bool) -> None:
    """Whatever was read before, and wherever the decoder stands."""
    with VideoStore.open(clip_of(name), cache_bytes=1 << 20 if cached else 0) as store:
        first = 5 if name == "early.mp4" else 0
        count, end = store.info.num_frames, store.info.duration_s
        for kind, what in asked:
            if kind == "window":
                window = store.window(min(what[0], end), min(what[1], end), what[2])
                numbers, images = window.indices.tolist(), window.images
            elif kind == "at":
                frame = store.frame_at(min(what[0], end))
                numbers, images = [frame.index], frame.image[None]
                assert frame.time <= min(what[0], end) + 1e-6
            else:
                begin = what[0] % count if kind == "scan" else 0
                numbers = list(range(begin, min(begin + 40, count))) if kind == "scan" else [n % count for n in what]
                images = store.frames(numbers)
            assert [read_barcode(p) - first for p in images] == numbers


def test_frames_in_order_one_by_one_need_one_pass(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop250.mp4"), cache_bytes=0) as store:
        before = store._shared.seeks
        for number in range(240):
            assert read_barcode(store.frames([number])[0]) == number
        assert store._shared.seeks - before <= 1


def test_requests_of_one_call_share_one_pass(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop250.mp4"), cache_bytes=0) as store, VideoStore.open(clip_of("gop48.mp4")) as other:
        shared = store._shared
        before, seeks = shared.frames_decoded, shared.seeks
        requests = [FrameRequest(store, [200, 100, 240]), FrameRequest(other, [7]), FrameRequest(store, [100, 240, 3], (80, 48))]
        a, b, c = read_many(requests)
        assert [[read_barcode(p) for p in images] for images in (a, b, c)] == [[200, 100, 240], [7], [100, 240, 3]]
        assert c.shape[1:3] == (48, 80)
        assert shared.seeks - seeks <= 1
        assert shared.frames_decoded - before <= 250


@pytest.mark.parametrize("threads", [2, 5])
def test_several_decoders_at_once(clip_of: ClipOf, threads: int) -> None:
    rng = np.random.default_rng(threads)
    names = ["gop48.mp4", "plain.mkv", "open-gop.mkv", "raw.h264", "gop48.mp4"]
    for chosen in (names, names[:1]):
        stores = [VideoStore.open(clip_of(name), cache_bytes=0) for name in chosen]
        requests = [FrameRequest(store, rng.integers(0, store.info.num_frames, 20), (80, 48)) for store in stores]
        for request, images in zip(requests, read_many(requests, threads=threads), strict=True):
            assert [read_barcode(p) for p in images] == list(request.indices)


def test_pictures_are_kept_and_belong_to_the_caller(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=64 << 20) as store:
        first = store.frames([100], (80, 48))
        kept = first.copy()
        first[:] = 0
        before = store._shared.frames_decoded
        assert np.array_equal(store.frames([100], (80, 48)), kept)
        assert store._shared.frames_decoded == before


def test_what_is_read_ahead_is_not_decoded_again(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=64 << 20) as store:
        near, far = list(range(40, 90)), [3, 120]
        plain = [store.frames(numbers, (80, 48)) for numbers in (near, far)]
        CACHE.clear()
        prefetch([FrameRequest(store, near, (80, 48)), FrameRequest(store, far, (80, 48))])
        before = store._shared.frames_decoded
        for numbers, pictures in zip((near, far), plain, strict=True):
            assert np.array_equal(store.frames(numbers, (80, 48)), pictures)
        assert store._shared.frames_decoded == before
        with pytest.raises(FrameOutOfRange):
            prefetch([FrameRequest(store, [150])])


def test_many_pictures_are_kept_in_the_array_of_the_caller(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop250.mp4"), cache_bytes=64 << 20) as store:
        CACHE.clear()
        numbers, size, before = list(range(0, 120, 3)), (80, 48), store._shared.frames_decoded
        pictures = store.frames(numbers, size)
        plain, decoded = pictures.copy(), store._shared.frames_decoded
        assert decoded > before
        assert np.array_equal(store.frames(numbers[5:], size), plain[5:])
        assert store._shared.frames_decoded == decoded
        del pictures
        assert np.array_equal(store.frames(numbers, size), plain)
        assert store._shared.frames_decoded == decoded


@pytest.mark.parametrize("spoil", [lambda p: p.fill(0), lambda p: p.__setitem__(..., p[..., ::-1].copy()), lambda p: p[0, 0].__iadd__(1)])
def test_what_a_caller_writes_is_seen_by_nobody_else(clip_of: ClipOf, spoil: Callable[[Any], None]) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=64 << 20) as store:
        CACHE.clear()
        numbers = list(range(0, 120, 3))
        pictures = store.frames(numbers)
        plain = pictures.copy()
        assert np.array_equal(store.frames(numbers[10:12]), plain[10:12])
        for row in (0, 10, 39):
            spoil(pictures[row])
        again = store.frames(numbers)
        assert np.array_equal(again, plain)
        assert np.array_equal(store.frames(numbers), plain)


def test_a_large_array_is_not_held_for_a_few_pictures(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=8 << 20) as store:
        for count, held in ((31, False), (40, True), (50, False)):
            CACHE.clear()
            pictures = store.frames(np.linspace(0, 149, count).astype(int))
            whole = weakref.ref(pictures)
            del pictures
            assert (whole() is not None) is held
        numbers = np.linspace(0, 149, 40).astype(int)
        CACHE.clear()
        whole = weakref.ref(store.frames(numbers))
        for part in (numbers[20:], numbers[:20]):
            store.frames(part)
        assert whole() is None, "what is asked for again is copied out of it"


def test_the_budget_holds(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=2_000_000) as store:
        for number in range(0, 150, 2):
            store.frames([number])
        assert 0 < CACHE.nbytes <= 2_000_000
    VideoStore.open(clip_of("gop48.mp4"), cache_bytes=0)
    assert CACHE.nbytes == 0
    with pytest.raises(UnknownOption):
        VideoStore.open(clip_of("gop48.mp4"), cache_bytes=-1)


@pytest.mark.parametrize("backend", ["ffmpeg", ""])
def test_an_unknown_backend(clip_of: ClipOf, backend: str) -> None:
    with pytest.raises(UnknownOption, match="pyav"):
        VideoStore.open(clip_of("gop48.mp4"), backend=backend)


def test_many_threads_on_one_file(clip_of: ClipOf) -> None:
    path = clip_of("gop48.mp4")
    rng = np.random.default_rng(1)
    asked = [rng.integers(0, 150, 8).tolist() for _ in range(24)]

    def read(numbers: list[int]) -> list[int]:
        with VideoStore.open(path, cache_bytes=1 << 20) as store:
            return [read_barcode(p) for p in store.frames(numbers)]

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(read, asked)) == asked


def test_two_threads_that_want_the_same_decode_it_once(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop250.mp4"), cache_bytes=64 << 20) as store:
        CACHE.clear()
        start, before = threading.Barrier(4), store._shared.frames_decoded

        def read(_: int) -> int:
            start.wait()
            return read_barcode(store.frames([200])[0])

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(read, range(4))) == [200] * 4
        assert store._shared.frames_decoded - before <= 230


def _in_child(store: VideoStore, numbers: list[int]) -> list[int]:
    return [read_barcode(p) for p in store.frames(numbers)]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_in_another_process(clip_of: ClipOf, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"no {method} here")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]))
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=0) as store:
        store.frames([70])  # a decoder stands in the middle of the file
        with multiprocessing.get_context(method).Pool(2) as pool:
            asked = [[3, 71], [140, 72], [0, 149]]
            assert pool.starmap(_in_child, [(store, numbers) for numbers in asked]) == asked
        assert _in_child(store, [71, 5]) == [71, 5], "and the parent reads on where it stood"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks here")
def test_a_fork_while_another_thread_reads(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), cache_bytes=0) as store:
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                store.frames([100, 20])

        thread = threading.Thread(target=read)
        thread.start()
        try:
            for _ in range(5):
                child = os.fork()
                if not child:
                    os._exit(0 if _in_child(store, [77]) == [77] else 1)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            stop.set()
            thread.join()


def test_a_copy_by_pickle(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4"), sidecar=False) as store:
        copy: VideoStore = pickle.loads(pickle.dumps(store))  # noqa: S301 - our own bytes
    assert read_barcode(copy.frames([9])[0]) == 9
    assert copy.info.num_frames == 150


def test_a_closed_store(clip_of: ClipOf) -> None:
    store = VideoStore.open(clip_of("gop48.mp4"))
    store.close()
    store.close()
    with pytest.raises(VideoError, match="closed"):
        store.frames([1])


def test_a_store_that_stays_open_while_another_is_closed(clip_of: ClipOf) -> None:
    first, second = VideoStore.open(clip_of("gop48.mp4")), VideoStore.open(clip_of("gop48.mp4"))
    first.close()
    assert read_barcode(second.frames([33])[0]) == 33


def test_sidecars(clip_of: ClipOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, films = tmp_path / "cache", tmp_path / "films"
    films.mkdir()
    monkeypatch.setenv("MTENVS_CACHE", str(cache))
    path = Path(shutil.copy(clip_of("gop48.mp4"), films / "a.mp4"))
    VideoStore.open(path).close()
    (written,) = cache.rglob("*.index")
    assert [p.name for p in films.iterdir()] == ["a.mp4"], "nothing is written beside the video"
    VideoStore.open(path, sidecar=films).close()
    assert (films / written.name).exists(), "unless asked"


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_sidecar_is_built_anew(clip_of: ClipOf, tmp_path: Path, damage: bytes | None) -> None:
    path = shutil.copy(clip_of("gop48.mp4"), tmp_path / "a.mp4")
    folder = tmp_path / "sidecars"
    VideoStore.open(path, sidecar=folder).close()
    (written,) = folder.iterdir()
    whole = written.read_bytes()
    written.write_bytes(damage if damage is not None else whole[: len(whole) // 2])
    os.utime(path, (1, 1))  # another state of the file, which this process does not know
    with VideoStore.open(path, sidecar=folder) as store:
        assert read_barcode(store.frames([20])[0]) == 20
    assert len(written.read_bytes()) == pytest.approx(len(whole), abs=50)


def test_a_cache_that_cannot_be_written(clip_of: ClipOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MTENVS_CACHE", str(tmp_path / "file"))
    path = shutil.copy(clip_of("gop48.mp4"), tmp_path / "a.mp4")
    with VideoStore.open(path) as store:
        assert store.info.num_frames == 150


@given(st.integers(2, 8000), st.integers(2, 8000))
def test_fit(width: int, height: int) -> None:
    w, h = fit(width, height)
    assert 2 <= w <= max(448, 2)
    assert 2 <= h <= max(252, 2)
    assert w <= width
    assert h <= height
    if min(w, h) > 20:
        assert w / h == pytest.approx(width / height, rel=0.05)


def test_fit_of_common_sizes() -> None:
    assert [fit(*size) for size in ((1920, 1080), (640, 360), (320, 180), (360, 640))] == [(448, 252), (448, 252), (320, 180), (142, 252)]
