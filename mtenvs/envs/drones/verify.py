"""Verdicts on the games of a drill: read off the world's real state, not off rewards."""

from __future__ import annotations

from mtenvs.core.verdict import Verdict
from mtenvs.envs.drones.drills import Drill


def verdict_of(drill: Drill, game: int = 0) -> Verdict:
    """The finding on one game as it is."""
    score = float(drill.score()[game])
    return Verdict(
        score=score,
        success=score >= 1.0,
        checkpoints={name: bool(flags[game]) for name, flags in drill.reached().items()},
        metrics={name: float(values[game]) for name, values in drill.metrics().items()},
    )


def why_ended(success: bool) -> str:
    """The stop reason of a game that is over by its rules."""
    return "goal_reached" if success else "goal_failed"
