"""Checks in batches: Gymnasium's own vector environments give what single environments give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import gymnasium as gym
import numpy as np
from gymnasium.vector.utils import concatenate, create_empty_array

from mtenvs.testing.base import SEED, CheckFailed, Factory, NotApplicable, Step, difference, opened, require, some_actions, start, take

_TURNS: Final = 8
_WAIT: Final = 120.0  # seconds for one batch; only a worker that hangs takes so long
Vector = Callable[[list[Factory]], "gym.vector.VectorEnv[Any, Any, Any]"]


def check_sync_vector(factory: Factory) -> None:
    """`gymnasium.vector.SyncVectorEnv` gives what single environments give."""
    _check(factory, gym.vector.SyncVectorEnv, "SyncVectorEnv")


def check_async_vector(factory: Factory) -> None:
    """`gymnasium.vector.AsyncVectorEnv` gives what single environments give, with and without shared memory."""
    for shared in (True, False):

        def make(factories: list[Factory], shared: bool = shared) -> gym.vector.VectorEnv[Any, Any, Any]:
            return gym.vector.AsyncVectorEnv(factories, shared_memory=shared)

        _check(factory, make, f"AsyncVectorEnv(shared_memory={shared})")


def _check(factory: Factory, make: Vector, name: str) -> None:
    actions = some_actions(factory, _TURNS)
    with opened(factory) as first, opened(factory) as second:
        if first.spec is not None and first.spec.nondeterministic:
            raise NotApplicable("a real program is in the loop, so two plays need not look the same")
        space, act_space = first.observation_space, first.action_space
        batched = _made(make, factory, name)
        try:
            obs, infos = _call(name, "reset", lambda: batched.reset(seed=[SEED, SEED + 1]))
            steps = [start(env, SEED + i) for i, env in enumerate((first, second))]
            _same(name, space, steps, obs, None, infos)
            for action in actions:
                empty: Any = create_empty_array(act_space, 2)
                acts: Any = concatenate(act_space, [action, action], empty)
                if any(s.done for s in steps):
                    break
                out = _call(name, "step", lambda a=acts: batched.step(a))  # type: ignore[misc]  # bound per loop
                steps = [take(env, action) for env in (first, second)]
                _same(name, space, steps, out[0], out[1:4], out[4])
        finally:
            _close(batched)


def _made(make: Vector, factory: Factory, name: str) -> Any:
    return _call(name, "the constructor", lambda: make([factory, factory]))


def _call(name: str, what: str, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Exception as e:
        raise CheckFailed(f"{what} of {name} fails with {type(e).__name__}: {e}") from e


def _close(batched: Any) -> None:
    if isinstance(batched, gym.vector.AsyncVectorEnv):
        batched.close(timeout=_WAIT)
    else:
        batched.close()


def _same(name: str, space: Any, steps: list[Step], obs: Any, results: Any, infos: dict[str, Any]) -> None:
    turn = steps[0].info["turn"]
    empty: Any = create_empty_array(space, len(steps))
    wanted = concatenate(space, [s.obs for s in steps], empty)
    found = difference(_plain(wanted), _plain(obs), "obs")
    require(not found, f"{name} shows something else than single environments on turn {turn}: {found} (here: single, there: batch)")
    if results is not None:
        for what, values, batch in zip(
            ("reward", "terminated", "truncated"), zip(*(s[1:4] for s in steps), strict=True), results, strict=True
        ):
            require(
                list(values) == [type(v)(b) for v, b in zip(values, batch, strict=True)],
                f"{name}, turn {turn}: {what} is {batch}, not {values}",
            )
    for key in steps[0].info:
        if key == "reward_components":
            continue  # a dict of its own in a batch; the rewards have been compared
        for i, step in enumerate(steps):
            value = infos[key][i]
            require(value == step.info[key], f"{name}, turn {turn}: info[{key!r}] of environment {i} is {value!r}, not {step.info[key]!r}")


def _plain(obs: Any) -> Any:
    """The batch in the order of its keys, with plain tuples."""
    if isinstance(obs, dict):
        return {key: _plain(obs[key]) for key in sorted(obs)}
    return obs if isinstance(obs, np.ndarray) else tuple(obs)
