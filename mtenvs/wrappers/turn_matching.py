"""Turn rewards by matching an episode's calls with a reference plan (MatchTIR), hard and soft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mtenvs.core.actions import Call, Tool
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction, MissingRequirement, UnknownOption
from mtenvs.core.trajectory import Trajectory

Turns = Sequence[Sequence[Call]]


def similarity(predicted: Call, reference: Call) -> float:
    """How much a call is like one of the reference: 0 for another tool, 1 for the same call.

    MatchTIR (arXiv 2601.10712): with equal names ``S = (1 + J + V) / (2 + n)``, where ``J`` is the Jaccard index of the sets of
    parameter names (1 when both are empty), ``V`` the number of the reference's parameters with an equal value, and ``n`` the
    number of the reference's parameters.
    """
    if predicted.name != reference.name:
        return 0.0
    mine, wanted = predicted.arguments, reference.arguments
    union = mine.keys() | wanted.keys()
    jaccard = len(mine.keys() & wanted.keys()) / len(union) if union else 1.0
    equal = sum(name in mine and mine[name] == value for name, value in wanted.items())
    return float((1.0 + jaccard + equal) / (2 + len(wanted)))


def hard_turn_rewards(calls_per_turn: Turns, reference: Sequence[Call], *, unmatched: float = 0.0) -> list[float]:
    """Turn rewards by the one-to-one assignment of calls to the reference that is worth most.

    A call's reward is its similarity to the reference call that it is assigned to, or ``unmatched`` when it is assigned to none
    or to one of another tool; a turn's reward is the mean over its calls, 0 without any. The assignment is exact
    (`scipy.optimize.linear_sum_assignment`); the authors' code approximates it greedily by descending similarity.

    Args:
        calls_per_turn: the calls of each turn, in order.
        reference: the calls of the reference plan.
        unmatched: reward of a call without a partner; the authors also use -0.5.

    Raises:
        MissingRequirement: scipy is not installed.
    """
    scores = _scores(calls_per_turn, reference)
    try:
        from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - scipy is not part of the base install
    except ModuleNotFoundError as e:
        raise MissingRequirement("wrappers", "scipy", "pip install scipy") from e
    rewards = np.full(len(scores), float(unmatched))
    rows, columns = linear_sum_assignment(scores, maximize=True)
    for row, column in zip(rows, columns, strict=True):
        if scores[row, column] > 0:
            rewards[row] = scores[row, column]
    return _turn_means(calls_per_turn, rewards)


def soft_turn_rewards(calls_per_turn: Turns, reference: Sequence[Call], *, regularisation: float = 0.1, rounds: int = 200) -> list[float]:
    """Turn rewards by entropy-regularised optimal transport from calls to the reference.

    ``T = argmin <T, C> - regularisation * H(T)`` with the cost ``C = -S`` and uniform marginals ``1/n`` and ``1/m``, found by Sinkhorn's
    iteration; the reward of call ``i`` is ``r_i = sum_j T_ij * S_ij``, at most ``1/n``. A turn's reward is the mean over its calls.

    Args:
        calls_per_turn: the calls of each turn, in order.
        reference: the calls of the reference plan.
        regularisation: above 0; the authors use 0.1.
        rounds: iterations at most; it stops earlier when both marginals hold to 1e-9.

    Raises:
        UnknownOption: ``regularisation`` or ``rounds`` not above 0.
    """
    if regularisation <= 0 or rounds < 1:
        raise UnknownOption(f"regularisation={regularisation} and rounds={rounds} must be above 0")
    scores = _scores(calls_per_turn, reference)
    rewards = np.zeros(len(scores))
    if scores.size:
        rewards = (transport_plan(scores, regularisation, rounds) * scores).sum(axis=1)
    return _turn_means(calls_per_turn, rewards)


def transport_plan(scores: NDArray[np.float64], regularisation: float, rounds: int = 200) -> NDArray[np.float64]:
    """Sinkhorn's transport plan, shape ``(n, m)``, that sums up to 1; in the logarithm, so that no kernel underflows.

    Args:
        scores: similarities, shape ``(n, m)``, both at least 1.
        regularisation: above 0.
        rounds: iterations at most.
    """
    n, m = scores.shape
    kernel = scores / regularisation
    row, column = np.zeros(n), np.zeros(m)
    plan: NDArray[np.float64] = np.zeros_like(kernel)
    for _ in range(rounds):
        row = -np.log(n) - _log_sum(kernel + column[None, :], axis=1)
        column = -np.log(m) - _log_sum(kernel + row[:, None], axis=0)
        plan = np.exp(kernel + row[:, None] + column[None, :])
        if np.abs(plan.sum(axis=1) - 1 / n).max() < 1e-9:
            break
    return plan


def calls_of(trajectory: Trajectory, tools: Mapping[str, Tool]) -> list[list[Call]]:
    """The calls of each turn of an episode, as the environment read them; none for a turn with a bad action.

    Args:
        trajectory: of an environment with text actions.
        tools: the tools by name, such as ``{t.name: t for t in env.action_space.tools}``.
    """
    return [[] if turn.error is not None else _read(turn.parsed, tools) for turn in trajectory.turns]


def _read(text: str, tools: Mapping[str, Tool]) -> list[Call]:
    try:
        return [read_call(text, tools)]
    except BadAction:
        return []  # not one of these tools, so there is nothing to match


def _scores(calls_per_turn: Turns, reference: Sequence[Call]) -> NDArray[np.float64]:
    calls = [call for turn in calls_per_turn for call in turn]
    return np.array([[similarity(c, r) for r in reference] for c in calls], np.float64).reshape(len(calls), len(reference))


def _turn_means(calls_per_turn: Turns, rewards: NDArray[np.float64]) -> list[float]:
    ends = np.cumsum([0, *map(len, calls_per_turn)])
    return [float(rewards[a:b].mean()) if b > a else 0.0 for a, b in pairwise(ends)]


def _log_sum(values: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    top = values.max(axis=axis, keepdims=True)
    out: NDArray[np.float64] = np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis)
    return out
