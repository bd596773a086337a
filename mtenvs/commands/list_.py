"""List the environments."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from mtenvs.catalog import CATALOG


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--family", help="only this family")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--markdown", action="store_true", help="as the table of the README")


def run(args: argparse.Namespace) -> int:
    """Print the table."""
    cards = [e.card for e in CATALOG if args.family in (None, e.family)]
    if args.json:
        print(json.dumps([asdict(c) for c in cards], indent=2))  # noqa: T201 - a command prints
    elif args.markdown:
        print(markdown())  # noqa: T201 - same
    else:
        table = Table("id", "family", "extra", "what it is")
        for card in cards:
            table.add_row(card.id, card.family, card.requires or "-", card.summary)
        Console().print(table)
    return 0


def markdown() -> str:
    """The table of the README, generated from the catalogue."""
    lines = ["| id | family | extra | what it is |", "|---|---|---|---|"]
    lines += [f"| `{e.id}` | {e.family} | {f'`{e.requires}`' if e.requires else '-'} | {e.summary} |" for e in CATALOG]
    return "\n".join(lines)
