"""A task's own Python variables as plain data: to start every episode from the same ones, and to put them into snapshots.

metaworld keeps the state of an episode in attributes of the env: goal, first positions, thresholds. Some of them are live views
of the simulator's memory, and stay so after a restore.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_FIELDS: Final = (
    "xpos",
    "xquat",
    "xmat",
    "xipos",
    "site_xpos",
    "site_xmat",
    "geom_xpos",
    "geom_xmat",
    "qpos",
    "qvel",
    "mocap_pos",
    "mocap_quat",
)
"""Arrays of `mujoco.MjData` that a task may hold views of."""


class Variables:
    """The plain attributes that an env has after its construction, and those that episodes add.

    Args:
        env: the env, not kept (it keeps this). Values that are not plain data are left alone.
        private: prefixes of names that are not part of an episode either.
    """

    def __init__(self, env: Any, private: tuple[str, ...]) -> None:
        self._private = private
        self._names: frozenset[str] = frozenset()
        self._first = self.save(env)
        self._names = frozenset(self._first)

    def save(self, env: Any) -> dict[str, Any]:
        """Every plain variable, encoded for `mtenvs.core.wire`."""
        views = _Views(env.data)
        return {name: views.encode(value) for name, value in vars(env).items() if self._counts(name, value)}

    def decode(self, env: Any, saved: dict[str, Any]) -> dict[str, Any]:
        """The values of what `save` gave.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is damaged.
        """
        if not self._names <= saved.keys():
            raise ValueError("variables are missing")
        views = _Views(env.data)
        return {str(name): views.decode(value) for name, value in saved.items()}

    def load(self, env: Any, values: dict[str, Any]) -> None:
        """Give the env these variables and no other plain ones."""
        own = vars(env)
        for name in [n for n, v in own.items() if n not in values and self._counts(n, v)]:
            del own[name]
        own.update(values)

    def reset(self, env: Any) -> None:
        """Go back to the variables of the construction."""
        self.load(env, self.decode(env, self._first))

    def _counts(self, name: str, value: Any) -> bool:
        return not name.startswith(self._private) and _is_plain(value)


def _is_plain(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_plain(v) for k, v in value.items())
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf"
    return value is None or isinstance(value, (bool, int, float, str, np.generic))


class _Views:
    """Encodes values; knows which arrays are views of a simulator's memory."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def encode(self, value: Any) -> Any:
        """Plain data with the types that JSON loses written beside the value."""
        if isinstance(value, np.ndarray):
            view = self._place(value)
            return {"view": view} if view else {"array": value.copy()}
        if isinstance(value, np.generic):  # before float: numpy's float64 is a Python float too, but computes differently
            return {"scalar": np.asarray(value)}
        if isinstance(value, tuple):
            return {"tuple": [self.encode(v) for v in value]}
        if isinstance(value, list):
            return [self.encode(v) for v in value]
        if isinstance(value, dict):
            return {"dict": [[k, self.encode(v)] for k, v in value.items()]}
        return value

    def decode(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.decode(v) for v in value]
        if not isinstance(value, dict):
            return value
        ((kind, content),) = value.items()
        return _DECODERS[kind](self, content)

    def _view(self, content: Any) -> npt.NDArray[Any]:
        field, start, shape = content
        if field not in _FIELDS:
            raise ValueError(f"no view of {field!r}")
        flat: npt.NDArray[Any] = getattr(self._data, field).reshape(-1)
        return flat[start : start + int(np.prod(shape))].reshape(shape)

    def _place(self, array: npt.NDArray[Any]) -> list[Any] | None:
        """Field, first element and shape of a view of the simulator's memory; None for an array of its own."""
        if array.base is None or not array.flags.c_contiguous:
            return None
        address = array.__array_interface__["data"][0]
        for name in _FIELDS:
            field = getattr(self._data, name)
            first = field.__array_interface__["data"][0]
            if first <= address < first + field.nbytes:
                return [name, (address - first) // field.itemsize, list(array.shape)]
        return None


_DECODERS: Final[dict[str, Callable[[_Views, Any], Any]]] = {
    "view": _Views._view,  # noqa: SLF001 - the class's own table
    "array": lambda _, content: content.copy(),
    "scalar": lambda _, content: content[()],
    "tuple": lambda views, content: tuple(views.decode(v) for v in content),
    "dict": lambda views, content: {k: views.decode(v) for k, v in content},
}
