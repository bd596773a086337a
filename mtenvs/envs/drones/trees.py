"""Worlds as trees: tuples and dictionaries of arrays whose last axis is the game."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mtenvs.envs.drones.arrays import Array, eager, namespace


def mapped(work: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """A tree of the same form: ``work`` of each array and of those in the same place of the others."""
    if isinstance(tree, tuple):
        parts = [mapped(work, *parts) for parts in zip(tree, *others, strict=True)]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    if isinstance(tree, dict):
        return {name: mapped(work, part, *(other[name] for other in others)) for name, part in tree.items()}
    return work(tree, *others)


def keep(mask: Array, old: Any, new: Any) -> Any:
    """Arrays of ``old`` where the mask (games,) holds, else those of ``new``."""
    xp = namespace(mask)
    if old is new or (eager(xp) and not bool(mask.any())):
        return new
    return mapped(lambda a, b: xp.where(mask, a, b), old, new)


def cut(tree: Any, lo: int, hi: int) -> Any:
    """Games ``lo`` to ``hi``."""
    return mapped(lambda part: part[..., lo:hi], tree)


def room(tree: Any, games: int) -> Any:
    """Empty numpy arrays for all games in the form of a tree of some."""
    return mapped(lambda part: np.empty((*part.shape[:-1], games), part.dtype), tree)


def put(whole: Any, part: Any, lo: int) -> None:
    """Write the numpy arrays of some games into those of all, from game ``lo`` on."""

    def write(into: Any, values: Any) -> None:
        into[..., lo : lo + values.shape[-1]] = values

    mapped(write, whole, part)


def placed(whole: Any, part: Any, where: Any) -> Any:
    """The whole with the games of the positions ``where`` taken from ``part``; torch and numpy."""

    def write(old: Any, new: Any) -> Any:
        out = old.clone() if hasattr(old, "clone") else np.array(old)
        out[..., where] = new
        return out

    return mapped(write, whole, part)
