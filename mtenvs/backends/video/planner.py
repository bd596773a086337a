"""One plan for all requests of a moment: every frame is decoded once, in one forward pass per group of pictures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

from mtenvs.backends.video.cache import CACHE, Lent
from mtenvs.backends.video.convert import Small, paint, shrink
from mtenvs.backends.video.decord_process import read_with_decord
from mtenvs.backends.video.files import FileKey
from mtenvs.backends.video.frames import Image, Size
from mtenvs.backends.video.index import Index, Rotation
from mtenvs.backends.video.painter import Paint, Painter
from mtenvs.backends.video.proxy import Proxy
from mtenvs.backends.video.reader import Emit, Reader
from mtenvs.backends.video.shared import SharedVideo
from mtenvs.core.errors import VideoTruncated

Places: TypeAlias = list[tuple[Image, int]]
"""Where a picture goes: arrays and the rows in them."""
NEAR = 4
"""Packets between two groups that are rather decoded than jumped over: about what a decoder holds back to sort frames."""
SCAN = 32
"""Frames of a dense pass from which on it is not cached."""
EARLIER = (1, 4)
"""How many keyframes further back to start when frames do not come out: a keyframe may be one in name only."""


@dataclass
class Run:
    """Frames that one forward pass reads: from which key, and which numbers."""

    start: int
    numbers: list[int] = field(default_factory=list)
    end: int = 0

    @property
    def is_scan(self) -> bool:
        """Whether it reads a stretch of the file frame by frame: kept, that would push out what is asked for again and again."""
        return len(self.numbers) >= SCAN and self.numbers[-1] - self.numbers[0] < 2 * len(self.numbers)


@dataclass
class Wanted:
    """What is asked of one file: per frame and size, where the picture goes."""

    video: SharedVideo
    backend: str = "pyav"
    ahead: bool = False
    """Nobody waits for the pictures yet: all of them go into the cache, to be asked for soon."""
    lent: set[int] = field(default_factory=set)
    """Which arrays, by their ``id``, serve as the cache of what is in them."""
    places: dict[int, dict[Size, Places]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    @property
    def proxy(self) -> Proxy | None:
        """Keyframes on disk; decord's pictures are not mixed with ours."""
        return self.video.proxy if self.backend == "pyav" else None

    def key(self, number: int, size: Size) -> tuple[FileKey, str, int, Size]:
        """Under which a picture is cached; two decoders do not agree to the last bit."""
        return self.video.key, self.backend, number, size

    def take(self, indices: npt.NDArray[np.int64], size: Size, out: Image | None) -> None:
        """Fill ``out`` from the cache, and note what is not there; None when it is only to be decoded."""
        rows: dict[int, list[int]] = defaultdict(list)
        missing = 0
        for row, number in enumerate(indices.tolist()):
            rows[number].append(row)
        for number, where in rows.items():
            picture = CACHE.get(self.key(number, size))
            if picture is None and self.proxy is not None:
                picture = self.proxy.get(number, size)
            places = [(out, row) for row in where] if out is not None else []
            if picture is None:
                missing += 1
                self.places[number][size].extend(places)
            else:
                fill(picture, self.video.index.rotation, places)
        if out is not None and CACHE.may_lend(out, missing):
            self.lent.add(id(out))


def fill(picture: Small, rotation: Rotation, places: Places) -> None:
    """Put one picture wherever it goes."""
    if not places:
        return
    first, row = places[0]
    paint(picture, rotation, first[row])
    for other, k in places[1:]:
        other[k] = first[row]


def plan(index: Index, numbers: Iterable[int]) -> list[Run]:
    """Split ascending frame numbers into forward passes."""
    if index.ordinal:
        return [Run(-1, list(numbers))]
    runs: list[Run] = []
    for number in numbers:
        start = index.key_before(number)
        begin = int(index.key_position[start]) if start >= 0 else 0
        if not runs or (start != runs[-1].start and begin > runs[-1].end + NEAR):
            runs.append(Run(start))
        runs[-1].numbers.append(number)
        runs[-1].end = max(runs[-1].end, int(index.position[number]))
    return runs


def decode_with_decord(wanted: Wanted) -> None:
    """Read all frames that are asked of one file by the other backend; raises like `read_with_decord`."""
    video = wanted.video
    video.held()
    sizes = {size for places in wanted.places.values() for size in places}
    for size in sizes:
        numbers = sorted(n for n, places in wanted.places.items() if size in places)
        images = read_with_decord(video.key.path, numbers, video.index.times()[numbers].tolist(), size)
        for number, image in zip(numbers, images, strict=True):
            picture = image.copy()
            fill(picture, video.index.rotation, wanted.places[number][size])
            CACHE.put(wanted.key(number, size), picture)
    video.held()  # decord opened the path anew: see that it was still the same file


