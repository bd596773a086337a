"""How a policy asks one environment of a batch, wherever that environment runs."""

from __future__ import annotations

from typing import Any


def ask(venv: Any, index: int, name: str, *args: Any) -> Any:
    """The result of a method, or the value of an attribute, of one unwrapped environment.

    Args:
        venv: a batch: with ``envs`` in this process, or with ``call_one`` to where they are.
        index: which environment.
        name: of the method or attribute.
        args: of the method.
    """
    envs = getattr(venv, "envs", None)
    if envs is None:
        return venv.call_one(index, name, *args)
    found = getattr(envs[index].unwrapped, name)
    return found(*args) if callable(found) else found
