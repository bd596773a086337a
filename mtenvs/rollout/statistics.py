"""The two estimators of an evaluation: pass@k and the interval of a success rate."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtenvs.core.errors import UnknownOption

_Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def pass_at_k(episodes: int, successes: int, k: int) -> float:
    """The chance that one of ``k`` attempts succeeds, estimated without bias from ``episodes`` attempts at one task.

    ``1 - C(n - c, k) / C(n, k)`` of Chen et al. 2021 (arXiv:2107.03374), as a product, which does not overflow.

    Raises:
        UnknownOption: fewer than ``k`` attempts, from which it cannot be told, or numbers that make no sense.
    """
    if not (1 <= k <= episodes and 0 <= successes <= episodes):
        raise UnknownOption(f"pass@{k} cannot be told from {successes} successes in {episodes} episodes: it needs at least k of them")
    return 1.0 - math.prod(1.0 - k / i for i in range(episodes - successes + 1, episodes + 1))


def mean_pass_at_k(attempts: Sequence[tuple[int, int]], k: int) -> tuple[float | None, int]:
    """The mean of `pass_at_k` over tasks, and over how many of them.

    Args:
        attempts: episodes and successes of each task; tasks with fewer than ``k`` episodes are left out.
        k: attempts.

    Returns:
        None and 0 when no task has enough.
    """
    found = [pass_at_k(n, c, k) for n, c in attempts if n >= k]
    return (sum(found) / len(found) if found else None), len(found)


def wilson(successes: int, episodes: int) -> tuple[float, float]:
    """The 95 % interval of a rate by Wilson's score (1927), which keeps to [0, 1] and holds for few episodes.

    Episodes count as independent. (0, 1) for none.
    """
    if episodes == 0:
        return 0.0, 1.0
    rate, z2 = successes / episodes, _Z95**2
    centre = (rate + z2 / (2 * episodes)) / (1 + z2 / episodes)
    half = _Z95 / (1 + z2 / episodes) * math.sqrt(rate * (1 - rate) / episodes + z2 / (4 * episodes**2))
    # At the ends the formula gives exactly 0 and 1; only rounding keeps it from them.
    return (0.0 if successes == 0 else centre - half), (1.0 if successes == episodes else centre + half)
