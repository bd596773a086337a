"""Sound of a span of time, as one channel at a given rate."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import av.error
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from mtenvs.backends.video.files import HeldFile
from mtenvs.backends.video.index import Index
from mtenvs.backends.video.tracks import read_only

Samples = npt.NDArray[np.float32]
LEAD_S = 0.25
"""Decoded before the span and thrown away: codecs need some packets to settle after a seek (Opus 80 ms, AAC one packet)."""
PAD_S = 0.05
"""Kept on both sides of the span while resampling, so that the filter does not ring at its ends."""
JITTER_S = 0.003
"""Containers round times; what is off by less than this continues without a gap."""


def read_audio(file: HeldFile, index: Index, t0: float, t1: float, rate: int) -> Samples:
    """Samples from ``t0`` to ``t1`` seconds after the first frame; silence where the track holds nothing."""
    count = round((t1 - t0) * rate)
    if count <= 0:
        return np.zeros(0, np.float32)
    with file.open(index.container) as container:
        read_only(container, {index.audio})
        own_rate = container.streams[index.audio].codec_context.sample_rate  # type: ignore[attr-defined]  # it is a sound stream
        begin = t0 + index.origin - PAD_S  # on the container's clock
        track = np.zeros(round((t1 - t0 + 2 * PAD_S) * own_rate) + 1, np.float32)
        _fill(track, _frames(container, index.audio, begin), begin, own_rate)
    skip = round(PAD_S * rate)
    found = _resample(track, own_rate, rate)[skip : skip + count]
    return np.pad(found, (0, count - len(found))).clip(-1, 1)


def _frames(container: InputContainer, number: int, begin: float) -> Iterator[AudioFrame]:
    """Decoded sound from somewhat before ``begin`` on."""
    stream = container.streams[number]
    stamp = int((begin - LEAD_S) / float(stream.time_base or 1))
    with contextlib.suppress(av.error.FFmpegError, OSError):  # the track begins later, or cannot be sought: read from its start
        container.seek(stamp, stream=stream)
    with contextlib.suppress(OSError):
        for packet in container.demux(stream):
            with contextlib.suppress(av.error.FFmpegError):  # a damaged packet is a gap
                frames: list[Any] = packet.decode()
                yield from frames


def _fill(track: Samples, frames: Iterator[AudioFrame], begin: float, rate: int) -> None:
    """Place decoded samples where they belong on the track."""
    mono = AudioResampler(format="flt", layout="mono", rate=rate)
    expected: int | None = None
    for frame in frames:
        if frame.pts is None or frame.time_base is None:
            continue
        at = round((float(frame.pts * frame.time_base) - begin) * rate)
        if expected is not None and abs(at - expected) <= JITTER_S * rate:
            at = expected
        if at >= len(track):
            return
        frame.pts = None  # only samples matter from here on
        for part in mono.resample(frame):
            samples = part.to_ndarray().reshape(-1)
            low, high = max(at, 0), min(at + len(samples), len(track))
            if high > low:
                track[low:high] = samples[low - at : high - at]
            at += len(samples)
        expected = at


def _resample(track: Samples, source: int, target: int) -> Samples:
    if source == target:
        return track
    frame = AudioFrame.from_ndarray(track.reshape(1, -1), format="flt", layout="mono")
    frame.sample_rate = source
    tool = AudioResampler(format="flt", layout="mono", rate=target)
    parts = [*tool.resample(frame), *tool.resample(None)]
    return np.concatenate([part.to_ndarray().reshape(-1) for part in parts])
