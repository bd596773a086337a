"""Registration of the catalogue with Gymnasium, and the doors that go by id."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtenvs.catalog import CATALOG, NAMESPACE, Entry
from mtenvs.core.errors import UnknownEnv, UnknownOption, did_you_mean

if TYPE_CHECKING:
    import gymnasium as gym

    from mtenvs.core.tasks import TaskSet


def register_envs() -> None:
    """Register every id of the catalogue with Gymnasium; doing it again changes nothing."""
    from gymnasium.envs.registration import register, registry  # noqa: PLC0415 - keeps the module free of it for the import test

    for entry in CATALOG:
        if entry.id not in registry:
            register(
                entry.id,
                entry_point=entry.entry_point,
                vector_entry_point=entry.vector_entry_point or f"mtenvs.vector:{entry.id}",  # see mtenvs.vector.__getattr__
                nondeterministic=entry.nondeterministic,
            )


def find(env_id: str) -> Entry:
    """The catalogue's row of an id; the namespace may be left out.

    Raises:
        UnknownEnv: there is none.
    """
    name = env_id.removeprefix(f"{NAMESPACE}:")
    name = name if "/" in name else f"{NAMESPACE}/{name}"
    for entry in CATALOG:
        if name in (entry.id, entry.id.rsplit("-v", 1)[0]):
            return entry
    raise UnknownEnv(f"there is no environment {env_id!r}: {did_you_mean(name, [e.id for e in CATALOG])}")


def env_class(env_id: str) -> Any:
    """The class behind an id.

    Raises:
        UnknownEnv: there is none.
        MissingRequirement: its family is not installed.
    """
    module, _, name = find(env_id).entry_point.partition(":")
    return getattr(importlib.import_module(module), name)


def make(env_id: str, **kwargs: Any) -> gym.Env[Any, Any]:
    """`gymnasium.make` for an id of ours, with or without the namespace.

    Raises:
        UnknownEnv: there is no such id.
        MissingRequirement: its family is not installed; the message has the command.
    """
    import gymnasium  # noqa: PLC0415 - the caller pays for it only here

    return gymnasium.make(find(env_id).id, **kwargs)


def tasks(env_id: str, split: str | None = None, source: str = "own", *, data_dir: str | Path | None = None, **options: Any) -> TaskSet:
    """The tasks of an environment.

    Args:
        env_id: id of the environment.
        split: ``"train"``, ``"val"``, ``"test"`` or None for all.
        source: ``"own"``, or ``"official"`` for the benchmark's own files.
        data_dir: where the official files are; by default under ``$MTENVS_OFFICIAL_DATA``.
        options: further keywords of the class's ``task_set``.

    Raises:
        UnknownOption: a split or source that does not exist.
        DataError: official files that are missing or broken.
    """
    from mtenvs.core.assets import official_dir  # noqa: PLC0415 - not needed to register

    if source not in ("own", "official"):
        raise UnknownOption(f"source={source!r} does not exist; choose 'own' or 'official'")
    entry = find(env_id)
    if source == "official" and data_dir is None:
        data_dir = official_dir(entry.id)
    found: TaskSet = env_class(entry.id).task_set(data_dir if source == "official" else None, **options)
    return found.split(split)
