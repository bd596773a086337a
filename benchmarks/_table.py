"""What every benchmark prints: one row per figure, ours, the peer's and their ratio, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

WIDTH = 180
"""Of the table where nobody's terminal sets it."""


@dataclass(frozen=True)
class Row:
    """One figure.

    Attributes:
        name: what was measured.
        unit: of ours and the peer's.
        ours: measured now.
        peer: the peer's figure, or None where there is none.
        peer_name: what the peer is, and whether its figure was measured now or recorded.
        ratio: ours through the peer's, or None.
        target: what must hold, in words; empty for a figure without a target.
        ok: whether it holds.
    """

    name: str
    unit: str
    ours: float
    peer: float | None
    peer_name: str
    ratio: float | None
    target: str
    ok: bool

    @classmethod
    def rate(cls, name: str, unit: str, ours: float, peer: float | None, peer_name: str, *, target: float | None = None) -> Row:
        """More is better; ``target`` is the least that ours may be."""
        words = "" if target is None else f">= {target:g} {unit}"
        return cls(name, unit, ours, peer, peer_name, _ratio(ours, peer), words, target is None or ours >= target)

    @classmethod
    def speedup(cls, name: str, unit: str, ours: float, peer: float, peer_name: str, *, target: float) -> Row:
        """More is better; ``target`` is the least that the ratio may be."""
        return cls(name, unit, ours, peer, peer_name, _ratio(ours, peer), f"ratio >= {target:g}", ours >= target * peer)

    @classmethod
    def cost(cls, name: str, unit: str, ours: float, peer: float, peer_name: str, *, target: float | None = None) -> Row:
        """Less is better; ``target`` is the most that the ratio may be."""
        words = "" if target is None else f"ratio <= {target:.3g}"
        return cls(name, unit, ours, peer, peer_name, _ratio(ours, peer), words, target is None or ours <= target * peer)

    @classmethod
    def limit(cls, name: str, unit: str, ours: float, peer: float | None, peer_name: str, *, target: float) -> Row:
        """Less is better; ``target`` is the most that ours may be."""
        return cls(name, unit, ours, peer, peer_name, _ratio(ours, peer), f"<= {target:g} {unit}", ours <= target)


def _ratio(ours: float, peer: float | None) -> float | None:
    return ours / peer if peer else None


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def arguments(description: str | None) -> argparse.Namespace:
    """The two options of every benchmark: ``quick`` (under a minute) and ``json``."""
    parser = argparse.ArgumentParser(description=(description or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, under a minute")
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    return parser.parse_args()


def show(rows: list[Row], args: argparse.Namespace) -> None:
    """Print the rows."""
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    table = Table("", "unit", "ours", "peer", "ratio", "target", "ok", "peer is")
    for row in rows:
        ours, peer, ratio = (_figure(value) for value in (row.ours, row.peer, row.ratio))
        table.add_row(row.name, row.unit, ours, peer, ratio, row.target, "yes" if row.ok else "NO", row.peer_name)
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    console.print(table)
