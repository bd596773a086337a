"""Observations of a batch in memory: one array for each part of fixed size, one list for each part that has none."""

from __future__ import annotations

import copy as copying
import math
import os
import sys
import weakref
from collections.abc import Sequence
from typing import Any, Final

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from mtenvs.core.spaces import UText

Path = tuple[Any, ...]
_POOLED: Final = 1 << 16  # bytes from which an array is worth keeping
_KEPT: Final = 3  # arrays kept: what a caller usually holds at a time (this turn's, the last one's), and one to write into
_ONLY_US: Final = 3  # references to an array that only the pool knows: its list, the loop, the question itself
_FIXED: Final = (spaces.Box, spaces.Discrete, spaces.MultiDiscrete, spaces.MultiBinary)
_SPREAD: Final = 5 << 19  # bytes; more than a processor core keeps for itself
_LEAST_SLOTS, _MOST_SLOTS = 5, 16
_ALIGN: Final = 64  # bytes; a cache line, so that two workers never write into one


class Leaf:
    """A part of an observation.

    Args:
        path: keys that lead to it.
        space: its space, a plain one for a part of fixed size.
        offset: where its array begins in the memory of the batch.
        count: environments in the batch.
    """

    def __init__(self, path: Path, space: gym.Space[Any], offset: int, count: int) -> None:
        batch = batch_space(space, 1)
        self.path, self.offset = path, offset
        self.shape = tuple(batch.shape or (1,))[1:]
        self.dtype: np.dtype[Any] = np.dtype(batch.dtype)
        self.size = count * self.dtype.itemsize * math.prod(self.shape)


