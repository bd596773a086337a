"""What all checks share: failures that advise, factories, played turns, and a comparison that says where things differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple

import gymnasium as gym
import numpy as np

from mtenvs.core.actions import CallText
from mtenvs.core.env import MultiTurnEnv
from mtenvs.core.errors import UnknownOption
from mtenvs.core.spaces import OBS_MODES
from mtenvs.registry import find

Factory = Callable[..., "gym.Env[Any, Any]"]
SEED: Final = 20_250_101  # any fixed number will do; a large one shows seeds that are cut to few bits
LONGEST: Final = 20_000  # turns after which an episode that does not end by itself is given up
UNKNOWN_CALL: Final = {"name": "no_such_action_zz", "arguments": {}}


class CheckFailed(AssertionError):
    """A check found a breach of the contract; the message says what is wrong and how to mend it."""


class NotApplicable(Exception):
    """A check has nothing to look at in this environment; the message says why."""


def require(condition: object, advice: str) -> None:
    """Do nothing if ``condition`` holds.

    Raises:
        CheckFailed: it does not; ``advice`` is the message.
    """
    if not condition:
        raise CheckFailed(advice)


@dataclass(frozen=True)
class EnvFactory:
    """Makes environments of one id; keywords of the call come on top of its own. It pickles.

    Args:
        env_id: an id of the catalogue, or any id that Gymnasium knows.
        kwargs: keywords for every environment that it makes.
    """

    env_id: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, **overrides: Any) -> gym.Env[Any, Any]:
        """A new environment."""
        return gym.make(self.env_id, disable_env_checker=True, **{**self.kwargs, **overrides})


def factory_of(target: str | gym.Env[Any, Any] | Factory, **kwargs: Any) -> Factory:
    """A function that makes equal environments, whatever was given.

    Args:
        target: an id; an environment that was made from one; or a class or function that takes the constructor's keywords.
        kwargs: keywords for every environment that it makes, such as ``task=``.

    Raises:
        UnknownEnv: an id of ours that is not in the catalogue.
        UnknownOption: an environment that does not know how it was made.
    """
    if isinstance(target, str):
        known = target in gym.registry
        return EnvFactory(target if known else find(target).id, kwargs)
    if isinstance(target, gym.Env):
        if target.spec is None:
            raise UnknownOption("this environment was not made from an id, so no second one can be made: pass its class or a factory")
        return EnvFactory(target.spec.id, {**target.spec.kwargs, **kwargs})
    return partial(target, **kwargs)


@contextmanager
def opened(factory: Factory, **overrides: Any) -> Iterator[gym.Env[Any, Any]]:
    """An environment that is closed on the way out.

    Raises:
        CheckFailed: the factory does not take keywords that every environment has.
    """
    try:
        env = factory(**overrides)
    except TypeError as e:
        if "unexpected keyword" not in str(e):
            raise
        advice = "hand **options on to MultiTurnEnv.__init__ (a factory: `lambda **kw: MyEnv(**kw)`)"
        raise CheckFailed(f"the environment cannot be made with {sorted(overrides)}: {e}; {advice}") from e
    try:
        yield env
    finally:
        env.close()


def core_of(env: gym.Env[Any, Any]) -> MultiTurnEnv:
    """The environment under its wrappers.

    Raises:
        CheckFailed: it is not a `MultiTurnEnv`.
    """
    core = env.unwrapped
    require(isinstance(core, MultiTurnEnv), f"{type(core).__name__} must derive from mtenvs.core.env.MultiTurnEnv")
    assert isinstance(core, MultiTurnEnv)  # noqa: S101 - for the type checker; `require` has said it to people
    return core


class Step(NamedTuple):
    """What `reset` or `step` gave; a reset counts as a step with reward 0."""

    obs: Any
    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, Any]

    @property
    def done(self) -> bool:
        """Whether the episode is over."""
        return self.terminated or self.truncated


def start(env: gym.Env[Any, Any], seed: int = SEED, **options: Any) -> Step:
    """Reset, as a `Step`."""
    obs, info = env.reset(seed=seed, options=options or None)
    return Step(obs, 0.0, False, False, info)


def take(env: gym.Env[Any, Any], action: Any) -> Step:
    """Step, as a `Step`."""
    obs, reward, terminated, truncated, info = env.step(action)
    return Step(obs, float(reward), terminated, truncated, info)


def play_out(env: gym.Env[Any, Any], choose: Callable[[], Any], *, seed: int = SEED, most: int = LONGEST) -> list[Step]:
    """Play an episode to its end, or for ``most`` turns.

    Args:
        env: the environment.
        choose: gives the next action.
        seed: of the episode.
        most: turns at most.
    """
    steps = [start(env, seed)]
    while not steps[-1].done and len(steps) <= most:
        steps.append(take(env, choose()))
    return steps


def idle_of(env: gym.Env[Any, Any]) -> Any:
    """The environment's idle action.

    Raises:
        CheckFailed: it has none.
    """
    try:
        return core_of(env).idle_action()
    except NotImplementedError:
        raise CheckFailed("write idle_action(): a legal action that does not bring the task forward") from None


def bad_action_of(env: gym.Env[Any, Any]) -> Any:
    """An action that no environment may take for good.

    Raises:
        NotApplicable: every member of the action space is good.
    """
    space = env.action_space
    if isinstance(space, CallText):
        return dict(UNKNOWN_CALL)
    if isinstance(space, gym.spaces.Box) and np.issubdtype(space.dtype, np.floating):
        return np.full(space.shape, np.nan, space.dtype)
    raise NotApplicable(f"every member of {space} is a good action")


def some_actions(factory: Factory, n: int = 16, **overrides: Any) -> list[Any]:
    """Up to ``n`` actions of one episode with `SEED`: the oracle's first, then random ones and a bad one; fewer if it ends before."""
    actions: list[Any] = []
    with opened(factory, **overrides) as env:
        core = core_of(env)
        env.action_space.seed(SEED)
        step = start(env)
        while not step.done and len(actions) < n:
            actions.append(_next_action(env, core, len(actions), n))
            step = take(env, actions[-1])
    return actions


