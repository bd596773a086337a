"""Checks of the turn counter: it counts every turn, and its cap truncates."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from mtenvs.testing.base import Factory, NotApplicable, Step, bad_action_of, core_of, idle_of, opened, require, start, take


def check_turn_counter(factory: Factory) -> None:
    """`turn` counts good and bad actions alike from 0, and `turns_left` counts down to the cap."""
    with opened(factory, max_turns=4, max_invalid=3) as env:
        step = start(env)
        _counts(step, 0, 4)
        actions = [idle_of(env), idle_of(env)]
        try:
            actions.insert(1, bad_action_of(env))
        except NotApplicable:
            actions.append(idle_of(env))
        for turn, action in enumerate(actions, 1):
            step = take(env, action)
            _counts(step, turn, 4 - turn)
            _not_over(step)
        _counts(start(env), 0, 4)
    with opened(factory, max_turns=4) as env:
        _counts(start(env, max_turns=7), 0, 7)
        _counts(start(env), 0, 4)
        core_of(env).set_turn_limit(None)
        _counts(take(env, idle_of(env)), 1, -1)


def check_turn_cap(factory: Factory) -> None:
    """Reaching the cap truncates with ``max_turns`` and never terminates; wrappers can move the cap."""
    with opened(factory, max_turns=3) as env:
        _capped(env, 3)
    with opened(factory, max_turns=5) as env:
        core = core_of(env)
        start(env)
        _not_over(take(env, idle_of(env)))
        core.set_turn_limit(3)
        _not_over(take(env, idle_of(env)))
        core.extend_turns(1)
        step = take(env, idle_of(env))
        _not_over(step)
        _counts(step, 3, 1)
        _is_cap(take(env, idle_of(env)))
        _counts(start(env), 0, 5)


def _capped(env: gym.Env[Any, Any], cap: int) -> None:
    step = start(env)
    for _ in range(cap):
        _not_over(step)
        step = take(env, idle_of(env))
    _is_cap(step)


def _not_over(step: Step) -> None:
    reason = step.info["stop_reason"]
    if step.terminated and reason in ("goal_failed", "agent_stopped"):
        raise NotApplicable(f"the episode ends by itself ({reason}) before a cap can be reached")
    require(not step.done, f"the episode ended on turn {step.info['turn']} ({reason or 'no reason'}), before its cap, on an idle action")


def _is_cap(step: Step) -> None:
    require(
        step.truncated and not step.terminated and step.info["stop_reason"] == "max_turns",
        f"reaching the turn cap must give truncated=True, terminated=False, stop_reason='max_turns'; it gave truncated={step.truncated}, "
        f"terminated={step.terminated}, stop_reason={step.info['stop_reason']!r}. Leave the cap to MultiTurnEnv, out of _ended()",
    )
    require(step.info["turns_left"] == 0, f"turns_left must be 0 at the cap, not {step.info['turns_left']}")


def _counts(step: Step, turn: int, left: int) -> None:
    have = (step.info["turn"], step.info["turns_left"])
    require(
        have == (turn, left),
        f"turn and turns_left are {have} where {(turn, left)} is due; MultiTurnEnv owns the only counter: do not count again, "
        "and let max_turns of the constructor and of reset(options=) through to it",
    )
