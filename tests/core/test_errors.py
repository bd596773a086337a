"""Errors say what to do, are of the types that callers catch, and travel between processes."""

from __future__ import annotations

import pickle

import pytest

from mtenvs.core import errors
from mtenvs.core.errors import BadAction, MissingRequirement, MtenvsError, did_you_mean

ALL = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, MtenvsError)]


@pytest.mark.parametrize("cls", ALL, ids=lambda c: c.__name__)
def test_errors_travel_whole(cls: type[MtenvsError]) -> None:
    error = MissingRequirement("robot", "metaworld", "pip install 'mtenvs[robot]'") if cls is MissingRequirement else cls("say what to do")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is cls
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert cls.__doc__


def test_a_refused_action_travels_with_all_its_facts() -> None:
    bad = pickle.loads(pickle.dumps(BadAction("no", kind="arguments", legal="add(1)", code=478)))  # noqa: S301 - same
    assert (bad.message, bad.kind, bad.legal, bad.code) == ("no", "arguments", "add(1)", 478)


def test_a_missing_requirement_has_the_command() -> None:
    error = MissingRequirement("robot", "metaworld", "pip install 'mtenvs[robot]'")
    assert isinstance(error, ImportError)
    assert "'robot' needs metaworld" in str(error)
    assert str(error).endswith("pip install 'mtenvs[robot]'")


@pytest.mark.parametrize(
    ("cls", "caught_as"),
    [
        ("UnknownOption", ValueError),
        ("UnknownTask", LookupError),
        ("UnknownTask", ValueError),
        ("UnknownEnv", LookupError),
        ("DataError", ValueError),
        ("ResetNeeded", RuntimeError),
        ("SnapshotError", ValueError),
        ("BadAction", ValueError),
    ],
)
def test_errors_are_caught_as_what_python_calls_them(cls: str, caught_as: type[Exception]) -> None:
    assert issubclass(getattr(errors, cls), caught_as)
    assert issubclass(getattr(errors, cls), MtenvsError)


def test_hints() -> None:
    assert did_you_mean("coper", ["copper", "iron", "cooper"]) == "did you mean 'copper' or 'cooper'?"
    assert did_you_mean("zzz", ["a", "b"]) == "known: a, b"
    assert did_you_mean("zzz", [str(i) for i in range(20)], show=2) == "known: 0, 1 and 18 more"
    assert did_you_mean("zzz", []) == "there are none"
    assert len(did_you_mean("x" * 10**6, ["a", "b"])) < 50
