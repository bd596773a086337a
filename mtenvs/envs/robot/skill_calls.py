"""Which skills there are, with their arguments and ranges; what is wrong with a call is said before anything moves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mtenvs.core.errors import BadAction, did_you_mean

Array = npt.NDArray[np.float64]

MAX_STEPS = 100  # control steps of one motion: the workspace is 1 m wide and a step is 0.01 m


@dataclass(frozen=True)
class SkillCall:
    """A skill's name and its arguments by keyword."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.arguments.items())})"


@dataclass(frozen=True)
class Parameter:
    """One number of a skill: its bounds (both allowed), its unit, whether it is whole, and, where it may be left out, its default."""

    low: float
    high: float
    unit: str = "m"
    default: float | None = None
    whole: bool = False

    def __str__(self) -> str:
        default = "" if self.default is None else f", default {self.default:g}"
        return f"{self.low:g}..{self.high:g} {self.unit}{default}"


def positions(obs: Array, objects: tuple[str, ...]) -> dict[str, Array]:
    """Where the named things are: each object in the order of the observation, and ``"goal"``.

    Args:
        obs: observation, shape (39,).
        objects: names of the one or two objects that the observation holds.
    """
    where = {name: obs[start : start + 3] for name, start in zip(objects, (4, 11), strict=False)}
    return where | {"goal": obs[36:39]}


def point(xyz: Array) -> str:
    """A position or a shift in metres, to the millimetre."""
    return f"({', '.join(f'{value:.3f}' for value in np.round(xyz, 3) + 0.0)})"


class SkillSet:
    """The skills within one workspace.

    Args:
        low: least x, y, z that the hand can be sent to, metres.
        high: greatest x, y, z.
        objects: what the one or two objects of the observation are called.
    """

    def __init__(self, low: Array, high: Array, objects: tuple[str, ...]) -> None:
        self.low, self.high, self.objects = low, high, objects
        place = {axis: Parameter(float(least), float(most)) for axis, least, most in zip("xyz", low, high, strict=True)}
        shift = {f"d{axis}": Parameter(-1.0, 1.0) for axis in "xyz"}
        speed = {"speed": Parameter(0.1, 1.0, "of full speed", 1.0)}
        self.parameters: Mapping[str, Mapping[str, Parameter]] = {
            "move_to": place | speed,
            "move_by": shift | speed,
            "move_above": {"height": Parameter(0.0, 0.5, "m", 0.1)},
            "push": place | speed,
            "grasp": {"force": Parameter(0.1, 1.0, "of full force", 1.0)},
            "release": {},
            "wait": {"steps": Parameter(1, MAX_STEPS, "control steps", 10, whole=True)},
        }

    def signature(self, skill: str) -> str:
        """How a skill is called, with ranges and units."""
        parts = [f"object: {' | '.join((*self.objects, 'goal'))}"] if skill == "move_above" else []
        return f"{skill}({'; '.join(parts + [f'{key}: {spec}' for key, spec in self.parameters[skill].items()])})"

    def check(self, call: SkillCall, obs: Array) -> tuple[dict[str, float], Array | None]:
        """Reads a call.

        Args:
            call: what the agent wrote; anything may be in it.
            obs: the observation now, shape (39,).

        Returns:
            The numbers by name with defaults filled in, and where the hand is to go (None for a skill that does not move it).

        Raises:
            BadAction: unknown skill or object; missing, unknown, non-numeric, non-finite or out-of-range argument; target outside the
                workspace.
        """
        if not isinstance(call.name, str) or call.name not in self.parameters:
            raise BadAction("there is no such skill", kind="tool", legal=did_you_mean(str(call.name)[:80], self.parameters))
        parameters, where = self.parameters[call.name], positions(obs, self.objects)
        arguments = dict(call.arguments) if isinstance(call.arguments, Mapping) else {"?": None}
        name = arguments.pop("object", None) if call.name == "move_above" else "goal"
        if not isinstance(name, str) or name not in where:
            raise self._refusal(call.name, f"object must be one of: {', '.join(where)}")
        if any(key not in parameters for key in arguments):
            raise self._refusal(call.name, f"its arguments are {', '.join(parameters) or 'none'}")
        values = {key: self._number(call.name, key, arguments.get(key, spec.default)) for key, spec in parameters.items()}
        if call.name == "move_above":
            if not where[name].any():
                raise self._refusal(call.name, f"the position of {name!r} is not shown")
            target = where[name] + (0.0, 0.0, values["height"])
        elif call.name == "move_by":
            target = obs[:3] + np.array([values["dx"], values["dy"], values["dz"]])
        elif "x" in parameters:
            target = np.array([values["x"], values["y"], values["z"]])
        else:
            return values, None
        if not np.all((self.low - 1e-9 <= target) & (target <= self.high + 1e-9)):
            raise self._refusal(call.name, f"{point(target)} is outside the workspace {point(self.low)} to {point(self.high)}")
        return values, target

    def _number(self, skill: str, key: str, value: object) -> float:
        spec = self.parameters[skill][key]
        if value is None:
            raise self._refusal(skill, f"{key} is missing")
        if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise self._refusal(skill, f"{key} must be a number")
        # compare before converting: an int may be too big for a float, and NaN fails every comparison
        if not spec.low <= value <= spec.high or (spec.whole and value != math.floor(value)):
            raise self._refusal(
                skill, f"{key} must be {'a whole number ' if spec.whole else ''}within {spec.low:g}..{spec.high:g} {spec.unit}"
            )
        return float(value)

    def _refusal(self, skill: str, reason: str) -> BadAction:
        return BadAction(f"{skill}: {reason}", kind="arguments", legal=self.signature(skill))
