"""The frame store: exact frames, sound and text of one video file by number or by time."""

from __future__ import annotations

import math
import os
import weakref
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from mtenvs.backends.video.audio import read_audio
from mtenvs.backends.video.cache import CACHE
from mtenvs.backends.video.decord_process import require_decord
from mtenvs.backends.video.frames import Frame, Frames, Image, Size, Subtitle, VideoInfo
from mtenvs.backends.video.planner import Wanted, decode, decode_with_decord
from mtenvs.backends.video.shared import SharedVideo, shared_video
from mtenvs.backends.video.subtitles import beside, parse
from mtenvs.core.errors import FrameOutOfRange, UnknownOption, VideoError, VideoTruncated, did_you_mean

BACKENDS = ("pyav", "decord")
MAX_SIDE = 16384
ROUNDING_S = 1e-6
"""Times that differ by less are the same: ticks do not fall on decimal fractions."""


class VideoStore:
    """A handle on one video file; make it with `VideoStore.open`.

    Handles are cheap: what they know of a file, and the pictures decoded lately, are shared by all of them in a process. They may be
    used by several threads at once, survive a fork, and can be pickled (path and options travel, nothing else).
    """

    def __init__(self, path: str | os.PathLike[str], *, backend: str, sidecar: bool | Path, proxy: bool) -> None:
        if backend not in BACKENDS:
            raise UnknownOption(f"backend={backend!r}: {did_you_mean(backend, BACKENDS)}")
        if backend == "decord":
            require_decord()
        self.backend = backend
        self._path, self._options = Path(path), {"backend": backend, "sidecar": sidecar, "proxy": proxy}
        self._shared = shared_video(path, sidecar)
        if proxy:
            self._shared.keep_proxy(sidecar if isinstance(sidecar, Path) else None)
        self._closed = weakref.finalize(self, self._shared.leave)
        self.info = _info(self._path, self._shared)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        backend: str = "pyav",
        sidecar: bool | Path = True,
        cache_bytes: int | None = None,
        proxy: bool = False,
    ) -> VideoStore:
        """Open a video file.

        Args:
            path: of a regular file.
            backend: ``"pyav"``, or ``"decord"``, which decodes in a process of its own that is killed when it hangs.
            sidecar: keep what one pass over the file tells: in the user's cache folder (True), in this folder (a Path), or not at all.
            cache_bytes: let the picture cache that all stores of the process share hold so many bytes from now on.
            proxy: keep keyframes at the size that `fit` gives on disk once they were decoded, for other processes and later runs.

        Raises:
            VideoOpenError: it is missing, empty, a folder, a pipe, a picture, a playlist, or holds no pictures that can be decoded.
            UnknownOption: no such backend.
        """
        if cache_bytes is not None:
            if cache_bytes < 0:
                raise UnknownOption(f"cache_bytes={cache_bytes} is negative; 0 keeps nothing")
            CACHE.set_budget(cache_bytes)
        return cls(path, backend=backend, sidecar=sidecar, proxy=proxy)

    def frames(self, indices: Sequence[int] | npt.NDArray[np.integer], size: Size | None = None) -> Image:
        """Frames by number.

        Args:
            indices: any order, repeats allowed.
            size: exact width and height of the result; None for the video's own.

        Returns:
            RGB, uint8 ``(k, h, w, 3)``.

        Raises:
            FrameOutOfRange: a number below 0, or not below ``info.num_frames``.
            VideoTruncated: the file is cut short or damaged where a frame should be.
            UnknownOption: a size below 1 or above 16384.
        """
        (images,) = read_many([FrameRequest(self, indices, size)])
        return images

    def index_at(self, t: float) -> int:
        """The number of the frame on screen at ``t`` seconds: the last one that has appeared by then.

        Raises:
            FrameOutOfRange: a time below 0, after the end, or not a number.
        """
        return int(self._numbers_at(np.asarray([t], dtype=np.float64))[0])

    def frame_at(self, t: float, size: Size | None = None) -> Frame:
        """The frame on screen at ``t`` seconds; raises like `frames` and `index_at`."""
        index = self.index_at(t)
        return Frame(index, float(self.info.times[index]), self.frames([index], size)[0])

    def window(self, t0: float, t1: float, n: int, size: Size | None = None) -> Frames:
        """The frames on screen at ``n`` times spread evenly from ``t0`` to ``t1`` seconds, both included (the middle for n = 1).

        Raises:
            FrameOutOfRange: a time outside the video, ``t1 < t0``, or not a number.
            UnknownOption: ``n`` below 1, or as `frames`.
        """
        if n < 1:
            raise UnknownOption(f"n={n}: ask for at least one frame")
        if t0 > t1:
            raise FrameOutOfRange(f"the window from {t0} to {t1} s ends before it begins. Swap the two")
        self._numbers_at(np.asarray([t0, t1]))
        indices = self._numbers_at(np.linspace(t0, t1, n) if n > 1 else np.asarray([(t0 + t1) / 2]))
        return Frames(indices, self.info.times[indices], self.frames(indices, size))

    def overview(self, n: int, size: Size | None = None) -> Frames:
        """Up to ``n`` keyframes spread over the whole video: the cheapest look at it, since each is decoded alone.

        Args:
            n: how many; fewer come back where there are fewer keyframes.
            size: as in `frames`; at the size that `fit` gives they come from the proxy, where there is one.

        Raises:
            UnknownOption: ``n`` below 1.
        """
        if n < 1:
            raise UnknownOption(f"n={n}: ask for at least one frame")
        keyframes = self.info.keyframes
        middles = (np.arange(n) + 0.5) / n * self.info.duration_s
        nearest = np.abs(self.info.times[keyframes][None, :] - middles[:, None]).argmin(axis=1)
        indices = keyframes[np.unique(nearest)]
        return Frames(indices, self.info.times[indices], self.frames(indices, size))

    def audio(self, t0: float, t1: float, rate: int = 16000) -> npt.NDArray[np.float32]:
        """Sound from ``t0`` to ``t1`` seconds, mixed to one channel.

        Args:
            t0: on the clock of the frames, where the first frame appears at 0.
            t1: same; at most where the last track ends.
            rate: samples per second.

        Returns:
            float32 ``(round((t1 - t0) * rate),)`` in -1..1; silence where the track has a gap, has not begun or is over.

        Raises:
            FrameOutOfRange: a time outside the video, ``t1 < t0``, or not a number.
            VideoError: there is no sound track.
        """
        index = self._alive().index
        if rate < 1:
            raise UnknownOption(f"rate={rate}: samples per second, such as 16000")
        if index.audio < 0:
            raise VideoError(f"{str(self._path)!r} has no sound track. See info.has_audio")
        if not (math.isfinite(t0) and math.isfinite(t1) and 0 <= t0 <= t1 <= index.end_s + 0.5 / rate):
            raise FrameOutOfRange(f"sound from {t0} to {t1} s: give 0 <= t0 <= t1 <= {index.end_s:.3f}")
        return read_audio(self._shared.held(), index, t0, t1, rate)

    def subtitles(self, t0: float = 0.0, t1: float | None = None) -> list[Subtitle]:
        """Lines shown at some time between ``t0`` and ``t1`` seconds (to the end for None), in order.

        They come from the first text track of the file (mov_text, SubRip, ASS or WebVTT), else from an .srt or .vtt file of the same
        name beside it.

        Raises:
            FrameOutOfRange: ``t1 < t0``, or not a number.
        """
        end = math.inf if t1 is None else t1
        if not t0 <= end:
            raise FrameOutOfRange(f"subtitles from {t0} to {t1} s: the end lies before the beginning")
        return [s for s in self._lines() if s.start < end and s.end > t0]

    def close(self) -> None:
        """Let go of the file; the last handle of a file closes it. Closing twice does nothing."""
        self._closed()

    def __enter__(self) -> VideoStore:  # noqa: PYI034 - typing.Self is not in Python 3.10
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self._path, self._options)

    def __repr__(self) -> str:
        i = self.info
        return f"VideoStore({str(self._path)!r}: {i.width}x{i.height}, {i.num_frames} frames, {i.duration_s:.1f} s, {i.codec})"

    def _alive(self) -> SharedVideo:
        if not self._closed.alive:
            raise VideoError(f"the store of {str(self._path)!r} is closed. Open it again")
        return self._shared

    def _numbers_at(self, times: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        if not (np.isfinite(times).all() and times.min() >= 0 and times.max() <= self.info.duration_s + ROUNDING_S):
            raise FrameOutOfRange(f"{_few(times.tolist())} s: the video lasts from 0 to {self.info.duration_s:.3f} s")
        return (np.searchsorted(self.info.times, times + ROUNDING_S, side="right") - 1).clip(0).astype(np.int64)

    def _lines(self) -> tuple[Subtitle, ...]:
        index = self._alive().index
        if index.subtitles:
            return index.subtitles[0][1]
        for path in beside(self._path):
            try:
                lines = parse(path.read_text(encoding="utf-8-sig", errors="replace"))
            except OSError as error:
                raise VideoError(f"{str(path)!r} cannot be read: {error}") from error
            shift = index.zero - index.origin
            return tuple(Subtitle(s.start + shift, s.end + shift, s.text) for s in lines)
        return ()

    def _numbers(self, indices: Sequence[int] | npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
        asked = np.asarray(indices)
        if asked.size == 0:
            return np.empty(0, np.int64)
        if asked.ndim != 1 or asked.dtype.kind not in "iu":
            raise FrameOutOfRange(f"frame numbers are a flat list of whole numbers, not {asked.dtype} of shape {asked.shape}")
        low, high, count = int(asked.min()), int(asked.max()), self.info.num_frames
        if low < 0 or high >= count:
            bad = low if low < 0 else high
            index = self._shared.index
            if index.truncated and 0 <= bad < index.promised:
                raise VideoTruncated(f"frame {bad} of {str(self._path)!r} is missing: the file is cut short after frame {count - 1}")
            raise FrameOutOfRange(f"frame {bad} of {str(self._path)!r}: the frames are 0 to {count - 1}")
        return asked.astype(np.int64)

    def _size(self, size: Size | None) -> Size:
        if size is None:
            return self.info.width, self.info.height
        whole = len(size) == 2 and all(isinstance(side, (int, np.integer)) and 1 <= side <= MAX_SIDE for side in size)
        if not whole:
            raise UnknownOption(f"size={size}: width and height in whole pixels, 1 to {MAX_SIDE}")
        return int(size[0]), int(size[1])


@dataclass(frozen=True, eq=False, slots=True)
class FrameRequest:
    """Frames that `read_many` shall read: of which store, which numbers, at which size (None: as stored)."""

    store: VideoStore
    indices: Sequence[int] | npt.NDArray[np.integer]
    size: Size | None = None


def read_many(requests: Sequence[FrameRequest], *, threads: int = 1) -> list[Image]:
    """Read the frames of many requests by one plan: what two of them share is decoded once.

    Args:
        requests: of any stores, numbers and sizes.
        threads: how many may decode at once, each with a decoder of its own. More save time on idle cores, and no CPU time.

    Returns:
        for each request, RGB uint8 ``(k, h, w, 3)``.

    Raises:
        FrameOutOfRange: as `VideoStore.frames`, before anything is decoded.
        VideoTruncated: as `VideoStore.frames`, after everything else was read.
    """
    files: dict[tuple[int, str], Wanted] = {}
    results: list[Image] = []
    for shared, backend, numbers, (width, height) in _asked(requests):
        out = np.empty((len(numbers), height, width, 3), np.uint8)
        results.append(out)
        files.setdefault((id(shared), backend), Wanted(shared, backend)).take(numbers, (width, height), out)
    failures = [error for error in _read_files(list(files.values()), threads) if error is not None]
    if failures:
        raise failures[0]
    return results


def prefetch(requests: Sequence[FrameRequest], *, threads: int = 1) -> None:
    """Decode into the cache, by one plan, what will be asked for soon; whatever goes wrong shows when it is.

    Args:
        requests: as in `read_many`.
        threads: as in `read_many`.

    Raises:
        FrameOutOfRange: as `VideoStore.frames`, before anything is decoded.
    """
    if not CACHE.budget:
        return
    files: dict[tuple[int, str], Wanted] = {}
    for shared, backend, numbers, size in _asked(requests):
        files.setdefault((id(shared), backend), Wanted(shared, backend, ahead=True)).take(numbers, size, None)
    _read_files(list(files.values()), threads)


def _asked(requests: Sequence[FrameRequest]) -> list[tuple[SharedVideo, str, npt.NDArray[np.int64], Size]]:
    """What is asked, seen to be there."""
    return [(r.store._alive(), r.store.backend, r.store._numbers(r.indices), r.store._size(r.size)) for r in requests]  # noqa: SLF001 - handles are ours


def _read_files(files: Sequence[Wanted], threads: int) -> list[VideoError | None]:
    """Read what is asked of each file."""
    if threads > 1 and len(files) > 1:
        with ThreadPoolExecutor(min(threads, len(files)), "mtenvs-video") as pool:
            return list(pool.map(lambda wanted: _read(wanted, max(1, threads // len(files))), files))
    return [_read(wanted, threads) for wanted in files]


def _read(wanted: Wanted, threads: int) -> VideoError | None:
    """Read what is asked of one file; what went wrong, so that the other files of a call are read all the same."""
    try:
        if not wanted.places:
            wanted.video.held()  # even what is cached is not given for a file that has changed
        elif wanted.backend == "decord":
            decode_with_decord(wanted)
        else:
            decode(wanted, threads)
    except VideoError as error:
        return error
    return None


def _reopen(path: Path, options: dict[str, Any]) -> VideoStore:
    return VideoStore.open(path, **options)


def _few(values: Sequence[float]) -> str:
    return ", ".join(f"{v:g}" for v in values[:4]) + (" ..." if len(values) > 4 else "")


def _info(path: Path, shared: SharedVideo) -> VideoInfo:
    index = shared.index
    width, height = index.shown_size
    texts = tuple(kind for kind, _ in index.subtitles) or tuple(f"file:{p.name}" for p in beside(path))
    span = index.span_s
    return VideoInfo(
        path=path,
        width=width,
        height=height,
        num_frames=len(index),
        duration_s=index.duration_s,
        fps=(len(index) - 1) / span if span > 0 else 1 / index.duration_s,
        variable_rate=index.variable_rate,
        rotation=index.rotation.quarters * 90,
        codec=index.codec,
        keyframes=index.keyframes,
        has_audio=index.audio >= 0,
        subtitle_streams=texts,
        truncated=index.truncated,
        _clock=index.times,
    )
