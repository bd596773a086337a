"""The frame store against decord, against careful PyAV, and against libavcodec alone, on an hour of video with few and many keyframes.

Each figure is taken in a process of its own, ours and the peer's in turn: CPU seconds of `getrusage`, so that other load on the machine
matters less, and memory from ``/proc``; only frames in order, where both cores are to be busy, go by the clock. Every frame that comes
back is checked by the number drawn into it. The files are made at the first run (`_video_files.py`, about two minutes); ``--quick`` uses
six minutes of video instead of an hour, two turns of a trace instead of five, and no repetitions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from _table import Row, arguments, show
from _video_files import long_video
from _video_jobs import SAMPLE
from _video_traces import TURNS
from tqdm import tqdm

DECORD = f"decord {version('decord')}"
PYAV = f"PyAV {version('av')}"
SORTED = f"{PYAV}, each request sorted, one pass per group"
DECODE = f"{PYAV}, one thread, decoding alone"
JOBS = Path(__file__).with_name("_video_jobs.py")
LIMIT_S = 1200
Taken = dict[str, dict[str, float]]


@dataclass
class Lab:
    """Runs jobs on one file."""

    path: Path
    rounds: int
    frames: int
    turns_of_trace: int
    progress: Any

    def once(self, job: str, side: str, *rest: str) -> dict[str, float]:
        """One job in a process of its own."""
        command = [sys.executable, str(JOBS), job, side, str(self.path), *rest]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT_S, cwd=JOBS.parent)
        self.progress.update()
        if done.returncode:
            raise SystemExit(f"{job} {side}: {done.stderr[-2000:] or done.stdout[-2000:]}")
        taken: dict[str, float] = json.loads(done.stdout)
        return taken

    def turns(
        self, job: str, sides: tuple[str, ...], *rest: str, rounds: int = 0, pick: Callable[[Iterable[float]], float] = median
    ) -> Taken:
        """One figure of several rounds in which jobs take turns: the median, unless something else is to be picked."""
        runs = [{side: self.once(job, side, *rest) for side in sides} for _ in range(rounds or self.rounds)]
        return {side: {key: pick(run[side][key] for run in runs) for key in runs[0][side]} for side in sides}


def measure(lab: Lab, gop: int) -> list[Row]:
    """All rows for one file."""
    end = f"GOP {gop}"
    lab.once("open", "ours")  # writes the sidecar
    opened = lab.turns("open", ("ours", "ours-first", "decord"))
    random = lab.turns("random", ("ours", "decord"))
    warm = lab.turns("warm", ("ours",))["ours"]["cpu"]
    # The least of each: other load on the machine takes the second core from us, and nothing from a decoder of one thread.
    sequence = lab.turns("sequence", ("ours", "decode"), str(lab.frames), rounds=2 * lab.rounds, pick=min)
    shared = lab.turns("trace", ("ours", "sorted", "decord"), "shared", str(lab.turns_of_trace), rounds=1)
    apart = lab.turns("trace", ("ours", "sorted"), "apart", str(lab.turns_of_trace), rounds=1)
    ours, theirs = random["ours"], random["decord"]
    sampled = f"{DECORD}, every {SAMPLE}th agent x {SAMPLE}"
    rate = {side: {key: 1 / value for key, value in taken.items()} for side, taken in sequence.items()}
    return [
        Row.cost(f"64 random frames, {end}", "ms CPU", ours["cpu"] * 1e3, theirs["cpu"] * 1e3, DECORD, target=0.6),
        Row.cost(f"open with sidecar, {end}", "ms CPU", opened["ours"]["cpu"] * 1e3, opened["decord"]["cpu"] * 1e3, DECORD, target=0.1),
        Row.cost(
            f"open for the first time, {end}",
            "ms CPU",
            opened["ours-first"]["cpu"] * 1e3,
            opened["decord"]["cpu"] * 1e3,
            DECORD,
            target=1.5,
        ),
        Row.cost(f"memory of that, with 64 frames, {end}", "MB", ours["memory"], theirs["memory"], DECORD, target=0.4),
        Row.cost(f"trace with shared hot spots, {end}", "s CPU", shared["ours"]["cpu"], shared["sorted"]["cpu"], SORTED, target=0.5),
        Row.cost(f"trace with shared hot spots, {end}", "s CPU", shared["ours"]["cpu"], shared["decord"]["cpu"], sampled, target=0.25),
        Row.cost(f"trace without overlap, {end}", "s CPU", apart["ours"]["cpu"], apart["sorted"]["cpu"], SORTED, target=1),
        Row.limit(f"frame asked for before, 448 x 252, {end}", "ms", warm * 1e3, None, "", target=1),
        Row.speedup(f"frames in order to 448 x 252, {end}", "frames/s", rate["ours"]["wall"], rate["decode"]["wall"], DECODE, target=0.7),
        Row.rate(f"frames in order to 448 x 252, {end}", "frames/s CPU", rate["ours"]["cpu"], rate["decode"]["cpu"], DECODE),
    ]


def main() -> None:
    """Print the rows."""
    args = arguments(__doc__)
    rows = []
    with tqdm(desc="processes", unit="run", disable=args.json) as progress:
        for gop in (250, 48):
            path = long_video(gop, quick=args.quick)
            rows += measure(Lab(path, 1 if args.quick else 3, 512 if args.quick else 4096, 2 if args.quick else TURNS, progress), gop)
    show(rows, args)


if __name__ == "__main__":
    main()
