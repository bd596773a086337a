"""Checks of determinism: same seed and actions, same episode; other seeds, other starts; snapshots continue exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import gymnasium as gym

from mtenvs.core.errors import SnapshotError
from mtenvs.testing.base import (
    SEED,
    CheckFailed,
    Factory,
    NotApplicable,
    Step,
    core_of,
    difference,
    opened,
    require,
    some_actions,
    start,
    take,
)

_STARTS: Final = 6
_ADVICE: Final = "draw every random number from self.rng, and keep wall-clock times, addresses and unordered sets out of what agents see"


def check_same_seed(factory: Factory) -> None:
    """Two instances, and one instance twice, play the same episode from the same seed, task and actions.

    Where a real program is in the loop (``nondeterministic`` in the spec), only final verdicts are compared.
    """
    actions = some_actions(factory)
    with opened(factory) as one, opened(factory) as other:
        first = _played(one, actions)
        loose = one.spec is not None and one.spec.nondeterministic
        _same(first, _played(other, actions), "two instances", loose=loose)
        _played(one, actions[: len(actions) // 2], seed=SEED + 1)
        _same(first, _played(one, actions), "the same instance after another episode", loose=loose)


def check_random_starts(factory: Factory) -> None:
    """Other seeds start elsewhere: within a task, or by drawing another task when none is fixed.

    An environment whose one start is part of its rules says so with ``metadata["fixed_start"] = True``.
    """
    for overrides in ({}, {"task": None}):
        with opened(factory, **overrides) as env:
            if env.metadata.get("fixed_start"):
                raise NotApplicable("metadata['fixed_start'] says that there is one start only")
            first = start(env, SEED).info["anchor"]
            if any(start(env, SEED + i).info["anchor"] != first for i in range(1, _STARTS)):
                return
    raise CheckFailed(
        f"{_STARTS} seeds gave one and the same start, so agents can learn it by heart: draw from self.rng in _begin(), "
        "offer several tasks, or set metadata['fixed_start'] = True"
    )


def check_snapshot(factory: Factory) -> None:
    """An episode continues from its snapshot bit by bit, in the same and in another instance; damaged bytes are refused."""
    actions = some_actions(factory, verdict_every_turn=True)
    half = len(actions) // 2
    with opened(factory, verdict_every_turn=True) as env, opened(factory, verdict_every_turn=True) as other:
        core = core_of(env)
        start(env)
        if not core.has_snapshots:
            _refuses(core.snapshot, "snapshot() of a class without has_snapshots")
            raise NotApplicable("has_snapshots is False: a real program is in its loop")
        for action in actions[:half]:
            take(env, action)
        saved = core.snapshot()
        require(isinstance(saved, bytes), f"snapshot() must give bytes, not {type(saved).__name__}")
        rest = [take(env, action) for action in actions[half:]]
        start(env, SEED + 1)
        for instance, name in ((core, "the same instance"), (core_of(other), "a fresh instance")):
            instance.restore(saved)
            require(instance.snapshot() == saved, f"snapshot() right after restore() in {name} must give the same bytes")
            again = [take(instance, action) for action in actions[half:]]
            _same(
                rest, again, f"before and after restore() in {name}", advice="save and load all of the world's state in _save() and _load()"
            )
        core.restore(saved)
        for damaged in (b"", saved[:-1], saved[: len(saved) // 2], saved + b"x", b"\x00" * len(saved)):
            _refuses(lambda d=damaged: core.restore(d), f"restore() of {len(damaged)} damaged bytes")
        require(core.snapshot() == saved, "restore() of damaged bytes must change nothing")


def _refuses(call: Any, what: str) -> None:
    try:
        call()
    except SnapshotError:
        return
    except Exception as e:
        raise CheckFailed(f"{what} must raise SnapshotError, not {type(e).__name__}: {e}") from e
    raise CheckFailed(f"{what} must raise SnapshotError")


def _played(env: gym.Env[Any, Any], actions: Iterable[Any], seed: int = SEED) -> list[Step]:
    steps = [start(env, seed)]
    for action in actions:
        if steps[-1].done:
            break
        steps.append(take(env, action))
    return steps


def _same(first: list[Step], second: list[Step], who: str, *, loose: bool = False, advice: str = _ADVICE) -> None:
    if loose:
        a, b = (steps[-1].info["verdict"] for steps in (first, second))
        require(a == b, f"{who} reach different verdicts with the same actions: {a} and {b}")
        return
    for a, b in zip(first, second, strict=False):
        found = difference(a._asdict(), b._asdict())
        require(not found, f"{who} differ on turn {a.info['turn']}: {found}; {advice}")
    require(len(first) == len(second), f"{who} play episodes of {len(first) - 1} and {len(second) - 1} turns; {advice}")
