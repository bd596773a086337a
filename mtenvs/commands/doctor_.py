"""Say for every family whether it can run here, and if not, which command mends it."""

from __future__ import annotations

import argparse
import platform
import sys

import gymnasium
import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mtenvs.catalog import CATALOG
from mtenvs.core.assets import official_root
from mtenvs.core.errors import MissingRequirement
from mtenvs.registry import make


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--family", help="only this family")


def run(args: argparse.Namespace) -> int:
    """Make and reset every environment, pictures included where it has some; 1 if one cannot run."""
    console = Console()
    console.print(f"Python {sys.version.split()[0]}, gymnasium {gymnasium.__version__}, numpy {np.__version__}, {platform.platform()}")
    root = official_root()
    console.print(f"official data: {root} ({'found' if root.is_dir() else 'not there; set MTENVS_OFFICIAL_DATA to use official tasks'})")
    table = Table("id", "state", "what to do")
    healthy = True
    for entry in CATALOG:
        if args.family not in (None, entry.family):
            continue
        problem = _problem(entry.id, dict(entry.demo))
        healthy &= not problem
        table.add_row(entry.id, "[red]cannot run[/red]" if problem else "[green]ok[/green]", escape(problem))
    console.print(table)
    return 0 if healthy else 1


def _problem(env_id: str, kwargs: dict[str, object]) -> str:
    try:
        for mode in ("rgb_array", None):
            env = make(env_id, **kwargs)
            pictures = "rgb_array" in env.metadata["render_modes"]
            env.close()
            env = make(env_id, render_mode=mode if pictures else None, **kwargs)
            env.reset(seed=0)
            env.render()
            env.close()
            if mode == "rgb_array" and not pictures:
                break
    except MissingRequirement as e:
        return e.install
    except Exception as e:  # noqa: BLE001 - a doctor reports whatever is wrong
        return f"{type(e).__name__}: {e}"
    return ""
