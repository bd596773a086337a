"""Lines of text: from packets inside a video, and from .srt and .vtt files beside it."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from av.packet import Packet

from mtenvs.backends.video.frames import Subtitle

SUFFIXES = (".srt", ".vtt")
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_STAMP = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_CUE = re.compile(rf"{_STAMP}\s*-->\s*{_STAMP}")
_ASS_FIELDS_BEFORE_TEXT = 8


def line_of_packet(packet: Packet[Any]) -> Subtitle | None:
    """The line that a packet of a text stream shows, on the container's clock; None for a gap."""
    if packet.pts is None or packet.time_base is None:
        return None
    raw, codec = bytes(packet), packet.stream.codec_context.name
    if codec == "mov_text":
        raw = raw[2 : 2 + int.from_bytes(raw[:2], "big")]  # what may follow is styling
    text = raw.decode("utf-16" if raw[:2] in {b"\xfe\xff", b"\xff\xfe"} else "utf-8", errors="replace")
    if codec in {"ass", "ssa"}:
        text = text.split(",", _ASS_FIELDS_BEFORE_TEXT)[-1]
    text = plain(text)
    if not text:
        return None
    start = float(packet.pts * packet.time_base)
    return Subtitle(start, start + float((packet.duration or 0) * packet.time_base), text)


def plain(text: str) -> str:
    """Text without styling tags; lines are kept."""
    text = text.replace("\\N", "\n").replace("\\n", "\n").replace("\\h", " ")
    return html.unescape(_TAGS.sub("", text)).replace("\r", "").strip(" \n\t\0")


def beside(video: Path) -> tuple[Path, ...]:
    """Text files that belong to a video: of the same name, perhaps with a language, such as ``film.srt`` or ``film.en.vtt``."""
    try:
        found = _text_files(video.parent, video.parent.stat().st_mtime_ns)
    except OSError:
        return ()
    stem = video.stem
    return tuple(p for p in found if p.stem == stem or p.stem.startswith(stem + "."))


@lru_cache(maxsize=64)
def _text_files(folder: Path, changed: int) -> tuple[Path, ...]:
    """The text files of a folder, shortest names first; looked up again when the folder has changed."""
    del changed
    names = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file()]
    return tuple(sorted(names, key=lambda p: (len(p.name), p.name)))


def parse(text: str) -> tuple[Subtitle, ...]:
    """The cues of an .srt or .vtt file, in order; what is no cue is passed over."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        for k, line in enumerate(lines):
            cue = _CUE.search(line)
            if cue:
                body = plain("\n".join(lines[k + 1 :]))
                start, end = _seconds(*cue.groups()[:4]), _seconds(*cue.groups()[4:])
                if body and end >= start:
                    found.append(Subtitle(start, end, body))
                break
    return tuple(sorted(found, key=lambda s: (s.start, s.end)))


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000
