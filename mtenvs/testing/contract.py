"""Checks of the contract: Gymnasium's own checker, observations, info, docstring, misuse, closing."""

from __future__ import annotations

import inspect
import json
import re
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Final

import gymnasium as gym
import numpy as np
from gymnasium.utils.env_checker import check_env as gymnasium_check_env

from mtenvs.core.actions import ActionError, CallText
from mtenvs.core.dialects import read_call
from mtenvs.core.env import STOP_REASONS, anchor_of
from mtenvs.core.errors import MtenvsError, ResetNeeded, UnknownOption, UnknownTask
from mtenvs.core.verdict import Verdict
from mtenvs.testing.base import SEED, CheckFailed, Factory, Step, core_of, idle_of, modes_of, opened, require, some_actions, start, take

ALLOWED_WARNINGS: Final = {
    r"Box observation space (minimum|maximum) value is -?infinity": "positions, forces and prices have no bound in many originals",
    r"Not able to test alternative render modes": "an environment that has no id yet; check_render looks at its render modes",
}
SECTIONS: Final = (
    "Description",
    "Observation",
    "Actions",
    "Rewards",
    "Start",
    "End",
    "Arguments",
    "Tasks and splits",
    "Differences from the original",
    "Source and licence",
    "Version history",
)
INFO_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "env_id": (str,),
    "task_id": (str,),
    "seed": (np.int64,),
    "turn": (int,),
    "turns_left": (int,),
    "action": (str,),
    "success": (bool,),
    "action_error": (ActionError, type(None)),
    "reward_components": (dict,),
    "verdict": (Verdict, type(None)),
    "stop_reason": (str,),
    "anchor": (str,),
}
_TEXT_KEYS: Final = ("goal", "text")
_KEYS: Final = (*_TEXT_KEYS, "image", "frames", "num_frames", "frame_indices", "frame_times", "state", "action_mask")


def check_gymnasium(factory: Factory) -> None:
    """Gymnasium's own checker passes, without a warning outside `ALLOWED_WARNINGS`."""
    with opened(factory) as env, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)  # of third parties; it says nothing about this environment
        try:
            gymnasium_check_env(env.unwrapped)
        except MtenvsError:
            raise
        except Exception as e:
            raise CheckFailed(f"gymnasium.utils.env_checker.check_env refuses the environment: {type(e).__name__}: {e}") from e
    texts = [re.sub(r"\x1b\[\d+m", "", str(w.message)) for w in caught]
    new = [t for t in texts if not any(re.search(pattern, t) for pattern in ALLOWED_WARNINGS)]
    require(not new, "gymnasium.utils.env_checker.check_env warns: " + "; ".join(dict.fromkeys(new)))


def check_observations(factory: Factory) -> None:
    """Every observation lies in the space, in every mode that the environment has, and keys are those that all environments share."""
    for mode in modes_of(factory):
        with opened(factory, obs_mode=mode) as env:
            space = env.observation_space
            require(isinstance(space, gym.spaces.Dict), "observation_space must be a Dict; MultiTurnEnv makes it from `observations`")
            keys = list(space.spaces)  # type: ignore[attr-defined]  # a Dict, as just required
            strange = [k for k in keys if k not in _KEYS]
            require(not strange, f"obs_mode={mode!r} has the keys {strange}; all environments share {', '.join(_KEYS)}")
            wants_text = mode != "state"
            has_text = [k for k in _TEXT_KEYS if k in keys]
            require(
                has_text == (list(_TEXT_KEYS) if wants_text else []),
                f"obs_mode={mode!r} has the text keys {has_text}; every mode but 'state' has goal and text, and 'state' has neither",
            )
            env.action_space.seed(SEED)
            step = start(env)
            _in_space(step, space, mode)
            for _ in range(6):
                if step.done:
                    break
                step = take(env, env.action_space.sample())
                _in_space(step, space, mode)


