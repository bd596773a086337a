"""Random numbers of games, drawn by hashing (seed, episode, stream): the same on every array library and for every batch size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.drones.arrays import Array, Namespace, cast, namespace

_MASK = 0xFFFFFFFF


def _mix(xp: Namespace, value: Array) -> Array:
    """A bijection of 32-bit numbers in which every output bit depends on every input bit (Wellons' "lowbias32")."""
    wide = hasattr(value, "new_tensor")  # torch computes with 64 bits, as its unsigned ones cannot multiply
    one, two = (0x7FEB352D, 0x846CA68B) if wide else (xp.uint32(0x7FEB352D), xp.uint32(0x846CA68B))
    value = value ^ (value >> 16)
    value = (value * one) & _MASK if wide else value * one
    value = value ^ (value >> 15)
    value = (value * two) & _MASK if wide else value * two
    return value ^ (value >> 16)


def keys(seed: int | Sequence[int], games: int) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    """One key per game: game ``i`` of one seed has the key of the seed ``seed + i``.

    Raises:
        UnknownOption: a list of seeds of another length than the number of games, or a negative seed.
    """
    seeds = [seed + i for i in range(games)] if isinstance(seed, int | np.integer) else [int(one) for one in seed]
    if len(seeds) != games:
        raise UnknownOption(f"{len(seeds)} seeds for {games} games; pass one seed, or one per game")
    if min(seeds, default=0) < 0:
        raise UnknownOption("seeds are 0 or more")
    values = np.array([one % 2**64 for one in seeds], dtype=np.uint64)
    low, high = (values & np.uint64(_MASK)).astype(np.uint32), (values >> np.uint64(32)).astype(np.uint32)
    return np.asarray(_mix(np, _mix(np, low ^ np.uint32(0x9E3779B9)) ^ high))


def uniform(key: Array, episode: Array, stream: int, dtype: object) -> Array:
    """(games,) numbers in [0, 1), in steps of 2^-24.

    Args:
        key: (games,) of :func:`keys`.
        episode: (games,) of the same dtype, so that every episode differs.
        stream: another one for every number that an episode needs.
        dtype: of the result.
    """
    xp = namespace(key)
    bits = _mix(xp, _mix(xp, _mix(xp, key) ^ episode) ^ (stream if hasattr(key, "new_tensor") else xp.uint32(stream)))
    return cast(bits >> 8, dtype) * 2.0**-24
