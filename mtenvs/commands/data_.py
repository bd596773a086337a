"""Make data ahead of time: `mtenvs data videos` renders our films."""

from __future__ import annotations

import argparse
import re
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from tqdm import tqdm

from mtenvs.core.errors import UnknownOption, did_you_mean


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    videos = kinds.add_parser(
        "videos", help="films with known contents", description="Render films, or list them; a film that is there is kept."
    )
    videos.add_argument("--tier", default="clip", help="clip (90 s), short (10 min), long (1 h) or epic (2 h); default: clip")
    videos.add_argument("--seeds", default="0..3", help="one seed, such as 5, or first..last; default: 0..3")
    videos.add_argument("--out", type=Path, help="folder to write into; default: where the environments look for them")
    videos.add_argument("--jobs", type=int, default=2, help="how many processes draw; default: 2")
    videos.add_argument("--list", action="store_true", help="only say which films there are, and which are rendered")


def run(args: argparse.Namespace) -> int:
    """Do it."""
    return _list(args.out) if args.list else _render(args.tier, args.seeds, args.out, args.jobs)


def seeds(text: str) -> range:
    """Read ``"5"`` or ``"0..3"``, the last one included.

    Raises:
        UnknownOption: it is neither.
    """
    found = re.fullmatch(r"(\d{1,9})(?:\.\.(\d{1,9}))?", text)
    if not found or int(found[2] or found[1]) < int(found[1]):
        raise UnknownOption(f"--seeds {text!r} is neither one seed, such as 5, nor first..last, such as 0..3")
    return range(int(found[1]), int(found[2] or found[1]) + 1)


def _render(tier: str, which: str, out: Path | None, jobs: int) -> int:
    from mtenvs.envs.video.own import library  # noqa: PLC0415 - `mtenvs --help` must not import what draws
    from mtenvs.envs.video.own.compose import TIERS  # noqa: PLC0415 - same

    if tier not in TIERS:
        raise UnknownOption(f"--tier {tier!r} is unknown; {did_you_mean(tier, TIERS)}")
    if jobs < 1:
        raise UnknownOption(f"--jobs {jobs} is too few, at least 1 process must draw")
    for seed in seeds(which):
        name = f"{tier}-{seed}"
        script, began = library.script_of(name), time.monotonic()
        there = library.target(name, out).exists()
        with tqdm(total=100, desc=name, unit="%", bar_format="{desc} {percentage:3.0f}% |{bar}| {elapsed}<{remaining}", leave=False) as bar:

            def show(share: float, bar: Any = bar) -> None:
                bar.update(round(100 * share) - bar.n)

            path = library.video_path(name, into=out, jobs=jobs, progress=show)
        took = "was there" if there else f"{time.monotonic() - began:.1f} s to render"
        print(f"{path}  {_length(script.seconds)}  {path.stat().st_size / 1e6:.1f} MB  {took}", flush=True)  # noqa: T201 - a command prints
    return 0


def _list(out: Path | None) -> int:
    from mtenvs.envs.video.own import library  # noqa: PLC0415 - same

    table = Table("video", "length", "scenes", "things to see", "lines", "rendered")
    for name in library.listed():
        script, path = library.script_of(name), library.target(name, out)
        size = f"{path.stat().st_size / 1e6:.1f} MB" if path.exists() else "-"
        table.add_row(name, _length(script.seconds), str(len(script.scenes)), str(len(list(script.sights()))), str(len(script.lines)), size)
    console = Console()
    console.print(table)
    console.print(f"kept in {out or library.folder()}; any other seed works too", soft_wrap=True)
    filmed = library.real_clips()
    for clip in filmed:
        console.print(f"filmed: {clip.path} ({clip.about}; licence: {clip.licence})", soft_wrap=True)
    if not filmed:
        console.print('for two filmed clips: pip install "mtenvs[footage]"', soft_wrap=True, markup=False)
    return 0


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
