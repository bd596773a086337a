"""Replay recorded trajectories and say whether everything came out as recorded."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from mtenvs.rollout import TrajectoryStore, replay


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", help="folder with trajectories.jsonl")


def run(args: argparse.Namespace) -> int:
    """Replay each; 1 if one differs, or if there is none."""
    out = Table("id", "task", "policy", "turns", "result")
    results = []
    for trajectory, chain in TrajectoryStore.open(args.folder).read():
        result = replay(trajectory, chain)
        results.append(result.same)
        words = "[green]the same[/green]" if result.same else f"[red]differs at turn {result.differs_at}: {result.what}[/red]"
        out.add_row(trajectory.env_id, trajectory.task_id, trajectory.policy, str(result.turns), words)
    Console().print(out)
    return 0 if results and all(results) else 1
