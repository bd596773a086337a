"""Small video files of every awkward kind, each frame with its number drawn into it in black and white blocks."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

COLUMNS, ROWS = 5, 4  # 20 bits
WIDTH, HEIGHT = 160, 96
Picture = npt.NDArray[np.uint8]
ASS_HEADER = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,16

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def barcode(number: int, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """A frame that shows a number, on a background that moves."""
    rows, columns = np.mgrid[0:height, 0:width]
    picture = np.stack([(rows + number) % 64 + 96, (columns - number) % 64 + 96, (rows + columns) % 64 + 96], axis=-1).astype(np.uint8)
    for bit in range(COLUMNS * ROWS):
        x, y = (bit % COLUMNS) * width // COLUMNS, (bit // COLUMNS) * height // ROWS
        w, h = width // COLUMNS, height // ROWS
        picture[y + h // 5 : y + h - h // 5, x + w // 5 : x + w - w // 5] = 255 * (number >> bit & 1)
    return picture


def read_barcode(picture: Picture) -> int:
    """The number in a frame of any size."""
    height, width = picture.shape[:2]
    number = 0
    for bit in range(COLUMNS * ROWS):
        x, y = (bit % COLUMNS + 0.5) * width / COLUMNS, (bit // COLUMNS + 0.5) * height / ROWS
        up, left = height / ROWS / 8, width / COLUMNS / 8
        block = picture[round(y - up) : round(y + up) + 1, round(x - left) : round(x + left) + 1]
        number |= int(block.mean() > 128) << bit
    return number


@dataclass(frozen=True)
class Clip:
    """How a file is made."""

    name: str
    frames: int = 120
    codec: str = "libx264"
    gop: int = 48
    options: dict[str, str] = field(default_factory=dict)
    pts: Callable[[int], int] = lambda number: number
    tick: Fraction = Fraction(1, 25)
    clockwise: int = 0
    muxer: dict[str, str] = field(default_factory=dict)
    format: str | None = None
    tone: bool = False
    subtitles: str = ""
    hidden: int = 0
    pix_fmt: str = "yuv420p"

    @property
    def shown(self) -> range:
        """The numbers that are to be seen."""
        return range(self.hidden, self.frames)

    def make(self, folder: Path) -> Path:
        """Write it."""
        path = folder / self.name
        with av.open(str(path), "w", format=self.format, options=self.muxer) as out:
            picture = self._picture_stream(out)
            sound = out.add_stream("aac", rate=16000, layout="mono") if self.tone else None
            text = out.add_stream(self.subtitles) if self.subtitles else None
            if text is not None:
                text.codec_context.subtitle_header = ASS_HEADER  # type: ignore[union-attr]  # a text codec
            for number in range(self.frames):
                image = np.rot90(barcode(number), self.clockwise // 90)  # stored the other way round, so that it is shown upright
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
                frame.pts, frame.time_base = self.pts(number), self.tick
                out.mux(picture.encode(frame))
            out.mux(picture.encode())
            if sound is not None:
                _tone(out, sound, float(self.pts(self.frames) * self.tick))
            if text is not None:
                for k, line in enumerate(LINES):
                    raw = line.encode()
                    packet = av.Packet((len(raw).to_bytes(2, "big") + raw) if self.subtitles == "mov_text" else raw)
                    packet.stream, packet.time_base = text, Fraction(1, 1000)
                    packet.pts = packet.dts = 500 + 2000 * k
                    packet.duration = 1500
                    out.mux(packet)
        return path

    def _picture_stream(self, out: OutputContainer) -> VideoStream:
        options = {"preset": "veryfast", "crf": "26", "sc_threshold": "0", **self.options} if "264" in self.codec else self.options
        stream: VideoStream = out.add_stream(self.codec, rate=round(1 / self.tick), options=options)  # type: ignore[assignment]  # a picture codec
        turned = self.clockwise % 180 != 0
        stream.width, stream.height = (HEIGHT, WIDTH) if turned else (WIDTH, HEIGHT)
        stream.pix_fmt, stream.gop_size = self.pix_fmt, self.gop
        stream.codec_context.time_base = self.tick
        if self.clockwise:
            stream.set_display_rotation(-self.clockwise)
        return stream


LINES = ("The code is 4711.", "Zwölf <i>Boxkämpfer</i>")
TONE_HZ = 440
TONE_FROM_S, TONE_TO_S = 1.0, 2.0


def _tone(out: OutputContainer, stream: AudioStream, seconds: float) -> None:
    """A beep from 1 to 2 s, silence around it."""
    t = np.arange(math.ceil(seconds * 16000)) / 16000
    wave = np.where((t >= TONE_FROM_S) & (t < TONE_TO_S), 0.25 * np.sin(2 * np.pi * TONE_HZ * t), 0).astype(np.float32)
    for k in range(0, len(wave), 1024):
        frame = av.AudioFrame.from_ndarray(wave[None, k : k + 1024].copy(), format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 16000, k, Fraction(1, 16000)
        out.mux(stream.encode(frame))
    out.mux(stream.encode())


def _uneven(number: int) -> int:
    """Presentation times in ms that stand still, hurry and crawl."""
    return number * 40 + (number % 7) * 5 + (number // 30) * 500


KINDS: Sequence[Clip] = (
    Clip("gop48.mp4", 150),
    Clip("gop250.mp4", 300, gop=250),
    Clip("pyramid.mp4", gop=60, options={"bf": "4", "b-pyramid": "normal", "refs": "4"}),
    Clip("strict.mkv", gop=60, options={"bf": "5", "b-pyramid": "strict"}),
    Clip("all-intra.mp4", 40, gop=1),
    Clip("no-b.mp4", options={"bf": "0"}),
    Clip("ultrafast.mp4", options={"preset": "ultrafast", "bf": "2"}),
    Clip("open-gop.mkv", gop=24, options={"x264-params": "open-gop=1:bframes=3:b-adapt=0"}),
    Clip("open-gop.mp4", gop=24, options={"x264-params": "open-gop=1:bframes=3:b-adapt=0"}),
    Clip("refresh.mkv", gop=30, options={"intra-refresh": "1", "bf": "0"}),
    Clip("hevc.mp4", 60, codec="libx265", gop=24, options={"preset": "ultrafast", "x265-params": "log-level=none:bframes=4:open-gop=1"}),
    Clip("uneven.mp4", pts=_uneven, tick=Fraction(1, 1000), options={"bf": "2"}),
    Clip("uneven.mkv", pts=_uneven, tick=Fraction(1, 1000), options={"bf": "2"}),
    Clip("late.mp4", pts=lambda number: number + 77),
    Clip("early.mp4", pts=lambda number: number - 5, options={"bf": "2"}, hidden=5),
    Clip("turned90.mp4", 60, clockwise=90),
    Clip("turned180.mp4", 60, clockwise=180),
    Clip("turned270.mp4", 60, clockwise=270),
    Clip("plain.mkv"),
    Clip(
        "vp9.webm",
        60,
        codec="libvpx-vp9",
        gop=24,
        options={"cpu-used": "8", "auto-alt-ref": "1", "lag-in-frames": "16", "b:v": "300k"},
    ),
    Clip("mpeg4.avi", codec="mpeg4", gop=12, options={"bf": "2", "b:v": "800k"}),
    Clip("mpeg4.mp4", codec="mpeg4", gop=12, options={"bf": "2", "b:v": "800k"}),
    Clip("mpeg2.ts", codec="mpeg2video", gop=12, options={"bf": "2", "b:v": "2M"}),
    Clip("stream.ts", options={"bf": "2"}),
    Clip("raw.h264", 60, format="h264", options={"bf": "2"}),
    Clip("fragments.mp4", gop=24, options={"bf": "2"}, muxer={"movflags": "frag_keyframe+empty_moov"}),
    Clip("faststart.mp4", 250, muxer={"movflags": "faststart"}, tone=True, subtitles="mov_text"),
    Clip("talk.mkv", 100, tone=True, subtitles="subrip"),
    Clip("animation.gif", 30, codec="gif", pix_fmt="rgb8"),
)
