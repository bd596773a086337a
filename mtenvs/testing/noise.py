"""A check by noise: broken and random actions by the hundred, none of which may raise or change the world unduly."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import gymnasium as gym
import numpy as np

from mtenvs.core.actions import CallText
from mtenvs.core.dialects import read_call
from mtenvs.core.errors import BadAction
from mtenvs.testing.actions import saved_world
from mtenvs.testing.base import SEED, CheckFailed, Factory, core_of, difference, opened, require, start, take

_ODD: Final = "\x00\x1f\x7f\ud800\udfff\u2028\u0662漢🙂\\\"'`<>(){}[],;:=+-*.# \n\t"
_NUMBERS: Final = ("-1", "0", "1e12", "1000000000000", "-0.0", "NaN", "Infinity", "1e999", "9" * 400, "1_0", "0x1F", "None", "[]", '""')
_VALUES: Final[tuple[Any, ...]] = (
    *(None, True, -1, 0, 10**12, -(10**30), 10**400, 0.5, -0.0, 1e300, float("nan"), float("inf")),
    *("", " ", "no such thing zz", "x" * 5000, "\ud800", [], [[]], ["no such thing zz"], [1] * 3000, {}, {"a": {"b": 1}}),
)
_WRAPPERS: Final = ("{}", "<action>{}</action>", "```\n{}\n```", "I think.\n{}", "{} {}", "{};", "<action>{}", "```{}")


def check_noise(factory: Factory, n: int = 1000) -> None:
    """``n`` broken, odd and random actions: none raises, every observation is sound, and a refused one leaves the world alone.

    Args:
        factory: makes the environment.
        n: how many actions; a quarter of them where actions are numbers, which can be wrong in fewer ways, and a tenth where a real
            program is in the loop (``nondeterministic`` in the spec), which takes its time for each.
    """
    with opened(factory, max_turns=n + 1, max_invalid=n + 1) as env:
        if env.spec is not None and env.spec.nondeterministic:
            n //= 10
        space, rng = env.action_space, random.Random(SEED)
        space.seed(SEED)
        actions = _calls(env, space, rng) if isinstance(space, CallText) else _arrays(space, rng)
        core, step = core_of(env), start(env)
        world = saved_world(core)
        for _ in range(n if isinstance(space, CallText) else n // 4):
            action = next(actions)
            try:
                step = take(env, action)
            except Exception as e:
                raise CheckFailed(
                    f"the action {_shown(action)} raised {type(e).__name__}: {e}; the world must refuse what it cannot do with BadAction"
                ) from e
            require(step.obs in env.observation_space, f"after the action {_shown(action)} the observation is not in its space")
            before, world = world, saved_world(core)
            error = step.info["action_error"]
            if error is not None and error.kind != "value":
                found = difference(before, world, "saved")
                require(
                    not found, f"the action {_shown(action)} was refused ({error.message}), and changed the world all the same ({found})"
                )
            if step.done:
                start(env, SEED + rng.randrange(1000))
                world = saved_world(core)


def _calls(env: gym.Env[Any, Any], space: CallText, rng: random.Random) -> Iterator[Any]:
    """Sampled calls: some whole, some with strange values, some with damaged text."""
    tools, dialects = {t.name: t for t in space.tools}, core_of(env).dialects
    while True:
        text = space.sample()
        kind = rng.random()
        if kind < 0.25:
            yield text
        elif kind < 0.6:
            yield _with_strange_value(text, tools, dialects, rng)
        else:
            yield _damaged(text, rng)


def _with_strange_value(text: str, tools: Any, dialects: Any, rng: random.Random) -> Any:
    try:
        call = read_call(text, tools, dialects).to_dict()
    except BadAction:  # check_action_forms says that a sample cannot be read
        return text
    names = [*call["arguments"], "no_such_argument_zz"]
    call["arguments"] = {**call["arguments"], rng.choice(names): rng.choice(_VALUES)}
    return call


def _damaged(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(letters))
        piece = rng.choice((*_NUMBERS, *_ODD, text))
        letters[at : at + rng.randint(0, 3)] = list(piece)
    whole = "".join(letters)
    wrapper = rng.choice(_WRAPPERS)
    return wrapper.replace("{}", whole)


def _arrays(space: gym.Space[Any], rng: random.Random) -> Iterator[Any]:
    """Members of a space; where it holds floats, also values that are out of range or not finite."""
    while True:
        action = space.sample()
        if isinstance(space, gym.spaces.Box) and np.issubdtype(space.dtype, np.floating) and rng.random() < 0.3:
            action = np.array(action)
            action.flat[rng.randrange(action.size)] = rng.choice((np.nan, np.inf, -np.inf, 1e30, -1e30, 7.0))
        yield action


def _shown(action: Any) -> str:
    text = repr(action)
    return text if len(text) <= 160 else f"{text[:160]}..."
