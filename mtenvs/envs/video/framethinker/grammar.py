"""FrameThinker's own text form: ``<think>...</think><action>choose frames between 10 and 90</action>``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mtenvs.core.actions import Call, Tool
from mtenvs.core.errors import BadAction

LEGAL: Final = (
    "<think>...</think><action>choose frames between START and END</action>, <action>get frame number at time MM:SS</action> "
    "or <action>output answer: OPTION</action>"
)
_ACTION: Final = re.compile(r"<action>(.*?)</action>", re.DOTALL | re.IGNORECASE)
_THINK: Final = re.compile(r"<think>(.*?)</think>", re.DOTALL | re.IGNORECASE)
_CHOOSE: Final = re.compile(r"choose frames between (\d{1,12}) and (\d{1,12})\.?", re.IGNORECASE)
_TIME: Final = re.compile(r"get frame number at time (\d{1,6}:\d{1,6})\.?", re.IGNORECASE)
_ANSWER: Final = re.compile(r"output answer:\s*(.+)", re.DOTALL | re.IGNORECASE)
_CLOCK: Final = re.compile(r"(\d{1,6}):(\d{2})", re.ASCII)
_MOST_SECONDS: Final = 59


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a transcript whose action was carried out, as the released reward reads it.

    Args:
        thinks: what stood in ``<think>``, each.
        kind: ``"choose"``, ``"time"`` or ``"answer"``.
        start: of a chosen range.
        end: of a chosen range, as the agent wrote it.
        time: ``MM:SS`` as written.
        frame: the frame number that the environment gave back for ``time``.
    """

    thinks: tuple[str, ...]
    kind: str
    start: int = 0
    end: int = 0
    time: str = ""
    frame: int = -1


def read_action(text: str, tools: Mapping[str, Tool]) -> Call | None:
    """The family's dialect: one ``<action>`` in one of the three forms; None for text without that tag or form.

    Raises:
        BadAction: the tag is there, and what it holds is no action; or there are several.
    """
    found = _ACTION.findall(text)
    if len(found) > 1:
        raise BadAction(f"one <action> per turn, not {len(found)}", kind="parse", legal=LEGAL)
    inner = (found[0] if found else text).strip()
    if match := _CHOOSE.fullmatch(inner):
        return tools["choose_frames"].bind((), {"start": int(match[1]), "end": int(match[2])})
    if match := _TIME.fullmatch(inner):
        return tools["get_frame_number"].bind((), {"time": match[1]})
    if match := _ANSWER.fullmatch(inner):
        return tools["output_answer"].bind((), {"option": match[1].strip()})
    if found:
        raise BadAction(f"<action> holds {inner[:60]!r}, which is no action", kind="parse", legal=LEGAL)
    return None


def thinks_of(text: str) -> tuple[str, ...]:
    """What stands in each ``<think>``."""
    return tuple(_THINK.findall(text))


def seconds_of(time: str) -> int:
    """Seconds of ``MM:SS``, where MM may exceed 59 (1 h 02 min 30 s is ``62:30``).

    Raises:
        BadAction: another form, or more than 59 seconds.
    """
    match = _CLOCK.fullmatch(time.strip())
    if match is None or int(match[2]) > _MOST_SECONDS:
        raise BadAction(f"{time[:20]!r} is no time", kind="arguments", legal="MM:SS with seconds in 00..59, such as 62:30")
    return 60 * int(match[1]) + int(match[2])
