"""The verdict on a task of WebArena-Verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mtenvs.core.errors import DataError, MissingRequirement, did_you_mean
from mtenvs.core.verdict import Verdict
from mtenvs.envs.web.evaluators.pages import HarEntry


def judge_verified(
    evals: Sequence[Mapping[str, Any]], answer: Any, events: Sequence[HarEntry], *, sites: Sequence[str], addresses: Mapping[str, str]
) -> Verdict:
    """The verdict on an episode: every evaluator of the task has to be satisfied.

    Args:
        evals: the task's ``eval`` list, with placeholders for addresses.
        answer: the agent's final answer; its text, or the data in it.
        events: HAR entries of all that the browser asked for, in order.
        sites: of the task.
        addresses: by the site's name. A slash at the end does not count.

    Returns:
        score 1 or 0, with checkpoints ``response`` (and its parts) and ``network 1``, ``network 2``, ...

    Raises:
        DataError: a site without an address, or a check in a form that does not exist.
        MissingRequirement: the extra ``verified`` is not installed.
    """
    try:
        from mtenvs.envs.web.evaluators.verified.addresses import Sites  # noqa: PLC0415 - the parsers take long to import
        from mtenvs.envs.web.evaluators.verified.events import Event  # noqa: PLC0415 - same
        from mtenvs.envs.web.evaluators.verified.network import Check  # noqa: PLC0415 - same
        from mtenvs.envs.web.evaluators.verified.response import agent_response  # noqa: PLC0415 - same
    except ImportError as e:
        raise MissingRequirement("verified", e.name or "a parser", 'pip install "mtenvs[verified]"') from e
    for name in sites:
        if name not in addresses:
            raise DataError(f"the task needs the site {name!r}, which has no address: {did_you_mean(name, addresses)}")
    known = Sites.of(sites, {name: addresses[name].rstrip("/") for name in sites})
    seen = [Event(entry) for entry in events]
    navigates = any(str(one["expected"].get("task_type")).upper() == "NAVIGATE" for one in evals)
    checkpoints: dict[str, bool] = {}
    for one in evals:
        if one["evaluator"] == "AgentResponseEvaluator":
            right, parts = agent_response(one, answer, known)
            checkpoints |= {"response": right, **parts}
        else:
            number = sum(name.startswith("network") for name in checkpoints) + 1
            checkpoints[f"network {number}"] = Check(one, known, navigates).holds(seen)
    right = all(checkpoints.values())
    return Verdict(float(right), right, checkpoints)
