"""Sound lies where it belongs, and lines of text are read from inside and beside the file."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from backends.video.clips import TONE_FROM_S, TONE_HZ, TONE_TO_S, barcode
from hypothesis import given
from hypothesis import strategies as st

from mtenvs.backends.video import Subtitle, VideoStore
from mtenvs.backends.video.subtitles import parse
from mtenvs.core.errors import FrameOutOfRange, UnknownOption, VideoError

ClipOf = Callable[[str], Path]
with_sound = pytest.mark.parametrize("name", ["faststart.mp4", "talk.mkv"])


@with_sound
@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_the_beep_is_where_it_is(clip_of: ClipOf, name: str, rate: int) -> None:
    with VideoStore.open(clip_of(name)) as store:
        assert store.info.has_audio
        sound = store.audio(0, 3, rate)
    assert sound.shape == (3 * rate,)
    assert sound.dtype == np.float32
    loud = np.flatnonzero(np.abs(sound) > 0.1) / rate
    assert loud[0] == pytest.approx(TONE_FROM_S, abs=0.01)
    assert loud[-1] == pytest.approx(TONE_TO_S, abs=0.01)
    middle = sound[round(1.2 * rate) : round(1.8 * rate)]
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) * rate / len(middle) == pytest.approx(TONE_HZ, abs=3)


@with_sound
def test_a_span_is_cut_out_of_the_whole(clip_of: ClipOf, name: str) -> None:
    with VideoStore.open(clip_of(name)) as store:
        whole = store.audio(0, 3)
        for t0, t1 in ((0.0, 0.5), (0.9, 1.3), (1.45, 1.5), (1.99, 2.4)):
            part = store.audio(t0, t1)
            assert len(part) == round((t1 - t0) * 16000)
            assert np.abs(part - whole[round(t0 * 16000) :][: len(part)]).max() < 0.02
        assert len(store.audio(1, 1)) == 0


@pytest.mark.parametrize(("t0", "t1"), [(2, 1), (-1, 1), (0, 99), (math.nan, 1), (0, math.nan), (0, math.inf)])
def test_spans_outside(clip_of: ClipOf, t0: float, t1: float) -> None:
    with VideoStore.open(clip_of("talk.mkv")) as store, pytest.raises(FrameOutOfRange):
        store.audio(t0, t1)


def test_no_sound_track(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store, pytest.raises(VideoError, match="no sound track"):
        store.audio(0, 1)
    with VideoStore.open(clip_of("talk.mkv")) as store, pytest.raises(UnknownOption):
        store.audio(0, 1, rate=0)


def test_a_gap_in_the_track_is_silence(tmp_path: Path) -> None:
    """Sound from 0 to 1 s and from 2 to 3 s, pictures from 0 to 4 s."""
    path = tmp_path / "gap.mkv"
    with av.open(str(path), "w") as out:
        picture, sound = out.add_stream("libx264", rate=25), out.add_stream("pcm_s16le", rate=16000, layout="mono")
        picture.width, picture.height, picture.pix_fmt = 160, 96, "yuv420p"
        t = np.arange(16000) / 16000
        wave = (8000 * np.sin(2 * np.pi * TONE_HZ * t)).astype(np.int16)
        for begin in (0, 2):
            for k in range(0, 16000, 1000):
                block = av.AudioFrame.from_ndarray(wave[None, k : k + 1000].copy(), format="s16", layout="mono")
                block.sample_rate, block.pts, block.time_base = 16000, begin * 16000 + k, Fraction(1, 16000)
                out.mux(sound.encode(block))
        for number in range(100):
            frame = av.VideoFrame.from_ndarray(barcode(number), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 25)
            out.mux(picture.encode(frame))
        out.mux(picture.encode())
    with VideoStore.open(path) as store:
        sound_of = [float(np.abs(store.audio(t, t + 0.8)).max()) for t in (0.1, 1.1, 2.1, 3.1)]
    assert sound_of == pytest.approx([0.244, 0, 0.244, 0], abs=0.01)


@pytest.mark.parametrize(("name", "kind"), [("faststart.mp4", "mov_text"), ("talk.mkv", "subrip")])
def test_lines_inside_the_file(clip_of: ClipOf, name: str, kind: str) -> None:
    with VideoStore.open(clip_of(name)) as store:
        assert store.info.subtitle_streams == (kind,)
        first, second = store.subtitles()
        assert (first.text, second.text) == ("The code is 4711.", "Zwölf Boxkämpfer")
        assert (first.start, first.end, second.start) == pytest.approx((0.5, 2.0, 2.5), abs=0.01)
        assert store.subtitles(1.9, 2.4) == [first]
        assert store.subtitles(2.1, 2.4) == []
        assert store.subtitles(2.1) == [second]
        with pytest.raises(FrameOutOfRange):
            store.subtitles(3, 2)
        with pytest.raises(FrameOutOfRange):
            store.subtitles(math.nan)


@pytest.mark.parametrize("suffix", [".srt", ".en.srt", ".vtt"])
def test_lines_beside_the_file(clip_of: ClipOf, tmp_path: Path, suffix: str) -> None:
    path = Path(shutil.copy(clip_of("gop48.mp4"), tmp_path / "film.mp4"))
    body = (
        "1\n00:00:01,500 --> 00:00:02,000\nOne <b>bold</b> line\nand another\n\n2\n00:00:03,000 --> 00:00:04,250\n{\\an8}Last &amp; least\n"
    )
    if suffix == ".vtt":
        body = "WEBVTT\n\nNOTE no cue\n\n" + body.replace(",", ".").replace("00:00:01.500", "00:01.500")
    (tmp_path / f"film{suffix}").write_text(body, encoding="utf-8")
    (tmp_path / "film2.srt").write_text("1\n00:00:00,000 --> 00:00:09,000\nof another film\n", encoding="utf-8")
    with VideoStore.open(path) as store:
        assert store.info.subtitle_streams == (f"file:film{suffix}",)
        assert store.subtitles() == [Subtitle(1.5, 2.0, "One bold line\nand another"), Subtitle(3.0, 4.25, "Last & least")]


def test_no_lines(clip_of: ClipOf) -> None:
    with VideoStore.open(clip_of("gop48.mp4")) as store:
        assert store.info.subtitle_streams == ()
        assert store.subtitles() == []


@given(st.text(max_size=300))
def test_any_text_can_be_parsed(text: str) -> None:
    for line in parse(text + "\n\n00:01.000 --> 00:02.000\nkept"):
        assert line.end >= line.start
        assert line.text


_words = st.from_regex(r"[A-Za-z0-9 ,.!?]*[A-Za-z0-9]", fullmatch=True)
_cues = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**5), _words), max_size=5)


@given(_cues)
def test_srt_is_read_as_written(cues: list[tuple[int, int, str]]) -> None:
    def stamp(ms: int) -> str:
        return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"

    text = "\n\n".join(f"{k}\n{stamp(a)} --> {stamp(a + d)}\n{line}" for k, (a, d, line) in enumerate(cues))
    expected = sorted((a, a + d, line.strip()) for a, d, line in cues)
    assert sorted((round(s.start * 1000), round(s.end * 1000), s.text) for s in parse(text)) == expected
