"""Many environments at a time behind `gymnasium.vector.VectorEnv`.

A class of environments may offer two things to batches, both for environments without wrappers that change anything:

- ``step_many(envs, actions)`` with ``fits_batch()``: an engine that plays whole turns by itself, see `NativeVectorEnv`.
- ``prepare_many(worlds, actions)``, a class method: called before several environments of one class are stepped in one turn of
  the batch, with the unwrapped environments and their actions, so that they can read in one go what all of them will show. It
  must not change what they do; what it raises is dropped, and the turn is played without it. Worker processes call it for their own
  environments, and not where steps have a deadline.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Literal, overload

import gymnasium as gym

from mtenvs.core.errors import UnknownOption, did_you_mean
from mtenvs.registry import env_class, find
from mtenvs.vector.base import AUTORESET, BatchedVectorEnv
from mtenvs.vector.messages import ClosedBatch, Factory, WorkerFailed
from mtenvs.vector.native import NativeVectorEnv
from mtenvs.vector.process import ProcessVectorEnv
from mtenvs.vector.results import Batch
from mtenvs.vector.sync import SyncVectorEnv
from mtenvs.vector.thread import ThreadVectorEnv

BACKENDS: Final = ("sync", "thread", "process", "native")

__all__ = [
    "BACKENDS",
    "Batch",
    "BatchedVectorEnv",
    "ClosedBatch",
    "NativeVectorEnv",
    "ProcessVectorEnv",
    "SyncVectorEnv",
    "ThreadVectorEnv",
    "WorkerFailed",
    "make_vec",
]


@overload
def make_vec(
    envs: str | Factory | Sequence[str | Factory], num_envs: int | None = ..., *, backend: Literal["native"], **kwargs: Any
) -> NativeVectorEnv: ...
@overload
def make_vec(
    envs: str | Factory | Sequence[str | Factory], num_envs: int | None = ..., *, backend: str | None = ..., **kwargs: Any
) -> BatchedVectorEnv: ...
def make_vec(
    envs: str | Factory | Sequence[str | Factory],
    num_envs: int | None = None,
    *,
    backend: str | None = None,
    autoreset: str = "disabled",
    step_timeout: float | None = None,
    reset_timeout: float | None = None,
    workers: int | None = None,
    context: str = "spawn",
    copy: bool = True,
    **kwargs: Any,
) -> BatchedVectorEnv:
    """Make a batch of environments.

    Args:
        envs: an id, a factory without arguments, or a list of them, one for each environment. Different ids can share a batch
            when they take one form of action (all text, or equal spaces) and have the same observations.
        num_envs: how many; may be left out for a list.
        backend: ``"sync"``: one after the other in this process. ``"thread"``: a thread each, for environments that mostly wait.
            ``"process"``: worker processes with shared memory. ``"native"``: the family's own batched engine, where it has
            one. None: what the catalogue says for the id, but ``"sync"`` for a single environment, and for factories, when there
            are no deadlines.
        autoreset: ``"disabled"``, ``"next_step"`` or ``"same_step"``, see `BatchedVectorEnv`.
        step_timeout: seconds after which a step counts as failed; for ``"thread"`` and ``"process"``.
        reset_timeout: the same for a reset.
        workers: number of worker processes; by default one for each processor and no more than environments. On two processors
            up to four environments share one worker, which is faster while their turns take microseconds: give ``workers=2`` for
            factories whose turns take milliseconds. Ids that the catalogue knows to be heavy always have one for each processor.
        context: ``"spawn"`` or ``"forkserver"``: how worker processes start.
        copy: False gives observations as read-only views of the batch's memory, valid until these environments move on.
        kwargs: keywords of `gymnasium.make` for ids. A family may spread them over the batch: Meta-World's
            ``benchmark="MT10"`` gives environment ``i`` the benchmark's task ``i mod 10``.

    Raises:
        UnknownOption: an option that does not exist, or does not fit; environments that cannot share a batch.
        WorkerFailed: a worker process could not start.
    """
    if autoreset not in AUTORESET:
        raise UnknownOption(f"autoreset={autoreset!r} does not exist: {did_you_mean(str(autoreset), AUTORESET)}")
    sources = _sources(envs, num_envs)
    timed = step_timeout is not None or reset_timeout is not None
    backend = backend or _usual_backend(sources, timed=timed)
    factories = [_factory(source, i, len(sources), kwargs) for i, source in enumerate(sources)]
    if backend == "native":
        return _native(sources, factories, autoreset, kwargs, plain=not timed and workers is None and copy)
    if backend == "sync":
        if timed or workers is not None:
            raise UnknownOption("backend='sync' knows neither timeouts nor workers, it cannot interrupt: use 'thread' or 'process'")
        return SyncVectorEnv(factories, autoreset=autoreset, copy=copy)
    if backend == "thread":
        if workers is not None:
            raise UnknownOption("backend='thread' takes no workers: every environment has its own thread")
        return ThreadVectorEnv(factories, autoreset=autoreset, copy=copy, step_timeout=step_timeout, reset_timeout=reset_timeout)
    if backend != "process":
        raise UnknownOption(f"backend={backend!r} does not exist: {did_you_mean(str(backend), BACKENDS)}")
    if workers is None and any(isinstance(source, str) and find(source).backend == "process" for source in sources):
        workers = min(len(sources), os.cpu_count() or 1)
    return ProcessVectorEnv(
        factories,
        autoreset=autoreset,
        copy=copy,
        workers=workers,
        context=context,
        step_timeout=step_timeout,
        reset_timeout=reset_timeout,
        preload=sorted({_module(source) for source in sources}),
    )


def __getattr__(name: str) -> Any:
    """The vector entry point of an id: Gymnasium does not tell an entry point which id it is for, so its name does."""
    if "/" in name:
        return partial(make_vec, name)
    raise AttributeError(f"module 'mtenvs.vector' has no attribute {name!r}")


def _own_engine(sources: Sequence[str | Factory]) -> Callable[..., Any] | None:
    """The batched engine that the catalogue names, where all environments are of one id."""
    first = sources[0]
    if not isinstance(first, str) or any(source != first for source in sources):
        return None
    module, _, name = find(first).vector_entry_point.partition(":")
    return getattr(importlib.import_module(module), name) if module else None


def _native(
    sources: Sequence[str | Factory], factories: Sequence[Factory], autoreset: str, kwargs: dict[str, Any], *, plain: bool
) -> BatchedVectorEnv:
    if not plain:
        raise UnknownOption("backend='native' steps in lock-step, without timeouts, workers or views: use 'process'")
    own = _own_engine(sources)
    if own is not None:
        engine: BatchedVectorEnv = own(num_envs=len(sources), autoreset=autoreset, **kwargs)  # reset, step and call as there
        return engine
    if autoreset != "disabled":
        raise UnknownOption("backend='native' does not reset by itself here: use autoreset='disabled', or 'process'")
    return NativeVectorEnv(factories)


def _sources(envs: str | Factory | Sequence[str | Factory], num_envs: int | None) -> list[str | Factory]:
    if isinstance(envs, str) or callable(envs):
        count = 1 if num_envs is None else num_envs
        sources: list[str | Factory] = [envs] * count
    else:
        sources = list(envs)
        count = len(sources) if num_envs is None else num_envs
    if not sources or count != len(sources):
        raise UnknownOption(f"num_envs={num_envs} does not fit what was given; leave it out or make it at least 1")
    for source in sources:
        if not isinstance(source, str) and not callable(source):
            raise UnknownOption(f"envs are ids or functions without arguments, not {source!r}")
    return sources


def _usual_backend(sources: Sequence[str | Factory], *, timed: bool) -> str:
    named = {find(source).backend for source in sources if isinstance(source, str)}
    if timed:
        return "thread" if named == {"thread"} else "process"
    if len(sources) == 1 or len(named) != 1:
        return "sync"
    return named.pop()


def _module(source: str | Factory) -> str:
    if isinstance(source, str):
        return find(source).entry_point.partition(":")[0]
    return str(getattr(source, "__module__", None) or type(source).__module__)


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
