"""What may travel between a batch and its workers as it is, and what has to be pickled."""

from __future__ import annotations

import pickle
from typing import Any, Final

import cloudpickle  # type: ignore[import-untyped]  # ships no types

PLAIN: Final = frozenset({str, int, float, bool, type(None)})


def is_plain(value: Any) -> bool:
    """Whether `marshal` gives it back as it was; it would turn an array into bytes without a word."""
    kind = type(value)
    if kind in PLAIN:
        return True
    if kind is tuple or kind is list:
        return all(is_plain(v) for v in value)
    return kind is dict and all(is_plain(k) and is_plain(v) for k, v in value.items())


def dump_code(value: Any) -> bytes:
    """Pickle with cloudpickle, which Gymnasium brings."""
    raw: bytes = cloudpickle.dumps(value)
    return raw


def dump(value: Any) -> bytes:
    """Pickle; what only cloudpickle can (lambdas, classes of the main program) takes ten times longer."""
    try:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError):
        return dump_code(value)
