"""The errors that mtenvs raises, one small tree; each message says what to do next.

A bad action of an *agent* is never one of these for the caller: `MultiTurnEnv` turns `BadAction` into an observation.
What reaches the caller is a mistake of the programmer, a broken file or a missing package.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class MtenvsError(Exception):
    """Base of every error that mtenvs raises on purpose."""


class MissingRequirement(MtenvsError, ImportError):
    """A Python extra or a system package that a family needs is not installed.

    Args:
        family: the family that cannot start, such as ``"robot"``.
        missing: what is missing, such as ``"metaworld"`` or ``"libEGL"``.
        install: the exact command that installs it.
    """

    def __init__(self, family: str, missing: str, install: str) -> None:
        self.family, self.missing, self.install = family, missing, install
        super().__init__(f"the family {family!r} needs {missing}, which is not here. Install it with: {install}")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.family, self.missing, self.install)


class UnknownOption(MtenvsError, ValueError):
    """A keyword, option or value that the environment does not have."""


class UnknownTask(UnknownOption, LookupError):
    """A task id that the task set does not hold."""


class UnknownEnv(UnknownOption, LookupError):
    """An environment id that is not in the catalogue."""


class DataError(MtenvsError, ValueError):
    """A data file that is missing, half-written or not in its schema; the message names file and entry."""


class VideoError(DataError):
    """A video file that cannot give what was asked of it; a frame is never replaced by another one."""


class VideoOpenError(VideoError):
    """A file that is missing, is no video, or has no pictures in it."""


class VideoTruncated(VideoError):
    """A file that ends, or is damaged, before the frame that was asked for."""


class FrameOutOfRange(VideoError, IndexError):
    """A frame number or a time that the video does not have."""


class ResetNeeded(MtenvsError, RuntimeError):
    """`step` before `reset`, or after the episode has ended."""


class SnapshotError(MtenvsError, ValueError):
    """A snapshot that is damaged, or was taken from another environment or version."""


class BadAction(MtenvsError, ValueError):
    """The agent's action is refused; whoever raises it has left the world as it was.

    Args:
        message: what was wrong, addressed to the agent.
        kind: ``"parse"`` (not readable), ``"tool"`` (no such action), ``"arguments"`` (wrong names, types or ranges),
            ``"refused"`` (well formed, but not possible in the world now) or ``"value"`` (a Box action with NaN or infinity).
        legal: what would have been legal, as short text.
        code: the original system's own error code, where there is one.
    """

    def __init__(self, message: str, *, kind: str = "refused", legal: str = "", code: int = 0) -> None:
        self.message, self.kind, self.legal, self.code = message, kind, legal, code
        super().__init__(message)


def did_you_mean(word: str, known: Iterable[str], *, show: int = 8) -> str:
    """A hint that names the nearest known words, or the first few when none is near.

    Args:
        word: what was written.
        known: the words that exist.
        show: how many to list when none is near.
    """
    names: Sequence[str] = list(known)
    near = get_close_matches(word[:80], names, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(repr(n) for n in near) + "?"
    listed = ", ".join(names[:show])
    return f"known: {listed}" + (f" and {len(names) - show} more" if len(names) > show else "") if names else "there are none"
