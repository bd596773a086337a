"""Replay recorded trajectories and say whether everything came out as recorded."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from tqdm import tqdm

from mtenvs.core.errors import MtenvsError, UnknownOption
from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout import TrajectoryStore, replay


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", help="folder with trajectories.jsonl")
    words = "import this module first, such as that of your own wrappers or environments; can be given several times"
    parser.add_argument("--import", dest="imports", action="append", default=[], metavar="MODULE", help=words)


def run(args: argparse.Namespace) -> int:
    """Replay each; 1 if one differs or cannot be played, or if there is none.

    Raises:
        DataError: no store in the folder.
        UnknownOption: a module to import is not there, or breaks.
    """
    for name in args.imports:
        _import(name)
    out = Table("id", "task", "policy", "turns", "result")
    store, results = TrajectoryStore.open(args.folder), []
    for trajectory, chain in tqdm(store.read(), unit="episode", desc="replay"):
        same, words = _compare(trajectory, chain, store)
        results.append(same)
        out.add_row(trajectory.env_id, escape(trajectory.task_id), escape(trajectory.policy), str(len(trajectory.turns)), words)
    console = Console()
    console.print(out)
    for problem in store.problems():
        console.print(problem, style="yellow", highlight=False, markup=False, soft_wrap=True)
    return 0 if results and all(results) else 1


def _import(name: str) -> None:
    """Import a module that the person named, also from the current folder, which comes last: it shadows nothing."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        importlib.import_module(name)
    except Exception as e:
        raise UnknownOption(f"--import {name}: {type(e).__name__}: {e}; name a module that Python can import from here") from e


def _compare(trajectory: Trajectory, chain: str, store: TrajectoryStore) -> tuple[bool, str]:
    try:
        result = replay(trajectory, chain, store)
    except MtenvsError as e:
        return False, f"[red]cannot be played: {escape(str(e))}[/red]"
    if not result.same:
        return False, f"[red]differs at turn {result.differs_at}: {escape(result.what)}[/red]"
    return True, f"[green]the same[/green]{' up to the ' + trajectory.stop_reason if trajectory.failed else ''}"
