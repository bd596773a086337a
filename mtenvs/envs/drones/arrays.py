"""One source for three array libraries: numpy by default, torch and JAX where installed.

The names that the family uses are those that numpy, ``jax.numpy`` and ``torch`` share (``where``, ``stack``, ``sqrt``, ``clip``, ...);
what they do not share is here. JAX traces without values, so code that looks at values asks :func:`eager` first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numpy as np

from mtenvs.core.errors import MissingRequirement, UnknownOption

Array: TypeAlias = Any
"""An array of numpy, torch or JAX; their types have no common parent."""

Namespace: TypeAlias = Any
"""The module whose functions work on such an array."""

Tree = TypeVar("Tree")

LIBRARIES = ("numpy", "torch", "jax")


def namespace(array: Array) -> Namespace:
    """The module for this array: ``numpy``, ``torch`` or ``jax.numpy``; numpy for anything else, so that lists work."""
    home = type(array).__module__.partition(".")[0]
    if home == "torch":
        return sys.modules["torch"]
    if home in {"jax", "jaxlib"}:
        return sys.modules["jax.numpy"]
    return np


def library(name: str) -> Namespace:
    """The module of a library by name.

    Raises:
        UnknownOption: the name is none of :data:`LIBRARIES`.
        MissingRequirement: the library is not installed.
    """
    if name not in LIBRARIES:
        raise UnknownOption(f"xp={name!r} is unknown; choose from {', '.join(LIBRARIES)}")
    try:
        if name == "torch":
            import torch  # noqa: PLC0415  # heavy and optional: imported where used

            return torch
        if name == "jax":
            import jax.numpy as jnp  # noqa: PLC0415  # same

            return jnp
    except ImportError as missing:
        raise MissingRequirement("drones", name, f"pip install 'mtenvs[{name}]'") from missing
    return np


def eager(xp: Namespace) -> bool:
    """Whether values can be looked at while computing (numpy and torch), so that rare work can be done for few games only."""
    return getattr(xp, "__name__", "") != "jax.numpy"


def once(xp: Namespace, live: Array, stage: Callable[[], Tree]) -> Tree:
    """What ``stage()`` returns, computed here once.

    XLA computes an array anew for each of its uses, which between the stages of a step are dozens. A barrier stops that, except on a CPU,
    where XLA drops barriers first. There it stores what a loop carries, so the stage becomes a loop that runs once, with a bound that
    XLA does not know.

    Args:
        xp: the array library; for any but JAX the stage is just called.
        live: any number that is known only at run time, shape ().
        stage: gives a tree of tuples of arrays.
    """
    if eager(xp):
        return stage()
    import jax  # noqa: PLC0415  # optional: imported where used

    out: Tree
    if jax.default_backend() != "cpu":
        out = jax.lax.optimization_barrier(stage())  # type: ignore[no-untyped-call,unused-ignore]  # typed in no version yet
        return out
    empty = jax.tree_util.tree_map(lambda leaf: xp.zeros(leaf.shape, leaf.dtype), jax.eval_shape(stage))
    rounds = xp.clip(live.astype(xp.int32), 1, 1)
    out = jax.lax.fori_loop(0, rounds, lambda _, __: stage(), empty)
    return out


def cast(array: Array, dtype: Any) -> Array:
    """The array in another dtype, copied only where needed."""
    return array.to(dtype) if hasattr(array, "to") and hasattr(array, "requires_grad") else array.astype(dtype)


def to_numpy(array: Array) -> np.ndarray[Any, Any]:
    """The array in main memory."""
    return array.detach().cpu().numpy() if hasattr(array, "detach") else np.asarray(array)


def constant(xp: Namespace, values: Any, like: Array) -> Array:
    """Numbers as an array of the same library, dtype and device as ``like``."""
    if hasattr(like, "new_tensor"):
        return like.new_tensor(values)
    return xp.asarray(values, dtype=like.dtype)


def indices(xp: Namespace, count: int, like: Array) -> Array:
    """0, 1, ..., count - 1 on the device of ``like``."""
    return xp.arange(count, device=like.device) if hasattr(like, "new_tensor") else xp.arange(count)


def where_any(mask: Array) -> Array:
    """Positions along the last axis at which a mask of one axis holds; eager libraries only."""
    return mask.nonzero()[:, 0] if hasattr(mask, "new_tensor") else np.flatnonzero(mask)
