"""Pictures and sound as packets: every scene is encoded by itself, so that its packets can be put anywhere, any number of times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import numpy as np
from PIL import Image

from mtenvs.core.errors import MissingRequirement
from mtenvs.envs.video.own.sound import RATE, Samples

VIDEO_CODEC: Final = "libx264"
AUDIO_CODEC: Final = "aac"
AUDIO_BITS: Final = 48_000


@dataclass(slots=True)
class Encoded:
    """Packets of one stream.

    Args:
        extradata: what a decoder must know of the whole stream.
        packets: (pts, dts, duration, whether it is a keyframe, data); times in frames, or in samples for sound.
    """

    extradata: bytes
    packets: list[tuple[int, int, int, bool, bytes]] = field(default_factory=list)


def pyav() -> Any:
    """The module av.

    Raises:
        MissingRequirement: PyAV is not installed.
    """
    try:
        import av  # noqa: PLC0415 - an extra
    except ImportError as e:
        raise MissingRequirement("video", "PyAV", 'pip install "mtenvs[video]"') from e
    return av


def video_options(gop: int) -> dict[str, str]:
    """Settings of x264: keyframes where they are expected and nowhere else, closed GOPs, fast."""
    return {
        "preset": "ultrafast",
        "crf": "25",
        "bf": "2",
        "g": str(gop),
        "x264-params": f"keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:threads=1:"
        "cabac=1:deblock=0,0:mbtree=1:rc-lookahead=10:aq-mode=1",  # half the size of plain ultrafast for a quarter more time
    }


def encode_pictures(pictures: Iterable[Image.Image], fps: int, gop: int, size: tuple[int, int]) -> Encoded:
    """Encode a scene; its first frame is a keyframe, and time begins at 0."""
    av = pyav()
    codec = av.CodecContext.create(VIDEO_CODEC, "w")
    codec.width, codec.height = size
    codec.pix_fmt = "yuv420p"
    codec.time_base = Fraction(1, fps)
    codec.framerate = Fraction(fps)
    codec.flags |= av.codec.context.Flags.global_header
    codec.options = video_options(gop)
    codec.open()
    found = Encoded(bytes(codec.extradata or b""))
    for k, picture in enumerate(pictures):
        frame = av.VideoFrame.from_ndarray(np.asarray(picture), "rgb24")
        frame.pts, frame.time_base = k, Fraction(1, fps)
        _collect(found, codec.encode(frame), 1)
    _collect(found, codec.encode(None), 1)
    return found


def encode_sound(blocks: Iterator[Samples]) -> Encoded:
    """Encode the sound of a film; the first packets come before time 0, as AAC demands."""
    av = pyav()
    codec = av.CodecContext.create(AUDIO_CODEC, "w")
    codec.sample_rate, codec.format, codec.layout = RATE, "fltp", "mono"
    codec.bit_rate = AUDIO_BITS
    codec.time_base = Fraction(1, RATE)
    codec.flags |= av.codec.context.Flags.global_header
    codec.open()
    found = Encoded(bytes(codec.extradata or b""))
    rest, at, size = np.zeros(0, np.float32), 0, 1024
    for block in blocks:
        rest = np.concatenate([rest, block])
        whole = len(rest) // size * size
        for k in range(0, whole, size):
            _collect(found, codec.encode(_audio_frame(av, rest[k : k + size], at)), size)
            at += size
        rest = rest[whole:]
    if len(rest):
        _collect(found, codec.encode(_audio_frame(av, np.pad(rest, (0, size - len(rest))), at)), size)
    _collect(found, codec.encode(None), size)
    return found


def _audio_frame(av: Any, samples: Samples, at: int) -> Any:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), "fltp", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame


def _collect(found: Encoded, packets: Iterable[Any], duration: int) -> None:
    found.packets += [(int(p.pts or 0), int(p.dts or 0), duration, bool(p.is_keyframe), bytes(p)) for p in packets]
