"""Compiled MuJoCo models: each file is compiled once while any world of it lives, and edits are undone from a remembered copy."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from mtenvs.envs.robot.upstream import mujoco

_PREFIXES: Final = ("body_", "geom_", "site_", "jnt_", "dof_", "actuator_", "eq_", "light_", "cam_", "qpos")
_STILL: Final = ("site_", "light_", "cam_")
"""Parts of a model without influence on its motion (metaworld's sites carry no actuators or tendons)."""
_WELD: Final = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 5.0)
"""metaworld's weld between mocap body and hand; MuJoCo keeps 11 numbers for it up to 3.16 and 12 from 3.17 on."""


def write_welds(model: Any) -> None:
    """Tie the hand to the mocap body that actions move, as metaworld does, with any MuJoCo."""
    model.eq_data[model.eq_type == mujoco.mjtEq.mjEQ_WELD, : len(_WELD)] = _WELD


class Blueprint:
    """A compiled model and the values that its editable arrays had when it came from the compiler.

    Args:
        model: a freshly compiled `mujoco.MjModel`.
    """

    def __init__(self, model: Any) -> None:
        write_welds(model)
        self.model = model
        self.values: dict[str, npt.NDArray[Any]] = {}
        for name in dir(model):
            if name.startswith(_PREFIXES):
                value = getattr(model, name)
                if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
                    self.values[name] = value.copy()
        self._moving = [name for name in self.values if not name.startswith(_STILL)]

    def apply(self, model: Any, edits: Mapping[str, npt.NDArray[Any]] | None = None) -> None:
        """Undo every edit of a model of this blueprint, then make these, as `edits` gives them."""
        for name, value in self.values.items():
            getattr(model, name)[...] = value if edits is None else edits.get(name, value)

    def checked(self, edits: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
        """Edits from outside, if they are arrays of this model.

        Raises:
            ValueError: they are not.
        """
        for name, value in edits.items():
            if name not in self.values or not isinstance(value, np.ndarray) or value.shape != self.values[name].shape:
                raise ValueError(f"the model has no array like {name!r}")
        return dict(edits)

    def edits(self, model: Any) -> dict[str, npt.NDArray[Any]]:
        """The arrays that have been edited, whole, by name."""
        return {name: getattr(model, name).copy() for name, value in self.values.items() if not np.array_equal(getattr(model, name), value)}

    def dynamics_key(self, model: Any) -> bytes:
        """Equal for two models exactly when they move alike."""
        return b"".join(getattr(model, name).tobytes() for name in self._moving)


_known: WeakValueDictionary[str, Blueprint] = WeakValueDictionary()
_lock = threading.Lock()


def blueprint_of(path: str) -> tuple[Blueprint, Any]:
    """The blueprint of a model file, and a model of one's own that may be edited."""
    with _lock:
        known = _known.get(path)
        if known is None:
            known = Blueprint(mujoco.MjModel.from_xml_path(path))
            _known[path] = known
            return known, known.model
        model = copy.copy(known.model)
    known.apply(model)
    return known, model
