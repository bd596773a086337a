"""Puts packets together to a file: H.264, AAC and timed text in MP4."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from mtenvs.core.errors import VideoError
from mtenvs.envs.video.own.codec import AUDIO_BITS, AUDIO_CODEC, VIDEO_CODEC, Encoded, pyav, video_options
from mtenvs.envs.video.own.script import Line, Scene, Script
from mtenvs.envs.video.own.sound import RATE

_ASS_HEADER: Final = b"""[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, \
ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""
_Item = tuple[Fraction, int, Any]


def write(path: Path, script: Script, pictures: dict[str, Encoded], sound: Encoded) -> None:
    """Write the file.

    Args:
        path: where to; what is there is overwritten.
        script: the film.
        pictures: for each scene of its own by its id, and for each filler by its name, its packets.
        sound: packets of the whole film.

    Raises:
        VideoError: the encoders did not all encode alike, so that their packets do not fit in one stream.
        OSError: it cannot be written.
    """
    av = pyav()
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as out:
        video = out.add_stream(VIDEO_CODEC, rate=script.fps, options=video_options(script.gop))
        video.width, video.height, video.pix_fmt = script.width, script.height, "yuv420p"
        audio = out.add_stream(AUDIO_CODEC, rate=RATE, layout="mono")
        audio.bit_rate = AUDIO_BITS
        text = out.add_stream("mov_text")
        text.codec_context.subtitle_header = _ASS_HEADER
        out.start_encoding()
        parts = [*pictures.values(), sound]
        if any(p.extradata != bytes(s.codec_context.extradata) for p, s in zip(parts, [video] * len(pictures) + [audio], strict=True)):
            raise VideoError("parts of the film were encoded by different versions of PyAV; close other Python environments and try again")
        streams = (video, audio, text)
        bases = (Fraction(1, script.fps), Fraction(1, RATE), Fraction(1, 1000))
        for _, which, (pts, dts, duration, key, data) in _merge([_video(script, pictures), _audio(sound), _text(script.lines)]):
            packet = av.Packet(data)
            packet.stream, packet.time_base = streams[which], bases[which]
            packet.pts, packet.dts, packet.duration, packet.is_keyframe = pts, dts, duration, key
            out.mux(packet)


def _video(script: Script, pictures: dict[str, Encoded]) -> Iterator[_Item]:
    for scene in script.scenes:
        first = script.frame(scene.start)
        n = script.frame(scene.end) - first
        for pts, dts, duration, key, data in pictures[segment(scene)].packets[:n]:
            yield Fraction(first + dts, script.fps), 0, (first + pts, first + dts, duration, key, data)


def segment(scene: Scene) -> str:
    """The name of what is encoded for a scene: fillers share theirs."""
    return scene.filler or scene.id


def _audio(sound: Encoded) -> Iterator[_Item]:
    for packet in sound.packets:
        yield Fraction(packet[1], RATE), 1, packet


def _text(lines: Sequence[Line]) -> Iterator[_Item]:
    for line in lines:
        raw = f"{line.speaker}: {line.text}".encode()  # as subtitles name who is not to be recognised by sight
        start, end = round(line.start * 1000), round(line.end * 1000)
        yield Fraction(start, 1000), 2, (start, start, end - start, True, len(raw).to_bytes(2, "big") + raw)


def _merge(streams: Sequence[Iterator[_Item]]) -> Iterator[_Item]:
    """All packets in the order of their decoding times."""
    heads = [(next(s, None), s) for s in streams]
    while True:
        waiting = [(item[0], k) for k, (item, _) in enumerate(heads) if item is not None]
        if not waiting:
            return
        _, k = min(waiting)
        item, stream = heads[k]
        heads[k] = (next(stream, None), stream)
        if item is not None:
            yield item
