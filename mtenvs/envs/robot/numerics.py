"""Bit-exact, faster forms of the few helpers that metaworld's reward code spends its time in.

metaworld computes its rewards one scalar or one 3-vector at a time with functions made for arrays. The forms here do the same
floating-point operations in the same order on plain floats, so that every bit of the result is the same; whatever is not the
common case goes to the original. `tests/envs/robot/test_fast.py` compares both on all 50 tasks.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from mtenvs.envs.robot.upstream import reward_utils

Floats = npt.NDArray[np.float64]

_LONG_TAIL_SCALE: Final = float(np.sqrt(1 / 0.1 - 1))
"""Where the long tail has fallen to metaworld's default value of 0.1 at the margin."""

_FAR: Final = 1e100
"""Beyond it a Python float's square may overflow with an error where numpy's gives infinity."""


def norm(x: Any, *args: Any, **kwargs: Any) -> Any:
    """Euclidean length as `numpy.linalg.norm` gives it: float64 scalar for a plain vector, else numpy's own answer.

    The dot product stays numpy's (its order of summation decides the last bit); only the wrapping around it is left out.
    """
    if not args and not kwargs and type(x) is np.ndarray and x.ndim == 1 and x.dtype == np.float64 and x.flags.c_contiguous:
        return np.float64(math.sqrt(x.dot(x)))
    return np.linalg.norm(x, *args, **kwargs)


def hstack(parts: Any) -> Any:
    """`numpy.hstack` of plain vectors (joined end to end) or of float64 scalars (made into a vector); else numpy's own."""
    kinds = {type(part) for part in parts} if isinstance(parts, tuple) else set()
    if kinds == {np.float64}:
        return np.array(parts)
    if kinds == {np.ndarray} and all(part.ndim == 1 for part in parts):
        return np.concatenate(parts)
    return np.hstack(parts)


def tolerance(
    x: Any,
    bounds: tuple[float, float] = (0.0, 0.0),
    margin: Any = 0.0,
    sigmoid: Any = "gaussian",
    value_at_margin: float = 0.1,
) -> Any:
    """1 inside ``bounds``, falling off outside: the long-tailed case of dm_control's `rewards.tolerance` on one float.

    Formula: with d the distance to the nearest bound in margins, ``1 / ((3 d)^2 + 1)``.
    """
    if sigmoid == "long_tail" and isinstance(x, float) and isinstance(margin, float) and margin > 0 and value_at_margin == 0.1:
        lower, upper = bounds
        if lower <= upper:
            if lower <= x <= upper:
                return 1.0
            distance = float(((lower - x) if x < lower else (x - upper)) / margin)
            if distance < _FAR:
                return 1 / ((distance * _LONG_TAIL_SCALE) ** 2 + 1)
    return reward_utils.tolerance(x, bounds=bounds, margin=margin, sigmoid=sigmoid, value_at_margin=value_at_margin)


def quaternion(matrix: Floats) -> Floats:
    """The unit quaternion (x, y, z, w) of a proper rotation matrix, as `scipy.spatial.transform.Rotation` gives it.

    Args:
        matrix: float64, nine numbers in row order, orthonormal with determinant 1 (MuJoCo's frames are).

    Formula: F. L. Markley, Unit Quaternion from Rotation Matrix, J. Guid. Control Dyn. 31(2), 2008: the largest of the three
    diagonal elements and the trace chooses which component is computed first and is positive.
    """
    m00, m01, m02, m10, m11, m12, m20, m21, m22 = matrix.ravel().tolist()
    trace = m00 + m11 + m22
    if m00 >= m11 and m00 >= m22 and m00 >= trace:
        x, y, z, w = 1 - trace + 2 * m00, m10 + m01, m20 + m02, m21 - m12
    elif m11 >= m22 and m11 >= trace:
        x, y, z, w = m10 + m01, 1 - trace + 2 * m11, m21 + m12, m02 - m20
    elif m22 >= trace:
        x, y, z, w = m20 + m02, m21 + m12, 1 - trace + 2 * m22, m10 - m01
    else:
        x, y, z, w = m21 - m12, m02 - m20, m10 - m01, 1 + trace
    length = math.sqrt(x * x + y * y + z * z + w * w)
    return np.array((x / length, y / length, z / length, w / length))


class _OneRotation:
    """Stands for ``Rotation.from_matrix(m)`` where only the quaternion is asked for."""

    __slots__ = ("_matrix",)

    def __init__(self, matrix: Floats) -> None:
        self._matrix = matrix

    def as_quat(self) -> Floats:
        return quaternion(self._matrix)

    def __getattr__(self, name: str) -> Any:
        return getattr(Rotation.from_matrix(self._matrix), name)


class _Rotation(SimpleNamespace):
    """Stands for scipy's class `Rotation` in metaworld's modules."""

    from_matrix = staticmethod(_OneRotation)

    def __getattr__(self, name: str) -> Any:
        return getattr(Rotation, name)


def _namespace(original: Any, **instead: Any) -> SimpleNamespace:
    """A module's names with a few of them replaced; the module itself is left alone."""
    return SimpleNamespace(**{**vars(original), **instead})


STAND_INS: Final[dict[str, Any]] = {
    "np": _namespace(np, hstack=hstack, linalg=_namespace(np.linalg, norm=norm)),
    "reward_utils": _namespace(reward_utils, tolerance=tolerance),
    "Rotation": _Rotation(),
}
"""What metaworld's task modules call these names, and what `fast.py` gives their functions in place of it."""
