"""What is no video, or no longer whole, gives a typed error: no hang, and never another frame."""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from backends.video.clips import barcode, read_barcode
from PIL import Image

from mtenvs.backends.video import VideoStore
from mtenvs.core.errors import FrameOutOfRange, VideoError, VideoOpenError, VideoTruncated

ClipOf = Callable[[str], Path]
pytestmark = pytest.mark.timeout(60)


def no_pictures(path: Path) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=16000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 16000), np.float32), format="flt", layout="mono")
        frame.sample_rate, frame.pts = 16000, 0
        out.mux(stream.encode(frame))
        out.mux(stream.encode())


MAKERS: dict[str, Callable[[Path], object]] = {
    "empty.mp4": lambda path: path.write_bytes(b""),
    "text.mp4": lambda path: path.write_text("This is not a video.\n" * 200),
    "noise.mp4": lambda path: path.write_bytes(np.random.default_rng(0).bytes(20_000)),
    "no-pictures.m4a": no_pictures,
    "picture.png": lambda path: Image.fromarray(barcode(1)).save(path),
    "picture.mp4": lambda path: Image.fromarray(barcode(1)).save(path, format="JPEG"),
    "playlist.mp4": lambda path: path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n"),
    "concat.mp4": lambda path: path.write_text("ffconcat version 1.0\nfile 'gop48.mp4'\n"),
    "lines.srt": lambda path: path.write_text("1\n00:00:00,000 --> 00:00:01,000\nhello\n"),
    "folder": lambda path: path.mkdir(),
    "pipe": os.mkfifo,
    "absent.mp4": lambda _: None,
    "nul\0byte.mp4": lambda _: None,
}


@pytest.mark.parametrize("name", MAKERS, ids=lambda name: name.replace("\0", "-"))
def test_no_video(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    MAKERS[name](path)
    with pytest.raises(VideoOpenError):
        VideoStore.open(path)


def test_cut_without_its_index(clip_of: ClipOf, tmp_path: Path) -> None:
    whole = clip_of("gop48.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(whole[: len(whole) * 6 // 10])
    with pytest.raises(VideoOpenError):
        VideoStore.open(tmp_path / "cut.mp4")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("name", ["faststart.mp4", "plain.mkv", "stream.ts", "vp9.webm", "fragments.mp4", "mpeg4.avi"])
def test_cut_with_its_index(clip_of: ClipOf, tmp_path: Path, name: str, share: float) -> None:
    whole = clip_of(name).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: int(len(whole) * share)])
    with VideoStore.open(path, cache_bytes=0) as store:
        count = store.info.num_frames
        got: list[int] = []
        for number in range(count - 12):
            assert read_barcode(store.frames([number])[0]) == number
        for number in range(max(0, count - 12), count):  # what the cut has reached may be missing, but is never another frame
            with contextlib.suppress(VideoTruncated):
                got.append(read_barcode(store.frames([number])[0]) - number)
        assert not any(got)
        with pytest.raises((VideoTruncated, FrameOutOfRange)):
            store.frames([count])
        with VideoStore.open(clip_of(name)) as original:
            assert original.info.num_frames > count or share > 0.99
            assert not original.info.truncated
        assert store.info.truncated or name == "stream.ts", "a transport stream has no length"
    if name == "faststart.mp4":
        with VideoStore.open(path) as store, pytest.raises(VideoTruncated, match="cut short"):
            store.frames([0, 249])


def test_what_is_left_of_a_request_is_read_before_it_fails(clip_of: ClipOf, tmp_path: Path) -> None:
    path = tmp_path / "holed.mp4"
    data = bytearray(clip_of("no-b.mp4").read_bytes())
    with av.open(str(clip_of("no-b.mp4"))) as container:
        packets = [p for p in container.demux(video=0) if p.size]
    where, size = packets[60].pos, packets[60].size
    assert where is not None
    data[where : where + size] = bytes(size)
    path.write_bytes(data)
    with VideoStore.open(path, cache_bytes=0) as store:
        assert read_barcode(store.frames([50])[0]) == 50
        assert read_barcode(store.frames([100])[0]) == 100, "the next keyframe is whole"
        with pytest.raises(VideoTruncated, match="60"):
            store.frames([10, 60, 110])
        with pytest.raises(VideoTruncated, match="60"):
            store.frames([60])
    os.utime(path, (7, 7))
    with VideoStore.open(path, cache_bytes=64 << 20) as store:
        with pytest.raises(VideoTruncated, match="60, 61"):
            store.frames(range(120), (80, 48))
        before = store._shared.frames_decoded
        assert [read_barcode(p) for p in store.frames(range(96, 120), (80, 48))] == list(range(96, 120)), "a hole does not reach further"
        assert [read_barcode(p) for p in store.frames(range(60), (80, 48))] == list(range(60))
        assert store._shared.frames_decoded > before


