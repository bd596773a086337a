"""Many environments at a time behind `gymnasium.vector.VectorEnv`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gymnasium as gym

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.registry import env_class, find
from mtenvs.vector.sync import SyncVectorEnv

Factory = Callable[[], "gym.Env[Any, Any]"]
BACKENDS = ("sync",)

__all__ = ["BACKENDS", "SyncVectorEnv", "make_vec"]


def make_vec(
    envs: str | Factory | Sequence[str | Factory], num_envs: int | None = None, *, backend: str = "sync", **kwargs: Any
) -> SyncVectorEnv:
    """Make a batch of environments.

    Args:
        envs: an id, a factory without arguments, or a list of them, one for each environment.
        num_envs: how many; may be left out for a list.
        backend: ``"sync"``: one after the other in this process.
        kwargs: keywords of `gymnasium.make` for ids. A family may spread them over the batch: Meta-World's
            ``benchmark="MT10"`` gives environment ``i`` the benchmark's task ``i mod 10``.

    Raises:
        UnknownOption: no such backend, or a number that does not fit the list.
    """
    if backend not in BACKENDS:
        raise UnknownOption(f"backend={backend!r} does not exist: {did_you_mean(backend, BACKENDS)}")
    one = isinstance(envs, str) or callable(envs)
    count = num_envs if num_envs is not None else 1 if one else len(envs)  # type: ignore[arg-type]  # a sequence here
    if count < 1 or (not one and count != len(envs)):  # type: ignore[arg-type]  # same
        raise UnknownOption(f"num_envs={num_envs} does not fit what was given; leave it out or make it at least 1")
    sources: list[str | Factory] = [envs] * count if one else list(envs)  # type: ignore[list-item,arg-type]  # same
    return SyncVectorEnv([_factory(source, i, count, kwargs) for i, source in enumerate(sources)])


def __getattr__(name: str) -> Any:
    """The vector entry point of an id: Gymnasium does not tell an entry point which id it is for, so its name does."""
    if "/" in name:
        return partial(make_vec, name)
    raise AttributeError(f"module 'mtenvs.vector' has no attribute {name!r}")


def _factory(source: str | Factory, index: int, count: int, kwargs: dict[str, Any]) -> Factory:
    if not isinstance(source, str):
        return source
    entry = find(source)
    spread = getattr(env_class(entry.id), "vector_kwargs", None)
    own = spread(index, count, kwargs) if spread is not None else kwargs
    return _Make(entry.id, own)


class _Make:
    """A factory that pickles."""

    def __init__(self, env_id: str, kwargs: dict[str, Any]) -> None:
        self.env_id, self.kwargs = env_id, kwargs

    def __call__(self) -> gym.Env[Any, Any]:
        find(self.env_id)  # importing the registry has registered the id, also in a fresh process
        return gym.make(self.env_id, disable_env_checker=True, **self.kwargs)
