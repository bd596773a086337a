"""Negative checks: observations share nothing and say something, and a closed environment leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from mtenvs.testing.base import (
    Factory,
    NotApplicable,
    Step,
    core_of,
    difference,
    idle_of,
    opened,
    play_out,
    require,
    some_actions,
    start,
    take,
)

_ENOUGH: Final = 200  # turns of an oracle episode in which every part of an observation should have changed once


def check_no_shared_memory(factory: Factory) -> None:
    """No observation or info shares memory with another, and none changes after it was returned."""
    actions = some_actions(factory, 6, obs_mode="all")
    with opened(factory, obs_mode="all") as env:
        steps, copies = [start(env)], []
        for action in actions:
            copies.append(deepcopy(steps[-1]))
            steps.append(take(env, action))
            if steps[-1].done:
                break
        copies.append(deepcopy(steps[-1]))
        steps.append(start(env))
    for earlier, later in pairwise(steps):
        shared = _shared(earlier, later)
        require(not shared, f"{shared} of turn {earlier.info['turn']} and of the turn after it share memory: return a copy")
    for step, copy in zip(steps, copies, strict=False):
        found = difference(step.obs, copy.obs, "obs") or difference(step.info, copy.info, "info")
        require(not found, f"what turn {step.info['turn']} returned was changed later ({found}): return a copy")


def _shared(a: Step, b: Step) -> str:
    for name, one, other in (("obs", a.obs, b.obs), ("info", a.info, b.info)):
        if one is other:
            return name
        for key in one:
            x, y = one[key], other.get(key)
            if isinstance(x, np.ndarray) and isinstance(y, np.ndarray) and np.shares_memory(x, y):
                return f"{name}[{key!r}]"
            if isinstance(x, (dict, list)) and x is y:
                return f"{name}[{key!r}]"
    return ""


def check_no_constant_observation(factory: Factory) -> None:
    """Each part of the observation but the goal changes at least once while the oracle plays; the goal is not empty.

    Where ``metadata["goal_pictures"]`` is set, ``frames`` and ``num_frames`` belong to the goal.
    """
    with opened(factory, obs_mode="all") as env:
        core = core_of(env)
        goal = {"goal", "frames", "num_frames"} if env.metadata.get("goal_pictures") else {"goal"}
        try:
            steps = play_out(env, core.next_oracle_action, most=_ENOUGH)
        except NotImplementedError:
            raise NotApplicable("there is no oracle; check_oracle says so") from None
    for key in steps[0].obs:
        changes = any(difference(steps[0].obs[key], s.obs[key]) for s in steps[1:])
        if key == "goal":
            require(steps[0].obs[key].strip(), "obs['goal'] is empty: say in Task.goal what is asked")
        elif key not in goal:
            require(changes, f"obs[{key!r}] stays the same through {len(steps) - 1} turns of the oracle: it shows nothing of the world")


def check_no_leftovers(factory: Factory) -> None:
    """After `close` there is no process, thread, open file or temporary file more than before.

    A first episode is played before the count, so that what the process opens once and keeps does not matter.
    """
    if not Path("/proc/self/fd").exists():
        raise NotApplicable("processes and open files are counted in /proc, which this system does not have")
    _episode(factory)
    with _temporary_folder() as folder:
        before = _usage()
        env = _episode(factory)  # kept until after the count: garbage collection must not do the work of close()
        after = _usage()
        left = sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))
    for kind, names in after.items():
        more = sorted(names - before[kind])
        require(
            not more, f"close() of {type(env).__name__} leaves {kind} behind: {', '.join(more[:5])}; stop and close all of them in close()"
        )
    require(not left, f"close() of {type(env).__name__} leaves temporary files behind: {', '.join(left[:5])}")


def _episode(factory: Factory) -> Any:
    with opened(factory, obs_mode="all") as env:
        step = start(env)
        for _ in range(3):
            if not step.done:
                step = take(env, idle_of(env))
    return env.unwrapped


def _usage() -> dict[str, set[str]]:
    files = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the descriptor that lists the folder is gone by now
            files.add(f"{entry.name} -> {entry.readlink()}")
    return {
        "processes": set(_children()),
        "threads": {f"{t.name} ({t.ident})" for t in threading.enumerate()},
        "open files": files,
    }


def _children() -> Iterator[str]:
    me = str(os.getpid())
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended between listing and reading
            head, _, tail = stat.read_text(errors="replace").rpartition(")")
            if tail.split()[1] == me:
                yield f"{stat.parent.name} {head.partition('(')[2]}"


@contextmanager
def _temporary_folder() -> Iterator[Path]:
    """A folder in which this process and its children make their temporary files."""
    old, old_variable = tempfile.tempdir, os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory() as name:
        tempfile.tempdir = os.environ["TMPDIR"] = name
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = old
            if old_variable is None:
                del os.environ["TMPDIR"]
            else:
                os.environ["TMPDIR"] = old_variable
