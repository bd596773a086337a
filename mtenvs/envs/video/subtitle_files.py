"""Subtitle files beside a video: SubRip, WebVTT, and the two JSON forms of LongVideoBench."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mtenvs.backends.video import Subtitle
from mtenvs.backends.video.subtitles import parse
from mtenvs.core.errors import DataError


def read_subtitles(path: Path) -> list[Subtitle]:
    """The lines of a subtitle file, in order of time.

    Args:
        path: ``.srt``, ``.vtt``, or ``.json`` with a list of ``{"timestamp": [start, end], "text": ...}`` in seconds or of
            ``{"start": "H:M:S", "end": "H:M:S", "line": ...}``.

    Raises:
        DataError: the file is missing, or in none of these forms.
    """
    try:
        text = path.read_text("utf-8-sig", errors="replace")
        if path.suffix != ".json":
            return list(parse(text))
        rows = json.loads(text)
        return sorted((_line(row) for row in rows), key=lambda s: s.start)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as e:
        raise DataError(f"the subtitles {path} cannot be read: {e}") from e


def _line(row: Mapping[str, Any]) -> Subtitle:
    if "timestamp" in row:
        start, end = row["timestamp"]
        return Subtitle(_finite(start), _finite(end if end is not None else start), str(row["text"]))
    return Subtitle(_seconds(row["start"]), _seconds(row["end"]), str(row["line"]))


def _seconds(clock: Any) -> float:
    total = 0.0
    for part in str(clock).split(":"):
        total = 60 * total + float(part)
    return _finite(total)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is no time")
    return number
