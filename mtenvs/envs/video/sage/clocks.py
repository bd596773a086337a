"""Times as SAGE's tools write them: ``HH:MM:SS``, ``MM:SS`` or seconds."""

from __future__ import annotations

import re
from typing import Final

from mtenvs.core.errors import BadAction

_CLOCK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d(?:\.\d{1,3})?)|(\d{1,7}(?:\.\d{1,3})?)", re.ASCII)
_LEGAL: Final = "HH:MM:SS, MM:SS or seconds, such as 01:02:30, 62:30 or 3750"


def seconds_of(time: str) -> float:
    """Seconds of a time.

    Raises:
        BadAction: another form.
    """
    match = _CLOCK.fullmatch(time.strip())
    if match is None or (match[1] and int(match[2]) > 59):
        raise BadAction(f"{time[:20]!r} is no time", kind="arguments", legal=_LEGAL)
    return float(match[4]) if match[4] else 3600.0 * int(match[1] or 0) + 60.0 * int(match[2]) + float(match[3])


def span_of(start: str, end: str, duration: float, longest: float) -> tuple[float, float]:
    """The span between two times, in seconds; one that ends beyond the video ends with it.

    Args:
        start: the earlier time.
        end: the later one.
        duration: of the video, in seconds.
        longest: seconds that a tool takes at once.

    Raises:
        BadAction: reversed, beyond the video, or too long.
    """
    first, last = seconds_of(start), seconds_of(end)
    if first >= last:
        raise BadAction(f"the start {start} is not before the end {end}", kind="arguments", legal="start < end")
    if first >= duration:
        raise BadAction(f"{start} is beyond the end of the video, {written(duration)}", kind="arguments")
    last = min(last, duration)
    if last - first >= longest + 1e-6:
        raise BadAction(f"from {start} to {end} is too long", kind="arguments", legal=f"at most {longest / 60:g} minutes at once")
    return first, last


def written(seconds: float) -> str:
    """``HH:MM:SS``."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