def _in_space(step: Step, space: Any, mode: str) -> None:
    require(
        isinstance(step.obs, dict) and set(step.obs) == set(space.spaces),
        f"obs_mode={mode!r}: the observation must be a dict with the keys {list(space.spaces)}",
    )
    for key, part in space.spaces.items():
        value = step.obs[key]
        if isinstance(value, str):
            about = f"a text of {len(value)} characters"
        else:
            about = f"{type(value).__name__} {getattr(value, 'dtype', '')}{list(getattr(value, 'shape', ()))}"
        where = f"obs_mode={mode!r}, turn {step.info['turn']}: obs[{key!r}] is {about}"
        require(value in part, f"{where}, which is not in {part}; return what the space declares, or declare what is returned")
        if isinstance(part, gym.spaces.Box):
            require(value.dtype == part.dtype, f"{where}; its dtype must be {part.dtype}")


def check_info(factory: Factory) -> None:
    """Every info has the same keys with the same types, a verdict exactly at the end, and an anchor of what is seen."""
    actions = some_actions(factory)
    for always in (False, True):
        with opened(factory, verdict_every_turn=always, invalid_action_reward=-0.25, max_turns=len(actions)) as env:
            steps = [start(env)]
            for action in actions:
                steps.append(take(env, action))
                if steps[-1].done:
                    break
            for step in steps:
                _info_fits(step, steps[0], always_verdict=always)
            calls = core_of(env)
            if isinstance(env.action_space, CallText):
                tools = {t.name: t for t in env.action_space.tools}
                for step in steps[1:]:
                    text = step.info["action"]
                    again = read_call(text, tools, calls.dialects).text if text else ""
                    require(again == text, f"info['action'] must be canonical text that reads back: {text!r} reads as {again!r}")


def _info_fits(step: Step, first: Step, *, always_verdict: bool) -> None:
    info = step.info
    missing = [k for k in INFO_TYPES if k not in info]
    require(not missing, f"info lacks {missing}: leave _info() to MultiTurnEnv, or call super()._info() and add to it")
    require(list(info) == list(first.info), f"info has the keys {list(info)}, at reset it had {list(first.info)}; keep them the same")
    for key, value in info.items():
        kinds = INFO_TYPES.get(key, (type(first.info[key]),))
        names = " or ".join(t.__name__ for t in kinds)
        require(type(value) in kinds, f"info[{key!r}] is {type(value).__name__}; on every turn it must be {names}, so that batches work")
    parts = info["reward_components"]
    require(
        list(parts) == list(first.info["reward_components"]),
        f"reward_components has the names {list(parts)}, at reset {list(first.info['reward_components'])}; _rewards() must always give all",
    )
    for name, part in parts.items():
        require(type(part) is float, f"reward_components[{name!r}] is {type(part).__name__}; convert it with float()")
    require(abs(sum(parts.values()) - step.reward) < 1e-9, f"the reward {step.reward} must be the sum of reward_components {parts}")
    error = info["action_error"]
    wanted = -0.25 if error is not None else 0.0
    require(parts.get("invalid_action") == wanted, f"reward_components['invalid_action'] must be {wanted} here, not {parts}")
    require(int(info["seed"]) == SEED, f"info['seed'] is {info['seed']} after reset(seed={SEED})")
    require(info["anchor"] == anchor_of(step.obs), "info['anchor'] must be anchor_of(obs) of this very observation")
    over = info["stop_reason"] != ""
    require(over == step.done, f"stop_reason is {info['stop_reason']!r} but terminated={step.terminated}, truncated={step.truncated}")
    require(not over or info["stop_reason"] in STOP_REASONS, f"stop_reason {info['stop_reason']!r} is none of {sorted(STOP_REASONS)}")
    _verdict_fits(step, expected=over or always_verdict)
    if error is not None:
        json.dumps(error.to_dict())
        require(error.message, "an action_error without a message teaches nothing: say in BadAction what was wrong")


def _verdict_fits(step: Step, *, expected: bool) -> None:
    verdict = step.info["verdict"]
    when = "at the end, or on every turn with verdict_every_turn=True, and None otherwise"
    require((verdict is not None) == expected, f"info['verdict'] is {verdict!r} on turn {step.info['turn']}; it must be there {when}")
    if verdict is None:
        return
    score, needs = verdict.score, verdict.needs
    require(
        0.0 <= score <= 1.0 if score is not None else needs != "",
        f"a score is in [0, 1], or None with `needs` saying what is missing; not {score!r} with needs={needs!r}",
    )
    require(type(verdict.success) is bool, f"Verdict.success must be bool, not {type(verdict.success).__name__}")
    require(step.info["success"] == verdict.success, "info['success'] must be the verdict's")
    require(not verdict.success or score in (None, 1.0), f"a success scores 1, not {score}")
    try:
        json.dumps(verdict.to_dict())
    except TypeError as e:
        raise CheckFailed(f"Verdict.to_dict() must be JSON-able; convert numpy numbers to float and bool ({e})") from e


