"""Task classes with the fast step path, composed at run time from metaworld's own.

`fast_class` makes a subclass of a task class in which

* `FastSawyer` stands between the task and metaworld's base class;
* the task's methods are the same code objects, with the names in `numerics.STAND_INS` bound to faster forms.

metaworld itself is not changed: its classes behave as before beside ours.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any, Final, cast

from mtenvs.envs.robot.fast import FastSawyer
from mtenvs.envs.robot.numerics import STAND_INS
from mtenvs.envs.robot.upstream import SawyerXYZEnv

_made: Final[dict[type[Any], type[FastSawyer]]] = {}


def fast_class(task_class: type[SawyerXYZEnv]) -> type[FastSawyer]:
    """A subclass of a metaworld task class, or of a class derived from one, with the fast step path.

    Methods that were written outside metaworld keep their own code and names.
    """
    if task_class not in _made:
        _made[task_class] = _compose(task_class)
    return _made[task_class]


def _compose(task_class: type[SawyerXYZEnv]) -> type[FastSawyer]:
    spaces: dict[str, dict[str, Any]] = {}
    members: dict[str, Any] = {}
    seen = set(vars(FastSawyer))
    for cls in task_class.__mro__:
        theirs = cls.__module__.startswith("metaworld.")
        if not theirs:
            members["_fast_remembers"] = False
        for name, member in vars(cls).items():
            if name not in seen and not name.startswith("__"):
                seen.add(name)
                if theirs:
                    members[name] = _rebound(member, spaces)
        if cls is SawyerXYZEnv:
            break
    made = cast("type[FastSawyer]", type(f"Fast{task_class.__name__}", (task_class, FastSawyer), members))
    for cls in task_class.__mro__:  # tasks call their static methods by class name
        if cls.__module__ in spaces and cls is not SawyerXYZEnv:
            spaces[cls.__module__][cls.__name__] = made
    return made


def _rebound(member: Any, spaces: dict[str, dict[str, Any]]) -> Any:
    """The same function, property or static method, finding `STAND_INS` where its module has the originals."""
    if isinstance(member, staticmethod):
        return staticmethod(_rebound(member.__func__, spaces))
    if isinstance(member, property):
        return property(_rebound(member.fget, spaces), _rebound(member.fset, spaces), member.fdel, member.__doc__)
    if not isinstance(member, FunctionType):
        return member
    function = _undecorated(member)
    own = spaces.setdefault(function.__module__, {})
    if not own:
        module = function.__globals__
        own.update(module)
        own.update({name: stand_in for name, stand_in in STAND_INS.items() if name in module})
    copy = FunctionType(function.__code__, own, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _undecorated(function: FunctionType) -> FunctionType:
    """The task's own function inside metaworld's check that a task was set (`begin` sets it)."""
    if function.__qualname__.endswith("assert_task_is_set.<locals>.inner"):
        (cell,) = function.__closure__ or ()
        return cast("FunctionType", cell.cell_contents)
    return function
