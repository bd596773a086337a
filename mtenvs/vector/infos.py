"""Infos of several environments as one dictionary of arrays, in Gymnasium's form but column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WHOLE: Final = frozenset({"final_obs"})  # kept as one object for each environment, as Gymnasium does
_SCALARS: Final = frozenset({str, type(None)})  # what NumPy does not look into


def batch_infos(infos: Sequence[dict[str, Any]], rows: Sequence[int], count: int) -> dict[str, Any]:
    """Gather infos.

    Args:
        infos: one for each of ``rows``.
        rows: the row of each in the arrays.
        count: length of the arrays.

    Returns:
        For each key an array ``(count, ...)``, and under ``_key`` a bool array that says which rows have it. Numbers and
        equally shaped arrays keep their type; dictionaries are gathered in turn; everything else becomes an array of objects.
    """
    if not any(infos):
        return {}
    out: dict[str, Any] = {}
    keys = infos[0].keys()
    if all(info.keys() == keys for info in infos):
        mask = mask_of(rows, count)
        for key in keys:
            out[key] = _column(key, [info[key] for info in infos], rows, count)
            out[f"_{key}"] = mask.copy()
        return out
    for key in dict.fromkeys(key for info in infos for key in info):
        have = [(row, info[key]) for row, info in zip(rows, infos, strict=True) if key in info]
        some = [row for row, _ in have]
        out[key] = _column(key, [value for _, value in have], some, count)
        out[f"_{key}"] = mask_of(some, count)
    return out


def column_infos(columns: Mapping[str, Any], count: int) -> dict[str, Any]:
    """The same from columns that have a value for every row: sequences of values, arrays of numbers, or dictionaries of such."""
    out: dict[str, Any] = {}
    if not columns:
        return out
    mask = np.ones(count, bool)
    for key, column in columns.items():
        if isinstance(column, dict):
            out[key] = column_infos(column, count)
        else:
            out[key] = column.copy() if isinstance(column, np.ndarray) else _column(key, column, range(count), count)
        out[f"_{key}"] = mask.copy()
    return out


def mask_of(rows: Sequence[int], count: int) -> NDArray[np.bool_]:
    """A bool array ``(count,)`` that is True at ``rows``."""
    if len(rows) == count:
        return np.ones(count, bool)
    mask = np.zeros(count, bool)
    mask[list(rows)] = True
    return mask


def _column(key: str, values: Sequence[Any], rows: Sequence[int], count: int) -> Any:
    kinds = set(map(type, values))
    if len(kinds) == 1 and key not in WHOLE:
        (kind,) = kinds
        if kind in (int, float, bool) or issubclass(kind, np.number):
            return _numbers(values, rows, count, np.dtype(kind))
        if kind is dict:
            return batch_infos(values, rows, count)
        if kind is np.ndarray and all(v.shape == values[0].shape and v.dtype == values[0].dtype for v in values):
            arrays: NDArray[Any] = np.zeros((count, *values[0].shape), values[0].dtype)
            for row, value in zip(rows, values, strict=True):
                arrays[row] = value
            return arrays
    objects = np.empty(count, dtype=object)
    if kinds <= _SCALARS and len(values) == count and isinstance(rows, range):
        objects[:] = values
        return objects
    for row, value in zip(rows, values, strict=True):
        objects[row] = value
    return objects


def _numbers(values: Sequence[Any], rows: Sequence[int], count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    try:
        found = np.array(values, dtype)
    except OverflowError:  # a Python integer that no machine word holds
        found = np.array(values, object)
    if len(values) == count:
        return found
    out: NDArray[Any] = np.zeros(count, found.dtype)
    out[list(rows)] = found
    return out
