"""What the script says is in the file: in the pictures, in the sound and in the subtitles."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from mtenvs.envs.video.own import library
from mtenvs.envs.video.own.film import SceneFilm
from mtenvs.envs.video.own.geometry import box_of
from mtenvs.envs.video.own.lighting import grade_actor
from mtenvs.envs.video.own.script import Appearance, Event, Script
from mtenvs.envs.video.own.signs import plate
from mtenvs.envs.video.own.sound import RATE
from mtenvs.envs.video.own.vocabulary import COLOURS

av = pytest.importorskip("av")
Film = tuple[Script, Path]
Pixels = npt.NDArray[np.uint8]
LEAST = {Event: 0.2, Appearance: 0.1}  # of a box; of a person's, the lit side of the coat


@pytest.fixture(scope="module")
def frames(film: Film) -> list[Pixels]:
    with av.open(str(film[1])) as file:
        return [f.to_ndarray(format="rgb24") for f in file.decode(video=0)]


@pytest.fixture(scope="module")
def sound(film: Film) -> npt.NDArray[np.float32]:
    with av.open(str(film[1])) as file:
        parts = []
        for frame in file.decode(audio=0):
            at = round(float(frame.pts * frame.time_base) * RATE)
            samples = frame.to_ndarray()[0]
            parts.append(samples[max(0, -at) :])
        return np.concatenate(parts).astype(np.float32)


def sights(script: Script) -> Iterator[tuple[Appearance | Event, str]]:
    for event in script.events:
        yield event, event.colour
    for a in script.appearances:
        yield a, script.person(a.person).coat


def share(picture: Pixels, box: tuple[float, float, float, float], colour: str, script: Script, sight: Any) -> float:
    """Which share of a box is of a colour, in the light of its scene."""
    one = Image.new("RGBA", (1, 1), (*COLOURS[colour], 255))
    target = np.array(grade_actor(one, script.scene(sight.scene).light).getpixel((0, 0)))[:3]
    x0, y0, x1, y1 = box
    part = picture[round(y0 * 360) : round(y1 * 360), round(x0 * 640) : round(x1 * 640)].astype(int)
    return float((np.abs(part - target).max(axis=2) < 40).mean())


def test_there_are_as_many_frames_as_the_script_has_evenly_spaced(film: Film) -> None:
    script, path = film
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        packets = [(p.pts * p.time_base, p.is_keyframe) for p in file.demux(stream) if p.size]
        size = (stream.codec_context.width, stream.codec_context.height)
    assert size == (640, 360)
    assert [round(float(t) * 25, 6) for t in sorted(t for t, _ in packets)] == list(range(script.num_frames))
    keys = sorted(round(float(t) * 25) for t, key in packets if key)
    assert {script.frame(s.start) for s in script.scenes} <= set(keys)
    assert max(b - a for a, b in pairwise(keys)) <= script.gop


def test_everything_is_in_its_box_in_its_colour_and_not_before_or_after(film: Film, frames: list[Pixels]) -> None:
    script, _ = film
    for sight, colour in sights(script):
        box = box_of(script, sight)
        first, after = script.frame(sight.start), script.frame(sight.end)
        middle = share(frames[script.frame((sight.start + sight.end) / 2)], box, colour, script, sight)
        assert middle > LEAST[type(sight)], sight.id
        scene = script.scene(sight.scene)
        for k in (first - 1, after):
            if script.frame(scene.start) <= k < script.frame(scene.end):
                assert share(frames[k], box, colour, script, sight) < 0.02, sight.id


def test_boxes_follow_what_moves(film: Film, frames: list[Pixels]) -> None:
    script, _ = film
    for sight, colour in sights(script):
        for u in (0.25, 0.4, 0.6, 0.75):
            t = sight.start + u * (sight.end - sight.start)
            assert share(frames[script.frame(t)], box_of(script, sight, t), colour, script, sight) > LEAST[type(sight)], (sight.id, u)


def test_signs_have_their_words_where_the_box_says(film: Film, frames: list[Pixels]) -> None:
    script, _ = film
    for sign in script.signs:
        for u in (0.3, 0.5, 0.7):
            t = sign.start + u * (sign.end - sign.start)
            x0, y0, _, _ = box_of(script, sign, t)
            drawn = np.asarray(plate(sign).convert("RGB")).astype(int)
            assert max(likeness(drawn, frames[script.frame(t)], round(x0 * 640) + d, round(y0 * 360)) for d in (-1, 0, 1)) > 0.85, (
                sign.id,
                u,
            )


def likeness(drawn: npt.NDArray[np.int_], picture: Pixels, left: int, top: int) -> float:
    """Correlation of a plate with a part of a picture, without its border."""
    seen = picture[top : top + drawn.shape[0], left : left + drawn.shape[1]].astype(int)
    a, b = (p[5:-5, 6:-6].mean(axis=2).ravel() for p in (drawn, seen))
    return float(np.corrcoef(a, b)[0, 1])


def test_filler_is_the_same_each_time(film: Film, frames: list[Pixels]) -> None:
    script, _ = film
    a, b = (s for s in script.scenes if s.filler)
    n = script.frame(a.end) - script.frame(a.start)
    for k in range(n):
        assert (frames[script.frame(a.start) + k] == frames[script.frame(b.start) + k]).all()


def loudness(sound: npt.NDArray[np.float32], pitch: float, t: float, seconds: float = 0.1) -> float:
    """How strong a pitch is for a while."""
    part = sound[round(t * RATE) : round((t + seconds) * RATE)]
    wave = np.exp(-2j * np.pi * pitch * np.arange(len(part)) / RATE)
    return float(abs((part * wave * np.hanning(len(part))).mean()) * 4)


def test_beeps_are_heard_when_the_script_says_and_as_often(film: Film, sound: npt.NDArray[np.float32]) -> None:
    script, _ = film
    for row in script.beeps:
        for k in range(row.count):
            assert loudness(sound, row.pitch, row.start + k * row.every + 0.05) > 0.2
        for t in (row.start - 0.2, row.start + 0.3, row.end + 0.1):
            assert loudness(sound, row.pitch, t) < 0.02


def test_the_highest_peak_of_the_spectrum_of_a_beep_is_its_pitch(film: Film, sound: npt.NDArray[np.float32]) -> None:
    for row in film[0].beeps:
        part = sound[round((row.start + 0.02) * RATE) : round((row.start + 0.18) * RATE)]
        spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part))))
        assert abs(float(np.argmax(spectrum)) * RATE / len(part) - row.pitch) < 8


def test_lines_are_heard_in_their_time_and_silence_around_them(film: Film, sound: npt.NDArray[np.float32]) -> None:
    script, _ = film
    for line in script.lines:
        spoken = sound[round(line.start * RATE) : round(line.end * RATE)]
        assert np.abs(spoken).max() > 0.3
        assert np.abs(sound[round((line.start - 0.3) * RATE) : round((line.start - 0.07) * RATE)]).max() < 0.05
        assert np.abs(sound[round((line.end + 0.07) * RATE) : round((line.end + 0.3) * RATE)]).max() < 0.05
        heard = np.flatnonzero(np.abs(spoken) > 0.1) / RATE
        assert heard[0] < 0.2
    assert abs(len(sound) / RATE - script.seconds) < 0.1


def test_subtitles_are_the_lines(film: Film) -> None:
    script, path = film
    with av.open(str(path)) as file:
        packets = [(p.pts * p.time_base, p.duration * p.time_base, bytes(p)) for p in file.demux(subtitles=0) if p.size > 2]
    found = [(float(t), float(t + d), raw[2:].decode()) for t, d, raw in packets]
    assert [f[2] for f in found] == [f"{line.speaker}: {line.text}" for line in script.lines]
    for (start, end, _), line in zip(found, script.lines, strict=True):
        assert (start, end) == pytest.approx((line.start, line.end), abs=0.002)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["clip-3", "short-1"])
def test_a_whole_film_shows_all_that_its_script_says_and_nothing_in_its_first_frames(name: str, tmp_path: Path) -> None:
    script, path = library.script_of(name), library.video_path(name, into=tmp_path)
    asked = {script.frame((s.start + s.end) / 2): (s, colour) for s, colour in sights(script)}
    nothing = Script.from_dict({**script.to_dict(), "events": [], "signs": [], "appearances": [], "lines": [], "beeps": []})
    shown = {k for n in script.hidden_from for k in script.uniform(n)}
    seen = 0
    with av.open(str(path)) as file:
        for k, frame in enumerate(file.decode(video=0)):
            assert frame.pts * frame.time_base == Fraction(k, 25)
            if k in asked:
                sight, colour = asked[k]
                assert share(frame.to_ndarray(format="rgb24"), box_of(script, sight), colour, script, sight) > 0.06, sight.id
                seen += 1
            if k in shown:
                scene = nothing.scene_at(script.time(k))
                drawn = np.asarray(SceneFilm(nothing, scene).frame(k - script.frame(scene.start))).astype(float)
                other = np.abs(frame.to_ndarray(format="rgb24") - drawn).mean(axis=2).reshape(45, 8, 80, 8).mean(axis=(1, 3))
                assert other.max() < 30, f"something is in frame {k}"
    assert seen == len(asked)
    assert k == script.num_frames - 1
