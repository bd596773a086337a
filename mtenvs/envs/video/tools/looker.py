"""Who looks at frames for an agent: the script of one of our own videos, text recognition, or a vision-language model."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.envs.video.tools.endpoints import VisionEndpoint
from mtenvs.envs.video.tools.ocr import read_text
from mtenvs.envs.video.tools.words import fit_of, text_fit_of

LOOKERS: Final = ("script", "ocr", "endpoint")
Spans = list[tuple[float, float]]
_LEAST_FIT: Final = 0.5  # share of the words asked for that a finding has
_MOST_SPANS, _MOST_FACTS, _MOST_TEXTS = 5, 12, 12
_LOOKS: Final = 32  # frames that a search looks at, evenly over its time
_SIZE: Final = (640, 360)  # at most, of a frame in a search


class Looker(Protocol):
    """Looks at one video."""

    @property
    def source(self) -> str:
        """Who looks, as an agent reads it."""
        ...

    def describe(self, frames: NDArray[np.uint8] | Sequence[NDArray[np.uint8]], times: Sequence[float], query: str) -> str:
        """What is in some frames, with a view to a query.

        Args:
            frames: uint8 ``(k, h, w, 3)``, RGB.
            times: of each, in seconds.
            query: what the agent wants to know.
        """
        ...

    def find(self, event: str, start: float, end: float) -> Spans:
        """When something is to be seen between two times: at most 5 spans in seconds, in order; empty when it was not found."""
        ...


class ScriptLooker:
    """Says what the script of one of our own videos has in the picture at a time. It looks at nothing, and says so.

    Args:
        script: an `mtenvs.envs.video.own.script.Script`.
    """

    source = "the script of this generated video (nothing was looked at)"

    def __init__(self, script: Any) -> None:
        from mtenvs.envs.video.tools.facts import facts_of  # noqa: PLC0415 - only our own videos need the generator

        self._script, self._facts = script, facts_of(script)

    def describe(self, frames: NDArray[np.uint8] | Sequence[NDArray[np.uint8]], times: Sequence[float], query: str) -> str:  # noqa: ARG002
        """See `Looker`; only the times count."""
        from mtenvs.envs.video.tools.facts import whereabouts  # noqa: PLC0415 - same

        seen = [(fact, [t for t in times if fact.start <= t < fact.end]) for fact in self._facts]
        ranked = sorted((s for s in seen if s[1]), key=lambda s: (-fit_of(query, s[0].text), s[0].scenery, s[0].start))[:_MOST_FACTS]
        lines = []
        for fact, at in sorted(ranked, key=lambda s: (s[0].start, not s[0].scenery)):
            places = dict.fromkeys(whereabouts(self._script, fact.id, t) for t in at)
            where = f" In the picture: {', then '.join(p for p in places if p)}." if any(places) else ""
            lines.append(f"{_clocks(at)}: {fact.text}{where}")
        return f"From {self.source}:\n" + ("\n".join(lines) or "no frame of the video is at these times.")

    def find(self, event: str, start: float, end: float) -> Spans:
        """See `Looker`."""
        fits = [(fit_of(event, f.text), f.start, f.end) for f in self._facts if f.end > start and f.start < end]
        best = max((fit for fit, *_ in fits), default=0.0)
        found = [(max(a, start), min(b, end)) for fit, a, b in fits if fit >= max(_LEAST_FIT, best)]
        return joined(found)[:_MOST_SPANS]


class OcrLooker:
    """Reads the text in frames, and sees nothing else.

    Args:
        store: the `VideoStore`, for searches.
    """

    source = "text recognition (it reads words and sees nothing else)"

    def __init__(self, store: Any) -> None:
        self._store = store

    def describe(self, frames: NDArray[np.uint8] | Sequence[NDArray[np.uint8]], times: Sequence[float], query: str) -> str:
        """See `Looker`; the texts that fit the query best come first where there are many."""
        at: dict[str, list[float]] = {}
        for frame, t in zip(frames, times, strict=True):
            for box in read_text(frame):
                at.setdefault(box.text, []).append(t)
        best = sorted(at, key=lambda text: -text_fit_of(query, text))[:_MOST_TEXTS]
        lines = [f"{_clocks(at[text])}: {text!r}" for text in sorted(best, key=lambda text: at[text][0])]
        return f"By {self.source}:\n" + ("\n".join(lines) or "there is no text that can be read in these frames.")

    def find(self, event: str, start: float, end: float) -> Spans:
        """See `Looker`."""
        frames = _sample(self._store, start, end)
        half = (end - start) / max(1, len(frames.times) - 1) / 2  # a text is taken to stay until half-way to the next frame
        texts = [" ".join(box.text for box in read_text(image)) for image in frames.images]
        hits = [t for t, text in zip(frames.times, texts, strict=True) if text_fit_of(event, text) >= _LEAST_FIT]
        return joined([(max(start, float(t) - half), min(end, float(t) + half)) for t in hits])[:_MOST_SPANS]


_DESCRIBE: Final = "These are {n} frames of a video, each after its time. Say in a few sentences what in them bears on this: {query}"
_FIND: Final = (
    "These are {n} frames of a video between {start} s and {end} s, each after its time in seconds. When is this to be seen: {event}\n"
    'Answer with JSON only, a list of {{"start": seconds, "end": seconds}}; [] if it is not to be seen.'
)


class EndpointLooker:
    """A vision-language model looks.

    Args:
        store: the `VideoStore`, for searches.
        endpoint: the model.
    """

    def __init__(self, store: Any, endpoint: VisionEndpoint | None = None) -> None:
        self._store, self._endpoint = store, endpoint or VisionEndpoint()

    @property
    def source(self) -> str:
        """See `Looker`."""
        return f"the vision-language model {self._endpoint.model}"

    def describe(self, frames: NDArray[np.uint8] | Sequence[NDArray[np.uint8]], times: Sequence[float], query: str) -> str:
        """See `Looker`.

        Raises:
            EndpointError: the model gave no answer.
        """
        said = self._endpoint.ask(_DESCRIBE.format(n=len(times), query=query), list(frames), [_seconds(t) for t in times])
        return f"By {self.source}:\n{said}"

    def find(self, event: str, start: float, end: float) -> Spans:
        """See `Looker`.

        Raises:
            EndpointError: the model gave no answer, or none with JSON in it.
        """
        frames = _sample(self._store, start, end)
        prompt = _FIND.format(n=len(frames.times), start=f"{start:g}", end=f"{end:g}", event=event)
        found = self._endpoint.ask_json(prompt, list(frames.images), [_seconds(float(t)) for t in frames.times])
        rows = found.get("spans", [found]) if isinstance(found, Mapping) else found
        spans = [_span(row) for row in rows] if isinstance(rows, list) else []
        return joined([(max(s[0], start), min(s[1], end)) for s in spans if s is not None and s[1] > start and s[0] < end])[:_MOST_SPANS]


def looker_of(backend: str, *, script: Any = None, store: Any = None, endpoint: VisionEndpoint | None = None) -> Looker:
    """Who looks at a video, by the name of the backend.

    Args:
        backend: one of `LOOKERS`.
        script: for ``"script"``: of one of our own videos.
        store: for the others: the open video.
        endpoint: for ``"endpoint"``: the model; by default the one of the environment variables.

    Raises:
        UnknownOption: there is no such backend, or what it needs is not there.
    """
    if backend == "script" and script is not None:
        return ScriptLooker(script)
    if backend == "ocr" and store is not None:
        return OcrLooker(store)
    if backend == "endpoint" and store is not None:
        return EndpointLooker(store, endpoint)
    if backend in LOOKERS:
        needs = "one of our own videos" if backend == "script" else "an open video"
        raise UnknownOption(f"the looker {backend!r} needs {needs}; choose another of {', '.join(LOOKERS)}")
    raise UnknownOption(f"there is no looker {backend!r}: {did_you_mean(str(backend), LOOKERS)}")


def joined(spans: Spans) -> Spans:
    """Spans in order, those that touch or overlap as one, those without length left out."""
    out: Spans = []
    for a, b in sorted(s for s in spans if s[1] > s[0]):
        if out and a <= out[-1][1] + 1e-6:
            out[-1] = out[-1][0], max(out[-1][1], b)
        else:
            out.append((a, b))
    return out


def _sample(store: Any, start: float, end: float) -> Any:
    from mtenvs.backends.video import fit  # noqa: PLC0415 - only a search decodes

    start, end = max(0.0, start), min(end, store.info.duration_s)
    return store.window(start, max(start, end), _LOOKS, fit(store.info.width, store.info.height, _SIZE))


def _span(row: Any) -> tuple[float, float] | None:
    """A span as a model writes it; None for anything else."""
    try:
        a, b = (float(x) for x in ((row["start"], row["end"]) if isinstance(row, Mapping) else row))
    except (TypeError, ValueError, KeyError):
        return None
    return (a, b) if math.isfinite(a) and math.isfinite(b) and b > a else None


def _clocks(times: Sequence[float]) -> str:
    shown = [f"{int(t) // 60:02d}:{t % 60:04.1f}" for t in times]
    return ", ".join(shown) if len(shown) <= 4 else f"{shown[0]} to {shown[-1]} ({len(shown)} frames)"


def _seconds(t: float) -> str:
    return f"{t:.1f} s:"
