"""What is said in a video, from where it is known: its subtitles, the script of one of our own videos, or a speech model."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

from mtenvs.backends.video import Subtitle
from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.video.tools.endpoints import SpeechEndpoint

TRANSCRIPTS: Final = ("subtitles", "script", "endpoint")
_PIECE_S: Final = 300.0  # seconds of sound in one request: 9.6 MB of WAV, which servers take
_KEPT: Final = 64  # pieces whose words are remembered
_RATE: Final = 16000


class Transcript(Protocol):
    """What is said in one video."""

    @property
    def source(self) -> str:
        """Where the words come from, as an agent reads it."""
        ...

    def between(self, start: float, end: float) -> list[Subtitle]:
        """The lines that are said, wholly or in part, between two times in seconds; in order."""
        ...


class SubtitleTranscript:
    """The subtitles of a file or of a track in it.

    Args:
        subtitles: gives the lines between two times, such as `VideoStore.subtitles`.
    """

    source = "the video's subtitles"

    def __init__(self, subtitles: Callable[[float, float], Sequence[Subtitle]]) -> None:
        self._subtitles = subtitles

    def between(self, start: float, end: float) -> list[Subtitle]:
        """See `Transcript`."""
        return sorted(self._subtitles(start, end), key=lambda s: s.start) if end > start else []


class ScriptTranscript:
    """The spoken lines of one of our own videos.

    Args:
        script: an `mtenvs.envs.video.own.script.Script`.
    """

    source = "the script of this generated video (nothing was listened to)"

    def __init__(self, script: Any) -> None:
        lines = sorted(script.lines, key=lambda x: x.start)
        self._lines = [Subtitle(x.start, x.end, f"{x.speaker}: {x.text}") for x in lines]

    def between(self, start: float, end: float) -> list[Subtitle]:
        """See `Transcript`."""
        return [s for s in self._lines if s.end > start and s.start < end]


class EndpointTranscript:
    """A speech model listens; each piece of sound once.

    Args:
        store: the `VideoStore`, for its sound.
        endpoint: the model.
    """

    def __init__(self, store: Any, endpoint: SpeechEndpoint | None = None) -> None:
        self._store, self._endpoint = store, endpoint or SpeechEndpoint()
        self._known: OrderedDict[tuple[float, float], list[Subtitle]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def source(self) -> str:
        """See `Transcript`."""
        return f"the speech model {self._endpoint.model}"

    def between(self, start: float, end: float) -> list[Subtitle]:
        """See `Transcript`.

        Raises:
            EndpointError: the model gave no answer.
        """
        end = min(end, self._store.info.duration_s)
        found: list[Subtitle] = []
        start = max(0.0, start)
        while start < end and self._store.info.has_audio:
            found += self._piece(start, min(end, start + _PIECE_S))
            start += _PIECE_S
        return found

    def _piece(self, start: float, end: float) -> list[Subtitle]:
        key = round(start, 3), round(end, 3)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        said = self._endpoint.transcribe(self._store.audio(start, end, _RATE), _RATE)
        lines = [Subtitle(start + s.start, start + s.end, s.text) for s in said]
        with self._lock:
            self._known[key] = lines
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return lines


def transcript_of(
    backend: str,
    *,
    subtitles: Callable[[float, float], Sequence[Subtitle]] | None = None,
    script: Any = None,
    store: Any = None,
    endpoint: SpeechEndpoint | None = None,
) -> Transcript:
    """The transcript of a video by the name of its backend.

    Args:
        backend: one of `TRANSCRIPTS`.
        subtitles: for ``"subtitles"``: gives the lines between two times.
        script: for ``"script"``: of one of our own videos.
        store: for ``"endpoint"``: the open video.
        endpoint: for ``"endpoint"``: the model; by default the one of the environment variables.

    Raises:
        UnknownOption: there is no such backend, or what it needs is not there.
    """
    if backend == "subtitles" and subtitles is not None:
        return SubtitleTranscript(subtitles)
    if backend == "script" and script is not None:
        return ScriptTranscript(script)
    if backend == "endpoint" and store is not None:
        return EndpointTranscript(store, endpoint)
    if backend in TRANSCRIPTS:
        needs = {"subtitles": "subtitles", "script": "one of our own videos", "endpoint": "an open video"}[backend]
        raise UnknownOption(f"the transcript {backend!r} needs {needs}; choose another of {', '.join(TRANSCRIPTS)}")
    raise UnknownOption(f"there is no transcript {backend!r}: {did_you_mean(str(backend), TRANSCRIPTS)}")
