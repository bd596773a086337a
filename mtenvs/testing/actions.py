"""Checks of actions: bad ones are observations, good ones have equal forms, declarations are complete."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Final

import gymnasium as gym
import numpy as np

from mtenvs.core import wire
from mtenvs.core.actions import ActionError, CallText, Tool
from mtenvs.core.dialects import read_call
from mtenvs.core.env import MultiTurnEnv
from mtenvs.core.errors import BadAction
from mtenvs.testing.base import (
    SEED,
    UNKNOWN_CALL,
    CheckFailed,
    Factory,
    NotApplicable,
    Step,
    bad_action_of,
    core_of,
    difference,
    idle_of,
    opened,
    require,
    start,
    take,
)

_KINDS: Final = ("parse", "tool", "arguments", "refused", "value")
_BAD_VALUES: Final[tuple[Any, ...]] = (None, {"a": 1}, float("nan"), float("-inf"), 10**400, [[]], "\ud800\x00" * 20_000)
BAD_TEXTS: Final = (
    "",
    " \n\t ",
    "I am not sure what to do next.",
    "no_such_action_zz(1)",
    '{"name": "no_such_action_zz"',
    "[" * 5000,
    "(" * 5000 + ")" * 5000,
    "<action>" * 500,
    "\x00\xff\ud800",
    "a" * 1_000_000,
    '[{"name": "a"}, {"name": "b"}]',
    "__import__('os').getcwd()",
)


def check_bad_actions(factory: Factory) -> None:
    """A bad action never raises, spends its turn, explains itself and leaves the world as it was."""
    with opened(factory, verdict_every_turn=True, max_turns=1000, max_invalid=1000) as env:
        sure = bad_action_of(env)
        tools = env.action_space.tools if isinstance(env.action_space, CallText) else ()
        doubtful: list[Any] = [*BAD_TEXTS, *_wrong_arguments(tools)] if tools else []
        step = _midway(env)
        for action in [sure, *doubtful]:
            if step.done:
                step = _midway(env)
            before, world = step, saved_world(core_of(env))
            step = _take_bad(env, action, before)
            error = step.info["action_error"]
            if error is None:
                require(action is not sure, f"{sure!r} went through as a good action; it must give an action_error")
                continue
            _explained(step, error, action, text="text" in step.obs)
            if error.kind != "value":  # the neutral action is applied then, so the world goes on
                _world_kept(env, action, before, step, world)


def _midway(env: gym.Env[Any, Any]) -> Step:
    """An episode that is under way by two actions of the oracle, or has just begun where it would be over by then."""
    step = start(env)
    with suppress(NotImplementedError):
        for _ in range(2):
            step = take(env, core_of(env).next_oracle_action())
            if step.done:
                return start(env)
    return step


def _take_bad(env: gym.Env[Any, Any], action: Any, before: Step) -> Step:
    try:
        step = take(env, action)
    except Exception as e:
        raise CheckFailed(
            f"the bad action {_shown(action)} raised {type(e).__name__}: {e}; refuse it with BadAction, which becomes an observation"
        ) from e
    turns = (before.info["turn"], step.info["turn"])
    require(
        turns[1] == turns[0] + 1, f"the action {_shown(action)} must spend one turn, but the counter went from {turns[0]} to {turns[1]}"
    )
    return step


def _explained(step: Step, error: ActionError, action: Any, *, text: bool) -> None:
    require(error.kind in _KINDS, f"action_error.kind is {error.kind!r}, which is none of {', '.join(_KINDS)}")
    require(not text or error.message in step.obs["text"], f"obs['text'] must say what was wrong with {_shown(action)}: {error.message!r}")
    if step.done:
        require(
            step.terminated and step.info["stop_reason"] == "goal_failed",
            f"a single bad action may only end the episode as goal_failed, not as {step.info['stop_reason']!r}",
        )


def saved_world(core: MultiTurnEnv) -> Any:
    """The world without counters and feedback, where the environment can save it, else None."""
    if not core.has_snapshots:
        return None
    data = wire.unsealed(core.snapshot())
    return {key: data[key] for key in ("world", "rng", "part_verdicts")}


def _world_kept(env: gym.Env[Any, Any], action: Any, before: Step, after: Step, world: Any) -> None:
    advice = f"the bad action {_shown(action)} changed the world: check everything before changing anything, then raise BadAction"
    if world is not None:
        found = difference(world, saved_world(core_of(env)), "saved")
        require(not found, f"{advice} ({found})")
    if before.info["verdict"] is not None:
        found = difference(before.info["verdict"].to_dict(), after.info["verdict"].to_dict(), "verdict")
        require(not found, f"{advice} ({found})")
    for key in before.obs:
        if key in ("state", "action_mask"):
            found = difference(before.obs[key], after.obs[key], f"obs[{key!r}]")
            require(not found, f"{advice} ({found})")


def check_max_invalid(factory: Factory) -> None:
    """``max_invalid`` bad actions in a row truncate with ``invalid_actions``; a good one in between starts the count anew."""
    with opened(factory, max_turns=1000, max_invalid=3) as env:
        bad = bad_action_of(env)
        step = start(env)
        for action in (bad, bad, idle_of(env), bad, bad):
            step = take(env, action)
            if step.terminated and step.info["stop_reason"] == "goal_failed":
                raise NotApplicable("the first bad action ends the episode here")
            require(not step.done, f"turn {step.info['turn']} ended the episode, but max_invalid=3 bad actions in a row have not come yet")
        step = take(env, bad)
        require(
            step.truncated and not step.terminated and step.info["stop_reason"] == "invalid_actions",
            f"the third bad action in a row must truncate with 'invalid_actions'; it gave {step.info['stop_reason']!r}",
        )


def check_action_forms(factory: Factory) -> None:
    """Sampled calls can be read, text and mapping mean the same, and each tool has schema, help and descriptions."""
    with opened(factory) as env:
        space = env.action_space
        if not isinstance(space, CallText):
            space.seed(SEED)
            require(all(space.sample() in space for _ in range(20)), f"action_space.sample() must draw members of {space}")
            raise NotApplicable("actions are not text here")
        core = core_of(env)
        tools = {t.name: t for t in space.tools}
        require(tools, "declare at least one action with @action")
        schemas = {s["function"]["name"]: s for s in json.loads(json.dumps(core.tools))}
        for name, tool in tools.items():
            require(tool.doc, f"the action {name} needs a docstring: agents read it")
            lacking = [p.name for p in tool.params if not p.doc]
            require(not lacking, f"describe the arguments {lacking} of the action {name} under 'Args:' of its docstring")
            require(name in schemas and tool.signature() in core.help, f"the action {name} must be in `tools` and in `help`")
        space.seed(SEED)
        for _ in range(60):
            _same_forms(space.sample(), tools, core.dialects)


def _same_forms(text: str, tools: dict[str, Tool], dialects: Any) -> None:
    advice = "give its parameters bounds, choices or a Domain with values in `domains`"
    try:
        call = read_call(text, tools, dialects)
    except BadAction as e:
        raise CheckFailed(f"action_space.sample() drew {text!r}, which cannot be read ({e.message}); {advice}") from e
    for form in (call.text, call.to_dict(), json.dumps(call.to_dict())):
        again = read_call(form, tools, dialects)
        require(again == call, f"the forms of one call must mean the same: {form!r} reads as {again}, {text!r} as {call}")


def _wrong_arguments(tools: tuple[Tool, ...]) -> list[Any]:
    """Calls of existing tools that are wrong for certain."""
    out: list[Any] = []
    for tool in tools:
        out.append({"name": tool.name, "arguments": {"no_such_argument_zz": 1}})
        out.append({"name": tool.name, "arguments": [1, 2]})
        for param in tool.params:
            out.extend({"name": tool.name, "arguments": {param.name: value}} for value in _BAD_VALUES)
    return [*out, {}, {"name": None}, {"name": ["a"]}, {"name": "", "arguments": "{"}, dict(UNKNOWN_CALL, arguments=None)]


def _shown(action: Any) -> str:
    text = np.array2string(action, threshold=8) if isinstance(action, np.ndarray) else repr(action)
    return text if len(text) <= 80 else f"{text[:80]}..."
