"""Runs every script in benchmarks/ and prints their rows as one table."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.insert(0, str(FOLDER))

from _table import Row, show  # noqa: E402 - its folder is no package


def rows_of(script: Path, arguments: list[str]) -> list[Row]:
    """The rows that a benchmark prints with ``--json``; its other words go to the terminal as they come.

    Raises:
        RuntimeError: it broke, or printed something else.
    """
    done = subprocess.run([sys.executable, script, "--json", *arguments], stdout=subprocess.PIPE, text=True, check=False)
    try:
        rows: list[dict[str, Any]] = json.loads(done.stdout)
        return [Row(**{**row, "name": f"{script.stem}: {row['name']}"}) for row in rows]
    except (ValueError, TypeError, KeyError) as e:
        raise RuntimeError(f"{script.name} ended with status {done.returncode} and printed no rows") from e


def main(arguments: list[str]) -> int:
    """1 if a script broke or a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, under a minute each")
    passed_on = ["--quick"] if parser.parse_args(arguments).quick else []
    rows: list[Row] = []
    broken: list[str] = []
    for script in sorted(p for p in FOLDER.glob("*.py") if not p.name.startswith("_")):
        sys.stderr.write(f"bench: {script.name} {' '.join(passed_on)}\n")
        try:
            rows += rows_of(script, passed_on)
        except RuntimeError as e:
            broken.append(str(e))
    show(rows, argparse.Namespace(json=False))
    for line in broken:
        sys.stderr.write(f"bench: {line}\n")
    return int(bool(broken) or not all(row.ok for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
