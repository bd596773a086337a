"""Whole turns column by column: how a worker tells of all its environments at once, and what a batch makes of it."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from mtenvs.vector.infos import WHOLE
from mtenvs.vector.messages import Column, Reply, Turn
from mtenvs.vector.plain import PLAIN, dump, is_plain

Mark: TypeAlias = "str | ColumnForm"
ColumnForm: TypeAlias = tuple[tuple[str, ...], tuple[Mark, ...]]
"""The keys of an info, and for each what its column is: `_VALUES`, `_PICKLED`, the dtype of numbers, or the form of dictionaries."""
_VALUES, _PICKLED = "", "o"
_NOTHING: Final[tuple[ColumnForm, tuple[Any, ...]]] = (((), ()), ())
_NUMBERS: Final = frozenset("biuf")
_LONGEST_NUMBER: Final = 8  # bytes of a number that Python has too


def one_by_one(found: Sequence[Reply | Turn]) -> list[Reply]:
    """Replies, those of whole turns among them."""
    return [reply for part in found for reply in (part.replies() if isinstance(part, Turn) else (part,))]


def spell(infos: Sequence[dict[str, Any]]) -> tuple[ColumnForm, tuple[Any, ...]] | None:
    """Infos as columns of plain data; None when their keys differ, or some are to be kept as they are."""
    keys = tuple(infos[0])
    if not keys and not any(infos):
        return _NOTHING
    if any(map(keys.__ne__, map(tuple, infos))) or not WHOLE.isdisjoint(keys):
        return None
    return _with_marks(keys, [_spell_values(values) for values in zip(*[info.values() for info in infos], strict=True)])


def spell_columns(infos: Mapping[str, Any], like: Mapping[str, Any]) -> tuple[ColumnForm, tuple[Any, ...]]:
    """The same from an engine's columns; ``like`` is the info of one environment, for the types of the values."""
    found: list[tuple[Mark, Any]] = []
    for key, column in infos.items():
        if isinstance(column, dict):
            found.append(spell_columns(column, like.get(key, {})))
        elif isinstance(like.get(key), np.generic):
            found.append((column.dtype.str, column.tolist()) if column.dtype.kind in _NUMBERS else _spell_values(list(column)))
        elif column.dtype.kind in _NUMBERS:
            found.append((_VALUES, column.tolist()))
        else:
            found.append(_spell_values(column.tolist()))
    return _with_marks(tuple(infos), found)


def read(form: ColumnForm, columns: Sequence[Any]) -> dict[str, Column]:
    """The inverse of both."""
    keys, marks = form
    return {key: _read_column(mark, column) for key, mark, column in zip(keys, marks, columns, strict=True)}


def join(parts: Sequence[dict[str, Column]]) -> dict[str, Column] | None:
    """The columns of neighbours as one; None when they differ in form."""
    first = parts[0]
    if len(parts) == 1:
        return first
    keys = first.keys()
    if any(part.keys() != keys for part in parts):
        return None
    found = {key: _join_column([part[key] for part in parts]) for key in keys}
    return None if any(column is None for column in found.values()) else found  # type: ignore[return-value]  # just looked


def _with_marks(keys: tuple[str, ...], found: Sequence[tuple[Mark, Any]]) -> tuple[ColumnForm, tuple[Any, ...]]:
    return (keys, tuple([mark for mark, _ in found])), tuple([column for _, column in found])


def _spell_values(values: Sequence[Any]) -> tuple[Mark, Any]:
    kinds = set(map(type, values))
    if kinds <= PLAIN:
        return _VALUES, values
    if len(kinds) == 1:
        (kind,) = kinds
        if kind is dict:
            nested = spell(values)
            if nested is not None:
                return nested
        elif issubclass(kind, np.generic):
            array = np.array(values)
            if array.dtype.kind in _NUMBERS and array.itemsize <= _LONGEST_NUMBER:
                return array.dtype.str, array.tolist()
    if all(map(is_plain, values)):
        return _VALUES, values
    return _PICKLED, dump(list(values))


def _read_column(mark: Mark, column: Any) -> Column:
    if mark == _VALUES:
        values: Column = column
        return values
    if isinstance(mark, tuple):
        return read(mark, column)
    if mark == _PICKLED:
        found: Column = pickle.loads(column)  # noqa: S301 - from our own worker
        return found
    numbers = np.array(column, mark)
    return list(numbers) if numbers.dtype.kind == "b" else numbers  # infos keep NumPy's booleans as objects


def _join_column(columns: list[Column]) -> Column | None:
    first = columns[0]
    if isinstance(first, dict):
        return join(columns) if all(isinstance(column, dict) for column in columns) else None  # type: ignore[arg-type]  # all are
    if isinstance(first, np.ndarray):
        alike = all(isinstance(column, np.ndarray) and column.dtype == first.dtype for column in columns)
        return np.concatenate([np.asarray(column) for column in columns]) if alike else None
    if any(isinstance(column, (dict, np.ndarray)) for column in columns):
        return None
    return [value for column in columns for value in column]
