"""Checks of verdicts: the oracle solves the task, passing time does not, and a near miss is told from a solution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.actions import CallText
from mtenvs.core.verdict import Verdict
from mtenvs.testing.base import LONGEST, CheckFailed, Factory, NotApplicable, Step, core_of, idle_of, opened, play_out, require

_IDLE_TURNS: Final = 200  # enough for idling to be seen, where the task has no cap of its own


def check_oracle(factory: Factory) -> None:
    """The oracle scores 1 with success, and none of its actions is refused.

    For every task of a set: ``for i in tasks.ids: check_oracle(partial(factory, task=i))``.
    """
    with opened(factory) as env:
        core = core_of(env)
        steps = _played(env, core.next_oracle_action, "oracle(): actions that solve the task")
        verdict = _verdict(steps)
        require(
            verdict.success and verdict.score == 1.0,
            f"the oracle must solve task {core.task.id!r} with score 1 and success; it got {verdict} after {len(steps) - 1} turns "
            f"({steps[-1].info['stop_reason']}). Mend oracle() or _verdict(), or raise max_turns if the task is longer than that",
        )
        refused = [s.info["action_error"].message for s in steps if s.info["action_error"] is not None]
        require(not refused, f"{len(refused)} of the oracle's actions were refused, first: {refused[:1]}")


def check_idle(factory: Factory) -> None:
    """Spending all turns without bringing the task forward scores 0 and is no success.

    Where the action is a control signal, the world moves on by itself and part of the score may come of it; even then it must
    stay below 1.
    """
    for overrides in ({}, {"max_turns": _IDLE_TURNS}):
        with opened(factory, **overrides) as env:
            steps = _played(env, lambda: idle_of(env), "idle_action()", most=_IDLE_TURNS)
            if steps[-1].done:
                break
    verdict = _verdict(steps)
    require(not verdict.success, f"idle actions alone must not succeed, but the verdict is {verdict}")
    if verdict.score is None:
        raise NotApplicable(f"the score needs a {verdict.needs}")
    controls = not isinstance(env.action_space, CallText)
    require(
        verdict.score == 0.0 or (controls and verdict.score < 1.0),
        f"idle actions alone score {verdict.score}; what holds at the start must not count in _verdict()",
    )


def check_near_miss(factory: Factory) -> None:
    """What only looks like a solution scores below 1 and is no success."""
    with opened(factory) as env:
        core = core_of(env)
        plan: list[Any] = []

        def choose() -> Any:
            if not plan:
                plan.append(core.near_miss())
            action = next(plan[0], None)
            return idle_of(env) if action is None else action

        verdict = _verdict(_played(env, choose, "near_miss(): actions that look like a solution and are not one"))
    require(
        not verdict.success and (verdict.score is None or verdict.score < 1.0),
        f"the near miss counts as a solution ({verdict}): make _verdict() look at the world's real end state more closely",
    )


def _played(env: gym.Env[Any, Any], choose: Callable[[], Any], what: str, most: int = LONGEST) -> list[Step]:
    try:
        return play_out(env, choose, most=most)
    except NotImplementedError as e:
        raise CheckFailed(f"write {what}") from e


def _verdict(steps: list[Step]) -> Verdict:
    verdict = steps[-1].info["verdict"]
    require(verdict is not None, f"the episode did not end within {len(steps) - 1} turns: give it a cap or an end")
    assert isinstance(verdict, Verdict)  # noqa: S101 - for the type checker; `require` has said it to people
    return verdict
