"""Turn recorded trajectories into training data: chats for fine-tuning or one row a turn, as JSONL or Parquet."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from tqdm import tqdm

from mtenvs.commands.rollout_ import positive
from mtenvs.core.errors import DataError, UnknownOption
from mtenvs.rollout import TrajectoryStore, rl_rows, sft_rows, write_jsonl, write_parquet
from mtenvs.rollout.export import IMAGES

Rows = Iterator[dict[str, Any]]
_WRITERS: Final[dict[str, Callable[[Iterable[dict[str, Any]], str | Path], int]]] = {".jsonl": write_jsonl, ".parquet": write_parquet}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", help="folder with trajectories.jsonl, such as --out of `mtenvs rollout`")
    parser.add_argument("file", help="what to write: a name that ends in .jsonl or .parquet; a file of that name is replaced")
    parser.add_argument("--rows", choices=["sft", "rl"], default="sft", help="a chat an episode, or a row a turn (default: sft)")
    parser.add_argument("--images", choices=IMAGES, default="path", help="pictures as paths or as data URLs (default: path)")
    parser.add_argument("--system", default="", metavar="TEXT", help="system message to begin with (default: none)")
    parser.add_argument("--all", action="store_true", help="sft: also the episodes that did not succeed")
    parser.add_argument("--gamma", type=discount, help="rl: discount of return_to_go, from 0 to 1 (default: 1)")
    parser.add_argument("--window", type=positive, metavar="N", help="rl: turns that a prompt shows (default: all)")


def run(args: argparse.Namespace) -> int:
    """Read, write and say how much.

    Raises:
        DataError: no store in the folder, or the file cannot be written.
        UnknownOption: the file's ending is no format, arguments that do not fit together, or nothing to write.
        MissingRequirement: Parquet without pyarrow.
    """
    _check(args)
    store, target = TrajectoryStore.open(args.folder), Path(args.file)
    if target.resolve() == store.path.resolve():
        raise UnknownOption(f"{target} is the store itself; choose another file to write")
    try:
        count = _WRITERS[target.suffix](_some(_rows(args, store), args), target)
    except OSError as e:
        raise DataError(f"{target} cannot be written ({e.strerror or e}): choose another place") from e
    console = Console()
    what = "turns" if args.rows == "rl" else "episodes"
    console.print(f"{count} {what} written to {target}", highlight=False, markup=False, soft_wrap=True)
    for problem in store.problems():
        console.print(problem, style="yellow", highlight=False, markup=False, soft_wrap=True)
    return 0


def discount(text: str) -> float:
    """A number from 0 to 1."""
    number = float(text)
    if not (math.isfinite(number) and 0 <= number <= 1):
        raise argparse.ArgumentTypeError("must be from 0 to 1")
    return number


def _check(args: argparse.Namespace) -> None:
    suffix = Path(args.file).suffix
    if suffix not in _WRITERS:
        raise UnknownOption(f"{args.file}: there is no format {suffix!r}; name a file that ends in {' or '.join(_WRITERS)}")
    of_rl = [flag for flag, value in (("--gamma", args.gamma), ("--window", args.window)) if value is not None]
    if args.rows == "sft" and of_rl:
        raise UnknownOption(f"{of_rl[0]} belongs to --rows rl")
    if args.rows == "rl" and args.all:
        raise UnknownOption("--all belongs to --rows sft; --rows rl has every episode anyway")


def _rows(args: argparse.Namespace, store: TrajectoryStore) -> Rows:
    episodes = tqdm(store, unit="episode", desc="export", total=len(store))
    if args.rows == "sft":
        return sft_rows(episodes, store, images=args.images, system=args.system, keep=(lambda _: True) if args.all else None)
    gamma = 1.0 if args.gamma is None else args.gamma
    return rl_rows(episodes, store, images=args.images, system=args.system, gamma=gamma, window=args.window)


def _some(rows: Rows, args: argparse.Namespace) -> Rows:
    """The rows, of which there has to be one: an empty training set is nobody's wish."""
    first = next(rows, None)
    if first is None:
        hint = "" if args.rows == "rl" or args.all else "; no episode succeeded with an action to learn from, --all takes the others too"
        raise UnknownOption(f"there is nothing to export from {args.folder}{hint}")
    return chain([first], rows)
