"""What `video.py` measures, each in a process of its own: ``python _video_jobs.py JOB SIDE FILE`` prints CPU seconds and memory as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from _video_files import SEGMENT_FRAMES, number_in
from _video_traces import SIZE, load

Numbers = Sequence[int]
Pictures = npt.NDArray[np.uint8]
SAMPLE = 4
"""decord replays the requests of every fourth agent: it shares nothing between requests, so the others cost the same."""


def used() -> float:
    """CPU seconds of this process and the ones that it has waited for."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def resident(field: str) -> float:
    """MB of memory: ``VmRSS`` now, ``VmHWM`` at most."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field + ":"))


def check(pictures: Pictures, numbers: Numbers) -> None:
    """Stop where a frame is another one."""
    wrong = [n for picture, n in zip(pictures, numbers, strict=True) if number_in(picture) != n % SEGMENT_FRAMES]
    if wrong:
        raise SystemExit(f"wrong frames: {wrong[:5]}")


def random_numbers(count: int) -> list[int]:
    """64 frames anywhere."""
    return [int(n) for n in np.random.default_rng(11).integers(0, count, 64)]


class Ours:
    """The frame store."""

    def __init__(self, path: str, *, sidecar: bool = True) -> None:
        self.store = VideoStore.open(path, sidecar=sidecar)
        self.count = self.store.info.num_frames

    def frames(self, numbers: Numbers) -> Pictures:
        """One request."""
        return self.store.frames(numbers, SIZE)

    def turn(self, requests: list[Numbers]) -> list[Pictures]:
        """All requests of a turn by one plan."""
        return read_many([FrameRequest(self.store, r, SIZE) for r in requests])


class Decord:
    """decord's reader, resizing as it decodes."""

    def __init__(self, path: str) -> None:
        self.reader = decord.VideoReader(path, ctx=decord.cpu(0), width=SIZE[0], height=SIZE[1])
        self.count = len(self.reader)

    def frames(self, numbers: Numbers) -> Pictures:
        """One request."""
        pictures: Pictures = self.reader.get_batch(numbers).asnumpy()
        return pictures

    def turn(self, requests: list[Numbers]) -> list[Pictures]:
        """One request after the other."""
        return [self.frames(r) for r in requests]


class Sorted:
    """What a careful programmer writes with PyAV: sort, seek when the next frame is in another group, decode on otherwise, one thread."""

    def __init__(self, path: str) -> None:
        self.container = av.open(path)
        self.stream = self.container.streams.video[0]
        self.stream.codec_context.thread_count = 1
        self.stamps = np.sort([p.pts for p in self.container.demux(self.stream) if p.pts is not None])
        self.keys = np.sort([p.pts for p in av.open(path).demux(video=0) if p.pts is not None and p.is_keyframe])
        self.count = len(self.stamps)

    def frames(self, numbers: Numbers) -> Pictures:
        """One request."""
        found: dict[int, Pictures] = {}
        decoded: Iterator[av.VideoFrame] = iter(())
        group = -1
        for number in sorted(set(numbers)):
            stamp = int(self.stamps[number])
            key = int(np.searchsorted(self.keys, stamp, side="right"))
            if key != group:
                self.container.seek(stamp, stream=self.stream)
                decoded, group = self.container.decode(self.stream), key
            for frame in decoded:
                if frame.pts == stamp:
                    found[number] = np.asarray(frame.to_ndarray(format="rgb24", width=SIZE[0], height=SIZE[1]), np.uint8)
                    break
        return np.stack([found[n] for n in numbers])

    def turn(self, requests: list[Numbers]) -> list[Pictures]:
        """One request after the other."""
        return [self.frames(r) for r in requests]


def job_open(make: Callable[[], Any]) -> dict[str, float]:
    """Open the file."""
    began = used()
    make()
    return {"cpu": used() - began}


def job_random(make: Callable[[], Any]) -> dict[str, float]:
    """64 random frames, without opening; and the memory that opening and reading take."""
    before = resident("VmRSS")
    side = make()
    numbers = random_numbers(side.count)
    began, wall = used(), time.perf_counter()
    pictures = side.frames(numbers)
    taken = {"cpu": used() - began, "wall": time.perf_counter() - wall, "memory": resident("VmHWM") - before, "peak": resident("VmHWM")}
    check(pictures, numbers)
    return taken


def job_trace(make: Callable[[], Any], name: str, turns: int, every: int) -> dict[str, float]:
    """The requests of a trace, turn by turn."""
    side = make()
    cpu, wall = 0.0, time.perf_counter()
    for requests in load(name, side.count)[:turns]:
        began = used()
        pictures = side.turn(requests[::every])
        cpu += used() - began
        for some, numbers in zip(pictures, requests[::every], strict=True):
            check(some, numbers)
    return {"cpu": cpu * every, "wall": time.perf_counter() - wall}


def job_warm(make: Callable[[], Any]) -> dict[str, float]:
    """A frame that was asked for before."""
    side = make()
    numbers = random_numbers(side.count)[:32]
    side.frames(numbers)
    began = time.perf_counter()
    for _ in range(10):
        for number in numbers:
            side.frames([number])
    return {"cpu": (time.perf_counter() - began) / 320}


def job_sequence(make: Callable[[], Any], count: int) -> dict[str, float]:
    """Frames in order, 64 at a time."""
    side = make()
    began, wall = used(), time.perf_counter()
    for first in range(0, count, 64):
        numbers = range(first, first + 64)
        side.frames(numbers)
    return {"cpu": (used() - began) / count, "wall": (time.perf_counter() - wall) / count}


def job_decode(path: str, count: int) -> dict[str, float]:
    """Frames in order, decoded and thrown away."""
    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        began, wall = used(), time.perf_counter()
        for number, _ in enumerate(container.decode(stream)):
            if number + 1 == count:
                break
        return {"cpu": (used() - began) / count, "wall": (time.perf_counter() - wall) / count}


def main() -> None:
    """Run one job."""
    job, side, path, *rest = sys.argv[1:]
    makers: dict[str, Callable[[], Any]] = {
        "ours": lambda: Ours(path),
        "ours-first": lambda: Ours(path, sidecar=False),
        "decord": lambda: Decord(path),
        "sorted": lambda: Sorted(path),
    }
    if side == "decode":
        taken = job_decode(path, int(rest[0]))
    elif job == "sequence":
        taken = job_sequence(makers[side], int(rest[0]))
    elif job == "trace":
        taken = job_trace(makers[side], rest[0], int(rest[1]), SAMPLE if side == "decord" else 1)
    else:
        taken = {"open": job_open, "random": job_random, "warm": job_warm}[job](makers[side])
    print(json.dumps(taken))


if __name__ == "__main__":
    # Each process loads only what its side needs, before anything is measured.
    if sys.argv[2] == "decord":
        import decord
    else:
        import av
    if sys.argv[2].startswith("ours"):
        from mtenvs.backends.video import FrameRequest, VideoStore, read_many
    main()