class Layout:
    """Where each part of ``count`` observations lies in one piece of memory.

    Args:
        space: of one observation.
        count: environments in the batch.
    """

    def __init__(self, space: gym.Space[Any], count: int) -> None:
        self.space, self.count = space, count
        self.fixed: list[Leaf] = []
        self.loose: list[Path] = []
        self.size = 0
        self._plan = self._walk((), space)  # isinstance of Gymnasium's spaces is slow, so the form is looked at once

    @property
    def slots(self) -> int:
        """How many places of each observation, where one process writes and another one reads.

        Enough for what a caller usually holds at a time. And what the other one has just read lies in its processor's cache,
        from where each line has to be called back before it is written again: five times slower than writing where it has not
        looked for a while.
        """
        return min(_MOST_SLOTS, max(_LEAST_SLOTS, -(-_SPREAD // self.size))) if self.size >= _POOLED else 1

    def join(self, fixed: Sequence[Any], loose: Sequence[Any]) -> Any:
        """Put parts together in the form of the space."""
        return _build(self._plan, fixed, loose)

    def _walk(self, path: Path, space: gym.Space[Any]) -> Any:
        """Lay out a space; returns its form with the number of each leaf (counted down from -1 for loose ones)."""
        if isinstance(space, spaces.Dict):
            return {key: self._walk((*path, key), part) for key, part in space.spaces.items()}
        if isinstance(space, spaces.Tuple):
            return tuple(self._walk((*path, i), part) for i, part in enumerate(space.spaces))
        if isinstance(space, _FIXED) and space.dtype is not None and not space.dtype.hasobject:
            self.fixed.append(Leaf(path, space, self.size, self.count))
            self.size += -(-self.fixed[-1].size // _ALIGN) * _ALIGN
            return len(self.fixed) - 1
        self.loose.append(path)
        return -len(self.loose)


class Store:
    """The last observation of every environment.

    With several slots, a whole turn may be lent instead of copied: its arrays are given out as they are, and nobody writes into
    their slot again while anyone holds them or a view of them.

    Args:
        layout: what lies where.
        memory: at least ``slots * layout.size`` bytes, shared or not; None to take fresh memory.
        slots: places of each observation in the memory.
    """

    def __init__(self, layout: Layout, memory: memoryview | None = None, slots: int = 1) -> None:
        self.layout = layout
        raw: Any = bytearray(max(1, slots * layout.size)) if memory is None else memory
        n = layout.count
        self._slots: list[list[NDArray[Any]]] = [
            [np.ndarray((n, *leaf.shape), leaf.dtype, raw, slot * layout.size + leaf.offset) for leaf in layout.fixed]
            for slot in range(slots)
        ]
        self._at = [0] * n  # the slot of each environment's last observation
        self._spare = list(range(1, slots))  # slots to write whole turns into; the first that is free, since it may be in a cache
        self._views = [_read_only(array) for array in self._slots[0]]
        self._pools = [_Pool() for _ in layout.fixed]
        self._loose: list[list[Any]] = [[_blank(_at(layout.space, path))] * n for path in layout.loose]
        _stores.add(self)

    def slot_for(self, envs: Sequence[int]) -> int:
        """Where to write a turn of some environments: not over their last observations, and not into what someone holds.

        The first slot, which is never lent, is for when there is no other.
        """
        at = {self._at[i] for i in envs} if len(envs) < len(self._at) else set(self._at)
        return next((slot for slot in self._spare if slot not in at and self._idle(slot)), 0)

    def _idle(self, slot: int) -> bool:
        return all(sys.getrefcount(array) == _ONLY_US for array in self._slots[slot])

    def give_up_lent(self) -> None:
        """Never again write into what is lent now: a fork of this process may hold it."""
        self._spare = [slot for slot in self._spare if self._idle(slot)]

    def put(self, index: int, obs: Any) -> None:
        """Keep a whole observation.

        Raises:
            ValueError, TypeError, LookupError: it is not of the declared form; parts of it may have been kept.
        """
        self.put_loose(index, self.put_fixed(index, obs))

    def put_all(self, indices: Sequence[int], observations: Sequence[Any]) -> None:
        """Keep a whole observation of each; see `put`."""
        if self.layout.fixed:
            for index, obs in zip(indices, observations, strict=True):
                self.put(index, obs)
            return
        for column, path in zip(self._loose, self.layout.loose, strict=True):
            if len(path) == 1:
                (key,) = path
                for index, obs in zip(indices, observations, strict=True):
                    column[index] = obs[key]
            else:
                for index, obs in zip(indices, observations, strict=True):
                    column[index] = _get(obs, path)

    def put_fixed(self, index: int, obs: Any, slot: int = 0) -> list[Any]:
        """Write the parts of fixed size and return the others."""
        for leaf, array in zip(self.layout.fixed, self._slots[slot], strict=True):
            value = _get(obs, leaf.path)
            if type(value) is np.ndarray and value.shape == leaf.shape and value.dtype == leaf.dtype:
                array[index] = value
                continue
            if np.shape(value) != leaf.shape:
                raise ValueError(f"the observation's part {leaf.path} has the shape {np.shape(value)}, declared is {leaf.shape}")
            if leaf.shape:
                np.copyto(array[index], value, casting="same_kind")
            else:
                array[index] = value
        return [_get(obs, path) for path in self.layout.loose]

    def put_loose(self, index: int, values: Sequence[Any], slot: int = 0) -> None:
        """Keep the parts without a fixed size, whose others were written to ``slot``."""
        for column, value in zip(self._loose, values, strict=True):
            column[index] = value
        self._at[index] = slot

    def put_turn(self, first: int, count: int, loose: Sequence[Sequence[Any]], slot: int) -> None:
        """The same for ``count`` neighbours from ``first`` on, each part for all of them."""
        for column, values in zip(self._loose, loose, strict=True):
            column[first : first + count] = values
        self._at[first : first + count] = [slot] * count

    def batch(self, indices: Sequence[int] | None, *, copy: bool, lend: bool = False) -> Any:
        """Observations as a batch.

        Args:
            indices: of which environments; None for all.
            copy: False gives read-only views where the memory allows (all of them, or a run of neighbours). They show
                whatever these environments see later. Only for a store with one slot.
            lend: give out the memory itself, where nothing else will be written into it, in place of copies of all of them.
                What the caller writes there is then also in the last observation.
        """
        if indices is None:
            loose = [tuple(column) for column in self._loose]
        else:
            loose = [tuple([column[i] for i in indices]) for column in self._loose]
        if copy:
            fixed = self._copies(range(self.layout.count) if indices is None else indices, lend=lend)
        else:
            rows = slice(None) if indices is None else _rows(indices)
            fixed = [view[rows] for view in self._views]
        return self.layout.join(fixed, loose)

    def one(self, index: int) -> Any:
        """A copy of one observation."""
        fixed = [array[index].copy() for array in self._slots[self._at[index]]]
        return self.layout.join(fixed, [copying.deepcopy(column[index]) for column in self._loose])

    def _copies(self, indices: Sequence[int], *, lend: bool) -> list[NDArray[Any]]:
        count, first = len(indices), self._at[indices[0]] if len(indices) else 0
        found: list[NDArray[Any]] = []
        if count == self.layout.count and isinstance(indices, range) and self._at.count(first) == count:
            if lend and first:
                return [array.view() for array in self._slots[first]]  # NumPy lets views of a view hold the first one's base
            return [pool.copy_of(array) for pool, array in zip(self._pools, self._slots[first], strict=True)]
        for k, leaf in enumerate(self.layout.fixed):
            out = np.empty((count, *leaf.shape), leaf.dtype)
            for row, i in enumerate(indices):
                out[row] = self._slots[self._at[i]][k][i]
            found.append(out)
        return found


_stores: weakref.WeakSet[Store] = weakref.WeakSet()


def _before_fork() -> None:
    for store in _stores:
        store.give_up_lent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork)


class _Pool:
    """Copies of one array, in memory that is used again once nobody holds what was given out.

    Fresh memory of this size comes from the kernel page by page, which takes longer than the copy itself.
    """

    def __init__(self) -> None:
        self._given: list[NDArray[Any]] = []

    def copy_of(self, array: NDArray[Any]) -> NDArray[Any]:
        """A copy."""
        if array.nbytes < _POOLED:
            return array.copy()
        for old in self._given:
            if sys.getrefcount(old) == _ONLY_US:  # views of it hold it too
                np.copyto(old, array)
                return old
        fresh = array.copy()
        if len(self._given) < _KEPT:
            self._given.append(fresh)
        return fresh


def common_space(found: Sequence[gym.Space[Any]]) -> gym.Space[Any] | None:
    """One space for the observations of all environments; texts may differ in length. None when nothing else may."""
    first = found[0]
    if all(space == first for space in found[1:]):
        return first
    if all(isinstance(space, UText) for space in found):
        return UText(max(space.max_chars for space in found if isinstance(space, UText)))
    if all(isinstance(space, spaces.Dict) and isinstance(first, spaces.Dict) and space.keys() == first.keys() for space in found):
        parts = {key: common_space([space[key] for space in found if isinstance(space, spaces.Dict)]) for key in first}  # type: ignore[attr-defined]  # a Dict
        if all(part is not None for part in parts.values()):
            return spaces.Dict({key: part for key, part in parts.items() if part is not None})
    return None


def _build(plan: Any, fixed: Sequence[Any], loose: Sequence[Any]) -> Any:
    if type(plan) is int:
        return fixed[plan] if plan >= 0 else loose[-plan - 1]
    if type(plan) is dict:
        return {key: _build(part, fixed, loose) for key, part in plan.items()}
    return tuple(_build(part, fixed, loose) for part in plan)


def _get(obs: Any, path: Path) -> Any:
    for key in path:
        obs = obs[key]
    return obs


def _at(space: Any, path: Path) -> gym.Space[Any]:
    for key in path:
        space = space[key]
    found: gym.Space[Any] = space
    return found


def _blank(space: gym.Space[Any]) -> Any:
    return "" if isinstance(space, (UText, spaces.Text)) else None


def _rows(indices: Sequence[int]) -> Any:
    """A slice for a run of neighbours, else an index array."""
    first = indices[0] if len(indices) else 0
    if all(index == first + k for k, index in enumerate(indices)):
        return slice(first, first + len(indices))
    return np.asarray(indices, np.intp)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view