def _next_action(env: gym.Env[Any, Any], core: MultiTurnEnv, turn: int, n: int) -> Any:
    if turn == n // 2:
        try:
            return bad_action_of(env)
        except NotApplicable:
            return env.action_space.sample()
    try:
        return core.next_oracle_action() if turn < n // 2 else env.action_space.sample()
    except NotImplementedError:
        return env.action_space.sample()


def modes_of(factory: Factory) -> list[str]:
    """The observation modes that an environment has.

    Raises:
        CheckFailed: it has none.
    """
    found = []
    for mode in OBS_MODES:
        with suppress(UnknownOption), opened(factory, obs_mode=mode):
            found.append(mode)
    require(found, "the environment has no observation mode: fill in `observations` of MultiTurnEnv.__init__")
    return found


def difference(a: Any, b: Any, where: str = "") -> str:
    """Where and how two observations, infos or rewards first differ, bit by bit; empty when they are equal."""
    at = where or "the value"
    if type(a) is not type(b):
        return f"{at} is {type(a).__name__} here and {type(b).__name__} there"
    if isinstance(a, np.ndarray):
        return _array_difference(a, b, at)
    if isinstance(a, Mapping):
        parts = [(a[k], b[k], f"{where}[{k!r}]") for k in a if k in b]
        shape = f"{at} has the keys {list(a)} here and {list(b)} there" if list(a) != list(b) else ""
    elif isinstance(a, (list, tuple)):
        parts = [(x, y, f"{where}[{i}]") for i, (x, y) in enumerate(zip(a, b, strict=False))]
        shape = f"{at} has {len(a)} items here and {len(b)} there" if len(a) != len(b) else ""
    else:
        same = a == b or (a != a and b != b)  # noqa: PLR0124 - NaN is the one value that differs from itself
        return "" if same else f"{at} is {_short(a)} here and {_short(b)} there"
    return shape or next(filter(None, (difference(*part) for part in parts)), "")


def _array_difference(a: Any, b: Any, at: str) -> str:
    if (a.dtype, a.shape) != (b.dtype, b.shape):
        return f"{at} is {a.dtype}{list(a.shape)} here and {b.dtype}{list(b.shape)} there"
    return "" if a.tobytes() == b.tobytes() else f"{at} differs: {_differing(a, b)}"


def _differing(a: Any, b: Any) -> str:
    unequal = np.argwhere(np.atleast_1d(a != b))
    if not len(unequal):
        return "by the sign of a zero or the bits of a NaN"
    first = tuple(int(i) for i in unequal[0])
    return f"{len(unequal)} of {a.size} entries, first at {list(first)}: {np.atleast_1d(a)[first]} here, {np.atleast_1d(b)[first]} there"


def _short(value: Any, limit: int = 120) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}..."