def test_a_header_that_promises_too_much(clip_of: ClipOf, tmp_path: Path) -> None:
    data = bytearray(clip_of("mpeg4.avi").read_bytes())
    at = data.index(b"avih") + 8
    struct.pack_into("<I", data, at + 16, 5000)  # dwTotalFrames
    at = data.index(b"strh") + 8
    struct.pack_into("<I", data, at + 32, 5000)  # dwLength
    path = tmp_path / "boast.avi"
    path.write_bytes(data)
    with VideoStore.open(path) as store:
        assert store.info.num_frames == 120
        assert read_barcode(store.frames([119])[0]) == 119
        with pytest.raises((FrameOutOfRange, VideoTruncated)):
            store.frames([120])


def test_a_sample_table_that_promises_too_much(clip_of: ClipOf, tmp_path: Path) -> None:
    """The last chunk is said to hold samples that lie in what follows the pictures, or behind the end."""
    data = bytearray(clip_of("no-b.mp4").read_bytes())
    at = data.index(b"stsz") + 4
    (count,) = struct.unpack_from(">I", data, at + 8)
    assert count == 120
    struct.pack_into(">I", data, at + 12 + 4 * 119, 10**6)  # the last sample is longer than the file
    path = tmp_path / "long-sample.mp4"
    path.write_bytes(data)
    with VideoStore.open(path) as store:
        assert store.info.truncated
        assert store.info.num_frames == 119
        assert read_barcode(store.frames([118])[0]) == 118
        with pytest.raises(VideoTruncated):
            store.frames([119])


def test_deleted_while_open(clip_of: ClipOf, tmp_path: Path) -> None:
    path = shutil.copy(clip_of("gop48.mp4"), tmp_path / "gone.mp4")
    with VideoStore.open(path, sidecar=False) as store:
        Path(path).unlink()
        assert [read_barcode(p) for p in store.frames([3, 140, 77])] == [3, 140, 77]
        with pytest.raises(VideoOpenError):
            VideoStore.open(path)


@pytest.mark.parametrize("in_place", [True, False])
def test_replaced_while_open(clip_of: ClipOf, tmp_path: Path, *, in_place: bool) -> None:
    path = Path(shutil.copy(clip_of("gop48.mp4"), tmp_path / "changed.mp4"))
    store = VideoStore.open(path)
    assert read_barcode(store.frames([3])[0]) == 3
    if in_place:
        path.write_bytes(clip_of("turned90.mp4").read_bytes())
    else:
        Path(shutil.copy(clip_of("turned90.mp4"), tmp_path / "other.mp4")).replace(path)
    for number in (3, 20):
        with pytest.raises(VideoError, match="Open it again"):
            store.frames([number])
    with VideoStore.open(path) as again:
        assert again.info.rotation == 90
        assert read_barcode(again.frames([3])[0]) == 3


def test_damage_in_the_middle_never_hangs(clip_of: ClipOf, tmp_path: Path) -> None:
    whole = clip_of("gop48.mp4").read_bytes()
    rng = np.random.default_rng(5)
    for k in range(8):
        data = bytearray(whole)
        for at in rng.integers(len(whole) // 10, len(whole) * 8 // 10, 4):
            data[at] ^= 0xFF
        path = tmp_path / f"damaged{k}.mp4"
        path.write_bytes(data)
        try:
            with VideoStore.open(path, cache_bytes=0) as store:
                store.frames(range(store.info.num_frames), (32, 18))
        except VideoError:
            pass


def test_one_frame(tmp_path: Path) -> None:
    path = tmp_path / "one.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        frame = av.VideoFrame.from_ndarray(barcode(5), format="rgb24")
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    with VideoStore.open(path) as store:
        assert (store.info.num_frames, store.info.fps) == (1, 25)
        assert store.window(0, store.info.duration_s, 3).indices.tolist() == [0, 0, 0]
        assert read_barcode(store.frame_at(0.02).image) == 5
