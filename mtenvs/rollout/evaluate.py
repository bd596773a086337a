"""`evaluate`: figures over many episodes, as a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from mtenvs.core.trajectory import Trajectory
from mtenvs.rollout.run import rollout


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Args:
        id: environment.
        policy: name.
        episodes: how many were played.
        success: share of episodes that succeeded.
        score: mean of the verdicts' scores, over episodes that have one.
        turns: mean number of turns.
        steps_per_s: turns of all environments over wall time, policy included.
        errors: episodes that an environment's failure ended.
    """

    id: str
    policy: str
    episodes: int
    success: float
    score: float
    turns: float
    steps_per_s: float
    errors: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def summarise(env_id: str, policy: str, episodes: Sequence[Trajectory], seconds: float) -> Row:
    """The row of these episodes."""
    n = max(1, len(episodes))
    scores = [t.verdict.score for t in episodes if t.verdict is not None and t.verdict.score is not None]
    turns = sum(len(t.turns) for t in episodes)
    return Row(
        id=env_id,
        policy=policy,
        episodes=len(episodes),
        success=sum(t.success for t in episodes) / n,
        score=sum(scores) / max(1, len(scores)),
        turns=turns / n,
        steps_per_s=turns / max(seconds, 1e-9),
        errors=sum(t.stop_reason == "env_error" for t in episodes),
    )


def evaluate(venv: Any, policy: Callable[[Any], Sequence[Any]], n: int, **options: Any) -> Row:
    """Play ``n`` episodes and sum them up; ``options`` are those of `rollout`."""
    began = time.perf_counter()
    episodes = rollout(venv, policy, n, **options)
    name = str(getattr(policy, "name", getattr(policy, "__name__", "policy")))
    return summarise(episodes[0].env_id, name, episodes, time.perf_counter() - began)


def table(rows: Sequence[Row], title: str = "") -> Table:
    """The rows for a terminal."""
    out = Table(title=title or None)
    for name in ("id", "policy"):
        out.add_column(name, no_wrap=True)
    for name in ("episodes", "success", "mean score", "turns", "steps/s"):
        out.add_column(name, justify="right")
    for r in rows:
        cells = (
            r.id.removeprefix("mtenvs/"),
            r.policy,
            str(r.episodes),
            f"{r.success:.0%}",
            f"{r.score:.2f}",
            f"{r.turns:.1f}",
            f"{r.steps_per_s:,.0f}",
        )
        out.add_row(*cells)
    return out