def check_docstring(factory: Factory) -> None:
    """The class docstring is the doc page: it has the fixed sections, in order, none of them empty."""
    with opened(factory) as env:
        name, doc = type(env.unwrapped).__name__, inspect.cleandoc(type(env.unwrapped).__doc__ or "")
    summary, *rest = re.split(r"(?m)^## ", doc)
    require(summary.strip(), f"the docstring of {name} must begin with one line that says what the environment is")
    have = {title.strip(): body.strip() for title, _, body in (r.partition("\n") for r in rest)}
    lacking = [s for s in SECTIONS if not have.get(s)]
    require(not lacking, f"the docstring of {name} lacks the sections " + ", ".join(f"'## {s}'" for s in lacking))
    order = [s for s in have if s in SECTIONS]
    require(order == list(SECTIONS), f"the sections of {name} must come in this order: {', '.join(SECTIONS)}")


def check_close(factory: Factory) -> None:
    """`close` may be called before `reset`, after an episode, and twice."""
    for reset_first in (False, True):
        env = factory()
        try:
            if reset_first:
                start(env)
            env.close()
            env.close()
        except Exception as e:
            raise CheckFailed(f"close() must be harmless at any time, also twice, but raised {type(e).__name__}: {e}") from e


def check_misuse(factory: Factory) -> None:
    """A programmer's mistakes raise typed errors: steps outside an episode, unknown tasks, options, modes and values."""
    with opened(factory, max_turns=2) as env:
        core = core_of(env)
        _raises(ResetNeeded, "step() before reset()", lambda: core.step(env.action_space.sample()))
        start(env)
        step = take(env, idle_of(env))
        step = step if step.done else take(env, idle_of(env))
        require(step.done, "the second of max_turns=2 turns must end the episode")
        _raises(ResetNeeded, "step() after the end", lambda: env.step(idle_of(env)))
        for options in ({"task": "no such task zz"}, {"task": ["no such task zz"]}):
            _raises(UnknownTask, f"reset(options={options})", lambda o=options: env.reset(options=o))  # type: ignore[misc]  # bound per loop
        for wrong in ({"no_such_option": 1}, {"task": 5}, {"max_turns": 0}, {"max_turns": "many"}, {"start_at": 10**6}):
            _raises(UnknownOption, f"reset(options={wrong})", lambda o=wrong: env.reset(options=o))  # type: ignore[misc]  # same
        start(env)
        not_an_action: Any = object() if isinstance(env.action_space, CallText) else np.zeros((2, 3, 5, 7))
        _raises((TypeError, ValueError), "step() with something that is no action at all", lambda: env.step(not_an_action))
    for keyword, value in (
        ("task", "no such task zz"),
        ("split", "no such split"),
        ("obs_mode", "smell"),
        ("max_turns", 0),
        ("max_invalid", 0),
    ):
        _raises(UnknownOption, f"the constructor with {keyword}={value!r}", lambda k=keyword, v=value: factory(**{k: v}).close())  # type: ignore[misc]  # same
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Gymnasium warns of the unknown mode before our error says it
        _raises(UnknownOption, "the constructor with render_mode='hologram'", lambda: factory(render_mode="hologram").close())


def _raises(kinds: type[Exception] | Sequence[type[Exception]], what: str, call: Callable[[], Any]) -> None:
    wanted = tuple(kinds) if isinstance(kinds, Sequence) else (kinds,)
    names = " or ".join(k.__name__ for k in wanted)
    try:
        call()
    except wanted as e:
        require(str(e).strip(), f"{what} raises {type(e).__name__} without a message: say what to do")
        return
    except Exception as e:
        raise CheckFailed(f"{what} must raise {names}, not {type(e).__name__}: {e}") from e
    raise CheckFailed(f"{what} must raise {names}, but nothing was raised")