def decode(wanted: Wanted, threads: int = 1) -> None:
    """Read all frames that are asked of one file, into the arrays and the cache.

    Args:
        wanted: what is asked.
        threads: how many may decode at once.

    Raises:
        VideoTruncated: some are not in the file any more, or damaged; the others have been read.
    """
    runs = plan(wanted.video.index, sorted(wanted.places))
    count = max(1, min(threads, len(runs)))
    if count == 1:
        missing = _decode_runs(wanted, runs)
    else:
        parts = [runs[k * len(runs) // count : (k + 1) * len(runs) // count] for k in range(count)]
        with ThreadPoolExecutor(count, "mtenvs-video") as pool:
            missing = set().union(*pool.map(lambda part: _decode_runs(wanted, part), parts))
    if missing:
        wanted.video.lost |= missing
        raise lost_frames(wanted.video, sorted(missing))


def _decode_runs(wanted: Wanted, runs: Sequence[Run]) -> set[int]:
    """Read some passes with a reader of their own; the numbers that did not come out."""
    missing: set[int] = set()
    with wanted.video.reader() as reader:
        for k, run in enumerate(runs):
            paint = _painting(wanted, keep=wanted.ahead or not run.is_scan)
            with wanted.video.stripes[run.start % len(wanted.video.stripes)]:
                numbers = _still_wanted(wanted, run.numbers, missing)
                if not numbers:
                    continue
                with Painter(paint, len(numbers)) as emit:
                    left = reader.read(run.start, numbers, emit, final=k + 1 < len(runs))
                    if left:
                        left = _try_again(wanted.video.index, reader, left, emit)
                missing |= left
    return missing


def _try_again(index: Index, reader: Reader, left: set[int], emit: Emit) -> set[int]:
    """Read what did not come out of a pass, each group of pictures for itself, from its own keyframe and from earlier ones."""
    groups: dict[int, set[int]] = defaultdict(set)
    for number in left:
        groups[-1 if index.ordinal else index.key_before(number)].add(number)
    missing: set[int] = set()
    for start, numbers in sorted(groups.items()):
        rest = numbers
        for back in (0, *EARLIER) if start > 0 else (0,):
            if rest:
                rest = reader.read(max(start - back, min(start, 0)), sorted(rest), emit, final=True)
        missing |= rest
    return missing


def _painting(wanted: Wanted, *, keep: bool) -> Paint:
    """What is done with a frame that came out of the decoder."""
    rotation = wanted.video.index.rotation

    def paint_all(number: int, frame: VideoFrame) -> None:
        for size, asked in wanted.places.pop(number).items():
            picture = shrink(frame, size, rotation)
            nowhere = [(np.empty((1, size[1], size[0], 3), np.uint8), 0)] if wanted.proxy is not None and not asked else []
            places = asked or nowhere
            fill(picture, rotation, places)
            if keep:
                lend = bool(places) and id(places[0][0]) in wanted.lent
                CACHE.put(wanted.key(number, size), Lent(*places[0]) if lend else picture)
            if wanted.proxy is not None:
                wanted.proxy.put(number, places[0][0][places[0][1]])

    return paint_all


def _still_wanted(wanted: Wanted, numbers: Sequence[int], missing: set[int]) -> list[int]:
    """What another thread has not decoded in the meantime, and is not known to be lost."""
    left = []
    for number in numbers:
        if number in wanted.video.lost:
            missing.add(number)
            continue
        for size in list(wanted.places[number]):
            picture = CACHE.get(wanted.key(number, size))
            if picture is not None:
                fill(picture, wanted.video.index.rotation, wanted.places[number].pop(size))
        if wanted.places[number]:
            left.append(number)
    return left


def lost_frames(video: SharedVideo, numbers: Sequence[int]) -> VideoTruncated:
    """The error for frames that the file should hold but does not give."""
    few = ", ".join(map(str, numbers[:8])) + (f" and {len(numbers) - 8} more" if len(numbers) > 8 else "")
    return VideoTruncated(
        f"{video.key.path!r} does not give the frames {few}: the file is cut short or damaged there. Ask for others, or copy the file again"
    )
